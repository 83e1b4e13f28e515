/* A second call of a line, beside the one that it holds: T28, T31, T71 to T74.
 */
#include "tests/consultation_world.h"

#include "calls/exchange/office_internal.h"
#include "switch/system.h"

static void
t28_who_holds_consults(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	answer(w, "1003");
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(look(w, "1001").peer, line(w, "1003"));
	dial(w, "1001", "5"); /* T69 */
	expect_order(w);
	w->call = calls[1];
	expect_state(w, "active");
	hang_up(w, "1003");
	expect_state(w, "clearing");
	expect_line(w, "1001", "busy", "disconnect");
	send(w, "1001", SIGNAL_FLASH); /* T72 */
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
	w->call = calls[0];
	expect_state(w, "active");
	assert_int_equal(look(w, "1001").calls, 1);
	assert_int_equal(look(w, "1001").peer, line(w, "1002"));
}

static void
t28_who_may_not_call_a_number_does_not_consult_it(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	active(w);
	first = w->call;
	send(w, "1001", SIGNAL_HOLD);
	service(w, "1001", SERVICE_bar_out, "1003");
	consult(w, "1001", "1003");
	assert_int_equal(look(w, "1001").status, 29);
	assert_int_equal(look(w, "1001").calls, 1);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
	w->call = first;
	expect_state(w, "held");
	consult(w, "1001", "1004");
	assert_int_equal(look(w, "1001").calls, 2);
}

static void
t31_a_consultation_that_ends_leaves_the_first_held(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	w->call = calls[1];
	reject(w, "1003", 0);
	expect_state(w, "treated");
	pass(w, 30 * S); /* Ttreat */
	expect_record(w, 21, LOCAL_NONE, SIDE_B);
	w->call = calls[0];
	expect_state(w, "held");
	expect_line(w, "1002", "busy", "hold");
	consult(w, "1001", "1004"); /* and there may be another */
	assert_int_equal(look(w, "1001").calls, 2);
	send(w, "1001", SIGNAL_RETRIEVE); /* T72 */
	expect_line(w, "1004", "idle", "none");
	expect_line(w, "1002", "busy", "speech");
}

/* Nobody takes calls any more: the first is told, as if it had ended. */
static void
t31_a_consultation_that_cannot_begin_is_over(void **state)
{
	struct office_world *w = *state;
	struct scheduler *scheduler = w->world.scheduler;
	uint64_t first;

	active(w);
	first = w->call;
	send(w, "1001", SIGNAL_HOLD);
	assert_int_equal(system_suspend(scheduler,
			     registry_whereis(scheduler_registry(scheduler),
				 OFFICE_PROCESS)),
	    0);
	consult(w, "1001", "1003");
	assert_int_equal(look(w, "1001").calls, 2);
	office_start_failed(w->office, w->call);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	w->call = first;
	expect_state(w, "held");
	assert_int_equal(look(w, "1001").calls, 1);
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_line(w, "1002", "busy", "speech");
}

static void
t28_nobody_consults_while_no_calls_are_taken(void **state)
{
	const struct reason kill = { .kind = REASON_KILL };
	struct office_world *w = *state;
	struct scheduler *scheduler = w->world.scheduler;
	uint64_t first;

	active(w);
	first = w->call;
	send(w, "1001", SIGNAL_HOLD);
	process_exit_signal(scheduler, PID_NONE,
	    registry_whereis(scheduler_registry(scheduler), OFFICE_PROCESS),
	    kill);
	pass(w, 0);
	consult(w, "1001", "1003");
	w->call = first;
	expect_state(w, "held");
	assert_int_equal(look(w, "1001").calls, 1);
	assert_int_equal(look(w, "1001").status, 101);
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_line(w, "1002", "busy", "speech");
}

/* The second call has not been, and its line has one call as before. */
static void
t89_a_consultation_that_faults_has_not_begun(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	active(w);
	first = w->call;
	send(w, "1001", SIGNAL_HOLD);
	break_next(w);
	consult(w, "1001", "1003");
	assert_true(pid_is_none(office_call_pid(w->office, w->call)));
	assert_int_equal(look(w, "1001").calls, 1);
	assert_int_equal(office_counts(w->office)->live, 1);
	w->call = first;
	expect_state(w, "held");
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_line(w, "1002", "busy", "speech");
}

static void
t71_the_two_calls_are_exchanged(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	send(w, "1001", SIGNAL_SWAP); /* T43: nobody is there to be held */
	assert_int_equal(office_counts(w->office)->unexpected, 1);
	answer(w, "1003");
	send(w, "1001", SIGNAL_SWAP);
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1003", "busy", "hold");
	assert_int_equal(look(w, "1001").peer, line(w, "1002"));
	send(w, "1001", SIGNAL_FLASH);
	expect_line(w, "1002", "busy", "hold");
	expect_line(w, "1003", "busy", "speech");
	assert_int_equal(look(w, "1001").peer, line(w, "1003"));
	expect_state(w, "consulting");
	w->call = calls[1];
	expect_state(w, "active");
}

