/*
 * process: see process.h for what it is.
 *
 * A life: process_spawn() takes a slot, leaves the start event in the mailbox
 * and makes it ready (STARTING); init() has run: RUNNING; process_end() leaves
 * EVENT_TERMINATE as its only mail (ENDING); after terminate(), or at once
 * where it is killed, process_finish() frees all and the slot gets its next
 * generation (FREE).  A pool that leaves its children to an heir is VACANT
 * first: its slot, its children and the mail that comes wait for the
 * process_spawn() that inherits them, or for process_dissolve().  One whose
 * end could not be told yet, as no memory was left, keeps its slot (UNTOLD).
 *
 * Invariants:
 *   1. a slot is on the list of free ones, or FREE above `slots`, or lent to
 *      another scheduler (FREE too, courier_place.c), or one of a life above;
 *   2. a live process whose mailbox is not empty is queued or running, but for
 *      one that is SUSPENDED (system.c);
 *   3. a message lies in one mailbox, or is `running.message`;
 *   4. a process with a supervisor here stands in that one's list of children;
 *      one elsewhere has a bond with it instead.
 */
#include "switch/process.h"

#include <errno.h>
#include <string.h>

#include "switch/courier.h"
#include "switch/holding.h"
#include "switch/mailbox.h"
#include "switch/message.h"
#include "switch/registry.h"
#include "switch/scheduler_internal.h"
#include "switch/unit.h"

struct process *
process_place(const struct scheduler *scheduler, struct pid pid)
{
	uint32_t place = pid.slot - scheduler->number * STORE_SLOTS;
	struct process *process;

	if (place == 0 || place >= scheduler->slots)
		return NULL;
	process = process_at(scheduler, pid.slot);
	if (process->status == PROCESS_FREE ||
	    process->generation != pid.generation)
		return NULL;
	return process;
}

struct process *
process_find(const struct scheduler *scheduler, struct pid pid)
{
	struct process *process = process_place(scheduler, pid);

	return process == NULL || process->status >= PROCESS_VACANT ? NULL
								    : process;
}

struct log_entry
process_entry(const struct scheduler *scheduler, enum log_level level,
    const struct behaviour *behaviour, struct pid pid)
{
	return (struct log_entry){ .now = scheduler->now,
		.level = level,
		.module = behaviour->name,
		.version = behaviour->version,
		.pid = pid };
}

struct pid
process_pid(const struct scheduler *scheduler, const struct process *process)
{
	return (struct pid){ process_slot(scheduler, process),
		process->generation };
}

/*
 * A verb and a post have reserved; what answers a request has not, and is
 * short enough to wait for memory itself.
 */
static void
deliver_away(struct scheduler *scheduler, struct pid to, uint32_t message)
{
	if (message_at(scheduler, message)->length <= COURIER_MUST_MAX) {
		courier_must_send(scheduler, CARGO_MESSAGE, to, message);
	} else if (courier_reserve(scheduler, to) == 0) {
		courier_send_message(scheduler, CARGO_MESSAGE, to, message);
	} else {
		scheduler->counts.undelivered++;
		message_free(scheduler, message);
	}
}

static void
deliver_at_rest(
    struct scheduler *scheduler, struct process *process, uint32_t message)
{
	if (process->status == PROCESS_SUSPENDED)
		system_deliver(scheduler, process, message);
	else
		mailbox_append(scheduler, process, message); /* for an heir */
}

void
process_deliver(struct scheduler *scheduler, struct pid to, uint32_t message)
{
	struct process *process = process_place(scheduler, to);

	scheduler->counts.sends++;
	if (pid_is_away(scheduler, to)) {
		deliver_away(scheduler, to, message);
		return;
	}
	if (process == NULL || process->status == PROCESS_ENDING ||
	    process->status == PROCESS_UNTOLD) {
		mailbox_lose(scheduler, message);
		message_free(scheduler, message);
		return;
	}
	if (process->status >= PROCESS_SUSPENDED) {
		deliver_at_rest(scheduler, process, message);
		return;
	}
	mailbox_append(scheduler, process, message);
	process_make_ready(scheduler, process);
}

/* Few have a name: the others' ends need not be looked up. */
void
process_forget_name(struct scheduler *scheduler, struct process *process)
{
	if ((process->flags & PROCESS_NAMED) == 0)
		return;
	process->flags &= (uint8_t)~PROCESS_NAMED;
	registry_forget(scheduler->registry, process_pid(scheduler, process));
}

void *
process_context(struct self *self)
{
	return self->scheduler->running.behaviour->context;
}

/* One elsewhere may have ended: who sends there learns nothing of it. */
static int
check_receiver(struct scheduler *scheduler, struct pid to)
{
	const struct process *process;
	int error;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (pid_is_away(scheduler, to)) {
		error = courier_knows_full(scheduler, to)
		    ? -ENOSPC
		    : courier_reserve(scheduler, to);
		if (error == 0)
			courier_give_back(scheduler, to);
		return error;
	}
	process = process_find(scheduler, to);
	if (process == NULL || process->status == PROCESS_ENDING)
		return -ESRCH;
	return process->mailbox_length >= MAILBOX_MAX ? -ENOSPC : 0;
}

/* Delivers what could be made, or counts that there was no room. */
static int
deliver_or_refuse(
    struct scheduler *scheduler, struct pid to, uint32_t message, int error)
{
	if (error == 0 && message == 0)
		error = -ENOSPC;
	scheduler->counts.refused += error == -ENOSPC;
	if (error == 0)
		process_deliver(scheduler, to, message);
	return error;
}

