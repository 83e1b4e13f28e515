/*
 * The rows of the state table about pre-emption, T55 to T58, each by its number
 * and as a test, for every release that has them.
 */
#ifndef TESTS_PREEMPTION_ROWS_H
#define TESTS_PREEMPTION_ROWS_H

#include "switch/system.h"
#include "tests/preemption_world.h"

/* Both circuits talk; the second call, which is asked, is slow to hear it. */
static struct pid
fill_trunk(struct office_world *w)
{
	struct pid pid;

	emergency_trunk(w);
	talk_over(w, "1001", 1);
	talk_over(w, "1002", 2);
	pid = pid_of(w);
	assert_int_equal(system_suspend(w->world.scheduler, pid), 0);
	return pid;
}

static void
wake(struct office_world *w, struct pid pid)
{
	assert_int_equal(system_resume(w->world.scheduler, pid), 0);
	pass(w, 0);
}

static void
t55_t56_t57_a_call_makes_room_for_an_emergency(void **state)
{
	struct office_world *w = *state;
	uint64_t second;

	emergency_trunk(w);
	talk_over(w, "1001", 1);
	second = talk_over(w, "1002", 2);

	call(w, "1003", "112");
	expect_state(w, "presented"); /* T56: it is free at once */
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "preemption"); /* it began last */
	assert_true(has_logged(w, "circuit T1 2 <- release cause 9"));
	assert_int_equal(circuit_look_at(w, "T1", 2).number, w->call);
	far_says(w, "T1", 2, SIGNAL_ALERTING, 0);
	far_says(w, "T1", 2, SIGNAL_ANSWER, 0);
	expect_state(w, "active");
	hang_up(w, "1002");
	expect_preempted(w, second);
	assert_true(w->cdr.charge_micro > 0);
	hang_up(w, "1003");
	assert_int_equal(w->cdr.call.cause, CAUSE_NORMAL);
	assert_int_equal(w->cdr.charge_micro, 0);
	expect_circuit(w, "T1", 2, "idle", "none");
	call(w, "1004", "0812345"); /* it is kept for nobody any more */
	expect_state(w, "presented");
	expect_order(w);
}

static void
t57_the_least_class_goes_first(void **state)
{
	struct office_world *w = *state;

	emergency_trunk(w);
	talk_over(w, "1020", 1);
	talk_over(w, "1001", 2);
	call(w, "1003", "112");
	expect_line(w, "1020", "busy", "preemption");
	call(w, "1004", "112");
	expect_line(w, "1001", "busy", "preemption");
	/* No emergency call goes for another one (T15). */
	call(w, "1005", "112");
	expect_state(w, "treated");
	expect_line(w, "1005", "busy", "congestion");
	hang_up(w, "1005");
	expect_record(w, CAUSE_NO_CIRCUIT, LOCAL_NONE, SIDE_NET);
	expect_order(w);
}

static void
t57_priority_goes_last(void **state)
{
	struct office_world *w = *state;

	emergency_trunk(w);
	talk_over(w, "1001", 1);
	talk_over(w, "1010", 2);
	call(w, "1003", "112");
	expect_line(w, "1001", "busy", "preemption");
	expect_line(w, "1010", "busy", "speech");
}

static void
t15_others_do_not_preempt(void **state)
{
	struct office_world *w = *state;

	emergency_trunk(w);
	talk_over(w, "1001", 1);
	talk_over(w, "1002", 2);
	call(w, "1010", "0812345"); /* not even one of priority */
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
}

/* While it rings; who is called there hears nothing, and nobody waits. */
static void
t57_a_ringing_call_goes_too(void **state)
{
	struct office_world *w = *state;
	uint64_t second;

	emergency_trunk(w);
	talk_over(w, "1001", 1);
	far_calls(w, "T1", 2, "1002");
	expect_state(w, "alerting");
	second = w->call;
	call(w, "1003", "112");
	expect_line(w, "1002", "idle", "none");
	expect_preempted(w, second);
	expect_state(w, "presented");
	expect_order(w);
}

/* It has rung somewhere, and is on its way to another line. */
static void
t57_a_call_that_was_sent_on_goes_too(void **state)
{
	struct office_world *w = *state;
	uint64_t second;

	emergency_trunk(w);
	service(w, "1002", SERVICE_cfnr, "2001");
	talk_over(w, "1001", 1);
	far_calls(w, "T1", 2, "1002");
	second = w->call;
	pass(w, 15 * S); /* Tcfnr */
	expect_state(w, "presented");
	call(w, "1003", "112");
	expect_preempted(w, second);
	expect_line(w, "2001", "idle", "none");
	expect_state(w, "presented");
}

/* Before there is an answer it is the caller who hears it. */
static void
t57_who_waits_for_an_answer_hears_it(void **state)
{
	struct office_world *w = *state;
	unsigned int rings;
	uint64_t second;

	emergency_trunk(w);
	talk_over(w, "1001", 1);
	for (rings = 0; rings < 2; rings++) {
		call(w, "1002", "0812345");
		second = w->call;
		if (rings)
			far_says(w, "T1", 2, SIGNAL_ALERTING, 0);
		expect_state(w, rings ? "alerting" : "presented");
		call(w, "1003", "112");
		expect_line(w, "1002", "busy", "preemption");
		assert_int_equal(circuit_look_at(w, "T1", 2).number, w->call);
		hang_up(w, "1003");
		pass(w, 30 * S - MS);
		expect_line(w, "1002", "busy", "preemption");
		pass(w, MS); /* T306 */
		expect_line(w, "1002", "parked", "disconnect");
		expect_preempted(w, second);
		hang_up(w, "1002");
	}
}

