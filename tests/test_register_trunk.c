/*
 * Who comes over a trunk without his number, while the gate is closed, is heard
 * by the office, and has a call when his number is whole and he is let in (T2,
 * T47, T48); on the oldest release and the newest.
 */
#include "tests/office_world.h"

#include "calls/exchange/office_gate.h"
#include "tests/trunk_world.h"

static int
set_up_with(void **state, const char *version)
{
	struct office_world *w = office_world_begin(version);

	office_set_class(w->office, line(w, "1010"), 2, CLASS_emergency);
	isdn_trunk(w);
	close_gate(w);
	pass(w, 0);
	*state = w;
	return 0;
}

static int
set_up_1(void **state)
{
	return set_up_with(state, "1.0");
}

static int
set_up_3(void **state)
{
	return set_up_with(state, "3.0");
}

static unsigned int
count_logged(const struct office_world *w, const char *words)
{
	unsigned int count = 0;
	char text[256];
	FILE *file;

	fflush(NULL);
	file = fopen(w->log, "r");
	assert_non_null(file);
	while (fgets(text, sizeof text, file) != NULL)
		count += strstr(text, words) != NULL;
	fclose(file);
	return count;
}

/* SETUP without digits has come, and is answered by nobody but the office. */
static void
expect_heard(struct office_world *w)
{
	struct office_call_view view;

	office_look_at_call(w->world.scheduler, w->call, &view);
	assert_true(view.in_register);
	assert_true(pid_is_none(office_call_pid(w->office, w->call)));
	expect_circuit(w, "T1", 1, "busy", "none");
	assert_int_equal(count_logged(w, "circuit T1 1 <- setup-ack"), 1);
}

static void
overlap(struct office_world *w)
{
	far_calls(w, "T1", 1, "");
	expect_heard(w);
}

static void
t2_who_is_turned_away_has_cost_no_process(void **state)
{
	struct office_world *w = *state;
	const uint64_t events = scheduler_counts(w->world.scheduler)->events;

	overlap(w);
	expect_counts(w, 0, 0, 0);
	far_dials(w, "T1", 1, "10");
	pass(w, 14 * S);
	far_dials(w, "T1", 1, "0");
	expect_heard(w);
	far_dials(w, "T1", 1, "29"); /* one too many */
	assert_true(has_logged(w, "circuit T1 1 <- release cause 42"));
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_line(w, "1002", "idle", "none");
	expect_counts(w, 1, 1, 0);
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 0);
	pass(w, 30 * S); /* its timers are nobody's */
	assert_int_equal(scheduler_counts(w->world.scheduler)->events, events);
	expect_counts(w, 1, 1, 0);
}

/* SETUP with digits brings all of them (T46). */
static void
t2_part_of_a_number_is_no_overlap(void **state)
{
	struct office_world *w = *state;
	const uint64_t events = scheduler_counts(w->world.scheduler)->events;

	far_calls(w, "T1", 1, "10");
	assert_true(has_logged(w, "circuit T1 1 <- release-complete cause 42"));
	assert_int_equal(scheduler_counts(w->world.scheduler)->events, events);
	expect_counts(w, 1, 1, 0);
}

static void
t48_emergency_calls_pass(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	pass(w, 2 * S);
	far_dials(w, "T1", 1, "101");
	far_dials(w, "T1", 1, "0");
	expect_state(w, "alerting");
	assert_int_equal(count_logged(w, "circuit T1 1 <- setup-ack"), 1);
	assert_int_equal(count_logged(w, "circuit T1 1 <- proceeding"), 1);
	expect_counts(w, 1, 0, 1);
	answer(w, "1010");
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	hang_up(w, "1010");
	expect_record(w, CAUSE_NORMAL, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.call.dialled, "1010");
	assert_string_equal(w->cdr.calling, "0790123");
	assert_string_equal(w->cdr.in_trunk, "T1");
	assert_int_equal(
	    w->cdr.call.t_dialled - w->cdr.call.t_seize, 2 * S); /* T47 */
	expect_counts(w, 1, 0, 0);
}

/* As by T302: the gate is asked of a number. */
static void
t51_a_pause_may_end_a_number(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	far_dials(w, "T1", 1, "30");
	pass(w, 4 * S - MS);
	expect_heard(w);
	pass(w, MS);
	assert_true(has_logged(w, "circuit T1 1 <- release cause 42"));
	expect_counts(w, 1, 1, 0);
	office_set_class(w->office, line(w, "30"), 1, CLASS_emergency);
	far_calls(w, "T1", 1, "");
	far_dials(w, "T1", 1, "30");
	pass(w, 4 * S);
	expect_state(w, "alerting");
	expect_line(w, "30", "ringing", "none");
}

