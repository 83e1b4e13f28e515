/*
 * holding: see holding.h for what it is.
 *
 * Invariants:
 *   1. a LINK on one process has a LINK on its peer, a MONITOR a MONITORED
 *      (elsewhere: or the cargo that makes it so is on its way, courier.h);
 *      so the end of either side finds the other;
 *   2. a TIMER in a list stands in the wheel, or is just being fired;
 *   3. what the layers above hold is released before any link or monitor
 *      hears of the end (OTP: resources are free before DOWN arrives);
 *   4. a bond that has become a message is in no list of holdings.
 */
#include "switch/holding.h"

#include <stdlib.h>
#include <string.h>

#include "switch/courier.h"
#include "switch/family.h"
#include "switch/message.h"

static size_t
size_of(const struct holding *holding)
{
	switch ((enum holding_kind)holding->kind) {
	case HOLDING_THING:
	case HOLDING_BREAK:
		return sizeof(struct holding);
	case HOLDING_CHILDREN:
		return sizeof(struct family);
	case HOLDING_LINK:
	case HOLDING_MONITOR:
	case HOLDING_MONITORED:
	case HOLDING_CHILD:
		return sizeof(struct bond);
	case HOLDING_TIMER:
		return sizeof(struct holding_timer);
	case HOLDING_DUE:
		return sizeof(struct holding_due);
	case HOLDING_KEPT:
		return sizeof *holding + holding->count;
	}
	abort(); /* no kind of holding */
}

static uint32_t
alloc_like(struct scheduler *scheduler, const struct holding *like)
{
	const size_t size = size_of(like);
	uint32_t ref = store_take(scheduler->store, size);

	if (ref == 0)
		return 0;
	memset(holding_at(scheduler, ref), 0, size);
	*holding_at(scheduler, ref) = *like;
	return ref;
}

uint32_t
holding_alloc(struct scheduler *scheduler, enum holding_kind kind)
{
	const struct holding like = { .kind = (uint8_t)kind };

	return alloc_like(scheduler, &like);
}

uint32_t
holding_alloc_kept(
    struct scheduler *scheduler, uint16_t behaviour, uint32_t count)
{
	const struct holding like = {
		.kind = HOLDING_KEPT, .id = behaviour, .count = count
	};
	uint32_t ref = alloc_like(scheduler, &like);

	scheduler->kept += ref != 0;
	return ref;
}

void
holding_free(struct scheduler *scheduler, uint32_t ref)
{
	scheduler->kept -= holding_at(scheduler, ref)->kind == HOLDING_KEPT;
	store_give(scheduler->store, ref, size_of(holding_at(scheduler, ref)));
}

size_t
holding_footprint(
    const struct scheduler *scheduler, const struct holding *holding)
{
	size_t size = store_piece(size_of(holding));

	if (holding->kind == HOLDING_CHILDREN)
		size += family_footprint(
		    scheduler, (const struct family *)(const void *)holding);
	return size;
}

void
holding_attach(
    struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	holding_at(scheduler, ref)->next = process->holdings;
	process->holdings = ref;
}

void
holding_detach(
    struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	uint32_t *place = &process->holdings;

	while (*place != ref) {
		assert(*place != 0);
		place = &holding_at(scheduler, *place)->next;
	}
	*place = holding_at(scheduler, ref)->next;
}

uint32_t
holding_find(const struct scheduler *scheduler, const struct process *process,
    const struct holding *like)
{
	const struct holding *one;
	uint32_t ref;

	for (ref = process->holdings; ref != 0; ref = one->next) {
		one = holding_at(scheduler, ref);
		if (one->kind == like->kind && one->type == like->type &&
		    one->number == like->number && one->id == like->id)
			return ref;
	}
	return 0;
}

uint32_t
holding_find_kind(const struct scheduler *scheduler,
    const struct process *process, enum holding_kind kind)
{
	uint32_t ref = process->holdings;

	while (ref != 0 && holding_at(scheduler, ref)->kind != kind)
		ref = holding_at(scheduler, ref)->next;
	return ref;
}

uint32_t
holding_find_bond(const struct scheduler *scheduler,
    const struct process *process, enum holding_kind kind, struct pid peer,
    uint32_t id)
{
	const struct bond *one;
	uint32_t ref;

	for (ref = process->holdings; ref != 0; ref = one->head.next) {
		one = store_at(scheduler->store, ref);
		if (one->head.kind == kind && one->head.id == id &&
		    pid_equal(one->peer, peer))
			return ref;
	}
	return 0;
}

