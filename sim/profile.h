/*
 * profile: how much of a traffic comes at which time of the day.
 *
 * A CSV of two columns: a time of the day (8:00, 17:30) and the share of the
 * traffic that holds from then on until the next row, as 120% or 1.2; the last
 * row holds through midnight up to the first.
 */
#ifndef SIM_PROFILE_H
#define SIM_PROFILE_H

#include <stddef.h>
#include <stdint.h>

struct profile;

/*
 * As csv_read(); -EINVAL: a row is none of these, times do not go on, or
 * nothing ever comes; -ENOMEM.
 */
int profile_read(struct profile **ret_profile, const char *beside,
    const char *file, char *why, size_t size);
void profile_free(struct profile **profilep);

/* The share at that time, in µs of a week or any other number of days; and
 * for how many µs more it holds. */
double profile_at(
    const struct profile *profile, uint64_t time, uint64_t *ret_left);

#endif
