/*
 * The rows of the state table that are about trunks, each by its number and as
 * a test, as call_rows.h has those of lines.
 */
#ifndef TESTS_TRUNK_ROWS_H
#define TESTS_TRUNK_ROWS_H

#include "tests/call_rows.h"
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
t5_a_number_is_sent_as_the_trunk_wants_it(void **state)
{
	struct route_plan plan = { .prefix = "09",
		.count = 1,
		.strip = 1,
		.prepend = "0046",
		.tariff = TARIFF_NONE };
	struct office_world *w = *state;

	isdn_trunk(w);
	assert_int_equal(office_add_route(w->office, &plan), 0);
	call(w, "1001", "0912345");
	assert_true(has_logged(w, "circuit T1 1 <- setup 0046912345"));
	hang_up(w, "1001");
	assert_string_equal(w->cdr.call.dialled, "0912345");
	assert_string_equal(w->cdr.translated, "0046912345");
	assert_int_equal(office_port(w->office, "1002", "0977"), 0);
	call(w, "1001", "1002"); /* the line's number has gone elsewhere */
	assert_true(has_logged(w, "circuit T1 1 <- setup 0046977"));
	expect_line(w, "1002", "idle", "none");
	hang_up(w, "1001");
	assert_string_equal(w->cdr.translated, "0046977");
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
t8_an_announcement_is_a_target(void **state)
{
	struct route_plan plan = { .prefix = "09",
		.targets = { UINT16_MAX - 1 },
		.count = 1,
		.tariff = TARIFF_NONE };
	struct office_world *w = *state;

	assert_int_equal(office_add_route(w->office, &plan), 0);
	call(w, "1001", "0912345");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 22, LOCAL_NONE, SIDE_NET);
}

static void
t9_numbers_ported_in_a_circle(void **state)
{
	struct office_world *w = *state;

	assert_int_equal(office_port(w->office, "1002", "1003"), 0);
	assert_int_equal(office_port(w->office, "1003", "1002"), 0);
	call(w, "1001", "1002");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 25, LOCAL_NONE, SIDE_NET);
	collecting(w); /* nor is it waited for a digit that leads out */
	dial(w, "1001", "1002");
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, 25, LOCAL_NONE, SIDE_NET);
}

/* Takes all circuits of T1. */
static void
fill(struct office_world *w)
{
	call(w, "1003", "081");
	call(w, "1004", "082");
	assert_int_equal(trunk_look(w, "T1").busy, 2);
}

static void
empty(struct office_world *w)
{
	hang_up(w, "1003");
	hang_up(w, "1004");
}

static void
t14_a_full_group_overflows_to_the_next(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	second_trunk(w);
	fill(w);
	call(w, "1001", "083");
	expect_state(w, "presented");
	expect_circuit(w, "T2", 1, "busy", "none");
	assert_true(has_logged(w, "circuit T2 1 <- setup 083"));
	assert_int_equal(trunk_look(w, "T1").overflow, 1);
	assert_int_equal(trunk_look(w, "T2").first_bids, 0);
	assert_int_equal(trunk_look(w, "T2").sources_count, 1);
	assert_int_equal(trunk_look(w, "T2").sources[0], 0);
	assert_int_equal(trunk_look(w, "T1").bids, 3);
	assert_int_equal(trunk_look(w, "T1").seizures, 2);
	assert_int_equal(trunk_look(w, "T2").bids, 1);
	hang_up(w, "1001");
	assert_int_equal(w->cdr.call.attempts, 2);
	empty(w);
}

