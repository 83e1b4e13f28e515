/* S19 to S22, S25 to S27, S42, S45: the end of one child. */
#include "tests/conformance/family_world.h"

static const struct child_spec *
three(void)
{
	static struct child_spec kids[3];

	kids[0] = kid("a", RESTART_PERMANENT);
	kids[1] = kid("b", RESTART_TRANSIENT);
	kids[2] = kid("c", RESTART_TEMPORARY);
	return kids;
}

static void
s19_a_permanent_child_comes_back_after_any_end(void **state)
{
	static const uint16_t ends[] = { END_NORMAL, END_SHUTDOWN, END_ERROR };
	struct family_world *family = *state;
	struct pid before;
	size_t i;

	start(family, one_for_one, 3, three());
	for (i = 0; i < COUNT_OF(ends); i++) {
		before = whereis(family, "a");
		tell(family, "a", ends[i]);
		assert_true(is_up(family, "a"));
		assert_false(pid_equal(whereis(family, "a"), before));
		pass_s(family, 10);
	}
	kill_pid(family, whereis(family, "a"));
	assert_true(is_up(family, "a"));
	assert_int_equal(starts(family, 'a'), 5);
	assert_true(log_has(family, "top child_terminated a"));
}

static void
s20_a_transient_child_stays_away_after_normal_and_shutdown(void **state)
{
	static const uint16_t ends[] = { END_NORMAL, END_SHUTDOWN };
	struct family_world *family = *state;
	size_t i;

	start(family, one_for_one, 3, three());
	for (i = 0; i < COUNT_OF(ends); i++) {
		tell(family, "b", ends[i]);
		assert_false(is_up(family, "b"));
		assert_non_null(entry_of(family, "b"));
		assert_int_equal(
		    ask_top(family, EVENT_RESTART_CHILD, "b"), SUPERVISOR_OK);
		assert_true(is_up(family, "b"));
	}
	assert_int_equal(restarts(family), 0);
	assert_false(log_has(family, "child_terminated"));
}

static void
s21_a_transient_child_comes_back_after_an_abnormal_end(void **state)
{
	struct family_world *family = *state;

	start(family, one_for_one, 3, three());
	tell(family, "b", END_ERROR);
	assert_true(is_up(family, "b"));
	assert_int_equal(restarts(family), 1);
	pass_s(family, 10);
	kill_pid(family, whereis(family, "b"));
	assert_true(is_up(family, "b"));
	assert_int_equal(restarts(family), 2);
}

static void
s22_a_temporary_child_never_comes_back(void **state)
{
	static const uint16_t ends[] = { END_NORMAL, END_SHUTDOWN, END_ERROR };
	struct family_world *family = *state;
	size_t i;

	start(family, one_for_one, 3, three());
	for (i = 0; i < COUNT_OF(ends); i++) {
		tell(family, "c", ends[i]);
		assert_false(is_up(family, "c"));
		assert_null(entry_of(family, "c"));
		assert_int_equal(ask_start(family, three()[2]), SUPERVISOR_OK);
	}
	assert_int_equal(restarts(family), 0);
	assert_true(log_has(family, "top child_terminated c"));
}

static void
s25_restarts_wider_apart_than_the_period_never_trip(void **state)
{
	struct family_world *family = *state;
	int i;

	start(family, one_for_one, 3, three());
	for (i = 0; i < 4; i++) {
		tell(family, "a", END_ERROR);
		assert_true(lives(family, family->root));
		pass_s(family, 6); /* the period of 5 s is inclusive */
	}
	tell(family, "a", END_ERROR);
	pass_s(family, 5);
	tell(family, "a", END_ERROR);
	assert_false(lives(family, family->root));
}

static void
s26_only_the_dead_one_is_replaced_and_the_next_crash_is_too_many(void **state)
{
	struct family_world *family = *state;
	struct pid b, c;

	start(family, one_for_one, 3, three());
	b = whereis(family, "b");
	c = whereis(family, "c");
	watch(family, family->root, WATCH);
	tell(family, "a", END_ERROR);
	assert_true(lives(family, family->root));
	assert_true(pid_equal(whereis(family, "b"), b));
	assert_true(pid_equal(whereis(family, "c"), c));
	tell(family, "a", END_ERROR);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "abcAaACB");
	assert_int_equal(last_end(family), REASON_SHUTDOWN);
	assert_true(log_has(family, "top reached_max_restart_intensity a"));
}

