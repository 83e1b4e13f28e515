/*
 * rows_of_run: a scenario's text, run, and then what a query of its database
 * says, for tests.
 */
#ifndef TESTS_ROWS_OF_RUN_H
#define TESTS_ROWS_OF_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/run_scenario.h"

/* The first column of all rows, with bars between them. */
static inline void
assert_rows(struct ran *ran, const char *sql, const char *expected)
{
	char text[4096] = "";
	sqlite3_stmt *statement;
	const char *value;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(ran->database, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	while (sqlite3_step(statement) == SQLITE_ROW) {
		value = (const char *)sqlite3_column_text(statement, 0);
		snprintf(text + strlen(text), sizeof text - strlen(text),
		    "%s%s", text[0] == '\0' ? "" : "|",
		    value == NULL ? "NULL" : value);
	}
	sqlite3_finalize(statement);
	sqlite3_close(db);
	assert_string_equal(text, expected);
}

#endif
