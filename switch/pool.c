/*
 * pool: OTP's simple_one_for_one, many children from one template.
 *
 * A member that is temporary is its process and nothing else: a million calls
 * cost their supervisor not a byte; nor does it hear of their start, for its
 * answer to who asked is sent with init()'s commit (struct spawn, tells_asker).
 * One that may be restarted has a record, found by its pid, with the start
 * event it was given.  Members start and end side by side; so a pool is never
 * busy, but for one terminate_child at a time.
 *
 *   record of a member: STARTING -> RUNNING -> RESTARTING -> STARTING ...
 *   it goes when the member ends for good, or never came
 */
#include <string.h>

#include "switch/log.h"
#include "switch/supervisor_internal.h"

static const struct reason normal = { .kind = REASON_NORMAL };

static uint32_t
record_of(const struct hand *hand, struct pid pid)
{
	return child_table_find_pid(hand->store, hand->table, pid);
}

static void
forget(struct hand *hand, uint32_t ref)
{
	if (ref == 0)
		return;
	restart_settled(hand, child_at(hand->store, ref));
	child_table_remove(hand->store, hand->table, ref);
}

static bool
is_stopping(const struct hand *hand)
{
	return hand->state->task == TASK_STOP;
}

/* otp.md 1.26: one report for each reason. */
static void
report_strays(struct hand *hand)
{
	const struct supervisor_state *state = hand->state;
	struct reason reason = { .kind = REASON_NORMAL };
	char text[64];

	for (; reason.kind <= REASON_FAULT; reason.kind++)
		if (state->strays[reason.kind] != 0)
			log_line(hand->scheduler->log,
			    supervisor_entry(hand, LEVEL_error),
			    "supervisor %s shutdown_error %u of %s %s",
			    hand->name, state->strays[reason.kind],
			    state->template.id,
			    reason_text(reason, text, sizeof text));
}

static void
end_if_empty(struct hand *hand)
{
	if (hand->family->head.count != 0 || hand->state->phase == PHASE_OVER)
		return;
	report_strays(hand);
	supervisor_over(hand);
}

static void
refuse(struct hand *hand, const struct asker *asker,
    enum supervisor_error error, struct reason reason)
{
	administration_reply(hand, asker, error, PID_NONE, reason);
}

/* What must be remembered of a member comes first: it may be full. */
static bool
remember(struct hand *hand, const struct message *request, uint32_t *ret_ref)
{
	if (hand->state->template.restart == RESTART_TEMPORARY)
		return true;
	*ret_ref = child_table_add_member(
	    hand->store, hand->table, request->body.bytes, request->length);
	if (*ret_ref == 0)
		return false;
	child_at(hand->store, *ret_ref)->status = CHILD_STARTING;
	return true;
}

void
pool_start_child(struct hand *hand, const struct message *request)
{
	struct asker asker = { .pid = request->from,
		.request = EVENT_START_CHILD };
	struct reason reason = { .kind = REASON_ERROR };
	uint32_t ref = 0;
	struct pid pid;
	int error;

	memcpy(&asker.key, request->body.bytes, sizeof asker.key);
	if (!remember(hand, request, &ref)) {
		refuse(hand, &asker, SUPERVISOR_FULL, reason);
		return;
	}
	error = supervisor_spawn(
	    hand, &hand->state->template, request, PID_NONE, &pid);
	if (error != 0) {
		reason.number = (uint16_t)-error;
		forget(hand, ref);
		refuse(hand, &asker, SUPERVISOR_START_FAILED, reason);
	} else if (ref != 0) {
		child_table_set_pid(hand->store, hand->table, ref, pid);
	}
}

static struct asker
asker_of(const struct event_started *started)
{
	return (struct asker){ .pid = started->requester,
		.key = started->key,
		.request = EVENT_START_CHILD };
}

void
pool_started(struct hand *hand, const struct event_started *started)
{
	const struct asker asker = asker_of(started);
	uint32_t ref = record_of(hand, started->pid);
	struct child *child = child_at(hand->store, ref);

	if (ref != 0 && child->status == CHILD_STARTING) {
		child->status = CHILD_RUNNING;
		child->was_started = true;
		restart_settled(hand, child);
	}
	administration_reply(hand, &asker, SUPERVISOR_OK, started->pid, normal);
}

/* otp.md 1.3, 1.19: a member that ignores its start is none. */
void
pool_failed(struct hand *hand, const struct event_started *started)
{
	const struct asker asker = asker_of(started);
	bool ignored = started->reason.kind == REASON_NORMAL;
	uint32_t ref = record_of(hand, started->pid);

	if (!ignored)
		supervisor_report(hand, "start_error", hand->state->template.id,
		    started->pid, started->reason);
	refuse(hand, &asker, ignored ? SUPERVISOR_OK : SUPERVISOR_START_FAILED,
	    started->reason);
	if (ref != 0 && !ignored && !is_stopping(hand) &&
	    child_at(hand->store, ref)->was_started)
		restart_later(hand, ref, started->reason);
	else
		forget(hand, ref);
	if (is_stopping(hand))
		end_if_empty(hand);
}

