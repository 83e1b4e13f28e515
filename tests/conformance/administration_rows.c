/* S17, S18, S43, S53: what may be asked of a supervisor. */
#include "tests/conformance/family_world.h"

static void
s17_the_life_of_a_child_with_the_exact_error_of_each_wrong_state(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	struct family_world *family = *state;
	struct pid before;

	start(family, one_for_one, 1, kids);
	before = whereis(family, "a");
	assert_int_equal(
	    ask_start(family, kids[0]), SUPERVISOR_ALREADY_STARTED);
	assert_true(pid_equal(family->client.reply.child, before));
	assert_int_equal(
	    ask_top(family, EVENT_RESTART_CHILD, "a"), SUPERVISOR_RUNNING);
	assert_int_equal(
	    ask_top(family, EVENT_DELETE_CHILD, "a"), SUPERVISOR_RUNNING);

	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_OK);
	assert_false(lives(family, before));
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_OK);
	assert_int_equal(
	    ask_start(family, kids[0]), SUPERVISOR_ALREADY_PRESENT);

	assert_int_equal(
	    ask_top(family, EVENT_RESTART_CHILD, "a"), SUPERVISOR_OK);
	assert_true(
	    pid_equal(family->client.reply.child, whereis(family, "a")));
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_OK);
	assert_int_equal(
	    ask_top(family, EVENT_DELETE_CHILD, "a"), SUPERVISOR_OK);
	assert_int_equal(
	    ask_top(family, EVENT_DELETE_CHILD, "a"), SUPERVISOR_NOT_FOUND);
	assert_int_equal(
	    ask_top(family, EVENT_RESTART_CHILD, "a"), SUPERVISOR_NOT_FOUND);
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_NOT_FOUND);
	assert_int_equal(ask_start(family, kids[0]), SUPERVISOR_OK);
	assert_int_equal(restarts(family), 0); /* none of it is counted */
}

static void
s17_a_terminated_temporary_child_keeps_no_specification(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_TEMPORARY) };
	struct family_world *family = *state;

	start(family, one_for_one, 1, kids);
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_OK);
	assert_int_equal(
	    ask_top(family, EVENT_RESTART_CHILD, "a"), SUPERVISOR_NOT_FOUND);
}

static void
s17_requests_wait_while_a_child_is_ended(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	struct child_request request = { .key = 1, .id = "b" };
	struct family_world *family = *state;

	start(family, one_for_one, 2, kids);
	tell(family, "b", BE_STUBBORN);
	send_request(family, family->root, EVENT_TERMINATE_CHILD, &request,
	    sizeof request);
	strcpy(request.id, "a");
	request.key = 2;
	send_request(family, family->root, EVENT_TERMINATE_CHILD, &request,
	    sizeof request);
	request.key = 3;
	send_request(family, family->root, EVENT_RESTART_CHILD, &request,
	    sizeof request);
	pass_s(family, 4);
	assert_int_equal(family->client.answers, 0);
	assert_int_equal(ask_top(family, EVENT_COUNT_CHILDREN, ""),
	    SUPERVISOR_OK); /* who only asks need not wait */
	pass_s(family, 1);
	assert_int_equal(family->client.answers, 4);
	assert_int_equal(family->client.reply.key, 3);
	assert_int_equal(family->client.reply.error, SUPERVISOR_OK);
	assert_string_equal(family->diary, "abAa");
}

static void
s17_a_request_that_is_none_is_refused_and_harms_nobody(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	struct family_world *family = *state;
	const uint8_t junk[MESSAGE_BODY] = { 0xff, 0xff, 0xff };
	uint16_t kind;

	start(family, one_for_one, 1, kids);
	send_request(
	    family, family->root, EVENT_START_CHILD, junk, sizeof junk);
	world_run(&family->world, 0);
	assert_int_equal(family->client.reply.error, SUPERVISOR_BAD_REQUEST);
	for (kind = 0; kind < EVENT_START % 64; kind++) /* the runtime's own */
		send_request(family, family->root, (uint16_t)(0xff00 + kind),
		    junk, sizeof junk);
	world_run(&family->world, 0);
	assert_true(lives(family, family->root)); /* otp.md 1.9 */
	assert_true(is_up(family, "a"));
	assert_int_equal(starts(family, 'a'), 1);
}

