/*
 * Rows about a circuit that is to be free again: its release is waited for.
 */
#ifndef TESTS_RELEASE_ROWS_H
#define TESTS_RELEASE_ROWS_H

#include "tests/trunk_rows.h"

static void
t40_t41_release_is_waited_for(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	hang_up(w, "1001");
	expect_state(w, "clearing");
	assert_true(has_logged(w, "circuit T1 1 <- disconnect cause 16"));
	pass(w, 30 * S); /* T306 */
	expect_state(w, "releasing");
	expect_circuit(w, "T1", 1, "busy", "none");
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 16);
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_circuit(w, "T1", 1, "idle", "none");
}

static void
t41_two_far_ends_are_awaited(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	far_calls(w, "T1", 2, "0855");
	expect_state(w, "presented");
	pass(w, 8 * S);
	expect_state(w, "treated");
	pass(w, 30 * S); /* Ttreat; the called side is free already */
	expect_state(w, "releasing");
	expect_circuit(w, "T1", 1, "idle", "none");
	far_says(w, "T1", 2, SIGNAL_RELEASE, 31);
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
	far_calls(w, "T1", 2, "0855");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	office_clear(w->office, pid_of(w), 31);
	pass(w, 0);
	pass(w, 30 * S);
	expect_state(w, "releasing");
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 31);
	expect_state(w, "releasing");
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_circuit(w, "T1", 2, "busy", "none");
	far_says(w, "T1", 2, SIGNAL_RELEASE_COMPLETE, 31);
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
}

static void
t41_a_trunk_that_fails_is_not_waited_for(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	expect_state(w, "releasing");
	assert_int_equal(
	    office_fail_circuit(w->office, port(w, "T1", 1), true), 0);
	pass(w, 0);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_circuit(w, "T1", 1, "down", "none");
}

static void
t83_what_comes_in_rel_is_late(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	expect_state(w, "releasing");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_state(w, "releasing");
	assert_int_equal(office_counts(w->office)->late, 2);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
}

static void
t84_t85_a_far_end_that_does_not_release(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	pass(w, 4 * S - MS); /* T308 */
	assert_int_equal(number(w, "releases"), 1);
	pass(w, MS);
	expect_state(w, "releasing");
	assert_int_equal(number(w, "releases"), 2);
	assert_false(alarm_stands_of(w, ALARM_CIRCUIT_BLOCKED));
	pass(w, 4 * S);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	assert_int_equal(w->cdr.call.diagnostic, CAUSE_TIMER_RECOVERY);
	expect_circuit(w, "T1", 1, "blocked", "none");
	assert_true(alarm_stands_of(w, ALARM_CIRCUIT_BLOCKED));
	call(w, "1001", "08123");
	expect_circuit(w, "T1", 2, "busy", "none");
	hang_up(w, "1001");
	pass(w, 4 * S); /* the second RELEASE is answered */
	far_says(w, "T1", 2, SIGNAL_RELEASE_COMPLETE, 16);
	assert_int_equal(w->cdr.call.diagnostic, CAUSE_NONE);
}

static void
t84_t85_isup_goes_on_for_five_minutes(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_SS7);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	pass(w, 300 * S - MS);
	expect_state(w, "releasing");
	assert_int_equal(number(w, "releases"), 10);
	pass(w, MS);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_circuit(w, "T1", 1, "blocked", "none");
}

static void
t86_release_complete_in_the_middle_of_a_call(void **state)
{
	struct office_world *w = *state;

	talking(w);
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 0);
	expect_state(w, "clearing");
	expect_circuit(w, "T1", 1, "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 31, LOCAL_NONE, SIDE_B);
	assert_int_equal(office_counts(w->office)->late, 0);
}

#define RELEASE_TESTS                                                          \
	CALL_TEST(t40_t41_release_is_waited_for),                              \
	    CALL_TEST(t41_two_far_ends_are_awaited),                           \
	    CALL_TEST(t41_a_trunk_that_fails_is_not_waited_for),               \
	    CALL_TEST(t83_what_comes_in_rel_is_late),                          \
	    CALL_TEST(t84_t85_a_far_end_that_does_not_release),                \
	    CALL_TEST(t84_t85_isup_goes_on_for_five_minutes),                  \
	    CALL_TEST(t86_release_complete_in_the_middle_of_a_call)

#endif
