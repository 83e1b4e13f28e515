/*
 * hold: what 2.0 added to a call, as every release since has it.
 *
 * Either side holds the other and takes it back (T26, T27), and the charge is
 * money, to which each pulse adds its price.
 */
#ifndef CALLS_CALL_HOLD_H
#define CALLS_CALL_HOLD_H

#include "calls/call/basic.h"

static bool
holds(const struct step *step)
{
	return (step->call->held & bit_of(step->side)) != 0;
}

static bool
holds_not(const struct step *step)
{
	return !holds(step);
}

/*
 * One clock for both sides, since the record has one sum.  While it runs it
 * lacks the stamp at which it began, and so needs no second field.
 */
static void
set_held(struct call *call, uint8_t held, uint64_t now)
{
	if (call->held == 0 && held != 0)
		call->hold_us -= (int64_t)now;
	if (call->held != 0 && held == 0)
		call->hold_us += (int64_t)now;
	call->held = held;
}

static void
hold(struct step *step)
{
	set_held(
	    step->call, step->call->held | bit_of(step->side), stamp(step));
	hear(step, peer_of(step->call, step->side), TONE_hold);
}

static void
retrieve(struct step *step)
{
	set_held(step->call, step->call->held & ~bit_of(step->side) & 0xffU,
	    stamp(step));
	hear(step, peer_of(step->call, step->side), TONE_speech);
}

static void
refuse(struct step *step)
{
	const uint32_t line = line_of(step->call, step->side);

	must(step, line_status(step->self, line, step->row->cause));
}

static void
released(struct call *call, uint64_t now)
{
	set_held(call, 0, now);
}

static void
accrue(struct call *call, uint64_t micro)
{
	call->charge_micro += micro;
}

static void
record(const struct call *call, struct call_record *record)
{
	record->hold_us = (uint64_t)call->hold_us;
	record->charge_micro = call->charge_micro;
}

static bool
has_its_charge(const struct call *call)
{
	return call->charge_micro == charge_worth(call) &&
	    (call->held == 0 || is_talk(call->state));
}

#endif
