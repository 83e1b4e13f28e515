/*
 * basic: the two-party call, as every release of `call` has it.
 *
 * Rows carry the number of their line in the table of behaviours, T1 to T89,
 * and so do the tests.  Releases put these rows together, with their own ones
 * where they have any.
 */
#ifndef CALLS_CALL_BASIC_H
#define CALLS_CALL_BASIC_H

#include "calls/call/machine.h"

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
		return TONE_reorder;
	case CAUSE_TEMPORARY_FAILURE:
		return TONE_congestion;
	default:
		return TONE_announcement;
	}
}

/*--------------------------------------------------------------------
 * Collecting a number
 */

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

/* The number is whole: whom does it mean, and is that line to be had? */
static void
dialled(struct step *step)
{
	struct call *call = step->call;

	disarm(step);
	hear(step, SIDE_A, TONE_none);
	call->t_dialled = stamp(step);
	step->number = exchange_translate(step->self, call->CALLED);
	step->seized = -1;
	if (step->number.line != LINE_NONE)
		step->seized = port_seize(step->self, step->number.line, false);
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

static void
present(struct step *step)
{
	join(step->call, SIDE_B, step->number.line);
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
	const struct tariff_view tariff =
	    exchange_tariff(step->self, port_of(call, SIDE_B));

	disarm(step);
	call->t_answer = stamp(step);
	if (call->t_alert == 0)
		call->t_alert = call->t_answer;
	charge_begin(call, (enum charge_rule)release.charge_rule, &tariff);
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
	if (step->call->t_answer == 0)
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

/*--------------------------------------------------------------------
 * The table
 */

/* clang-format off */
static const struct row null_rows[] = {
ROW(T1, SIGNAL_OFFHOOK, A, NULL, give_dial_tone, collecting, NONE),
ROW(T46, SIGNAL_SETUP, A, NULL, dialled, routing, NONE),
};

static const struct row collecting_rows[] = {
ROW(T50, SIGNAL_DIGIT, A, begins_no_number, treat, treated, NO_ROUTE),
ROW(T5, SIGNAL_DIGIT, A, ends_a_number, dialled, routing, NONE),
ROW(T49, SIGNAL_DIGIT, A, may_end_here, await_pause, collecting, NONE),
ROW(T4, SIGNAL_DIGIT, A, NULL, await_digit, collecting, NONE),
ROW(T6, ON(Tdial), NONE, NULL, treat, treated, INVALID_FORMAT),
ROW(T51, ON(T302), NONE, is_a_number, dialled, routing, NONE),
ROW(T51, ON(T302), NONE, NULL, treat, treated, INVALID_FORMAT),
ROW(T7, ON_GONE, A, NULL, abandon, releasing, NORMAL),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

static const struct row routing_rows[] = {
ROW(T8, ON_ENTRY, NONE, leads_nowhere, treat, treated, NO_ROUTE),
ROW(T8, ON_ENTRY, NONE, is_unassigned, treat, treated, UNALLOCATED),
ROW(T13, ON_ENTRY, NONE, is_busy, treat, treated, BUSY),
ROW(T13, ON_ENTRY, NONE, is_parked, treat, treated, OUT_OF_ORDER),
ROW(T13, ON_ENTRY, NONE, is_not_seized, treat, treated, TEMPORARY_FAILURE),
ROW(T16, ON_ENTRY, NONE, NULL, present, presented, NONE),
};

static const struct row presented_rows[] = {
ROW(T17, SIGNAL_ALERTING, B, NULL, alert, alerting, NONE),
ROW(T18, SIGNAL_ANSWER, B, NULL, connect, active, NONE),
ROW(T59, SIGNAL_PROCEEDING, B, NULL, await_alerting, presented, NONE),
ROW(T58, ON_GONE, A, NULL, cancel, releasing, NORMAL),
ROW(T19, ON_GONE, B, NULL, treat, treated, REJECTED),
ROW(T19, SIGNAL_REJECT, B, NULL, treat, treated, REJECTED),
ROW(T20, ON(T303), NONE, was_set_up_once, set_up, presented, NONE),
ROW(T61, ON(T303), NONE, NULL, treat, treated, NO_RESPONSE),
ROW(T61, ON(T310), NONE, NULL, treat, treated, NO_RESPONSE),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, presented, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

static const struct row alerting_rows[] = {
ROW(T21, SIGNAL_ANSWER, B, NULL, connect, active, NONE),
ROW(T23, ON(T301), NONE, NULL, treat, treated, NO_ANSWER),
ROW(T24, ON_GONE, A, NULL, cancel, releasing, NORMAL),
ROW(T63, ON_GONE, B, NULL, treat, treated, REJECTED),
ROW(T63, SIGNAL_REJECT, B, NULL, treat, treated, REJECTED),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, alerting, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

/* A macro, since it is here that releases differ. */
#define ACTIVE_ROWS                                                            \
ROW(T37, ON_GONE, NONE, NULL, part, clearing, NORMAL),                         \
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, active, NONE),                        \
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED)

static const struct row treated_rows[] = {
ROW(T42, ON_GONE, A, NULL, NULL, releasing, NONE),
ROW(T42, ON(Ttreat), NONE, NULL, NULL, releasing, NONE),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, treated, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, NONE),
};

static const struct row clearing_rows[] = {
ROW(T40, ON_GONE, NONE, leaves_another, let_go_of_it, clearing, NONE),
ROW(T40, ON_GONE, NONE, NULL, NULL, releasing, NONE),
ROW(T40, ON(T306), NONE, NULL, NULL, releasing, NONE),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, clearing, NONE),
};

static const struct row releasing_rows[] = {
ROW(T41, ON_ENTRY, NONE, NULL, end, ended, NONE),
};

#define BASIC_STATES                                                           \
	[STATE_null] = ROWS(null_rows, 0, 0),                                  \
	[STATE_collecting] = ROWS(collecting_rows, PARTY_A,                    \
	    RUNS(Tdial) | RUNS(T302)),                                         \
	[STATE_routing] = ROWS(routing_rows, PARTY_A, 0),                      \
	[STATE_presented] = ROWS(presented_rows, PARTY_A | PARTY_B,            \
	    RUNS(T303) | RUNS(T310)),                                          \
	[STATE_alerting] = ROWS(alerting_rows, PARTY_A | PARTY_B, RUNS(T301)), \
	[STATE_treated] = ROWS(treated_rows, PARTY_A, RUNS(Ttreat)),           \
	[STATE_clearing] = ROWS(clearing_rows, PARTY_A | PARTY_B, RUNS(T306)), \
	[STATE_releasing] = ROWS(releasing_rows, 0, 0)
/* clang-format on */

#endif
