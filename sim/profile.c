/* profile: see profile.h for what it is. */
#include "sim/profile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/csv.h"
#include "switch/object.h"

enum { ROWS_MAX = 1440, SHARE_MAX = 1000 };
#define MINUTE UINT64_C(60000000)
#define DAY    (1440 * MINUTE)

struct profile {
	unsigned int magic;
#define PROFILE_MAGIC 0x35f0be87
	unsigned int count;
	uint64_t from[ROWS_MAX]; /* µs of the day, rising */
	double share[ROWS_MAX];
	double sum;
};

/* 8:00, 08:00 */
static bool
read_time(const char *cell, uint64_t *ret_us)
{
	char *end, *last;
	unsigned long hour = strtoul(cell, &end, 10), minute;

	if (end == cell || end > cell + 2 || *end != ':' || hour > 23)
		return false;
	minute = strtoul(end + 1, &last, 10);
	if (last != end + 3 || *last != '\0' || minute > 59)
		return false;
	*ret_us = (hour * 60 + minute) * MINUTE;
	return true;
}

static bool
read_share(const char *cell, double *ret_share)
{
	char *end;
	double share = strtod(cell, &end);

	if (end == cell || !(share >= 0) || *cell == '-')
		return false;
	if (strcmp(end, "%") == 0)
		share /= 100;
	else if (*end != '\0')
		return false;
	*ret_share = share;
	return share <= SHARE_MAX;
}

static int
refuse(int result, char *why, size_t size, const char *text)
{
	(void)snprintf(why, size, "%s", text);
	return result;
}

static int
take(void *arg, const struct csv_row *row, char *why, size_t size)
{
	struct profile *profile = arg;
	uint64_t from;
	double share;

	if (row->count < 2 || !read_time(row->cells[0], &from) ||
	    !read_share(row->cells[1], &share))
		return refuse(1, why, size,
		    "expected a time of the day and a share, as in 8:00,120%");
	if (profile->count == ROWS_MAX)
		return refuse(-EFBIG, why, size, "more than one row a minute");
	if (profile->count > 0 && from <= profile->from[profile->count - 1])
		return refuse(-EINVAL, why, size,
		    "its time is not later than that of the row before");
	profile->from[profile->count] = from;
	profile->share[profile->count++] = share;
	profile->sum += share;
	return 0;
}

int
profile_read(struct profile **ret_profile, const char *beside, const char *file,
    char *why, size_t size)
{
	struct profile *profile;
	int result;

	if (ALLOC_OBJ(profile, PROFILE_MAGIC) == NULL)
		return refuse(-ENOMEM, why, size, "no memory is left");
	result = csv_read(beside, file, take, profile, why, size);
	if (result == 0 && profile->sum <= 0) {
		(void)snprintf(
		    why, size, "'%s' has no row with a share above 0", file);
		result = -EINVAL;
	}
	if (result != 0)
		profile_free(&profile);
	else
		*ret_profile = profile;
	return result;
}

void
profile_free(struct profile **profilep)
{
	FREE_OBJ(profilep, PROFILE_MAGIC);
}

double
profile_at(const struct profile *profile, uint64_t time, uint64_t *ret_left)
{
	uint64_t of_day = time % DAY;
	unsigned int next = 0;

	CHECK_OBJ(profile, PROFILE_MAGIC);
	while (next < profile->count && profile->from[next] <= of_day)
		next++;
	*ret_left = (next < profile->count ? profile->from[next]
					   : DAY + profile->from[0]) -
	    of_day;
	return profile->share[(next == 0 ? profile->count : next) - 1];
}
