/*
 * courier_take: what a cargo does to the process that it is for.
 *
 * A link or monitor between two schedulers has one bond on each side, as any,
 * but for a moment only one of the two may know of it.  To unlink takes two
 * cargoes: until the answer is there the own bond stays, marked, so that a
 * link or an exit that was on its way is known for what it is (OTP's
 * UNLINK_ACK, erl_proc_sig_queue).
 *
 * Each function answers false when it has to be tried again, and has then done
 * nothing.
 */
#include "switch/courier_internal.h"

#include <stdlib.h>
#include <string.h>

#include "switch/holding.h"
#include "switch/message.h"

static bool
answer(struct scheduler *scheduler, const struct cargo *cargo,
    enum cargo_type type)
{
	const struct reason noproc = { .kind = REASON_NOPROC };
	struct cargo reply =
	    courier_signal(type, cargo->to, cargo->about, noproc);

	reply.number = cargo->number;
	return courier_reserve_and_send(scheduler, &reply) == 0;
}

static uint32_t
bond_of(const struct scheduler *scheduler, const struct process *process,
    enum holding_kind kind, const struct cargo *cargo)
{
	uint32_t number = kind == HOLDING_MONITOR || kind == HOLDING_MONITORED
	    ? cargo->number
	    : 0;

	return process == NULL
	    ? 0
	    : holding_find_bond(scheduler, process, kind, cargo->about, number);
}

static bool
add_bond(struct scheduler *scheduler, struct process *process,
    enum holding_kind kind, const struct cargo *cargo)
{
	uint32_t ref = holding_alloc(scheduler, kind);

	if (ref == 0)
		return false;
	bond_at(scheduler, ref)->peer = cargo->about;
	bond_at(scheduler, ref)->head.id =
	    kind == HOLDING_MONITORED ? cargo->number : 0;
	holding_attach(scheduler, process, ref);
	return true;
}

static bool
take_message(struct scheduler *scheduler, const struct cargo *cargo)
{
	const struct message *message = &cargo->message;
	uint32_t ref;

	if (cargo->parcel == NULL)
		ref = message_copy(scheduler, message);
	else
		ref = message_alloc_parcel(scheduler, message->kind,
		    message->from, cargo->parcel_size);
	if (ref == 0)
		return false;
	if (cargo->parcel != NULL) {
		memcpy(message_parcel(scheduler, message_at(scheduler, ref))
			   ->bytes,
		    cargo->parcel, cargo->parcel_size);
		object_free(cargo->parcel, cargo->parcel_size);
	}
	process_deliver(scheduler, cargo->to, ref);
	if (scheduler->full_mailboxes > 0)
		courier_look_whether_full(scheduler, cargo->to);
	return true;
}

/* One that is on its way out of a link is told of no other (see above). */
static bool
take_link(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);

	if (process == NULL ||
	    (cargo->number != 0 &&
		process_behaviour(scheduler, process)->native))
		return answer(scheduler, cargo, CARGO_LINK_EXIT);
	return bond_of(scheduler, process, HOLDING_LINK, cargo) != 0 ||
	    add_bond(scheduler, process, HOLDING_LINK, cargo);
}

static bool
take_link_exit(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);
	uint32_t ref = bond_of(scheduler, process, HOLDING_LINK, cargo);

	if (ref == 0 || holding_at(scheduler, ref)->type == LINK_IS_ENDING)
		return true;
	holding_detach(scheduler, process, ref);
	process_signal(scheduler, cargo->about, cargo->to,
	    cargo->message.body.ended.reason, ref);
	return true;
}

static bool
take_unlink(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);

	if (!answer(scheduler, cargo, CARGO_UNLINKED))
		return false;
	if (process != NULL)
		holding_drop(scheduler, process,
		    bond_of(scheduler, process, HOLDING_LINK, cargo));
	return true;
}

static bool
take_unlinked(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);
	uint32_t ref = bond_of(scheduler, process, HOLDING_LINK, cargo);

	if (ref != 0 && holding_at(scheduler, ref)->type == LINK_IS_ENDING &&
	    holding_at(scheduler, ref)->count == cargo->number)
		holding_drop(scheduler, process, ref);
	return true;
}

static bool
take_monitor(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);

	if (process == NULL)
		return answer(scheduler, cargo, CARGO_DOWN);
	return add_bond(scheduler, process, HOLDING_MONITORED, cargo);
}

/* As OTP promises: none comes once it has been demonitored. */
static bool
take_down(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);
	uint32_t bond = bond_of(scheduler, process, HOLDING_MONITOR, cargo);

	if (bond == 0)
		return true;
	holding_detach(scheduler, process, bond);
	holding_send_down(scheduler, bond, cargo->to, cargo->about,
	    cargo->message.body.ended.reason);
	return true;
}

static bool
take_child_ended(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);
	uint32_t bond = bond_of(scheduler, process, HOLDING_CHILD, cargo);

	if (bond == 0)
		return take_message(scheduler, cargo);
	holding_detach(scheduler, process, bond);
	*message_at(scheduler, bond) = cargo->message;
	process_deliver(scheduler, cargo->to, bond);
	return true;
}

static bool
take_orphaned(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);

	assert(process == NULL || pid_equal(process->supervisor, cargo->about));
	if (process != NULL)
		process_end(
		    scheduler, process, cargo->message.body.ended.reason);
	return true;
}

static void
drop_bond(struct scheduler *scheduler, const struct cargo *cargo,
    enum holding_kind kind)
{
	struct process *process = process_find(scheduler, cargo->to);

	if (process != NULL)
		holding_drop(scheduler, process,
		    bond_of(scheduler, process, kind, cargo));
}

bool
courier_take(struct scheduler *scheduler, const struct cargo *cargo)
{
	switch ((enum cargo_type)cargo->type) {
	case CARGO_MESSAGE:
		return take_message(scheduler, cargo);
	case CARGO_EXIT:
		process_signal(scheduler, cargo->about, cargo->to,
		    cargo->message.body.ended.reason, 0);
		return true;
	case CARGO_LINK:
		return take_link(scheduler, cargo);
	case CARGO_LINK_EXIT:
		return take_link_exit(scheduler, cargo);
	case CARGO_UNLINK:
		return take_unlink(scheduler, cargo);
	case CARGO_UNLINKED:
		return take_unlinked(scheduler, cargo);
	case CARGO_MONITOR:
		return take_monitor(scheduler, cargo);
	case CARGO_DEMONITOR:
		drop_bond(scheduler, cargo, HOLDING_MONITORED);
		return true;
	case CARGO_DOWN:
		return take_down(scheduler, cargo);
	case CARGO_SPAWN:
		return process_spawn_ordered(scheduler, cargo);
	case CARGO_CHILD_ENDED:
		return take_child_ended(scheduler, cargo);
	case CARGO_ORPHANED:
		return take_orphaned(scheduler, cargo);
	case CARGO_PLACE:
		courier_return_place(scheduler, cargo->about);
		return true;
	case CARGO_FULL:
		courier_hear_of_full(scheduler, cargo->about);
		return true;
	case CARGO_OPEN:
		courier_hear_of_open(scheduler, cargo->about);
		return true;
	}
	abort(); /* no type of cargo */
}
