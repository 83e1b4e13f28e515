/*
 * leg: see leg.h for what it is.
 *
 * A table of places with a list of the free ones; the legs of a call are a
 * chain in the order of their numbers, mostly of one.  The table grows when a
 * call has more: that may fail, and the verb says so.
 *
 * Invariants:
 *   1. a place is in the chain of one account (number not 0), or free (number
 *      0) and in the free list, or at or above `span` and never used;
 *   2. numbers rise along a chain, and none is above the account's count.
 */
#include "calls/exchange/leg.h"

#include <errno.h>

#include "switch/ahead.h"
#include "switch/object.h"

_Static_assert(sizeof(struct leg) == 64, "one line of the caches");

enum { LEGS_AT_FIRST = 64 };

struct legs {
	unsigned int magic;
#define LEGS_MAGIC 0x6c1e95a7
	uint32_t capacity, span, live;
	uint32_t free;
	struct leg *places;
};

int
legs_alloc(struct legs **ret_legs)
{
	struct legs *legs;

	if (ALLOC_OBJ(legs, LEGS_MAGIC) == NULL)
		return -ENOMEM;
	legs->free = LEG_NONE;
	*ret_legs = legs;
	return 0;
}

void
legs_free(struct legs **legsp)
{
	struct legs *legs = *legsp;

	if (legs != NULL)
		object_free(
		    legs->places, legs->capacity * sizeof *legs->places);
	FREE_OBJ(legsp, LEGS_MAGIC);
}

int
legs_reserve(struct legs *legs, uint32_t capacity)
{
	const uint32_t more = legs->capacity + legs->capacity / 8;
	struct leg *places;

	CHECK_OBJ(legs, LEGS_MAGIC);
	if (capacity <= legs->capacity)
		return 0;
	if (capacity < more)
		capacity = more;
	places = object_realloc(legs->places, capacity * sizeof *places);
	if (places == NULL)
		return -ENOMEM;
	legs->places = places;
	legs->capacity = capacity;
	return 0;
}

static uint32_t
take_place(struct legs *legs)
{
	uint32_t place = legs->free;

	if (place != LEG_NONE) {
		legs->free = legs->places[place].next;
		legs_fetch(legs, legs->free); /* for the next call */
		return place;
	}
	if (legs->span == legs->capacity &&
	    legs_reserve(legs,
		legs->capacity == 0 ? LEGS_AT_FIRST : 2 * legs->capacity) != 0)
		return LEG_NONE;
	return legs->span++;
}

uint32_t
legs_open(struct legs *legs, struct leg_account *account, uint32_t attempt)
{
	uint32_t place, *link = &account->first;

	CHECK_OBJ(legs, LEGS_MAGIC);
	if (account->count == LEGS_MAX)
		return LEG_NONE;
	place = take_place(legs);
	if (place == LEG_NONE)
		return place;
	legs->places[place] = (struct leg){
		.attempt = attempt,
		.next = LEG_NONE,
		.payer = PORT_NONE,
		.account = ACCOUNT_NONE,
		.port = PORT_NONE,
		.tariff = TARIFF_NONE,
		.number = (uint8_t)++account->count,
	};
	while (*link != LEG_NONE)
		link = &legs->places[*link].next;
	*link = place;
	legs->live++;
	return place;
}

void
legs_fetch(const struct legs *legs, uint32_t place)
{
	if (place != LEG_NONE)
		ahead_fetch(&legs->places[place]);
}

struct leg *
legs_at(const struct legs *legs, uint32_t place)
{
	CHECK_OBJ(legs, LEGS_MAGIC);
	assert(place < legs->span);
	return &legs->places[place];
}

uint32_t
legs_find(const struct legs *legs, const struct leg_account *account,
    unsigned int number)
{
	uint32_t place = account->first;

	CHECK_OBJ(legs, LEGS_MAGIC);
	while (place != LEG_NONE &&
	    (legs->places[place].number != number ||
		legs->places[place].is_closed))
		place = legs->places[place].next;
	return place;
}

uint32_t
legs_first_open(const struct legs *legs, const struct leg_account *account)
{
	uint32_t place = account->first;

	CHECK_OBJ(legs, LEGS_MAGIC);
	while (place != LEG_NONE && legs->places[place].is_closed)
		place = legs->places[place].next;
	return place;
}

uint32_t
legs_far(const struct legs *legs, uint32_t place)
{
	const struct leg *leg = legs_at(legs, place);
	uint32_t far = leg->port;

	for (place = leg->next; place != LEG_NONE; place = leg->next) {
		leg = &legs->places[place];
		if (leg->kind != LEG_forward && leg->kind != LEG_pickup)
			break;
		far = leg->port;
	}
	return far;
}

void
legs_drop(struct legs *legs, struct leg_account *account, uint32_t place)
{
	uint32_t *link = &account->first;

	CHECK_OBJ(legs, LEGS_MAGIC);
	while (*link != place)
		link = &legs->places[*link].next;
	*link = legs->places[place].next;
	legs->places[place].number = 0;
	legs->places[place].next = legs->free;
	legs->free = place;
	legs->live--;
}

uint32_t
legs_live(const struct legs *legs)
{
	CHECK_OBJ(legs, LEGS_MAGIC);
	return legs->live;
}