static void
t15_no_circuit_on_any_route(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	second_trunk(w);
	fill(w);
	call(w, "1005", "083");
	call(w, "1001", "084");
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "congestion");
	assert_int_equal(trunk_look(w, "T2").overflow, 1);
	hang_up(w, "1001");
	expect_record(w, 34, LOCAL_NONE, SIDE_NET);
	assert_int_equal(w->cdr.call.attempts, 2);
	hang_up(w, "1005");
	empty(w);
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
t19_a_route_that_fails_is_left_for_the_next(void **state)
{
	static const uint8_t causes[] = { 34, 38, 41, 42, 44, 47 };
	struct office_world *w = *state;
	unsigned int i;

	isdn_trunk(w);
	second_trunk(w);
	for (i = 0; i < sizeof causes; i++) {
		call(w, "1001", "08123");
		far_says(w, "T1", 1, SIGNAL_RELEASE, causes[i]);
		expect_state(w, "presented");
		expect_circuit(w, "T1", 1, "idle", "none");
		expect_circuit(w, "T2", 1, "busy", "none");
		far_says(w, "T2", 1, SIGNAL_RELEASE, causes[i]);
		expect_state(w, "treated"); /* there is no third one */
		expect_line(w, "1001", "busy", "congestion");
		hang_up(w, "1001");
		expect_record(w, causes[i], LOCAL_NONE, SIDE_B);
		assert_int_equal(w->cdr.call.attempts, 2);
		assert_int_equal(w->cdr.legs, 2);
	}
}

static void
t19_what_the_called_one_says_is_no_fault_of_a_route(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	second_trunk(w);
	call(w, "1001", "08123");
	far_says(w, "T1", 1, SIGNAL_RELEASE, 17);
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "busy");
	expect_circuit(w, "T2", 1, "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 17, LOCAL_NONE, SIDE_B);
}

/* And is not tried elsewhere, whatever it says: it has rung. */
static void
t63_a_far_end_that_rings_refuses(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	second_trunk(w);
	call(w, "1001", "08123");
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 34);
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "congestion");
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_circuit(w, "T2", 1, "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 34, LOCAL_NONE, SIDE_B);
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
t40_t41_release_is_waited_for(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	hang_up(w, "1001");
	expect_state(w, "clearing");
	assert_true(has_logged(w, "circuit T1 1 <- disconnect cause 16"));
	pass(w, 30 * S); /* T306 */
	expect_state(w, "releasing");
	expect_circuit(w, "T1", 1, "busy", "none");
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 16);
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_circuit(w, "T1", 1, "idle", "none");
}

static void
t41_two_far_ends_are_awaited(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	far_calls(w, "T1", 2, "0855");
	expect_state(w, "presented");
	pass(w, 8 * S);
	expect_state(w, "treated");
	pass(w, 30 * S); /* Ttreat; the called side is free already */
	expect_state(w, "releasing");
	expect_circuit(w, "T1", 1, "idle", "none");
	far_says(w, "T1", 2, SIGNAL_RELEASE, 31);
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
	far_calls(w, "T1", 2, "0855");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	office_clear(w->office, pid_of(w), 31);
	pass(w, 0);
	pass(w, 30 * S);
	expect_state(w, "releasing");
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 31);
	expect_state(w, "releasing");
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_circuit(w, "T1", 2, "busy", "none");
	far_says(w, "T1", 2, SIGNAL_RELEASE_COMPLETE, 31);
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
}

