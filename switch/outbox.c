/*
 * outbox: see outbox.h for what it is.
 *
 *     effect        commit                       undo
 *     SEND          to the mailbox of b          message freed
 *     TIMER         into list and wheel          timer freed
 *     STOP_TIMER    out of list and wheel        -
 *     LINK          on both, or `noproc`         both bonds freed
 *     MONITOR       on both, or DOWN `noproc`    both bonds freed
 *     ... of one who is away: on ours, and a cargo to the peer
 *     HOLD          into the list                holding freed
 *     TAKE          from one list to another     holding freed
 *     LET_GO        out of the list              -
 *     ABOVE         effect_type.commit           effect_type.undo
 *
 * Effects are committed in the order of asking and undone in reverse.
 */
#include "switch/outbox.h"

#include <errno.h>

#include "switch/courier.h"
#include "switch/holding.h"
#include "switch/message.h"

static void
commit_timer(struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	struct holding before = *holding_at(scheduler, ref); /* its like */

	holding_drop(
	    scheduler, process, holding_find(scheduler, process, &before));
	holding_attach(scheduler, process, ref);
	wheel_add(&scheduler->wheel, ref);
}

static void
free_bonds(struct scheduler *scheduler, const struct effect *effect)
{
	holding_free(scheduler, effect->a);
	if (effect->b != 0)
		holding_free(scheduler, (uint32_t)effect->b);
}

/*
 * With a peer on another scheduler `b` is 0: there is a bond on our side only,
 * and a right to send (courier.h) that the commit uses or gives back.
 */
static void
send_about(struct scheduler *scheduler, enum cargo_type type, struct pid to,
    uint32_t number)
{
	const struct cargo cargo = { .type = (uint8_t)type,
		.about = scheduler->running.pid,
		.to = to,
		.number = number };

	courier_send(scheduler, &cargo);
}

static bool
is_native(const struct scheduler *scheduler, const struct process *process)
{
	return process_behaviour(scheduler, process)->native;
}

/* A link that was being undone is whole again: the peer hears of it anew. */
static void
commit_link_away(
    struct scheduler *scheduler, const struct effect *effect, struct pid to)
{
	struct process *process = scheduler->running.process;
	uint32_t before =
	    holding_find_bond(scheduler, process, HOLDING_LINK, to, 0);

	if (before != 0 && holding_at(scheduler, before)->type == 0) {
		courier_give_back(scheduler, to);
		holding_free(scheduler, effect->a);
		return;
	}
	holding_drop(scheduler, process, before);
	holding_attach(scheduler, process, effect->a);
	send_about(scheduler, CARGO_LINK, to, !is_native(scheduler, process));
}

/* The bond stays, marked, until the peer has answered. */
static void
commit_unlink_away(struct scheduler *scheduler, struct pid to)
{
	uint32_t ref = holding_find_bond(
	    scheduler, scheduler->running.process, HOLDING_LINK, to, 0);
	struct holding *link;

	if (ref == 0 || holding_at(scheduler, ref)->type != 0) {
		courier_give_back(scheduler, to);
		return;
	}
	link = holding_at(scheduler, ref);
	link->type = LINK_IS_ENDING;
	link->count = ++scheduler->unlinkings;
	send_about(scheduler, CARGO_UNLINK, to, link->count);
}

/*
 * At most one link per pair; to one who is no more it is `noproc` at once.  So
 * it is from a module to what is native: else a call that has a wrong pid, and
 * ends, would take along a part of the switch.
 */
