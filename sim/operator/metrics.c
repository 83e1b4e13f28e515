/*
 * metrics: see metrics.h for what it is.
 */
#include "sim/operator/metrics.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

enum { KEY_SIZE = 64 }; /* the severity of an alarm, a blank, its name */

/* Figures of the switch: where each stands in the status. */
static const struct {
	const char *section, *key, *name, *type, *help;
} figures[] = {
	{ "calls", "attempts", "call_attempts", "counter",
	    "Calls that somebody began" },
	{ "calls", "gapped", "call_gapped", "counter",
	    "Attempts that overload control refused" },
	{ "calls", "seizures", "call_seizures", "counter",
	    "Attempts that had a process and a number" },
	{ "calls", "answers", "call_answers", "counter",
	    "Calls that were answered" },
	{ "calls", "ended", "calls_ended", "counter",
	    "Calls that have ended, each with a record" },
	{ "calls", "lost", "calls_lost", "counter",
	    "Calls whose process ended without their doing" },
	{ "calls", "unexpected", "signals_unexpected", "counter",
	    "Signals that the state of a call had no row for" },
	{ "calls", "late", "signals_late", "counter",
	    "Signals for a leg that was released" },
	{ "calls", "live", "calls_live", "gauge", "Calls that live now" },
	{ "runtime", "processes", "processes", "gauge",
	    "Processes that live now" },
	{ "runtime", "events", "events", "counter",
	    "Events that processes were given" },
	{ "runtime", "crashes", "crashes", "counter",
	    "Faults that were contained" },
	{ "runtime", "restarts", "restarts", "counter",
	    "Children that supervisors started again" },
	{ "database", "waiting", "records_waiting", "gauge",
	    "Records that are not known to be committed yet" },
	{ "database", "written", "records_written", "counter",
	    "Records that are committed" },
};

/* Figures of each version: its counts. */
static const struct {
	const char *key, *name, *type, *help;
} of_version[] = {
	{ "holders", "version_calls", "gauge", "Calls that run the version" },
	{ "births", "version_births", "counter",
	    "Calls that began in the version" },
	{ "events", "version_events", "counter",
	    "Events that it was given, with those that faulted" },
	{ "crashes", "version_crashes", "counter", "Faults in the version" },
	{ "conversions", "version_conversions", "counter",
	    "Calls that were converted to it" },
};

static void
describe(FILE *out, const char *name, const char *type, const char *help)
{
	(void)fprintf(out, "# TYPE hotswitch_%s %s\n# HELP hotswitch_%s %s.\n",
	    name, type, name, help);
}

/* A counter's sample has a suffix that its name has not. */
static const char *
suffix_of(const char *type)
{
	return strcmp(type, "counter") == 0 ? "_total" : "";
}

static json_int_t
number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void
write_figures(FILE *out, const json_t *status)
{
	unsigned int i;

	for (i = 0; i < sizeof figures / sizeof figures[0]; i++) {
		describe(
		    out, figures[i].name, figures[i].type, figures[i].help);
		(void)fprintf(out, "hotswitch_%s%s %" JSON_INTEGER_FORMAT "\n",
		    figures[i].name, suffix_of(figures[i].type),
		    number_of(json_object_get(status, figures[i].section),
			figures[i].key));
	}
}

/* A label's value: `\`, `"` and newlines escaped (OpenMetrics, ABNF). */
static void
write_label(FILE *out, const char *text)
{
	(void)fputc('"', out);
	for (; *text != '\0'; text++)
		switch (*text) {
		case '\n':
			(void)fputs("\\n", out);
			break;
		case '"':
		case '\\':
			(void)fputc('\\', out);
			(void)fputc(*text, out);
			break;
		default:
			(void)fputc(*text, out);
		}
	(void)fputc('"', out);
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static void
write_versions(FILE *out, const json_t *versions)
{
	const json_t *version;
	unsigned int i;
	size_t at;

	for (i = 0; i < sizeof of_version / sizeof of_version[0]; i++) {
		describe(out, of_version[i].name, of_version[i].type,
		    of_version[i].help);
		for (at = 0; at < json_array_size(versions); at++) {
			version = json_array_get(versions, at);
			(void)fprintf(out,
			    "hotswitch_%s%s{version=", of_version[i].name,
			    suffix_of(of_version[i].type));
			write_label(out, text_of(version, "version"));
			(void)fprintf(out, "} %" JSON_INTEGER_FORMAT "\n",
			    number_of(json_object_get(version, "counts"),
				of_version[i].key));
		}
	}
}

/* One more of its name and severity, in the object of their counts. */
static void
count_alarm(json_t *counts, const json_t *alarm)
{
	char key[KEY_SIZE];
	json_t *same;

	(void)snprintf(key, sizeof key, "%s %s", text_of(alarm, "severity"),
	    text_of(alarm, "name"));
	same = json_object_get(counts, key);
	if (same == NULL)
		(void)json_object_set_new(counts, key, json_integer(1));
	else
		(void)json_integer_set(same, json_integer_value(same) + 1);
}

/* By name and severity, of which there are few; of objects there are many. */
static void
write_alarms(FILE *out, const json_t *alarms)
{
	json_t *counts = json_object(), *alarm, *count;
	const char *key, *name;
	char severity[KEY_SIZE];
	size_t at;

	describe(out, "alarms", "gauge", "Alarms that stand");
	json_array_foreach(alarms, at, alarm) count_alarm(counts, alarm);
	json_object_foreach(counts, key, count)
	{
		name = strchr(key, ' ') + 1;
		(void)snprintf(severity, sizeof severity, "%.*s",
		    (int)(name - key - 1), key);
		(void)fputs("hotswitch_alarms{name=", out);
		write_label(out, name);
		(void)fputs(",severity=", out);
		write_label(out, severity);
		(void)fprintf(out, "} %" JSON_INTEGER_FORMAT "\n",
		    json_integer_value(count));
	}
	json_decref(counts);
}

/*--------------------------------------------------------------------
 * Histograms, in seconds
 */

static double
seconds_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key)) / 1e6;
}

