/* What a scenario may ask of the database, and what it is told. */
#include <sqlite3.h>

#include "tests/judged_scenario.h"

#define TOP "# Is it so?\nmodule call 1.0\nlines 1000-1009\n"

static void
fails(const char *line, const char *words)
{
	char text[256];

	(void)snprintf(text, sizeof text, TOP "%s\n", line);
	judged_fails("test_action_database", text, 4, words);
}

static void
passes(const char *lines)
{
	char text[1024];

	(void)snprintf(text, sizeof text, TOP "%s\n", lines);
	judged_passes("test_action_database", text);
}

static void
what_is_harmed_is_not_harmed_again(void **state)
{
	(void)state;
	fails("fault database busy; fault database full",
	    "it is harmed already, heal it first");
}

static void
a_harm_ends_in_its_time_or_when_it_is_healed(void **state)
{
	(void)state;
	passes("allow alarm\n"
	       "fault database readonly -for 30s\n"
	       "call c 1001 1002\nadvance 1s\nanswer 1002\n"
	       "hangup 1001\nhangup 1002\n"
	       "advance 20s; expect database down {$waiting > 0}\n"
	       "expect database ok -within 20s\n"
	       /* healed by hand: what was to end it ends nothing else */
	       "fault database busy -for 30s; heal database; advance 10s\n"
	       "fault database full; advance 25s\n"
	       "call d 1001 1002\nadvance 1s\nanswer 1002\n"
	       "hangup 1001\nhangup 1002\n"
	       "advance 5s; expect database down {$waiting > 0}\n"
	       "heal database\n"
	       "expect cdr d {$cause == 16}\n");
}

/* What nobody heals is told at the end, fails the run, and loses nothing. */
static void
a_run_whose_records_are_not_written_keeps_them_beside(void **state)
{
	sqlite3_stmt *statement;
	struct ran ran;
	sqlite3 *db;

	(void)state;
	(void)unlink("test_action_database.db.rest");
	assert_int_equal(run_text(&ran, "test_action_database",
			     TOP "call c 1001 1002\nadvance 1s\n"
				 "answer 1002\nallow alarm\n"
				 "fault database readonly\n"
				 "hangup 1001\nhangup 1002\n"),
	    0);
	assert_true(ran.verdict.failures_count >= 2);
	assert_non_null(
	    strstr(ran.verdict.failures[0].text, "it may only be read"));
	assert_non_null(
	    strstr(ran.verdict.failures[ran.verdict.failures_count - 1].text,
		" records are in 'test_action_database.db.rest'"));
	assert_int_equal(
	    sqlite3_open("test_action_database.db.rest", &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT 1 FROM cdr JOIN run USING(run) JOIN leg "
			     "USING(run, call)"
			     " WHERE cdr.cause = 16 AND question = 'Is it so?'",
			     -1, &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	(void)unlink("test_action_database.db.rest");
	forget_run(&ran);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_harmed_is_not_harmed_again),
		cmocka_unit_test(a_harm_ends_in_its_time_or_when_it_is_healed),
		cmocka_unit_test(
		    a_run_whose_records_are_not_written_keeps_them_beside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
