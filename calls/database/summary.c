/*
 * summary: see summary.h for what it is.
 *
 * The definitions are those of ITU-T E.600 and Q.850 as schema.c computes
 * them; whoever changes one changes both.  A column that has no line here is
 * not lost: it stands in CSV and JSON.
 */
#include "calls/database/summary.h"

#include <sqlite3.h>
#include <string.h>

#include "calls/database/plot.h"

enum unit {
	COUNT,
	SHARE,
	SECONDS,
	MILLISECONDS,
	MICROSECONDS,
	MONEY,
	WORD,
	TITLE
};

struct figure {
	const char *column;
	enum unit unit;
	const char *label, *definition;
};

static const struct figure figures[] = {
	{ NULL, TITLE, "Calls", NULL },
	{ "calls", COUNT, "ended", "calls, each with a record: the seizures" },
	{ "gapped", COUNT, "gapped", "attempts refused before there was one" },
	{ "answered", COUNT, "answered", "seizures with an answer" },
	{ "asr", SHARE, "ASR", "answered / seizures" },
	{ "abr", SHARE, "ABR", "answered / (seizures + gapped)" },
	{ "ner", SHARE, "NER",
	    "(answered + cause 17\n"
	    "+ after ringing 16, 18 or 19 without answer\n"
	    "+ without ringing 18, 20, 21, 88) / seizures" },
	{ "acd_s", SECONDS, "ACD", "answer to release / answered" },
	{ "mht_s", SECONDS, "MHT", "seizure to release / seizures" },
	{ "pdd_p50_ms", MILLISECONDS, "PDD p50",
	    "last digit to ringing, or faster answer" },
	{ "pdd_p95_ms", MILLISECONDS, "PDD p95", "both by nearest rank" },
	{ "charge_micro", MONEY, "charged",
	    "set-up and intervals, to the callers" },
	{ "without_alert", COUNT, "without ringing",
	    "nor answer: got a tone, or given up" },
	{ "busy", COUNT, "busy", "cause 17" },
	{ "no_answer", COUNT, "no answer", "cause 18 or 19" },
	{ "cancelled", COUNT, "cancelled", "given up by the caller" },
	{ "refused", COUNT, "refused", "cause 21" },
	{ "failed", COUNT, "failed", "any other without answer" },
	{ "lost", COUNT, "lost",
	    "after ringing, by crash, upgrade or shutdown" },
	{ NULL, TITLE, "Upgrades", NULL },
	{ "upgrades", COUNT, "upgrades", "and rollbacks, refused ones too" },
	{ "conversions", COUNT, "conversions",
	    "of a call's state, up or down" },
	{ "upgraded", COUNT, "calls converted", "at least once in their life" },
	{ "pause_p99_us", MICROSECONDS, "pause p99",
	    "CPU time, worst upgrade: from the start\n"
	    "of the slice that converts a call till\n"
	    "it can be handed an event" },
	{ "pause_max_us", MICROSECONDS, "pause max", "likewise, of all calls" },
	{ "wall_max_us", MICROSECONDS, "pause max, wall",
	    "likewise, by the clock" },
	{ NULL, TITLE, "Faults and records", NULL },
	{ "faults", COUNT, "faults", "contained: the event was undone" },
	{ "faulted", COUNT, "calls faulted", "that went on or ended with it" },
	{ "restarts", COUNT, "restarts", "by supervisors" },
	{ "alarms", COUNT, "alarms", "raised, whether or not cleared since" },
	{ "missing", COUNT, "records missing", "that could not be kept" },
	{ "conflicts", COUNT, "conflicts", "records that contradict another" },
	{ "audit", WORD, "audit", "what must hold when a run has ended" },
};

enum { LABEL = 16, VALUE = 14 };

/* Digits in groups of three. */
static void
format_count(sqlite3_int64 count, char *text)
{
	char digits[24];
	int length = snprintf(digits, sizeof digits, "%lld", (long long)count);
	int i;

	for (i = 0; i < length; i++) {
		*text++ = digits[i];
		if ((length - 1 - i) % 3 == 0 && i < length - 1 &&
		    digits[i] != '-')
			*text++ = ',';
	}
	*text = '\0';
}

/* `text` of 40 bytes. */
static void
format_figure(sqlite3_stmt *statement, int column, enum unit unit, char *text)
{
	double value = sqlite3_column_double(statement, column);

	if (sqlite3_column_type(statement, column) == SQLITE_NULL)
		unit = TITLE;
	switch (unit) {
	case COUNT:
		format_count(sqlite3_column_int64(statement, column), text);
		break;
	case SHARE:
		snprintf(text, 40, "%.2f %%", value * 100);
		break;
	case SECONDS:
		snprintf(text, 40, "%.3f s ", value);
		break;
	case MILLISECONDS:
		snprintf(text, 40, "%.1f ms", value);
		break;
	case MICROSECONDS:
		snprintf(text, 40, "%.1f us", value);
		break;
	case MONEY:
		snprintf(text, 40, "%.6f ", value / 1e6);
		break;
	case WORD:
		snprintf(text, 40, "%s",
		    (const char *)sqlite3_column_text(statement, column));
		break;
	case TITLE: /* no value */
		snprintf(text, 40, "-");
		break;
	}
}

