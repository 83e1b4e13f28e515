/*
 * subject_release: how an upgrade, a version and a module are at this instant.
 *
 * What an upgrade has counted is in its report, what a version has measured
 * with the calls that ended in it.  Neither is judged here (verdict*.c).
 */
#include "sim/subject_internal.h"

#include <errno.h>
#include <stdio.h>

#include "calls/database/recorder.h"
#include "sim/version_column.h"
#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"

static void
add_counts_of_upgrade(struct columns *into, const struct upgrade_report *report)
{
	subject_add_number(into, "live", report->live);
	subject_add_number(into, "converted", report->converted);
	subject_add_number(into, "returned", report->returned);
	subject_add_number(into, "failed", report->failed);
	subject_add_number(into, "pinned", report->pinned);
	subject_add_number(into, "lossy", report->lossy);
	subject_add_number(into, "born", report->born);
	subject_add_number(into, "ended", report->died);
	subject_add_number(into, "lost", report->lost);
	subject_add_number(into, "crashes", report->crashes);
	subject_add_number(into, "crashes_from", report->crashes_from);
	subject_add_number(into, "crashes_to", report->crashes_to);
	subject_add_number(into, "retried", report->retried);
	subject_add_number(into, "rehearsed", report->rehearsed);
	subject_add_number(into, "canaries", report->canaries);
	subject_add_number(into, "prolonged", report->prolonged);
	subject_add_number(into, "differences", report->differences);
	subject_add_number(into, "rejected", report->rejected);
}

static void
add_pauses(struct columns *into, const struct histogram *pauses)
{
	subject_add_number(
	    into, "pause_p50_us", histogram_quantile(pauses, 0.5) / 1000);
	subject_add_number(
	    into, "pause_p99_us", histogram_quantile(pauses, 0.99) / 1000);
	subject_add_number(
	    into, "pause_p9999_us", histogram_quantile(pauses, 0.9999) / 1000);
	subject_add_number(into, "pause_max_us", pauses->max / 1000);
}

int
look_at_upgrade(const struct look *look)
{
	const struct upgrade_report *report =
	    release_handler_report(look->scenario->handler);
	struct columns *into = look->into;

	if (report == NULL) {
		(void)snprintf(into->absent, sizeof into->absent,
		    "no upgrade was asked for");
		return 0;
	}
	subject_set_state(
	    into, upgrade_stage_word((enum upgrade_stage)report->stage));
	subject_add(into, "version_from", "%s", report->version_from);
	subject_add(into, "version_to", "%s", report->version_to);
	subject_add(into, "stage", "%s", into->state);
	subject_add(into, "reason", "%s",
	    upgrade_reason_word((enum upgrade_reason)report->reason));
	add_counts_of_upgrade(into, report);
	add_pauses(into, &report->pauses_cpu);
	subject_add_number(into, "total_us", report->total_us);
	return 0;
}

/* Of the calls that ended in it; NaN is what nobody knows yet. */
static void
add_measures(const struct look *look, uint16_t id)
{
	struct version_measures *measures = object_alloc(sizeof *measures);
	const struct behaviour_counts counts = behaviour_counts(
	    scheduler_behaviours(look->scenario->scheduler), id);

	if (measures == NULL)
		return;
	measures->events = counts.events;
	measures->crashes = counts.faults;
	telephony_measure(&look->scenario->telephony, id, measures);
#define COLUMN_ADD(name, value) subject_add_value(look->into, #name, value);
	VERSION_COLUMNS(COLUMN_ADD)
#undef COLUMN_ADD
	object_free(measures, sizeof *measures);
}

int
look_at_version(const struct look *look)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(look->scenario->scheduler);
	uint16_t id = behaviour_find(behaviours, look->key, look->second_key);
	/* What it has counted outlives it. */
	uint16_t past =
	    behaviour_find_past(behaviours, look->key, look->second_key);
	uint64_t holders =
	    id == 0 ? 0 : behaviour_counts(behaviours, id).holders;

	subject_set_state(look->into,
	    id == 0				       ? "absent"
		: behaviour_is_current(behaviours, id) ? "current"
						       : "old");
	subject_add_number(look->into, "holders", holders);
	subject_add_number(look->into, "calls", holders);
	add_measures(look, past);
	return 0;
}

int
look_at_module(const struct look *look)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(look->scenario->scheduler);
	uint16_t id = behaviour_current(behaviours, look->key);
	char permanent[sizeof behaviour_at(behaviours, id)->version] = "";
	int result;

	if (id == 0) {
		(void)snprintf(look->into->absent, sizeof look->into->absent,
		    "no module '%.40s' is in use", look->key);
		return 0;
	}
	result = recorder_permanent(
	    look->scenario->recorder, look->key, permanent, sizeof permanent);
	if (result != 0 && result != -ENOENT)
		return subject_refuse(look, "the database cannot be read: %s",
		    recorder_error(look->scenario->recorder));
	subject_add(
	    look->into, "version", "%s", behaviour_at(behaviours, id)->version);
	subject_add(look->into, "permanent", "%s", permanent);
	return 0;
}
