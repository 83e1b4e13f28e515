/*
 * verb: the verbs of module.h, and what it takes to write one (verb.h).
 *
 * Each has the same shape: copy in, enter, reserve, add an effect, leave.
 * A pointer of the module is read only before verb_enter(), so that a bad one
 * faults under the mark MODULE.
 */
#include "switch/verb.h"

#include <errno.h>
#include <string.h>

#include "switch/courier.h"
#include "switch/holding.h"
#include "switch/message.h"
#include "switch/outbox.h"

/* Not the running process's own: the module has made it up, so it faults. */
static struct scheduler *
scheduler_of(struct self *self)
{
	struct scheduler *scheduler = fault_owner();

	if (scheduler == NULL || self != &scheduler->self)
		__builtin_trap();
	return scheduler;
}

struct scheduler *
verb_enter(struct self *self)
{
	struct scheduler *scheduler = scheduler_of(self);

	(void)fault_set_mark(MARK_HOST);
	return scheduler;
}

void
verb_leave(struct self *self)
{
	struct running *running = &self->scheduler->running;

	if (!running->behaviour->native)
		(void)fault_set_mark(MARK_MODULE);
}

/* A verb's answer.  `full` is counted: an overload is to be seen. */
static int
leave_with(struct self *self, int error)
{
	if (verb_is_noted(self))
		verb_answer(self, &error, sizeof error);
	if (error == -ENOSPC && !verb_is_copy(self))
		self->scheduler->counts.refused++;
	verb_leave(self);
	return error;
}

struct pid
verb_pid(struct self *self)
{
	return self->scheduler->running.pid;
}

int
verb_effect(struct self *self, uint8_t type, uint32_t a, uint64_t b)
{
	const struct effect effect = {
		.type = EFFECT_ABOVE, .which = type, .a = a, .b = b
	};

	return outbox_add(self->scheduler, &effect);
}

/* From commit on; `from` holds its like till then, or nobody does. */
static int
hold_thing(struct self *self, uint8_t type, uint32_t id, struct pid from)
{
	struct scheduler *scheduler = self->scheduler;
	struct effect effect = { .type = pid_is_none(from) ? EFFECT_HOLD
							   : EFFECT_TAKE,
		.b = pid_pack(from) };

	effect.a = holding_alloc(scheduler, HOLDING_THING);
	if (effect.a == 0)
		return -ENOSPC;
	holding_at(scheduler, effect.a)->type = type;
	holding_at(scheduler, effect.a)->id = id;
	if (outbox_add(scheduler, &effect) == 0)
		return 0;
	holding_free(scheduler, effect.a);
	return -ENOSPC;
}

int
verb_hold(struct self *self, uint8_t type, uint32_t id)
{
	return hold_thing(self, type, id, PID_NONE);
}

int
verb_take(struct self *self, uint8_t type, uint32_t id, struct pid from)
{
	return hold_thing(self, type, id, from);
}

int
verb_let_go(struct self *self, uint8_t type, uint32_t id)
{
	const struct effect effect = {
		.type = EFFECT_LET_GO, .which = type, .a = id
	};

	return outbox_add(self->scheduler, &effect);
}

struct pid
process_self(struct self *self)
{
	return scheduler_of(self)->running.pid;
}

uint64_t
process_now(struct self *self)
{
	return scheduler_of(self)->now;
}

/*
 * Whom a message is for is seldom in the caches.  Only while some mailbox is
 * full need it be looked at now; else it is on its way here until the commit.
 */
static bool
is_full(const struct scheduler *scheduler, struct pid to)
{
	const struct process *process;

	if (scheduler->effects == OUTBOX_MAX)
		return true;
	if (pid_is_away(scheduler, to))
		return courier_knows_full(scheduler, to);
	if (scheduler->full_mailboxes == 0) {
		__builtin_prefetch(process_at(scheduler, to.slot), 1);
		return false;
	}
	process = process_find(scheduler, to);
	return process != NULL && !process->is_untold &&
	    process->mailbox_length >= MAILBOX_MAX;
}

/* The first and the last event of a process are the runtime's to give. */
static bool
may_send(uint16_t kind)
{
	return kind != EVENT_START && kind != EVENT_TERMINATE;
}

static int
reserve_if_away(struct scheduler *scheduler, struct pid to)
{
	return pid_is_away(scheduler, to) ? courier_reserve(scheduler, to) : 0;
}

static int
send_message(struct scheduler *scheduler, struct pid to, uint32_t message)
{
	const struct effect effect = {
		.type = EFFECT_SEND, .a = message, .b = pid_pack(to)
	};

	if (message == 0)
		return -ENOSPC;
	if (reserve_if_away(scheduler, to) != 0) {
		message_free(scheduler, message);
		return -ENOSPC;
	}
	return outbox_add(scheduler, &effect); /* is_full() has looked */
}

