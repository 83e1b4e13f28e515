/* Two calls of one line, and what becomes of them: T28 to T36, T68, T71 to T79.
 */
#include "tests/call_states.h"

#include "calls/exchange/office_internal.h"
#include "switch/system.h"

static int
setup(void **state)
{
	struct office_world *w = office_world_begin("3.0");

	service(w, "1001", SERVICE_transfer, "");
	service(w, "1001", SERVICE_three_way, "");
	*state = w;
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

/*--------------------------------------------------------------------
 * CONSULT
 */

/* 1001 talks to 1002, holds it, and calls 1003; the two calls' numbers. */
static void
consulting(struct office_world *w, uint64_t calls[2])
{
	active(w);
	calls[0] = w->call;
	send(w, "1001", SIGNAL_HOLD);
	consult(w, "1001", "1003");
	calls[1] = w->call;
	expect_state(w, "alerting");
	expect_line(w, "1001", "busy", "ringback");
	expect_line(w, "1002", "busy", "hold");
	assert_int_equal(look(w, "1001").calls, 2);
	w->call = calls[0];
	expect_state(w, "consulting");
}

/* The two calls, of which the second has been answered 10 s ago. */
static void
spoken(struct office_world *w, uint64_t calls[2])
{
	consulting(w, calls);
	answer(w, "1003");
	pass(w, 10 * S);
}

static void
expect_talk(struct office_world *w, const char *one, const char *other)
{
	expect_line(w, one, "busy", "speech");
	expect_line(w, other, "busy", "speech");
	assert_int_equal(look(w, one).peer, line(w, other));
	assert_int_equal(look(w, other).peer, line(w, one));
	assert_true(pid_equal(look(w, one).call, pid_of(w)));
	assert_true(pid_equal(look(w, other).call, pid_of(w)));
	expect_order(w);
}

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

/* The consultation has ended with its own record. */
static void
expect_joined(
    struct office_world *w, uint64_t calls[2], enum local_reason reason)
{
	w->call = calls[1];
	expect_record(w, 16, reason, SIDE_A);
	w->call = calls[0];
}

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
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
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
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
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
	expect_record(w, 17, LOCAL_NONE, SIDE_B);
}

static void
t36_who_waits_has_had_enough(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	transferring(w, calls);
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
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

/*--------------------------------------------------------------------
 * To a number
 */

static void
t33_one_leaves_the_other_to_a_number(void **state)
{
	struct office_world *w = *state;

	active(w);
	pass(w, 10 * S);
	blind(w, "1001", "1003");
	expect_state(w, "transferring");
	expect_line(w, "1001", "parked", "disconnect");
	expect_line(w, "1002", "busy", "ringback");
	expect_line(w, "1003", "ringing", "none");
	assert_int_equal(look(w, "1003").peer, LINE_NONE);
	expect_order(w);
	pass(w, 5 * S);
	answer(w, "1003"); /* T34 */
	expect_state(w, "active");
	expect_talk(w, "1002", "1003");
	pass(w, 20 * S);
	hang_up(w, "1002");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	/* 35 s of the one leg, 20 s of the other; both are 1001's */
	assert_int_equal(w->cdr.charge_micro, 2 * 150000);
	assert_int_equal(w->cdr.services, 1U << SERVED_transfer);
}

static void
t33_the_called_party_too_and_one_who_holds(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_transfer, "");
	active(w);
	send(w, "1002", SIGNAL_HOLD);
	blind(w, "1002", "1003");
	expect_state(w, "transferring");
	expect_line(w, "1001", "busy", "ringback");
	answer(w, "1003");
	expect_talk(w, "1001", "1003");
	assert_int_equal(number(w, "held"), 0);
}

