/* S48, S49: a new specification for a running supervisor, in place. */
#include "tests/conformance/family_world.h"

static int
change(struct family_world *family, struct supervisor_flags flags,
    unsigned int count, const struct child_spec *kids)
{
	static struct supervisor_spec spec;
	static struct child_spec copy[KIDS];

	if (count > 0)
		memcpy(copy, kids, count * sizeof *kids);
	spec = (struct supervisor_spec){
		.name = "top", .flags = flags, .count = count, .children = copy
	};
	return supervisor_change(family->supervisors[family->count - 1],
	    family->world.scheduler, family->root, &spec);
}

static void
s48_r14_flags_and_specifications_change_in_place(void **state)
{
	struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	struct child_spec changed[] = { kid("a", RESTART_TEMPORARY),
		kid("c", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;
	struct pid a, b;

	start(family, one_for_one, 2, kids);
	a = whereis(family, "a");
	b = whereis(family, "b");
	flags.strategy = STRATEGY_ONE_FOR_ALL;
	flags.intensity = 3;
	changed[0].shutdown_ms = SHUTDOWN_BRUTAL_KILL;
	assert_int_equal(change(family, flags, 2, changed), 0);
	world_run(&family->world, 0);
	assert_true(pid_equal(whereis(family, "a"), a)); /* keeps running */
	assert_true(pid_equal(whereis(family, "b"), b)); /* not stopped */
	assert_false(is_up(family, "c"));		 /* not started */
	assert_int_equal(
	    ask_top(family, EVENT_GET_CHILDSPEC, "a"), SUPERVISOR_OK);
	assert_int_equal(family->client.spec.shutdown_ms, SHUTDOWN_BRUTAL_KILL);
	assert_int_equal(family->client.spec.restart, RESTART_TEMPORARY);
	assert_int_equal(count_of(family, family->root).specs, 3);

	tell(family, "b", END_ERROR); /* one_for_all now */
	assert_true(is_up(family, "b"));
	assert_true(is_up(family, "c"));
	assert_false(is_up(family, "a")); /* temporary now */
	tell(family, "b", END_ERROR);
	tell(family, "b", END_ERROR); /* intensity 3 now */
	assert_true(lives(family, family->root));
	tell(family, "b", END_ERROR);
	assert_false(lives(family, family->root));
}

static void
s48_restarts_so_far_count_under_the_new_limit(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	flags.intensity = 3;
	start(family, flags, 1, kids);
	tell(family, "a", END_ERROR);
	tell(family, "a", END_ERROR);
	flags.intensity = 2;
	assert_int_equal(change(family, flags, 1, kids), 0);
	tell(family, "a", END_ERROR);
	assert_false(lives(family, family->root));
}

static void
s48_r15_a_faulty_specification_leaves_everything_as_it_was(void **state)
{
	struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	struct child_spec faulty[] = { kid("a", RESTART_TEMPORARY),
		kid("b", RESTART_PERMANENT), kid("b", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	start(family, one_for_one, 1, kids);
	assert_int_equal(change(family, one_for_one, 3, faulty), -EINVAL);
	flags.period_s = 0;
	assert_int_equal(change(family, flags, 1, kids), -EINVAL);
	kids[0].on_fault = ON_FAULT_RESUME;
	flags = one_for_one;
	flags.strategy = STRATEGY_REST_FOR_ONE;
	assert_int_equal(change(family, flags, 1, kids), -EINVAL);
	assert_int_equal(
	    ask_top(family, EVENT_GET_CHILDSPEC, "a"), SUPERVISOR_OK);
	assert_int_equal(family->client.spec.restart, RESTART_PERMANENT);
	assert_int_equal(family->client.spec.on_fault, ON_FAULT_EXIT);
	assert_int_equal(count_of(family, family->root).specs, 1);
}

/* It would stop being allowed although the new one does not name it. */
static void
s48_a_child_that_stays_must_fit_the_new_flags(void **state)
{
	struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	const struct child_spec other[] = { kid("b", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	kids[0].on_fault = ON_FAULT_RESUME;
	start(family, one_for_one, 1, kids);
	flags.strategy = STRATEGY_ONE_FOR_ALL;
	assert_int_equal(change(family, flags, 1, other), -EINVAL);
	assert_int_equal(count_of(family, family->root).specs, 1);
}

static void
s48_a_restarted_supervisor_begins_with_the_new_specification(void **state)
{
	const struct child_spec low[] = { kid("a", RESTART_PERMANENT) };
	const struct child_spec high[] = { sub("low", RESTART_PERMANENT) };
	static struct child_spec changed[1];
	static const struct supervisor_spec spec = { .name = "low",
		.flags = { .intensity = 1, .period_s = 5 },
		.count = 1,
		.children = changed };
	struct family_world *family = *state;
	struct pid low_pid;

	changed[0] = kid("b", RESTART_PERMANENT);
	assert_int_equal(define(family, "low", one_for_one, 1, low), 0);
	start(family, one_for_one, 1, high);
	low_pid = whereis(family, "low");
	assert_int_equal(supervisor_change(family->supervisors[0],
			     world_at(&family->world, low_pid), low_pid, &spec),
	    0);
	kill_pid(family, whereis(family, "low"));
	assert_true(is_up(family, "b"));
	assert_false(is_up(family, "a"));
}

static void
s48_while_it_is_busy_it_says_so(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	const struct child_request request = { .id = "a" };
	struct family_world *family = *state;

	start(family, one_for_one, 1, kids);
	tell(family, "a", BE_STUBBORN);
	send_request(family, family->root, EVENT_TERMINATE_CHILD, &request,
	    sizeof request);
	world_run(&family->world, 0);
	assert_int_equal(change(family, one_for_one, 1, kids), -EAGAIN);
	pass_s(family, 5);
	assert_int_equal(change(family, one_for_one, 1, kids), 0);
}

static void
s49_the_template_of_a_pool_is_replaced(void **state)
{
	struct child_spec template = member("a", RESTART_TEMPORARY);
	struct child_spec two[2] = { member("b", RESTART_TEMPORARY),
		member("c", RESTART_TEMPORARY) };
	struct family_world *family = *state;
	struct pid one;

	start(family, pool, 1, &template);
	one = add_member(family, family->root);
	assert_int_equal(change(family, pool, 2, two), -EINVAL);
	assert_int_equal(change(family, pool, 0, two), -EINVAL);
	assert_int_equal(change(family, one_for_one, 1, two), -EINVAL);
	(void)add_member(family, family->root);
	assert_string_equal(family->diary, "aa");
	assert_int_equal(change(family, pool, 1, two), 0);
	(void)add_member(family, family->root);
	assert_string_equal(family->diary, "aab");
	assert_true(lives(family, one));
	assert_int_equal(count_of(family, family->root).active, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(s48_r14_flags_and_specifications_change_in_place),
		TEST(s48_restarts_so_far_count_under_the_new_limit),
		TEST(
		    s48_r15_a_faulty_specification_leaves_everything_as_it_was),
		TEST(s48_a_child_that_stays_must_fit_the_new_flags),
		TEST(
		    s48_a_restarted_supervisor_begins_with_the_new_specification),
		TEST(s48_while_it_is_busy_it_says_so),
		TEST(s49_the_template_of_a_pool_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
