/*
 * random: numbers that a seed decides, for traffic and races.
 *
 * xoshiro256** 1.0 by Blackman and Vigna (public domain, prng.di.unimi.it),
 * its state filled from the seed by splitmix64 as they advise.  Every user
 * has a stream of its own, told apart by name, so that adding one traffic
 * does not change what another does.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state[4];
};

void random_seed(struct random *random, uint64_t seed, const char *stream);

/*
 * For what is drawn in one call, of whose own `seed` this is: the same for the
 * same purpose, whatever else was drawn before.
 */
void random_fork(struct random *random, uint64_t seed, unsigned int purpose);

uint64_t random_next(struct random *random);
uint64_t random_below(struct random *random, uint64_t bound); /* bound > 0 */
double random_share(struct random *random);	  /* from 0, below 1 */
double random_exponential(struct random *random); /* of mean 1 */
double random_normal(struct random *random);	  /* mean 0, deviation 1 */

/* Mixes the numbers 0 to count - 1 in `order`. */
void random_order(
    struct random *random, unsigned int *order, unsigned int count);

#endif
