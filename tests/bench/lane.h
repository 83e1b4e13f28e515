/*
 * lane: a scheduler with a pool of calls, and one who drives them.
 *
 * As a benchmark sees the switch: two lanes are two schedulers, two pools and
 * two senders, which is what the Erlang side has.  The driver is a native
 * process of that scheduler and does, event by event, the job it is given.
 */
#ifndef TESTS_BENCH_LANE_H
#define TESTS_BENCH_LANE_H

#include <pthread.h>

#include "switch/process.h"
#include "tests/bench/meter.h"

enum { LANES = 2 };

struct code;
struct lane;
struct message;
struct module;
struct office;
struct probe;
struct self;
struct supervisor;

/* What the driver does with an event; LANE_GO is the first of a job. */
typedef void lane_job_f(
    struct lane *lane, struct self *self, const struct message *event);
enum { LANE_GO = 0x1fff };

/* Nothing is left to do at this instant: false if the job is done. */
typedef bool lane_settled_f(struct lane *lane);

struct lane {
	struct scheduler *scheduler;
	struct code *code;
	struct supervisor *pool;
	struct office *office;
	struct pid pool_pid, driver;
	pthread_t thread;
	lane_job_f *job;
	lane_settled_f *settled;
	uint32_t count, done; /* of the job: calls wanted, and done so far */
	uint32_t rounds;      /* of the job: still to come after this one */
	struct pid *calls;    /* `count` of them */
	struct probe *probe;
};

/*
 * `module`: the call's code, linked in; NULL: `name` 1.0 is loaded from its
 * file as the switch does.  `office`: an office stands above it.
 */
struct lane_options {
	const char *name;
	const struct module *module;
	bool with_office;
	enum on_fault on_fault;
};
void lane_open(struct lane *lane, const struct lane_options *options);
void lane_close(struct lane *lane);

/* All do `job` until nothing is left to do; the time it took. */
struct span lanes_run(struct lane *lanes, unsigned int lanes_count,
    lane_job_f *job, uint32_t rounds);

/* Bytes of their stores, which are charged to the calls in them. */
uint64_t lanes_resident(const struct lane *lanes, unsigned int count);

/* Events handled so far, by all. */
uint64_t lanes_events(const struct lane *lanes, unsigned int count);

#endif
