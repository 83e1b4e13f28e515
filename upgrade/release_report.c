/*
 * release_report: what a report is, from its opening to its copy for the
 * recorder.
 *
 * A report is opened when something is asked for and closed when it is known
 * what came of it.  What it counts are differences from a baseline that is
 * taken when it is opened, over all versions that the module has had: the sums
 * are of one moment, since whoever takes them has halted the others.
 *
 * A release that is installed is on trial, and what it does then belongs to its
 * report too: how many of its events fault, and who is given back for that.  So
 * its row is written anew when the trial is over, one way or the other.
 *
 * There are three reports.  A refusal has its own, so that being refused leaves
 * the report of what still runs as it is; and as long as something runs, that
 * is the one to be looked at.  What a deadline brings comes when the next
 * upgrade may have the report already: so a copy is kept of the one that it is
 * of.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "switch/log.h"
#include "switch/machine.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"
#include "upgrade/release_record.h"

/* Over all versions of the report's module, also of those closed since. */
struct sums {
	uint64_t live, births, ends, faults;
	uint64_t elsewhere, failed; /* who is not at `current`; of them */
};

static struct sums
sum_up(const struct release_handler *handler, uint16_t current)
{
	struct behaviour_counts one;
	struct sums sums = { 0 };
	uint16_t cursor = 0, id;

	while ((id = behaviour_next(handler->behaviours, handler->report.module,
		    &cursor)) != 0) {
		one = behaviour_counts(handler->behaviours, id);
		sums.live += one.holders;
		sums.births += one.births;
		sums.ends += one.ends;
		sums.faults += one.faults;
		if (id == current)
			continue;
		sums.elsewhere += one.holders;
		sums.failed += release_failed(handler, id);
	}
	return sums;
}

void
release_begin_stage(struct release_handler *handler)
{
	handler->stage_begun =
	    (struct upgrade_time){ .run_us = scheduler_now(handler->scheduler),
		    .machine_us = machine_ns(CLOCK_MONOTONIC) / 1000 };
}

void
release_end_stage(
    struct release_handler *handler, struct upgrade_time *ret_time)
{
	const struct upgrade_time *begun = &handler->stage_begun;

	ret_time->run_us = scheduler_now(handler->scheduler) - begun->run_us;
	ret_time->machine_us =
	    machine_ns(CLOCK_MONOTONIC) / 1000 - begun->machine_us;
}

static bool
is_under_way(const struct release_handler *handler)
{
	return handler->report.number != 0 && !handler->report.is_done;
}

static void
show(struct release_handler *handler, const struct upgrade_report *report)
{
	if (report == &handler->report || !is_under_way(handler))
		handler->last = report;
}

static void
begin_counting(struct release_handler *handler)
{
	struct sums sums;

	scheduler_halt_others(handler->scheduler);
	sums = sum_up(handler, 0);
	handler->before = (struct release_baseline){ .live = sums.live,
		.births = sums.births,
		.ends = sums.ends,
		.faults = sums.faults,
		.faults_from =
		    behaviour_counts(handler->behaviours, handler->from).faults,
		.ns = machine_ns(CLOCK_MONOTONIC) };
	handler->report.live = sums.live;
	scheduler_let_go(handler->scheduler);
}

void
release_report_open(
    struct release_handler *handler, const struct release_request *request)
{
	struct upgrade_report *report = request->report;

	*report = (struct upgrade_report){ .number = ++handler->numbers,
		.begun = scheduler_now(handler->scheduler),
		.is_rehearsal = request->is_rehearsal,
		.is_rollback = request->is_rollback,
		.is_confirmation = request->is_confirmation };
	snprintf(report->module, sizeof report->module, "%s", request->module);
	snprintf(report->version_from, sizeof report->version_from, "%s",
	    request->from);
	snprintf(
	    report->version_to, sizeof report->version_to, "%s", request->to);
	snprintf(report->mode, sizeof report->mode, "%s",
	    request->is_rehearsal	   ? "rehearse"
		: request->is_confirmation ? "make-permanent"
		: request->drains	   ? "drain"
					   : "sweep");
	show(handler, report);
	if (report == &handler->report)
		begin_counting(handler);
}

