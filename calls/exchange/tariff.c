/*
 * tariff: see tariff.h for what it is.
 *
 * An office has a handful, and names are looked up while it is made: a plain
 * array does.  Calls ask by number.
 *
 * Invariant: no interval is of 0 ms, so that whoever counts them may divide.
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
	uint16_t first; /* of its name */
	uint16_t next;	/* likewise, or TARIFF_NONE */
};

struct tariffs {
	unsigned int magic;
#define TARIFFS_MAGIC 0x2b9c04e7
	uint32_t count;
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

/* The new one, which has no name yet, comes behind the others of `name`. */
static void
join(struct tariffs *tariffs, const char *name)
{
	const uint16_t first = tariffs_find(tariffs, name);
	uint16_t last = first;

	if (first == TARIFF_NONE)
		return;
	while (tariffs->all[last].next != TARIFF_NONE)
		last = tariffs->all[last].next;
	tariffs->all[last].next = (uint16_t)tariffs->count;
	tariffs->all[tariffs->count].first = first;
}

int
tariffs_add(struct tariffs *tariffs, const char *name,
    const struct tariff_view *prices, const struct band *band)
{
	static const struct band always = { .days = BAND_ALL_DAYS };
	const size_t length = strnlen(name, TARIFF_NAME_SIZE);
	struct tariff *all;

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	if (length == 0 || length == TARIFF_NAME_SIZE ||
	    prices->first_ms == 0 || prices->next_ms == 0)
		return -EINVAL;
	if (band == NULL && tariffs_find(tariffs, name) != TARIFF_NONE)
		return -EEXIST;
	if (tariffs->count == TARIFF_NONE)
		return -ENOSPC;
	all = object_realloc(tariffs->all, (tariffs->count + 1) * sizeof *all);
	if (all == NULL)
		return -ENOMEM;
	tariffs->all = all;
	all[tariffs->count] = (struct tariff){ .prices = *prices,
		.band = band != NULL ? *band : always,
		.first = (uint16_t)tariffs->count,
		.next = TARIFF_NONE };
	join(tariffs, name);
	all[tariffs->count].prices.tariff = (uint16_t)tariffs->count;
	memcpy(all[tariffs->count].name, name, length);
	tariffs->count++;
	return 0;
}

uint16_t
tariffs_find(const struct tariffs *tariffs, const char *name)
{
	uint32_t i;

	CHECK_OBJ(tariffs, TARIFFS_MAGIC);
	for (i = 0; i < tariffs->count; i++)
		if (strcmp(tariffs->all[i].name, name) == 0)
			return (uint16_t)i;
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
		object_free(
		    tariffs->all, tariffs->count * sizeof *tariffs->all);
	FREE_OBJ(tariffsp, TARIFFS_MAGIC);
}