static void
t33_who_may_not_is_refused(void **state)
{
	struct office_world *w = *state;

	active(w);
	blind(w, "1002", "1003"); /* has not the service */
	assert_int_equal(look(w, "1002").status, 29);
	service(w, "1001", SERVICE_bar_out, "1003");
	blind(w, "1001", "1003");
	assert_int_equal(look(w, "1001").status, 29);
	expect_state(w, "active");
	expect_talk(w, "1001", "1002");
	send(w, "1002", SIGNAL_HOLD);
	blind(w, "1002", "1003");
	assert_int_equal(look(w, "1002").status, 29);
	expect_state(w, "held");
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

static void
expect_left_in_vain(struct office_world *w, const char *digits,
    const char *tone, unsigned int cause)
{
	active(w);
	blind(w, "1001", digits);
	expect_state(w, "treated");
	expect_line(w, "1002", "busy", tone);
	expect_line(w, "1001", "parked", "disconnect");
	hang_up(w, "1002");
	expect_record(w, cause, LOCAL_NONE, SIDE_NET);
	assert_int_equal(w->leg.kind, LEG_transfer);
	assert_int_equal(w->leg.cause, cause);
	hang_up(w, "1001");
}

static void
t35_a_number_that_leads_nowhere(void **state)
{
	struct office_world *w = *state;

	expect_left_in_vain(w, "9", "announcement", 3);
	offhook(w, "1004");
	expect_left_in_vain(w, "1004", "busy", 17);
	expect_left_in_vain(w, "1002", "busy", 17); /* the other side */
	service(w, "1005", SERVICE_bar_in, "");
	expect_left_in_vain(w, "1005", "announcement", 54);
}

/* T12 is not for a call that was answered before. */
static void
t35_a_target_that_could_be_told(void **state)
{
	struct office_world *w = *state;

	service(w, "1003", SERVICE_call_waiting, "");
	call(w, "1003", "1004");
	answer(w, "1004");
	expect_left_in_vain(w, "1003", "busy", 17);
	expect_line(w, "1003", "busy", "speech");
}

static void
t35_a_terminal_that_says_nothing(void **state)
{
	struct office_world *w = *state;

	active(w);
	blind(w, "1001", "2001");
	expect_state(w, "transferring");
	pass(w, 4 * S); /* T303 */
	expect_state(w, "treated");
	expect_line(w, "2001", "idle", "none");
	hang_up(w, "1002");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
	hang_up(w, "1001");

	active(w);
	blind(w, "1001", "2001");
	send(w, "2001", SIGNAL_PROCEEDING); /* T59 */
	pass(w, 5 * S);
	send(w, "2001", SIGNAL_ALERTING); /* T79 */
	pass(w, 20 * S);
	expect_state(w, "transferring");
	answer(w, "2001");
	expect_talk(w, "1002", "2001");
}

static void
refuses(struct office_world *w)
{
	reject(w, "2001", 17);
}

static void
says_nothing(struct office_world *w)
{
	pass(w, 4 * S); /* T303 */
}

static void
goes_on_with_it(struct office_world *w)
{
	send(w, "2001", SIGNAL_PROCEEDING);
	pass(w, 10 * S); /* T310 */
}

static void
rings(struct office_world *w)
{
	send(w, "2001", SIGNAL_ALERTING);
	pass(w, 180UL * S); /* T301 */
}

/* Of each way in which a target may fail: nobody can be rung, or somebody. */
static void
t35_why_the_target_was_given_up(void **state)
{
	static const struct {
		void (*fails)(struct office_world *);
		unsigned int cause;
		enum side side;
		const char *tone;
	} table[] = { { refuses, 17, SIDE_B, "busy" },
		{ says_nothing, 18, SIDE_NET, "no-answer" },
		{ goes_on_with_it, 18, SIDE_NET, "no-answer" },
		{ rings, 19, SIDE_NET, "no-answer" } };
	struct office_world *w = *state;
	unsigned int i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		active(w);
		blind(w, "1001", "2001");
		table[i].fails(w);
		expect_line(w, "1002", "busy", table[i].tone);
		hang_up(w, "1002");
		expect_record(w, table[i].cause, LOCAL_NONE, table[i].side);
		hang_up(w, "1001");

		active(w);
		blind(w, "1001", "2001");
		hang_up(w, "1001");
		table[i].fails(w);
		expect_state(w, "alerting");
		expect_line(w, "1001", "ringing", "none");
		expect_line(w, "2001", "idle", "none");
		assert_int_equal(w->leg.kind, LEG_transfer);
		assert_int_equal(w->leg.cause, table[i].cause);
		hang_up(w, "1002");
		expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	}
}

