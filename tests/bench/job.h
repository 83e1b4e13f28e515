/* job: what drivers do, see lane.h; calls/s, events/s and so on come of it. */
#ifndef TESTS_BENCH_JOB_H
#define TESTS_BENCH_JOB_H

#include "tests/bench/lane.h"

/*
 * Starts `count` calls one after another through the pool, each asked for
 * when the one before has been acknowledged, as supervisor:start_child/2 has
 * it; their pids are kept if there is room for them in lane->calls.
 */
lane_job_f job_start_calls;

/* ALERTING and ANSWER to every call, in order of their start. */
lane_job_f job_talk;

/* HANGUP to every call, in order of their start. */
lane_job_f job_hang_up;

/* A TICK to every call in the order of lane->calls, `rounds` + 1 times. */
lane_job_f job_tick;

/* The same, to calls on the scheduler of the driver lane->beyond. */
lane_job_f job_tick_across;

/* Whole calls: started, ALERTING, ANSWER, TICK, HANGUP; then the next. */
lane_job_f job_whole_calls;

/*
 * Every call but the last faults, one after another, while the last has mail;
 * lane->probe[i] tells when it faulted and when the other was served.  Of
 * job_fault each ends of it, and it also tells when its monitor heard; of
 * job_resume each goes on.
 */
lane_job_f job_fault;
lane_job_f job_resume;

#endif
