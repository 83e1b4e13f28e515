/*
 * A call that waits at a busy line, and what its subscriber does with two: rows
 * T12, T26, T27, T64 to T67 and T90, of every release from 2.0 on.
 */
#ifndef TESTS_WAITING_ROWS_H
#define TESTS_WAITING_ROWS_H

#include "tests/call_states.h"

/* 1001 talks to 1002, whom 1003 calls too; the two calls' numbers. */
static void
waiting(struct office_world *w, uint64_t calls[2])
{
	service(w, "1002", SERVICE_call_waiting, "");
	active(w);
	calls[0] = w->call;
	call(w, "1003", "1002");
	calls[1] = w->call;
}

/* In the first of the calls, or in the second. */
static uint64_t
number_in(struct office_world *w, uint64_t number_of_call, const char *name)
{
	w->call = number_of_call;
	return number(w, name);
}

static void
expect_held(struct office_world *w, const uint64_t calls[2], uint64_t first,
    uint64_t second)
{
	assert_int_equal(number_in(w, calls[0], "held"), first);
	assert_int_equal(number_in(w, calls[1], "held"), second);
}

static void
t12_a_call_waits_at_a_busy_line(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	expect_state(w, "alerting");
	expect_line(w, "1002", "waiting", "waiting");
	expect_line(w, "1003", "busy", "ringback");
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 2);
	assert_int_equal(look(w, "1002").peer, line(w, "1001"));
	assert_int_equal(number(w, "waiting"), 1);
	assert_int_equal(number(w, "t_alert"), 6 * S + 1);
	call(w, "1004", "1002"); /* the second place is taken too */
	expect_line(w, "1004", "busy", "busy");
	hang_up(w, "1004");
	expect_record(w, 17, LOCAL_NONE, SIDE_NET);
	expect_order(w);
	w->call = calls[1];
	hang_up(w, "1003"); /* T24 */
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	assert_int_equal(w->cdr.services, 1U << SERVED_waiting);
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 1);
}

static void
t12_only_one_who_talks_is_waited_for(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	service(w, "1002", SERVICE_call_waiting, "");
	alerting(w);
	call(w, "1003", "1002"); /* it rings */
	expect_line(w, "1003", "busy", "busy");
	hang_up(w, "1003");
	hang_up(w, "1001");
	offhook(w, "1002");
	call(w, "1003", "1002"); /* it dials */
	expect_line(w, "1003", "busy", "busy");
	hang_up(w, "1003");
	hang_up(w, "1002");
	waiting(w, calls);
	hang_up(w, "1003");
	service(w, "1002", SERVICE_call_waiting, NULL);
	call(w, "1003", "1002");
	expect_line(w, "1003", "busy", "busy");
}

/* By the hook or by a word; there are three parties, and none is cut off. */
static void
t64_who_hears_it_waiting_takes_it(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	pass(w, 10 * S);
	send(w, "1002", SIGNAL_FLASH);
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1003", "busy", "speech");
	expect_line(w, "1001", "busy", "hold");
	assert_int_equal(look(w, "1002").peer, line(w, "1003"));
	assert_int_equal(number(w, "waiting"), 0);
	expect_held(w, calls, 2, 0);
	expect_order(w);
	pass(w, 100 * S); /* no Tcw */
	hang_up(w, "1003");
	w->call = calls[1];
	expect_state(w, "clearing");
	expect_line(w, "1002", "busy", "disconnect");
	send(w, "1002", SIGNAL_FLASH); /* T67 has no row for it: T83 */
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.call.t_answer - w->cdr.call.t_alert, 10 * S);
	expect_line(w, "1002", "ringing", "none"); /* T90 */
}

static void
t64_an_answer_takes_it_too(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	answer(w, "1002");
	expect_state(w, "active");
	expect_held(w, calls, 2, 0);
}

/* The other call was over already, and is left. */
static void
t64_what_is_over_is_not_held(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	hang_up(w, "1001");
	expect_line(w, "1002", "waiting", "waiting");
	send(w, "1002", SIGNAL_FLASH);
	w->call = calls[0];
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	w->call = calls[1];
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 1);
	assert_int_equal(office_counts(w->office)->late, 0);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

