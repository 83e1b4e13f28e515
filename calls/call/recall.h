/*
 * recall: who has left a call is rung again, by whom he left there.
 *
 * The call is in ALERT once more, with him as B and the other as A, and with
 * Trecall in place of T301: by that it is known.  It was answered long ago, and
 * is charged as it was.
 */
#ifndef CALLS_CALL_RECALL_H
#define CALLS_CALL_RECALL_H

#include "calls/call/hold.h"

static void
connect_ports(const struct step *step)
{
	const struct call *call = step->call;

	must(step,
	    port_connect(
		step->self, port_of(call, SIDE_A), port_of(call, SIDE_B)));
}

static void
ring_again(struct step *step)
{
	const struct call *call = step->call;

	hear(step, SIDE_B, TONE_none);
	must(step,
	    port_setup(
		step->self, port_of(call, SIDE_B), port_of(call, SIDE_A)));
	hear(step, SIDE_A, TONE_ringback);
	arm(step, TIMER_Trecall, DELAY_Trecall);
}

/* A is B and B is A from now on. */
static void
swap_sides(struct call *call)
{
	const uint32_t port = port_of(call, SIDE_A);
	const uint8_t tone = tone_of(call, SIDE_A);

	set_port(call, SIDE_A, port_of(call, SIDE_B));
	set_tone(call, SIDE_A, (enum tone)tone_of(call, SIDE_B));
	set_port(call, SIDE_B, port);
	set_tone(call, SIDE_B, (enum tone)tone);
}

/* He has hung up in his other call, and holds somebody here (T90). */
static void
recall_holder(struct step *step)
{
	tell_held(step, false);
	set_held(step->call, 0, stamp(step));
	if (step->side == SIDE_A)
		swap_sides(step->call);
	ring_again(step);
}

static bool
is_recalled(const struct step *step)
{
	return step->call->timer == TIMER_Trecall;
}

/* He is back: what was charged before goes on, and nothing begins. */
static void
reconnect(struct step *step)
{
	disarm(step);
	connect_ports(step);
	hear_all(step, TONE_speech);
}

/* clang-format off */
/* Of a state in which somebody holds, before T37. */
#define RECALLING_ROWS                                                         \
ROW(T90, SIGNAL_LEFT, NONE, holds, recall_holder, alerting, NONE)

/* Of ALERT, before T21. */
#define RECALL_ROWS                                                            \
ROW(T21, SIGNAL_ANSWER, B, is_recalled, reconnect, active, NONE),              \
ROW(T35, SIGNAL_ALERTING, B, is_recalled, NULL, alerting, NONE),               \
ROW(T23, ON(Trecall), NONE, NULL, treat, treated, NO_ANSWER)
/* clang-format on */

#endif
