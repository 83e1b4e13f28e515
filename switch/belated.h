/*
 * Private to switch/: callbacks for which the store had no room when they were
 * asked for.
 *
 * scheduler_at() is how an operator's deadline is kept: that the calls have
 * taken all of the store must not lose it.  Those few wait in the host's own
 * memory, and come when they are due as the others do, behind them.
 */
#ifndef SWITCH_BELATED_H
#define SWITCH_BELATED_H

#include "switch/scheduler_internal.h"

/* As scheduler_at(), at `at` µs of the run.  -ENOMEM. */
int belated_add(struct scheduler *scheduler, uint64_t at, scheduler_due_f *due,
    void *arg, uint64_t key);
/* Calls those that are due; whether there was one. */
bool belated_fire(struct scheduler *scheduler);
/* When the next is, µs of the run; UINT64_MAX: there is none. */
uint64_t belated_next(const struct scheduler *scheduler);
void belated_forget(struct scheduler *scheduler);

#endif
