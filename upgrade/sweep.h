/*
 * sweep: one walk over the processes of a module, converting them on the way.
 *
 * Private to upgrade/release_handler.c, in which it is embedded.  It walks in
 * slices, between the events of a turn, and leaves out what an event has
 * brought to the target before.
 */
#ifndef UPGRADE_SWEEP_H
#define UPGRADE_SWEEP_H

#include "switch/histogram.h"
#include "switch/module.h"

struct scheduler;

struct sweep {
	struct scheduler *scheduler;
	uint16_t target;
	uint32_t cursor;
	uint64_t skipped; /* in this pass: they come in another */
	uint64_t failed;  /* refused by a hook or a check, or faulted in it */
	struct histogram *cpu, *wall; /* of pauses, ns */
};

/*
 * To `target`, from every behaviour whose own target it is.  The histograms
 * are the caller's.
 */
void sweep_begin(struct sweep *sweep, struct scheduler *scheduler,
    uint16_t target, struct histogram *cpu, struct histogram *wall);

/* One slice; false when it has come to the end of a pass. */
bool sweep_slice(struct sweep *sweep);

/*
 * At the end of a pass: whether it was the last.  If not, the next slice begins
 * another.
 */
bool sweep_is_over(struct sweep *sweep);

/* What process_change_code() says of a process that has no image there. */
bool sweep_is_pinned(int error);

#endif