int
process_send(struct self *self, struct pid to, uint16_t kind, const void *body,
    size_t length)
{
	struct scheduler *scheduler;
	struct message copy = { .kind = kind, .length = (uint8_t)length };
	int error = -ENOSPC;

	if (length > MESSAGE_BODY)
		return -EINVAL;
	if (length > 0)
		memcpy(copy.body.bytes, body, length);
	scheduler = verb_enter(self);
	copy.from = scheduler->running.pid;
	if (verb_is_noted(self) && verb_note_send(self, &error, to, &copy))
		return leave_with(self, error);
	if (!may_send(kind))
		error = -EINVAL;
	else if (!is_full(scheduler, to))
		error =
		    send_message(scheduler, to, message_copy(scheduler, &copy));
	return leave_with(self, error);
}

/* The parcel is filled last, when the outbox has it and would free it. */
int
process_send_parcel(struct self *self, struct pid to, uint16_t kind,
    const void *bytes, size_t size)
{
	struct parcel_note note = { .kind = kind, .size = size };
	struct scheduler *scheduler;
	struct parcel *parcel = NULL;
	uint32_t message = 0;
	int error = size > PARCEL_MAX || !may_send(kind) ? -EINVAL : -ENOSPC;

	if (verb_is_noted(self) && size <= PARCEL_MAX)
		note.digest = noting_digest(0, bytes, size);
	scheduler = verb_enter(self);
	if (verb_is_noted(self) && verb_note_parcel(self, &error, to, &note))
		return leave_with(self, error);
	if (error == -ENOSPC && !is_full(scheduler, to)) {
		message = message_alloc_parcel(
		    scheduler, kind, scheduler->running.pid, size);
		error = send_message(scheduler, to, message);
	}
	if (error == 0)
		parcel =
		    message_parcel(scheduler, message_at(scheduler, message));
	(void)leave_with(self, error);
	if (parcel != NULL)
		memcpy(parcel->bytes, bytes, size);
	return error;
}

const void *
process_parcel(struct self *self, size_t *ret_size)
{
	struct scheduler *scheduler = verb_enter(self);
	const struct parcel *parcel = message_parcel(
	    scheduler, message_at(scheduler, scheduler->running.message));

	verb_leave(self);
	if (parcel == NULL)
		return NULL;
	*ret_size = parcel->size;
	return parcel->bytes;
}

int
process_exit(struct self *self, struct reason reason)
{
	struct running *running = &verb_enter(self)->running;
	int error = 0;

	if (verb_is_noted(self) && verb_note_exit(self, &error, reason))
		return leave_with(self, error);
	running->exits = true;
	running->reason = reason;
	return leave_with(self, error);
}

/* An effect that will send a cargo, if that peer is away. */
static int
ask_with_reserve(
    struct scheduler *scheduler, struct pid peer, const struct effect *effect)
{
	int error = reserve_if_away(scheduler, peer);

	if (error != 0)
		return error;
	error = outbox_add(scheduler, effect);
	if (error != 0 && pid_is_away(scheduler, peer))
		courier_give_back(scheduler, peer);
	return error;
}

/* Two bonds, one for each side that is here; nothing when full. */
static int
add_bonds(struct scheduler *scheduler, struct pid peer, uint32_t number,
    enum holding_kind ours, enum holding_kind theirs)
{
	bool is_away = pid_is_away(scheduler, peer);
	uint32_t a = holding_alloc(scheduler, ours);
	uint32_t b = is_away ? 0 : holding_alloc(scheduler, theirs);
	const struct effect effect = {
		.type = ours == HOLDING_LINK ? EFFECT_LINK : EFFECT_MONITOR,
		.a = a,
		.b = b
	};

	if (a != 0 && (b != 0 || is_away) &&
	    ask_with_reserve(scheduler, peer, &effect) == 0) {
		bond_at(scheduler, a)->peer = peer;
		holding_at(scheduler, a)->id = number;
		if (is_away)
			return 0;
		bond_at(scheduler, b)->peer = scheduler->running.pid;
		holding_at(scheduler, b)->id = number;
		return 0;
	}
	if (a != 0)
		holding_free(scheduler, a);
	if (b != 0)
		holding_free(scheduler, b);
	return -ENOSPC;
}

int
process_link(struct self *self, struct pid peer)
{
	struct scheduler *scheduler = verb_enter(self);
	int error = 0;

	if (verb_is_noted(self) && verb_note_peer(self, &error, "link", peer))
		return leave_with(self, error);
	return leave_with(
	    self, add_bonds(scheduler, peer, 0, HOLDING_LINK, HOLDING_LINK));
}

