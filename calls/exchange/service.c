/*
 * service: see service.h for what it is.
 *
 * A table with open addressing (Knuth, volume 3, 6.4, algorithm L): a fact
 * stands at the place of its hash or at the next free one behind it, and what
 * is taken away leaves no gap, since those behind it move up (algorithm R).
 *
 * Invariants:
 *   1. count + reserved are at most three quarters of the room, a power of two
 *      or 0, so that a search always ends at a free place;
 *   2. between a fact's place and that of its hash no place is free;
 *   3. a fact is on, and stands there once;
 *   4. the bars of a line are numbered without a gap.
 */
#include "calls/exchange/service.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "switch/object.h"

enum { ROOM_MIN = 64 };

struct fact {
	uint32_t line;
	uint32_t kind;
	struct service service; /* not on: this place is free */
};

struct group_name {
	char text[GROUP_NAME_SIZE];
};

struct services {
	unsigned int magic;
#define SERVICES_MAGIC 0x4be0d913
	uint32_t room, count, reserved;
	struct fact *facts;
	struct group_name *groups; /* number 1 first */
	uint16_t groups_count;
};

int
services_alloc(struct services **ret_services)
{
	struct services *services;

	if (ALLOC_OBJ(services, SERVICES_MAGIC) == NULL)
		return -ENOMEM;
	*ret_services = services;
	return 0;
}

void
services_free(struct services **servicesp)
{
	struct services *services = *servicesp;

	if (services != NULL) {
		object_free(
		    services->facts, services->room * sizeof *services->facts);
		object_free(services->groups,
		    services->groups_count * sizeof *services->groups);
	}
	FREE_OBJ(servicesp, SERVICES_MAGIC);
}

/* Where a search begins: Fibonacci hashing (Knuth, 6.4). */
static uint32_t
first_place(const struct services *services, uint32_t line, uint32_t kind)
{
	const uint64_t key = (uint64_t)line * SERVICES_COUNT + kind;

	return (uint32_t)(key * 0x9e3779b97f4a7c15ULL >> 32) &
	    (services->room - 1);
}

static uint32_t
next_place(const struct services *services, uint32_t place)
{
	return (place + 1) & (services->room - 1);
}

/* The place of that fact, or the free one where it would stand. */
static struct fact *
place_of(const struct services *services, uint32_t line, uint32_t kind)
{
	uint32_t place = first_place(services, line, kind);
	struct fact *fact = &services->facts[place];

	while (
	    fact->service.is_on && (fact->line != line || fact->kind != kind)) {
		place = next_place(services, place);
		fact = &services->facts[place];
	}
	return fact;
}

/* Another table of that room, with all that is there. */
static int
move_to(struct services *services, uint32_t room)
{
	struct fact *before = services->facts;
	const uint32_t room_before = services->room;
	uint32_t i;
	struct fact *facts = object_alloc(room * sizeof *facts);

	if (facts == NULL)
		return -ENOMEM;
	services->facts = facts;
	services->room = room;
	for (i = 0; i < room_before; i++)
		if (before[i].service.is_on)
			*place_of(services, before[i].line, before[i].kind) =
			    before[i];
	object_free(before, room_before * sizeof *before);
	return 0;
}

int
services_reserve(struct services *services, uint32_t count)
{
	const uint64_t wanted =
	    (uint64_t)services->count + services->reserved + count;
	uint64_t room = services->room == 0 ? ROOM_MIN : services->room;

	CHECK_OBJ(services, SERVICES_MAGIC);
	while (wanted > room / 4 * 3)
		room *= 2;
	if (room > UINT32_MAX)
		return -ENOMEM;
	if (room != services->room && move_to(services, (uint32_t)room) != 0)
		return -ENOMEM;
	services->reserved += count;
	return 0;
}

void
services_give_back(struct services *services, uint32_t count)
{
	CHECK_OBJ(services, SERVICES_MAGIC);
	assert(count <= services->reserved);
	services->reserved -= count;
}

/* Whether `place` lies behind `first` and not behind `last`, round the end. */
static bool
lies_between(uint32_t first, uint32_t place, uint32_t last)
{
	return first <= last ? first < place && place <= last
			     : first < place || place <= last;
}

