/*
 * What supervisors promise, by the numbers of behaviours.md: S rows are OTP's
 * supervisor_SUITE, N rows are what the switch was asked to do.
 */
#include "tests/world.h"

#include <errno.h>
#include <string.h>

#include "switch/registry.h"
#include "switch/store.h"
#include "switch/supervisor.h"

/* A toy does what it is told: an end of some kind, or to ignore shutdown. */
enum { END_NORMAL = 1, END_SHUTDOWN, END_ERROR, BE_STUBBORN };

struct toy {
	uint64_t is_stubborn;
};

/*
 * What happened, in order: a toy writes its letter when it starts and the
 * capital when it ends.  Each letter is a native of its own.
 */
enum { LETTERS = 3 };

struct diary {
	char text[256];
	unsigned int starts[LETTERS];
	unsigned int fail[LETTERS]; /* starts after which each start fails */
};

struct letter {
	struct module module;
	struct diary *diary;
	unsigned int index;
};

struct fixture {
	struct world world;
	struct diary diary;
	struct letter letters[LETTERS];
	struct supervisor *supervisors[4];
	unsigned int count;
	struct pid root;
};

static void
write_letter(const struct letter *letter, char first)
{
	char word[2] = { (char)(first + (char)letter->index), '\0' };

	strncat(letter->diary->text, word,
	    sizeof letter->diary->text - strlen(letter->diary->text) - 1);
}

static int
toy_init(struct self *self, void *state, const struct message *start)
{
	struct letter *letter = process_context(self);
	struct diary *diary = letter->diary;
	unsigned int limit = diary->fail[letter->index];

	(void)state;
	(void)start;
	if (limit != 0 && diary->starts[letter->index] >= limit)
		return -EPERM;
	diary->starts[letter->index]++;
	write_letter(letter, 'a');
	return 0;
}

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	static const uint16_t kinds[] = { [END_NORMAL] = REASON_NORMAL,
		[END_SHUTDOWN] = REASON_SHUTDOWN,
		[END_ERROR] = REASON_ERROR };
	struct toy *toy = state;

	if (event->kind == BE_STUBBORN) {
		toy->is_stubborn = 1;
		(void)process_trap_exit(self, true);
	} else if (event->kind <= END_ERROR) {
		(void)process_exit(
		    self, (struct reason){ .kind = kinds[event->kind] });
	}
}

static void
toy_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)state;
	(void)reason;
	write_letter(process_context(self), 'A');
}

static int
setup(void **state)
{
	static const char *const names[LETTERS] = { "a", "b", "c" };
	static struct fixture fixture;
	struct letter *letter;
	unsigned int i;
	uint16_t id;

	memset(&fixture, 0, sizeof fixture);
	world_set_up(&fixture.world);
	for (i = 0; i < LETTERS; i++) {
		letter = &fixture.letters[i];
		letter->diary = &fixture.diary;
		letter->index = i;
		letter->module = (struct module){ .magic = MODULE_MAGIC,
			.abi = MODULE_ABI,
			.name = names[i],
			.version = "native",
			.schema = { .size = sizeof(struct toy) },
			.init = toy_init,
			.handle = toy_handle,
			.terminate = toy_terminate };
		if (behaviours_add_native(
			scheduler_behaviours(fixture.world.scheduler),
			&letter->module, letter, &id) != 0)
			return -1;
	}
	*state = &fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	unsigned int i;

	world_tear_down(&fixture->world);
	for (i = 0; i < fixture->count; i++)
		supervisor_free(&fixture->supervisors[i]);
	return 0;
}

static int
add(struct fixture *fixture, const struct supervisor_spec *spec)
{
	return supervisor_alloc(&fixture->supervisors[fixture->count++],
	    fixture->world.scheduler, spec);
}

static void
start(struct fixture *fixture, const char *name)
{
	assert_int_equal(supervisor_start_root(
			     fixture->world.scheduler, name, &fixture->root),
	    0);
	world_run(&fixture->world, 0);
}

static struct pid
whereis(struct fixture *fixture, const char *name)
{
	return registry_whereis(
	    scheduler_registry(fixture->world.scheduler), name);
}

static bool
root_lives(struct fixture *fixture)
{
	return process_is_alive(fixture->world.scheduler, fixture->root);
}

static void
tell(struct fixture *fixture, const char *name, uint16_t kind)
{
	world_post(&fixture->world, whereis(fixture, name), kind);
	world_run(&fixture->world, 0);
}

static void
shut_down(struct fixture *fixture, uint64_t us)
{
	process_exit_signal(fixture->world.scheduler, PID_NONE, fixture->root,
	    (struct reason){ .kind = REASON_SHUTDOWN });
	world_run(&fixture->world, us);
}

#define CHILD(name, type)                                                      \
	{                                                                      \
		.id = name, .behaviour = name, .restart = type,                \
		.shutdown_ms = 5000, .is_registered = true                     \
	}

/* Two supervisors side by side that tests use under the name of "top". */
static const struct child_spec three[] = { CHILD("a", RESTART_PERMANENT),
	CHILD("b", RESTART_TRANSIENT), CHILD("c", RESTART_TEMPORARY) };
