/*
 * U20: two processes that are one unit are of one version from the birth of
 * the younger, and are converted together or not at all.
 */
#include "tests/world.h"

#include <errno.h>
#include <string.h>

enum { UNLUCKY = 13, STOP = 1 };

/* What a toy is started with, and the last thing that it has heard. */
struct toy {
	uint32_t number, down;
};

static int
toy_init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	memcpy(state, start->body.bytes, sizeof(uint32_t));
	return 0;
}

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	struct toy *toy = state;

	if (event->kind == EVENT_DOWN)
		toy->down = event->body.ended.monitor;
	if (event->kind == STOP)
		process_exit(self, (struct reason){ .kind = REASON_NORMAL });
}

#define TOY(its_name, its_version)                                             \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = (its_name),  \
		.version = (its_version),                                      \
		.schema = { .size = sizeof(struct toy) }, .init = toy_init,    \
		.handle = toy_handle, .terminate = idle_terminate              \
	}
static const struct module modules[] = { TOY("toy", "1.0"), TOY("toy", "2.0"),
	TOY("other", "1.0") };

struct fixture {
	struct world world;
	uint16_t one, two, other;
	struct pid elder, younger;
};

/* A state of 13 has no image. */
static int
convert(void *arg, struct state_change *change)
{
	const struct toy *old = change->old_state;

	(void)arg;
	if (old->number == UNLUCKY)
		return -EDOM;
	memcpy(change->new_state, old, sizeof *old);
	return 0;
}

static int
spawn(struct fixture *fixture, uint16_t behaviour, uint32_t number,
    struct pid starter, struct pid *ret_pid)
{
	const struct spawn spawn = { .behaviour = behaviour,
		.starter = starter,
		.start = &number,
		.length = sizeof number };
	int error = process_spawn(fixture->world.scheduler, &spawn, ret_pid);

	world_run(&fixture->world, 0);
	return error;
}

static int
setup(void **state)
{
	static const struct converter converter = { .convert = convert };
	static struct fixture fixture;
	struct behaviours *behaviours;

	memset(&fixture, 0, sizeof fixture);
	world_set_up(&fixture.world);
	behaviours = scheduler_behaviours(fixture.world.scheduler);
	fixture.other = world_add(&fixture.world, &modules[2]);
	fixture.one = world_add(&fixture.world, &modules[0]);
	fixture.two = world_add(&fixture.world, &modules[1]);
	behaviours_set_converter(behaviours, &converter);
	assert_int_equal(
	    spawn(&fixture, fixture.one, 1, PID_NONE, &fixture.elder), 0);
	*state = &fixture;
	return 0;
}

static uint16_t
version(struct fixture *fixture, struct pid pid)
{
	return world_info(&fixture->world, pid).behaviour;
}

static uint64_t
holders(struct fixture *fixture, uint16_t behaviour)
{
	return behaviour_counts(
	    scheduler_behaviours(fixture->world.scheduler), behaviour)
	    .holders;
}

struct order {
	struct fixture *fixture;
	struct pid pid;
	uint16_t to;
	int result;
};

static void
obey(void *arg, uint64_t key)
{
	struct order *order = arg;

	(void)key;
	order->result = process_change_code(
	    order->fixture->world.scheduler, order->pid, order->to);
}

/* On the scheduler's thread, where alone a process may be converted. */
static int
change(struct fixture *fixture, struct pid pid, uint16_t to)
{
	struct scheduler *scheduler = fixture->world.scheduler;
	struct order order = { .fixture = fixture, .pid = pid, .to = to };

	assert_int_equal(
	    scheduler_at(scheduler, scheduler_now(scheduler), obey, &order, 0),
	    0);
	world_run(&fixture->world, 0);
	return order.result;
}

/* 2.0 is current, and yet it is born in that of its starter. */
static void
u20_it_begins_in_the_version_of_its_starter(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
	    spawn(fixture, fixture->two, 2, fixture->elder, &fixture->younger),
	    0);
	assert_int_equal(version(fixture, fixture->younger), fixture->one);
	assert_int_equal(
	    world_info(&fixture->world, fixture->younger).born, fixture->one);
}

static void
u20_both_are_converted_or_none(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
	    spawn(fixture, fixture->one, 2, fixture->elder, &fixture->younger),
	    0);
	assert_int_equal(change(fixture, fixture->elder, fixture->two), 0);
	assert_int_equal(version(fixture, fixture->younger), fixture->two);
	assert_int_equal(holders(fixture, fixture->two), 2);
	assert_int_equal(change(fixture, fixture->younger, fixture->one), 0);
	assert_int_equal(version(fixture, fixture->elder), fixture->one);
	assert_int_equal(holders(fixture, fixture->one), 2);
	assert_int_equal(holders(fixture, fixture->two), 0);
}

static void
u20_one_that_is_pinned_pins_the_other(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(spawn(fixture, fixture->one, UNLUCKY, fixture->elder,
			     &fixture->younger),
	    0);
	assert_int_equal(change(fixture, fixture->elder, fixture->two), -EDOM);
	assert_int_equal(
	    change(fixture, fixture->younger, fixture->two), -EDOM);
	assert_int_equal(version(fixture, fixture->elder), fixture->one);
	assert_int_equal(version(fixture, fixture->younger), fixture->one);
	assert_int_equal(holders(fixture, fixture->one), 2);
	/* On its own it is free to go. */
	world_post(&fixture->world, fixture->younger, STOP);
	world_run(&fixture->world, 0);
	assert_int_equal(change(fixture, fixture->elder, fixture->two), 0);
}

static void
its_end_is_told_to_the_starter(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	assert_int_equal(
	    spawn(fixture, fixture->one, 2, fixture->elder, &fixture->younger),
	    0);
	world_post(&fixture->world, fixture->younger, STOP);
	world_run(&fixture->world, 0);
	toy = world_info(&fixture->world, fixture->elder).state;
	assert_int_equal(toy->down, MONITOR_UNIT);
	/* And then there may be another. */
	assert_int_equal(
	    spawn(fixture, fixture->one, 3, fixture->elder, &fixture->younger),
	    0);
	assert_int_equal(change(fixture, fixture->elder, fixture->two), 0);
	assert_int_equal(version(fixture, fixture->younger), fixture->two);
	world_post(&fixture->world, fixture->elder, STOP);
	world_run(&fixture->world, 0);
	toy = world_info(&fixture->world, fixture->younger).state;
	assert_int_equal(toy->down, 0);
	assert_int_equal(change(fixture, fixture->younger, fixture->one), 0);
}

static void
a_starter_must_be_here_and_alone_and_a_toy(void **state)
{
	struct fixture *fixture = *state;
	const struct pid nobody = { fixture->elder.slot + 1, 77 };
	struct pid pid = PID_NONE;

	assert_int_equal(spawn(fixture, fixture->one, 2, nobody, &pid), -ESRCH);
	assert_int_equal(
	    spawn(fixture, fixture->other, 2, fixture->elder, &pid), -EINVAL);
	assert_int_equal(
	    spawn(fixture, fixture->one, 2, fixture->elder, &fixture->younger),
	    0);
	assert_int_equal(
	    spawn(fixture, fixture->one, 3, fixture->elder, &pid), -EBUSY);
	assert_true(pid_is_none(pid));
	assert_int_equal(holders(fixture, fixture->one), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_leave)
		TEST(u20_it_begins_in_the_version_of_its_starter),
		TEST(u20_both_are_converted_or_none),
		TEST(u20_one_that_is_pinned_pins_the_other),
		TEST(its_end_is_told_to_the_starter),
		TEST(a_starter_must_be_here_and_alone_and_a_toy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
