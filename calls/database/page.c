/*
 * page: see page.h for what it is.
 *
 * It is well-formed as XML too, so that any parser can say whether it is whole.
 */
#include "calls/database/page.h"

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "calls/database/plot.h"
#include "calls/database/summary.h"
#include "calls/database/table.h"
#include "switch/nearest.h"

enum { HINT = 256, ROWS_MAX = 200 };

struct page {
	sqlite3 *db;
	int64_t run;
	FILE *out;
	int status; /* the first that was neither a row nor the end */
};

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n"
    "<head><meta charset=\"utf-8\"/>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>";

/* As the browser is, light or dark; what is too wide is moved in its own box.
 */
static const char style[] =
    "</title>\n<style>"
    ":root{color-scheme:light dark;--ink:#222;--paper:#fff;--dim:#666;"
    "--rule:#ccc;--thin:#e6e6e6;--bar:#9db8d6;--mark:#c0392b;--name:#a5281b;"
    "--0:#1f4e8c;--1:#b0662a;--2:#2e7d4f;--3:#7a3b8f;--4:#8a7a12;--5:#555}"
    "@media(prefers-color-scheme:dark){:root{--ink:#ddd;--paper:#16181c;"
    "--dim:#9a9fa8;--rule:#4a4e55;--thin:#2c2f35;--bar:#3f6188;"
    "--mark:#e06a5c;--name:#f08f83;--0:#7fb2f0;--1:#e0a06a;--2:#78c99a;"
    "--3:#c792d8;--4:#d5c566;--5:#b5b5b5}}"
    "body{font:15px/1.4 sans-serif;max-width:64em;margin:2em auto;padding:0 "
    "1em;color:var(--ink);background:var(--paper);overflow-wrap:break-word}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin:2em 0 .3em;"
    "border-bottom:1px solid var(--rule)}p{margin:.3em 0}"
    "table{border-collapse:collapse;font-size:.9em}td,th{padding:.15em .7em;"
    "text-align:left;vertical-align:top;border-bottom:1px solid var(--thin)}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.n{white-space:nowrap}td.d{color:var(--dim)}td.t{min-width:20em}"
    ".wide,.plot{overflow-x:auto}"
    "svg{display:block;width:100%;min-width:44rem;height:auto;"
    "font:11px sans-serif;fill:var(--ink)}"
    ".grid{stroke:var(--thin)}text.y{text-anchor:end}"
    "text.x{text-anchor:middle}text.unit,text.x,text.y{fill:var(--dim)}"
    ".bar{fill:var(--bar)}polyline{fill:none;stroke-width:1.8}"
    ".line0{stroke:var(--0)}.line1{stroke:var(--1)}.line2{stroke:var(--2)}"
    ".line3{stroke:var(--3)}.line4{stroke:var(--4)}.line5{stroke:var(--5)}"
    ".mark{fill:var(--mark);fill-opacity:.25}"
    "text.mark,text.y.mark{fill:var(--name);fill-opacity:1}"
    "</style>\n</head>\n<body>\n";

static void
begin(const char *title, FILE *out)
{
	fputs(head, out);
	plot_text(out, title);
	fputs(style, out);
}

static void
end(FILE *out)
{
	fputs("</body>\n</html>\n", out);
}

/*--------------------------------------------------------------------
 * Rows
 */

/* `sql` has one %lld, the run; NULL after a failure. */
static sqlite3_stmt *
ask(struct page *page, const char *from)
{
	sqlite3_stmt *statement = NULL;
	char *sql = sqlite3_mprintf(
	    "SELECT * FROM %s WHERE run = %lld", from, (long long)page->run);
	int status = SQLITE_NOMEM;

	if (sql != NULL)
		status =
		    sqlite3_prepare_v2(page->db, sql, -1, &statement, NULL);
	sqlite3_free(sql);
	if (status != SQLITE_OK && page->status == SQLITE_DONE)
		page->status = status;
	return statement;
}

static bool
step(struct page *page, sqlite3_stmt *statement)
{
	int status = statement == NULL ? SQLITE_DONE : sqlite3_step(statement);

	if (status != SQLITE_ROW && status != SQLITE_DONE &&
	    page->status == SQLITE_DONE)
		page->status = status;
	return status == SQLITE_ROW;
}

/* The largest that the column has, 0 at least; to the first row again. */
static double
largest(struct page *page, sqlite3_stmt *statement, int column)
{
	double most = 0;

	while (step(page, statement))
		most = fmax(most, sqlite3_column_double(statement, column));
	sqlite3_reset(statement);
	return most;
}

