/* S23, S28 to S32, S44: strategies for groups, and restarts that fail. */
#include "tests/conformance/family_world.h"

static const struct supervisor_flags one_for_all = {
	.strategy = STRATEGY_ONE_FOR_ALL, .intensity = 1, .period_s = 5
};
static const struct supervisor_flags rest_for_one = {
	.strategy = STRATEGY_REST_FOR_ONE, .intensity = 1, .period_s = 5
};

static const struct child_spec *
three(enum restart_type last)
{
	static struct child_spec kids[3];

	kids[0] = kid("a", RESTART_PERMANENT);
	kids[1] = kid("b", RESTART_PERMANENT);
	kids[2] = kid("c", last);
	return kids;
}

static void
s23_a_temporary_bystander_is_not_revived_and_burns_nothing(void **state)
{
	static const enum strategy strategies[] = { STRATEGY_ONE_FOR_ALL,
		STRATEGY_REST_FOR_ONE };
	struct family_world *family = *state;
	struct supervisor_flags flags = one_for_all;
	size_t i;

	for (i = 0; i < COUNT_OF(strategies); i++) {
		flags.strategy = strategies[i];
		assert_int_equal(define(family, i == 0 ? "first" : "second",
				     flags, 3, three(RESTART_TEMPORARY)),
		    0);
		start_root(family);
		tell(family, "b", END_ERROR);
		assert_true(lives(family, family->root));
		assert_true(is_up(family, "b"));
		assert_false(is_up(family, "c"));
		assert_null(entry_of(family, "c"));
		assert_int_equal(count_of(family, family->root).restarts, 1);
		shut_down(family);
	}
}

static void
s28_all_are_replaced_and_the_limit_counts_events(void **state)
{
	struct family_world *family = *state;
	struct pid a, b, c;

	start(family, one_for_all, 3, three(RESTART_PERMANENT));
	a = whereis(family, "a");
	b = whereis(family, "b");
	c = whereis(family, "c");
	tell(family, "b", END_ERROR);
	assert_string_equal(family->diary, "abcBCAabc");
	assert_false(lives(family, a) || lives(family, b) || lives(family, c));
	assert_true(
	    lives(family, family->root)); /* one event, three restarts */
	assert_int_equal(restarts(family), 1);
	tell(family, "c", END_ERROR);
	assert_false(lives(family, family->root));
}

static void
s29_a_member_that_cannot_be_restarted_brings_the_group_down(void **state)
{
	struct supervisor_flags flags = one_for_all;
	struct family_world *family = *state;

	flags.intensity = 4;
	plan(family, 'b', 2, ALWAYS, -EPERM);
	start(family, flags, 3, three(RESTART_PERMANENT));
	tell(family, "b", END_ERROR);
	assert_false(lives(family, family->root));
	assert_int_equal(starts(family, 'b'), 5);
	assert_false(is_up(family, "a") || is_up(family, "c"));
}

static void
s30_a_sibling_that_fails_takes_the_restarted_down_for_another_round(
    void **state)
{
	struct supervisor_flags flags = one_for_all;
	struct family_world *family = *state;

	flags.intensity = 3;
	plan(family, 'c', 2, 1, -EPERM);
	start(family, flags, 3, three(RESTART_PERMANENT));
	tell(family, "a", END_ERROR);
	assert_true(lives(family, family->root));
	assert_string_equal(family->diary, "abcACBabBAabc");
	assert_int_equal(restarts(family), 2);
}

static void
s31_the_earlier_stay_and_the_later_are_replaced(void **state)
{
	struct family_world *family = *state;
	struct pid a, b, c;

	start(family, rest_for_one, 3, three(RESTART_PERMANENT));
	a = whereis(family, "a");
	b = whereis(family, "b");
	c = whereis(family, "c");
	tell(family, "b", END_ERROR);
	assert_string_equal(family->diary, "abcBCbc");
	assert_true(pid_equal(whereis(family, "a"), a));
	assert_false(lives(family, b) || lives(family, c));
	tell(family, "c", END_ERROR);
	assert_false(lives(family, family->root));
}

static void
s32_the_retry_resumes_at_the_one_that_failed(void **state)
{
	struct supervisor_flags flags = rest_for_one;
	struct family_world *family = *state;

	flags.intensity = 3;
	plan(family, 'b', 2, 2, -EPERM);
	start(family, flags, 3, three(RESTART_PERMANENT));
	tell(family, "a", END_ERROR);
	assert_true(lives(family, family->root));
	assert_string_equal(family->diary, "abcACBabc");
	assert_int_equal(starts(family, 'a'), 2); /* left running */
	assert_int_equal(starts(family, 'b'), 4);
	assert_int_equal(restarts(family), 3);
}

static void
s32_a_member_that_cannot_be_restarted_escalates(void **state)
{
	struct supervisor_flags flags = rest_for_one;
	struct family_world *family = *state;

	flags.intensity = 4;
	plan(family, 'b', 2, ALWAYS, -EPERM);
	start(family, flags, 3, three(RESTART_PERMANENT));
	tell(family, "b", END_ERROR);
	assert_false(lives(family, family->root));
	assert_int_equal(starts(family, 'b'), 5);
}

/*
 * A child that never starts again, with room for very many tries: requests
 * come in between.
 */
