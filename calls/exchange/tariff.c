/*
 * tariff: see tariff.h for what it is.
 *
 * An office has a handful, and names are looked up while it is made: a plain
 * array does.  Calls ask by number.
 *
 * Invariants:
 *   1. no interval is of 0 ms, so that whoever counts them may divide;
 *   2. of all that ever had a name one is first and current: the first of the
 *      bands that hold now, and that which the first ones before lead to;
 *   3. prices that a name has had before are found again, and have the number
 *      that was theirs: an office whose prices come and go does not grow.
 */
#include "calls/exchange/tariff.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "switch/object.h"

struct tariff {
	char name[TARIFF_NAME_SIZE];
	struct tariff_view prices;
	struct band band;
	uint16_t first;	  /* of its name, that hold together */
	uint16_t next;	  /* likewise, or TARIFF_NONE */
	uint16_t current; /* of a first one: what has taken its place, or it */
	bool is_withdrawn;
};

struct tariffs {
	unsigned int magic;
#define TARIFFS_MAGIC 0x2b9c04e7
	unsigned int count, room;
	struct tariff *all; /* by number */
};

int
tariffs_alloc(struct tariffs **ret_tariffs)
{
	struct tariffs *tariffs;

	if (ALLOC_OBJ(tariffs, TARIFFS_MAGIC) == NULL)
		return -ENOMEM;
	*ret_tariffs = tariffs;
	return 0;
}

static bool
is_of(const struct tariff *tariff, const char *name)
{
	return strcmp(tariff->name, name) == 0;
}

/* The one that was put last comes behind that first one and those after it. */
static void
join(struct tariffs *tariffs, uint16_t first)
{
	const uint16_t number = (uint16_t)tariffs->count++;
	uint16_t last = first;

	if (first == TARIFF_NONE)
		return;
	if (tariffs->all[number - 1].first == first)
		last = number - 1; /* a price list has them side by side */
	while (tariffs->all[last].next != TARIFF_NONE)
		last = tariffs->all[last].next;
	tariffs->all[last].next = number;
	tariffs->all[number].first = first;
}

/* Room for so many more.  -ENOSPC; -ENOMEM. */
static int
reserve(struct tariffs *tariffs, unsigned int more)
{
	struct tariff *all;

	if (more > TARIFF_NONE - tariffs->count)
		return -ENOSPC;
	while (tariffs->room < tariffs->count + more) {
		all = object_grow(
		    tariffs->all, tariffs->room, &tariffs->room, sizeof *all);
		if (all == NULL)
			return -ENOMEM;
		tariffs->all = all;
	}
	return 0;
}

/* One of that name, alone so far; there is room. */
static void
put(struct tariffs *tariffs, const char *name, const struct tariff_part *part)
{
	const uint16_t number = (uint16_t)tariffs->count;
	struct tariff *tariff = &tariffs->all[number];

	*tariff = (struct tariff){ .prices = part->prices,
		.band = part->band,
		.first = number,
		.next = TARIFF_NONE,
		.current = number };
	tariff->prices.tariff = number;
	memcpy(tariff->name, name, strlen(name));
}

static bool
is_sound(const char *name, const struct tariff_view *prices)
{
	const size_t length = strnlen(name, TARIFF_NAME_SIZE);

	return length >= 1 && length < TARIFF_NAME_SIZE &&
	    prices->first_ms != 0 && prices->next_ms != 0;
}

int
tariffs_add(struct tariffs *tariffs, const char *name,
    const struct tariff_view *prices, const struct band *band)
{
	struct tariff_part part = { *prices, { .days = BAND_ALL_DAYS } };
	int status;

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	if (!is_sound(name, prices))
		return -EINVAL;
	if (band == NULL && tariffs_find(tariffs, name) != TARIFF_NONE)
		return -EEXIST;
	status = reserve(tariffs, 1);
	if (status != 0)
		return status;
	if (band != NULL)
		part.band = *band;
	put(tariffs, name, &part);
	join(tariffs, tariffs_find(tariffs, name));
	return 0;
}

static bool
is_same(const struct tariff *tariff, const struct tariff_part *part)
{
	const struct tariff_view *one = &tariff->prices, *other = &part->prices;

	return one->setup_micro == other->setup_micro &&
	    one->first_ms == other->first_ms &&
	    one->first_micro == other->first_micro &&
	    one->next_ms == other->next_ms &&
	    one->next_micro == other->next_micro &&
	    tariff->band.from == part->band.from &&
	    tariff->band.to == part->band.to &&
	    tariff->band.days == part->band.days;
}

/* The first of those that were all of that name once, or TARIFF_NONE. */
static uint16_t
find_former(const struct tariffs *tariffs, const char *name,
    const struct tariff_part *parts, unsigned int count)
{
	uint16_t first, at;
	unsigned int i;

	for (first = 0; first < tariffs->count; first++) {
		if (!is_of(&tariffs->all[first], name) ||
		    tariffs->all[first].first != first)
			continue;
		at = first;
		for (i = 0; i < count && at != TARIFF_NONE &&
		     is_same(&tariffs->all[at], &parts[i]);
		     i++)
			at = tariffs->all[at].next;
		if (i == count && at == TARIFF_NONE)
			return first;
	}
	return TARIFF_NONE;
}

