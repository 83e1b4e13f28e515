/*
 * charge: what a call costs, by the tariff that held when it was answered.
 *
 *	set-up + first + following x count        0 of a call of 0 ms
 *
 * where `count` is of the intervals after the first.  Each interval that has
 * ended is a pulse.  Of the one in which the call ends the first is a pulse
 * whatever is left of it, and of a following one the rule decides that held
 * at the answer: rule 1 lets the caller have it, which is wrong, rule 2
 * charges it.  All is in whole ms; what is left of a ms is dropped.
 *
 * No timer counts: pulses are brought up to date by the events that the call
 * has anyway, and at its end.  When that was makes no difference to the sum.
 *
 * Invariants, checked by charge_is_sound():
 *   1. of a call that is not charged `first_ms` is 0, and it has no pulses;
 *   2. the `pulses` intervals from t_answer on are all that is charged.
 */
#ifndef CALLS_CALL_CHARGE_H
#define CALLS_CALL_CHARGE_H

#include "calls/exchange.h"

/* Numbers that are kept in calls: never given anew. */
enum charge_rule { CHARGE_RULE_FLOOR = 1, CHARGE_RULE_CEIL = 2 };

enum { CHARGE_MS = 1000 }; /* µs */

/* The counter of pulses is as wide as the release has it. */
#define CHARGE_PULSES_MAX ((uint32_t)(PULSES)UINT32_MAX)

/* Micro-units that so many are worth: below 2^64, whatever they are. */
static uint64_t
charge_of_pulses(const struct tariff_view *prices, uint32_t pulses)
{
	if (pulses == 0)
		return 0;
	return (uint64_t)prices->setup_micro + prices->first_micro +
	    (uint64_t)(pulses - 1) * prices->next_micro;
}

/* What the pulses of the call are worth. */
static uint64_t
charge_worth(const struct call *call)
{
	const struct tariff_view prices = { .setup_micro = call->setup_micro,
		.first_micro = call->first_micro,
		.next_micro = call->next_micro };

	return charge_of_pulses(&prices, call->pulses);
}

/* The stamp at which the running interval began, behind all that is charged. */
static uint64_t
charge_interval(const struct call *call)
{
	if (call->pulses == 0)
		return call->t_answer;
	return call->t_answer +
	    CHARGE_MS *
	    (call->first_ms + (uint64_t)(call->pulses - 1U) * call->next_ms);
}

static bool
charge_is_sound(const struct call *call)
{
	if (call->first_ms == 0)
		return call->pulses == 0;
	return call->t_answer != 0 && call->next_ms != 0 &&
	    (call->rule == CHARGE_RULE_FLOOR || call->rule == CHARGE_RULE_CEIL);
}

/* Answered now: from here on it is charged as `tariff` says (T21). */
static void
charge_begin(
    struct call *call, enum charge_rule rule, const struct tariff_view *tariff)
{
	call->rule = (uint8_t)rule;
	if (tariff->tariff == TARIFF_NONE)
		return;
	call->setup_micro = tariff->setup_micro;
	call->first_micro = tariff->first_micro;
	call->first_ms = tariff->first_ms;
	call->next_micro = tariff->next_micro;
	call->next_ms = tariff->next_ms;
}

/*
 * How many intervals are charged of one that was answered so long ago, and is
 * over then, or goes on.
 */
static uint64_t
charge_count(const struct tariff_view *prices, enum charge_rule rule,
    uint64_t ms, bool is_over)
{
	uint64_t count;

	if (ms < prices->first_ms)
		return is_over && ms > 0;
	ms -= prices->first_ms;
	count = 1 + ms / prices->next_ms;
	if (is_over && rule == CHARGE_RULE_CEIL && ms % prices->next_ms != 0)
		count++;
	return count;
}

/* How many more pulses than it has are due by `now`. */
static uint64_t
charge_due(const struct call *call, uint64_t now, bool is_over)
{
	const struct tariff_view prices = { .first_ms = call->first_ms,
		.next_ms = call->next_ms };

	return charge_count(&prices, (enum charge_rule)call->rule,
		   (now - call->t_answer) / CHARGE_MS, is_over) -
	    call->pulses;
}

/* A counter that is full knows them no more: they follow from the answer. */
static bool
charge_is_counted(const struct call *call)
{
	return call->pulses < CHARGE_PULSES_MAX;
}

/*
 * Brings the pulses up to date; what is charged stays so.  A counter that is
 * full stands still: nothing is lost to a release with a wider one.
 */
static void
charge_until(struct call *call, uint64_t now, bool is_over)
{
	uint64_t due, room = CHARGE_PULSES_MAX - call->pulses;

	if (call->first_ms == 0 || now < charge_interval(call))
		return;
	due = charge_due(call, now, is_over);
	if (due > room)
		due = room;
	call->pulses = (PULSES)(call->pulses + due);
}

/* What it was charged for is over before it: from now on it is free. */
static void
charge_stop(struct call *call)
{
	call->pulses = 0;
	call->first_ms = 0;
}

#endif