void
pool_restart(struct hand *hand, uint32_t ref)
{
	struct child *child = child_at(hand->store, ref);
	struct message start = { .length = child->as.start.length };
	struct pid pid;
	int error;

	memcpy(start.body.bytes, child->as.start.bytes, start.length);
	error = supervisor_spawn(
	    hand, &hand->state->template, &start, PID_NONE, &pid);
	if (error != 0) {
		restart_later(hand, ref,
		    (struct reason){
			.kind = REASON_ERROR, .number = (uint16_t)-error });
		return;
	}
	restart_record(hand, child, pid);
	child_table_set_pid(hand->store, hand->table, ref, pid);
	child->status = CHILD_STARTING;
}

static void
answer_terminate(struct hand *hand)
{
	(void)process_stop_timer(hand->self, TIMER_SHUTDOWN, 0);
	hand->state->ending = PID_NONE;
	administration_reply(
	    hand, &hand->state->asker, SUPERVISOR_OK, PID_NONE, normal);
}

static void
count_stray(struct hand *hand, struct reason reason)
{
	if (reason.kind <= REASON_FAULT &&
	    !child_spec_expects(&hand->state->template, reason))
		hand->state->strays[reason.kind]++;
}

static void
restart(struct hand *hand, uint32_t ref, struct reason reason)
{
	struct child *child = child_at(hand->store, ref);

	child->reason = reason;
	child->status = CHILD_RESTARTING;
	if (restart_is_allowed(hand, child))
		pool_restart(hand, ref);
	else if (hand->state->flags.limit_is_per_child)
		forget(hand, ref);
}

void
pool_child_ended(struct hand *hand, struct pid pid, struct reason reason)
{
	struct supervisor_state *state = hand->state;
	uint32_t ref = record_of(hand, pid);

	if (is_stopping(hand)) {
		count_stray(hand, reason);
		forget(hand, ref);
		end_if_empty(hand);
	} else if (pid_equal(state->ending, pid)) {
		answer_terminate(hand);
		forget(hand, ref);
	} else {
		if (restart_is_wanted(RESTART_TRANSIENT, reason))
			supervisor_report(hand, "child_terminated",
			    state->template.id, pid, reason);
		if (ref != 0 && child_at(hand->store, ref)->was_started &&
		    restart_is_wanted(state->template.restart, reason))
			restart(hand, ref, reason);
		else
			forget(hand, ref);
	}
}

/* otp.md 1.33: by pid; one that is dead already is ended. */
void
pool_terminate_child(
    struct hand *hand, const struct asker *asker, struct pid pid)
{
	const struct process *process = process_find(hand->scheduler, pid);
	uint32_t ref = record_of(hand, pid);

	if (process == NULL) {
		forget(hand, ref); /* it waits for its next try */
		administration_reply(
		    hand, asker, SUPERVISOR_OK, PID_NONE, normal);
	} else if (!pid_equal(process->supervisor, hand->pid)) {
		refuse(hand, asker, SUPERVISOR_NOT_FOUND, normal);
	} else {
		hand->state->ending = pid;
		hand->state->asker = *asker;
		supervisor_shut_down(hand, &hand->state->template, pid);
	}
}

/* otp.md 1.26: all at once, one timer; later kill who is left. */
static void
signal_all(struct hand *hand, enum reason_kind kind)
{
	uint32_t slot = hand->family->youngest, older;

	for (; slot != 0; slot = older) {
		older = process_at(hand->scheduler, slot)->older;
		supervisor_exit_child(hand,
		    process_pid(
			hand->scheduler, process_at(hand->scheduler, slot)),
		    kind);
	}
}

void
pool_timed_out(struct hand *hand)
{
	if (is_stopping(hand))
		signal_all(hand, REASON_KILL);
	else if (!pid_is_none(hand->state->ending))
		supervisor_exit_child(hand, hand->state->ending, REASON_KILL);
}

void
pool_stop(struct hand *hand)
{
	struct supervisor_state *state = hand->state;
	int ms = state->template.shutdown_ms;

	state->phase = PHASE_ENDING;
	state->task = TASK_STOP;
	state->cursor = 0;
	if (ms > 0 &&
	    process_start_timer(
		hand->self, TIMER_SHUTDOWN, 0, (uint64_t)ms * 1000) != 0)
		ms = SHUTDOWN_BRUTAL_KILL; /* full: who would end the wait? */
	signal_all(
	    hand, ms == SHUTDOWN_BRUTAL_KILL ? REASON_KILL : REASON_SHUTDOWN);
	if (hand->family->head.count == 0)
		end_if_empty(hand);
}
