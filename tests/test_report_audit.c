/* The books of a recorded run are gone through again by whoever reads it. */
#include "tests/rows_of_run.h"

#define TOP                                                                    \
	"# Is it so?\nmodule call 1.0\ntariff t -first 0.05/60s\n"             \
	"lines 1000-1099 -tariff t\n"
#define TALK                                                                   \
	"call c 1001 1002\nadvance 1s\nanswer 1002\nadvance 5s\n"              \
	"hangup 1001\nhangup 1002\n"
#define VERDICTS                                                               \
	"SELECT row || ' ' || looked || ' ' || verdict FROM report_audit"      \
	" WHERE run = 1 AND verdict <> 'holds'"

static void
run_it(struct ran *ran, const char *text)
{
	assert_int_equal(run_text(ran, "test_report_audit", text), 0);
	assert_rows(ran, VERDICTS, "");
	assert_rows(ran, "SELECT count(*) FROM report_audit", "9");
}

static void
change(struct ran *ran, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(ran->database, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* One thing that is wrong, in a run that was right, and what is found. */
static void
assert_found(const char *sql, const char *expected)
{
	struct ran ran;

	run_it(&ran, TOP "call d 1003 1004\nadvance 1s\nhangup 1003\n" TALK);
	change(&ran, sql);
	assert_rows(&ran, VERDICTS, expected);
	forget_run(&ran);
}

static void
a_record_that_is_not_as_its_legs_are_is_found(void **state)
{
	(void)state;
	assert_found("UPDATE leg SET charge_micro = charge_micro + 1"
		     " WHERE call = 2",
	    "A2 records broken");
	assert_found(
	    "UPDATE cdr SET pulses = 0 WHERE call = 2", "A2 records broken");
	assert_found("DELETE FROM leg WHERE call = 1", "A2 records broken");
	assert_found("DELETE FROM leg WHERE call = 1; UPDATE cdr SET legs = 0"
		     " WHERE call = 1",
	    "A2 records broken");
	assert_found("UPDATE leg SET call = 7 WHERE call = 1; UPDATE cdr SET"
		     " legs = 0 WHERE call = 1",
	    "A2 records broken");
}

static void
a_call_without_a_record_or_a_record_of_no_call_is_found(void **state)
{
	(void)state;
	assert_found("DELETE FROM cdr WHERE call = 2; DELETE FROM leg"
		     " WHERE call = 2",
	    "A2 records broken");
	assert_found("CREATE TEMP TABLE t AS SELECT * FROM cdr WHERE call = 1;"
		     "UPDATE t SET call = 9; INSERT INTO cdr SELECT * FROM t;"
		     "CREATE TEMP TABLE l AS SELECT * FROM leg WHERE call = 1;"
		     "UPDATE l SET call = 9; INSERT INTO leg SELECT * FROM l",
	    "A2 records broken");
	assert_found("UPDATE run SET missing = 1", "A2 records broken");
	assert_found("UPDATE run SET conflicts = 1", "A2 records broken");
}

static void
counts_that_do_not_add_up_are_found(void **state)
{
	(void)state;
	assert_found(
	    "UPDATE measurement SET bids = bids + 1", "A1 records broken");
	assert_found("UPDATE measurement SET gapped = gapped + 1, bids = bids"
		     " + 1",
	    "A1 records broken"); /* for no reason */
	assert_found("UPDATE run SET gapped = 1", "A1 records broken");
}

static void
what_the_switch_has_found_stands_beside_it(void **state)
{
	(void)state;
	assert_found(
	    "UPDATE audit SET holds = 0 WHERE row = 'A5'", "A5 switch broken");
}

/* Killed, or older than the tables: that nobody knows is not that it holds. */
static void
what_nobody_could_look_at_is_unknown(void **state)
{
	(void)state;
	assert_found("UPDATE run SET result = NULL; DELETE FROM audit",
	    "A1 switch unknown|A2 switch unknown|A2 records unknown|"
	    "A3 switch unknown|A4 switch unknown|A5 switch unknown|"
	    "A6 switch unknown|A7 switch unknown");
	assert_found("DELETE FROM measurement", "A1 records unknown");
}

/* A call that has not ended has legs already, where it has tried a way. */
static void
a_live_call_may_have_legs_and_no_record(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(
	    run_text(&ran, "test_report_audit",
		TOP TALK "call d 1003 1004\nadvance 1s\nanswer 1004\n"
			 "advance 1s\nhangup 1003\nadvance 1s\n"),
	    0);
	assert_rows(&ran, VERDICTS, "");
	assert_rows(&ran,
	    "SELECT (SELECT count(*) FROM leg) - (SELECT count(*) FROM cdr)",
	    "1");
	change(&ran, "UPDATE leg SET call = 8 WHERE call = 1");
	assert_rows(&ran, VERDICTS, "A2 records broken");
	forget_run(&ran);
}

/* Of calls whose records were not wanted none is missed. */
static void
records_that_were_not_to_be_kept_are_not_missed(void **state)
{
	struct ran ran;

	(void)state;
	assert_int_equal(
	    run_text(&ran, "test_report_audit", TOP "records -cdr off\n" TALK),
	    0);
	assert_rows(&ran, VERDICTS, "A2 records unknown");
	forget_run(&ran);
}

/* What happens at the last moment stands in an interval too. */
static void
a_run_adds_up_that_ends_with_an_interval_or_at_once(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran, TOP "records -interval 6s\n" TALK);
	assert_rows(&ran,
	    "SELECT begin_s || ' ' || end_s || ' ' || ended || ' ' || mark"
	    " FROM report_traffic ORDER BY begin_s",
	    "0.0 6.0 0 |6.0 6.0 1 suspect");
	forget_run(&ran);
	run_it(&ran, TOP "call c 1001 1002\nhangup 1001\n");
	assert_rows(&ran, "SELECT sum(ended) FROM measurement", "1");
	forget_run(&ran);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_that_is_not_as_its_legs_are_is_found),
		cmocka_unit_test(
		    a_call_without_a_record_or_a_record_of_no_call_is_found),
		cmocka_unit_test(counts_that_do_not_add_up_are_found),
		cmocka_unit_test(what_the_switch_has_found_stands_beside_it),
		cmocka_unit_test(what_nobody_could_look_at_is_unknown),
		cmocka_unit_test(a_live_call_may_have_legs_and_no_record),
		cmocka_unit_test(
		    records_that_were_not_to_be_kept_are_not_missed),
		cmocka_unit_test(
		    a_run_adds_up_that_ends_with_an_interval_or_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
