/*
 * judge: whether what a scenario met is what it asked for.
 *
 * The verdict is given at the end, since an `expect` may stand before or
 * after what it expects.  What nobody asks for and nobody allows is a failure:
 * a fault, a restart, an upgrade refused or taken back, a signal without a
 * row, one that came late, and of a named call another last cause than 16
 * (normal clearing) or 31 (normal, unspecified); and a call that still lives.
 */
#include "sim/scenario_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/office.h"
#include "sim/noun.h"
#include "switch/process.h"
#include "switch/scheduler.h"

enum { LIVE_NAMED_MAX = 5 };

void
judge_keep_report(struct scenario *scenario)
{
	const struct upgrade_report *report =
	    release_handler_report(scenario->handler);

	if (report == NULL || !report->is_done ||
	    report->number <= scenario->stored_report)
		return;
	scenario->stored_report = report->number;
	if (report->stage == UPGRADE_permanent)
		return; /* nothing was converted */
	if (!verdict_add_upgrade(scenario->verdict, report))
		verdict_fail(scenario->verdict, scenario->at,
		    "no memory is left to keep the report of an upgrade");
}

static const struct {
	const char *mention, *text;
} happenings[] = {
#define EVENT_TEXT(symbol, mention, text) { mention, text },
	EVENTS(EVENT_TEXT)
#undef EVENT_TEXT
};

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
	if (noun->number != NOUN_call && noun->number != NOUN_cdr)
		return;
	call = scenario_call(scenario, key);
	if (call != NULL &&
	    (word_is_in("cause", mentions) || word_is_in("=treated", mentions)))
		call->is_cause_expected = true;
}

static void
keep_cause(void *arg, const char *name, const char *value, int is_number)
{
	uint64_t *cause = arg;

	(void)is_number;
	if (strcmp(name, "cause") == 0)
		*cause = strtoull(value, NULL, 10);
}

/* How many named calls ended otherwise than anyone wanted. */
static uint64_t
count_causes(struct scenario *scenario)
{
	bool is_allowed = scenario->allowances[HAPPENED_cause].is_allowed;
	const struct named_call *call;
	uint64_t cause, count = 0;
	unsigned int i;

	for (i = 0; i < scenario->calls_count; i++) {
		call = &scenario->calls[i];
		cause = CAUSE_NORMAL;
		if (call->is_cause_expected ||
		    recorder_cdr(scenario->recorder, call->number, keep_cause,
			&cause) != 0 ||
		    cause == CAUSE_NORMAL || cause == CAUSE_UNSPECIFIED)
			continue;
		count++;
		if (!is_allowed)
			verdict_fail(scenario->verdict, call->at,
			    "call '%s' ended with cause %" PRIu64
			    ", which no expect asks for",
			    call->name, cause);
	}
	return count;
}

static uint64_t
count_upgrades(const struct verdict *verdict, enum upgrade_stage stage)
{
	const struct upgrade_report *report;
	uint64_t count = 0;
	unsigned int i;

	for (i = 0; i < verdict->upgrades_count; i++) {
		report = &verdict->upgrades[i];
		/* What the operator took back was asked for. */
		count += report->stage == stage &&
		    (stage == UPGRADE_refused ||
			report->reason != UPGRADE_REASON_command);
	}
	return count;
}

static void
judge_count(struct scenario *scenario, enum happening happening, uint64_t count)
{
	const struct allowance *allowance = &scenario->allowances[happening];

	if (allowance->is_allowed &&
	    (count < allowance->from || count > allowance->to))
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " %s, allowed are %" PRIu64 " to %" PRIu64,
		    count, happenings[happening].text, allowance->from,
		    allowance->to);
	else if (!allowance->is_allowed && !allowance->is_expected &&
	    count > 0 && happening != HAPPENED_cause)
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " %s that nothing expects or allows", count,
		    happenings[happening].text);
}

static void
judge_counts(struct scenario *scenario)
{
	const struct office_counts *office = office_counts(scenario->office);
	const struct scheduler_counts *counts =
	    scheduler_counts(scenario->scheduler);
	const struct verdict *verdict = scenario->verdict;

	judge_count(scenario, HAPPENED_crash, counts->faults);
	judge_count(scenario, HAPPENED_restart, counts->restarts);
	judge_count(scenario, HAPPENED_refused,
	    count_upgrades(verdict, UPGRADE_refused));
	judge_count(scenario, HAPPENED_rolled_back,
	    count_upgrades(verdict, UPGRADE_rolled_back));
	judge_count(scenario, HAPPENED_unexpected_signal, office->unexpected);
	judge_count(scenario, HAPPENED_cause, count_causes(scenario));
	judge_count(scenario, HAPPENED_late, office->late);
}

/* Calls that nobody ended: those with names by their names. */
static void
judge_live(struct scenario *scenario)
{
	uint64_t live = office_counts(scenario->office)->live;
	const struct named_call *call;
	unsigned int i, named = 0;

	for (i = 0; i < scenario->calls_count; i++) {
		call = &scenario->calls[i];
		if (pid_is_none(
			office_call_pid(scenario->office, call->number)))
			continue;
		if (++named <= LIVE_NAMED_MAX)
			verdict_fail(scenario->verdict, call->at,
			    "call '%s' still lives at the end", call->name);
	}
	if (live > named || named > LIVE_NAMED_MAX)
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " calls still live at the end", live);
}

static void
fill_figures(struct scenario *scenario)
{
	const struct office_counts *office = office_counts(scenario->office);
	const struct scheduler_counts *counts =
	    scheduler_counts(scenario->scheduler);
	struct verdict *verdict = scenario->verdict;

	verdict->calls.attempted = office->attempts;
	verdict->calls.answered = office->answered;
	verdict->calls.ended = office->ended;
	verdict->calls.live = office->live;
	verdict->calls.lost = office->lost;
	verdict->crashes = counts->faults;
	verdict->restarts = counts->restarts;
	verdict->records = recorder_cdrs(scenario->recorder);
	verdict->virtual_us = scheduler_now(scenario->scheduler);
}

void
judge_close(struct scenario *scenario)
{
	judge_keep_report(scenario);
	if (recorder_flush(scenario->recorder) != 0)
		verdict_fail(scenario->verdict, 0,
		    "the database cannot be written: %s",
		    recorder_error(scenario->recorder));
	judge_counts(scenario);
	judge_live(scenario);
	audit_look(scenario);
	fill_figures(scenario);
	progress_tell(scenario, true);
}