int
process_unlink(struct self *self, struct pid peer)
{
	const struct effect effect = { .type = EFFECT_UNLINK,
		.b = pid_pack(peer) };
	struct scheduler *scheduler = verb_enter(self);
	int error = 0;

	if (verb_is_noted(self) && verb_note_peer(self, &error, "unlink", peer))
		return leave_with(self, error);
	return leave_with(self, ask_with_reserve(scheduler, peer, &effect));
}

int
process_monitor(struct self *self, struct pid peer, uint32_t monitor)
{
	struct scheduler *scheduler = verb_enter(self);
	int error = 0;

	if (verb_is_noted(self) &&
	    verb_note_monitor(self, &error, peer, monitor))
		return leave_with(self, error);
	return leave_with(self,
	    add_bonds(
		scheduler, peer, monitor, HOLDING_MONITOR, HOLDING_MONITORED));
}

/* Whom that monitor is about, set before or in this event, if he is away. */
static struct pid
find_monitored_away(const struct scheduler *scheduler, uint32_t monitor)
{
	const struct holding like = { .kind = HOLDING_MONITOR, .id = monitor };
	uint32_t ref =
	    holding_find(scheduler, scheduler->running.process, &like);
	const struct bond *bond;
	unsigned int i;

	for (i = 0; ref == 0 && i < scheduler->effects; i++)
		if (scheduler->outbox[i].type == EFFECT_MONITOR &&
		    holding_at(scheduler, scheduler->outbox[i].a)->id ==
			monitor)
			ref = scheduler->outbox[i].a;
	if (ref == 0)
		return PID_NONE;
	bond = bond_at(scheduler, ref);
	return pid_is_away(scheduler, bond->peer) ? bond->peer : PID_NONE;
}

int
process_demonitor(struct self *self, uint32_t monitor)
{
	struct scheduler *scheduler = verb_enter(self);
	struct pid away = find_monitored_away(scheduler, monitor);
	const struct effect effect = {
		.type = EFFECT_DEMONITOR, .a = monitor, .b = pid_pack(away)
	};
	int error = 0;

	if (verb_is_noted(self) &&
	    verb_note(self, &error, 0, "demonitor %u", monitor))
		return leave_with(self, error);
	return leave_with(self, ask_with_reserve(scheduler, away, &effect));
}

int
process_trap_exit(struct self *self, bool on)
{
	const struct effect effect = { .type = EFFECT_TRAP, .a = on };
	struct scheduler *scheduler = verb_enter(self);
	int error = 0;

	if (verb_is_noted(self) &&
	    verb_note(self, &error, 0, "trap_exit %s", on ? "on" : "off"))
		return leave_with(self, error);
	return leave_with(self, outbox_add(scheduler, &effect));
}

/* Due times are whole ms, rounded up: never before their time. */
static uint32_t
alloc_timer(
    struct scheduler *scheduler, uint16_t timer, uint16_t key, uint64_t delay)
{
	uint32_t ref = holding_alloc(scheduler, HOLDING_TIMER);
	struct holding_timer *piece;

	if (ref == 0)
		return 0;
	piece = store_at(scheduler->store, ref);
	piece->head.number = timer;
	piece->head.id = key;
	piece->owner = scheduler->running.pid;
	piece->entry.due = (scheduler->now + delay + 999) / 1000;
	return ref;
}

int
process_start_timer(
    struct self *self, uint16_t timer, uint16_t key, uint64_t delay)
{
	struct scheduler *scheduler = verb_enter(self);
	struct effect effect = { .type = EFFECT_TIMER };
	int error = -ENOSPC;

	if (verb_is_noted(self) &&
	    verb_note_timer(
		self, &error, (struct event_timeout){ timer, key }, &delay))
		return leave_with(self, error);
	if (delay >> 40 != 0) {
		error = -EINVAL; /* twelve days: no timer of a call */
	} else if ((effect.a = alloc_timer(scheduler, timer, key, delay)) !=
	    0) {
		error = outbox_add(scheduler, &effect);
		if (error != 0)
			holding_free(scheduler, effect.a);
	}
	return leave_with(self, error);
}

int
process_stop_timer(struct self *self, uint16_t timer, uint16_t key)
{
	const struct effect effect = {
		.type = EFFECT_STOP_TIMER, .number = timer, .a = key
	};
	struct scheduler *scheduler = verb_enter(self);
	int error = 0;

	if (verb_is_noted(self) &&
	    verb_note_timer(
		self, &error, (struct event_timeout){ timer, key }, NULL))
		return leave_with(self, error);
	return leave_with(self, outbox_add(scheduler, &effect));
}

int
process_use_current(struct self *self)
{
	struct scheduler *scheduler = verb_enter(self);
	int error = 0;

	if (verb_is_noted(self) && verb_note(self, &error, 0, "use_current"))
		return leave_with(self, error);
	scheduler->running.move = MOVE_TO_CURRENT;
	return leave_with(self, error);
}
