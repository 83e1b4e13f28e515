/* What the writer makes of a file that is harmed, in every way there is. */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "calls/database/harm.h"
#include "tests/writer_world.h"

static int
commit_call(struct writer *writer, uint64_t call)
{
	const struct cdr cdr = make_cdr(call);

	return commit_cdr(writer, &cdr);
}

/* As many as do not fit where a few rows had room. */
static int
commit_calls(struct writer *writer, uint64_t first, uint64_t last)
{
	struct batch *batch = batch_alloc();
	struct cdr cdr;
	int result;

	for (; first <= last; first++) {
		cdr = make_cdr(first);
		assert_int_equal(
		    batch_add(batch, first, 0, &cdr, sizeof cdr), 0);
	}
	result = writer_commit(writer, batch);
	batch_free(&batch);
	return result;
}

static void
assert_fails(
    struct writer *writer, uint64_t call, int result, const char *clause)
{
	assert_int_equal(commit_call(writer, call), result);
	assert_string_equal(writer_clause(writer), clause);
}

/*
 * The calls 1 to `last`, once each, in the run that began with them, and what
 * SQLite itself says of the file.
 */
static void
assert_whole(struct place *place, int last)
{
	char expected[64];

	snprintf(expected, sizeof expected, "%d %d 1 1 ok", last, last);
	assert_string_equal(
	    ask(place,
		"SELECT (SELECT count(*) FROM cdr) || ' ' ||"
		" (SELECT max(call) FROM cdr) || ' ' ||"
		" (SELECT count(*) FROM run) || ' ' ||"
		" (SELECT max(run) FROM cdr) || ' ' || integrity_check"
		" FROM pragma_integrity_check"),
	    expected);
}

/* Harms that end */

static void
what_is_busy_full_or_forbidden_is_written_when_it_no_longer_is(void **state)
{
	static const struct {
		enum harm harm;
		int result;
		const char *clause;
	} harms[] = {
		{ HARM_busy, -EBUSY, "another program holds it" },
		{ HARM_full, -ENOSPC, "the disk is full" },
		{ HARM_readonly, -EROFS, "it may only be read" },
		{ HARM_corrupt, -EINVAL, "it is damaged" },
	};
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	unsigned int i, last = 1;

	assert_int_equal(commit_call(writer, 1), 0);
	for (i = 0; i < sizeof harms / sizeof harms[0]; i++) {
		assert_int_equal(harm_do(writer, harms[i].harm), 0);
		assert_int_equal(commit_calls(writer, last + 1, last + 100),
		    harms[i].result);
		assert_string_equal(writer_clause(writer), harms[i].clause);
		assert_int_equal(commit_calls(writer, last + 1, last + 100),
		    harms[i].result);
		harm_heal(writer);
		assert_int_equal(commit_calls(writer, last + 1, last + 100), 0);
		last += 100;
		assert_whole(place, (int)last);
	}
	writer_free(&writer);
}

/* Pages that have room for it, and those that were given back, do not count. */
static void
a_full_device_takes_not_even_one_record(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);

	assert_int_equal(commit_calls(writer, 1, 200), 0);
	assert_int_equal(harm_do(writer, HARM_full), 0);
	assert_int_equal(commit_call(writer, 201), -ENOSPC);
	assert_string_equal(writer_clause(writer), "the disk is full");
	assert_int_equal(commit_call(writer, 201), -ENOSPC); /* opened anew */
	assert_whole(place, 200);
	harm_heal(writer);
	assert_int_equal(commit_call(writer, 201), 0);
	assert_whole(place, 201);
	writer_free(&writer);
}

static void
one_harm_at_a_time(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);

	assert_int_equal(harm_do(writer, HARM_busy), 0);
	assert_int_equal(harm_do(writer, HARM_full), -EBUSY);
	harm_heal(writer);
	assert_int_equal(harm_do(writer, HARM_full), 0);
	writer_free(&writer); /* which heals it */
}

static void
a_file_that_was_only_forbidden_has_its_mode_again(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct stat before, after;

	assert_int_equal(stat(place->path, &before), 0);
	assert_int_equal(harm_do(writer, HARM_readonly), 0);
	assert_int_equal(stat(place->path, &after), 0);
	assert_int_equal(after.st_mode & 0222, 0);
	harm_heal(writer);
	assert_int_equal(stat(place->path, &after), 0);
	assert_int_equal(after.st_mode, before.st_mode);
	writer_free(&writer);
}

/* Gone */

static void
what_has_vanished_is_written_anew_with_all_that_it_held(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);

	assert_int_equal(commit_calls(writer, 1, 100), 0);
	assert_int_equal(harm_do(writer, HARM_vanish), 0);
	assert_fails(writer, 101, -ENOENT, "it has vanished");
	assert_int_equal(commit_call(writer, 101), 0);
	assert_whole(place, 101);
	/* ... and once more, and at the end of the run */
	assert_int_equal(harm_do(writer, HARM_vanish), 0);
	assert_int_equal(
	    writer_end(writer, &(struct run_end){ .result = "pass" }), 0);
	assert_whole(place, 101);
	assert_string_equal(ask(place, "SELECT result FROM run"), "pass");
	writer_free(&writer);
	assert_whole(place, 101);
}

static void
one_whose_log_is_left_behind_comes_back_too(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);

	assert_int_equal(commit_call(writer, 1), 0);
	assert_int_equal(unlink(place->path), 0);
	assert_fails(writer, 2, -ENOENT, "it has vanished");
	assert_int_equal(commit_call(writer, 2), 0);
	assert_whole(place, 2);
	writer_free(&writer);
}

