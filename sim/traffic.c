/*
 * traffic: see traffic.h for what it is.
 *
 * A hundred thousand generated calls must cost no more than the calls: so a
 * subscriber is 16 bytes, indexed by line, and what it will do next is one
 * entry of the scheduler's timers, whose key says who and what.
 *
 * Invariants:
 *   1. a line belongs to at most one traffic, as caller or as called;
 *   2. a line stands in its ring exactly while it is not in a call of ours;
 *   3. an action counts only if the line's serial is still that of its key,
 *      which moves on with every call: what was planned for an earlier call
 *      never happens to a later one.
 */
#include "sim/traffic.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "sim/random.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum {
	TRAFFICS_MAX = 255,
	NAME_SIZE = 32,
	MICRO = 1000000,
	/* How long one listens to a tone before hanging up: own choice. */
	REACTION_US = 500000,
	/* Lines looked at for a free one, when others use the range too. */
	TRIES = 16
};

enum role { ROLE_NONE, ROLE_CALLER, ROLE_CALLED };
enum action { ACTION_ANSWER, ACTION_HANGUP };

struct subscriber {
	uint32_t peer;	 /* the other line of its call, or LINE_NONE */
	uint32_t serial; /* of its call; invariant 3 */
	uint8_t traffic; /* its number, from 1 */
	uint8_t role;
	bool is_in_ring;
	bool is_gapped; /* its call was, so it does not end */
};

/* Free lines, first in, first out. */
struct ring {
	uint32_t *lines;
	uint32_t size, first, count;
};

struct traffic {
	struct traffics *all;
	char name[NAME_SIZE];
	struct random random;
	struct traffic_options options;
	struct ring free_callers, free_called;
	double next; /* µs of the run: the next arrival */
	uint64_t begun, end, arrivals;
	struct traffic_counts counts;
};

struct traffics {
	unsigned int magic;
#define TRAFFICS_MAGIC 0x7d18e3b2
	struct scheduler *scheduler;
	struct office *office;
	uint64_t seed;
	struct subscriber *subscribers; /* by line */
	uint32_t subscribers_count;
	unsigned int count;
	struct traffic *traffics[TRAFFICS_MAX];
};

static void
push(struct ring *ring, uint32_t line)
{
	assert(ring->count < ring->size);
	ring->lines[(ring->first + ring->count++) % ring->size] = line;
}

static uint32_t
pop(struct ring *ring)
{
	uint32_t line;

	if (ring->count == 0)
		return LINE_NONE;
	line = ring->lines[ring->first];
	ring->first = (ring->first + 1) % ring->size;
	ring->count--;
	return line;
}

static enum line_state
state_of(const struct traffics *traffics, uint32_t line)
{
	struct line_info info;

	office_line(traffics->office, line, &info);
	return info.state;
}

/* The next free line of the ring that nobody else has taken meanwhile. */
static uint32_t
take_free(struct traffics *traffics, struct ring *ring)
{
	unsigned int tries;
	uint32_t line;

	for (tries = 0; tries < TRIES; tries++) {
		line = pop(ring);
		if (line == LINE_NONE)
			return LINE_NONE;
		if (state_of(traffics, line) == LINE_STATE_idle) {
			traffics->subscribers[line].is_in_ring = false;
			return line;
		}
		push(ring, line);
	}
	return LINE_NONE;
}

static struct ring *
ring_of(struct traffics *traffics, const struct subscriber *subscriber)
{
	struct traffic *traffic = traffics->traffics[subscriber->traffic - 1];

	return subscriber->role == ROLE_CALLER ? &traffic->free_callers
					       : &traffic->free_called;
}

static void
give_back(struct traffics *traffics, uint32_t line)
{
	struct subscriber *subscriber = &traffics->subscribers[line];

	if (subscriber->is_in_ring)
		return;
	subscriber->is_in_ring = true;
	subscriber->is_gapped = false;
	subscriber->peer = LINE_NONE;
	subscriber->serial++;
	push(ring_of(traffics, subscriber), line);
}

enum { LINE_BITS = 32, SERIAL_BITS = 24 };

static uint64_t
key_of(const struct subscriber *subscriber, uint32_t line, enum action action)
{
	uint64_t serial = subscriber->serial & ((1U << SERIAL_BITS) - 1);

	return (uint64_t)line | serial << LINE_BITS |
	    (uint64_t)action << (LINE_BITS + SERIAL_BITS);
}

static void answer(struct traffics *traffics, uint32_t line);
static void hang_up(struct traffics *traffics, uint32_t line);

/* What a subscriber had planned is due. */
static void
act(void *arg, uint64_t key)
{
	struct traffics *traffics = arg;
	uint32_t line = (uint32_t)key;
	enum action action = (enum action)(key >> (LINE_BITS + SERIAL_BITS));

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	if (key != key_of(&traffics->subscribers[line], line, action))
		return;
	if (action == ACTION_ANSWER)
		answer(traffics, line);
	else
		hang_up(traffics, line);
}

