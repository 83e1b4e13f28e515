/*
 * Rows about calls over trunks, from SETUP to the end of talk.  Which trunk a
 * call leaves by is route_rows.h, and how its circuit is released
 * release_rows.h.
 */
#ifndef TESTS_TRUNK_ROWS_H
#define TESTS_TRUNK_ROWS_H

#include "tests/trunk_world.h"

/* A call from 1001 over circuit 1 of T1, in each of its states. */
static void
sent(struct office_world *w)
{
	isdn_trunk(w);
	call(w, "1001", "0812345");
	expect_state(w, "presented");
}

static void
rung(struct office_world *w)
{
	sent(w);
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
}

static void
talking(struct office_world *w)
{
	rung(w);
	pass(w, 6 * S);
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	expect_state(w, "active");
}

/* And one from there, to 1002, over circuit 2. */
static void
come(struct office_world *w)
{
	isdn_trunk(w);
	far_calls(w, "T1", 2, "1002");
	expect_state(w, "alerting");
}

static void
t2_the_gate_answers_a_trunk_by_itself(void **state)
{
	const struct alarm critical = { .name = "test",
		.severity = ALARM_critical };
	struct office_world *w = *state;

	isdn_trunk(w);
	alarm_raise(w->world.scheduler, &critical);
	far_calls(w, "T1", 1, "1002");
	expect_state(w, "ended"); /* no process, no record */
	assert_int_equal(office_counts(w->office)->gapped, 1);
	assert_int_equal(office_counts(w->office)->records, 0);
	assert_true(has_logged(w, "circuit T1 1 <- release-complete cause 42"));
	alarm_clear(w->world.scheduler, "test", "");
	far_calls(w, "T1", 1, "1002");
	expect_state(w, "alerting");
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
}

static void
t7_a_trunk_abandons_its_number(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	far_calls(w, "T1", 1, "");
	expect_state(w, "collecting");
	far_says(w, "T1", 1, SIGNAL_RELEASE, 31);
	expect_record(w, 31, LOCAL_ABANDON, SIDE_A);
	assert_true(has_logged(w, "circuit T1 1 <- release-complete cause 31"));
	expect_circuit(w, "T1", 1, "idle", "none");
}

static void
t16_a_circuit_gets_setup(void **state)
{
	struct office_world *w = *state;

	sent(w);
	expect_circuit(w, "T1", 1, "busy", "none");
	assert_true(pid_equal(circuit_look_at(w, "T1", 1).call, pid_of(w)));
	assert_int_equal(party_port(w, 1), port(w, "T1", 1));
	assert_true(has_logged(w, "circuit T1 1 <- setup 0812345"));
	hang_up(w, "1001");
}

static void
t17_t21_the_far_end_rings_and_answers(void **state)
{
	struct office_world *w = *state;

	talking(w);
	expect_line(w, "1001", "busy", "speech");
	expect_circuit(w, "T1", 1, "busy", "speech");
	assert_int_equal(look(w, "1001").peer, port(w, "T1", 1));
	assert_int_equal(trunk_look(w, "T1").answers, 1);
	pass(w, 90 * S);
	hang_up(w, "1001");
	/* The far end answers DISCONNECT with RELEASE: nothing is waited for.
	 */
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_circuit(w, "T1", 1, "idle", "none");
	assert_string_equal(w->cdr.calling, "1001");
	assert_string_equal(w->cdr.connected, "0812345");
	assert_int_equal(w->cdr.charge_micro, 900000);
	assert_int_equal(trunk_look(w, "T1").busy_us, 96 * S);
}

static void
t20_setup_is_sent_twice_to_isdn_alone(void **state)
{
	struct office_world *w = *state;

	sent(w);
	pass(w, 4 * S); /* T303 */
	expect_state(w, "presented");
	assert_int_equal(number(w, "setups"), 2);
	pass(w, 4 * S);
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
	assert_true(has_logged(w, "circuit T1 1 <- release cause 102"));
}

