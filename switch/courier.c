/*
 * courier: see courier.h for what it is.
 *
 *     sender's event --commit--> ring --> receiver's next turn
 *                          '--> waiting, while the ring is full
 *
 * A link or monitor between two schedulers has one bond on each side, as any,
 * but for a moment only one of the two may know of it.  To unlink takes two
 * cargoes: until the answer is there the own bond stays, marked, so that a
 * link or an exit that was on its way is known for what it is (OTP's
 * UNLINK_ACK, erl_proc_sig_queue).
 *
 * What a receiver has no memory for stays in the ring, and all behind it: it
 * is stuck until it has some, and nothing is lost.
 *
 * Invariants:
 *   1. waiting.count + reserved <= room, for each receiver;
 *   2. while something waits nothing passes it by;
 *   3. a cargo in a ring refers to no memory of a store.
 */
#include "switch/courier.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/holding.h"
#include "switch/message.h"
#include "switch/node.h"
#include "switch/registry.h"

enum {
	PLACES = 4, /* supervisors started at once, and few at that */
	ROOM_MIN = 16,
	CARGO_A_TURN = 1024
};

/* For one receiver. */
struct outgoing {
	struct cargo *waiting; /* a circle of `room` */
	size_t first, count, room, reserved;
	struct pid places[PLACES];
	unsigned int places_count;
};

/* More than those that are overloaded at once: then the bound is softer. */
enum { FULL_MAX = 64 };
struct pid_set {
	unsigned int count;
	struct pid pids[FULL_MAX];
};

struct courier {
	unsigned int magic;
#define COURIER_MAGIC 0xc0041e45
	unsigned int count;
	struct pid_set full;	  /* elsewhere, as we were told */
	struct pid_set told_full; /* here, as the others were told */
	struct outgoing out[];
};

int
courier_alloc(struct courier **ret_courier, unsigned int count)
{
	struct courier *courier;

	courier = ALLOC_OBJ_EXTRA(
	    courier, COURIER_MAGIC, count * sizeof courier->out[0]);
	if (courier == NULL)
		return -ENOMEM;
	courier->count = count;
	*ret_courier = courier;
	return 0;
}

/* What waits refers to parcels of a store that goes as well. */
void
courier_free(struct courier **courierp)
{
	struct courier *courier = *courierp;
	unsigned int i;

	if (courier == NULL)
		return;
	CHECK_OBJ(courier, COURIER_MAGIC);
	for (i = 0; i < courier->count; i++)
		object_free(courier->out[i].waiting,
		    courier->out[i].room * sizeof(struct cargo));
	FREE_OBJ(courierp, COURIER_MAGIC);
}

void
courier_empty(struct ring *ring)
{
	struct cargo *cargo;

	while ((cargo = ring_peek(ring)) != NULL) {
		object_free(cargo->parcel, cargo->parcel_size);
		ring_pop(ring);
	}
}

/*--------------------------------------------------------------------
 * Sending
 */

static unsigned int
number_of(struct pid pid)
{
	return pid.slot / STORE_SLOTS;
}

/* For what is for a scheduler rather than for a process. */
static struct pid
anyone_of(unsigned int number)
{
	return (struct pid){ number * STORE_SLOTS, 0 };
}

static struct outgoing *
outgoing_to(const struct scheduler *scheduler, struct pid to)
{
	return &scheduler->courier->out[number_of(to)];
}

static int
grow(struct outgoing *out)
{
	size_t room = out->room == 0 ? ROOM_MIN : 2 * out->room, i;
	struct cargo *waiting = object_alloc(room * sizeof *waiting);

	if (waiting == NULL)
		return -ENOSPC;
	for (i = 0; i < out->count; i++)
		waiting[i] = out->waiting[(out->first + i) % out->room];
	object_free(out->waiting, out->room * sizeof *waiting);
	out->waiting = waiting;
	out->room = room;
	out->first = 0;
	return 0;
}

/* As a mailbox, what waits is bounded. */
static int
reserve(struct scheduler *scheduler, struct pid to)
{
	struct outgoing *out = outgoing_to(scheduler, to);

	if (out->count >= MAILBOX_MAX)
		return -ENOSPC;
	if (out->count + out->reserved == out->room && grow(out) != 0)
		return -ENOSPC;
	out->reserved++;
	return 0;
}

