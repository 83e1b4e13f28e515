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
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "calls/database/database.h"
#include "calls/database/export.h"
#include "calls/database/summary.h"
#include "calls/database/table.h"
#include "switch/nearest.h"

enum { SUMMARY_WIDTH = 80 }; /* of a terminal that does not tell its own */

/* One report, as long as it is printed. */
struct report {
	const struct report_options *options;
	const char *name;
	sqlite3 *db;
	sqlite3_int64 run;
	FILE *out;
	char *why;
	unsigned int size;
};

const char *
report_names(void)
{
	return "summary calls upgrades stages conversions failures differences "
	       "releases faults restarts "
	       "alarms audit";
}

/* Errors */

static int
fail_by_sqlite(struct report *report)
{
	snprintf(report->why, report->size, "cannot read database '%s': %s",
	    report->options->path, database_error(report->db));
	return database_errno(report->db);
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
	if (error == EPIPE)
		return 0; /* the reader has seen enough */
	snprintf(report->why, report->size, "cannot write report '%s': %s",
	    report->name, strerror(error));
	return -error;
}

/* Which report */

static bool
is_report(const char *name)
{
	const char *names = report_names();
	size_t length = strlen(name);

	for (; *names != '\0'; names += strspn(names, " ")) {
		if (strcspn(names, " ") == length &&
		    strncmp(names, name, length) == 0)
			return true;
		names += strcspn(names, " ");
	}
	return false;
}

static int
check_name(struct report *report)
{
	char nearest[NEAREST_WORD_MAX + 1];

	if (is_report(report->name))
		return 0;
	if (nearest_word(report->name, report_names(), nearest, sizeof nearest))
		snprintf(report->why, report->size,
		    "no report '%s': did you mean '%s'?", report->name,
		    nearest);
	else
		snprintf(report->why, report->size,
		    "no report '%s': there are %s", report->name,
		    report_names());
	return -ENOENT;
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
		return fail_by_sqlite(report);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		*ret_first = sqlite3_column_int64(statement, 0);
		*ret_last = sqlite3_column_int64(statement, 1);
	}
	if (sqlite3_finalize(statement) != SQLITE_OK)
		return fail_by_sqlite(report);
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

/* Statements */

static int
prepare(struct report *report, const char *values, sqlite3_stmt **ret_statement)
{
	char *sql = sqlite3_mprintf("SELECT %s FROM report_%s WHERE run = %lld",
	    values, report->name, report->run);
	int result = SQLITE_NOMEM;

	if (sql == NULL) {
		snprintf(report->why, report->size, "no memory for the report");
		return -ENOMEM;
	}
	result = sqlite3_prepare_v2(report->db, sql, -1, ret_statement, NULL);
	sqlite3_free(sql);
	return result == SQLITE_OK ? 0 : fail_by_sqlite(report);
}

/* "json_object('run', "run", ...)" of the columns of `statement`. */
static char *
json_values(sqlite3_stmt *statement)
{
	sqlite3_str *values = sqlite3_str_new(NULL);
	const char *name;
	int i;

	sqlite3_str_appendall(values, "json_object(");
	for (i = 0; i < sqlite3_column_count(statement); i++) {
		name = sqlite3_column_name(statement, i);
		sqlite3_str_appendf(
		    values, "%s%Q, \"%w\"", i == 0 ? "" : ", ", name, name);
	}
	sqlite3_str_appendall(values, ")");
	return sqlite3_str_finish(values);
}

static int
prepare_json(struct report *report, sqlite3_stmt **ret_statement)
{
	sqlite3_stmt *plain;
	char *values;
	int result = prepare(report, "*", &plain);

	if (result != 0)
		return result;
	values = json_values(plain);
	sqlite3_finalize(plain);
	result = prepare(report, values == NULL ? "" : values, ret_statement);
	sqlite3_free(values);
	return result;
}

/* Formats */

static unsigned int
terminal_width(const struct report *report)
{
	struct winsize size;
	int descriptor = fileno(report->out);

	if (!report->options->is_terminal)
		return 0;
	if (descriptor >= 0 && ioctl(descriptor, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col > 0)
		return size.ws_col;
	return SUMMARY_WIDTH;
}

static int
print_table(struct report *report, sqlite3_stmt *statement)
{
	unsigned long rows = 0;
	int step;

	if (strcmp(report->name, "summary") == 0) {
		step = sqlite3_step(statement);
		if (step != SQLITE_ROW)
			return step;
		summary_print(statement, report->out);
		return SQLITE_DONE;
	}
	fprintf(report->out, "%s of run %lld\n\n", report->name, report->run);
	step =
	    table_print(statement, report->out, terminal_width(report), &rows);
	if (step == SQLITE_DONE && rows == 0)
		fprintf(report->out, "none\n");
	return step;
}

static int
print_rows(struct report *report)
{
	enum report_format format = report->options->format;
	sqlite3_stmt *statement = NULL;
	int result, step = SQLITE_OK;

	result = format == REPORT_JSON ? prepare_json(report, &statement)
				       : prepare(report, "*", &statement);
	if (result != 0)
		return result;
	switch (format) {
	case REPORT_TABLE:
		step = print_table(report, statement);
		break;
	case REPORT_CSV:
		step = export_csv(statement, report->out);
		break;
	case REPORT_JSON:
		step = export_json(statement, report->out);
		break;
	}
	if (step != SQLITE_DONE && step != SQLITE_ROW)
		result = fail_by_sqlite(report);
	sqlite3_finalize(statement);
	return result == 0 ? end_output(report) : result;
}

int
report_print(const struct report_options *options, FILE *out, char *why,
    unsigned int size)
{
	struct report report = {
		.options = options,
		.name = options->name == NULL ? "summary" : options->name,
		.out = out,
		.why = why,
		.size = size,
	};
	int result = check_name(&report);

	if (result == 0)
		result = database_open(
		    &report.db, options->path, DATABASE_READ, why, size);
	if (result != 0)
		return result;
	if (sqlite3_exec(report.db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		result = fail_by_sqlite(&report);
	if (result == 0)
		result = find_run(&report);
	if (result == 0)
		result = print_rows(&report);
	database_close(&report.db);
	return result;
}
