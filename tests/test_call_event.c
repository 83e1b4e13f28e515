/* The events of calls, of which none, those of failed calls or all are kept. */
#include "tests/rows_of_run.h"

#define TOP "# Is it so?\nmodule call 1.0\nlines 1000-1099\n"
#define TALK                                                                   \
	"call c 1001 1002\nadvance 1s\nanswer 1002\nadvance 5s\n"              \
	"hangup 1001\nhangup 1002\n"
#define TALK2(name)                                                            \
	"call " #name " 1001 1002\nadvance 1s\nanswer 1002\nadvance 1s\n"      \
	"hangup 1001\nhangup 1002\n"
#define BUSY                                                                   \
	"offhook x 1008\ncall d 1007 1008\nexpect d treated\nadvance 1s\n"     \
	"hangup 1007\nhangup 1008\nexpect cdr x {$cause != 0}\n"
#define COUNTS                                                                 \
	"SELECT call || ':' || (count(*) > 5) FROM call_event GROUP BY call"

static void
run_it(struct ran *ran, const char *text)
{
	assert_int_equal(run_text(ran, "test_call_event", text), 0);
	if (!verdict_passed(&ran->verdict))
		fail_msg("%u: %s", ran->verdict.failures[0].line,
		    ran->verdict.failures[0].text);
}

static void
without_a_word_none_is_kept_and_with_all_each_is(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran, TOP TALK BUSY);
	assert_rows(&ran, COUNTS, "");
	forget_run(&ran);
	run_it(&ran, TOP "records -events all\n" TALK BUSY);
	assert_rows(&ran, COUNTS, "1:1|2:1|3:1");
	forget_run(&ran);
	run_it(&ran,
	    TOP "records -events all\n" TALK "records -events off\n" BUSY);
	assert_rows(&ran, COUNTS, "1:1");
	forget_run(&ran);
}

static void
they_tell_what_passed_between_the_parties_in_its_order(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran, TOP "records -events all\n" TALK);
	assert_rows(&ran,
	    "SELECT (t_event / 1000000) || ' ' || way || ' ' || party || ' ' ||"
	    " event || ' ' || text || CASE cause WHEN 0 THEN '' ELSE ' ' ||"
	    " cause END FROM call_event WHERE way <> 'of' ORDER BY number",
	    "0 in supervisor start 1.0|0 in 1001 setup 1002|"
	    "0 out exchange translate 1002|0 out exchange seize 1002|"
	    "0 out 1002 setup |0 in 1002 alerting |"
	    "0 out 1001 tone ringback|1 in 1002 answer |"
	    "1 out 1001 tone speech|1 out 1002 tone speech|"
	    "6 in 1001 onhook  16|6 out 1001 release |"
	    "6 out 1002 tone disconnect|6 in 1002 onhook  16|"
	    "6 out exchange record  16|6 out 1002 release |"
	    "6 out supervisor exit ");
	assert_rows(&ran,
	    "SELECT state || '>' || text FROM call_event WHERE event = 'state'"
	    " ORDER BY number",
	    "null>presented|presented>alerting|alerting>active|"
	    "active>clearing|clearing>ended");
	forget_run(&ran);
}

static void
upgrades_faults_and_timers_are_among_them(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "records -events all\nallow crash\n"
		"call c 1001 1002\nadvance 1s\nupgrade call 2.0\n"
		"make-permanent call 2.0\n"
		"fault c crash -on answer\nanswer 1002\nadvance 5s\n"
		"hangup 1001\nadvance 40s\nhangup 1002\n");
	assert_rows(&ran,
	    "SELECT event || ' ' || text || ' ' || state || ' ' || version"
	    " FROM call_event WHERE event IN ('upgrade', 'fault') OR"
	    " event LIKE 'timeout%' ORDER BY number",
	    "upgrade 2.0 alerting 2.0|fault SIGSEGV alerting 2.0|"
	    "timeout T306  clearing 2.0");
	forget_run(&ran);
}

/* Call 1 talks; 2 is given up before it dials; 3 meets a busy line. */
static void
of_failed_calls_alone_are_those_that_did_not_end_well(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "records -events failed\nallow cause\nallow crash\n" TALK BUSY
		/* 4 crashes, and ends well */
		"call e 1001 1002\nadvance 1s\nfault e crash -on answer\n"
		"answer 1002\nadvance 5s\nhangup 1001\nhangup 1002\n");
	assert_rows(&ran, "SELECT DISTINCT call FROM call_event", "3|4");
	assert_rows(&ran,
	    "SELECT group_concat(event, ' ') FROM (SELECT event FROM call_event"
	    " WHERE call = 3 AND way = 'in' ORDER BY number)",
	    "start setup onhook");
	assert_rows(&ran, "SELECT left_out FROM run", "0");
	forget_run(&ran);
}

static void
events_give_way_when_records_wait_and_are_counted(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "records -events all -reserve 100\nallow alarm\n"
		"fault database readonly\n" TALK TALK2(d) TALK2(e) TALK2(f)
		    TALK2(g) TALK2(h) "heal database\n"
				      "expect database ok -within 10s\n");
	assert_rows(&ran,
	    "SELECT (SELECT count(*) FROM cdr) || ' ' || (left_out > 30) ||"
	    " ' ' || missing || ' ' || (SELECT count(*) > 10 FROM call_event)"
	    " FROM run",
	    "6 1 0 1");
	forget_run(&ran);
}

