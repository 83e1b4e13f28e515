/*
 * samples: a few live states of a version, to try a plan on.
 *
 * Few, and unlike each other: of each symbol of each enum that any of those
 * looked at has, there is one.  They are copies, and the load's.
 *
 * Private to upgrade/code*.c.
 */
#ifndef UPGRADE_SAMPLES_H
#define UPGRADE_SAMPLES_H

#include <stdint.h>

struct samples;
struct scheduler;

/*
 * Of the processes of `scheduler`, on its thread, that run `behaviour`; how
 * long that takes does not grow with their number.  -ENOMEM.
 */
int samples_take(struct samples **ret_samples, struct scheduler *scheduler,
    uint16_t behaviour);
void samples_free(struct samples **samplesp);

/* One state after the other; how many bytes there are, or 0. */
const uint8_t *samples_bytes(const struct samples *samples);
uint32_t samples_size(const struct samples *samples);

#endif