/* `label` is one whole label, or "". */
static void
write_histogram(
    FILE *out, const char *name, const char *label, const json_t *latency)
{
	const json_t *buckets = json_object_get(latency, "buckets");
	const char *comma = label[0] == '\0' ? "" : ",";
	const char *open = label[0] == '\0' ? "" : "{";
	const char *close = label[0] == '\0' ? "" : "}";
	const json_int_t count = number_of(latency, "count");
	const json_t *bucket;
	size_t at;

	for (at = 0; at < json_array_size(buckets); at++) {
		bucket = json_array_get(buckets, at);
		(void)fprintf(out,
		    "hotswitch_%s_bucket{%s%sle=\"%.9g\"} %" JSON_INTEGER_FORMAT
		    "\n",
		    name, label, comma, seconds_of(bucket, "up_to_us"),
		    number_of(bucket, "count"));
	}
	(void)fprintf(out,
	    "hotswitch_%s_bucket{%s%sle=\"+Inf\"} %" JSON_INTEGER_FORMAT "\n",
	    name, label, comma, count);
	(void)fprintf(out, "hotswitch_%s_sum%s%s%s %.9g\n", name, open, label,
	    close, seconds_of(latency, "sum_us"));
	(void)fprintf(out,
	    "hotswitch_%s_count%s%s%s %" JSON_INTEGER_FORMAT "\n", name, open,
	    label, close, count);
}

static void
write_latencies(FILE *out, const json_t *latency)
{
	static const char pause[] = "upgrade_pause_seconds";

	describe(out, "call_setup_seconds", "histogram",
	    "From the last digit to alerting, of calls that have ended");
	write_histogram(
	    out, "call_setup_seconds", "", json_object_get(latency, "setup"));
	describe(out, "event_service_seconds", "histogram",
	    "What one event takes in its process, of one event in each turn");
	write_histogram(out, "event_service_seconds", "",
	    json_object_get(latency, "event"));
	describe(out, pause, "histogram",
	    "How long a call stood still to be converted");
	write_histogram(
	    out, pause, "clock=\"cpu\"", json_object_get(latency, "pause_cpu"));
	write_histogram(out, pause, "clock=\"wall\"",
	    json_object_get(latency, "pause_wall"));
}

static void
write_state(FILE *out, const json_t *status)
{
	const json_t *gate = json_object_get(status, "gate");
	const json_t *database = json_object_get(status, "database");

	describe(out, "gate_open", "gauge",
	    "Whether overload control lets every call in");
	(void)fprintf(out, "hotswitch_gate_open %d\n",
	    strcmp(text_of(gate, "state"), "open") == 0);
	describe(out, "database_ok", "gauge",
	    "Whether the call database can be written");
	(void)fprintf(out, "hotswitch_database_ok %d\n",
	    strcmp(text_of(database, "state"), "ok") == 0);
	describe(out, "uptime_seconds", "gauge", "How long the switch has run");
	(void)fprintf(out, "hotswitch_uptime_seconds %.3f\n",
	    (double)number_of(status, "now_us") / 1e6);
}

int
metrics_write(FILE *out, const char *answer)
{
	json_t *root = json_loads(answer, 0, NULL);
	const json_t *status = json_object_get(root, "status");
	int result = -EINVAL;

	if (status != NULL) {
		write_figures(out, status);
		write_versions(out, json_object_get(status, "versions"));
		write_alarms(out, json_object_get(status, "alarms"));
		write_state(out, status);
		write_latencies(out, json_object_get(status, "latency"));
		(void)fputs("# EOF\n", out);
		result = 0;
	}
	json_decref(root);
	return result;
}
