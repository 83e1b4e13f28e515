/*
 * forward: a line sends its calls on (T9 to T11, T19, T22, T63, T66).
 *
 * All of them, those that find it busy or that it refuses, or those that ring
 * in vain for Tcfnr, which runs beside T301 or Tcw.  The call goes to the
 * number of that service, and the line pays for what comes then, by a leg of
 * its own: who called it pays for the call to it, as if it had answered.
 *
 * No call is sent on more than five times, nor twice by one line: what it has
 * been through stands in its legs, which the exchange keeps.
 */
#ifndef CALLS_CALL_FORWARD_H
#define CALLS_CALL_FORWARD_H

#include "calls/call/recall.h"

enum { REDIRECTS_MAX = 5 }; /* ITU-T Q.732.2: up to 5, as the network wants */

/* As the schema's field `kind`: what 1.x does not know has a hand in it. */
enum { KIND_plain, KIND_served };

static uint8_t
kind_of(const struct call *call)
{
	return call->redirects != 0 || call->cfnr_serial != 0 ||
		call->waiting != 0
	    ? KIND_served
	    : KIND_plain;
}

static bool
forward_is_redirected(const struct call *call)
{
	return call->redirects != 0;
}

static bool
has_forwarded(const struct step *step, uint32_t line)
{
	const struct call *call = step->call;
	unsigned int number = 1, count = 1;
	struct leg_view leg;

	for (; number <= count; number++) {
		leg = leg_look(step->self, call->call, number);
		count = leg.count;
		if (leg.kind == LEG_forward && leg.payer == line)
			return true;
	}
	return false;
}

/* T9 */
static bool
may_forward(const struct step *step, uint32_t line)
{
	return step->call->redirects < REDIRECTS_MAX &&
	    !has_forwarded(step, line);
}

static bool
has_forwarding(const struct step *step, uint32_t line, enum service_kind kind)
{
	return !port_is_circuit(line) &&
	    line_service(step->self, line, kind).is_on;
}

static bool
forwards_all(const struct step *step, uint32_t line)
{
	return has_forwarding(step, line, SERVICE_cfu);
}

static bool
is_forwarded_too_often(const struct step *step)
{
	return step->seized == OBSTACLE_FORWARDED &&
	    !may_forward(step, step->number.line);
}

static bool
is_forwarded(const struct step *step)
{
	return step->seized == OBSTACLE_FORWARDED;
}

static bool
is_forwarded_on_busy(const struct step *step)
{
	const uint32_t line = step->number.line;

	return step->seized == -EBUSY && line != LINE_NONE &&
	    has_forwarding(step, line, SERVICE_cfb) && may_forward(step, line);
}

/* B's line, of a call that has come to it and that it may still send on. */
static bool
is_forwarded_by_called(const struct step *step, enum service_kind kind)
{
	const uint32_t line = port_of(step->call, SIDE_B);

	return !is_recalled(step) && has_forwarding(step, line, kind) &&
	    may_forward(step, line);
}

static bool
is_forwarded_as_busy(const struct step *step)
{
	return step->cause == CAUSE_BUSY &&
	    is_forwarded_by_called(step, SERVICE_cfb);
}

static bool
is_forwarded_as_refused(const struct step *step)
{
	return (step->cause == CAUSE_BUSY || step->cause == CAUSE_REJECTED) &&
	    is_forwarded_by_called(step, SERVICE_cfb);
}

static bool
is_forwarded_on_no_reply(const struct step *step)
{
	return is_forwarded_by_called(step, SERVICE_cfnr);
}

/*--------------------------------------------------------------------
 * Going on
 */

/* The line pays for all that comes of its number. */
static void
open_forward_leg(
    struct step *step, uint32_t line, const char *number, uint8_t reason)
{
	struct leg_opening opening = {
		.call = step->call->call,
		.payer = line,
		.port = step->seized == 0 ? step->port : step->number.line,
		.tariff = TARIFF_NONE,
		.kind = LEG_forward,
		.reason = reason,
	};
	int leg;

	memcpy(opening.called, number, sizeof opening.called);
	leg = leg_open(step->self, &opening);
	must(step, leg < 0 ? leg : 0);
}

static void
forward(struct step *step, uint32_t line, enum service_kind kind,
    enum redirect_reason reason)
{
	struct call *call = step->call;
	const struct service to = line_service(step->self, line, kind);

	disarm(step);
	if (call->leg == 0)
		call->leg = (uint8_t)open_leg(step, LEG_dialled,
		    port_of(call, SIDE_A), line, call->CALLED);
	call->redirects++;
	call->kind = KIND_served;
	call->setups = 0;
	find_way(step, to.number, line);
	open_forward_leg(step, line, to.number, (uint8_t)reason);
}

