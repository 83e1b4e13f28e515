/*
 * civil: moments, hours and days as people write them, for tariffs.
 */
#ifndef SIM_CIVIL_H
#define SIM_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * ISO 8601 with a zone: "2026-11-30T08:00:00+01:00", seconds or not, "Z" for
 * UTC.  The local time of that zone, in µs since the Monday before, 0:00.
 */
bool civil_moment(const char *text, uint64_t *ret_week_us);

/* "8-18", "8:30-18:00", "22-6": minutes of a day; 24 is its end. */
bool civil_hours(const char *text, uint16_t *ret_from, uint16_t *ret_to);

/* "mon-fri", "sat sun", "mon,wed": bit 0 Monday. */
bool civil_days(const char *text, uint8_t *ret_days);

#endif
