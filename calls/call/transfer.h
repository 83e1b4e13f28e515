/*
 * transfer: two calls of one subscriber become one, without him.
 *
 * Who is at the far side of his consultation comes into this call, in one event
 * with its end (exchange_join()).  If that one rings only, the call is in XFER:
 * the party that waits is A, the one that rings is B, and who has left stands
 * as C, where nobody is, for the case that he is to be rung again (T35).
 */
#ifndef CALLS_CALL_TRANSFER_H
#define CALLS_CALL_TRANSFER_H

#include "calls/call/consultation.h"
#include "calls/call/prepaid.h"

/* Facts that were on their way to the call that has ended are looked for. */
static void
look_again(const struct step *step)
{
	const struct signal signal = { .call = step->call->call,
		.port = PORT_NONE };

	must(step,
	    process_send(step->self, process_self(step->self), SIGNAL_RESYNC,
		&signal, sizeof signal));
}

/* Those end that lead to that side: it goes, and the call goes on. */
static void
close_legs_to(const struct step *step, enum side side)
{
	const uint32_t far = port_of(step->call, side);
	const unsigned int count = count_legs(step);
	unsigned int number;

	for (number = 1; number <= count; number++)
		if (leg_look(step->self, step->call->call, number).far == far)
			close_leg(step, number, stamp(step), cause_of(step));
}

/* Those end that lead to who has not answered: he is given up. */
static void
close_unanswered_legs(const struct step *step)
{
	const unsigned int count = count_legs(step);
	unsigned int number;

	for (number = 1; number <= count; number++)
		if (leg_look(step->self, step->call->call, number).t_answer ==
		    0)
			close_leg(step, number, stamp(step), cause_of(step));
}

/* The rights of who transfers, and whether those two may be brought together.
 */
static bool
may_join(const struct step *step, enum service_kind kind,
    const struct other_call *other)
{
	const struct call *call = step->call;
	const uint32_t line = port_of(call, step->side);
	const enum side far = peer_of(call, step->side);

	if (far != SIDE_NONE && port_is_circuit(port_of(call, far)) &&
	    port_is_circuit(other->far))
		return false;
	return line_service(step->self, line, kind).is_on && far != SIDE_NONE &&
	    other->far != PORT_NONE && other->far != port_of(call, far);
}

static bool
may_transfer_at(const struct step *step, enum other_stage stage)
{
	struct other_call other;

	if (!is_consultant(step))
		return false;
	other = consultation_of(step);
	return other.stage == stage && may_join(step, SERVICE_transfer, &other);
}

static bool
may_transfer(const struct step *step)
{
	return may_transfer_at(step, OTHER_ACTIVE);
}

static bool
may_transfer_ringing(const struct step *step)
{
	return may_transfer_at(step, OTHER_ALERTING);
}

/* Who is at the one side is at the other, where nobody is. */
static void
move(struct call *call, enum side from, enum side to)
{
	const struct party party = call->party[place_of(from)];

	set_tone(call, from, TONE_none);
	call->parties &= ~bit_of(from) & 0xffU;
	set_port(call, to, party.port);
	set_tone(call, to, (enum tone)party.tone);
	call->parties |= bit_of(to);
}

/* What both ways have in common: he is no party any more. */
static void
leave_to(struct step *step, enum side side, uint32_t line)
{
	must(step, exchange_join(step->self, line, LOCAL_XFER_ATT));
	let_go(step, side);
	step->call->consultant = SIDE_NONE;
	clear_holds(step);
	look_again(step);
}

/* Who has been spoken to takes his side. */
static void
transfer(struct step *step)
{
	struct call *call = step->call;
	const enum side side = (enum side)step->side;
	const uint32_t far = consultation_of(step).far;

	leave_to(step, side, port_of(call, side));
	join(call, side, far);
	connect_ports(step);
	hear_all(step, TONE_speech);
}

/* T301 goes on: it rings since then. */
static void
await_answer_since(struct step *step, uint64_t t_alert)
{
	const uint64_t end = t_alert + delay_of(step, TIMER_T301, DELAY_T301);
	const uint64_t now = stamp(step);

	arm(step, TIMER_T301, end > now ? end - now : 0);
}

static void
transfer_ringing(struct step *step)
{
	struct call *call = step->call;
	const enum side side = (enum side)step->side;
	const uint32_t line = port_of(call, side);
	const struct other_call other = consultation_of(step);

	leave_to(step, side, line);
	if (side == SIDE_A)
		move(call, SIDE_B, SIDE_A);
	join(call, SIDE_B, other.far);
	set_port(call, SIDE_C, line);
	connect_ports(step);
	hear(step, SIDE_A, TONE_ringback);
	await_answer_since(step, other.t_alert);
}

