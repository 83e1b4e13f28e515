/* Who is let in while the gate is closed (T1, T48). */
#include "tests/office_world.h"

#include "calls/exchange/measure.h"
#include "switch/alarm.h"

static int
set_up(void **state)
{
	struct office_world *w = office_world_begin("1.0");

	office_set_class(w->office, line(w, "1010"), 2, CLASS_emergency);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	office_world_end(*state);
	return 0;
}

/* For all but emergency calls. */
static void
close_gate(struct office_world *w)
{
	const struct alarm alarm = { .name = ALARM_RESTART_LIMIT,
		.object = "supervisor calls",
		.severity = ALARM_critical };

	alarm_raise(w->world.scheduler, &alarm);
}

static void
open_gate(struct office_world *w)
{
	alarm_clear(
	    w->world.scheduler, ALARM_RESTART_LIMIT, "supervisor calls");
}

static void
expect_counts(struct office_world *w, unsigned int attempts,
    unsigned int gapped, unsigned int live)
{
	const struct office_counts *counts = office_counts(w->office);

	assert_int_equal(counts->attempts, attempts);
	assert_int_equal(counts->gapped, gapped);
	assert_int_equal(counts->live, live);
	assert_int_equal(counts->ended, attempts - gapped - live);
	expect_order(w);
}

static void
t1_t48_a_call_is_turned_away_when_its_number_is_known(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	offhook(w, "1001");
	expect_line(w, "1001", "busy", "dial");
	expect_counts(w, 1, 0, 1);
	dial(w, "1001", "100");
	expect_state(w, "collecting");
	dial(w, "1001", "2");
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "congestion");
	expect_line(w, "1002", "idle", "none");
	expect_counts(w, 1, 1, 0);
	pass(w, 30 * S); /* Ttreat */
	expect_line(w, "1001", "parked", "disconnect");
	expect_counts(w, 1, 1, 0);
	hang_up(w, "1001");
	assert_int_equal(w->cdrs, 0);
}

static void
t48_who_gives_up_before_that_has_made_a_call(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	offhook(w, "1001");
	dial(w, "1001", "10");
	hang_up(w, "1001");
	expect_record(w, CAUSE_NORMAL, LOCAL_ABANDON, SIDE_A);
	expect_counts(w, 1, 0, 0);
	call(w, "1001", "9"); /* the gate says no before the number does */
	expect_counts(w, 2, 1, 0);
	hang_up(w, "1001");
	assert_int_equal(w->cdrs, 1);
}

static void
t48_the_gate_may_have_opened_meanwhile(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	offhook(w, "1001");
	open_gate(w);
	dial(w, "1001", "1002"); /* it was marked when it began */
	expect_counts(w, 1, 1, 0);
	hang_up(w, "1001");
	offhook(w, "1001");
	close_gate(w);
	dial(w, "1001", "1002");
	expect_state(w, "alerting");
	expect_counts(w, 2, 1, 1);
}

static void
t48_emergency_calls_pass(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	call(w, "1001", "1010");
	expect_state(w, "alerting");
	offhook(w, "1002");
	dial(w, "1002", "1011");
	expect_state(w, "alerting");
	hang_up(w, "1001");
	call(w, "1010", "1003"); /* one from there */
	expect_state(w, "alerting");
	expect_counts(w, 3, 0, 2);
}

/* However it ends, and whoever ends it. */
static void
t48_a_call_that_was_turned_away_leaves_nothing(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	call(w, "1001", "1002");
	assert_int_equal(office_clear(w->office, pid_of(w), CAUSE_NONE), 0);
	pass(w, 0);
	expect_counts(w, 1, 1, 0);
	hang_up(w, "1001");
	call(w, "1003", "1002");
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w),
	    (struct reason){ .kind = REASON_KILL });
	pass(w, 0);
	expect_counts(w, 2, 2, 0);
	assert_int_equal(office_counts(w->office)->turned_away, 0);
	assert_int_equal(w->cdrs, 0);
}

static void
a_gapped_attempt_is_a_bid_of_its_version(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "1002");
	hang_up(w, "1001");
	close_gate(w);
	call(w, "1001", "1002");
	assert_int_equal(office_measure(w->office, w->release).bids, 2);
	assert_int_equal(office_measure(w->office, w->release).ended, 1);
}

int
main(void)
{
#define GATE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		GATE_TEST(
		    t1_t48_a_call_is_turned_away_when_its_number_is_known),
		GATE_TEST(t48_who_gives_up_before_that_has_made_a_call),
		GATE_TEST(t48_the_gate_may_have_opened_meanwhile),
		GATE_TEST(t48_emergency_calls_pass),
		GATE_TEST(t48_a_call_that_was_turned_away_leaves_nothing),
		GATE_TEST(a_gapped_attempt_is_a_bid_of_its_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
