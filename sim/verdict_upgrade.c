/*
 * verdict_upgrade: the answer of one upgrade, as a person reads it.
 *
 * First what came of it, then tables of its stages, of the calls by the state
 * they were in, and of their pauses, then one sentence on what runs now.  What
 * an upgrade did not meet has no line.
 */
#include "sim/verdict_page.h"

#include <inttypes.h>
#include <string.h>

#include "sim/verdict.h"
#include "upgrade/release_handler.h"

/* What a page has left of where it stands. */
#define INDENT "              "

/* So many that a page is enough only if each is short. */
enum { AT_LENGTH_MAX = 8 };

/* To the right of `width` places; a µ is two bytes and one place. */
static void
put_right(const struct page *page, const char *text, int width)
{
	(void)fprintf(page->out, "%*s",
	    width + (strstr(text, "µ") == NULL ? 0 : 1), text);
}

/*
 * What was refused is told as what it was; a rollback where nothing is on trial
 * leads nowhere.  Why stands behind the stage.
 */
static void
print_way(const struct page *page, const struct upgrade_report *report)
{
	if (report->stage == UPGRADE_refused)
		(void)fprintf(page->out, "%s of ", upgrade_kind_word(report));
	(void)fprintf(page->out, "%s", report->module);
	if (report->version_from[0] != '\0')
		(void)fprintf(page->out, " %s", report->version_from);
	if (report->version_to[0] != '\0')
		(void)fprintf(page->out, " to %s", report->version_to);
	(void)fprintf(page->out, ": %s",
	    upgrade_stage_word((enum upgrade_stage)report->stage));
	if (report->reason != UPGRADE_REASON_none)
		(void)fprintf(page->out, " (%s)",
		    upgrade_reason_word((enum upgrade_reason)report->reason));
}

static void
put_count(const struct page *page, uint64_t count, const char *what)
{
	char text[PAGE_NUMBER_MAX];

	if (count > 0)
		(void)fprintf(
		    page->out, ", %s %s", page_grouped(count, text), what);
}

/*--------------------------------------------------------------------
 * Stages
 */

/* The machine's time and the exchange's; the line goes on. */
static bool
begin_stage(
    const struct page *page, const char *word, const struct upgrade_time *time)
{
	char machine[PAGE_NUMBER_MAX], run[PAGE_NUMBER_MAX];

	if (time->machine_us == 0 && time->run_us == 0)
		return false;
	(void)fprintf(page->out, INDENT "%-10s", word);
	put_right(page, page_measure((double)time->machine_us, machine), 10);
	(void)fprintf(page->out, ", %s of the exchange",
	    page_measure((double)time->run_us, run));
	return true;
}

static void
end_line(const struct page *page)
{
	(void)fputc('\n', page->out);
}

static void
print_stages(const struct page *page, const struct upgrade_report *report)
{
	if (begin_stage(page, "load", &report->loading))
		end_line(page);
	if (begin_stage(page, "rehearse", &report->rehearsing)) {
		put_count(page, report->rehearsed, "rehearsed");
		put_count(page, report->lossy, "lossy");
		end_line(page);
	}
	if (begin_stage(page, "canary", &report->watching)) {
		put_count(page, report->canaries, "taken for it");
		put_count(page, report->prolonged, "times prolonged");
		put_count(page, report->differences, "differences");
		end_line(page);
	}
	if (begin_stage(page, "convert", &report->converting))
		end_line(page);
}

/*--------------------------------------------------------------------
 * Calls
 */

static void
print_states(const struct page *page, const struct upgrade_report *report)
{
	const struct upgrade_state *state = report->states;
	char converted[PAGE_NUMBER_MAX], pinned[PAGE_NUMBER_MAX],
	    failed[PAGE_NUMBER_MAX];
	bool is_first = true;

	for (; state < report->states + report->state_count; state++) {
		if (state->converted + state->pinned + state->failed == 0)
			continue;
		if (is_first)
			(void)fprintf(page->out, INDENT "%-14s%10s%10s%10s\n",
			    "state", "converted", "pinned", "failed");
		is_first = false;
		(void)fprintf(page->out, INDENT "%-14.*s%10s%10s%10s\n",
		    UPGRADE_STATE_BYTES, state->word,
		    page_grouped(state->converted, converted),
		    page_grouped(state->pinned, pinned),
		    page_grouped(state->failed, failed));
	}
}

