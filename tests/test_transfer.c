/*
 * Who has two calls leaves the two others to each other: T29, T30, T34 to T36,
 * T73, T75.
 */
#include "tests/consultation_world.h"

static void
t29_who_transfers_leaves_the_two_others(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	send(w, "1001", SIGNAL_TRANSFER);
	expect_joined(w, calls, LOCAL_XFER_ATT);
	assert_int_equal(w->cdr.call.t_release - w->cdr.call.t_answer, 10 * S);
	expect_state(w, "active");
	assert_int_equal(number(w, "held"), 0);
	expect_line(w, "1001", "parked", "disconnect");
	expect_talk(w, "1002", "1003");
	hang_up(w, "1001");
	expect_line(w, "1001", "idle", "none");
	hang_up(w, "1003");
	expect_line(w, "1002", "busy", "disconnect");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.calling, "1001");
	assert_string_equal(w->cdr.connected, "1002");
	assert_int_equal(office_counts(w->office)->late, 0);
}

/* Whichever of the two he talks in, and whichever side of the first he is. */
static void
t29_the_called_party_transfers_while_it_talks_in_its_first(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	call(w, "1002", "1001");
	first = w->call;
	answer(w, "1001");
	send(w, "1001", SIGNAL_HOLD);
	consult(w, "1001", "1003");
	answer(w, "1003");
	send(w, "1001", SIGNAL_SWAP);
	expect_line(w, "1003", "busy", "hold");
	send(w, "1001", SIGNAL_TRANSFER);
	w->call = first;
	expect_state(w, "active");
	expect_talk(w, "1002", "1003");
	expect_line(w, "1001", "parked", "disconnect");
}

static void
t29_a_party_that_came_by_transfer_can_transfer(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	service(w, "1003", SERVICE_transfer, "");
	spoken(w, calls);
	send(w, "1001", SIGNAL_TRANSFER);
	hang_up(w, "1001");
	send(w, "1003", SIGNAL_HOLD);
	consult(w, "1003", "1001");
	answer(w, "1001");
	send(w, "1003", SIGNAL_TRANSFER);
	w->call = calls[0];
	expect_state(w, "active");
	expect_talk(w, "1002", "1001");
}

/* The facts are looked for: what was on its way to the other call is not lost.
 */
