/*
 * traffic: see traffic.h for what it is.
 *
 * Here is when calls begin and between whom; what those do in them is
 * subscriber.c's.  Calls come at random, or at a constant pace, from whoever
 * is free, as from very many subscribers; or from so many sources, each of
 * which calls again some time after its last call is over.
 */
#include "sim/traffic.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/traffic_internal.h"
#include "switch/scheduler.h"

enum { MICRO = 1000000 };

/*--------------------------------------------------------------------
 * A call
 */

/* Whom it is to: a line of ours that is free, or a number beyond them. */
static bool
choose_called(struct traffic *traffic, uint32_t *ret_line, char *digits)
{
	struct traffics *traffics = traffic->all;

	*ret_line = LINE_NONE;
	if (traffic->numbers > 0) {
		range_number(&traffic->options.to,
		    traffic->next_one++ % traffic->numbers, digits);
		return true;
	}
	*ret_line = subscriber_take_free(traffics, &traffic->free_called);
	if (*ret_line == LINE_NONE)
		return false;
	office_number(traffics->office, *ret_line, digits);
	return true;
}

static void
meet(struct traffics *traffics, uint32_t from, uint32_t to)
{
	subscriber_at(traffics, from)->peer = to;
	if (to != LINE_NONE)
		subscriber_at(traffics, to)->peer = from;
}

/*
 * One from a line.  Without two that are free no attempt comes to the exchange,
 * and so none can be gapped: the arrival is not made.
 */
static bool
place_from_line(struct traffic *traffic, uint32_t from)
{
	struct traffics *traffics = traffic->all;
	char digits[DIGITS_MAX + 1];
	const char *why;
	uint64_t call;
	uint32_t to;

	if (choose_called(traffic, &to, digits)) {
		meet(traffics, from, to);
		if (office_call(traffics->office, from, digits, &call, &why) ==
		    0)
			return true;
		if (to != LINE_NONE)
			subscriber_give_back(traffics, to);
	}
	subscriber_give_back(traffics, from);
	return false;
}

/* Whether the exchange has refused it without a process (T2). */
static bool
is_turned_away(const struct traffics *traffics, uint32_t port, uint64_t call)
{
	struct circuit_info info;

	office_circuit_look(traffics->office, port, &info);
	return info.number != call;
}

static bool
place_from_trunk(struct traffic *traffic)
{
	struct traffics *traffics = traffic->all;
	char digits[DIGITS_MAX + 1];
	struct trunk_call call = { .trunk = traffic->options.from_trunk,
		.digits = digits,
		.calling = "" };
	uint32_t to, port;
	uint64_t number;
	const char *why;

	if (!choose_called(traffic, &to, digits))
		return false;
	if (office_trunk_call(traffics->office, &call, &number, &port, &why) !=
		0 ||
	    subscribers_grow_to_circuit(traffics, port) != 0) {
		if (to != LINE_NONE)
			subscriber_give_back(traffics, to);
		return false;
	}
	if (is_turned_away(traffics, port, number)) {
		traffic->counts.gapped++;
		if (to != LINE_NONE)
			subscriber_give_back(traffics, to);
		return true;
	}
	subscriber_begin_far(traffics, port, traffic, number);
	meet(traffics, port, to);
	return true;
}

static void
begin_call(struct traffic *traffic)
{
	struct traffics *traffics = traffic->all;
	uint32_t from;
	bool is_made;

	if (traffic->options.from_trunk != TRUNK_NONE) {
		is_made = place_from_trunk(traffic);
	} else {
		from = subscriber_take_free(traffics, &traffic->free_callers);
		is_made = from != LINE_NONE && place_from_line(traffic, from);
	}
	traffic->counts.attempts += is_made;
	traffic->counts.unmade += !is_made;
}

void
traffic_call_from(struct traffic *traffic, uint32_t line)
{
	struct line_info info;

	if (!traffic->counts.is_running ||
	    scheduler_now(traffic->all->scheduler) >= traffic->end)
		return;
	office_line(traffic->all->office, line, &info);
	if (info.state == LINE_STATE_idle && place_from_line(traffic, line))
		traffic->counts.attempts++;
	else
		traffic->counts.unmade++;
}

/*--------------------------------------------------------------------
 * When
 */

/*
 * When the next one arrives.  Constant arrivals are counted from the begin, to
 * the nearest µs: a sum of intervals drifts, and after 30,000 of them there
 * would be one too many.
 */
static void
set_next(struct traffic *traffic)
{
	double mean = MICRO / traffic->rate;

	if (traffic->options.is_constant)
		traffic->next = (double)traffic->begun +
		    nearbyint((double)traffic->arrivals * mean);
	else
		traffic->next += mean * random_exponential(&traffic->random);
	traffic->arrivals++;
}

