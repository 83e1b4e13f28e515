/* Who may fetch ahead: in rounds, before it is due, and for nobody else. */
#include "switch/ahead.h"

#include "tests/world.h"

#include <string.h>

struct fixture {
	struct world world;
	unsigned int rounds; /* that `fetch` was called in */
	unsigned int wrong;  /* of another key, out of order or too late */
	bool is_due;
};

static int
setup(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof fixture);
	world_set_up(&fixture.world);
	*state = &fixture;
	return 0;
}

static void
due(void *arg, uint64_t key)
{
	struct fixture *fixture = arg;

	(void)key;
	fixture->is_due = true;
}

static void
due_of_another(void *arg, uint64_t key)
{
	(void)arg;
	(void)key;
}

static void
fetch(void *arg, uint64_t key, unsigned int round)
{
	struct fixture *fixture = arg;

	fixture->wrong +=
	    key != 7 || round != fixture->rounds || fixture->is_due;
	fixture->rounds++;
}

static void
at(struct fixture *fixture, uint64_t time, scheduler_due_f *what, uint64_t key)
{
	assert_int_equal(
	    scheduler_at(fixture->world.scheduler, time, what, fixture, key),
	    0);
}

static void
what_is_due_is_fetched_before_in_all_rounds(void **state)
{
	struct fixture *fixture = *state;

	ahead_set_fetch(fixture->world.scheduler, due, fetch);
	at(fixture, 90010000, due, 7);
	at(fixture, 90010000, due_of_another, 8);
	world_run(&fixture->world, 80000000);
	assert_int_equal(fixture->rounds, 0);
	world_run(&fixture->world, 90010000);
	assert_int_equal(fixture->rounds, AHEAD_ROUNDS);
	assert_int_equal(fixture->wrong, 0);
	assert_true(fixture->is_due);
}

static void
nothing_is_fetched_for_who_wants_it_no_more(void **state)
{
	struct fixture *fixture = *state;

	ahead_set_fetch(fixture->world.scheduler, due, fetch);
	at(fixture, 90010000, due, 7);
	ahead_set_fetch(fixture->world.scheduler, NULL, NULL);
	world_run(&fixture->world, 90010000);
	assert_int_equal(fixture->rounds, 0);
	assert_true(fixture->is_due);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_is_due_is_fetched_before_in_all_rounds, setup,
		    world_leave),
		cmocka_unit_test_setup_teardown(
		    nothing_is_fetched_for_who_wants_it_no_more, setup,
		    world_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
