/*
 * watchdog: ends a handler that does not come to its end.
 *
 * A thread that looks every 10 ms at how far a scheduler has got.  When the
 * event in hand has used up its budget of CPU time, it sends the scheduler's
 * thread a signal that carries the event's number; fault.c obeys it if that
 * event is still in hand and a module runs, and ignores it otherwise.  CPU
 * time, not the clock on the wall: a machine that is busy with others must
 * not cost a call its event.
 */
#ifndef SWITCH_WATCHDOG_H
#define SWITCH_WATCHDOG_H

#include <stdatomic.h>
#include <stdint.h>

enum {
	WATCHDOG_LOOK_MS = 10,
	WATCHDOG_BUDGET_MS = 50 /* design 3: CPU time of one event */
};
/* The signal that it sends. */
int watchdog_signal(void);

struct watchdog;

/* One for the thread whose event in hand has the number *events.  -ENOMEM. */
int watchdog_alloc(
    struct watchdog **ret_watchdog, const atomic_uint_fast64_t *events);
void watchdog_free(struct watchdog **watchdogp);

/*
 * Watches the calling thread from here until watchdog_stop().  -errno of
 * pthread_create(3).
 */
int watchdog_start(struct watchdog *watchdog);
void watchdog_stop(struct watchdog *watchdog);

#endif
