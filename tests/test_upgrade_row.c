/* The records of upgrade/ as rows in a real file. */
#include "sim/upgrade_row.h"

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
#include "calls/database/writer.h"
#include "upgrade/release_handler.h"
#include "upgrade/release_record.h"

/* Records of one type, which lie behind each other. */
static void
commit(const char *path, const struct row_type *type, const void *records,
    unsigned int count)
{
	const struct run_row run = {
		.path = path, .scenario = "", .question = "", .pace = ""
	};
	struct batch *batch = batch_alloc();
	struct writer *writer = NULL;
	const unsigned char *record = records;
	unsigned int i;
	char why[256];

	assert_non_null(batch);
	assert_int_equal(writer_alloc(&writer, &run, why, sizeof why), 0);
	assert_int_equal(writer_add_type(writer, type), 0);
	for (i = 0; i < count; i++)
		assert_int_equal(batch_add(batch, i + 1,
				     (uint16_t)writer_type(writer, type->kind),
				     record + i * type->size, type->size),
		    0);
	assert_int_equal(writer_commit(writer, batch), 0);
	batch_free(&batch);
	writer_free(&writer);
}

static void
assert_row(const char *path, const char *sql, const char *expected)
{
	sqlite3_stmt *statement;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_string_equal(
	    (const char *)sqlite3_column_text(statement, 0), expected);
	sqlite3_finalize(statement);
	sqlite3_close(db);
}

static void
every_column_says_what_the_report_says(void **state)
{
	static struct upgrade_report report = { .number = 3,
		.begun = 10,
		.ended = 20,
		.module = "call",
		.version_from = "1.0",
		.version_to = "2.0",
		.mode = "sweep",
		.stage = UPGRADE_rolled_back,
		.reason = UPGRADE_REASON_failed_conversion,
		.is_rollback = 1,
		.live = 21,
		.converted = 22,
		.failed = 23,
		.pinned = 24,
		.lossy = 31,
		.born = 25,
		.died = 26,
		.crashes = 27,
		.lost = 28,
		.load_us = 29,
		.total_us = 30,
		.text = "back on 1.0" };
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];

	(void)state;
	histogram_add(&report.pauses_cpu, 1, 1);
	histogram_add(&report.pauses_cpu, 7500, 1);
	histogram_add(&report.pauses_wall, 9125, 1);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	commit(path, &upgrade_row, &report, 1);
	assert_row(path,
	    "SELECT json_array(run, number, module, version_from, version_to,"
	    " mode, stage, reason, is_rollback, live, converted, failed,"
	    " pinned, lossy, born, ended, crashes, lost, load_us, total_us, "
	    "t_begin,"
	    " t_end, text) FROM upgrade",
	    "[1,3,\"call\",\"1.0\",\"2.0\",\"sweep\",\"rolled-back\","
	    "\"failed-conversion\",1,21,22,23,24,31,25,26,27,28,29,30,10,20,"
	    "\"back on 1.0\"]");
	assert_row(path,
	    "SELECT json_array(pause_p50_us, pause_p99_us, pause_p9999_us,"
	    " pause_max_us, wall_p50_us, wall_p99_us, wall_p9999_us,"
	    " wall_max_us) FROM upgrade",
	    "[0.001,7.5,7.5,7.5,9.125,9.125,9.125,9.125]");
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

static void
each_release_record_is_a_row_of_its_own(void **state)
{
	const struct release_record records[] = {
		{ .at = 5, .module = "call", .version = "2.0" },
		{ .at = 6,
		    .is_permanent = 1,
		    .module = "call",
		    .version = "2.0" },
	};
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	commit(path, &release_row, records, 2);
	assert_row(path,
	    "SELECT json_group_array(json_array(run, number, t_release, module,"
	    " version, status)) FROM release",
	    "[[1,1,5,\"call\",\"2.0\",\"current\"],"
	    "[1,2,6,\"call\",\"2.0\",\"permanent\"]]");
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_says_what_the_report_says),
		cmocka_unit_test(each_release_record_is_a_row_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
