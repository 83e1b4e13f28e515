/*
 * release_rehearsal: a rehearsal as a stage, from its begin to its report.
 *
 * The release is resident meanwhile, but nobody's target and not current.  A
 * version that was fetched for the rehearsal alone is unloaded after it: what
 * is left behind is a report.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "switch/text.h"
#include "upgrade/code.h"
#include "upgrade/rehearsal.h"
#include "upgrade/release_internal.h"
#include "upgrade/schema.h"

enum { CAUSES_BYTES = 224, FOUND_BYTES = 192 };

static void
say_found(const struct rehearsal_result *result, char *text, size_t size)
{
	text[0] = '\0';
	if (result->failed > 0)
		text_append(text, size,
		    "%" PRIu64 " of %" PRIu64 " could not be converted",
		    result->failed,
		    result->failed + result->pinned + result->converted);
	else
		text_append(text, size,
		    "%" PRIu64 " would be converted, %" PRIu64 " pinned",
		    result->converted, result->pinned);
	if (result->skipped > 0)
		text_append(text, size,
		    ", %" PRIu64 " without code_change, which faults",
		    result->skipped);
	if (result->astray > 0)
		text_append(text, size,
		    ", %" PRIu64 " would not come back as they should",
		    result->astray);
	if (result->is_cut)
		text_append(text, size, ", given up as its code does not end");
}

/* "; nothing has changed, 1.0 stays current" behind what was found. */
static void
say(struct release_handler *handler, const struct rehearsal_result *result)
{
	struct upgrade_report *report = &handler->report;
	char causes[CAUSES_BYTES], found[FOUND_BYTES];

	rehearsal_text(result, causes, sizeof causes);
	say_found(result, found, sizeof found);
	snprintf(report->text, sizeof report->text,
	    "%s%s%s; nothing has changed, %s stays current", found,
	    causes[0] == '\0' ? "" : ": ", causes, report->version_from);
}

static void
fill_states(
    struct release_handler *handler, const struct rehearsal_result *result)
{
	const struct state_names *names = &handler->rehearsed;
	struct upgrade_state *state = handler->report.states;
	unsigned int i;

	for (i = 0; i < names->count; i++, state++) {
		snprintf(
		    state->word, sizeof state->word, "%s", names->words[i]);
		state->converted = result->converted_in[i];
		state->pinned = result->pinned_in[i];
		state->failed = result->failed_in[i];
	}
	handler->report.state_count = names->count;
}

static void
fill_report(
    struct release_handler *handler, const struct rehearsal_result *result)
{
	struct upgrade_report *report = &handler->report;

	release_count_up(handler, handler->from);
	report->converted = result->converted;
	report->pinned = result->pinned;
	report->failed = result->failed;
	report->lossy = result->lossy;
	fill_states(handler, result);
	rehearsal_pauses(
	    handler->rehearsal, &report->pauses_cpu, &report->pauses_wall);
	say(handler, result);
}

/* What it needed is gone; the others are halted. */
static void
clear_away(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;

	rehearsal_free(&handler->rehearsal);
	if (handler->is_resident || handler->to == 0 ||
	    code_purge(handler->code, report->module, report->version_to) == 0)
		return;
	text_append(report->text, sizeof report->text, "; %s stays loaded",
	    report->version_to);
}

/* Who it is, unless he has ended since: the others are halted. */
static void
name_failure(
    const struct release_handler *handler, struct upgrade_failure *failure)
{
	const struct upgrade_telephony *telephony = &handler->telephony;
	const struct behaviour *behaviour;
	const struct field *state;
	struct process_info info;

	failure->call = 0;
	failure->state[0] = '\0';
	if (process_info(scheduler_where(handler->scheduler, failure->pid),
		failure->pid, &info) != 0)
		return;
	behaviour = behaviour_at(handler->behaviours, info.behaviour);
	state = schema_find(&behaviour->module->schema, "state");
	snprintf(failure->version, sizeof failure->version, "%s",
	    behaviour->version);
	if (telephony->call != NULL)
		failure->call = telephony->call(telephony->arg, &info);
	if (state != NULL && info.state != NULL)
		schema_text(
		    state, info.state, failure->state, sizeof failure->state);
}