static void
commit_link(struct scheduler *scheduler, const struct effect *effect)
{
	struct process *process = scheduler->running.process;
	struct pid self = scheduler->running.pid;
	struct pid to = bond_at(scheduler, effect->a)->peer;
	struct process *peer = process_find(scheduler, to);
	const struct reason noproc = { .kind = REASON_NOPROC };

	if (pid_is_away(scheduler, to)) {
		commit_link_away(scheduler, effect, to);
	} else if (peer == NULL ||
	    (!is_native(scheduler, process) && is_native(scheduler, peer))) {
		holding_free(scheduler, (uint32_t)effect->b);
		process_signal(scheduler, to, self, noproc, effect->a);
	} else if (peer == process ||
	    holding_find_bond(scheduler, process, HOLDING_LINK, to, 0) != 0) {
		free_bonds(scheduler, effect);
	} else {
		holding_attach(scheduler, process, effect->a);
		holding_attach(scheduler, peer, (uint32_t)effect->b);
	}
}

static void
commit_unlink(struct scheduler *scheduler, struct pid to)
{
	struct process *process = scheduler->running.process;
	struct process *peer = process_find(scheduler, to);

	if (pid_is_away(scheduler, to)) {
		commit_unlink_away(scheduler, to);
		return;
	}
	holding_drop(scheduler, process,
	    holding_find_bond(scheduler, process, HOLDING_LINK, to, 0));
	if (peer != NULL)
		holding_drop(scheduler, peer,
		    holding_find_bond(scheduler, peer, HOLDING_LINK,
			scheduler->running.pid, 0));
}

static void
commit_monitor(struct scheduler *scheduler, const struct effect *effect)
{
	struct bond *ours = bond_at(scheduler, effect->a);
	struct process *peer = process_find(scheduler, ours->peer);

	if (pid_is_away(scheduler, ours->peer)) {
		holding_attach(
		    scheduler, scheduler->running.process, effect->a);
		send_about(scheduler, CARGO_MONITOR, ours->peer, ours->head.id);
		return;
	}
	if (peer == NULL) {
		holding_free(scheduler, (uint32_t)effect->b);
		holding_send_down(scheduler, effect->a, scheduler->running.pid,
		    ours->peer, (struct reason){ .kind = REASON_NOPROC });
		return;
	}
	holding_attach(scheduler, scheduler->running.process, effect->a);
	holding_attach(scheduler, peer, (uint32_t)effect->b);
}

/* `away`: whom the verb found it to be about, if that one is elsewhere. */
static void
commit_demonitor(struct scheduler *scheduler, uint32_t monitor, struct pid away)
{
	struct process *process = scheduler->running.process, *peer;
	const struct holding like = { .kind = HOLDING_MONITOR, .id = monitor };
	uint32_t ref = holding_find(scheduler, process, &like);
	struct pid to;

	to = ref == 0 ? PID_NONE : bond_at(scheduler, ref)->peer;
	if (!pid_is_none(away) && pid_equal(to, away))
		send_about(scheduler, CARGO_DEMONITOR, away, monitor);
	else if (!pid_is_none(away))
		courier_give_back(scheduler, away);
	if (ref == 0)
		return;
	peer = process_find(scheduler, to);
	if (peer != NULL)
		holding_drop(scheduler, peer,
		    holding_find_bond(scheduler, peer, HOLDING_MONITORED,
			scheduler->running.pid, monitor));
	holding_drop(scheduler, process, ref);
}

static void
set_trap(struct process *process, bool on)
{
	if (on)
		process->flags |= PROCESS_TRAPS_EXIT;
	else
		process->flags &= (uint8_t)~PROCESS_TRAPS_EXIT;
}

static void
commit_above(struct scheduler *scheduler, const struct effect *effect)
{
	scheduler->effect_type[effect->which].commit(
	    scheduler, scheduler->running.pid, effect->a, effect->b);
}

static void
drop_like(struct scheduler *scheduler, const struct holding *like)
{
	struct process *process = scheduler->running.process;

	holding_drop(
	    scheduler, process, holding_find(scheduler, process, like));
}

