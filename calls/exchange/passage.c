/*
 * passage: see passage.h for what it is.
 *
 * A table that grows by doubling, with a list of the free places.
 */
#include "calls/exchange/passage.h"

#include "switch/object.h"

enum { PLACES_AT_FIRST = 64 };

void
passages_init(struct passages *passages)
{
	*passages = (struct passages){ .free = PASSAGE_NONE };
}

void
passages_clear(struct passages *passages)
{
	object_free(
	    passages->places, passages->room * sizeof *passages->places);
	passages_init(passages);
}

static bool
grow(struct passages *passages)
{
	uint32_t room =
	    passages->room == 0 ? PLACES_AT_FIRST : 2 * passages->room;
	struct passage *places =
	    object_realloc(passages->places, room * sizeof *places);
	uint32_t i;

	if (places == NULL)
		return false;
	for (i = room; i-- > passages->room;) {
		places[i].next = passages->free;
		passages->free = i;
	}
	passages->places = places;
	passages->room = room;
	return true;
}

uint32_t
passages_open(struct passages *passages)
{
	uint32_t place;

	if (passages->free == PASSAGE_NONE && !grow(passages))
		return PASSAGE_NONE;
	place = passages->free;
	passages->free = passages->places[place].next;
	passages->places[place] = (struct passage){ .next = PASSAGE_NONE };
	return place;
}

struct passage *
passages_at(const struct passages *passages, uint32_t place)
{
	return &passages->places[place];
}

void
passages_close(struct passages *passages, uint32_t place)
{
	if (place == PASSAGE_NONE)
		return;
	passages->places[place].next = passages->free;
	passages->free = place;
}