static void
a_folder_that_comes_back_has_everything(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	char aside[64];

	snprintf(aside, sizeof aside, "%s.aside", place->folder);
	assert_int_equal(commit_call(writer, 1), 0);
	assert_int_equal(rename(place->folder, aside), 0);
	assert_fails(writer, 2, -ENOENT, "it has vanished");
	assert_fails(
	    writer, 2, -ENOENT, "it has vanished and cannot be written anew");
	assert_int_equal(rename(aside, place->folder), 0);
	assert_int_equal(commit_call(writer, 2), 0);
	assert_whole(place, 2);
	writer_free(&writer);
}

static void
another_file_in_its_place_is_not_touched(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	FILE *file;
	char text[16];

	assert_int_equal(commit_call(writer, 1), 0);
	assert_int_equal(harm_do(writer, HARM_vanish), 0);
	file = fopen(place->path, "w");
	fputs("mine", file);
	fclose(file);
	assert_fails(writer, 2, -ENOENT, "another file stands in its place");
	assert_fails(writer, 2, -EEXIST, "another file stands in its place");
	file = fopen(place->path, "r");
	assert_non_null(fgets(text, sizeof text, file));
	assert_string_equal(text, "mine");
	fclose(file);
	unlink(place->path);
	assert_int_equal(commit_call(writer, 2), 0);
	assert_whole(place, 2);
	writer_free(&writer);
}

static void
one_that_is_damaged_and_taken_away_is_begun_anew(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	char aside[80];

	snprintf(aside, sizeof aside, "%s.damaged", place->path);
	assert_int_equal(commit_call(writer, 1), 0);
	assert_int_equal(harm_do(writer, HARM_corrupt), 0);
	assert_fails(writer, 2, -EINVAL, "it is damaged");
	assert_int_equal(rename(place->path, aside), 0);
	assert_int_equal(commit_call(writer, 2), 0);
	assert_string_equal(
	    ask(place, "SELECT group_concat(call) FROM cdr"), "2");
	assert_string_equal(
	    ask(place, "SELECT run || scenario FROM run"), "1s.tcl");
	assert_string_equal(ask(place, "PRAGMA integrity_check"), "ok");
	writer_free(&writer);
	unlink(aside);
}

/*--------------------------------------------------------------------
 * Killed
 */

enum { BATCHES = 3, CALLS = 12 };

/* The process dies before the n-th step of a statement. */
static int
count_down(unsigned int event, void *left, void *statement, void *text)
{
	(void)event, (void)statement, (void)text;
	if (--*(int *)left == 0)
		(void)raise(SIGKILL);
	return 0;
}

static int
trace(sqlite3 *db, char **why, const struct sqlite3_api_routines *routines)
{
	static int left;

	(void)why, (void)routines;
	if (left == 0 && getenv("HOTSWITCH_KILL_AT") != NULL)
		left = atoi(getenv("HOTSWITCH_KILL_AT"));
	return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_down, &left);
}

static void
write_batches(struct place *place, int kill_at)
{
	struct writer *writer;
	char text[16];
	uint64_t i;

	snprintf(text, sizeof text, "%d", kill_at);
	setenv("HOTSWITCH_KILL_AT", text, 1);
	sqlite3_auto_extension((void (*)(void))trace);
	writer = open_writer(place);
	for (i = 0; i < BATCHES; i++)
		if (commit_calls(writer, i * CALLS + 1, (i + 1) * CALLS) != 0)
			_exit(1);
	writer_free(&writer);
	_exit(0);
}

/* What it was making when it was killed has its number. */
static void
clean_up(struct place *place, pid_t child)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char path[96];
	unsigned int i;

	for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(path, sizeof path, "%s.%d%s", place->path, (int)child,
		    ends[i]);
		unlink(path);
	}
}

/* True: it was killed; else it was done before. */
static bool
is_killed(struct place *place, int kill_at)
{
	pid_t child = fork();
	int status;

	assert_int_not_equal(child, -1);
	if (child == 0)
		write_batches(place, kill_at);
	assert_int_equal(waitpid(child, &status, 0), child);
	clean_up(place, child);
	if (!WIFSIGNALED(status))
		assert_int_equal(status, 0);
	return WIFSIGNALED(status);
}

/* Whole batches, with the run's row: none is there without the other. */
static void
a_program_killed_at_any_step_leaves_whole_batches(void **state)
{
	struct place *place = *state;
	int kill_at, calls, kept = 0;
	struct writer *writer;
	bool is_dead = true;

	for (kill_at = 1; is_dead; kill_at++) {
		is_dead = is_killed(place, kill_at);
		writer = open_writer(place); /* as the next run does */
		writer_free(&writer);
		calls = atoi(ask(place, "SELECT count(*) FROM cdr"));
		assert_int_equal(calls % CALLS, 0);
		assert_string_equal(ask(place, "SELECT count(*) FROM run"),
		    calls > 0 ? "1" : "0");
		assert_string_equal(ask(place, "PRAGMA integrity_check"), "ok");
		assert_true(calls >= kept);
		kept = calls;
		unlink(place->path);
	}
	assert_int_equal(kept, BATCHES * CALLS);
	assert_true(kill_at > BATCHES * CALLS);
}

int
main(void)
{
#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(
		    what_is_busy_full_or_forbidden_is_written_when_it_no_longer_is),
		TEST(a_full_device_takes_not_even_one_record),
		TEST(one_harm_at_a_time),
		TEST(a_file_that_was_only_forbidden_has_its_mode_again),
		TEST(what_has_vanished_is_written_anew_with_all_that_it_held),
		TEST(one_whose_log_is_left_behind_comes_back_too),
		TEST(a_folder_that_comes_back_has_everything),
		TEST(another_file_in_its_place_is_not_touched),
		TEST(one_that_is_damaged_and_taken_away_is_begun_anew),
		TEST(a_program_killed_at_any_step_leaves_whole_batches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