/* The first of those that failed, for table upgrade_failure. */
static void
send_failures(const struct release_handler *handler,
    const struct rehearsal_result *result)
{
	struct upgrade_failure failure = { .number = handler->report.number,
		.at = scheduler_now(handler->scheduler),
		.is_rehearsed = true };
	unsigned int i;

	snprintf(failure.module, sizeof failure.module, "%s",
	    handler->report.module);
	snprintf(failure.version, sizeof failure.version, "%s",
	    handler->report.version_from);
	for (i = 0; i < result->failures; i++) {
		failure.pid = result->failure[i].pid;
		name_failure(handler, &failure);
		if (result->failure[i].is_down) /* where he would be then */
			snprintf(failure.version, sizeof failure.version, "%s",
			    handler->report.version_to);
		rehearsal_failure_text(
		    &result->failure[i], failure.text, sizeof failure.text);
		record_send(handler->scheduler, RECORD_UPGRADE_FAILURE,
		    &failure, sizeof failure);
	}
}

/* Whoever is not back as he was going is why it is not to be begun. */
static bool
has_failed(const struct rehearsal_result *result)
{
	return result->failed > 0 || result->astray > 0 || result->is_cut;
}

/* It is all that was asked for, or the upgrade ends with it. */
static void
answer(struct release_handler *handler, const struct rehearsal_result *result)
{
	fill_report(handler, result);
	clear_away(handler);
	if (has_failed(result))
		release_resume(
		    handler, UPGRADE_refused, UPGRADE_REASON_rehearsal);
	else
		release_resume(handler, UPGRADE_rehearsed, UPGRADE_REASON_none);
}

static void
close_rehearsal(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	struct rehearsal_result result;

	rehearsal_sum(handler->rehearsal, &result);
	report->rehearsed = result.converted + result.pinned + result.failed;
	release_end_stage(handler, &report->rehearsing);
	send_failures(handler, &result);
	if (report->is_rehearsal || result.is_cut ||
	    (has_failed(&result) && !handler->order.keeps_old)) {
		answer(handler, &result);
		return;
	}
	rehearsal_free(&handler->rehearsal);
	report->stage = UPGRADE_rehearsed;
	release_begin_trial(handler);
}

/* One slice on home, a scheduler_slice_f, and a look at the others'. */
static bool
slice(void *arg)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	(void)rehearsal_slice(handler->rehearsal);
	if (!rehearsal_is_over(handler->rehearsal))
		return true;
	scheduler_halt_others(handler->scheduler);
	close_rehearsal(handler);
	scheduler_let_go(handler->scheduler);
	assert(release_assert_state(handler));
	return handler->sweeps[0].order != NULL; /* it goes on, with those */
}

void
release_give_up_rehearsal(struct release_handler *handler,
    enum upgrade_reason reason, const char *why)
{
	struct upgrade_report *report = &handler->report;
	unsigned int i;

	scheduler_halt_others(handler->scheduler);
	for (i = 0; i < handler->schedulers; i++)
		scheduler_set_slice(
		    scheduler_peer(handler->scheduler, i), NULL, NULL);
	snprintf(report->text, sizeof report->text,
	    "given up: %s; nothing has changed by it", why);
	clear_away(handler);
	release_resume(handler, UPGRADE_refused, reason);
	scheduler_let_go(handler->scheduler);
}

void
release_begin_rehearsing(struct release_handler *handler)
{
	const struct rehearsal_order order = { .home = handler->scheduler,
		.code = handler->code,
		.module = handler->report.module,
		.to = handler->to,
		.sample = handler->order.rehearse,
		.names = &handler->rehearsed };
	int error;

	release_name_states(handler, &handler->rehearsed);
	error = rehearsal_alloc(&handler->rehearsal, &order);
	if (error != 0) {
		snprintf(handler->report.text, sizeof handler->report.text,
		    "cannot rehearse: %s; nothing has changed, %s stays "
		    "current",
		    strerror(-error), handler->report.version_from);
		clear_away(handler);
		release_resume(
		    handler, UPGRADE_refused, UPGRADE_REASON_rehearsal);
		return;
	}
	scheduler_halt_others(handler->scheduler);
	handler->state = RELEASE_REHEARSING;
	release_begin_stage(handler);
	release_take_baseline(handler);
	release_report_log(handler, &handler->report, "rehearsing");
	rehearsal_begin(handler->rehearsal);
	scheduler_set_slice(handler->scheduler, slice, handler);
	scheduler_let_go(handler->scheduler);
	assert(release_assert_state(handler));
}
