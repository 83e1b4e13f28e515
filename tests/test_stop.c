/* A switch that stops by itself in the middle of a scenario. */
#include "tests/run_scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINES "# Is it so?\nmodule call 1.0\nlines 1000-1009\n"
#define TALK  "call c 1001 1002\nadvance 1s\nanswer 1002\n"
#define KILL  "fault process exchange kill\n"
#define CALM  "allow restart\nallow alarm\n"

static void
fails_for(const char *text, unsigned int line, const char *words)
{
	struct ran ran;
	unsigned int i;

	assert_int_equal(run_text(&ran, "test_stop", text), 0);
	for (i = 0; i < ran.verdict.failures_count; i++)
		if (ran.verdict.failures[i].line == line &&
		    strstr(ran.verdict.failures[i].text, words) != NULL)
			break;
	if (i == ran.verdict.failures_count)
		fail_msg("nothing at line %u says '%s'", line, words);
	for (i = 0; i < AUDIT_ROWS; i++)
		assert_true(ran.verdict.audit[i]);
	assert_int_equal(ran.verdict.records, ran.verdict.calls.ended);
	assert_int_equal(ran.verdict.calls.live, 0);
	forget_run(&ran);
}

static void
a_stop_fails_a_scenario_that_does_not_ask_for_it(void **state)
{
	(void)state;
	fails_for(LINES CALM TALK KILL KILL, 0,
	    "the switch stopped by itself after 1.000000 s (supervisor root "
	    "gave up: more than 1 in 5 s, the last of exchange: killed), which "
	    "no 'expect supervisor root down' asks for");
	fails_for(LINES TALK "fault supervisor root kill\n", 0,
	    "(supervisor root was killed)");
}

static void
a_stop_that_is_asked_for_passes(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(
	    run_text(&ran, "test_stop",
		LINES CALM TALK KILL KILL
		"expect supervisor root down {$children == 0}\n"
		"expect cdr c {$local_reason eq \"SHUTDOWN\"}\n"
		"hangup 1001\nhangup 1002\nexpect run {$lost == 1}\n"),
	    0);
	assert_true(verdict_passed(&ran.verdict));
	forget_run(&ran);
}

static void
no_time_passes_any_more(void **state)
{
	static const char words[] =
	    "the switch has stopped by itself, and time with it";

	(void)state;
	fails_for(LINES CALM TALK KILL KILL "advance 1h\n", 11, words);
	fails_for(LINES CALM TALK KILL KILL "upgrade call 2.0\n", 11, words);
	fails_for(LINES CALM TALK KILL KILL "expect c active -within 1h\n", 11,
	    "saw c ended");
}

/* What it does is cut short, whatever it was, and its report is closed. */
static void
an_upgrade_ends_where_it_is(void **state)
{
	static const char *const ways[] = { "", "-mode drain ", "-canary 50% ",
		"-shadow 50% " };
	static const char *const until[] = { "0ms", "1ms", "10s" };
	char text[512];
	struct ran ran;
	unsigned int i;

	(void)state;
	for (i = 0; i < 12; i++) {
		(void)snprintf(text, sizeof text,
		    LINES TALK "upgrade call 2.0 %s-background\nadvance %s\n"
			       "fault supervisor root kill\n"
			       "expect supervisor root down\n"
			       "expect cdr c {$cause == 41}\n",
		    ways[i % 4], until[i / 4]);
		assert_int_equal(run_text(&ran, "test_stop", text), 0);
		if (!verdict_passed(&ran.verdict))
			fail_msg("%s: %s", text, ran.verdict.failures[0].text);
		assert_int_equal(ran.verdict.upgrades_count, 1);
		assert_true(ran.verdict.upgrades[0].report.is_done);
		forget_run(&ran);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_stop_fails_a_scenario_that_does_not_ask_for_it),
		cmocka_unit_test(a_stop_that_is_asked_for_passes),
		cmocka_unit_test(no_time_passes_any_more),
		cmocka_unit_test(an_upgrade_ends_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