static void
s27_a_child_that_cannot_be_restarted_uses_up_the_limit(void **state)
{
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	flags.intensity = 4;
	plan(family, 'a', 2, ALWAYS, -EPERM);
	start(family, flags, 3, three());
	tell(family, "a", END_ERROR);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "abcACB");
	assert_int_equal(starts(family, 'a'), 5); /* each try counts */
}

static void
s42_a_sub_tree_is_rebuilt_with_its_static_children_only(void **state)
{
	const struct child_spec low[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	const struct child_spec high[] = { kid("c", RESTART_PERMANENT),
		sub("low", RESTART_PERMANENT) };
	struct family_world *family = *state;
	struct child_spec spec = kid("d", RESTART_PERMANENT);
	struct pid before, b;

	assert_int_equal(define(family, "low", one_for_one, 2, low), 0);
	start(family, one_for_one, 2, high);
	before = whereis(family, "low");
	send_start(family, before, &spec);
	world_run(&family->world, 0);
	assert_true(is_up(family, "d"));
	b = whereis(family, "b");
	tell(family, "a", END_ERROR); /* alone */
	assert_true(pid_equal(whereis(family, "b"), b));
	tell(family, "a", END_ERROR); /* once too often: low gives up */
	assert_false(pid_equal(whereis(family, "low"), before));
	assert_true(lives(family, family->root));
	assert_true(is_up(family, "a"));
	assert_true(is_up(family, "b"));
	assert_false(pid_equal(whereis(family, "b"), b));
	assert_false(is_up(family, "d"));
	assert_int_equal(starts(family, 'c'), 1);
}

static void
s42_a_transient_sub_tree_that_gave_up_stays_away(void **state)
{
	const struct child_spec low[] = { kid("a", RESTART_PERMANENT) };
	const struct child_spec high[] = { sub("low", RESTART_TRANSIENT) };
	struct family_world *family = *state;

	assert_int_equal(define(family, "low", one_for_one, 1, low), 0);
	start(family, one_for_one, 1, high);
	tell(family, "a", END_ERROR);
	tell(family, "a", END_ERROR);
	assert_false(is_up(family, "low")); /* shutdown is not abnormal */
	assert_true(lives(family, family->root));
}

static void
s45_a_killed_supervisor_is_rebuilt_and_its_orphans_end(void **state)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	const struct child_spec low[] = { kid("b", RESTART_PERMANENT),
		kid("c", RESTART_PERMANENT) };
	const struct child_spec high[] = { sub("pool", RESTART_PERMANENT),
		sub("low", RESTART_PERMANENT) };
	struct family_world *family = *state;
	struct supervisor_flags flags = one_for_one;
	struct pid before, one;

	flags.intensity = 2;
	assert_int_equal(define(family, "pool", pool, 1, &template), 0);
	assert_int_equal(define(family, "low", one_for_one, 2, low), 0);
	start(family, flags, 2, high);
	before = whereis(family, "pool");
	one = add_member(family, before);
	tell_pid(family, one, BE_STUBBORN); /* even so */
	kill_pid(family, before);
	assert_false(lives(family, one));
	assert_false(pid_equal(whereis(family, "pool"), before));
	assert_int_equal(count_of(family, whereis(family, "pool")).active, 0);

	kill_pid(family, whereis(family, "low"));
	assert_true(lives(family, family->root));
	assert_true(is_up(family, "b"));
	assert_true(is_up(family, "c"));
	assert_int_equal(restarts(family), 2);
}

static void
s45_with_adopt_the_heir_takes_the_children_under_the_old_pid(void **state)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	const struct child_spec high[] = { here(
	    sub("pool", RESTART_PERMANENT)) };
	struct supervisor_flags flags = pool;
	struct family_world *family = *state;
	struct pid before, one, two;

	flags.orphans = ORPHANS_ADOPT;
	assert_int_equal(define(family, "pool", flags, 1, &template), 0);
	start(family, one_for_one, 1, high);
	before = whereis(family, "pool");
	one = add_member(family, before);
	two = add_member(family, before);
	exit_signal(family, before, REASON_KILL);
	exit_signal(family, one, REASON_KILL); /* while nobody is there */
	assert_false(lives(family, before));
	world_run(&family->world, 0);
	assert_true(pid_equal(whereis(family, "pool"), before));
	assert_true(lives(family, two));
	assert_int_equal(count_of(family, before).active, 1);
	(void)add_member(family, before);
	assert_int_equal(count_of(family, before).active, 2);
	tell_pid(family, two, END_NORMAL);
	assert_int_equal(count_of(family, before).active, 1);
}

