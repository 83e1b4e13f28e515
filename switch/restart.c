/*
 * restart: what follows from the end of a child (otp.md 1.6 to 1.20, 1.29).
 *
 *   child has ended
 *     wanted again?  no   stays away; if significant, the supervisor may end
 *     within limit?  no   the supervisor gives up: ends with `shutdown`
 *     strategy            the task that ends and starts whom it concerns
 *     start failed        RESTARTING; again by a message to ourselves, so that
 *                         requests between the tries are served; each counts.
 *                         With retry_ms: by a timer, not counted, with an alarm
 *                         until it has come or nobody waits for it
 */
#include <stdio.h>
#include <string.h>

#include "switch/alarm.h"
#include "switch/record.h"
#include "switch/record_queue.h"
#include "switch/supervisor_internal.h"

struct retry {
	struct pid pid;
	char id[CHILD_ID_MAX + 1];
};

void
restart_record(struct hand *hand, const struct child *child, struct pid new_pid)
{
	struct restart_record record = { .at = hand->scheduler->now,
		.old_pid = child->pid,
		.new_pid = new_pid,
		.reason = child->reason };

	(void)snprintf(
	    record.supervisor, sizeof record.supervisor, "%s", hand->name);
	(void)snprintf(
	    record.child, sizeof record.child, "%s", spec_of(hand, child)->id);
	record_send(hand->scheduler, RECORD_RESTART, &record, sizeof record);
}

/* otp.md 1.6 to 1.8. */
bool
restart_is_wanted(enum restart_type type, struct reason reason)
{
	switch (type) {
	case RESTART_PERMANENT:
		return true;
	case RESTART_TRANSIENT:
		return reason.kind != REASON_NORMAL &&
		    reason.kind != REASON_SHUTDOWN;
	case RESTART_TEMPORARY:
		return false;
	}
	return false;
}

/* Nothing restarts the root: the switch is about to stop (design 3). */
static void
raise_restart_limit(struct hand *hand, const struct child *child)
{
	const struct supervisor_flags *flags = &hand->state->flags;
	bool is_root =
	    pid_is_none(hand->scheduler->running.process->supervisor);
	struct alarm alarm = { .name = ALARM_RESTART_LIMIT,
		.severity = is_root ? ALARM_critical : ALARM_major };
	char text[64];

	(void)snprintf(
	    alarm.object, sizeof alarm.object, "supervisor %s", hand->name);
	(void)snprintf(alarm.text, sizeof alarm.text,
	    "more than %u in %u s, the last of %.20s: %.30s%s",
	    flags->intensity, flags->period_s, spec_of(hand, child)->id,
	    reason_text(child->reason, text, sizeof text),
	    is_root ? "; the switch stops" : "");
	alarm_raise(hand->scheduler, &alarm);
}

static void
give_up(struct hand *hand, const struct child *child)
{
	const struct reason reason = { .kind = REASON_SHUTDOWN };

	restart_record(hand, child, PID_NONE);
	supervisor_report(hand, "reached_max_restart_intensity",
	    spec_of(hand, child)->id, child->pid, child->reason);
	if (hand->state->flags.limit_is_per_child)
		return;
	raise_restart_limit(hand, child);
	supervisor_stop(hand, reason); /* otp.md 1.12 */
}

bool
restart_is_allowed(struct hand *hand, struct child *child)
{
	const struct supervisor_flags *flags = &hand->state->flags;
	uint32_t now_s = (uint32_t)(hand->scheduler->now / 1000000);
	struct restart_limit *limit =
	    flags->limit_is_per_child ? &child->limit : &hand->family->limit;

	if (!restart_limit_allows(
		hand->store, limit, flags->intensity, flags->period_s, now_s)) {
		give_up(hand, child);
		return false;
	}
	hand->state->restarts++;
	child->restarts++;
	hand->scheduler->counts.restarts++;
	return true;
}

