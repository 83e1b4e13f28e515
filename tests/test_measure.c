/* What is counted of calls, version by version, is what the reports say. */
#include "calls/exchange/cdr.h"
#include "calls/exchange/measure.h"

#include <sqlite3.h>

#include "calls/database/schema.h"
#include "switch/histogram.h"
#include "switch/object.h"
#include "tests/office_world.h"

/*--------------------------------------------------------------------
 * Against the records in the database
 */

static void
execute(sqlite3 *database, const char *statement)
{
	char *why = NULL;

	if (sqlite3_exec(database, statement, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", why, statement);
}

static sqlite3 *
open_database(void)
{
	sqlite3 *database;

	assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
	assert_int_equal(schema_make(database), SQLITE_OK);
	return database;
}

static double
ask(sqlite3 *database, const char *query)
{
	sqlite3_stmt *statement;
	double value;

	assert_int_equal(
	    sqlite3_prepare_v2(database, query, -1, &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	value = sqlite3_column_double(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

/* All columns are NOT NULL: what is not of interest is 0. */
static void
insert(sqlite3 *database, const struct cdr *cdr)
{
	const struct call_record *record = &cdr->call;
	sqlite3_stmt *columns;
	char names[1024] = "", values[1024] = "", statement[4096];
	const char *name;

	assert_int_equal(sqlite3_prepare_v2(database,
			     "SELECT name FROM pragma_table_info('cdr')", -1,
			     &columns, NULL),
	    SQLITE_OK);
	while (sqlite3_step(columns) == SQLITE_ROW) {
		name = (const char *)sqlite3_column_text(columns, 0);
		snprintf(names + strlen(names), sizeof names - strlen(names),
		    ",%s", name);
		snprintf(values + strlen(values),
		    sizeof values - strlen(values), ",%llu",
		    (unsigned long long)(strcmp(name, "call") == 0
			    ? record->call
			    : strcmp(name, "cause") == 0     ? record->cause
			    : strcmp(name, "t_dialled") == 0 ? record->t_dialled
			    : strcmp(name, "t_alert") == 0   ? record->t_alert
			    : strcmp(name, "t_answer") == 0  ? record->t_answer
			    : strcmp(name, "charge_micro") == 0
			    ? cdr->charge_micro
			    : strcmp(name, "bill_ms") == 0 &&
				record->t_answer != 0
			    ? (record->t_release - record->t_answer) / 1000
			    : 0));
	}
	sqlite3_finalize(columns);
	snprintf(statement, sizeof statement, "INSERT INTO cdr(%s) VALUES(%s)",
	    names + 1, values + 1);
	execute(database, statement);
}

/* Every cause, with and without digits, alert and answer. */
static void
u3_each_cause_counts_as_the_reports_count_it(void **state)
{
	sqlite3 *database = open_database();
	struct measures *measures;
	struct cdr cdr;
	struct measured_call measured;
	struct measure sum;
	unsigned int i;

	(void)state;
	assert_int_equal(measures_alloc(&measures), 0);
	for (i = 0; i < 128 * 8; i++) {
		cdr = (struct cdr){
			.call = { .call = i + 1,
			    .cause = (uint8_t)(i / 8),
			    .t_dialled = (i & 4) != 0 ? 1000000 : 0,
			    .t_alert = (i & 2) != 0 ? 1000000 + i * 1000 : 0,
			    .t_answer = (i & 1) != 0 ? 9000000 : 0,
			    .t_release = 9000000 + i * 10000 },
			.charge_micro = i
		};
		insert(database, &cdr);
		measured = measure_call(7, &cdr);
		measures_add_call(measures, &measured);
	}
	sum = measures_at(measures, 7);
	assert_int_equal(
	    sum.ended, ask(database, "SELECT calls FROM call_counts"));
	assert_int_equal(
	    sum.answers, ask(database, "SELECT answered FROM call_counts"));
	assert_int_equal(
	    sum.effective, ask(database, "SELECT effective FROM call_counts"));
	assert_int_equal(
	    sum.bill_ms, ask(database, "SELECT bill_ms FROM call_counts"));
	assert_int_equal(sum.charge_micro,
	    ask(database, "SELECT charge_micro FROM call_counts"));
	assert_int_equal(sum.pdd->count, 128 * 3);
	/* The reports take the nearest rank, here it is a bucket's bound. */
	assert_in_range(histogram_quantile(sum.pdd, 0.95) / 1000,
	    ask(database, "SELECT p95_ms FROM post_dial_delay"),
	    ask(database, "SELECT p95_ms * 17 / 16 FROM post_dial_delay"));
	assert_int_equal(measures_at(measures, 6).ended, 0);
	measures_free(&measures);
	sqlite3_close(database);
}

static void
a_gapped_attempt_is_a_bid_and_no_seizure(void **state)
{
	struct measures *measures;

	(void)state;
	assert_int_equal(measures_alloc(&measures), 0);
	measures_add_gapped(measures, 3);
	assert_int_equal(measures_at(measures, 3).bids, 1);
	assert_int_equal(measures_at(measures, 3).ended, 0);
	assert_null(measures_at(measures, 3).pdd);
	measures_free(&measures);
}

static void
without_memory_a_call_is_counted_all_the_same(void **state)
{
	const struct cdr cdr = {
		.call = { .t_dialled = 1, .t_alert = 1001, .t_answer = 2001 }
	};
	const struct measured_call measured = measure_call(1, &cdr);
	struct measures *measures;

	(void)state;
	assert_int_equal(measures_alloc(&measures), 0);
	object_fail_after(0);
	measures_add_call(measures, &measured);
	assert_true(object_has_failed());
	object_fail_after(-1);
	assert_int_equal(measures_at(measures, 1).answers, 1);
	assert_null(measures_at(measures, 1).pdd);
	measures_add_call(measures, &measured);
	assert_int_equal(measures_at(measures, 1).answers, 2);
	assert_int_equal(measures_at(measures, 1).pdd->count, 1);
	measures_free(&measures);
}

/*--------------------------------------------------------------------
 * Of calls
 */

static int
setup(void **state)
{
	*state = office_world_begin("1.0");
	return 0;
}

static int
teardown(void **state)
{
	expect_order(*state);
	office_world_end(*state);
	return 0;
}

static struct measure
measure(const struct office_world *world)
{
	return office_measure(world->office, world->release);
}

static void
u3_a_call_counts_once_when_its_record_is_taken(void **state)
{
	struct office_world *world = *state;

	call(world, "1001", "1002");
	answer(world, "1002");
	pass(world, 30 * S);
	assert_int_equal(measure(world).ended, 0);
	hang_up(world, "1001");
	hang_up(world, "1002");
	assert_int_equal(world->cdrs, 1);
	assert_int_equal(measure(world).bids, 1);
	assert_int_equal(measure(world).ended, 1);
	assert_int_equal(measure(world).answers, 1);
	assert_int_equal(measure(world).effective, 1);
	assert_int_equal(measure(world).bill_ms, 30000);
	assert_int_equal(measure(world).pdd->count, 1);

	call(world, "1001", "1999"); /* no such number */
	hang_up(world, "1001");
	assert_int_equal(measure(world).ended, 2);
	assert_int_equal(measure(world).answers, 1);
	assert_int_equal(measure(world).effective, 1);
}

static void
u3_a_signal_without_a_row_counts_for_the_version_that_had_none(void **state)
{
	struct office_world *world = *state;

	call(world, "1001", "1002");
	answer(world, "1002");
	assert_int_equal(measure(world).unexpected, 0);
	send(world, "1001", SIGNAL_HOLD);
	assert_int_equal(measure(world).unexpected, 1);
	assert_int_equal(office_counts(world->office)->unexpected, 1);
	hang_up(world, "1001");
	hang_up(world, "1002");
}

/* It can say nothing any more; the office has seen what there is to count. */
static void
u3_a_call_that_is_killed_counts_too(void **state)
{
	const struct reason kill = { .kind = REASON_KILL };
	struct office_world *world = *state;

	call(world, "1001", "1002");
	answer(world, "1002");
	pass(world, 2 * S);
	process_exit_signal(
	    world->world.scheduler, PID_NONE, pid_of(world), kill);
	pass(world, 0);
	expect_record(world, 41, LOCAL_CRASH, SIDE_NET);
	assert_int_equal(measure(world).ended, 1);
	assert_int_equal(measure(world).answers, 1);
	assert_int_equal(measure(world).bill_ms, 2000);
	assert_int_equal(office_counts(world->office)->lost, 1);
	hang_up(world, "1001");
	hang_up(world, "1002");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u3_each_cause_counts_as_the_reports_count_it),
		cmocka_unit_test(a_gapped_attempt_is_a_bid_and_no_seizure),
		cmocka_unit_test(without_memory_a_call_is_counted_all_the_same),
		cmocka_unit_test_setup_teardown(
		    u3_a_call_counts_once_when_its_record_is_taken, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    u3_a_signal_without_a_row_counts_for_the_version_that_had_none,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    u3_a_call_that_is_killed_counts_too, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
