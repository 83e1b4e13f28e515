/*
 * Private to switch/: the turns of one scheduler, and where it rests.
 *
 * Its libevent base, what is asked of it from outside (the observer, a slice,
 * the attendant), and the workers whose answers it gives.
 */
#ifndef SWITCH_LOOP_H
#define SWITCH_LOOP_H

#include "switch/scheduler_internal.h"

struct event;

struct scheduler_loop {
	unsigned int magic;
#define LOOP_MAGIC 0x100b1e55
	struct event_base *base;
	struct event *wake, *tick;
	int wake_fd;
	uint64_t horizon;
	scheduler_settled_f *settled;
	void *settled_arg;
	scheduler_slice_f *slice;
	void *slice_arg;
	uint64_t slice_due;
	uint64_t polled; /* when, if it did not rest, in real time */
	/* In virtual time: one instant, and how many events were before it. */
	uint64_t instant, instant_from, instant_max; /* 0: without end */
	bool is_endless;			     /* it had more */
	scheduler_attend_f *attend;
	void *attend_arg;
	unsigned int workers, turns, moved; /* the store, in that turn */
	struct worker *worker[WORKERS_MAX];
};

int loop_alloc(struct scheduler_loop **ret_loop);
void loop_free(struct scheduler_loop **loopp);

/* How many µs of the run one of the machine is; in virtual time 1. */
uint64_t loop_times(const struct scheduler *scheduler);

/* Turns until the node stops: the body of a scheduler's thread. */
void loop_run(void *arg);

#endif
