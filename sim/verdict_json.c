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
print_pause(FILE *out, const char *key, const struct histogram *pauses)
{
	(void)fprintf(out,
	    "\"%s\":{\"p50\":%.3f,\"p99\":%.3f,\"p9999\":%.3f,"
	    "\"max\":%.3f}",
	    key, (double)histogram_quantile(pauses, 0.5) / 1e3,
	    (double)histogram_quantile(pauses, 0.99) / 1e3,
	    (double)histogram_quantile(pauses, 0.9999) / 1e3,
	    (double)pauses->max / 1e3);
}

/* What it met, and by which version. */
static void
print_trial(FILE *out, const struct upgrade_report *report)
{
	(void)fprintf(out,
	    ",\"live\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"crashes\":%" PRIu64
	    ",\"crashes_from\":%" PRIu64 ",\"crashes_to\":%" PRIu64
	    ",\"retried\":%" PRIu64 ",\"rehearsed\":%" PRIu64
	    ",\"canaries\":%" PRIu64 ",\"prolonged\":%" PRIu64
	    ",\"differences\":%" PRIu64 ",\"rejected\":%" PRIu64
	    ",\"returned\":%" PRIu64 ",\"kind\":\"%s\"",
	    report->live, report->lost, report->crashes, report->crashes_from,
	    report->crashes_to, report->retried, report->rehearsed,
	    report->canaries, report->prolonged, report->differences,
	    report->rejected, report->returned, upgrade_kind_word(report));
}

/* All four, so that who reads them need not ask which there are. */
static void
print_stages(FILE *out, const struct upgrade_report *report)
{
	const struct {
		const char *word;
		const struct upgrade_time *time;
	} stages[] = {
		{ "load", &report->loading },
		{ "rehearse", &report->rehearsing },
		{ "canary", &report->watching },
		{ "convert", &report->converting },
	};
	unsigned int i;

	(void)fputs(",\"stages\":{", out);
	for (i = 0; i < sizeof stages / sizeof stages[0]; i++)
		(void)fprintf(out,
		    "%s\"%s\":{\"machine_us\":%" PRIu64 ",\"run_us\":%" PRIu64
		    "}",
		    i == 0 ? "" : ",", stages[i].word,
		    stages[i].time->machine_us, stages[i].time->run_us);
	(void)fputc('}', out);
}

static void
print_states(FILE *out, const struct upgrade_report *report)
{
	const struct upgrade_state *state = report->states;
	const char *between = "";

	(void)fputs(",\"states\":[", out);
	for (; state < report->states + report->state_count; state++) {
		if (state->converted + state->pinned + state->failed == 0)
			continue;
		(void)fprintf(out, "%s{\"state\":", between);
		json_string(out, state->word);
		(void)fprintf(out,
		    ",\"converted\":%" PRIu64 ",\"pinned\":%" PRIu64
		    ",\"failed\":%" PRIu64 "}",
		    state->converted, state->pinned, state->failed);
		between = ",";
	}
	(void)fputc(']', out);
}

static void
print_stragglers(FILE *out, const struct verdict_upgrade *upgrade)
{
	const struct verdict_straggler *straggler;
	unsigned int i;

	(void)fputs(",\"stragglers\":[", out);
	for (i = 0; i < upgrade->stragglers_count; i++) {
		straggler = &upgrade->stragglers[i];
		(void)fprintf(out,
		    "%s{\"call\":%" PRIu64 ",\"name\":", i == 0 ? "" : ",",
		    straggler->call);
		json_string(out, straggler->name);
		(void)fputs(",\"kind\":", out);
		json_string(out, straggler->kind);
		(void)fputs(",\"version\":", out);
		json_string(out, straggler->version);
		(void)fputs(",\"state\":", out);
		json_string(out, straggler->state);
		(void)fputs(",\"text\":", out);
		json_string(out, straggler->text);
		(void)fputc('}', out);
	}
	(void)fputc(']', out);
}

/* Its members, without braces. */
static void
print_report(FILE *out, const struct upgrade_report *report)
{
	(void)fputs("\"module\":", out);
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
	print_pause(out, "pause_us", &report->pauses_cpu);
	(void)fputs(",\"text\":", out);
	json_string(out, report->text);
	print_trial(out, report);
	print_stages(out, report);
	print_states(out, report);
	(void)fputc(',', out);
	print_pause(out, "wall_us", &report->pauses_wall);
}

void
verdict_json_report(const struct upgrade_report *report, FILE *out)
{
	(void)fputc('{', out);
	print_report(out, report);
	(void)fputc('}', out);
}

static void
print_upgrade(FILE *out, const struct verdict_upgrade *upgrade)
{
	(void)fputc('{', out);
	print_report(out, &upgrade->report);
	print_stragglers(out, upgrade);
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
		if (verdict->failures[i].ladder != NULL) {
			(void)fputs(",\"ladder\":", out);
			json_string(out, verdict->failures[i].ladder);
		}
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
	    ",\"ended\":%" PRIu64 ",\"live\":%" PRIu64 ",\"lost\":%" PRIu64
	    ",\"gapped\":%" PRIu64 "}",
	    verdict->calls.attempted, verdict->calls.answered,
	    verdict->calls.ended, verdict->calls.live, verdict->calls.lost,
	    verdict->calls.gapped);
}

static void
print_findings(FILE *out, const struct verdict *verdict)
{
	const struct verdict_finding *finding = verdict->findings;
	unsigned int i;

	(void)fputs(",\"findings\":[", out);
	for (i = 0; i < verdict->findings_count; i++, finding++) {
		(void)fprintf(out,
		    "%s{\"kind\":\"%s\",\"line\":%u,\"holds\":%s,\"text\":",
		    i == 0 ? "" : ",", finding->kind, finding->line,
		    finding->holds ? "true" : "false");
		json_string(out, finding->text);
		(void)fputc('}', out);
	}
	(void)fputc(']', out);
}

static void
print_orders(FILE *out, const struct verdict *verdict)
{
	const struct orders *orders = verdict->orders;
	char text[ORDER_TEXT_SIZE];

	if (verdict->order == NULL)
		return;
	(void)fprintf(
	    out, ",\"order\":\"%s\"", order_text(verdict->order, text));
	if (orders != NULL)
		(void)fprintf(out,
		    ",\"orders\":{\"tried\":%" PRIu64 ",\"all\":%" PRIu64
		    ",\"failed\":%" PRIu64 "}",
		    orders->tried, orders->all, orders->failed);
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
	    verdict->is_undone		  ? "error"
		: verdict_passed(verdict) ? "pass"
					  : "fail");
	print_failures(out, verdict);
	print_figures(out, verdict);
	print_findings(out, verdict);
	print_orders(out, verdict);
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
