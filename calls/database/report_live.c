/*
 * report_live: see report_live.h for what it is.
 */
#include "calls/database/report_live.h"

#include <errno.h>
#include <string.h>

#include "calls/database/report_internal.h"

/* A table that is filled with one value per column, behind the run's number. */
struct report_rows {
	struct report *report;
	sqlite3_stmt *insert;
	int status;
};

/* clang-format off */
static const char make[] =
    "PRAGMA query_only = off;"
    "CREATE TEMP TABLE live_call(run INTEGER, call INTEGER, calling TEXT,"
    "	called TEXT, version TEXT, state TEXT, age_s REAL, events INTEGER,"
    "	waiting INTEGER);"
    "CREATE TEMP VIEW report_hung AS SELECT run, call, calling, called, state,"
    "	version, age_s, events, waiting FROM live_call"
    "	ORDER BY run, state, age_s DESC, call;"
    "CREATE TEMP TABLE live_trunk(run INTEGER, trunk TEXT, circuits INTEGER,"
    "	idle INTEGER, busy INTEGER, blocked INTEGER, down INTEGER,"
    "	seizures INTEGER, incoming INTEGER, overflow INTEGER, glare INTEGER,"
    "	map TEXT);"
    "CREATE TEMP VIEW report_circuits AS SELECT * FROM live_trunk"
    "	ORDER BY run, trunk";

static const struct {
	const char *report, *insert;
} fillings[] = {
	{ "hung", "INSERT INTO live_call VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)" },
	{ "circuits",
	  "INSERT INTO live_trunk VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
};
/* clang-format on */

int
report_live_make(struct report *report)
{
	return sqlite3_exec(report->db, make, NULL, NULL, NULL) == SQLITE_OK
	    ? 0
	    : report_fail_by_sqlite(report);
}

static void
bind(struct report_rows *rows, int place, const struct report_value *value)
{
	switch (value->kind) {
	case REPORT_NULL:
		sqlite3_bind_null(rows->insert, place);
		break;
	case REPORT_INTEGER:
		sqlite3_bind_int64(rows->insert, place, value->integer);
		break;
	case REPORT_REAL:
		sqlite3_bind_double(rows->insert, place, value->real);
		break;
	case REPORT_TEXT:
		sqlite3_bind_text(
		    rows->insert, place, value->text, -1, SQLITE_TRANSIENT);
		break;
	}
}

void
report_rows_add(struct report_rows *rows, const struct report_value *values)
{
	int i, count = sqlite3_bind_parameter_count(rows->insert);

	if (rows->status != SQLITE_DONE)
		return;
	sqlite3_bind_int64(rows->insert, 1, rows->report->run);
	for (i = 2; i <= count; i++)
		bind(rows, i, &values[i - 2]);
	rows->status = sqlite3_step(rows->insert);
	sqlite3_reset(rows->insert);
}

static const char *
insert_of(const char *report)
{
	unsigned int i = 0;

	while (strcmp(fillings[i].report, report) != 0)
		i++;
	return fillings[i].insert;
}

int
report_live_fill(struct report *report)
{
	const struct report_options *options = report->options;
	struct report_rows rows = { .report = report, .status = SQLITE_DONE };
	int result;

	if (options->fill == NULL)
		return report_refuse(report, -ENOENT,
		    "report '%s' asks a running switch and no file: say "
		    "`hotswitch ctl report %s`, or `report %s` in a scenario",
		    report->kind->name, report->kind->name, report->kind->name);
	result = report_live_make(report);
	if (result != 0)
		return result;
	if (sqlite3_prepare_v2(report->db, insert_of(report->kind->name), -1,
		&rows.insert, NULL) != SQLITE_OK)
		return report_fail_by_sqlite(report);
	options->fill(options->fill_arg, report->kind->name, &rows);
	result = rows.status == SQLITE_DONE ? 0 : report_fail_by_sqlite(report);
	sqlite3_finalize(rows.insert);
	return result;
}
