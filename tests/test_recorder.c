/* What the recorder promises, on a real scheduler and a real file. */
#include "calls/database/batch.h"
#include "calls/database/recorder.h"

#include <errno.h>
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

#include "calls/database/row.h"
#include "calls/exchange/cdr.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/record_queue.h"
#include "switch/scheduler.h"

enum { BATCH_US = 100 * 1000, JOB_US = SCHEDULER_JOB_US };

struct office {
	char folder[32], path[64], log[64];
	struct scheduler *scheduler;
	struct recorder *recorder;
	struct pid pid;
	uint64_t target;
};

/* Stops the scheduler when it has come to the moment asked for. */
static void
settled(void *arg)
{
	struct office *office = arg;

	if (scheduler_now(office->scheduler) >= office->target)
		scheduler_stop(office->scheduler);
}

static void
advance(struct office *office, uint64_t us)
{
	office->target = scheduler_now(office->scheduler) + us;
	scheduler_set_horizon(office->scheduler, office->target);
	assert_int_equal(scheduler_run(office->scheduler), 0);
}

static void
spawn_recorder(struct office *office)
{
	struct spawn spawn = { .name = RECORD_RECIPIENT };

	spawn.behaviour = behaviour_current(
	    scheduler_behaviours(office->scheduler), RECORD_RECIPIENT);
	assert_int_not_equal(spawn.behaviour, 0);
	assert_int_equal(
	    process_spawn(office->scheduler, &spawn, &office->pid), 0);
	advance(office, 0);
}

static void
start(struct office *office)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.log = office->log };
	const struct run_row run = { .path = office->path,
		.scenario = "s.tcl",
		.question = "Why?",
		.seed = 7,
		.pace = "virtual" };
	char why[256];

	assert_int_equal(scheduler_alloc(&office->scheduler, &options), 0);
	scheduler_observe(office->scheduler, settled, office);
	assert_int_equal(recorder_alloc(&office->recorder, office->scheduler,
			     &run, why, sizeof why),
	    0);
	spawn_recorder(office);
}

static void
stop(struct office *office)
{
	recorder_free(&office->recorder);
	scheduler_free(&office->scheduler);
}

static int
setup(void **state)
{
	struct office *office = calloc(1, sizeof *office);

	strcpy(office->folder, "/tmp/hotswitch-XXXXXX");
	if (mkdtemp(office->folder) == NULL)
		return -1;
	snprintf(
	    office->path, sizeof office->path, "%s/calls.db", office->folder);
	snprintf(office->log, sizeof office->log, "%s/log", office->folder);
	start(office);
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	struct office *office = *state;

	stop(office);
	unlink(office->path);
	unlink(office->log);
	assert_int_equal(rmdir(office->folder), 0);
	free(office);
	return 0;
}

static void
post_cdr(struct office *office, uint64_t call, uint8_t cause)
{
	const struct cdr cdr = {
		.call = { .call = call, .t_seize = 1, .cause = cause },
		.version_start = "1.0"
	};

	assert_int_equal(process_post_parcel(office->scheduler, office->pid,
			     RECORD_CDR, &cdr, sizeof cdr),
	    0);
}

static void
post_cdrs(struct office *office, uint64_t first, uint64_t last)
{
	for (; first <= last; first++)
		post_cdr(office, first, CAUSE_NORMAL);
}

/* The number that a query from outside gives. */
static int
ask(struct office *office, const char *sql)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int answer;

	assert_int_equal(sqlite3_open(office->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	answer = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return answer;
}

static int
count_cdrs(struct office *office)
{
	return ask(office, "SELECT count(*) FROM cdr");
}

/* Time */

static void
a_record_is_committed_a_tenth_of_a_second_after_it_came(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 3);
	advance(office, BATCH_US - 1);
	assert_int_equal(recorder_taken(office->recorder), 3);
	assert_int_equal(recorder_waiting(office->recorder), 3);
	assert_int_equal(count_cdrs(office), 0);
	advance(office, JOB_US + 1);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 3);
	assert_int_equal(recorder_run(office->recorder), 1);
}

static void
a_hundred_thousand_records_of_one_instant_are_all_kept(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 100000);
	advance(office, 1000 * 1000);
	assert_int_equal(recorder_cdrs(office->recorder), 100000);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 100000);
	assert_int_equal(
	    ask(office, "SELECT sum(call) = 5000050000 FROM cdr"), 1);
}