static void
t16_t61_isup_waits_t7_once(void **state)
{
	struct office_world *w = *state;

	ss7_trunk(w);
	call(w, "1001", "08123");
	pass(w, 10 * S);
	far_says(w, "T1", 1, SIGNAL_PROCEEDING, 0); /* no T310 either */
	pass(w, 15 * S - MS);
	expect_state(w, "presented");
	assert_int_equal(number(w, "setups"), 1);
	pass(w, MS);
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
}

/* What the operator says of T303 is not said of ISUP-T7. */
static void
t16_t61_timers_are_set_by_the_operator(void **state)
{
	struct office_world *w = *state;

	office_set_timer(w->office, OFFICE_TIMER_T303, S);
	office_set_timer(w->office, OFFICE_TIMER_T302, 3 * S);
	sent(w);
	pass(w, 2 * S);
	expect_state(w, "treated");
	hang_up(w, "1001");
	offhook(w, "1001");
	dial(w, "1001", "081");
	pass(w, 3 * S); /* shorter than the pause after a number */
	expect_state(w, "presented");
	hang_up(w, "1001");
}

static void
t16_isup_has_timers_of_its_own(void **state)
{
	struct office_world *w = *state;

	office_set_timer(w->office, OFFICE_TIMER_T303, S);
	ss7_trunk(w);
	call(w, "1001", "08123");
	pass(w, 25 * S - MS);
	expect_state(w, "presented");
	hang_up(w, "1001");
}

static void
t24_the_caller_cancels_and_the_circuit_is_released(void **state)
{
	struct office_world *w = *state;

	rung(w);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	assert_true(has_logged(w, "circuit T1 1 <- release cause 16"));
	assert_true(has_logged(w, "circuit T1 1 -> release-complete"));
	expect_circuit(w, "T1", 1, "idle", "none");
}

static void
t37_the_far_end_hangs_up(void **state)
{
	struct office_world *w = *state;

	talking(w);
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_state(w, "clearing");
	expect_line(w, "1001", "busy", "disconnect");
	expect_circuit(w, "T1", 1, "idle", "none"); /* at once */
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
}

static void
t37_a_trunk_fails_in_the_middle_of_a_call(void **state)
{
	struct office_world *w = *state;

	talking(w);
	assert_int_equal(office_fail_trunk(w->office,
			     office_find_trunk(w->office, "T1"), true),
	    0);
	pass(w, 0);
	expect_state(w, "clearing");
	expect_circuit(w, "T1", 1, "down", "none");
	hang_up(w, "1001");
	expect_record(w, 38, LOCAL_TRUNK, SIDE_B);
	call(w, "1001", "08123");
	expect_line(w, "1001", "busy", "congestion");
	hang_up(w, "1001");
	expect_record(w, 34, LOCAL_NONE, SIDE_NET);
	assert_int_equal(
	    office_fail_circuit(w->office, port(w, "T1", 1), false), 0);
	expect_circuit(w, "T1", 1, "idle", "none");
	call(w, "1001", "08123");
	expect_state(w, "presented");
	hang_up(w, "1001");
}

static void
t46_a_trunk_calls_a_line(void **state)
{
	struct office_world *w = *state;

	come(w);
	expect_line(w, "1002", "ringing", "none");
	expect_circuit(w, "T1", 2, "busy", "ringback");
	assert_true(has_logged(w, "circuit T1 2 <- proceeding"));
	assert_true(has_logged(w, "circuit T1 2 <- alerting"));
	answer(w, "1002");
	expect_circuit(w, "T1", 2, "busy", "speech");
	assert_int_equal(look(w, "1002").peer, port(w, "T1", 2));
	assert_int_equal(trunk_look(w, "T1").incoming, 1);
	assert_int_equal(trunk_look(w, "T1").bids, 0);
	pass(w, 60 * S);
	far_says(w, "T1", 2, SIGNAL_DISCONNECT, 16);
	expect_line(w, "1002", "busy", "disconnect");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.calling, "0790123");
	assert_string_equal(w->cdr.connected, "1002");
	assert_int_equal(w->cdr.charge_micro, 150000);
}

