/*
 * slots: which places in the table of processes are free, and who runs next.
 *
 * Both are lists of slots that run through the headers' `next`: a process that
 * is free is in the one, one that has mail in the other, and nobody in both.
 * The few that run next are taken out of the run queue some time before, so
 * that what they need is in the caches when their turn comes.
 *
 * Invariants:
 *   1. a header bears QUEUED if and only if its slot stands in the run queue
 *      or among the ready;
 *   2. a slot among the ready whose process has ended is 0 there.
 */
#include <string.h>

#include "switch/scheduler_internal.h"

enum { STATE_AHEAD = 128 /* as of most */ };

void
slot_append(struct scheduler *scheduler, struct slot_list *list, uint32_t slot)
{
	process_at(scheduler, slot)->next = 0;
	if (list->last != 0)
		process_at(scheduler, list->last)->next = slot;
	else
		list->first = slot;
	list->last = slot;
}

uint32_t
slot_take_first(struct scheduler *scheduler, struct slot_list *list)
{
	uint32_t slot = list->first;

	if (slot == 0)
		return 0;
	list->first = process_at(scheduler, slot)->next;
	if (list->first == 0)
		list->last = 0;
	else /* its turn is next */
		__builtin_prefetch(process_at(scheduler, list->first));
	return slot;
}

void
slot_remove(struct scheduler *scheduler, struct slot_list *list, uint32_t slot)
{
	uint32_t one, before = 0;

	for (one = list->first; one != slot;
	     one = process_at(scheduler, one)->next)
		before = one;
	if (before == 0)
		list->first = process_at(scheduler, slot)->next;
	else
		process_at(scheduler, before)->next =
		    process_at(scheduler, slot)->next;
	if (list->last == slot)
		list->last = before;
}

/* Free slots are used again first in, first out, so that pids differ long. */
uint32_t
slot_take(struct scheduler *scheduler)
{
	uint32_t slot = slot_take_first(scheduler, &scheduler->free_slots);

	if (slot != 0)
		return slot;
	if (store_grow_table(scheduler->store, scheduler->slots) != 0)
		return 0;
	slot = scheduler->number * STORE_SLOTS + scheduler->slots++;
	process_at(scheduler, slot)->generation = 1;
	return slot;
}

/* A slot whose generations are used up is not used again. */
void
slot_give(struct scheduler *scheduler, uint32_t slot)
{
	struct process *process = process_at(scheduler, slot);
	uint32_t generation = process->generation;

	memset(process, 0, sizeof *process);
	process->generation = generation + 1;
	if (process->generation != 0)
		slot_append(scheduler, &scheduler->free_slots, slot);
}

void
process_make_ready(struct scheduler *scheduler, struct process *process)
{
	if ((process->flags & PROCESS_QUEUED) != 0)
		return;
	process->flags |= PROCESS_QUEUED;
	ahead_fetch_state(scheduler, process, STATE_AHEAD);
	slot_append(
	    scheduler, &scheduler->run_queue, process_slot(scheduler, process));
}

/*
 * Memory is slow and processes are many: what the next ones need is asked for
 * while those before them run.
 */
static void
look_ahead(struct scheduler *scheduler)
{
	const struct process *process;
	unsigned int i;

	scheduler->ready_next = scheduler->ready_count = 0;
	while (scheduler->ready_count < READY_AHEAD &&
	    scheduler->run_queue.first != 0) {
		i = scheduler->ready_count++;
		scheduler->ready[i] =
		    slot_take_first(scheduler, &scheduler->run_queue);
		process = process_at(scheduler, scheduler->ready[i]);
		if (i == 0)
			continue; /* it runs at once */
		__builtin_prefetch(
		    message_at(scheduler, process->mailbox_first));
		ahead_fetch_state(scheduler, process,
		    process_behaviour(scheduler, process)->state_size);
	}
}

struct process *
process_take_ready(struct scheduler *scheduler)
{
	struct process *process;
	uint32_t slot = 0;

	while (slot == 0) { /* 0: it has ended meanwhile */
		if (scheduler->ready_next == scheduler->ready_count)
			look_ahead(scheduler);
		if (scheduler->ready_next == scheduler->ready_count)
			return NULL;
		slot = scheduler->ready[scheduler->ready_next++];
	}
	process = process_at(scheduler, slot);
	process->flags &= (uint8_t)~PROCESS_QUEUED;
	return process;
}

static bool
leave_ready(struct scheduler *scheduler, uint32_t slot)
{
	unsigned int i;

	for (i = scheduler->ready_next; i < scheduler->ready_count; i++)
		if (scheduler->ready[i] == slot) {
			scheduler->ready[i] = 0;
			return true;
		}
	return false;
}

void
process_leave_queue(struct scheduler *scheduler, struct process *process)
{
	uint32_t slot = process_slot(scheduler, process);

	if ((process->flags & PROCESS_QUEUED) == 0 ||
	    leave_ready(scheduler, slot))
		return;
	slot_remove(scheduler, &scheduler->run_queue, slot);
}