static void
t29_who_hangs_up_at_that_instant_is_gone(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t calls[2];

	spoken(w, calls);
	office_signal(w->office, line(w, "1001"), SIGNAL_TRANSFER, 0, &why);
	hang_up(w, "1003"); /* to the consultation, which is about to end */
	expect_joined(w, calls, LOCAL_XFER_ATT);
	expect_state(w, "clearing");
	expect_line(w, "1003", "idle", "none");
	hang_up(w, "1002");
	w->call = calls[0];
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

static void
t29_a_transfer_that_faults_has_not_been(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	break_next(w);
	send(w, "1001", SIGNAL_TRANSFER);
	expect_state(w, "consulting");
	assert_int_equal(look(w, "1001").calls, 2);
	w->call = calls[1];
	expect_talk(w, "1001", "1003");
	w->call = calls[0];
	send(w, "1001", SIGNAL_TRANSFER);
	expect_talk(w, "1002", "1003");
}

/* It ends whatever its own last event comes to. */
static void
t29_the_consultation_faults_when_it_is_ended(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	w->call = calls[1];
	break_next(w);
	w->call = calls[0];
	send(w, "1001", SIGNAL_TRANSFER);
	expect_joined(w, calls, LOCAL_XFER_ATT);
	expect_talk(w, "1002", "1003");
}

static void
t73_what_cannot_be_joined_is_refused(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	send(w, "1001", SIGNAL_CONFERENCE); /* before it is active */
	assert_int_equal(look(w, "1001").status, 29);
	answer(w, "1003");
	hang_up(w, "1003");
	send(w, "1001", SIGNAL_TRANSFER); /* nobody is there */
	expect_state(w, "consulting");
	send(w, "1001", SIGNAL_FLASH);
	expect_state(w, "active");

	service(w, "1001", SERVICE_transfer, NULL);
	service(w, "1001", SERVICE_three_way, NULL);
	send(w, "1001", SIGNAL_HOLD);
	consult(w, "1001", "1003");
	answer(w, "1003");
	w->call = calls[0];
	send(w, "1001", SIGNAL_TRANSFER);
	send(w, "1001", SIGNAL_CONFERENCE);
	expect_state(w, "consulting");
	assert_int_equal(look(w, "1001").status, 29);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

static void
t75_who_hangs_up_has_transferred(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	hang_up(w, "1001");
	expect_joined(w, calls, LOCAL_XFER_ATT);
	expect_state(w, "active");
	expect_line(w, "1001", "idle", "none");
	expect_talk(w, "1002", "1003");
}

/* The other may not be left with nobody: he is rung again. */
static void
t75_who_hangs_up_in_vain_is_rung_again(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	w->call = calls[1];
	hang_up(w, "1003");
	w->call = calls[0];
	hang_up(w, "1001");
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	expect_line(w, "1002", "busy", "ringback");
	expect_order(w);
	pass(w, 29 * S);
	answer(w, "1001");
	expect_state(w, "active");
	expect_talk(w, "1001", "1002");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.calling, "1001");
	assert_string_equal(w->cdr.connected, "1002");
	assert_int_equal(
	    w->cdr.call.t_release - w->cdr.call.t_answer, 39UL * S);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

static void
t75_an_early_consultation_is_cancelled(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t calls[2];

	active(w);
	calls[0] = w->call;
	send(w, "1001", SIGNAL_FLASH); /* T68 */
	expect_state(w, "consulting");
	expect_line(w, "1001", "busy", "dial");
	expect_line(w, "1002", "busy", "hold");
	hang_up(w, "1001");
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	assert_int_equal(w->cdrs, 1);
	answer(w, "1001");
	expect_talk(w, "1001", "1002");

	/* and one that is not even born */
	send(w, "1001", SIGNAL_HOLD);
	assert_int_equal(
	    office_consult(w->office, line(w, "1001"), "1003", &w->call, &why),
	    0);
	calls[1] = w->call;
	w->call = calls[0];
	hang_up(w, "1001");
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	w->call = calls[1];
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	w->call = calls[0];
	expect_order(w);
}

static void
t23_after_trecall_it_is_over(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	spoken(w, calls);
	hang_up(w, "1003");
	hang_up(w, "1001");
	w->call = calls[0];
	pass(w, 30 * S - MS);
	expect_state(w, "alerting");
	pass(w, MS);
	expect_state(w, "treated");
	expect_line(w, "1001", "idle", "none");
	expect_line(w, "1002", "busy", "no-answer");
	hang_up(w, "1002");
	expect_record(w, 19, LOCAL_NONE, SIDE_NET);
}

/*--------------------------------------------------------------------
 * XFER
 */

/* 1001 has transferred 1002 to 1003, which rings since 4 s. */
static void
transferring(struct office_world *w, uint64_t calls[2])
{
	consulting(w, calls);
	pass(w, 4 * S);
	send(w, "1001", SIGNAL_TRANSFER);
	expect_joined(w, calls, LOCAL_XFER_ATT);
	expect_state(w, "transferring");
	expect_line(w, "1001", "parked", "disconnect");
	expect_line(w, "1002", "busy", "ringback");
	expect_line(w, "1003", "ringing", "none");
	expect_order(w);
}

static void
t30_a_transfer_to_one_who_rings(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	dial(w, "1002", "1"); /* T69 */
	pass(w, 176UL * S - MS);
	expect_state(w, "transferring");
	pass(w, MS); /* the T301 of the consultation */
	expect_state(w, "treated");
	expect_line(w, "1002", "busy", "no-answer");
	expect_line(w, "1003", "idle", "none");
	hang_up(w, "1002");
	expect_record(w, 19, LOCAL_NONE, SIDE_NET);
}

static void
t30_by_hanging_up(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	hang_up(w, "1001");
	expect_joined(w, calls, LOCAL_XFER_ATT);
	expect_state(w, "transferring");
	expect_line(w, "1001", "idle", "none");
	answer(w, "1003"); /* T34 */
	expect_state(w, "active");
	expect_talk(w, "1002", "1003");
}

static void
t34_the_target_answers(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	answer(w, "1003");
	expect_state(w, "active");
	expect_talk(w, "1002", "1003");
	pass(w, 300UL * S); /* no T301 */
	expect_state(w, "active");
	hang_up(w, "1002");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
}

/* The answer is on its way to a call that ends before it comes. */
static void
t34_the_answer_crosses_the_transfer(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t calls[2];

	consulting(w, calls);
	office_signal(w->office, line(w, "1001"), SIGNAL_TRANSFER, 0, &why);
	answer(w, "1003");
	w->call = calls[0];
	expect_state(w, "active");
	expect_talk(w, "1002", "1003");
}

static void
t35_the_target_refuses_and_who_transferred_is_rung(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	hang_up(w, "1001"); /* idle, so that he can be rung */
	reject(w, "1003", 17);
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	expect_line(w, "1002", "busy", "ringback");
	expect_line(w, "1003", "idle", "none");
	expect_order(w);
	answer(w, "1001");
	expect_state(w, "active");
	expect_talk(w, "1001", "1002");
}

static void
t35_the_target_refuses_and_nobody_can_be_rung(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	reject(w, "1003", 17);
	expect_state(w, "treated");
	expect_line(w, "1002", "busy", "busy");
	hang_up(w, "1002");
	expect_record(w, 17, LOCAL_NONE, SIDE_A);
}

static void
t36_who_waits_has_had_enough(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	expect_line(w, "1003", "idle", "none");
}

static void
t45_a_transferring_call_is_cleared(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	expect_line(w, "1003", "idle", "none");
	hang_up(w, "1002");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
}

static void
t89_each_fact_of_a_transfer_survives_its_fault(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	break_next(w);
	answer(w, "1003");
	expect_talk(w, "1002", "1003");
	break_next(w);
	hang_up(w, "1002");
	expect_state(w, "clearing");
	hang_up(w, "1003");
	hang_up(w, "1001");

	transferring(w, calls);
	hang_up(w, "1001");
	break_next(w);
	reject(w, "1003", 17);
	expect_state(w, "alerting");
	break_next(w);
	answer(w, "1001");
	expect_talk(w, "1001", "1002");
	hang_up(w, "1001");
	hang_up(w, "1002");

	spoken(w, calls);
	break_next(w);
	hang_up(w, "1001"); /* T75 */
	expect_talk(w, "1002", "1003");
	break_next(w);
	hang_up(w, "1002");
	break_next(w);
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(w->cdr.crashes, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALL_TEST(t29_who_transfers_leaves_the_two_others),
		CALL_TEST(
		    t29_the_called_party_transfers_while_it_talks_in_its_first),
		CALL_TEST(t29_a_party_that_came_by_transfer_can_transfer),
		CALL_TEST(t29_who_hangs_up_at_that_instant_is_gone),
		CALL_TEST(t29_a_transfer_that_faults_has_not_been),
		CALL_TEST(t29_the_consultation_faults_when_it_is_ended),
		CALL_TEST(t73_what_cannot_be_joined_is_refused),
		CALL_TEST(t75_who_hangs_up_has_transferred),
		CALL_TEST(t75_who_hangs_up_in_vain_is_rung_again),
		CALL_TEST(t75_an_early_consultation_is_cancelled),
		CALL_TEST(t23_after_trecall_it_is_over),
		CALL_TEST(t30_a_transfer_to_one_who_rings),
		CALL_TEST(t30_by_hanging_up),
		CALL_TEST(t34_the_target_answers),
		CALL_TEST(t34_the_answer_crosses_the_transfer),
		CALL_TEST(t35_the_target_refuses_and_who_transferred_is_rung),
		CALL_TEST(t35_the_target_refuses_and_nobody_can_be_rung),
		CALL_TEST(t36_who_waits_has_had_enough),
		CALL_TEST(t45_a_transferring_call_is_cleared),
		CALL_TEST(t89_each_fact_of_a_transfer_survives_its_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
