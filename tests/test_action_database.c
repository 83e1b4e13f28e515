/* What a scenario may ask of the database, and what it is told. */
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
what_cannot_befall_it_or_cannot_be_healed_is_told(void **state)
{
	(void)state;
	fails("fault database crash",
	    "'crash' is nothing that can befall a "
	    "database: it can be busy, full,");
	fails("fault database vanish -for 3s",
	    "does not come back by itself: leave out -for");
	fails("fault line 1000 busy",
	    "'busy' is nothing that can befall a "
	    "line");
	fails(
	    "fault process recorder kill -for 3s", "'-for' is for a database");
	fails("heal line 1000", "a line is not healed: only a database is");
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
	       "heal database\n"
	       "expect cdr d {$cause == 16}\n");
}

/* What nobody heals is told at the end, and fails the run. */
static void
a_run_whose_records_are_not_written_fails(void **state)
{
	(void)state;
	judged_fails("test_action_database",
	    TOP "expect alarm database-down cleared\n"
		"call c 1001 1002\nadvance 1s\nanswer 1002\n"
		"fault database readonly\n"
		"hangup 1001\nhangup 1002\n",
	    0, "it may only be read");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_cannot_befall_it_or_cannot_be_healed_is_told),
		cmocka_unit_test(a_harm_ends_in_its_time_or_when_it_is_healed),
		cmocka_unit_test(a_run_whose_records_are_not_written_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
