/*
 * judge: whether what a scenario met is what it asked for.
 *
 * The verdict is given at the end, since an `expect` may stand before or
 * after what it expects.  What nobody asks for and nobody allows is a failure:
 * what judge_counts.c counts, and a call that still lives.
 */
#include "sim/scenario_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/measurement.h"
#include "calls/exchange/office.h"
#include "sim/cause.h"
#include "sim/noun.h"
#include "sim/options.h"
#include "sim/ps.h"
#include "sim/theory.h"
#include "sim/threshold.h"
#include "switch/alarm.h"
#include "switch/nearest.h"
#include "switch/process.h"
#include "switch/scheduler.h"

enum { LIVE_NAMED_MAX = 5, LEFT_TOLD_MAX = 40 /* on one screen */ };

bool
judge_upgrade_is_done(const struct scenario *scenario)
{
	return scenario->upgrade == NULL || scenario->upgrade->is_done;
}

static bool
is_kept(struct verdict *verdict, const struct upgrade_report *report)
{
	unsigned int i;

	for (i = 0; i < verdict->upgrades_count; i++)
		if (verdict->upgrades[i].report.number == report->number) {
			/* A deadline or a trial may have added to it. */
			verdict->upgrades[i].report = *report;
			return true;
		}
	return false;
}

static void
keep(struct scenario *scenario, unsigned int at,
    const struct upgrade_report *report)
{
	const struct shadow_run_result *shadow;
	struct verdict_upgrade *upgrade;

	if (scenario->console != NULL) /* the database has them, for ever */
		return;
	if (report == NULL || !report->is_done ||
	    report->stage == UPGRADE_permanent || /* nothing was converted */
	    is_kept(scenario->verdict, report))
		return;
	shadow = release_handler_shadow(scenario->handler, report->number);
	upgrade = verdict_add_upgrade(scenario->verdict, at, report);
	if (upgrade == NULL ||
	    (shadow != NULL && !verdict_add_shadow(upgrade, shadow)))
		verdict_fail(scenario->verdict, at,
		    "no memory is left to keep the report of an upgrade");
}

/* One that was refused at once, while another went on, has its own report. */
void
judge_keep_report(struct scenario *scenario)
{
	keep(scenario, scenario->upgrade_at, scenario->upgrade);
	keep(scenario, scenario->at, release_handler_report(scenario->handler));
	keep(scenario, scenario->at, release_handler_tried(scenario->handler));
	keep(scenario, scenario->at, release_handler_dated(scenario->handler));
}

void
judge_keep_answer(
    struct scenario *scenario, const struct upgrade_report *report)
{
	judge_keep_report(scenario);
	keep(scenario, scenario->at, report);
}

void
judge_cut(struct scenario *scenario, const char *why)
{
	uint64_t live = office_counts(scenario->office)->live;

	scenario->is_cut = true;
	if (live == 0)
		verdict_fail(scenario->verdict, scenario->at,
		    "%s; the run was cut short here", why);
	else
		verdict_fail(scenario->verdict, scenario->at,
		    "%s; the run was cut short here, with %" PRIu64
		    " call%s still live",
		    why, live, live == 1 ? "" : "s");
}

static const struct {
	const char *mention, *one, *several;
} happenings[] = {
#define EVENT_TEXT(symbol, mention, one, several) { mention, one, several },
	EVENTS(EVENT_TEXT)
#undef EVENT_TEXT
};

/* That name and no other; the names are few and known. */
static void
expect_alarm(struct scenario *scenario, const char *name)
{
	char *names = scenario->alarms_expected;
	size_t length = strlen(names);

	if (!word_is_in(name, names))
		(void)snprintf(names + length,
		    sizeof scenario->alarms_expected - length, "%s%s",
		    length == 0 ? "" : " ", name);
}

/*
 * `mentions`: the columns of a condition, and "=STATE".  What a record or a
 * call is asked counts for that call, all else for the run.
 */
