/*
 * Private to calls/database/report*.c: one report, as long as it is printed.
 */
#ifndef CALLS_DATABASE_REPORT_INTERNAL_H
#define CALLS_DATABASE_REPORT_INTERNAL_H

#include <sqlite3.h>

#include "calls/database/report.h"
#include "calls/database/report_list.h"

struct report {
	const struct report_options *options;
	const struct report_kind *kind;
	char view[40]; /* report_NAME */
	sqlite3 *db;
	sqlite3_int64 run;
	FILE *out;
	char *why;
	unsigned int size;
};

/* report.c: always `result`, with one line in `why`. */
__attribute__((format(printf, 3, 4))) int report_refuse(
    struct report *report, int result, const char *format, ...);
int report_fail_by_sqlite(struct report *report);

/*
 * report_select.c: the statement that gives the rows asked for: all columns,
 * or for JSON an object of them in one.  0, -ENOENT of a word that is none,
 * -errno.
 */
int report_select(
    struct report *report, bool is_json, sqlite3_stmt **ret_statement);

/* What its keys could be, of a report that gave no row for those. */
int report_refuse_keys(struct report *report);

#endif
