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
struct shadow;

struct self {
	struct scheduler *scheduler;
	struct shadow *shadow; /* it notes what is asked in this event; NULL */
};

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
 * verb_hold reserves the place; verb_let_go takes it back at commit.  verb_take
 * is for what another process of this scheduler holds until then, and no longer
 * from then on; if it has ended meanwhile, nobody holds it but the taker.
 */
int verb_hold(struct self *self, uint8_t type, uint32_t id);
int verb_take(struct self *self, uint8_t type, uint32_t id, struct pid from);
int verb_let_go(struct self *self, uint8_t type, uint32_t id);

/*
 * For the sake of a shadow run (shadow.h) every verb says, when it has been
 * entered, what it is asked, in words that are the same for the same asking;
 * and before it is left, what it answers:
 *
 *	if (verb_is_noted(self) &&
 *	    verb_note(self, &status, 0, "tone %u %u", line, tone))
 *		return leave_with(self, status);
 *	... what it does ...
 *	return leave_with(self, status); -- which has verb_answer() told
 *
 * verb_note() is for what wants something done: true for the copy, which gets
 * in *status what the real run was answered to the same, or if that did not
 * ask it `unasked`.  verb_ask() is for what only looks: true if the real run
 * has asked it, and the answer, of at most NOTING_ANSWER bytes, is there;
 * else the verb looks, whoever asks.  One that asks another within asks for
 * both: of the inner one nothing is noted.
 */
static inline bool
verb_is_noted(const struct self *self)
{
	return self->shadow != NULL;
}

__attribute__((format(printf, 4, 5))) bool verb_note(
    struct self *self, int *ret_status, int unasked, const char *format, ...);
__attribute__((format(printf, 4, 5))) bool verb_ask(
    struct self *self, void *ret_answer, size_t size, const char *format, ...);
void verb_answer(struct self *self, const void *answer, size_t size);

/* Whether this is the copy: then nothing may be taken, counted or sent. */
bool verb_is_copy(const struct self *self);

#endif