/* All arrivals up to this instant: several, where they come closer than it. */
static void
arrive(void *arg, uint64_t key)
{
	struct traffic *traffic = arg;
	uint64_t now = scheduler_now(traffic->all->scheduler);

	(void)key;
	while (traffic->counts.is_running && traffic->next <= (double)now &&
	    traffic->next < (double)traffic->end) {
		begin_call(traffic);
		set_next(traffic);
	}
	if (!traffic->counts.is_running ||
	    traffic->next >= (double)traffic->end ||
	    scheduler_at(traffic->all->scheduler, (uint64_t)ceil(traffic->next),
		arrive, traffic, 0) != 0)
		traffic->counts.is_running = false;
}

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
	office_set_far_end(office, subscriber_far_end, traffics);
	*ret_traffics = traffics;
	return 0;
}

static void
free_ring(struct ring *ring)
{
	object_free(ring->lines, ring->size * sizeof ring->lines[0]);
}

static void
free_traffic(struct traffic *traffic)
{
	free_ring(&traffic->free_callers);
	free_ring(&traffic->free_called);
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
	for (i = 0; i < traffics->count; i++)
		free_traffic(traffics->traffics[i]);
	object_free(
	    traffics->lines, traffics->lines_count * sizeof traffics->lines[0]);
	object_free(traffics->circuits,
	    traffics->circuits_count * sizeof traffics->circuits[0]);
	FREE_OBJ(trafficsp, TRAFFICS_MAGIC);
}

/* Whether each line of the range exists and is free of any traffic. */
static int
check_range(const struct traffics *traffics, const struct range *range,
    char *why, unsigned int size)
{
	uint64_t count = range_count(range), i;
	char number[DIGITS_MAX + 1];
	uint32_t line;

	for (i = 0; i < count; i++) {
		range_number(range, i, number);
		line = office_find(traffics->office, number);
		if (line == LINE_NONE) {
			(void)snprintf(
			    why, size, "no line has the number %s", number);
			return -EINVAL;
		}
		if (traffics->lines[line].role == ROLE_NONE)
			continue;
		(void)snprintf(why, size,
		    "line %s belongs to a traffic "
		    "already",
		    number);
		return -EINVAL;
	}
	return 0;
}

