/*
 * resync: an event has faulted and is gone; its fact may not be (T89).
 *
 * The call asks what is so: of each port, of the other call, of who has
 * claimed it; and takes as an input what it finds and has not heard of.  Not
 * here: how a fault is contained, which no call knows (switch/fault.c).
 *
 * Invariant: where the call and the exchange agree, asking changes nothing.
 */
#ifndef CALLS_CALL_RESYNC_H
#define CALLS_CALL_RESYNC_H

#include "calls/call/way.h"

/* What the state of a circuit stands for, whose far end may have gone. */
static uint8_t
missed_of_circuit(
    const struct call *call, enum side side, const struct port_view *view)
{
	if ((view->circuit & CIRCUIT_GONE) != 0)
		return call->state == STATE_releasing ? SIGNAL_RELEASE_COMPLETE
						      : ON_GONE;
	if (side != SIDE_B || !is_ringing(call->state))
		return 0;
	if (view->is_offhook)
		return SIGNAL_ANSWER;
	return view->is_ringing && call->state == STATE_presented
	    ? SIGNAL_ALERTING
	    : 0;
}

/* Likewise of a line that is called, and has not answered in this call. */
static uint8_t
missed_of_called(const struct call *call, const struct port_view *view)
{
	if (view->waits)
		return view->is_offhook ? 0 : SIGNAL_LEFT;
	if (view->is_offhook)
		return SIGNAL_ANSWER;
	if (!view->is_called)
		return SIGNAL_REJECT;
	return view->is_ringing &&
		(call->timer == TIMER_T303 || call->timer == TIMER_T310)
	    ? SIGNAL_ALERTING
	    : 0;
}

/* The signal that the line's state stands for, where it is not the call's. */
static uint8_t
missed(const struct call *call, enum side side, const struct port_view *view)
{
	if (release.is_away != NULL && release.is_away(call, side))
		return view->is_offhook ? SIGNAL_OFFHOOK : 0;
	if (call->state == STATE_releasing) /* an ISDN line is awaited there */
		return view->is_offhook || view->is_called
		    ? 0
		    : SIGNAL_RELEASE_COMPLETE;
	if (side == SIDE_B && is_ringing(call->state))
		return missed_of_called(call, view);
	return view->is_offhook ? 0 : ON_GONE;
}

static void
resynchronise_side(struct step *step, enum side side)
{
	const struct call *call = step->call;
	struct port_view view;

	if (!is_there(call, side))
		return;
	view = port_look(step->self, port_of(call, side));
	step->input = view.circuit != 0 ? missed_of_circuit(call, side, &view)
					: missed(call, side, &view);
	step->side = (uint8_t)side;
	step->cause = view.cause;
	step->has_failed = (view.circuit & CIRCUIT_DOWN) != 0;
	if (step->input != 0)
		run(step);
}

/*
 * All facts: of each port, of the other call (T31), who has claimed this one
 * (T25), and that a timer has ended, if it was its event that faulted.
 */
static void
resynchronise(struct step *step)
{
	static const uint8_t others[] = { ON_DOWN, SIGNAL_PICKUP };
	const struct event_faulted *faulted = step->faulted;
	struct event_timeout timeout;
	unsigned int i;

	FOR_EACH_SIDE(side)
	resynchronise_side(step, *side);
	step->has_failed = false;
	for (i = 0; i < sizeof others; i++) {
		step->input = others[i];
		step->side = SIDE_NONE;
		step->cause = CAUSE_NONE;
		run(step);
	}
	if (faulted == NULL || faulted->kind != EVENT_TIMEOUT)
		return;
	memcpy(&timeout, faulted->first, sizeof timeout);
	step->side = SIDE_NONE;
	step->cause = CAUSE_NONE;
	take_timeout(step, &timeout);
}

#endif
