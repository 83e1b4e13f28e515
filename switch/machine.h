/*
 * machine: the clocks of the machine, with which virtual time has nothing to
 * do.
 *
 * Budgets, pauses and how long something took are measured by them; so nothing
 * that they say is in the event log, and none decides the order of events.
 */
#ifndef SWITCH_MACHINE_H
#define SWITCH_MACHINE_H

#include <stdint.h>
#include <time.h>

/* 0 if there is no such clock (any more: that of a thread which has ended). */
static inline uint64_t
machine_ns(clockid_t clock)
{
	struct timespec time = { 0, 0 };

	(void)clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

#endif
