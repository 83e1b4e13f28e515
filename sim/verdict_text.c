/*
 * verdict_text: a scenario's verdict as a page that a person reads.
 *
 * First the question and its answer, then why not if it is no, then what
 * happened, from what was asked about most to what one may do next.
 */
#include "sim/verdict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "upgrade/shadow_run.h"

struct page {
	const struct verdict *verdict;
	FILE *out;
	bool is_coloured;
};

enum { NUMBER_MAX = 32, SHADOWS_SHOWN = 3 /* differences */ };

/* In the unit in which it has a digit before the point. */
static const char *
measure(double us, char text[NUMBER_MAX])
{
	if (us <= 0)
		(void)snprintf(text, NUMBER_MAX, "0 s");
	else if (us < 1e3)
		(void)snprintf(text, NUMBER_MAX, "%.1f µs", us);
	else if (us < 1e6)
		(void)snprintf(text, NUMBER_MAX, "%.1f ms", us / 1e3);
	else
		(void)snprintf(text, NUMBER_MAX, "%.1f s", us / 1e6);
	return text;
}

/* A word as a shell takes it for one. */
static void
put_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._/-+=:,@%";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		(void)fputs(word, out);
		return;
	}
	(void)fputc('\'', out);
	for (; *word != '\0'; word++)
		if (*word == '\'')
			(void)fputs("'\\''", out);
		else
			(void)fputc(*word, out);
	(void)fputc('\'', out);
}

