/*
 * Private to switch/: signals between processes of two schedulers.
 *
 * All that one process may do to another (a message, an exit, a link, a
 * monitor) travels as a cargo through the one ring between the two schedulers,
 * so that the order of signals between two processes is kept.  What the ring
 * has no room for waits at the sender's.
 *
 * A commit cannot fail: a verb reserves first, and each reservation is used or
 * given back.  Who could not reserve keeps what he has to say and tries again.
 *
 * All functions are for the thread of the scheduler given.
 */
#ifndef SWITCH_COURIER_H
#define SWITCH_COURIER_H

#include "switch/scheduler_internal.h"

enum cargo_type {
	CARGO_MESSAGE,	   /* the message, to `to` */
	CARGO_EXIT,	   /* exit/2 from `about` */
	CARGO_LINK,	   /* `about` has linked itself to `to`; 1: a module */
	CARGO_LINK_EXIT,   /* `about` has ended, or never was: by link */
	CARGO_UNLINK,	   /* number: which unlinking, to be answered */
	CARGO_UNLINKED,	   /* the answer: `to` may forget the link */
	CARGO_MONITOR,	   /* `about` monitors `to` under this number */
	CARGO_DEMONITOR,   /* no longer */
	CARGO_DOWN,	   /* `about` has ended, or never was */
	CARGO_SPAWN,	   /* a child for `about` in the place `to` */
	CARGO_CHILD_ENDED, /* the message, to the supervisor `to` */
	CARGO_ORPHANED,	   /* `about`, supervisor of `to`, is no more */
	CARGO_PLACE,	   /* `about` is free, for a later CARGO_SPAWN */
	CARGO_FULL,	   /* the mailbox of `about` has no room */
	CARGO_OPEN	   /* it has again */
};

struct cargo {
	struct message message; /* its body: a reason, where it is no message */
	struct pid to, about;
	uint32_t number; /* of SPAWN the behaviour, of LINK whether a module */
	uint8_t type;
	uint8_t orderer; /* of SPAWN: a scheduler */
	uint8_t on_fault, fault_limit;
	bool traps_exit, has_name;
	void *parcel; /* a copy of the message's, while in a ring */
	size_t parcel_size;
};

struct courier;
struct ring;

int courier_alloc(struct courier **ret_courier, unsigned int count);
void courier_free(struct courier **courierp);
void courier_empty(struct ring *ring); /* frees what was not taken */

/* Of another scheduler of this switch. */
static inline bool
pid_is_away(const struct scheduler *scheduler, struct pid pid)
{
	uint32_t number = pid.slot / STORE_SLOTS;

	return number != scheduler->number && number < scheduler->schedulers &&
	    pid.slot != 0;
}

/* The right to send one cargo to where `to` is.  -ENOSPC. */
int courier_reserve(struct scheduler *scheduler, struct pid to);
void courier_give_back(struct scheduler *scheduler, struct pid to);

/* Sends it by a right reserved before; there is no failure. */
void courier_send(struct scheduler *scheduler, const struct cargo *cargo);
/* Likewise a message that lies in the store, and is freed there. */
void courier_send_message(struct scheduler *scheduler, enum cargo_type type,
    struct pid to, uint32_t message);

/*
 * Without a right, what cannot be taken back: the news of a start, or of an
 * end in the form of an EXIT (of a monitor: with its number), COURIER_MUST_MAX
 * bytes. If there is no memory the message itself waits, and nobody can reserve
 * until it is on its way: so the order is kept.
 */
enum { COURIER_MUST_MAX = MESSAGE_BODY - 16 };
void courier_must_send(struct scheduler *scheduler, enum cargo_type type,
    struct pid to, uint32_t message);

/* Reserves, and sends an exit signal for which there is no message.  -ENOSPC.
 */
int courier_exit(struct scheduler *scheduler, enum cargo_type type,
    struct pid from, struct pid to, struct reason reason);

/* A place on another scheduler for a child to be spawned; PID_NONE. */
struct pid courier_take_place(struct scheduler *scheduler, unsigned int on);
void courier_return_place(struct scheduler *scheduler, struct pid place);
/* One more of ours, for the scheduler `to`; before it runs: for all. */
void courier_send_place(struct scheduler *scheduler, unsigned int to);
int courier_lay_out_places(struct scheduler *scheduler);

/*
 * Whether `to` is known to have a full mailbox.  Who sends to another scheduler
 * learns it late, so such a mailbox may grow beyond MAILBOX_MAX, by what was on
 * its way.
 */
bool courier_knows_full(const struct scheduler *scheduler, struct pid to);

/* Takes what has come, sends what has waited; whether there was any. */
bool courier_turn(struct scheduler *scheduler);

/*
 * How many messages of that kind are on their way to `to`, whose scheduler this
 * is.  While the others are halted.
 */
uint64_t courier_count(
    const struct scheduler *scheduler, struct pid to, uint16_t kind);

/* Whether anything waits: for room in a ring, or for memory. */
bool courier_waits(const struct scheduler *scheduler);

/* Whether what waits has got room since. */
bool courier_may_send(const struct scheduler *scheduler);

#endif