/* It has waited for the other one to end, and is the only one now. */
static void
t64_the_only_call_waits_on(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	hang_up(w, "1001");
	pass(w, 30 * S); /* T306 of the first */
	expect_line(w, "1002", "waiting", "waiting");
	assert_int_equal(look(w, "1002").calls, 1);
	expect_order(w);
	w->call = calls[1];
	send(w, "1002", SIGNAL_FLASH);
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	hang_up(w, "1002");
	hang_up(w, "1003");
}

/* One who is held himself holds too, and goes. */
static void
t67_who_is_held_goes_to_the_other(void **state)
{
	static const enum signal_kind ways[] = { SIGNAL_SWAP, SIGNAL_FLASH };
	struct office_world *w = *state;
	uint64_t calls[2];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		waiting(w, calls);
		answer(w, "1002");
		send(w, "1003", SIGNAL_HOLD);
		expect_line(w, "1002", "busy", "hold");
		send(w, "1002", ways[i]);
		expect_held(w, calls, 0, 3);
		expect_line(w, "1001", "busy", "speech");
		expect_line(w, "1002", "busy", "speech");
		expect_line(w, "1003", "busy", "hold");
		assert_int_equal(look(w, "1002").peer, line(w, "1001"));
		expect_order(w);
		hang_up(w, "1001");
		hang_up(w, "1003");
		hang_up(w, "1002");
	}
}

static void
t65_on_hook_it_rings(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	pass(w, 50 * S);
	hang_up(w, "1002");
	expect_state(w, "alerting");
	expect_line(w, "1002", "ringing", "none");
	assert_int_equal(number(w, "waiting"), 2);
	assert_int_equal(number_in(w, calls[0], "state"), 7); /* clearing */
	expect_line(w, "1001", "busy", "disconnect");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(look(w, "1002").calls, 1);
	w->call = calls[1];
	pass(w, 180 * S - MS); /* T301 afresh */
	expect_state(w, "alerting");
	answer(w, "1002");
	expect_state(w, "active");
	assert_int_equal(number(w, "waiting"), 0);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

/* The only one left waits, and rings when the handset is put down. */
static void
t65_on_hook_after_the_other_call_too(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	hang_up(w, "1001");
	pass(w, 30 * S);
	hang_up(w, "1002");
	w->call = calls[1];
	expect_state(w, "alerting");
	expect_line(w, "1002", "ringing", "none");
	answer(w, "1002");
	expect_state(w, "active");
}

static void
t66_nobody_waits_for_ever(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	pass(w, 60 * S - MS);
	expect_state(w, "alerting");
	pass(w, MS); /* Tcw, 60 s */
	expect_state(w, "treated");
	expect_line(w, "1003", "busy", "no-answer");
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 1);
	hang_up(w, "1003");
	expect_record(w, 19, LOCAL_NONE, SIDE_NET);
}

static void
t63_who_waits_is_refused(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	reject(w, "1002", 17);
	expect_state(w, "treated");
	expect_line(w, "1003", "busy", "busy");
	expect_line(w, "1002", "busy", "speech");
	hang_up(w, "1003");
	expect_record(w, 17, LOCAL_NONE, SIDE_B);
}