static void
a_flush_commits_at_once_also_while_a_job_is_out(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 5000);
	advance(office, 0); /* more than a batch: a job is out */
	assert_int_equal(recorder_flush(office->recorder), 0);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 5000);
	post_cdrs(office, 5001, 5010);
	advance(office, BATCH_US + 2 * JOB_US);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 5010);
}

static void
what_comes_while_a_batch_is_out_is_written_with_the_next(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 3);
	advance(office, BATCH_US); /* given, and in truth done at once */
	post_cdrs(office, 4, 6);
	advance(office, 0);
	assert_int_equal(recorder_waiting(office->recorder), 6);
	advance(office, JOB_US);
	assert_int_equal(recorder_waiting(office->recorder), 3);
	advance(office, BATCH_US + JOB_US);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 6);
}

/*
 * How often it must try again depends on who else holds the file: that is
 * nothing of the run.
 */
static void
the_event_log_tells_nothing_of_its_work(void **state)
{
	struct office *office = *state;
	char line[128];
	FILE *log;

	post_cdrs(office, 1, 3000);
	advance(office, 500);
	post_cdrs(office, 3001, 6000);
	advance(office, 1000 * 1000);
	assert_true(recorder_taken(office->recorder) == 6000);
	stop(office);
	log = fopen(office->log, "r");
	assert_non_null(log);
	assert_null(fgets(line, sizeof line, log));
	fclose(log);
	start(office);
}

/* Faults */

static void
kill_recorder(struct office *office)
{
	process_exit_signal(office->scheduler, PID_NONE, office->pid,
	    (struct reason){ .kind = REASON_KILL });
	advance(office, 0);
	assert_false(process_is_alive(office->scheduler, office->pid));
}

static void
a_killed_recorder_loses_nothing_and_doubles_nothing(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 5000);
	advance(office, 0); /* a job is out */
	kill_recorder(office);
	advance(office, 10 * JOB_US);
	spawn_recorder(office);
	post_cdrs(office, 5001, 5010);
	advance(office, 1000 * 1000);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 5010);
	assert_int_equal(recorder_conflicts(office->recorder), 0);
}

static void
one_killed_while_nothing_is_out_goes_on_with_what_waited(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 10);
	advance(office, 0);
	kill_recorder(office);
	spawn_recorder(office);
	advance(office, BATCH_US + JOB_US);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 10);
}

/* The end of one comes before its mail; the next one has it. */
static void
what_lay_in_the_mailbox_of_a_killed_one_is_its_successors(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 10);
	kill_recorder(office);
	spawn_recorder(office);
	advance(office, BATCH_US + JOB_US);
	assert_int_equal(count_cdrs(office), 10);
	assert_int_equal(recorder_missing(office->recorder), 0);
}

/* More than may wait of what is not owed; without one the host takes them. */
static void
a_record_of_each_call_waits_as_long_as_there_is_no_recorder(void **state)
{
	enum { CALLS = RECORDS_WAITING_MAX + 100 };
	struct office *office = *state;
	struct cdr cdr = { .version_start = "1.0" };

	kill_recorder(office);
	for (cdr.call.call = 1; cdr.call.call <= CALLS; cdr.call.call++)
		record_send(office->scheduler, RECORD_CDR, &cdr, sizeof cdr);
	assert_int_equal(recorder_flush(office->recorder), 0);
	assert_int_equal(count_cdrs(office), CALLS);
	assert_int_equal(recorder_missing(office->recorder), 0);
}

static void
killed_between_flush_and_answer_it_still_goes_on(void **state)
{
	struct office *office = *state;

	post_cdrs(office, 1, 5000);
	advance(office, 0);
	assert_int_equal(recorder_flush(office->recorder), 0);
	kill_recorder(office);
	spawn_recorder(office);
	post_cdrs(office, 5001, 5010);
	advance(office, BATCH_US + 2 * JOB_US);
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 5010);
}

