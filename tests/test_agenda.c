/* What a scenario plans is done at its time; what it watches is watched. */
#include "tests/judged_scenario.h"

#define TOP "# Is it so?\nmodule call 1.0\nlines 1000-1009\n"

static void
passes(const char *text)
{
	judged_passes("test_agenda", text);
}

/* With one failure, at that line, which says so. */
static void
fails(const char *text, unsigned int line, const char *words)
{
	static struct ran ran;
	const struct verdict_failure *failure = NULL;

	assert_int_equal(run_text(&ran, "test_agenda", text), 0);
	if (ran.verdict.failures_count != 1)
		fail_msg(
		    "%u failures of: %s", ran.verdict.failures_count, text);
	failure = &ran.verdict.failures[0];
	if (failure->line != line || strstr(failure->text, words) == NULL)
		fail_msg("%u: %s", failure->line, failure->text);
	forget_run(&ran);
}

static void
a_body_is_done_at_its_time_in_order(void **state)
{
	(void)state;
	passes(TOP "set done {}\n"
		   "at 5s {lappend done b}\nat 3s {lappend done a}\n"
		   "at 5s {lappend done c}\nadvance 5s\n"
		   "expect run {$::done eq \"a b c\"}\n");
	passes(TOP "advance 1s\nat +2s {set ::x [llength {1 2}]}\n"
		   "advance 1999ms\nexpect run {![info exists ::x]}\n"
		   "advance 1ms\nexpect run {$::x == 2}\n");
	/* While any command waits. */
	passes(TOP "at 2s {answer 1002}\ncall c 1001 1002\n"
		   "expect c active -within 3s\nhangup 1001\nhangup 1002\n");
}

static void
every_goes_on_until_its_time(void **state)
{
	(void)state;
	passes(TOP "set n 0\nevery 2s {incr n} -until 6s\nadvance 1m\n"
		   "expect run {$::n == 3}\n");
	passes(TOP "set n 0\nevery 2s {incr n}\nadvance 7s\n"
		   "expect run {$::n == 3}\n");
	/* A command in progress goes on as it was. */
	passes(TOP "every 1s {expect run {$live < 3}; show run}\n"
		   "call c 1001 1002\nnever c active -for 10s\n"
		   "hangup 1001\n");
}

static void
no_time_passes_in_a_body(void **state)
{
	(void)state;
	fails(TOP "set a advance\nat 1s {$a 1s}\nadvance 2s\n", 5,
	    "advance: no time passes in a body of `at` and `every`");
	fails(TOP "set u upgrade\nat 1s {$u call 2.0}\nadvance 2s\n", 5,
	    "upgrade: no time passes in a body of `at` and `every`, give "
	    "-background");
	passes(TOP "at 1s {upgrade call 2.0 -background}\nadvance 2s\n"
		   "expect upgrade installed\n");
}

static void
what_is_expected_in_a_body_is_watched(void **state)
{
	(void)state;
	passes(TOP "at 1s {\n\tcall c 1001 1002\n"
		   "\texpect c active -within 5s\n}\n"
		   "advance 4s\nanswer 1002\nadvance 5s\n"
		   "hangup 1001\nhangup 1002\n");
	fails(TOP "at 1s {\n\tcall c 1001 1002\n"
		  "\texpect c active -within 5s\n}\n"
		  "advance 7s\nanswer 1002\nadvance 5s\n"
		  "hangup 1001\nhangup 1002\n",
	    6, "expected c active within 5s, saw c alerting");
	/* At the end of the run it has had its time. */
	fails(TOP "at 1s {expect run {$live == 1} -within 1h}\nadvance 2s\n", 4,
	    "expected run {$live == 1} within 1h, saw run live 0");
	fails(TOP "at 1s {never line 1001 busy -for 5s}\nadvance 3s\n"
		  "offhook c 1001\nadvance 1s\nhangup 1001\n",
	    4, "never expected line 1001 busy for 5s");
	passes(TOP "at 1s {never line 1001 busy -for 5s}\nadvance 7s\n"
		   "offhook c 1001\nadvance 1s\nhangup 1001\n");
}

static void
never_without_an_end_is_up_to_the_end(void **state)
{
	(void)state;
	fails(TOP "never line 1001 busy\nadvance 1h\noffhook c 1001\n"
		  "hangup 1001\nadvance 1s\n",
	    4, "never expected line 1001 busy, saw line 1001 busy");
	fails(TOP "never run {[string length $ended] > 0 && $ended == 1}\n"
		  "call c 1001 1002\nadvance 1s\nhangup 1001\n",
	    4, "saw run ended 1");
	fails(TOP "call c 1001 1002\nnever c {$elapsed_ms > 1500}\n"
		  "advance 10s\nhangup 1001\n",
	    5, "saw c alerting elapsed_ms 1501");
	fails(TOP "never run {$live == 0}\n", 4, "saw run live 0");
	passes(TOP "never run {$live > 1}\ncall c 1001 1002\nadvance 1s\n"
		   "hangup 1001\ncall d 1001 1002\nadvance 1s\n"
		   "hangup 1001\n");
	/* Also while an upgrade in the background ends the run. */
	fails(TOP "never upgrade rolled-back\nallow alarm\nallow rolled-back\n"
		  "upgrade call 2.0 -canary 100% -watch 1m -background\n",
	    4, "saw upgrade rolled-back");
}

static void
a_time_that_never_comes_is_told(void **state)
{
	(void)state;
	fails(TOP "at 1m {note never}\nadvance 5s\n", 4,
	    "at 1m: the run ended before, at 5 s");
	fails(TOP "advance 5s\nat 2s {note x}\n", 5,
	    "at: 2s is not to come, it is 5 s of the run");
	fails(TOP "at +0s {note x}\n", 4, "at: +0s is not to come");
	fails(TOP "set d 0s; every $d {note x}\n", 4, "every: '0s' is not a");
	fails(TOP "advance 5s\nevery 1s {note x} -until 5s\n", 5,
	    "every: 5s is not to come");
}

static void
a_mistake_in_a_body_has_its_own_line(void **state)
{
	(void)state;
	fails(TOP "at 1s {\n\tset x 1\n\tset y [set nothing]\n}\nadvance 2s\n",
	    6, "can't read \"nothing\"");
	fails(TOP "at \\\n\t1s \\\n\t{\n\tif {1} {\n\t\texpect run {$live == "
		  "3}\n\t}\n}\nadvance 2s\n",
	    8, "expected run {$live == 3}, saw run live 0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_is_done_at_its_time_in_order),
		cmocka_unit_test(every_goes_on_until_its_time),
		cmocka_unit_test(no_time_passes_in_a_body),
		cmocka_unit_test(what_is_expected_in_a_body_is_watched),
		cmocka_unit_test(never_without_an_end_is_up_to_the_end),
		cmocka_unit_test(a_time_that_never_comes_is_told),
		cmocka_unit_test(a_mistake_in_a_body_has_its_own_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
