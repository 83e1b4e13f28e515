/*
 * preemption: who must go when an emergency call finds no circuit, and how
 * that call waits for it; as every release from 2.0 on has it.
 *
 * The emergency call rests in ROUTE meanwhile, while Tpreempt runs (T55, T56).
 * The other one loses a side and tells the others why (T57).
 */
#ifndef CALLS_CALL_PREEMPTION_H
#define CALLS_CALL_PREEMPTION_H

#include "calls/call/basic.h"

/*--------------------------------------------------------------------
 * The emergency call
 */

static bool
may_preempt(const struct step *step)
{
	return is_full(step) &&
	    route_may_preempt(
		step->self, step->call->route, port_of(step->call, SIDE_A));
}

static void
preempt(struct step *step)
{
	must(step,
	    route_preempt(
		step->self, step->call->route, port_of(step->call, SIDE_A)));
	arm(step, TIMER_Tpreempt, DELAY_Tpreempt);
}

static bool
is_kept_free(const struct step *step)
{
	return route_is_kept(step->self, port_of(step->call, SIDE_A));
}

static void
present_kept(struct step *step)
{
	struct call *call = step->call;
	const struct seizure seizure = route_take_kept(
	    step->self, call->route, port_of(call, SIDE_A), call->CALLED);

	must(step, seizure.status);
	step->number = TRANSLATION_NOWHERE;
	step->port = seizure.port;
	call->route_attempts++;
	present(step);
}

/* Nobody has made room for it in time. */
static void
treat_without_circuit(struct step *step)
{
	must(step, route_unkeep(step->self, port_of(step->call, SIDE_A)));
	treat(step);
}

/* clang-format off */
/* Of ROUTE, before T15. */
#define PREEMPTION_IN_ROUTING                                                  \
ROW(T55, ON_ENTRY, NONE, may_preempt, preempt, routing, NONE),                 \
ROW(T56, SIGNAL_CIRCUIT_FREE, NONE, is_kept_free, present_kept, presented,     \
    NONE),                                                                     \
ROW(T56, ON(Tpreempt), NONE, is_kept_free, present_kept, presented, NONE),     \
ROW(T56, ON(Tpreempt), NONE, NULL, treat_without_circuit, treated,             \
    NO_CIRCUIT),                                                               \
ROW(T58, ON_GONE, A, NULL, cancel, releasing, NORMAL),                         \
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, routing, NONE),                \
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
/* clang-format on */

/*--------------------------------------------------------------------
 * The one that must go
 */

static void
lose_circuit(struct step *step)
{
	struct call *call = step->call;
	const enum side side = (enum side)step->side;

	conclude(step, LOCAL_PREEMPTED, SIDE_NET);
	must(step,
	    port_release(
		step->self, port_of(call, side), CAUSE_PREEMPTION_RESERVED));
	lose(call, side);
	if (is_ringing(call->state))
		let_go(step, SIDE_B);
}

static void
be_preempted(struct step *step)
{
	lose_circuit(step);
	disconnect_all(step);
	hear_all(step, TONE_preemption);
	arm(step, TIMER_T306, DELAY_T306);
}

/* clang-format off */
/* Of a state in which others hear of it; `its_action` tidies up there first. */
#define PREEMPTION_ROW(its_action)                                             \
ROW(T57, SIGNAL_PREEMPT, NONE, NULL, its_action, clearing, PREEMPTION)

/* Likewise of one in which nobody does. */
#define PREEMPTION_OF_LAST_ROW(its_action)                                     \
ROW(T57, SIGNAL_PREEMPT, NONE, NULL, its_action, releasing, PREEMPTION)

/* Of one in which B rings: A hears of it, or nobody does. */
#define PREEMPTION_ROWS                                                        \
ROW(T57, SIGNAL_PREEMPT, B, NULL, be_preempted, clearing, PREEMPTION),         \
PREEMPTION_OF_LAST_ROW(lose_circuit)
/* clang-format on */

#endif
