/*
 * Who lifts while the machine's time is short is heard by the office, and has
 * a call when his number is whole and he is let in (T1, T2, T48).
 */
#include "tests/office_world.h"

#include <errno.h>

#include "calls/exchange/office_gate.h"
#include "switch/registry.h"

/*
 * An event takes 10 ms, so two calls that begin at once wait too long; then
 * time is not short any more, but it has been.
 */
static void
be_late(struct office_world *w)
{
	struct gate_view view;
	const char *why;

	scheduler_set_capacity(w->world.scheduler, 100);
	office_set_gate(
	    w->office, &(struct gate_limits){ .delay_us = 25 * MS });
	assert_int_equal(
	    office_offhook(w->office, line(w, "1098"), &w->call, &why), 0);
	assert_int_equal(
	    office_offhook(w->office, line(w, "1099"), &w->call, &why), 0);
	pass(w, 26 * MS);
	office_look_at_gate(w->office, &view);
	assert_int_equal(view.reason, GATE_delay);
	scheduler_set_capacity(w->world.scheduler, 0);
	pass(w, S);
	hang_up(w, "1098");
	hang_up(w, "1099");
	office_look_at_gate(w->office, &view);
	assert_true(view.is_open);
}

/* Two calls have ended before it. */
enum { BEFORE = 2 };

static int
set_up(void **state)
{
	struct office_world *w = office_world_begin("3.0");

	office_set_class(w->office, line(w, "1010"), 2, CLASS_emergency);
	be_late(w);
	*state = w;
	return 0;
}

/* He is heard, and has no process. */
static void
expect_heard(struct office_world *w, const char *number, const char *tone)
{
	struct office_call_view view;

	office_look_at_call(w->world.scheduler, w->call, &view);
	assert_true(view.in_register);
	assert_true(pid_is_none(office_call_pid(w->office, w->call)));
	expect_line(w, number, "busy", tone);
}

static void
t2_who_is_turned_away_has_cost_no_process(void **state)
{
	struct office_world *w = *state;
	const char *why;
	uint64_t events;

	close_gate(w);
	pass(w, 0);
	events = scheduler_counts(w->world.scheduler)->events;
	offhook(w, "1001");
	expect_heard(w, "1001", "dial"); /* T1 */
	expect_counts(w, BEFORE, 0, 0);
	dial(w, "1001", "100");
	expect_heard(w, "1001", "none");
	dial(w, "1001", "29"); /* one too many */
	expect_line(w, "1001", "parked", "congestion");
	assert_true(look(w, "1001").is_gapped);
	expect_line(w, "1002", "idle", "none");
	expect_counts(w, BEFORE + 1, 1, 0);
	assert_int_equal(
	    office_dial(w->office, line(w, "1001"), "1", &why), -ENOTSUP);
	hang_up(w, "1001");
	expect_line(w, "1001", "idle", "none");
	assert_int_equal(scheduler_counts(w->world.scheduler)->events, events);
	assert_int_equal(w->cdrs, BEFORE);
}

/* Who was heard since it was closed, may find it open. */
static void
t46_who_is_let_in_begins_with_his_number(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	expect_heard(w, "1001", "dial");
	pass(w, 2 * S);
	dial(w, "1001", "1002");
	expect_state(w, "alerting");
	expect_line(w, "1001", "busy", "ringback");
	expect_counts(w, BEFORE + 1, 0, 1);
	pass(w, 3 * S);
	answer(w, "1002");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, CAUSE_NORMAL, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.call.dialled, "1002");
	assert_int_equal(
	    w->cdr.call.t_dialled - w->cdr.call.t_seize, 2 * S); /* T1 */
	expect_counts(w, BEFORE + 1, 0, 0);
}

static void
t48_emergency_calls_pass(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	offhook(w, "1001");
	expect_heard(w, "1001", "dial");
	dial(w, "1001", "101");
	dial(w, "1001", "0");
	expect_state(w, "alerting");
	expect_counts(w, BEFORE + 1, 0, 1);
	offhook(w, "1011"); /* from there nobody is asked */
	expect_state(w, "collecting");
	expect_line(w, "1011", "busy", "dial");
	expect_counts(w, BEFORE + 2, 0, 2);
}

static void
who_hangs_up_before_that_is_gapped(void **state)
{
	struct office_world *w = *state;
	struct office_call_view view;

	offhook(w, "1001");
	dial(w, "1001", "10");
	call(w, "1003", "1001"); /* T13 */
	expect_state(w, "treated");
	assert_int_equal(number(w, "cause"), CAUSE_BUSY);
	hang_up(w, "1003");
	hang_up(w, "1001");
	expect_line(w, "1001", "idle", "none");
	expect_counts(w, BEFORE + 2, 1, 0);
	assert_int_equal(w->cdrs, BEFORE + 1);
	offhook(w, "2000"); /* an ISDN line */
	expect_heard(w, "2000", "dial");
	hang_up(w, "2000");
	expect_line(w, "2000", "idle", "none");
	offhook(w, "1001");
	expect_heard(w, "1001", "dial");
	assert_int_equal(
	    office_fail_line(w->office, line(w, "1001"), true, NULL), 0);
	expect_line(w, "1001", "down", "none");
	office_look_at_call(w->world.scheduler, w->call, &view);
	assert_int_equal(view.port_a, PORT_NONE);
	expect_counts(w, BEFORE + 4, 3, 0);
	pass(w, 30 * S); /* its timers are nobody's */
	expect_counts(w, BEFORE + 4, 3, 0);
}

