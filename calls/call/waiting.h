/*
 * waiting: a call to a line that talks already waits there (T12, T64 to T67).
 *
 * It is in ALERT, with `waiting` set and Tcw in place of T301; the subscriber
 * hears it while he talks on.  He may take it, and hold the other call; refuse
 * it; or go on-hook, and be rung by it.  The two calls share a line and nothing
 * else: they speak in signals of that line, and the exchange tells each what
 * the line does in the other one.
 */
#ifndef CALLS_CALL_WAITING_H
#define CALLS_CALL_WAITING_H

#include "calls/call/forward.h"

/* As the schema's field `waiting`. */
enum { WAITING_none, WAITING_waits, WAITING_rings };

/*
 * The line is busy, in one call, in which it talks, and its subscriber will be
 * told.  The second place is this call's then, at once.
 */
static bool
wins_second_place(const struct step *step)
{
	return step->seized == -EBUSY &&
	    line_service(step->self, step->number.line, SERVICE_call_waiting)
		.is_on &&
	    line_seize_second(step->self, step->number.line) == 0;
}

static void
wait(struct step *step)
{
	struct call *call = step->call;

	take_called(step);
	must(step,
	    port_setup(
		step->self, port_of(call, SIDE_B), port_of(call, SIDE_A)));
	call->waiting = WAITING_waits;
	call->kind = KIND_served;
	if (call->t_alert == 0)
		call->t_alert = stamp(step);
	hear(step, SIDE_A, TONE_ringback);
	hear(step, SIDE_B, TONE_waiting);
	start_cfnr(step);
	arm(step, TIMER_Tcw, DELAY_Tcw);
}

static bool
is_waiting(const struct step *step)
{
	return step->call->waiting == WAITING_waits;
}

/* It has waited, and rings now: its terminal says so once more. */
static bool
rings_at_last(const struct step *step)
{
	return step->call->waiting == WAITING_rings;
}

/* The other call is held; one that is over already is left. */
static void
take_waiting(struct step *step)
{
	const struct other_call other = other_call_of(step);

	if (other.number != 0)
		tell_other(step, &other,
		    other.stage == OTHER_ACTIVE ? SIGNAL_HOLD : SIGNAL_ONHOOK);
	must(step, line_talk(step->self, port_of(step->call, SIDE_B)));
	connect(step);
}

static void
ring_at_last(struct step *step)
{
	step->call->waiting = WAITING_rings;
	hear(step, SIDE_B, TONE_none);
	must(step,
	    port_setup(step->self, port_of(step->call, SIDE_B),
		port_of(step->call, SIDE_A)));
	arm(step, TIMER_T301, DELAY_T301);
}

/*--------------------------------------------------------------------
 * From one call to the other
 */

static bool
has_held_call(const struct step *step)
{
	const struct other_call other = other_call_of(step);

	return other.number != 0 && other.is_held;
}

static void
swap_calls(struct step *step)
{
	const struct other_call other = other_call_of(step);

	if (holds_not(step))
		hold(step);
	tell_other(step, &other, SIGNAL_RETRIEVE);
}

/*--------------------------------------------------------------------
 * The state
 */

static void
leave_alerting(const struct step *step)
{
	stop_cfnr(step);
	step->call->waiting = WAITING_none;
	step->call->kind = kind_of(step->call);
}

/* It waits as long as Tcw says so, and only then hears B what waits. */
static bool
waiting_is_sound(const struct call *call)
{
	return (call->waiting == WAITING_waits) == (call->timer == TIMER_Tcw) &&
	    (call->waiting == WAITING_none || call->state == STATE_alerting);
}

/* clang-format off */
/* Of ROUTE, before T11. */
#define WAITING_IN_ROUTING                                                     \
ROW(T12, ON_ENTRY, NONE, wins_second_place, wait, alerting, NONE),

/* Of ALERT, before T21. */
#define WAITING_IN_ALERTING                                                    \
ROW(T64, SIGNAL_ANSWER, B, is_waiting, take_waiting, active, NONE),            \
ROW(T64, SIGNAL_FLASH, B, is_waiting, take_waiting, active, NONE),             \
ROW(T65, SIGNAL_LEFT, B, is_waiting, ring_at_last, alerting, NONE),            \
ROW(T65, SIGNAL_ALERTING, B, rings_at_last, NULL, alerting, NONE),             \
ROW(T66, ON(Tcw), NONE, NULL, treat, treated, NO_ANSWER),

/* Of ACTIVE; 3.0 calls it held as soon as somebody holds. */
#define SWAPPING_ROWS(held_state)                                              \
ROW(T67, SIGNAL_SWAP, NONE, has_held_call, swap_calls, held_state, NONE),      \
ROW(T67, SIGNAL_FLASH, NONE, has_held_call, swap_calls, held_state, NONE)
/* clang-format on */

#endif
