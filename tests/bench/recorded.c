/*
 * recorded: see recorded.h for what it is.
 *
 * One scheduler, in real time, with the recorder and its thread as the switch
 * has them; it is done when the last record is committed.  The loop has the
 * rows in memory before its time begins, with the schema, the pragmas and the
 * size of a transaction that the recorder has, and the same order of rows.
 */
#include "tests/bench/recorded.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls/database/database.h"
#include "calls/database/recorder.h"
#include "tests/bench/lane.h"
#include "tests/bench/meter.h"
#include "tests/bench/subscribers.h"

enum { COLUMNS_MAX = 64, ROWS_AT_ONCE = 2000, TABLES = 2 };

#define WRITTEN "bench-recorded.db"
#define BARE	"bench-bare.db"

struct value {
	int type, length;
	int64_t number;
	const char *text;
};

/* The rows of a table, one behind the other, by call. */
struct rows {
	const char *name;
	int columns, call; /* call: which column it is */
	size_t count, next;
	struct value *values;
	sqlite3_stmt *insert;
};

static void
must_sqlite(int status, sqlite3 *db, const char *what)
{
	meter_must(
	    status == SQLITE_OK || status == SQLITE_ROW || status == SQLITE_DONE
		? 0
		: -1,
	    db == NULL ? what : sqlite3_errmsg(db));
}

static void
remove_file(const char *path)
{
	char log[64];

	(void)unlink(path);
	(void)snprintf(log, sizeof log, "%s-wal", path);
	(void)unlink(log);
	(void)snprintf(log, sizeof log, "%s-shm", path);
	(void)unlink(log);
}

/*--------------------------------------------------------------------
 * The switch
 */

/*
 * *ret_longer: the CPU time of the thread that had more to do, the scheduler's
 * or the writer's, which two processors would wait for.
 */
static struct span
write_calls(uint32_t calls, uint64_t *ret_records, uint64_t *ret_longer)
{
	const struct lane_options options = { .name = "call",
		.with_office = true,
		.database = WRITTEN,
		.on_fault = ON_FAULT_RESUME };
	struct lane home;
	struct span span;
	uint64_t own;

	lanes_open(&home, 1, &options);
	home.count = calls;
	subscribers_move_in(&home, SUBSCRIBERS_FEW);
	subscribers_hang_up(&home);
	span = meter_begin();
	(void)lanes_run(&home, 1, NULL, 0);
	own = home.cpu_ns;
	meter_must(recorder_flush(home.recorder), "write the records");
	span = meter_since(span);
	*ret_longer = span.cpu - own > own ? span.cpu - own : own;
	meter_must(office_counts(home.office)->ended != calls, "end them all");
	*ret_records = recorder_taken(home.recorder);
	lanes_close(&home, 1);
	return span;
}

/*--------------------------------------------------------------------
 * The bare loop
 */

static struct value
read_value(sqlite3_stmt *statement, int column)
{
	struct value value = { .type = sqlite3_column_type(statement, column) };

	if (value.type == SQLITE_INTEGER) {
		value.number = sqlite3_column_int64(statement, column);
	} else {
		value.text = strdup(
		    (const char *)sqlite3_column_text(statement, column));
		value.length = sqlite3_column_bytes(statement, column);
	}
	return value;
}

static void
read_rows(sqlite3 *db, const char *name, struct rows *ret_rows)
{
	struct rows *rows = ret_rows;
	sqlite3_stmt *statement;
	char sql[96];
	size_t room = 0;
	int i;

	*rows = (struct rows){ .name = name };
	(void)snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY call", name);
	must_sqlite(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), db, "");
	rows->columns = sqlite3_column_count(statement);
	for (i = 0; i < rows->columns; i++)
		if (strcmp(sqlite3_column_name(statement, i), "call") == 0)
			rows->call = i;
	for (; sqlite3_step(statement) == SQLITE_ROW; rows->count++) {
		if (rows->count == room) {
			room = room * 2 + 1024;
			rows->values = realloc(rows->values,
			    room * (size_t)rows->columns *
				sizeof *rows->values);
			meter_must(rows->values == NULL, "keep the rows");
		}
		for (i = 0; i < rows->columns; i++)
			rows->values[rows->count * (size_t)rows->columns +
			    (size_t)i] = read_value(statement, i);
	}
	(void)sqlite3_finalize(statement);
}

