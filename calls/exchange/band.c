/*
 * band: see band.h for what it is.
 */
#include "calls/exchange/band.h"

enum { DAY = 24 * 60 }; /* minutes */
static const uint64_t minute_us = 60 * 1000000;

static bool
is_on(const struct band *band, unsigned int day)
{
	return (band->days & 1U << day % 7) != 0;
}

bool
band_holds(const struct band *band, uint64_t week_us)
{
	const unsigned int minute = (unsigned int)(week_us / minute_us);
	const unsigned int day = minute / DAY, now = minute % DAY;

	if (band->from == band->to)
		return is_on(band, day);
	if (band->from < band->to)
		return is_on(band, day) && now >= band->from && now < band->to;
	return (is_on(band, day) && now >= band->from) ||
	    (is_on(band, day + 6) && now < band->to);
}

uint64_t
band_next_edge(const struct band *band, uint64_t week_us)
{
	const uint64_t day_us = DAY * minute_us, now = week_us % day_us;
	const uint64_t edges[] = { band->from * minute_us, band->to * minute_us,
		0 };
	uint64_t least = day_us - now, until;
	unsigned int i;

	for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		until = (edges[i] + day_us - now) % day_us;
		if (until != 0 && until < least)
			least = until;
	}
	return least;
}
