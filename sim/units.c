/*
 * units: see units.h for what they are.
 *
 * Every reader takes the whole word or refuses it: `90 s`, `90sec` and `-1s`
 * are mistakes that a person wants to hear of, not values to be guessed.
 */
#include "sim/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/distribution.h"

enum { MICRO = 1000000 };
#define DURATION_MAX DISTRIBUTION_MAX
#define RATE_MAX     1e6 /* one for each microsecond of the clock */
#define ERLANGS_MAX  1e5
enum { PACE_MOST = 1000 };

static const struct {
	const char *word;
	uint64_t us;
} duration_units[] = {
	{ "ms", 1000 },
	{ "s", MICRO },
	{ "m", UINT64_C(60) * MICRO },
	{ "h", UINT64_C(3600) * MICRO },
	{ "d", UINT64_C(86400) * MICRO },
};

bool
units_number(const char *text, uint64_t most, uint64_t *ret_number)
{
	uint64_t number = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (digit > most || number > (most - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	if (at == text || *at != '\0')
		return false;
	*ret_number = number;
	return true;
}

bool
units_pace(const char *text, unsigned int *ret_times)
{
	uint64_t times = strcmp(text, "real") == 0;

	if (times == 0 && strcmp(text, "virtual") != 0 &&
	    (!units_number(text, PACE_MOST, &times) || times == 0))
		return false;
	*ret_times = (unsigned int)times;
	return true;
}

/* A number with at most a dot in it; leaves *ret_end behind it. */
static bool
read_decimal(const char *text, double *ret_number, const char **ret_end)
{
	size_t digits = strspn(text, "0123456789");
	size_t length = digits;
	char copy[32];

	if (text[length] == '.')
		length += 1 + strspn(text + length + 1, "0123456789");
	if (digits == 0 || length >= sizeof copy || text[length - 1] == '.')
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	*ret_number = strtod(copy, NULL);
	*ret_end = text + length;
	return true;
}

bool
units_duration(const char *text, uint64_t *ret_us)
{
	double number;
	const char *unit;
	unsigned int i;

	if (!read_decimal(text, &number, &unit))
		return false;
	for (i = 0; i < sizeof duration_units / sizeof duration_units[0]; i++) {
		if (strcmp(unit, duration_units[i].word) != 0)
			continue;
		number *= (double)duration_units[i].us;
		if (number > (double)DURATION_MAX)
			return false;
		*ret_us = (uint64_t)llround(number);
		return true;
	}
	return false;
}

bool
units_rate(const char *text, double *ret_per_second)
{
	double number;
	const char *unit;

	if (!read_decimal(text, &number, &unit))
		return false;
	if (strcmp(unit, "/m") == 0)
		number /= 60;
	else if (strcmp(unit, "/h") == 0)
		number /= 3600;
	else if (strcmp(unit, "/s") != 0)
		return false;
	if (number <= 0 || number > RATE_MAX)
		return false;
	*ret_per_second = number;
	return true;
}

bool
units_erlangs(const char *text, double *ret_erlangs)
{
	double number;
	const char *unit;

	if (!read_decimal(text, &number, &unit) || strcmp(unit, "E") != 0 ||
	    number <= 0 || number > ERLANGS_MAX)
		return false;
	*ret_erlangs = number;
	return true;
}

bool
units_span(const char *text, struct units_span *ret_span)
{
	const char *dash = strchr(text, '-');
	const size_t length = dash == NULL ? 0 : (size_t)(dash - text);
	struct units_span span;
	char first[32];

	if (dash == NULL || length >= sizeof first)
		return false;
	memcpy(first, text, length);
	first[length] = '\0';
	span.is_erlangs = units_erlangs(first, &span.from);
	if (span.is_erlangs ? !units_erlangs(dash + 1, &span.to)
			    : !units_rate(first, &span.from) ||
		    !units_rate(dash + 1, &span.to))
		return false;
	*ret_span = span;
	return span.from <= span.to;
}

bool
units_share(const char *text, double *ret_share)
{
	double percent;
	const char *unit;

	if (!read_decimal(text, &percent, &unit) || strcmp(unit, "%") != 0 ||
	    percent <= 0 || percent > 100)
		return false;
	*ret_share = percent / 100;
	return true;
}

/* No floating point: what a person writes is what is charged. */
static bool
read_money(const char *text, uint32_t *ret_micro, const char **ret_end)
{
	uint64_t micro = 0, unit = MICRO;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && micro <= UINT32_MAX; at++)
		micro = micro * 10 + (uint64_t)(*at - '0') * MICRO;
	if (at == text)
		return false;
	if (*at == '.') {
		for (at++; *at >= '0' && *at <= '9' && unit > 1; at++) {
			unit /= 10;
			micro += (uint64_t)(*at - '0') * unit;
		}
		if (unit == MICRO)
			return false; /* a dot and no digit behind it */
	}
	if (micro > UINT32_MAX)
		return false;
	*ret_micro = (uint32_t)micro;
	*ret_end = at;
	return true;
}

bool
units_money(const char *text, uint32_t *ret_micro)
{
	const char *end;
	uint32_t micro;

	if (!read_money(text, &micro, &end) || *end != '\0')
		return false;
	*ret_micro = micro;
	return true;
}

bool
units_price(const char *text, uint32_t *ret_micro, uint32_t *ret_ms)
{
	const char *end;
	uint32_t micro;
	uint64_t us;

	if (!read_money(text, &micro, &end) || *end != '/' ||
	    !units_duration(end + 1, &us) || us == 0 || us % 1000 != 0 ||
	    us / 1000 > UINT32_MAX)
		return false;
	*ret_micro = micro;
	*ret_ms = (uint32_t)(us / 1000);
	return true;
}

bool
units_digits(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789*#")] == '\0';
}

static bool
copy_number(const char *text, size_t length, char *copy)
{
	if (length == 0 || length > DIGITS_MAX ||
	    strspn(text, "0123456789*#") < length)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return true;
}

static bool
is_digit(char key)
{
	return key >= '0' && key <= '9';
}

/* `*` and `#` stand at the same places. */
static bool
are_alike(const char *first, const char *last)
{
	for (; *first != '\0'; first++, last++)
		if (*first != *last && !(is_digit(*first) && is_digit(*last)))
			return false;
	return true;
}

uint64_t
range_value(const char *digits)
{
	uint64_t value = 0;

	for (; *digits != '\0'; digits++)
		if (is_digit(*digits))
			value = value * 10 + (uint64_t)(*digits - '0');
	return value;
}

bool
units_range(const char *text, struct range *ret_range)
{
	struct range range;
	size_t length = strcspn(text, "-");
	const char *last = text[length] == '-' ? text + length + 1 : text;
	size_t last_length = last == text ? length : strlen(last);

	if (length != last_length || !copy_number(text, length, range.first) ||
	    !copy_number(last, length, range.last) ||
	    !are_alike(range.first, range.last) ||
	    range_value(range.first) > range_value(range.last))
		return false;
	*ret_range = range;
	return true;
}

uint64_t
range_count(const struct range *range)
{
	return range_value(range->last) - range_value(range->first) + 1;
}

bool
range_holds(const struct range *range, const char *number)
{
	return strlen(number) == strlen(range->first) &&
	    are_alike(range->first, number) &&
	    range_value(number) >= range_value(range->first) &&
	    range_value(number) <= range_value(range->last);
}

void
range_number(const struct range *range, uint64_t n, char *text)
{
	uint64_t number = range_value(range->first) + n;
	size_t i = strlen(range->first);

	text[i] = '\0';
	while (i-- > 0) {
		text[i] = range->first[i];
		if (!is_digit(text[i]))
			continue;
		text[i] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* "A" alone, or "A" and "B" with `separator` between them. */
static bool
read_pair(const char *text, char separator, struct distribution *ret)
{
	char first[32];
	const char *second = separator == '\0' ? NULL : strchr(text, separator);
	size_t length = second == NULL ? strlen(text) : (size_t)(second - text);

	if ((separator != '\0' && second == NULL) || length >= sizeof first)
		return false;
	memcpy(first, text, length);
	first[length] = '\0';
	return units_duration(first, &ret->a) &&
	    (second == NULL || units_duration(second + 1, &ret->b));
}

static const struct {
	const char *word;
	enum distribution_kind kind;
	char separator;
} distributions[] = {
	{ "fixed:", DISTRIBUTION_FIXED, '\0' },
	{ "exp:", DISTRIBUTION_EXPONENTIAL, '\0' },
	{ "lognormal:", DISTRIBUTION_LOGNORMAL, '/' },
	{ "uniform:", DISTRIBUTION_UNIFORM, '-' },
};

bool
units_distribution(const char *text, struct distribution *ret)
{
	struct distribution read = { DISTRIBUTION_FIXED, 0, 0, NULL };
	unsigned int i;
	size_t length;

	if (distribution_file(text) != NULL) {
		read.kind = DISTRIBUTION_DATA;
		*ret = read;
		return true;
	}
	for (i = 0; i < sizeof distributions / sizeof distributions[0]; i++) {
		length = strlen(distributions[i].word);
		if (strncmp(text, distributions[i].word, length) != 0)
			continue;
		read.kind = distributions[i].kind;
		if (!read_pair(
			text + length, distributions[i].separator, &read) ||
		    (read.kind == DISTRIBUTION_UNIFORM && read.b < read.a) ||
		    (read.kind == DISTRIBUTION_LOGNORMAL && read.a == 0))
			return false;
		*ret = read;
		return true;
	}
	return false;
}
