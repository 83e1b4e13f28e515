/*
 * consultation: a second call of one who holds the other side.
 *
 * It is a call as any, one unit with this one.  The exchange says what has
 * become of it; what is to happen there is told it by signals of its line, or
 * it is ended with this call's event (exchange_join(), exchange_end_other()).
 *
 * Invariant: `consultant` is the side of him who has two calls, while this call
 * is in CONSULT; in CONF of him who has brought the three together; else none.
 */
#ifndef CALLS_CALL_CONSULTATION_H
#define CALLS_CALL_CONSULTATION_H

#include "calls/call/recall.h"

static struct other_call
consultation_of(const struct step *step)
{
	const struct call *call = step->call;

	return line_other_call(
	    step->self, port_of(call, (enum side)call->consultant));
}

/* He has one call, which is not itself a consultation. */
static bool
has_one_call(const struct step *step)
{
	const struct other_call other =
	    line_other_call(step->self, port_of(step->call, step->side));

	return other.number == 0 && !other.is_bound;
}

/* Whether its line may have that number called, as T3 has it. */
static bool
is_allowed_to_dial(const struct step *step)
{
	const char *digits = step->signal->digits;

	return obstacle_of_payer(
		   step, digits, port_of(step->call, step->side)) == 0 ||
	    exchange_translate(step->self, digits).class == CLASS_emergency;
}

static bool
could_consult(const struct step *step)
{
	return holds(step) && has_one_call(step);
}

static bool
may_consult(const struct step *step)
{
	return could_consult(step) && is_allowed_to_dial(step);
}

static void
consult(struct step *step)
{
	const struct signal *signal = step->signal;

	step->call->consultant = step->side;
	must(step,
	    exchange_consult(step->self, port_of(step->call, step->side),
		signal->digits, signal->other));
}

/* By the hook alone: to one who may do something with two calls. */
static bool
may_consult_by_hook(const struct step *step)
{
	const uint32_t line = port_of(step->call, step->side);

	return (line_service(step->self, line, SERVICE_transfer).is_on ||
		   line_service(step->self, line, SERVICE_three_way).is_on) &&
	    has_one_call(step);
}

/* The other side is held, and the second call waits for its number. */
static void
consult_by_hook(struct step *step)
{
	const uint32_t line = port_of(step->call, step->side);

	if (holds_not(step))
		hold(step);
	step->call->consultant = step->side;
	must(step, exchange_consult(step->self, line, "", 0));
}

static bool
is_consultant(const struct step *step)
{
	return step->side == step->call->consultant;
}

static bool
may_exchange(const struct step *step)
{
	return is_consultant(step) &&
	    consultation_of(step).stage == OTHER_ACTIVE;
}

static void
tell_consultation(const struct step *step, uint16_t kind)
{
	const struct call *call = step->call;
	const struct other_call other = consultation_of(step);
	const struct signal signal = { .call = other.number,
		.port = port_of(call, (enum side)call->consultant),
		.cause = CAUSE_NORMAL };

	if (!pid_is_none(other.pid))
		must(step,
		    process_send(
			step->self, other.pid, kind, &signal, sizeof signal));
}

/* Nobody holds any more, and the exchange knows it of each. */
static void
clear_holds(const struct step *step)
{
	struct call *call = step->call;

	FOR_EACH_SIDE(side)
	if ((call->held & bit_of(*side)) != 0 && is_there(call, *side) &&
	    !port_is_circuit(port_of(call, *side)))
		must(step, line_hold(step->self, port_of(call, *side), false));
	set_held(call, 0, stamp(step));
}

/* The one is held and the other taken back, whichever that is. */
static void
exchange_calls(struct step *step)
{
	const bool takes_back = holds(step);

	tell_consultation(step, takes_back ? SIGNAL_HOLD : SIGNAL_RETRIEVE);
	must(step, line_exchange(step->self, port_of(step->call, step->side)));
	if (takes_back)
		retrieve(step);
	else
		hold(step);
}

static bool
other_holds_too(const struct step *step)
{
	return is_consultant(step) &&
	    (step->call->held & ~bit_of(step->side)) != 0;
}

