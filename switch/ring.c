/*
 * ring: see ring.h for what it is.
 *
 * Both ends count things for ever; what lies between the counts is in the
 * ring.  Each end remembers what it last saw of the other's count, so that as
 * long as that is enough it does not touch the other's cache line.
 *
 * Invariants:
 *   1. read <= written <= read + count;
 *   2. a place belongs to the writer until `written` has passed it, and then
 *      to the reader until `read` has.
 */
#include "switch/ring.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include "switch/object.h"

enum { CACHE_LINE = 64 };

struct ring {
	unsigned int magic;
#define RING_MAGIC 0x416e9b02
	size_t count, size;
	uint8_t apart[CACHE_LINE];
	atomic_size_t written;
	size_t read_seen; /* the writer's */
	uint8_t apart_too[CACHE_LINE];
	atomic_size_t read;
	size_t written_seen; /* the reader's */
	uint8_t apart_at_last[CACHE_LINE];
	uint8_t things[];
};

int
ring_alloc(struct ring **ret_ring, size_t count, size_t size)
{
	struct ring *ring;

	assert(count > 0 && (count & (count - 1)) == 0);
	ring = ALLOC_OBJ_EXTRA(ring, RING_MAGIC, count * size);
	if (ring == NULL)
		return -ENOMEM;
	ring->count = count;
	ring->size = size;
	*ret_ring = ring;
	return 0;
}

void
ring_free(struct ring **ringp)
{
	FREE_OBJ(ringp, RING_MAGIC);
}

static size_t
place_of(const struct ring *ring, size_t number)
{
	return (number & (ring->count - 1)) * ring->size;
}

static void *
thing(struct ring *ring, size_t number)
{
	return ring->things + place_of(ring, number);
}

void *
ring_room(struct ring *ring)
{
	size_t written =
	    atomic_load_explicit(&ring->written, memory_order_relaxed);

	if (written - ring->read_seen == ring->count) {
		ring->read_seen = atomic_load(&ring->read);
		if (written - ring->read_seen == ring->count)
			return NULL;
	}
	return thing(ring, written);
}

/* Sequentially consistent: then it is asked whether the other end waits. */
void
ring_push(struct ring *ring)
{
	atomic_store(&ring->written,
	    atomic_load_explicit(&ring->written, memory_order_relaxed) + 1);
}

void *
ring_peek(struct ring *ring)
{
	size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);

	if (read == ring->written_seen) {
		ring->written_seen =
		    atomic_load_explicit(&ring->written, memory_order_acquire);
		if (read == ring->written_seen)
			return NULL;
	}
	return thing(ring, read);
}

const void *
ring_peek_ahead(struct ring *ring, size_t ahead)
{
	size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);

	return ring->written_seen - read > ahead ? thing(ring, read + ahead)
						 : NULL;
}

const void *
ring_look(const struct ring *ring, size_t behind)
{
	size_t read = atomic_load(&ring->read);

	return atomic_load(&ring->written) - read > behind
	    ? ring->things + place_of(ring, read + behind)
	    : NULL;
}

void
ring_pop(struct ring *ring)
{
	atomic_store(&ring->read,
	    atomic_load_explicit(&ring->read, memory_order_relaxed) + 1);
}

bool
ring_is_empty(const struct ring *ring)
{
	return atomic_load(&ring->written) == atomic_load(&ring->read);
}