/* Makes the place of a fact free: those that it was in the way of move up. */
static void
take_away(struct services *services, struct fact *fact)
{
	uint32_t gap = (uint32_t)(fact - services->facts), place = gap, home;

	for (;;) {
		services->facts[gap].service =
		    (struct service){ .is_on = false };
		do {
			place = next_place(services, place);
			fact = &services->facts[place];
			if (!fact->service.is_on)
				return;
			home = first_place(services, fact->line, fact->kind);
		} while (lies_between(gap, home, place));
		services->facts[gap] = *fact;
		gap = place;
	}
}

/* The n-th bar of a line, from 0, has a kind of its own behind the others. */
static uint32_t
kind_of_bar(uint32_t n)
{
	return SERVICE_bar_out + n * SERVICES_COUNT;
}

/* Its number, or that of the first place that is free; BARS_MAX: of none. */
static uint32_t
find_bar(const struct services *services, uint32_t line, const char *prefix)
{
	const struct service *bar;
	uint32_t n;

	for (n = 0; n < BARS_MAX; n++) {
		bar = &place_of(services, line, kind_of_bar(n))->service;
		if (!bar->is_on || strcmp(bar->number, prefix) == 0)
			break;
	}
	return n;
}

bool
services_may_set(const struct services *services, uint32_t line,
    enum service_kind kind, const struct service *service)
{
	CHECK_OBJ(services, SERVICES_MAGIC);
	return kind != SERVICE_bar_out || !service->is_on ||
	    services->room == 0 ||
	    find_bar(services, line, service->number) < BARS_MAX;
}

bool
services_bar(const struct services *services, uint32_t line, const char *digits)
{
	const struct service *bar;
	uint32_t n;

	CHECK_OBJ(services, SERVICES_MAGIC);
	for (n = 0; n < BARS_MAX && services->count > 0; n++) {
		bar = &place_of(services, line, kind_of_bar(n))->service;
		if (!bar->is_on)
			return false;
		if (strncmp(digits, bar->number, strlen(bar->number)) == 0)
			return true;
	}
	return false;
}

static void
end_bars(struct services *services, uint32_t line)
{
	struct fact *fact;
	uint32_t n;

	for (n = 0; n < BARS_MAX; n++) {
		fact = place_of(services, line, kind_of_bar(n));
		if (!fact->service.is_on)
			return;
		services->count--;
		take_away(services, fact);
	}
}

void
services_set(struct services *services, uint32_t line, enum service_kind kind,
    const struct service *service)
{
	uint32_t key = kind;
	struct fact *fact;

	CHECK_OBJ(services, SERVICES_MAGIC);
	assert(services->reserved > 0);
	services->reserved--;
	if (kind == SERVICE_bar_out && !service->is_on) {
		end_bars(services, line);
		return;
	}
	if (kind == SERVICE_bar_out) {
		key = find_bar(services, line, service->number);
		key = kind_of_bar(key < BARS_MAX ? key : BARS_MAX - 1);
	}
	fact = place_of(services, line, key);
	services->count -= fact->service.is_on;
	services->count += service->is_on;
	if (service->is_on)
		*fact = (struct fact){ line, key, *service };
	else if (fact->service.is_on)
		take_away(services, fact);
}

struct service
services_at(
    const struct services *services, uint32_t line, enum service_kind kind)
{
	const struct service none = { .is_on = false };

	CHECK_OBJ(services, SERVICES_MAGIC);
	if (services->count == 0)
		return none;
	return place_of(services, line, kind)->service;
}

uint32_t
services_count(const struct services *services)
{
	CHECK_OBJ(services, SERVICES_MAGIC);
	return services->count;
}

uint16_t
services_group(struct services *services, const char *name)
{
	const size_t length = strnlen(name, GROUP_NAME_SIZE);
	struct group_name *groups;
	uint16_t i;

	CHECK_OBJ(services, SERVICES_MAGIC);
	for (i = 0; i < services->groups_count; i++)
		if (strcmp(services->groups[i].text, name) == 0)
			return (uint16_t)(i + 1);
	if (length == 0 || length == GROUP_NAME_SIZE ||
	    services->groups_count == UINT16_MAX)
		return 0;
	groups = object_realloc(
	    services->groups, (services->groups_count + 1U) * sizeof *groups);
	if (groups == NULL)
		return 0;
	services->groups = groups;
	groups[services->groups_count] = (struct group_name){ "" };
	memcpy(groups[services->groups_count].text, name, length);
	return ++services->groups_count;
}