/* -1 in a database that a program before that column has made. */
static int
find_column(sqlite3_stmt *statement, const char *name)
{
	int i = sqlite3_column_count(statement);

	while (--i >= 0)
		if (strcmp(sqlite3_column_name(statement, i), name) == 0)
			break;
	return i;
}

static const char *
text_of(sqlite3_stmt *statement, const char *name)
{
	int column = find_column(statement, name);
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text == NULL ? "-" : (const char *)text;
}

static void
print_definition(const char *definition, FILE *out)
{
	for (; *definition != '\0'; definition++) {
		putc(*definition, out);
		if (*definition == '\n')
			fprintf(out, "%*s", 2 + LABEL + VALUE + 3, "");
	}
	putc('\n', out);
}

static void
print_run(sqlite3_stmt *statement, FILE *out)
{
	const int run_s = find_column(statement, "virtual_s");
	const int wall_s = find_column(statement, "wall_s");

	fprintf(out, "%s\n\n", text_of(statement, "question"));
	fprintf(out, "  run %s of %s, begun %s: %s\n",
	    text_of(statement, "run"), text_of(statement, "scenario"),
	    text_of(statement, "started"), text_of(statement, "result"));
	if (sqlite3_column_type(statement, run_s) == SQLITE_NULL)
		fprintf(out, "  seed %s, %s time, not ended\n",
		    text_of(statement, "seed"), text_of(statement, "pace"));
	else
		fprintf(out, "  seed %s, %.3f s of %s time in %.3f s\n",
		    text_of(statement, "seed"),
		    sqlite3_column_double(statement, run_s),
		    text_of(statement, "pace"),
		    sqlite3_column_double(statement, wall_s));
}

void
summary_print(sqlite3_stmt *statement, FILE *out)
{
	const struct figure *figure = figures;
	const struct figure *end = figures + sizeof figures / sizeof figures[0];
	char text[40];
	int column;

	print_run(statement, out);
	for (; figure < end; figure++) {
		if (figure->unit == TITLE) {
			fprintf(out, "\n%s\n", figure->label);
			continue;
		}
		column = find_column(statement, figure->column);
		if (column < 0)
			continue;
		format_figure(statement, column, figure->unit, text);
		fprintf(out, "  %-*s%*s   ", LABEL, figure->label, VALUE, text);
		print_definition(figure->definition, out);
	}
}

/*--------------------------------------------------------------------
 * As a part of a page
 */

static void
write_run(sqlite3_stmt *statement, FILE *out)
{
	static const char *const parts[] = { "scenario", "started", "result",
		"seed", "pace" };
	const int run_s = find_column(statement, "virtual_s");
	const int wall_s = find_column(statement, "wall_s");
	unsigned int i;

	fputs("<h1>", out);
	plot_text(out, text_of(statement, "question"));
	fputs("</h1>\n<p>", out);
	fprintf(out, "run %s", text_of(statement, "run"));
	for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		fprintf(out, ", %s ", parts[i]);
		plot_text(out, text_of(statement, parts[i]));
	}
	if (sqlite3_column_type(statement, run_s) != SQLITE_NULL)
		fprintf(out, ", %.3f s of the exchange in %.3f s",
		    sqlite3_column_double(statement, run_s),
		    sqlite3_column_double(statement, wall_s));
	fputs("</p>\n", out);
}

static void
write_figure(sqlite3_stmt *statement, const struct figure *figure, FILE *out)
{
	const int column = find_column(statement, figure->column);
	char text[40];

	if (column < 0)
		return;
	format_figure(statement, column, figure->unit, text);
	fprintf(out, "<tr><td>%s</td><td class=\"n\">", figure->label);
	plot_text(out, text);
	fputs("</td><td class=\"d\">", out);
	plot_text(out, figure->definition);
	fputs("</td></tr>\n", out);
}

void
summary_write_page(sqlite3_stmt *statement, FILE *out)
{
	const struct figure *figure = figures;
	const struct figure *end = figures + sizeof figures / sizeof figures[0];

	write_run(statement, out);
	for (; figure < end; figure++) {
		if (figure->unit != TITLE) {
			write_figure(statement, figure, out);
			continue;
		}
		if (figure > figures)
			fputs("</table>\n", out);
		fprintf(out, "<h2>%s</h2>\n<table>\n", figure->label);
	}
	fputs("</table>\n", out);
}
