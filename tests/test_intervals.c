/* What was measured of each interval stands in its row, and adds up. */
#include "tests/rows_of_run.h"

#define TOP    "# Is it so?\nmodule call 1.0\nlines 1000-1099\n"
#define MINUTE TOP "records -interval 1m\n"
#define EACH   " FROM report_traffic ORDER BY begin_s"

static void
run_it(struct ran *ran, const char *text)
{
	assert_int_equal(run_text(ran, "test_intervals", text), 0);
}

/*
 * A call from 0:10 to 1:40, answered at 0:12; one from 1:00 to 1:05 that
 * nobody answers.  Analog lines ring at once, and both ends hang up at once.
 */
static void
a_seizure_belongs_to_the_interval_in_which_it_began(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    MINUTE "advance 10s\ncall c 1001 1002\nadvance 2s\nanswer 1002\n"
		   "advance 48s\ncall d 1003 1004\nadvance 5s\nhangup 1003\n"
		   "advance 35s\nhangup 1001\nhangup 1002\nadvance 20s\n");
	assert_rows(&ran,
	    "SELECT begin_s || '-' || end_s || ' ' || bids || ' ' || seizures"
	    " || ' ' || answered || ' ' || answers || ' ' || ended || ' ' ||"
	    " live || ' ' || mark" EACH,
	    "0.0-60.0 1 1 1 1 0 1 |60.0-120.0 1 1 0 0 2 0 ");
	assert_rows(&ran, "SELECT printf('%.3f', carried_erlangs)" EACH,
	    "0.833|0.750"); /* 50 s; 40 s and 5 s */
	assert_rows(&ran, "SELECT printf('%.2f %.2f', asr, ner)" EACH,
	    "1.00 1.00|0.00 1.00");
	assert_rows(&ran, "SELECT acd_s" EACH, "88.0|NULL");
	forget_run(&ran);
}

/* While the run goes on its call has no record; then it has. */
static void
an_interval_is_open_while_a_call_that_began_in_it_lives(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    MINUTE "advance 10s\ncall c 1001 1002\nadvance 2s\nanswer 1002\n"
		   "advance 108s\n"); /* it lives when the run ends */
	assert_rows(&ran, "SELECT live || ' ' || mark" EACH, "1 open|1 ");
	assert_rows(&ran, "SELECT acd_s" EACH, "NULL|NULL");
	forget_run(&ran);
}

static void
one_that_was_cut_is_suspect(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    MINUTE "advance 90s\nrecords -interval 2m\nadvance 130s\n"
		   "allow restart\nfault process measurement kill\n"
		   "expect process measurement running\nadvance 150s\n");
	assert_rows(&ran, "SELECT begin_s || '-' || end_s || ' ' || mark" EACH,
	    "0.0-60.0 |60.0-90.0 suspect|90.0-210.0 |210.0-330.0 suspect|"
	    "330.0-370.0 suspect");
	forget_run(&ran);
}

static void
without_a_word_an_interval_is_five_minutes(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran, TOP "advance 10m\n");
	assert_rows(&ran, "SELECT begin_s || '-' || end_s || ' ' || mark" EACH,
	    "0.0-300.0 |300.0-600.0 ");
	forget_run(&ran);
}

/* The second and the third half hour carry most. */
static void
the_busy_hour_is_the_one_that_carried_most(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "records -interval 15m\nadvance 40m\n"
		"call c 1001 1002\nadvance 1s\nanswer 1002\n"
		"advance 40m\nhangup 1001\nhangup 1002\nadvance 39m\n");
	assert_rows(&ran,
	    "SELECT begin_s || ' ' || intervals || ' ' || bids || ' ' ||"
	    " printf('%.3f', carried_erlangs) || ' ' || mark"
	    " FROM report_busy_hour",
	    "1800.0 4 1 0.667 ");
	forget_run(&ran);
}

