/*
 * annex: see annex.h for what it is.
 *
 * A table that grows by doubling, with a list of the free places.
 */
#include "calls/exchange/annex.h"

#include "calls/exchange/trunk.h"
#include "switch/object.h"

enum { PLACES_AT_FIRST = 64 };

const struct annex annex_empty = {
	.claimant = LINE_NONE,
	.kept = CIRCUIT_NONE,
	.redirecting = PORT_NONE,
	.account = ACCOUNT_NONE,
	.next = ANNEX_NONE,
};

void
annexes_init(struct annexes *annexes)
{
	*annexes = (struct annexes){ .free = ANNEX_NONE };
}

void
annexes_clear(struct annexes *annexes)
{
	object_free(annexes->places, annexes->room * sizeof *annexes->places);
	annexes_init(annexes);
}

static bool
grow(struct annexes *annexes)
{
	uint32_t room =
	    annexes->room == 0 ? PLACES_AT_FIRST : 2 * annexes->room;
	struct annex *places =
	    object_realloc(annexes->places, room * sizeof *places);
	uint32_t i;

	if (places == NULL)
		return false;
	for (i = room; i-- > annexes->room;) {
		places[i].next = annexes->free;
		annexes->free = i;
	}
	annexes->places = places;
	annexes->room = room;
	return true;
}

uint32_t
annexes_open(struct annexes *annexes)
{
	uint32_t place;

	if (annexes->free == ANNEX_NONE && !grow(annexes))
		return ANNEX_NONE;
	place = annexes->free;
	annexes->free = annexes->places[place].next;
	annexes->places[place] = annex_empty;
	return place;
}

struct annex *
annexes_at(const struct annexes *annexes, uint32_t place)
{
	return &annexes->places[place];
}

void
annexes_close(struct annexes *annexes, uint32_t place)
{
	if (place == ANNEX_NONE)
		return;
	annexes->places[place].next = annexes->free;
	annexes->free = place;
}
