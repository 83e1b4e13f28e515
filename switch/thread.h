/*
 * thread: one beside those of the schedulers, which hears no signal: signals
 * are for the threads that know what to do with them.
 */
#ifndef SWITCH_THREAD_H
#define SWITCH_THREAD_H

#include <pthread.h>

/* As pthread_create(3), of which it returns -errno. */
int thread_start(pthread_t *ret_thread, const pthread_attr_t *attributes,
    void *(*work)(void *arg), void *arg);

/*
 * What ps(1), top(1) and perf(1) call the thread that calls this: at most 15
 * characters (pthread_setname_np(3)).  By itself it is called as who began it.
 */
void thread_name(const char *name);

/*
 * From now on the thread that calls this, and what it starts, stands back
 * behind the calls: for work that no call waits for.
 */
void thread_stand_back(void);

#endif
