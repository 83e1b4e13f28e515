/*
 * Rows about events that fault: the fact that the event told of is not lost
 * (T89), and a call that is given up leaves its record (T39).
 */
#ifndef TESTS_FAULT_ROWS_H
#define TESTS_FAULT_ROWS_H

#include "tests/call_states.h"

static void
t39_a_call_that_is_given_up_leaves_its_record(void **state)
{
	struct office_world *w = *state;
	const struct reason reason = { .kind = REASON_ERROR, .number = 1 };

	active(w);
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w), reason);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	assert_int_equal(w->cdr.call.t_answer, 6 * S + 1);
	expect_line(w, "1001", "parked", "disconnect");
	expect_line(w, "1002", "parked", "disconnect");
	assert_int_equal(office_counts(w->office)->lost, 1);
}

static void
t39_a_second_fault_in_a_row_gives_the_call_up(void **state)
{
	struct office_world *w = *state;

	active(w);
	assert_int_equal(
	    process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 2), 0);
	hang_up(w, "1001");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	assert_int_equal(w->cdr.crashes, 2);
	expect_line(w, "1001", "idle", "none");
	expect_line(w, "1002", "parked", "disconnect");
}

static void
t39_the_exchange_records_what_terminate_cannot(void **state)
{
	struct office_world *w = *state;

	active(w);
	pass(w, S);
	process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 3);
	hang_up(w, "1001");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	assert_int_equal(w->cdrs, 1);
	assert_int_equal(w->cdr.call.t_seize, 1);
	assert_int_equal(w->cdr.call.t_answer, 6 * S + 1);
	assert_int_equal(w->cdr.call.t_release, 7 * S + 1);
	assert_string_equal(w->cdr.call.dialled, "1002");
	assert_string_equal(w->cdr.connected, "1002");
	expect_line(w, "1002", "parked", "disconnect");
	/* Its leg too, free: what it cost only the module knew. */
	assert_int_equal(w->legs, 1);
	assert_int_equal(w->leg.t_answer, 6 * S + 1);
	assert_int_equal(w->leg.t_end, 7 * S + 1);
	assert_int_equal(w->leg.cause, 41);
	assert_int_equal(w->leg.charge_micro, 0);
	assert_int_equal(w->cdr.charge_micro, 0);
}

static void
t39_a_call_that_is_killed_leaves_its_record(void **state)
{
	struct office_world *w = *state;
	const struct reason reason = { .kind = REASON_KILL };

	alerting(w);
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w), reason);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1002", "idle", "none");
	expect_line(w, "1001", "parked", "disconnect");
}

static void
t89_an_answer_survives_its_fault(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	break_next(w);
	answer(w, "1002");
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
}

static void
t89_alerting_survives_its_fault(void **state)
{
	struct office_world *w = *state;

	presented(w);
	break_next(w);
	send(w, "2001", SIGNAL_ALERTING);
	expect_state(w, "alerting");
	expect_line(w, "1001", "busy", "ringback");
}

static void
t89_a_refusal_survives_its_fault(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	break_next(w);
	reject(w, "1002", 17);
	expect_state(w, "treated");
	expect_line(w, "1002", "idle", "none");
}

static void
t89_an_on_hook_survives_its_fault(void **state)
{
	static void (*const states[])(struct office_world *) = { collecting,
		presented, alerting, active, treated };
	struct office_world *w = *state;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		states[i](w);
		break_next(w);
		hang_up(w, "1001");
		expect_line(w, "1001", "idle", "none");
		if (i == 3)
			hang_up(w, "1002");
		expect_state(w, "ended");
		assert_int_equal(w->cdr.crashes, 1);
	}
	clearing(w);
	break_next(w);
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

static void
t89_a_timer_survives_its_fault(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	break_next(w);
	pass(w, 180UL * S);
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "no-answer");
}

#define FAULT_TESTS                                                            \
	CALL_TEST(t39_a_call_that_is_given_up_leaves_its_record),              \
	    CALL_TEST(t39_a_second_fault_in_a_row_gives_the_call_up),          \
	    CALL_TEST(t39_the_exchange_records_what_terminate_cannot),         \
	    CALL_TEST(t39_a_call_that_is_killed_leaves_its_record),            \
	    CALL_TEST(t89_an_answer_survives_its_fault),                       \
	    CALL_TEST(t89_alerting_survives_its_fault),                        \
	    CALL_TEST(t89_a_refusal_survives_its_fault),                       \
	    CALL_TEST(t89_an_on_hook_survives_its_fault),                      \
	    CALL_TEST(t89_a_timer_survives_its_fault)

#endif
