/*
 * verb: what a function needs that a handler may call.
 *
 * Private to those who write verbs (switch/process.c, calls/exchange/).  A
 * verb first copies what it needs out of the caller's memory, so that a bad
 * pointer is the module's fault; then verb_enter(): from there to verb_leave()
 * a fault is the host's, and module memory is not touched.  What a verb takes
 * from the switch is written in the outbox as an effect, done at commit in the
 * order of asking, undone if the event is.
 */
#ifndef SWITCH_VERB_H
#define SWITCH_VERB_H

#include "switch/module.h"

struct scheduler;

/*
 * An effect of the layers above: `kind` was given by scheduler_add_effect(),
 * `a` and `b` mean what that layer says.
 */
struct effect_type {
	/* Done at commit; cannot fail. */
	void (*commit)(struct scheduler *scheduler, struct pid pid, uint32_t a,
	    uint64_t b);
	/* Done instead when the event came to nothing; may be NULL. */
	void (*undo)(struct scheduler *scheduler, struct pid pid, uint32_t a,
	    uint64_t b);
};

/* Traps, as the module's fault, if `self` is not the running process. */
struct scheduler *verb_enter(struct self *self);
void verb_leave(struct self *self);

/* The running process; between verb_enter and verb_leave. */
struct pid verb_pid(struct self *self);

/* -ENOSPC when the outbox is full. */
int verb_effect(struct self *self, uint8_t type, uint32_t a, uint64_t b);

/*
 * What the running process holds from commit on: when it ends, for whatever
 * reason, the runtime calls the release function of `type` with `id`.
 * verb_hold reserves the place; verb_let_go takes it back at commit.
 */
int verb_hold(struct self *self, uint8_t type, uint32_t id);
int verb_let_go(struct self *self, uint8_t type, uint32_t id);

#endif
