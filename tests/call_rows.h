/*
 * The rows of the state table, T1 to T89, each by its number and as a test,
 * for every release that has it: real modules, scheduler, supervisor, office.
 * Here are those of a call between two lines, from dial tone to its end; other
 * files have those about one matter, and common_rows.h gathers what all
 * releases have.
 */
#ifndef TESTS_CALL_ROWS_H
#define TESTS_CALL_ROWS_H

#include "tests/call_states.h"

static void
t1_offhook_gives_dial_tone(void **state)
{
	struct office_world *w = *state;

	pass(w, 3 * S);
	offhook(w, "1001");
	expect_state(w, "collecting");
	expect_line(w, "1001", "busy", "dial");
	assert_int_equal(party_port(w, 0), line(w, "1001"));
	assert_int_equal(party_port(w, 1), PORT_NONE);
	assert_true(pid_equal(look(w, "1001").call, pid_of(w)));
	hang_up(w, "1001");
	assert_int_equal(w->cdr.call.t_seize, 3 * S + 1);
}

static void
t13_a_busy_line_gives_busy_tone(void **state)
{
	struct office_world *w = *state;

	active(w);
	call(w, "1003", "1002");
	expect_state(w, "treated");
	expect_line(w, "1003", "busy", "busy");
	expect_line(w, "1002", "busy", "speech");
	hang_up(w, "1003");
	expect_record(w, 17, LOCAL_NONE, SIDE_NET);
	assert_string_equal(w->cdr.call.dialled, "1002");
}

static void
t13_who_calls_himself_is_busy(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "1001");
	expect_line(w, "1001", "busy", "busy");
	hang_up(w, "1001");
	expect_record(w, 17, LOCAL_NONE, SIDE_NET);
}

static void
t13_a_parked_line_is_out_of_order(void **state)
{
	struct office_world *w = *state;

	treated(w);
	pass(w, 30 * S);
	expect_line(w, "1001", "parked", "disconnect");
	call(w, "1003", "1001");
	expect_line(w, "1003", "busy", "announcement");
	hang_up(w, "1003");
	expect_record(w, 27, LOCAL_NONE, SIDE_NET);
}

static void
t16_a_seized_line_gets_setup(void **state)
{
	struct office_world *w = *state;

	presented(w);
	expect_line(w, "2001", "busy", "none");
	assert_int_equal(party_port(w, 1), line(w, "2001"));
	assert_int_equal(number(w, "setups"), 1);
	assert_true(pid_equal(look(w, "2001").call, pid_of(w)));
	assert_int_equal(look(w, "2001").peer, PORT_NONE); /* not through */
}

static void
t17_alerting_gives_ringback(void **state)
{
	struct office_world *w = *state;

	presented(w);
	pass(w, S);
	send(w, "2001", SIGNAL_ALERTING);
	expect_state(w, "alerting");
	expect_line(w, "2001", "ringing", "none");
	expect_line(w, "1001", "busy", "ringback");
	assert_int_equal(number(w, "t_alert"), S + 1);
}

static void
t18_an_answer_without_alerting_counts_as_both(void **state)
{
	struct office_world *w = *state;

	presented(w);
	pass(w, 2 * S);
	answer(w, "2001");
	expect_state(w, "active");
	expect_line(w, "2001", "busy", "speech");
	assert_int_equal(number(w, "t_alert"), 2 * S + 1);
	assert_int_equal(number(w, "t_answer"), 2 * S + 1);
}

static void
t19_a_call_refused_before_it_rings(void **state)
{
	struct office_world *w = *state;

	presented(w);
	reject(w, "2001", 17);
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "busy");
	expect_line(w, "2001", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 17, LOCAL_NONE, SIDE_B);
}

static void
t20_setup_is_sent_twice(void **state)
{
	struct office_world *w = *state;

	presented(w);
	pass(w, 4 * S); /* T303 */
	expect_state(w, "presented");
	assert_int_equal(number(w, "setups"), 2);
	send(w, "2001", SIGNAL_ALERTING);
	expect_state(w, "alerting");
}

static void
t21_the_answer_connects(void **state)
{
	struct office_world *w = *state;

	active(w);
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(number(w, "t_alert"), 1);
	assert_int_equal(number(w, "t_answer"), 6 * S + 1);
	assert_int_equal(look(w, "1001").peer, line(w, "1002"));
	assert_int_equal(look(w, "1002").peer, line(w, "1001"));
	assert_int_equal(office_counts(w->office)->answered, 1);
	pass(w, 3600UL * S); /* nothing runs */
	expect_state(w, "active");
}

