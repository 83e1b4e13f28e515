/*
 * soundness: whether a state of a call is sound, and a table of rows whole.
 *
 * call_check() judges states that come out of an event or a conversion, by the
 * invariants of machine.h; call_self_test() judges the release itself, before
 * a call runs on it: whatever must come in a state has a row there.  Neither
 * changes anything, and neither knows what the operator or the office has.
 */
#ifndef CALLS_CALL_SOUNDNESS_H
#define CALLS_CALL_SOUNDNESS_H

#include "calls/call/charge.h"
#include "calls/call/way.h"

static bool
has_its_parties(const struct call *call)
{
	FOR_EACH_SIDE(side)
	if (tone_of(call, *side) >= TONES_COUNT ||
	    (tone_of(call, *side) != TONE_none && !is_there(call, *side)))
		return false;
	if (call->state == STATE_ended)
		return call->parties == 0;
	if (call->state == STATE_clearing || call->state == STATE_releasing)
		return call->parties != 0 && call->t_release != 0;
	return call->parties == release.states[call->state].parties;
}

/* One that can run in the state, if it is one that waits for something. */
static bool
has_its_timer(const struct call *call)
{
	if (call->timer == TIMER_none)
		return is_talk(call->state) || call->state == STATE_suspended ||
		    call->state == STATE_ended;
	return call->timer < TIMERS &&
	    (release.states[call->state].timers & 1U << call->timer) != 0;
}

static bool
call_check(const void *state)
{
	const struct call *call = state;

	if (call->state >= STATES || !rests(call) ||
	    (release.states[call->state].count == 0 &&
		call->state != STATE_ended) ||
	    !has_its_timer(call) || !has_its_parties(call) ||
	    !charge_is_sound(call))
		return false;
	return release.check == NULL || release.check(call);
}

/* Whether the state has a row for it whatever the guards say. */
static bool
has_row(enum call_state state, uint8_t input, enum side side)
{
	const struct state_table *table = &release.states[state];
	const struct row *row = table->rows, *end = row + table->count;

	for (; row < end; row++)
		if (row->input == input && row->guard == NULL &&
		    (row->side == SIDE_NONE || row->side == side))
			return true;
	return false;
}

/* Whether whatever must come in a state that calls rest in has a row. */
static bool
has_ways_on(enum call_state state)
{
	const struct state_table *table = &release.states[state];
	unsigned int timer;

	FOR_EACH_SIDE(side)
	if ((table->parties & bit_of(*side)) != 0 &&
	    !has_row(state, ON_GONE, *side))
		return false;
	for (timer = TIMER_none + 1; timer < TIMERS; timer++)
		if ((table->timers & 1U << timer) != 0 &&
		    !has_row(state, (uint8_t)(ON_TIMER + timer), SIDE_NONE))
			return false;
	return state == STATE_clearing || transits(state) ||
	    has_row(state, SIGNAL_CLEAR, SIDE_NONE);
}

/* In one that is passed through, calls rest only if a timer can run in it. */
static bool
has_a_way_through(enum call_state state)
{
	if (!transits(state))
		return has_ways_on(state);
	return has_row(state, ON_ENTRY, SIDE_NONE) &&
	    (release.states[state].timers == 0 || has_ways_on(state));
}

/* The table has a way on for whatever must come in each state. */
static int
call_self_test(void)
{
	enum call_state state;
	bool is_whole = true;

	for (state = STATE_collecting; state < STATES; state++)
		if (release.states[state].count != 0)
			is_whole = is_whole && has_a_way_through(state);
	return is_whole ? 0 : -1;
}

#endif
