/*
 * traffic: generated calls between simulated subscribers.
 *
 * A traffic lets a free line of one range call a free line of another, again
 * and again; the called one answers after a while, they talk, the caller hangs
 * up, and so does the other when it hears that.  Every draw comes from the
 * seed and the traffic's name.
 */
#ifndef SIM_TRAFFIC_H
#define SIM_TRAFFIC_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/units.h"

struct office;
struct scheduler;
struct traffics;

struct traffic_options {
	const char *name;
	struct range from, to; /* lines that exist */
	double rate;	  /* calls per second, while there are free lines */
	bool is_constant; /* or Poisson */
	struct distribution hold, answer_after;
	uint64_t duration; /* µs of arrivals; UINT64_MAX: until it is stopped */
};

/* Becomes the office's terminal. */
int traffics_alloc(struct traffics **ret_traffics, struct scheduler *scheduler,
    struct office *office, uint64_t seed);
void traffics_free(struct traffics **trafficsp);

/*
 * Starts one.  -EEXIST the name is taken; -EINVAL a line of it does not exist,
 * or belongs to another traffic or to its own other range; -ENOMEM; with one
 * clause in `why`.
 */
int traffics_start(struct traffics *traffics,
    const struct traffic_options *options, char *why, unsigned int size);

/* No new calls; `is_now`: those in progress hang up.  -ESRCH. */
int traffics_stop(struct traffics *traffics, const char *name, bool is_now);

struct traffic_counts {
	bool is_running;
	/* Of the exchange's attempts and those that it gapped, our part. */
	uint64_t attempts, gapped;
	uint64_t unmade; /* arrivals that found no free line, and no room */
	uint64_t answers, ended, live;
};
/* -ESRCH. */
int traffics_count(const struct traffics *traffics, const char *name,
    struct traffic_counts *ret_counts);

#endif
