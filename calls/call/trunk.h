/*
 * trunk: what a call does about circuits, and the exchanges at their far ends.
 *
 * A number that no line has is tried at the targets of its route, one after
 * another, as long as they cannot carry the call; and a circuit is given back
 * with RELEASE: in the middle of a call it is free at once, at its end when
 * the far end has said RELEASE COMPLETE, or has said nothing for too long; as
 * an ISDN line is, whose terminal is told nothing else.
 */
#ifndef CALLS_CALL_TRUNK_H
#define CALLS_CALL_TRUNK_H

#include "calls/call/obstacle.h"

/* So often is RELEASE sent before the circuit is out of service. */
enum {
	RELEASES_ISDN = 2, /* Q.931, T308 */
	RELEASES_SS7 = 10  /* Q.764: each ISUP-T1, until ISUP-T5, 5 min */
};

static bool
is_trunk(const struct call *call, enum side side)
{
	return is_there(call, side) && port_is_circuit(port_of(call, side));
}

static bool
is_redirected(const struct call *call)
{
	return release.is_redirected != NULL && release.is_redirected(call);
}

static bool
is_ss7(const struct step *step, enum side side)
{
	return is_trunk(step->call, side) &&
	    (port_look(step->self, port_of(step->call, side)).circuit &
		CIRCUIT_SS7) != 0;
}

/* A signal to who is at that side; a line has tones, and hears it not. */
static void
tell(const struct step *step, enum side side, enum signal_kind kind,
    uint8_t cause)
{
	if (is_trunk(step->call, side))
		must(step,
		    port_send(step->self, port_of(step->call, side),
			(uint16_t)kind, cause));
}

/*--------------------------------------------------------------------
 * The targets of a route
 */

/*
 * What a trunk costs is known when one is seized.  `payer` is PORT_NONE of a
 * call that was sent on before: what it costs is reserved with its leg.
 */
static bool
is_too_dear(const struct step *step, uint32_t payer)
{
	return release.can_pay != NULL && payer != PORT_NONE &&
	    step->number.class != CLASS_emergency &&
	    !release.can_pay(step, payer, step->port);
}

/* The next one; `dialled` as route_seize() has it. */
static void
try_target(struct step *step, const char *dialled, uint32_t payer)
{
	struct call *call = step->call;
	const struct seizure seizure = route_seize(step->self, call->route,
	    call->tried, port_of(call, SIDE_A), dialled);

	call->target = (uint16_t)(seizure.tried & ~call->tried);
	call->tried = seizure.tried;
	step->seized = seizure.status;
	step->port = seizure.port;
	step->goes_on = seizure.goes_on != 0;
	if (seizure.status == 0 || seizure.status == -EXFULL)
		call->route_attempts++;
	if (step->seized == 0 && is_too_dear(step, payer)) {
		must(step, port_free(step->self, step->port));
		step->seized = OBSTACLE_CREDIT;
	}
}

/* The line that the number is of, or the first target of its route. */
static void
seek(struct step *step, const char *dialled, uint32_t payer)
{
	struct call *call = step->call;

	call->route = step->number.route;
	call->tried = 0;
	if (step->number.line != LINE_NONE) {
		step->port = step->number.line;
		step->seized = port_seize(step->self, step->port, false);
	} else if (call->route != ROUTE_NONE) {
		try_target(step, dialled, payer);
	}
}

static bool
is_announced(const struct step *step)
{
	return step->seized == -ENOLINK && step->call->route_attempts == 0;
}

static bool
is_full_and_goes_on(const struct step *step)
{
	return step->seized == -EXFULL && step->goes_on;
}

static bool
is_full(const struct step *step)
{
	return step->seized == -EXFULL || step->seized == -ENOENT ||
	    step->seized == -ENOLINK;
}

static void
try_next(struct step *step)
{
	const struct call *call = step->call;

	try_target(
	    step, "", is_redirected(call) ? PORT_NONE : port_of(call, SIDE_A));
}

/* Causes that say of a route, and not of the called one, that it fails. */
static bool
is_of_route(uint8_t cause)
{
	return cause == CAUSE_NO_CIRCUIT ||
	    cause == CAUSE_NETWORK_OUT_OF_ORDER ||
	    cause == CAUSE_TEMPORARY_FAILURE ||
	    cause == CAUSE_SWITCH_CONGESTION ||
	    cause == CAUSE_CIRCUIT_NOT_AVAILABLE ||
	    cause == CAUSE_RESOURCE_UNAVAILABLE;
}

static bool
has_another_route(const struct step *step)
{
	const struct call *call = step->call;

	return is_trunk(call, SIDE_B) &&
	    route_goes_on(step->self, call->route, call->tried);
}

static bool
may_crank_back(const struct step *step)
{
	return is_of_route(step->cause) && has_another_route(step);
}

