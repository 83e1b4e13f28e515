/*
 * shadow: an event that has been handled is handled once more, by a copy.
 *
 * While a shadow is with a scheduler, a sample of the processes of one module
 * is looked at, each event of theirs in handle().  The version that the
 * process runs handles it as ever; what its verbs are asked is noted.  Then,
 * before the commit and so in the world that the handler saw, a copy of the
 * state as it was before the event is converted to another version, and that
 * version's handle() is given the same message, under the guards of any event.
 *
 * Nothing of it is let out.  The copy's verbs only note: one that must answer
 * gives it what the first run got for the same asking, else looks and takes
 * nothing, else says yes.  No count, record, log line or resource is touched;
 * a fault of the copy is an outcome, like any other.  Then the event is
 * committed as if the copy had never been.
 *
 * What this is not: the comparison (upgrade/comparison.c), and which version is
 * tried when (upgrade/release_shadow.c).
 */
#ifndef SWITCH_SHADOW_H
#define SWITCH_SHADOW_H

#include "switch/module.h"
#include "switch/noting.h"

struct behaviour;
struct scheduler;
struct shadow;

enum shadow_outcome {
	SHADOW_RAN,	    /* the copy has handled it */
	SHADOW_CRASHED,	    /* it faulted on it, see `reason` */
	SHADOW_UNSOUND,	    /* its state then fails its own check */
	SHADOW_PINNED,	    /* the state has no image there: not tried */
	SHADOW_UNCONVERTED, /* the conversion refuses it or faults: not tried */
	SHADOW_OUTCOMES
};

/* One event, handled twice; all that it leads to lasts for the call only. */
struct shadow_trial {
	struct pid pid;
	const char *event; /* its word, as in the log: "timeout T301" */
	const struct behaviour *from, *to;
	enum shadow_outcome outcome;
	struct reason reason;		  /* of CRASHED */
	const struct noting *real, *copy; /* asked by the one and the other */
	/* The states: before it, after it, and the copy's, which is of `to`. */
	const void *before, *after, *copied;
	/* What the way up could not take along, for the way down; or NULL. */
	const uint8_t *kept;
};

struct shadow_order {
	uint16_t to;	/* its module's processes in other versions are tried */
	uint32_t share; /* of 2^32, by pid; UINT32_MAX: all */
	/*
	 * Told of each trial, on the scheduler's thread, within the event:
	 * whether there shall be more of them.
	 */
	bool (*tried)(void *arg, const struct shadow_trial *trial);
	void *arg;
};

/*
 * A shadow with that scheduler, from its next event on; there may be one.  For
 * the scheduler's own thread, or home while it is halted.  -ENOMEM.
 */
int shadow_alloc(struct shadow **ret_shadow, struct scheduler *scheduler,
    const struct shadow_order *order);
void shadow_free(struct shadow **shadowp);

/* Whether that share of all pids takes this one in. */
bool shadow_takes(uint32_t share, struct pid pid);

#endif
