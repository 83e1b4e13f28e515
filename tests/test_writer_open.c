/* What the writer says of a file that it cannot use, and of a disk that is
 * full. */
#include "calls/database/writer.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "calls/database/schema.h"
#include "tests/writer_world.h"

static void
assert_refused(
    struct place *place, const char *path, int result, const char *clause)
{
	struct run_row run = run_at(path);
	struct writer *writer = NULL;
	char expected[256];

	snprintf(expected, sizeof expected, "cannot write database '%s': %s",
	    path, clause);
	assert_int_equal(
	    writer_alloc(&writer, &run, place->why, sizeof place->why), result);
	assert_string_equal(place->why, expected);
	assert_null(writer);
}

static void
a_folder_is_refused(void **state)
{
	struct place *place = *state;

	assert_refused(place, place->folder, -EISDIR, "it is a folder");
}

static void
a_path_that_leads_nowhere_is_refused(void **state)
{
	struct place *place = *state;
	char path[128];

	run_sql(place, "CREATE TABLE t(x)");
	snprintf(path, sizeof path, "%s/below/calls.db", place->path);
	assert_refused(place, path, -ENOTDIR, "Not a directory");
	snprintf(path, sizeof path, "%s/below/calls.db", place->folder);
	assert_refused(place, path, -ENOENT, "No such file or directory");
}

static void
a_name_of_sqlites_own_is_refused(void **state)
{
	assert_refused(*state, ":memory:", -EINVAL,
	    "SQLite takes such a name for no file: put ./ before it");
}

static void
a_device_is_refused(void **state)
{
	assert_refused(*state, "/dev/null", -EINVAL, "it is no regular file");
}

/* Opens must leave such a file as it is, to the byte. */
static void
assert_refused_untouched(struct place *place, int result, const char *clause)
{
	char before[2048], after[2048];
	size_t size, size_after;
	FILE *file = fopen(place->path, "r");

	size = fread(before, 1, sizeof before, file);
	fclose(file);
	assert_true(size < sizeof before);
	assert_refused(place, place->path, result, clause);
	file = fopen(place->path, "r");
	size_after = fread(after, 1, sizeof after, file);
	fclose(file);
	assert_int_equal(size, size_after);
	assert_memory_equal(before, after, size);
}

static void
what_is_no_database_is_refused_and_untouched(void **state)
{
	struct place *place = *state;
	FILE *file = fopen(place->path, "w");

	fputs("Dear diary, today I called my aunt.\n", file);
	fclose(file);
	assert_refused_untouched(place, -EINVAL, "it is no SQLite database");
}

static void
another_programs_database_is_refused_and_untouched(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "PRAGMA page_size = 512; CREATE TABLE t(x);"
	    "PRAGMA user_version = 1");
	assert_refused_untouched(
	    place, -EINVAL, "it belongs to another program");
	run_sql(place, "PRAGMA application_id = 77");
	assert_refused_untouched(
	    place, -EINVAL, "it belongs to another program");
}

static void
a_newer_schema_is_refused_and_untouched(void **state)
{
	struct place *place = *state;

	char text[200];

	snprintf(text, sizeof text,
	    "PRAGMA page_size = 512; CREATE TABLE t(x);"
	    "PRAGMA application_id = 0x68737764;"
	    "PRAGMA user_version = %d",
	    SCHEMA_VERSION + 1);
	run_sql(place, text);
	snprintf(text, sizeof text,
	    "its schema is number %d, this hotswitch knows 1 to %d: take the "
	    "hotswitch that made it, or another file",
	    SCHEMA_VERSION + 1, SCHEMA_VERSION);
	assert_refused_untouched(place, -EINVAL, text);
}