/* otp.md 1.14 to 1.16. */
static void
begin(struct hand *hand, uint32_t ref)
{
	struct child_table *table = hand->table;

	hand->state->failed = ref;
	switch (hand->state->flags.strategy) {
	case STRATEGY_ONE_FOR_ONE:
		task_start(hand, TASK_RESTART, ref, ref);
		break;
	case STRATEGY_ONE_FOR_ALL:
		task_end(hand, TASK_RESTART, table->last, table->first);
		break;
	case STRATEGY_REST_FOR_ONE:
		task_end(hand, TASK_RESTART, table->last, ref);
		break;
	case STRATEGY_POOL:
		pool_restart(hand, ref);
		break;
	}
}

static bool
has_live_significant(const struct hand *hand)
{
	const struct child *child;
	uint32_t ref;

	for (ref = hand->table->first; ref != 0; ref = child->after) {
		child = child_at(hand->store, ref);
		if (child->as.spec.is_significant &&
		    child->status == CHILD_RUNNING)
			return true;
	}
	return false;
}

/* otp.md 1.29: it has ended by itself, and stays away. */
static void
may_shut_down(struct hand *hand)
{
	enum auto_shutdown when = hand->state->flags.auto_shutdown;

	if (when == AUTO_SHUTDOWN_ANY_SIGNIFICANT ||
	    (when == AUTO_SHUTDOWN_ALL_SIGNIFICANT &&
		!has_live_significant(hand)))
		supervisor_stop(
		    hand, (struct reason){ .kind = REASON_SHUTDOWN });
}

static void
stay_away(struct hand *hand, uint32_t ref)
{
	struct child *child = child_at(hand->store, ref);
	bool is_significant = child->as.spec.is_significant;

	process_dissolve(hand->scheduler, child->pid, child->reason);
	child_table_set_pid(hand->store, hand->table, ref, PID_NONE);
	child->status = CHILD_STOPPED;
	if (child->as.spec.restart == RESTART_TEMPORARY)
		child_table_remove(hand->store, hand->table, ref);
	if (is_significant)
		may_shut_down(hand);
}

void
restart_child_ended(struct hand *hand, uint32_t ref, struct reason reason)
{
	struct child *child = child_at(hand->store, ref);
	enum restart_type type = child->as.spec.restart;

	child->reason = reason;
	if (type == RESTART_PERMANENT ||
	    restart_is_wanted(RESTART_TRANSIENT, reason))
		supervisor_report(hand, "child_terminated", child->as.spec.id,
		    child->pid, reason);
	if (!restart_is_wanted(type, reason)) {
		stay_away(hand, ref);
		return;
	}
	child->status = CHILD_RESTARTING;
	if (restart_is_allowed(hand, child))
		begin(hand, ref);
}

static bool
is_spaced(const struct hand *hand)
{
	return hand->state->flags.retry_ms > 0;
}

/* Of the members of a pool together, which bear one name. */
static void
raise_process_down(struct hand *hand, const struct child *child)
{
	struct alarm alarm = { .name = ALARM_PROCESS_DOWN,
		.severity = ALARM_major };
	char text[64];

	(void)snprintf(alarm.object, sizeof alarm.object, "%s below %s",
	    spec_of(hand, child)->id, hand->name);
	(void)snprintf(alarm.text, sizeof alarm.text, "%s",
	    reason_text(child->reason, text, sizeof text));
	alarm_raise(hand->scheduler, &alarm);
}

static bool
has_waiting(const struct hand *hand)
{
	const struct child *child;
	uint32_t ref;

	for (ref = hand->table->first; ref != 0; ref = child->after) {
		child = child_at(hand->store, ref);
		if (child->tries > 0)
			return true;
	}
	return false;
}

/* Also what a supervisor before this one has raised. */
static void
clear_process_down(struct hand *hand, const struct child *child)
{
	char object[ALARM_OBJECT_SIZE];

	if (!alarm_stands(hand->scheduler) ||
	    (is_pool(hand) && has_waiting(hand)))
		return;
	(void)snprintf(object, sizeof object, "%s below %s",
	    spec_of(hand, child)->id, hand->name);
	alarm_clear(hand->scheduler, ALARM_PROCESS_DOWN, object);
}

