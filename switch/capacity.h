/*
 * Private to switch/: how many events a scheduler can handle in virtual time.
 *
 * An event takes no time there, unless it is said how much: then a scheduler
 * that has handled some is busy until that has passed, and whatever comes
 * meanwhile waits, as on a machine of that speed.  Timers and callbacks are no
 * events of a process, and do not wait.
 *
 * One that is stalled, at any pace, handles none until that is over, nor does
 * it convert anything.
 */
#ifndef SWITCH_CAPACITY_H
#define SWITCH_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

struct capacity {
	uint64_t event_ns;   /* what one takes; 0: nothing */
	uint64_t debt_ns;    /* of those that have been, and not passed yet */
	uint64_t busy_until; /* µs of the run */
	/* µs of the run: since when `waits`, which is work that has to. */
	uint64_t waits_since;
	uint64_t late_us; /* the longest that any has waited so */
	bool waits, is_stalled;
};

/* No more of it at one instant: the tick of timers. */
enum { CAPACITY_QUANTUM_NS = 1000000 };

/* An event is about to be handled; whether another may be at this instant. */
static inline bool
capacity_spend(struct capacity *capacity)
{
	capacity->debt_ns += capacity->event_ns;
	return capacity->debt_ns < CAPACITY_QUANTUM_NS;
}

/* After a batch: what it took has to pass. */
static inline void
capacity_settle(struct capacity *capacity, uint64_t now)
{
	if (capacity->debt_ns < 1000)
		return;
	capacity->busy_until = now + capacity->debt_ns / 1000;
	capacity->debt_ns %= 1000;
}

static inline void
capacity_stall(struct capacity *capacity, uint64_t now, bool is_stalled)
{
	if (is_stalled)
		capacity->busy_until = UINT64_MAX;
	else if (capacity->is_stalled)
		capacity->busy_until = now;
	capacity->is_stalled = is_stalled;
}

/* Something came, or comes now, so much later than it should have. */
static inline void
capacity_note_late(struct capacity *capacity, uint64_t us)
{
	if (us > capacity->late_us)
		capacity->late_us = us;
}

/* Once a turn: whether there is work that has to wait at this instant. */
static inline void
capacity_note_waiting(struct capacity *capacity, uint64_t now, bool waits)
{
	if (capacity->waits)
		capacity_note_late(capacity, now - capacity->waits_since);
	if (waits && !capacity->waits)
		capacity->waits_since = now;
	capacity->waits = waits;
}

#endif
