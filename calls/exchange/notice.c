/*
 * notice: see notice.h for what it is.
 *
 * A ring that grows when room is reserved and never when something is put.
 * How much that is at most: one notice for each line that a call holds, and
 * what calls say while home is behind.  Most of it is only promised: the ring
 * begins from its start again whenever it is empty, and what was never used of
 * it is not touched, so that a call that talks costs nothing here.
 *
 * Invariants:
 *   1. count + reserved <= capacity, which is a power of two or 0;
 *   2. the oldest stands at first, and first < capacity.
 */
#include "calls/exchange/notice.h"

#include <errno.h>

#include "switch/object.h"

enum { CAPACITY_MIN = 64 };

struct notices {
	unsigned int magic;
#define NOTICES_MAGIC 0x5d3cf0a6
	uint32_t capacity, first, count, reserved;
	struct notice *ring;
};

int
notices_alloc(struct notices **ret_notices)
{
	struct notices *notices;

	if (ALLOC_OBJ(notices, NOTICES_MAGIC) == NULL)
		return -ENOMEM;
	*ret_notices = notices;
	return 0;
}

void
notices_free(struct notices **noticesp)
{
	struct notices *notices = *noticesp;

	if (notices != NULL)
		object_free(
		    notices->ring, notices->capacity * sizeof *notices->ring);
	FREE_OBJ(noticesp, NOTICES_MAGIC);
}

static uint32_t
place_of(const struct notices *notices, uint32_t i)
{
	return (notices->first + i) & (notices->capacity - 1);
}

static int
grow(struct notices *notices)
{
	uint32_t capacity =
	    notices->capacity == 0 ? CAPACITY_MIN : 2 * notices->capacity;
	struct notice *ring = object_alloc(capacity * sizeof *ring);
	uint32_t i;

	if (ring == NULL)
		return -ENOMEM;
	for (i = 0; i < notices->count; i++)
		ring[i] = notices->ring[place_of(notices, i)];
	/* There is nothing to be wiped in what was never touched. */
	object_free(notices->ring, notices->count * sizeof *notices->ring);
	notices->ring = ring;
	notices->capacity = capacity;
	notices->first = 0;
	return 0;
}

int
notices_reserve(struct notices *notices)
{
	CHECK_OBJ(notices, NOTICES_MAGIC);
	if (notices->count + notices->reserved == notices->capacity &&
	    grow(notices) != 0)
		return -ENOMEM;
	notices->reserved++;
	return 0;
}

void
notices_give_back(struct notices *notices)
{
	CHECK_OBJ(notices, NOTICES_MAGIC);
	assert(notices->reserved > 0);
	notices->reserved--;
}

uint32_t
notices_put(struct notices *notices, struct notice notice)
{
	CHECK_OBJ(notices, NOTICES_MAGIC);
	assert(notices->count + notices->reserved < notices->capacity);
	notices->ring[place_of(notices, notices->count)] = notice;
	return ++notices->count;
}

uint32_t
notices_take(struct notices *notices, struct notice *ret_notices, uint32_t max)
{
	uint32_t count, i;

	CHECK_OBJ(notices, NOTICES_MAGIC);
	count = notices->count < max ? notices->count : max;
	for (i = 0; i < count; i++)
		ret_notices[i] = notices->ring[place_of(notices, i)];
	notices->count -= count;
	notices->first = notices->count == 0 ? 0 : place_of(notices, count);
	return count;
}
