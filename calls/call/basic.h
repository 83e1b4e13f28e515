/*
 * basic: what is done in a two-party call, as every release of `call` has it.
 *
 * When and in which state stands in basic_rows.h.
 */
#ifndef CALLS_CALL_BASIC_H
#define CALLS_CALL_BASIC_H

#include "calls/call/obstacle.h"

/* µs.  Q.931 table 9-1, network side, where it has the timer. */
enum { SECOND = 1000000 };
enum call_delay {
	DELAY_Tdial = 20 * SECOND,     /* ours: to the first digit */
	DELAY_T302 = 15 * SECOND,      /* Q.931: 10 to 15 s */
	DELAY_T302_SHORT = 4 * SECOND, /* ours: the digits are a number */
	DELAY_T303 = 4 * SECOND,       /* Q.931; SETUP is sent twice */
	DELAY_T310 = 10 * SECOND,      /* Q.931 */
	DELAY_T301 = 180 * SECOND,     /* Q.931: at least 3 min */
	DELAY_T306 = 30 * SECOND,      /* Q.931 */
	DELAY_Ttreat = 30 * SECOND,    /* ours */
	DELAY_Trecall = 30 * SECOND,   /* ours */
	DELAY_Tcw = 60 * SECOND,       /* ours */
	DELAY_Tcfnr = 15 * SECOND,     /* ours */
	DELAY_Tsusp = 90 * SECOND      /* Q.118, ISUP-T6 */
};

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
	case CAUSE_TEMPORARY_FAILURE:
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

static bool
ends_a_number(const struct step *step)
{
	return step->number.verdict == TRANSLATION_COMPLETE ||
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
	return exchange_translate(step->self, step->call->CALLED).line !=
	    LINE_NONE;
}

/*--------------------------------------------------------------------
 * Routing
 */

/*
 * Whom do these digits mean, and is that line to be had?  It is taken at once,
 * unless something stands in the way: step->seized then says what.
 */
static void
find_way(struct step *step, const char *digits)
{
	step->number = exchange_translate(step->self, digits);
	step->seized = obstacle_to(step, digits);
	if (step->seized == 0 && step->number.line != LINE_NONE)
		step->seized = port_seize(step->self, step->number.line, false);
}

/* The number is whole. */
static void
dialled(struct step *step)
{
	disarm(step);
	hear(step, SIDE_A, TONE_none);
	step->call->t_dialled = stamp(step);
	find_way(step, step->call->CALLED);
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
is_unassigned(const struct step *step)
{
	return step->number.line == LINE_NONE;
}

static bool
is_parked(const struct step *step)
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
	arm(step, TIMER_T303, DELAY_T303);
}

/* The line that has been seized is B's. */
static void
take_called(struct step *step)
{
	struct call *call = step->call;

	join(call, SIDE_B, step->number.line);
	call->leg = (uint8_t)open_leg(step, LEG_dialled, port_of(call, SIDE_A),
	    step->number.line, call->CALLED);
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
	return step->call->setups == 1;
}

static void
await_alerting(struct step *step)
{
	arm(step, TIMER_T310, DELAY_T310);
}

static void
alert(struct step *step)
{
	step->call->t_alert = stamp(step);
	hear(step, SIDE_A, TONE_ringback);
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
	hear_all(step, TONE_disconnect);
	arm(step, TIMER_T306, DELAY_T306);
}

/* The operator's CLEAR. */
static void
clear(struct step *step)
{
	conclude(step, LOCAL_ADMIN, SIDE_NET);
	if (is_ringing(step->call->state))
		let_go(step, SIDE_B);
	hear_all(step, TONE_disconnect);
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

/* Lines answer no RELEASE: the call has ended with the last of them. */
static void
end(struct step *step)
{
	disarm(step);
	let_all_go(step);
	write_record(step);
	process_exit(step->self, (struct reason){ .kind = REASON_NORMAL });
}

#endif
