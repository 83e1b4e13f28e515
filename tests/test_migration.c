/*
 * What becomes of files of older schemas: tests/schemas/N.sql says what the
 * N-th had otherwise than the one before, so the first N of them make one.
 */
#include "calls/database/migration.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "calls/database/database.h"
#include "calls/database/schema.h"

enum { SQL_MAX = 64 * 1024, NAMES_MAX = 64 };

struct place {
	char folder[32], path[64], why[256];
};

static int
setup(void **state)
{
	struct place *place = calloc(1, sizeof *place);

	strcpy(place->folder, "/tmp/hotswitch-XXXXXX");
	if (mkdtemp(place->folder) == NULL)
		return -1;
	snprintf(place->path, sizeof place->path, "%s/calls.db", place->folder);
	*state = place;
	return 0;
}

static int
teardown(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	assert_int_equal(rmdir(place->folder), 0); /* nothing else was left */
	free(place);
	return 0;
}

/*--------------------------------------------------------------------
 * SQL
 */

static void
execute(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", why, sql);
}

__attribute__((format(printf, 2, 3))) static int64_t
ask(sqlite3 *db, const char *format, ...)
{
	sqlite3_stmt *statement;
	char sql[2048];
	va_list values;
	int64_t answer;

	va_start(values, format);
	vsnprintf(sql, sizeof sql, format, values);
	va_end(values);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(db), sql);
	if (sqlite3_step(statement) != SQLITE_ROW)
		fail_msg("%s: %s", sqlite3_errmsg(db), sql);
	answer = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return answer;
}

struct names {
	unsigned int count;
	char name[NAMES_MAX][40];
};

static void
list(sqlite3 *db, const char *sql, struct names *ret_names)
{
	sqlite3_stmt *statement;

	ret_names->count = 0;
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		assert_true(ret_names->count < NAMES_MAX);
		snprintf(ret_names->name[ret_names->count++],
		    sizeof ret_names->name[0], "%s",
		    (const char *)sqlite3_column_text(statement, 0));
	}
	sqlite3_finalize(statement);
}

/*--------------------------------------------------------------------
 * Files of an older schema
 */

static bool
run_file(sqlite3 *db, int version)
{
	static char sql[SQL_MAX];
	char path[512];
	size_t size;
	FILE *file;

	if (version == SCHEMA_VERSION)
		return false; /* it is no older one */
	snprintf(path, sizeof path, HOTSWITCH_SOURCE "/tests/schemas/%d.sql",
	    version);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	size = fread(sql, 1, sizeof sql - 1, file);
	fclose(file);
	sql[size] = '\0';
	execute(db, sql);
	return true;
}

/*
 * A row in each table, whose values say of which column they are: 'text 3' or
 * 103.  Of a fault of those days the reason was one text.
 */
static void
fill(sqlite3 *db)
{
	struct names tables;
	char sql[4096];
	unsigned int i;

	list(
	    db, "SELECT name FROM sqlite_schema WHERE type = 'table'", &tables);
	for (i = 0; i < tables.count; i++) {
		sqlite3_stmt *statement;

		snprintf(sql, sizeof sql,
		    "SELECT 'INSERT INTO %s VALUES(' || group_concat(CASE name"
		    " WHEN 'reason' THEN '''SIGSEGV at +0x1a2'''"
		    " WHEN 'states' THEN '''[]'''"
		    " ELSE CASE type WHEN 'TEXT' THEN '''text ' || cid || ''''"
		    " ELSE 100 + cid END END) || ')'"
		    " FROM pragma_table_info('%s')",
		    tables.name[i], tables.name[i]);
		assert_int_equal(
		    sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
		    SQLITE_OK);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		execute(db, (const char *)sqlite3_column_text(statement, 0));
		sqlite3_finalize(statement);
	}
}

static bool
make_older(struct place *place, int version)
{
	bool is_known = true;
	sqlite3 *db;
	int i;

	unlink(place->path);
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	execute(db, "BEGIN");
	for (i = 1; is_known && i <= version; i++)
		is_known = run_file(db, i);
	if (is_known)
		fill(db);
	execute(db, "COMMIT");
	sqlite3_close(db);
	return is_known;
}

