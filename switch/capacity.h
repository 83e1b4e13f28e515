/*
 * Private to switch/: how many events a scheduler can handle in virtual time.
 *
 * An event takes no time there, unless it is said how much: then a scheduler
 * that has handled some is busy until that has passed, and whatever comes
 * meanwhile waits, as on a machine of that speed.  Timers and callbacks are no
 * events of a process, and do not wait.
 */
#ifndef SWITCH_CAPACITY_H
#define SWITCH_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

struct capacity {
	uint64_t event_ns;   /* what one takes; 0: nothing */
	uint64_t debt_ns;    /* of those that have been, and not passed yet */
	uint64_t busy_until; /* µs of the run */
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

#endif