static void
prepare(sqlite3 *db, struct rows *rows)
{
	char sql[512];
	int i, length;

	length =
	    snprintf(sql, sizeof sql, "INSERT INTO %s VALUES(?1", rows->name);
	for (i = 2; i <= rows->columns; i++)
		length += snprintf(
		    sql + length, sizeof sql - (size_t)length, ", ?%d", i);
	(void)snprintf(sql + length, sizeof sql - (size_t)length, ")");
	must_sqlite(
	    sqlite3_prepare_v2(db, sql, -1, &rows->insert, NULL), db, "");
}

static void
insert(sqlite3 *db, struct rows *rows)
{
	const struct value *value =
	    &rows->values[rows->next++ * (size_t)rows->columns];
	int i;

	for (i = 1; i <= rows->columns; i++, value++)
		if (value->type == SQLITE_INTEGER)
			(void)sqlite3_bind_int64(
			    rows->insert, i, value->number);
		else
			(void)sqlite3_bind_text(rows->insert, i, value->text,
			    value->length, SQLITE_STATIC);
	must_sqlite(sqlite3_step(rows->insert), db, "");
	(void)sqlite3_reset(rows->insert);
}

/* The call of the next row; one past all when there is none. */
static int64_t
next_call(const struct rows *rows)
{
	if (rows->next == rows->count)
		return INT64_MAX;
	return rows
	    ->values[rows->next * (size_t)rows->columns + (size_t)rows->call]
	    .number;
}

static void
insert_all(sqlite3 *db, struct rows *rows)
{
	size_t all = rows[0].count + rows[1].count, i;

	for (i = 0; i < all; i++) {
		if (i % ROWS_AT_ONCE == 0)
			must_sqlite(sqlite3_exec(db,
					i == 0 ? "BEGIN IMMEDIATE"
					       : "COMMIT; BEGIN IMMEDIATE",
					NULL, NULL, NULL),
			    db, "");
		insert(db,
		    &rows[next_call(&rows[1]) < next_call(&rows[0]) ? 1 : 0]);
	}
	must_sqlite(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db, "");
}

static struct span
write_bare(void)
{
	struct rows rows[TABLES];
	struct span span;
	char why[512];
	sqlite3 *db;
	int i;

	meter_must(
	    database_open(&db, WRITTEN, DATABASE_READ, why, sizeof why), why);
	read_rows(db, "cdr", &rows[0]);
	read_rows(db, "leg", &rows[1]);
	database_close(&db);
	meter_must(
	    database_open(&db, BARE, DATABASE_WRITE, why, sizeof why), why);
	span = meter_begin();
	for (i = 0; i < TABLES; i++)
		prepare(db, &rows[i]);
	insert_all(db, rows);
	span = meter_since(span);
	for (i = 0; i < TABLES; i++)
		(void)sqlite3_finalize(rows[i].insert);
	database_close(&db);
	return span; /* the rows go with the program */
}

void
recorded_run(uint32_t calls)
{
	struct span written, bare;
	uint64_t records = 0, longer;

	remove_file(WRITTEN);
	remove_file(BARE);
	written = write_calls(calls, &records, &longer);
	bare = write_bare();
	meter_must(records < calls, "have records");
	meter_print_rate("recorded-calls", calls, written);
	meter_print_rate("recorded-bare", calls, bare);
	meter_print_both("recorded",
	    100.0 * (double)bare.wall / (double)written.wall,
	    100.0 * (double)bare.cpu / (double)longer);
	remove_file(WRITTEN);
	remove_file(BARE);
}
