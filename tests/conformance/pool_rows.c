/* S33, S34, S36, S37, S39, S40: pools, and what children cost. */
#include "tests/conformance/family_world.h"

#include <time.h>

#include "switch/store.h"

static void
s33_of_a_pool_only_the_dead_is_replaced_and_the_limit_holds(void **state)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	struct family_world *family = *state;
	struct pid one, two;

	start(family, pool, 1, &template);
	one = add_member(family, family->root);
	two = add_member(family, family->root);
	tell_pid(family, one, END_ERROR);
	assert_false(lives(family, one));
	assert_true(lives(family, two));
	assert_int_equal(count_of(family, family->root).active, 2);
	assert_int_equal(restarts(family), 1);
	tell_pid(family, two, END_ERROR);
	assert_false(lives(family, family->root));
	assert_int_equal(starts(family, 'a'), 3);
}

static void
s33_each_restart_type_holds_for_members(void **state)
{
	static const struct {
		enum restart_type type;
		uint16_t end;
		unsigned int starts;
	} cases[] = { { RESTART_PERMANENT, END_NORMAL, 2 },
		{ RESTART_TRANSIENT, END_NORMAL, 1 },
		{ RESTART_TRANSIENT, END_SHUTDOWN, 1 },
		{ RESTART_TRANSIENT, END_ERROR, 2 },
		{ RESTART_TEMPORARY, END_ERROR, 1 } };
	static const char *const names[] = { "p1", "p2", "p3", "p4", "p5" };
	struct family_world *family = *state;
	struct child_spec template;
	unsigned int before;
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++) {
		template = member("a", cases[i].type);
		assert_int_equal(
		    define(family, names[i], pool, 1, &template), 0);
		start_root(family);
		before = starts(family, 'a');
		tell_pid(
		    family, add_member(family, family->root), cases[i].end);
		assert_int_equal(starts(family, 'a') - before, cases[i].starts);
		assert_int_equal(
		    count_of(family, family->root).active, cases[i].starts - 1);
		assert_int_equal(count_of(family, family->root).workers,
		    cases[i].starts - 1);
	}
}

/* OTP's _extra: a member is restarted with the arguments it was given. */
static void
s33_a_member_is_restarted_with_the_start_event_it_was_given(void **state)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	struct family_world *family = *state;
	const struct child *child;
	uint64_t kept;

	start(family, pool, 1, &template);
	tell_pid(family, add_member(family, family->root), END_ERROR);
	child = child_at(family->world.scheduler->store,
	    family_of(family->world.scheduler, family->root)->table.first);
	memcpy(&kept, child->as.start.bytes, sizeof kept);
	assert_int_equal(child->as.start.length, sizeof kept);
	assert_int_equal(kept, 79);
	assert_int_equal(child->status, CHILD_RUNNING);
	assert_int_equal(family->client.answers, 1); /* nobody asked again */
}

static void
s33_a_limit_per_child_gives_up_the_child_and_not_the_pool(void **state)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	struct supervisor_flags flags = pool;
	struct family_world *family = *state;
	struct child_entry entry = { .type = 0 };
	struct child_listing listing = { .entries = &entry, .max = 1 };
	struct pid pids[20];
	int i;

	flags.limit_is_per_child = true;
	start(family, flags, 1, &template);
	for (i = 0; i < 20; i++)
		pids[i] = add_member(family, family->root);
	for (i = 0; i < 20; i++) /* one fault of each adds up to nothing */
		tell_pid(family, pids[i], END_ERROR);
	assert_int_equal(count_of(family, family->root).active, 20);
	assert_int_equal(restarts(family), 20);
	assert_int_equal(supervisor_which_children(
			     family->world.scheduler, family->root, &listing),
	    0);
	tell_pid(family, entry.pid, END_ERROR); /* the second of this one */
	assert_true(lives(family, family->root));
	assert_int_equal(count_of(family, family->root).active, 19);
	assert_int_equal(restarts(family), 20);
}

static void
s34_a_member_that_cannot_be_restarted_escalates(void **state)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	struct supervisor_flags flags = pool;
	struct family_world *family = *state;
	struct pid one;

	flags.intensity = 4;
	plan(family, 'a', 3, ALWAYS, -EPERM);
	start(family, flags, 1, &template);
	one = add_member(family, family->root);
	(void)add_member(family, family->root);
	tell_pid(family, one, END_ERROR);
	assert_false(lives(family, family->root));
	assert_int_equal(starts(family, 'a'), 2 + 4);
}

static void
s36_a_restart_that_is_ignored_removes_the_member(void **state)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	struct family_world *family = *state;

	plan(family, 'a', 2, 1, INIT_IGNORE);
	start(family, pool, 1, &template);
	tell_pid(family, add_member(family, family->root), END_ERROR);
	assert_true(lives(family, family->root));
	assert_int_equal(count_of(family, family->root).workers, 0);
	assert_int_equal(count_of(family, family->root).active, 0);
	assert_int_equal(starts(family, 'a'), 2);
}