static void
s18_members_are_ended_by_pid_and_by_nothing_else(void **state)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	struct family_world *family = *state;
	struct pid pid, client = family->client.pid, top;

	start(family, pool, 1, &template);
	top = family->root;
	pid = add_member(family, top);
	assert_int_equal(
	    ask(family, top, EVENT_TERMINATE_CHILD, "", pid), SUPERVISOR_OK);
	assert_false(lives(family, pid));
	assert_int_equal(
	    ask(family, top, EVENT_TERMINATE_CHILD, "", pid), SUPERVISOR_OK);
	assert_int_equal(ask(family, top, EVENT_TERMINATE_CHILD, "", client),
	    SUPERVISOR_NOT_FOUND);
	assert_true(lives(family, client));
	assert_int_equal(ask(family, top, EVENT_RESTART_CHILD, "a", pid),
	    SUPERVISOR_SIMPLE_ONE_FOR_ONE);
	assert_int_equal(ask(family, top, EVENT_DELETE_CHILD, "a", pid),
	    SUPERVISOR_SIMPLE_ONE_FOR_ONE);
	assert_int_equal(count_of(family, top).workers, 0);
	assert_int_equal(restarts(family), 0);
}

static void
s18_a_stuck_member_is_killed_while_the_pool_goes_on(void **state)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	struct child_request request = { .key = 1 };
	struct family_world *family = *state;

	start(family, pool, 1, &template);
	request.child = add_member(family, family->root);
	tell_pid(family, request.child, BE_STUBBORN);
	send_request(family, family->root, EVENT_TERMINATE_CHILD, &request,
	    sizeof request);
	(void)add_member(family, family->root);
	assert_true(lives(family, request.child));
	pass_s(family, 5);
	assert_false(lives(family, request.child));
	assert_int_equal(family->client.reply.request, EVENT_TERMINATE_CHILD);
	assert_int_equal(count_of(family, family->root).active, 1);
}

static void
s43_counts_are_exact_with_two_thousand_children(void **state)
{
	struct family_world *family = *state;
	struct child_spec spec = member("a", RESTART_TEMPORARY);
	unsigned int i;

	start(family, one_for_one, 0, NULL);
	for (i = 0; i < 2000; i++) {
		(void)snprintf(spec.id, sizeof spec.id, "%u", i);
		spec.type = i % 4 == 0 ? CHILD_SUPERVISOR : CHILD_WORKER;
		send_start(family, family->root, &spec);
	}
	world_run(&family->world, 0);
	assert_int_equal(
	    ask_top(family, EVENT_COUNT_CHILDREN, ""), SUPERVISOR_OK);
	assert_int_equal(family->client.reply.specs, 2000);
	assert_int_equal(family->client.reply.active, 2000);
	assert_int_equal(family->client.reply.supervisors, 500);
	assert_int_equal(family->client.reply.workers, 1500);
	for (i = 0; i < 2000; i += 2) {
		(void)snprintf(spec.id, sizeof spec.id, "%u", i);
		assert_int_equal(
		    ask_top(family, EVENT_TERMINATE_CHILD, spec.id),
		    SUPERVISOR_OK);
	}
	assert_int_equal(count_of(family, family->root).specs, 1000);
	assert_int_equal(count_of(family, family->root).active, 1000);
}

