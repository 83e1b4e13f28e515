/*
 * judge_counts: whether what came was expected or allowed.
 *
 * A fault, a restart, an alarm, an upgrade refused or taken back, a signal
 * without a row, one that came late, a dual seizure, an attempt that the gate
 * has turned away, and of a named call another last cause than 16 (normal
 * clearing) or 31 (normal, unspecified): what no `expect` asks for, no `allow`
 * lets pass and no permit covers fails the scenario.
 */
#include "sim/scenario_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/office.h"
#include "sim/cause.h"
#include "sim/permit.h"
#include "switch/alarm.h"
#include "switch/nearest.h"
#include "switch/scheduler.h"

/* Who takes what the database has kept of a kind. */
struct taking {
	struct scenario *scenario;
	bool is_unwanted;
	uint64_t covered;
};

struct end_of_call {
	uint64_t cause, at;
};

static void
keep_cause(void *arg, const char *name, const char *value, int is_number)
{
	struct end_of_call *end = arg;

	(void)is_number;
	if (strcmp(name, "cause") == 0)
		end->cause = strtoull(value, NULL, 10);
	else if (strcmp(name, "t_release") == 0)
		end->at = strtoull(value, NULL, 10);
}

/* How many named calls ended otherwise than anyone wanted. */
static uint64_t
count_causes(struct scenario *scenario)
{
	const struct allowance *allowance =
	    &scenario->allowances[HAPPENED_cause];
	bool is_allowed = allowance->is_allowed || allowance->is_expected;
	const struct named_call *call;
	struct end_of_call end;
	uint64_t count = 0;
	unsigned int i;

	for (i = 0; i < scenario->calls_count; i++) {
		call = &scenario->calls[i];
		end = (struct end_of_call){ CAUSE_NORMAL, 0 };
		if (call->is_cause_expected ||
		    recorder_cdr(scenario->recorder, call->number, keep_cause,
			&end) != 0 ||
		    end.cause == CAUSE_NORMAL || end.cause == CAUSE_UNSPECIFIED)
			continue;
		count++;
		if (permit_covers(scenario, HAPPENED_cause,
			&(struct permit_case){ .at = end.at, .call = call }))
			continue;
		if (!is_allowed)
			verdict_fail(scenario->verdict, call->at,
			    "call '%s' ended with cause %" PRIu64
			    " (%s), which no expect asks for",
			    call->name, end.cause, cause_name(end.cause));
		if (!is_allowed)
			story_show(scenario, call);
	}
	return count;
}

/* What the operator took back was asked for. */
static bool
is_upgrade_of(const struct upgrade_report *report, enum upgrade_stage stage)
{
	return report->stage == stage &&
	    (stage == UPGRADE_refused ||
		report->reason != UPGRADE_REASON_command);
}

static uint64_t
count_upgrades(const struct verdict *verdict, enum upgrade_stage stage)
{
	uint64_t count = 0;
	unsigned int i;

	for (i = 0; i < verdict->upgrades_count; i++)
		count += is_upgrade_of(&verdict->upgrades[i].report, stage);
	return count;
}

static bool
is_covered(struct scenario *scenario, const struct upgrade_report *report,
    enum upgrade_stage stage)
{
	const struct permit_case what = { .at = report->ended,
		.module = report->module,
		.version = report->is_rollback ? report->version_from
					       : report->version_to };

	return permit_covers(scenario,
	    stage == UPGRADE_refused ? HAPPENED_refused : HAPPENED_rolled_back,
	    &what);
}

static void
tell_upgrades(
    struct scenario *scenario, enum upgrade_stage stage, bool is_unwanted)
{
	struct verdict *verdict = scenario->verdict;
	const struct upgrade_report *report;
	unsigned int i;

	for (i = 0; i < verdict->upgrades_count; i++) {
		report = &verdict->upgrades[i].report;
		if (!is_upgrade_of(report, stage) ||
		    is_covered(scenario, report, stage) || !is_unwanted)
			continue;
		verdict_fail(verdict, verdict->upgrades[i].line,
		    "%s%s %s%s%s was %s (%s): %s", upgrade_kind_word(report),
		    report->is_rehearsal ? " of" : "", report->module,
		    report->is_rollback ? "" : " ",
		    report->is_rollback ? "" : report->version_to,
		    stage == UPGRADE_refused ? "refused" : "rolled back",
		    upgrade_reason_word((enum upgrade_reason)report->reason),
		    report->text);
	}
}

static bool
is_unwanted(const struct scenario *scenario, enum happening happening)
{
	const struct allowance *allowance = &scenario->allowances[happening];

	return !allowance->is_allowed && !allowance->is_expected;
}

static void
judge_count(struct scenario *scenario, enum happening happening, uint64_t count)
{
	const struct allowance *allowance = &scenario->allowances[happening];

	if (allowance->is_allowed &&
	    (count < allowance->from || count > allowance->to))
		verdict_fail(scenario->verdict, allowance->at,
		    "%" PRIu64 " %s, allowed are %" PRIu64 " to %" PRIu64,
		    count, judge_text(happening, count), allowance->from,
		    allowance->to);
}

