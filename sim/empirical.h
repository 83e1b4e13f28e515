/*
 * empirical: durations that were measured somewhere, to draw from.
 *
 * A CSV of one column: durations with their unit (95s, 1500ms), or plain
 * numbers, which are seconds.  Each row has one chance.
 */
#ifndef SIM_EMPIRICAL_H
#define SIM_EMPIRICAL_H

#include <stddef.h>
#include <stdint.h>

struct empirical;
struct random;

/* As csv_read(); -EINVAL: a row is no duration, or there is none; -ENOMEM. */
int empirical_read(struct empirical **ret_empirical, const char *beside,
    const char *file, char *why, size_t size);
void empirical_free(struct empirical **empiricalp);

double empirical_mean(const struct empirical *empirical); /* µs */
uint64_t empirical_draw(
    const struct empirical *empirical, struct random *random);

#endif
