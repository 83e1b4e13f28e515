/*
 * thread: see thread.h for what it is.
 */
#include "switch/thread.h"

#include <assert.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* A tenth of what a scheduler has, when both want the processor (sched(7)). */
enum { BEHIND_CALLS = 10 };

int
thread_start(pthread_t *ret_thread, const pthread_attr_t *attributes,
    void *(*work)(void *arg), void *arg)
{
	sigset_t all, before;
	int result;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	result = pthread_create(ret_thread, attributes, work, arg);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -result;
}

void
thread_name(const char *name)
{
	int result = pthread_setname_np(pthread_self(), name);

	assert(result == 0);
	(void)result;
}

/* A nice value is a thread's in Linux. */
void
thread_stand_back(void)
{
	(void)!nice(BEHIND_CALLS);
}