/* `covered`: of these a permit says that they may come. */
static void
judge_bare_count(struct scenario *scenario, enum happening happening,
    uint64_t count, uint64_t covered)
{
	judge_count(scenario, happening, count);
	count -= covered;
	if (is_unwanted(scenario, happening) && count > 0)
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " %s that nothing expects or allows", count,
		    judge_text(happening, count));
}

static void
take_restart(void *arg, const struct recorded_event *event)
{
	struct taking *taking = arg;
	const struct permit_case what = { .at = event->at,
		.process = event->name,
		.supervisor = event->object };

	if (permit_covers(taking->scenario, HAPPENED_restart, &what))
		taking->covered++;
}

static void
judge_restarts(struct scenario *scenario, uint64_t count)
{
	struct taking taking = { .scenario = scenario };

	if (scenario->permits != NULL)
		(void)recorder_restarts(
		    scenario->recorder, take_restart, &taking);
	judge_bare_count(scenario, HAPPENED_restart, count,
	    taking.covered < count ? taking.covered : count);
}

static void
judge_counted(
    struct scenario *scenario, enum happening happening, uint64_t count)
{
	judge_bare_count(scenario, happening, count,
	    permit_covered(scenario, happening, count));
}

static void
judge_upgrades(struct scenario *scenario, enum happening happening,
    enum upgrade_stage stage)
{
	judge_count(
	    scenario, happening, count_upgrades(scenario->verdict, stage));
	tell_upgrades(scenario, stage, is_unwanted(scenario, happening));
}

/* A rollback that the scenario asks for is not a surprise in another form. */
static bool
is_of_a_rollback(const struct scenario *scenario, const struct alarm *alarm)
{
	const struct allowance *allowance =
	    &scenario->allowances[HAPPENED_rolled_back];

	return strcmp(alarm->name, ALARM_ROLLED_BACK) == 0 &&
	    (allowance->is_expected || allowance->is_allowed);
}

static void
tell_alarm(struct scenario *scenario, const struct alarm *alarm)
{
	if (!word_is_in(alarm->name, scenario->alarms_expected) &&
	    !is_of_a_rollback(scenario, alarm))
		verdict_fail(scenario->verdict, 0,
		    "alarm %s of %s was raised (%s), and nothing expects or "
		    "allows it",
		    alarm->name, alarm->object, alarm->text);
}

static void
take_alarm(void *arg, const struct recorded_event *event)
{
	struct taking *taking = arg;
	const struct permit_case what = { .at = event->at,
		.alarm = event->name };
	struct alarm alarm = { .is_raised = true };

	if (permit_covers(taking->scenario, HAPPENED_alarm, &what) ||
	    !taking->is_unwanted)
		return;
	(void)snprintf(alarm.name, sizeof alarm.name, "%s", event->name);
	(void)snprintf(alarm.object, sizeof alarm.object, "%s", event->object);
	(void)snprintf(alarm.text, sizeof alarm.text, "%s", event->text);
	tell_alarm(taking->scenario, &alarm);
}

static void
judge_alarms(struct scenario *scenario)
{
	struct scheduler *scheduler = scenario->scheduler;
	struct taking taking = { .scenario = scenario,
		.is_unwanted = is_unwanted(scenario, HAPPENED_alarm) };
	unsigned int cursor = 0;
	struct alarm alarm;

	judge_count(scenario, HAPPENED_alarm, alarm_total(scheduler));
	if (scenario->permits != NULL &&
	    recorder_alarms(scenario->recorder, take_alarm, &taking) == 0)
		return;
	while (taking.is_unwanted && alarm_next(scheduler, &cursor, &alarm))
		tell_alarm(scenario, &alarm);
}

void
judge_counts(struct scenario *scenario)
{
	const struct office_counts *office = office_counts(scenario->office);
	const struct scheduler_counts counts =
	    scheduler_sum(scenario->scheduler);

	judge_count(scenario, HAPPENED_crash, counts.faults);
	if (blame_faults(scenario, is_unwanted(scenario, HAPPENED_crash)) != 0)
		verdict_fail(scenario->verdict, 0,
		    "the database cannot be read: %s",
		    recorder_error(scenario->recorder));
	judge_restarts(scenario, counts.restarts);
	judge_alarms(scenario);
	judge_upgrades(scenario, HAPPENED_refused, UPGRADE_refused);
	judge_upgrades(scenario, HAPPENED_rolled_back, UPGRADE_rolled_back);
	judge_count(scenario, HAPPENED_unexpected_signal, office->unexpected);
	blame_strays(scenario, STRAY_UNEXPECTED, office->unexpected,
	    is_unwanted(scenario, HAPPENED_unexpected_signal));
	judge_count(scenario, HAPPENED_cause, count_causes(scenario));
	judge_count(scenario, HAPPENED_late, office->late);
	blame_strays(scenario, STRAY_LATE, office->late,
	    is_unwanted(scenario, HAPPENED_late));
	judge_counted(scenario, HAPPENED_glare, office->glare);
	judge_counted(scenario, HAPPENED_overload, office->gapped);
	permit_judge(scenario);
}