void
holding_drop(struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	if (ref == 0)
		return;
	if (holding_at(scheduler, ref)->kind == HOLDING_TIMER)
		wheel_remove(&scheduler->wheel, ref);
	holding_detach(scheduler, process, ref);
	holding_free(scheduler, ref);
}

/* The other end of a bond forgets this one. */
static void
drop_counterpart(struct scheduler *scheduler, struct pid self,
    const struct bond *bond, enum holding_kind kind)
{
	struct process *peer = process_find(scheduler, bond->peer);

	if (peer != NULL)
		holding_drop(scheduler, peer,
		    holding_find_bond(
			scheduler, peer, kind, self, bond->head.id));
}

void
holding_send_down(struct scheduler *scheduler, uint32_t ref, struct pid to,
    struct pid from, struct reason reason)
{
	const struct event_ended ended = { .reason = reason,
		.monitor = holding_at(scheduler, ref)->id };
	const struct message down =
	    message_make(EVENT_DOWN, from, &ended, sizeof ended);

	*message_at(scheduler, ref) = down;
	process_deliver(scheduler, to, ref);
}

static bool
is_bond(const struct holding *holding)
{
	return holding->kind == HOLDING_LINK ||
	    holding->kind == HOLDING_MONITOR ||
	    holding->kind == HOLDING_MONITORED ||
	    holding->kind == HOLDING_CHILD;
}

/*
 * With a peer on another scheduler.  It takes the piece, or it is free: one
 * that is being undone has nothing to say any more.
 */
static void
release_away(struct scheduler *scheduler, struct pid self, uint32_t ref,
    struct reason reason)
{
	static const enum cargo_type types[] = {
		[HOLDING_LINK] = CARGO_LINK_EXIT,
		[HOLDING_MONITOR] = CARGO_DEMONITOR,
		[HOLDING_MONITORED] = CARGO_DOWN,
		[HOLDING_CHILD] = CARGO_ORPHANED,
	};
	const struct bond bond = *bond_at(scheduler, ref);
	const struct event_ended ended = { .reason = reason,
		.monitor = bond.head.id };

	if (bond.head.type == LINK_IS_ENDING) {
		holding_free(scheduler, ref);
		return;
	}
	*message_at(scheduler, ref) =
	    message_make(EVENT_EXIT, self, &ended, sizeof ended);
	courier_must_send(scheduler, types[bond.head.kind], bond.peer, ref);
}

/* It is free then, or the message that tells of the end. */
static void
release_bond(struct scheduler *scheduler, struct pid self, uint32_t ref,
    struct reason reason)
{
	const struct bond *bond = bond_at(scheduler, ref);

	switch ((enum holding_kind)bond->head.kind) {
	case HOLDING_LINK:
		drop_counterpart(scheduler, self, bond, HOLDING_LINK);
		process_signal(scheduler, self, bond->peer, reason, ref);
		return;
	case HOLDING_MONITORED:
		drop_counterpart(scheduler, self, bond, HOLDING_MONITOR);
		holding_send_down(scheduler, ref, bond->peer, self, reason);
		return;
	case HOLDING_MONITOR:
		drop_counterpart(scheduler, self, bond, HOLDING_MONITORED);
		break;
	case HOLDING_CHILD: /* is always away */
	case HOLDING_THING:
	case HOLDING_CHILDREN:
	case HOLDING_BREAK:
	case HOLDING_TIMER:
	case HOLDING_KEPT:
	case HOLDING_DUE:
		break;
	}
	holding_free(scheduler, ref);
}

static void
release_thing(struct scheduler *scheduler, struct pid self, uint32_t ref)
{
	const struct holding *thing = holding_at(scheduler, ref);

	if (thing->kind == HOLDING_THING)
		scheduler->release[thing->type](scheduler, self, thing->id);
	else if (thing->kind == HOLDING_TIMER)
		wheel_remove(&scheduler->wheel, ref);
	else if (thing->kind == HOLDING_CHILDREN)
		family_release(scheduler, store_at(scheduler->store, ref));
}

void
holding_release_all(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	struct pid self = process_pid(scheduler, process);
	uint32_t ref;

	for (ref = process->holdings; ref != 0;
	     ref = holding_at(scheduler, ref)->next)
		release_thing(scheduler, self, ref);
	while ((ref = process->holdings) != 0) {
		process->holdings = holding_at(scheduler, ref)->next;
		if (!is_bond(holding_at(scheduler, ref)))
			holding_free(scheduler, ref);
		else if (pid_is_away(scheduler, bond_at(scheduler, ref)->peer))
			release_away(scheduler, self, ref, reason);
		else
			release_bond(scheduler, self, ref, reason);
	}
}
