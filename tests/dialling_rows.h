/*
 * Rows about digits: those of a number, which it is whole with or never, and
 * those that nobody waits for.
 */
#ifndef TESTS_DIALLING_ROWS_H
#define TESTS_DIALLING_ROWS_H

#include "tests/call_states.h"

static void
t4_the_first_digit_ends_dial_tone(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "1");
	expect_state(w, "collecting");
	expect_line(w, "1001", "busy", "none");
	pass(w, 15 * S - MS); /* T302, 15 s after each digit */
	dial(w, "1001", "0");
	pass(w, 15 * S - MS);
	expect_state(w, "collecting");
	pass(w, MS);
	expect_state(w, "treated");
}

static void
t5_the_last_digit_rings_the_line(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	pass(w, S);
	dial(w, "1001", "100");
	pass(w, S);
	dial(w, "1001", "2");
	expect_state(w, "alerting");
	expect_line(w, "1002", "ringing", "none");
	assert_int_equal(number(w, "t_dialled"), 2 * S + 1);
}

static void
t5_a_hash_ends_a_number(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "30#");
	expect_state(w, "alerting");
	expect_line(w, "30", "ringing", "none");
}

static void
t6_without_a_digit_comes_reorder_tone(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	pass(w, 20 * S - MS);
	expect_state(w, "collecting");
	pass(w, MS); /* Tdial, 20 s */
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "reorder");
	hang_up(w, "1001");
	expect_record(w, 28, LOCAL_NONE, SIDE_NET);
}

static void
t7_the_caller_abandons(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "10");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_ABANDON, SIDE_A);
	assert_string_equal(w->cdr.calling, "1001");
	assert_string_equal(w->cdr.call.dialled, "10");
	assert_int_equal(w->cdr.call.attempts, 0);
	expect_line(w, "1001", "idle", "none");
}

static void
t8_a_number_nobody_has_is_announced(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "7777");
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 3, LOCAL_NONE, SIDE_NET);
	call(w, "1001", "100"); /* begins numbers, and is none */
	hang_up(w, "1001");
	expect_record(w, 1, LOCAL_NONE, SIDE_NET);
}

static void
t46_a_whole_number_needs_no_dial_tone(void **state)
{
	struct office_world *w = *state;

	pass(w, S);
	call(w, "2002", "1002#");
	expect_state(w, "alerting");
	assert_int_equal(number(w, "t_dialled"), S + 1);
	expect_line(w, "2002", "busy", "ringback");
}

static void
t49_a_number_that_begins_another_waits_shortly(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "30");
	expect_state(w, "collecting");
	pass(w, 4 * S - MS);
	expect_state(w, "collecting");
	dial(w, "1001", "5");
	expect_line(w, "305", "ringing", "none");
}

static void
t50_digits_that_begin_no_number(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "9");
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 3, LOCAL_NONE, SIDE_NET);
	collecting(w);
	dial(w, "1001", "10#");
	hang_up(w, "1001");
	expect_record(w, 3, LOCAL_NONE, SIDE_NET);
}

static void
t51_after_a_pause_a_number_is_whole(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "30");
	pass(w, 4 * S); /* T302, once the digits are a number */
	expect_state(w, "alerting");
	expect_line(w, "30", "ringing", "none");
	assert_int_equal(number(w, "t_dialled"), 4 * S + 1);
}

static void
t51_after_a_pause_no_number_is_reorder_tone(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "100");
	pass(w, 15 * S);
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "reorder");
	hang_up(w, "1001");
	expect_record(w, 28, LOCAL_NONE, SIDE_NET);
}

static void
t69_digits_of_an_active_call_pass(void **state)
{
	struct office_world *w = *state;

	active(w);
	dial(w, "1001", "12*#");
	dial(w, "1002", "9");
	expect_state(w, "active");
	assert_int_equal(office_counts(w->office)->unexpected, 0);
	hang_up(w, "1001");
	hang_up(w, "1002");
	assert_int_equal(w->cdr.call.overdial, 0);
}

static void
t70_digits_too_many_are_counted(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "10023");
	expect_state(w, "alerting");
	assert_int_equal(number(w, "overdial"), 1);
	dial(w, "1001", "44");
	assert_int_equal(number(w, "overdial"), 3);
	hang_up(w, "1001");
	assert_int_equal(w->cdr.call.overdial, 3);
	assert_string_equal(w->cdr.call.dialled, "1002");
}

/* Where nobody listens any more either: they are no surprise, and not late. */
static void
t70_digits_in_vain_are_overdial(void **state)
{
	const struct office_counts *counts;
	struct office_world *w = *state;

	treated(w);
	dial(w, "1001", "5");
	expect_state(w, "treated");
	hang_up(w, "1001");
	assert_int_equal(w->cdr.call.overdial, 1);
	active(w);
	hang_up(w, "1002");
	expect_state(w, "clearing");
	dial(w, "1001", "567");
	expect_state(w, "clearing");
	hang_up(w, "1001");
	assert_int_equal(w->cdr.call.overdial, 3);
	counts = office_counts(w->office);
	assert_int_equal(counts->unexpected, 0);
	assert_int_equal(counts->late, 0);
}

/* t70_digits_too_many_are_counted is of those before 3.0. */
#define DIALLING_TESTS                                                         \
	CALL_TEST(t4_the_first_digit_ends_dial_tone),                          \
	    CALL_TEST(t5_the_last_digit_rings_the_line),                       \
	    CALL_TEST(t5_a_hash_ends_a_number),                                \
	    CALL_TEST(t6_without_a_digit_comes_reorder_tone),                  \
	    CALL_TEST(t7_the_caller_abandons),                                 \
	    CALL_TEST(t8_a_number_nobody_has_is_announced),                    \
	    CALL_TEST(t46_a_whole_number_needs_no_dial_tone),                  \
	    CALL_TEST(t49_a_number_that_begins_another_waits_shortly),         \
	    CALL_TEST(t50_digits_that_begin_no_number),                        \
	    CALL_TEST(t51_after_a_pause_a_number_is_whole),                    \
	    CALL_TEST(t51_after_a_pause_no_number_is_reorder_tone),            \
	    CALL_TEST(t69_digits_of_an_active_call_pass),                      \
	    CALL_TEST(t70_digits_in_vain_are_overdial)

#endif