static const struct supervisor_spec top = { .name = "top",
	.flags = { .intensity = 1, .period_s = 5 },
	.count = 3,
	.children = three };

static void
s46_children_start_left_to_right_and_stop_right_to_left(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	assert_string_equal(fixture->diary.text, "abc");
	shut_down(fixture, 0);
	assert_false(root_lives(fixture));
	assert_string_equal(fixture->diary.text, "abcCBA");
	assert_int_equal(scheduler_counts(fixture->world.scheduler)->exited, 4);
}

static void
s5_a_child_that_fails_to_start_takes_the_started_ones_down(void **state)
{
	struct fixture *fixture = *state;

	fixture->diary.fail[2] = 1;
	fixture->diary.starts[2] = 1;
	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	assert_false(root_lives(fixture));
	assert_string_equal(fixture->diary.text, "abBA");
}

static void
s19_a_permanent_child_comes_back_after_any_end(void **state)
{
	static const uint16_t ends[] = { END_NORMAL, END_SHUTDOWN, END_ERROR };
	struct fixture *fixture = *state;
	struct pid before;
	size_t i;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	for (i = 0; i < 3; i++) {
		before = whereis(fixture, "a");
		tell(fixture, "a", ends[i]);
		assert_false(pid_is_none(whereis(fixture, "a")));
		assert_false(pid_equal(whereis(fixture, "a"), before));
		world_run(&fixture->world, 10000000);
	}
	assert_int_equal(fixture->diary.starts[0], 4);
}

static void
s20_a_transient_child_stays_away_after_normal_and_shutdown(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	tell(fixture, "b", END_NORMAL);
	assert_true(pid_is_none(whereis(fixture, "b")));
	assert_true(root_lives(fixture));
	assert_int_equal(
	    scheduler_counts(fixture->world.scheduler)->restarts, 0);
}

static void
s21_a_transient_child_comes_back_after_an_error(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	tell(fixture, "b", END_ERROR);
	assert_false(pid_is_none(whereis(fixture, "b")));
	assert_int_equal(
	    scheduler_counts(fixture->world.scheduler)->restarts, 1);
}

static void
s22_a_temporary_child_never_comes_back(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	tell(fixture, "c", END_ERROR);
	assert_true(pid_is_none(whereis(fixture, "c")));
	assert_int_equal(fixture->diary.starts[2], 1);
}

static void
s26_n4_the_restart_over_the_limit_stops_the_supervisor(void **state)
{
	struct fixture *fixture = *state;
	struct pid b;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	b = whereis(fixture, "b");
	tell(fixture, "a", END_ERROR);
	assert_true(root_lives(fixture));
	assert_true(pid_equal(whereis(fixture, "b"), b)); /* one_for_one */
	tell(fixture, "a", END_ERROR);
	assert_false(root_lives(fixture));
	assert_string_equal(fixture->diary.text, "abcAaACB");
}

static void
s25_restarts_wider_apart_than_the_period_never_trip(void **state)
{
	struct fixture *fixture = *state;
	int i;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	for (i = 0; i < 4; i++) {
		tell(fixture, "a", END_ERROR);
		assert_true(root_lives(fixture));
		world_run(&fixture->world, 6000000); /* period 5 s, inclusive */
	}
	tell(fixture, "a", END_ERROR);
	world_run(&fixture->world, 5000000);
	tell(fixture, "a", END_ERROR);
	assert_false(root_lives(fixture));
}

static void
s27_a_child_that_cannot_be_restarted_uses_up_the_limit(void **state)
{
	struct fixture *fixture = *state;

	fixture->diary.fail[0] = 1;
	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	tell(fixture, "a", END_ERROR);
	assert_false(root_lives(fixture));
	assert_string_equal(fixture->diary.text, "abcACB");
}

static void
s12_a_child_that_ignores_shutdown_is_killed_after_its_time(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, &top), 0);
	start(fixture, "top");
	tell(fixture, "b", BE_STUBBORN);
	shut_down(fixture, 4999000);
	assert_true(root_lives(fixture));
	assert_string_equal(fixture->diary.text, "abcC");
	world_run(&fixture->world, 1000);
	assert_false(root_lives(fixture));
	assert_string_equal(fixture->diary.text, "abcCA"); /* b: killed */
}

static const struct child_spec members[] = { { .id = "member",
    .behaviour = "b",
    .restart = RESTART_TEMPORARY,
    .shutdown_ms = 2000 } };
static const struct supervisor_spec pool = { .name = "pool",
	.flags = { .strategy = STRATEGY_POOL, .period_s = 1 },
	.count = 1,
	.children = members };
static const struct child_spec pair[] = { CHILD("a", RESTART_PERMANENT),
	{ .id = "pool",
	    .behaviour = "pool",
	    .restart = RESTART_PERMANENT,
	    .type = CHILD_SUPERVISOR,
	    .is_registered = true } };
static const struct supervisor_spec tree = { .name = "tree",
	.flags = { .intensity = 3, .period_s = 5 },
	.count = 2,
	.children = pair };

