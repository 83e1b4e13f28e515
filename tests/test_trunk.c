/* Trunk groups and circuits, as trunk.h promises them. */
#include "tests/world.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/line.h"
#include "calls/exchange/trunk.h"
#include "switch/object.h"

static const struct pid owner = { .slot = 7, .generation = 1 };

struct set {
	struct world world;
	struct trunks *trunks;
};

static int
setup(void **state)
{
	static struct set set;

	memset(&set, 0, sizeof set);
	world_set_up(&set.world);
	*state = &set;
	return trunks_alloc(&set.trunks, set.world.scheduler);
}

static int
teardown(void **state)
{
	struct set *set = *state;

	trunks_free(&set->trunks);
	assert_null(set->trunks);
	world_tear_down(&set->world);
	return 0;
}

static uint32_t
add(struct set *set, const char *name, uint32_t circuits, enum trunk_hunt hunt)
{
	const struct trunk_plan plan = {
		.name = name, .circuits = circuits, .hunt = hunt
	};

	assert_int_equal(trunks_add(set->trunks, &plan), 0);
	return trunks_find(set->trunks, name);
}

/* The number of the circuit that is taken now, 0 if there is none. */
static unsigned int
take(struct set *set, uint32_t trunk)
{
	uint32_t id = trunk_hunt(set->trunks, trunk, false);

	if (id == CIRCUIT_NONE)
		return 0;
	circuits_take(set->trunks, id, owner);
	return circuits_at(set->trunks, id)->number;
}

static void
give_back(struct set *set, uint32_t trunk, unsigned int number)
{
	circuits_give_back(
	    set->trunks, trunks_at(set->trunks, trunk)->ids[number - 1]);
}

static void
groups_are_found_by_name(void **state)
{
	struct set *set = *state;
	struct trunk_plan plan = { .name = "T1", .circuits = 30 };
	char text[CIRCUIT_TEXT_SIZE];

	assert_int_equal(trunks_add(set->trunks, &plan), 0);
	assert_int_equal(trunks_add(set->trunks, &plan), -EEXIST);
	plan.name = "T2";
	plan.circuits = 0;
	assert_int_equal(trunks_add(set->trunks, &plan), -EINVAL);
	plan.circuits = TRUNK_CIRCUITS_MAX + 1;
	assert_int_equal(trunks_add(set->trunks, &plan), -EINVAL);
	plan.circuits = 2;
	plan.name = "";
	assert_int_equal(trunks_add(set->trunks, &plan), -EINVAL);
	plan.name = "T2";
	assert_int_equal(trunks_add(set->trunks, &plan), 0);
	assert_int_equal(trunks_find(set->trunks, "T2"), 1);
	assert_int_equal(trunks_find(set->trunks, "T3"), TRUNK_NONE);
	assert_string_equal(circuit_text(set->trunks, 31, text), "T2 2");
	assert_null(circuits_at(set->trunks, 32));
	assert_ptr_equal(circuit_of_port(set->trunks, circuit_port(31)),
	    circuits_at(set->trunks, 31));
	assert_null(circuit_of_port(set->trunks, 31)); /* a line */
	assert_null(circuit_of_port(set->trunks, PORT_NONE));
}

static void
the_lowest_or_the_highest_is_taken(void **state)
{
	struct set *set = *state;
	uint32_t low = add(set, "low", 130, HUNT_LOW);
	uint32_t high = add(set, "high", 130, HUNT_HIGH);
	unsigned int i;

	for (i = 1; i <= 130; i++) {
		assert_int_equal(take(set, low), i);
		assert_int_equal(take(set, high), 131 - i);
	}
	assert_int_equal(take(set, low), 0);
	assert_int_equal(take(set, high), 0);
	give_back(set, low, 129);
	give_back(set, low, 65);
	give_back(set, high, 65);
	give_back(set, high, 129);
	assert_int_equal(take(set, low), 65);
	assert_int_equal(take(set, high), 129);
	assert_int_equal(trunks_at(set->trunks, low)->busy, 129);
}

static void
the_longest_idle_is_taken(void **state)
{
	struct set *set = *state;
	uint32_t trunk = add(set, "T1", 3, HUNT_IDLE);

	assert_int_equal(take(set, trunk), 1);
	assert_int_equal(take(set, trunk), 2);
	give_back(set, trunk, 2);
	give_back(set, trunk, 1);
	assert_int_equal(take(set, trunk), 3);
	assert_int_equal(take(set, trunk), 2);
	assert_int_equal(take(set, trunk), 1);
}