static void
answers_in_a_loop(struct family_world *family, struct supervisor_flags flags)
{
	struct child_request request = { .key = 1, .id = "b" };
	const struct child_entry *entries = family->client.entries;

	flags.intensity = 10000;
	plan(family, 'b', 2, ALWAYS, -EPERM);
	start(family, flags, 3, three(RESTART_PERMANENT));
	world_post(&family->world, whereis(family, "b"), END_ERROR);
	send_request(family, family->root, EVENT_RESTART_CHILD, &request,
	    sizeof request);
	request.key = 2;
	send_request(
	    family, family->root, EVENT_DELETE_CHILD, &request, sizeof request);
	world_post(&family->world, whereis(family, "b"), END_ERROR);
	request.id[0] = '\0';
	request.key = 3;
	send_request(family, family->root, EVENT_WHICH_CHILDREN, &request,
	    sizeof request);
	strcpy(request.id, "b");
	request.key = 4;
	send_request(family, family->root, EVENT_TERMINATE_CHILD, &request,
	    sizeof request);
	world_run(&family->world, 0);
	assert_int_equal(family->client.answers, 4);
	assert_int_equal(family->client.listed, 3);
	assert_string_equal(entries[1].id, "b");
	assert_true(lives(family, family->root));
	assert_true(is_up(family, "a"));
	assert_false(is_up(family, "b"));
	assert_true(starts(family, 'b') < 10000);
	assert_int_equal(ask_top(family, EVENT_DELETE_CHILD, "b"),
	    SUPERVISOR_OK); /* its retries have ended */
	shut_down(family);
	assert_false(lives(family, family->root));
}

static void
s44_a_supervisor_in_a_restart_loop_still_answers(void **state)
{
	answers_in_a_loop(*state, one_for_one);
}

static void
s44_so_it_does_under_rest_for_one(void **state)
{
	answers_in_a_loop(*state, rest_for_one);
}

/* Each try is an event of its own, so a request may arrive after any. */
static void
s44_in_restart_it_says_restarting_and_refuses_what_otp_refuses(void **state)
{
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	flags.retry_ms = flags.retry_cap_ms = 60000;
	plan(family, 'b', 2, ALWAYS, -EPERM);
	start(family, flags, 3, three(RESTART_PERMANENT));
	tell(family, "b", END_ERROR);
	assert_true(entry_of(family, "b")->is_restarting);
	assert_true(pid_is_none(entry_of(family, "b")->pid));
	assert_int_equal(
	    ask_top(family, EVENT_RESTART_CHILD, "b"), SUPERVISOR_RESTARTING);
	assert_int_equal(
	    ask_top(family, EVENT_DELETE_CHILD, "b"), SUPERVISOR_RESTARTING);
	assert_int_equal(ask_start(family, kid("b", RESTART_PERMANENT)),
	    SUPERVISOR_ALREADY_PRESENT);
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "b"), SUPERVISOR_OK);
	assert_false(entry_of(family, "b")->is_restarting);
	pass_s(family, 100);
	assert_int_equal(starts(family, 'b'), 2); /* the retry is cancelled */
}

static void
s44_a_member_that_waits_for_its_next_try_can_be_ended(void **state)
{
	const struct child_spec template = member("b", RESTART_PERMANENT);
	struct supervisor_flags flags = pool;
	struct family_world *family = *state;
	struct child_entry entry = { .type = 0 };
	struct child_listing listing = { .entries = &entry, .max = 1 };
	const struct child *child;

	flags.retry_ms = flags.retry_cap_ms = 1000;
	plan(family, 'b', 2, ALWAYS, -EPERM);
	start(family, flags, 1, &template);
	tell_pid(family, add_member(family, family->root), END_ERROR);
	assert_int_equal(supervisor_which_children(
			     family->world.scheduler, family->root, &listing),
	    0);
	assert_int_equal(listing.count, 1);
	assert_true(entry.is_restarting);
	child = child_at(family->world.scheduler->store,
	    family_of(family->world.scheduler, family->root)->table.first);
	assert_int_equal(
	    ask(family, family->root, EVENT_TERMINATE_CHILD, "", child->pid),
	    SUPERVISOR_OK);
	assert_int_equal(count_of(family, family->root).workers, 0);
	pass_s(family, 10);
	assert_int_equal(starts(family, 'b'), 2);
}

static void
s44_a_pool_in_a_restart_loop_can_be_shut_down(void **state)
{
	const struct child_spec template = member("b", RESTART_PERMANENT);
	struct supervisor_flags flags = pool;
	struct family_world *family = *state;
	struct pid one;

	flags.intensity = 10000;
	plan(family, 'b', 2, ALWAYS, -EPERM);
	start(family, flags, 1, &template);
	one = add_member(family, family->root);
	world_post(&family->world, one, END_ERROR);
	exit_signal(family, family->root, REASON_SHUTDOWN);
	world_run(&family->world, 0);
	assert_false(lives(family, family->root));
	assert_true(starts(family, 'b') < 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    s23_a_temporary_bystander_is_not_revived_and_burns_nothing),
		TEST(s28_all_are_replaced_and_the_limit_counts_events),
		TEST(
		    s29_a_member_that_cannot_be_restarted_brings_the_group_down),
		TEST(
		    s30_a_sibling_that_fails_takes_the_restarted_down_for_another_round),
		TEST(s31_the_earlier_stay_and_the_later_are_replaced),
		TEST(s32_the_retry_resumes_at_the_one_that_failed),
		TEST(s32_a_member_that_cannot_be_restarted_escalates),
		TEST(s44_a_supervisor_in_a_restart_loop_still_answers),
		TEST(s44_so_it_does_under_rest_for_one),
		TEST(
		    s44_in_restart_it_says_restarting_and_refuses_what_otp_refuses),
		TEST(s44_a_member_that_waits_for_its_next_try_can_be_ended),
		TEST(s44_a_pool_in_a_restart_loop_can_be_shut_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
