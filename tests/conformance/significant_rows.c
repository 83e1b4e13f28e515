/* S50 to S52: a supervisor that ends because of who has ended. */
#include "tests/conformance/family_world.h"

static struct child_spec
significant(const char *name, enum restart_type restart)
{
	struct child_spec spec = kid(name, restart);

	spec.is_significant = true;
	return spec;
}

static void
start_with(struct family_world *family, const char *name,
    enum auto_shutdown when, enum restart_type restart)
{
	const struct child_spec kids[] = { significant("a", restart),
		significant("b", restart), kid("c", restart) };
	struct supervisor_flags flags = one_for_one;

	flags.auto_shutdown = when;
	assert_int_equal(define(family, name, flags, 3, kids), 0);
	start_root(family);
}

static void
s50_any_fires_at_the_first_significant_end(void **state)
{
	struct family_world *family = *state;

	start_with(
	    family, "one", AUTO_SHUTDOWN_ANY_SIGNIFICANT, RESTART_TRANSIENT);
	watch(family, family->root, WATCH);
	tell(family, "c", END_NORMAL); /* not significant */
	assert_true(lives(family, family->root));
	tell(family, "b", END_ERROR); /* is restarted */
	assert_true(lives(family, family->root));
	tell(family, "a", END_NORMAL);
	assert_false(lives(family, family->root));
	assert_int_equal(last_end(family), REASON_SHUTDOWN);

	start_with(
	    family, "two", AUTO_SHUTDOWN_ANY_SIGNIFICANT, RESTART_TEMPORARY);
	tell(family, "c", END_ERROR);
	assert_true(lives(family, family->root));
	tell(family, "a", END_ERROR); /* temporary: however it ends */
	assert_false(lives(family, family->root));
}

static void
s50_all_fires_at_the_last_significant_end(void **state)
{
	struct family_world *family = *state;

	start_with(
	    family, "one", AUTO_SHUTDOWN_ALL_SIGNIFICANT, RESTART_TRANSIENT);
	tell(family, "c", END_NORMAL);
	tell(family, "a", END_NORMAL);
	assert_true(lives(family, family->root));
	tell(family, "b", END_SHUTDOWN);
	assert_false(lives(family, family->root));

	start_with(
	    family, "two", AUTO_SHUTDOWN_ALL_SIGNIFICANT, RESTART_TEMPORARY);
	tell(family, "b", END_ERROR);
	assert_true(lives(family, family->root));
	tell(family, "a", END_NORMAL);
	assert_false(lives(family, family->root));
}

static void
s50_an_end_by_terminate_child_does_not_count(void **state)
{
	struct family_world *family = *state;

	start_with(
	    family, "one", AUTO_SHUTDOWN_ANY_SIGNIFICANT, RESTART_TEMPORARY);
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_OK);
	assert_true(lives(family, family->root));
}

static void
s51_a_death_by_the_strategy_does_not_count(void **state)
{
	const struct child_spec kids[] = { significant("a", RESTART_TRANSIENT),
		kid("b", RESTART_PERMANENT),
		significant("c", RESTART_TEMPORARY) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	flags.strategy = STRATEGY_ONE_FOR_ALL;
	flags.auto_shutdown = AUTO_SHUTDOWN_ANY_SIGNIFICANT;
	start(family, flags, 3, kids);
	tell(family, "b", END_ERROR);
	assert_true(lives(family, family->root));
	assert_true(is_up(family, "a"));
	assert_true(is_up(family, "b"));
	assert_false(is_up(family, "c"));
}

static void
climbs(struct family_world *family, bool is_significant)
{
	const struct child_spec low[] = { significant("a", RESTART_TEMPORARY) };
	struct child_spec high[] = { kid("b", RESTART_PERMANENT),
		sub("low", RESTART_TRANSIENT) };
	struct supervisor_flags flags = one_for_one;

	flags.auto_shutdown = AUTO_SHUTDOWN_ANY_SIGNIFICANT;
	high[1].is_significant = is_significant;
	assert_int_equal(define(family, "low", flags, 1, low), 0);
	start(family, flags, 2, high);
	tell(family, "a", END_NORMAL);
	assert_false(is_up(family, "low"));
	assert_int_equal(lives(family, family->root), !is_significant);
	assert_int_equal(is_up(family, "b"), !is_significant);
}

static void
s52_it_climbs_where_the_sub_supervisor_is_significant(void **state)
{
	climbs(*state, true);
}

static void
s52_and_only_there(void **state)
{
	climbs(*state, false);
}

static void
s50_what_cannot_be_significant_is_refused(void **state)
{
	const struct child_spec permanent = significant("a", RESTART_PERMANENT);
	const struct child_spec temporary = significant("a", RESTART_TEMPORARY);
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	assert_int_equal(
	    define(family, "top", one_for_one, 1, &temporary), -EINVAL);
	flags.auto_shutdown = AUTO_SHUTDOWN_ANY_SIGNIFICANT;
	assert_int_equal(define(family, "top", flags, 1, &permanent), -EINVAL);
	start(family, flags, 0, NULL);
	assert_int_equal(
	    ask_start(family, permanent), SUPERVISOR_BAD_COMBINATION);
	assert_int_equal(ask_start(family, temporary), SUPERVISOR_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(s50_any_fires_at_the_first_significant_end),
		TEST(s50_all_fires_at_the_last_significant_end),
		TEST(s50_an_end_by_terminate_child_does_not_count),
		TEST(s51_a_death_by_the_strategy_does_not_count),
		TEST(s52_it_climbs_where_the_sub_supervisor_is_significant),
		TEST(s52_and_only_there),
		TEST(s50_what_cannot_be_significant_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