static sqlite3 *
open_file(struct place *place, enum database_use use)
{
	sqlite3 *db;

	if (database_open(
		&db, place->path, use, place->why, sizeof place->why) != 0)
		fail_msg("%s", place->why);
	return db;
}

/* What the older one had in a column of that name is there. */
static void
assert_kept(sqlite3 *db, const char *table)
{
	char sql[256];
	struct names columns;
	unsigned int i;

	snprintf(sql, sizeof sql,
	    "SELECT n.name FROM pragma_table_info('%s', 'main') n"
	    " JOIN pragma_table_info('%s', 'was') USING(name)",
	    table, table);
	list(db, sql, &columns);
	assert_true(columns.count > 0);
	for (i = 0; i < columns.count; i++)
		if (ask(db,
			"SELECT count(*) FROM main.%s n, was.%s o"
			" WHERE n.%s IS o.%s",
			table, table, columns.name[i], columns.name[i]) != 1)
			fail_msg("%s.%s is lost", table, columns.name[i]);
}

static void
assert_whole(struct place *place, sqlite3 *db, int version)
{
	char attach[128];
	struct names names;
	unsigned int i;

	assert_true(make_older(place, version)); /* once more: to compare */
	snprintf(attach, sizeof attach, "ATTACH '%s' AS was", place->path);
	execute(db, attach);
	list(db, "SELECT name FROM was.sqlite_schema WHERE type = 'table'",
	    &names);
	for (i = 0; i < names.count; i++)
		assert_kept(db, names.name[i]);
	execute(db, "DETACH was");
	list(db, "SELECT name FROM sqlite_schema WHERE type = 'view'", &names);
	assert_true(names.count > 10);
	for (i = 0; i < names.count; i++)
		(void)ask(db, "SELECT count(*) FROM %s", names.name[i]);
	assert_int_equal(ask(db,
			     "SELECT count(*) FROM report_faults"
			     " WHERE reason = 'SIGSEGV at +0x1a2' OR %d > 2",
			     version),
	    1);
}

/*--------------------------------------------------------------------
 * Tests
 */

static void
every_older_schema_comes_forward_with_its_rows(void **state)
{
	struct place *place = *state;
	char copy[80];
	sqlite3 *db;
	int version;

	snprintf(copy, sizeof copy, "%s.copy", place->path);
	for (version = 1; make_older(place, version); version++) {
		db = open_file(place, DATABASE_WRITE);
		assert_int_equal(
		    ask(db, "PRAGMA user_version"), SCHEMA_VERSION);
		assert_int_equal(ask(db,
				     "SELECT count(*) FROM sqlite_schema"
				     " WHERE name LIKE 'older%%'"),
		    0);
		sqlite3_close(db);
		assert_int_equal(rename(place->path, copy), 0);
		assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
		assert_whole(place, db, version);
		sqlite3_close(db);
	}
	unlink(copy);
	assert_int_equal(version, SCHEMA_VERSION); /* none is missing */
}

/* The same rows and reports as if it had been brought forward. */
static void
a_reader_leaves_an_older_file_as_it_is(void **state)
{
	struct place *place = *state;
	sqlite3 *db;
	int version;

	for (version = 1; make_older(place, version); version++) {
		db = open_file(place, DATABASE_READ);
		assert_int_equal(ask(db,
				     "SELECT count(*) FROM report_calls"
				     " WHERE call = 101"),
		    1);
		assert_int_not_equal(
		    sqlite3_exec(db, "DELETE FROM run", NULL, NULL, NULL),
		    SQLITE_OK);
		execute(db, "PRAGMA query_only = off");
		assert_whole(place, db, version);
		database_close(&db);
		assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
		assert_int_equal(ask(db, "PRAGMA user_version"), version);
		sqlite3_close(db);
	}
	assert_int_equal(version, SCHEMA_VERSION); /* none is missing */
}

