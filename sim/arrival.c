/*
 * arrival: when the calls of a traffic begin.
 *
 * They come at random (Poisson) or at a constant pace, at a rate that may go
 * up and down: by a ramp, and by the hours of a day.  The next one is there
 * when the rate, summed up over time since the last, has come to one; at
 * random, to a draw of mean one: that is a Poisson stream of any rate.  Calls
 * of so many sources come from each idle one by itself, in the same manner.
 *
 * Constant arrivals are counted from where the rate was changed last, to the
 * nearest µs: a sum of intervals drifts, and after 30,000 of them there would
 * be one too many.
 */
#include <math.h>

#include "calls/exchange/office.h"
#include "sim/profile.h"
#include "sim/traffic_internal.h"
#include "switch/scheduler.h"

enum { TICK_US = 1000 };

#define MICRO 1e6
#define NEVER ((double)INFINITY)

/*--------------------------------------------------------------------
 * The rate
 */

static double
ramp_at(const struct ramp *ramp, double at)
{
	const double length = (double)(ramp->until - ramp->since);

	if (at >= (double)ramp->until)
		return ramp->to;
	return ramp->from +
	    (ramp->to - ramp->from) * (at - (double)ramp->since) / length;
}

/* The share of the hour, and up to when it holds. */
static double
share_at(const struct traffic *traffic, double at, double *ret_until)
{
	const struct profile *profile = traffic->options.profile;
	uint64_t left;
	double share;

	*ret_until = NEVER;
	if (profile == NULL)
		return 1;
	share = profile_at(
	    profile, (uint64_t)at + office_date(traffic->all->office), &left);
	*ret_until = floor(at) + (double)left;
	return share;
}

double
arrival_ramp(const struct traffic *traffic, uint64_t at)
{
	return ramp_at(&traffic->ramp, (double)at);
}

/* In which the rate is a straight line. */
struct stretch {
	double length;	    /* µs */
	double rate, slope; /* per second; and that per µs */
};

static struct stretch
stretch_at(const struct traffic *traffic, double at)
{
	const struct ramp *ramp = &traffic->ramp;
	double until, share = share_at(traffic, at, &until);
	struct stretch stretch = { .rate = share * ramp_at(ramp, at) };

	if (at < (double)ramp->until) {
		stretch.slope = share * (ramp->to - ramp->from) /
		    (double)(ramp->until - ramp->since);
		until = fmin(until, (double)ramp->until);
	}
	stretch.length = until - at;
	return stretch;
}

/* How long it takes for `need` to come; NaN or more than it is long: never. */
static double
time_for(const struct stretch *stretch, double need)
{
	const double wanted = need * MICRO;

	if (stretch->slope == 0)
		return stretch->rate > 0 ? wanted / stretch->rate
		    : need > 0		 ? NEVER
					 : 0;
	return 2 * wanted /
	    (stretch->rate +
		sqrt(stretch->rate * stretch->rate +
		    2 * stretch->slope * wanted));
}

double
arrival_after(const struct traffic *traffic, double from, double need)
{
	struct stretch stretch;
	double at = from, time;

	while (at < (double)traffic->end) {
		stretch = stretch_at(traffic, at);
		time = time_for(&stretch, need);
		if (time <= stretch.length)
			return at + time;
		if (isinf(stretch.length))
			break;
		need -= (stretch.rate + stretch.slope * stretch.length / 2) *
		    stretch.length / MICRO;
		at += stretch.length;
	}
	return NEVER;
}

/*--------------------------------------------------------------------
 * One after the other
 */

static void arrive(void *arg, uint64_t key);

/* Whether it never changes from there on by itself. */
static bool
is_steady(const struct traffic *traffic)
{
	return traffic->options.profile == NULL &&
	    traffic->anchor >= (double)traffic->ramp.until;
}

