/*
 * release_books: who has come to a version, and who could not, by their states.
 *
 * Two words are said of who could not, failed and pinned (switch/retry.c says
 * which is which), and there is one count of each.  Whoever fails is barred,
 * and that is told by the scheduler that has it, at whatever stage: by a sweep,
 * before or after an event, when an event is given back; also after the release
 * was installed, as long as it is on trial.  Whoever is pinned stays a moment
 * or for ever: who is on another version than the one that all go to, and has
 * not failed.  They are counted as they begin to wait and cease to, by state,
 * so that nobody has to be looked for while all stand still; and told when
 * nobody is on the way any more.  The first of each scheduler, who are listed,
 * are looked at again for that.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

/*--------------------------------------------------------------------
 * What the schedulers tell
 */

void
release_on_departure(void *arg, const struct departure *departure)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	book_departure(&handler->books[departure->scheduler], departure);
}

void
release_on_barred(void *arg, struct pid pid, int error)
{
	struct release_handler *handler = arg;
	unsigned int number = pid_scheduler(pid);
	struct scheduler *at = scheduler_peer(handler->scheduler, number);
	struct process_info info;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (process_info(at, pid, &info) == 0)
		book_fail(&handler->books[number], at, &info, error);
}

unsigned int
release_state_number(void *arg, uint16_t behaviour, const void *state)
{
	const struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return state_names_find(&handler->names, behaviour, state);
}

void
release_on_waiting(
    void *arg, unsigned int scheduler, unsigned int state, int change)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	handler->books[scheduler].waiting_in[state] += (uint64_t)change;
}

uint64_t
release_hooks_faulted(const struct release_handler *handler)
{
	uint64_t faulted = 0;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		faulted += handler->books[i].faulted;
	return faulted;
}

uint64_t
release_failed(const struct release_handler *handler, uint16_t behaviour)
{
	uint64_t failed = 0;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		failed += process_failed(
		    scheduler_peer(handler->scheduler, i), behaviour);
	return failed;
}

/*--------------------------------------------------------------------
 * Opening and closing
 */

void
release_name_states(
    const struct release_handler *handler, struct state_names *ret_names)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count;

	memset(ret_names, 0, sizeof *ret_names);
	count = code_residents(
	    handler->code, handler->report.module, ids, RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		state_names_add(
		    ret_names, behaviour_at(handler->behaviours, ids[i]));
}

void
release_open_books(struct release_handler *handler, uint16_t target)
{
	unsigned int i;

	release_name_states(handler, &handler->names);
	for (i = 0; i < handler->schedulers; i++)
		book_open(&handler->books[i], target, &handler->names,
		    &handler->telephony);
}

void
release_close_books(struct release_handler *handler)
{
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		handler->books[i].target = handler->books[i].source = 0;
}

void
release_count_waiting_anew(struct release_handler *handler)
{
	struct book *book;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		book = &handler->books[i];
		memset(book->waiting_in, 0, sizeof book->waiting_in);
	}
}

void
release_turn_books(struct release_handler *handler)
{
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		handler->books[i].source = handler->books[i].target;
		handler->books[i].target = 0;
	}
}

/*--------------------------------------------------------------------
 * Reading
 */

static struct upgrade_failure
begin_failure(
    const struct release_handler *handler, struct pid pid, uint16_t behaviour)
{
	struct upgrade_failure failure = { .number = handler->report.number,
		.at = scheduler_now(handler->scheduler),
		.pid = pid };

	snprintf(failure.module, sizeof failure.module, "%s",
	    handler->report.module);
	snprintf(failure.version, sizeof failure.version, "%s",
	    behaviour_version(handler->behaviours, behaviour));
	return failure;
}

static void
name_state(const struct release_handler *handler,
    struct upgrade_failure *failure, unsigned int state)
{
	if (state < handler->names.count)
		snprintf(failure->state, sizeof failure->state, "%s",
		    handler->names.words[state]);
}