static bool
is_number(sqlite3_stmt *statement, int column)
{
	int type = sqlite3_column_type(statement, column);

	return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

/* Sentences, which are not to stand word below word. */
static bool
is_long(sqlite3_stmt *statement, int column)
{
	return word_is_in(
	    sqlite3_column_name(statement, column), "text definition");
}

/* "pause_p99_us" as "pause p99 us". */
static void
write_heading(sqlite3_stmt *statement, FILE *out)
{
	const char *name;
	int i;

	fputs("<tr>", out);
	for (i = 0; i < sqlite3_column_count(statement); i++) {
		name = sqlite3_column_name(statement, i);
		if (strcmp(name, "run") == 0)
			continue;
		fputs(
		    is_number(statement, i) ? "<th class=\"n\">" : "<th>", out);
		for (; *name != '\0'; name++)
			putc(*name == '_' ? ' ' : *name, out);
		fputs("</th>", out);
	}
	fputs("</tr>\n", out);
}

static void
write_row(sqlite3_stmt *statement, FILE *out)
{
	char text[TABLE_VALUE];
	int i;

	fputs("<tr>", out);
	for (i = 0; i < sqlite3_column_count(statement); i++) {
		if (strcmp(sqlite3_column_name(statement, i), "run") == 0)
			continue;
		fputs(is_number(statement, i)	? "<td class=\"n\">"
			: is_long(statement, i) ? "<td class=\"t\">"
						: "<td>",
		    out);
		plot_text(out, table_value(statement, i, text));
		fputs("</td>", out);
	}
	fputs("</tr>\n", out);
}

/* Those that there is room for, and how many there are more. */
static int
write_rows(sqlite3_stmt *statement, unsigned long most, FILE *out)
{
	unsigned long rows = 0;
	int status;

	while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
		if (rows == 0) {
			fputs("<div class=\"wide\"><table>\n", out);
			write_heading(statement, out);
		}
		if (rows++ < most)
			write_row(statement, out);
	}
	fputs(rows == 0 ? "<p>none</p>\n" : "</table></div>\n", out);
	if (rows > most)
		fprintf(out, "<p>and %lu more</p>\n", rows - most);
	return status;
}

/*--------------------------------------------------------------------
 * Plots
 */

static void
mark_upgrades(struct page *page, const struct plot *plot)
{
	sqlite3_stmt *upgrades = ask(page,
	    "(SELECT run, begin_s, end_s, version_from || ' to ' || version_to"
	    " || ': ' || stage AS name, text FROM report_upgrades"
	    " WHERE mode <> 'rehearse')");
	unsigned int i;

	for (i = 0; step(page, upgrades); i++) {
		const double from = sqlite3_column_double(upgrades, 1);
		const struct plot_bar mark = { .x = from,
			.width = sqlite3_column_double(upgrades, 2) - from,
			.name = (const char *)sqlite3_column_text(upgrades, 3),
			.hint =
			    (const char *)sqlite3_column_text(upgrades, 4) };

		plot_mark(plot, i, &mark);
	}
	sqlite3_finalize(upgrades);
}

static void
plot_calls(struct page *page)
{
	sqlite3_stmt *slices = ask(page, "plot_calls");
	struct plot plot = { .out = page->out,
		.title = "calls over time, with the upgrades marked",
		.unit_x = "s of the run",
		.unit_y =
		    "calls: line, live at once; bars, begun in this time" };
	struct plot_bar bar;
	char hint[HINT];

	plot.max_x = largest(page, slices, 3);
	plot.max_y = fmax(largest(page, slices, 4), largest(page, slices, 6));
	plot_begin(&plot, true);
	while (step(page, slices)) {
		bar = (struct plot_bar){ .x = sqlite3_column_double(slices, 2),
			.y = sqlite3_column_double(slices, 4),
			.hint = hint };
		bar.width = sqlite3_column_double(slices, 3) - bar.x;
		snprintf(hint, sizeof hint,
		    "%g s to %g s: %d begun, %d ended, %d live", bar.x,
		    bar.x + bar.width, sqlite3_column_int(slices, 4),
		    sqlite3_column_int(slices, 5),
		    sqlite3_column_int(slices, 6));
		plot_bar(&plot, &bar);
	}
	sqlite3_reset(slices);
	while (step(page, slices))
		plot_point(&plot, 0, sqlite3_column_double(slices, 3),
		    sqlite3_column_double(slices, 6));
	plot_end_line(&plot);
	sqlite3_finalize(slices);
	mark_upgrades(page, &plot);
	plot_end(&plot);
}

/* Bars side by side, named by column 1, as high as column 2. */
static void
plot_named(struct page *page, sqlite3_stmt *rows, struct plot *plot)
{
	struct plot_bar bar = { .width = 0.8 };
	char hint[HINT];
	int i, count = 0;

	while (step(page, rows))
		count++;
	sqlite3_reset(rows);
	plot->max_x = count;
	plot->max_y = largest(page, rows, 2);
	plot_begin(plot, false);
	for (i = 0; step(page, rows); i++) {
		bar.x = i + 0.1;
		bar.y = sqlite3_column_double(rows, 2);
		bar.name = (const char *)sqlite3_column_text(rows, 1);
		bar.hint = hint;
		snprintf(hint, sizeof hint, "%s: %s",
		    (const char *)sqlite3_column_text(rows, 3),
		    (const char *)sqlite3_column_text(rows, 2));
		plot_bar(plot, &bar);
	}
	plot_end(plot);
}