static void
t41_a_trunk_that_fails_is_not_waited_for(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	expect_state(w, "releasing");
	assert_int_equal(
	    office_fail_circuit(w->office, port(w, "T1", 1), true), 0);
	pass(w, 0);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_circuit(w, "T1", 1, "down", "none");
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
t61_a_dumb_far_end_is_left_for_the_next(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	second_trunk(w);
	call(w, "1001", "08123");
	pass(w, 8 * S); /* T303 twice */
	expect_state(w, "presented");
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_circuit(w, "T2", 1, "busy", "none");
	far_says(w, "T2", 1, SIGNAL_PROCEEDING, 0);
	pass(w, 10 * S);
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
}

static void
t62_the_far_end_has_the_say(void **state)
{
	const struct trunk_plan plan = {
		.name = "T1", .circuits = 2, .control = OURS_EVEN
	};
	struct office_world *w = *state;
	uint64_t ours;

	trunk(w, &plan, "08");
	call(w, "1001", "08123");
	ours = w->call;
	far_calls(w, "T1", 1, "1002"); /* over the same circuit */
	expect_line(w, "1002", "ringing", "none");
	expect_state(w, "alerting");
	assert_true(pid_equal(circuit_look_at(w, "T1", 1).call, pid_of(w)));
	w->call = ours;
	expect_state(w, "presented");
	expect_circuit(w, "T1", 2, "busy", "none"); /* the next one */
	assert_int_equal(trunk_look(w, "T1").glare, 1);
	assert_int_equal(office_counts(w->office)->glare, 1);
	hang_up(w, "1001");
	assert_int_equal(w->cdr.call.attempts, 2);
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
}

static void
t62_we_have_the_say(void **state)
{
	const struct trunk_plan plan = {
		.name = "T1", .circuits = 2, .control = OURS_ODD
	};
	struct office_world *w = *state;
	uint64_t ours;

	trunk(w, &plan, "08");
	call(w, "1001", "08123");
	ours = w->call;
	far_calls(w, "T1", 1, "1002"); /* is nothing */
	expect_state(w, "ended");
	expect_line(w, "1002", "idle", "none");
	w->call = ours;
	expect_state(w, "presented");
	expect_circuit(w, "T1", 1, "busy", "none");
	assert_int_equal(trunk_look(w, "T1").glare, 1);
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
	hang_up(w, "1001");
}

static void
t83_what_comes_in_rel_is_late(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	expect_state(w, "releasing");
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	expect_state(w, "releasing");
	assert_int_equal(office_counts(w->office)->late, 2);
	assert_int_equal(office_counts(w->office)->unexpected, 0);
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
}

static void
t84_t85_a_far_end_that_does_not_release(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_ISDN);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	pass(w, 4 * S - MS); /* T308 */
	assert_int_equal(number(w, "releases"), 1);
	pass(w, MS);
	expect_state(w, "releasing");
	assert_int_equal(number(w, "releases"), 2);
	assert_false(alarm_stands_of(w, ALARM_CIRCUIT_BLOCKED));
	pass(w, 4 * S);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	assert_int_equal(w->cdr.call.diagnostic, CAUSE_TIMER_RECOVERY);
	expect_circuit(w, "T1", 1, "blocked", "none");
	assert_true(alarm_stands_of(w, ALARM_CIRCUIT_BLOCKED));
	call(w, "1001", "08123");
	expect_circuit(w, "T1", 2, "busy", "none");
	hang_up(w, "1001");
	pass(w, 4 * S); /* the second RELEASE is answered */
	far_says(w, "T1", 2, SIGNAL_RELEASE_COMPLETE, 16);
	assert_int_equal(w->cdr.call.diagnostic, CAUSE_NONE);
}

static void
t84_t85_isup_goes_on_for_five_minutes(void **state)
{
	struct office_world *w = *state;

	silent_trunk(w, TRUNK_SS7);
	call(w, "1001", "08123");
	hang_up(w, "1001");
	pass(w, 300 * S - MS);
	expect_state(w, "releasing");
	assert_int_equal(number(w, "releases"), 10);
	pass(w, MS);
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_circuit(w, "T1", 1, "blocked", "none");
}

static void
t86_release_complete_in_the_middle_of_a_call(void **state)
{
	struct office_world *w = *state;

	talking(w);
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 0);
	expect_state(w, "clearing");
	expect_circuit(w, "T1", 1, "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 31, LOCAL_NONE, SIDE_B);
	assert_int_equal(office_counts(w->office)->late, 0);
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

/* Tables are replaced: calls go on, and the next one goes by the new ones. */
static void
reload_leaves_calls_alone(void **state)
{
	struct route_plan plan = {
		.prefix = "09", .count = 1, .tariff = TARIFF_NONE
	};
	struct office_world *w = *state;
	struct routing *draft = NULL;

	isdn_trunk(w);
	second_trunk(w);
	call(w, "1001", "08123");
	assert_int_equal(office_draft(w->office, &draft), 0);
	assert_int_equal(office_draft_route(draft, &plan), 0);
	assert_int_equal(office_draft_port(draft, "1002", "1003"), 0);
	assert_int_equal(office_reload(w->office, &draft), 0);
	assert_null(draft);
	pass(w, 0);
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
	hang_up(w, "1001");
	call(w, "1001", "08123");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 3, LOCAL_NONE, SIDE_NET);
	call(w, "1001", "1002");
	expect_line(w, "1003", "ringing", "none");
	hang_up(w, "1001");
	call(w, "1001", "0955");
	expect_state(w, "presented");
	/* What was a second way for it is one no more. */
	assert_int_equal(office_draft(w->office, &draft), 0);
	assert_int_equal(office_reload(w->office, &draft), 0);
	far_says(w, "T1", 1, SIGNAL_RELEASE, 34);
	expect_state(w, "treated");
	hang_up(w, "1001");
}

