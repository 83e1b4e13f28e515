/*
 * watch: see watch.h for what it is.
 *
 * Which calls are watched changes only while everybody else is halted, and so
 * may be asked without a lock; their events come on the thread of each, or of
 * whoever holds the office, and are laid under one.
 */
#include "calls/exchange/watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "calls/exchange/call_event.h"
#include "switch/object.h"

struct watch {
	unsigned int magic;
#define WATCH_MAGIC 0x1b7d90c3
	struct shelf *shelf;
	pthread_mutex_t lock;
	atomic_uint live;
	uint64_t kept;		     /* events so far */
	uint64_t calls[WATCH_CALLS]; /* in their order, round and round */
	uint64_t begun;
};

int
watch_alloc(struct watch **ret_watch)
{
	struct watch *watch;

	if (ALLOC_OBJ(watch, WATCH_MAGIC) == NULL)
		return -ENOMEM;
	(void)pthread_mutex_init(&watch->lock, NULL);
	if (shelf_alloc(&watch->shelf) != 0) {
		watch_free(&watch);
		return -ENOMEM;
	}
	*ret_watch = watch;
	return 0;
}

void
watch_free(struct watch **watchp)
{
	if (*watchp == NULL)
		return;
	shelf_free(&(*watchp)->shelf);
	(void)pthread_mutex_destroy(&(*watchp)->lock);
	FREE_OBJ(watchp, WATCH_MAGIC);
}

static void
forget(void *arg, const struct call_event *event)
{
	(void)arg, (void)event;
}

int
watch_begin(struct watch *watch, uint64_t call)
{
	uint64_t *place = &watch->calls[watch->begun % WATCH_CALLS];

	CHECK_OBJ(watch, WATCH_MAGIC);
	if (watch_has(watch, call))
		return 0;
	if (shelf_begin(watch->shelf, call) != 0)
		return -ENOMEM;
	if (watch->begun >= WATCH_CALLS)
		shelf_clear(watch->shelf, *place, forget, NULL);
	*place = call;
	watch->begun++;
	(void)atomic_fetch_add(&watch->live, 1);
	return 0;
}

void
watch_look(struct watch *watch, uint64_t call, shelf_give_f *give, void *arg)
{
	CHECK_OBJ(watch, WATCH_MAGIC);
	shelf_look(watch->shelf, call, give, arg);
}

unsigned int
watch_live(const struct watch *watch)
{
	return atomic_load(&watch->live);
}

bool
watch_has(struct watch *watch, uint64_t call)
{
	return shelf_has(watch->shelf, call);
}

uint64_t
watch_order(struct watch *watch)
{
	uint64_t order;

	(void)pthread_mutex_lock(&watch->lock);
	order = watch->kept;
	(void)pthread_mutex_unlock(&watch->lock);
	return order;
}

/* What there is no memory for is left out. */
void
watch_keep(struct watch *watch, const struct call_event *event)
{
	struct call_event copy = *event;

	CHECK_OBJ(watch, WATCH_MAGIC);
	if (event->way == CALL_EVENT_END) {
		(void)atomic_fetch_sub(&watch->live, 1);
		return;
	}
	(void)pthread_mutex_lock(&watch->lock);
	copy.order = ++watch->kept;
	(void)shelf_put(watch->shelf, &copy);
	shelf_shorten(watch->shelf, event->call, WATCH_EVENTS);
	(void)pthread_mutex_unlock(&watch->lock);
}
