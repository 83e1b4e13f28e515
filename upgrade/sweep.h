/*
 * sweep: one scheduler's walk over its processes of a module, converting them
 * on the way.
 *
 * Private to upgrade/release_*.c, which have one for each scheduler.  It walks
 * in slices, between the events of a turn, on the scheduler's own thread, and
 * leaves out what an event has brought to the target before.  With a canary it
 * takes but those that the canary takes, and passes once; so does one that
 * rejects whom no upgrade could take along, or lets go of what was kept.  Home
 * may look at `is_over`, `must_end` and `faulted` at any time, at all else
 * while the others are halted.
 */
#ifndef UPGRADE_SWEEP_H
#define UPGRADE_SWEEP_H

#include <stdatomic.h>

#include "upgrade/release_handler.h"
#include "upgrade/walk.h"

struct canary;
struct state_names;

/* What is done to whom it meets. */
enum sweep_work {
	SWEEP_CONVERT,
	SWEEP_LATE,   /* likewise, but of whom the canary had wait */
	SWEEP_REJECT, /* who is not at the target */
	SWEEP_LET_GO  /* what is kept for the way back */
};

/* What the sweeps of all schedulers have in common; it outlives them. */
struct sweep_order {
	uint16_t target;
	bool ends_at_failure; /* it will turn round: one is enough */
	bool is_return;	      /* nowhere else to go: it goes on to its end */
	enum sweep_work work;
	struct canary *canary; /* or NULL: all whose target it is */
	const struct state_names *names;
	const struct upgrade_telephony *telephony;
};

/* Design 5: in real time a conversion over 1 ms of CPU counts as failed. */
enum { SWEEP_SLOW_NS = 1000000, SWEEP_SLOW_MAX = 3 };

/* Why a process is not where it should be. */
struct sweep_note {
	struct pid pid;
	uint64_t call; /* its number, or 0 */
	uint16_t behaviour;
	uint8_t state; /* number of its name */
	int error;     /* of process_change_code(), or -ETIME: too slow */
};
struct sweep_notes {
	unsigned int count;
	struct sweep_note notes[UPGRADE_FAILURES]; /* the first */
};

struct sweep {
	const struct sweep_order *order; /* NULL: none has begun */
	struct walk walk;		 /* and the pauses */
	atomic_bool is_over, must_end;
	uint64_t skipped; /* in this pass: they come in another */
	uint64_t failed;  /* refused by a hook or a check, or faulted in it */
	/* Attempts that a hook or a check has faulted in. */
	atomic_uint_fast64_t faulted;
	uint64_t taken; /* for the canary */
	uint64_t rejected;
	unsigned int late; /* who waited when it began, and has not been met */
	unsigned int slow, careful; /* slices still to be of one process */
	struct pid last_failed;
	/* By the number of the state's name, the last: without one. */
	uint64_t converted_in[UPGRADE_STATES + 1];
	uint64_t failed_in[UPGRADE_STATES + 1];
	uint64_t pinned_in[UPGRADE_STATES + 1]; /* in this pass */
	struct sweep_notes failures, pinned;	/* those: in this pass */
};

/* To the order's target, from every behaviour whose own target it is. */
void sweep_begin(struct sweep *sweep, struct scheduler *scheduler,
    const struct sweep_order *order);

/* One slice, a scheduler_slice_f; false when there is to be no other. */
bool sweep_slice(void *arg);

/* An event, or use_current, has had a process converted, or tried to. */
void sweep_add_attempt(
    struct sweep *sweep, struct pid pid, int result, uint64_t cpu_ns);

#endif
