/*
 * Private to switch/: what a process owns besides its state and its mail.
 *
 * Timers, links, monitors, and things of the layers above (a line) hang in one
 * list on its header.  When the process ends, for whatever reason, the list is
 * gone through and each is released: there is no clean-up code to forget.
 *
 * Pieces: 16 bytes for a thing, 48 for a timer.  A bond has the 64 bytes of a
 * message, for it becomes the EXIT or DOWN that it is there for: so the news of
 * an end needs no memory, and none is lost or late when there is none left.
 */
#ifndef SWITCH_HOLDING_H
#define SWITCH_HOLDING_H

#include "switch/scheduler_internal.h"

enum holding_kind {
	HOLDING_THING,	   /* type, id */
	HOLDING_CHILDREN,  /* of a supervisor: struct family */
	HOLDING_BREAK,	   /* type = enum fault_way, number = kind, count */
	HOLDING_LINK,	   /* peer; type LINK_IS_ENDING, count: courier.h */
	HOLDING_MONITOR,   /* peer, id: I monitor it */
	HOLDING_MONITORED, /* peer, id: it monitors me */
	HOLDING_CHILD,	   /* peer: a child on another scheduler */
	HOLDING_TIMER,	   /* number, id = key */
	HOLDING_KEPT,	   /* id = the behaviour left, count bytes follow */
	HOLDING_DUE	   /* of nobody: scheduler_at() */
};

enum { LINK_IS_ENDING = 1 };

struct holding {
	uint32_t next; /* ref */
	uint8_t kind, type;
	uint16_t number;
	uint32_t id, count;
};
_Static_assert(sizeof(struct holding) == WHEEL_OFFSET, "then the wheel's");

struct bond {
	struct holding head;
	struct pid peer;
	uint8_t room[sizeof(struct message) - sizeof(struct holding) -
	    sizeof(struct pid)];
};
_Static_assert(sizeof(struct bond) == sizeof(struct message), "it becomes one");

struct holding_timer {
	struct holding head;
	struct wheel_entry entry;
	struct pid owner;
};

struct holding_due {
	struct holding head;
	struct wheel_entry entry;
	scheduler_due_f *due;
	void *arg;
	uint64_t key;
};

/* A zeroed piece of that kind, not yet in any list; 0 when full. */
uint32_t holding_alloc(struct scheduler *scheduler, enum holding_kind kind);
/* One of HOLDING_KEPT with `count` bytes behind it, not yet filled. */
uint32_t holding_alloc_kept(
    struct scheduler *scheduler, uint16_t behaviour, uint32_t count);
void holding_free(struct scheduler *scheduler, uint32_t ref);
size_t holding_footprint(
    const struct scheduler *scheduler, const struct holding *holding);

/* Puts it at the front of the list, or takes out of it. */
void holding_attach(
    struct scheduler *scheduler, struct process *process, uint32_t ref);
void holding_detach(
    struct scheduler *scheduler, struct process *process, uint32_t ref);

/* The first with the kind, type, number and id of `like`; 0 if there is none.
 */
uint32_t holding_find(const struct scheduler *scheduler,
    const struct process *process, const struct holding *like);
uint32_t holding_find_kind(const struct scheduler *scheduler,
    const struct process *process, enum holding_kind kind);
/* The first of that kind that ties it to `peer`. */
uint32_t holding_find_bond(const struct scheduler *scheduler,
    const struct process *process, enum holding_kind kind, struct pid peer,
    uint32_t id);

/* Takes out and frees; 0 is welcome.  A timer also leaves the wheel. */
void holding_drop(
    struct scheduler *scheduler, struct process *process, uint32_t ref);

/*
 * The end of a process: frees its things and timers, then tells links and
 * monitors `reason`.
 */
void holding_release_all(
    struct scheduler *scheduler, struct process *process, struct reason reason);

/*
 * One side of a monitor, in no list any more, becomes the DOWN that goes from
 * `from` to `to`.
 */
void holding_send_down(struct scheduler *scheduler, uint32_t ref, struct pid to,
    struct pid from, struct reason reason);

static inline struct holding *
holding_at(const struct scheduler *scheduler, uint32_t ref)
{
	return store_at(scheduler->store, ref);
}

static inline struct bond *
bond_at(const struct scheduler *scheduler, uint32_t ref)
{
	return store_at(scheduler->store, ref);
}

#endif