static uint64_t
members_of(struct fixture *fixture)
{
	struct supervisor_count count;

	assert_int_equal(supervisor_count_children(fixture->world.scheduler,
			     whereis(fixture, "pool"), &count),
	    0);
	return count.active;
}

static void
start_pool(struct fixture *fixture, unsigned int size)
{
	uint64_t key;

	assert_int_equal(add(fixture, &pool), 0);
	assert_int_equal(add(fixture, &tree), 0);
	start(fixture, "tree");
	for (key = 1; key <= size; key++)
		assert_int_equal(process_post(fixture->world.scheduler,
				     whereis(fixture, "pool"),
				     EVENT_START_CHILD, &key, sizeof key),
		    0);
	world_run(&fixture->world, 0);
	assert_int_equal(members_of(fixture), size);
}

static struct pid
any_member(struct fixture *fixture)
{
	uint32_t cursor = 0;
	struct pid pid;

	while (process_next(fixture->world.scheduler, &cursor, &pid))
		if (pid_equal(world_info(&fixture->world, pid).supervisor,
			whereis(fixture, "pool")))
			return pid;
	fail_msg("no member");
	return PID_NONE;
}

static void
n3_s33_of_a_pool_only_the_one_that_fails_dies(void **state)
{
	struct fixture *fixture = *state;

	start_pool(fixture, 50);
	world_post(&fixture->world, any_member(fixture), END_ERROR);
	world_run(&fixture->world, 0);
	assert_int_equal(members_of(fixture), 49);
	assert_int_equal(
	    scheduler_counts(fixture->world.scheduler)->restarts, 0);
}

static void
s35_a_pool_shuts_down_in_parallel_and_kills_the_stuck(void **state)
{
	struct fixture *fixture = *state;

	start_pool(fixture, 20);
	world_post(&fixture->world, any_member(fixture), BE_STUBBORN);
	world_run(&fixture->world, 0);
	shut_down(fixture, 1999000);
	assert_int_equal(members_of(fixture), 1);
	world_run(&fixture->world, 1000);
	assert_false(root_lives(fixture));
	assert_int_equal(
	    scheduler_store(fixture->world.scheduler)->bytes_in_use, 0);
}

static void
s45_the_orphans_of_a_killed_supervisor_end_and_it_is_rebuilt(void **state)
{
	struct fixture *fixture = *state;
	struct pid before;

	start_pool(fixture, 10);
	before = whereis(fixture, "pool");
	process_exit_signal(fixture->world.scheduler, PID_NONE, before,
	    (struct reason){ .kind = REASON_KILL });
	world_run(&fixture->world, 0);
	assert_false(pid_is_none(whereis(fixture, "pool")));
	assert_false(pid_equal(whereis(fixture, "pool"), before));
	assert_int_equal(members_of(fixture), 0);
	assert_true(root_lives(fixture));
}

static void
s10_a_faulty_specification_is_refused(void **state)
{
	const struct child_spec twice[] = { three[0], three[0] };
	struct supervisor_spec spec = top;
	struct fixture *fixture = *state;

	spec.flags.period_s = 0;
	assert_int_equal(add(fixture, &spec), -EINVAL);
	spec = top;
	spec = top;
	spec.flags.intensity = 16384 + 1;
	assert_int_equal(add(fixture, &spec), -EINVAL);
	spec = (struct supervisor_spec){ .name = "twice",
		.flags.period_s = 5,
		.count = 2,
		.children = twice };
	assert_int_equal(add(fixture, &spec), -EINVAL);
	fixture->count = 0;
}

static void
an_unknown_behaviour_fails_the_start(void **state)
{
	const struct child_spec nobody[] = { CHILD(
	    "nobody", RESTART_PERMANENT) };
	const struct supervisor_spec spec = { .name = "lonely",
		.flags.period_s = 5,
		.count = 1,
		.children = nobody };
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, &spec), 0);
	start(fixture, "lonely");
	assert_false(root_lives(fixture));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(s46_children_start_left_to_right_and_stop_right_to_left),
		TEST(
		    s5_a_child_that_fails_to_start_takes_the_started_ones_down),
		TEST(s19_a_permanent_child_comes_back_after_any_end),
		TEST(
		    s20_a_transient_child_stays_away_after_normal_and_shutdown),
		TEST(s21_a_transient_child_comes_back_after_an_error),
		TEST(s22_a_temporary_child_never_comes_back),
		TEST(s26_n4_the_restart_over_the_limit_stops_the_supervisor),
		TEST(s25_restarts_wider_apart_than_the_period_never_trip),
		TEST(s27_a_child_that_cannot_be_restarted_uses_up_the_limit),
		TEST(
		    s12_a_child_that_ignores_shutdown_is_killed_after_its_time),
		TEST(n3_s33_of_a_pool_only_the_one_that_fails_dies),
		TEST(s35_a_pool_shuts_down_in_parallel_and_kills_the_stuck),
		TEST(
		    s45_the_orphans_of_a_killed_supervisor_end_and_it_is_rebuilt),
		TEST(s10_a_faulty_specification_is_refused),
		TEST(an_unknown_behaviour_fails_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