int
courier_reserve(struct scheduler *scheduler, struct pid to)
{
	return scheduler->late.first != 0 ? -ENOSPC : reserve(scheduler, to);
}

void
courier_give_back(struct scheduler *scheduler, struct pid to)
{
	struct outgoing *out = outgoing_to(scheduler, to);

	assert(out->reserved > 0);
	out->reserved--;
}

/* A copy of its own, and the store's is freed.  false: no memory. */
static bool
take_parcel_along(struct scheduler *scheduler, struct cargo *cargo)
{
	const struct parcel *parcel =
	    message_parcel(scheduler, &cargo->message);

	if (parcel == NULL)
		return true;
	cargo->parcel_size = parcel->size;
	cargo->parcel = object_alloc(parcel->size == 0 ? 1 : parcel->size);
	if (cargo->parcel == NULL)
		return false;
	memcpy(cargo->parcel, parcel->bytes, parcel->size);
	message_free_parcel(scheduler, &cargo->message);
	return true;
}

static bool
put_into_ring(struct scheduler *scheduler, const struct cargo *cargo)
{
	unsigned int to = number_of(cargo->to);
	struct ring *ring = node_ring(scheduler->node, scheduler->number, to);
	struct cargo *room = ring_room(ring);
	struct cargo copy = *cargo;

	if (room == NULL || !take_parcel_along(scheduler, &copy))
		return false;
	*room = copy;
	ring_push(ring);
	node_rouse(scheduler->node, to);
	return true;
}

void
courier_send(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct outgoing *out = outgoing_to(scheduler, cargo->to);

	assert(out->reserved > 0);
	out->reserved--;
	if (out->count > 0 || !put_into_ring(scheduler, cargo))
		out->waiting[(out->first + out->count++) % out->room] = *cargo;
}

void
courier_send_message(struct scheduler *scheduler, enum cargo_type type,
    struct pid to, uint32_t message)
{
	struct cargo cargo = { .type = (uint8_t)type,
		.to = to,
		.message = *message_at(scheduler, message) };

	cargo.about = cargo.message.from;
	if (type == CARGO_DOWN || type == CARGO_DEMONITOR)
		cargo.number = cargo.message.body.ended.monitor;
	store_give(scheduler->store, message, sizeof cargo.message);
	courier_send(scheduler, &cargo);
}

/* Where a message that is late keeps what its cargo needs besides. */
struct late {
	uint8_t body[MESSAGE_BODY - 16];
	struct pid to;
	uint32_t type, spare;
};
_Static_assert(sizeof(struct late) == MESSAGE_BODY, "in place of the body");
_Static_assert(
    sizeof(struct event_started) <= sizeof((struct late *)0)->body, "beside");

static void
wait_for_memory(struct scheduler *scheduler, enum cargo_type type,
    struct pid to, uint32_t ref)
{
	struct slot_list *list = &scheduler->late;
	struct message *message = message_at(scheduler, ref);
	struct late late;

	memcpy(&late, message->body.bytes, sizeof late);
	late.to = to;
	late.type = (uint32_t)type;
	memcpy(message->body.bytes, &late, sizeof late);
	message->next = 0;
	if (list->first == 0)
		list->first = ref;
	else
		message_at(scheduler, list->last)->next = ref;
	list->last = ref;
}

void
courier_must_send(struct scheduler *scheduler, enum cargo_type type,
    struct pid to, uint32_t message)
{
	if (courier_reserve(scheduler, to) == 0)
		courier_send_message(scheduler, type, to, message);
	else
		wait_for_memory(scheduler, type, to, message);
}

static bool
send_late(struct scheduler *scheduler)
{
	const struct message *message;
	struct late late;
	bool did = false;
	uint32_t ref;

	while ((ref = scheduler->late.first) != 0) {
		message = message_at(scheduler, ref);
		memcpy(&late, message->body.bytes, sizeof late);
		if (reserve(scheduler, late.to) != 0)
			break;
		scheduler->late.first = message->next;
		courier_send_message(
		    scheduler, (enum cargo_type)late.type, late.to, ref);
		did = true;
	}
	return did;
}

