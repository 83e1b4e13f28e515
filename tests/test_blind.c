/* Who talks leaves the other to a number: T33 to T35, and T10, T11. */
#include "tests/consultation_world.h"

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
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
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
	} table[] = { { refuses, 17, SIDE_A, "busy" },
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
		expect_record(w, 16, LOCAL_CANCEL, SIDE_B);
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
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