/* The same members as children of nobody take the same bytes. */
static void
s37_a_temporary_member_costs_its_supervisor_nothing(void **state)
{
	enum { MEMBERS = 100000 };
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	struct family_world *family = *state;
	const struct store *store = scheduler_store(family->world.scheduler);
	struct spawn spawn = {
		.behaviour = behaviour_current(
		    scheduler_behaviours(family->world.scheduler), "a")
	};
	uint64_t before, pooled, alone;
	uint64_t key = 1;
	struct pid pid;
	int i;

	start(family, pool, 1, &template);
	before = store->bytes_in_use;
	for (i = 0; i < MEMBERS; i++) {
		assert_int_equal(
		    process_post(family->world.scheduler, family->root,
			EVENT_START_CHILD, &key, sizeof key),
		    0);
		if (i % 1000 == 0)
			world_run(&family->world, 0);
	}
	world_run(&family->world, 0);
	assert_int_equal(count_of(family, family->root).active, MEMBERS);
	pooled = store->bytes_in_use - before;
	before = store->bytes_in_use;
	for (i = 0; i < MEMBERS; i++)
		assert_int_equal(
		    process_spawn(family->world.scheduler, &spawn, &pid), 0);
	world_run(&family->world, 0);
	alone = store->bytes_in_use - before;
	assert_int_equal(pooled, alone);
	assert_int_equal(
	    family_of(family->world.scheduler, family->root)->table.count, 0);
}

static uint64_t
cpu_ns(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* CPU time to end `count` members of a pool one by one. */
static uint64_t
time_of_ends(struct family_world *family, const char *name, unsigned int count)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	struct pid *pids = calloc(count, sizeof *pids);
	uint64_t begun;
	unsigned int i;

	assert_int_equal(define(family, name, pool, 1, &template), 0);
	start_root(family);
	for (i = 0; i < count; i++)
		pids[i] = add_member(family, family->root);
	begun = cpu_ns();
	for (i = 0; i < count; i++)
		world_post(&family->world, pids[i], END_NORMAL);
	world_run(&family->world, 0);
	assert_int_equal(count_of(family, family->root).active, 0);
	free(pids);
	return cpu_ns() - begun;
}

static void
s39_ending_ten_times_the_members_costs_at_most_fifty_times(void **state)
{
	struct family_world *family = *state;
	uint64_t few = time_of_ends(family, "few", 1000);

	assert_true(time_of_ends(family, "many", 10000) <= 50 * few);
}

static void
add_children(struct family_world *family, unsigned int from, unsigned int to)
{
	struct child_spec spec = member("a", RESTART_PERMANENT);

	for (; from < to; from++) {
		(void)snprintf(spec.id, sizeof spec.id, "%u", from);
		send_start(family, family->root, &spec);
	}
	world_run(&family->world, 0);
}

/* CPU time to end and to start again 500 of the children that there are. */
static uint64_t
time_of_changes(struct family_world *family)
{
	struct child_request request = { .key = 1 };
	uint64_t begun = cpu_ns();
	unsigned int i;

	for (i = 0; i < 500; i++) {
		(void)snprintf(request.id, sizeof request.id, "%u", i);
		send_request(family, family->root, EVENT_TERMINATE_CHILD,
		    &request, sizeof request);
		send_request(family, family->root, EVENT_RESTART_CHILD,
		    &request, sizeof request);
	}
	world_run(&family->world, 0);
	return cpu_ns() - begun;
}

/* Were it linear in their number, it would be forty times as much. */
static void
s40_starting_and_stopping_costs_the_same_for_any_number(void **state)
{
	struct family_world *family = *state;
	uint64_t few;

	start(family, one_for_one, 0, NULL);
	add_children(family, 0, 500);
	(void)time_of_changes(family); /* warms up */
	few = time_of_changes(family);
	add_children(family, 500, 20000);
	assert_int_equal(count_of(family, family->root).active, 20000);
	assert_true(time_of_changes(family) <= 10 * few);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    s33_of_a_pool_only_the_dead_is_replaced_and_the_limit_holds),
		TEST(s33_each_restart_type_holds_for_members),
		TEST(
		    s33_a_member_is_restarted_with_the_start_event_it_was_given),
		TEST(s33_a_limit_per_child_gives_up_the_child_and_not_the_pool),
		TEST(s34_a_member_that_cannot_be_restarted_escalates),
		TEST(s36_a_restart_that_is_ignored_removes_the_member),
		TEST(s37_a_temporary_member_costs_its_supervisor_nothing),
		TEST(
		    s39_ending_ten_times_the_members_costs_at_most_fifty_times),
		TEST(s40_starting_and_stopping_costs_the_same_for_any_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