static void
expect_told(struct office_world *w, const char *tone, uint8_t cause)
{
	expect_state(w, "treated");
	expect_circuit(w, "T1", 1, "busy", tone);
	assert_int_equal(count_logged(w, "circuit T1 1 <- setup-ack"), 1);
	expect_counts(w, 1, 0, 1);
	pass(w, 30 * S);
	expect_record(w, cause, LOCAL_NONE, SIDE_NET);
	assert_int_equal(w->cdr.call.t_dialled, 0);
	expect_circuit(w, "T1", 1, "idle", "none");
	expect_counts(w, 1, 0, 0);
}

static void
t51_who_gives_no_number_is_told(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	pass(w, 15 * S);
	expect_told(w, "reorder", CAUSE_INVALID_FORMAT);
	assert_string_equal(w->cdr.call.dialled, "");
}

static void
t51_nor_is_part_of_one_a_number(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	far_dials(w, "T1", 1, "100");
	pass(w, 15 * S - MS);
	expect_heard(w);
	pass(w, MS);
	expect_told(w, "reorder", CAUSE_INVALID_FORMAT);
	assert_string_equal(w->cdr.call.dialled, "100");
}

static void
t50_a_number_that_is_none_is_told(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	far_dials(w, "T1", 1, "9");
	expect_told(w, "announcement", CAUSE_NO_ROUTE);
}

/* Each way of going, with what is answered; it is gapped. */
static void
t7_who_goes_before_that_is_gapped(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	far_says(w, "T1", 1, SIGNAL_DISCONNECT, 16);
	assert_int_equal(
	    count_logged(w, "circuit T1 1 <- release cause 16"), 1);
	expect_circuit(w, "T1", 1, "idle", "none");
	far_calls(w, "T1", 1, "");
	far_says(w, "T1", 1, SIGNAL_RELEASE, 16);
	assert_int_equal(
	    count_logged(w, "circuit T1 1 <- release-complete cause 16"), 1);
	expect_circuit(w, "T1", 1, "idle", "none");
	far_calls(w, "T1", 1, "");
	far_says(w, "T1", 1, SIGNAL_RELEASE_COMPLETE, 16);
	expect_circuit(w, "T1", 1, "idle", "none");
	far_calls(w, "T1", 1, "");
	assert_int_equal(
	    office_fail_circuit(w->office, port(w, "T1", 1), true), 0);
	expect_circuit(w, "T1", 1, "down", "none");
	pass(w, 30 * S);
	assert_int_equal(count_logged(w, "circuit T1 1 <- release"), 2);
	expect_counts(w, 4, 4, 0);
}

static void
t43_what_has_no_row_is_answered(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	assert_true(has_logged(w, "circuit T1 1 <- status cause 101"));
	assert_int_equal(office_counts(w->office)->unexpected, 1);
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	assert_int_equal(office_counts(w->office)->late, 1);
	expect_heard(w);
}

/* It was opened while he sent his digits. */
static void
t46_who_is_let_in_has_a_call(void **state)
{
	struct office_world *w = *state;

	overlap(w);
	far_dials(w, "T1", 1, "100");
	open_gate(w);
	far_dials(w, "T1", 1, "2");
	expect_state(w, "alerting");
	expect_counts(w, 1, 0, 1);
	far_calls(w, "T1", 2, ""); /* and who comes now has one at once (T47) */
	expect_state(w, "collecting");
	expect_counts(w, 2, 0, 2);
}

int
main(void)
{
#define TEST(test)                                                             \
	cmocka_unit_test_setup_teardown(test, set_up_1, office_world_leave),   \
	    cmocka_unit_test_setup_teardown(                                   \
		test, set_up_3, office_world_leave)
	const struct CMUnitTest tests[] = {
		TEST(t2_who_is_turned_away_has_cost_no_process),
		TEST(t2_part_of_a_number_is_no_overlap),
		TEST(t48_emergency_calls_pass),
		TEST(t51_a_pause_may_end_a_number),
		TEST(t51_who_gives_no_number_is_told),
		TEST(t51_nor_is_part_of_one_a_number),
		TEST(t50_a_number_that_is_none_is_told),
		TEST(t7_who_goes_before_that_is_gapped),
		TEST(t43_what_has_no_row_is_answered),
		TEST(t46_who_is_let_in_has_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
