/*
 * histogram: see histogram.h for what it is.
 *
 * Values below 16 have a bucket each.  Above, a value's highest bit chooses
 * the octave and the four bits below it the step, as HdrHistogram does: step
 * s of the octave of bit b holds [16 + s, 17 + s) * 2^(b - 4).
 */
#include "switch/histogram.h"

enum { STEPS = 16, STEP_BITS = 4 };

static unsigned int
bucket_of(uint64_t value)
{
	unsigned int bit;

	if (value < STEPS)
		return (unsigned int)value;
	bit = 63 - (unsigned int)__builtin_clzll(value);
	return (bit - STEP_BITS + 1) * STEPS +
	    (unsigned int)(value >> (bit - STEP_BITS) & (STEPS - 1));
}

/* The largest value that falls in the bucket. */
static uint64_t
bound_of(unsigned int bucket)
{
	unsigned int octave = bucket / STEPS, step = bucket % STEPS;

	if (octave == 0)
		return step;
	return ((uint64_t)(STEPS + step) << (octave - 1)) +
	    ((UINT64_C(1) << (octave - 1)) - 1);
}

void
histogram_add(struct histogram *histogram, uint64_t value, uint64_t times)
{
	histogram->count += times;
	histogram->sum += value * times;
	histogram->buckets[bucket_of(value)] += times;
	if (times > 0 && value > histogram->max)
		histogram->max = value;
}

void
histogram_merge(struct histogram *into, const struct histogram *from)
{
	unsigned int i;

	into->count += from->count;
	into->sum += from->sum;
	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
	if (from->max > into->max)
		into->max = from->max;
}

void
histogram_since(const struct histogram *now, const struct histogram *before,
    struct histogram *ret_histogram)
{
	uint64_t bound = 0;
	unsigned int i;

	ret_histogram->count = now->count - before->count;
	ret_histogram->sum = now->sum - before->sum;
	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		ret_histogram->buckets[i] =
		    now->buckets[i] - before->buckets[i];
		if (ret_histogram->buckets[i] > 0)
			bound = bound_of(i);
	}
	ret_histogram->max = bound < now->max ? bound : now->max;
}

uint64_t
histogram_quantile(const struct histogram *histogram, double share)
{
	double wanted = share * (double)histogram->count;
	uint64_t seen = 0, bound;
	unsigned int i;

	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += histogram->buckets[i];
		if (seen == 0 || (double)seen < wanted)
			continue;
		bound = bound_of(i);
		return bound < histogram->max ? bound : histogram->max;
	}
	return 0;
}

uint64_t
histogram_octave(const struct histogram *histogram, unsigned int bit)
{
	unsigned int first = bit == 0 ? 0 : bucket_of(UINT64_C(1) << bit), i;
	unsigned int last = bucket_of((UINT64_C(2) << bit) - 1);
	uint64_t count = 0;

	for (i = first; i <= last; i++)
		count += histogram->buckets[i];
	return count;
}
