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

#include "switch/family.h"
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

static void
sum_up(const struct scheduler *scheduler, struct sums *sums)
{
	uint32_t slot, ref = scheduler->late.first;
	unsigned int i;

	for (slot = 1; slot < scheduler->slots; slot++)
		add_process(scheduler, process_at(scheduler, slot), sums);
	for (i = 0; i < WHEEL_LEVELS * WHEEL_SLOTS; i++)
		add_entries(scheduler, &scheduler->wheel.slots[i], sums);
	add_entries(scheduler, &scheduler->wheel.due, sums);
	sums->bytes += scheduler->answers * store_piece(sizeof(struct message));
	for (; ref != 0; ref = message_at(scheduler, ref)->next)
		sums->bytes +=
		    message_footprint(scheduler, message_at(scheduler, ref));
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
audit_owners(struct scheduler *home, char *text, size_t size)
{
	struct sums sums = { 0 };
	uint64_t left = 0;
	unsigned int i;

	CHECK_OBJ(home, SCHEDULER_MAGIC);
	for (i = 0; i < home->schedulers; i++) {
		sum_up(scheduler_peer(home, i), &sums);
		left += count_left_behind(scheduler_peer(home, i));
	}
	(void)snprintf(text, size,
	    "%" PRIu64 " timers and %" PRIu64 " messages, %" PRIu64
	    " timers without an owner, %" PRIu64 " slots left unclean",
	    sums.timers, sums.messages, sums.orphans, left);
	return sums.orphans == 0 && left == 0;
}

/* In the list of those that live where it does; else it has a record of it. */
static bool
is_listed(struct scheduler *scheduler, const struct process *process)
{
	const struct scheduler *home =
	    scheduler_where(scheduler, process->supervisor);
	const struct family *family = family_of(home, process->supervisor);
	const struct pid pid = process_pid(scheduler, process);

	if (family == NULL)
		return false;
	if (home != scheduler)
		return child_table_find_pid(home->store, &family->table, pid) !=
		    0;
	return process->younger == 0
	    ? family->youngest == pid.slot
	    : process_at(scheduler, process->younger)->older == pid.slot;
}

struct census {
	uint64_t count, orphans, unlisted;
};

static void
count_process(
    struct scheduler *scheduler, struct pid pid, struct census *census)
{
	const struct process *process = process_find(scheduler, pid);

	if (!process_is_alive(scheduler_where(scheduler, process->supervisor),
		process->supervisor))
		census->orphans++;
	else
		census->unlisted += !is_listed(scheduler, process);
}

bool
audit_supervisors(
    struct scheduler *home, struct pid root, char *text, size_t size)
{
	struct census census = { 0 };
	struct scheduler *one;
	struct pid pid;
	unsigned int i;
	uint32_t cursor;

	CHECK_OBJ(home, SCHEDULER_MAGIC);
	for (i = 0; i < home->schedulers; i++) {
		one = scheduler_peer(home, i);
		for (cursor = 0; process_next(one, &cursor, &pid);
		     census.count++)
			if (!pid_equal(pid, root))
				count_process(one, pid, &census);
	}
	(void)snprintf(text, size,
	    "%" PRIu64 " processes, %" PRIu64
	    " without a live supervisor, %" PRIu64 " that theirs does not list",
	    census.count, census.orphans, census.unlisted);
	return census.orphans == 0 && census.unlisted == 0;
}

/* Store by store: too much in one must not make up for too little in other. */
bool
audit_bytes(struct scheduler *home, char *text, size_t size)
{
	uint64_t bytes = 0, in_use = 0;
	bool agree = true;
	unsigned int i;

	CHECK_OBJ(home, SCHEDULER_MAGIC);
	for (i = 0; i < home->schedulers; i++) {
		const struct scheduler *one = scheduler_peer(home, i);
		struct sums sums = { 0 };

		sum_up(one, &sums);
		agree = agree && sums.bytes == one->store->bytes_in_use;
		bytes += sums.bytes;
		in_use += one->store->bytes_in_use;
	}
	(void)snprintf(text, size,
	    "the store has %" PRIu64 " bytes in use, live objects are %" PRIu64,
	    in_use, bytes);
	return agree;
}