static void
forward_all(struct step *step)
{
	forward(step, step->number.line, SERVICE_cfu, REDIRECT_unconditional);
}

static void
forward_on_busy(struct step *step)
{
	forward(step, step->number.line, SERVICE_cfb, REDIRECT_busy);
}

static void
forward_refused(struct step *step)
{
	const uint32_t line = port_of(step->call, SIDE_B);

	let_go(step, SIDE_B);
	forward(step, line, SERVICE_cfb, REDIRECT_busy);
}

static void
forward_on_no_reply(struct step *step)
{
	const uint32_t line = port_of(step->call, SIDE_B);

	let_go(step, SIDE_B);
	forward(step, line, SERVICE_cfnr, REDIRECT_no_reply);
}

/*--------------------------------------------------------------------
 * Tcfnr
 */

static bool
has_no_reply_forwarding(const struct step *step)
{
	return has_forwarding(step, port_of(step->call, SIDE_B), SERVICE_cfnr);
}

/*
 * If B's line has it: for so long as that line says.  Before the timer of the
 * state is started, since the last key that was given is always that one's.
 */
static void
start_cfnr(const struct step *step)
{
	struct call *call = step->call;
	const struct service cfnr =
	    line_service(step->self, port_of(call, SIDE_B), SERVICE_cfnr);

	if (!cfnr.is_on)
		return;
	disarm(step);
	call->cfnr_serial = ++call->serial;
	call->kind = KIND_served;
	must(step,
	    process_start_timer(step->self, TIMER_Tcfnr - 1, call->cfnr_serial,
		cfnr.after_ms != 0 ? (uint64_t)cfnr.after_ms * 1000
				   : delay_of(step, TIMER_Tcfnr, DELAY_Tcfnr)));
}

static void
alert_for_a_while(struct step *step)
{
	start_cfnr(step);
	alert(step);
}

static void
stop_cfnr(const struct step *step)
{
	struct call *call = step->call;

	if (call->cfnr_serial != 0)
		must(step,
		    process_stop_timer(
			step->self, TIMER_Tcfnr - 1, call->cfnr_serial));
	call->cfnr_serial = 0;
}

static bool
has_cfnr_expired(struct call *call, enum call_timer timer, uint64_t key)
{
	if (timer != TIMER_Tcfnr || call->cfnr_serial == 0 ||
	    key != call->cfnr_serial)
		return false;
	call->cfnr_serial = 0;
	call->kind = kind_of(call);
	return true;
}

static bool
forwarding_is_sound(const struct call *call)
{
	return call->redirects <= REDIRECTS_MAX &&
	    call->kind == kind_of(call) &&
	    (call->cfnr_serial == 0 || call->state == STATE_alerting);
}

/* clang-format off */
/* Of ROUTE: before the rows of a line that cannot be had; T12 stands between. */
#define FORWARDING_IN_ROUTING                                                  \
ROW(T9, ON_ENTRY, NONE, is_forwarded_too_often, treat, treated, ROUTING_ERROR),\
ROW(T10, ON_ENTRY, NONE, is_forwarded, forward_all, routing, NONE),
#define FORWARDING_ON_BUSY                                                     \
ROW(T11, ON_ENTRY, NONE, is_forwarded_on_busy, forward_on_busy, routing, NONE),

/* Of PRESENT, before T17 and T19. */
#define FORWARDING_IN_PRESENTED                                                \
ROW(T17, SIGNAL_ALERTING, B, has_no_reply_forwarding, alert_for_a_while,       \
    alerting, NONE),                                                           \
ROW(T19, SIGNAL_REJECT, B, is_forwarded_as_busy, forward_refused, routing,     \
    NONE),                                                                     \
ROW(T19, ON_GONE, B, is_forwarded_as_busy, forward_refused, routing, NONE),

/* Of ALERT, before T63 and T66. */
#define FORWARDING_IN_ALERTING                                                 \
ROW(T22, ON(Tcfnr), NONE, is_forwarded_on_no_reply, forward_on_no_reply,       \
    routing, NONE),                                                            \
ROW(T22, ON(Tcfnr), NONE, NULL, NULL, alerting, NONE),                         \
ROW(T66, ON(Tcw), NONE, is_forwarded_on_no_reply, forward_on_no_reply,         \
    routing, NONE),                                                            \
ROW(T63, SIGNAL_REJECT, B, is_forwarded_as_refused, forward_refused, routing,  \
    NONE),                                                                     \
ROW(T63, ON_GONE, B, is_forwarded_as_refused, forward_refused, routing, NONE),
/* clang-format on */

#endif