static void
t46_a_trunk_calls_a_trunk(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	far_calls(w, "T1", 2, "0855");
	expect_state(w, "presented");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	expect_circuit(w, "T1", 1, "busy", "speech");
	expect_circuit(w, "T1", 2, "busy", "speech");
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_circuit(w, "T1", 2, "idle", "none");
}

static void
t47_a_number_comes_digit_by_digit(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	far_calls(w, "T1", 1, "");
	expect_state(w, "collecting");
	assert_true(has_logged(w, "circuit T1 1 <- setup-ack"));
	pass(w, 15 * S - MS); /* T302 */
	far_dials(w, "T1", 1, "10");
	pass(w, 15 * S - MS);
	far_dials(w, "T1", 1, "02");
	expect_state(w, "alerting");
	assert_true(has_logged(w, "circuit T1 1 <- proceeding"));
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	far_calls(w, "T1", 1, "");
	pass(w, 15 * S);
	expect_state(w, "treated");
	expect_circuit(w, "T1", 1, "busy", "reorder");
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
	expect_record(w, 28, LOCAL_NONE, SIDE_NET);
}

static void
t58_a_trunk_cancels_before_it_rings(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	far_calls(w, "T1", 2, "2001");
	expect_state(w, "presented");
	far_says(w, "T1", 2, SIGNAL_DISCONNECT, 16);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_line(w, "2001", "idle", "none");
	sent(w);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	assert_true(has_logged(w, "circuit T1 1 <- release cause 16"));
}

static void
t59_proceeding_gives_t310(void **state)
{
	struct office_world *w = *state;

	sent(w);
	far_says(w, "T1", 1, SIGNAL_PROCEEDING, 0);
	pass(w, 10 * S - MS);
	expect_state(w, "presented");
	assert_int_equal(number(w, "setups"), 1);
	pass(w, MS);
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
}

static void
t60_what_comes_in_band_is_heard(void **state)
{
	struct office_world *w = *state;

	sent(w);
	far_says(w, "T1", 1, SIGNAL_PROGRESS, 0);
	expect_state(w, "presented");
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(office_counts(w->office)->answered, 0);
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
	expect_line(w, "1001", "busy", "speech"); /* cut through */
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	assert_int_equal(office_counts(w->office)->answered, 1);
	hang_up(w, "1001");
	sent(w);
	far_says(w, "T1", 1, SIGNAL_PROGRESS, 0);
	pass(w, 180 * S - MS); /* T301 */
	expect_state(w, "presented");
	pass(w, MS);
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
}

static void
t87_what_belongs_to_no_call(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 16);
	far_says(w, "T1", 1, SIGNAL_STATUS, 101);
	assert_false(has_logged(w, "circuit T1 1 <- release-complete"));
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	assert_true(has_logged(w, "circuit T1 1 <- release-complete cause 81"));
	assert_int_equal(office_counts(w->office)->attempts, 0);
	w->between = NULL; /* there is nothing to be converted */
}

/* The next event of the call faults: its fact is found all the same. */
static void
far_says_in_vain(struct office_world *w, enum signal_kind kind, uint8_t cause)
{
	assert_int_equal(process_break(w->world.scheduler, pid_of(w),
			     (uint16_t)kind, FAULT_CRASH, 1),
	    0);
	far_says(w, "T1", 1, kind, cause);
}

