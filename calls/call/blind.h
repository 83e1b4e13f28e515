/*
 * blind: one side leaves the other to a number that it does not ask itself.
 *
 * Who is left hears ringback and is A; the way to the number is looked for in
 * ROUTE, as for any call, but barred or not by who has left, who pays for it;
 * and when there is one the call is in XFER.  When there is none who is left
 * hears why (T35): who has left is no idle line yet, that could be rung.
 */
#ifndef CALLS_CALL_BLIND_H
#define CALLS_CALL_BLIND_H

#include "calls/call/forward.h"
#include "calls/call/transfer.h"

static bool
may_leave_to_number(const struct step *step)
{
	const struct call *call = step->call;
	const uint32_t line = port_of(call, step->side);

	return !port_is_circuit(line) && has_one_call(step) &&
	    line_service(step->self, line, SERVICE_transfer).is_on &&
	    is_allowed_to_dial(step);
}

/* Who has left pays, also for what comes of the number by forwarding. */
static void
open_transfer_leg(const struct step *step, uint32_t payer)
{
	(void)open_leg(step, LEG_transfer, payer,
	    step->seized == 0 ? step->port : step->number.line,
	    step->signal->digits);
}

static void
leave_to_number(struct step *step)
{
	struct call *call = step->call;
	const enum side side = (enum side)step->side;
	const uint32_t line = port_of(call, side);

	let_go(step, side);
	clear_holds(step);
	if (side == SIDE_A)
		move(call, SIDE_B, SIDE_A);
	set_port(call, SIDE_B, line); /* where nobody is, as yet */
	set_port(call, SIDE_C, line);
	call->setups = 0;
	hear(step, SIDE_A, TONE_ringback);
	find_way(step, step->signal->digits, line);
	open_transfer_leg(step, line);
}

/* Who has left stands as C, where nobody is: see transfer.h. */
static bool
is_left(const struct step *step)
{
	return has_left(step->call);
}

static bool
is_left_to_somebody(const struct step *step)
{
	return is_left(step) && step->seized == 0 &&
	    (step->number.line != LINE_NONE ||
		step->number.route != ROUTE_NONE);
}

static bool
is_left_to_busy_who_forwards(const struct step *step)
{
	return is_left(step) && is_forwarded_on_busy(step);
}

/* Who talks is told of new calls, and this one was answered long ago (T12). */
static bool
is_left_to_busy(const struct step *step)
{
	return is_left(step) && is_busy(step);
}

static void
present_target(struct step *step)
{
	struct call *call = step->call;

	if (!port_is_circuit(step->port))
		call->route_attempts++; /* a circuit was counted when tried */
	join(call, SIDE_B, step->port);
	set_up(step);
}

/* clang-format off */
/* Of a call that two talk in, and of one in which somebody holds. */
#define BLIND_ROWS                                                             \
ROW(T33, SIGNAL_BLIND, NONE, may_leave_to_number, leave_to_number, routing,    \
    NONE),                                                                     \
ROW(T33, SIGNAL_BLIND, NONE, NULL, refuse, same, FACILITY_REJECTED)

/* Of ROUTE, before all others. */
#define BLIND_IN_ROUTING                                                       \
ROW(T33, ON_ENTRY, NONE, is_left_to_somebody, present_target, transferring,    \
    NONE),                                                                     \
ROW(T11, ON_ENTRY, NONE, is_left_to_busy_who_forwards, forward_on_busy,        \
    routing, NONE),                                                            \
ROW(T35, ON_ENTRY, NONE, is_left_to_busy, treat, treated, BUSY),
/* clang-format on */

#endif
