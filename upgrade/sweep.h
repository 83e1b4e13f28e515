/*
 * sweep: one scheduler's walk over its processes of a module, converting them
 * on the way.
 *
 * Private to upgrade/release_*.c, which have one for each scheduler.  It walks
 * in slices, between the events of a turn, on the scheduler's own thread, and
 * leaves out what an event has brought to the target before.  With a canary it
 * takes but those that the canary takes, and passes once; so does one that
 * rejects whom no upgrade could take along, or lets go of what was kept.  Home
 * may look at `is_over` and `must_end` at any time, at all else while the
 * others are halted.  Who has come, and who cannot, stands in the book.
 */
#ifndef UPGRADE_SWEEP_H
#define UPGRADE_SWEEP_H

#include <stdatomic.h>

#include "upgrade/release_handler.h"
#include "upgrade/walk.h"

struct book;
struct canary;
struct state_names;

/* What is done to whom it meets. */
enum sweep_work {
	SWEEP_CONVERT,
	SWEEP_LATE,   /* likewise, but of whom the canary had wait */
	SWEEP_REJECT, /* who is on a version that was left */
	SWEEP_LET_GO  /* what is kept for the way back */
};

/* What the sweeps of all schedulers have in common; it outlives them. */
struct sweep_order {
	uint16_t target;
	bool ends_at_failure; /* it will turn round: one is enough */
	bool is_return;	      /* nowhere else to go: it goes on to its end */
	enum sweep_work work;
	struct canary *canary; /* or NULL: all whose target it is */
	const uint16_t *left;  /* versions that were left; some are 0 */
	unsigned int left_count;
	const struct state_names *names;
	const struct upgrade_telephony *telephony;
};

/* Design 5: in real time a conversion over 1 ms of CPU counts as failed. */
enum { SWEEP_SLOW_NS = 1000000, SWEEP_SLOW_MAX = 3 };

struct sweep {
	const struct sweep_order *order; /* NULL: none has begun */
	struct book *book;
	struct walk walk; /* and the pauses */
	atomic_bool is_over, must_end;
	uint64_t skipped; /* in this pass: they come in another */
	bool has_failed;  /* refused by a hook or a check, or faulted in it */
	uint64_t taken;	  /* for the canary */
	uint64_t rejected;
	unsigned int late; /* who waited when it began, and has not been met */
	unsigned int slow, careful; /* slices still to be of one process */
	unsigned int pinned_count;
	struct pid pinned[UPGRADE_FAILURES]; /* the first of this pass */
};

/* To the order's target, from every behaviour whose own target it is. */
void sweep_begin(struct sweep *sweep, struct scheduler *scheduler,
    const struct sweep_order *order, struct book *book);

/* One slice, a scheduler_slice_f; false when there is to be no other. */
bool sweep_slice(void *arg);

/* An event, or use_current, has had a process converted, or tried to. */
void sweep_add_attempt(
    struct sweep *sweep, struct pid pid, int result, uint64_t cpu_ns);

#endif
