/*
 * lane: a scheduler with a pool of calls, and one who drives them.
 *
 * As a benchmark sees the switch: two lanes are two schedulers of one switch,
 * two pools and two senders, which is what the Erlang side has.  The driver is
 * a native process of that scheduler and does, event by event, the job it is
 * given.  The first lane is that of home: code, office and subscribers are
 * its, for all.
 */
#ifndef TESTS_BENCH_LANE_H
#define TESTS_BENCH_LANE_H

#include "calls/exchange/office.h"
#include "switch/module.h"
#include "switch/process.h"
#include "switch/supervisor.h"
#include "tests/bench/meter.h"

enum { LANES = 2 };

struct code;
struct inquiry;
struct lane;
struct probe;
struct prover;
struct recorder;
struct release_handler;

/* What the driver does with an event; LANE_GO is the first of a job. */
typedef void lane_job_f(
    struct lane *lane, struct self *self, const struct message *event);
enum { LANE_GO = 0x1fff, LANE_ASK = 0x1ffe };

/* Home's: nothing is left to do by anybody: false if the job is done. */
typedef bool lane_settled_f(struct lane *lane);

struct lane {
	/* A line of the caches is not shared with another. */
	_Alignas(128) struct scheduler *scheduler;
	struct code *code;
	struct supervisor *pool;
	struct supervisor_spec pool_spec;
	struct module driver_module;
	char pool_name[OFFICE_POOL_NAME_SIZE], driver_name[16];
	struct office *office;
	struct recorder *recorder; /* home's, if it has a database */
	uint64_t cpu_ns; /* home's: what its thread used in the last run */
	struct prover *prover;		 /* home's, as is */
	struct release_handler *handler; /* this, if it upgrades */
	struct pid pool_pid, driver;
	lane_job_f *job;
	lane_settled_f *settled;
	uint32_t count, done; /* of the job: calls wanted, and done so far */
	uint32_t rounds;      /* of the job: still to come after this one */
	struct pid *calls;    /* `count` of them */
	struct pid beyond;    /* the driver where they are, if not here */
	struct probe *probe;
	struct inquiry *inquiry;
};

/*
 * `module`: the call's code, linked in; NULL: `name` is loaded from its file as
 * the switch does, of `version`, or 1.0 if that is NULL.  `with_office`: an
 * office stands above them, in virtual time: so it is at once known when nobody
 * has anything left to do. `upgrades`: with a prover and a release handler, as
 * the switch has them.
 */
struct lane_options {
	const char *name, *version;
	const struct module *module;
	bool with_office, upgrades;
	const char
	    *database; /* where a recorder writes, in real time; or NULL */
	enum on_fault on_fault;
};
void lanes_open(
    struct lane *lanes, unsigned int count, const struct lane_options *options);
void lanes_close(struct lane *lanes, unsigned int count);

/* All do `job` until nothing is left to do; the time it took. */
struct span lanes_run(
    struct lane *lanes, unsigned int count, lane_job_f *job, uint32_t rounds);

/* Bytes of their stores, which are charged to the calls in them. */
uint64_t lanes_resident(const struct lane *lanes, unsigned int count);

/* Events handled so far, by all. */
uint64_t lanes_events(const struct lane *lanes, unsigned int count);

#endif