static void
t72_a_retrieve_ends_a_consultation_in_vain(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_state(w, "active");
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1003", "idle", "none");
	w->call = calls[1];
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
}

/* Only one of the two who hold has given it up. */
static void
t72_the_other_holds_on(void **state)
{
	static const enum signal_kind ways[] = { SIGNAL_FLASH,
		SIGNAL_RETRIEVE };
	struct office_world *w = *state;
	unsigned int i;
	uint64_t first;

	active(w);
	first = w->call;
	send(w, "1002", SIGNAL_HOLD);
	for (i = 0; i < 2; i++) {
		w->call = first;
		send(w, "1001", SIGNAL_HOLD);
		consult(w, "1001", "1003");
		send(w, "1001", ways[i]);
		expect_line(w, "1003", "idle", "none");
		w->call = first;
		expect_state(w, "held");
		assert_int_equal(number(w, "held"), 2);
		expect_line(w, "1001", "busy", "hold");
		expect_line(w, "1002", "busy", "speech");
	}
}

/* He talks in the other one, and says so by SWAP. */
static void
t27_a_retrieve_while_the_other_call_talks_is_refused(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	send(w, "1001", SIGNAL_RETRIEVE);
	assert_int_equal(look(w, "1001").status, 29);
	w->call = calls[0];
	expect_state(w, "consulting");
	w->call = calls[1];
	expect_talk(w, "1001", "1003");
}

static void
t31_who_talks_in_the_first_goes_on(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	dial(w, "1002", "5"); /* T69 */
	assert_int_equal(office_counts(w->office)->unexpected, 0);
	send(w, "1001", SIGNAL_SWAP);
	hang_up(w, "1003");
	pass(w, 30 * S); /* T306 */
	w->call = calls[1];
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	w->call = calls[0];
	expect_state(w, "active");
	expect_talk(w, "1001", "1002");
}

static void
t74_the_consultation_outlives_the_first_call(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	expect_line(w, "1001", "busy", "ringback");
	assert_int_equal(look(w, "1001").calls, 1);
	w->call = calls[1];
	answer(w, "1003");
	expect_state(w, "active");
	hang_up(w, "1001");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

static void
t39_either_call_of_two_is_given_up(void **state)
{
	const struct reason reason = { .kind = REASON_ERROR, .number = 1 };
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w), reason);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1002", "parked", "disconnect");
	w->call = calls[1];
	expect_talk(w, "1001", "1003");
	hang_up(w, "1001");
	hang_up(w, "1002");
	hang_up(w, "1003");

	spoken(w, calls);
	w->call = calls[1];
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w), reason);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	w->call = calls[0];
	expect_state(w, "held"); /* T31 */
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_talk(w, "1001", "1002");
}

static void
t68_a_flash_gives_dial_tone(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	active(w);
	first = w->call;
	send(w, "1002", SIGNAL_FLASH); /* he may not: T43 */
	assert_int_equal(office_counts(w->office)->unexpected, 1);
	send(w, "1001", SIGNAL_FLASH);
	expect_line(w, "1001", "busy", "dial");
	dial(w, "1001", "1003");
	expect_line(w, "1003", "ringing", "none");
	answer(w, "1003");
	expect_state(w, "consulting");
	send(w, "1001", SIGNAL_TRANSFER);
	w->call = first;
	expect_talk(w, "1002", "1003");
}

static void
t45_the_operator_clears_the_first_of_two(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	hang_up(w, "1002");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
	w->call = calls[1];
	expect_talk(w, "1001", "1003");
}

/* The first call ends it, at the same instant, and it keeps why it went. */
static void
t45_the_operator_clears_the_second_of_two(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	w->call = calls[1];
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	hang_up(w, "1003");
	hang_up(w, "1001");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
	w->call = calls[0];
	expect_state(w, "alerting");
	hang_up(w, "1002");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALL_TEST(t28_who_holds_consults),
		CALL_TEST(t28_who_may_not_call_a_number_does_not_consult_it),
		CALL_TEST(t31_a_consultation_that_ends_leaves_the_first_held),
		CALL_TEST(t31_a_consultation_that_cannot_begin_is_over),
		CALL_TEST(t28_nobody_consults_while_no_calls_are_taken),
		CALL_TEST(t89_a_consultation_that_faults_has_not_begun),
		CALL_TEST(t71_the_two_calls_are_exchanged),
		CALL_TEST(t72_a_retrieve_ends_a_consultation_in_vain),
		CALL_TEST(t72_the_other_holds_on),
		CALL_TEST(t27_a_retrieve_while_the_other_call_talks_is_refused),
		CALL_TEST(t31_who_talks_in_the_first_goes_on),
		CALL_TEST(t74_the_consultation_outlives_the_first_call),
		CALL_TEST(t39_either_call_of_two_is_given_up),
		CALL_TEST(t68_a_flash_gives_dial_tone),
		CALL_TEST(t45_the_operator_clears_the_first_of_two),
		CALL_TEST(t45_the_operator_clears_the_second_of_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