static void
the_reason_of_a_fault_becomes_its_kind_and_its_place(void **state)
{
	struct place *place = *state;
	sqlite3 *db;

	assert_true(make_older(place, 2));
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	execute(db,
	    "INSERT INTO fault SELECT 100, 7, 1, 1, 'call', '1.0',"
	    " 'answer', 'handle', 'event overran its time', 0");
	sqlite3_close(db);
	db = open_file(place, DATABASE_WRITE);
	assert_int_equal(ask(db,
			     "SELECT count(*) FROM fault WHERE"
			     " kind = 'SIGSEGV' AND place = 0x1a2"),
	    1);
	assert_int_equal(ask(db,
			     "SELECT count(*) FROM fault WHERE"
			     " kind = 'event overran its time' AND place = 0"),
	    1);
	database_close(&db);
}

/* Which release is permanent hangs on what was committed last. */
static void
rows_stay_in_the_order_in_which_they_were_committed(void **state)
{
	struct place *place = *state;
	sqlite3 *db;

	assert_true(make_older(place, 5));
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	execute(db,
	    "DELETE FROM release; INSERT INTO release VALUES"
	    "(9, 1, 0, 'call', '2.0', 'permanent'),"
	    "(8, 1, 0, 'call', '1.0', 'permanent')");
	sqlite3_close(db);
	db = open_file(place, DATABASE_WRITE);
	assert_int_equal(ask(db,
			     "SELECT run FROM release"
			     " ORDER BY rowid DESC LIMIT 1"),
	    8);
	database_close(&db);
}

static void
what_others_have_added_to_a_file_stays(void **state)
{
	struct place *place = *state;
	sqlite3 *db = open_file(place, DATABASE_WRITE);
	char sql[64];

	execute(db, "CREATE INDEX mine ON cdr(calling)");
	execute(db, "CREATE TABLE friends(number TEXT)");
	execute(db,
	    "CREATE VIEW callers AS SELECT calling FROM cdr"
	    " JOIN friends ON number = calling");
	execute(db, "CREATE VIEW report_of_old AS SELECT 1");
	snprintf(
	    sql, sizeof sql, "PRAGMA user_version = %d", SCHEMA_VERSION - 1);
	execute(db, sql);
	database_close(&db);
	db = open_file(place, DATABASE_WRITE);
	assert_int_equal(ask(db, "PRAGMA user_version"), SCHEMA_VERSION);
	assert_int_equal(ask(db,
			     "SELECT count(*) FROM sqlite_schema"
			     " WHERE name IN ('mine', 'friends')"),
	    2);
	assert_int_equal(ask(db, "SELECT count(*) FROM callers"), 0);
	assert_int_equal(ask(db,
			     "SELECT count(*) FROM sqlite_schema"
			     " WHERE name = 'report_of_old'"),
	    0);
	database_close(&db);
}

static void
one_that_cannot_come_forward_stays_as_it_was(void **state)
{
	struct place *place = *state;
	sqlite3 *db;

	assert_true(make_older(place, 7));
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	execute(db, "CREATE TABLE older_fault(mine)");
	sqlite3_close(db);
	assert_int_not_equal(database_open(&db, place->path, DATABASE_WRITE,
				 place->why, sizeof place->why),
	    0);
	assert_non_null(strstr(place->why, "older_fault"));
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(ask(db, "PRAGMA user_version"), 7);
	assert_int_equal(ask(db, "SELECT count(*) FROM cdr"), 1);
	assert_int_equal(ask(db, "SELECT count(*) FROM report_faults"), 1);
	sqlite3_close(db);
}

static void
a_number_that_no_schema_has_is_refused(void **state)
{
	struct place *place = *state;
	sqlite3 *db = open_file(place, DATABASE_WRITE);

	execute(db, "PRAGMA user_version = 0");
	database_close(&db);
	assert_int_equal(database_open(&db, place->path, DATABASE_READ,
			     place->why, sizeof place->why),
	    -EINVAL);
	assert_non_null(strstr(place->why, "its schema is number 0"));
}

int
main(void)
{
#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_older_schema_comes_forward_with_its_rows),
		TEST(a_reader_leaves_an_older_file_as_it_is),
		TEST(the_reason_of_a_fault_becomes_its_kind_and_its_place),
		TEST(rows_stay_in_the_order_in_which_they_were_committed),
		TEST(what_others_have_added_to_a_file_stays),
		TEST(one_that_cannot_come_forward_stays_as_it_was),
		TEST(a_number_that_no_schema_has_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
