/* Scenarios from their text to their verdict, through the whole switch. */
#include <sqlite3.h>

#include "tests/judged_scenario.h"

#define LINES "# Is it so?\nmodule call 1.0\nlines 1000-1009\n"
#define TALK  "call c 1001 1002\nadvance 1s\nanswer 1002\n"
#define END   "hangup 1001\nhangup 1002\n"

static void
passes(const char *text)
{
	judged_passes("test_scenario", text);
}

static void
fails(const char *text, unsigned int line, const char *words)
{
	judged_fails("test_scenario", text, line, words);
}

static void
a_sound_scenario_passes(void **state)
{
	(void)state;
	passes(
	    LINES TALK "expect c active\n" END "expect cdr c {$cause == 16}");
}

static void
a_failed_expect_tells_what_was_seen_and_the_run_goes_on(void **state)
{
	(void)state;
	fails(LINES TALK "catch {expect c treated {$held_a == 1}}\n" END, 7,
	    "expected c treated {$held_a == 1}, saw c active held_a 0");
}

static void
an_error_ends_the_run_where_it_is_not_caught(void **state)
{
	(void)state;
	fails(LINES "answer 1003\nnote x", 4, "answer: line 1003");
	fails(LINES "proc p {} {\n\n  answer 1003\n}\np\n", 6, "answer: ");
	fails(
	    LINES "if 1 {\n  set x [set nothing]\n}\n", 4, "no such variable");
	passes(LINES "catch {answer 1003}\n");
}

static void
what_was_not_asked_for_fails(void **state)
{
	(void)state;
	fails(LINES TALK "fault c crash -on onhook\n" END, 7,
	    "the fault ordered here came at onhook of call 'c'");
	fails(LINES "call c 1001 1001\nadvance 40s\nhangup 1001\n", 4,
	    "cause 17 (user busy)");
	fails(LINES "upgrade call faulty/wrong-abi\n", 4,
	    "upgrade call faulty/wrong-abi was refused (admission): ");
	fails(LINES "rollback call\n", 4, "rollback call was refused");
	fails(LINES
	    "upgrade call 2.0\nrollback call\nupgrade call faulty/wrong-abi\n",
	    6, "upgrade call faulty/wrong-abi was refused");
	fails(LINES TALK "hold 1001\n" END, 7,
	    "call 'c' (1.0, active) does not know hold");
	fails(LINES TALK, 4,
	    "call 'c' still lives at the end, active; 1001 and 1002 are "
	    "off-hook: hangup 1001, hangup 1002");
	fails(LINES TALK "hangup 1001\n", 4, "; 1002 is off-hook: hangup 1002");
}

#define KILL  "fault process recorder kill\n"
#define ALARM "restart-limit of supervisor database was raised"

static void
an_alarm_fails_unless_it_is_expected_or_allowed(void **state)
{
	(void)state;
	fails(LINES "allow restart\n" KILL KILL, 0, ALARM);
	passes(LINES "allow restart\nallow alarm\n" KILL KILL);
	passes(LINES "allow restart\nallow alarm -count 1\n" KILL KILL);
	fails(LINES "allow restart\nallow alarm -count 0\n" KILL KILL, 5,
	    "1 alarm, allowed are 0 to 0");
	/* Another alarm than the one that is expected. */
	fails(LINES
	    "allow restart\ncatch {expect alarm process-down raised}\n" KILL
		KILL,
	    0, ALARM);
	fails(LINES
	    "allow restart\nexpect alarm restart-limit cleared\n" KILL KILL,
	    0, ALARM);
	fails(LINES "set n restart_limit; expect alarm $n raised\n", 4,
	    "there are: process-down restart-limit");
}

