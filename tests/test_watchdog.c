/*
 * What the watchdog does when it is the host that holds a scheduler up: it can
 * end nothing, so it leaves a note, once.
 */
#include "tests/world.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "switch/verb.h"
#include "switch/watchdog.h"

enum { SPIN = 1, SPIN_MS = 150, ASKERS = 8 };

/* Of the test's thread and the watchdogs', which have ended when it looks. */
static struct {
	unsigned int count;
	char text[200];
} told;

static void
warn(void *arg, const char *text)
{
	assert_ptr_equal(arg, &told);
	told.count++;
	snprintf(told.text, sizeof told.text, "%s", text);
}

static uint64_t
cpu_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void
spin_for(uint64_t ms)
{
	uint64_t end = cpu_ms() + ms;

	while (cpu_ms() < end)
		continue;
}

static void
spin(void)
{
	spin_for(SPIN_MS);
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	(void)self, (void)state;
	if (event->kind == SPIN)
		spin();
}

static void
callback(void *arg, uint64_t key)
{
	(void)arg, (void)key;
	spin();
}

static void
settled(void *arg)
{
	spin();
	world_settled(arg);
}

static int
setup(void **state)
{
	static struct world world;
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = 2,
		.warn = warn,
		.warn_arg = &told };

	told.count = 0;
	world_set_up_with(&world, &options);
	*state = &world;
	return 0;
}

static void
expect_one_note(struct world *world, unsigned int number, const char *where)
{
	char wanted[64];
	unsigned int ms = 0;
	const char *text;

	assert_int_equal(
	    scheduler_hold_ups(scheduler_peer(world->scheduler, number)), 1);
	assert_int_equal(
	    scheduler_hold_ups(scheduler_peer(world->scheduler, 1 - number)),
	    0);
	assert_int_equal(told.count, 1);
	snprintf(
	    wanted, sizeof wanted, "scheduler %u was held up for ", number);
	assert_memory_equal(told.text, wanted, strlen(wanted));
	assert_int_equal(sscanf(told.text + strlen(wanted), "%u ms", &ms), 1);
	assert_true(ms >= WATCHDOG_BUDGET_MS);
	text = strstr(told.text, "of CPU by ");
	assert_non_null(text);
	snprintf(wanted, sizeof wanted, "of CPU by '%s', ", where);
	assert_memory_equal(text, wanted, strlen(wanted));
	/* In the program or in a library of that name: a place either way. */
	assert_non_null(
	    strstr(text, "at 0x") != NULL ? text : strstr(text, "at +0x"));
}

static void
holds_up(struct world *world, unsigned int number)
{
	static const struct module native = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "sluggard",
		.version = "native",
		.schema = { .size = 1 },
		.init = idle_init,
		.handle = handle,
		.terminate = idle_terminate };
	struct scheduler *scheduler = scheduler_peer(world->scheduler, number);
	struct spawn spawn = { .start = "", .length = 1 };
	struct pid pid = PID_NONE;

	assert_int_equal(behaviours_add_native(scheduler_behaviours(scheduler),
			     &native, NULL, &spawn.behaviour),
	    0);
	assert_int_equal(process_spawn(scheduler, &spawn, &pid), 0);
	world_post(world, pid, SPIN);
	world_post(world, pid, SPIN + 1);
	world_run(world, 1000);
	assert_true(process_is_alive(scheduler, pid));
	assert_int_equal(world_info(world, pid).events, 3);
	assert_int_equal(scheduler_counts(scheduler)->faults, 0);
	expect_one_note(world, number, "sluggard");
}

static void
a_native_that_takes_long_is_noted_once(void **state)
{
	holds_up(*state, 0);
}

static void
and_so_on_another_scheduler(void **state)
{
	holds_up(*state, 1);
}

static void
handle_verbs(struct self *self, void *state, const struct message *event)
{
	(void)state;
	while (event->kind == SPIN)
		(void)process_trap_exit(self, true);
}

/* Nearly all of its time is the host's; it comes to its end. */
static void
handle_slow_verbs(struct self *self, void *state, const struct message *event)
{
	unsigned int i;

	(void)state;
	for (i = 0; event->kind == SPIN && i < 200; i++) {
		(void)verb_enter(self);
		spin_for(2);
		verb_leave(self);
	}
}

static void
handle_one_slow_verb(
    struct self *self, void *state, const struct message *event)
{
	(void)state;
	if (event->kind != SPIN)
		return;
	(void)verb_enter(self);
	spin();
	verb_leave(self);
}

