/*
 * release_report: what a report is, from its opening to its copy for the
 * recorder.
 *
 * A report is opened when something is asked for and closed once, when it is
 * known what came of it.  What it counts are differences from a baseline that
 * is taken when the work begins, over all versions of the module: the sums
 * are of one moment, since whoever takes them has halted the others.
 *
 * There are three of them.  A refusal has its own, so that being refused leaves
 * the report of what still runs as it is; and as long as something runs, that
 * is the one to be looked at.  What a deadline brings comes when the next
 * upgrade may have the report already: so a copy is kept of the one that it is
 * of.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"
#include "upgrade/release_record.h"

/* Over all resident versions of the module, one of which is `of`. */
struct sums {
	uint64_t live, elsewhere, births, ends, faults;
};

static struct sums
sum_up(const struct release_handler *handler, uint16_t of)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count;
	struct behaviour_counts one;
	struct sums sums = { 0 };

	count = code_residents(handler->code,
	    behaviour_at(handler->behaviours, of)->name, ids,
	    RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++) {
		one = behaviour_counts(handler->behaviours, ids[i]);
		sums.live += one.holders;
		sums.births += one.births;
		sums.ends += one.ends;
		sums.faults += one.faults;
		if (ids[i] != of)
			sums.elsewhere += one.holders;
	}
	return sums;
}

uint64_t
release_machine_ns(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void
release_begin_stage(struct release_handler *handler)
{
	handler->stage_begun =
	    (struct upgrade_time){ .run_us = scheduler_now(handler->scheduler),
		    .machine_us = release_machine_ns() / 1000 };
}

void
release_end_stage(
    struct release_handler *handler, struct upgrade_time *ret_time)
{
	const struct upgrade_time *begun = &handler->stage_begun;

	ret_time->run_us = scheduler_now(handler->scheduler) - begun->run_us;
	ret_time->machine_us = release_machine_ns() / 1000 - begun->machine_us;
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
		handler->before.ns = release_machine_ns();
}

void
release_report_log(struct release_handler *handler,
    const struct upgrade_report *report, const char *what)
{
	log_line(scheduler_log(handler->scheduler),
	    scheduler_now(handler->scheduler),
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
release_take_baseline(struct release_handler *handler, uint16_t target)
{
	const struct sums sums = sum_up(handler, target);
	const struct behaviour_counts from =
	    behaviour_counts(handler->behaviours, handler->from);
	const struct behaviour_counts to =
	    behaviour_counts(handler->behaviours, handler->to);

	handler->before = (struct release_baseline){ .live = sums.live,
		.faults_from = from.faults,
		.faults_to = to.faults,
		.retried = to.retried,
		.events_to = to.events,
		.births = sums.births,
		.ends = sums.ends,
		.faults = sums.faults,
		.conversions =
		    behaviour_counts(handler->behaviours, target).conversions,
		.ns = handler->before.ns };
	handler->hooks_faulted = 0;
	handler->report.live = sums.live;
}

static uint64_t
excess(uint64_t one, uint64_t other)
{
	return one > other ? one - other : 0;
}

/* Who stays on the version before since the one on trial is not for him. */
static uint64_t
barred(const struct release_handler *handler)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		sum += process_barred(scheduler_peer(handler->scheduler, i));
	return sum;
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
	const struct behaviour_counts from =
	    behaviour_counts(handler->behaviours, handler->from);
	const struct behaviour_counts to =
	    behaviour_counts(handler->behaviours, handler->to);

	report->crashes_from = from.faults - before->faults_from;
	report->crashes_to = to.faults - before->faults_to;
	report->retried = to.retried - before->retried;
	report->pinned = excess(sums.elsewhere, barred(handler));
	report->born = sums.births - before->births;
	report->died = sums.ends - before->ends;
	report->lost =
	    excess(before->live + report->born, sums.live + report->died);
	report->crashes = sums.faults - before->faults;
	report->total_us = (release_machine_ns() - before->ns) / 1000;
}

void
release_say_what_runs(struct release_handler *handler, uint16_t current,
    const char *prefix, const char *suffix)
{
	struct upgrade_report *report = &handler->report;
	const struct behaviour *runs =
	    behaviour_at(handler->behaviours, current);
	const struct sums sums = sum_up(handler, current);
	uint64_t failed = excess(sums.elsewhere, report->pinned);
	char pinned[64] = "", left[64] = "";

	if (report->pinned > 0)
		snprintf(pinned, sizeof pinned,
		    ", %" PRIu64 " pinned on another version", report->pinned);
	if (failed > 0)
		snprintf(left, sizeof left,
		    ", %" PRIu64 " left on another after a failure", failed);
	snprintf(report->text, sizeof report->text,
	    "%s'%s' %s is current and runs %" PRIu64 " of %" PRIu64 "%s%s%s",
	    prefix, runs->name, runs->version, sums.live - sums.elsewhere,
	    sums.live, pinned, left, suffix);
	release_say_shadow(handler);
}

uint64_t
release_conversions_to(const struct release_handler *handler, uint16_t id)
{
	return behaviour_counts(handler->behaviours, id).conversions -
	    handler->before.conversions;
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
