/*
 * outbox: see outbox.h for what it is.
 *
 *     effect        commit                       undo
 *     SEND          to the mailbox of b          message freed
 *     TIMER         into list and wheel          timer freed
 *     STOP_TIMER    out of list and wheel        -
 *     LINK          on both, or `noproc`         both bonds freed
 *     MONITOR       on both, or DOWN `noproc`    both bonds freed
 *     HOLD          into the list                holding freed
 *     LET_GO        out of the list              -
 *     ABOVE         effect_type.commit           effect_type.undo
 *
 * Effects are committed in the order of asking and undone in reverse.
 */
#include "switch/outbox.h"

#include <errno.h>

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
	holding_free(scheduler, (uint32_t)effect->b);
}

/* At most one link per pair; to one who is no more it is `noproc` at once. */
static void
commit_link(struct scheduler *scheduler, const struct effect *effect)
{
	struct process *process = scheduler->running.process;
	struct pid self = scheduler->running.pid;
	struct pid to = bond_at(scheduler, effect->a)->peer;
	struct process *peer = process_find(scheduler, to);
	const struct reason noproc = { .kind = REASON_NOPROC };

	if (peer == NULL) {
		free_bonds(scheduler, effect);
		process_signal(scheduler, to, self, noproc, true);
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

	holding_drop(scheduler, process,
	    holding_find_bond(scheduler, process, HOLDING_LINK, to, 0));
	if (peer != NULL)
		holding_drop(scheduler, peer,
		    holding_find_bond(scheduler, peer, HOLDING_LINK,
			scheduler->running.pid, 0));
}

static void
down_noproc(struct scheduler *scheduler, struct pid to, uint32_t monitor)
{
	const struct event_ended ended = { .reason = { .kind = REASON_NOPROC },
		.monitor = monitor };
	uint32_t message =
	    message_alloc(scheduler, EVENT_DOWN, to, &ended, sizeof ended);

	if (message != 0)
		process_deliver(scheduler, scheduler->running.pid, message);
}

static void
commit_monitor(struct scheduler *scheduler, const struct effect *effect)
{
	struct bond *ours = bond_at(scheduler, effect->a);
	struct process *peer = process_find(scheduler, ours->peer);

	if (peer == NULL) {
		down_noproc(scheduler, ours->peer, ours->head.id);
		free_bonds(scheduler, effect);
		return;
	}
	holding_attach(scheduler, scheduler->running.process, effect->a);
	holding_attach(scheduler, peer, (uint32_t)effect->b);
}

static void
commit_demonitor(struct scheduler *scheduler, uint32_t monitor)
{
	struct process *process = scheduler->running.process, *peer;
	const struct holding like = { .kind = HOLDING_MONITOR, .id = monitor };
	uint32_t ref = holding_find(scheduler, process, &like);
	struct pid to;

	if (ref == 0)
		return;
	to = bond_at(scheduler, ref)->peer;
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

static void
commit_one(struct scheduler *scheduler, const struct effect *effect)
{
	struct process *process = scheduler->running.process;

	switch ((enum effect_kind)effect->type) {
	case EFFECT_SEND:
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
		commit_demonitor(scheduler, effect->a);
		break;
	case EFFECT_TRAP:
		set_trap(process, effect->a != 0);
		break;
	case EFFECT_HOLD:
		holding_attach(scheduler, process, effect->a);
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
		message_free(scheduler, effect->a);
		break;
	case EFFECT_TIMER:
	case EFFECT_HOLD:
		holding_free(scheduler, effect->a);
		break;
	case EFFECT_LINK:
	case EFFECT_MONITOR:
		free_bonds(scheduler, effect);
		break;
	case EFFECT_ABOVE:
		above = &scheduler->effect_type[effect->which];
		if (above->undo != NULL)
			above->undo(scheduler, scheduler->running.pid,
			    effect->a, effect->b);
		break;
	case EFFECT_STOP_TIMER:
	case EFFECT_UNLINK:
	case EFFECT_DEMONITOR:
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
