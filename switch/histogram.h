/*
 * histogram: how often each size of a measure was met, for quantiles.
 *
 * Buckets are logarithmic with 16 steps to the octave, so that a quantile is
 * at most 6.25 % above the true one; sum and largest are kept exactly.  The
 * whole is plain bytes: it is copied and summed, never pointed into.
 */
#ifndef SWITCH_HISTOGRAM_H
#define SWITCH_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 60 * 16 + 16 };

struct histogram {
	uint64_t count, sum, max;
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

/* Counts `value` `times` times. */
void histogram_add(struct histogram *histogram, uint64_t value, uint64_t times);

/* Counts in `into` what `from` has counted. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/*
 * What `now` has counted since it was `before`.  Of the largest value only the
 * bucket is known then: its bound stands for it.
 */
void histogram_since(const struct histogram *now,
    const struct histogram *before, struct histogram *ret_histogram);

/*
 * The smallest bucket bound that `share` (0 to 1) of the values do not pass,
 * never above the largest value; 0 of an empty histogram.
 */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* How many values lie from 2^bit up to below 2^(bit + 1); of bit 0 also 0. */
uint64_t histogram_octave(const struct histogram *histogram, unsigned int bit);

#endif
