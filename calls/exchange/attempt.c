/*
 * attempt: see attempt.h for what it is.
 *
 * A table of places with a list of the free ones, and chains by the lower bits
 * of the number.  Numbers are given in order, so chains stay as short as the
 * table is wide.  Every live call has a line, so the office reserves a place
 * for each line when it adds them and nothing is allocated while calls run.
 *
 * Invariants:
 *   1. a place is in use (number not 0) and in the chain of its number, or
 *      owed and in the list of those, or free (number 0) and in the free list,
 *      or at or above `span` and never used;
 *   2. there are at least as many chains as places, a power of two.
 */
#include "calls/exchange/attempt.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/line.h"
#include "switch/ahead.h"
#include "switch/object.h"

_Static_assert(sizeof(struct attempt) == 72, "what few have is an annex");

struct attempts {
	unsigned int magic;
#define ATTEMPTS_MAGIC 0x2b86e95d
	uint32_t capacity, span, live;
	uint32_t free;
	uint32_t owed, owed_last; /* the first; the last, if there is one */
	uint64_t last;		  /* number given */
	struct annexes annexes;
	struct attempt *places;
	struct attempt_end *ends; /* of each place; few are ever touched */
	uint32_t *chains;	  /* first of each, or ATTEMPT_NONE */
	uint32_t chain_count;
};

int
attempts_alloc(struct attempts **ret_attempts)
{
	struct attempts *attempts;

	if (ALLOC_OBJ(attempts, ATTEMPTS_MAGIC) == NULL)
		return -ENOMEM;
	attempts->free = attempts->owed = ATTEMPT_NONE;
	annexes_init(&attempts->annexes);
	*ret_attempts = attempts;
	return 0;
}

void
attempts_free(struct attempts **attemptsp)
{
	struct attempts *attempts = *attemptsp;

	if (attempts != NULL) {
		annexes_clear(&attempts->annexes);
		object_free(attempts->places,
		    attempts->capacity * sizeof *attempts->places);
		object_free(attempts->ends,
		    attempts->capacity * sizeof *attempts->ends);
		object_free(attempts->chains,
		    attempts->chain_count * sizeof *attempts->chains);
	}
	FREE_OBJ(attemptsp, ATTEMPTS_MAGIC);
}

static uint32_t *
chain_of(const struct attempts *attempts, uint64_t number)
{
	return &attempts->chains[number & (attempts->chain_count - 1)];
}

static void
enchain(struct attempts *attempts, uint32_t place)
{
	uint32_t *chain = chain_of(attempts, attempts->places[place].number);

	attempts->places[place].next = *chain;
	*chain = place;
}

static void
unchain(struct attempts *attempts, uint32_t place)
{
	uint32_t *link = chain_of(attempts, attempts->places[place].number);

	while (*link != place)
		link = &attempts->places[*link].next;
	*link = attempts->places[place].next;
}

/* Makes `count` chains, a power of two, and puts every attempt in its own. */
static int
make_chains(struct attempts *attempts, uint32_t count)
{
	uint32_t *chains = object_alloc(count * sizeof *chains);
	uint32_t place;

	if (chains == NULL)
		return -ENOMEM;
	memset(chains, 0xff, count * sizeof *chains); /* ATTEMPT_NONE */
	object_free(
	    attempts->chains, attempts->chain_count * sizeof *attempts->chains);
	attempts->chains = chains;
	attempts->chain_count = count;
	for (place = 0; place < attempts->span; place++)
		if (attempts->places[place].number != 0)
			enchain(attempts, place);
	return 0;
}

int
attempts_reserve(struct attempts *attempts, uint32_t capacity)
{
	const uint32_t more = attempts->capacity + attempts->capacity / 8;
	struct attempt *places;
	struct attempt_end *ends;
	uint32_t count = 1;

	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	if (capacity <= attempts->capacity)
		return 0;
	if (capacity < more)
		capacity = more; /* lines may come one by one */
	while (count < capacity)
		count *= 2;
	if (count != attempts->chain_count && make_chains(attempts, count) != 0)
		return -ENOMEM;
	places = object_realloc(attempts->places, capacity * sizeof *places);
	if (places == NULL)
		return -ENOMEM; /* more chains than places do no harm */
	attempts->places = places;
	ends = object_realloc(attempts->ends, capacity * sizeof *ends);
	if (ends == NULL)
		return -ENOMEM;
	attempts->ends = ends;
	attempts->capacity = capacity;
	return 0;
}

static uint32_t
take_place(struct attempts *attempts)
{
	uint32_t place = attempts->free;

	if (place != ATTEMPT_NONE) {
		attempts->free = attempts->places[place].next;
		if (attempts->free != ATTEMPT_NONE) /* for the next call */
			attempts_fetch(attempts, attempts->free);
		return place;
	}
	if (attempts->span == attempts->capacity)
		return ATTEMPT_NONE;
	return attempts->span++;
}

