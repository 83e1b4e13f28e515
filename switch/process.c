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
 *   1. a slot is on the list of free ones, or FREE above `slots`, or alive;
 *   2. a live process whose mailbox is not empty is queued or running, but for
 *      one that is SUSPENDED (system.c);
 *   3. a message lies in one mailbox, or is `running.message`;
 *   4. a process with a supervisor stands in that one's list of children.
 */
#include "switch/process.h"

#include <errno.h>
#include <string.h>

#include "switch/courier.h"
#include "switch/family.h"
#include "switch/holding.h"
#include "switch/mailbox.h"
#include "switch/message.h"
#include "switch/registry.h"
#include "switch/scheduler_internal.h"

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

struct pid
process_pid(const struct scheduler *scheduler, const struct process *process)
{
	return (struct pid){ process_slot(scheduler, process),
		process->generation };
}

static void
deliver_away(struct scheduler *scheduler, struct pid to, uint32_t message)
{
	if (courier_reserve(scheduler, to) == 0) {
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
		scheduler->counts.undelivered++;
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

/* The request in hand goes on as the start event that it brought. */
static uint32_t
start_event(struct scheduler *scheduler, const struct spawn *spawn)
{
	struct running *running = &scheduler->running;
	struct message *asked = message_at(scheduler, running->message);

	if (running->message == 0 || running->keeps_message ||
	    spawn->start != asked->body.bytes ||
	    spawn->length != asked->length ||
	    message_parcel(scheduler, asked) != NULL)
		return message_alloc(scheduler, EVENT_START, spawn->requester,
		    spawn->start, spawn->length);
	running->keeps_message = true;
	asked->kind = EVENT_START;
	asked->from = spawn->requester;
	return running->message;
}

static int
give_memory(struct scheduler *scheduler, struct process *process,
    const struct spawn *spawn)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, spawn->behaviour);
	uint32_t size = behaviour->module->schema.size;
	uint32_t start;

	process->state = store_take(scheduler->store, size);
	if (process->state == 0)
		return -ENOSPC;
	memset(store_at(scheduler->store, process->state), 0, size);
	start = start_event(scheduler, spawn);
	if (start == 0) {
		store_give(scheduler->store, process->state, size);
		return -ENOSPC;
	}
	mailbox_prepend(
	    scheduler, process, start); /* an heir has mail already */
	return 0;
}

static void
describe(struct process *process, const struct spawn *spawn)
{
	process->status = PROCESS_STARTING;
	process->behaviour = process->born = spawn->behaviour;
	process->supervisor = spawn->supervisor;
	process->fault_limit = spawn->fault_limit;
	if (spawn->traps_exit)
		process->flags |= PROCESS_TRAPS_EXIT;
	if (spawn->on_fault == ON_FAULT_RESUME)
		process->flags |= PROCESS_RESUMES;
	process->tells_asker = spawn->tells_asker;
}