/* Without room for a timer there is none for a call either: do it at once. */
static void
plan(struct traffics *traffics, uint32_t line, enum action action,
    uint64_t after)
{
	uint64_t key = key_of(&traffics->subscribers[line], line, action);
	uint64_t at = scheduler_now(traffics->scheduler) + after;

	if (scheduler_at(traffics->scheduler, at, act, traffics, key) != 0)
		(void)scheduler_at(traffics->scheduler, 0, act, traffics, key);
}

static void
answer(struct traffics *traffics, uint32_t line)
{
	struct subscriber *subscriber = &traffics->subscribers[line];
	struct traffic *traffic = traffics->traffics[subscriber->traffic - 1];
	const char *why;

	if (state_of(traffics, line) != LINE_STATE_ringing ||
	    office_answer(traffics->office, line, &why) != 0)
		return;
	traffic->counts.answers++;
	if (subscriber->peer != LINE_NONE)
		plan(traffics, subscriber->peer, ACTION_HANGUP,
		    distribution_draw(
			&traffic->options.hold, &traffic->random));
}

static void
hang_up(struct traffics *traffics, uint32_t line)
{
	struct line_info info;
	const char *why;

	office_line(traffics->office, line, &info);
	if (info.is_offhook)
		(void)office_hangup(traffics->office, line, &why);
}

static bool
says_that_it_is_over(enum tone tone)
{
	return tone == TONE_disconnect || tone == TONE_busy ||
	    tone == TONE_congestion || tone == TONE_reorder ||
	    tone == TONE_no_answer || tone == TONE_announcement;
}

static void
note_gapped(struct traffics *traffics, struct subscriber *subscriber,
    uint32_t line, enum tone tone)
{
	struct line_info info;

	if (tone != TONE_congestion || subscriber->role != ROLE_CALLER ||
	    subscriber->is_gapped)
		return;
	office_line(traffics->office, line, &info);
	if (!info.is_gapped)
		return;
	subscriber->is_gapped = true;
	traffics->traffics[subscriber->traffic - 1]->counts.gapped++;
}

/* A caller is free again, and whom it called if he has never heard of it. */
static void
end_call(
    struct traffics *traffics, struct subscriber *subscriber, uint32_t line)
{
	uint32_t peer = subscriber->peer;

	if (!subscriber->is_gapped)
		traffics->traffics[subscriber->traffic - 1]->counts.ended++;
	give_back(traffics, line);
	if (peer != LINE_NONE && traffics->subscribers[peer].peer == line &&
	    state_of(traffics, peer) == LINE_STATE_idle)
		give_back(traffics, peer);
}

/* What a line of ours is told by the office, within an event. */
static void
hear(void *arg, uint32_t line, enum line_state state, enum tone tone)
{
	struct traffics *traffics = arg;
	struct subscriber *subscriber;
	struct traffic *traffic;

	if (line >= traffics->subscribers_count)
		return;
	subscriber = &traffics->subscribers[line];
	if (subscriber->role == ROLE_NONE || subscriber->is_in_ring)
		return;
	traffic = traffics->traffics[subscriber->traffic - 1];
	if (state == LINE_STATE_ringing && subscriber->role == ROLE_CALLED) {
		plan(traffics, line, ACTION_ANSWER,
		    distribution_draw(
			&traffic->options.answer_after, &traffic->random));
	} else if (state == LINE_STATE_idle &&
	    subscriber->role == ROLE_CALLER) {
		end_call(traffics, subscriber, line);
	} else if (state == LINE_STATE_idle) {
		give_back(traffics, line);
	} else if (says_that_it_is_over(tone)) {
		note_gapped(traffics, subscriber, line, tone);
		plan(traffics, line, ACTION_HANGUP, REACTION_US);
	}
}

/*
 * Two free lines, and a call between them.  Without them no attempt comes to
 * the exchange, and so none can be gapped: the arrival is not made.
 */
static bool
place_call(struct traffic *traffic)
{
	struct traffics *traffics = traffic->all;
	uint32_t from = take_free(traffics, &traffic->free_callers), to;
	char digits[DIGITS_MAX + 1];
	const char *why;
	uint64_t call;

	if (from == LINE_NONE)
		return false;
	to = take_free(traffics, &traffic->free_called);
	if (to == LINE_NONE) {
		give_back(traffics, from);
		return false;
	}
	traffics->subscribers[from].peer = to;
	traffics->subscribers[to].peer = from;
	office_number(traffics->office, to, digits);
	if (office_call(traffics->office, from, digits, &call, &why) == 0)
		return true;
	give_back(traffics, from);
	give_back(traffics, to);
	return false;
}

static void
begin_call(struct traffic *traffic)
{
	if (place_call(traffic))
		traffic->counts.attempts++;
	else
		traffic->counts.unmade++;
}

