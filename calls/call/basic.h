/*
 * basic: what is done in a two-party call, as every release of `call` has it.
 *
 * When and in which state stands in basic_rows.h.
 */
#ifndef CALLS_CALL_BASIC_H
#define CALLS_CALL_BASIC_H

#include "calls/call/trunk.h"

/* What the caller hears of a call that cannot be. */
static enum tone
tone_for(uint8_t cause)
{
	switch (cause) {
	case CAUSE_BUSY:
		return TONE_busy;
	case CAUSE_NO_RESPONSE:
	case CAUSE_NO_ANSWER:
		return TONE_no_answer;
	case CAUSE_INVALID_FORMAT:
	case CAUSE_FACILITY_REJECTED:
	case CAUSE_NOT_SUBSCRIBED:
		return TONE_reorder;
	case CAUSE_NO_CIRCUIT:
	case CAUSE_NETWORK_OUT_OF_ORDER:
	case CAUSE_TEMPORARY_FAILURE:
	case CAUSE_CIRCUIT_NOT_AVAILABLE:
	case CAUSE_RESOURCE_UNAVAILABLE:
	case CAUSE_SWITCH_CONGESTION:
		return TONE_congestion;
	default:
		return TONE_announcement;
	}
}

/*--------------------------------------------------------------------
 * Collecting a number
 */

/* What the line dials when it is lifted, or when its subscriber does not. */
static bool
has_preset(const struct step *step, enum service_kind kind)
{
	return line_service(step->self, port_of(step->call, SIDE_A), kind)
	    .is_on;
}

static bool
is_hot(const struct step *step)
{
	return has_preset(step, SERVICE_hot);
}

static bool
is_warm(const struct step *step)
{
	return has_preset(step, SERVICE_warm);
}

static void
give_dial_tone(struct step *step)
{
	hear(step, SIDE_A, TONE_dial);
	arm(step, TIMER_Tdial, DELAY_Tdial);
}

static bool
begins_no_number(const struct step *step)
{
	return step->number.verdict == TRANSLATION_NONE ||
	    (step->number.verdict == TRANSLATION_PARTIAL && step->digit == '#');
}

/* One that leads in a circle is whole: T9 is for it. */
static bool
ends_a_number(const struct step *step)
{
	return step->number.verdict == TRANSLATION_COMPLETE ||
	    step->number.verdict == TRANSLATION_LOOP ||
	    (step->number.verdict == TRANSLATION_EITHER && step->digit == '#');
}

static bool
may_end_here(const struct step *step)
{
	return step->number.verdict == TRANSLATION_EITHER;
}

static void
await_digit(struct step *step)
{
	hear(step, SIDE_A, TONE_none);
	arm(step, TIMER_T302, DELAY_T302);
}

static void
await_pause(struct step *step)
{
	hear(step, SIDE_A, TONE_none);
	arm(step, TIMER_T302, DELAY_T302_SHORT);
}

static bool
is_a_number(const struct step *step)
{
	const struct translation number =
	    exchange_translate(step->self, step->call->CALLED);

	return number.line != LINE_NONE || number.route != ROUTE_NONE;
}

/*--------------------------------------------------------------------
 * Routing
 */

/*
 * Whom do these digits mean, and is there a way?  It is taken at once, unless
 * something stands in it: step->seized then says what.  Who sends a call on
 * pays for the way that he is given, so all targets are tried here (T14).
 */
static void
find_way(struct step *step, const char *digits, uint32_t forwarder)
{
	step->number = exchange_translate(step->self, digits);
	step->seized = obstacle_to(step, digits, forwarder);
	if (step->seized != 0)
		return;
	seek(step, digits,
	    forwarder != PORT_NONE ? forwarder : port_of(step->call, SIDE_A));
	while (forwarder != PORT_NONE && is_full_and_goes_on(step))
		try_target(step, "", forwarder);
}

/* The number is whole. */
static void
dialled(struct step *step)
{
	disarm(step);
	hear(step, SIDE_A, TONE_none);
	step->call->t_dialled = stamp(step);
	tell(step, SIDE_A, SIGNAL_PROCEEDING, CAUSE_NONE);
	find_way(step, step->call->CALLED, PORT_NONE);
}

static void
dial_preset(struct step *step, enum service_kind kind)
{
	struct call *call = step->call;
	const struct service preset =
	    line_service(step->self, port_of(call, SIDE_A), kind);

	memcpy(call->CALLED, preset.number, sizeof preset.number);
	dialled(step);
}

static void
dial_hot(struct step *step)
{
	dial_preset(step, SERVICE_hot);
}

static void
dial_warm(struct step *step)
{
	dial_preset(step, SERVICE_warm);
}

static bool
leads_nowhere(const struct step *step)
{
	return step->number.verdict == TRANSLATION_NONE;
}

static bool
leads_in_a_circle(const struct step *step)
{
	return step->number.verdict == TRANSLATION_LOOP ||
	    step->seized == -ELOOP;
}

