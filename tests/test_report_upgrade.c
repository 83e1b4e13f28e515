/* What reports say of upgrades and of releases. */
#include "tests/report_place.h"

static void
an_upgrade_is_told_on_a_page(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "upgrade 1", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "upgrade");
	assert_int_equal(print(place, "upgrade 2", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "2,2,upgrade,reason,admission,"));
}

/* U4: what an upgrade took, whom it brought along and whom not. */
static void
u4_an_upgrade_is_told_by_stage_by_state_and_by_failure(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "stages", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "stages");
	assert_int_equal(print(place, "conversions", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "conversions");
	assert_int_equal(print(place, "failures", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "failures");
}

static int
count_old(const struct place *place)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int count;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT count(*) FROM report_releases"
			     " WHERE run = 2 AND status = 'old'",
			     -1, &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return count;
}

/*
 * In OTP's words.  Run 1: 1.0 is the first, 2.0 is installed; run 2: it begins
 * with 1.0 again, 2.0 is made permanent, 3.0 is tried and taken back.
 */
static void
r5_releases_have_a_status_and_can_be_picked_by_it(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO release VALUES(1, 1, 0, 'call', '1.0', 'permanent'),"
	    " (1, 2, 10, 'call', '2.0', 'current'),"
	    " (2, 1, 0, 'call', '1.0', 'current'),"
	    " (2, 5, 0, 'call', '2.0', 'current'),"
	    " (2, 6, 2500000, 'call', '2.0', 'permanent'),"
	    " (2, 7, 3000000, 'call', '3.0', 'current'),"
	    " (2, 8, 4000000, 'call', '2.0', 'current'),"
	    " (2, 9, 4000000, 'other', '1', 'permanent')");
	assert_int_equal(print(place, "releases", REPORT_CSV, "1", 0), 0);
	assert_string_equal(place->text,
	    "run,module,version,status,since_run,since_s\r\n"
	    "1,call,1.0,permanent,1,0.000000\r\n"
	    "1,call,2.0,current,1,0.000010\r\n");
	assert_int_equal(print(place, "releases", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "releases");
	assert_int_equal(count_old(place), 2); /* 1.0 and 3.0 */
	run_sql(place,
	    "INSERT INTO run(run, scenario, question, seed, pace,"
	    " started) VALUES(3, '', '', 1, '', '')");
	assert_int_equal(print(place, "releases", REPORT_CSV, "3", 0), 0);
	assert_non_null(strstr(place->text, "3,call,1.0,old,2,"));
	assert_non_null(strstr(place->text, "3,call,2.0,permanent,2,"));
	assert_non_null(strstr(place->text, "3,call,3.0,old,2,"));
	run_sql(place, "DELETE FROM release WHERE number = 8");
	assert_int_equal(print(place, "releases", REPORT_CSV, "3", 0), 0);
	assert_non_null(strstr(place->text, "3,call,3.0,unpacked,2,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(setup_runs, an_upgrade_is_told_on_a_page),
		TEST(setup_runs,
		    u4_an_upgrade_is_told_by_stage_by_state_and_by_failure),
		TEST(setup_runs,
		    r5_releases_have_a_status_and_can_be_picked_by_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
