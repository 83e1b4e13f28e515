/*
 * spawn: how a process comes to be, here or on another scheduler.
 *
 * Here all of it happens at once: a slot, a name, a state, the start event.
 * Elsewhere the spawner has a place of that scheduler in advance and gives it
 * a name; the rest is an order, carried out there when it has come.  Either way
 * the pid is known at once and init() runs in a turn of its own.
 *
 * Invariant: a spawn that is refused has left nothing behind.
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
#include "switch/unit.h"

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
	process->behaviour = spawn->behaviour;
	process->born = spawn->behaviour & (BEHAVIOURS_MAX - 1U);
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
	if (scheduler->breaker != NULL)
		process->flags |= PROCESS_BROKEN;
	process_make_ready(scheduler, process);
	tally_add(&tally->holders, 1);
	tally_add(&tally->births, 1);
	scheduler->counts.spawned++;
}

/* While its version has a canary, it may belong there. */
static uint16_t
version_of(
    struct scheduler *scheduler, const struct spawn *spawn, struct pid pid)
{
	uint16_t canary =
	    behaviour_at(scheduler->behaviours, spawn->behaviour)->canary;
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);
	struct message start;

	if (canary == 0 || converter->chooses == NULL)
		return spawn->behaviour;
	start = message_make(
	    EVENT_START, spawn->requester, spawn->start, spawn->length);
	return converter->chooses(converter->arg, pid, &start)
	    ? canary
	    : spawn->behaviour;
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
	struct spawn spawn = { .behaviour =
				   behaviour_for_birth(scheduler->behaviours,
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
	spawn.behaviour = version_of(scheduler, &spawn, order->to);
	if (give_memory(scheduler, process, &spawn) != 0)
		return false;
	process->flags |= order->has_name ? PROCESS_NAMED : 0;
	enter(scheduler, process, &spawn);
	courier_send_place(scheduler, order->orderer);
	return true;
}

/* In the version that `spawn` says, or, if it may, in that one's canary. */
static int
spawn_here(struct scheduler *scheduler, struct spawn *spawn, bool may_choose,
    struct pid *ret_pid)
{
	struct process *process = place_to_inherit(scheduler, spawn);
	bool inherits = process != NULL;
	uint32_t slot;
	int error;

	if (!inherits) {
		slot = slot_take(scheduler);
		if (slot == 0)
			return -ENOSPC;
		process = process_at(scheduler, slot);
	}
	if (may_choose)
		spawn->behaviour = version_of(
		    scheduler, spawn, process_pid(scheduler, process));
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

/* In the version of its starter, and one with it from its birth on. */
static int
spawn_beside(struct scheduler *scheduler, struct spawn *spawn,
    struct process *starter, struct pid *ret_pid)
{
	uint32_t bonds[2];
	int error = unit_reserve(scheduler, bonds);

	if (error != 0)
		return error;
	spawn->behaviour = starter->behaviour;
	error = spawn_here(scheduler, spawn, false, ret_pid);
	if (error == 0)
		unit_bind(scheduler, bonds, starter,
		    process_find(scheduler, *ret_pid));
	else
		unit_give_back(scheduler, bonds);
	return error;
}

int
process_spawn(
    struct scheduler *scheduler, const struct spawn *spawn, struct pid *ret_pid)
{
	struct spawn here = *spawn;
	struct process *starter;
	int error;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (spawn->behaviour == 0 || spawn->length > MESSAGE_BODY ||
	    spawn->scheduler >= scheduler->schedulers)
		return -EINVAL;
	if (spawn->scheduler != 0 && spawn->scheduler != scheduler->number)
		return spawn_away(scheduler, spawn, ret_pid);
	error = unit_starter(scheduler, spawn, &starter);
	if (error != 0)
		return error;
	if (starter != NULL)
		return spawn_beside(scheduler, &here, starter, ret_pid);
	return spawn_here(scheduler, &here, true, ret_pid);
}