/* Who has hung up may not come back, and nobody else is there. */
static void
t57_a_suspended_call_is_over(void **state)
{
	struct office_world *w = *state;
	uint64_t second;

	emergency_trunk(w);
	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLING);
	talk_over(w, "1001", 1);
	far_calls(w, "T1", 2, "1002");
	second = w->call;
	answer(w, "1002");
	pass(w, S);
	hang_up(w, "1002");
	expect_state(w, "suspended");
	pass(w, 10 * S);
	call(w, "1003", "112");
	expect_state(w, "presented");
	expect_preempted(w, second);
	assert_int_equal(
	    w->cdr.call.t_release - w->cdr.call.t_answer, 11UL * S);
	expect_line(w, "1002", "idle", "none");
	expect_order(w);
}

static void
t57_a_held_party_hears_it(void **state)
{
	struct office_world *w = *state;

	emergency_trunk(w);
	talk_over(w, "1001", 1);
	talk_over(w, "1002", 2);
	send(w, "1002", SIGNAL_HOLD);
	call(w, "1003", "112");
	expect_line(w, "1002", "busy", "preemption");
	hang_up(w, "1002");
	assert_int_equal(w->cdr.call.cause, CAUSE_PREEMPTION);
}

static void
t56_it_waits_so_long_and_no_longer(void **state)
{
	struct office_world *w = *state;
	struct pid pid = fill_trunk(w);

	call(w, "1003", "112");
	expect_state(w, "routing");
	pass(w, 5 * S - MS); /* Tpreempt */
	expect_state(w, "routing");
	pass(w, MS);
	expect_state(w, "treated");
	expect_line(w, "1003", "busy", "congestion");
	wake(w, pid);
	expect_line(w, "1002", "busy", "preemption");
	expect_circuit(w, "T1", 2, "idle", "none");
	call(w, "1004", "0812345"); /* it is not kept any more */
	expect_state(w, "presented");
	expect_order(w);
}

static void
t56_an_operator_says_how_long(void **state)
{
	struct office_world *w = *state;

	office_set_timer(w->office, OFFICE_TIMER_Tpreempt, 2 * S);
	(void)fill_trunk(w);
	call(w, "1003", "112");
	pass(w, 2 * S - MS);
	expect_state(w, "routing");
	pass(w, MS);
	expect_state(w, "treated");
}

static void
t56_the_circuit_is_kept_while_it_waits(void **state)
{
	struct office_world *w = *state;
	struct pid pid = fill_trunk(w);
	uint64_t emergency;

	call(w, "1003", "112");
	emergency = w->call;
	hang_up(w, "1001"); /* not the one that was asked */
	call(w, "1004", "0812345");
	expect_state(w, "presented"); /* over the first */
	call(w, "1005", "0812345");
	expect_state(w, "treated");
	w->call = emergency;
	expect_state(w, "routing");
	pass(w, S);
	wake(w, pid);
	expect_state(w, "presented");
	assert_int_equal(circuit_look_at(w, "T1", 2).number, emergency);
	expect_order(w);
}

static void
t58_who_hangs_up_meanwhile_keeps_nothing(void **state)
{
	struct office_world *w = *state;
	struct pid pid = fill_trunk(w);

	call(w, "1003", "112");
	dial(w, "1003", "1"); /* T70 */
	assert_int_equal(office_counts(w->office)->unexpected, 0);
	hang_up(w, "1003");
	expect_record(w, CAUSE_NORMAL, LOCAL_CANCEL, SIDE_A);
	wake(w, pid);
	call(w, "1004", "0812345");
	expect_state(w, "presented");
	expect_order(w);
}

static void
t45_the_operator_ends_the_waiting(void **state)
{
	struct office_world *w = *state;
	struct pid pid = fill_trunk(w);

	call(w, "1003", "112");
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	expect_line(w, "1003", "busy", "disconnect");
	hang_up(w, "1003");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
	wake(w, pid);
	call(w, "1004", "0812345");
	expect_state(w, "presented");
	expect_order(w);
}

/* T89: what CIRCUIT_FREE would have said is seen when Tpreempt expires. */
static void
t56_the_circuit_is_seen_though_nobody_said_so(void **state)
{
	struct office_world *w = *state;
	struct pid pid = fill_trunk(w);

	call(w, "1003", "112");
	assert_int_equal(process_break(w->world.scheduler, pid_of(w),
			     SIGNAL_CIRCUIT_FREE, FAULT_CRASH, 1),
	    0);
	wake(w, pid);
	expect_state(w, "routing");
	pass(w, 5 * S);
	expect_state(w, "presented");
	expect_order(w);
}

#define PREEMPTION_TESTS                                                       \
	CALL_TEST(t55_t56_t57_a_call_makes_room_for_an_emergency),             \
	    CALL_TEST(t57_the_least_class_goes_first),                         \
	    CALL_TEST(t57_priority_goes_last),                                 \
	    CALL_TEST(t15_others_do_not_preempt),                              \
	    CALL_TEST(t57_a_ringing_call_goes_too),                            \
	    CALL_TEST(t57_a_call_that_was_sent_on_goes_too),                   \
	    CALL_TEST(t57_who_waits_for_an_answer_hears_it),                   \
	    CALL_TEST(t57_a_suspended_call_is_over),                           \
	    CALL_TEST(t57_a_held_party_hears_it),                              \
	    CALL_TEST(t56_it_waits_so_long_and_no_longer),                     \
	    CALL_TEST(t56_an_operator_says_how_long),                          \
	    CALL_TEST(t56_the_circuit_is_kept_while_it_waits),                 \
	    CALL_TEST(t56_the_circuit_is_seen_though_nobody_said_so),          \
	    CALL_TEST(t45_the_operator_ends_the_waiting),                      \
	    CALL_TEST(t58_who_hangs_up_meanwhile_keeps_nothing)

#endif
