/* distribution: see distribution.h for what it is. */
#include "sim/distribution.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sim/empirical.h"
#include "sim/random.h"

const char *
distribution_file(const char *text)
{
	static const char word[] = "data:";

	return strncmp(text, word, sizeof word - 1) == 0 &&
		text[sizeof word - 1] != '\0'
	    ? text + sizeof word - 1
	    : NULL;
}

/*
 * Of a lognormal variable with mean m and deviation s the logarithm is normal
 * with variance ln(1 + s²/m²) and mean ln m - variance / 2.
 */
static double
draw_lognormal(const struct distribution *distribution, struct random *random)
{
	double mean = (double)distribution->a;
	double ratio = (double)distribution->b / mean;
	double variance = log1p(ratio * ratio);

	return exp(
	    log(mean) - variance / 2 + sqrt(variance) * random_normal(random));
}

double
distribution_mean(const struct distribution *distribution)
{
	if (distribution->kind == DISTRIBUTION_DATA)
		return empirical_mean(distribution->data);
	return distribution->kind == DISTRIBUTION_UNIFORM
	    ? ((double)distribution->a + (double)distribution->b) / 2
	    : (double)distribution->a;
}

uint64_t
distribution_draw(
    const struct distribution *distribution, struct random *random)
{
	double value = 0;

	switch (distribution->kind) {
	case DISTRIBUTION_FIXED:
		return distribution->a;
	case DISTRIBUTION_UNIFORM:
		return distribution->a +
		    random_below(random, distribution->b - distribution->a + 1);
	case DISTRIBUTION_DATA:
		return empirical_draw(distribution->data, random);
	case DISTRIBUTION_EXPONENTIAL:
		value = (double)distribution->a * random_exponential(random);
		break;
	case DISTRIBUTION_LOGNORMAL:
		value = draw_lognormal(distribution, random);
		break;
	}
	return value < (double)DISTRIBUTION_MAX ? (uint64_t)value
						: DISTRIBUTION_MAX;
}
