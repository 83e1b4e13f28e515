/*
 * sweep: one scheduler's walk over its processes of a module, converting them
 * on the way.
 *
 * Private to upgrade/release_stages.c, which has one for each scheduler.  It
 * walks in slices, between the events of a turn, on the scheduler's own
 * thread, and leaves out what an event has brought to the target before.  Home
 * may look at `is_over` and `has_failed` at any time, at all else while the
 * others are halted.
 */
#ifndef UPGRADE_SWEEP_H
#define UPGRADE_SWEEP_H

#include <stdatomic.h>

#include "upgrade/walk.h"

struct sweep {
	struct walk walk;     /* and the pauses */
	uint16_t target;      /* 0: none has begun */
	bool ends_at_failure; /* it will turn round: once told is enough */
	atomic_bool is_over, has_failed;
	uint64_t skipped; /* in this pass: they come in another */
	uint64_t failed;  /* refused by a hook or a check, or faulted in it */
	struct pid last_failed;
};

/* To `target`, from every behaviour whose own target it is. */
void sweep_begin(struct sweep *sweep, struct scheduler *scheduler,
    uint16_t target, bool ends_at_failure);

/* One slice, a scheduler_slice_f; false when there is to be no other. */
bool sweep_slice(void *arg);

/* An event, or use_current, has had a process converted, or tried to. */
void sweep_add_attempt(
    struct sweep *sweep, struct pid pid, int result, uint64_t cpu_ns);

#endif
