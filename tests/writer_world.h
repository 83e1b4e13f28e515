/*
 * writer_world: a writer on a real file in a folder of its own, for tests.
 */
#ifndef TESTS_WRITER_WORLD_H
#define TESTS_WRITER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "calls/database/batch.h"
#include "calls/database/cdr_row.h"
#include "calls/database/leg_row.h"
#include "calls/database/writer.h"
#include "calls/exchange/cdr.h"
#include "calls/exchange/leg.h"

/* A folder, the path of the database in it, and what was said last. */
struct place {
	char folder[32];
	char path[64];
	char why[256];
};

static inline struct run_row
run_at(const char *path)
{
	return (struct run_row){ .path = path,
		.scenario = "s.tcl",
		.question = "Why?",
		.seed = 7,
		.pace = "virtual" };
}

static inline int
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

static inline int
teardown(void **state)
{
	struct place *place = *state;
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char path[80];
	unsigned int i;

	for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(path, sizeof path, "%s%s", place->path, ends[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(place->folder), 0); /* nothing else was made */
	free(place);
	return 0;
}

static inline struct writer *
open_writer(struct place *place)
{
	struct run_row run = run_at(place->path);
	struct writer *writer = NULL;
	int result;

	result = writer_alloc(&writer, &run, place->why, sizeof place->why);
	if (result != 0)
		fail_msg("%s", place->why);
	assert_int_equal(writer_add_type(writer, &cdr_row), 0);
	assert_int_equal(writer_add_type(writer, &leg_row), 0);
	assert_int_equal(writer_add_type(writer, &leg_amendment_row), 0);
	return writer;
}

static inline struct cdr
make_cdr(uint64_t call)
{
	struct cdr cdr = {
		.call = {
			.call = call,
			.t_seize = 1000,
			.t_dialled = 2000,
			.t_alert = 302000,
			.t_answer = 6302000,
			.t_release = 96303999,
			.hold_us = 5000999,
			.attempts = 1,
			.overdial = 2,
			.cause = CAUSE_NORMAL,
			.release_side = SIDE_A,
			.diagnostic = CAUSE_TIMER_RECOVERY,
			.dialled = "1002",
		},
		.charge_micro = 190000,
		.pulses = 3,
		.legs = 1,
		.linked = 11,
		.services = 1U << SERVED_hold | 1U << SERVED_forward,
		.redirect_reason = REDIRECT_no_reply,
		.redirect_count = 2,
		.in_circuit = 7,
		.out_circuit = 8,
		.orig_called = "1004",
		.redirecting = "1003",
		.in_trunk = "T1",
		.out_trunk = "T2",
		.account = "anna",
		.tariff = "town",
		.pid = { .slot = 3, .generation = 9 },
		.calling = "1001",
		.translated = "1002",
		.connected = "1002",
		.version_start = "1.0",
		.version_end = "2.0",
		.upgrades = 1,
		.crashes = 2,
		.pause_us = 33,
	};

	return cdr;
}

static inline int
commit_cdr(struct writer *writer, const struct cdr *cdr)
{
	struct batch *batch = batch_alloc();
	int result;

	assert_non_null(batch);
	assert_int_equal(
	    batch_add(batch, 1, (uint16_t)writer_type(writer, RECORD_CDR), cdr,
		sizeof *cdr),
	    0);
	result = writer_commit(writer, batch);
	batch_free(&batch);
	return result;
}

/* The one value of a query made from outside, as text; "" for NULL. */
static const char *
ask(struct place *place, const char *sql)
{
	static char answer[512];
	sqlite3_stmt *statement;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	snprintf(answer, sizeof answer, "%s",
	    sqlite3_column_type(statement, 0) == SQLITE_NULL
		? ""
		: (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return answer;
}

static inline void
run_sql(struct place *place, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

#endif
