/*
 * Who must go for an emergency call (T57) when there are three of them, or two
 * calls of one; the other states are those of preemption_rows.h.
 *
 * Circuit 1 of T1 talks to 1001.  What has circuit 2 began later, and so is it
 * that 1003 makes room of by calling 112.
 */
#include "tests/preemption_world.h"

static int
setup(void **state)
{
	struct office_world *w = office_world_begin("3.0");

	service(w, "1002", SERVICE_transfer, "");
	service(w, "1002", SERVICE_three_way, "");
	emergency_trunk(w);
	talk_over(w, "1001", 1);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	expect_order(*state);
	office_world_end(*state);
	return 0;
}

/* The far end of circuit 2 talks to 1002. */
static uint64_t
called_from_afar(struct office_world *w)
{
	far_calls(w, "T1", 2, "1002");
	answer(w, "1002");
	pass(w, S);
	return w->call;
}

/* And 1002, who holds it, talks to 1004; the two calls' numbers. */
static void
consulting(struct office_world *w, uint64_t calls[2])
{
	calls[0] = called_from_afar(w);
	send(w, "1002", SIGNAL_HOLD);
	consult(w, "1002", "1004");
	calls[1] = w->call;
	answer(w, "1004");
	pass(w, S);
}

static void
emergency(struct office_world *w)
{
	call(w, "1003", "112");
	assert_true(has_logged(w, "circuit T1 2 <- release cause 9"));
	assert_int_equal(circuit_look_at(w, "T1", 2).number, w->call);
}

/* 1002 talks to 1004; its first call is cleared, and what it does is for both.
 */
static void
first_is_preempted(struct office_world *w, uint64_t calls[2])
{
	consulting(w, calls);
	emergency(w);
	w->call = calls[0];
	expect_state(w, "clearing");
	w->call = calls[1];
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1004", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 2);
	assert_string_equal(
	    tone_word(look(w, "1002").other_tone), "preemption");
	assert_int_equal(look(w, "1002").peer, line(w, "1004"));
	expect_order(w);
}

static void
t57_the_consultation_goes_on_alone(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	first_is_preempted(w, calls);
	pass(w, 30 * S); /* T306 */
	expect_preempted(w, calls[0]);
	w->call = calls[1];
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 1);
	hang_up(w, "1002");
	hang_up(w, "1004");
	expect_record(w, CAUSE_NORMAL, LOCAL_NONE, SIDE_A);
}

/* He leaves both by hanging up, as any who has two calls. */
static void
t57_who_consults_hangs_up_on_both(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	first_is_preempted(w, calls);
	hang_up(w, "1002");
	expect_preempted(w, calls[0]);
	expect_line(w, "1002", "idle", "none");
	w->call = calls[1];
	expect_state(w, "clearing");
	hang_up(w, "1004");
	expect_record(w, CAUSE_NORMAL, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->leg.kind, LEG_consult);
}

/* Or the one he talks to does, and he hears why the first has ended. */
static void
t57_who_consults_hears_it_when_he_listens(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	send(w, "1002", SIGNAL_SWAP); /* T71 */
	expect_line(w, "1004", "busy", "hold");
	emergency(w);
	expect_line(w, "1002", "busy", "preemption");
	expect_line(w, "1004", "busy", "hold");
	send(w, "1002", SIGNAL_RETRIEVE); /* the second */
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1004", "busy", "speech");
	hang_up(w, "1002");
	expect_preempted(w, calls[0]);
	hang_up(w, "1004");
	w->call = calls[1];
	expect_record(w, CAUSE_NORMAL, LOCAL_NONE, SIDE_A);
	expect_line(w, "1002", "idle", "none");
	assert_int_equal(office_counts(w->office)->unexpected, 0);
}

static void
t57_both_others_of_three_hear_it(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	consulting(w, calls);
	send(w, "1002", SIGNAL_CONFERENCE);
	w->call = calls[0];
	expect_state(w, "conference");
	emergency(w);
	expect_line(w, "1002", "busy", "preemption");
	expect_line(w, "1004", "busy", "preemption");
	w->call = calls[0];
	expect_state(w, "clearing");
	hang_up(w, "1002");
	hang_up(w, "1004");
	expect_preempted(w, calls[0]);
	expect_state(w, "ended");
}

/* Nobody is left but the target, who rings in vain. */
static void
t57_who_waits_for_a_target_is_gone(void **state)
{
	struct office_world *w = *state;
	uint64_t transferred = called_from_afar(w);

	blind(w, "1002", "1004");
	expect_line(w, "1004", "ringing", "none");
	expect_state(w, "transferring");
	emergency(w);
	expect_preempted(w, transferred);
	expect_line(w, "1004", "idle", "none");
}

static void
t57_the_way_to_a_target_is_gone(void **state)
{
	struct office_world *w = *state;
	uint64_t transferred;

	call(w, "1002", "1004");
	transferred = w->call;
	answer(w, "1004");
	blind(w, "1002", "0812345");
	expect_state(w, "transferring");
	emergency(w);
	expect_line(w, "1004", "busy", "preemption");
	w->call = transferred;
	expect_state(w, "clearing");
	hang_up(w, "1004");
	expect_preempted(w, transferred);
	expect_state(w, "ended");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALL_TEST(t57_the_consultation_goes_on_alone),
		CALL_TEST(t57_who_consults_hangs_up_on_both),
		CALL_TEST(t57_who_consults_hears_it_when_he_listens),
		CALL_TEST(t57_both_others_of_three_hear_it),
		CALL_TEST(t57_who_waits_for_a_target_is_gone),
		CALL_TEST(t57_the_way_to_a_target_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