static void
send(const struct release_handler *handler,
    const struct upgrade_failure *failure)
{
	record_send(handler->scheduler, RECORD_UPGRADE_FAILURE, failure,
	    sizeof *failure);
}

static void
send_failed(
    const struct release_handler *handler, const struct book_failure *failed)
{
	struct upgrade_failure failure =
	    begin_failure(handler, failed->pid, failed->behaviour);

	failure.at = failed->at;
	failure.call = failed->call;
	name_state(handler, &failure, failed->state);
	snprintf(failure.text, sizeof failure.text, "%s%s",
	    failed->by_other ? "its other call stays: " : "",
	    process_change_why(failed->error));
	send(handler, &failure);
}

static void
add_book(struct upgrade_report *report, const struct book *book)
{
	unsigned int i;

	report->returned += book->returned;
	for (i = 0; i <= UPGRADE_STATES; i++) {
		report->converted += book->converted_in[i];
		report->failed += book->failed_in[i];
	}
	for (i = 0; i < report->state_count; i++) {
		report->states[i].converted += book->converted_in[i];
		report->states[i].failed += book->failed_in[i];
	}
}

static struct upgrade_state *
state_of(struct release_handler *handler, unsigned int i)
{
	struct upgrade_report *report = &handler->report;

	while (report->state_count <= i) {
		snprintf(report->states[report->state_count].word,
		    UPGRADE_STATE_BYTES, "%s",
		    handler->names.words[report->state_count]);
		report->state_count++;
	}
	return &report->states[i];
}

static void
clear_counts(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	struct upgrade_state *state;
	unsigned int i;

	report->converted = report->failed = report->returned = 0;
	for (i = 0; i < handler->names.count; i++) {
		state = state_of(handler, i);
		state->converted = state->failed = 0;
	}
}

void
release_read_books(struct release_handler *handler)
{
	struct book *book;
	unsigned int i;

	clear_counts(handler);
	for (i = 0; i < handler->schedulers; i++) {
		book = &handler->books[i];
		add_book(&handler->report, book);
		while (book->told < book->count)
			send_failed(handler, &book->failures[book->told++]);
	}
}

/*--------------------------------------------------------------------
 * Who is pinned
 */

static bool
is_pinned(
    const struct release_handler *handler, const struct process_info *info)
{
	const struct behaviour *of =
	    behaviour_at(handler->behaviours, info->behaviour);

	return of->target != 0 && !info->has_failed &&
	    strcmp(of->name, handler->report.module) == 0;
}

/* Of those that the last pass has met, who still is. */
static void
send_pinned(struct release_handler *handler, const struct sweep *sweep)
{
	const struct upgrade_telephony *telephony = &handler->telephony;
	struct upgrade_failure failure;
	struct process_info info;
	unsigned int i;

	for (i = 0; i < sweep->pinned_count; i++) {
		if (process_info(
			sweep->walk.scheduler, sweep->pinned[i], &info) != 0 ||
		    !is_pinned(handler, &info))
			continue;
		failure = begin_failure(handler, info.pid, info.behaviour);
		failure.is_pinned = true;
		if (telephony->call != NULL)
			failure.call = telephony->call(telephony->arg, &info);
		name_state(handler, &failure,
		    state_names_find(
			&handler->names, info.behaviour, info.state));
		release_say_why(
		    handler, &info, failure.text, sizeof failure.text);
		send(handler, &failure);
	}
}

static uint64_t
waiting_in(const struct release_handler *handler, unsigned int state)
{
	uint64_t waiting = 0;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		waiting += handler->books[i].waiting_in[state];
	return waiting;
}

void
release_count_pinned(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	unsigned int i;

	for (i = 0; i < report->state_count; i++)
		report->states[i].pinned = waiting_in(handler, i);
	for (i = 0; report->pinned > 0 && i < handler->schedulers; i++)
		send_pinned(handler, &handler->sweeps[i]);
}
