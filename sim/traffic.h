/*
 * traffic: generated calls between simulated subscribers.
 *
 * A traffic lets a free line of one range call a free line of another, again
 * and again; the called one answers after a while, they talk, the caller hangs
 * up, and so does the other when it hears that.  The caller may be beyond this
 * exchange, at the far end of a trunk group, and so may who is called: then
 * somebody is always there, if a circuit is.  Every draw comes from the seed
 * and the traffic's name.
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
	struct range from;   /* lines that exist, unless ... */
	uint32_t from_trunk; /* far ends of that group call; or TRUNK_NONE */
	struct range to;     /* lines that exist, or numbers beyond them */
	double rate;	     /* calls per second, while there are free lines */
	double erlangs;	     /* or: offered by them; one of the two is 0 */
	uint32_t sources;    /* so many lines call, when they are idle; or 0 */
	bool is_constant;    /* or Poisson */
	struct distribution hold, answer_after;
	uint64_t duration; /* µs of arrivals; UINT64_MAX: until it is stopped */
};

/* Becomes the office's terminal. */
int traffics_alloc(struct traffics **ret_traffics, struct scheduler *scheduler,
    struct office *office, uint64_t seed);
void traffics_free(struct traffics **trafficsp);

/*
 * Starts one.  -EEXIST the name is taken; -EINVAL a line of it does not exist,
 * or belongs to another traffic or to its own other range; a number leads
 * nowhere; options that contradict each other; -ENOMEM; with one clause in
 * `why`.
 */
int traffics_start(struct traffics *traffics,
    const struct traffic_options *options, char *why, unsigned int size);

/* No new calls; `is_now`: those in progress hang up.  -ESRCH. */
int traffics_stop(struct traffics *traffics, const char *name, bool is_now);

struct traffic_counts {
	bool is_running;
	/* Of the exchange's attempts and those that it gapped, our part. */
	uint64_t attempts, gapped;
	uint64_t unmade; /* arrivals without a free line, circuit or room */
	uint64_t answers, ended, live;
};
/* -ESRCH. */
int traffics_count(const struct traffics *traffics, const char *name,
    struct traffic_counts *ret_counts);

#endif