static void
print_clock(
    const struct page *page, const char *clock, const struct histogram *pauses)
{
	static const double shares[] = { 0.5, 0.99, 0.9999 };
	char text[PAGE_NUMBER_MAX];
	unsigned int i;

	(void)fprintf(page->out, INDENT "%-14s", clock);
	for (i = 0; i < sizeof shares / sizeof shares[0]; i++)
		put_right(page,
		    page_measure(
			(double)histogram_quantile(pauses, shares[i]) / 1e3,
			text),
		    10);
	put_right(page, page_measure((double)pauses->max / 1e3, text), 10);
	end_line(page);
}

static void
print_pauses(const struct page *page, const struct upgrade_report *report)
{
	if (report->pauses_cpu.count == 0)
		return;
	(void)fprintf(page->out, INDENT "%-14s%10s%10s%10s%10s\n",
	    "pause of one", "p50", "p99", "p99.99", "longest");
	print_clock(page, "  CPU time", &report->pauses_cpu);
	print_clock(page, "  wall time", &report->pauses_wall);
}

/* On which version events faulted until it was over, its trial with it. */
static void
print_faults(const struct page *page, const struct upgrade_report *report)
{
	char from[PAGE_NUMBER_MAX], to[PAGE_NUMBER_MAX];

	if (report->crashes_from + report->crashes_to == 0)
		return;
	(void)fprintf(page->out, INDENT "faults: %s on %s, %s on %s",
	    page_grouped(report->crashes_from, from), report->version_from,
	    page_grouped(report->crashes_to, to), report->version_to);
	put_count(page, report->retried, "done again by the version before");
	end_line(page);
}

static void
print_calls(const struct page *page, const struct upgrade_report *report)
{
	char count[PAGE_NUMBER_MAX], total[PAGE_NUMBER_MAX];

	(void)fprintf(page->out, ", %s %s converted in %s",
	    page_grouped(report->converted, count),
	    report->converted == 1 ? "call" : "calls",
	    page_measure((double)report->total_us, total));
	put_count(page, report->returned, "returned");
	put_count(page, report->failed, "failed");
	put_count(page, report->pinned, "pinned");
	put_count(page, report->rejected, "rejected after the deadline");
	put_count(page, report->lost, "lost");
	(void)fprintf(page->out, "\n" INDENT "%s live when it began",
	    page_grouped(report->live, count));
	put_count(page, report->born, "born meanwhile");
	put_count(page, report->died, "ended meanwhile");
	end_line(page);
}

/* The first; what a rehearsal has found counts where it was the end. */
static void
print_stragglers(const struct page *page, const struct verdict_upgrade *upgrade)
{
	bool is_refused = upgrade->report.stage == UPGRADE_refused ||
	    upgrade->report.is_rehearsal;
	const struct verdict_straggler *one;
	unsigned int i;

	for (i = 0; i < upgrade->stragglers_count; i++) {
		one = &upgrade->stragglers[i];
		if (one->kind[0] == 'r' && !is_refused)
			continue;
		if (one->call == 0) /* it was about to begin */
			(void)fprintf(page->out, INDENT "a call");
		else
			(void)fprintf(
			    page->out, INDENT "call %" PRIu64, one->call);
		(void)fprintf(page->out, "%s%s%s",
		    one->name[0] == '\0' ? "" : " (", one->name,
		    one->name[0] == '\0' ? "" : ")");
		(void)fprintf(page->out, ", %s, %s %s: %s\n", one->state,
		    one->kind[0] == 'r' ? "would stay on" : "stayed on",
		    one->version, one->text);
	}
}

void
verdict_upgrade(const struct page *page, const struct verdict_upgrade *upgrade,
    bool is_first)
{
	const struct upgrade_report *report = &upgrade->report;

	page_heading(page, is_first ? "upgrades" : "");
	print_way(page, report);
	if (report->stage == UPGRADE_refused || report->is_rehearsal) {
		(void)fprintf(page->out, "\n" INDENT "%s\n", report->text);
		if (page->verdict->upgrades_count <= AT_LENGTH_MAX) {
			print_stages(page, report);
			print_states(page, report);
		}
		print_stragglers(page, upgrade);
		return;
	}
	print_calls(page, report);
	if (page->verdict->upgrades_count <= AT_LENGTH_MAX) {
		print_stages(page, report);
		print_states(page, report);
	}
	print_pauses(page, report);
	print_faults(page, report);
	print_stragglers(page, upgrade);
	if (report->failed + report->pinned > upgrade->stragglers_count)
		(void)fputs(
		    INDENT "and more: hotswitch report failures\n", page->out);
	(void)fprintf(page->out, INDENT "now: %s\n", report->text);
}