/* So that the two ends seldom meet. */
static void
the_far_end_hunts_from_the_other_side(void **state)
{
	struct set *set = *state;
	uint32_t low = add(set, "low", 9, HUNT_LOW);

	assert_int_equal(trunk_hunt(set->trunks, low, true), 8);
	assert_int_equal(trunk_hunt(set->trunks, low, false), 0);
}

static void
a_direction_is_kept(void **state)
{
	struct set *set = *state;
	struct trunk_plan plan = {
		.name = "in", .circuits = 1, .direction = TRUNK_IN
	};

	assert_int_equal(trunks_add(set->trunks, &plan), 0);
	plan.name = "out";
	plan.direction = TRUNK_OUT;
	assert_int_equal(trunks_add(set->trunks, &plan), 0);
	assert_int_equal(trunk_hunt(set->trunks, 0, false), CIRCUIT_NONE);
	assert_int_equal(trunk_hunt(set->trunks, 0, true), 0);
	assert_int_equal(trunk_hunt(set->trunks, 1, true), CIRCUIT_NONE);
	assert_int_equal(trunk_hunt(set->trunks, 1, false), 1);
}

static void
t62_control_says_whose_a_circuit_is(void **state)
{
	static const struct {
		enum trunk_control control;
		bool is_odd_ours, is_even_ours;
	} cases[] = { { OURS_ALL, true, true }, { OURS_EVEN, false, true },
		{ OURS_ODD, true, false }, { OURS_NONE, false, false } };
	struct set *set = *state;
	struct trunk_plan plan = { .circuits = 2 };
	char name[] = "A";
	unsigned int i;

	plan.name = name;
	for (i = 0; i < 4; i++, name[0]++) {
		plan.control = cases[i].control;
		assert_int_equal(trunks_add(set->trunks, &plan), 0);
		assert_int_equal(
		    circuit_is_ours(set->trunks, 2 * i), cases[i].is_odd_ours);
		assert_int_equal(circuit_is_ours(set->trunks, 2 * i + 1),
		    cases[i].is_even_ours);
	}
}

/* Its call goes on; the next one does not get it. */
static void
what_is_blocked_or_down_is_not_taken(void **state)
{
	struct set *set = *state;
	uint32_t trunk = add(set, "T1", 3, HUNT_LOW);

	assert_int_equal(take(set, trunk), 1);
	circuits_set_blocked(set->trunks, 0, true);
	circuits_set_down(set->trunks, 1, true);
	assert_int_equal(trunks_at(set->trunks, trunk)->usable, 1);
	give_back(set, trunk, 1);
	assert_int_equal(take(set, trunk), 3);
	assert_int_equal(take(set, trunk), 0);
	circuits_set_down(set->trunks, 0, true);
	circuits_set_blocked(set->trunks, 0, false);
	assert_int_equal(take(set, trunk), 0); /* it is down still */
	circuits_set_down(set->trunks, 0, false);
	assert_int_equal(take(set, trunk), 1);
	circuits_set_down(set->trunks, 1, false);
	assert_int_equal(take(set, trunk), 2);
	assert_int_equal(trunks_at(set->trunks, trunk)->usable, 3);
}

static void
a_reserved_one_is_busy_till_it_is_given_back(void **state)
{
	struct set *set = *state;
	uint32_t trunk = add(set, "T1", 1, HUNT_LOW);

	circuits_reserve(set->trunks, 0, 5, true);
	assert_int_equal(take(set, trunk), 0);
	assert_int_equal(trunks_at(set->trunks, trunk)->busy, 1);
	circuits_take(set->trunks, 0, owner);
	assert_int_equal(trunks_at(set->trunks, trunk)->busy, 1);
	assert_int_equal(trunks_at(set->trunks, trunk)->counts.incoming, 1);
	circuits_give_back(set->trunks, 0);
	assert_int_equal(trunks_at(set->trunks, trunk)->busy, 0);
	assert_int_equal(circuits_at(set->trunks, 0)->attempt, ATTEMPT_NONE);
	assert_int_equal(take(set, trunk), 1);
}

static int
change(struct set *set, const char *name, uint32_t circuits)
{
	const struct trunk_plan plan = { .name = name,
		.circuits = circuits,
		.hunt = strcmp(name, "T2") == 0 ? HUNT_HIGH : HUNT_LOW };

	return trunks_change(set->trunks, &plan);
}

