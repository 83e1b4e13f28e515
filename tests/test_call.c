/* Every release of `call` keeps the rows that it has. */
#include "tests/common_rows.h"
#include "tests/preemption_rows.h"
#include "tests/forward_rows.h"
#include "tests/waiting_rows.h"

/* The release of the group, then the world of the test. */
static int
of_1_0(void **state)
{
	static char version[] = "1.0";

	*state = version;
	return 0;
}

static int
of_2_0(void **state)
{
	static char version[] = "2.0";

	*state = version;
	return 0;
}

static int
of_3_0(void **state)
{
	static char version[] = "3.0";

	*state = version;
	return 0;
}

static int
setup(void **state)
{
	*state = office_world_begin(*state);
	return 0;
}

/* Whatever a test has done, the books agree when it ends. */
static int
teardown(void **state)
{
	expect_order(*state);
	office_world_end(*state);
	return 0;
}

static void
t26_either_side_holds_and_retrieves(void **state)
{
	struct office_world *w = *state;

	active(w);
	send(w, "1001", SIGNAL_HOLD);
	expect_line(w, "1002", "busy", "hold");
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(number(w, "held"), 1);
	pass(w, 3 * S);
	send(w, "1002", SIGNAL_HOLD);
	expect_line(w, "1001", "busy", "hold");
	assert_int_equal(number(w, "held"), 3);
	pass(w, 2 * S);
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(number(w, "held"), 2);
	send(w, "1002", SIGNAL_RETRIEVE);
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(number(w, "hold_us"), 5 * S);
	pass(w, S);
	send(w, "1001", SIGNAL_HOLD);
	pass(w, S);
	hang_up(w, "1002"); /* the hold ends with the call */
	assert_int_equal(number(w, "held"), 0);
	pass(w, S);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(w->cdr.call.hold_us, 6 * S);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

static void
t27_a_second_hold_is_refused(void **state)
{
	struct office_world *w = *state;

	active(w);
	send(w, "1001", SIGNAL_RETRIEVE);
	assert_int_equal(look(w, "1001").status, 29);
	send(w, "1002", SIGNAL_HOLD);
	assert_int_equal(look(w, "1002").status, 0);
	send(w, "1002", SIGNAL_HOLD);
	assert_int_equal(look(w, "1002").status, 29);
	assert_int_equal(number(w, "held"), 2);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
	assert_true(has_logged(w, "line 1002 status 29"));
}

static void
t43_hold_is_no_word_of_1_0(void **state)
{
	struct office_world *w = *state;

	active(w);
	send(w, "1001", SIGNAL_HOLD);
	assert_int_equal(look(w, "1001").status, 101);
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(office_counts(w->office)->unexpected, 1);
}

/* A call from 1001 to 1002, of which one of them has hung up and may return. */
static void
suspended(struct office_world *w, enum line_control control)
{
	office_set_control(w->office, line(w, "1002"), 1, control);
	active(w);
	pass(w, 10 * S);
	hang_up(w, control == CONTROL_CALLING ? "1002" : "1001");
	expect_state(w, "suspended");
	expect_line(w, "1001", "busy", "none");
	expect_line(w, "1002", "busy", "none");
}

static void
t80_who_has_control_ends_the_call(void **state)
{
	struct office_world *w = *state;

	suspended(w, CONTROL_CALLING);
	hang_up(w, "1001"); /* T82: the caller */
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_line(w, "1002", "idle", "none");
	suspended(w, CONTROL_CALLED);
	pass(w, 1000UL * S); /* no Tsusp */
	expect_state(w, "suspended");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(
	    w->cdr.call.t_release - w->cdr.call.t_answer, 1010UL * S);

	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLING);
	active(w);
	hang_up(w, "1001"); /* T37: it is B's on-hook that is waited out */
	expect_state(w, "clearing");
	hang_up(w, "1002");
}

static void
t80_an_isdn_line_ends_its_call(void **state)
{
	struct office_world *w = *state;

	office_set_control(w->office, line(w, "2001"), 1, CONTROL_CALLING);
	presented(w);
	answer(w, "2001");
	hang_up(w, "2001");
	expect_state(w, "clearing");
	hang_up(w, "1001");
}

/* What is no handset that was put down may not come back. */
static void
t80_a_far_end_or_a_line_that_fails_is_gone(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	isdn_trunk(w);
	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLED);
	far_calls(w, "T1", 1, "1002");
	answer(w, "1002");
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_state(w, "clearing");
	hang_up(w, "1002");
	call(w, "2001", "1002");
	answer(w, "1002");
	hang_up(w, "2001");
	expect_state(w, "clearing");
	hang_up(w, "1002");
	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLING);
	active(w);
	assert_int_equal(
	    office_fail_line(w->office, line(w, "1002"), true, &why), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	hang_up(w, "1001");
	expect_record(w, 27, LOCAL_NONE, SIDE_B);
}

static void
t81_the_handset_is_lifted_again(void **state)
{
	struct office_world *w = *state;

	suspended(w, CONTROL_CALLING);
	pass(w, 89 * S);
	answer(w, "1002");
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	pass(w, 200 * S); /* Tsusp is stopped */
	send(w, "1001", SIGNAL_HOLD);
	hang_up(w, "1002");
	expect_state(w, "suspended");
	send(w, "1002", SIGNAL_OFFHOOK);
	expect_line(w, "1002", "busy", "hold");
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(number(w, "held"), 1);
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_line(w, "1002", "busy", "speech");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(
	    w->cdr.call.t_release - w->cdr.call.t_answer, 299UL * S);
}

