/*
 * civil: see civil.h for what it is.
 */
#include "sim/civil.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MINUTES = 24 * 60 };

/* 0 Monday ... 6 Sunday, by the Gregorian calendar; year 1 began on one. */
static unsigned int
weekday_of(unsigned int year, unsigned int month, unsigned int day)
{
	static const unsigned int before[] = { 0, 31, 59, 90, 120, 151, 181,
		212, 243, 273, 304, 334 };
	const bool is_leap =
	    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	const unsigned int past = year - 1;
	unsigned int days = past * 365 + past / 4 - past / 100 + past / 400;

	days += before[month - 1] + (is_leap && month > 2) + day - 1;
	return days % 7;
}

static bool
is_day(unsigned int year, unsigned int month, unsigned int day)
{
	static const unsigned int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30,
		31, 30, 31 };
	const bool is_leap =
	    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] + (is_leap && month == 2);
}

/* "Z", "+01:00" */
static bool
is_zone(const char *text)
{
	unsigned int hours, minutes;
	int end = 0;

	if (strcmp(text, "Z") == 0)
		return true;
	return (text[0] == '+' || text[0] == '-') &&
	    sscanf(text + 1, "%2u:%2u%n", &hours, &minutes, &end) == 2 &&
	    end == 5 && text[6] == '\0' && hours <= 14 && minutes <= 59;
}

bool
civil_moment(const char *text, uint64_t *ret_week_us)
{
	unsigned int year, month, day, hour, minute, second = 0;
	int end = 0, more = 0;

	if (sscanf(text, "%4u-%2u-%2uT%2u:%2u%n", &year, &month, &day, &hour,
		&minute, &end) != 5 ||
	    end != 16)
		return false;
	if (text[end] == ':' &&
	    (sscanf(text + end, ":%2u%n", &second, &more) != 1 || more != 3))
		return false;
	if (!is_zone(text + end + more) || !is_day(year, month, day) ||
	    hour > 23 || minute > 59 || second > 59)
		return false;
	*ret_week_us = UINT64_C(1000000) *
	    (((uint64_t)weekday_of(year, month, day) * DAY_MINUTES + hour * 60 +
		 minute) *
		    60 +
		second);
	return true;
}

/* "8", "08:30", of which `*text` is put behind. */
static bool
read_time(const char **text, uint16_t *ret_minutes)
{
	unsigned int hours, minutes = 0;
	int end = 0, more = 0;

	if (sscanf(*text, "%2u%n", &hours, &end) != 1 || **text < '0')
		return false;
	if ((*text)[end] == ':' &&
	    (sscanf(*text + end, ":%2u%n", &minutes, &more) != 1 || more != 3))
		return false;
	*text += end + more;
	*ret_minutes = (uint16_t)(hours * 60 + minutes);
	return minutes <= 59 && *ret_minutes <= DAY_MINUTES;
}

bool
civil_hours(const char *text, uint16_t *ret_from, uint16_t *ret_to)
{
	uint16_t from, to;

	if (!read_time(&text, &from) || *text++ != '-' ||
	    !read_time(&text, &to) || *text != '\0' || from == to ||
	    from == DAY_MINUTES)
		return false;
	*ret_from = from;
	*ret_to = to % DAY_MINUTES;
	return true;
}

static bool
read_day(const char **text, unsigned int *ret_day)
{
	static const char names[] = "montuewedthufrisatsun";
	unsigned int day;

	for (day = 0; day < 7; day++)
		if (strncmp(*text, names + day * 3, 3) == 0) {
			*text += 3;
			*ret_day = day;
			return true;
		}
	return false;
}

bool
civil_days(const char *text, uint8_t *ret_days)
{
	unsigned int first, last, days = 0;

	for (;; text++) {
		if (!read_day(&text, &first))
			return false;
		last = first;
		if (*text == '-') {
			text++;
			if (!read_day(&text, &last))
				return false;
		}
		for (; first != last; first = (first + 1) % 7)
			days |= 1U << first;
		days |= 1U << last;
		if (*text != ' ' && *text != ',')
			break;
	}
	if (*text != '\0')
		return false;
	*ret_days = (uint8_t)days;
	return true;
}