static void
s43_who_is_in_restart_is_listed_and_not_active(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	flags.retry_ms = flags.retry_cap_ms = 1000; /* to be seen waiting */
	plan(family, 'a', 2, 1, -EPERM);
	start(family, flags, 2, kids);
	tell(family, "a", END_ERROR);
	assert_int_equal(count_of(family, family->root).active, 1);
	assert_int_equal(count_of(family, family->root).workers, 2);
	assert_true(entry_of(family, "a")->is_restarting);
	pass_s(family, 1);
	assert_int_equal(count_of(family, family->root).active, 2);
	assert_false(entry_of(family, "a")->is_restarting);
}

static void
s53_the_listing_is_newest_first_with_pid_and_type(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		sub("inner", RESTART_PERMANENT), kid("b", RESTART_TRANSIENT) };
	struct family_world *family = *state;
	const struct child_entry *entries = family->client.entries;

	assert_int_equal(define(family, "inner", one_for_one, 0, NULL), 0);
	start(family, one_for_one, 3, kids);
	tell(family, "b", END_NORMAL);
	assert_int_equal(
	    ask_top(family, EVENT_WHICH_CHILDREN, ""), SUPERVISOR_OK);
	assert_int_equal(family->client.listed, 3);
	assert_string_equal(entries[0].id, "b");
	assert_true(pid_is_none(entries[0].pid));
	assert_string_equal(entries[1].id, "inner");
	assert_int_equal(entries[1].type, CHILD_SUPERVISOR);
	assert_true(pid_equal(entries[1].pid, whereis(family, "inner")));
	assert_string_equal(entries[2].id, "a");
	assert_int_equal(entries[2].type, CHILD_WORKER);
	assert_true(pid_equal(entries[2].pid, whereis(family, "a")));

	assert_int_equal(
	    ask_top(family, EVENT_WHICH_CHILDREN, "b"), SUPERVISOR_OK);
	assert_int_equal(family->client.listed, 2); /* what comes after b */
	assert_int_equal(
	    ask_top(family, EVENT_WHICH_CHILDREN, "x"), SUPERVISOR_NOT_FOUND);
}

static void
lists_a_pool(
    struct family_world *family, const char *name, enum restart_type restart)
{
	const struct child_spec template = member("a", restart);
	unsigned int i, seen = 0;
	struct pid after = PID_NONE, newest = PID_NONE;

	assert_int_equal(define(family, name, pool, 1, &template), 0);
	start_root(family);
	for (i = 0; i < CHILD_ENTRIES + 10; i++)
		newest = add_member(family, family->root);
	do {
		assert_int_equal(
		    ask(family, family->root, EVENT_WHICH_CHILDREN, "", after),
		    SUPERVISOR_OK);
		if (seen == 0)
			assert_true(
			    pid_equal(family->client.entries[0].pid, newest));
		seen += family->client.listed;
		after = family->client.entries[family->client.listed - 1].pid;
	} while (family->client.listed == CHILD_ENTRIES);
	assert_int_equal(seen, CHILD_ENTRIES + 10);
}

static void
s53_the_listing_of_a_pool_comes_in_pages(void **state)
{
	lists_a_pool(*state, "plain", RESTART_TEMPORARY);
	lists_a_pool(*state, "kept", RESTART_PERMANENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    s17_the_life_of_a_child_with_the_exact_error_of_each_wrong_state),
		TEST(s17_a_terminated_temporary_child_keeps_no_specification),
		TEST(s17_requests_wait_while_a_child_is_ended),
		TEST(s17_a_request_that_is_none_is_refused_and_harms_nobody),
		TEST(s18_members_are_ended_by_pid_and_by_nothing_else),
		TEST(s18_a_stuck_member_is_killed_while_the_pool_goes_on),
		TEST(s43_counts_are_exact_with_two_thousand_children),
		TEST(s43_who_is_in_restart_is_listed_and_not_active),
		TEST(s53_the_listing_is_newest_first_with_pid_and_type),
		TEST(s53_the_listing_of_a_pool_comes_in_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
