/*
 * Private to the files of the courier.
 *
 *   courier.c        sends, and turns the rings
 *   courier_take.c   does what a cargo says, where it has come
 *   courier_place.c  places for children on other schedulers
 *   courier_full.c   who is told of a full mailbox
 */
#ifndef SWITCH_COURIER_INTERNAL_H
#define SWITCH_COURIER_INTERNAL_H

#include "switch/courier.h"
#include "switch/node.h"

enum {
	PLACES = 4,   /* supervisors started at once, and few at that */
	FULL_MAX = 64 /* overloaded at once; with more the bound is softer */
};

/* For one receiver. */
struct outgoing {
	struct cargo *waiting; /* a circle of `room` */
	size_t first, count, room, reserved;
	struct pid places[PLACES];
	unsigned int places_count;
};

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

static inline unsigned int
number_of(struct pid pid)
{
	return pid.slot / STORE_SLOTS;
}

/* For what is for a scheduler rather than for a process. */
static inline struct pid
anyone_of(unsigned int number)
{
	return (struct pid){ number * STORE_SLOTS, 0 };
}

static inline struct outgoing *
outgoing_to(const struct scheduler *scheduler, struct pid to)
{
	return &scheduler->courier->out[number_of(to)];
}

/* courier.c: an exit signal, or whatever else bears a reason; -ENOSPC. */
struct cargo courier_signal(enum cargo_type type, struct pid about,
    struct pid to, struct reason reason);
int courier_reserve_and_send(
    struct scheduler *scheduler, const struct cargo *cargo);

/* courier_take.c: false: for want of memory, it has to be tried again. */
bool courier_take(struct scheduler *scheduler, const struct cargo *cargo);

/* courier_full.c: after a delivery from elsewhere; at each turn; as told. */
void courier_look_whether_full(struct scheduler *scheduler, struct pid pid);
void courier_look_whether_open(struct scheduler *scheduler);
void courier_hear_of_full(struct scheduler *scheduler, struct pid pid);
void courier_hear_of_open(struct scheduler *scheduler, struct pid pid);

#endif
