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
#include "upgrade/shadow_run.h"

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

static struct upgrade_report some_report = { .number = 3,
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
	.crashes_from = 41,
	.crashes_to = 42,
	.retried = 43,
	.rehearsed = 44,
	.canaries = 45,
	.prolonged = 46,
	.differences = 47,
	.rejected = 48,
	.returned = 49,
	.loading = { 51, 52 },
	.rehearsing = { 53, 54 },
	.watching = { 55, 56 },
	.converting = { 57, 58 },
	.state_count = 3,
	.states = { { "alerting", 1, 2, 3 }, { "treated", 0, 0, 0 },
	    { "active", UINT64_MAX / 4, 5, 0 } },
	.text = "back on 1.0" };

static void
every_column_says_what_the_report_says(void **state)
{
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];

	(void)state;
	histogram_add(&some_report.pauses_cpu, 1, 1);
	histogram_add(&some_report.pauses_cpu, 7500, 1);
	histogram_add(&some_report.pauses_wall, 9125, 1);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	commit(path, &upgrade_row, &some_report, 1);
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

/* What a deadline has brought is known later; a killed writer does it twice. */
static void
u18_a_row_is_renewed_when_its_deadline_has_come(void **state)
{
	static struct upgrade_report reports[4];
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];
	unsigned int i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	for (i = 0; i < 4; i++)
		reports[i] = some_report;
	reports[1].rejected = reports[3].rejected = 77;
	commit(path, &upgrade_row, reports, 4);
	assert_row(path,
	    "SELECT json_array(count(*), sum(rejected),"
	    " (SELECT count(*) FROM conflict)) FROM upgrade",
	    "[1,77,0]");
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

/* U4: by stage, by version, by state. */
static void
every_column_of_its_way_is_there(void **state)
{
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	commit(path, &upgrade_row, &some_report, 1);
	assert_row(path,
	    "SELECT json_array(crashes_from, crashes_to, retried, rehearsed,"
	    " canaries, prolonged, differences, rejected, returned,"
	    " loading_run_us,"
	    " loading_us, rehearsing_run_us, rehearsing_us, watching_run_us,"
	    " watching_us, converting_run_us, converting_us)"
	    " FROM upgrade",
	    "[41,42,43,44,45,46,47,48,49,51,52,53,54,55,56,57,58]");
	assert_row(path,
	    "SELECT json_group_array(json_array(id, stage, took_ms, run_s,"
	    " calls)) FROM report_stages",
	    "[[3,\"load\",0.052,5.1e-05,null],"
	    "[3,\"rehearse\",0.054,5.3e-05,44],"
	    "[3,\"canary\",0.056,5.5e-05,45],"
	    "[3,\"convert\",0.058,5.7e-05,22]]");
	assert_row(path,
	    "SELECT json_group_array(json_array(id, state, converted, pinned,"
	    " failed)) FROM report_conversions",
	    "[[3,\"alerting\",1,2,3],"
	    "[3,\"active\",4611686018427387903,5,0]]");
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

/* Every state full: the text must hold it. */
static void
no_state_is_too_much(void **state)
{
	static struct upgrade_report report = { .number = 1,
		.state_count = UPGRADE_STATES };
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];
	unsigned int i;

	(void)state;
	for (i = 0; i < UPGRADE_STATES; i++) {
		memset(report.states[i].word, 'a' + (int)i,
		    UPGRADE_STATE_BYTES - 1);
		report.states[i].converted = report.states[i].pinned =
		    report.states[i].failed = INT64_MAX / 2;
	}
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	commit(path, &upgrade_row, &report, 1);
	assert_row(path,
	    "SELECT count(*) || ' ' || min(failed) FROM report_conversions",
	    "24 4611686018427387903");
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

static void
execute(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* U4: those without a row are counted. */
static void
a_failure_says_who_and_how_many_more(void **state)
{
	static struct upgrade_report report = {
		.number = 2, .failed = 5, .pinned = 1
	};
	static const struct upgrade_failure failures[] = {
		{ .number = 2,
		    .at = 1500000,
		    .call = 7,
		    .pid = { 3, 4 },
		    .version = "1.0",
		    .state = "active",
		    .text = "no image there",
		    .is_pinned = 1 },
		{ .number = 2,
		    .call = 8,
		    .version = "1.0",
		    .state = "alerting" },
		{ .number = 2,
		    .call = 9,
		    .version = "1.0",
		    .state = "alerting" },
	};
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	commit(path, &upgrade_row, &report, 1);
	commit(path, &upgrade_failure_row, failures, 3);
	execute(path, "UPDATE upgrade_failure SET run = 1");
	assert_row(path,
	    "SELECT json_group_array(json_array(id, at_s, kind, call, version,"
	    " state, pid, untold, text)) FROM report_failures WHERE call < 9",
	    "[[2,1.5,\"pinned\",7,\"1.0\",\"active\",\"3.4\",0,"
	    "\"no image there\"],"
	    "[2,0.0,\"failed\",8,\"1.0\",\"alerting\",\"0.0\",3,\"\"]]");
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

/* U13: a row for each that was kept, and the report of them. */
static void
u13_a_difference_says_who_did_what(void **state)
{
	static const struct shadow_difference found[] = {
		{ .upgrade = 2,
		    .which = 1,
		    .at = 1500000,
		    .call = 12,
		    .pid = { 3, 4 },
		    .module = "call",
		    .version_from = "1.0",
		    .version_to = "2.0",
		    .event = "answer",
		    .state = "alerting",
		    .did = { "tone 1001 speech\nstatus 0\n", "status 101\n" } },
		{ .upgrade = 2,
		    .which = 2,
		    .is_crash = 1,
		    .event = "hold",
		    .did = { "", "SIGSEGV" } },
	};
	char folder[] = "/tmp/hotswitch-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/calls.db", folder);
	commit(path, &upgrade_shadow_row, found, 2);
	assert_row(path,
	    "SELECT json_group_array(json_array(run, upgrade, number, t_event,"
	    " call, pid, module, version_from, version_to, event, state,"
	    " is_crash, did_old, did_new)) FROM upgrade_shadow",
	    "[[1,2,1,1500000,12,12884901892,\"call\",\"1.0\",\"2.0\","
	    "\"answer\",\"alerting\",0,\"tone 1001 speech\\nstatus 0\\n\","
	    "\"status 101\\n\"],[1,2,2,0,0,0,\"\",\"\",\"\",\"hold\",\"\","
	    "1,\"\",\"SIGSEGV\"]]");
	assert_row(path,
	    "SELECT json_array(upgrade, id, at_s, call, event, did_old,"
	    " did_new, pid) FROM report_differences",
	    "[2,1,1.5,12,\"answer\",\"tone 1001 speech; status 0\","
	    "\"status 101\",\"3.4\"]");
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
		cmocka_unit_test(u13_a_difference_says_who_did_what),
		cmocka_unit_test(
		    u18_a_row_is_renewed_when_its_deadline_has_come),
		cmocka_unit_test(every_column_of_its_way_is_there),
		cmocka_unit_test(no_state_is_too_much),
		cmocka_unit_test(a_failure_says_who_and_how_many_more),
		cmocka_unit_test(each_release_record_is_a_row_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
