/*
 * queue: the records that wait to be written, as a row of batches.
 *
 * Records are added to the last batch; the first is the next to be written,
 * and leaves when it is known to be so.  It belongs to the recorder and not to
 * its process, so that one that is killed loses nothing.  For one thread.
 */
#ifndef CALLS_DATABASE_QUEUE_H
#define CALLS_DATABASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch;
struct queue;

/* -ENOMEM. */
int queue_alloc(struct queue **ret_queue);
void queue_free(struct queue **queuep); /* what waits in it is lost */

/* Adds a copy at the end.  -ENOMEM when that needs a batch and there is none.
 */
int queue_add(
    struct queue *queue, uint16_t type, const void *bytes, size_t size);

/* The next to be written, or NULL; whether another stands behind it. */
struct batch *queue_first(const struct queue *queue);
bool queue_has_next(const struct queue *queue);

/*
 * The first is out of our hands until queue_take_back(): nothing is added to
 * it, and nobody drops it.
 */
void queue_hand_out(struct queue *queue);
void queue_take_back(struct queue *queue);
bool queue_is_out(const struct queue *queue);

/* The first is written. */
void queue_drop_first(struct queue *queue);

/* Records added so far, and those that are not yet written. */
uint64_t queue_taken(const struct queue *queue);
uint64_t queue_waiting(const struct queue *queue);

#endif
