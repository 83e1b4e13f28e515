/* Generated calls, as the commands of a scenario ask for them. */
#include "tests/judged_scenario.h"

#define LINES "# Is it so?\nmodule call 1.0\nlines 1000-1009\n"

static void
passes(const char *text)
{
	judged_passes("test_action_traffic", text);
}

static void
fails(const char *text, unsigned int line, const char *words)
{
	judged_fails("test_action_traffic", text, line, words);
}

/* Intervals that are no whole µs must not add up to one arrival more. */
static void
constant_traffic_makes_as_many_as_its_rate_says(void **state)
{
	(void)state;
	passes("# q?\nmodule call 1.0\nlines 10000-49999\n"
	       "traffic a -from 10000-19999 -to 20000-29999 "
	       "-arrivals constant -rate 300/s -for 10s -hold fixed:1s\n"
	       "traffic b -from 30000-39999 -to 40000-49999 "
	       "-arrivals constant -rate 99.9/s -for 10s -hold fixed:1s\n"
	       "advance 2m\n"
	       "expect traffic a stopped {$attempts == 3000}\n"
	       "expect traffic b stopped {$attempts == 999}\n");
}

static void
traffic_makes_the_calls_that_it_says(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(
	    run_text(&ran, "test_action_traffic",
		"# q?\nseed 9\nmodule call 1.0\nlines 2000-2999\n"
		"traffic t -from 2000-2499 -to 2500-2999 "
		"-rate 100/s -arrivals constant -for 10s "
		"-hold fixed:2s -answer-after fixed:1s\n"
		"advance 4s\n"
		"expect traffic t running {$live > 290}\n"
		"advance 20s\n"
		"expect traffic t stopped {$attempts == 1000}\n"
		"expect traffic t {$answers == 1000}\n"
		"expect traffic t {$ended == 1000 && $live == 0}\n"),
	    0);
	if (!verdict_passed(&ran.verdict))
		fail_msg("%s", ran.verdict.failures[0].text);
	assert_true(ran.verdict.calls.attempted == 1000);
	assert_true(ran.verdict.records == 1000);
	assert_in_range(ran.verdict.calls.highest, 290, 400);
	forget_run(&ran);
}

static void
arrivals_closer_than_the_clock_are_all_made(void **state)
{
	(void)state;
	passes("# q?\nmodule call 1.0\nlines 2000-3999\n"
	       "traffic t -from 2000-2999 -to 3000-3999 -rate 5000/s "
	       "-arrivals constant -for 100ms -hold fixed:1s\n"
	       "advance 200ms\n"
	       "expect traffic t stopped {$attempts == 500}\nadvance 1m\n");
}

/* What was planned for an earlier call does not happen to a later one. */
static void
a_plan_ends_with_its_call(void **state)
{
	(void)state;
	passes("# q?\nmodule call 1.0\nlines 2000-2001\n"
	       "traffic t -from 2000 -to 2001 -rate 1/s -arrivals constant "
	       "-for 2s -answer-after fixed:5s -hold fixed:1h\n"
	       "advance 500ms\nhangup 2000\nadvance 5s\n"
	       "expect traffic t {$attempts == 2 && $answers == 0}\n"
	       "expect line 2001 ringing\nadvance 600ms\n"
	       "expect traffic t {$answers == 1}\nstop t -now\nadvance 2s\n");
}

static void
poisson_arrivals_have_their_rate(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(run_text(&ran, "test_action_traffic",
			     "# q?\nseed 9\nmodule call 1.0\nlines 2000-3999\n"
			     "traffic t -from 2000-2999 -to 3000-3999 "
			     "-rate 100/s -for 100s -hold exp:2s "
			     "-answer-after fixed:1s\n"
			     "advance 2m\nstop t -now\nadvance 2s\n"),
	    0);
	assert_true(verdict_passed(&ran.verdict));
	/* 10,000, within five standard deviations */
	assert_in_range(ran.verdict.calls.attempted, 9500, 10500);
	forget_run(&ran);
}

static void
traffic_without_free_lines_makes_no_attempt(void **state)
{
	(void)state;
	passes("# q?\nmodule call 1.0\nlines 2000-2003\n"
	       "traffic t -from 2000-2001 -to 2002-2003 -rate 1/s "
	       "-arrivals constant -for 10s -hold fixed:1h\nadvance 20s\n"
	       "expect traffic t stopped {$attempts == 2 && $unmade == 8}\n"
	       "expect traffic t {$gapped == 0 && $live == 2}\n"
	       "expect run {$attempts == 2 && $gapped == 0}\n"
	       "stop t -now\nadvance 2s\nexpect run {$live == 0}\n");
}

static void
traffic_is_refused_where_it_cannot_be(void **state)
{
	(void)state;
	fails(LINES "traffic t -from 1000-1005 -to 1004-1009 -rate 1/s\n", 4,
	    "ranges are the same, or have no line in common");
	fails(LINES "traffic t -from 1000-1005 -to 3000 -rate 1/s\n", 4,
	    "no line has the number 3000");
	fails(LINES "traffic t -from 1000-1001 -to 1002 -rate 1/s -for 1s\n"
		    "traffic u -from 1001 -to 1003 -rate 1/s\n",
	    5, "line 1001 is in another range of a traffic");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    constant_traffic_makes_as_many_as_its_rate_says),
		cmocka_unit_test(traffic_makes_the_calls_that_it_says),
		cmocka_unit_test(arrivals_closer_than_the_clock_are_all_made),
		cmocka_unit_test(a_plan_ends_with_its_call),
		cmocka_unit_test(poisson_arrivals_have_their_rate),
		cmocka_unit_test(traffic_without_free_lines_makes_no_attempt),
		cmocka_unit_test(traffic_is_refused_where_it_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
