/* What a worker promises: order, and in virtual time the instant. */
#include "tests/world.h"

#include <string.h>
#include <time.h>

#include "switch/worker.h"

enum { DONE = 1 };

struct toy {
	uint64_t numbers[8], times[8];
	uint64_t count;
};

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	struct toy *toy = state;

	memcpy(&toy->numbers[toy->count], event->body.bytes, sizeof(uint64_t));
	toy->times[toy->count++] = process_now(self);
}

static const struct module toy_module = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1",
	.schema = { .size = sizeof(struct toy) },
	.init = idle_init,
	.handle = toy_handle,
	.terminate = idle_terminate };

struct fixture {
	struct world world;
	struct worker *worker;
	struct pid owner;
	int done;
};

static int
setup(void **state)
{
	static struct fixture fixture;
	struct spawn spawn = { .start = NULL };

	memset(&fixture, 0, sizeof fixture);
	world_set_up(&fixture.world);
	spawn.behaviour = world_add(&fixture.world, &toy_module);
	if (worker_alloc(&fixture.worker, fixture.world.scheduler, "test") !=
		0 ||
	    process_spawn(fixture.world.scheduler, &spawn, &fixture.owner) != 0)
		return -1;
	world_run(&fixture.world, 0);
	*state = &fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	worker_free(&fixture->worker);
	world_tear_down(&fixture->world);
	return 0;
}

/* Slow, so that virtual time would run ahead if the clock did not wait. */
static void
work(void *arg)
{
	struct fixture *fixture = arg;
	const struct timespec pause = { .tv_nsec = 5000000 };

	(void)nanosleep(&pause, NULL);
	fixture->done++;
}

static void
submit(struct fixture *fixture, uint64_t number)
{
	const struct worker_answer answer = {
		.owner = fixture->owner, .kind = DONE, .number = number
	};

	assert_int_equal(
	    worker_submit(fixture->worker, work, fixture, &answer), 0);
}

static void
an_answer_comes_1_ms_after_the_job_was_given_however_long_it_took(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	submit(fixture, 11);
	world_run(&fixture->world, 500);
	submit(fixture, 12);
	assert_int_equal(worker_outstanding(fixture->worker), 2);
	world_run(&fixture->world, 10000000);
	toy = world_info(&fixture->world, fixture->owner).state;
	assert_int_equal(toy->count, 2);
	assert_int_equal(toy->numbers[0], 11);
	assert_int_equal(toy->numbers[1], 12);
	assert_int_equal(toy->times[0], 1000);
	assert_int_equal(toy->times[1], 1500);
	assert_int_equal(worker_outstanding(fixture->worker), 0);
}

static void
waiting_is_for_the_work_not_for_the_answer(void **state)
{
	struct fixture *fixture = *state;

	submit(fixture, 1);
	submit(fixture, 2);
	worker_wait(fixture->worker);
	assert_int_equal(fixture->done, 2);
	assert_int_equal(worker_outstanding(fixture->worker), 2);
}

static void
what_was_given_is_done_before_the_end(void **state)
{
	struct fixture *fixture = *state;

	submit(fixture, 1);
	submit(fixture, 2);
	submit(fixture, 3);
	worker_free(&fixture->worker);
	assert_int_equal(fixture->done, 3);
}

static void
an_answer_to_one_who_has_ended_is_dropped(void **state)
{
	struct fixture *fixture = *state;

	submit(fixture, 1);
	process_exit_signal(fixture->world.scheduler, PID_NONE, fixture->owner,
	    (struct reason){ .kind = REASON_KILL });
	world_run(&fixture->world, 10000);
	assert_int_equal(worker_outstanding(fixture->worker), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    an_answer_comes_1_ms_after_the_job_was_given_however_long_it_took),
		TEST(waiting_is_for_the_work_not_for_the_answer),
		TEST(what_was_given_is_done_before_the_end),
		TEST(an_answer_to_one_who_has_ended_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
