/*
 * Rows about the way of a call that leaves over trunks: which number is sent
 * where, and what comes next when a group is full, a route fails, or the far
 * end wants the same circuit.
 */
#ifndef TESTS_ROUTE_ROWS_H
#define TESTS_ROUTE_ROWS_H

#include "tests/trunk_world.h"

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

/* T9: nothing goes on from the last exchange that a hop counter names. */
static void
t9_a_hop_counter_that_is_used_up(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	second_trunk(w);
	far_calls_with(w, "T2", 1, "0812", 1);
	expect_state(w, "treated");
	assert_int_equal(trunk_look(w, "T1").bids, 0);
	far_says(w, "T2", 1, SIGNAL_DISCONNECT, 16);
	expect_record(w, 25, LOCAL_NONE, SIDE_NET);
	far_calls_with(w, "T2", 1, "0812", 2);
	expect_state(w, "presented");
	assert_true(has_logged(w, "circuit T1 1 <- setup 0812 hops 1"));
	far_says(w, "T2", 1, SIGNAL_DISCONNECT, 16);
	far_calls_with(w, "T2", 1, "1002", 1);
	expect_state(w, "alerting");
	far_says(w, "T2", 1, SIGNAL_DISCONNECT, 16);
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
	assert_true(has_logged(w, "circuit T1 1 <- release cause 102"));
	assert_int_equal(w->leg.cause, 18); /* nobody responded on that way */
	assert_int_equal(trunk_look(w, "T1").effective, 1);
	far_says(w, "T2", 1, SIGNAL_PROCEEDING, 0);
	pass(w, 10 * S);
	expect_state(w, "treated");
	assert_true(has_logged(w, "circuit T2 1 <- release cause 102"));
	assert_int_equal(w->leg.cause, 18);
	hang_up(w, "1001");
	expect_record(w, 18, LOCAL_NONE, SIDE_NET);
}

static void
t23_the_far_end_hears_that_a_timer_expired(void **state)
{
	struct office_world *w = *state;

	isdn_trunk(w);
	call(w, "1001", "08123");
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	pass(w, 180UL * S); /* T301 */
	expect_state(w, "treated");
	assert_true(has_logged(w, "circuit T1 1 <- release cause 102"));
	hang_up(w, "1001");
	expect_record(w, 19, LOCAL_NONE, SIDE_NET);
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

/* The hop counter of a call is its own, however it has come (T9). */
static void
t62_who_meets_ours_has_his_hops(void **state)
{
	const struct trunk_plan plan = {
		.name = "T1", .circuits = 2, .control = OURS_EVEN
	};
	struct office_world *w = *state;

	trunk(w, &plan, "08");
	call(w, "1001", "08123");
	far_calls_with(w, "T1", 1, "0812", 1);
	expect_state(w, "treated");
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
	expect_record(w, 25, LOCAL_NONE, SIDE_NET);
	hang_up(w, "1001");
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

#define ROUTE_TESTS                                                            \
	CALL_TEST(t5_a_number_is_sent_as_the_trunk_wants_it),                  \
	    CALL_TEST(t8_an_announcement_is_a_target),                         \
	    CALL_TEST(t9_numbers_ported_in_a_circle),                          \
	    CALL_TEST(t9_a_hop_counter_that_is_used_up),                       \
	    CALL_TEST(t14_a_full_group_overflows_to_the_next),                 \
	    CALL_TEST(t15_no_circuit_on_any_route),                            \
	    CALL_TEST(t19_a_route_that_fails_is_left_for_the_next),            \
	    CALL_TEST(t19_what_the_called_one_says_is_no_fault_of_a_route),    \
	    CALL_TEST(t63_a_far_end_that_rings_refuses),                       \
	    CALL_TEST(t61_a_dumb_far_end_is_left_for_the_next),                \
	    CALL_TEST(t23_the_far_end_hears_that_a_timer_expired),             \
	    CALL_TEST(t62_the_far_end_has_the_say),                            \
	    CALL_TEST(t62_who_meets_ours_has_his_hops),                        \
	    CALL_TEST(t62_we_have_the_say)

#endif
