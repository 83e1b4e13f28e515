/*
 * desk: where upgrades are ordered in a benchmark, and looked after.
 *
 * All of it is home's.
 */
#ifndef TESTS_BENCH_DESK_H
#define TESTS_BENCH_DESK_H

#include "switch/histogram.h"
#include "tests/bench/inquiry.h"
#include "tests/bench/lane.h"

struct upgrade_report;

enum { DESK_LOOK_US = 1000 };

/* What is done when an upgrade is; false: that was all. */
struct desk;
typedef bool desk_next_f(struct desk *desk);

struct desk {
	struct lane lanes[LANES]; /* first: home is the desk too */
	const char *name;	  /* of the calls' module */
	desk_next_f *next;
	uint32_t rounds, of; /* still to come; of so many */
	struct inquiry inquiries[LANES];
	struct histogram cpu, wall; /* pauses of all upgrades so far */
	uint64_t rests_until;	    /* µs of the run */
	uint64_t resident, most;    /* for soak.c, bytes */
};

/* With as many toy calls 1.0, in the talking phase; or calls 1.0 that talk. */
struct desk *desk_open_toys(uint32_t calls);
struct desk *desk_open_calls(uint32_t calls);
void desk_close(struct desk **deskp);

/* Begins an upgrade to the version, a rollback, or a rehearsal. */
void desk_upgrade(struct desk *desk, const char *version);
void desk_roll_back(struct desk *desk);
void desk_rehearse(struct desk *desk, const char *version);
const struct upgrade_report *desk_report(const struct desk *desk);
/* Of what is done: every call is there, and on the version it should be on. */
void desk_must_be_whole(struct desk *desk);

/* Nothing else goes on until what was ordered is done, and is whole. */
struct span desk_wait(struct desk *desk);

/* Nothing at all goes on for so many µs: what is to be looked at later is. */
void desk_rest(struct desk *desk, uint64_t us);

/*
 * Calls are asked (inquiry.h), one in `renewal` (0: none) ends and is replaced,
 * for `ns` (0: until `next`, called whenever what was ordered is done, says
 * that it was all).
 */
struct span desk_run_traffic(struct desk *desk, uint32_t renewal, uint64_t ns);

#endif
