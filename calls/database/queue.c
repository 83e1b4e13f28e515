/*
 * queue: see queue.h for what it is.
 *
 * Invariants, checked by assert_queue():
 *   1. taken - written records lie in the batches, and no batch is empty;
 *   2. the batch that is out is the first;
 *   3. the spare batch is empty; where there is none, one in the row is it.
 */
#include "calls/database/queue.h"

#include <assert.h>
#include <errno.h>

#include "calls/database/batch.h"
#include "switch/object.h"

struct queue {
	unsigned int magic;
#define QUEUE_MAGIC 0x51e2a87c
	bool is_out;
	TAILQ_HEAD(batches, batch) batches;
	struct batch *spare; /* or NULL: it is in the row */
	uint64_t taken, written;
};

static bool
assert_queue(const struct queue *queue)
{
	const struct batch *batch;
	uint64_t records = 0;

	TAILQ_FOREACH(batch, &queue->batches, next) {
		assert(batch->count > 0);
		records += batch->count;
	}
	assert(records == queue->taken - queue->written);
	assert(!queue->is_out || records > 0);
	return true;
}

int
queue_alloc(struct queue **ret_queue)
{
	struct queue *queue;

	if (ALLOC_OBJ(queue, QUEUE_MAGIC) == NULL)
		return -ENOMEM;
	TAILQ_INIT(&queue->batches);
	queue->spare = batch_alloc();
	if (queue->spare == NULL) {
		FREE_OBJ(&queue, QUEUE_MAGIC);
		return -ENOMEM;
	}
	*ret_queue = queue;
	return 0;
}

void
queue_free(struct queue **queuep)
{
	struct queue *queue = *queuep;

	if (queue == NULL)
		return;
	CHECK_OBJ(queue, QUEUE_MAGIC);
	queue->is_out = false;
	while (!TAILQ_EMPTY(&queue->batches))
		queue_drop_first(queue);
	batch_free(&queue->spare);
	FREE_OBJ(queuep, QUEUE_MAGIC);
}

/* Adding */

static struct batch *
last_open(const struct queue *queue)
{
	struct batch *last = TAILQ_LAST(&queue->batches, batches);

	return queue->is_out && last == TAILQ_FIRST(&queue->batches) ? NULL
								     : last;
}

/* Empty: the spare, or a new one; or NULL. */
static struct batch *
take_batch(struct queue *queue)
{
	struct batch *batch = queue->spare;

	queue->spare = NULL;
	return batch != NULL ? batch : batch_alloc();
}

int
queue_add(struct queue *queue, uint16_t type, const void *bytes, size_t size)
{
	uint64_t number = queue->taken + 1;
	struct batch *last;

	CHECK_OBJ(queue, QUEUE_MAGIC);
	last = last_open(queue);
	if (last == NULL || batch_add(last, number, type, bytes, size) != 0) {
		last = take_batch(queue);
		if (last == NULL)
			return -ENOMEM;
		TAILQ_INSERT_TAIL(&queue->batches, last, next);
		(void)batch_add(last, number, type, bytes, size); /* empty */
	}
	queue->taken++;
	return 0;
}

/* Writing */

struct batch *
queue_first(const struct queue *queue)
{
	CHECK_OBJ(queue, QUEUE_MAGIC);
	return TAILQ_FIRST(&queue->batches);
}

bool
queue_has_next(const struct queue *queue)
{
	const struct batch *first = queue_first(queue);

	return first != NULL && TAILQ_NEXT(first, next) != NULL;
}

void
queue_hand_out(struct queue *queue)
{
	assert(!queue->is_out && queue_first(queue) != NULL);
	queue->is_out = true;
}

void
queue_take_back(struct queue *queue)
{
	CHECK_OBJ(queue, QUEUE_MAGIC);
	queue->is_out = false;
}

bool
queue_is_out(const struct queue *queue)
{
	CHECK_OBJ(queue, QUEUE_MAGIC);
	return queue->is_out;
}

void
queue_drop_first(struct queue *queue)
{
	struct batch *first = queue_first(queue);

	assert(!queue->is_out && first != NULL);
	queue->written += first->count;
	TAILQ_REMOVE(&queue->batches, first, next);
	if (queue->spare == NULL) {
		batch_clear(first);
		queue->spare = first;
	} else {
		batch_free(&first);
	}
	assert(assert_queue(queue));
}

/* Looking */

uint64_t
queue_taken(const struct queue *queue)
{
	CHECK_OBJ(queue, QUEUE_MAGIC);
	return queue->taken;
}

uint64_t
queue_waiting(const struct queue *queue)
{
	CHECK_OBJ(queue, QUEUE_MAGIC);
	return queue->taken - queue->written;
}