static int
rows_of(const struct ran *ran, const char *table)
{
	sqlite3_stmt *statement;
	char sql[128];
	sqlite3 *db;
	int count;

	(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	assert_int_equal(sqlite3_open(ran->database, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return count;
}

/* The root gives up: what it was is seen to the end of the run. */
static void
an_expected_alarm_is_no_failure(void **state)
{
	struct ran ran;
	unsigned int i;

	(void)state;
	assert_int_equal(
	    run_text(&ran, "test_scenario",
		LINES "allow restart\n" KILL KILL KILL KILL
		      "expect alarm restart-limit raised "
		      "{$severity eq \"critical\" && $count == 3}\n"
		      "expect supervisor root down\n"),
	    0);
	assert_int_equal(ran.verdict.alarms, 3);
	/* Also those that came when no recorder was left. */
	assert_int_equal(rows_of(&ran, "alarm"), 4);
	assert_int_equal(rows_of(&ran, "alarm WHERE severity = 'critical'"), 1);
	assert_int_equal(rows_of(&ran, "restart WHERE new_pid = 0"), 3);
	for (i = 0; i < ran.verdict.failures_count; i++)
		assert_null(strstr(ran.verdict.failures[i].text, "alarm"));
	forget_run(&ran);
}

/* Else it would run for ever; and what there is of it is told. */
static void
a_release_that_never_rests_ends_its_run(void **state)
{
	(void)state;
	fails("# q?\nmodule call faulty/never-rests\nlines 1000-1009\n" TALK
	      "advance 1s\n" END,
	    6,
	    "no time passes at 1 s: over 5000000 events have come in this "
	    "instant, and call 'c' (call faulty/never-rests) has the next; a "
	    "release whose calls send to themselves without end must be "
	    "mended; the run was cut short here, with 1 call still live");
}

static void
a_kill_is_for_processes_that_run(void **state)
{
	(void)state;
	passes(LINES "allow restart\nfault supervisor calls kill\n" TALK END);
	fails(LINES "fault process nobody kill\n", 4,
	    "no process 'nobody' runs now");
}

/* A release that faults by itself: nobody has ordered it. */
static void
a_fault_that_nobody_ordered_is_told_by_its_call(void **state)
{
	(void)state;
	fails("# q?\nmodule call faulty/crash-on-answer\nlines 1000-1009\n" TALK
	      "advance 1s\n" END,
	    4, "call 'c' (faulty/crash-on-answer) has faulted at answer: SIG");
}

static void
a_fault_that_never_comes_is_told_where_it_was_ordered(void **state)
{
	(void)state;
	fails(LINES "allow crash\n" TALK "fault c crash -on hold\n" END, 8,
	    "the fault ordered here never came");
	fails(LINES "allow crash\n" TALK
		    "fault c crash -on onhook\nfault c loop -on hold\n" END,
	    9, "the fault ordered here never came");
	passes(LINES "allow crash\n" TALK
		     "fault c loop -on onhook\nfault c crash -on onhook\n" END
		     "expect cdr c {$crashes > 0}\n");
	/* At one instant each fault is of the order that was there. */
	passes(LINES "allow crash\n" TALK
		     "fault c crash -on hold\nsignal 1001 hold\n"
		     "fault c crash\n" END);
}

/* In the order they were asked for, though the first is done last. */
static void
an_upgrade_in_the_background_is_told_beside_a_refusal(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(run_text(&ran, "test_scenario",
			     LINES TALK "upgrade call 2.0 -background\n"
					"upgrade call 3.0\n" END),
	    0);
	assert_int_equal(ran.verdict.upgrades_count, 2);
	assert_int_equal(ran.verdict.upgrades[0].line, 7);
	assert_int_equal(
	    ran.verdict.upgrades[0].report.stage, UPGRADE_installed);
	assert_int_equal(ran.verdict.upgrades[1].line, 8);
	forget_run(&ran);
}

static void
what_a_sudden_end_leaves_is_no_further_failure(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(
	    run_text(&ran, "test_scenario",
		LINES TALK "fault c crash -on hold\nanswer 1003\n" END),
	    0);
	assert_int_equal(ran.verdict.failures_count, 1);
	assert_int_equal(ran.verdict.failures[0].line, 8);
	assert_non_null(strstr(ran.verdict.failures[0].text,
	    "the run was cut short here, with 1 call still live"));
	forget_run(&ran);
}

static void
what_is_expected_or_allowed_does_not(void **state)
{
	(void)state;
	passes(LINES TALK "fault c crash -on onhook\n" END
			  "expect cdr c {$crashes == 1}\n");
	passes(LINES "allow crash -count 1\n" TALK
		     "fault c crash -on onhook\n" END);
	passes(LINES "allow cause\ncall c 1001 1001\nadvance 40s\n"
		     "hangup 1001\n");
	passes(LINES "upgrade call faulty/wrong-abi\nexpect upgrade refused\n");
	fails(LINES "allow crash -count 2-3\n" TALK
		    "fault c crash -on onhook\n" END,
	    4, "1 contained fault, allowed are 2 to 3");
	passes(LINES "allow unexpected-signal\n" TALK "hold 1001\n" END);
}

static void
within_waits_for_the_change_and_no_longer(void **state)
{
	struct ran ran;

	(void)state;
	passes(LINES TALK END "expect c ended -within 1h\n");
	assert_int_equal(run_text(&ran, "test_scenario",
			     LINES TALK END "expect c ended -within 1h\n"),
	    0);
	assert_true(ran.verdict.virtual_us == 1000000);
	forget_run(&ran);
	fails(LINES "offhook c 1001\nexpect c active -within 5s\n"
		    "hangup 1001\n",
	    5, "expected c active within 5s, saw c collecting");
	passes(LINES "offhook c 1001\nexpect c treated -within 20s\n"
		     "hangup 1001\n");
	fails(LINES "offhook c 1001\nnever c treated -for 20s\nhangup 1001\n",
	    5, "never expected c treated for 20s, saw c treated");
	passes(LINES "offhook c 1001\nnever c treated -for 19s\n"
		     "hangup 1001\n");
}

static void
elapsed_time_is_looked_at_each_millisecond(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(run_text(&ran, "test_scenario",
			     LINES "offhook c 1001\n"
				   "expect c {$elapsed_ms >= 123} -within 1s\n"
				   "hangup 1001\n"),
	    0);
	assert_true(verdict_passed(&ran.verdict));
	assert_true(ran.verdict.virtual_us == 123000);
	forget_run(&ran);
}

static void
a_race_takes_both_orders_over_the_seeds(void **state)
{
	static const char text[] =
	    LINES "seed %u\n" TALK "race {hangup 1001} {hangup 1002}\n"
		  "expect cdr c {$release_side eq \"A\"}\n";
	char scenario[512];
	unsigned int seed, first = 0;
	struct ran ran;

	(void)state;
	for (seed = 1; seed <= 16; seed++) {
		(void)snprintf(scenario, sizeof scenario, text, seed);
		assert_int_equal(run_text(&ran, "test_scenario", scenario), 0);
		first += verdict_passed(&ran.verdict);
		forget_run(&ran);
	}
	assert_in_range(first, 1, 15);
}

/* Sequentially the second would find nobody calling. */
static void
both_events_of_a_race_are_on_their_way_at_once(void **state)
{
	char text[512];
	unsigned int seed;

	(void)state;
	for (seed = 1; seed <= 8; seed++) {
		(void)snprintf(text, sizeof text,
		    LINES "seed %u\ncall c 1001 1002\nadvance 1s\n"
			  "race {hangup 1001} {answer 1002}\nhangup 1002\n"
			  "expect cdr c {$bill_ms == 0}\n",
		    seed);
		passes(text);
	}
}

static void
a_side_that_holds_is_the_one_that_asked(void **state)
{
	(void)state;
	passes(
	    "# q?\nmodule call 2.0\nlines 1000-1009\n" TALK "hold 1001\n"
	    "expect c {$held_a == 1 && $held_b == 0 && $hears_b eq \"hold\"}\n"
	    "retrieve c.a\nhold c.b\n"
	    "expect c {$held_a == 0 && $held_b == 1}\n" END);
}

static void
no_time_passes_in_a_race(void **state)
{
	(void)state;
	fails(LINES "set a advance\nrace {$a 1s} {note x}\n", 5,
	    "advance: no time passes in a race");
}

static void
a_tariff_may_have_only_some_of_its_prices(void **state)
{
	(void)state;
	passes("# q?\nmodule call 2.0\ntariff flat -setup 0.25\n"
	       "tariff even -next 0.000001/2s\n"
	       "lines 1000-1001 -tariff flat\nlines 1002 -tariff even\n" TALK
	       "advance 9s\n" END "expect cdr c {$pulses == 5}\n"
	       "expect cdr c {$charge_micro == 5}\n"
	       "call d 1002 1000\nadvance 1s\nanswer 1000\nadvance 9h\n"
	       "hangup 1000\nhangup 1002\n"
	       "expect cdr d {$charge_micro == 250000}\n");
	fails(
	    LINES "set t town; lines 3000 -tariff $t\n", 4, "no tariff 'town'");
	fails(LINES "tariff town -setup 1\ntariff town -setup 1\n", 5,
	    "'town' already");
	fails(LINES "tariff [set n town]\n", 4, "'town' has no price");
	fails(LINES "for {set i 0} {$i < 65536} {incr i} {\n"
		    "  tariff t -next 1/1s -hours 08:00-09:00\n}\n",
	    5,
	    "tariff: t: there are as many as there can be, with those that "
	    "are no more in use");
	fails(LINES "set w -warn; account a $w 0.10\n", 4,
	    "say -prepaid MONEY too");
	fails(LINES "account a\naccount [set n a]\n", 5, "account 'a' already");
	fails(LINES "set a a; lines 3000 -account $a\n", 4, "no account 'a'");
	fails(LINES "set a a; expect account $a {$charged_micro == 0}\n", 4,
	    "no account 'a' was made");
}

static void
overload_is_bounded_judged_and_allowed(void **state)
{
	(void)state;
	fails(LINES "gate -live 0\n", 4, "a limit of 0 would let nobody in");
	fails(LINES "gate -delay 0s\n", 4, "a limit of 0 would let nobody in");
	fails(LINES "gate -live 1\ncall c 1000 1001\ncall d 1002 1003\n"
		    "hangup 1000\nhangup 1002\n",
	    0, "1 gapped attempt that nothing expects or allows");
	passes(
	    LINES "gate -live 1\ncall c 1000 1001\ncall d 1002 1003\n"
		  "expect gate closed {$reason eq \"live\" && $gapped == 1}\n"
		  "expect d treated\nexpect run {$live == 1}\n"
		  "hangup 1000\nhangup 1002\nexpect gate open\n");
	fails(LINES "allow overload -count 2-3\ngate -live 1\n"
		    "call c 1000 1001\ncall d 1002 1003\n"
		    "hangup 1000\nhangup 1002\n",
	    4, "1 gapped attempt, allowed are 2 to 3");
}

/* Its record is sent, and the recorder, which is late, is not asked for it. */
static void
what_was_sent_is_there_when_the_books_are_closed(void **state)
{
	(void)state;
	passes(LINES "capacity 10/s\ncall c 1000 1001\n"
		     "threshold scheduler 0 {$late_us > 50000}\n"
		     "advance 2s\nhangup 1000\nadvance 210ms\n"
		     "expect run {$ended == 1 && $cdrs == 0}\n");
}

/* Two that wait too long make the office listen to the third (register.h). */
#define LATE                                                                   \
	LINES "allow overload\ncapacity 100/s\ngate -delay 25ms\n"             \
	      "offhook a 1000\noffhook b 1001\nadvance 26ms\noffhook c 1002\n"

static void
who_is_heard_without_a_call_is_told_of_as_one(void **state)
{
	(void)state;
	passes(LATE
	    "expect c collecting {$hears_a eq \"dial\"}\n"
	    "expect c collecting {$calling eq \"1002\" && $elapsed_ms == 0}\n"
	    "advance 1s\naudit\nhangup 1000\nhangup 1001\n"
	    "hangup 1002\nexpect c ended\nadvance 1s\n");
	fails(LATE "advance 1s\nhangup 1000\nhangup 1001\nadvance 1s\n", 10,
	    "call 'c' still lives at the end, collecting; 1002 is off-hook: "
	    "hangup 1002");
	fails(LATE "clear c\n", 11,
	    "call 'c' has no process yet: its caller still dials");
}

/* What rand() gives first, as the text of an error. */
static double
first_rand(unsigned int seed)
{
	char text[64];
	struct ran ran;
	double number;

	(void)snprintf(
	    text, sizeof text, "# q?\nseed %u\nerror [expr {rand()}]", seed);
	assert_int_equal(run_text(&ran, "test_scenario", text), 0);
	number = strtod(ran.verdict.failures[0].text, NULL);
	forget_run(&ran);
	return number;
}

static void
rand_follows_the_seed(void **state)
{
	(void)state;
	assert_true(first_rand(5) > 0);
	assert_true(first_rand(5) == first_rand(5));
	assert_true(first_rand(5) != first_rand(6));
}

/* U4, U8: of each upgrade one sentence says what runs now. */
static void
u4_who_stays_behind_is_in_the_sentence(void **state)
{
#define BEHIND                                                                 \
	"# q?\nmodule call 1.0\nlines 1000-1009\n"                             \
	"call c 1001 1002\nexpect c alerting -within 2s\nanswer 1002\n"        \
	"call d 1003 1004\nexpect d alerting -within 2s\n"                     \
	"upgrade call faulty/refuses-answered -on-error keep-old\n"
#define GONE "hangup 1001\nhangup 1002\nhangup 1003\nadvance 1s\n"
	const struct verdict_upgrade *upgrades;
	struct ran ran;

	(void)state;
	assert_int_equal(run_text(&ran, "behind", BEHIND GONE), 0);
	assert_int_equal(ran.verdict.upgrades_count, 1);
	assert_non_null(strstr(ran.verdict.upgrades[0].report.text,
	    "is current and runs 1 of 2, 1 left on another after a failure"));
	forget_run(&ran);
	assert_int_equal(
	    run_text(&ran, "behind",
		BEHIND "rollback call\nmake-permanent call 1.0\n" GONE
		       "allow refused\nallow cause\n"),
	    0);
	upgrades = ran.verdict.upgrades;
	assert_int_equal(ran.verdict.upgrades_count, 3);
	assert_string_equal(upgrades[0].report.text,
	    "'call' faulty/refuses-answered was taken back (command), see "
	    "upgrade 2");
	assert_non_null(
	    strstr(upgrades[1].report.text, "1.0 is current and runs 2 of 2"));
	assert_null(strstr(upgrades[1].report.text, "left on another"));
	assert_string_equal(upgrades[2].report.text,
	    "'call' has no release on trial to make permanent; nothing has "
	    "changed");
#undef BEHIND
#undef GONE
	forget_run(&ran);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u4_who_stays_behind_is_in_the_sentence),
		cmocka_unit_test(a_sound_scenario_passes),
		cmocka_unit_test(
		    a_failed_expect_tells_what_was_seen_and_the_run_goes_on),
		cmocka_unit_test(an_error_ends_the_run_where_it_is_not_caught),
		cmocka_unit_test(what_was_not_asked_for_fails),
		cmocka_unit_test(
		    an_alarm_fails_unless_it_is_expected_or_allowed),
		cmocka_unit_test(an_expected_alarm_is_no_failure),
		cmocka_unit_test(a_release_that_never_rests_ends_its_run),
		cmocka_unit_test(a_kill_is_for_processes_that_run),
		cmocka_unit_test(
		    a_fault_that_nobody_ordered_is_told_by_its_call),
		cmocka_unit_test(
		    a_fault_that_never_comes_is_told_where_it_was_ordered),
		cmocka_unit_test(
		    an_upgrade_in_the_background_is_told_beside_a_refusal),
		cmocka_unit_test(
		    what_a_sudden_end_leaves_is_no_further_failure),
		cmocka_unit_test(what_is_expected_or_allowed_does_not),
		cmocka_unit_test(within_waits_for_the_change_and_no_longer),
		cmocka_unit_test(elapsed_time_is_looked_at_each_millisecond),
		cmocka_unit_test(a_race_takes_both_orders_over_the_seeds),
		cmocka_unit_test(
		    both_events_of_a_race_are_on_their_way_at_once),
		cmocka_unit_test(a_side_that_holds_is_the_one_that_asked),
		cmocka_unit_test(no_time_passes_in_a_race),
		cmocka_unit_test(a_tariff_may_have_only_some_of_its_prices),
		cmocka_unit_test(overload_is_bounded_judged_and_allowed),
		cmocka_unit_test(
		    what_was_sent_is_there_when_the_books_are_closed),
		cmocka_unit_test(who_is_heard_without_a_call_is_told_of_as_one),
		cmocka_unit_test(rand_follows_the_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