/* Of less than an hour all there is, and it says so; by civil time, if any. */
static void
what_has_no_hour_is_told_whole_and_marked(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    "# Is it so?\ndate 2026-03-02T08:58:00+01:00\nmodule call 1.0\n"
	    "lines 1000-1099\nadvance 20m\ncall c 1001 1002\nadvance 1s\n"
	    "answer 1002\nadvance 19m\nhangup 1001\nhangup 1002\n"
	    "advance 1s\n");
	assert_rows(&ran,
	    "SELECT begin_s || ' ' || end_s || ' ' || intervals || ' ' ||"
	    " printf('%.3f', carried_erlangs) || ' ' || mark || ' ' ||"
	    " civil_begin FROM report_busy_hour",
	    "0.0 2342.0 8 0.487 less than an hour 2026-03-02 08:58:00");
	assert_rows(&ran,
	    "SELECT civil_begin FROM report_traffic WHERE begin_s = 300",
	    "2026-03-02 09:03:00");
	assert_rows(&ran, "SELECT civil_seize FROM report_calls",
	    "2026-03-02 09:18:00");
	assert_rows(&ran, "SELECT zero FROM (SELECT 1) LEFT JOIN civil",
	    "2026-03-02 08:58:00");
	forget_run(&ran);
	run_it(&ran, TOP "call c 1001 1002\nhangup 1001\n");
	assert_rows(&ran, "SELECT civil_seize FROM report_calls", "NULL");
	forget_run(&ran);
}

#define OUT                                                                    \
	"# Is it so?\nmodule call 1.0\nlines 1000-1099\nrecords -interval "    \
	"10s\n"                                                                \
	"trunk T 1\nroute 08 T\n"

/* Of a group too ASR is that of the seizures, and no more than 1. */
static void
an_answer_belongs_to_its_seizure_of_a_trunk_group_too(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    OUT
	    "advance 8s\ncall c 1001 0811\nadvance 4s\nanswer c.b\n"
	    "advance 4s\nhangup 1001\nadvance 1s\ncall d 1002 0812\n"
	    "advance 1s\nanswer d.b\nadvance 1s\nhangup 1002\nadvance 9s\n");
	assert_rows(&ran,
	    "SELECT seizures || ' ' || answered || ' ' || answers || ' ' || asr"
	    " || ' ' || acd_s FROM report_traffic WHERE object = 'trunk T'"
	    " AND seizures > 0 ORDER BY begin_s",
	    "1 1 0 1.0 4.0|1 1 2 1.0 1.0");
	forget_run(&ran);
}

/*
 * The answer of each call comes at the end of an interval, by a timer that was
 * started before that of the interval.
 */
static void
what_happens_at_the_end_of_an_interval_belongs_to_the_next(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    OUT "advance 5s\ntraffic t -from 1001-1001 -to 0811-0811 -rate 1/m"
		" -arrivals constant -hold fixed:20s -answer-after fixed:15s"
		" -for 30s\nadvance 55s\n");
	assert_rows(&ran,
	    "SELECT object || ' ' || begin_s || ' ' || answers FROM"
	    " report_traffic WHERE answers > 0 ORDER BY object",
	    "office 20.0 1|trunk T 20.0 1");
	forget_run(&ran);
}

/* Without records nothing is said of answers, rather than that none was. */
static void
without_records_there_are_no_shares(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    MINUTE "records -cdr off\ncall c 1001 1002\nadvance 2s\n"
		   "answer 1002\nadvance 8s\nhangup 1001\nhangup 1002\n"
		   "advance 50s\n");
	assert_rows(&ran,
	    "SELECT seizures || ' ' || ifnull(asr, '-') || ' ' ||"
	    " ifnull(answered, '-') || ' ' || answers" EACH,
	    "1 - - 1");
	forget_run(&ran);
}