/* As T302 says: 4 s where the digits are a number, and longer ones begin so. */
static void
t49_t51_a_pause_may_end_a_number(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	dial(w, "1001", "30");
	pass(w, 4 * S - MS);
	expect_heard(w, "1001", "none");
	pass(w, MS);
	expect_state(w, "alerting");
	expect_line(w, "30", "ringing", "none");
	hang_up(w, "1001");
	offhook(w, "1001");
	dial(w, "1001", "30");
	pass(w, 3 * S);
	dial(w, "1001", "5");
	expect_state(w, "alerting");
	expect_line(w, "305", "ringing", "none");
	hang_up(w, "1001");
	offhook(w, "1001");
	dial(w, "1001", "30#");
	expect_state(w, "alerting");
	expect_line(w, "30", "ringing", "none");
}

static void
expect_no_number(struct office_world *w, const char *digits)
{
	const uint64_t cdrs = w->cdrs;

	offhook(w, "1001");
	if (digits[0] != '\0')
		dial(w, "1001", digits);
	pass(w, (digits[0] == '\0' ? 20 : 15) * S - MS);
	expect_heard(w, "1001", digits[0] == '\0' ? "dial" : "none");
	pass(w, MS);
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "reorder");
	expect_counts(w, (unsigned int)cdrs + 1, 0, 1);
	pass(w, 30 * S - MS); /* nothing of T1 runs on */
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, CAUSE_INVALID_FORMAT, LOCAL_NONE, SIDE_NET);
	assert_string_equal(w->cdr.call.dialled, digits);
	assert_int_equal(w->cdr.call.t_dialled, 0);
	assert_int_equal(w->cdrs, cdrs + 1);
	expect_line(w, "1001", "idle", "none");
}

/* The gate is asked of a number, and here is none. */
static void
t6_t51_who_gives_no_number_is_told(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	expect_no_number(w, "");
	expect_no_number(w, "100");
}

static void
t51_a_number_that_is_over_is_decided_on(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	offhook(w, "1002");
	pass(w, 19 * S);
	dial(w, "1002", "3");
	pass(w, 10 * S);
	dial(w, "1002", "0");
	pass(w, 4 * S - MS);
	expect_heard(w, "1002", "none");
	pass(w, MS);
	expect_line(w, "1002", "parked", "congestion");
	expect_counts(w, BEFORE + 1, 1, 0);
}

/* Nor is what no number begins with, or a code, one that is refused. */
static void
t50_t52_the_gate_is_for_numbers(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	offhook(w, "1001");
	dial(w, "1001", "9");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, CAUSE_NO_ROUTE, LOCAL_NONE, SIDE_NET);
	assert_int_equal(w->cdr.call.t_dialled, 0);
	offhook(w, "1001");
	dial(w, "1001", "*21*1002#");
	expect_line(w, "1001", "busy", "confirmation");
	hang_up(w, "1001");
	offhook(w, "1001");
	dial(w, "1001", "100#"); /* T50 as well */
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_counts(w, BEFORE + 3, 0, 0);
	offhook(w, "1001");
	dial(w, "1001", "30#"); /* T5 */
	expect_line(w, "1001", "parked", "congestion");
	expect_counts(w, BEFORE + 4, 1, 0);
}

/* A code is none. */
static void
t51_nor_is_half_a_code_a_number(void **state)
{
	expect_no_number(*state, "*21");
}

/* Nor is a number that is set, if it leads to nobody (T8). */
static void
t6_a_warm_line_dials_what_is_set(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_warm, "100");
	offhook(w, "1001");
	pass(w, 20 * S);
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "announcement");
	assert_int_equal(number(w, "cause"), CAUSE_UNALLOCATED);
}

static void
t6_t51_timers_are_those_that_are_set(void **state)
{
	struct office_world *w = *state;

	close_gate(w);
	office_set_timer(w->office, OFFICE_TIMER_Tdial, 3 * S);
	office_set_timer(w->office, OFFICE_TIMER_T302, 2 * S);
	offhook(w, "1001");
	pass(w, 3 * S);
	expect_line(w, "1001", "busy", "reorder");
	offhook(w, "1002");
	dial(w, "1002", "30");
	pass(w, 2 * S);
	expect_line(w, "1002", "parked", "congestion");
	expect_counts(w, BEFORE + 2, 1, 1);
}