static void
t35_who_left_is_rung_again(void **state)
{
	struct office_world *w = *state;

	active(w);
	blind(w, "1001", "1003");
	pass(w, S);
	hang_up(w, "1001");
	reject(w, "1003", 21);
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	answer(w, "1001");
	expect_talk(w, "1001", "1002");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(w->cdr.charge_micro, 150000);
}

static void
t10_a_target_that_forwards(void **state)
{
	struct office_world *w = *state;

	service(w, "1003", SERVICE_cfu, "1004");
	active(w);
	blind(w, "1001", "1003");
	expect_state(w, "transferring");
	expect_line(w, "1004", "ringing", "none");
	answer(w, "1004");
	expect_talk(w, "1002", "1004");
}

static void
t11_a_busy_target_that_forwards(void **state)
{
	struct office_world *w = *state;

	service(w, "1003", SERVICE_cfb, "1004");
	service(w, "1003", SERVICE_call_waiting, "");
	call(w, "1003", "1005");
	answer(w, "1005");
	active(w);
	blind(w, "1001", "1003");
	expect_state(w, "transferring");
	expect_line(w, "1003", "busy", "speech");
	expect_line(w, "1004", "ringing", "none");
	answer(w, "1004");
	expect_talk(w, "1002", "1004");
}

static void
t89_a_blind_transfer_that_faults_has_not_been(void **state)
{
	struct office_world *w = *state;

	active(w);
	break_next(w);
	blind(w, "1001", "1003");
	expect_state(w, "active");
	expect_talk(w, "1001", "1002");
	expect_line(w, "1003", "idle", "none");
}

/*--------------------------------------------------------------------
 * CONF
 */

static void
conference(struct office_world *w, uint64_t calls[2])
{
	spoken(w, calls);
	send(w, "1001", SIGNAL_CONFERENCE);
	expect_joined(w, calls, LOCAL_CONF);
	expect_state(w, "conference");
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1003", "busy", "speech");
	assert_int_equal(look(w, "1001").calls, 1);
	expect_order(w);
}

static void
t32_three_talk_in_one_call(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	conference(w, calls);
	dial(w, "1003", "1");	      /* T69 */
	send(w, "1002", SIGNAL_HOLD); /* T43 */
	assert_int_equal(look(w, "1002").status, 101);
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0); /* T45 */
	pass(w, 0);
	expect_state(w, "clearing");
	hang_up(w, "1001");
	hang_up(w, "1003");
	expect_line(w, "1002", "busy", "disconnect");
	hang_up(w, "1002");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
}

static void
t76_whoever_leaves_the_other_two_go_on(void **state)
{
	static const char *const parties[] = { "1001", "1002", "1003" };
	struct office_world *w = *state;
	uint64_t calls[2];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		conference(w, calls);
		hang_up(w, parties[i]);
		expect_state(w, "active");
		expect_line(w, parties[i], "idle", "none");
		expect_talk(w, parties[(i + 1) % 3], parties[(i + 2) % 3]);
		hang_up(w, parties[(i + 1) % 3]);
		hang_up(w, parties[(i + 2) % 3]);
		expect_state(w, "ended");
		assert_string_equal(w->cdr.calling, "1001");
	}
}

