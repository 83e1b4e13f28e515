/* What an upgrade may do to a call: of every release, in every state. */
#include <errno.h>

#include "tests/office_world.h"

static const char *const releases[] = { "1.0", "2.0" };
enum { RELEASES = sizeof releases / sizeof releases[0] };

static void
reject_call(struct office_world *world)
{
	assert_int_equal(
	    office_reject_call(world->world.scheduler, world->call), 0);
	pass(world, 0);
}

static void
finish(struct office_world *world)
{
	expect_order(world);
	office_world_end(world);
}

static void
u18_a_rejected_call_ends_with_a_record_of_its_own(void **state)
{
	struct office_world *world;
	unsigned int i;

	(void)state;
	for (i = 0; i < RELEASES; i++) {
		world = office_world_begin(releases[i]);
		call(world, "1001", "1002");
		answer(world, "1002");
		pass(world, 90 * S);
		reject_call(world);
		expect_record(world, 41, LOCAL_UPGRADE_REJECT, SIDE_NET);
		assert_string_equal(world->cdr.call.dialled, "1002");
		assert_int_equal(
		    world->cdr.call.t_release - world->cdr.call.t_answer,
		    90 * S);
		assert_string_equal(world->cdr.connected, "1002");
		assert_int_equal(office_counts(world->office)->lost, 1);
		expect_line(world, "1001", "parked", "disconnect");
		expect_line(world, "1002", "parked", "disconnect");
		hang_up(world, "1001");
		hang_up(world, "1002");
		expect_line(world, "1001", "idle", "none");
		finish(world);
	}
}

/* Each state that a call rests in. */
static void
u18_a_rejected_call_frees_its_lines_in_every_state(void **state)
{
	static const char *const states[] = { "collecting", "alerting",
		"active", "treated" };
	struct office_world *world;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < RELEASES * 4; i++) {
		world = office_world_begin(releases[i % RELEASES]);
		j = i / RELEASES;
		if (j == 0)
			offhook(world, "1001");
		else
			call(world, "1001", j == 3 ? "1999" : "1002");
		if (j == 2)
			answer(world, "1002");
		expect_state(world, states[j]);
		reject_call(world);
		expect_record(world, 41, LOCAL_UPGRADE_REJECT, SIDE_NET);
		expect_line(world, "1001", "parked", "disconnect");
		hang_up(world, "1001");
		if (j == 2)
			hang_up(world, "1002");
		expect_line(world, "1002", "idle", "none");
		finish(world);
	}
}

/* Its own last word is not to be had: the office speaks for it. */
static void
u18_a_rejected_call_whose_last_event_faults_is_rejected_all_the_same(
    void **state)
{
	struct office_world *world = office_world_begin("1.0");

	(void)state;
	call(world, "1001", "1002");
	assert_int_equal(process_break(world->world.scheduler, pid_of(world), 0,
			     FAULT_DIVIDE, 1),
	    0);
	reject_call(world);
	assert_int_equal(world->faults, 1);
	expect_record(world, 41, LOCAL_UPGRADE_REJECT, SIDE_NET);
	hang_up(world, "1001");
	finish(world);
}

/* The other side has hung up: the call has its end, and keeps it. */
static void
u18_what_was_ending_already_keeps_its_cause(void **state)
{
	struct office_world *world = office_world_begin("1.0");

	(void)state;
	call(world, "1001", "1002");
	answer(world, "1002");
	pass(world, 2 * S);
	hang_up(world, "1001");
	expect_state(world, "clearing");
	pass(world, 1 * S);
	reject_call(world);
	expect_record(world, 16, LOCAL_NONE, SIDE_A);
	hang_up(world, "1002");
	finish(world);
}

static void
u18_nobody_is_rejected_twice_or_when_he_has_gone(void **state)
{
	struct office_world *world = office_world_begin("1.0");

	(void)state;
	call(world, "1001", "1002");
	reject_call(world);
	assert_int_equal(world->cdrs, 1);
	assert_int_equal(
	    office_reject_call(world->world.scheduler, world->call), -ESRCH);
	assert_int_equal(
	    office_reject_call(world->world.scheduler, 999), -ESRCH);
	pass(world, 0);
	assert_int_equal(world->cdrs, 1);
	hang_up(world, "1001");
	finish(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    u18_a_rejected_call_ends_with_a_record_of_its_own),
		cmocka_unit_test(
		    u18_a_rejected_call_frees_its_lines_in_every_state),
		cmocka_unit_test(
		    u18_a_rejected_call_whose_last_event_faults_is_rejected_all_the_same),
		cmocka_unit_test(u18_what_was_ending_already_keeps_its_cause),
		cmocka_unit_test(
		    u18_nobody_is_rejected_twice_or_when_he_has_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
