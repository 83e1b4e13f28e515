/*
 * console_status: how the switch is, as members of a JSON object.
 *
 * What `status`, the live page and `top` show.  Everything here is counted
 * already, but for the calls of each state (state_count.h): looking costs the
 * same however many calls there are.
 */
#include <inttypes.h>

#include "calls/database/recorder.h"
#include "calls/exchange/office.h"
#include "calls/exchange/office_gate.h"
#include "sim/json.h"
#include "sim/operator/console_internal.h"
#include "sim/operator/console_tree.h"
#include "switch/alarm.h"
#include "switch/behaviour.h"
#include "switch/scheduler.h"
#include "upgrade/release_handler.h"

/* `{"a":1,"b":2}` */
struct figure {
	const char *name;
	uint64_t value;
};

static void
write_figures(FILE *out, const char *key, const struct figure *figures,
    unsigned int count)
{
	unsigned int i;

	(void)fprintf(out, "\"%s\":{", key);
	for (i = 0; i < count; i++)
		(void)fprintf(out, "%s\"%s\":%" PRIu64, i == 0 ? "" : ",",
		    figures[i].name, figures[i].value);
	(void)fputc('}', out);
}

static void
write_calls(const struct scenario *scenario, FILE *out)
{
	const struct office_counts *counts = office_counts(scenario->office);
	const struct figure figures[] = {
		{ "attempts", counts->attempts },
		{ "gapped", counts->gapped },
		{ "live", counts->live },
		{ "seizures", counts->seizures },
		{ "answers", counts->answered },
		{ "ended", counts->ended },
		{ "lost", counts->lost },
		{ "unexpected", counts->unexpected },
		{ "late", counts->late },
		{ "charge_micro", counts->charge_micro },
	};

	write_figures(
	    out, "calls", figures, sizeof figures / sizeof figures[0]);
}

static void
write_runtime(const struct scenario *scenario, FILE *out)
{
	const struct scheduler_counts counts =
	    scheduler_sum(scenario->scheduler);
	const struct figure figures[] = {
		{ "schedulers", scheduler_count(scenario->scheduler) },
		{ "processes", counts.spawned - counts.exited },
		{ "births", counts.spawned },
		{ "events", counts.events },
		{ "crashes", counts.faults },
		{ "restarts", counts.restarts },
		{ "alarms", alarm_total(scenario->scheduler) },
	};

	write_figures(
	    out, "runtime", figures, sizeof figures / sizeof figures[0]);
}

static void
write_database(const struct scenario *scenario, FILE *out)
{
	const struct recorder *recorder = scenario->recorder;

	(void)fprintf(out,
	    "\"database\":{\"state\":\"%s\",\"waiting\":%" PRIu64
	    ",\"written\":%" PRIu64 ",\"path\":",
	    recorder_condition_word(recorder_condition(recorder)),
	    recorder_waiting(recorder),
	    recorder_taken(recorder) - recorder_waiting(recorder));
	json_string(out, scenario->options->database);
	(void)fputc('}', out);
}

static void
write_gate(const struct scenario *scenario, FILE *out)
{
	struct gate_view view;

	office_look_at_gate(scenario->office, &view);
	(void)fprintf(out, "\"gate\":{\"state\":\"%s\",\"reason\":\"%s\"}",
	    view.is_open ? "open" : "closed",
	    view.is_open ? "" : gate_reason_word(view.reason));
}

static void
write_version(struct behaviours *behaviours, uint16_t id, FILE *out)
{
	const struct behaviour_counts counts = behaviour_counts(behaviours, id);
	const struct figure figures[] = {
		{ "holders", counts.holders },
		{ "births", counts.births },
		{ "ends", counts.ends },
		{ "events", counts.events },
		{ "crashes", counts.faults },
		{ "conversions", counts.conversions },
	};

	(void)fputs("{\"version\":", out);
	json_string(out, behaviour_at(behaviours, id)->version);
	(void)fprintf(out, ",\"is_current\":%s,",
	    behaviour_is_current(behaviours, id) ? "true" : "false");
	write_figures(
	    out, "counts", figures, sizeof figures / sizeof figures[0]);
	(void)fputc('}', out);
}