static void
plot_pauses(struct page *page)
{
	sqlite3_stmt *bins = ask(page,
	    "(SELECT run, CASE bin WHEN 0 THEN '< 1' ELSE from_us || ' to ' ||"
	    " to_us END AS name, calls, from_us || ' to ' || to_us || ' us'"
	    " FROM plot_pauses)");
	struct plot plot = { .out = page->out,
		.title = "how long conversions held calls up",
		.unit_x = "µs of CPU time, of all conversions of a call",
		.unit_y = "calls" };

	plot_named(page, bins, &plot);
	sqlite3_finalize(bins);
}

static void
plot_causes(struct page *page)
{
	sqlite3_stmt *causes = ask(page,
	    "(SELECT run, cause AS name, sum(calls) AS calls,"
	    " cause || ' ' || name FROM report_causes GROUP BY run, cause"
	    " ORDER BY run, sum(calls) DESC)");
	struct plot plot = { .out = page->out,
		.title = "causes that calls ended with",
		.unit_x = "cause (Q.850)",
		.unit_y = "calls" };

	plot_named(page, causes, &plot);
	sqlite3_finalize(causes);
}

/* Carried traffic of each group, interval by interval; a line for each. */
static void
plot_load(struct page *page)
{
	sqlite3_stmt *rows = ask(page, "plot_load");
	struct plot plot = { .out = page->out,
		.title = "load of each trunk group over time",
		.unit_x = "s of the run",
		.unit_y = "erlangs carried" };
	char name[64] = "";
	unsigned int line = 0;

	plot.max_x = largest(page, rows, 3);
	plot.max_y = largest(page, rows, 4);
	plot_begin(&plot, true);
	while (step(page, rows)) {
		if (strcmp(name, (const char *)sqlite3_column_text(rows, 1)) !=
		    0) {
			plot_end_line(&plot);
			snprintf(name, sizeof name, "%s",
			    (const char *)sqlite3_column_text(rows, 1));
			plot_name_line(&plot, line++, name);
		}
		plot_point(&plot, line - 1, sqlite3_column_double(rows, 2),
		    sqlite3_column_double(rows, 4));
		plot_point(&plot, line - 1, sqlite3_column_double(rows, 3),
		    sqlite3_column_double(rows, 4));
	}
	plot_end_line(&plot);
	sqlite3_finalize(rows);
	plot_end(&plot);
}

/*--------------------------------------------------------------------
 * The page
 */

static void
write_section(struct page *page, const char *title, const char *from)
{
	sqlite3_stmt *rows = ask(page, from);
	int status;

	fprintf(page->out, "<h2>%s</h2>\n", title);
	if (rows == NULL)
		return;
	status = write_rows(rows, ROWS_MAX, page->out);
	if (status != SQLITE_DONE && page->status == SQLITE_DONE)
		page->status = status;
	sqlite3_finalize(rows);
}

static void
write_tables(struct page *page)
{
	write_section(page, "Causes", "report_causes");
	write_section(page, "Routes", "report_routes");
	write_section(page, "Upgrades",
	    "(SELECT run, id, version_from, version_to, mode, stage, converted,"
	    " pinned, failed, lost, pause_p99_us, pause_max_us, total_ms, text"
	    " FROM report_upgrades)");
	write_section(
	    page, "Calls converted, by their state", "report_conversions");
	write_section(page, "Calls that stayed behind", "report_failures");
	write_section(page, "Faults", "report_faults");
	write_section(page, "Signals without a row", "report_unexpected");
	write_section(page, "Alarms", "report_alarms");
	write_section(page, "Audit", "report_audit");
}

int
page_write_run(sqlite3 *db, int64_t run, FILE *out)
{
	struct page page = {
		.db = db, .run = run, .out = out, .status = SQLITE_DONE
	};
	sqlite3_stmt *summary = ask(&page, "report_summary");

	if (step(&page, summary)) {
		begin((const char *)sqlite3_column_text(summary, 1), out);
		summary_write_page(summary, out);
		fputs("<h2>Calls over time</h2>\n", out);
		plot_calls(&page);
		fputs("<h2>Pauses</h2>\n", out);
		plot_pauses(&page);
		fputs("<h2>Load per route</h2>\n", out);
		plot_load(&page);
		fputs("<h2>Ends</h2>\n", out);
		plot_causes(&page);
		write_tables(&page);
		end(out);
	}
	sqlite3_finalize(summary);
	return page.status;
}

int
page_write_report(sqlite3_stmt *statement, const char *title,
    const char *definition, FILE *out)
{
	int status;

	begin(title, out);
	fputs("<h1>", out);
	plot_text(out, title);
	fputs("</h1>\n", out);
	status = write_rows(statement, ~0UL, out);
	if (definition != NULL) {
		fputs("<p>", out);
		plot_text(out, definition);
		fputs("</p>\n", out);
	}
	end(out);
	return status;
}
