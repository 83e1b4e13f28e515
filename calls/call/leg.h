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

#include "calls/call/action.h"

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
	charge_stop(call);
	if (release.money != NULL)
		*release.money(call) = 0;
}

/*
 * What a leg costs whose price has changed while it lasted: each interval after
 * the first has the price that held when it began (telephony.md 1.7).
 */
static void
charge_across(const struct step *step, unsigned int number,
    const struct leg_view *leg, struct leg_closing *closing)
{
	const uint64_t total = (closing->t_end - leg->t_answer) / CHARGE_MS;
	struct leg_price price =
	    leg_price(step->self, step->call->call, number, leg->t_answer);
	uint64_t at = price.prices.first_ms, end, count;

	if (total == 0 || price.prices.tariff == TARIFF_NONE)
		return;
	closing->pulses = 1;
	closing->charge_micro = charge_of_pulses(&price.prices, 1);
	while (at < total) {
		price = leg_price(step->self, step->call->call, number,
		    leg->t_answer + at * CHARGE_MS);
		end = price.until == 0 || price.until > closing->t_end
		    ? total
		    : (price.until - leg->t_answer + CHARGE_MS - 1) / CHARGE_MS;
		if (end > total)
			end = total;
		count = (end - at + price.prices.next_ms - 1) /
		    price.prices.next_ms;
		closing->pulses += (uint32_t)count;
		closing->charge_micro += count * price.prices.next_micro;
		at += count * price.prices.next_ms;
	}
	if (leg->rule == CHARGE_RULE_FLOOR && at > total &&
	    closing->pulses > 1) {
		closing->pulses--; /* the last one, which is not whole */
		closing->charge_micro -= price.prices.next_micro;
	}
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
		.timer = expired_timer(step),
	};

	if (!leg.is_open)
		return;
	if (leg.t_answer != 0 && leg.changes) {
		charge_across(step, number, &leg, &closing);
	} else if (number == call->leg && charge_is_counted(call)) {
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