/* What has the name leads to that one. */
static void
lead_to(struct tariffs *tariffs, const char *name, uint16_t first)
{
	uint32_t i;

	for (i = 0; i < tariffs->count; i++)
		if (is_of(&tariffs->all[i], name)) {
			tariffs->all[i].current = first;
			tariffs->all[i].is_withdrawn = false;
		}
}

/* There is room. */
static uint16_t
put_all(struct tariffs *tariffs, const char *name,
    const struct tariff_part *parts, unsigned int count)
{
	const uint16_t first = (uint16_t)tariffs->count;
	unsigned int i;

	for (i = 0; i < count; i++) {
		put(tariffs, name, &parts[i]);
		join(tariffs, i == 0 ? TARIFF_NONE : first);
	}
	return first;
}

static bool
has_been(const struct tariffs *tariffs, const char *name)
{
	uint32_t i;

	for (i = 0; i < tariffs->count; i++)
		if (is_of(&tariffs->all[i], name))
			return true;
	return false;
}

int
tariffs_change(struct tariffs *tariffs, const char *name,
    const struct tariff_part *parts, unsigned int count)
{
	uint16_t first;
	unsigned int i;
	int status;

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	for (i = 0; i < count; i++)
		if (!is_sound(name, &parts[i].prices))
			return -EINVAL;
	if (!has_been(tariffs, name) || count == 0)
		return count == 0 ? -EINVAL : -ENOENT;
	first = find_former(tariffs, name, parts, count);
	if (first == TARIFF_NONE) {
		status = reserve(tariffs, count);
		if (status != 0)
			return status;
		first = put_all(tariffs, name, parts, count);
	}
	lead_to(tariffs, name, first);
	return 0;
}

void
tariffs_withdraw(struct tariffs *tariffs, const char *name)
{
	uint32_t i;

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	for (i = 0; i < tariffs->count; i++)
		if (is_of(&tariffs->all[i], name))
			tariffs->all[i].is_withdrawn = true;
}

uint16_t
tariffs_current(const struct tariffs *tariffs, uint16_t number)
{
	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	return number < tariffs->count
	    ? tariffs->all[tariffs->all[number].first].current
	    : TARIFF_NONE;
}

uint16_t
tariffs_find(const struct tariffs *tariffs, const char *name)
{
	uint32_t i;

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	for (i = 0; i < tariffs->count; i++)
		if (is_of(&tariffs->all[i], name) &&
		    !tariffs->all[i].is_withdrawn)
			return tariffs->all[i].current;
	return TARIFF_NONE;
}

void
tariffs_name(const struct tariffs *tariffs, uint16_t number, char *text)
{
	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	if (number < tariffs->count)
		memcpy(text, tariffs->all[number].name, TARIFF_NAME_SIZE);
	else
		text[0] = '\0';
}

uint16_t
tariffs_band(const struct tariffs *tariffs, uint16_t number, uint64_t week_us)
{
	const struct tariff *all = tariffs->all;
	uint16_t band, found;

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	if (number >= tariffs->count)
		return TARIFF_NONE;
	found = band = all[number].first;
	for (; band != TARIFF_NONE; band = all[band].next)
		if (band_holds(&all[band].band, week_us))
			found = band;
	return found;
}

uint64_t
tariffs_holds_for(
    const struct tariffs *tariffs, uint16_t number, uint64_t week_us)
{
	const uint16_t now = tariffs_band(tariffs, number, week_us);
	const struct tariff *all = tariffs->all;
	uint64_t passed = 0, least, edge;
	uint16_t band;

	if (now == TARIFF_NONE || all[all[now].first].next == TARIFF_NONE)
		return 0;
	do {
		least = BAND_WEEK_US;
		for (band = all[now].first; band != TARIFF_NONE;
		     band = all[band].next) {
			edge = band_next_edge(
			    &all[band].band, (week_us + passed) % BAND_WEEK_US);
			least = edge < least ? edge : least;
		}
		passed += least;
		if (tariffs_band(tariffs, number,
			(week_us + passed) % BAND_WEEK_US) != now)
			return passed;
	} while (passed < BAND_WEEK_US);
	return 0;
}

struct tariff_view
tariffs_at(const struct tariffs *tariffs, uint16_t number)
{
	const struct tariff_view none = { .tariff = TARIFF_NONE };

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	return number < tariffs->count ? tariffs->all[number].prices : none;
}

void
tariffs_free(struct tariffs **tariffsp)
{
	struct tariffs *tariffs = *tariffsp;

	if (tariffs != NULL)
		object_free(tariffs->all, tariffs->room * sizeof *tariffs->all);
	FREE_OBJ(tariffsp, TARIFFS_MAGIC);
}
