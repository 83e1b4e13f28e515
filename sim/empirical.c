/* empirical: see empirical.h for what it is. */
#include "sim/empirical.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/csv.h"
#include "sim/distribution.h"
#include "sim/random.h"
#include "sim/units.h"
#include "switch/object.h"

struct empirical {
	unsigned int magic;
#define EMPIRICAL_MAGIC 0x19c6d42b
	uint64_t *values; /* µs */
	unsigned int count, room;
	double sum;
};

static bool
read_value(const char *cell, uint64_t *ret_us)
{
	char *end;
	double seconds;

	if (units_duration(cell, ret_us))
		return true;
	seconds = strtod(cell, &end);
	if (end == cell || *end != '\0' || !(seconds >= 0) ||
	    seconds * 1e6 > (double)DISTRIBUTION_MAX)
		return false;
	*ret_us = (uint64_t)llround(seconds * 1e6);
	return true;
}

static int
add(struct empirical *empirical, uint64_t value)
{
	uint64_t *values = object_grow(empirical->values, empirical->count,
	    &empirical->room, sizeof *values);

	if (values == NULL)
		return -ENOMEM;
	empirical->values = values;
	empirical->values[empirical->count++] = value;
	empirical->sum += (double)value;
	return 0;
}

static int
take(void *arg, const struct csv_row *row, char *why, size_t size)
{
	uint64_t value;
	int result;

	if (!read_value(row->cells[0], &value)) {
		(void)snprintf(why, size,
		    "'%.40s' is no duration, as in 95s 1500ms or, in seconds, "
		    "95",
		    row->cells[0]);
		return 1;
	}
	result = add(arg, value);
	if (result != 0)
		(void)snprintf(why, size, "no memory is left");
	return result;
}

int
empirical_read(struct empirical **ret_empirical, const char *beside,
    const char *file, char *why, size_t size)
{
	struct empirical *empirical;
	int result;

	if (ALLOC_OBJ(empirical, EMPIRICAL_MAGIC) == NULL) {
		(void)snprintf(why, size, "no memory is left");
		return -ENOMEM;
	}
	result = csv_read(beside, file, take, empirical, why, size);
	if (result == 0 && empirical->sum <= 0) {
		(void)snprintf(why, size, "'%s' has no duration above 0", file);
		result = -EINVAL;
	}
	if (result != 0)
		empirical_free(&empirical);
	else
		*ret_empirical = empirical;
	return result;
}

void
empirical_free(struct empirical **empiricalp)
{
	struct empirical *empirical = *empiricalp;

	if (empirical != NULL)
		object_free(empirical->values,
		    empirical->room * sizeof empirical->values[0]);
	FREE_OBJ(empiricalp, EMPIRICAL_MAGIC);
}

double
empirical_mean(const struct empirical *empirical)
{
	CHECK_OBJ(empirical, EMPIRICAL_MAGIC);
	return empirical->sum / empirical->count;
}

uint64_t
empirical_draw(const struct empirical *empirical, struct random *random)
{
	return empirical->values[random_below(random, empirical->count)];
}