static void
cdrs_are_kept_or_not(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP TALK "records -cdr off\n" TALK2(d) "records -cdr on\n" TALK2(
		e) "expect run {$ended == 3 && $cdrs == 3}\n");
	assert_rows(&ran, "SELECT call FROM cdr", "1|3");
	assert_rows(&ran, "SELECT DISTINCT call FROM leg", "1|3");
	assert_rows(&ran, "SELECT min(holds) FROM audit", "1");
	forget_run(&ran);
}

static void
two_schedulers_tell_each_call_in_its_order(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    "# Is it so?\nschedulers 2\nmodule call 1.0\nlines 1000-1999\n"
	    "lines 2000-2999\nrecords -events all\n"
	    "traffic t -from 1000-1999 -to 2000-2999 -rate 20/s"
	    " -hold exp:3s -answer-after fixed:1s\n"
	    "advance 20s\nstop t -now\nadvance 40s\n");
	assert_rows(&ran,
	    "SELECT (SELECT count(*) FROM cdr) = count(DISTINCT call) AND"
	    " count(DISTINCT call) > 300 FROM call_event",
	    "1");
	assert_rows(&ran,
	    "SELECT count(*) FROM (SELECT t_event < lag(t_event) OVER"
	    " (PARTITION BY call ORDER BY number) AS is_back FROM call_event)"
	    " WHERE is_back",
	    "0");
	assert_rows(&ran,
	    "SELECT count(*) = (SELECT count(*) FROM cdr) FROM call_event"
	    " WHERE event = 'state' AND text = 'ended'",
	    "1");
	forget_run(&ran);
}

/* What the exchange finds out about a party he has not said himself. */
static void
what_is_said_of_credit_comes_from_nobody(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    "# Is it so?\nmodule call 3.0\nrecords -events all\nallow cause\n"
	    "account p -prepaid 0.20 -warn 0.10\n"
	    "tariff t -first 0.10/60s -next 0.10/60s\n"
	    "lines 1001 -account p\nlines 1002 -tariff t\n"
	    "call c 1001 1002\nadvance 1s\nanswer 1002\nadvance 3m\n"
	    "hangup 1001\nhangup 1002\n");
	assert_rows(&ran,
	    "SELECT way || ' ' || party || ' ' || event FROM call_event"
	    " WHERE event LIKE 'credit%' ORDER BY number",
	    "of 1001 credit-low|of 1001 credit-warned|of 1001 credit-gone");
	forget_run(&ran);
}

/* Call 2 becomes a part of call 1, and ends without a word of its own. */
static void
a_consultation_that_is_joined_ends_in_the_story_of_both(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    "# Is it so?\nmodule call 3.0\nrecords -events all\n"
	    "lines 1001-1009\nservice 1001-1009 transfer on\n"
	    "call c 1001 1002\nadvance 1s\nanswer 1002\nhold 1001\n"
	    "consult d 1001 1003\nadvance 1s\nanswer 1003\n"
	    "transfer 1001\nhangup 1001\nadvance 1s\nhangup 1002\n"
	    "hangup 1003\n");
	assert_rows(&ran,
	    "SELECT call || ' ' || way || ' ' || party || ' ' || event || ' '"
	    " || text FROM call_event WHERE event LIKE 'moved%'"
	    " OR event = 'terminate' ORDER BY call, number",
	    "1 of 1003 moved-from call 2|2 of 1003 moved-to call 1|"
	    "2 of  terminate ");
	assert_rows(&ran,
	    "SELECT call || state FROM call_event WHERE event = 'state'"
	    " AND text = 'ended' ORDER BY call",
	    "1clearing|2active");
	forget_run(&ran);
}

/* Nor does one that is given up: the second fault is its end (T39). */
static void
a_call_that_is_given_up_ends_with_the_reason(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "records -events failed\nallow crash\nallow cause\n"
		"call c 1001 1002\nadvance 1s\n"
		"fault c crash -count 2\nanswer 1002\n"
		"hangup 1001\nhangup 1002\n");
	assert_rows(&ran,
	    "SELECT event || ' ' || text FROM call_event WHERE event IN"
	    " ('fault', 'terminate', 'state') ORDER BY number",
	    "state presented|state alerting|fault SIGSEGV|fault SIGSEGV|"
	    "terminate SIGSEGV|state ended");
	forget_run(&ran);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    without_a_word_none_is_kept_and_with_all_each_is),
		cmocka_unit_test(
		    they_tell_what_passed_between_the_parties_in_its_order),
		cmocka_unit_test(upgrades_faults_and_timers_are_among_them),
		cmocka_unit_test(
		    of_failed_calls_alone_are_those_that_did_not_end_well),
		cmocka_unit_test(
		    events_give_way_when_records_wait_and_are_counted),
		cmocka_unit_test(cdrs_are_kept_or_not),
		cmocka_unit_test(two_schedulers_tell_each_call_in_its_order),
		cmocka_unit_test(what_is_said_of_credit_comes_from_nobody),
		cmocka_unit_test(
		    a_consultation_that_is_joined_ends_in_the_story_of_both),
		cmocka_unit_test(a_call_that_is_given_up_ends_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
