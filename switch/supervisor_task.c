/*
 * supervisor_task: children are started in order, and ended in reverse.
 *
 * A task walks over a range of children with a cursor.  Every event changes
 * what is known of one child; then task_go_on() takes step after step until
 * it must wait for somebody again.  So no step calls another, and a child that
 * fails at once is no different from one that fails later.
 *
 *   status of the child   STARTING: the step      ENDING: the step
 *   STOPPED, RESTARTING   spawn, wait             go past it
 *   STARTING              wait                    tell it to end, wait
 *   RUNNING               go past it              tell it to end, wait
 *   ENDING                -                       wait
 *   DEAD                  -                       report it, go past it
 */
#include "switch/supervisor_internal.h"

#include <string.h>

void
task_start(struct hand *hand, enum task task, uint32_t from, uint32_t to)
{
	hand->state->phase = PHASE_STARTING;
	hand->state->task = (uint8_t)task;
	hand->state->cursor = from;
	hand->state->last = to;
}

void
task_end(struct hand *hand, enum task task, uint32_t from, uint32_t to)
{
	hand->state->phase = PHASE_ENDING;
	hand->state->task = (uint8_t)task;
	hand->state->cursor = from;
	hand->state->last = to;
}

static void
advance(struct hand *hand)
{
	struct supervisor_state *state = hand->state;

	state->cursor = state->cursor == state->last
	    ? 0
	    : child_at(hand->store, state->cursor)->after;
}

/* Whoever asked for this one child hears of it; groups have no asker. */
static void
answer(struct hand *hand, enum supervisor_error error, struct pid child,
    struct reason reason)
{
	if (hand->state->task == TASK_START_CHILD ||
	    hand->state->task == TASK_RESTART_CHILD ||
	    hand->state->task == TASK_TERMINATE_CHILD)
		administration_reply(
		    hand, &hand->state->asker, error, child, reason);
}

static const struct reason normal = { .kind = REASON_NORMAL };

/* No process any more, nor any that will come back under its pid. */
static void
lay_down(struct hand *hand, uint32_t ref)
{
	struct child *child = child_at(hand->store, ref);

	process_dissolve(hand->scheduler, child->pid,
	    (struct reason){ .kind = REASON_SHUTDOWN });
	restart_settled(hand, child);
	child_table_set_pid(hand->store, hand->table, ref, PID_NONE);
	child->status = CHILD_STOPPED;
}

/* otp.md 1.3, 1.17: a temporary child that does not run has no record. */
static void
lay_down_and_drop(struct hand *hand, uint32_t ref)
{
	lay_down(hand, ref);
	if (child_at(hand->store, ref)->as.spec.restart == RESTART_TEMPORARY)
		child_table_remove(hand->store, hand->table, ref);
}

void
task_child_started(struct hand *hand, uint32_t ref)
{
	struct child *child = child_at(hand->store, ref);

	if (child->status != CHILD_STARTING)
		return;
	child->status = CHILD_RUNNING;
	restart_settled(hand, child);
	if (hand->state->phase != PHASE_STARTING || hand->state->cursor != ref)
		return;
	answer(hand, SUPERVISOR_OK, child->pid, normal);
	advance(hand);
}

void
task_child_ignored(struct hand *hand, uint32_t ref)
{
	if (child_at(hand->store, ref)->status == CHILD_ENDING) {
		task_child_ended(hand, ref, normal);
	} else if (hand->state->cursor == ref) {
		answer(hand, SUPERVISOR_OK, PID_NONE, normal);
		advance(hand);
		lay_down_and_drop(hand, ref);
	}
}

/* otp.md 1.4, 1.19, 1.31: what a failed start means, its task says. */
void
task_child_failed(struct hand *hand, uint32_t ref, struct reason reason)
{
	struct supervisor_state *state = hand->state;
	struct child *child = child_at(hand->store, ref);

	if (child->status == CHILD_ENDING) {
		task_child_ended(hand, ref, reason);
		return;
	}
	supervisor_report(
	    hand, "start_error", child->as.spec.id, child->pid, reason);
	if (state->task == TASK_INIT) {
		lay_down(hand, ref);
		supervisor_stop(hand, reason);
		return;
	}
	state->phase = PHASE_IDLE;
	if (state->task == TASK_RESTART) {
		restart_later(hand, ref, reason);
		return;
	}
	answer(hand, SUPERVISOR_START_FAILED, PID_NONE, reason);
	lay_down(hand, ref);
	if (state->task == TASK_START_CHILD)
		child_table_remove(hand->store, hand->table, ref);
}

