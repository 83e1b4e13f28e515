/* S12 to S16, S35, S41: how a supervisor ends its children. */
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
s12_a_child_that_ignores_shutdown_is_killed_after_its_time(void **state)
{
	struct family_world *family = *state;

	start(family, one_for_one, 3, three());
	watch(family, whereis(family, "b"), WATCH);
	tell(family, "b", BE_STUBBORN);
	exit_signal(family, family->root, REASON_SHUTDOWN);
	world_run(&family->world, 4999000);
	assert_true(lives(family, family->root));
	assert_string_equal(family->diary, "abcC");
	world_run(&family->world, 1000);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "abcCA"); /* b: killed */
	assert_int_equal(last_end(family), REASON_KILLED);
	assert_true(log_has(family, "top shutdown_error b"));
	assert_false(log_has(family, "top shutdown_error a"));
}

/* The shutdown cuts a terminate_child short: each gets its own time. */
static void
s12_a_shutdown_during_a_termination_kills_both(void **state)
{
	struct child_request request = { .key = 1, .id = "a" };
	struct family_world *family = *state;

	start(family, one_for_one, 3, three());
	tell(family, "a", BE_STUBBORN);
	tell(family, "b", BE_STUBBORN);
	send_request(family, family->root, EVENT_TERMINATE_CHILD, &request,
	    sizeof request);
	pass_s(family, 1);
	shut_down(family);
	pass_s(family, 5);
	assert_false(is_up(family, "b"));
	assert_true(is_up(family, "a"));
	pass_s(family, 5);
	assert_false(lives(family, family->root));
	assert_int_equal(family->client.answers, 0);
}

static void
start_pool(struct family_world *family, struct child_spec template,
    unsigned int members, struct pid *pids)
{
	unsigned int i;

	start(family, pool, 1, &template);
	for (i = 0; i < members; i++)
		pids[i] = add_member(family, family->root);
}

static void
s13_of_a_pool_only_the_stuck_one_is_killed(void **state)
{
	struct family_world *family = *state;
	const uint64_t key = 1; /* of a start that comes too late */
	struct pid pids[10];

	start_pool(family, member("a", RESTART_TEMPORARY), 10, pids);
	tell_pid(family, pids[4], BE_STUBBORN);
	watch(family, pids[4], WATCH);
	shut_down(family);
	assert_string_equal(family->diary, "aaaaaaaaaaAAAAAAAAA");
	send_request(family, family->root, EVENT_START_CHILD, &key, sizeof key);
	world_run(&family->world, 4999000);
	assert_true(lives(family, pids[4]));
	world_run(&family->world, 1000);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "aaaaaaaaaaAAAAAAAAA");
	assert_int_equal(last_end(family), REASON_KILLED);
	assert_true(log_has(family, "shutdown_error 1 of a killed"));
}

static void
s14_brutal_children_are_killed_without_grace(void **state)
{
	struct family_world *family = *state;
	struct child_spec kids[2] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };

	kids[1].shutdown_ms = SHUTDOWN_BRUTAL_KILL;
	start(family, one_for_one, 2, kids);
	watch(family, whereis(family, "b"), WATCH);
	tell(family, "b", BE_STUBBORN);
	shut_down(family);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "abA"); /* b: no terminate */
	assert_int_equal(last_end(family), REASON_KILLED);
	assert_false(log_has(family, "shutdown_error"));
}

static void
s14_a_brutal_pool_is_killed_without_grace(void **state)
{
	struct family_world *family = *state;
	struct child_spec template = member("a", RESTART_PERMANENT);
	struct pid pids[3];

	template.shutdown_ms = SHUTDOWN_BRUTAL_KILL;
	start_pool(family, template, 3, pids);
	tell_pid(family, pids[0], BE_STUBBORN);
	shut_down(family);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "aaa");
}

/*
 * While the supervisor waits for `f` in its shutdown, its other children die
 * of their own, each for another reason.
 */
static void
die_during_shutdown(
    struct family_world *family, enum restart_type type, const char *name)
{
	static const char *const ids[] = { "a", "b", "c", "d" };
	struct child_spec kids[5];
	size_t i;

