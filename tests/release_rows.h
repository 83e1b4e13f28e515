/*
 * Rows about a circuit, or a line with an ISDN terminal, that is to be free
 * again: its release is waited for.
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

/* The one leg of the call is told which timer has ended its clearing. */
static void
expect_amendment(const struct office_world *w, const char *timer)
{
	assert_int_equal(w->amendments, 1);
	assert_int_equal(w->amendment.call, w->cdr.call.call);
	assert_int_equal(w->amendment.number, 1);
	assert_string_equal(leg_timer_word(w->amendment.timer), timer);
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
	expect_amendment(w, "T308");
	expect_circuit(w, "T1", 1, "blocked", "none");
	assert_true(alarm_stands_of(w, ALARM_CIRCUIT_BLOCKED));
	call(w, "1001", "08123");
	expect_circuit(w, "T1", 2, "busy", "none");
	hang_up(w, "1001");
	pass(w, 4 * S); /* the second RELEASE is answered */
	far_says(w, "T1", 2, SIGNAL_RELEASE_COMPLETE, 16);
	assert_int_equal(w->cdr.call.diagnostic, CAUSE_NONE);
	assert_int_equal(w->amendments, 1);
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
	expect_amendment(w, "ISUP-T5");
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

/* The terminal at 2001 is called, and has answered; who called has gone. */
static void
left_terminal(struct office_world *w)
{
	call(w, "1001", "2001");
	send(w, "2001", SIGNAL_ALERTING);
	answer(w, "2001");
	hang_up(w, "1001");
	expect_state(w, "clearing");
	expect_line(w, "2001", "busy", "disconnect");
}

static void
silence(struct office_world *w, bool is_silent)
{
	const char *why = "";
	int status =
	    office_silence_line(w->office, line(w, "2001"), is_silent, &why);

	done(w, status, why);
}

static void
t40_t41_a_terminal_is_released_and_heard_out(void **state)
{
	struct office_world *w = *state;

	left_terminal(w);
	pass(w, 30 * S); /* T306 */
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_true(has_logged(w, "line 2001 release"));
	expect_line(w, "2001", "idle", "none");
	assert_int_equal(w->cdr.call.diagnostic, CAUSE_NONE);
	call(w, "1001", "2001"); /* or while it rings: T24 */
	send(w, "2001", SIGNAL_ALERTING);
	silence(w, true);
	hang_up(w, "1001");
	expect_state(w, "releasing");
	send(w, "2001", SIGNAL_RELEASE_COMPLETE);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_line(w, "2001", "idle", "none");
	expect_order(w);
}

static void
t40_a_terminal_that_clears_is_not_awaited(void **state)
{
	struct office_world *w = *state;

	left_terminal(w);
	silence(w, true);
	hang_up(w, "2001"); /* DISCONNECT is answered at once */
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_false(has_logged(w, "line 2001 release"));
	expect_line(w, "2001", "idle", "none");
}

static void
t84_t85_a_terminal_that_does_not_release(void **state)
{
	struct office_world *w = *state;

	left_terminal(w);
	silence(w, true);
	pass(w, 30 * S); /* T306 */
	expect_state(w, "releasing");
	expect_line(w, "2001", "busy", "none");
	pass(w, 4 * S); /* T308 */
	expect_state(w, "releasing");
	assert_int_equal(number(w, "releases"), 2);
	assert_false(alarm_stands_of(w, ALARM_LINE_BLOCKED));
	pass(w, 4 * S);
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.call.diagnostic, CAUSE_TIMER_RECOVERY);
	expect_amendment(w, "T308");
	assert_true(alarm_stands_of(w, ALARM_LINE_BLOCKED));
	expect_line(w, "2001", "blocked", "none");
	call(w, "1001", "2001");
	expect_line(w, "1001", "busy", "announcement"); /* 27 */
	hang_up(w, "1001");
	silence(w, false);
	office_block_line(w->office, line(w, "2001"), false);
	assert_false(alarm_stands_of(w, ALARM_LINE_BLOCKED));
	call(w, "1001", "2001");
	expect_state(w, "presented");
}

static void
t41_a_terminal_that_fails_is_not_waited_for(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	left_terminal(w);
	silence(w, true);
	pass(w, 30 * S);
	expect_state(w, "releasing");
	done(w, office_fail_line(w->office, line(w, "2001"), true, &why), why);
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_line(w, "2001", "down", "none");
}

static void
t89_a_terminal_that_has_cleared_is_not_awaited_again(void **state)
{
	struct office_world *w = *state;

	left_terminal(w);
	process_break(w->world.scheduler, pid_of(w), SIGNAL_RELEASE_COMPLETE,
	    FAULT_CRASH, 1);
	pass(w, 30 * S);
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.crashes, 1);
	expect_line(w, "2001", "idle", "none");
}

#define RELEASE_TESTS                                                          \
	CALL_TEST(t40_t41_release_is_waited_for),                              \
	    CALL_TEST(t41_two_far_ends_are_awaited),                           \
	    CALL_TEST(t41_a_trunk_that_fails_is_not_waited_for),               \
	    CALL_TEST(t83_what_comes_in_rel_is_late),                          \
	    CALL_TEST(t84_t85_a_far_end_that_does_not_release),                \
	    CALL_TEST(t84_t85_isup_goes_on_for_five_minutes),                  \
	    CALL_TEST(t40_t41_a_terminal_is_released_and_heard_out),           \
	    CALL_TEST(t40_a_terminal_that_clears_is_not_awaited),              \
	    CALL_TEST(t84_t85_a_terminal_that_does_not_release),               \
	    CALL_TEST(t41_a_terminal_that_fails_is_not_waited_for),            \
	    CALL_TEST(t89_a_terminal_that_has_cleared_is_not_awaited_again),   \
	    CALL_TEST(t86_release_complete_in_the_middle_of_a_call)

#endif