void
release_report_log(struct release_handler *handler,
    const struct upgrade_report *report, const char *what)
{
	log_line(scheduler_log(handler->scheduler),
	    scheduler_entry(handler->scheduler, LEVEL_notice),
	    "upgrade %" PRIu64 " %s %s -> %s %s", report->number,
	    report->module, report->version_from, report->version_to, what);
}

/* What a new start would begin with, and what this one goes on with. */
static void
record_release(
    struct release_handler *handler, const struct upgrade_report *report)
{
	struct release_record record = { .at = report->ended,
		.is_permanent = report->stage == UPGRADE_permanent };
	uint16_t current =
	    behaviour_current(handler->behaviours, report->module);

	if (report->stage != UPGRADE_installed &&
	    report->stage != UPGRADE_trial &&
	    report->stage != UPGRADE_permanent &&
	    report->stage != UPGRADE_rolled_back)
		return;
	snprintf(record.module, sizeof record.module, "%s", report->module);
	snprintf(record.version, sizeof record.version, "%s",
	    behaviour_version(handler->behaviours, current));
	record_send(handler->scheduler, RECORD_RELEASE, &record, sizeof record);
}

void
release_report_close(struct release_handler *handler,
    struct upgrade_report *report, enum upgrade_stage stage,
    enum upgrade_reason reason)
{
	char what[160];

	report->stage = (uint8_t)stage;
	report->reason = (uint8_t)reason;
	report->ended = scheduler_now(handler->scheduler);
	report->is_done = true;
	show(handler, report);
	if (report->number == handler->deadline_of)
		handler->dated = *report;
	snprintf(what, sizeof what,
	    "%s %s converted %" PRIu64 " failed %" PRIu64 " pinned %" PRIu64,
	    upgrade_stage_word(stage), upgrade_reason_word(reason),
	    report->converted, report->failed, report->pinned);
	release_report_log(handler, report, what);
	record_send(handler->scheduler, RECORD_UPGRADE, report, sizeof *report);
	record_release(handler, report);
}

void
release_report_rejected(struct release_handler *handler, uint64_t count)
{
	struct upgrade_report *now = &handler->report;
	struct upgrade_report *dated = &handler->dated;
	char what[64];

	if (now->number == handler->deadline_of)
		now->rejected += count;
	dated->rejected += count;
	if (now->number == handler->deadline_of && !now->is_done)
		dated = now; /* it drains, and has its row when it is done */
	else
		record_send(
		    handler->scheduler, RECORD_UPGRADE, dated, sizeof *dated);
	snprintf(what, sizeof what, "deadline: %" PRIu64 " rejected",
	    dated->rejected);
	release_report_log(handler, dated, what);
}

const struct upgrade_report *
release_handler_dated(const struct release_handler *handler)
{
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return handler->dated.is_done ? &handler->dated : NULL;
}

__attribute__((format(printf, 4, 5))) const struct upgrade_report *
release_refuse(struct release_handler *handler,
    const struct release_request *request, enum upgrade_reason reason,
    const char *format, ...)
{
	struct release_request refused = *request;
	va_list args;

	refused.report = &handler->refusal;
	release_report_open(handler, &refused);
	va_start(args, format);
	vsnprintf(
	    refused.report->text, sizeof refused.report->text, format, args);
	va_end(args);
	release_report_close(handler, refused.report, UPGRADE_refused, reason);
	return refused.report;
}

void
release_take_baseline(struct release_handler *handler)
{
	const struct behaviour_counts to =
	    behaviour_counts(handler->behaviours, handler->to);

	handler->before.faults_to = to.faults;
	handler->before.retried = to.retried;
	handler->before.events_to = to.events;
	handler->before.births_to = to.births;
	handler->before.unborn_to = to.unborn;
	handler->before.given_up_to = to.given_up;
}

static uint64_t
excess(uint64_t one, uint64_t other)
{
	return one > other ? one - other : 0;
}

