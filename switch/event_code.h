/*
 * event_code: what an event asks of the version that its process runs.
 *
 * Private to transaction.c.  Here is all that an event pays for being handled
 * by code that can be replaced: a handler found through its descriptor, a state
 * whose size is the version's, the looks whether the process has to go to
 * another version, whether one is tried on copies, whether the message is of
 * another version's kinds, and the counting by version.
 *
 * With HOTSWITCH_FIXED, a header that says which, one module is linked in for
 * good and called by its name, and none of that is there.  No program is built
 * so; it is what tools/bench holds the switch against (`upgradable`).
 */
#ifndef SWITCH_EVENT_CODE_H
#define SWITCH_EVENT_CODE_H

#include <string.h>

#include "switch/scheduler_internal.h"

#ifdef HOTSWITCH_FIXED
#include HOTSWITCH_FIXED

static inline uint32_t
event_state_size(const struct behaviour *behaviour)
{
	return behaviour->native ? behaviour->state_size
				 : (uint32_t)FIXED_STATE_SIZE;
}

static inline void
event_copy_state(const struct behaviour *behaviour, void *to, const void *from)
{
	(void)behaviour;
	memcpy(to, from, FIXED_STATE_SIZE);
}

static inline void
event_handle(const struct behaviour *behaviour, struct self *self, void *state,
    const struct message *message)
{
	if (behaviour->native)
		behaviour->handle(self, state, message);
	else
		fixed_handle(self, state, message);
}

static inline uint16_t
event_target(const struct behaviour *behaviour)
{
	(void)behaviour;
	return 0;
}

static inline bool
event_is_foreign(const struct behaviour *behaviour, uint16_t kind)
{
	(void)behaviour, (void)kind;
	return false;
}

static inline bool
event_has_shadow(const struct scheduler *scheduler)
{
	(void)scheduler;
	return false;
}

static inline void
event_count(
    const struct scheduler *scheduler, const struct behaviour *behaviour)
{
	(void)scheduler, (void)behaviour;
}

#else

static inline uint32_t
event_state_size(const struct behaviour *behaviour)
{
	return behaviour->state_size;
}

/* Of a module: to the scratch, or back. */
static inline void
event_copy_state(const struct behaviour *behaviour, void *to, const void *from)
{
	behaviour->copy_state(to, from, behaviour->state_size);
}

static inline void
event_handle(const struct behaviour *behaviour, struct self *self, void *state,
    const struct message *message)
{
	behaviour->handle(self, state, message);
}

/* Where its processes go before their next event, or 0. */
static inline uint16_t
event_target(const struct behaviour *behaviour)
{
	return behaviour->target;
}

static inline bool
event_is_foreign(const struct behaviour *behaviour, uint16_t kind)
{
	return behaviour_is_foreign(behaviour, kind);
}

static inline bool
event_has_shadow(const struct scheduler *scheduler)
{
	return scheduler->shadow != NULL;
}

static inline void
event_count(
    const struct scheduler *scheduler, const struct behaviour *behaviour)
{
	tally_add(&scheduler->tallies[behaviour->id].events, 1);
}

#endif
#endif