uint64_t
attempts_number(struct attempts *attempts)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	return ++attempts->last;
}

uint32_t
attempts_begin(struct attempts *attempts, uint64_t number, uint32_t line)
{
	uint32_t place;

	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	place = take_place(attempts);
	if (place == ATTEMPT_NONE)
		return place;
	attempts->places[place] = (struct attempt){
		.number = number,
		.port_a = line,
		.port_b = PORT_NONE,
		.legs = LEG_ACCOUNT_EMPTY,
		.annex = ANNEX_NONE,
		.pool = POOL_NONE,
	};
	enchain(attempts, place);
	attempts->live++;
	return place;
}

void
attempts_drop_annex(struct attempts *attempts, uint32_t place)
{
	annexes_close(&attempts->annexes, attempts->places[place].annex);
	attempts->places[place].annex = ANNEX_NONE;
}

static void
free_place(struct attempts *attempts, uint32_t place)
{
	attempts_drop_annex(attempts, place);
	attempts->places[place].number = 0;
	attempts->places[place].next = attempts->free;
	attempts->free = place;
}

void
attempts_end(struct attempts *attempts, uint32_t place)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	unchain(attempts, place);
	free_place(attempts, place);
	attempts->live--;
}

void
attempts_owe(struct attempts *attempts, uint32_t place)
{
	struct attempt *attempt = attempts_at(attempts, place);

	unchain(attempts, place);
	attempt->next = ATTEMPT_NONE;
	attempt->pool = POOL_NONE;
	if (attempts->owed == ATTEMPT_NONE)
		attempts->owed = place;
	else
		attempts->places[attempts->owed_last].next = place;
	attempts->owed_last = place;
	attempts->live--;
}

uint32_t
attempts_owed(const struct attempts *attempts)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	return attempts->owed;
}

void
attempts_settle(struct attempts *attempts)
{
	uint32_t place = attempts->owed;

	attempts->owed = attempts->places[place].next;
	free_place(attempts, place);
}

struct annex *
attempts_make_annex(struct attempts *attempts, uint32_t place)
{
	struct attempt *attempt = attempts_at(attempts, place);

	if (attempt->annex == ANNEX_NONE)
		attempt->annex = annexes_open(&attempts->annexes);
	return attempt->annex == ANNEX_NONE
	    ? NULL
	    : annexes_at(&attempts->annexes, attempt->annex);
}

const struct annex *
attempts_annex(const struct attempts *attempts, uint32_t place)
{
	const struct attempt *attempt = attempts_at(attempts, place);

	return attempt->annex == ANNEX_NONE
	    ? &annex_empty
	    : annexes_at(&attempts->annexes, attempt->annex);
}

bool
attempts_is_begun_by(
    const struct attempts *attempts, uint32_t place, uint32_t other)
{
	const struct annex *annex = place == ATTEMPT_NONE
	    ? &annex_empty
	    : attempts_annex(attempts, place);

	return other != ATTEMPT_NONE && !annex->is_unlinked &&
	    annex->starter == attempts_at(attempts, other)->number;
}

uint64_t
attempts_linked(const struct attempts *attempts, uint32_t place)
{
	const uint64_t linked = attempts_annex(attempts, place)->linked;

	return linked != 0 ? linked : attempts_at(attempts, place)->number;
}

struct attempt_end *
attempts_end_of(const struct attempts *attempts, uint32_t place)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	return &attempts->ends[place];
}

struct attempt *
attempts_at(const struct attempts *attempts, uint32_t place)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	assert(place < attempts->span);
	return &attempts->places[place];
}

uint32_t
attempts_place(const struct attempts *attempts, const struct attempt *attempt)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	return (uint32_t)(attempt - attempts->places);
}

void
attempts_fetch(const struct attempts *attempts, uint32_t place)
{
	const struct attempt *attempt = &attempts->places[place];

	ahead_fetch(attempt);
	ahead_fetch(&attempt->gated); /* in two lines, mostly */
}

void
attempts_fetch_chain(const struct attempts *attempts, uint32_t place)
{
	ahead_fetch(chain_of(attempts, attempts->places[place].number));
}

uint32_t
attempts_find(const struct attempts *attempts, uint64_t number)
{
	uint32_t place;

	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	if (number == 0 || attempts->chain_count == 0)
		return ATTEMPT_NONE;
	for (place = *chain_of(attempts, number); place != ATTEMPT_NONE;
	     place = attempts->places[place].next)
		if (attempts->places[place].number == number)
			break;
	return place;
}

uint32_t
attempts_live(const struct attempts *attempts)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	return attempts->live;
}

uint32_t
attempts_span(const struct attempts *attempts)
{
	CHECK_OBJ(attempts, ATTEMPTS_MAGIC);
	return attempts->span;
}