void
judge_note_expected(struct scenario *scenario, const struct noun *noun,
    const char *key, const char *mentions)
{
	struct named_call *call;
	unsigned int i;

	for (i = 0; i < HAPPENINGS_COUNT; i++)
		if (word_is_in(happenings[i].mention, mentions))
			scenario->allowances[i].is_expected = true;
	if (noun->number == NOUN_upgrade && word_is_in("stage", mentions)) {
		scenario->allowances[HAPPENED_refused].is_expected = true;
		scenario->allowances[HAPPENED_rolled_back].is_expected = true;
	}
	stop_note_expected(scenario, noun, key, word_is_in("=down", mentions));
	if (noun->number == NOUN_alarm && word_is_in("=raised", mentions))
		expect_alarm(scenario, key);
	if (noun->number != NOUN_call && noun->number != NOUN_cdr)
		return;
	call = scenario_call(scenario, key);
	if (call != NULL &&
	    (word_is_in("cause", mentions) || word_is_in("=treated", mentions)))
		call->is_cause_expected = true;
}

const char *
judge_text(enum happening happening, uint64_t count)
{
	return count == 1 ? happenings[happening].one
			  : happenings[happening].several;
}

/* "; 1001 and 1002 are off-hook: hangup 1001, hangup 1002" */
static void
tell_offhook(struct scenario *scenario, const struct named_call *call,
    char *text, size_t size)
{
	struct pid pid = office_call_pid(scenario->office, call->number);
	uint32_t sides[2] = { call->line,
		office_find(scenario->office, call->dialled) };
	char numbers[2][DIGITS_MAX + 1];
	struct line_info info;
	unsigned int i, count = 0;

	for (i = 0; i < 2; i++) {
		if (sides[i] == LINE_NONE || (i == 1 && sides[1] == sides[0]))
			continue;
		if (port_is_circuit(sides[i]))
			continue; /* the far end is left to itself */
		office_line(scenario->office, sides[i], &info);
		if (info.is_offhook && pid_equal(info.call, pid))
			office_number(
			    scenario->office, sides[i], numbers[count++]);
	}
	text[0] = '\0';
	if (count == 1)
		(void)snprintf(text, size, "; %s is off-hook: hangup %s",
		    numbers[0], numbers[0]);
	else if (count == 2)
		(void)snprintf(text, size,
		    "; %s and %s are off-hook: hangup %s, hangup %s",
		    numbers[0], numbers[1], numbers[0], numbers[1]);
}

static void
tell_live(struct scenario *scenario, const struct named_call *call)
{
	struct columns *columns = &scenario->now;
	char offhook[128];

	tell_offhook(scenario, call, offhook, sizeof offhook);
	(void)subject_look(
	    scenario, noun_at(NOUN_call), call->name, "", columns);
	verdict_fail(scenario->verdict, call->at,
	    "call '%s' still lives at the end, %s%s", call->name,
	    columns->state, offhook);
	story_show(scenario, call);
}

/* Calls that nobody ended: those with names by their names. */
static void
judge_live(struct scenario *scenario)
{
	uint64_t live = office_counts(scenario->office)->live;
	struct office_call_view view;
	const struct named_call *call;
	unsigned int i, named = 0;

	for (i = 0; i < scenario->calls_count; i++) {
		call = &scenario->calls[i];
		office_look_at_call(scenario->scheduler, call->number, &view);
		if (pid_is_none(
			office_call_pid(scenario->office, call->number)) &&
		    !view.in_register && !view.is_unborn)
			continue;
		if (++named <= LIVE_NAMED_MAX)
			tell_live(scenario, call);
	}
	if (live > named || named > LIVE_NAMED_MAX)
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " call%s still live%s at the end", live,
		    live == 1 ? "" : "s", live == 1 ? "s" : "");
}

/* What the file is known to hold: all of them, unless it cannot be written. */
static uint64_t
written_cdrs(const struct recorder *recorder)
{
	uint64_t taken = recorder_cdrs(recorder);
	uint64_t waiting = recorder_waiting(recorder);

	return taken > waiting ? taken - waiting : 0;
}