int
process_post(struct scheduler *scheduler, struct pid to, uint16_t kind,
    const void *body, size_t length)
{
	int error = check_receiver(scheduler, to);
	uint32_t message = 0;

	if (error == 0)
		message =
		    message_alloc(scheduler, kind, PID_NONE, body, length);
	return deliver_or_refuse(scheduler, to, message, error);
}

int
process_post_parcel(struct scheduler *scheduler, struct pid to, uint16_t kind,
    const void *bytes, size_t size)
{
	int error = check_receiver(scheduler, to);
	uint32_t message = 0;

	if (error == 0)
		message = message_alloc_parcel(scheduler, kind, PID_NONE, size);
	if (message != 0)
		memcpy(message_parcel(scheduler, message_at(scheduler, message))
			   ->bytes,
		    bytes, size);
	return deliver_or_refuse(scheduler, to, message, error);
}

bool
process_is_alive(struct scheduler *scheduler, struct pid pid)
{
	return process_find(scheduler, pid) != NULL;
}

int
process_info(
    struct scheduler *scheduler, struct pid pid, struct process_info *ret_info)
{
	const struct process *process = process_find(scheduler, pid);
	const struct behaviour *behaviour;

	if (process == NULL)
		return -ESRCH;
	behaviour = process_behaviour(scheduler, process);
	*ret_info = (struct process_info){
		.pid = pid,
		.supervisor = process->supervisor,
		.behaviour = process->behaviour,
		.born = process->born,
		.status = process->status,
		.on_fault = (process->flags & PROCESS_RESUMES) != 0
		    ? ON_FAULT_RESUME
		    : ON_FAULT_EXIT,
		.faults = process->faults,
		.upgrades = process->upgrades,
		.mailbox = process->is_untold ? 0 : process->mailbox_length,
		.events = process->events,
		.state_size = behaviour->state_size,
		.pause_us = (process->pause_ns + 999) / 1000,
		.is_barred = retry_is_barred(scheduler, process),
		.has_failed = retry_has_failed(scheduler, process),
		.is_pinned = retry_is_in_vain(scheduler, process) &&
		    !retry_has_failed(scheduler, process),
		.by_other = process->by_other,
		.state = store_at(scheduler->store, process->state),
	};
	return 0;
}

uint64_t
process_awaits(struct scheduler *scheduler, struct pid pid, uint16_t kind)
{
	const struct process *process = process_find(scheduler, pid);
	const struct message *message;
	uint64_t count = courier_count(scheduler, pid, kind);
	uint32_t ref = process == NULL ? 0 : process->mailbox_first;

	for (; ref != 0; ref = message->next) {
		message = message_at(scheduler, ref);
		count += message->kind == kind;
	}
	return count;
}

struct pid
process_partner(struct scheduler *scheduler, struct pid pid)
{
	const struct process *process = process_find(scheduler, pid);
	const struct process *partner =
	    process == NULL ? NULL : unit_partner(scheduler, process);

	return partner == NULL ? PID_NONE : process_pid(scheduler, partner);
}

const char *
process_status_word(const struct process_info *info)
{
	switch ((enum process_status)info->status) {
	case PROCESS_STARTING:
		return "starting";
	case PROCESS_RUNNING:
		return info->mailbox == 0 ? "waiting" : "running";
	case PROCESS_ENDING:
		return "ending";
	case PROCESS_SUSPENDED:
		return "suspended";
	case PROCESS_FREE:
	case PROCESS_VACANT:
	case PROCESS_UNTOLD:
		break;
	}
	return "ended";
}

bool
process_name(struct scheduler *scheduler, struct pid pid, char *ret_name)
{
	return registry_name(scheduler->registry, pid, ret_name);
}

bool
process_next(struct scheduler *scheduler, uint32_t *cursor, struct pid *ret_pid)
{
	uint32_t looks = UINT32_MAX;

	return process_next_of(scheduler, cursor, &looks, ret_pid);
}

bool
process_next_of(struct scheduler *scheduler, uint32_t *cursor, uint32_t *looks,
    struct pid *ret_pid)
{
	const struct process *process;
	uint32_t slot = *cursor == 0 ? 1 : *cursor;
	bool is_found = false;

	while (!is_found && slot<scheduler->slots && * looks> 0) {
		(*looks)--;
		process = process_at(scheduler, slot++);
		is_found = process->status != PROCESS_FREE &&
		    process->status < PROCESS_VACANT; /* it knows whose it is */
		if (is_found)
			*ret_pid = process_pid(scheduler, process);
	}
	*cursor = slot;
	return is_found;
}

void
process_add_pause(struct scheduler *scheduler, struct pid pid, uint64_t cpu_ns)
{
	struct process *process = process_find(scheduler, pid);
	uint64_t sum;

	if (process == NULL)
		return;
	sum = process->pause_ns + cpu_ns;
	process->pause_ns = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

int
process_break(struct scheduler *scheduler, struct pid pid, uint16_t kind,
    enum fault_way way, uint32_t count)
{
	struct process *process = process_find(scheduler, pid);
	struct holding *order;
	uint32_t ref;

	if (process == NULL)
		return -ESRCH;
	if (count == 0)
		return -EINVAL;
	ref = holding_alloc(scheduler, HOLDING_BREAK);
	if (ref == 0)
		return -ENOSPC;
	order = holding_at(scheduler, ref);
	order->type = (uint8_t)way;
	order->number = kind;
	order->count = count;
	holding_attach(scheduler, process, ref);
	process->flags |= PROCESS_BROKEN;
	return 0;
}