static void
begin(struct hand *hand, uint32_t ref)
{
	struct child *child = child_at(hand->store, ref);
	struct pid pid;
	int error =
	    supervisor_spawn(hand, &child->as.spec, NULL, child->pid, &pid);

	if (error != 0) {
		task_child_failed(hand, ref,
		    (struct reason){
			.kind = REASON_ERROR, .number = (uint16_t)-error });
		return;
	}
	if (hand->state->task == TASK_RESTART && hand->state->failed == ref)
		restart_record(hand, child, pid);
	child_table_set_pid(hand->store, hand->table, ref, pid);
	child->status = CHILD_STARTING;
}

static void
starting_done(struct hand *hand)
{
	hand->state->phase = PHASE_IDLE;
	if (hand->state->task == TASK_INIT)
		supervisor_started(hand);
}

/* otp.md 1.2: left to right, each acknowledged before the next. */
static bool
step_starting(struct hand *hand)
{
	uint32_t ref = hand->state->cursor;
	const struct child *child = child_at(hand->store, ref);

	if (ref == 0) {
		starting_done(hand);
		return true;
	}
	if (child->status == CHILD_STARTING)
		return false;
	if (child->status == CHILD_RUNNING)
		advance(hand);
	else
		begin(hand, ref);
	return true;
}

/* otp.md 1.25. */
static void
report_odd_end(
    struct hand *hand, const struct child *child, struct reason reason)
{
	if (!child_spec_expects(&child->as.spec, reason))
		supervisor_report(hand, "shutdown_error", child->as.spec.id,
		    child->pid, reason);
}

void
task_child_ended(struct hand *hand, uint32_t ref, struct reason reason)
{
	struct child *child = child_at(hand->store, ref);

	report_odd_end(hand, child, reason);
	(void)process_stop_timer(hand->self, TIMER_SHUTDOWN, 0);
	child->status = CHILD_STOPPED;
}

void
task_timed_out(struct hand *hand)
{
	const struct supervisor_state *state = hand->state;

	if (state->phase == PHASE_ENDING && state->cursor != 0)
		supervisor_exit_child(hand,
		    child_at(hand->store, state->cursor)->pid, REASON_KILL);
}

/* The one that is to be started again keeps its pid for its heir. */
static void
go_past(struct hand *hand, uint32_t ref)
{
	struct supervisor_state *state = hand->state;

	state->cursor =
	    ref == state->last ? 0 : child_at(hand->store, ref)->before;
	if (state->task != TASK_RESTART || state->failed != ref)
		lay_down_and_drop(hand, ref);
}

static void
ending_done(struct hand *hand)
{
	struct supervisor_state *state = hand->state;
	bool is_all = state->flags.strategy == STRATEGY_ONE_FOR_ALL;

	if (state->task == TASK_STOP) {
		supervisor_over(hand);
	} else if (state->task == TASK_RESTART) {
		task_start(hand, TASK_RESTART,
		    is_all ? hand->table->first : state->failed,
		    hand->table->last);
	} else {
		state->phase = PHASE_IDLE;
		answer(hand, SUPERVISOR_OK, PID_NONE, normal);
	}
}

/* otp.md 1.22: in reverse, one after another. */
static bool
step_ending(struct hand *hand)
{
	uint32_t ref = hand->state->cursor;
	struct child *child = child_at(hand->store, ref);

	if (ref == 0) {
		ending_done(hand);
		return true;
	}
	if (child->status == CHILD_ENDING)
		return false;
	if (child->status == CHILD_STARTING || child->status == CHILD_RUNNING) {
		child->status = CHILD_ENDING;
		supervisor_shut_down(hand, &child->as.spec, child->pid);
		return false;
	}
	if (child->status == CHILD_DEAD)
		report_odd_end(hand, child, child->reason);
	go_past(hand, ref);
	return true;
}

void
task_go_on(struct hand *hand)
{
	bool goes_on = !is_pool(hand);

	while (goes_on) {
		if (hand->state->phase == PHASE_STARTING)
			goes_on = step_starting(hand);
		else if (hand->state->phase == PHASE_ENDING)
			goes_on = step_ending(hand);
		else
			goes_on = false;
	}
}