/* The place that an heir takes; NULL: there is none, it takes a new one. */
static struct process *
place_to_inherit(const struct scheduler *scheduler, const struct spawn *spawn)
{
	struct process *process = process_place(scheduler, spawn->inherits);

	return process != NULL && process->status == PROCESS_VACANT &&
		pid_equal(process->supervisor, spawn->supervisor)
	    ? process
	    : NULL;
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

static int
give_name_and_memory(struct scheduler *scheduler, struct process *process,
    const struct spawn *spawn)
{
	struct pid pid = process_pid(scheduler, process);
	int error = 0;

	if (spawn->name != NULL) {
		error =
		    registry_register(scheduler->registry, spawn->name, pid);
		process->flags |= error == 0 ? PROCESS_NAMED : 0;
	}
	if (error == 0)
		error = give_memory(scheduler, process, spawn);
	if (error != 0)
		process_forget_name(scheduler, process);
	return error;
}

static void
enter(struct scheduler *scheduler, struct process *process,
    const struct spawn *spawn)
{
	struct behaviour_tally *tally = &scheduler->tallies[spawn->behaviour];

	describe(process, spawn);
	process_make_ready(scheduler, process);
	tally_add(&tally->holders, 1);
	tally_add(&tally->births, 1);
	scheduler->counts.spawned++;
}

/*--------------------------------------------------------------------
 * A child on another scheduler
 */

/* What its supervisor has of it: there is no list for it to stand in. */
static int
bond_with_child(
    struct scheduler *scheduler, const struct spawn *spawn, struct pid child)
{
	struct process *supervisor = process_find(scheduler, spawn->supervisor);
	uint32_t ref;

	if (supervisor == NULL)
		return 0; /* nobody's child */
	ref = holding_alloc(scheduler, HOLDING_CHILD);
	if (ref == 0)
		return -ENOSPC;
	bond_at(scheduler, ref)->peer = child;
	holding_attach(scheduler, supervisor, ref);
	return 0;
}

static void
order(struct scheduler *scheduler, const struct spawn *spawn, struct pid child)
{
	struct cargo cargo = { .type = CARGO_SPAWN,
		.to = child,
		.about = spawn->supervisor,
		.number = spawn->behaviour,
		.orderer = (uint8_t)scheduler->number,
		.on_fault = spawn->on_fault,
		.fault_limit = spawn->fault_limit,
		.traps_exit = spawn->traps_exit,
		.has_name = spawn->name != NULL };

	cargo.message.from = spawn->requester;
	cargo.message.length = (uint8_t)spawn->length;
	if (spawn->length > 0)
		memcpy(cargo.message.body.bytes, spawn->start, spawn->length);
	courier_send(scheduler, &cargo);
}

/* All that can fail happens here; the other scheduler only carries it out. */
static int
spawn_away(
    struct scheduler *scheduler, const struct spawn *spawn, struct pid *ret_pid)
{
	struct pid child = courier_take_place(scheduler, spawn->scheduler);
	int error = pid_is_none(child) ? -ENOSPC : 0;

	if (error != 0)
		return error;
	error = courier_reserve(scheduler, child);
	if (error != 0) {
		courier_return_place(scheduler, child);
		return error;
	}
	if (spawn->name != NULL)
		error =
		    registry_register(scheduler->registry, spawn->name, child);
	if (error == 0)
		error = bond_with_child(scheduler, spawn, child);
	if (error == 0) {
		order(scheduler, spawn, child);
		*ret_pid = child;
		return 0;
	}
	if (spawn->name != NULL)
		registry_forget(scheduler->registry, child);
	courier_give_back(scheduler, child);
	courier_return_place(scheduler, child);
	return error;
}

/*
 * As process_spawn(), but the place and the name are the child's already, and
 * its version may have been replaced while the order was on its way.
 */
bool
process_spawn_ordered(struct scheduler *scheduler, const struct cargo *order)
{
	const struct spawn spawn = { .behaviour = behaviour_for_birth(
					 scheduler->behaviours,
					 (uint16_t)order->number),
		.on_fault = order->on_fault,
		.fault_limit = order->fault_limit,
		.traps_exit = order->traps_exit,
		.supervisor = order->about,
		.requester = order->message.from,
		.start = order->message.body.bytes,
		.length = order->message.length };
	struct process *process = process_at(scheduler, order->to.slot);

	assert(process->status == PROCESS_FREE &&
	    process->generation == order->to.generation);
	if (give_memory(scheduler, process, &spawn) != 0)
		return false;
	process->flags |= order->has_name ? PROCESS_NAMED : 0;
	enter(scheduler, process, &spawn);
	courier_send_place(scheduler, order->orderer);
	return true;
}

int
process_spawn(
    struct scheduler *scheduler, const struct spawn *spawn, struct pid *ret_pid)
{
	struct process *process = place_to_inherit(scheduler, spawn);
	bool inherits = process != NULL;
	uint32_t slot;
	int error;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (spawn->behaviour == 0 || spawn->length > MESSAGE_BODY ||
	    spawn->scheduler >= scheduler->schedulers)
		return -EINVAL;
	if (spawn->scheduler != 0 && spawn->scheduler != scheduler->number)
		return spawn_away(scheduler, spawn, ret_pid);
	if (!inherits) {
		slot = slot_take(scheduler);
		if (slot == 0)
			return -ENOSPC;
		process = process_at(scheduler, slot);
	}
	error = give_name_and_memory(scheduler, process, spawn);
	if (error == 0)
		enter(scheduler, process, spawn);
	if (error == 0 && !inherits)
		family_enter(scheduler, process);
	if (error != 0 && !inherits)
		slot_give(scheduler, process_slot(scheduler, process));
	if (error == 0)
		*ret_pid = process_pid(scheduler, process);
	return error;
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

int
process_post(struct scheduler *scheduler, struct pid to, uint16_t kind,
    const void *body, size_t length)
{
	uint32_t message;
	int error = check_receiver(scheduler, to);

	if (error != 0)
		return error;
	message = message_alloc(scheduler, kind, PID_NONE, body, length);
	if (message == 0)
		return -ENOSPC;
	process_deliver(scheduler, to, message);
	return 0;
}

int
process_post_parcel(struct scheduler *scheduler, struct pid to, uint16_t kind,
    const void *bytes, size_t size)
{
	uint32_t message;
	int error = check_receiver(scheduler, to);

	if (error != 0)
		return error;
	message = message_alloc_parcel(scheduler, kind, PID_NONE, size);
	if (message == 0)
		return -ENOSPC;
	memcpy(message_parcel(scheduler, message_at(scheduler, message))->bytes,
	    bytes, size);
	process_deliver(scheduler, to, message);
	return 0;
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
	behaviour = behaviour_at(scheduler->behaviours, process->behaviour);
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
		.state_size = behaviour->module->schema.size,
		.pause_us = (process->pause_ns + 999) / 1000,
		.state = store_at(scheduler->store, process->state),
	};
	return 0;
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
	uint32_t slot = *cursor == 0 ? 1 : *cursor;

	for (; slot < scheduler->slots; slot++) { /* process_at() knows whose */
		if (process_at(scheduler, slot)->status == PROCESS_FREE ||
		    process_at(scheduler, slot)->status >= PROCESS_VACANT)
			continue;
		*ret_pid = process_pid(scheduler, process_at(scheduler, slot));
		*cursor = slot + 1;
		return true;
	}
	*cursor = slot;
	return false;
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
