/*
 * breaker: breaks events of whichever process, on purpose, for scenarios.
 *
 * process_break() orders it of one process; a breaker is asked after each event
 * of every process that runs a loaded module's code, also of those born later,
 * whether that one breaks.  While there is none, no event costs anything.
 */
#ifndef SWITCH_BREAKER_H
#define SWITCH_BREAKER_H

#include "switch/process.h"

/* On the scheduler's thread; the kind is that of the event. */
typedef bool breaker_f(void *arg, struct scheduler *scheduler,
    const struct behaviour *behaviour, uint16_t kind, enum fault_way *ret_way);

/* Of this scheduler, which must be home or stand still; NULL ends it. */
void breaker_set(struct scheduler *scheduler, breaker_f *breaker, void *arg);

#endif
