/* When the gate is closed, and who is let in then (T1, T48). */
#include "tests/office_world.h"

#include "calls/exchange/gate.h"
#include "calls/exchange/measure.h"

static int
set_up(void **state)
{
	struct office_world *w = office_world_begin("1.0");

	office_set_class(w->office, line(w, "1010"), 2, CLASS_emergency);
	*state = w;
	return 0;
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
	assert_int_equal(number(w, "cause"), CAUSE_SWITCH_CONGESTION);
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

/*--------------------------------------------------------------------
 * By what it is closed
 */

static const struct gate_load idle = { .room = UINT64_MAX };

/* "" if it lets one in. */
static const char *
ask(struct gate *gate, const struct gate_load *load, enum line_class class)
{
	enum gate_reason reason = GATE_REASONS_COUNT;

	return gate_admits(gate, load, class, &reason)
	    ? ""
	    : gate_reason_word(reason);
}

static unsigned int
let_in(struct gate *gate, uint64_t now, enum line_class class)
{
	const struct gate_load load = { .now = now, .room = UINT64_MAX };
	unsigned int count = 0;

	while (*ask(gate, &load, class) == '\0')
		count++;
	return count;
}

/* RFC 7415: a burst, and then as many as leak out. */
static void
no_more_calls_begin_than_the_rate_says(void **state)
{
	const struct gate_limits limits = { .rate = 10 };
	struct gate gate = { .content = 0 };

	(void)state;
	gate_set(&gate, &limits);
	assert_int_equal(let_in(&gate, 0, CLASS_ordinary), 5);
	assert_int_equal(let_in(&gate, 100 * MS, CLASS_ordinary), 0);
	assert_int_equal(let_in(&gate, 299 * MS, CLASS_ordinary), 0);
	assert_int_equal(let_in(&gate, 300 * MS, CLASS_ordinary), 3);
	assert_int_equal(let_in(&gate, 10 * S, CLASS_ordinary), 5);
	/* A tenth of a second's, where that is more than four. */
	gate_set(&gate, &(struct gate_limits){ .rate = 1000 });
	assert_int_equal(let_in(&gate, 20 * S, CLASS_ordinary), 101);
	gate_set(&gate, &(struct gate_limits){ .rate = 0 });
	assert_string_equal(ask(&gate, &idle, CLASS_ordinary), "");
}

static void
priority_lines_may_burst_twice_as_long(void **state)
{
	const struct gate_load none = { .room = UINT64_MAX },
			       full = { .live = 10, .room = UINT64_MAX };
	struct gate gate = { .content = 0 };

	(void)state;
	gate_set(&gate, &(struct gate_limits){ .rate = 10, .live = 10 });
	assert_int_equal(let_in(&gate, 0, CLASS_test), 5);
	assert_string_equal(ask(&gate, &none, CLASS_emergency), "");
	assert_int_equal(let_in(&gate, 0, CLASS_priority), 3);
	assert_string_equal(ask(&gate, &none, CLASS_priority), "rate");
	assert_string_equal(ask(&gate, &none, CLASS_emergency), "");
	/* Against all else they have no advantage. */
	gate.content = 0;
	assert_string_equal(ask(&gate, &full, CLASS_priority), "live");
	assert_string_equal(ask(&gate, &full, CLASS_emergency), "");
}

static const char *
ask_with(struct gate *gate, uint64_t live, uint64_t delay_us, uint64_t room)
{
	const struct gate_load load = {
		.live = live, .delay_us = delay_us, .room = room
	};

	return ask(gate, &load, CLASS_ordinary);
}

static void
each_reason_lets_go_later_than_it_takes_hold(void **state)
{
	struct gate gate = { .content = 0 };

	(void)state;
	gate_set(&gate, &(struct gate_limits){ .live = 100 });
	assert_string_equal(ask_with(&gate, 99, 0, UINT64_MAX), "");
	assert_string_equal(ask_with(&gate, 100, 0, UINT64_MAX), "live");
	assert_string_equal(ask_with(&gate, 96, 0, UINT64_MAX), "live");
	assert_string_equal(ask_with(&gate, 95, 0, UINT64_MAX), "");
	assert_string_equal(ask_with(&gate, 99, 0, UINT64_MAX), "");
	gate_set(&gate, &(struct gate_limits){ .live = 1 });
	assert_string_equal(ask_with(&gate, 1, 0, UINT64_MAX), "live");
	assert_string_equal(ask_with(&gate, 0, 0, UINT64_MAX), "");

	gate_set(&gate, &(struct gate_limits){ .delay_us = 1000 });
	assert_string_equal(ask_with(&gate, 0, 1000, UINT64_MAX), "");
	assert_string_equal(ask_with(&gate, 0, 1001, UINT64_MAX), "delay");
	assert_string_equal(ask_with(&gate, 0, 501, UINT64_MAX), "delay");
	assert_string_equal(ask_with(&gate, 0, 500, UINT64_MAX), "");

	/* Each live call must still be able to write its record. */
	assert_string_equal(ask_with(&gate, 80, 0, 81), "");
	assert_string_equal(ask_with(&gate, 80, 0, 80), "records");
	assert_string_equal(ask_with(&gate, 80, 0, 90), "records");
	assert_string_equal(ask_with(&gate, 80, 0, 91), "");
	assert_string_equal(ask_with(&gate, 0, 0, 0), "records");
}

static void
the_gravest_reason_is_told(void **state)
{
	const struct gate_load worst = { .live = 9, .delay_us = 9, .room = 0 };
	struct gate gate = { .content = 9 };
	struct gate_view view;

	(void)state;
	gate_set(&gate,
	    &(struct gate_limits){ .rate = 1, .live = 1, .delay_us = 1 });
	atomic_store(&gate.alarms, 1);
	assert_string_equal(ask(&gate, &worst, CLASS_ordinary), "alarm");
	atomic_store(&gate.alarms, 0);
	assert_string_equal(ask(&gate, &worst, CLASS_ordinary), "records");
	assert_string_equal(ask_with(&gate, 9, 9, 99), "delay");
	assert_string_equal(ask_with(&gate, 9, 0, 99), "live");
	gate_look(&gate, &idle, &view);
	assert_false(view.is_open);
	assert_int_equal(view.reason, GATE_rate);
	gate.content = 0;
	gate_look(&gate, &idle, &view);
	assert_true(view.is_open);
}

/*--------------------------------------------------------------------
 * In an office
 */

static const struct gate_view *
look_at_gate(struct office_world *w)
{
	static struct gate_view view;

	office_look_at_gate(w->office, &view);
	return &view;
}

static void
live_calls_close_it_and_are_told_by_reason(void **state)
{
	struct office_world *w = *state;

	office_set_gate(w->office, &(struct gate_limits){ .live = 1 });
	assert_true(look_at_gate(w)->is_open);
	call(w, "1001", "1002");
	assert_int_equal(look_at_gate(w)->reason, GATE_live);
	call(w, "1003", "1004");
	call(w, "1005", "1010");
	expect_state(w, "alerting");
	expect_counts(w, 3, 1, 2);
	assert_int_equal(look_at_gate(w)->gapped[GATE_live], 1);
	assert_int_equal(look_at_gate(w)->gapped[GATE_rate], 0);
	assert_true(has_logged(w, "gate closed live"));
	assert_false(has_logged(w, "gate open"));
	hang_up(w, "1001");
	hang_up(w, "1005");
	hang_up(w, "1003");
	call(w, "1003", "1004");
	expect_state(w, "alerting");
	assert_true(has_logged(w, "gate open"));
}

static uint64_t
room_of(void *arg)
{
	return *(uint64_t *)arg;
}

static void
records_that_have_no_room_close_it(void **state)
{
	struct office_world *w = *state;
	uint64_t room = 1;

	office_set_room(w->office, room_of, &room);
	call(w, "1001", "1002");
	expect_state(w, "alerting");
	call(w, "1003", "1004");
	assert_int_equal(look_at_gate(w)->gapped[GATE_records], 1);
	room = 100;
	assert_true(look_at_gate(w)->is_open);
}

/* An event takes 10 ms: of the exchange, of the pool, of the call. */
static void
what_calls_wait_for_dial_tone_closes_it(void **state)
{
	struct office_world *w = *state;
	const char *why;

	scheduler_set_capacity(w->world.scheduler, 100);
	office_set_gate(
	    w->office, &(struct gate_limits){ .delay_us = 25 * MS });
	offhook(w, "1001");
	pass(w, 19 * MS);
	expect_line(w, "1001", "busy", "none");
	pass(w, MS);
	expect_line(w, "1001", "busy", "dial");
	assert_true(look_at_gate(w)->is_open); /* it was 20 ms */
	assert_int_equal(
	    office_offhook(w->office, line(w, "1002"), &w->call, &why), 0);
	assert_int_equal(
	    office_offhook(w->office, line(w, "1003"), &w->call, &why), 0);
	pass(w, 26 * MS);
	assert_int_equal(look_at_gate(w)->reason, GATE_delay);
	pass(w, S);
	expect_line(w, "1003", "busy", "dial");
	assert_true(look_at_gate(w)->is_open); /* nobody waits */
	scheduler_set_capacity(w->world.scheduler, 0);
	offhook(w, "1004");
	expect_line(w, "1004", "busy", "dial");
}

int
main(void)
{
#define GATE_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, set_up, office_world_leave)
	const struct CMUnitTest tests[] = {
		GATE_TEST(
		    t1_t48_a_call_is_turned_away_when_its_number_is_known),
		GATE_TEST(t48_who_gives_up_before_that_has_made_a_call),
		GATE_TEST(t48_the_gate_may_have_opened_meanwhile),
		GATE_TEST(t48_emergency_calls_pass),
		GATE_TEST(t48_a_call_that_was_turned_away_leaves_nothing),
		GATE_TEST(a_gapped_attempt_is_a_bid_of_its_version),
		cmocka_unit_test(no_more_calls_begin_than_the_rate_says),
		cmocka_unit_test(priority_lines_may_burst_twice_as_long),
		cmocka_unit_test(each_reason_lets_go_later_than_it_takes_hold),
		cmocka_unit_test(the_gravest_reason_is_told),
		GATE_TEST(live_calls_close_it_and_are_told_by_reason),
		GATE_TEST(records_that_have_no_room_close_it),
		GATE_TEST(what_calls_wait_for_dial_tone_closes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