/*--------------------------------------------------------------------
 * XFER
 */

static void
connect_target(struct step *step)
{
	disarm(step);
	must(step,
	    leg_answer(step->self, step->call->call, release.charge_rule));
	hear_all(step, TONE_speech);
}

static void
ring_target(struct step *step)
{
	hear(step, SIDE_A, TONE_ringback);
	arm(step, TIMER_T301, DELAY_T301);
}

/*
 * Who has transferred is rung again, if that is his right and his line is idle.
 * It is this call's then: of two calls that want it at one instant one wins.
 */
static bool
wins_back(const struct step *step)
{
	const uint32_t line = port_of(step->call, SIDE_C);

	return port_look(step->self, line).is_idle &&
	    line_service(step->self, line, SERVICE_transfer).is_on &&
	    port_seize(step->self, line, false) == 0;
}

static void
recall(struct step *step)
{
	struct call *call = step->call;

	close_unanswered_legs(step);
	let_go(step, SIDE_B);
	join(call, SIDE_B, port_of(call, SIDE_C));
	forget(call, SIDE_C);
	ring_again(step);
}

static void
recall_unanswered(struct step *step)
{
	tell(step, SIDE_B, SIGNAL_RELEASE, CAUSE_TIMER_RECOVERY);
	recall(step);
}

static bool
has_left(const struct call *call)
{
	return port_of(call, SIDE_C) != PORT_NONE && !is_there(call, SIDE_C);
}

/* Who has gone is of no use where nobody can ring him. */
static void
leave_transferring(const struct step *step)
{
	struct call *call = step->call;
	const uint8_t next = step->row->next;

	if (has_left(call) && next != STATE_routing &&
	    next != STATE_transferring && next != STATE_alerting)
		forget(call, SIDE_C);
}

/*--------------------------------------------------------------------
 * The recall
 */

/* He has hung up in vain, or has nobody who could take his place. */
static void
recall_consultant(struct step *step)
{
	struct call *call = step->call;

	end_other(step);
	call->consultant = SIDE_NONE;
	clear_holds(step);
	if (step->side == SIDE_A)
		swap_sides(call);
	ring_again(step);
}

/* clang-format off */
/* Of CONSULT. */
#define TRANSFER_ROWS                                                          \
ROW(T29, SIGNAL_TRANSFER, NONE, may_transfer, transfer, active, NONE),         \
ROW(T30, SIGNAL_TRANSFER, NONE, may_transfer_ringing, transfer_ringing,        \
    transferring, NONE),                                                       \
ROW(T73, SIGNAL_TRANSFER, NONE, NULL, refuse, consulting, FACILITY_REJECTED),  \
ROW(T75, ON_GONE, NONE, may_transfer, transfer, active, NONE),                 \
ROW(T30, ON_GONE, NONE, may_transfer_ringing, transfer_ringing, transferring,  \
    NONE),                                                                     \
ROW(T75, ON_GONE, NONE, is_consultant, recall_consultant, alerting, NONE)

static const struct row transferring_rows[] = {
PREEMPTION_ROWS,
PREPAID_ROWS(transferring, clear),
ROW(T34, SIGNAL_ANSWER, B, NULL, connect_target, active, NONE),
ROW(T79, SIGNAL_ALERTING, B, NULL, ring_target, transferring, NONE),
ROW(T59, SIGNAL_PROCEEDING, B, NULL, await_alerting, transferring, NONE),
ROW(T60, SIGNAL_PROGRESS, B, NULL, cut_through, transferring, NONE),
ROW(T35, ON_GONE, B, wins_back, recall, alerting, REJECTED),
ROW(T35, ON_GONE, B, NULL, treat, treated, REJECTED),
ROW(T35, SIGNAL_REJECT, B, wins_back, recall, alerting, REJECTED),
ROW(T35, SIGNAL_REJECT, B, NULL, treat, treated, REJECTED),
ROW(T35, ON(T303), NONE, wins_back, recall_unanswered, alerting, NO_RESPONSE),
ROW(T35, ON(T303), NONE, NULL, treat_unanswered, treated, NO_RESPONSE),
ROW(T35, ON(T310), NONE, wins_back, recall_unanswered, alerting, NO_RESPONSE),
ROW(T35, ON(T310), NONE, NULL, treat_unanswered, treated, NO_RESPONSE),
ROW(T35, ON(T301), NONE, wins_back, recall_unanswered, alerting, NO_ANSWER),
ROW(T35, ON(T301), NONE, NULL, treat_unanswered, treated, NO_ANSWER),
ROW(T36, ON_GONE, A, NULL, give_up, releasing, NORMAL),
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, transferring, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};
/* clang-format on */

#endif
