/*
 * release_canary: a release is watched on a few calls before all get it.
 *
 * The live calls that the canary takes are converted at once, those born
 * meanwhile are born there, or come there when it is known who they are for:
 * each look of the watch meets those that waited for it.  From then on both
 * versions are counted; the watch looks now and then, and goes on or back by
 * itself:
 *
 *   back, at once        a conversion has failed (unless -on-error keep-old),
 *                        or the release faults too often (release_trial.c)
 *   back                 -fail-when is true of what was counted since the
 *                        first call ran the release
 *   prolonged            at the end of the watch the canary has had fewer than
 *                        1,000 events or 100 ended calls: too few to judge by,
 *                        so -fail-when is not asked before either
 *   on                   at the end of the watch
 *
 * A canary that never sees enough calls is taken back after a hundred
 * prolongations, one for which there was no call at all after its first watch:
 * who asked for a verdict does not get a release without one.
 * Where only the shadow watches, nothing runs the release, and the watch is
 * never prolonged; -fail-when is asked at its end, for the sake of what the
 * shadow run has found (release_shadow.c).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/release_internal.h"

enum {
	EVENTS_MIN = 1000, /* U3 */
	ENDED_MIN = 100,   /* U3 */
	PROLONGED_MAX = 100
};

static void
measure(const struct release_handler *handler, uint16_t id,
    struct version_measures *ret_measures)
{
	const struct behaviour_counts counts =
	    behaviour_counts(handler->behaviours, id);
	const struct upgrade_telephony *telephony = &handler->telephony;

	memset(ret_measures, 0, sizeof *ret_measures);
	ret_measures->events = counts.events;
	ret_measures->crashes = counts.faults;
	ret_measures->retried = counts.retried;
	if (telephony->measure != NULL)
		telephony->measure(telephony->arg, id, ret_measures);
}

static void
measure_since(struct release_handler *handler)
{
	struct release_watch *watch = &handler->watch;

	measure(handler, handler->to, &watch->now);
	version_measures_since(
	    &watch->now, &watch->new_before, &watch->new_since);
	release_look_at_shadow(handler);
	watch->new_since.differences = handler->report.differences;
	measure(handler, handler->from, &watch->now);
	version_measures_since(
	    &watch->now, &watch->old_before, &watch->old_since);
}

void
release_begin_canary(struct release_handler *handler)
{
	const struct upgrade_order *order = &handler->order;
	struct release_watch *watch = &handler->watch;

	handler->state = RELEASE_CANARY;
	handler->report.stage = UPGRADE_canary;
	release_begin_stage(handler);
	release_report_log(handler, &handler->report, "canary");
	watch->until = scheduler_now(handler->scheduler) + order->watch;
	measure(handler, handler->to, &watch->new_before);
	measure(handler, handler->from, &watch->old_before);
	if (release_begin_shadow(handler) != 0) {
		snprintf(handler->why_text, sizeof handler->why_text,
		    "no memory is left for a shadow run");
		release_turn_round(handler, UPGRADE_REASON_shadow);
		return;
	}
	if (order->canary <= 0)
		return;
	canary_begin(&handler->canary, order->canary, &handler->telephony,
	    &handler->order.conditions);
	handler->canary.from = handler->from;
	handler->canary.to = handler->to;
	behaviour_at(handler->behaviours, handler->from)->canary = handler->to;
	release_begin_canary_sweeps(handler, SWEEP_CONVERT);
}

static bool
has_enough(const struct release_handler *handler)
{
	const struct version_measures *seen = &handler->watch.new_since;

	return seen->events >= EVENTS_MIN &&
	    (seen->ended >= ENDED_MIN || handler->telephony.measure == NULL);
}

static bool
has_canary(const struct release_handler *handler)
{
	return handler->order.canary > 0;
}

static bool
is_to_fail(struct release_handler *handler, bool is_over)
{
	const struct upgrade_conditions *conditions =
	    &handler->order.conditions;
	const struct release_watch *watch = &handler->watch;

	bool may_judge = has_canary(handler) ? has_enough(handler) : is_over;

	if (conditions->fails == NULL || !may_judge ||
	    !conditions->fails(
		conditions->arg, &watch->new_since, &watch->old_since))
		return false;
	snprintf(handler->why_text, sizeof handler->why_text,
	    "-fail-when is true of %s after %" PRIu64 " events, %" PRIu64
	    " ended calls and %" PRIu64 " differences",
	    handler->report.version_to, watch->new_since.events,
	    watch->new_since.ended, watch->new_since.differences);
	return true;
}

static bool
is_hopeless(struct release_handler *handler)
{
	const struct release_watch *watch = &handler->watch;

	if (canary_candidates(&handler->canary) == 0) {
		snprintf(handler->why_text, sizeof handler->why_text,
		    "no verdict on %s: in the whole watch there was no call "
		    "that it may have (-only, emergency calls)",
		    handler->report.version_to);
		return true;
	}
	if (handler->report.prolonged < PROLONGED_MAX)
		return false;
	snprintf(handler->why_text, sizeof handler->why_text,
	    "no verdict on %s after %d watches: %" PRIu64 " events and %" PRIu64
	    " ended calls, wanted %d and %d",
	    handler->report.version_to, PROLONGED_MAX + 1,
	    watch->new_since.events, watch->new_since.ended, EVENTS_MIN,
	    ENDED_MIN);
	return true;
}

static void
prolong(struct release_handler *handler)
{
	const struct release_watch *watch = &handler->watch;
	char what[128];

	handler->report.prolonged++;
	handler->watch.until += handler->order.watch;
	snprintf(what, sizeof what,
	    "prolonged: %" PRIu64 " events of %d, %" PRIu64
	    " ended calls of %d",
	    watch->new_since.events, EVENTS_MIN, watch->new_since.ended,
	    ENDED_MIN);
	release_report_log(handler, &handler->report, what);
}

static bool
is_still_sweeping(const struct release_handler *handler)
{
	return handler->sweeps[0].order != NULL;
}

static void
decide(struct release_handler *handler)
{
	bool is_over =
	    scheduler_now(handler->scheduler) >= handler->watch.until &&
	    !is_still_sweeping(handler);

	measure_since(handler);
	if (is_to_fail(handler, is_over)) {
		release_turn_round(handler, UPGRADE_REASON_fail_when);
	} else if (is_over && has_canary(handler) && !has_enough(handler) &&
	    is_hopeless(handler)) {
		release_turn_round(handler, UPGRADE_REASON_no_verdict);
	} else if (is_over && (!has_canary(handler) || has_enough(handler))) {
		release_end_stage(handler, &handler->report.watching);
		release_begin_converting(handler);
	} else if (is_over) {
		prolong(handler);
	}
}

static bool
does_anybody_wait(const struct release_handler *handler)
{
	unsigned int i, late = 0;

	for (i = 0; i < handler->schedulers; i++)
		late += canary_late(&handler->canary, i);
	return late > 0;
}

void
release_watch_canary(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	decide(handler);
	if (handler->state == RELEASE_CANARY && has_canary(handler) &&
	    !is_still_sweeping(handler) && does_anybody_wait(handler))
		release_begin_canary_sweeps(handler, SWEEP_LATE);
	scheduler_let_go(handler->scheduler);
}

uint64_t
release_next_look(const struct release_handler *handler, uint64_t at)
{
	uint64_t until = handler->watch.until;

	return until > scheduler_now(handler->scheduler) && until < at ? until
								       : at;
}