static void
traffic_on_two_schedulers_adds_up(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    "# Is it so?\nschedulers 2\nmodule call 1.0\n"
	    "lines 1000-1999; lines 2000-2999\nrecords -interval 7s\n"
	    "traffic t -from 1000-1999 -to 2000-2999 -rate 50/s"
	    " -hold exp:3s -answer-after fixed:1s\n"
	    "advance 60s\nstop t -now\nadvance 5s\n");
	assert_rows(&ran,
	    "SELECT (SELECT sum(seizures) FROM measurement) ="
	    " (SELECT count(*) FROM cdr) AND (SELECT sum(answers) FROM"
	    " measurement) = (SELECT sum(t_answer > 0) FROM cdr) AND"
	    " (SELECT sum(ended) FROM measurement) = count(*) AND"
	    " count(*) > 2000 FROM cdr",
	    "1");
	assert_rows(&ran,
	    "SELECT sum(seizures <> ifnull(calls, 0)) || ' ' || count(*)"
	    " FROM measurement m LEFT JOIN interval_calls c"
	    " USING(run, object, t_begin)",
	    "0 10");
	/* a call lives until both have hung up */
	assert_rows(&ran,
	    "SELECT (SELECT sum(busy_us) FROM measurement) >="
	    " sum(t_release - t_seize) FROM cdr",
	    "1");
	forget_run(&ran);
}

/* T48 by two reasons, in an interval each; none leaves a record. */
static void
gapped_attempts_are_told_by_reason(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    MINUTE "allow overload\ngate -live 1\ncall c 1001 1002\n"
		   "call d 1003 1004\nhangup 1003\nadvance 60s\n"
		   "gate -rate 1/h\nforeach from {1011 1012 1013 1014 1015 1016"
		   " 1017} {call c$from $from 1005; hangup $from}\n"
		   "hangup 1001\nadvance 60s\n");
	assert_rows(&ran,
	    "SELECT bids || ' ' || gapped || ' ' || gapped_for" EACH,
	    "2 1 live 1|7 2 rate 2");
	assert_rows(&ran,
	    "SELECT sum(gapped_rate + gapped_live) || ' ' || sum(gapped) ||"
	    " ' ' || (SELECT count(*) FROM cdr) FROM measurement",
	    "3 3 6");
	forget_run(&ran);
}

/* Another length from where an interval ends: none of no length is between. */
static void
another_length_may_begin_where_an_interval_ends(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    MINUTE "allow overload\ngate -live 1\ncall c 1001 1002\n"
		   "advance 60s\ncall d 1003 1004\nhangup 1003\n"
		   "records -interval 2m\nhangup 1001\nadvance 120s\n");
	assert_rows(&ran,
	    "SELECT begin_s || '-' || end_s || ' ' || bids || ' ' || "
	    "gapped_for" EACH,
	    "0.0-60.0 1 |60.0-180.0 1 live 1");
	assert_rows(&ran, "SELECT conflicts FROM run", "0");
	forget_run(&ran);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_seizure_belongs_to_the_interval_in_which_it_began),
		cmocka_unit_test(
		    an_interval_is_open_while_a_call_that_began_in_it_lives),
		cmocka_unit_test(one_that_was_cut_is_suspect),
		cmocka_unit_test(without_a_word_an_interval_is_five_minutes),
		cmocka_unit_test(the_busy_hour_is_the_one_that_carried_most),
		cmocka_unit_test(what_has_no_hour_is_told_whole_and_marked),
		cmocka_unit_test(
		    an_answer_belongs_to_its_seizure_of_a_trunk_group_too),
		cmocka_unit_test(
		    what_happens_at_the_end_of_an_interval_belongs_to_the_next),
		cmocka_unit_test(without_records_there_are_no_shares),
		cmocka_unit_test(
		    another_length_may_begin_where_an_interval_ends),
		cmocka_unit_test(traffic_on_two_schedulers_adds_up),
		cmocka_unit_test(gapped_attempts_are_told_by_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