/* This path is given up, and the next one is looked for. */
static void
leave_path(struct step *step, uint8_t cause)
{
	struct call *call = step->call;

	disarm(step);
	if (!is_redirected(call)) /* its leg is for all ways of that number */
		close_leg(step, call->leg, stamp(step), cause);
	call->setups = 0;
	step->number = TRANSLATION_NOWHERE;
	step->number.verdict = TRANSLATION_COMPLETE;
	step->number.route = call->route;
	try_next(step);
}

static void
crank_back(struct step *step)
{
	let_go(step, SIDE_B);
	leave_path(step, step->cause);
}

/*
 * The far end has not answered in time: it hears that a timer has expired, and
 * all others that nobody has responded (Q.931, 5.2.4).
 */
static void
try_on(struct step *step)
{
	tell(step, SIDE_B, SIGNAL_RELEASE, CAUSE_TIMER_RECOVERY);
	let_go_for(step, SIDE_B, CAUSE_NO_RESPONSE);
	leave_path(step, CAUSE_NO_RESPONSE);
}

/*--------------------------------------------------------------------
 * Dual seizure
 */

static bool
far_end_controls(const struct step *step)
{
	return (port_look(step->self, port_of(step->call, SIDE_B)).circuit &
		   CIRCUIT_OURS) == 0;
}

/* The circuit is the other call's; its group may have others. */
static void
yield(struct step *step)
{
	struct call *call = step->call;

	must(step, circuit_yield(step->self, port_of(call, SIDE_B)));
	set_tone(call, SIDE_B, TONE_none);
	call->parties &= ~(unsigned int)PARTY_B & 0xffU;
	call->tried &= (uint16_t)~call->target;
	leave_path(step, CAUSE_CIRCUIT_NOT_AVAILABLE);
}

/*--------------------------------------------------------------------
 * Towards the answer
 */

/* What comes from the called side is heard, before there is an answer. */
static void
cut_through(struct step *step)
{
	hear(step, SIDE_A, TONE_speech);
	tell(step, SIDE_A, SIGNAL_PROGRESS, CAUSE_NONE);
	arm(step, TIMER_T301, DELAY_T301);
}

static bool
is_cut_through(const struct call *call)
{
	return call->state == STATE_presented && call->timer == TIMER_T301;
}

/* They were waited for by the office, and have come (exchange/register.h). */
static bool
was_heard(const struct step *step)
{
	return step->signal != NULL &&
	    step->signal->cause == CAUSE_TIMER_RECOVERY;
}

/* More digits follow (T47). */
static bool
is_incomplete(const struct step *step)
{
	return step->call->CALLED[0] == '\0';
}

static void
await_overlap(struct step *step)
{
	if (!was_heard(step))
		tell(step, SIDE_A, SIGNAL_SETUP_ACK, CAUSE_NONE);
	arm(step, TIMER_T302, DELAY_T302);
}

/*--------------------------------------------------------------------
 * The end
 */

/* Whoever is still there hears that it is over. */
static void
disconnect_all(struct step *step)
{
	hear_all(step, TONE_disconnect);
	FOR_EACH_SIDE(side)
	tell(step, *side, SIGNAL_DISCONNECT, step->call->cause);
}

/*
 * Whether it has still to say that it has cleared: the far end of a circuit, or
 * an ISDN terminal.
 */
static bool
is_awaited(const struct step *step, enum side side)
{
	struct port_view view;

	if (!is_there(step->call, side))
		return false;
	view = port_look(step->self, port_of(step->call, side));
	return view.circuit != 0
	    ? (view.circuit & CIRCUIT_GONE) == 0
	    : view.is_isdn && (view.is_offhook || view.is_called);
}

static bool
awaits_none(const struct step *step)
{
	FOR_EACH_SIDE(side)
	if (is_awaited(step, *side))
		return false;
	return true;
}

static bool
has_ss7(const struct step *step)
{
	FOR_EACH_SIDE(side)
	if (is_ss7(step, *side))
		return true;
	return false;
}

static void
send_release(struct step *step)
{
	struct call *call = step->call;

	FOR_EACH_SIDE(side)
	if (is_there(call, *side))
		must(step,
		    port_send(step->self, port_of(call, *side), SIGNAL_RELEASE,
			call->cause));
	call->releases++;
	arm(step, TIMER_T308, has_ss7(step) ? DELAY_ISUP_T1 : DELAY_T308);
}

/* Analog lines go at once, as does who has cleared already. */
static void
release_sides(struct step *step)
{
	disarm(step);
	FOR_EACH_SIDE(side)
	if (!is_awaited(step, *side))
		let_go(step, *side);
	else
		hear(step, *side, TONE_none);
	send_release(step);
}

static bool
may_release_again(const struct step *step)
{
	return step->call->releases <
	    (has_ss7(step) ? RELEASES_SS7 : RELEASES_ISDN);
}

/* Who has said nothing is not to be had any more. */
static void
withdraw_all(struct step *step)
{
	FOR_EACH_SIDE(side)
	if (is_there(step->call, *side))
		must(step,
		    port_withdraw(step->self, port_of(step->call, *side)));
}

#endif
