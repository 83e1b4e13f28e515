/*
 * random: see random.h for what it is.
 *
 * Not for secrets.  Numbers are drawn only on the scheduler's thread and in
 * the order of events, which a seed decides: so the same seed draws the same.
 */
#include "sim/random.h"

#include <assert.h>
#include <math.h>

/* splitmix64: Steele, Lea and Flood 2014, constants of Stafford's mix 13. */
static uint64_t
splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* FNV-1a, 64 bits: tells streams apart by their name. */
static uint64_t
name_hash(const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return hash;
}

static void
fill(struct random *random, uint64_t mix)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		random->state[i] = splitmix(&mix);
}

static uint64_t
rotate(uint64_t x, unsigned int by)
{
	return x << by | x >> (64 - by);
}

void
random_seed(struct random *random, uint64_t seed, const char *stream)
{
	fill(random, seed ^ name_hash(stream));
}

/* Seeds are drawn, so any odd number keeps the purposes apart. */
void
random_fork(struct random *random, uint64_t seed, unsigned int purpose)
{
	fill(random, seed + purpose * UINT64_C(0xd1342543de82ef95));
}

uint64_t
random_next(struct random *random)
{
	uint64_t *s = random->state;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

/* Draws anew what would favour the low numbers. */
uint64_t
random_below(struct random *random, uint64_t bound)
{
	uint64_t unfair, number;

	assert(bound > 0);
	unfair = (UINT64_MAX - bound + 1) % bound;
	do
		number = random_next(random);
	while (number < unfair);
	return number % bound;
}

/* 53 bits: as many as a double tells apart. */
double
random_share(struct random *random)
{
	return (double)(random_next(random) >> 11) * 0x1p-53;
}

double
random_exponential(struct random *random)
{
	return -log1p(-random_share(random));
}

/* Box and Muller 1958; the second value is let go, to keep no state of it. */
double
random_normal(struct random *random)
{
	double radius = sqrt(2 * random_exponential(random));

	return radius * cos(2 * 3.14159265358979323846 * random_share(random));
}

/* Fisher and Yates, as Durstenfeld wrote it. */
void
random_order(struct random *random, unsigned int *order, unsigned int count)
{
	unsigned int i, other, keep;

	for (i = 0; i < count; i++)
		order[i] = i;
	for (i = count; i > 1; i--) {
		other = (unsigned int)random_below(random, i);
		keep = order[i - 1];
		order[i - 1] = order[other];
		order[other] = keep;
	}
}
