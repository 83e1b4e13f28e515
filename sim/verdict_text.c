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

#include "sim/folder.h"
#include "sim/verdict_page.h"
#include "upgrade/shadow_run.h"

enum { SHADOWS_SHOWN = 3 /* differences */ };

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

/* Less than what it explains: set in, and dim where there are colours. */
static void
print_ladder(const struct page *page, const char *ladder)
{
	int length;

	page_colour(page, "2");
	for (; *ladder != '\0'; ladder += length + 1) {
		length = (int)strcspn(ladder, "\n");
		(void)fprintf(page->out, "    %.*s\n", length, ladder);
	}
	page_colour(page, "0");
}

static void
print_answer(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	bool passed = verdict_passed(verdict);
	const char *answer = verdict->is_undone ? "could not be run" : "no";
	unsigned int i;

	page_colour(page, "1");
	(void)fprintf(page->out, "%s\n",
	    verdict->question[0] != '\0' ? verdict->question
					 : verdict->scenario);
	page_colour(page, passed ? "1;32" : "1;31");
	(void)fprintf(page->out, "  %s\n", passed ? "yes" : answer);
	page_colour(page, "0");
	for (i = 0; i < verdict->failures_count; i++) {
		(void)fprintf(page->out, "  %s:", verdict->scenario);
		if (verdict->failures[i].line > 0)
			(void)fprintf(
			    page->out, "%u:", verdict->failures[i].line);
		(void)fprintf(page->out, " %s\n", verdict->failures[i].text);
		if (verdict->failures[i].ladder != NULL)
			print_ladder(page, verdict->failures[i].ladder);
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
	char text[PAGE_NUMBER_MAX];

	page_heading(page, "calls");
	(void)fprintf(page->out, "%s begun",
	    page_grouped(
		verdict->calls.attempted - verdict->calls.gapped, text));
	if (verdict->calls.gapped > 0)
		(void)fprintf(page->out, ", %s gapped",
		    page_grouped(verdict->calls.gapped, text));
	(void)fprintf(page->out, ", %s answered",
	    page_grouped(verdict->calls.answered, text));
	(void)fprintf(page->out, ", at most %s at once\n",
	    page_grouped(verdict->calls.highest, text));
	page_heading(page, "");
	(void)fprintf(
	    page->out, "%s ended", page_grouped(verdict->calls.ended, text));
	(void)fprintf(page->out, ", %s still live",
	    page_grouped(verdict->calls.live, text));
	page_colour(page, verdict->calls.lost == 0 ? "1;32" : "1;31");
	(void)fprintf(
	    page->out, ", lost: %s\n", page_grouped(verdict->calls.lost, text));
	page_colour(page, "0");
}

/* "line 30: 2 1, line 41: 1 2", of the races that there were. */
static void
print_races(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	unsigned int bodies[ORDERS_BODIES], i, j, count;

	for (i = 0; i < verdict->races.count; i++) {
		count = verdict->races.bodies[i];
		if (count > ORDERS_BODIES ||
		    !order_bodies(verdict->order, i, count, bodies))
			continue;
		(void)fprintf(page->out, "%sline %u:", i == 0 ? "" : ", ",
		    verdict->races.lines[i]);
		for (j = 0; j < count; j++)
			(void)fprintf(page->out, " %u", bodies[j] + 1);
	}
}

static void
print_orders(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	const struct orders *orders = verdict->orders;
	char text[ORDER_TEXT_SIZE], number[PAGE_NUMBER_MAX];
	unsigned int i;

	if (verdict->order == NULL)
		return;
	page_heading(page, "orders");
	if (orders != NULL) {
		(void)fprintf(
		    page->out, "%s of ", page_grouped(orders->tried, number));
		(void)fprintf(
		    page->out, "%s tried", page_grouped(orders->all, number));
		(void)fprintf(page->out, ", %s failed",
		    page_grouped(orders->failed, number));
		for (i = 0; i < ORDERS_SHOWN && i < orders->failed; i++)
			(void)fprintf(page->out, "%s%s", i == 0 ? ": " : " ",
			    order_text(&orders->shown[i], text));
		(void)fputs(
		    orders->failed > ORDERS_SHOWN ? " ...\n" : "\n", page->out);
		page_heading(page, "");
	}
	(void)fprintf(
	    page->out, "this is order %s", order_text(verdict->order, text));
	if (verdict->races.count > 0) {
		(void)fputs(" (", page->out);
		print_races(page);
		(void)fputc(')', page->out);
	}
	(void)fputc('\n', page->out);
}

static void
print_faults(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	char text[PAGE_NUMBER_MAX];

	if (verdict->crashes == 0 && verdict->restarts == 0 &&
	    verdict->alarms == 0)
		return;
	page_heading(page, "faults");
	(void)fprintf(page->out, "%s %s contained",
	    page_grouped(verdict->crashes, text),
	    verdict->crashes == 1 ? "crash" : "crashes");
	if (verdict->restarts > 0)
		(void)fprintf(page->out, ", %s %s",
		    page_grouped(verdict->restarts, text),
		    verdict->restarts == 1 ? "restart" : "restarts");
	if (verdict->alarms > 0)
		(void)fprintf(page->out, ", %s %s",
		    page_grouped(verdict->alarms, text),
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
	page_heading(page, "audit");
	if (holds) {
		(void)fputs("A1 to A7 hold\n", page->out);
		return;
	}
	page_colour(page, "1;31");
	for (i = 0; i < AUDIT_ROWS; i++)
		if (!verdict->audit[i])
			(void)fprintf(page->out, "A%u ", i + 1);
	(void)fputs("broken\n", page->out);
	page_colour(page, "0");
}

static void
print_records(const struct page *page)
{
	const struct verdict *verdict = page->verdict;
	char text[PAGE_NUMBER_MAX], wall[PAGE_NUMBER_MAX];

	page_heading(page, "records");
	(void)fprintf(page->out, "%s %s in %s, run %" PRId64 "\n",
	    page_grouped(verdict->records, text),
	    verdict->records == 1 ? "CDR" : "CDRs", verdict->database,
	    verdict->run);
	page_heading(page, "time");
	(void)fprintf(page->out, "%s of the exchange in %s, seed %" PRIu64,
	    page_measure((double)verdict->virtual_us, text),
	    page_measure((double)verdict->wall_us, wall), verdict->seed);
	if (verdict->schedulers > 1)
		(void)fprintf(
		    page->out, ", %u schedulers", verdict->schedulers);
	(void)fputc('\n', page->out);
	page_heading(page, "next");
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

static void
print_findings(const struct page *page)
{
	const struct verdict_finding *finding = page->verdict->findings;
	unsigned int i;

	for (i = 0; i < page->verdict->findings_count; i++, finding++) {
		page_heading(page, finding->kind);
		page_colour(page, finding->holds ? "0" : "1;31");
		(void)fputs(finding->text, page->out);
		page_colour(page, "0");
		(void)fputc('\n', page->out);
	}
}

/* After all upgrades, since it takes a page of its own where they differ. */
static void
print_shadow(const struct page *page, const struct shadow_run_result *found)
{
	if (found == NULL)
		return;
	page_heading(page, "shadow");
	shadow_run_print(page->out, found, SHADOWS_SHOWN);
	(void)fputc('\n', page->out);
}

void
verdict_text(const struct verdict *verdict, FILE *out, bool is_coloured)
{
	struct page page = { verdict, out, is_coloured };
	unsigned int i;

	print_answer(&page);
	if (verdict->is_undone)
		return;
	print_calls(&page);
	print_findings(&page);
	for (i = 0; i < verdict->upgrades_count; i++)
		verdict_upgrade(&page, &verdict->upgrades[i], i == 0);
	for (i = 0; i < verdict->upgrades_count; i++)
		print_shadow(&page, verdict->upgrades[i].shadow);
	print_orders(&page);
	print_faults(&page);
	print_audit(&page);
	print_records(&page);
}

/* "yes  b001-two-party: Do two reach each other? (0.1 s)" */
void
verdict_line(const struct verdict *verdict, FILE *out, bool is_coloured)
{
	const struct page page = { verdict, out, is_coloured };
	char name[FOLDER_NAME_SIZE], wall[PAGE_NUMBER_MAX];

	page_colour(&page, "1;32");
	(void)fputs("yes", out);
	page_colour(&page, "0");
	(void)fprintf(out, "  %s: %s", folder_name(verdict->scenario, name),
	    verdict->question);
	page_colour(&page, "2");
	(void)fprintf(
	    out, " (%s)\n", page_measure((double)verdict->wall_us, wall));
	page_colour(&page, "0");
}