/* One that has it already has it once. */
static void
commit_take(struct scheduler *scheduler, uint32_t ref, struct pid from)
{
	const struct holding like = *holding_at(scheduler, ref);
	struct process *process = scheduler->running.process;
	struct process *holder = process_find(scheduler, from);

	if (holder != NULL && holder != process)
		holding_drop(
		    scheduler, holder, holding_find(scheduler, holder, &like));
	holding_drop(
	    scheduler, process, holding_find(scheduler, process, &like));
	holding_attach(scheduler, process, ref);
}

/* What the verb reserved for one cargo. */
static void
give_back_if_away(struct scheduler *scheduler, struct pid to)
{
	if (pid_is_away(scheduler, to))
		courier_give_back(scheduler, to);
}

static void
commit_one(struct scheduler *scheduler, const struct effect *effect)
{
	struct process *process = scheduler->running.process;

	switch ((enum effect_kind)effect->type) {
	case EFFECT_SEND:
		give_back_if_away(scheduler, pid_unpack(effect->b));
		process_deliver(scheduler, pid_unpack(effect->b), effect->a);
		break;
	case EFFECT_TIMER:
		commit_timer(scheduler, process, effect->a);
		break;
	case EFFECT_STOP_TIMER:
		drop_like(scheduler,
		    &(struct holding){ .kind = HOLDING_TIMER,
			.number = effect->number,
			.id = effect->a });
		break;
	case EFFECT_LINK:
		commit_link(scheduler, effect);
		break;
	case EFFECT_UNLINK:
		commit_unlink(scheduler, pid_unpack(effect->b));
		break;
	case EFFECT_MONITOR:
		commit_monitor(scheduler, effect);
		break;
	case EFFECT_DEMONITOR:
		commit_demonitor(scheduler, effect->a, pid_unpack(effect->b));
		break;
	case EFFECT_TRAP:
		set_trap(process, effect->a != 0);
		break;
	case EFFECT_HOLD:
		holding_attach(scheduler, process, effect->a);
		break;
	case EFFECT_TAKE:
		commit_take(scheduler, effect->a, pid_unpack(effect->b));
		break;
	case EFFECT_LET_GO:
		drop_like(scheduler,
		    &(struct holding){ .kind = HOLDING_THING,
			.type = effect->which,
			.id = effect->a });
		break;
	case EFFECT_ABOVE:
		commit_above(scheduler, effect);
		break;
	}
}

static void
undo_one(struct scheduler *scheduler, const struct effect *effect)
{
	const struct effect_type *above;

	switch ((enum effect_kind)effect->type) {
	case EFFECT_SEND:
		give_back_if_away(scheduler, pid_unpack(effect->b));
		message_free(scheduler, effect->a);
		break;
	case EFFECT_TIMER:
	case EFFECT_HOLD:
	case EFFECT_TAKE:
		holding_free(scheduler, effect->a);
		break;
	case EFFECT_LINK:
	case EFFECT_MONITOR:
		give_back_if_away(
		    scheduler, bond_at(scheduler, effect->a)->peer);
		free_bonds(scheduler, effect);
		break;
	case EFFECT_UNLINK:
	case EFFECT_DEMONITOR:
		give_back_if_away(scheduler, pid_unpack(effect->b));
		break;
	case EFFECT_ABOVE:
		above = &scheduler->effect_type[effect->which];
		if (above->undo != NULL)
			above->undo(scheduler, scheduler->running.pid,
			    effect->a, effect->b);
		break;
	case EFFECT_STOP_TIMER:
	case EFFECT_TRAP:
	case EFFECT_LET_GO:
		break;
	}
}

void
outbox_commit(struct scheduler *scheduler)
{
	unsigned int i;

	for (i = 0; i < scheduler->effects; i++)
		commit_one(scheduler, &scheduler->outbox[i]);
	scheduler->effects = 0;
}

void
outbox_undo(struct scheduler *scheduler)
{
	while (scheduler->effects > 0)
		undo_one(scheduler, &scheduler->outbox[--scheduler->effects]);
}
