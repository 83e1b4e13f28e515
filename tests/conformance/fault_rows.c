/* N14: a fault is neither silence nor a dead line, with the calls of 1.0. */
#include "tests/office_world.h"

#include "switch/process.h"

static int
setup(void **state)
{
	*state = office_world_begin("1.0");
	return 0;
}

static int
teardown(void **state)
{
	expect_order(*state);
	office_world_end(*state);
	return 0;
}

static void
break_next(struct office_world *w, uint32_t count)
{
	assert_int_equal(
	    process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, count),
	    0);
}

static void
n14_a_faulted_event_is_logged_and_the_call_finds_its_fact_again(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "1002");
	pass(w, S);
	break_next(w, 1);
	answer(w, "1002");
	assert_int_equal(scheduler_counts(w->world.scheduler)->faults, 1);
	assert_true(has_logged(w, "fault SIGSEGV in "));
	assert_true(has_logged(w, ", resumes"));
	expect_state(w, "active");
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
	hang_up(w, "1002");
	pass(w, 200UL * S);
	hang_up(w, "1001");
	pass(w, 200UL * S);
	expect_state(w, "ended");
	assert_int_equal(w->cdr.crashes, 1);
	expect_line(w, "1001", "idle", "none");
	expect_line(w, "1002", "idle", "none");
}

static void
n14_a_call_that_is_given_up_is_answered_with_a_cause(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "1002");
	pass(w, S);
	answer(w, "1002");
	break_next(w, 2);
	hang_up(w, "1001");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1001", "idle", "none");
	expect_line(w, "1002", "parked", "disconnect"); /* hears why */
	hang_up(w, "1002");
	expect_line(w, "1002", "idle", "none");
	call(w, "1002", "1001"); /* and both serve again */
	expect_line(w, "1002", "busy", "ringback");
	hang_up(w, "1002");
	pass(w, 200UL * S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    n14_a_faulted_event_is_logged_and_the_call_finds_its_fact_again,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    n14_a_call_that_is_given_up_is_answered_with_a_cause, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