/* Whether the exchange sends each of these numbers somewhere else. */
static int
check_beyond(const struct traffics *traffics, const struct range *range,
    char *why, unsigned int size)
{
	uint64_t count = range_count(range), i;
	char number[DIGITS_MAX + 1];

	for (i = 0; i < count; i++) {
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
	return office_find(traffics->office, range->first) == LINE_NONE;
}

static int
check_called(const struct traffics *traffics, const struct range *range,
    char *why, unsigned int size)
{
	return is_beyond(traffics, range)
	    ? check_beyond(traffics, range, why, size)
	    : check_range(traffics, range, why, size);
}

static bool
alloc_ring(struct ring *ring, uint64_t count)
{
	ring->size = (uint32_t)count;
	ring->lines = object_alloc(ring->size * sizeof ring->lines[0]);
	return ring->lines != NULL;
}

/* As many lines of the range as the ring holds become the traffic's. */
static void
claim(struct traffics *traffics, struct ring *ring, const struct range *range,
    enum role role)
{
	char number[DIGITS_MAX + 1];
	struct subscriber *subscriber;
	uint32_t line, i;

	for (i = 0; i < ring->size; i++) {
		range_number(range, i, number);
		line = office_find(traffics->office, number);
		subscriber = &traffics->lines[line];
		subscriber->traffic = (uint8_t)(traffics->count + 1);
		subscriber->role = (uint8_t)role;
		subscriber->is_in_ring = true;
		subscriber_push(ring, line);
	}
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

static int
refuse(int result, char *why, unsigned int size, const char *text)
{
	(void)snprintf(why, size, "%s", text);
	return result;
}

static bool
overlap(const struct range *one, const struct range *other)
{
	return strlen(one->first) == strlen(other->first) &&
	    strcmp(one->first, other->last) <= 0 &&
	    strcmp(other->first, one->last) <= 0;
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
	if (options->sources > range_count(&options->from))
		return refuse(-EINVAL, why, size,
		    "there are not as many lines in -from as -sources");
	if (options->erlangs <= 0 || options->erlangs >= options->sources)
		return refuse(-EINVAL, why, size,
		    "-sources needs -erlangs, less than one for each");
	return 0;
}

static int
check(struct traffics *traffics, const struct traffic_options *options,
    char *why, unsigned int size)
{
	bool is_of_lines = options->from_trunk == TRUNK_NONE;
	int result;

	if (find(traffics, options->name) != NULL)
		return refuse(
		    -EEXIST, why, size, "a traffic of that name exists");
	if (traffics->count == TRAFFICS_MAX)
		return refuse(-ENOSPC, why, size, "there are 255 traffics");
	if ((options->rate > 0) == (options->erlangs > 0))
		return refuse(-EINVAL, why, size,
		    "either -rate or -erlangs says how much");
	if (is_of_lines && overlap(&options->from, &options->to))
		return refuse(-EINVAL, why, size,
		    "a line cannot stand in "
		    "-from and in -to");
	if (subscribers_grow(traffics) != 0)
		return refuse(-ENOMEM, why, size, "no memory is left");
	result = check_sources(options, why, size);
	if (result == 0 && is_of_lines)
		result = check_range(traffics, &options->from, why, size);
	return result != 0 ? result
			   : check_called(traffics, &options->to, why, size);
}

/*
 * Arrivals per second: the erlangs come within a mean time of occupation.  Of a
 * source, while it is idle: it would be busy for its share of them.
 */
static double
rate_of(const struct traffic_options *options)
{
	double occupied = (distribution_mean(&options->hold) +
			      distribution_mean(&options->answer_after)) /
	    MICRO;

	if (options->erlangs <= 0)
		return options->rate;
	if (options->sources > 0)
		return options->erlangs /
		    (options->sources - options->erlangs) / occupied;
	return options->erlangs / occupied;
}

/* Its lines become its own. */
static bool
claim_lines(struct traffic *traffic)
{
	const struct traffic_options *options = &traffic->options;
	struct traffics *traffics = traffic->all;
	uint64_t callers = options->from_trunk != TRUNK_NONE ? 0
	    : options->sources > 0			     ? options->sources
				   : range_count(&options->from);
	bool is_far = is_beyond(traffics, &options->to);

	if ((callers > 0 && !alloc_ring(&traffic->free_callers, callers)) ||
	    (!is_far &&
		!alloc_ring(&traffic->free_called, range_count(&options->to))))
		return false;
	if (is_far)
		traffic->numbers = range_count(&options->to);
	claim(traffics, &traffic->free_callers, &options->from, ROLE_CALLER);
	claim(traffics, &traffic->free_called, &options->to, ROLE_CALLED);
	return true;
}

static void
end_sources(void *arg, uint64_t key)
{
	struct traffic *traffic = arg;

	(void)key;
	traffic->counts.is_running = false;
}

/* Each source is idle now, and calls after a while. */
static void
begin_sources(struct traffic *traffic)
{
	struct traffics *traffics = traffic->all;
	uint32_t i, line;

	for (i = 0; i < traffic->free_callers.size; i++) {
		line = traffic->free_callers.lines[i];
		traffics->lines[line].is_in_ring = false;
		subscriber_give_back(traffics, line);
	}
	if (traffic->end != UINT64_MAX &&
	    scheduler_at(traffics->scheduler, traffic->end, end_sources,
		traffic, 0) != 0)
		traffic->counts.is_running = false;
}

static void
begin(struct traffic *traffic)
{
	uint64_t now = scheduler_now(traffic->all->scheduler);

	traffic->rate = rate_of(&traffic->options);
	traffic->end = traffic->options.duration < UINT64_MAX - now
	    ? now + traffic->options.duration
	    : UINT64_MAX;
	traffic->counts.is_running = true;
	traffic->begun = now;
	if (traffic->options.sources > 0) {
		begin_sources(traffic);
		return;
	}
	traffic->next = (double)now;
	set_next(traffic);
	arrive(traffic, 0);
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
	if (traffic != NULL) {
		traffic->all = traffics;
		traffic->options = *options;
	}
	if (traffic == NULL || !claim_lines(traffic)) {
		if (traffic != NULL)
			free_traffic(traffic);
		return refuse(-ENOMEM, why, size, "no memory is left");
	}
	(void)snprintf(
	    traffic->name, sizeof traffic->name, "%s", options->name);
	random_seed(&traffic->random, traffics->seed, traffic->name);
	traffics->traffics[traffics->count++] = traffic;
	begin(traffic);
	return 0;
}

/* Those of its callers that are in a call. */
static void
hang_up_all(struct traffics *traffics, const struct traffic *traffic)
{
	const struct subscriber *subscriber;
	uint32_t i;

	for (i = 0; i < traffics->lines_count; i++) {
		subscriber = &traffics->lines[i];
		if (subscriber->role == ROLE_CALLER &&
		    !subscriber->is_in_ring &&
		    subscriber_traffic(traffics, subscriber) == traffic)
			subscriber_hang_up(traffics, i);
	}
	for (i = 0; i < traffics->circuits_count; i++) {
		subscriber = &traffics->circuits[i];
		if (subscriber->role == ROLE_CALLER &&
		    subscriber_traffic(traffics, subscriber) == traffic)
			subscriber_hang_up(traffics, i | PORT_CIRCUIT);
	}
}

int
traffics_stop(struct traffics *traffics, const char *name, bool is_now)
{
	struct traffic *traffic;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	traffic = find(traffics, name);
	if (traffic == NULL)
		return -ESRCH;
	traffic->counts.is_running = false;
	if (is_now)
		hang_up_all(traffics, traffic);
	return 0;
}

int
traffics_count(const struct traffics *traffics, const char *name,
    struct traffic_counts *ret_counts)
{
	const struct traffic *traffic;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	traffic = find(traffics, name);
	if (traffic == NULL)
		return -ESRCH;
	*ret_counts = traffic->counts;
	ret_counts->live = traffic->counts.attempts - traffic->counts.gapped -
	    traffic->counts.ended;
	return 0;
}
