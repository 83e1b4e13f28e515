/*
 * units: the words of scenarios that carry a quantity and its unit.
 *
 * `250ms 2s 5m 1h 1d`, `20/s 2/m`, `5%`, `0.05`, `0.05/60s`, `0100-0199`,
 * `fixed:90s exp:90s lognormal:8s/4s uniform:5s-20s data:FILE`.  Read in one
 * place, so that what `check` allows and what a run does can never differ.
 */
#ifndef SIM_UNITS_H
#define SIM_UNITS_H

#include <stdbool.h>
#include <stdint.h>

#include "calls/signalling.h" /* DIGITS_MAX */

struct distribution;

/* A whole number without sign; false if `text` is none up to `most`. */
bool units_number(const char *text, uint64_t most, uint64_t *ret_number);

/* At most ten years, so that no sum of two can overflow. */
bool units_duration(const char *text, uint64_t *ret_us);

/* virtual: 0; real: 1; so many times as fast as that, at most 1,000. */
bool units_pace(const char *text, unsigned int *ret_times);

/* Per second; at most 1,000,000, one for each microsecond of the clock. */
bool units_rate(const char *text, double *ret_per_second);

/* Traffic, as in 25E: above 0, at most 100,000 erlangs. */
bool units_erlangs(const char *text, double *ret_erlangs);

/* From one rate to a higher one, as in 10/s-200/s, or of traffic, 5E-50E. */
struct units_span {
	double from, to;
	bool is_erlangs;
};
bool units_span(const char *text, struct units_span *ret_span);

/* Above 0 % and up to 100 %, as 0 to 1. */
bool units_share(const char *text, double *ret_share);

/*
 * Money with at most six decimals, in micro-units; below 4294.967296.  And so
 * much for each interval, of whole milliseconds: "0.05/60s"; not of 0 ms.
 */
bool units_money(const char *text, uint32_t *ret_micro);
bool units_price(const char *text, uint32_t *ret_micro, uint32_t *ret_ms);

/* `text` is a number a telephone can dial: digits, `*`, `#`. */
bool units_digits(const char *text);

/*
 * One number or two of equal length, the zeros kept and `*` and `#` at the same
 * places; first <= last.
 */
struct range {
	char first[DIGITS_MAX + 1], last[DIGITS_MAX + 1];
};
bool units_range(const char *text, struct range *ret_range);
/* The digits of a number as one, without what is none. */
uint64_t range_value(const char *number);
uint64_t range_count(const struct range *range);
bool range_holds(const struct range *range, const char *number);
/* The `n`-th number of it, as text of DIGITS_MAX + 1 bytes. */
void range_number(const struct range *range, uint64_t n, char *text);

/*
 * A distribution; of data:FILE its kind alone, the file is still to be read.
 */
bool units_distribution(const char *text, struct distribution *ret);

#endif
