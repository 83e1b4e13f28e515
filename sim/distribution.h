/*
 * distribution: how long something lasts, drawn again each time.
 *
 * Its moments are those of its words: fixed:90s is always that, exp:90s has
 * that mean, uniform:5s-20s any of these with one chance, lognormal:8s/4s has
 * mean and standard deviation as they stand there, and data:FILE is each of
 * the durations in a file with one chance.
 */
#ifndef SIM_DISTRIBUTION_H
#define SIM_DISTRIBUTION_H

#include <stdint.h>

struct empirical;
struct random;

/* Ten years, in µs: no draw is longer. */
#define DISTRIBUTION_MAX (UINT64_C(3650) * 86400 * 1000000)

enum distribution_kind {
	DISTRIBUTION_FIXED,
	DISTRIBUTION_EXPONENTIAL, /* a: mean */
	DISTRIBUTION_LOGNORMAL,	  /* a: mean, b: standard deviation */
	DISTRIBUTION_UNIFORM,	  /* a to b */
	DISTRIBUTION_DATA
};
struct distribution {
	enum distribution_kind kind;
	uint64_t a, b;		      /* µs */
	const struct empirical *data; /* not its own */
};

/* The FILE of data:FILE, or NULL. */
const char *distribution_file(const char *text);

/* Its mean, in µs. */
double distribution_mean(const struct distribution *distribution);
/* One value of it, in µs. */
uint64_t distribution_draw(
    const struct distribution *distribution, struct random *random);

#endif