static void
t23_nobody_answers(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	pass(w, 180UL * S - MS);
	expect_state(w, "alerting");
	pass(w, MS); /* T301 */
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "no-answer");
	expect_line(w, "1002", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 19, LOCAL_NONE, SIDE_NET);
	assert_int_equal(w->cdr.call.t_release, 180UL * S + 1);
	assert_string_equal(w->cdr.translated, "1002");
	assert_string_equal(w->cdr.connected, "");
}

static void
t24_the_caller_cancels_while_it_rings(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_line(w, "1002", "idle", "none");
	expect_line(w, "1001", "idle", "none");
}

static void
t37_who_hangs_up_is_free_and_the_other_hears_it(void **state)
{
	struct office_world *w = *state;

	active(w);
	pass(w, 90UL * S);
	hang_up(w, "1002");
	expect_state(w, "clearing");
	expect_line(w, "1002", "idle", "none");
	expect_line(w, "1001", "busy", "disconnect");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(
	    w->cdr.call.t_release - w->cdr.call.t_answer, 90UL * S);
	assert_string_equal(w->cdr.connected, "1002");
	assert_int_equal(w->cdr.call.attempts, 1);
}

static void
t40_the_other_side_hangs_up_or_is_parked(void **state)
{
	struct office_world *w = *state;

	clearing(w);
	pass(w, 30 * S - MS);
	expect_line(w, "1002", "busy", "disconnect");
	pass(w, MS); /* T306 */
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_line(w, "1002", "parked", "disconnect");
	hang_up(w, "1002");
	expect_line(w, "1002", "idle", "none");
}

static void
t41_the_last_line_ends_the_call(void **state)
{
	struct office_world *w = *state;
	struct pid pid;

	clearing(w);
	pid = pid_of(w);
	assert_int_equal(w->cdrs, 0);
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdrs, 1);
	assert_false(process_is_alive(w->world.scheduler, pid));
	assert_int_equal(office_counts(w->office)->ended, 1);
}

static void
t42_after_treatment_the_line_is_parked(void **state)
{
	struct office_world *w = *state;

	treated(w);
	pass(w, 30 * S - MS);
	expect_state(w, "treated");
	pass(w, MS); /* Ttreat */
	expect_record(w, 3, LOCAL_NONE, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
}

static void
t43_a_signal_without_row_is_answered_and_counted(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	send(w, "1002", SIGNAL_FLASH);
	expect_state(w, "alerting");
	assert_int_equal(look(w, "1002").status, 101);
	assert_int_equal(office_counts(w->office)->unexpected, 1);
	send(w, "1001", SIGNAL_RETRIEVE);
	assert_int_equal(office_counts(w->office)->unexpected, 2);
	send(w, "1001", SIGNAL_ANSWER); /* never that one */
	assert_int_equal(office_counts(w->office)->unexpected, 2);
	assert_int_equal(office_counts(w->office)->late, 1);
}

static void
clear_it(struct office_world *w, uint8_t cause)
{
	assert_int_equal(office_clear(w->office, pid_of(w), cause), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	expect_line(w, "1001", "busy", "disconnect");
}

static void
t45_the_operator_clears_any_state(void **state)
{
	static void (*const states[])(
	    struct office_world *) = { collecting, alerting, active, treated };
	static const unsigned int causes[] = { 31, 31, 31, 3 };
	struct office_world *w = *state;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		states[i](w);
		clear_it(w, 0);
		hang_up(w, "1001");
		if (i == 2)
			hang_up(w, "1002");
		expect_record(
		    w, causes[i], i == 3 ? LOCAL_NONE : LOCAL_ADMIN, SIDE_NET);
		expect_line(w, "1002", "idle", "none");
	}
	presented(w);
	clear_it(w, 38);
	expect_line(w, "2001", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 38, LOCAL_ADMIN, SIDE_NET);
}

static void
t45_a_shutdown_ends_calls_as_an_operator_would(void **state)
{
	struct office_world *w = *state;
	const struct reason reason = { .kind = REASON_SHUTDOWN };

	active(w);
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w), reason);
	pass(w, 0);
	expect_record(w, 31, LOCAL_SHUTDOWN, SIDE_NET);
	assert_int_equal(office_counts(w->office)->lost, 1);
}

static void
t58_the_caller_cancels_before_it_rings(void **state)
{
	struct office_world *w = *state;

	presented(w);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_line(w, "2001", "idle", "none");
}

