/* What reports say of one call, and of who pays for all. */
#include "tests/report_place.h"

#include <signal.h>

static void
a_call_is_told_on_a_page(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO leg(run, call, leg, kind, number, payer, account,"
	    " tariff,"
	    " out_trunk, reason, cause, diagnostic, timer, t_begin, t_answer,"
	    " t_end, bill_ms,"
	    " pulses, charge_micro) VALUES(2, 1, 1, 'dialled', '1002', '1001',"
	    " '', 'town', '', '', 16, 102, 'T308', 2000000, 8100000, 98100000, "
	    "90000, 2,"
	    " 170000);"
	    "INSERT INTO unexpected SELECT 2, 1, 9000000, pid, '1.0', 'active',"
	    " 'hold', '1001' FROM cdr WHERE run = 2 AND call = 1;"
	    "INSERT INTO fault SELECT 2, 90, 9500000, pid, 'call', '1.0',"
	    " 'digit', 'handle', 'SIGSEGV', 418, 1 FROM cdr"
	    " WHERE run = 2 AND call = 1");
	assert_int_equal(print(place, "call 1", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "call");
	assert_int_equal(print(place, "unexpected", REPORT_CSV, "2", 0), 0);
	assert_string_equal(place->text,
	    "run,version,state,signal,signals,calls,first_s,last_s,first_call"
	    "\r\n2,1.0,active,hold,1,1,9.000000,9.000000,1\r\n");
	assert_refused(place, "call 9", "2", -ENOENT,
	    "report 'call 9' is of nothing: run 2 has 1, 2, 3, 4");
}

static void
what_went_between_its_parties_is_a_ladder(void **state)
{
	struct place *place = *state;
	char *ladder;

	run_sql(place,
	    "INSERT INTO call_event VALUES"
	    "(2, 1, 1, 1000000, 'in', '1001', 'setup', '1002', 0, '', '1.0'),"
	    "(2, 1, 2, 1000000, 'out', '1002', 'setup', '', 0, '', ''),"
	    "(2, 1, 3, 1000000, 'of', '', 'state', 'presented', 0, 'null',"
	    " '1.0'),"
	    "(2, 1, 4, 1100000, 'in', '1002', 'alerting', '', 0, 'presented',"
	    " '1.0'),"
	    "(2, 1, 5, 1100000, 'out', '1001', 'tone', 'ringback', 0, '', ''),"
	    "(2, 1, 6, 2000000, 'of', '', 'upgrade', '2.0', 0, 'alerting',"
	    " '2.0'),"
	    "(2, 1, 7, 3000000, 'of', '', 'timeout', 'T301', 0, 'alerting',"
	    " '2.0'),"
	    "(2, 1, 8, 4000000, 'in', '1002', 'onhook', '', 16, 'active',"
	    " '2.0'),"
	    "(2, 1, 9, 4000000, 'in', '1003', 'a much too long one', '', 0,"
	    " 'active', '2.0')");
	assert_int_equal(print(place, "call 1", REPORT_TABLE, "2", 0), 0);
	ladder = strstr(place->text, "\n\n      at s") + 2;
	memmove(place->text, ladder, strlen(ladder) + 1);
	assert_text_of(place, "ladder");
	assert_int_equal(print(place, "call 1", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text,
	    "2,1,event,4.000000,1002: onhook,,\"in active of 2.0, cause 16\""));
}

/* What nobody said; and whoever has no line of his own, where many have. */
static void
a_ladder_names_who_has_no_line(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n"
	    " WHERE n < 99) INSERT INTO call_event SELECT 2, 1, n, n * 1000000,"
	    " CASE n WHEN 1 THEN 'in' ELSE 'out' END, 1000 + n, 'setup', '', 0,"
	    " '', '1.0' FROM n");
	run_sql(place,
	    "INSERT INTO call_event VALUES(2, 1, 100, 100000000, 'of', '1001',"
	    " 'credit-low', '', 0, 'active', '1.0')");
	assert_int_equal(print(place, "call 1", REPORT_TABLE, "2", 0), 0);
	assert_non_null(strstr(place->text, "setup to 1099"));
	assert_non_null(strstr(place->text, "credit-low at 1001"));
	assert_int_equal(print(place, "call 1", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, ",credit-low at 1001,,"));
}

static void
accounts_have_what_they_paid_and_what_is_left(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO account(run, name, kind, deposit_micro, warn_micro)"
	    " VALUES(2, 'shop', 'prepaid', 1000000, 0),"
	    " (2, 'villa', 'billed', 0, 0);"
	    "INSERT INTO leg(run, call, leg, kind, number, payer, account,"
	    " tariff, out_trunk, reason, cause, diagnostic, timer, t_begin,"
	    " t_answer, t_end,"
	    " bill_ms, pulses, charge_micro) SELECT 2, value / 10, value % 10,"
	    " '', '', '', iif(value < 30, 'shop', ''), '', '', '', 16, 0, '',"
	    " 1, 1, 1,"
	    " 1000 * value, 2, 100000 * (value % 10)"
	    " FROM json_each('[11,12,21,31]')");
	assert_int_equal(print(place, "accounts", REPORT_CSV, "2", 0), 0);
	assert_string_equal(place->text,
	    "run,account,kind,calls,legs,bill_ms,pulses,charged_micro,"
	    "paid_in_micro,balance_micro\r\n"
	    "2,,,1,1,31000,2,100000,,\r\n"
	    "2,shop,prepaid,2,3,44000,6,400000,1000000,600000\r\n"
	    "2,villa,billed,0,0,0,0,0,,\r\n");
}

static void
short_are_the_answered_below_10_s(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "CREATE TEMP TABLE more AS SELECT * FROM cdr WHERE run = 2"
	    " AND call = 1;"
	    "UPDATE more SET call = 10, bill_ms = 9999;"
	    "INSERT INTO cdr SELECT * FROM more;"
	    "UPDATE more SET call = 11, bill_ms = 10000;"
	    "INSERT INTO cdr SELECT * FROM more");
	assert_int_equal(print(place, "short", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_non_null(strstr(place->text, "\r\n2,10,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(setup_runs, a_call_is_told_on_a_page),
		TEST(setup_runs, what_went_between_its_parties_is_a_ladder),
		TEST(setup_runs, a_ladder_names_who_has_no_line),
		TEST(setup_runs, accounts_have_what_they_paid_and_what_is_left),
		TEST(setup_runs, short_are_the_answered_below_10_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
