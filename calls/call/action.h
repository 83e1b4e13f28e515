/*
 * action: what the actions of rows are made of.
 *
 * The one timer of a state, whose port stands on which side and what he hears,
 * a port given back, a charge.  Not here: the actions themselves, each beside
 * the rows that it belongs to, and how a call ends (ending.h).
 *
 * Invariants: arm() and disarm() alone touch `timer` and `serial`, save that a
 * timer which has expired is none any more (way.h); a side that is not there
 * hears nothing; what cannot be done for want of room ends the call (T39).
 */
#ifndef CALLS_CALL_ACTION_H
#define CALLS_CALL_ACTION_H

#include "calls/call/charge.h"

static uint64_t
stamp(const struct step *step)
{
	return process_now(step->self) + 1;
}

/* Without room for what must be done the call is given up (T39). */
static void
must(const struct step *step, int status)
{
	if (status != 0)
		process_exit(step->self,
		    (struct reason){
			.kind = REASON_ERROR, .number = (uint16_t)-status });
}

static void
disarm(const struct step *step)
{
	struct call *call = step->call;

	if (call->timer != TIMER_none)
		must(step,
		    process_stop_timer(
			step->self, (uint16_t)(call->timer - 1), call->serial));
	call->timer = TIMER_none;
}

/* The operator's name of a timer, 1 + enum office_timer, or 0: it has none. */
static const struct {
	uint64_t delay;
	uint8_t timer;
} settable[TIMERS] = {
#define SETTABLE(ours, its)                                                    \
	{                                                                      \
		DELAY_##ours, 1 + OFFICE_TIMER_##its                           \
	}
	[TIMER_Tdial] = SETTABLE(Tdial, Tdial),
	[TIMER_T302] = SETTABLE(T302, T302),
	[TIMER_T303] = SETTABLE(T303, T303),
	[TIMER_T310] = SETTABLE(T310, T310),
	[TIMER_T301] = SETTABLE(T301, T301),
	[TIMER_T306] = SETTABLE(T306, T305),
	[TIMER_Ttreat] = SETTABLE(Ttreat, Ttreat),
	[TIMER_T308] = SETTABLE(T308, T308),
	[TIMER_Tsusp] = SETTABLE(Tsusp, Tsusp),
	[TIMER_Trecall] = SETTABLE(Trecall, Trecall),
	[TIMER_Tcw] = SETTABLE(Tcw, Tcw),
	[TIMER_Tcfnr] = SETTABLE(Tcfnr, Tcfnr),
	[TIMER_Tpreempt] = SETTABLE(Tpreempt, Tpreempt),
#undef SETTABLE
};

/* That of the timer that has expired now, or 0: none has. */
static uint8_t
expired_timer(const struct step *step)
{
	const unsigned int timer = (unsigned int)step->input - ON_TIMER;

	return step->input < ON_TIMER || timer >= TIMERS
	    ? 0
	    : settable[timer].timer;
}

/*
 * As the operator has it, if he has said something; but what runs in its place
 * (ISUP-T7 in that of T303) is another timer, and after a number that may be
 * whole T302 is never longer.
 */
static uint64_t
delay_of(const struct step *step, enum call_timer timer, uint64_t delay)
{
	const bool is_short = timer == TIMER_T302 && delay == DELAY_T302_SHORT;
	uint64_t set;

	if (settable[timer].timer == 0 ||
	    (delay != settable[timer].delay && !is_short))
		return delay;
	set = exchange_timer(
	    step->self, (enum office_timer)(settable[timer].timer - 1));
	return set == 0 || (is_short && set > delay) ? delay : set;
}

/* Starts the one timer of a state, under a key that no older one has. */
static void
arm(const struct step *step, enum call_timer timer, uint64_t delay)
{
	struct call *call = step->call;

	disarm(step);
	call->timer = (uint8_t)timer;
	call->serial++;
	must(step,
	    process_start_timer(step->self, (uint16_t)(timer - 1), call->serial,
		delay_of(step, timer, delay)));
}

/* NOLINTBEGIN(bugprone-macro-parentheses): it names a variable */
#define FOR_EACH_SIDE(side)                                                    \
	for (const uint8_t *side = sides; side < sides + sizeof sides; side++)
/* NOLINTEND(bugprone-macro-parentheses) */

/* Its bit in `parties`, and in other fields that speak of all of them. */
static uint8_t
bit_of(enum side side)
{
	static const uint8_t bits[] = {
		[SIDE_A] = PARTY_A, [SIDE_B] = PARTY_B, [SIDE_C] = PARTY_C
	};

	return bits[side];
}

static bool
is_there(const struct call *call, enum side side)
{
	return (call->parties & bit_of(side)) != 0;
}

/* Whose port that is; SIDE_NONE if it is (no longer) the call's. */
static enum side
side_of(const struct call *call, uint32_t port)
{
	FOR_EACH_SIDE(side)
	if (port == port_of(call, *side) && is_there(call, *side))
		return *side;
	return SIDE_NONE;
}

/* The first of the others that are there, or SIDE_NONE. */
static enum side
peer_of(const struct call *call, enum side own)
{
	FOR_EACH_SIDE(side)
	if (*side != own && is_there(call, *side))
		return *side;
	return SIDE_NONE;
}

/* Its port is the call's from now on. */
static void
join(struct call *call, enum side side, uint32_t port)
{
	set_port(call, side, port);
	call->parties |= bit_of(side);
}

/* What that side hears from now on, if it is there. */
static void
hear(const struct step *step, enum side side, enum tone tone)
{
	struct call *call = step->call;

	if (!is_there(call, side))
		return;
	set_tone(call, side, tone);
	must(step, port_tone(step->self, port_of(call, side), tone));
}

/* What all hear who are there. */
static void
hear_all(const struct step *step, enum tone tone)
{
	FOR_EACH_SIDE(side)
	hear(step, *side, tone);
}

/* That side is not the call's any more; its port has gone elsewhere. */
static void
lose(struct call *call, enum side side)
{
	set_tone(call, side, TONE_none);
	call->parties &= ~bit_of(side) & 0xffU;
}

/* Gives the port of that side back, if it is there. */
static void
let_go_for(const struct step *step, enum side side, uint8_t cause)
{
	struct call *call = step->call;

	if (!is_there(call, side))
		return;
	must(step, port_release(step->self, port_of(call, side), cause));
	lose(call, side);
}

static void
let_go(const struct step *step, enum side side)
{
	const uint8_t cause = step->call->cause;

	let_go_for(step, side, cause != CAUSE_NONE ? cause : CAUSE_NORMAL);
}

static void
let_all_go(const struct step *step)
{
	FOR_EACH_SIDE(side)
	let_go(step, *side);
}

/* Charges what has gone by `now`; the call ends then, or goes on. */
static void
charge(struct call *call, uint64_t now, bool is_over)
{
	const uint64_t before = charge_worth(call);

	charge_until(call, now, is_over);
	if (release.money != NULL)
		*release.money(call) += charge_worth(call) - before;
}

#endif