static void
while_another_program_holds_the_file_records_wait(void **state)
{
	struct office *office = *state;
	uint64_t count;
	sqlite3 *other;

	assert_int_equal(sqlite3_open(office->path, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	post_cdrs(office, 1, 5);
	advance(office, 500 * 1000);
	assert_int_equal(recorder_waiting(office->recorder), 5);
	assert_non_null(strstr(
	    recorder_error(office->recorder), "another program holds it"));
	assert_int_equal(recorder_flush(office->recorder), -EIO);
	assert_int_equal(recorder_waiting(office->recorder), 5);
	/* Who asks meanwhile hears of it; that is no second failure. */
	assert_int_equal(recorder_count_cdrs(office->recorder, &count), -EIO);
	assert_int_equal(
	    recorder_condition(office->recorder), RECORDER_waiting);
	sqlite3_close(other);
	advance(office, 2000 * 1000); /* it tries again by itself */
	assert_int_equal(recorder_waiting(office->recorder), 0);
	assert_int_equal(count_cdrs(office), 5);
}

static void
what_is_no_record_of_ours_is_counted_as_missing(void **state)
{
	struct office *office = *state;

	assert_int_equal(process_post_parcel(office->scheduler, office->pid,
			     RECORD_CDR, "short", 6),
	    0);
	assert_int_equal(process_post_parcel(office->scheduler, office->pid,
			     RECORD_LAST, "strange", 8),
	    0);
	advance(office, 0);
	assert_int_equal(recorder_missing(office->recorder), 2);
	assert_int_equal(recorder_taken(office->recorder), 0);
}

/* More than a batch: what has no room is written at once to make some. */
static void
no_record_is_missing_for_want_of_memory(void **state)
{
	enum { RECORDS = 2 * BATCH_BYTES / sizeof(struct cdr) };
	struct office *office = *state;
	unsigned int i;

	for (i = 1; i <= RECORDS; i++) {
		object_fail_after(0);
		post_cdr(office, i, CAUSE_NORMAL);
		advance(office, 0);
	}
	object_fail_after(-1);
	assert_int_equal(recorder_missing(office->recorder), 0);
	assert_int_equal(recorder_cdrs(office->recorder), RECORDS);
	assert_int_equal(recorder_flush(office->recorder), 0);
	assert_int_equal(count_cdrs(office), RECORDS);
}

/* For the host */

static void
see_cause(void *arg, const char *name, const char *value, int is_number)
{
	if (strcmp(name, "cause") == 0 && is_number)
		*(int *)arg = atoi(value);
}

static void
a_cdr_is_there_as_soon_as_it_was_taken(void **state)
{
	struct office *office = *state;
	int cause = 0;

	post_cdr(office, 9, CAUSE_BUSY);
	advance(office, 0);
	assert_int_equal(
	    recorder_cdr(office->recorder, 9, see_cause, &cause), 0);
	assert_int_equal(cause, CAUSE_BUSY);
	assert_int_equal(
	    recorder_cdr(office->recorder, 8, see_cause, &cause), -ESRCH);
}

static void
two_records_of_one_call_that_differ_are_a_conflict(void **state)
{
	struct office *office = *state;

	post_cdr(office, 9, CAUSE_BUSY);
	post_cdr(office, 9, CAUSE_NORMAL);
	advance(office, 0);
	assert_int_equal(recorder_flush(office->recorder), 0);
	assert_int_equal(recorder_conflicts(office->recorder), 1);
	assert_int_equal(ask(office, "SELECT cause FROM cdr"), CAUSE_BUSY);
	assert_int_equal(ask(office, "SELECT count(*) FROM conflict"), 1);
}

static void
faults_and_restarts_have_rows_too(void **state)
{
	struct office *office = *state;
	const struct fault_record fault = { .at = 5,
		.reason = { REASON_FAULT, 11, 0x1a2 },
		.callback = CALLBACK_HANDLE,
		.module = "call",
		.version = "1.0",
		.event_name = "answer" };
	const struct restart_record restart = {
		.at = 6, .supervisor = "database", .child = "recorder"
	};
	struct alarm_record alarm = { .at = 7000000,
		.is_raised = 1,
		.severity = ALARM_major,
		.name = "process-down",
		.object = "a below top",
		.text = "error 5" };

	assert_int_equal(process_post_parcel(office->scheduler, office->pid,
			     RECORD_FAULT, &fault, sizeof fault),
	    0);
	assert_int_equal(process_post_parcel(office->scheduler, office->pid,
			     RECORD_RESTART, &restart, sizeof restart),
	    0);
	assert_int_equal(process_post_parcel(office->scheduler, office->pid,
			     RECORD_ALARM, &alarm, sizeof alarm),
	    0);
	alarm.is_raised = 0;
	alarm.at = 9000000;
	assert_int_equal(process_post_parcel(office->scheduler, office->pid,
			     RECORD_ALARM, &alarm, sizeof alarm),
	    0);
	advance(office, 0);
	assert_int_equal(recorder_flush(office->recorder), 0);
	assert_int_equal(ask(office,
			     "SELECT count(*) FROM alarm WHERE t_alarm IN "
			     "(7000000, 9000000) AND severity = 'major'"),
	    2);
	assert_int_equal(
	    ask(office,
		"SELECT count(*) FROM report_alarms WHERE id = 3"
		" AND raised_s = 7 AND cleared_s = 9 AND text = 'error 5'"
		" AND name = 'process-down' AND object = 'a below top'"),
	    1);
	assert_int_equal(ask(office, "SELECT count(*) FROM report_alarms"), 1);
	assert_int_equal(ask(office,
			     "SELECT count(*) FROM report_faults AS seen"
			     " JOIN fault ON number = id WHERE id = 1"
			     " AND seen.module = 'call' AND place = 418"
			     " AND seen.event = 'answer' AND kind = 'SIGSEGV'"
			     " AND seen.callback = 'handle'"
			     " AND reason = 'SIGSEGV at +0x1a2'"),
	    1);
	assert_int_equal(
	    ask(office,
		"SELECT count(*) FROM report_restarts WHERE id = 2"
		" AND child = 'recorder' AND new_pid = 'given up'"),
	    1);
}

static void
a_finished_run_says_how_it_went(void **state)
{
	struct office *office = *state;

	recorder_set_gapped(office->recorder, 4);
	assert_int_equal(
	    recorder_audit(office->recorder, "A1", 1, "as counted"), 0);
	assert_int_equal(
	    recorder_finish(office->recorder, "pass", 10, 20, 0), 0);
	assert_int_equal(ask(office,
			     "SELECT count(*) FROM report_summary WHERE run = 1"
			     " AND result = 'pass' AND gapped = 4 AND calls = 0"
			     " AND asr IS NULL AND audit = 'holds'"),
	    1);
}

static void
a_database_that_cannot_be_used_starts_no_recorder(void **state)
{
	struct office *office = *state;
	const struct run_row run = { .path = office->folder,
		.scenario = "",
		.question = "",
		.pace = "" };
	struct recorder *recorder = NULL;
	char why[256];

	assert_int_equal(
	    recorder_alloc(&recorder, office->scheduler, &run, why, sizeof why),
	    -EISDIR);
	assert_null(recorder);
	assert_non_null(strstr(why, "it is a folder"));
}

int
main(void)
{
#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_record_is_committed_a_tenth_of_a_second_after_it_came),
		TEST(a_hundred_thousand_records_of_one_instant_are_all_kept),
		TEST(a_flush_commits_at_once_also_while_a_job_is_out),
		TEST(what_comes_while_a_batch_is_out_is_written_with_the_next),
		TEST(the_event_log_tells_nothing_of_its_work),
		TEST(a_killed_recorder_loses_nothing_and_doubles_nothing),
		TEST(one_killed_while_nothing_is_out_goes_on_with_what_waited),
		TEST(what_lay_in_the_mailbox_of_a_killed_one_is_its_successors),
		TEST(
		    a_record_of_each_call_waits_as_long_as_there_is_no_recorder),
		TEST(killed_between_flush_and_answer_it_still_goes_on),
		TEST(while_another_program_holds_the_file_records_wait),
		TEST(what_is_no_record_of_ours_is_counted_as_missing),
		TEST(no_record_is_missing_for_want_of_memory),
		TEST(a_cdr_is_there_as_soon_as_it_was_taken),
		TEST(two_records_of_one_call_that_differ_are_a_conflict),
		TEST(faults_and_restarts_have_rows_too),
		TEST(a_finished_run_says_how_it_went),
		TEST(a_database_that_cannot_be_used_starts_no_recorder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
