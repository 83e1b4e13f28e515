/*
 * obstacle: what keeps a call from the number that it was given.
 *
 * It is looked for before anything is taken, in the order of the rows: what the
 * caller may not (T3), whether the gate lets it in (T48), whether there is
 * money for it (T54), then what the called line will not (T10, T13).  An
 * emergency call passes them all.  Of a call that a line has forwarded it is
 * that line which may or may not: it pays.  An obstacle is a negative errno in
 * step->seized, as one of port_seize() is.
 */
#ifndef CALLS_CALL_OBSTACLE_H
#define CALLS_CALL_OBSTACLE_H

#include "calls/call/machine.h"

enum obstacle {
	OBSTACLE_SUSPENDED = -EPERM, /* the calling line */
	OBSTACLE_BARRED = -EACCES,   /* to it, what it has dialled */
	OBSTACLE_GATE = -EAGAIN,     /* it is turned away */
	OBSTACLE_FORWARDED = -EXDEV, /* by the called line, always */
	OBSTACLE_CREDIT = -EDQUOT,   /* too little to begin with (T54) */
	OBSTACLE_BARRED_IN = -ENOTCONN
};

static int
obstacle_of_payer(const struct step *step, const char *digits, uint32_t payer)
{
	if (line_service(step->self, payer, SERVICE_suspended).is_on)
		return OBSTACLE_SUSPENDED;
	return line_bars(step->self, payer, digits) ? OBSTACLE_BARRED : 0;
}

static int
obstacle_at_gate(const struct step *step)
{
	int status = exchange_admit(
	    step->self, step->call->call, (enum line_class)step->number.class);

	return status == -EBUSY ? OBSTACLE_GATE : status;
}

static int
obstacle_of_called(const struct step *step, uint32_t called, uint32_t payer)
{
	if (release.can_pay != NULL && !release.can_pay(step, payer, called))
		return OBSTACLE_CREDIT;
	if (release.forwards_all != NULL && release.forwards_all(step, called))
		return OBSTACLE_FORWARDED;
	return line_service(step->self, called, SERVICE_bar_in).is_on
	    ? OBSTACLE_BARRED_IN
	    : 0;
}

/* 0: there is none.  `forwarder` has sent it on, or PORT_NONE. */
static int
obstacle_to(const struct step *step, const char *digits, uint32_t forwarder)
{
	const bool is_emergency = step->number.class == CLASS_emergency;
	const bool is_new = forwarder == PORT_NONE;
	const uint32_t payer = is_new ? port_of(step->call, SIDE_A) : forwarder;
	int obstacle =
	    is_emergency ? 0 : obstacle_of_payer(step, digits, payer);

	if (obstacle == 0 && is_new)
		obstacle = obstacle_at_gate(step);
	if (obstacle != 0 || is_emergency || step->number.line == LINE_NONE)
		return obstacle;
	return obstacle_of_called(step, step->number.line, payer);
}

static bool
caller_is_suspended(const struct step *step)
{
	return step->seized == OBSTACLE_SUSPENDED;
}

static bool
is_barred(const struct step *step)
{
	return step->seized == OBSTACLE_BARRED;
}

static bool
is_turned_away(const struct step *step)
{
	return step->seized == OBSTACLE_GATE;
}

static bool
is_barred_in(const struct step *step)
{
	return step->seized == OBSTACLE_BARRED_IN;
}

#endif