/* Twice as long after each try, up to the cap. */
static uint64_t
delay_us(const struct hand *hand, uint8_t tries)
{
	const struct supervisor_flags *flags = &hand->state->flags;
	uint64_t ms = flags->retry_ms;

	while (--tries > 0 && ms < flags->retry_cap_ms)
		ms *= 2;
	return (ms < flags->retry_cap_ms ? ms : flags->retry_cap_ms) * 1000;
}

/* The one that is due first of all that wait. */
static void
arm(struct hand *hand)
{
	uint64_t now = hand->scheduler->now, first = UINT64_MAX;
	const struct child *child;
	uint32_t ref;

	for (ref = hand->table->first; ref != 0; ref = child->after) {
		child = child_at(hand->store, ref);
		if (child->status == CHILD_RESTARTING &&
		    child->retry_at < first)
			first = child->retry_at;
	}
	if (first != UINT64_MAX &&
	    process_start_timer(
		hand->self, TIMER_RETRY, 0, first < now ? 0 : first - now) != 0)
		supervisor_stop(
		    hand, (struct reason){ .kind = REASON_SHUTDOWN });
}

void
restart_settled(struct hand *hand, struct child *child)
{
	bool was_waiting = child->tries > 0 && is_spaced(hand);

	child->tries = 0;
	clear_process_down(hand, child);
	if (was_waiting)
		arm(hand); /* others may still wait */
}

/* otp.md 1.19: to ourselves, behind the mail that is there. */
static void
ask_again(struct hand *hand, const struct child *child)
{
	struct retry retry = { .pid = child->pid };

	memcpy(retry.id, spec_of(hand, child)->id, sizeof retry.id);
	if (supervisor_send(
		hand, hand->pid, EVENT_TRY_AGAIN, &retry, sizeof retry) != 0)
		supervisor_stop(
		    hand, (struct reason){ .kind = REASON_SHUTDOWN });
}

void
restart_later(struct hand *hand, uint32_t ref, struct reason reason)
{
	struct child *child = child_at(hand->store, ref);

	child->status = CHILD_RESTARTING;
	child->reason = reason;
	if (child->tries < UINT8_MAX)
		child->tries++;
	if (!is_spaced(hand)) {
		ask_again(hand, child);
		return;
	}
	if (child->tries == 1)
		raise_process_down(hand, child);
	child->retry_at = hand->scheduler->now + delay_us(hand, child->tries);
	arm(hand);
}

void
restart_try_again(struct hand *hand, const struct message *event)
{
	struct retry retry;
	struct child *child;
	uint32_t ref;

	if (!pid_equal(event->from, hand->pid))
		return;
	if (hand->state->phase != PHASE_IDLE) {
		supervisor_postpone(hand);
		return;
	}
	memcpy(&retry, event->body.bytes, sizeof retry);
	ref = is_pool(hand)
	    ? child_table_find_pid(hand->store, hand->table, retry.pid)
	    : child_table_find(hand->store, hand->table, retry.id);
	child = child_at(hand->store, ref);
	if (ref != 0 && child->status == CHILD_RESTARTING &&
	    restart_is_allowed(hand, child))
		begin(hand, ref);
}

/* A group has one task at a time: the next in line gets its time-out too. */
void
restart_retry_due(struct hand *hand)
{
	uint64_t now = hand->scheduler->now;
	const struct child *child;
	uint32_t ref, after;

	if (hand->state->phase != PHASE_IDLE) {
		supervisor_postpone(hand);
		return;
	}
	for (ref = hand->table->first; ref != 0; ref = after) {
		child = child_at(hand->store, ref);
		after = child->after;
		if (child->status != CHILD_RESTARTING || child->retry_at > now)
			continue;
		begin(hand, ref);
		if (hand->state->phase != PHASE_IDLE)
			return;
	}
	arm(hand);
}