#define TRUNK_TESTS                                                            \
	CALL_TEST(t2_the_gate_answers_a_trunk_by_itself),                      \
	    CALL_TEST(t5_a_number_is_sent_as_the_trunk_wants_it),              \
	    CALL_TEST(t7_a_trunk_abandons_its_number),                         \
	    CALL_TEST(t8_an_announcement_is_a_target),                         \
	    CALL_TEST(t9_numbers_ported_in_a_circle),                          \
	    CALL_TEST(t14_a_full_group_overflows_to_the_next),                 \
	    CALL_TEST(t15_no_circuit_on_any_route),                            \
	    CALL_TEST(t16_a_circuit_gets_setup),                               \
	    CALL_TEST(t16_an_event_that_faults_takes_no_circuit),              \
	    CALL_TEST(t16_t61_isup_waits_t7_once),                             \
	    CALL_TEST(t16_t61_timers_are_set_by_the_operator),                 \
	    CALL_TEST(t16_isup_has_timers_of_its_own),                         \
	    CALL_TEST(t17_t21_the_far_end_rings_and_answers),                  \
	    CALL_TEST(t19_a_route_that_fails_is_left_for_the_next),            \
	    CALL_TEST(t19_what_the_called_one_says_is_no_fault_of_a_route),    \
	    CALL_TEST(t63_a_far_end_that_rings_refuses),                       \
	    CALL_TEST(t20_setup_is_sent_twice_to_isdn_alone),                  \
	    CALL_TEST(t24_the_caller_cancels_and_the_circuit_is_released),     \
	    CALL_TEST(t37_the_far_end_hangs_up),                               \
	    CALL_TEST(t37_a_trunk_fails_in_the_middle_of_a_call),              \
	    CALL_TEST(t39_a_call_that_is_killed_frees_its_circuits),           \
	    CALL_TEST(t40_t41_release_is_waited_for),                          \
	    CALL_TEST(t41_two_far_ends_are_awaited),                           \
	    CALL_TEST(t41_a_trunk_that_fails_is_not_waited_for),               \
	    CALL_TEST(t46_a_trunk_calls_a_line),                               \
	    CALL_TEST(t46_a_trunk_calls_a_trunk),                              \
	    CALL_TEST(t47_a_number_comes_digit_by_digit),                      \
	    CALL_TEST(t58_a_trunk_cancels_before_it_rings),                    \
	    CALL_TEST(t59_proceeding_gives_t310),                              \
	    CALL_TEST(t60_what_comes_in_band_is_heard),                        \
	    CALL_TEST(t61_a_dumb_far_end_is_left_for_the_next),                \
	    CALL_TEST(t62_the_far_end_has_the_say),                            \
	    CALL_TEST(t62_we_have_the_say),                                    \
	    CALL_TEST(t83_what_comes_in_rel_is_late),                          \
	    CALL_TEST(t84_t85_a_far_end_that_does_not_release),                \
	    CALL_TEST(t84_t85_isup_goes_on_for_five_minutes),                  \
	    CALL_TEST(t86_release_complete_in_the_middle_of_a_call),           \
	    CALL_TEST(t87_what_belongs_to_no_call),                            \
	    CALL_TEST(t89_the_facts_of_a_circuit_survive),                     \
	    CALL_TEST(t89_release_complete_survives),                          \
	    CALL_TEST(t89_a_failure_survives),                                 \
	    CALL_TEST(reload_leaves_calls_alone)

#endif