/* `need` is not yet added up for it. */
static void
set_next(struct traffic *traffic, double need)
{
	const bool is_constant = traffic->options.is_constant;

	traffic->need += need;
	traffic->next = arrival_after(traffic, traffic->anchor, traffic->need);
	if (!is_constant || !is_steady(traffic)) {
		traffic->anchor = traffic->next;
		traffic->need = 0;
	}
	if (is_constant)
		traffic->next = nearbyint(traffic->next);
}

static double
draw_need(struct traffic *traffic)
{
	return traffic->options.is_constant
	    ? 1
	    : random_exponential(&traffic->random);
}

static void
wait_for_next(struct traffic *traffic)
{
	if (traffic->next >= (double)traffic->end ||
	    scheduler_at(traffic->all->scheduler, (uint64_t)ceil(traffic->next),
		arrive, traffic, traffic->serial) != 0)
		traffic->is_running = false;
}

/*
 * In real time a machine that has too much to do comes too late.  A timer comes
 * at the next tick.
 */
static void
note_late(struct traffic *traffic, uint64_t now)
{
	const uint64_t due = (uint64_t)ceil(traffic->next) + TICK_US;

	if (scheduler_pace(traffic->all->scheduler) == PACE_REAL && now > due &&
	    now - due > traffic->late_us)
		traffic->late_us = now - due;
}

/* All arrivals up to this instant: several, where they come closer than it. */
static void
arrive(void *arg, uint64_t key)
{
	struct traffic *traffic = arg;
	const uint64_t now = scheduler_now(traffic->all->scheduler);

	if (key != traffic->serial || !traffic->is_running)
		return;
	note_late(traffic, now);
	while (traffic->is_running && traffic->next <= (double)now &&
	    traffic->next < (double)traffic->end) {
		placing_next(traffic);
		set_next(traffic, draw_need(traffic));
	}
	if (traffic->is_running)
		wait_for_next(traffic);
}

/*--------------------------------------------------------------------
 * From so many sources
 */

static void
end_sources(void *arg, uint64_t key)
{
	struct traffic *traffic = arg;

	(void)key;
	traffic->is_running = false;
}

/* Each that is idle calls after a while, which has no memory. */
static void
plan_sources(struct traffic *traffic)
{
	struct traffics *traffics = traffic->all;
	uint32_t i, line;

	for (i = 0; i < traffic->callers->count; i++) {
		line = traffic->callers->lines[i];
		if (traffics->lines[line].role == ROLE_NONE)
			subscriber_give_back(traffics, line);
	}
}

static void
begin_sources(struct traffic *traffic)
{
	struct traffics *traffics = traffic->all;
	uint32_t i;

	for (i = 0; i < traffic->callers->count; i++)
		traffics->lines[traffic->callers->lines[i]].traffic =
		    traffic->number;
	plan_sources(traffic);
	if (traffic->end != UINT64_MAX &&
	    scheduler_at(traffics->scheduler, traffic->end, end_sources,
		traffic, 0) != 0)
		traffic->is_running = false;
}

/*--------------------------------------------------------------------
 * Beginning and changing
 */

static void
begin_stream(struct traffic *traffic, double need)
{
	traffic->serial++;
	traffic->anchor = (double)scheduler_now(traffic->all->scheduler);
	traffic->need = 0;
	set_next(traffic, need);
}

void
arrival_begin(struct traffic *traffic)
{
	if (traffic->options.sources > 0) {
		begin_sources(traffic);
		return;
	}
	/* The first of constant ones is now. */
	begin_stream(
	    traffic, traffic->options.is_constant ? 0 : draw_need(traffic));
	arrive(traffic, traffic->serial);
}

void
arrival_change(struct traffic *traffic, const struct ramp *ramp)
{
	traffic->ramp = *ramp;
	if (traffic->options.sources > 0) {
		plan_sources(traffic);
		return;
	}
	begin_stream(traffic, draw_need(traffic));
	wait_for_next(traffic);
}
