/*
 * prepaid: calls of those who have paid in.
 *
 * Whether there is enough to begin with is seen when the number is known (T54).
 * From then on the exchange keeps the books: it tells the call when who pays
 * for one of its legs is to be warned, and when his credit is gone (T38), which
 * ends the call for all.
 */
#ifndef CALLS_CALL_PREPAID_H
#define CALLS_CALL_PREPAID_H

#include "calls/call/hold.h"

/* Whether he has what a call to that port begins with. */
static bool
can_pay(const struct step *step, uint32_t payer, uint32_t port)
{
	const struct leg_opening opening = {
		.call = step->call->call,
		.payer = payer,
		.port = port,
		.tariff = TARIFF_NONE,
	};

	return leg_afford(step->self, &opening) != -EDQUOT;
}

static bool
lacks_credit(const struct step *step)
{
	return step->seized == OBSTACLE_CREDIT;
}

static void
treat_without_credit(struct step *step)
{
	conclude(step, LOCAL_CREDIT, SIDE_NET);
	treat(step);
}

/* Who pays hears it, if he is there, and then again what he heard. */
static void
warn(struct step *step)
{
	if (step->side != SIDE_NONE)
		hear(step, (enum side)step->side, TONE_warning);
}

static void
end_warning(struct step *step)
{
	const struct call *call = step->call;
	const enum side side = (enum side)step->side;

	if (side == SIDE_NONE || tone_of(call, side) != TONE_warning)
		return;
	hear(step, side,
	    call->state == STATE_suspended	    ? TONE_none
		: call->state == STATE_transferring ? TONE_ringback
		: (call->held & ~bit_of(side)) != 0 ? TONE_hold
						    : TONE_speech);
}

/* clang-format off */
/* Of a number that is known, before the others. */
#define CREDIT_ROWS                                                            \
ROW(T54, ON_ENTRY, NONE, lacks_credit, treat_without_credit, treated, REJECTED)

/* Of a state in which people talk; `its_end` is what CLEAR does there. */
#define PREPAID_ROWS(its_state, its_end)                                       \
ROW(T38, SIGNAL_CREDIT_LOW, NONE, NULL, warn, its_state, NONE),                \
ROW(T38, SIGNAL_CREDIT_WARNED, NONE, NULL, end_warning, its_state, NONE),      \
ROW(T38, SIGNAL_CREDIT_GONE, NONE, NULL, its_end, clearing, UNSPECIFIED)
/* clang-format on */

#endif
