/*
 * traffic: see traffic.h for what it is.
 *
 * Here is what an operator may ask for: to start, to change and to stop a
 * traffic, and how it has gone.  When its calls begin is arrival.c's, between
 * whom placing.c's, and what those do in them subscriber.c's.
 */
#include "sim/traffic.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/profile.h"
#include "sim/traffic_internal.h"
#include "switch/ahead.h"
#include "switch/scheduler.h"

enum { MICRO = 1000000, NUMBERS_LOOKED_AT = 10000 };

/* Q.931: the exchange lets it ring for three minutes, if nobody says else. */
#define T301_US UINT64_C(180000000)

/*--------------------------------------------------------------------
 * All of them
 */

int
traffics_alloc(struct traffics **ret_traffics, struct scheduler *scheduler,
    struct office *office, uint64_t seed)
{
	struct traffics *traffics;

	if (ALLOC_OBJ(traffics, TRAFFICS_MAGIC) == NULL)
		return -ENOMEM;
	traffics->scheduler = scheduler;
	traffics->office = office;
	traffics->seed = seed;
	office_set_terminal(office, subscriber_hear, traffics);
	office_set_far_end(office, far_end_hear, traffics);
	subscribers_fetch(traffics);
	*ret_traffics = traffics;
	return 0;
}

static void
free_traffic(struct traffic *traffic)
{
	placing_forget(traffic);
	object_free(traffic, sizeof *traffic);
}

void
traffics_free(struct traffics **trafficsp)
{
	struct traffics *traffics = *trafficsp;
	unsigned int i;

	if (traffics == NULL)
		return;
	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	office_set_terminal(traffics->office, NULL, NULL);
	office_set_far_end(traffics->office, NULL, NULL);
	ahead_set_fetch(traffics->scheduler, NULL, NULL);
	for (i = 0; i < traffics->count; i++)
		free_traffic(traffics->traffics[i]);
	pools_drop(traffics, 0);
	traffic_shelf_clear(traffics);
	object_free(
	    traffics->lines, traffics->lines_count * sizeof traffics->lines[0]);
	object_free(traffics->circuits,
	    traffics->circuits_count * sizeof traffics->circuits[0]);
	object_free(traffics->free,
	    (traffics->lines_count / 64 + 1) * sizeof traffics->free[0]);
	object_free(
	    traffics->far, traffics->far_count * sizeof traffics->far[0]);
	FREE_OBJ(trafficsp, TRAFFICS_MAGIC);
}

static struct traffic *
find(const struct traffics *traffics, const char *name)
{
	unsigned int i;

	for (i = 0; i < traffics->count; i++)
		if (strcmp(traffics->traffics[i]->name, name) == 0)
			return traffics->traffics[i];
	return NULL;
}

bool
traffics_has(const struct traffics *traffics, const char *name)
{
	return find(traffics, name) != NULL;
}

void
traffics_names(const struct traffics *traffics, char *text, size_t size)
{
	unsigned int i;
	size_t at = 0;

	text[0] = '\0';
	for (i = 0; i < traffics->count && at + TRAFFIC_NAME_SIZE < size; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%s",
		    i == 0 ? "" : " ", traffics->traffics[i]->name);
}

static int
refuse(int result, char *why, unsigned int size, const char *text)
{
	(void)snprintf(why, size, "%s", text);
	return result;
}

/*--------------------------------------------------------------------
 * How much
 */

/* For how long a call occupies its line, about, in seconds. */
static double
occupied_of(const struct traffic *traffic)
{
	const uint64_t set =
	    office_timer(traffic->all->office, OFFICE_TIMER_T301);

	return mix_occupied(&traffic->options.mix, &traffic->options.hold,
		   set == 0 ? T301_US : set) /
	    MICRO;
}

/*
 * Arrivals per second: the erlangs come within a mean time of occupation.  Of a
 * source, while it is idle: it would be busy for its share of them.
 */
static double
rate_of(const struct traffic *traffic, double rate, double erlangs)
{
	const double occupied = occupied_of(traffic);
	const uint32_t sources = traffic->options.sources;

	if (erlangs <= 0)
		return rate;
	return sources > 0 ? erlangs / (sources - erlangs) / occupied
			   : erlangs / occupied;
}

