/*
 * watchdog: ends a handler that does not come to its end.
 *
 * A thread that looks every 10 ms at how far a scheduler has got.  When the
 * step in hand has used up its budget of CPU time, it sends the scheduler's
 * thread a signal that carries the step's number; fault.c obeys it if that
 * step is still in hand and a module runs.  CPU time, not the clock on the
 * wall: a machine that is busy with others must not cost a call its event.
 *
 * If the host runs, nothing can be ended, and the signal leaves a note, which
 * is taken back if a later one meets the module, at one verb after another; the
 * watchdog tells it, when the step is over and so how long it was is known, or
 * when it was that long already that it may never be.
 */
#ifndef SWITCH_WATCHDOG_H
#define SWITCH_WATCHDOG_H

#include <stdatomic.h>
#include <stdint.h>

enum {
	WATCHDOG_LOOK_MS = 10,
	WATCHDOG_BUDGET_MS = 50,    /* design 3: CPU time of one event */
	WATCHDOG_PATIENCE_MS = 1000 /* an operator's: is it alive at all? */
};

/* A step of the host that has used up the budget. */
struct hold_up {
	const char *where; /* as fault_begin() had it */
	uintptr_t pc;	   /* where it was when its budget was used up */
	unsigned int ms;   /* of CPU, at least */
};
/* On the watchdog's thread. */
typedef void hold_up_f(void *arg, const struct hold_up *hold_up);

/* The signal that it sends. */
int watchdog_signal(void);

struct watchdog;

/* One for the thread whose step in hand has the number *steps.  -ENOMEM. */
int watchdog_alloc(
    struct watchdog **ret_watchdog, const atomic_uint_fast64_t *steps);
void watchdog_free(struct watchdog **watchdogp);

/* Who is told of notes; before watchdog_start(). */
void watchdog_tell(struct watchdog *watchdog, hold_up_f *tell, void *arg);
/* On the watched thread, in a signal handler: once for a step. */
void watchdog_note(struct watchdog *watchdog, const char *where, uintptr_t pc);
/* Likewise: it was not the host after all, and the step has been ended. */
void watchdog_forget(struct watchdog *watchdog);

/*
 * Watches the calling thread from here until watchdog_stop().  -errno of
 * pthread_create(3).
 */
int watchdog_start(struct watchdog *watchdog);
void watchdog_stop(struct watchdog *watchdog);

#endif
