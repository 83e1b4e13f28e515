/*
 * verdict_json: a scenario's verdict as one JSON object on one line.
 *
 * The keys are promised to those who read them: none is ever renamed.
 */
#include "sim/json.h"
#include "sim/verdict.h"

#include <inttypes.h>

/* ns of a histogram, as µs */
static void
print_pause(FILE *out, const struct histogram *pauses)
{
	(void)fprintf(out,
	    "\"pause_us\":{\"p50\":%.3f,\"p99\":%.3f,\"p9999\":%.3f,"
	    "\"max\":%.3f}",
	    (double)histogram_quantile(pauses, 0.5) / 1e3,
	    (double)histogram_quantile(pauses, 0.99) / 1e3,
	    (double)histogram_quantile(pauses, 0.9999) / 1e3,
	    (double)pauses->max / 1e3);
}

static void
print_upgrade(FILE *out, const struct verdict_upgrade *upgrade)
{
	const struct upgrade_report *report = &upgrade->report;

	(void)fputs("{\"module\":", out);
	json_string(out, report->module);
	(void)fputs(",\"from\":", out);
	json_string(out, report->version_from);
	(void)fputs(",\"to\":", out);
	json_string(out, report->version_to);
	(void)fputs(",\"mode\":", out);
	json_string(out, report->mode);
	(void)fputs(",\"stage\":", out);
	json_string(out, upgrade_stage_word((enum upgrade_stage)report->stage));
	(void)fputs(",\"reason\":", out);
	json_string(
	    out, upgrade_reason_word((enum upgrade_reason)report->reason));
	(void)fprintf(out,
	    ",\"converted\":%" PRIu64 ",\"failed\":%" PRIu64
	    ",\"pinned\":%" PRIu64 ",\"lossy\":%" PRIu64 ",\"born\":%" PRIu64
	    ",\"ended\":%" PRIu64 ",\"total_us\":%" PRIu64 ",",
	    report->converted, report->failed, report->pinned, report->lossy,
	    report->born, report->died, report->total_us);
	print_pause(out, &report->pauses_cpu);
	(void)fputs(",\"text\":", out);
	json_string(out, report->text);
	if (upgrade->shadow != NULL)
		verdict_json_shadow(upgrade->shadow, out);
	(void)fputc('}', out);
}

static void
print_failures(FILE *out, const struct verdict *verdict)
{
	unsigned int i;

	(void)fputs(",\"failures\":[", out);
	for (i = 0; i < verdict->failures_count; i++) {
		(void)fprintf(out,
		    "%s{\"line\":%u,\"text\":", i == 0 ? "" : ",",
		    verdict->failures[i].line);
		json_string(out, verdict->failures[i].text);
		(void)fputc('}', out);
	}
	(void)fputc(']', out);
}

static void
print_figures(FILE *out, const struct verdict *verdict)
{
	(void)fprintf(out,
	    ",\"seed\":%" PRIu64 ",\"virtual_ms\":%" PRIu64
	    ",\"wall_ms\":%" PRIu64,
	    verdict->seed, verdict->virtual_us / 1000, verdict->wall_us / 1000);
	(void)fprintf(out,
	    ",\"calls\":{\"attempted\":%" PRIu64 ",\"answered\":%" PRIu64
	    ",\"ended\":%" PRIu64 ",\"live\":%" PRIu64 ",\"lost\":%" PRIu64 "}",
	    verdict->calls.attempted, verdict->calls.answered,
	    verdict->calls.ended, verdict->calls.live, verdict->calls.lost);
}

void
verdict_json(const struct verdict *verdict, FILE *out)
{
	unsigned int i;

	(void)fputs("{\"scenario\":", out);
	json_string(out, verdict->scenario);
	(void)fputs(",\"question\":", out);
	json_string(out, verdict->question);
	(void)fprintf(out, ",\"result\":\"%s\"",
	    verdict_passed(verdict) ? "pass" : "fail");
	print_failures(out, verdict);
	print_figures(out, verdict);
	(void)fputs(",\"upgrades\":[", out);
	for (i = 0; i < verdict->upgrades_count; i++) {
		(void)fputs(i == 0 ? "" : ",", out);
		print_upgrade(out, &verdict->upgrades[i]);
	}
	(void)fprintf(
	    out, "],\"crashes\":%" PRIu64 ",\"audit\":{", verdict->crashes);
	for (i = 0; i < AUDIT_ROWS; i++)
		(void)fprintf(out, "%s\"A%u\":%s", i == 0 ? "" : ",", i + 1,
		    verdict->audit[i] ? "true" : "false");
	(void)fputs("}}\n", out);
}