	for (i = 0; i < 4; i++)
		kids[i] = kid(ids[i], type);
	kids[4] = kid("f", RESTART_PERMANENT);
	kids[4].shutdown_ms = SHUTDOWN_INFINITY;
	assert_int_equal(define(family, name, one_for_one, 5, kids), 0);
	start_root(family);
	tell(family, "f", BE_STUBBORN);
	shut_down(family);
	tell(family, "a", END_NORMAL);
	tell(family, "b", END_SHUTDOWN);
	tell(family, "c", END_ERROR);
	kill_pid(family, whereis(family, "d"));
	assert_true(lives(family, family->root));
	tell(family, "f", END_SHUTDOWN);
	assert_false(lives(family, family->root));
}

static void
s15_children_that_die_during_the_shutdown_keep_their_reason(void **state)
{
	struct family_world *family = *state;
	const uint64_t before = restarts(family);

	die_during_shutdown(family, RESTART_PERMANENT, "first");
	die_during_shutdown(family, RESTART_TRANSIENT, "second");
	die_during_shutdown(family, RESTART_TEMPORARY, "third");
	assert_int_equal(restarts(family), before);
	assert_true(log_has(family, "first shutdown_error a"));
	assert_false(log_has(family, "first shutdown_error b"));
	assert_true(log_has(family, "first shutdown_error c"));
	assert_true(log_has(family, "first shutdown_error d"));
	assert_false(log_has(family, "second shutdown_error a")); /* normal */
	assert_true(log_has(family, "second shutdown_error c"));
	assert_false(log_has(family, "third shutdown_error a"));
	assert_true(log_has(family, "third shutdown_error d"));
}

static void
s16_members_that_die_during_the_shutdown_keep_their_reason(void **state)
{
	struct family_world *family = *state;
	struct pid pids[6];
	unsigned int i;

	start_pool(family, member("a", RESTART_PERMANENT), 6, pids);
	for (i = 0; i < 6; i++)
		tell_pid(family, pids[i], BE_STUBBORN);
	shut_down(family);
	tell_pid(family, pids[0], END_NORMAL);
	tell_pid(family, pids[1], END_SHUTDOWN);
	tell_pid(family, pids[2], END_ERROR);
	tell_pid(family, pids[3], END_ERROR);
	kill_pid(family, pids[4]);
	assert_true(lives(family, family->root));
	tell_pid(family, pids[5], END_SHUTDOWN);
	assert_false(lives(family, family->root));
	assert_int_equal(restarts(family), 0);
	assert_true(log_has(family, "shutdown_error 1 of a normal"));
	assert_true(log_has(family, "shutdown_error 2 of a error 0"));
	assert_true(log_has(family, "shutdown_error 1 of a killed"));
	assert_false(log_has(family, "of a shutdown"));
}

static void
s35_a_pool_shuts_down_in_parallel(void **state)
{
	struct family_world *family = *state;
	struct child_spec template = member("a", RESTART_TEMPORARY);
	struct pid pids[20];
	unsigned int i;

	template.shutdown_ms = 2000;
	start_pool(family, template, 20, pids);
	for (i = 0; i < 20; i++)
		tell_pid(family, pids[i], BE_STUBBORN);
	exit_signal(family, family->root, REASON_SHUTDOWN);
	world_run(&family->world, 1999000);
	assert_int_equal(count_of(family, family->root).active, 20);
	world_run(&family->world, 1000); /* the longest, not the sum */
	assert_false(lives(family, family->root));
}

static void
s41_a_child_that_cuts_its_link_cannot_hang_the_supervisor(void **state)
{
	struct family_world *family = *state;
	struct pid a;

	start(family, one_for_one, 3, three());
	a = whereis(family, "a");
	assert_int_equal(process_post(world_at(&family->world, a), a,
			     UNLINK_PARENT, &family->root, sizeof family->root),
	    0);
	world_run(&family->world, 0);
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_OK);
	assert_false(lives(family, a));
	shut_down(family);
	assert_false(lives(family, family->root));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    s12_a_child_that_ignores_shutdown_is_killed_after_its_time),
		TEST(s12_a_shutdown_during_a_termination_kills_both),
		TEST(s13_of_a_pool_only_the_stuck_one_is_killed),
		TEST(s14_brutal_children_are_killed_without_grace),
		TEST(s14_a_brutal_pool_is_killed_without_grace),
		TEST(
		    s15_children_that_die_during_the_shutdown_keep_their_reason),
		TEST(
		    s16_members_that_die_during_the_shutdown_keep_their_reason),
		TEST(s35_a_pool_shuts_down_in_parallel),
		TEST(s41_a_child_that_cuts_its_link_cannot_hang_the_supervisor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
