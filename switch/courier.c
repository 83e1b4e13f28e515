/*
 * courier: see courier.h for what it is.
 *
 *     sender's event --commit--> ring --> receiver's next turn
 *                          '--> waiting, while the ring is full
 *
 * What a receiver has no memory for stays in the ring, and all behind it: it
 * is stuck until it has some, and nothing is lost.
 *
 * Invariants:
 *   1. waiting.count + reserved <= room, for each receiver;
 *   2. while something waits nothing passes it by;
 *   3. a cargo in a ring refers to no memory of a store.
 */
#include "switch/courier_internal.h"

#include <errno.h>
#include <string.h>

#include "switch/message.h"

enum { ROOM_MIN = 16, CARGO_A_TURN = 1024, FETCH_AHEAD = 8 };

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

	if (room == NULL)
		return false;
	*room = *cargo; /* not to be seen until it is pushed */
	if (!take_parcel_along(scheduler, room))
		return false;
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
	uint8_t body[COURIER_MUST_MAX];
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

struct cargo
courier_signal(
    enum cargo_type type, struct pid about, struct pid to, struct reason reason)
{
	struct cargo cargo = {
		.type = (uint8_t)type, .about = about, .to = to
	};

	cargo.message.body.ended.reason = reason;
	return cargo;
}

int
courier_reserve_and_send(struct scheduler *scheduler, const struct cargo *cargo)
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
	const struct cargo cargo = courier_signal(type, from, to, reason);

	return courier_reserve_and_send(scheduler, &cargo);
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
courier_waits(const struct scheduler *scheduler)
{
	const struct courier *courier = scheduler->courier;
	unsigned int i;

	if (scheduler->late.first != 0)
		return true;
	for (i = 0; i < courier->count; i++)
		if (courier->out[i].count > 0)
			return true;
	return false;
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

static bool
is_such(const struct cargo *cargo, struct pid to, uint16_t kind)
{
	return cargo->type == CARGO_MESSAGE && pid_equal(cargo->to, to) &&
	    cargo->message.kind == kind;
}

static uint64_t
count_sent(const struct scheduler *sender, const struct ring *ring,
    struct pid to, uint16_t kind)
{
	const struct outgoing *out = outgoing_to(sender, to);
	const struct cargo *cargo;
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < out->count; i++)
		count += is_such(
		    &out->waiting[(out->first + i) % out->room], to, kind);
	for (i = 0; (cargo = ring_look(ring, i)) != NULL; i++)
		count += is_such(cargo, to, kind);
	return count;
}

uint64_t
courier_count(const struct scheduler *scheduler, struct pid to, uint16_t kind)
{
	const struct node *node = scheduler->node;
	uint64_t count = 0;
	unsigned int from;

	for (from = 0; from < node->count; from++)
		if (from != scheduler->number)
			count += count_sent(node->scheduler[from],
			    node_ring(node, from, scheduler->number), to, kind);
	return count;
}

/* Whom a cargo is for is in the memory of this scheduler: far away. */
static void
fetch_receiver(const struct scheduler *scheduler, struct ring *ring)
{
	const struct cargo *cargo = ring_peek_ahead(ring, FETCH_AHEAD);

	if (cargo != NULL)
		__builtin_prefetch(process_at(scheduler, cargo->to.slot), 1);
}

static bool
take_all(struct scheduler *scheduler, unsigned int from)
{
	struct node *node = scheduler->node;
	struct ring *ring = node_ring(node, from, scheduler->number);
	const struct cargo *cargo;
	unsigned int taken = 0;

	while (taken < CARGO_A_TURN && (cargo = ring_peek(ring)) != NULL) {
		fetch_receiver(scheduler, ring);
		if (!courier_take(scheduler, cargo)) {
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
	courier_look_whether_open(scheduler);
	for (from = 0; from < scheduler->schedulers; from++)
		if (from != scheduler->number)
			did = take_all(scheduler, from) || did;
	did = send_late(scheduler) || did;
	return flush_all(scheduler) || did;
}