/* With its record, at once: it was cancelled, or it was over. */
static void
end_other(const struct step *step)
{
	const struct call *call = step->call;
	const enum local_reason reason =
	    consultation_of(step).stage == OTHER_ACTIVE ? LOCAL_NONE
							: LOCAL_CANCEL;

	must(step,
	    exchange_end_other(step->self,
		port_of(call, (enum side)call->consultant), reason));
}

/* As if its caller had hung up there; if it is not even born, at once. */
static void
end_consultation(struct step *step)
{
	if (pid_is_none(consultation_of(step).pid))
		end_other(step);
	else
		tell_consultation(step, SIGNAL_ONHOOK);
	step->call->consultant = SIDE_NONE;
	if (holds(step))
		retrieve(step);
}

/* Also where its caller has picked up a call instead (T53): that is another. */
static bool
is_over(const struct step *step)
{
	const struct other_call other = consultation_of(step);

	return other.number == 0 || !other.is_bound;
}

static bool
is_over_and_none_holds(const struct step *step)
{
	return is_over(step) && step->call->held == 0;
}

static void
lose_consultation(struct step *step)
{
	step->call->consultant = SIDE_NONE;
}

static void
leave_consultation(struct step *step)
{
	step->call->consultant = SIDE_NONE;
	conclude(step, LOCAL_NONE, step->side);
}

/* The operator's CLEAR is for this call: the other goes on without it. */
static void
clear_first(struct step *step)
{
	let_go(step, (enum side)step->call->consultant);
	step->call->consultant = SIDE_NONE;
	clear(step);
}

/*
 * T57, here: its consultation goes on as a call of its own, and he hears what
 * has become of this one as soon as he listens to it.
 */
static void
be_preempted_first(struct step *step)
{
	struct call *call = step->call;

	must(step,
	    line_unlink(
		step->self, port_of(call, (enum side)call->consultant)));
	call->consultant = SIDE_NONE;
	clear_holds(step);
	be_preempted(step);
}

/* clang-format off */
/* Behind the rows of transfer.h and conference.h, which come first. */
#define CONSULTATION_ROWS                                                      \
ROW(T31, ON_DOWN, NONE, is_over_and_none_holds, lose_consultation, active,     \
    NONE),                                                                     \
ROW(T31, ON_DOWN, NONE, is_over, lose_consultation, held, NONE),               \
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, consulting, NONE),                    \
ROW(T71, SIGNAL_SWAP, NONE, may_exchange, exchange_calls, consulting, NONE),   \
ROW(T71, SIGNAL_FLASH, NONE, may_exchange, exchange_calls, consulting, NONE),  \
ROW(T72, SIGNAL_FLASH, NONE, other_holds_too, end_consultation, held, NONE),   \
ROW(T72, SIGNAL_FLASH, NONE, is_consultant, end_consultation, active, NONE),   \
ROW(T27, SIGNAL_RETRIEVE, NONE, may_exchange, refuse, consulting,              \
    FACILITY_REJECTED),                                                        \
ROW(T72, SIGNAL_RETRIEVE, NONE, other_holds_too, end_consultation, held,       \
    NONE),                                                                     \
ROW(T72, SIGNAL_RETRIEVE, NONE, is_consultant, end_consultation, active,       \
    NONE),                                                                     \
ROW(T74, ON_GONE, NONE, NULL, leave_consultation, releasing, NORMAL),          \
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear_first, clearing, UNSPECIFIED)

/* Of a call that two talk in, and of one in which somebody holds. */
#define CONSULTING_BY_HOOK_ROWS                                                \
ROW(T68, SIGNAL_FLASH, NONE, may_consult_by_hook, consult_by_hook, consulting, \
    NONE)

/* Of the latter. */
#define CONSULTING_ROWS                                                        \
ROW(T28, SIGNAL_CONSULT, NONE, may_consult, consult, consulting, NONE),        \
ROW(T28, SIGNAL_CONSULT, NONE, could_consult, refuse, held,                    \
    FACILITY_REJECTED),                                                        \
CONSULTING_BY_HOOK_ROWS
/* clang-format on */

#endif
