/* A far end of a circuit in two calls of one line: T29 to T36, T73, T76. */
#include "tests/consultation_world.h"

/* The second call is over circuit 1 of T1, which rings. */
static void
consult_far(struct office_world *w, uint64_t calls[2])
{
	hold_and_consult(w, calls, "0812345");
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	w->call = calls[0];
	expect_state(w, "consulting");
}

static void
speak_far(struct office_world *w, uint64_t calls[2])
{
	consult_far(w, calls);
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	pass(w, 10 * S);
}

/* 1002 and the far end are one call's, and the two others are free of it. */
static void
expect_far_talk(struct office_world *w)
{
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	expect_circuit(w, "T1", 1, "busy", "speech");
	assert_int_equal(look(w, "1002").peer, port(w, "T1", 1));
	assert_true(pid_equal(look(w, "1002").call, pid_of(w)));
	assert_true(pid_equal(circuit_look_at(w, "T1", 1).call, pid_of(w)));
	expect_order(w);
}

static void
t29_a_circuit_comes_into_the_first_call(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	speak_far(w, calls);
	send(w, "1001", SIGNAL_TRANSFER);
	w->call = calls[1];
	expect_record(w, 16, LOCAL_XFER_ATT, SIDE_A);
	assert_string_equal(w->cdr.out_trunk, "T1");
	w->call = calls[0];
	expect_far_talk(w);
	expect_line(w, "1001", "parked", "disconnect");
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_state(w, "clearing");
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_line(w, "1002", "busy", "disconnect");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

static void
t30_a_circuit_that_rings(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consult_far(w, calls);
	send(w, "1001", SIGNAL_TRANSFER);
	expect_state(w, "transferring");
	expect_line(w, "1002", "busy", "ringback");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0); /* T34 */
	expect_far_talk(w);
	hang_up(w, "1002");
	expect_state(w, "ended");
	expect_circuit(w, "T1", 1, "idle", "none");
}

static void
t35_the_far_end_refuses(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consult_far(w, calls);
	send(w, "1001", SIGNAL_TRANSFER);
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 17);
	expect_state(w, "treated");
	expect_line(w, "1002", "busy", "busy");
	expect_circuit(w, "T1", 1, "idle", "none");
	hang_up(w, "1002");
	expect_record(w, 17, LOCAL_NONE, SIDE_A);
}

static void
t35_the_far_end_refuses_and_who_left_is_rung(void **state)
{
	struct office_world *w = *state;

	active(w);
	blind(w, "1001", "0812345");
	hang_up(w, "1001");
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 21);
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	expect_circuit(w, "T1", 1, "idle", "none");
	assert_int_equal(w->leg.kind, LEG_transfer);
	assert_int_equal(w->leg.cause, 21);
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_B);
}

static void
t35_the_far_end_says_nothing(void **state)
{
	struct office_world *w = *state;

	active(w);
	blind(w, "1001", "0812345");
	hang_up(w, "1001");
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	pass(w, 180UL * S); /* T301 */
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	assert_true(has_logged(w, "circuit T1 1 <- release cause 102"));
	assert_int_equal(w->leg.cause, 19);
}

/* What the far end says on the way to the call that ends is a fact (T89). */
static void
t89_the_far_end_crosses_the_transfer(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t calls[2];

	consult_far(w, calls);
	office_signal(w->office, line(w, "1001"), SIGNAL_TRANSFER, 0, &why);
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	w->call = calls[0];
	expect_far_talk(w);
	hang_up(w, "1002");
	hang_up(w, "1001");

	speak_far(w, calls);
	office_signal(w->office, line(w, "1001"), SIGNAL_TRANSFER, 0, &why);
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	w->call = calls[0];
	expect_state(w, "clearing");
	expect_circuit(w, "T1", 1, "idle", "none");
}

static void
t29_a_transfer_that_faults_moves_no_circuit(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	speak_far(w, calls);
	break_next(w);
	send(w, "1001", SIGNAL_TRANSFER);
	expect_state(w, "consulting");
	assert_true(pid_equal(circuit_look_at(w, "T1", 1).call,
	    office_call_pid(w->office, calls[1])));
	send(w, "1001", SIGNAL_TRANSFER);
	expect_far_talk(w);
}

static void
t73_two_trunks_are_not_brought_together(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	far_calls(w, "T1", 2, "1001");
	first = w->call;
	answer(w, "1001");
	send(w, "1001", SIGNAL_HOLD);
	consult(w, "1001", "0812345");
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	w->call = first;
	send(w, "1001", SIGNAL_TRANSFER);
	assert_int_equal(look(w, "1001").status, 29);
	expect_state(w, "consulting");
	hang_up(w, "1001"); /* T75: nor by hanging up, so he is rung again */
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	expect_circuit(w, "T1", 1, "idle", "none");
	answer(w, "1001");
	expect_state(w, "active");
	expect_circuit(w, "T1", 2, "busy", "speech");
}

static void
t33_one_leaves_the_other_to_a_far_number(void **state)
{
	struct office_world *w = *state;

	active(w);
	blind(w, "1001", "0812345");
	expect_state(w, "transferring");
	far_says(w, "T1", 1, SIGNAL_PROCEEDING, 0); /* T59 */
	far_says(w, "T1", 1, SIGNAL_PROGRESS, 0);   /* T60 */
	expect_line(w, "1002", "busy", "speech");
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0); /* T79 */
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	expect_far_talk(w);
}

static void
t35_no_circuit_is_left(void **state)
{
	struct office_world *w = *state;

	call(w, "1003", "0811");
	call(w, "1004", "0812");
	active(w);
	blind(w, "1001", "0813");
	expect_state(w, "treated");
	hang_up(w, "1002");
	expect_record(w, 34, LOCAL_NONE, SIDE_NET);
	assert_int_equal(trunk_look(w, "T1").overflow, 1);
}

static void
t76_the_far_end_leaves_a_conference(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	speak_far(w, calls);
	send(w, "1001", SIGNAL_CONFERENCE);
	expect_state(w, "conference");
	expect_circuit(w, "T1", 1, "busy", "speech");
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_state(w, "active");
	expect_circuit(w, "T1", 1, "idle", "none");
	assert_int_equal(look(w, "1001").peer, line(w, "1002"));
	expect_order(w);
}

static void
t39_a_call_that_has_taken_a_circuit_is_given_up(void **state)
{
	const struct reason reason = { .kind = REASON_ERROR, .number = 1 };
	struct office_world *w = *state;
	uint64_t calls[2];

	speak_far(w, calls);
	send(w, "1001", SIGNAL_TRANSFER);
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w), reason);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_line(w, "1002", "parked", "disconnect");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALL_TEST(t29_a_circuit_comes_into_the_first_call),
		CALL_TEST(t30_a_circuit_that_rings),
		CALL_TEST(t35_the_far_end_refuses),
		CALL_TEST(t35_the_far_end_refuses_and_who_left_is_rung),
		CALL_TEST(t35_the_far_end_says_nothing),
		CALL_TEST(t89_the_far_end_crosses_the_transfer),
		CALL_TEST(t29_a_transfer_that_faults_moves_no_circuit),
		CALL_TEST(t73_two_trunks_are_not_brought_together),
		CALL_TEST(t33_one_leaves_the_other_to_a_far_number),
		CALL_TEST(t35_no_circuit_is_left),
		CALL_TEST(t76_the_far_end_leaves_a_conference),
		CALL_TEST(t39_a_call_that_has_taken_a_circuit_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
