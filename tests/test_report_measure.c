/* What is worked out from records: shares, delays, load, and how sure it is. */
#include "tests/report_place.h"

static void
causes_have_names_and_shares(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "causes", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "causes");
}

/*
 * T1 of 10 circuits, offered 5 E: of 1,000 bids 18 find none, which is Erlang's
 * 1.84 %; 4.91 E carried make 5 again.  T2 takes what T1 has no room for, and
 * has no formula; T3 stands behind T1 and has been the first choice of all that
 * came there, since the order is by weight: 0.5 E and one circuit are 1/3.
 */
static void
routes_have_their_load_beside_erlang_b(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO office VALUES(2, 1, 0, 'trunk', 'T1', '10'),"
	    " (2, 2, 0, 'trunk', 'T2', '5 -kind isdn'),"
	    " (2, 3, 0, 'trunk', 'T3', '1'),"
	    " (2, 4, 0, 'route', '0', 'T1 T2 -strip 1'),"
	    " (2, 5, 0, 'route', '1', 'T1 T3 -order weight');"
	    "INSERT INTO measurement WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 19) SELECT 2, 'trunk T1',"
	    " i * 300000000, (i + 1) * 300000000, 50, 50, 0, 0, 0, 0, 0, 0, 1, "
	    "49 "
	    "+ (i < 2), 25,"
	    " 49, 5, 4.91 * 300000000, 3000000, 0, 0, 2, 0, 0 FROM n;"
	    "INSERT INTO measurement VALUES(2, 'trunk T2', 0, 300000000, 18, 0,"
	    " 0, 0, 0, 0, 0, 0, 0, 18, 9, 18, 0, 30000000, 0, 0, 0, 0, 0, 0),"
	    " (2, 'trunk T3', 0, 300000000, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1,"
	    " 0, 150000000, 0, 0, 0, 0, 0, 0);"
	    "UPDATE cdr SET out_trunk = 'T1' WHERE call = 1;"
	    "UPDATE cdr SET in_trunk = 'T1' WHERE run = 2 AND call > 2");
	assert_int_equal(print(place, "routes", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text,
	    "\r\n2,T1,10,1000,982,500,20,0.509165,1.000000,90.000000,"
	    "100.000000,6.100000,4.910000,5.000000,0.018000,"));
	assert_non_null(strstr(place->text, ",0.018385,0.010000,40,1,2\r\n"));
	assert_non_null(strstr(place->text,
	    "\r\n2,T2,5,18,18,9,0,0.500000,,,,,0.100000,0.100000,0.000000,,,"
	    "0.000000,0,,0\r\n"));
	assert_non_null(strstr(place->text, "\r\n2,T3,1,1,1,1,0,"));
	assert_non_null(strstr(place->text,
	    ",0.500000,0.500000,0.000000,,0.333333,0.000000,0,,0\r\n"));
}

/*
 * Twenty calls that ended in A, of which 5 are answered after 1 to 5 ms, talk
 * for 1 to 5 s, and pay 2 each; and 20 in B, of which all are.  Wilson's
 * intervals of 5/20 and 20/20 are 0.1119 to 0.4687 and 0.8389 to 1; the mean
 * of 1 to 5 has the standard error sqrt(2.5 / 5) = 0.7071; the 50th percentile
 * of 5 values is the third, between the first and the fifth (2.5 - 2.19 and
 * 2.5 + 2.19); charges are 10 for 15 s.
 */
static void
two_versions_are_compared_with_how_sure_that_is(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "CREATE TEMP TABLE more AS WITH RECURSIVE n(i) AS (SELECT 1"
	    " UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
	    " SELECT cdr.* FROM cdr, n WHERE run = 2 AND call = 1;"
	    "UPDATE more SET call = rowid, t_dialled = 1000, t_alert = 0,"
	    " t_answer = 0, bill_ms = 0, charge_micro = 0, cause = 21,"
	    " version_start = iif(rowid <= 20, 'A', 'B'),"
	    " version_end = iif(rowid <= 20, 'A', 'B');"
	    "UPDATE more SET cause = 16, t_answer = 9000,"
	    " t_alert = 1000 + 1000 * (1 + (call - 1) % 20),"
	    " bill_ms = 1000 * (1 + (call - 1) % 20), charge_micro = 2000000"
	    " WHERE call <= 5 OR call > 20;"
	    "DELETE FROM cdr; INSERT INTO cdr SELECT * FROM more");
	assert_int_equal(
	    print(place, "compare call A B", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "compare");
	assert_int_equal(
	    print(place, "compare call B A", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "2,call,B,A,ASR,1.000000,0.838"));
	assert_non_null(strstr(place->text, ",lower,"));
}

static void
percentiles_are_by_nearest_rank(void **state)
{
	struct place *place = *state;

	/* Of 20 values 1..20: the 50th percentile is the 10th, 95th the 19th */
	run_sql(place,
	    "CREATE TEMP TABLE more AS SELECT cdr.* FROM cdr, json_each("
	    "'[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]')"
	    " WHERE run = 2 AND call = 1;"
	    "UPDATE more SET call = rowid + 100, t_dialled = 1000,"
	    " t_alert = 1000 + (rowid * 7 % 20 + 1) * 1000, t_answer = 0;"
	    "INSERT INTO cdr SELECT * FROM more;"
	    "DELETE FROM cdr WHERE run = 2 AND call < 100");
	assert_int_equal(print(place, "summary", REPORT_JSON, "2", 0), 0);
	assert_non_null(
	    strstr(place->text, "\"pdd_p50_ms\":10.0,\"pdd_p95_ms\":19.0"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(setup_runs, causes_have_names_and_shares),
		TEST(setup_runs, routes_have_their_load_beside_erlang_b),
		TEST(setup_runs,
		    two_versions_are_compared_with_how_sure_that_is),
		TEST(setup_runs, percentiles_are_by_nearest_rank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
