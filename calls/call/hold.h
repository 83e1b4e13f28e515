/*
 * hold: what 2.0 added to a call, as every release since has it.
 *
 * Either side holds the other and takes it back (T26, T27).  One that has hung
 * up may lift the handset again, where the called line's control is not with
 * the first who clears (T80 to T82).  And the charge is money, to which each
 * pulse adds its price.
 */
#ifndef CALLS_CALL_HOLD_H
#define CALLS_CALL_HOLD_H

#include "calls/call/preemption.h"

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

/* The exchange knows of it too, for the sake of a line with two calls. */
static void
tell_held(const struct step *step, bool is_held)
{
	const uint32_t port = port_of(step->call, step->side);

	if (!port_is_circuit(port))
		must(step, line_hold(step->self, port, is_held));
}

static void
hold(struct step *step)
{
	set_held(
	    step->call, step->call->held | bit_of(step->side), stamp(step));
	tell_held(step, true);
	hear(step, peer_of(step->call, step->side), TONE_hold);
}

/* The other call of who has two; number 0: he has one. */
static struct other_call
other_call_of(const struct step *step)
{
	const struct other_call none = { .pid = PID_NONE };
	const uint32_t port = port_of(step->call, step->side);

	return port_is_circuit(port) ? none : line_other_call(step->self, port);
}

/* He holds here, and does not talk in another call either. */
static bool
may_retrieve(const struct step *step)
{
	struct other_call other;

	if (!holds(step))
		return false;
	other = other_call_of(step);
	return other.number == 0 || other.is_held ||
	    other.stage != OTHER_ACTIVE;
}

static void
retrieve(struct step *step)
{
	set_held(step->call, step->call->held & ~bit_of(step->side) & 0xffU,
	    stamp(step));
	tell_held(step, false);
	if (other_call_of(step).number != 0)
		must(step,
		    line_talk(step->self, port_of(step->call, step->side)));
	hear(step, peer_of(step->call, step->side), TONE_speech);
}

/* What the line itself would say to its other call. */
static void
tell_other(const struct step *step, const struct other_call *other,
    enum signal_kind kind)
{
	const struct signal signal = { .call = other->number,
		.port = port_of(step->call, step->side),
		.cause = CAUSE_NORMAL };

	if (!pid_is_none(other->pid))
		must(step,
		    process_send(step->self, other->pid, (uint16_t)kind,
			&signal, sizeof signal));
}

static void
refuse(struct step *step)
{
	const uint32_t port = port_of(step->call, step->side);

	must(step, port_status(step->self, port, step->row->cause));
}

static void
released(struct call *call, uint64_t now)
{
	set_held(call, 0, now);
}

static uint64_t *
money(struct call *call)
{
	return &call->charge_micro;
}

static void
record(const struct call *call, struct call_record *record)
{
	record->hold_us = (uint64_t)call->hold_us;
}

/*--------------------------------------------------------------------
 * Suspension
 */

/* A handset, which he may lift again: not a far end, nor a line that failed. */
static bool
has_hung_up(const struct step *step)
{
	const uint32_t port = port_of(step->call, step->side);

	return step->cause != CAUSE_OUT_OF_ORDER && !port_is_circuit(port) &&
	    !port_look(step->self, port).is_isdn;
}

/* The control of the called line says whose on-hook does not end the call. */
static bool
may_come_back(const struct step *step)
{
	const struct port_view called =
	    port_look(step->self, port_of(step->call, SIDE_B));

	return called.control ==
	    (step->side == SIDE_B ? CONTROL_CALLING : CONTROL_CALLED) &&
	    has_hung_up(step);
}

static void
suspend(struct step *step)
{
	struct call *call = step->call;

	call->suspender = step->side;
	call->t_suspend = stamp(step);
	hear_all(step, TONE_none);
	tell(step, peer_of(call, step->side), SIGNAL_SUSPEND, CAUSE_NONE);
	if (step->side == SIDE_B)
		arm(step, TIMER_Tsusp, DELAY_Tsusp);
}

static bool
is_suspender(const struct step *step)
{
	return step->side == step->call->suspender;
}

static void
resume(struct step *step)
{
	struct call *call = step->call;

	disarm(step);
	tell(step, peer_of(call, step->side), SIGNAL_RESUME, CAUSE_NONE);
	call->suspender = SIDE_NONE;
	call->t_suspend = 0;
	FOR_EACH_SIDE(side)
	hear(step, *side,
	    (call->held & ~bit_of(*side)) != 0 ? TONE_hold : TONE_speech);
}

/* The other has had enough. */
static void
give_up(struct step *step)
{
	conclude(step, LOCAL_NONE, step->side);
}

/* Nobody comes back: it was over when the handset was put down. */
static void
expire(struct step *step)
{
	step->cause = CAUSE_NONE; /* of a line that has failed since */
	step->at = step->call->t_suspend;
	conclude(step, LOCAL_NONE, step->call->suspender);
}

static void
clear_suspended(struct step *step)
{
	let_go(step, step->call->suspender);
	clear(step);
}

/* T57, here. */
static void
lose_circuit_suspended(struct step *step)
{
	let_go(step, (enum side)step->call->suspender);
	lose_circuit(step);
}

static bool
is_away(const struct call *call, enum side side)
{
	return call->state == STATE_suspended && call->suspender == side;
}

/* clang-format off */
/* Before T37. */
#define SUSPENDING_ROWS                                                        \
ROW(T80, ON_GONE, NONE, may_come_back, suspend, suspended, NONE)

/* After T81. */
#define SUSPENDED_ROWS                                                         \
ROW(T82, ON_GONE, NONE, is_suspender, expire, releasing, NORMAL),              \
ROW(T82, ON_GONE, NONE, NULL, give_up, releasing, NORMAL),                     \
ROW(T82, ON(Tsusp), NONE, NULL, expire, releasing, NORMAL),                    \
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear_suspended, clearing, UNSPECIFIED)
/* clang-format on */

/*--------------------------------------------------------------------
 * The state
 */

static bool
services_are_sound(const struct call *call)
{
	const bool is_suspended = call->state == STATE_suspended;

	if (is_suspended &&
	    (call->suspender == SIDE_NONE || call->suspender > SIDE_B ||
		call->t_suspend == 0))
		return false;
	return call->charge_micro == charge_worth(call) &&
	    (call->held == 0 || is_talk(call->state) || is_suspended);
}

#endif