static bool
is_unassigned(const struct step *step)
{
	return step->number.line == LINE_NONE &&
	    step->number.route == ROUTE_NONE;
}

static bool
is_out_of_service(const struct step *step)
{
	return step->seized == -ENXIO;
}

static bool
is_busy(const struct step *step)
{
	return step->seized == -EBUSY;
}

static bool
is_not_seized(const struct step *step)
{
	return step->seized != 0;
}

static void
set_up(struct step *step)
{
	struct call *call = step->call;

	call->setups++;
	must(step,
	    port_setup(
		step->self, port_of(call, SIDE_B), port_of(call, SIDE_A)));
	arm(step, TIMER_T303,
	    is_ss7(step, SIDE_B) ? DELAY_ISUP_T7 : DELAY_T303);
}

/* The line that has been seized is B's. */
static void
take_called(struct step *step)
{
	struct call *call = step->call;

	uint32_t port = step->number.line;

	if (port == LINE_NONE)
		port = step->port; /* and counted when it was tried */
	else
		call->route_attempts++;
	join(call, SIDE_B, port);
	if (!is_redirected(call))
		call->leg = (uint8_t)open_leg(step, LEG_dialled,
		    port_of(call, SIDE_A), port, call->CALLED);
}

static void
present(struct step *step)
{
	take_called(step);
	set_up(step);
}

/*--------------------------------------------------------------------
 * Towards the answer
 */

static bool
was_set_up_once(const struct step *step)
{
	return step->call->setups == 1 && !is_ss7(step, SIDE_B);
}

static void
await_alerting(struct step *step)
{
	if (!is_ss7(step, SIDE_B)) /* where ISUP-T7 runs on */
		arm(step, TIMER_T310, DELAY_T310);
}

static void
alert(struct step *step)
{
	if (step->call->t_alert == 0)
		step->call->t_alert = stamp(step);
	if (!is_cut_through(step->call))
		hear(step, SIDE_A, TONE_ringback);
	tell(step, SIDE_A, SIGNAL_ALERTING, CAUSE_NONE);
	arm(step, TIMER_T301, DELAY_T301);
}

static void
connect(struct step *step)
{
	struct call *call = step->call;

	disarm(step);
	call->t_answer = stamp(step);
	if (call->t_alert == 0)
		call->t_alert = call->t_answer;
	answer_legs(step);
	hear_all(step, TONE_speech);
	tell(step, SIDE_A, SIGNAL_ANSWER, CAUSE_NONE);
}

static void
count_overdial(struct step *step)
{
	overdialled(step);
}

/*--------------------------------------------------------------------
 * Towards the end
 */

/* The call cannot be: the caller hears why and B, if any, is let go. */
static void
treat(struct step *step)
{
	conclude(step, LOCAL_NONE, step->side == SIDE_B ? SIDE_B : SIDE_NET);
	let_go(step, SIDE_B);
	hear(step, SIDE_A, tone_for(step->call->cause));
	arm(step, TIMER_Ttreat, DELAY_Ttreat);
}

/* Nobody has answered, nor said no. */
static void
treat_unanswered(struct step *step)
{
	tell(step, SIDE_B, SIGNAL_RELEASE, CAUSE_TIMER_RECOVERY);
	treat(step);
}

static void
abandon(struct step *step)
{
	conclude(step, LOCAL_ABANDON, SIDE_A);
}

static void
cancel(struct step *step)
{
	conclude(step, LOCAL_CANCEL, SIDE_A);
}

/* One has hung up and is free now; the other hears it. */
static void
part(struct step *step)
{
	conclude(step, LOCAL_NONE, step->side);
	let_go(step, step->side);
	disconnect_all(step);
	arm(step, TIMER_T306, DELAY_T306);
}

/* The operator's CLEAR, or there is no money left (T38). */
static void
clear(struct step *step)
{
	const bool is_unpaid = step->input == SIGNAL_CREDIT_GONE;

	conclude(step, is_unpaid ? LOCAL_CREDIT : LOCAL_ADMIN, SIDE_NET);
	if (is_ringing(step->call->state))
		let_go(step, SIDE_B);
	disconnect_all(step);
	if (is_unpaid && step->side != SIDE_NONE)
		hear(step, (enum side)step->side, TONE_credit);
	arm(step, TIMER_T306, DELAY_T306);
}

static bool
leaves_another(const struct step *step)
{
	return peer_of(step->call, step->side) != SIDE_NONE;
}

static void
let_go_of_it(struct step *step)
{
	let_go(step, step->side);
}

/* Nobody is awaited any more. */
static void
end(struct step *step)
{
	disarm(step);
	let_all_go(step);
	write_record(step);
	process_exit(step->self, (struct reason){ .kind = REASON_NORMAL });
}

static void
withdraw(struct step *step)
{
	withdraw_all(step);
	end(step);
}

#endif
