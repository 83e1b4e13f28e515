/*
 * ending: how a call comes to its end, and what is written of it.
 *
 * conclude() says why, through whom and when, once; whatever comes later
 * changes none of it, and the charge stops there.  write_record() puts that
 * and the call's facts together; the exchange adds what the call cannot know.
 * Not here: who gives his port back when, which is the rows' to say.
 */
#ifndef CALLS_CALL_ENDING_H
#define CALLS_CALL_ENDING_H

#include "calls/call/leg.h"

static uint8_t
cause_of(const struct step *step)
{
	return step->cause != CAUSE_NONE ? step->cause : step->row->cause;
}

/* Why and through whom the call ends: said once, never taken back. */
static void
conclude(const struct step *step, enum local_reason reason, enum side side)
{
	struct call *call = step->call;

	if (call->t_release != 0)
		return;
	call->t_release = step->at != 0 ? step->at : stamp(step);
	call->cause = cause_of(step);
	call->local_reason = (uint8_t)(step->has_failed ? LOCAL_TRUNK : reason);
	call->release_side = (uint8_t)side;
	charge(call, call->t_release, true);
	close_legs(step);
	if (release.released != NULL)
		release.released(call, call->t_release);
}

static void
write_record(const struct step *step)
{
	const struct call *call = step->call;
	struct call_record record = {
		.call = call->call,
		.t_dialled = call->t_dialled,
		.t_alert = call->t_alert,
		.t_answer = call->t_answer,
		.t_release = call->t_release,
		.port_a = port_of(call, SIDE_A),
		.port_b = port_of(call, SIDE_B),
		.attempts = call->route_attempts,
		.cause = call->cause,
		.local_reason = call->local_reason,
		.release_side = call->release_side,
		.diagnostic = step->input == ON(T308) /* T85 */
		    ? CAUSE_TIMER_RECOVERY
		    : CAUSE_NONE,
	};

	memcpy(record.dialled, call->CALLED, sizeof record.dialled);
	record_overdial(call, &record);
	if (release.record != NULL)
		release.record(call, &record);
	must(step, exchange_record(step->self, &record));
}

#endif
