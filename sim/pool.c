/*
 * pool: the lines of a range, of which traffic takes those that are free.
 *
 * Traffics that say the same range share it, as callers, as called, or both;
 * ranges that have only some lines in common are refused.  The next free line
 * is taken in the order of the numbers, round and round: which that is depends
 * on who is free and on nothing else, such as the order in which they became
 * so within one instant.
 *
 * Invariant: a line's bit in `free` is set exactly while it belongs to a pool
 * and is in no call of ours; one that is used otherwise is found out when it
 * is taken, and passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_ahead.h"
#include "sim/traffic_internal.h"
#include "switch/ahead.h"

enum {
	/* Lines looked at for a free one, when others use the range too. */
	TRIES = 16,
	WORD_BITS = 64
};

static bool
is_free(const struct traffics *traffics, uint32_t line)
{
	return (traffics->free[line / WORD_BITS] >> line % WORD_BITS & 1) != 0;
}

static void
set_free(struct traffics *traffics, uint32_t line, bool is_free)
{
	const uint64_t bit = UINT64_C(1) << line % WORD_BITS;
	struct subscriber *subscriber = &traffics->lines[line];

	if (is_free) {
		traffics->free[line / WORD_BITS] |= bit;
		traffics->pools[subscriber->pool - 1]->free++;
	} else {
		traffics->free[line / WORD_BITS] &= ~bit;
		traffics->pools[subscriber->pool - 1]->free--;
	}
	subscriber->is_busy = !is_free;
}

/*--------------------------------------------------------------------
 * Taking
 */

static bool
is_idle(const struct traffics *traffics, uint32_t line)
{
	return office_line_state(traffics->office, line) == LINE_STATE_idle;
}

/* Who is taken next, mostly: touched for the first time in a while. */
static void
fetch_next(const struct traffics *traffics, const struct pool *pool)
{
	const uint32_t line = pool->lines[pool->next];

	ahead_fetch(&traffics->lines[line]);
	office_fetch_line(traffics->office, line, 0);
}

/* The place of the next one with its bit set, from `next` on; or `count`. */
static uint32_t
find_free(const struct traffics *traffics, const struct pool *pool)
{
	uint32_t passed, place = pool->next;

	if (pool->free == 0)
		return pool->count;
	for (passed = 0; passed < pool->count; passed++) {
		if (is_free(traffics, pool->lines[place]))
			return place;
		place = place + 1 == pool->count ? 0 : place + 1;
	}
	return pool->count;
}

uint32_t
pool_take(struct traffics *traffics, struct pool *pool)
{
	unsigned int tries;
	uint32_t place;

	for (tries = 0; tries < TRIES; tries++) {
		place = find_free(traffics, pool);
		if (place == pool->count)
			break;
		pool->next = place + 1 == pool->count ? 0 : place + 1;
		if (is_idle(traffics, pool->lines[place])) {
			set_free(traffics, pool->lines[place], false);
			fetch_next(traffics, pool);
			return pool->lines[place];
		}
	}
	return LINE_NONE;
}

bool
pool_take_line(struct traffics *traffics, uint32_t line)
{
	if (!is_free(traffics, line) || !is_idle(traffics, line))
		return false;
	set_free(traffics, line, false);
	return true;
}

void
pool_give(struct traffics *traffics, uint32_t line)
{
	set_free(traffics, line, true);
}

/*--------------------------------------------------------------------
 * Making
 */

static void
line_text(const struct traffics *traffics, const struct range *range,
    uint64_t i, char *number)
{
	if (range->first[0] == '\0')
		office_number(traffics->office, (uint32_t)i, number);
	else
		range_number(range, i, number);
}