static void
t59_a_terminal_that_works_on_it_gets_t310(void **state)
{
	struct office_world *w = *state;

	presented(w);
	pass(w, 3 * S);
	send(w, "2001", SIGNAL_PROCEEDING);
	pass(w, 10 * S - MS);
	expect_state(w, "presented");
	assert_int_equal(number(w, "setups"), 1);
	pass(w, MS);
	expect_state(w, "treated");
}

static void
t61_no_word_from_the_terminal(void **state)
{
	struct office_world *w = *state;

	presented(w);
	pass(w, 8 * S);
	expect_state(w, "treated");
	expect_line(w, "2001", "idle", "none");
	expect_line(w, "1001", "busy", "no-answer");
	hang_up(w, "1001");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
}

static void
t63_a_ringing_call_is_refused(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	reject(w, "1002", 0);
	expect_state(w, "treated");
	expect_line(w, "1002", "idle", "none");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 21, LOCAL_NONE, SIDE_B);
}

static void
t83_what_comes_late_is_counted(void **state)
{
	struct office_world *w = *state;

	clearing(w);
	send(w, "1002", SIGNAL_FLASH);
	expect_state(w, "clearing");
	assert_int_equal(office_counts(w->office)->late, 1);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

/* The answer crosses the caller's on-hook: whichever comes first, one CDR. */
static void
t83_an_answer_that_crosses_the_abandon(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	alerting(w);
	office_hangup(w->office, line(w, "1001"), &why);
	answer(w, "1002");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_line(w, "1002", "parked", "disconnect");
	hang_up(w, "1002");

	alerting(w);
	office_answer(w->office, line(w, "1002"), &why);
	hang_up(w, "1001");
	expect_state(w, "clearing");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.call.t_answer, w->cdr.call.t_release);
}

/* Its message is on the way when a digit starts T302 anew. */
static void
t88_a_timer_that_was_replaced_is_dropped(void **state)
{
	struct office_world *w = *state;
	struct event_timeout stale;

	collecting(w);
	dial(w, "1001", "1");
	stale = (struct event_timeout){ .timer = 1, /* T302 */
		.key = (uint16_t)number(w, "serial") };
	dial(w, "1001", "0");
	assert_int_equal(process_post(w->world.scheduler, pid_of(w),
			     EVENT_TIMEOUT, &stale, sizeof stale),
	    0);
	pass(w, 0);
	expect_state(w, "collecting");
	assert_int_equal(office_counts(w->office)->late, 1);
}

/* What 1.0 has, and so every release. */
#define BASIC_TESTS                                                            \
	CALL_TEST(t1_offhook_gives_dial_tone),                                 \
	    CALL_TEST(t13_a_busy_line_gives_busy_tone),                        \
	    CALL_TEST(t13_who_calls_himself_is_busy),                          \
	    CALL_TEST(t13_a_parked_line_is_out_of_order),                      \
	    CALL_TEST(t16_a_seized_line_gets_setup),                           \
	    CALL_TEST(t17_alerting_gives_ringback),                            \
	    CALL_TEST(t18_an_answer_without_alerting_counts_as_both),          \
	    CALL_TEST(t19_a_call_refused_before_it_rings),                     \
	    CALL_TEST(t20_setup_is_sent_twice),                                \
	    CALL_TEST(t21_the_answer_connects), CALL_TEST(t23_nobody_answers), \
	    CALL_TEST(t24_the_caller_cancels_while_it_rings),                  \
	    CALL_TEST(t37_who_hangs_up_is_free_and_the_other_hears_it),        \
	    CALL_TEST(t40_the_other_side_hangs_up_or_is_parked),               \
	    CALL_TEST(t41_the_last_line_ends_the_call),                        \
	    CALL_TEST(t42_after_treatment_the_line_is_parked),                 \
	    CALL_TEST(t43_a_signal_without_row_is_answered_and_counted),       \
	    CALL_TEST(t45_the_operator_clears_any_state),                      \
	    CALL_TEST(t45_a_shutdown_ends_calls_as_an_operator_would),         \
	    CALL_TEST(t58_the_caller_cancels_before_it_rings),                 \
	    CALL_TEST(t59_a_terminal_that_works_on_it_gets_t310),              \
	    CALL_TEST(t61_no_word_from_the_terminal),                          \
	    CALL_TEST(t63_a_ringing_call_is_refused),                          \
	    CALL_TEST(t83_what_comes_late_is_counted),                         \
	    CALL_TEST(t83_an_answer_that_crosses_the_abandon),                 \
	    CALL_TEST(t88_a_timer_that_was_replaced_is_dropped)

#endif
