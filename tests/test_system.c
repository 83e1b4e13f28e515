/*
 * What system.h promises besides suspension (test_suspension.c): looking at a
 * state, changing code, supervisors, and the host's own functions.
 */
#include "tests/system_world.h"

#include "switch/registry.h"
#include "switch/supervisor.h"

static void
get_state_answers_with_the_bytes_and_the_version(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	struct client client;

	post(fixture, pid, NOTE);
	post(fixture, pid, MORE);
	assert_int_equal(ask(fixture, pid, EVENT_GET_STATE, 0), 0);
	client = client_of(fixture);
	assert_int_equal(client.replies[0].behaviour, fixture->one);
	assert_int_equal(client.state_size, sizeof(struct toy));
	assert_int_equal(client.state.count, 2);
	assert_int_equal(client.state.seen[1], MORE);
	assert_int_equal(toy_of(fixture, pid).count, 2); /* it saw nothing */
}

/* otp.md 3.12, 3.13 */
static void
change_code_is_for_the_suspended_and_atomic(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	unsigned int i;

	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), -EBUSY);
	for (i = 0; i < 13; i++)
		post(fixture, pid, NOTE);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), -EDOM);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
	assert_int_equal(
	    world_info(&fixture->world, pid).behaviour, fixture->one);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->other), -EINVAL);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, 0), -EINVAL);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, UINT16_MAX), -EINVAL);
}

static void
change_code_goes_there_and_back(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	struct process_info info;

	post(fixture, pid, NOTE);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), 0);
	assert_int_equal(client_of(fixture).replies[1].behaviour, fixture->two);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, fixture->one), 0);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), 0);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	post(fixture, pid, NOTE);
	info = world_info(&fixture->world, pid);
	assert_int_equal(info.behaviour, fixture->two);
	assert_int_equal(info.upgrades, 3);
	assert_true(info.pause_us > 0);
	assert_int_equal(toy_of(fixture, pid).addend, 100);
	assert_int_equal(toy_of(fixture, pid).count, 2);
}

/* An upgrade, which asks nobody (design 5). */
static void
the_suspended_are_converted_like_any(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture), idle = spawn_toy(fixture);

	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	post(fixture, pid, NOTE);
	behaviour_make_current(
	    scheduler_behaviours(fixture->world.scheduler), fixture->two);
	post(fixture, pid, EVENT_USE_CURRENT);
	assert_int_equal(
	    world_info(&fixture->world, pid).behaviour, fixture->two);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
	assert_int_equal(toy_of(fixture, pid).count, 0);
	assert_int_equal(
	    world_info(&fixture->world, idle).behaviour, fixture->one);
}

static void
a_supervisor_can_be_suspended_and_looked_at(void **state)
{
	const struct child_spec kids[] = { { .id = "toy",
	    .behaviour = "toy",
	    .restart = RESTART_PERMANENT,
	    .shutdown_ms = 5000,
	    .is_registered = true } };
	const struct supervisor_spec spec = { .name = "top",
		.flags = { .intensity = 1, .period_s = 5 },
		.count = 1,
		.children = kids };
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct supervisor_count count;
	struct supervisor *top;
	struct pid pid;

	assert_int_equal(supervisor_alloc(&top, scheduler, &spec), 0);
	assert_int_equal(supervisor_start_root(scheduler, "top", &pid), 0);
	world_run(&fixture->world, 0);
	assert_int_equal(ask(fixture, pid, EVENT_GET_STATE, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), -ENOTSUP);
	signal_from(fixture, fixture->client,
	    registry_whereis(scheduler_registry(scheduler), "toy"),
	    REASON_KILL);
	assert_int_equal(scheduler_counts(scheduler)->restarts, 0);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	assert_int_equal(scheduler_counts(scheduler)->restarts, 1);
	assert_int_equal(supervisor_count_children(scheduler, pid, &count), 0);
	assert_int_equal(count.active, 1);

	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	signal_from(fixture, PID_NONE, pid, REASON_KILL);
	supervisor_free(&top);
}

/*
 * Its children are told to end though it was suspended; from then on it must
 * hear of their ends, whoever asks.
 */
