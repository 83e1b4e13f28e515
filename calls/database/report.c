/*
 * report: see report.h for what it is.
 *
 * Here a name, a run and a format become one statement over a view; how its
 * rows look is the business of table.c, summary.c and export.c.  All is read
 * in one transaction, so that a run that is being recorded does not change
 * between two looks at it.
 */
#include "calls/database/report.h"

#include <ctype.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/database.h"
#include "calls/database/export.h"
#include "calls/database/ladder.h"
#include "calls/database/page.h"
#include "calls/database/report_internal.h"
#include "calls/database/report_live.h"
#include "calls/database/schema.h"
#include "calls/database/screen.h"
#include "calls/database/summary.h"
#include "calls/database/table.h"
#include "switch/nearest.h"

/* Errors */

int
report_refuse(struct report *report, int result, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	(void)vsnprintf(report->why, report->size, format, values);
	va_end(values);
	return result;
}

int
report_fail_by_sqlite(struct report *report)
{
	return report_refuse(report, database_errno(report->db),
	    "cannot read database '%s': %s", report->options->path,
	    database_error(report->db));
}

/* Writes what stdio still holds; an earlier failure comes up again then. */
static int
end_output(struct report *report)
{
	int error;

	errno = 0;
	if (fflush(report->out) == 0 && !ferror(report->out))
		return 0;
	error = errno == 0 ? EIO : errno;
	if (error == EPIPE) {
		clearerr(report->out);
		return 0; /* the reader has seen enough */
	}
	return report_refuse(report, -error, "cannot write report '%s': %s",
	    report->kind->name, strerror(error));
}

/* Which report */

static const struct report_kind *
kind_of(const char *name, char *why, unsigned int size)
{
	const struct report_kind *kind = report_find(name);
	char nearest[NEAREST_WORD_MAX + 1], names[REPORT_NAMES_MAX];

	if (kind != NULL)
		return kind;
	report_names(names, sizeof names);
	if (nearest_word(name, names, nearest, sizeof nearest))
		snprintf(why, size, "no report '%s': did you mean '%s'?", name,
		    nearest);
	else
		snprintf(
		    why, size, "no report '%s': there are %s", name, names);
	return NULL;
}

/* Which run */

/* The lowest and the highest number, 0 without a run. */
static int
read_runs(
    struct report *report, sqlite3_int64 *ret_first, sqlite3_int64 *ret_last)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(report->db, "SELECT min(run), max(run) FROM run",
		-1, &statement, NULL) != SQLITE_OK)
		return report_fail_by_sqlite(report);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		*ret_first = sqlite3_column_int64(statement, 0);
		*ret_last = sqlite3_column_int64(statement, 1);
	}
	if (sqlite3_finalize(statement) != SQLITE_OK)
		return report_fail_by_sqlite(report);
	return 0;
}

static int
find_run(struct report *report)
{
	const char *word =
	    report->options->run == NULL ? "last" : report->options->run;
	sqlite3_int64 first = 0, last = 0;
	int result = read_runs(report, &first, &last);
	char *end = NULL;

	if (result != 0)
		return result;
	if (last == 0) {
		snprintf(report->why, report->size,
		    "no run stands in database '%s' yet",
		    report->options->path);
		return -ENOENT;
	}
	report->run = last;
	if (strcmp(word, "last") == 0)
		return 0;
	errno = 0;
	report->run = strtoll(word, &end, 10);
	if (isdigit((unsigned char)word[0]) && *end == '\0' && errno == 0 &&
	    report->run >= first && report->run <= last)
		return 0;
	snprintf(report->why, report->size,
	    "no run '%s' in database '%s': there are %lld to %lld, or 'last'",
	    word, report->options->path, (long long)first, (long long)last);
	return -ENOENT;
}

/* Formats */

static struct screen
screen_of(const struct report *report)
{
	const struct report_options *options = report->options;

	return (struct screen){ .width = options->width,
		.is_coloured = options->is_coloured };
}

/* The names of the object, as in "upgrade 1". */
static void
print_title(struct report *report)
{
	const struct report_options *options = report->options;
	unsigned int i;

	fputs(report->kind->name, report->out);
	for (i = 0; i < options->words_count; i++)
		fprintf(report->out, " %s", options->words[i]);
	fprintf(report->out, " of run %lld\n\n", report->run);
}

/* What explains the rows; or that there are none, and why if all are asked. */
static void
print_end(const struct report *report, const struct screen *screen,
    unsigned long rows)
{
	const struct report_kind *kind = report->kind;
	const struct report_options *options = report->options;

	if (rows == 0 && kind->empty != NULL && options->words_count == 0 &&
	    options->wants == NULL)
		fprintf(report->out, "none: %s\n", kind->empty);
	else if (rows == 0)
		fprintf(report->out, "none\n");
	else if (kind->definition != NULL) {
		putc('\n', report->out);
		screen_wrap(report->out, kind->definition, screen->width, 0);
	}
}

/* What the events that were kept of a call look like. */
static int
print_ladder(struct report *report, const struct screen *screen)
{
	const int64_t call = strtoll(report->options->words[0], NULL, 10);
	struct ladder *ladder;
	int status = SQLITE_NOMEM;

	if (ladder_alloc(&ladder) != 0)
		return status;
	if (ladder_call(ladder, (uint64_t)call, "") == 0)
		status = ladder_read(ladder, report->db, report->run, call);
	if (status == SQLITE_DONE && ladder_count(ladder) > 0)
		ladder_text(ladder, report->out, screen->width);
	ladder_free(&ladder);
	return status;
}