/*
 * When the next one arrives.  Constant arrivals are counted from the begin, to
 * the nearest µs: a sum of intervals drifts, and after 30,000 of them there
 * would be one too many.
 */
static void
set_next(struct traffic *traffic)
{
	double mean = MICRO / traffic->options.rate;

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
	office_set_terminal(office, hear, traffics);
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
	for (i = 0; i < traffics->count; i++)
		free_traffic(traffics->traffics[i]);
	object_free(traffics->subscribers,
	    traffics->subscribers_count * sizeof traffics->subscribers[0]);
	FREE_OBJ(trafficsp, TRAFFICS_MAGIC);
}

/* One subscriber for each line that there is by now. */
static int
grow_subscribers(struct traffics *traffics)
{
	uint32_t count = office_lines(traffics->office), i;
	struct subscriber *grown;

	if (count <= traffics->subscribers_count)
		return 0;
	grown = object_realloc(traffics->subscribers, count * sizeof *grown);
	if (grown == NULL)
		return -ENOMEM;
	for (i = traffics->subscribers_count; i < count; i++)
		grown[i] = (struct subscriber){ .peer = LINE_NONE };
	traffics->subscribers = grown;
	traffics->subscribers_count = count;
	return 0;
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
		if (traffics->subscribers[line].role == ROLE_NONE)
			continue;
		(void)snprintf(why, size,
		    "line %s belongs to a traffic "
		    "already",
		    number);
		return -EINVAL;
	}
	return 0;
}

static bool
alloc_ring(struct ring *ring, const struct range *range)
{
	ring->size = (uint32_t)range_count(range);
	ring->lines = object_alloc(ring->size * sizeof ring->lines[0]);
	return ring->lines != NULL;
}

/* The lines of the range become the traffic's. */
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
		subscriber = &traffics->subscribers[line];
		subscriber->traffic = (uint8_t)(traffics->count + 1);
		subscriber->role = (uint8_t)role;
		subscriber->is_in_ring = true;
		push(ring, line);
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
check(struct traffics *traffics, const struct traffic_options *options,
    char *why, unsigned int size)
{
	int result;

	if (find(traffics, options->name) != NULL)
		return refuse(
		    -EEXIST, why, size, "a traffic of that name exists");
	if (traffics->count == TRAFFICS_MAX)
		return refuse(-ENOSPC, why, size, "there are 255 traffics");
	if (overlap(&options->from, &options->to))
		return refuse(-EINVAL, why, size,
		    "a line cannot stand in "
		    "-from and in -to");
	if (grow_subscribers(traffics) != 0)
		return refuse(-ENOMEM, why, size, "no memory is left");
	result = check_range(traffics, &options->from, why, size);
	return result != 0 ? result
			   : check_range(traffics, &options->to, why, size);
}

int
traffics_start(struct traffics *traffics, const struct traffic_options *options,
    char *why, unsigned int size)
{
	struct traffic *traffic;
	uint64_t now = scheduler_now(traffics->scheduler);
	int result;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	result = check(traffics, options, why, size);
	if (result != 0)
		return result;
	traffic = object_alloc(sizeof *traffic);
	if (traffic == NULL ||
	    !alloc_ring(&traffic->free_callers, &options->from) ||
	    !alloc_ring(&traffic->free_called, &options->to))
		goto fail;
	claim(traffics, &traffic->free_callers, &options->from, ROLE_CALLER);
	claim(traffics, &traffic->free_called, &options->to, ROLE_CALLED);
	traffic->all = traffics;
	traffic->options = *options;
	(void)snprintf(
	    traffic->name, sizeof traffic->name, "%s", options->name);
	random_seed(&traffic->random, traffics->seed, traffic->name);
	traffic->end = options->duration < UINT64_MAX - now
	    ? now + options->duration
	    : UINT64_MAX;
	traffic->counts.is_running = true;
	traffic->begun = now;
	traffic->next = (double)now;
	set_next(traffic);
	traffics->traffics[traffics->count++] = traffic;
	arrive(traffic, 0);
	return 0;
fail:
	if (traffic != NULL)
		free_traffic(traffic);
	return refuse(-ENOMEM, why, size, "no memory is left");
}

int
traffics_stop(struct traffics *traffics, const char *name, bool is_now)
{
	struct traffic *traffic;
	struct subscriber *subscriber;
	uint32_t line;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	traffic = find(traffics, name);
	if (traffic == NULL)
		return -ESRCH;
	traffic->counts.is_running = false;
	for (line = 0; is_now && line < traffics->subscribers_count; line++) {
		subscriber = &traffics->subscribers[line];
		if (subscriber->role == ROLE_CALLER &&
		    !subscriber->is_in_ring &&
		    traffics->traffics[subscriber->traffic - 1] == traffic)
			hang_up(traffics, line);
	}
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
