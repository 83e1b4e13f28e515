/*
 * What system.h promises of who is suspended: what waits, what does not, and
 * what ends it.
 */
#include "tests/system_world.h"

static void
mail_waits_in_its_order_while_suspended(void **state)
{
	const uint16_t all[] = { NOTE, MORE, NOTE, MORE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	post(fixture, pid, NOTE);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
	post(fixture, pid, MORE);
	post(fixture, pid, NOTE);
	post(fixture, pid, MORE);
	expect_seen(fixture, pid, 1, all);
	assert_int_equal(world_info(&fixture->world, pid).mailbox, 3);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	expect_seen(fixture, pid, 4, all);
	assert_int_equal(status_of(fixture, pid), PROCESS_RUNNING);
}

/* What lies in the mailbox as the suspension begins is sorted once. */
static void
requests_overtake_the_mail_that_waits(void **state)
{
	const uint16_t all[] = { NOTE, MORE, NOTE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	struct client client;

	world_post(&fixture->world, pid, NOTE);
	world_post(&fixture->world, pid, EVENT_SUSPEND);
	world_post(&fixture->world, pid, MORE);
	send(fixture, pid, EVENT_GET_STATE, 0);
	send(fixture, pid, EVENT_CHANGE_CODE, fixture->two);
	send(fixture, pid, EVENT_GET_STATE, 0);
	world_run(&fixture->world, 0);
	world_post(&fixture->world, pid, NOTE);
	world_run(&fixture->world, 0);
	expect_seen(fixture, pid, 1, all);

	client = client_of(fixture);
	assert_int_equal(client.count, 3);
	assert_int_equal(client.replies[0].behaviour, fixture->one);
	assert_int_equal(client.replies[1].request, EVENT_CHANGE_CODE);
	assert_int_equal(client.replies[1].error, 0);
	assert_int_equal(client.replies[2].behaviour, fixture->two);
	assert_int_equal(client.state.addend, 100);
	assert_int_equal(client.state.count, 1);

	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	expect_seen(fixture, pid, 3, all);
}

static void
a_resume_that_waits_behind_mail_is_found(void **state)
{
	const uint16_t all[] = { NOTE, MORE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	world_post(&fixture->world, pid, EVENT_SUSPEND);
	world_post(&fixture->world, pid, NOTE);
	world_post(&fixture->world, pid, EVENT_RESUME);
	world_post(&fixture->world, pid, MORE);
	world_run(&fixture->world, 0);
	expect_seen(fixture, pid, 2, all);
}

/* sys: one resume ends it, however often it was suspended. */
static void
suspending_is_not_counted(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	post(fixture, pid, NOTE);
	assert_int_equal(toy_of(fixture, pid).count, 1);
}

/* otp.md 2.11 */
static void
timers_go_on_and_their_messages_wait(void **state)
{
	const uint16_t all[] = { TIMER, NOTE, EVENT_TIMEOUT };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	post(fixture, pid, TIMER);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	post(fixture, pid, NOTE);
	world_run(&fixture->world, 5000000);
	assert_int_equal(toy_of(fixture, pid).count, 1);
	assert_int_equal(
	    scheduler_counts(world_at(&fixture->world, pid))->timeouts, 1);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	expect_seen(fixture, pid, 3, all);
}

static void
exit_signals_act_on_the_suspended(void **state)
{
	static const uint16_t kinds[] = { REASON_SHUTDOWN, REASON_ERROR,
		REASON_KILL };
	struct fixture *fixture = *state;
	struct pid pid;
	unsigned int i;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		pid = spawn_toy(fixture);
		assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
		post(fixture, pid, NOTE);
		signal_from(fixture, fixture->client, pid, kinds[i]);
		assert_false(process_is_alive(fixture->world.scheduler, pid));
	}
}

static struct pid
spawn_below_client(struct fixture *fixture)
{
	struct pid pid = spawn(fixture,
	    &(struct spawn){ .behaviour = fixture->one,
		.supervisor = fixture->client,
		.traps_exit = true });

	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	return pid;
}

/* otp.md 2.9 */
static void
its_supervisors_exit_ends_the_suspension(void **state)
{
	const uint16_t all[] = { EVENT_EXIT, NOTE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_below_client(fixture);

	post(fixture, pid, NOTE);
	signal_from(fixture, fixture->client, pid, REASON_SHUTDOWN);
	expect_seen(fixture, pid, 2, all);
	assert_int_equal(status_of(fixture, pid), PROCESS_RUNNING);
}

static void
an_exit_from_elsewhere_waits(void **state)
{
	struct fixture *fixture = *state;
	struct pid peer = spawn_toy(fixture), pid = spawn_below_client(fixture);

	signal_from(fixture, peer, pid, REASON_ERROR);
	assert_int_equal(toy_of(fixture, pid).count, 0);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
}

static void
an_exit_that_waits_behind_the_suspension_ends_it(void **state)
{
	const uint16_t all[] = { EVENT_EXIT, NOTE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_below_client(fixture);

	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	world_post(&fixture->world, pid, EVENT_SUSPEND);
	world_post(&fixture->world, pid, NOTE);
	signal_from(fixture, fixture->client, pid, REASON_SHUTDOWN);
	expect_seen(fixture, pid, 2, all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_TWO(mail_waits_in_its_order_while_suspended),
		TEST_OF_TWO(requests_overtake_the_mail_that_waits),
		TEST_OF_TWO(a_resume_that_waits_behind_mail_is_found),
		TEST_OF_TWO(suspending_is_not_counted),
		TEST_OF_TWO(timers_go_on_and_their_messages_wait),
		TEST_OF_TWO(exit_signals_act_on_the_suspended),
		TEST(its_supervisors_exit_ends_the_suspension),
		TEST(an_exit_from_elsewhere_waits),
		TEST(an_exit_that_waits_behind_the_suspension_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