static void
a_suspended_supervisor_is_taken_down_by_its_own(void **state)
{
	const struct child_spec low_kids[] = { { .id = "toy",
	    .behaviour = "toy",
	    .traps_exit = true, /* and so it stays */
	    .shutdown_ms = SHUTDOWN_INFINITY,
	    .is_registered = true } };
	const struct child_spec top_kids[] = { { .id = "low",
	    .behaviour = "low",
	    .type = CHILD_SUPERVISOR,
	    .shutdown_ms = SHUTDOWN_INFINITY,
	    .is_registered = true } };
	const struct supervisor_spec specs[] = {
		{ .name = "low",
		    .flags = { .intensity = 1, .period_s = 5 },
		    .count = 1,
		    .children = low_kids },
		{ .name = "top",
		    .flags = { .intensity = 1, .period_s = 5 },
		    .count = 1,
		    .children = top_kids },
	};
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct supervisor *supervisors[2];
	struct pid root, low, toy;

	assert_int_equal(
	    supervisor_alloc(&supervisors[0], scheduler, &specs[0]), 0);
	assert_int_equal(
	    supervisor_alloc(&supervisors[1], scheduler, &specs[1]), 0);
	assert_int_equal(supervisor_start_root(scheduler, "top", &root), 0);
	world_run(&fixture->world, 0);
	low = registry_whereis(scheduler_registry(scheduler), "low");
	toy = registry_whereis(scheduler_registry(scheduler), "toy");
	assert_int_equal(ask(fixture, low, EVENT_SUSPEND, 0), 0);
	signal_from(fixture, PID_NONE, root, REASON_SHUTDOWN);
	assert_int_equal(toy_of(fixture, toy).seen[0], EVENT_EXIT);
	assert_int_equal(ask(fixture, low, EVENT_SUSPEND, 0), -EAGAIN);
	signal_from(fixture, PID_NONE, toy, REASON_KILL);
	assert_false(process_is_alive(scheduler, root));
	assert_false(process_is_alive(scheduler, low));
	assert_int_equal(scheduler_counts(scheduler)->restarts, 0);
	supervisor_free(&supervisors[0]);
	supervisor_free(&supervisors[1]);
}

static void
the_host_may_do_it_too(void **state)
{
	const uint16_t all[] = { NOTE, MORE };
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct pid pid = spawn_toy(fixture), next = spawn_toy(fixture);
	struct pid unborn;

	world_post(&fixture->world, pid, NOTE); /* it is in the run queue */
	world_post(&fixture->world, next, NOTE);
	assert_int_equal(system_suspend(scheduler, pid), 0);
	post(fixture, pid, MORE);
	assert_int_equal(toy_of(fixture, pid).count, 0);
	assert_int_equal(toy_of(fixture, next).count, 1);
	assert_int_equal(system_resume(scheduler, pid), 0);
	world_run(&fixture->world, 0);
	expect_seen(fixture, pid, 2, all);
	assert_int_equal(
	    system_change_code(scheduler, pid, fixture->two), -EBUSY);
	assert_int_equal(
	    process_spawn(scheduler,
		&(struct spawn){ .behaviour = fixture->one }, &unborn),
	    0);
	assert_int_equal(system_suspend(scheduler, unborn), -EAGAIN);
	assert_int_equal(system_suspend(scheduler, PID_NONE), -ESRCH);
}

static void
the_answer_to_one_who_has_ended_is_dropped(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct pid pid = spawn_toy(fixture);
	struct asking asking = { .to = pid, .kind = EVENT_GET_STATE };

	assert_int_equal(process_post(scheduler, fixture->client, ASK_AND_END,
			     &asking, sizeof asking),
	    0);
	world_run(&fixture->world, 0);
	assert_false(process_is_alive(scheduler, fixture->client));
	assert_int_equal(scheduler_counts(scheduler)->undelivered, 1);
	assert_int_equal(status_of(fixture, pid), PROCESS_RUNNING);
}

/* Its key would be the parcel's ref: it is as if it had none. */
static void
a_parcel_on_a_request_is_dropped(void **state)
{
	const uint8_t bytes[100] = { 1 };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	assert_int_equal(process_post_parcel(fixture->world.scheduler, pid,
			     EVENT_SUSPEND, bytes, sizeof bytes),
	    0);
	world_run(&fixture->world, 0);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_TWO(get_state_answers_with_the_bytes_and_the_version),
		TEST_OF_TWO(change_code_is_for_the_suspended_and_atomic),
		TEST_OF_TWO(change_code_goes_there_and_back),
		TEST_OF_TWO(the_suspended_are_converted_like_any),
		TEST(a_supervisor_can_be_suspended_and_looked_at),
		TEST(a_suspended_supervisor_is_taken_down_by_its_own),
		TEST(the_host_may_do_it_too),
		TEST(the_answer_to_one_who_has_ended_is_dropped),
		TEST(a_parcel_on_a_request_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
