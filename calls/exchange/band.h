/*
 * band: the hours and days at which a price holds, by civil time.
 *
 * A week begins on Monday at 0:00.  A band whose hours go over midnight belongs
 * to the day on which they begin.
 */
#ifndef CALLS_EXCHANGE_BAND_H
#define CALLS_EXCHANGE_BAND_H

#include <stdbool.h>
#include <stdint.h>

#define BAND_WEEK_US (UINT64_C(7) * 24 * 3600 * 1000000)
enum { BAND_ALL_DAYS = 0x7f };

struct band {
	uint16_t from, to; /* minutes of a day; equal: all of it */
	uint8_t days;	   /* bit 0 Monday ... bit 6 Sunday */
};

/* `week_us`: µs since the last Monday, 0:00. */
bool band_holds(const struct band *band, uint64_t week_us);
/* µs to when it may begin to hold, or no longer does: above 0. */
uint64_t band_next_edge(const struct band *band, uint64_t week_us);

#endif
