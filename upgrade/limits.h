/*
 * limits: a range of numbers, of which some are below 0 and some over 2^63.
 *
 * What a field of a kind and width can hold, what a guard lets through and
 * what a clamp cuts off are all such ranges; 0 is in each.  Of a text it is
 * its length that has limits.
 *
 * Private to upgrade/conversion_internal.h.
 */
#ifndef UPGRADE_LIMITS_H
#define UPGRADE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* lo <= 0 <= hi. */
struct limits {
	int64_t lo;
	uint64_t hi;
};
#define LIMITS_NONE ((struct limits){ INT64_MIN, UINT64_MAX })

/* The whole of a kind and width; what two have in common. */
struct limits limits_of(uint8_t kind, uint16_t width);
struct limits limits_both(struct limits one, struct limits other);

/* Whether `number`, as a field of that kind has it, is within. */
bool limits_hold(struct limits limits, uint8_t kind, int64_t number);

/* `number`, or the nearest that is within. */
int64_t limits_clamp(struct limits limits, uint8_t kind, int64_t number);

#endif