static void
is_ended_and_not_noted(struct world *world,
    void (*handler)(struct self *, void *, const struct message *),
    unsigned int askers)
{
	struct module module = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "asker",
		.version = "1.0",
		.schema = { .size = 1 },
		.init = idle_init,
		.handle = handler,
		.terminate = idle_terminate };
	struct spawn spawn = { .start = "", .length = 1 };
	struct pid pid;

	assert_int_equal(behaviours_add(scheduler_behaviours(world->scheduler),
			     &module, &spawn.behaviour),
	    0);
	for (unsigned int i = 0; i < askers; i++) {
		assert_int_equal(
		    process_spawn(world->scheduler, &spawn, &pid), 0);
		world_post(world, pid, SPIN);
	}
	world_run(world, 1000);
	assert_int_equal(scheduler_counts(world->scheduler)->faults, askers);
	assert_int_equal(scheduler_hold_ups(world->scheduler), 0);
	assert_int_equal(told.count, 0);
}

/* A signal meets the host at it, and another the module: that one is right. */
static void
a_module_that_calls_verbs_for_ever_is_ended_and_not_noted(void **state)
{
	is_ended_and_not_noted(*state, handle_verbs, ASKERS);
}

/* No signal meets the module: it is ended when it comes back to it. */
static void
nor_are_verbs_that_take_all_of_the_time(void **state)
{
	is_ended_and_not_noted(*state, handle_slow_verbs, 1);
}

/* However often it is met there: the module has had none of that time. */
static void
one_verb_that_takes_long_is_the_hosts(void **state)
{
	static const struct module module = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "asker",
		.version = "1.0",
		.schema = { .size = 1 },
		.init = idle_init,
		.handle = handle_one_slow_verb,
		.terminate = idle_terminate };
	struct world *world = *state;
	const struct spawn spawn = { .behaviour = world_add(world, &module) };
	struct pid pid;

	assert_int_equal(process_spawn(world->scheduler, &spawn, &pid), 0);
	world_post(world, pid, SPIN);
	world_run(world, 1000);
	assert_int_equal(scheduler_counts(world->scheduler)->faults, 0);
	expect_one_note(world, 0, "asker");
}

static void
a_callback_that_takes_long_is_noted(void **state)
{
	struct world *world = *state;

	assert_int_equal(
	    scheduler_at(world->scheduler, 0, callback, NULL, 0), 0);
	world_run(world, 1000);
	expect_one_note(world, 0, "a callback");
}

struct innocent {
	struct world *world;
	struct pid pid;
};

static void
callback_with_mail(void *arg, uint64_t key)
{
	struct innocent *innocent = arg;

	(void)key;
	spin();
	world_post(innocent->world, innocent->pid, SPIN);
}

/* The host was met twice at that, and the next step is a module's. */
static void
and_who_comes_next_is_not_ended_for_it(void **state)
{
	static const struct module module = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "innocent",
		.version = "1.0",
		.schema = { .size = 1 },
		.init = idle_init,
		.handle = idle_handle,
		.terminate = idle_terminate };
	struct innocent innocent = { .world = *state };
	struct scheduler *scheduler = innocent.world->scheduler;
	const struct spawn spawn = { .behaviour =
					 world_add(innocent.world, &module) };

	assert_int_equal(process_spawn(scheduler, &spawn, &innocent.pid), 0);
	assert_int_equal(
	    scheduler_at(scheduler, 500000, callback_with_mail, &innocent, 0),
	    0);
	world_run(innocent.world, 1000000);
	expect_one_note(innocent.world, 0, "a callback");
	assert_int_equal(scheduler_counts(scheduler)->faults, 0);
	assert_int_equal(world_info(innocent.world, innocent.pid).events, 2);
}

/* The clock waits for an operator, and so do all others. */
static void
an_observer_in_virtual_time_is_not(void **state)
{
	struct world *world = *state;

	scheduler_observe(world->scheduler, settled, world);
	world_run(world, 0);
	assert_int_equal(scheduler_hold_ups(world->scheduler), 0);
	assert_int_equal(told.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_native_that_takes_long_is_noted_once),
		TEST(and_so_on_another_scheduler),
		TEST(a_module_that_calls_verbs_for_ever_is_ended_and_not_noted),
		TEST(nor_are_verbs_that_take_all_of_the_time),
		TEST(one_verb_that_takes_long_is_the_hosts),
		TEST(a_callback_that_takes_long_is_noted),
		TEST(and_who_comes_next_is_not_ended_for_it),
		TEST(an_observer_in_virtual_time_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