static int
print_table(
    struct report *report, sqlite3_stmt *statement, unsigned long *ret_rows)
{
	const struct screen screen = screen_of(report);
	int step;

	if (strcmp(report->kind->name, "summary") == 0) {
		step = sqlite3_step(statement);
		*ret_rows = step == SQLITE_ROW;
		if (step != SQLITE_ROW)
			return step;
		summary_print(statement, report->out);
		return SQLITE_DONE;
	}
	print_title(report);
	step = table_print(statement, report->out, &screen,
	    report->kind->keys == NULL ? "" : report->kind->keys, ret_rows);
	if (step == SQLITE_DONE && strcmp(report->kind->name, "call") == 0)
		step = print_ladder(report, &screen);
	if (step == SQLITE_DONE)
		print_end(report, &screen, *ret_rows);
	return step;
}

/* Of the summary: all of the run. */
static int
print_page(struct report *report, sqlite3_stmt *statement)
{
	char title[64];

	if (strcmp(report->kind->name, "summary") == 0)
		return page_write_run(report->db, report->run, report->out);
	snprintf(title, sizeof title, "%s of run %lld", report->kind->name,
	    report->run);
	return page_write_report(
	    statement, title, report->kind->definition, report->out);
}

/* A report on one object that is not there is a mistake, and no empty one. */
static int
check_object(struct report *report, sqlite3_stmt *statement)
{
	int step;

	if (report->kind->keys == NULL)
		return 0;
	step = sqlite3_step(statement);
	sqlite3_reset(statement);
	return step == SQLITE_DONE ? report_refuse_keys(report) : 0;
}

static int
print_rows(struct report *report)
{
	enum report_format format = report->options->format;
	sqlite3_stmt *statement = NULL;
	unsigned long rows = 0;
	int step = SQLITE_OK;
	int result = report_select(report, format == REPORT_JSON, &statement);

	if (result == 0)
		result = check_object(report, statement);
	if (result == 0 && format == REPORT_TABLE)
		step = print_table(report, statement, &rows);
	else if (result == 0 && format == REPORT_CSV)
		step = export_csv(statement, report->out);
	else if (result == 0 && format == REPORT_JSON)
		step = export_json(statement, report->out);
	else if (result == 0)
		step = print_page(report, statement);
	if (result == 0 && step != SQLITE_DONE && step != SQLITE_ROW)
		result = report_fail_by_sqlite(report);
	sqlite3_finalize(statement);
	return result == 0 ? end_output(report) : result;
}

static void
name_view(struct report *report)
{
	char *at;

	snprintf(
	    report->view, sizeof report->view, "report_%s", report->kind->name);
	for (at = report->view; *at != '\0'; at++)
		if (*at == '-')
			*at = '_';
}

bool
report_is_live(const char *name)
{
	const struct report_kind *kind = report_find(name);

	return kind != NULL && kind->is_live;
}

int
report_print(const struct report_options *options, FILE *out, char *why,
    unsigned int size)
{
	struct report report = { .options = options, .out = out, .size = size };
	int result;

	report.why = why;
	report.kind = kind_of(
	    options->name == NULL ? "summary" : options->name, why, size);
	if (report.kind == NULL)
		return -ENOENT;
	name_view(&report);
	result =
	    database_open(&report.db, options->path, DATABASE_READ, why, size);
	if (result != 0)
		return result;
	if (sqlite3_exec(report.db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		result = report_fail_by_sqlite(&report);
	if (result == 0)
		result = find_run(&report);
	if (result == 0 && report.kind->is_live)
		result = report_live_fill(&report);
	if (result == 0)
		result = print_rows(&report);
	database_close(&report.db);
	return result;
}

/* What can be asked */

bool
report_about(unsigned int i, char *about, size_t size)
{
	const struct report_kind *kind = report_at(i);
	char usage[48];

	if (kind == NULL)
		return false;
	snprintf(usage, sizeof usage, "%s%s%s", kind->name,
	    kind->usage == NULL ? "" : " ",
	    kind->usage == NULL ? "" : kind->usage);
	snprintf(about, size, "%-26s%s", usage, kind->about);
	return true;
}

static int
give_columns(struct report *report, report_column_f *column, void *arg)
{
	char *sql = sqlite3_mprintf("SELECT * FROM %s", report->view);
	sqlite3_stmt *statement = NULL;
	const char *name;
	int i;

	if (sql == NULL)
		return report_refuse(report, -ENOMEM, "no memory is left");
	if (sqlite3_prepare_v2(report->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK) {
		sqlite3_free(sql);
		return report_fail_by_sqlite(report);
	}
	sqlite3_free(sql);
	for (i = 0; i < sqlite3_column_count(statement); i++) {
		name = sqlite3_column_name(statement, i);
		column(arg, name, report_is_text(report->kind, name));
	}
	sqlite3_finalize(statement);
	return 0;
}

int
report_columns(const char *name, report_column_f *column, void *arg, char *why,
    unsigned int size)
{
	const struct report_options memory = { .path = ":memory:" };
	struct report report = { .options = &memory, .size = size };
	int result = 0;

	report.why = why;
	report.kind = kind_of(name, why, size);
	if (report.kind == NULL)
		return -ENOENT;
	name_view(&report);
	if (sqlite3_open(":memory:", &report.db) != SQLITE_OK ||
	    schema_make(report.db) != SQLITE_OK)
		result = report_fail_by_sqlite(&report);
	if (result == 0)
		result = report_live_make(&report);
	if (result == 0)
		result = give_columns(&report, column, arg);
	database_close(&report.db);
	return result;
}
