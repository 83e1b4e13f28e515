/*
 * audit: see audit.h for what it is.
 *
 * Everything in the store hangs on the header of a process or in the timing
 * wheel; so it is counted from there, piece by piece, and the sum held against
 * what the store itself says is taken.
 */
#include "switch/audit.h"

#include <inttypes.h>
#include <stdio.h>

#include "switch/holding.h"
#include "switch/message.h"
#include "switch/scheduler_internal.h"

struct sums {
	uint64_t bytes, timers, messages, orphans;
};

static void
add_mailbox(const struct scheduler *scheduler, const struct process *process,
    struct sums *sums)
{
	uint32_t ref = process->mailbox_first;

	for (; ref != 0; ref = message_at(scheduler, ref)->next) {
		sums->messages++;
		sums->bytes +=
		    message_footprint(scheduler, message_at(scheduler, ref));
	}
}

static void
add_process(const struct scheduler *scheduler, const struct process *process,
    struct sums *sums)
{
	const struct behaviour *behaviour;
	uint32_t ref;

	if (process->status == PROCESS_FREE)
		return;
	behaviour = behaviour_at(scheduler->behaviours, process->behaviour);
	if (process->state != 0)
		sums->bytes += store_piece(behaviour->module->schema.size);
	add_mailbox(scheduler, process, sums);
	for (ref = process->holdings; ref != 0;
	     ref = holding_at(scheduler, ref)->next)
		sums->bytes +=
		    holding_footprint(scheduler, holding_at(scheduler, ref));
}

/* A timer lies in the wheel and on its owner, who has counted it. */
static void
add_entry(const struct scheduler *scheduler, uint32_t ref, struct sums *sums)
{
	const struct holding *holding = holding_at(scheduler, ref);
	const struct holding_timer *timer = store_at(scheduler->store, ref);

	if (holding->kind == HOLDING_DUE) {
		sums->bytes += holding_footprint(scheduler, holding);
		return;
	}
	sums->timers++;
	sums->orphans += process_find(scheduler, timer->owner) == NULL;
}

static void
add_entries(const struct scheduler *scheduler, const struct wheel_list *list,
    struct sums *sums)
{
	const struct holding_timer *timer;
	uint32_t ref;

	for (ref = list->first; ref != 0; ref = timer->entry.next) {
		timer = store_at(scheduler->store, ref);
		add_entry(scheduler, ref, sums);
	}
}

static struct sums
sum_up(const struct scheduler *scheduler)
{
	struct sums sums = { 0 };
	uint32_t slot, ref = scheduler->late.first;
	unsigned int i;

	for (slot = 1; slot < scheduler->slots; slot++)
		add_process(scheduler, process_at(scheduler, slot), &sums);
	for (i = 0; i < WHEEL_LEVELS * WHEEL_SLOTS; i++)
		add_entries(scheduler, &scheduler->wheel.slots[i], &sums);
	add_entries(scheduler, &scheduler->wheel.due, &sums);
	for (; ref != 0; ref = message_at(scheduler, ref)->next)
		sums.bytes +=
		    message_footprint(scheduler, message_at(scheduler, ref));
	return sums;
}

/* What a slot still has that nobody lives in. */
static uint64_t
count_left_behind(const struct scheduler *scheduler)
{
	const struct process *process;
	uint64_t count = 0;
	uint32_t slot;

	for (slot = 1; slot < scheduler->slots; slot++) {
		process = process_at(scheduler, slot);
		if (process->status == PROCESS_FREE)
			count += process->mailbox_first != 0 ||
			    process->holdings != 0;
	}
	return count;
}

bool
audit_owners(struct scheduler *scheduler, char *text, size_t size)
{
	struct sums sums;
	uint64_t left;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	sums = sum_up(scheduler);
	left = count_left_behind(scheduler);
	(void)snprintf(text, size,
	    "%" PRIu64 " timers and %" PRIu64 " messages, %" PRIu64
	    " timers without an owner, %" PRIu64 " slots left unclean",
	    sums.timers, sums.messages, sums.orphans, left);
	return sums.orphans == 0 && left == 0;
}

bool
audit_bytes(struct scheduler *scheduler, char *text, size_t size)
{
	uint64_t sum;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	sum = sum_up(scheduler).bytes;
	(void)snprintf(text, size,
	    "the store has %" PRIu64 " bytes in use, live objects are %" PRIu64,
	    scheduler->store->bytes_in_use, sum);
	return sum == scheduler->store->bytes_in_use;
}