/* Whichever allocation fails, the group is as it was; then it is larger. */
static void
a_group_grows_behind_another(void **state)
{
	struct set *set = *state;
	const uint32_t low = add(set, "T1", 2, HUNT_LOW);
	const uint32_t high = add(set, "T2", 2, HUNT_HIGH);
	unsigned int i;
	long n;

	assert_int_equal(take(set, low), 1);
	assert_int_equal(change(set, "T3", 2), -ENOENT);
	assert_int_equal(change(set, "T1", 65536), -EINVAL);
	for (n = 0;; n++) {
		object_fail_after(n);
		if (change(set, "T1", 130) == 0)
			break;
		assert_int_equal(trunks_at(set->trunks, low)->count, 2);
		assert_null(circuits_at(set->trunks, 4));
	}
	object_fail_after(-1);
	assert_int_equal(n, 3);
	assert_int_equal(change(set, "T2", 66), 0);
	for (i = 2; i <= 130; i++)
		assert_int_equal(take(set, low), i);
	assert_int_equal(take(set, low), 0);
	for (i = 66; i >= 1; i--)
		assert_int_equal(take(set, high), i);
	assert_int_equal(trunks_at(set->trunks, low)->usable, 130);
	assert_int_equal(trunks_at(set->trunks, low)->busy, 130);
}

/* What it loses is taken by nobody, be it idle or just given back. */
static void
a_group_shrinks_and_grows_again(void **state)
{
	struct set *set = *state;
	const uint32_t low = add(set, "T1", 3, HUNT_LOW);
	unsigned int i;

	for (i = 1; i <= 2; i++)
		assert_int_equal(take(set, low), i);
	assert_int_equal(change(set, "T1", 1), 0);
	assert_int_equal(trunks_at(set->trunks, low)->usable, 1);
	assert_int_equal(trunks_at(set->trunks, low)->busy, 2);
	circuits_give_back(set->trunks, 1);
	assert_int_equal(take(set, low), 0);
	circuits_give_back(set->trunks, 0);
	assert_int_equal(take(set, low), 1);
	circuits_give_back(set->trunks, 0);
	for (i = 0; i < 1000; i++) {
		assert_int_equal(change(set, "T1", 1 + i % 4), 0);
		assert_int_equal(
		    trunks_at(set->trunks, low)->usable, 1 + i % 4);
	}
	assert_null(circuits_at(set->trunks, 4));
	for (i = 1; i <= 4; i++)
		assert_int_equal(take(set, low), i);
	assert_int_equal(take(set, low), 0);
}

/* Its name is its own for ever, and so is its place. */
static void
a_group_goes_and_comes_back(void **state)
{
	struct trunk_plan plan = { .name = "T1", .circuits = 2 };
	struct set *set = *state;
	const uint32_t one = add(set, "T1", 3, HUNT_LOW);

	assert_int_equal(add(set, "T2", 3, HUNT_LOW), 1);
	assert_int_equal(take(set, one), 1);
	trunks_withdraw(set->trunks, one);
	assert_int_equal(take(set, one), 0);
	assert_int_equal(trunks_find(set->trunks, "T1"), one);
	plan.kind = TRUNK_ISDN;
	assert_int_equal(trunks_change(set->trunks, &plan), -EBUSY);
	circuits_give_back(set->trunks, 0);
	assert_int_equal(trunks_find(set->trunks, "T1"), TRUNK_NONE);
	assert_int_equal(take(set, one), 0);
	assert_int_equal(trunks_add(set->trunks, &plan), 0);
	assert_int_equal(trunks_add(set->trunks, &plan), -EEXIST);
	assert_int_equal(trunks_find(set->trunks, "T1"), one);
	assert_int_equal(trunks_at(set->trunks, one)->kind, TRUNK_ISDN);
	assert_int_equal(take(set, one), 1);
	assert_int_equal(take(set, one), 2);
	assert_int_equal(take(set, one), 0);
	assert_null(circuits_at(set->trunks, 6));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(groups_are_found_by_name),
		TEST(the_lowest_or_the_highest_is_taken),
		TEST(a_group_grows_behind_another),
		TEST(the_longest_idle_is_taken),
		TEST(the_far_end_hunts_from_the_other_side),
		TEST(a_direction_is_kept),
		TEST(t62_control_says_whose_a_circuit_is),
		TEST(what_is_blocked_or_down_is_not_taken),
		TEST(a_reserved_one_is_busy_till_it_is_given_back),
		TEST(a_group_shrinks_and_grows_again),
		TEST(a_group_goes_and_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
