/*
 * pickup: a ringing call is answered at another line of the group.
 *
 * The exchange has claimed the call for that line and handed it here; what the
 * call costs, and who pays, stays as it was dialled.
 */
#ifndef CALLS_CALL_PICKUP_H
#define CALLS_CALL_PICKUP_H

#include "calls/call/transfer.h"

static bool
is_claimed(const struct step *step)
{
	return exchange_claimant(step->self, step->call->call) != LINE_NONE;
}

static bool
is_claimed_recall(const struct step *step)
{
	return is_recalled(step) && is_claimed(step);
}

/* Who rang is let go, and who picks up is B. */
static void
admit(struct step *step)
{
	struct call *call = step->call;
	const uint32_t line = exchange_claimant(step->self, call->call);

	let_go(step, SIDE_B);
	must(step, exchange_join_claimant(step->self, call->call));
	join(call, SIDE_B, line);
	connect_ports(step);
	look_again(step);
}

/* The leg to who rang has ended, and the last is that to who picks up. */
static void
pick_up(struct step *step)
{
	struct call *call = step->call;
	struct leg_view leg;

	admit(step);
	leg = leg_look(step->self, call->call, call->leg);
	if (!leg.is_open)
		call->leg = (uint8_t)count_legs(step);
	connect(step);
}

static void
pick_up_recall(struct step *step)
{
	admit(step);
	reconnect(step);
}

/* clang-format off */
/* Of ALERT, before T21. */
#define PICKUP_ROWS                                                            \
ROW(T25, SIGNAL_PICKUP, NONE, is_claimed_recall, pick_up_recall, active, NONE),\
ROW(T25, SIGNAL_PICKUP, NONE, is_claimed, pick_up, active, NONE)
/* clang-format on */

#endif
