/*
 * leg: the legs of a call, as its module sees them.
 *
 * The exchange keeps them; the call keeps the number of one, which its prices
 * and pulses are of: the one that its caller pays for the number he dialled.
 * What others cost is worked out when they end, from the moment of the answer,
 * which the exchange remembers, and their prices.
 *
 * All that are open have their answer at one moment, with the call, and end
 * with it, unless one ends before.
 */
#ifndef CALLS_CALL_LEG_H
#define CALLS_CALL_LEG_H

#include "calls/call/charge.h"

/*
 * A path to that port, or (PORT_NONE) to nobody yet, is tried under that
 * number, and `payer` pays for it.
 */
static int
open_leg(const struct step *step, enum leg_kind kind, uint32_t payer,
    uint32_t port, const char *called)
{
	struct leg_opening opening = {
		.call = step->call->call,
		.payer = payer,
		.port = port,
		.tariff = TARIFF_NONE,
		.kind = (uint8_t)kind,
	};
	int leg;

	memcpy(opening.called, called, sizeof opening.called);
	leg = leg_open(step->self, &opening);
	must(step, leg < 0 ? leg : 0);
	return leg;
}

/* The call is answered, and so is each of its legs that was not. */
static void
answer_legs(const struct step *step)
{
	struct call *call = step->call;
	struct leg_view leg;

	must(step, leg_answer(step->self, call->call, release.charge_rule));
	leg = leg_look(step->self, call->call, call->leg);
	charge_begin(call, (enum charge_rule)release.charge_rule, &leg.prices);
}

/* The one that it charges has ended before it, and is recorded. */
static void
forget_leg(struct call *call)
{
	call->leg = 0;
	call->pulses = 0;
	call->t_interval = 0;
	if (release.money != NULL)
		*release.money(call) = 0;
}

/* One of them ends at `now`, which is a stamp. */
static void
close_leg(
    const struct step *step, unsigned int number, uint64_t now, uint8_t cause)
{
	struct call *call = step->call;
	const struct leg_view leg = leg_look(step->self, call->call, number);
	struct leg_closing closing = {
		.call = call->call,
		.t_end = now,
		.number = (uint8_t)number,
		.cause = cause,
	};

	if (!leg.is_open)
		return;
	if (number == call->leg) {
		closing.pulses = call->pulses;
		closing.charge_micro = release.money != NULL
		    ? *release.money(call)
		    : charge_worth(call);
	} else if (leg.t_answer != 0 && leg.prices.tariff != TARIFF_NONE) {
		closing.pulses = (uint32_t)charge_count(&leg.prices,
		    (enum charge_rule)leg.rule,
		    (now - leg.t_answer) / CHARGE_MS, true);
		closing.charge_micro =
		    charge_of_pulses(&leg.prices, closing.pulses);
	}
	must(step, leg_close(step->self, &closing));
	if (number == call->leg && call->t_release == 0)
		forget_leg(call); /* and the call goes on */
}

/* How many it has opened, or was given by another call. */
static unsigned int
count_legs(const struct step *step)
{
	return leg_look(step->self, step->call->call, 1).count;
}

/* The call is over, and so are all of them. */
static void
close_legs(const struct step *step)
{
	const struct call *call = step->call;
	const unsigned int count = count_legs(step);
	unsigned int number;

	for (number = 1; number <= count; number++)
		close_leg(step, number, call->t_release, call->cause);
}

#endif