static void
a_file_that_another_program_holds_is_refused(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(1);
	sqlite3 *other;

	assert_int_equal(sqlite3_open(place->path, &other), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_refused(place, place->path, -EBUSY, "another program holds it");
	/* ... and one that takes it during the run loses us nothing. */
	assert_int_equal(commit_cdr(writer, &cdr), -EBUSY);
	assert_non_null(
	    strstr(writer_error(writer), "another program holds it"));
	assert_int_equal(writer_run(writer), 0);
	sqlite3_close(other);
	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_string_equal(ask(place, "SELECT count(*) FROM cdr"), "1");
	writer_free(&writer);
}

/* In a child of its own: opens the database, writes its run, leaves. */
static pid_t
fork_run(struct place *place)
{
	const struct run_end end = { .result = "pass" };
	struct run_row run = run_at(place->path);
	struct writer *writer = NULL;
	pid_t child = fork();

	if (child != 0)
		return child;
	if (writer_alloc(&writer, &run, place->why, sizeof place->why) != 0 ||
	    writer_end(writer, &end) != 0) {
		fprintf(stderr, "%s\n", place->why);
		_exit(1);
	}
	writer_free(&writer);
	_exit(0);
}

static void
runs_that_begin_at_once_on_a_new_path_share_it(void **state)
{
	enum { RUNS = 4, ROUNDS = 10 };
	struct place *place = *state;
	pid_t children[RUNS];
	int round, i, status;

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < RUNS; i++)
			children[i] = fork_run(place);
		for (i = 0; i < RUNS; i++) {
			assert_int_equal(
			    waitpid(children[i], &status, 0), children[i]);
			assert_int_equal(status, 0);
		}
		assert_string_equal(
		    ask(place, "SELECT max(run) FROM run"), "4");
		unlink(place->path);
	}
}

static void
an_empty_file_becomes_a_database(void **state)
{
	struct place *place = *state;
	struct writer *writer;

	fclose(fopen(place->path, "w"));
	writer = open_writer(place);
	writer_free(&writer);
	assert_string_equal(
	    ask(place, "SELECT name FROM sqlite_schema LIMIT 1"), "run");
}

/*
 * A full disk, as far as a process without one can have it: no file may grow
 * over `bytes`.
 */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit = { .rlim_cur = bytes, .rlim_max = RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN); /* write(2) then says EFBIG */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_file_that_cannot_be_made_is_not_left_behind(void **state)
{
	struct place *place = *state;
	struct run_row run = run_at(place->path);
	struct writer *writer = NULL;
	int result;

	limit_files(2048);
	result = writer_alloc(&writer, &run, place->why, sizeof place->why);
	limit_files(RLIM_INFINITY);
	assert_int_not_equal(result, 0);
	assert_null(writer);
	assert_non_null(strstr(place->why, "cannot write database"));
	assert_int_equal(access(place->path, F_OK), -1);
}

static void
a_full_disk_keeps_nothing_of_the_batch_and_all_of_it_later(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct batch *batch = batch_alloc();
	struct cdr cdr = make_cdr(1);
	uint64_t call;

	for (call = 1; call <= 1000; call++) {
		cdr.call.call = call;
		assert_int_equal(
		    batch_add(batch, call, 0, &cdr, sizeof cdr), 0);
	}
	limit_files(64 * 1024);
	assert_int_not_equal(writer_commit(writer, batch), 0);
	limit_files(RLIM_INFINITY);
	assert_non_null(strstr(writer_error(writer), "cannot write database"));
	assert_int_equal(writer_run(writer), 0);
	assert_string_equal(ask(place, "SELECT count(*) FROM cdr"), "0");
	assert_string_equal(ask(place, "SELECT count(*) FROM run"), "0");

	assert_int_equal(writer_commit(writer, batch), 0);
	assert_string_equal(ask(place, "SELECT count(*) FROM cdr"), "1000");
	assert_string_equal(ask(place, "SELECT count(*) FROM run"), "1");
	batch_free(&batch);
	writer_free(&writer);
}

int
main(void)
{
#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_folder_is_refused),
		TEST(a_name_of_sqlites_own_is_refused),
		TEST(a_path_that_leads_nowhere_is_refused),
		TEST(a_device_is_refused),
		TEST(what_is_no_database_is_refused_and_untouched),
		TEST(another_programs_database_is_refused_and_untouched),
		TEST(a_newer_schema_is_refused_and_untouched),
		TEST(a_file_that_another_program_holds_is_refused),
		TEST(runs_that_begin_at_once_on_a_new_path_share_it),
		TEST(an_empty_file_becomes_a_database),
		TEST(a_file_that_cannot_be_made_is_not_left_behind),
		TEST(
		    a_full_disk_keeps_nothing_of_the_batch_and_all_of_it_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