static void
t89_the_facts_of_a_circuit_survive(void **state)
{
	struct office_world *w = *state;

	sent(w);
	far_says_in_vain(w, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
	far_says_in_vain(w, SIGNAL_ANSWER, 0);
	expect_state(w, "active");
	far_says_in_vain(w, SIGNAL_DISCONNECT, 17);
	expect_state(w, "clearing");
	hang_up(w, "1001");
	expect_record(w, 17, LOCAL_NONE, SIDE_B);
}

static void
t89_release_complete_survives(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	expect_state(w, "releasing");
	far_says_in_vain(w, SIGNAL_RELEASE_COMPLETE, 16);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
}

static void
t89_a_failure_survives(void **state)
{
	struct office_world *w = *state;

	talking(w);
	assert_int_equal(process_break(w->world.scheduler, pid_of(w),
			     SIGNAL_TRUNK_DOWN, FAULT_CRASH, 1),
	    0);
	assert_int_equal(
	    office_fail_circuit(w->office, port(w, "T1", 1), true), 0);
	pass(w, 0);
	expect_state(w, "clearing");
	hang_up(w, "1001");
	expect_record(w, 38, LOCAL_TRUNK, SIDE_B);
}

/* T39: whoever had circuits has none any more. */
static void
t39_a_call_that_is_killed_frees_its_circuits(void **state)
{
	const struct reason kill = { .kind = REASON_KILL };
	struct office_world *w = *state;

	isdn_trunk(w);
	far_calls(w, "T1", 2, "0855");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w), kill);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_circuit(w, "T1", 2, "idle", "none");
}

/* Its seizure is undone with the event, and what was counted of it. */
static void
t16_an_event_that_faults_takes_no_circuit(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	collecting(w);
	dial(w, "1001", "0812");
	pass(w, 3 * S);
	assert_int_equal(process_break(w->world.scheduler, pid_of(w),
			     SIGNAL_DIGIT, FAULT_CRASH, 1),
	    0);
	dial(w, "1001", "#");
	assert_int_equal(trunk_look(w, "T1").busy, 0);
	assert_int_equal(trunk_look(w, "T1").bids, 0);
	expect_state(w, "collecting");
	dial(w, "1001", "#");
	expect_state(w, "presented");
	assert_int_equal(trunk_look(w, "T1").bids, 1);
	hang_up(w, "1001");
}

#define TRUNK_TESTS                                                            \
	CALL_TEST(t2_the_gate_answers_a_trunk_by_itself),                      \
	    CALL_TEST(t7_a_trunk_abandons_its_number),                         \
	    CALL_TEST(t16_a_circuit_gets_setup),                               \
	    CALL_TEST(t16_an_event_that_faults_takes_no_circuit),              \
	    CALL_TEST(t16_t61_isup_waits_t7_once),                             \
	    CALL_TEST(t16_t61_timers_are_set_by_the_operator),                 \
	    CALL_TEST(t16_isup_has_timers_of_its_own),                         \
	    CALL_TEST(t17_t21_the_far_end_rings_and_answers),                  \
	    CALL_TEST(t20_setup_is_sent_twice_to_isdn_alone),                  \
	    CALL_TEST(t24_the_caller_cancels_and_the_circuit_is_released),     \
	    CALL_TEST(t37_the_far_end_hangs_up),                               \
	    CALL_TEST(t37_a_trunk_fails_in_the_middle_of_a_call),              \
	    CALL_TEST(t39_a_call_that_is_killed_frees_its_circuits),           \
	    CALL_TEST(t46_a_trunk_calls_a_line),                               \
	    CALL_TEST(t46_a_trunk_calls_a_trunk),                              \
	    CALL_TEST(t47_a_number_comes_digit_by_digit),                      \
	    CALL_TEST(t58_a_trunk_cancels_before_it_rings),                    \
	    CALL_TEST(t59_proceeding_gives_t310),                              \
	    CALL_TEST(t60_what_comes_in_band_is_heard),                        \
	    CALL_TEST(t87_what_belongs_to_no_call),                            \
	    CALL_TEST(t89_the_facts_of_a_circuit_survive),                     \
	    CALL_TEST(t89_release_complete_survives),                          \
	    CALL_TEST(t89_a_failure_survives)

#endif
