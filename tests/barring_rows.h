/*
 * What a line may not, and what it dials by itself: rows that every release
 * has, as call_rows.h has the others.
 */
#ifndef TESTS_BARRING_ROWS_H
#define TESTS_BARRING_ROWS_H

#include "tests/call_states.h"

static void
t3_a_suspended_line_calls_nobody(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_suspended, "");
	offhook(w, "1001");
	expect_line(w, "1001", "busy", "dial"); /* till the number is whole */
	dial(w, "1001", "1002");
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "announcement");
	expect_line(w, "1002", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 21, LOCAL_NONE, SIDE_NET);
	call(w, "1002", "1001"); /* but is called */
	expect_state(w, "alerting");
	hang_up(w, "1002");
	service(w, "1001", SERVICE_suspended, NULL);
	alerting(w);
	hang_up(w, "1001");
}

static void
t3_what_is_barred_is_not_called(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_bar_out, "20");
	call(w, "1001", "2001");
	expect_line(w, "1001", "busy", "announcement");
	expect_line(w, "2001", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 52, LOCAL_NONE, SIDE_NET);
	call(w, "1001", "2099"); /* T3 comes before T8 */
	hang_up(w, "1001");
	expect_record(w, 52, LOCAL_NONE, SIDE_NET);
	call(w, "1002", "2001");
	expect_state(w, "presented");
	hang_up(w, "1002");
	alerting(w);
	hang_up(w, "1001");
}

static void
t6_a_warm_line_dials_when_its_subscriber_does_not(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_warm, "1002");
	collecting(w);
	expect_line(w, "1001", "busy", "dial");
	pass(w, 20 * S);
	expect_state(w, "alerting");
	expect_line(w, "1002", "ringing", "none");
	assert_int_equal(number(w, "t_dialled"), 20 * S + 1);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	assert_string_equal(w->cdr.call.dialled, "1002");
	offhook(w, "1001"); /* who dials calls whom he will */
	dial(w, "1001", "1003");
	expect_line(w, "1003", "ringing", "none");
	hang_up(w, "1001");
}

static void
t46_a_hot_line_dials_at_once(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_hot, "1002");
	offhook(w, "1001");
	expect_state(w, "alerting");
	expect_line(w, "1001", "busy", "ringback");
	answer(w, "1002");
	hang_up(w, "1002");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_string_equal(w->cdr.call.dialled, "1002");
}

static void
t13_a_line_that_is_barred_in_is_not_called(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_bar_in, "");
	call(w, "1001", "1002");
	expect_line(w, "1001", "busy", "announcement");
	expect_line(w, "1002", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 54, LOCAL_NONE, SIDE_NET);
	call(w, "1002", "1001"); /* but calls */
	expect_state(w, "alerting");
	hang_up(w, "1002");
}

#define BARRING_TESTS                                                          \
	CALL_TEST(t3_a_suspended_line_calls_nobody),                           \
	    CALL_TEST(t3_what_is_barred_is_not_called),                        \
	    CALL_TEST(t6_a_warm_line_dials_when_its_subscriber_does_not),      \
	    CALL_TEST(t46_a_hot_line_dials_at_once),                           \
	    CALL_TEST(t13_a_line_that_is_barred_in_is_not_called)

#endif
