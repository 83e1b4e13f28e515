/* What a process holds goes to another that takes it, whole or not at all. */
#include "tests/world.h"

#include <string.h>

#include "switch/verb.h"

enum { THING = 7, HOLD = 1, TAKE, STOP };

/* The kind of thing, and how often it was released, by whom last. */
static struct {
	uint8_t type;
	unsigned int releases;
	struct pid by;
} things;

static void
release(struct scheduler *scheduler, struct pid pid, uint32_t id)
{
	(void)scheduler;
	assert_int_equal(id, THING);
	things.releases++;
	things.by = pid;
}

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	struct pid from;
	int status = 0;

	(void)state;
	memcpy(&from, event->body.bytes, sizeof from);
	if (event->kind == STOP)
		process_exit(self, (struct reason){ .kind = REASON_NORMAL });
	if (event->kind != HOLD && event->kind != TAKE)
		return;
	verb_enter(self);
	status = event->kind == HOLD
	    ? verb_hold(self, things.type, THING)
	    : verb_take(self, things.type, THING, from);
	verb_leave(self);
	if (status != 0)
		__builtin_trap();
}

static const struct module module = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1.0",
	.schema = { .size = 1 },
	.init = idle_init,
	.handle = toy_handle,
	.terminate = idle_terminate };

struct fixture {
	struct world world;
	struct pid holder, taker;
};

static void
tell(struct fixture *fixture, struct pid to, uint16_t kind, struct pid about)
{
	assert_int_equal(process_post(fixture->world.scheduler, to, kind,
			     &about, sizeof about),
	    0);
	world_run(&fixture->world, 0);
}

static int
setup(void **state)
{
	static struct fixture fixture;
	struct spawn spawn = { .fault_limit = 3, .on_fault = ON_FAULT_RESUME };

	memset(&fixture, 0, sizeof fixture);
	memset(&things, 0, sizeof things);
	world_set_up(&fixture.world);
	things.type = scheduler_add_holding(fixture.world.scheduler, release);
	spawn.behaviour = world_add(&fixture.world, &module);
	assert_int_equal(
	    process_spawn(fixture.world.scheduler, &spawn, &fixture.holder), 0);
	assert_int_equal(
	    process_spawn(fixture.world.scheduler, &spawn, &fixture.taker), 0);
	world_run(&fixture.world, 0);
	tell(&fixture, fixture.holder, HOLD, PID_NONE);
	*state = &fixture;
	return 0;
}

static void
what_is_taken_is_the_takers(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->taker, TAKE, fixture->holder);
	tell(fixture, fixture->holder, STOP, PID_NONE);
	assert_int_equal(things.releases, 0);
	tell(fixture, fixture->taker, STOP, PID_NONE);
	assert_int_equal(things.releases, 1);
	assert_true(pid_equal(things.by, fixture->taker));
}

static void
a_taking_that_faults_has_not_been(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(process_break(fixture->world.scheduler, fixture->taker,
			     0, FAULT_CRASH, 1),
	    0);
	tell(fixture, fixture->taker, TAKE, fixture->holder);
	tell(fixture, fixture->taker, STOP, PID_NONE);
	assert_int_equal(things.releases, 0);
	tell(fixture, fixture->holder, STOP, PID_NONE);
	assert_true(pid_equal(things.by, fixture->holder));
}

static void
what_one_has_already_he_has_once(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->taker, HOLD, PID_NONE);
	tell(fixture, fixture->taker, TAKE, fixture->holder);
	tell(fixture, fixture->holder, STOP, PID_NONE);
	tell(fixture, fixture->taker, STOP, PID_NONE);
	assert_int_equal(things.releases, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_is_taken_is_the_takers, setup, world_leave),
		cmocka_unit_test_setup_teardown(
		    a_taking_that_faults_has_not_been, setup, world_leave),
		cmocka_unit_test_setup_teardown(
		    what_one_has_already_he_has_once, setup, world_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