static struct cargo
signal_cargo(
    enum cargo_type type, struct pid about, struct pid to, struct reason reason)
{
	struct cargo cargo = {
		.type = (uint8_t)type, .about = about, .to = to
	};

	cargo.message.body.ended.reason = reason;
	return cargo;
}

static int
reserve_and_send(struct scheduler *scheduler, const struct cargo *cargo)
{
	int error = courier_reserve(scheduler, cargo->to);

	if (error == 0)
		courier_send(scheduler, cargo);
	return error;
}

int
courier_exit(struct scheduler *scheduler, enum cargo_type type, struct pid from,
    struct pid to, struct reason reason)
{
	const struct cargo cargo = signal_cargo(type, from, to, reason);

	return reserve_and_send(scheduler, &cargo);
}

/*--------------------------------------------------------------------
 * Places for children: a few of each other scheduler, taken from it in advance
 */

struct pid
courier_take_place(struct scheduler *scheduler, unsigned int on)
{
	struct outgoing *out = &scheduler->courier->out[on];

	return out->places_count == 0 ? PID_NONE
				      : out->places[--out->places_count];
}

void
courier_return_place(struct scheduler *scheduler, struct pid place)
{
	struct outgoing *out = outgoing_to(scheduler, place);

	assert(out->places_count < PLACES);
	out->places[out->places_count++] = place;
}

void
courier_send_place(struct scheduler *scheduler, struct pid to)
{
	uint32_t slot;
	struct cargo cargo = { .type = CARGO_PLACE, .to = to };

	if (courier_reserve(scheduler, to) != 0)
		return; /* one place fewer */
	slot = slot_take(scheduler);
	if (slot == 0) {
		courier_give_back(scheduler, to);
		return;
	}
	cargo.about =
	    (struct pid){ slot, process_at(scheduler, slot)->generation };
	courier_send(scheduler, &cargo);
}

