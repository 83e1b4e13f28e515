/*
 * record_queue: see record_queue.h for what it is.
 *
 * In a switch without a recorder, as tests have, the queue fills once and is
 * then left alone.
 *
 * Invariants:
 *   1. records wait in the order in which they came, each once;
 *   2. `lost` are those for which there was no room or no memory, since the
 *      recorder was told.
 */
#include "switch/record_queue.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/queue.h>

#include "switch/message.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler_internal.h"

struct waiting {
	STAILQ_ENTRY(waiting) next;
	size_t size;
	uint16_t kind;
	_Alignas(max_align_t) uint8_t bytes[];
};

struct record_queue {
	unsigned int magic;
#define RECORD_QUEUE_MAGIC 0x4ec04d5e
	pthread_mutex_t mutex; /* covers the rest */
	STAILQ_HEAD(list, waiting) list;
	unsigned int count;
	uint64_t lost;
};

static struct record_queue *
enter(const struct scheduler *scheduler)
{
	struct record_queue *queue = scheduler->records;

	CHECK_OBJ(queue, RECORD_QUEUE_MAGIC);
	(void)pthread_mutex_lock(&queue->mutex);
	return queue;
}

static void
leave(struct record_queue *queue)
{
	(void)pthread_mutex_unlock(&queue->mutex);
}

int
record_queue_alloc(struct record_queue **ret_queue)
{
	struct record_queue *queue;

	if (ALLOC_OBJ(queue, RECORD_QUEUE_MAGIC) == NULL)
		return -ENOMEM;
	(void)pthread_mutex_init(&queue->mutex, NULL);
	STAILQ_INIT(&queue->list);
	*ret_queue = queue;
	return 0;
}

static void
drop_first(struct record_queue *queue)
{
	struct waiting *waiting = STAILQ_FIRST(&queue->list);

	STAILQ_REMOVE_HEAD(&queue->list, next);
	queue->count--;
	object_free(waiting, sizeof *waiting + waiting->size);
}

void
record_queue_free(struct record_queue **queuep)
{
	struct record_queue *queue = *queuep;

	if (queue == NULL)
		return;
	while (!STAILQ_EMPTY(&queue->list))
		drop_first(queue);
	(void)pthread_mutex_destroy(&queue->mutex);
	FREE_OBJ(queuep, RECORD_QUEUE_MAGIC);
}

static bool
post(
    struct scheduler *scheduler, uint16_t kind, const void *record, size_t size)
{
	struct pid recorder =
	    registry_whereis(scheduler->registry, RECORD_RECIPIENT);

	return !pid_is_none(recorder) &&
	    process_post_parcel(scheduler, recorder, kind, record, size) == 0;
}

static void
keep(struct record_queue *queue, uint16_t kind, const void *record, size_t size)
{
	struct waiting *waiting = NULL;

	if (queue->count < RECORDS_WAITING_MAX || kind >= RECORD_OWED)
		waiting = object_alloc(sizeof *waiting + size);
	if (waiting == NULL) {
		queue->lost++;
		return;
	}
	waiting->size = size;
	waiting->kind = kind;
	memcpy(waiting->bytes, record, size);
	STAILQ_INSERT_TAIL(&queue->list, waiting, next);
	queue->count++;
}

void
record_send(
    struct scheduler *scheduler, uint16_t kind, const void *record, size_t size)
{
	struct record_queue *queue = enter(scheduler);

	if (!post(scheduler, kind, record, size))
		keep(queue, kind, record, size);
	leave(queue);
}

void
record_keep(struct scheduler *scheduler, const struct message *message)
{
	const struct parcel *parcel = message_parcel(scheduler, message);
	struct record_queue *queue;

	if (message->kind < RECORD_FIRST || message->kind > RECORD_LAST ||
	    parcel == NULL)
		return;
	queue = enter(scheduler);
	keep(queue, message->kind, parcel->bytes, parcel->size);
	leave(queue);
}

uint64_t
record_take_waiting(struct scheduler *scheduler, record_take_f *take, void *arg)
{
	struct record_queue *queue = enter(scheduler);
	const struct waiting *first;
	uint64_t lost = queue->lost;

	while ((first = STAILQ_FIRST(&queue->list)) != NULL) {
		take(arg, first->kind, first->bytes, first->size);
		drop_first(queue);
	}
	queue->lost = 0;
	leave(queue);
	return lost;
}