static void
t67_from_one_call_to_the_other(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	send(w, "1002", SIGNAL_FLASH); /* T64 */
	send(w, "1002", SIGNAL_FLASH);
	expect_held(w, calls, 0, 2);
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1003", "busy", "hold");
	assert_int_equal(look(w, "1002").peer, line(w, "1001"));
	send(w, "1002", SIGNAL_SWAP);
	expect_held(w, calls, 2, 0);
	expect_line(w, "1003", "busy", "speech");
	expect_line(w, "1001", "busy", "hold");
	assert_int_equal(look(w, "1002").peer, line(w, "1003"));
	expect_order(w);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

/* Both may be held; who talks in one cannot take back the other. */
static void
t27_who_talks_elsewhere_takes_nobody_back(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	answer(w, "1002");
	send(w, "1002", SIGNAL_RETRIEVE); /* the held one, and it is refused */
	assert_int_equal(look(w, "1002").status, 29);
	expect_held(w, calls, 2, 0);
	send(w, "1002", SIGNAL_HOLD);
	expect_held(w, calls, 2, 2);
	expect_line(w, "1003", "busy", "hold");
	done(w,
	    office_signal_in(w->office, line(w, "1002"), calls[0],
		SIGNAL_RETRIEVE, 0, &(const char *){ "" }),
	    "it is in that call");
	expect_held(w, calls, 0, 2);
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(look(w, "1002").peer, line(w, "1001"));
	send(w, "1001", SIGNAL_HOLD); /* who has one call is not concerned */
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_held(w, calls, 0, 2);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

/* He has forgotten whom he held: the handset rings, and he is there. */
static void
t90_who_hangs_up_is_rung_by_whom_he_holds(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	answer(w, "1002");
	pass(w, 10 * S);
	hang_up(w, "1002");
	expect_line(w, "1002", "ringing", "none");
	expect_line(w, "1001", "busy", "ringback");
	expect_line(w, "1003", "busy", "disconnect");
	w->call = calls[1];
	expect_state(w, "clearing");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	expect_order(w);
	w->call = calls[0];
	expect_state(w, "alerting");
	pass(w, 30 * S - MS);
	answer(w, "1002");
	expect_state(w, "active");
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(number(w, "held"), 0);
	assert_int_equal(number(w, "hold_us"), 10 * S);
	pass(w, 100 * S);
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

/* The caller, who had a call waiting, is rung as the called one would be. */
static void
t90_the_caller_is_rung_too(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	service(w, "1001", SERVICE_call_waiting, "");
	active(w);
	calls[0] = w->call;
	call(w, "1003", "1001");
	calls[1] = w->call;
	expect_line(w, "1001", "waiting", "waiting");
	send(w, "1001", SIGNAL_FLASH);
	expect_held(w, calls, 1, 0);
	hang_up(w, "1001");
	w->call = calls[0];
	expect_state(w, "alerting");
	expect_line(w, "1001", "ringing", "none");
	expect_line(w, "1002", "busy", "ringback");
	assert_int_equal(party_port(w, 1), line(w, "1001"));
	pass(w, 30 * S); /* Trecall */
	expect_state(w, "treated");
	expect_line(w, "1002", "busy", "no-answer");
	hang_up(w, "1002");
	expect_record(w, 19, LOCAL_NONE, SIDE_NET);
	assert_string_equal(w->cdr.calling, "1001");
	assert_string_equal(w->cdr.connected, "1002");
}

/* What is lost with a fault is found by asking the line (T89). */
static void
t89_an_on_hook_is_not_lost_on_who_waits(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	break_next(w); /* of the one that waits */
	hang_up(w, "1002");
	expect_state(w, "alerting");
	expect_line(w, "1002", "ringing", "none");
	break_next(w);
	answer(w, "1002");
	expect_state(w, "active");
}

/* One that is given up frees the place that it had, and nothing else. */
static void
t39_who_waits_is_given_up(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	waiting(w, calls);
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w),
	    (struct reason){ .kind = REASON_KILL });
	pass(w, 0);
	assert_int_equal(w->cdr.call.cause, 41);
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1003", "parked", "disconnect");
	expect_order(w);
	call(w, "1004", "1002");
	expect_line(w, "1002", "waiting", "waiting");
	w->call = calls[0];
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w),
	    (struct reason){ .kind = REASON_KILL });
	pass(w, 0);
	expect_line(w, "1002", "waiting", "waiting");
	assert_int_equal(look(w, "1002").calls, 1);
	expect_order(w);
}

#define WAITING_TESTS                                                          \
	CALL_TEST(t12_a_call_waits_at_a_busy_line),                            \
	    CALL_TEST(t12_only_one_who_talks_is_waited_for),                   \
	    CALL_TEST(t64_who_hears_it_waiting_takes_it),                      \
	    CALL_TEST(t64_an_answer_takes_it_too),                             \
	    CALL_TEST(t64_what_is_over_is_not_held),                           \
	    CALL_TEST(t64_the_only_call_waits_on),                             \
	    CALL_TEST(t65_on_hook_it_rings),                                   \
	    CALL_TEST(t65_on_hook_after_the_other_call_too),                   \
	    CALL_TEST(t66_nobody_waits_for_ever),                              \
	    CALL_TEST(t67_who_is_held_goes_to_the_other),                      \
	    CALL_TEST(t63_who_waits_is_refused),                               \
	    CALL_TEST(t67_from_one_call_to_the_other),                         \
	    CALL_TEST(t27_who_talks_elsewhere_takes_nobody_back),              \
	    CALL_TEST(t90_who_hangs_up_is_rung_by_whom_he_holds),              \
	    CALL_TEST(t90_the_caller_is_rung_too),                             \
	    CALL_TEST(t89_an_on_hook_is_not_lost_on_who_waits),                \
	    CALL_TEST(t39_who_waits_is_given_up)

#endif