static void
write_versions(const struct scenario *scenario, FILE *out)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(scenario->scheduler);
	uint16_t cursor = 0, id;
	const char *between = "";

	(void)fputs("\"module\":", out);
	json_string(out, scenario->module);
	(void)fputs(",\"versions\":[", out);
	while (
	    (id = behaviour_next(behaviours, scenario->module, &cursor)) != 0) {
		if (!behaviour_is_loaded(behaviours, id))
			continue;
		(void)fputs(between, out);
		write_version(behaviours, id, out);
		between = ",";
	}
	(void)fputc(']', out);
}

static void
write_alarms(const struct scenario *scenario, FILE *out)
{
	unsigned int cursor = 0;
	struct alarm alarm;
	const char *between = "";

	(void)fputs("\"alarms\":[", out);
	while (alarm_next(scenario->scheduler, &cursor, &alarm)) {
		if (!alarm.is_raised)
			continue;
		(void)fprintf(out, "%s{\"name\":", between);
		json_string(out, alarm.name);
		(void)fputs(",\"object\":", out);
		json_string(out, alarm.object);
		(void)fprintf(out, ",\"severity\":\"%s\",\"text\":",
		    alarm_severity_word(alarm.severity));
		json_string(out, alarm.text);
		(void)fprintf(out, ",\"since_us\":%" PRIu64 "}", alarm.at);
		between = ",";
	}
	(void)fputc(']', out);
}

/* How many calls paused how long, by the octaves between the extremes. */
static void
write_pauses(const struct upgrade_report *report, FILE *out)
{
	const struct histogram *pauses = &report->pauses_cpu;
	uint64_t calls, seen = 0;
	const char *between = "";
	unsigned int bit;

	for (bit = 0; bit < 63 && seen < pauses->count; bit++) {
		calls = histogram_octave(pauses, bit);
		seen += calls;
		if (seen == 0)
			continue;
		(void)fprintf(out,
		    "%s{\"up_to_us\":%.3f,\"calls\":%" PRIu64 "}", between,
		    (double)(UINT64_C(2) << bit) / 1e3, calls);
		between = ",";
	}
}

static void
write_upgrade(const struct scenario *scenario, FILE *out)
{
	const struct upgrade_report *report =
	    release_handler_report(scenario->handler);

	(void)fputs("\"upgrade\":", out);
	if (report == NULL)
		(void)fputs("null", out);
	else
		verdict_json_report(report, out);
	(void)fputs(",\"pauses\":[", out);
	if (report != NULL)
		write_pauses(report, out);
	(void)fputc(']', out);
}

void
console_status(struct console *console, FILE *out)
{
	static const char *const words[] = { "configuring", "serving",
		"draining", "ending", "ended" };
	const struct scenario *scenario = console->scenario;

	(void)fprintf(out, "\"state\":\"%s\",\"now_us\":%" PRIu64 ",",
	    words[console->state], scheduler_now(scenario->scheduler));
	write_calls(scenario, out);
	(void)fputc(',', out);
	write_runtime(scenario, out);
	(void)fputc(',', out);
	write_database(scenario, out);
	(void)fputc(',', out);
	write_gate(scenario, out);
	(void)fputc(',', out);
	write_versions(scenario, out);
	(void)fputs(",\"states\":", out);
	state_count_step(
	    &console->states, scenario->scheduler, scenario->module);
	state_count_write(&console->states, scenario->scheduler, out);
	(void)fputc(',', out);
	console_tree(scenario->scheduler, scenario->root, out, NULL);
	(void)fputc(',', out);
	write_alarms(scenario, out);
	(void)fputc(',', out);
	write_upgrade(scenario, out);
	(void)fputc(',', out);
	console_latency(console, out);
}
