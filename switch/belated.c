/*
 * belated: see belated.h for what they are.
 *
 * A list in order of due and asking, which is empty but in bad times.
 */
#include "switch/belated.h"

#include <errno.h>

#include "switch/object.h"

struct belated {
	struct belated *next;
	uint64_t at; /* µs of the run */
	scheduler_due_f *due;
	void *arg;
	uint64_t key;
};

int
belated_add(struct scheduler *scheduler, uint64_t at, scheduler_due_f *due,
    void *arg, uint64_t key)
{
	struct belated *belated = object_alloc(sizeof *belated);
	struct belated **place = &scheduler->belated;

	if (belated == NULL)
		return -ENOMEM;
	while (*place != NULL && (*place)->at <= at)
		place = &(*place)->next;
	*belated = (struct belated){ *place, at, due, arg, key };
	*place = belated;
	return 0;
}

/* Only those that were there before: what one asks for now has its own turn. */
bool
belated_fire(struct scheduler *scheduler)
{
	struct belated *due = scheduler->belated, *next, **end = &due;

	while (*end != NULL && (*end)->at <= scheduler->now)
		end = &(*end)->next;
	if (end == &due)
		return false;
	scheduler->belated = *end;
	*end = NULL;
	for (; due != NULL; due = next) {
		next = due->next;
		due->due(due->arg, due->key);
		object_free(due, sizeof *due);
	}
	return true;
}

uint64_t
belated_next(const struct scheduler *scheduler)
{
	return scheduler->belated == NULL ? UINT64_MAX : scheduler->belated->at;
}

void
belated_forget(struct scheduler *scheduler)
{
	struct belated *belated;

	while ((belated = scheduler->belated) != NULL) {
		scheduler->belated = belated->next;
		object_free(belated, sizeof *belated);
	}
}