static void
t6_a_warm_line_dials_by_itself(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_warm, "1010");
	close_gate(w);
	offhook(w, "1001");
	pass(w, 20 * S);
	expect_state(w, "alerting"); /* an emergency */
	expect_line(w, "1010", "ringing", "none");
	expect_counts(w, BEFORE + 1, 0, 1);
}

/* It has its number when it is lifted. */
static void
t46_a_hot_line_is_not_heard(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_hot, "1002");
	service(w, "1003", SERVICE_hot, "1010");
	offhook(w, "1001");
	expect_state(w, "alerting");
	hang_up(w, "1001");
	close_gate(w);
	offhook(w, "1003");
	expect_state(w, "alerting");
	expect_counts(w, BEFORE + 2, 0, 1);
}

/* It is one as long as it says so. */
static void
t1_who_has_a_hot_line_no_more_is_heard(void **state)
{
	struct office_world *w = *state;

	service(w, "1001", SERVICE_hot, "1002");
	service(w, "1003", SERVICE_hot, "1010");
	service(w, "1001", SERVICE_hot, NULL);
	close_gate(w);
	offhook(w, "1001");
	expect_heard(w, "1001", "dial");
	dial(w, "1001", "1010");
	expect_state(w, "alerting");
}

/* Up to its '#', which may be a digit as well. */
static void
t52_a_code_is_heard_out(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	dial(w, "1001", "*21*");
	dial(w, "1001", "1002");
	expect_heard(w, "1001", "none");
	dial(w, "1001", "#");
	expect_line(w, "1001", "busy", "confirmation");
	hang_up(w, "1001");
	assert_string_equal(
	    office_service(w->office, line(w, "1001"), SERVICE_cfu).number,
	    "1002");
	offhook(w, "1001");
	dial(w, "1001", "#21#");
	expect_line(w, "1001", "busy", "confirmation");
	hang_up(w, "1001");
	assert_false(
	    office_service(w->office, line(w, "1001"), SERVICE_cfu).is_on);
	offhook(w, "1001");
	dial(w, "1001", "9"); /* T50: no number begins so */
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_counts(w, BEFORE + 3, 0, 0);
}

/* For a minute; and not where nobody limits what they wait any more. */
static void
it_is_over_in_the_end(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	expect_heard(w, "1001", "dial");
	office_set_gate(w->office, &(struct gate_limits){ .rate = 1000 });
	offhook(w, "1002");
	expect_state(w, "collecting");
	office_set_gate(
	    w->office, &(struct gate_limits){ .delay_us = 25 * MS });
	be_late(w);
	pass(w, 58 * S);
	offhook(w, "1003");
	expect_heard(w, "1003", "dial");
	pass(w, S);
	offhook(w, "1004");
	expect_state(w, "collecting");
	expect_line(w, "1004", "busy", "dial");
	expect_order(w);
}

/* They are no calls that have waited for it in vain. */
static void
who_dials_while_the_exchange_begins_anew_is_heard(void **state)
{
	struct office_world *w = *state;
	struct scheduler *scheduler = w->world.scheduler;
	struct spawn exchange = { .name = OFFICE_PROCESS };
	struct pid pid;

	offhook(w, "1001");
	dial(w, "1001", "10");
	process_exit_signal(scheduler, PID_NONE,
	    registry_whereis(scheduler_registry(scheduler), OFFICE_PROCESS),
	    (struct reason){ .kind = REASON_KILL });
	pass(w, 0);
	exchange.behaviour =
	    behaviour_current(scheduler_behaviours(scheduler), OFFICE_PROCESS);
	assert_int_equal(process_spawn(scheduler, &exchange, &pid), 0);
	pass(w, 0);
	expect_heard(w, "1001", "none");
	expect_counts(w, BEFORE, 0, 0);
	dial(w, "1001", "02");
	expect_state(w, "alerting");
	expect_counts(w, BEFORE + 1, 0, 1);
}

int
main(void)
{
#define TEST(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up, office_world_leave)
	const struct CMUnitTest tests[] = {
		TEST(t2_who_is_turned_away_has_cost_no_process),
		TEST(t46_who_is_let_in_begins_with_his_number),
		TEST(t48_emergency_calls_pass),
		TEST(who_hangs_up_before_that_is_gapped),
		TEST(t49_t51_a_pause_may_end_a_number),
		TEST(t6_t51_who_gives_no_number_is_told),
		TEST(t51_a_number_that_is_over_is_decided_on),
		TEST(t50_t52_the_gate_is_for_numbers),
		TEST(t51_nor_is_half_a_code_a_number),
		TEST(t6_a_warm_line_dials_what_is_set),
		TEST(t6_t51_timers_are_those_that_are_set),
		TEST(t6_a_warm_line_dials_by_itself),
		TEST(t46_a_hot_line_is_not_heard),
		TEST(t1_who_has_a_hot_line_no_more_is_heard),
		TEST(t52_a_code_is_heard_out),
		TEST(it_is_over_in_the_end),
		TEST(who_dials_while_the_exchange_begins_anew_is_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