static void
fill_figures(struct scenario *scenario)
{
	const struct office_counts *office = office_counts(scenario->office);
	const struct scheduler_counts counts =
	    scheduler_sum(scenario->scheduler);
	struct verdict *verdict = scenario->verdict;

	verdict->calls.attempted = office->attempts;
	verdict->calls.gapped = office->gapped;
	verdict->calls.answered = office->answered;
	verdict->calls.ended = office->ended;
	verdict->calls.live = office->live;
	verdict->calls.lost = office->lost;
	verdict->crashes = counts.faults;
	verdict->restarts = counts.restarts;
	verdict->alarms = alarm_total(scenario->scheduler);
	verdict->records = written_cdrs(scenario->recorder);
	verdict->virtual_us = scheduler_now(scenario->scheduler);
}

/*--------------------------------------------------------------------
 * Calls that an upgrade could not take along
 */

static struct verdict_upgrade *
find_upgrade(struct verdict *verdict, uint64_t number)
{
	unsigned int i;

	for (i = 0; i < verdict->upgrades_count; i++)
		if (verdict->upgrades[i].report.number == number)
			return &verdict->upgrades[i];
	return NULL;
}

static const char *
name_of(const struct scenario *scenario, uint64_t call)
{
	unsigned int i;

	for (i = 0; call != 0 && i < scenario->calls_count; i++)
		if (scenario->calls[i].number == call)
			return scenario->calls[i].name;
	return "";
}

static void
keep_straggler(void *arg, const struct recorded_straggler *recorded)
{
	struct scenario *scenario = arg;
	struct verdict_upgrade *upgrade =
	    find_upgrade(scenario->verdict, recorded->upgrade);
	struct verdict_straggler *straggler;

	if (upgrade == NULL || upgrade->stragglers_count == STRAGGLERS_MAX)
		return;
	straggler = &upgrade->stragglers[upgrade->stragglers_count++];
	*straggler = (struct verdict_straggler){ .call = recorded->call };
	(void)snprintf(straggler->name, sizeof straggler->name, "%s",
	    name_of(scenario, recorded->call));
	(void)snprintf(
	    straggler->kind, sizeof straggler->kind, "%s", recorded->kind);
	(void)snprintf(straggler->version, sizeof straggler->version, "%s",
	    recorded->version);
	(void)snprintf(
	    straggler->state, sizeof straggler->state, "%s", recorded->state);
	(void)snprintf(
	    straggler->text, sizeof straggler->text, "%s", recorded->text);
}

/* Only the database has all of them. */
static void
fill_stragglers(struct scenario *scenario)
{
	if (recorder_stragglers(scenario->recorder, STRAGGLERS_MAX,
		keep_straggler, scenario) != 0)
		verdict_fail(scenario->verdict, 0,
		    "the database cannot be read: %s",
		    recorder_error(scenario->recorder));
}

/* Who was left when it failed. */
static void
tell_processes(struct scenario *scenario)
{
	scheduler_halt_others(scenario->scheduler);
	if (scenario->options->format == FORMAT_JSON) {
		ps_json(scenario->scheduler, stderr, LEFT_TOLD_MAX);
		(void)fputc('\n', stderr);
	} else {
		ps_text(scenario->scheduler, stderr, LEFT_TOLD_MAX);
	}
	scheduler_let_go(scenario->scheduler);
}

static void
close_books(struct scenario *scenario)
{
	measurement_close(
	    scenario->measurement, recorder_keep, scenario->recorder);
	if (recorder_flush(scenario->recorder) != 0)
		verdict_fail(scenario->verdict, 0,
		    "the database cannot be written: %s",
		    recorder_error(scenario->recorder));
}

void
judge_close_operation(struct scenario *scenario)
{
	close_books(scenario);
	fill_figures(scenario);
}

void
judge_close(struct scenario *scenario)
{
	judge_keep_report(scenario);
	close_books(scenario);
	blame_settle(scenario);
	/* What follows from a script's sudden end is no fault of the switch. */
	if (!scenario->is_cut) {
		stop_judge(scenario);
		judge_counts(scenario);
		judge_live(scenario);
		agenda_judge(scenario);
	}
	threshold_judge(scenario);
	theory_judge(scenario);
	(void)audit_look(scenario);
	fill_figures(scenario);
	if (scenario->verdict->upgrades_count > 0)
		fill_stragglers(scenario);
	progress_tell(scenario, true);
	if (scenario->options->is_verbose && !verdict_passed(scenario->verdict))
		tell_processes(scenario);
}