static void
t80_t81_a_far_end_is_told(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLING);
	far_calls(w, "T1", 1, "1002");
	answer(w, "1002");
	assert_false(has_logged(w, "circuit T1 1 <- suspend"));
	hang_up(w, "1002");
	expect_state(w, "suspended");
	assert_true(has_logged(w, "circuit T1 1 <- suspend"));
	assert_false(has_logged(w, "circuit T1 1 <- resume"));
	answer(w, "1002");
	expect_state(w, "active");
	assert_true(has_logged(w, "circuit T1 1 <- resume"));
	hang_up(w, "1002");
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

static void
t82_after_tsusp_it_was_over_at_the_on_hook(void **state)
{
	struct office_world *w = *state;

	suspended(w, CONTROL_CALLING);
	pass(w, 90 * S - MS);
	expect_state(w, "suspended");
	pass(w, MS);
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(w->cdr.call.t_release - w->cdr.call.t_answer, 10 * S);
	assert_int_equal(w->cdr.charge_micro, 150000);
	expect_line(w, "1001", "parked", "disconnect");
	expect_line(w, "1002", "idle", "none");
	hang_up(w, "1001");
}

static void
t82_who_has_hung_up_cannot_come_back(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	suspended(w, CONTROL_CALLING);
	pass(w, 20 * S);
	assert_int_equal(
	    office_fail_line(w->office, line(w, "1002"), true, &why), 0);
	pass(w, 0);
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(w->cdr.call.t_release - w->cdr.call.t_answer, 10 * S);
	expect_line(w, "1001", "parked", "disconnect");
	expect_line(w, "1002", "down", "none");
}

static void
t45_a_suspended_call_is_cleared(void **state)
{
	struct office_world *w = *state;

	suspended(w, CONTROL_CALLING);
	send(w, "1001", SIGNAL_HOLD); /* T43 */
	assert_int_equal(look(w, "1001").status, 101);
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	expect_line(w, "1002", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
}

static void
t89_a_suspension_survives_a_fault(void **state)
{
	struct office_world *w = *state;

	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLING);
	active(w);
	break_next(w);
	hang_up(w, "1002");
	expect_state(w, "suspended");
	break_next(w);
	answer(w, "1002");
	expect_state(w, "active");
	hang_up(w, "1002");
	break_next(w);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.crashes, 3);
}

#define SUSPENSION_TESTS                                                       \
	CALL_TEST(t80_who_has_control_ends_the_call),                          \
	    CALL_TEST(t80_an_isdn_line_ends_its_call),                         \
	    CALL_TEST(t80_a_far_end_or_a_line_that_fails_is_gone),             \
	    CALL_TEST(t80_t81_a_far_end_is_told),                              \
	    CALL_TEST(t81_the_handset_is_lifted_again),                        \
	    CALL_TEST(t82_after_tsusp_it_was_over_at_the_on_hook),             \
	    CALL_TEST(t82_who_has_hung_up_cannot_come_back),                   \
	    CALL_TEST(t45_a_suspended_call_is_cleared),                        \
	    CALL_TEST(t89_a_suspension_survives_a_fault)

/* 3.0 says `held` for an active call in which somebody holds. */
static void
t26_a_hold_is_a_state_of_3_0(void **state)
{
	struct office_world *w = *state;

	active(w);
	send(w, "1002", SIGNAL_HOLD);
	expect_state(w, "held");
	send(w, "1001", SIGNAL_HOLD);
	send(w, "1002", SIGNAL_RETRIEVE);
	expect_state(w, "held"); /* 1001 holds still */
	dial(w, "1002", "5");	 /* T69 */
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_state(w, "active");
	send(w, "1001", SIGNAL_HOLD);
	hang_up(w, "1001"); /* T37 */
	expect_state(w, "clearing");
	expect_line(w, "1002", "busy", "disconnect");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);

	active(w);
	send(w, "1001", SIGNAL_HOLD);
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0); /* T45 */
	pass(w, 0);
	expect_state(w, "clearing");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
}

static void
t70_the_exchange_counts_digits_for_3_0(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	dial(w, "1001", "10023");
	expect_state(w, "alerting");
	dial(w, "1001", "44");
	hang_up(w, "1001");
	assert_int_equal(w->cdr.call.overdial, 3);
	assert_string_equal(w->cdr.call.dialled, "1002");
}

int
main(void)
{
	static const struct CMUnitTest call_1_0[] = { COMMON_TESTS,
		CALL_TEST(t70_digits_too_many_are_counted),
		CALL_TEST(t43_hold_is_no_word_of_1_0) };
	static const struct CMUnitTest call_2_0[] = { COMMON_TESTS,
		WAITING_TESTS, FORWARD_TESTS, PREEMPTION_TESTS,
		CALL_TEST(t70_digits_too_many_are_counted),
		CALL_TEST(t26_either_side_holds_and_retrieves),
		CALL_TEST(t27_a_second_hold_is_refused), SUSPENSION_TESTS };

	static const struct CMUnitTest call_3_0[] = { COMMON_TESTS,
		WAITING_TESTS, FORWARD_TESTS, PREEMPTION_TESTS,
		CALL_TEST(t70_the_exchange_counts_digits_for_3_0),
		CALL_TEST(t26_either_side_holds_and_retrieves),
		CALL_TEST(t26_a_hold_is_a_state_of_3_0),
		CALL_TEST(t27_a_second_hold_is_refused), SUSPENSION_TESTS };

	return cmocka_run_group_tests(call_1_0, of_1_0, NULL) +
	    cmocka_run_group_tests(call_2_0, of_2_0, NULL) +
	    cmocka_run_group_tests(call_3_0, of_3_0, NULL);
}
