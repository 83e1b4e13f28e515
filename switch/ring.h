/*
 * Private to switch/: a queue with one writer and one reader, without a lock.
 *
 * Between each pair of schedulers lies one in each direction.  What it holds
 * is a copy: nothing of the one's memory is ever touched by the other.
 */
#ifndef SWITCH_RING_H
#define SWITCH_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* Room for `count` (a power of two) things of `size` bytes each.  -ENOMEM. */
int ring_alloc(struct ring **ret_ring, size_t count, size_t size);
void ring_free(struct ring **ringp);

/* The writer's: where the next thing goes, or NULL when full; it is there. */
void *ring_room(struct ring *ring);
void ring_push(struct ring *ring);

/* The reader's: the oldest thing, or NULL when empty; it is done with. */
void *ring_peek(struct ring *ring);
void ring_pop(struct ring *ring);
/* The one `ahead` things behind it, if it has been seen already, or NULL. */
const void *ring_peek_ahead(struct ring *ring, size_t ahead);

/* For anyone while both ends stand still: the one so far behind it, or NULL. */
const void *ring_look(const struct ring *ring, size_t behind);

/* For either, and in one order with other sequentially consistent accesses. */
bool ring_is_empty(const struct ring *ring);

#endif