int
courier_lay_out_places(struct scheduler *scheduler)
{
	struct scheduler *peer;
	unsigned int i, count;
	uint32_t slot;

	for (i = 0; i < scheduler->schedulers; i++) {
		peer = scheduler->node->scheduler[i];
		for (count = 0; peer != scheduler && count < PLACES; count++) {
			slot = slot_take(scheduler);
			if (slot == 0)
				return -ENOMEM;
			courier_return_place(peer,
			    (struct pid){ slot,
				process_at(scheduler, slot)->generation });
		}
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Full mailboxes
 */

static unsigned int
find(const struct pid_set *set, struct pid pid)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (pid_equal(set->pids[i], pid))
			break;
	return i;
}

static bool
add(struct pid_set *set, struct pid pid)
{
	if (find(set, pid) < set->count || set->count == FULL_MAX)
		return false;
	set->pids[set->count++] = pid;
	return true;
}

static void
forget(struct pid_set *set, struct pid pid)
{
	unsigned int i = find(set, pid);

	if (i < set->count)
		set->pids[i] = set->pids[--set->count];
}

bool
courier_knows_full(const struct scheduler *scheduler, struct pid to)
{
	const struct pid_set *full = &scheduler->courier->full;

	return full->count > 0 && find(full, to) < full->count;
}

/* Tells all others, or (no room) none. */
static bool
tell_all(struct scheduler *scheduler, enum cargo_type type, struct pid about)
{
	struct cargo cargo = { .type = (uint8_t)type, .about = about };
	unsigned int i, reserved;
	bool has_room = true;

	for (reserved = 0; has_room && reserved < scheduler->schedulers;
	     reserved++)
		has_room = reserved == scheduler->number ||
		    courier_reserve(scheduler, anyone_of(reserved)) == 0;
	for (i = 0; i < reserved - !has_room; i++) {
		cargo.to = anyone_of(i);
		if (i == scheduler->number)
			continue;
		if (has_room)
			courier_send(scheduler, &cargo);
		else
			courier_give_back(scheduler, cargo.to);
	}
	return has_room;
}

/* After a delivery from elsewhere. */
static void
look_whether_full(struct scheduler *scheduler, struct pid pid)
{
	const struct process *process = process_find(scheduler, pid);
	struct pid_set *told = &scheduler->courier->told_full;

	if (process != NULL && process->mailbox_length >= MAILBOX_MAX &&
	    add(told, pid) && !tell_all(scheduler, CARGO_FULL, pid))
		forget(told, pid);
}

/* At each turn: those that have room again, or are no more. */
static void
look_whether_open(struct scheduler *scheduler)
{
	struct pid_set *told = &scheduler->courier->told_full;
	const struct process *process;
	unsigned int i = 0;

	while (i < told->count) {
		process = process_find(scheduler, told->pids[i]);
		if ((process != NULL &&
			process->mailbox_length >= MAILBOX_MAX) ||
		    !tell_all(scheduler, CARGO_OPEN, told->pids[i]))
			i++;
		else
			forget(told, told->pids[i]);
	}
}

/*--------------------------------------------------------------------
 * The rings
 */

static bool
flush(struct scheduler *scheduler, struct outgoing *out)
{
	bool did = false;

	while (out->count > 0 &&
	    put_into_ring(scheduler, &out->waiting[out->first])) {
		out->first = (out->first + 1) % out->room;
		out->count--;
		did = true;
	}
	return did;
}

/* Says first that it waits, then tries: so a reader that makes room sees it. */
static bool
flush_all(struct scheduler *scheduler)
{
	struct courier *courier = scheduler->courier;
	struct station *station = &scheduler->node->station[scheduler->number];
	bool did = false;
	unsigned int i;

	for (i = 0; i < courier->count; i++) {
		if (courier->out[i].count == 0)
			continue;
		atomic_store(&station->wants_room, true);
		did = flush(scheduler, &courier->out[i]) || did;
	}
	return did;
}

bool
courier_may_send(const struct scheduler *scheduler)
{
	const struct courier *courier = scheduler->courier;
	unsigned int i;

	for (i = 0; i < courier->count; i++)
		if (courier->out[i].count > 0)
			return !atomic_load(
			    &scheduler->node->station[scheduler->number]
				 .wants_room);
	return false;
}

/*--------------------------------------------------------------------
 * Taking.  Each answers false when it has to be tried again.
 */

static bool
answer(struct scheduler *scheduler, const struct cargo *cargo,
    enum cargo_type type)
{
	const struct reason noproc = { .kind = REASON_NOPROC };
	struct cargo reply =
	    signal_cargo(type, cargo->to, cargo->about, noproc);

	reply.number = cargo->number;
	return reserve_and_send(scheduler, &reply) == 0;
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
		ref = message_alloc(scheduler, message->kind, message->from,
		    message->body.bytes, message->length);
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
		look_whether_full(scheduler, cargo->to);
	return true;
}

/* One that is on its way out of a link is told of no other (see above). */
static bool
take_link(struct scheduler *scheduler, const struct cargo *cargo)
{
	struct process *process = process_find(scheduler, cargo->to);

	if (process == NULL)
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

	if (process != NULL && pid_equal(process->supervisor, cargo->about))
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

static bool
take(struct scheduler *scheduler, const struct cargo *cargo)
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
		(void)add(&scheduler->courier->full, cargo->about);
		return true;
	case CARGO_OPEN:
		forget(&scheduler->courier->full, cargo->about);
		return true;
	}
	abort(); /* no type of cargo */
}

static bool
take_all(struct scheduler *scheduler, unsigned int from)
{
	struct node *node = scheduler->node;
	struct ring *ring = node_ring(node, from, scheduler->number);
	const struct cargo *cargo;
	unsigned int taken = 0;

	while (taken < CARGO_A_TURN && (cargo = ring_peek(ring)) != NULL) {
		if (!take(scheduler, cargo)) {
			scheduler->is_stuck = true;
			break;
		}
		ring_pop(ring);
		taken++;
	}
	if (taken > 0 && atomic_load(&node->station[from].wants_room)) {
		atomic_store(&node->station[from].wants_room, false);
		node_rouse(node, from);
	}
	return taken > 0;
}

bool
courier_turn(struct scheduler *scheduler)
{
	bool did = false;
	unsigned int from;

	scheduler->is_stuck = false;
	look_whether_open(scheduler);
	for (from = 0; from < scheduler->schedulers; from++)
		if (from != scheduler->number)
			did = take_all(scheduler, from) || did;
	did = send_late(scheduler) || did;
	return flush_all(scheduler) || did;
}
