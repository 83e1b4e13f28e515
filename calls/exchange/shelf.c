/*
 * shelf: see shelf.h for what it is.
 *
 * A heap of places with chains by the lower bits of a call's number; the
 * events of a call hang one behind the other, each a piece of memory of its
 * own, since most of them are soon thrown away.
 */
#include "calls/exchange/shelf.h"

#include <errno.h>
#include <sys/queue.h>

#include "calls/exchange/call_event.h"
#include "switch/object.h"

enum { CHAINS = 4096 }; /* as many calls at once are a longer chain each */

struct laid {
	STAILQ_ENTRY(laid) next;
	struct call_event event;
};

struct story {
	LIST_ENTRY(story) next; /* in its chain */
	STAILQ_HEAD(events, laid) events;
	uint64_t call;
	unsigned int count;
	bool has_failed;
};

struct shelf {
	unsigned int magic;
#define SHELF_MAGIC 0x2d90f36b
	uint64_t count;
	LIST_HEAD(chain, story) chains[CHAINS];
};

int
shelf_alloc(struct shelf **ret_shelf)
{
	struct shelf *shelf;

	if (ALLOC_OBJ(shelf, SHELF_MAGIC) == NULL)
		return -ENOMEM;
	*ret_shelf = shelf;
	return 0;
}

static void
forget(void *arg, const struct call_event *event)
{
	(void)arg, (void)event;
}

void
shelf_free(struct shelf **shelfp)
{
	struct story *story;
	unsigned int i;

	for (i = 0; *shelfp != NULL && i < CHAINS; i++)
		while ((story = LIST_FIRST(&(*shelfp)->chains[i])) != NULL)
			shelf_clear(*shelfp, story->call, forget, NULL);
	FREE_OBJ(shelfp, SHELF_MAGIC);
}

static struct chain *
chain_of(struct shelf *shelf, uint64_t call)
{
	return &shelf->chains[call % CHAINS];
}

static struct story *
find(struct shelf *shelf, uint64_t call)
{
	struct story *story;

	CHECK_OBJ(shelf, SHELF_MAGIC);
	LIST_FOREACH(story, chain_of(shelf, call), next)
	if (story->call == call)
		return story;
	return NULL;
}

static struct story *
begin(struct shelf *shelf, uint64_t call)
{
	struct story *story = object_alloc(sizeof *story);

	if (story == NULL)
		return NULL;
	STAILQ_INIT(&story->events);
	story->call = call;
	LIST_INSERT_HEAD(chain_of(shelf, call), story, next);
	return story;
}

int
shelf_begin(struct shelf *shelf, uint64_t call)
{
	if (find(shelf, call) != NULL)
		return 0;
	return begin(shelf, call) == NULL ? -ENOMEM : 0;
}

bool
shelf_has(struct shelf *shelf, uint64_t call)
{
	return find(shelf, call) != NULL;
}

int
shelf_put(struct shelf *shelf, const struct call_event *event)
{
	struct story *story = find(shelf, event->call);
	struct laid *laid;

	if (story == NULL)
		story = begin(shelf, event->call);
	laid = story == NULL ? NULL : object_alloc(sizeof *laid);
	if (laid == NULL)
		return -ENOMEM;
	laid->event = *event;
	STAILQ_INSERT_TAIL(&story->events, laid, next);
	story->count++;
	shelf->count++;
	return 0;
}

static void
drop_first(struct shelf *shelf, struct story *story)
{
	struct laid *laid = STAILQ_FIRST(&story->events);

	STAILQ_REMOVE_HEAD(&story->events, next);
	object_free(laid, sizeof *laid);
	story->count--;
	shelf->count--;
}

void
shelf_shorten(struct shelf *shelf, uint64_t call, unsigned int most)
{
	struct story *story = find(shelf, call);

	while (story != NULL && story->count > most)
		drop_first(shelf, story);
}

void
shelf_look(struct shelf *shelf, uint64_t call, shelf_give_f *give, void *arg)
{
	const struct story *story = find(shelf, call);
	const struct laid *laid;

	if (story == NULL)
		return;
	STAILQ_FOREACH(laid, &story->events, next)
	give(arg, &laid->event);
}

void
shelf_judge(struct shelf *shelf, uint64_t call, bool has_failed)
{
	struct story *story = find(shelf, call);

	if (story != NULL)
		story->has_failed = has_failed;
}

void
shelf_clear(struct shelf *shelf, uint64_t call, shelf_give_f *give, void *arg)
{
	struct story *story = find(shelf, call);
	struct laid *laid;

	if (story == NULL)
		return;
	while ((laid = STAILQ_FIRST(&story->events)) != NULL) {
		if (story->has_failed)
			give(arg, &laid->event);
		drop_first(shelf, story);
	}
	LIST_REMOVE(story, next);
	object_free(story, sizeof *story);
}

uint64_t
shelf_count(const struct shelf *shelf)
{
	CHECK_OBJ(shelf, SHELF_MAGIC);
	return shelf->count;
}
