/*
 * breaker: see breaker.h for what it is.
 *
 * Invariant: while a scheduler has one, all its processes bear PROCESS_BROKEN;
 * who bears it still when there is none any more is looked at in vain.
 */
#include "switch/breaker.h"

#include "switch/scheduler_internal.h"

void
breaker_set(struct scheduler *scheduler, breaker_f *breaker, void *arg)
{
	uint32_t cursor = 0;
	struct pid pid;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	scheduler->breaker = breaker;
	scheduler->breaker_arg = arg;
	while (breaker != NULL && process_next(scheduler, &cursor, &pid))
		process_find(scheduler, pid)->flags |= PROCESS_BROKEN;
}
