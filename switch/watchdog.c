/*
 * watchdog: see watchdog.h for what it is.
 *
 * Invariants:
 *   1. `since` is the CPU time at which `seen` was first seen in hand, so a
 *      step has at least its budget, and at most one look more;
 *   2. a signal is sent again at each look until the step has changed: one
 *      that came while the host ran has ended nothing;
 *   3. a note is written while `where` is NULL, and read and told while it is
 *      not; one that comes before the last was told is lost, and one that is
 *      taken back while it is told has been told.
 */
#include "switch/watchdog.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "switch/machine.h"
#include "switch/object.h"
#include "switch/thread.h"

/*
 * A thread sanitizer keeps most signals back until the next call of libc,
 * which a loop never makes.  Not this one, which only the kernel sends else;
 * but then valgrind takes it for a fault.
 */
#if defined(__has_feature)
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_THREAD__) || HAS_FEATURE(thread_sanitizer)
#define WATCHDOG_SIGNAL SIGSYS
#else
#define WATCHDOG_SIGNAL SIGRTMIN
#endif

#define MS UINT64_C(1000000)

struct watchdog {
	unsigned int magic;
#define WATCHDOG_MAGIC 0xb0d9a7c4
	const atomic_uint_fast64_t *steps;
	pthread_t watched, thread;
	clockid_t clock;
	pthread_mutex_t mutex;
	pthread_cond_t ending;
	bool ends;
	uint64_t seen, since, used; /* number, ns, ns */
	hold_up_f *tell;
	void *tell_arg;
	/* The note; handlers of signals may use what needs no lock. */
	const char *_Atomic where;
	uintptr_t pc;
};

int
watchdog_signal(void)
{
	return WATCHDOG_SIGNAL;
}

static void
tell_note(struct watchdog *watchdog)
{
	struct hold_up hold_up = { .ms = (unsigned int)(watchdog->used / MS) };

	hold_up.where =
	    atomic_load_explicit(&watchdog->where, memory_order_acquire);
	if (hold_up.where == NULL)
		return;
	hold_up.pc = watchdog->pc;
	if (watchdog->tell != NULL)
		watchdog->tell(watchdog->tell_arg, &hold_up);
	atomic_store_explicit(&watchdog->where, NULL, memory_order_release);
}

static void
look(struct watchdog *watchdog)
{
	uint64_t step =
	    atomic_load_explicit(watchdog->steps, memory_order_relaxed);
	uint64_t now = machine_ns(watchdog->clock);
	const union sigval value = { .sival_int = (int)step };

	if (step != watchdog->seen) {
		tell_note(watchdog);
		watchdog->seen = step;
		watchdog->since = now;
		return;
	}
	watchdog->used = now - watchdog->since;
	if (watchdog->used > WATCHDOG_PATIENCE_MS * MS)
		tell_note(watchdog);
	if (watchdog->used > WATCHDOG_BUDGET_MS * MS)
		(void)pthread_sigqueue(
		    watchdog->watched, WATCHDOG_SIGNAL, value);
}

/* Sleeps until the next look; false when it is to end. */
static bool
sleep_until_next(struct watchdog *watchdog)
{
	uint64_t at = machine_ns(CLOCK_MONOTONIC) + WATCHDOG_LOOK_MS * MS;
	const struct timespec until = { (time_t)(at / 1000000000),
		(long)(at % 1000000000) };
	int error = 0;

	while (!watchdog->ends && error != ETIMEDOUT)
		error = pthread_cond_timedwait(
		    &watchdog->ending, &watchdog->mutex, &until);
	return !watchdog->ends;
}

static void *
watch(void *arg)
{
	struct watchdog *watchdog = arg;

	thread_name("watchdog");
	(void)pthread_mutex_lock(&watchdog->mutex);
	while (sleep_until_next(watchdog))
		look(watchdog);
	tell_note(watchdog);
	(void)pthread_mutex_unlock(&watchdog->mutex);
	return NULL;
}

int
watchdog_alloc(
    struct watchdog **ret_watchdog, const atomic_uint_fast64_t *steps)
{
	struct watchdog *watchdog;
	pthread_condattr_t attributes;

	if (ALLOC_OBJ(watchdog, WATCHDOG_MAGIC) == NULL)
		return -ENOMEM;
	watchdog->steps = steps;
	(void)pthread_mutex_init(&watchdog->mutex, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&watchdog->ending, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	*ret_watchdog = watchdog;
	return 0;
}

void
watchdog_free(struct watchdog **watchdogp)
{
	struct watchdog *watchdog = *watchdogp;

	if (watchdog == NULL)
		return;
	CHECK_OBJ(watchdog, WATCHDOG_MAGIC);
	(void)pthread_cond_destroy(&watchdog->ending);
	(void)pthread_mutex_destroy(&watchdog->mutex);
	FREE_OBJ(watchdogp, WATCHDOG_MAGIC);
}

void
watchdog_tell(struct watchdog *watchdog, hold_up_f *tell, void *arg)
{
	CHECK_OBJ(watchdog, WATCHDOG_MAGIC);
	watchdog->tell = tell;
	watchdog->tell_arg = arg;
}

void
watchdog_note(struct watchdog *watchdog, const char *where, uintptr_t pc)
{
	if (atomic_load_explicit(&watchdog->where, memory_order_acquire) !=
	    NULL)
		return;
	watchdog->pc = pc;
	atomic_store_explicit(&watchdog->where, where, memory_order_release);
}

void
watchdog_forget(struct watchdog *watchdog)
{
	atomic_store_explicit(&watchdog->where, NULL, memory_order_release);
}

int
watchdog_start(struct watchdog *watchdog)
{
	int error;

	CHECK_OBJ(watchdog, WATCHDOG_MAGIC);
	watchdog->ends = false;
	watchdog->watched = pthread_self();
	error = pthread_getcpuclockid(watchdog->watched, &watchdog->clock);
	if (error == 0)
		error =
		    pthread_create(&watchdog->thread, NULL, watch, watchdog);
	return -error;
}

void
watchdog_stop(struct watchdog *watchdog)
{
	CHECK_OBJ(watchdog, WATCHDOG_MAGIC);
	(void)pthread_mutex_lock(&watchdog->mutex);
	watchdog->ends = true;
	(void)pthread_cond_signal(&watchdog->ending);
	(void)pthread_mutex_unlock(&watchdog->mutex);
	(void)pthread_join(watchdog->thread, NULL);
}
