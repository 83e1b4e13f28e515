/*
 * traffic: generated calls between simulated subscribers.
 *
 * A traffic lets a free line of one range call a free line of another, or of
 * the same, again and again; what the two do in the call is their mix's
 * (mix.h). The caller may be beyond this exchange, at the far end of a trunk
 * group, and so may who is called: then somebody is always there, if a circuit
 * is.
 *
 * Every draw comes from the seed, the traffic's name and the call's number in
 * it: another traffic, or another number of schedulers, changes none of them.
 */
#ifndef SIM_TRAFFIC_H
#define SIM_TRAFFIC_H

#include <stdbool.h>
#include <stdint.h>

#include "calls/exchange/mark.h"
#include "sim/mix.h"
#include "sim/units.h"

struct office;
struct profile;
struct scheduler;
struct traffics;

/*
 * What traffics are made of, and lives as long: mixes by name, and files that
 * lie beside the scenario.  -EEXIST; -ENOMEM; or as csv_read(), with one clause
 * in `why`.
 */
int traffics_add_mix(struct traffics *traffics, const struct mix *mix,
    char *why, unsigned int size);
const struct mix *traffics_mix(
    const struct traffics *traffics, const char *name); /* or NULL */
void traffics_mix_names(
    const struct traffics *traffics, char *text, size_t size);
int traffics_read_data(struct traffics *traffics, const char *beside,
    const char *file, struct distribution *into, char *why, unsigned int size);
int traffics_read_profile(struct traffics *traffics, const char *beside,
    const char *file, const struct profile **ret_profile, char *why,
    unsigned int size);

struct traffic_options {
	const char *name;
	struct range from;   /* lines that exist ("": all), unless ... */
	uint32_t from_trunk; /* far ends of that group call; or TRUNK_NONE */
	struct range to;     /* lines ("": all), or numbers beyond them */
	double rate;	     /* calls per second, while there are free lines */
	double erlangs;	     /* or: offered by them; one of the two is 0 */
	uint32_t sources;    /* so many lines call, when they are idle; or 0 */
	bool is_constant;    /* or Poisson */
	struct distribution hold;
	struct mix mix;		       /* settled */
	const struct profile *profile; /* or NULL; not its own */
	uint64_t duration; /* µs of arrivals; UINT64_MAX: until it is stopped */
};

/* Becomes the office's terminal. */
int traffics_alloc(struct traffics **ret_traffics, struct scheduler *scheduler,
    struct office *office, uint64_t seed);
void traffics_free(struct traffics **trafficsp);

/*
 * Starts one.  -EEXIST the name is taken; -EINVAL a line of it does not exist,
 * or belongs to another range of lines; a number leads nowhere; options that
 * contradict each other; -ENOMEM; with one clause in `why`.
 */
int traffics_start(struct traffics *traffics,
    const struct traffic_options *options, char *why, unsigned int size);

/* Whether there is one of that name; the names of all, with spaces between. */
bool traffics_has(const struct traffics *traffics, const char *name);
void traffics_names(const struct traffics *traffics, char *text, size_t size);

/* No new calls; `is_now`: those in progress hang up.  NULL: of all.  -ESRCH. */
int traffics_stop(struct traffics *traffics, const char *name, bool is_now);

/*
 * From now on so many calls per second, or erlangs if the rate is 0; `over` µs
 * from what it is now to that.  -ESRCH; -EINVAL with one clause in `why`.
 */
struct traffic_amount {
	double rate, erlangs;
	uint64_t over;
};
int traffics_rate(struct traffics *traffics, const char *name,
    const struct traffic_amount *amount, char *why, unsigned int size);

/*
 * What the subscribers at the far ends of a trunk group do when they are
 * called, unless by a traffic that says so itself; the mix must live on.
 * -ENOMEM.
 */
int traffics_set_far(
    struct traffics *traffics, uint32_t trunk, const struct mix *mix);

struct traffic_counts {
	bool is_running;
	uint64_t unmade;    /* arrivals without a free line, circuit or room */
	uint64_t unreached; /* of them those without a circuit */
	uint64_t begun_us;  /* µs of the run */
	uint64_t late_us;   /* in real time: the most that one came too late */
	struct mark_counts calls; /* as the exchange has counted them */
};
/* -ESRCH.  The histogram in it is good until time goes on. */
int traffics_count(const struct traffics *traffics, const char *name,
    struct traffic_counts *ret_counts);
/*
 * What goes to that trunk group, if one traffic alone does, as it was started;
 * false: none or several do.
 */
struct traffic_stream {
	double erlangs; /* 0: its rate was said */
	uint32_t sources;
	double redial; /* the share of those in vain that try again */
};
bool traffics_stream_to(const struct traffics *traffics, uint32_t trunk,
    struct traffic_stream *ret_stream);
/* The most of all, in µs. */
uint64_t traffics_late(const struct traffics *traffics);

#endif