/* Its lines exist, and are of no other pool. */
static int
check(const struct traffics *traffics, const struct pool *pool, char *why,
    unsigned int size)
{
	char number[DIGITS_MAX + 1];
	uint32_t i, line;

	for (i = 0; i < pool->count; i++) {
		line_text(traffics, &pool->range, i, number);
		line = office_find(traffics->office, number);
		if (line == LINE_NONE) {
			(void)snprintf(
			    why, size, "no line has the number %s", number);
			return -EINVAL;
		}
		if (traffics->lines[line].pool != 0) {
			(void)snprintf(why, size,
			    "line %s is in another range of a traffic: ranges "
			    "are the same, or have no line in common",
			    number);
			return -EINVAL;
		}
	}
	return 0;
}

static void
claim(struct traffics *traffics, struct pool *pool)
{
	char number[DIGITS_MAX + 1];
	uint32_t i, line;

	traffics->pools[traffics->pools_count++] = pool;
	for (i = 0; i < pool->count; i++) {
		line_text(traffics, &pool->range, i, number);
		line = office_find(traffics->office, number);
		pool->lines[i] = line;
		traffics->lines[line].pool = (uint8_t)traffics->pools_count;
		set_free(traffics, line, true);
	}
}

void
pools_drop(struct traffics *traffics, unsigned int count)
{
	struct pool *pool;
	uint32_t i;

	while (traffics->pools_count > count) {
		pool = traffics->pools[traffics->pools_count - 1];
		for (i = 0; i < pool->count; i++) {
			set_free(traffics, pool->lines[i], false);
			traffics->lines[pool->lines[i]].pool = 0;
			traffics->lines[pool->lines[i]].is_busy = false;
		}
		pool_free(pool);
		traffics->pools_count--;
	}
}

static struct pool *
find(const struct traffics *traffics, const struct range *range)
{
	unsigned int i;

	for (i = 0; i < traffics->pools_count; i++)
		if (strcmp(traffics->pools[i]->range.first, range->first) ==
			0 &&
		    strcmp(traffics->pools[i]->range.last, range->last) == 0)
			return traffics->pools[i];
	return NULL;
}

static int
refuse(int result, char *why, unsigned int size, const char *text)
{
	(void)snprintf(why, size, "%s", text);
	return result;
}

static int
make(struct traffics *traffics, const struct range *range, uint32_t sources,
    struct pool **ret_pool, char *why, unsigned int size)
{
	const uint64_t lines = range->first[0] == '\0'
	    ? office_lines(traffics->office)
	    : range_count(range);
	struct pool *pool;
	int result;

	if (lines == 0 || traffics->pools_count == POOLS_MAX)
		return refuse(-EINVAL, why, size,
		    lines == 0 ? "there are no lines (`lines` makes some)"
			       : "there are 255 ranges");
	if (lines > office_lines(traffics->office))
		return refuse(-EINVAL, why, size,
		    "there are not as many lines as in that range");
	pool = object_alloc(sizeof *pool);
	if (pool == NULL)
		return refuse(-ENOMEM, why, size, "no memory is left");
	pool->range = *range;
	pool->is_of_sources = sources > 0;
	pool->count = sources > 0 ? sources : (uint32_t)lines;
	result = check(traffics, pool, why, size);
	if (result == 0) {
		pool->lines = object_alloc(pool->count * sizeof *pool->lines);
		if (pool->lines == NULL)
			result =
			    refuse(-ENOMEM, why, size, "no memory is left");
	}
	if (result != 0) {
		pool_free(pool);
		return result;
	}
	claim(traffics, pool);
	*ret_pool = pool;
	return 0;
}

int
pool_find(struct traffics *traffics, const struct range *range,
    uint32_t sources, struct pool **ret_pool, char *why, unsigned int size)
{
	struct pool *found = find(traffics, range);

	if (found == NULL)
		return make(traffics, range, sources, ret_pool, why, size);
	if (sources > 0 || found->is_of_sources)
		return refuse(-EINVAL, why, size,
		    "so many sources want lines of their own");
	*ret_pool = found;
	return 0;
}

void
pool_free(struct pool *pool)
{
	if (pool == NULL)
		return;
	object_free(pool->lines, pool->count * sizeof pool->lines[0]);
	object_free(pool, sizeof *pool);
}