static int
check_amount(const struct traffic *traffic, double rate, double erlangs,
    char *why, unsigned int size)
{
	const uint32_t sources = traffic->options.sources;

	if ((rate > 0) == (erlangs > 0))
		return refuse(-EINVAL, why, size,
		    "either -rate or -erlangs says how much");
	if (sources > 0 && (erlangs <= 0 || erlangs >= sources))
		return refuse(-EINVAL, why, size,
		    "-sources needs -erlangs, less than one for each");
	if (erlangs > 0 && occupied_of(traffic) <= 0)
		return refuse(-EINVAL, why, size,
		    "calls that last no time offer no erlangs: give -rate");
	return 0;
}

/*--------------------------------------------------------------------
 * Starting
 */

/* Whether the exchange sends these numbers somewhere else: of many, some. */
static int
check_beyond(const struct traffics *traffics, const struct range *range,
    char *why, unsigned int size)
{
	uint64_t count = range_count(range), i;
	char number[DIGITS_MAX + 1];

	for (i = 0; i < count; i += count / NUMBERS_LOOKED_AT + 1) {
		range_number(range, i, number);
		if (office_find(traffics->office, number) == LINE_NONE &&
		    office_route_of(traffics->office, number) != ROUTE_NONE)
			continue;
		(void)snprintf(why, size,
		    office_find(traffics->office, number) != LINE_NONE
			? "%s is a line, and %s is none"
			: "no line has the number %s, and no route leads there",
		    number, range->first);
		return -EINVAL;
	}
	return 0;
}

static bool
is_beyond(const struct traffics *traffics, const struct range *range)
{
	return range->first[0] != '\0' &&
	    office_find(traffics->office, range->first) == LINE_NONE;
}

static int
check_sources(
    const struct traffic_options *options, char *why, unsigned int size)
{
	if (options->sources == 0)
		return 0;
	if (options->from_trunk != TRUNK_NONE || options->is_constant)
		return refuse(-EINVAL, why, size,
		    "so many sources are lines, and call at random");
	if (options->from.first[0] != '\0' &&
	    options->sources > range_count(&options->from))
		return refuse(-EINVAL, why, size,
		    "there are not as many lines in -from as -sources");
	return 0;
}

static int
check(struct traffics *traffics, const struct traffic_options *options,
    char *why, unsigned int size)
{
	if (find(traffics, options->name) != NULL)
		return refuse(-EEXIST, why, size,
		    "there is a traffic of that name already");
	if (traffics->count == TRAFFICS_MAX)
		return refuse(-ENOSPC, why, size, "there are 255 traffics");
	if (subscribers_grow(traffics) != 0)
		return refuse(-ENOMEM, why, size, "no memory is left");
	return check_sources(options, why, size);
}

/* Who calls and who is called. */
static int
find_pools(struct traffic *traffic, char *why, unsigned int size)
{
	const struct traffic_options *options = &traffic->options;
	struct traffics *traffics = traffic->all;
	int result = 0;

	if (options->from_trunk == TRUNK_NONE)
		result = pool_find(traffics, &options->from, options->sources,
		    &traffic->callers, why, size);
	if (result != 0 || !is_beyond(traffics, &options->to))
		return result != 0 ? result
				   : pool_find(traffics, &options->to, 0,
					 &traffic->called, why, size);
	result = check_beyond(traffics, &options->to, why, size);
	traffic->numbers = range_count(&options->to) % (UINT64_C(1) << 32);
	traffic->first = strtoull(options->to.first, NULL, 10);
	return result;
}

static void
begin(struct traffic *traffic)
{
	const uint64_t now = scheduler_now(traffic->all->scheduler);
	const double rate =
	    rate_of(traffic, traffic->options.rate, traffic->options.erlangs);

	traffic->ramp = (struct ramp){ rate, rate, now, now };
	traffic->end = traffic->options.duration < UINT64_MAX - now
	    ? now + traffic->options.duration
	    : UINT64_MAX;
	traffic->is_running = true;
	traffic->begun = now;
	arrival_begin(traffic);
}

/* What it needs from others: a mark of the exchange, and lines. */
static int
prepare(struct traffic *traffic, char *why, unsigned int size)
{
	struct traffics *traffics = traffic->all;
	const unsigned int pools = traffics->pools_count;
	int result = check_amount(traffic, traffic->options.rate,
	    traffic->options.erlangs, why, size);

	if (result == 0)
		result = find_pools(traffic, why, size);
	if (result == 0) {
		traffic->mark = office_new_mark(traffics->office);
		if (traffic->mark == MARK_NONE)
			result =
			    refuse(-ENOMEM, why, size, "no memory is left");
	}
	if (result != 0)
		pools_drop(traffics, pools);
	return result;
}