/* 1234567 as 1,234,567 */
static const char *
grouped(uint64_t number, char text[NUMBER_MAX])
{
	char digits[NUMBER_MAX];
	int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
	int i, at = 0;

	for (i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

static void
colour(const struct page *page, const char *code)
{
	if (page->is_coloured)
		(void)fprintf(page->out, "\033[%sm", code);
}

static void
heading(const struct page *page, const char *word)
{
	colour(page, "2");
	(void)fprintf(page->out, "  %-10s", word);
	colour(page, "0");
}

static void
print_answer(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	bool passed = verdict_passed(verdict);
	unsigned int i;

	colour(page, "1");
	(void)fprintf(page->out, "%s\n",
	    verdict->question[0] != '\0' ? verdict->question
					 : verdict->scenario);
	colour(page, passed ? "1;32" : "1;31");
	(void)fprintf(page->out, "  %s\n", passed ? "yes" : "no");
	colour(page, "0");
	for (i = 0; i < verdict->failures_count; i++) {
		(void)fprintf(page->out, "  %s:", verdict->scenario);
		if (verdict->failures[i].line > 0)
			(void)fprintf(
			    page->out, "%u:", verdict->failures[i].line);
		(void)fprintf(page->out, " %s\n", verdict->failures[i].text);
	}
	if (verdict->failures_unkept > 0)
		(void)fprintf(
		    page->out, "  and %u more\n", verdict->failures_unkept);
	(void)fputc('\n', page->out);
}

static void
print_calls(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	char text[NUMBER_MAX];

	heading(page, "calls");
	(void)fprintf(
	    page->out, "%s begun", grouped(verdict->calls.attempted, text));
	(void)fprintf(
	    page->out, ", %s answered", grouped(verdict->calls.answered, text));
	(void)fprintf(page->out, ", at most %s at once\n",
	    grouped(verdict->calls.highest, text));
	heading(page, "");
	(void)fprintf(
	    page->out, "%s ended", grouped(verdict->calls.ended, text));
	(void)fprintf(
	    page->out, ", %s still live", grouped(verdict->calls.live, text));
	colour(page, verdict->calls.lost == 0 ? "1;32" : "1;31");
	(void)fprintf(
	    page->out, ", lost: %s\n", grouped(verdict->calls.lost, text));
	colour(page, "0");
}

static void
print_pauses(const struct page *page, const struct upgrade_report *report)
{
	const struct histogram *pauses = &report->pauses_cpu;
	char p50[NUMBER_MAX], p99[NUMBER_MAX], longest[NUMBER_MAX],
	    wall[NUMBER_MAX];

	heading(page, "");
	(void)fprintf(page->out,
	    "  pause of a call: p50 %s, p99 %s, longest %s of CPU (wall: %s)\n",
	    measure((double)histogram_quantile(pauses, 0.5) / 1e3, p50),
	    measure((double)histogram_quantile(pauses, 0.99) / 1e3, p99),
	    measure((double)pauses->max / 1e3, longest),
	    measure((double)report->pauses_wall.max / 1e3, wall));
}

/* Of a rollback that was refused no versions are known. */
static void
print_way(const struct page *page, const struct upgrade_report *report)
{
	if (report->version_from[0] == '\0')
		(void)fprintf(page->out, "%s of %s",
		    report->is_rollback	       ? "rollback"
			: report->is_rehearsal ? "rehearsal"
					       : "upgrade",
		    report->module);
	else
		(void)fprintf(page->out, "%s %s to %s", report->module,
		    report->version_from, report->version_to);
	(void)fprintf(page->out, ": %s",
	    upgrade_stage_word((enum upgrade_stage)report->stage));
}

static void
print_upgrade(
    const struct page *page, const struct upgrade_report *report, bool is_first)
{
	char converted[NUMBER_MAX], other[NUMBER_MAX];

	heading(page, is_first ? "upgrades" : "");
	print_way(page, report);
	if (report->stage == UPGRADE_refused || report->is_rehearsal) {
		(void)fprintf(page->out, ", %s\n", report->text);
		return;
	}
	(void)fprintf(page->out, ", %s %s converted in %s",
	    grouped(report->converted, converted),
	    report->converted == 1 ? "call" : "calls",
	    measure((double)report->total_us, other));
	if (report->failed > 0)
		(void)fprintf(
		    page->out, ", %s failed", grouped(report->failed, other));
	if (report->pinned > 0)
		(void)fprintf(
		    page->out, ", %s pinned", grouped(report->pinned, other));
	(void)fputc('\n', page->out);
	if (report->converted > 0)
		print_pauses(page, report);
}

static void
print_faults(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	char text[NUMBER_MAX];

	if (verdict->crashes == 0 && verdict->restarts == 0 &&
	    verdict->alarms == 0)
		return;
	heading(page, "faults");
	(void)fprintf(page->out, "%s %s contained",
	    grouped(verdict->crashes, text),
	    verdict->crashes == 1 ? "crash" : "crashes");
	if (verdict->restarts > 0)
		(void)fprintf(page->out, ", %s %s",
		    grouped(verdict->restarts, text),
		    verdict->restarts == 1 ? "restart" : "restarts");
	if (verdict->alarms > 0)
		(void)fprintf(page->out, ", %s %s",
		    grouped(verdict->alarms, text),
		    verdict->alarms == 1 ? "alarm" : "alarms");
	(void)fputc('\n', page->out);
}

static void
print_audit(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	bool holds = true;
	unsigned int i;

	for (i = 0; i < AUDIT_ROWS; i++)
		holds = holds && verdict->audit[i];
	heading(page, "audit");
	if (holds) {
		(void)fputs("A1 to A7 hold\n", page->out);
		return;
	}
	colour(page, "1;31");
	for (i = 0; i < AUDIT_ROWS; i++)
		if (!verdict->audit[i])
			(void)fprintf(page->out, "A%u ", i + 1);
	(void)fputs("broken\n", page->out);
	colour(page, "0");
}

static void
print_records(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	char text[NUMBER_MAX], wall[NUMBER_MAX];

	heading(page, "records");
	(void)fprintf(page->out, "%s %s in %s, run %" PRId64 "\n",
	    grouped(verdict->records, text),
	    verdict->records == 1 ? "CDR" : "CDRs", verdict->database,
	    verdict->run);
	heading(page, "time");
	(void)fprintf(page->out, "%s of the exchange in %s, seed %" PRIu64,
	    measure((double)verdict->virtual_us, text),
	    measure((double)verdict->wall_us, wall), verdict->seed);
	if (verdict->schedulers > 1)
		(void)fprintf(
		    page->out, ", %u schedulers", verdict->schedulers);
	(void)fputc('\n', page->out);
	heading(page, "next");
	put_word(page->out,
	    verdict->program == NULL ? "hotswitch" : verdict->program);
	(void)fprintf(page->out, " report %s",
	    verdict->upgrades_count > 0 ? "upgrades" : "calls");
	if (strcmp(verdict->database, "calls.db") != 0) {
		(void)fputs(" --db ", page->out);
		put_word(page->out, verdict->database);
	}
	(void)fputs("\n\n", page->out);
}

/* After all upgrades, since it takes a page of its own where they differ. */
static void
print_shadow(const struct page *page, const struct shadow_run_result *found)
{
	if (found == NULL)
		return;
	heading(page, "shadow");
	shadow_run_print(page->out, found, SHADOWS_SHOWN);
	(void)fputc('\n', page->out);
}

void
verdict_text(const struct verdict *verdict, FILE *out, bool is_coloured)
{
	struct page page = { verdict, out, is_coloured };
	unsigned int i;

	print_answer(&page);
	print_calls(&page);
	for (i = 0; i < verdict->upgrades_count; i++)
		print_upgrade(&page, &verdict->upgrades[i].report, i == 0);
	for (i = 0; i < verdict->upgrades_count; i++)
		print_shadow(&page, verdict->upgrades[i].shadow);
	print_faults(&page);
	print_audit(&page);
	print_records(&page);
}