static void
t77_without_that_right_he_takes_all_with_him(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	service(w, "1001", SERVICE_transfer, NULL);
	conference(w, calls);
	hang_up(w, "1001");
	expect_state(w, "clearing");
	expect_line(w, "1002", "busy", "disconnect");
	expect_line(w, "1003", "busy", "disconnect");
	hang_up(w, "1003");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

static void
t78_a_flash_releases_who_joined_last(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	conference(w, calls);
	send(w, "1002", SIGNAL_FLASH); /* T43 */
	expect_state(w, "conference");
	send(w, "1001", SIGNAL_FLASH);
	expect_state(w, "active");
	expect_line(w, "1003", "parked", "disconnect");
	expect_talk(w, "1001", "1002");
	send(w, "1001", SIGNAL_RETRIEVE); /* T27: nobody holds any more */
	assert_int_equal(look(w, "1001").status, 29);
	send(w, "1001", SIGNAL_HOLD);
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_talk(w, "1001", "1002");
}

static void
t89_whoever_hangs_up_in_a_conference_is_missed(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	conference(w, calls);
	break_next(w);
	hang_up(w, "1003");
	expect_talk(w, "1001", "1002");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALL_TEST(t28_who_holds_consults),
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
		CALL_TEST(t29_who_transfers_leaves_the_two_others),
		CALL_TEST(
		    t29_the_called_party_transfers_while_it_talks_in_its_first),
		CALL_TEST(t29_a_party_that_came_by_transfer_can_transfer),
		CALL_TEST(t29_who_hangs_up_at_that_instant_is_gone),
		CALL_TEST(t29_a_transfer_that_faults_has_not_been),
		CALL_TEST(t29_the_consultation_faults_when_it_is_ended),
		CALL_TEST(t39_either_call_of_two_is_given_up),
		CALL_TEST(t73_what_cannot_be_joined_is_refused),
		CALL_TEST(t75_who_hangs_up_has_transferred),
		CALL_TEST(t75_who_hangs_up_in_vain_is_rung_again),
		CALL_TEST(t75_an_early_consultation_is_cancelled),
		CALL_TEST(t23_after_trecall_it_is_over),
		CALL_TEST(t68_a_flash_gives_dial_tone),
		CALL_TEST(t45_the_operator_clears_the_first_of_two),
		CALL_TEST(t30_a_transfer_to_one_who_rings),
		CALL_TEST(t30_by_hanging_up),
		CALL_TEST(t34_the_target_answers),
		CALL_TEST(t34_the_answer_crosses_the_transfer),
		CALL_TEST(t35_the_target_refuses_and_who_transferred_is_rung),
		CALL_TEST(t35_the_target_refuses_and_nobody_can_be_rung),
		CALL_TEST(t36_who_waits_has_had_enough),
		CALL_TEST(t45_a_transferring_call_is_cleared),
		CALL_TEST(t89_each_fact_of_a_transfer_survives_its_fault),
		CALL_TEST(t33_one_leaves_the_other_to_a_number),
		CALL_TEST(t33_the_called_party_too_and_one_who_holds),
		CALL_TEST(t33_who_may_not_is_refused),
		CALL_TEST(t35_a_number_that_leads_nowhere),
		CALL_TEST(t35_a_target_that_could_be_told),
		CALL_TEST(t35_a_terminal_that_says_nothing),
		CALL_TEST(t35_why_the_target_was_given_up),
		CALL_TEST(t35_who_left_is_rung_again),
		CALL_TEST(t10_a_target_that_forwards),
		CALL_TEST(t11_a_busy_target_that_forwards),
		CALL_TEST(t89_a_blind_transfer_that_faults_has_not_been),
		CALL_TEST(t32_three_talk_in_one_call),
		CALL_TEST(t76_whoever_leaves_the_other_two_go_on),
		CALL_TEST(t77_without_that_right_he_takes_all_with_him),
		CALL_TEST(t78_a_flash_releases_who_joined_last),
		CALL_TEST(t89_whoever_hangs_up_in_a_conference_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