/* On the version that the report says it is from, and on the other. */
static void
count_faults(struct release_handler *handler, const struct sums *sums)
{
	struct upgrade_report *report = &handler->report;
	const struct release_baseline *before = &handler->before;
	const struct behaviour_counts to =
	    behaviour_counts(handler->behaviours, handler->to);
	uint64_t old =
	    behaviour_counts(handler->behaviours, handler->from).faults -
	    before->faults_from;
	uint64_t new = to.faults - before->faults_to;

	report->crashes = sums->faults - before->faults;
	report->crashes_from = report->is_rollback ? new : old;
	report->crashes_to = report->is_rollback ? old : new;
	report->retried = to.retried - before->retried;
}

/*
 * Whoever lived, or was born since, and neither lives nor has ended as the
 * runtime counts it, is lost; there is never one, and this would tell.
 */
void
release_count_up(struct release_handler *handler, uint16_t current)
{
	struct upgrade_report *report = &handler->report;
	const struct release_baseline *before = &handler->before;
	const struct sums sums = sum_up(handler, current);

	count_faults(handler, &sums);
	report->pinned = sums.elsewhere - sums.failed;
	if (report->is_confirmation) /* of the upgrade that it confirms */
		report->failed = sums.failed;
	report->born = sums.births - before->births;
	report->died = sums.ends - before->ends;
	report->lost =
	    excess(before->live + report->born, sums.live + report->died);
	report->total_us = (machine_ns(CLOCK_MONOTONIC) - before->ns) / 1000;
}

void
release_say_what_runs(struct release_handler *handler, uint16_t current,
    const char *prefix, const char *suffix)
{
	struct upgrade_report *report = &handler->report;
	const struct behaviour *runs =
	    behaviour_at(handler->behaviours, current);
	const struct sums sums = sum_up(handler, current);
	uint64_t waiting = sums.elsewhere - sums.failed;
	char pinned[64] = "", left[64] = "";

	if (waiting > 0)
		snprintf(pinned, sizeof pinned,
		    ", %" PRIu64 " pinned on another version", waiting);
	if (sums.failed > 0)
		snprintf(left, sizeof left,
		    ", %" PRIu64 " left on another after a failure",
		    sums.failed);
	snprintf(report->text, sizeof report->text,
	    "%s'%s' %s is current and runs %" PRIu64 " of %" PRIu64 "%s%s%s",
	    prefix, runs->name, runs->version, sums.live - sums.elsewhere,
	    sums.live, pinned, left, suffix);
	release_say_shadow(handler);
}

/*--------------------------------------------------------------------
 * On trial
 */

void
release_report_renew(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;

	handler->tried = *report;
	if (report->number == handler->deadline_of)
		handler->dated = *report;
	record_send(handler->scheduler, RECORD_UPGRADE, report, sizeof *report);
}

void
release_follow_trial(struct release_handler *handler)
{
	const struct sums sums = sum_up(handler, handler->to);

	count_faults(handler, &sums);
	release_read_books(handler);
	if (sums.live > 0) /* it runs none: what it ran before says more */
		release_say_installed(handler);
}

__attribute__((format(printf, 2, 3))) void
release_close_trial(struct release_handler *handler, const char *format, ...)
{
	struct upgrade_report *report = &handler->report;
	va_list args;

	release_follow_trial(handler);
	va_start(args, format);
	vsnprintf(report->text, sizeof report->text, format, args);
	va_end(args);
	release_say_shadow(handler);
	release_report_renew(handler);
}

const struct upgrade_report *
release_handler_tried(const struct release_handler *handler)
{
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return handler->tried.is_done ? &handler->tried : NULL;
}

/*--------------------------------------------------------------------
 * Words
 */

#define WORD(symbol, word) word,

const char *
upgrade_stage_word(enum upgrade_stage stage)
{
	static const char *const words[] = { UPGRADE_STAGES(WORD) };

	assert((unsigned int)stage < sizeof words / sizeof words[0]);
	return words[stage];
}

const char *
upgrade_kind_word(const struct upgrade_report *report)
{
	return report->is_rollback    ? "rollback"
	    : report->is_rehearsal    ? "rehearsal"
	    : report->is_confirmation ? "make-permanent"
				      : "upgrade";
}

const char *
upgrade_reason_word(enum upgrade_reason reason)
{
	static const char *const words[] = { UPGRADE_REASONS(WORD) };

	assert((unsigned int)reason < sizeof words / sizeof words[0]);
	return words[reason];
}
