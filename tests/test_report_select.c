/* Which rows a report is asked for, and how it is told what it cannot be asked.
 */
#include "tests/report_place.h"

static void
words_are_filters_of_columns_and_of_what_calls_have(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "calls cause=17", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "\r\n2,2,1003,1001,"));
	assert_int_equal(count_lines(place), 2);
	assert_int_equal(
	    print(place, "calls number=1004", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "\r\n2,3,1003,1004,"));
	assert_int_equal(count_lines(place), 2);
	assert_int_equal(
	    print(place, "calls version=1.0", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 3);
	assert_int_equal(
	    print(place, "calls version=1.0 state=busy", REPORT_CSV, "2", 0),
	    0);
	assert_int_equal(count_lines(place), 2);
	/* From the first moment to before the second. */
	assert_int_equal(print(place, "calls time=1-3", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_int_equal(
	    print(place, "calls time=3-3.5", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 4);
	assert_int_equal(
	    print(place, "calls called=1004", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_int_equal(
	    print(place, "calls called=1003", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 1); /* it has called only */
	place->limit = 2;
	assert_int_equal(print(place, "calls", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 3);
}

static bool
wants_the_longest(void *arg, const struct report_value *values)
{
	(void)arg;
	assert_int_equal(values[0].kind, REPORT_INTEGER); /* run */
	assert_int_equal(values[2].kind, REPORT_TEXT);	  /* calling */
	return values[7].integer == 90000;		  /* bill_ms */
}

static void
a_condition_is_asked_for_each_row(void **state)
{
	struct place *place = *state;

	place->wants = wants_the_longest;
	assert_int_equal(print(place, "calls", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_non_null(strstr(place->text, "\r\n2,1,1001,"));
}

static void
an_unknown_report_is_answered_with_the_nearest(void **state)
{
	struct place *place = *state;
	char all[REPORT_NAMES_MAX + 64], names[REPORT_NAMES_MAX];

	assert_refused(place, "sumary", NULL, -ENOENT,
	    "no report 'sumary': did you mean 'summary'?");
	assert_refused(place, "callz", NULL, -ENOENT,
	    "no report 'callz': did you mean 'calls'?");
	report_names(names, sizeof names);
	snprintf(all, sizeof all, "no report 'weather': there are %s", names);
	assert_refused(place, "weather", NULL, -ENOENT, all);
	snprintf(all, sizeof all, "no report '': there are %s", names);
	assert_refused(place, "", NULL, -ENOENT, all);
	assert_non_null(strstr(all, "summary calls "));
}

static void
what_is_asked_for_wrongly_is_answered_with_what_there_is(void **state)
{
	struct place *place = *state;

	assert_refused(place, "upgrade", "2", -ENOENT,
	    "report 'upgrade' wants ID behind its name");
	assert_refused(place, "upgrade one", "2", -ENOENT,
	    "report 'upgrade' wants ID behind its name, 'one' is no number");
	assert_refused(place, "upgrade 7", "2", -ENOENT,
	    "report 'upgrade 7' is of nothing: run 2 has 1, 2");
	assert_refused(place, "upgrade 1", "1", -ENOENT,
	    "report 'upgrade 1' is of nothing: run 1 has none");
	assert_refused(place, "compare call 2.0 2.0", "2", -ENOENT,
	    "report 'compare call 2.0 2.0' is of nothing: run 2 has call 1.0"
	    " 2.0, call 2.0 1.0");
	assert_refused(place, "compare call 1.0 3.0", "2", -ENOENT,
	    "report 'compare call 1.0 3.0' is of nothing: run 2 has no '3.0',"
	    " did you mean '2.0'?");
	assert_refused(place, "compare call canary 2.0", "2", -ENOENT,
	    "report 'compare call canary 2.0' is of nothing: run 2 has no "
	    "'canary', there are: 1.0 2.0 call");
	assert_refused(place, "calls caus=17", "2", -ENOENT,
	    "report 'calls' has no filter 'caus', did you mean 'cause'?");
	assert_refused(place, "faults numbr=1", "2", -ENOENT,
	    "report 'faults' has no filter 'numbr', there are: run id at_s call"
	    " module version event callback reason resumed pid ");
	assert_refused(place, "calls 17", "2", -ENOENT,
	    "report 'calls': '17' is no filter, as in NAME=VALUE");
	assert_refused(place, "calls cause=busy", "2", -ENOENT,
	    "'cause=busy': that is no number");
	/* strtod(3) knows more numbers than SQL does. */
	assert_refused(place, "calls bill_ms=nan", "2", -ENOENT,
	    "'bill_ms=nan': that is no number");
	assert_refused(place, "calls bill_ms=0x10", "2", -ENOENT,
	    "'bill_ms=0x10': that is no number");
	assert_refused(place, "calls bill_ms=1e999", "2", -ENOENT,
	    "'bill_ms=1e999': that is no number");
	assert_refused(place, "calls state=buzy", "2", -ENOENT,
	    "'state=buzy': a call is never that, did you mean 'busy'?");
	assert_refused(place, "calls time=9-3", "2", -ENOENT,
	    "'time=9-3' is no span of the run, as in time=10s-90s");
	/* A text is quoted, whatever it is. */
	assert_int_equal(
	    print(place, "calls number=1'--", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 1);
}

static void
an_unknown_run_is_answered_with_those_that_are_there(void **state)
{
	struct place *place = *state;
	char expected[256];
	static const char *const words[] = { "3", "0", "-1", "2x", "first",
		"99999999999999999999" };
	unsigned int i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		snprintf(expected, sizeof expected,
		    "no run '%s' in database '%s': there are 1 to 2,"
		    " or 'last'",
		    words[i], place->path);
		assert_refused(place, "calls", words[i], -ENOENT, expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(setup_runs,
		    words_are_filters_of_columns_and_of_what_calls_have),
		TEST(setup_runs, a_condition_is_asked_for_each_row),
		TEST(
		    setup_runs, an_unknown_report_is_answered_with_the_nearest),
		TEST(setup_runs,
		    what_is_asked_for_wrongly_is_answered_with_what_there_is),
		TEST(setup_runs,
		    an_unknown_run_is_answered_with_those_that_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