static void
s45_an_estate_without_an_heir_is_dissolved(void **state)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	const struct child_spec high[] = { here(
	    sub("pool", RESTART_PERMANENT)) };
	struct supervisor_flags flags = pool, strict = one_for_one;
	struct family_world *family = *state;
	struct pid one;

	flags.orphans = ORPHANS_ADOPT;
	strict.intensity = 0;
	assert_int_equal(define(family, "pool", flags, 1, &template), 0);
	start(family, strict, 1, high);
	one = add_member(family, whereis(family, "pool"));
	kill_pid(family, whereis(family, "pool"));
	assert_false(lives(family, family->root));
	assert_false(lives(family, one));
	assert_string_equal(family->diary, "aA");

	strict.intensity = 1; /* and when its parent is killed with it */
	assert_int_equal(define(family, "next", strict, 1, high), 0);
	start_root(family);
	one = add_member(family, whereis(family, "pool"));
	exit_signal(family, whereis(family, "pool"), REASON_KILL);
	exit_signal(family, family->root, REASON_KILL);
	world_run(&family->world, 0);
	assert_false(lives(family, one));
	assert_false(is_up(family, "pool"));
}

/* Its heir cannot be started, and then nobody wants one any more. */
static void
s45_an_estate_is_dissolved_when_its_restart_is_cancelled(void **state)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	const struct child_spec high[] = { here(
	    sub("pool", RESTART_PERMANENT)) };
	struct supervisor_flags flags = pool, spaced = one_for_one;
	struct family_world *family = *state;
	struct spawn squatter = { .name = "pool" };
	struct pid one, pid;

	flags.orphans = ORPHANS_ADOPT;
	spaced.retry_ms = spaced.retry_cap_ms = 1000;
	assert_int_equal(define(family, "pool", flags, 1, &template), 0);
	start(family, spaced, 1, high);
	one = add_member(family, whereis(family, "pool"));
	exit_signal(family, whereis(family, "pool"), REASON_KILL);
	squatter.behaviour = behaviour_current(
	    scheduler_behaviours(family->world.scheduler), "b");
	assert_int_equal(
	    process_spawn(family->world.scheduler, &squatter, &pid), 0);
	pass_s(family, 5);
	assert_true(lives(family, one)); /* it waits for its heir */
	assert_true(entry_of(family, "pool")->is_restarting);
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "pool"), SUPERVISOR_OK);
	assert_false(lives(family, one));
	assert_true(lives(family, pid));
}

static void
s45_an_estate_is_dissolved_where_no_restart_is_wanted(void **state)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	const struct child_spec high[] = { sub("pool", RESTART_TEMPORARY) };
	struct supervisor_flags flags = pool;
	struct family_world *family = *state;
	struct pid one;

	flags.orphans = ORPHANS_ADOPT;
	assert_int_equal(define(family, "pool", flags, 1, &template), 0);
	start(family, one_for_one, 1, high);
	one = add_member(family, whereis(family, "pool"));
	kill_pid(family, whereis(family, "pool"));
	assert_false(lives(family, one));
	assert_true(lives(family, family->root));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(s19_a_permanent_child_comes_back_after_any_end),
		TEST(
		    s20_a_transient_child_stays_away_after_normal_and_shutdown),
		TEST(s21_a_transient_child_comes_back_after_an_abnormal_end),
		TEST(s22_a_temporary_child_never_comes_back),
		TEST(s25_restarts_wider_apart_than_the_period_never_trip),
		TEST(
		    s26_only_the_dead_one_is_replaced_and_the_next_crash_is_too_many),
		TEST(s27_a_child_that_cannot_be_restarted_uses_up_the_limit),
		TEST(s42_a_sub_tree_is_rebuilt_with_its_static_children_only),
		TEST(s42_a_transient_sub_tree_that_gave_up_stays_away),
		TEST(s45_a_killed_supervisor_is_rebuilt_and_its_orphans_end),
		TEST(
		    s45_with_adopt_the_heir_takes_the_children_under_the_old_pid),
		TEST(s45_an_estate_without_an_heir_is_dissolved),
		TEST(s45_an_estate_is_dissolved_when_its_restart_is_cancelled),
		TEST(s45_an_estate_is_dissolved_where_no_restart_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