int
traffics_start(struct traffics *traffics, const struct traffic_options *options,
    char *why, unsigned int size)
{
	struct traffic *traffic;
	int result;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	result = check(traffics, options, why, size);
	if (result != 0)
		return result;
	traffic = object_alloc(sizeof *traffic);
	if (traffic == NULL)
		return refuse(-ENOMEM, why, size, "no memory is left");
	traffic->all = traffics;
	traffic->options = *options;
	result = prepare(traffic, why, size);
	if (result != 0) {
		free_traffic(traffic);
		return result;
	}
	(void)snprintf(
	    traffic->name, sizeof traffic->name, "%s", options->name);
	random_seed(&traffic->random, traffics->seed, traffic->name);
	traffics->traffics[traffics->count++] = traffic;
	traffic->number = (uint8_t)traffics->count;
	begin(traffic);
	return 0;
}

/*--------------------------------------------------------------------
 * Changing and stopping
 */

int
traffics_rate(struct traffics *traffics, const char *name,
    const struct traffic_amount *amount, char *why, unsigned int size)
{
	struct traffic *traffic = find(traffics, name);
	struct ramp ramp;
	int result;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	if (traffic == NULL)
		return -ESRCH;
	if (!traffic->is_running)
		return refuse(-EINVAL, why, size, "it has stopped");
	result =
	    check_amount(traffic, amount->rate, amount->erlangs, why, size);
	if (result != 0)
		return result;
	ramp.since = scheduler_now(traffics->scheduler);
	ramp.until = ramp.since + amount->over;
	ramp.to = rate_of(traffic, amount->rate, amount->erlangs);
	ramp.from = arrival_ramp(traffic, ramp.since);
	arrival_change(traffic, &ramp);
	return 0;
}

static void
hang_up(struct traffics *traffics, uint32_t port, const struct traffic *traffic)
{
	const struct subscriber *subscriber = subscriber_at(traffics, port);

	if (subscriber->role == ROLE_CALLER &&
	    subscriber_traffic(traffics, subscriber) == traffic)
		subscriber_hang_up(traffics, port);
}

/* Those of its callers that are in a call. */
static void
hang_up_all(struct traffics *traffics, const struct traffic *traffic)
{
	uint32_t i;

	for (i = 0; i < traffics->lines_count; i++)
		hang_up(traffics, i, traffic);
	for (i = 0; i < traffics->circuits_count; i++)
		hang_up(traffics, i | PORT_CIRCUIT, traffic);
}

int
traffics_stop(struct traffics *traffics, const char *name, bool is_now)
{
	struct traffic *traffic;
	unsigned int i;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	if (name != NULL && find(traffics, name) == NULL)
		return -ESRCH;
	for (i = 0; i < traffics->count; i++) {
		traffic = traffics->traffics[i];
		if (name != NULL && strcmp(traffic->name, name) != 0)
			continue;
		traffic->is_running = false;
		if (is_now)
			hang_up_all(traffics, traffic);
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Looking
 */

int
traffics_count(const struct traffics *traffics, const char *name,
    struct traffic_counts *ret_counts)
{
	const struct traffic *traffic;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	traffic = find(traffics, name);
	if (traffic == NULL)
		return -ESRCH;
	ret_counts->is_running = traffic->is_running;
	ret_counts->unmade = traffic->unmade;
	ret_counts->unreached = traffic->unreached;
	ret_counts->begun_us = traffic->begun;
	ret_counts->late_us = traffic->late_us;
	office_look_at_mark(
	    traffics->office, traffic->mark, &ret_counts->calls);
	return 0;
}

uint64_t
traffics_late(const struct traffics *traffics)
{
	uint64_t late = 0;
	unsigned int i;

	for (i = 0; i < traffics->count; i++)
		if (traffics->traffics[i]->late_us > late)
			late = traffics->traffics[i]->late_us;
	return late;
}

static bool
goes_to(const struct traffic *traffic, uint32_t trunk)
{
	return traffic->numbers > 0 &&
	    office_leads_to(
		traffic->all->office, traffic->options.to.first, trunk);
}

bool
traffics_stream_to(const struct traffics *traffics, uint32_t trunk,
    struct traffic_stream *ret_stream)
{
	const struct traffic_options *options;
	unsigned int i, found = 0;

	for (i = 0; i < traffics->count; i++) {
		if (!goes_to(traffics->traffics[i], trunk))
			continue;
		found++;
		options = &traffics->traffics[i]->options;
		*ret_stream = (struct traffic_stream){ options->erlangs,
			options->sources, options->mix.redial };
	}
	return found == 1;
}
