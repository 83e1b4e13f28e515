/* A file that a report cannot be read from, or cannot be written to. */
#include "tests/report_place.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A child writes a CDR and dies without closing its file. */
static void
write_and_die(struct place *place)
{
	const struct run_row run = {
		.path = place->path, .scenario = "", .question = "", .pace = ""
	};
	struct batch *batch = batch_alloc();
	struct writer *writer = NULL;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (writer_alloc(
			&writer, &run, place->why, sizeof place->why) != 0 ||
		    writer_add_type(writer, &cdr_row) != 0 ||
		    batch_add(batch, 1, 0, &cdrs[0], sizeof cdrs[0]) != 0 ||
		    writer_commit(writer, batch) != 0)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	batch_free(&batch);
}

static void
a_run_that_was_killed_can_be_read_and_leaves_one_file(void **state)
{
	struct place *place = *state;
	char wal[80];

	write_and_die(place);
	snprintf(wal, sizeof wal, "%s-wal", place->path);
	assert_int_equal(access(wal, F_OK), 0);
	assert_int_equal(print(place, "summary", REPORT_CSV, NULL, 0), 0);
	assert_non_null(strstr(place->text, ",unfinished,"));
	assert_int_equal(print(place, "calls", REPORT_CSV, NULL, 0), 0);
	assert_non_null(strstr(place->text, "\r\n1,1,1001,1002,"));
	assert_int_equal(access(wal, F_OK), -1);
}

static void
assert_unreadable(struct place *place, int result, const char *clause)
{
	char expected[256];

	snprintf(expected, sizeof expected, "cannot read database '%s': %s",
	    place->path, clause);
	assert_refused(place, "calls", NULL, result, expected);
}

static void
what_is_no_call_database_is_refused(void **state)
{
	struct place *place = *state;
	FILE *file;

	assert_unreadable(place, -ENOENT, "No such file or directory");
	assert_int_equal(access(place->path, F_OK), -1); /* nor made */
	file = fopen(place->path, "w");
	assert_unreadable(place, -EINVAL, "it is empty");
	fputs("Dear diary, today I called my aunt.\n", file);
	fclose(file);
	assert_unreadable(place, -EINVAL, "it is no SQLite database");
	unlink(place->path);
	run_sql(place, "CREATE TABLE t(x)");
	assert_unreadable(place, -EINVAL, "it belongs to another program");
	snprintf(place->path, sizeof place->path, "%s", place->folder);
	assert_unreadable(place, -EISDIR, "it is a folder");
	snprintf(place->path, sizeof place->path, "%s/calls.db", place->folder);
}

static void
a_database_without_a_run_says_so(void **state)
{
	struct place *place = *state;
	const struct run_row run = {
		.path = place->path, .scenario = "", .question = "", .pace = ""
	};
	struct writer *writer = NULL;
	char expected[256];

	assert_int_equal(
	    writer_alloc(&writer, &run, place->why, sizeof place->why), 0);
	writer_free(&writer);
	snprintf(expected, sizeof expected,
	    "no run stands in database '%s' yet", place->path);
	assert_refused(place, "calls", NULL, -ENOENT, expected);
}

static void
a_full_disk_is_told_and_a_reader_that_left_is_not(void **state)
{
	struct place *place = *state;
	const struct report_options options = {
		.name = "calls", .path = place->path, .format = REPORT_CSV
	};
	FILE *full = fopen("/dev/full", "w");
	int ends[2];

	assert_int_equal(
	    report_print(&options, full, place->why, sizeof place->why),
	    -ENOSPC);
	assert_string_equal(
	    place->why, "cannot write report 'calls': No space left on device");
	fclose(full);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	full = fdopen(ends[1], "w");
	assert_int_equal(
	    report_print(&options, full, place->why, sizeof place->why), 0);
	fclose(full);
}

/* Another program's file, and the log that it has left, stay as they are. */
static void
what_another_program_has_left_is_not_touched(void **state)
{
	struct place *place = *state;
	char log[80];
	sqlite3 *db;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (sqlite3_open(place->path, &db) != SQLITE_OK ||
		    sqlite3_exec(db,
			"PRAGMA journal_mode = wal; CREATE TABLE theirs(a);"
			"INSERT INTO theirs VALUES(1)",
			NULL, NULL, NULL) != SQLITE_OK)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	snprintf(log, sizeof log, "%s-wal", place->path);
	assert_int_equal(access(log, F_OK), 0);
	assert_unreadable(place, -EINVAL, "it belongs to another program");
	assert_int_equal(access(log, F_OK), 0);
	unlink(log);
	snprintf(log, sizeof log, "%s-shm", place->path);
	unlink(log);
}

/* As one who may only read, in a process of his own; root may all else. */
static int
print_as_reader(struct place *place)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0 &&
		    (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(100);
		status = -print(place, "summary", REPORT_CSV, NULL, 0);
		if (status == 0 &&
		    strstr(place->text, "Is one enough?") == NULL)
			status = 101;
		if (status != 0 && strstr(place->why, "copy both") == NULL)
			status = 102;
		_exit(status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
assert_only_file(struct place *place)
{
	char path[80];

	snprintf(path, sizeof path, "%s-wal", place->path);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof path, "%s-shm", place->path);
	assert_int_equal(access(path, F_OK), -1);
}

/* He leaves nothing beside it, whether or not he could have made it there. */
static void
who_may_only_read_a_file_reads_it(void **state)
{
	struct place *place = *state;
	char log[80];

	write_run(place, "Is one enough?", 1);
	assert_int_equal(chmod(place->path, 0444), 0);
	assert_int_equal(chmod(place->folder, 0777), 0);
	assert_int_equal(print_as_reader(place), 0);
	assert_only_file(place);
	assert_int_equal(chmod(place->folder, 0555), 0);
	assert_int_equal(print_as_reader(place), 0);
	assert_only_file(place);
	/* What a run has left there belongs to the file. */
	assert_int_equal(chmod(place->folder, 0777), 0);
	snprintf(log, sizeof log, "%s-wal", place->path);
	fclose(fopen(log, "w"));
	assert_int_equal(chmod(place->folder, 0555), 0);
	assert_int_equal(print_as_reader(place), EROFS);
	assert_int_equal(chmod(place->folder, 0777), 0);
	unlink(log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(setup,
		    a_run_that_was_killed_can_be_read_and_leaves_one_file),
		TEST(setup, what_is_no_call_database_is_refused),
		TEST(setup, a_database_without_a_run_says_so),
		TEST(setup, what_another_program_has_left_is_not_touched),
		TEST(setup, who_may_only_read_a_file_reads_it),
		TEST(setup_runs,
		    a_full_disk_is_told_and_a_reader_that_left_is_not),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
