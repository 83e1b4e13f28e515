/*
 * Private to switch/: the effects of the event in hand, until its commit.
 *
 * A verb reserves here everything that its effect will need (message, timer,
 * bond), and hears `full` when there is none: so a commit cannot fail.
 */
#ifndef SWITCH_OUTBOX_H
#define SWITCH_OUTBOX_H

#include <errno.h>

#include "switch/scheduler_internal.h"

enum effect_kind {
	EFFECT_SEND,	   /* a: message, b: to */
	EFFECT_TIMER,	   /* a: holding_timer */
	EFFECT_STOP_TIMER, /* number: timer, a: key */
	EFFECT_LINK,	   /* a: bond of ours, b: bond of the peer, or 0 */
	EFFECT_UNLINK,	   /* b: peer */
	EFFECT_MONITOR,	   /* a: bond of ours, b: bond of the peer, or 0 */
	EFFECT_DEMONITOR,  /* a: its number, b: of whom, if he is away */
	EFFECT_TRAP,	   /* a: bool */
	EFFECT_HOLD,	   /* a: holding */
	EFFECT_TAKE,	   /* a: holding, b: of whom its like is */
	EFFECT_LET_GO,	   /* which: type, a: id */
	EFFECT_ABOVE	   /* which: type of a layer above, a, b */
};

/* -ENOSPC when there are OUTBOX_MAX; what it refers to stays the caller's. */
static inline int
outbox_add(struct scheduler *scheduler, const struct effect *effect)
{
	if (scheduler->effects == OUTBOX_MAX)
		return -ENOSPC;
	scheduler->outbox[scheduler->effects++] = *effect;
	return 0;
}

static inline uint64_t
pid_pack(struct pid pid)
{
	return (uint64_t)pid.generation << 32 | pid.slot;
}

static inline struct pid
pid_unpack(uint64_t packed)
{
	return (struct pid){ (uint32_t)packed, (uint32_t)(packed >> 32) };
}

#endif
