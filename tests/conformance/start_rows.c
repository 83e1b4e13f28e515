/* S1 to S11, S24, S38, S46, S47: how a supervisor and its children start. */
#include "tests/conformance/family_world.h"

static void
s1_a_supervisor_starts_and_ends_with_the_reason_of_its_shutdown(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	struct family_world *family = *state;

	start(family, one_for_one, 1, kids);
	assert_true(lives(family, family->root));
	assert_true(is_up(family, "a"));
	watch(family, family->root, WATCH);
	shut_down(family);
	assert_false(lives(family, family->root));
	assert_false(is_up(family, "a"));
	assert_int_equal(last_end(family), REASON_SHUTDOWN);
}

static void
s3_a_permanent_child_that_ignores_is_listed_and_harms_nobody(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	struct family_world *family = *state;

	plan(family, 'a', 1, ALWAYS, INIT_IGNORE);
	start(family, one_for_one, 2, kids);
	assert_true(lives(family, family->root));
	assert_string_equal(family->diary, "b");
	assert_true(pid_is_none(entry_of(family, "a")->pid));
	assert_false(entry_of(family, "a")->is_restarting);
	assert_int_equal(
	    ask_top(family, EVENT_COUNT_CHILDREN, ""), SUPERVISOR_OK);
	assert_int_equal(family->client.reply.specs, 2);
	assert_int_equal(family->client.reply.active, 1);
	assert_int_equal(family->client.reply.workers, 2);
}

static void
s4_a_temporary_child_that_ignores_leaves_no_trace(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_TEMPORARY),
		kid("b", RESTART_PERMANENT) };
	struct family_world *family = *state;

	plan(family, 'a', 1, ALWAYS, INIT_IGNORE);
	plan(family, 'c', 1, ALWAYS, INIT_IGNORE);
	start(family, one_for_one, 2, kids);
	assert_null(entry_of(family, "a"));
	assert_int_equal(
	    ask_start(family, kid("c", RESTART_TEMPORARY)), SUPERVISOR_OK);
	assert_true(pid_is_none(family->client.reply.child));
	assert_null(entry_of(family, "c"));
	assert_int_equal(count_of(family, family->root).specs, 1);
}

static void
s4_a_member_of_a_pool_that_ignores_leaves_no_trace(void **state)
{
	static const enum restart_type types[] = { RESTART_PERMANENT,
		RESTART_TEMPORARY };
	struct family_world *family = *state;
	struct child_spec template;
	size_t i;

	plan(family, 'a', 1, ALWAYS, INIT_IGNORE);
	for (i = 0; i < COUNT_OF(types); i++) {
		template = member("a", types[i]);
		assert_int_equal(
		    define(family, i == 0 ? "one" : "two", pool, 1, &template),
		    0);
		start_root(family);
		assert_int_equal(
		    ask_member(family, family->root), SUPERVISOR_OK);
		assert_true(pid_is_none(family->client.reply.child));
		assert_int_equal(count_of(family, family->root).workers, 0);
	}
}

static void
s5_a_child_that_fails_to_start_takes_the_started_ones_down(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_TRANSIENT), kid("c", RESTART_TEMPORARY) };
	struct family_world *family = *state;
	unsigned int before;

	plan(family, 'c', 1, ALWAYS, -EPERM);
	assert_int_equal(define(family, "top", one_for_one, 3, kids), 0);
	before = (unsigned int)scheduler_sum(family->world.scheduler).exited;
	assert_int_equal(supervisor_start_root(
			     family->world.scheduler, "top", &family->root),
	    0);
	process_post(family->world.scheduler, family->client.pid, WATCH,
	    &family->root, sizeof family->root);
	world_run(&family->world, 0);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "abBA");
	assert_int_equal(family->client.ends, 1);
	assert_int_equal(family->client.ended[0].kind, REASON_ERROR);
	assert_int_equal(family->client.ended[0].number, EPERM);
	assert_int_equal(
	    scheduler_sum(family->world.scheduler).exited - before, 4);
}

static void
s5_a_behaviour_that_nobody_knows_is_a_start_error(void **state)
{
	const struct child_spec kids[] = { kid("nobody", RESTART_PERMANENT) };
	struct family_world *family = *state;

	start(family, one_for_one, 1, kids);
	assert_false(lives(family, family->root));
	assert_true(log_has(family, "start_error nobody"));
}

static void
s6_a_failed_start_child_is_told_and_keeps_no_specification(void **state)
{
	struct family_world *family = *state;

	plan(family, 'a', 1, 1, -EACCES);
	start(family, one_for_one, 0, NULL);
	assert_int_equal(ask_start(family, kid("a", RESTART_PERMANENT)),
	    SUPERVISOR_START_FAILED);
	assert_int_equal(family->client.reply.key, 78);
	assert_int_equal(family->client.reply.reason.kind, REASON_ERROR);
	assert_int_equal(family->client.reply.reason.number, EACCES);
	assert_int_equal(count_of(family, family->root).specs, 0);
	assert_int_equal(
	    ask_start(family, kid("a", RESTART_PERMANENT)), SUPERVISOR_OK);
	assert_true(
	    pid_equal(family->client.reply.child, whereis(family, "a")));
}

static void
s7_a_failed_restart_child_leaves_the_child_listed_as_stopped(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT) };
	struct family_world *family = *state;

	plan(family, 'a', 2, 1, -EACCES);
	start(family, one_for_one, 1, kids);
	assert_int_equal(
	    ask_top(family, EVENT_TERMINATE_CHILD, "a"), SUPERVISOR_OK);
	assert_int_equal(
	    ask_top(family, EVENT_RESTART_CHILD, "a"), SUPERVISOR_START_FAILED);
	assert_non_null(entry_of(family, "a"));
	assert_true(pid_is_none(entry_of(family, "a")->pid));
	assert_false(entry_of(family, "a")->is_restarting);
	assert_int_equal(
	    ask_top(family, EVENT_RESTART_CHILD, "a"), SUPERVISOR_OK);
}

static void
s8_every_default_is_seen_on_reading_a_specification_back(void **state)
{
	struct family_world *family = *state;
	struct child_spec template = { .id = "x", .behaviour = "a" };

	assert_int_equal(define(family, "inner", one_for_one, 0, NULL), 0);
	start(family, one_for_one, 0, NULL);
	assert_int_equal(
	    ask_start(
		family, (struct child_spec){ .id = "w", .behaviour = "a" }),
	    SUPERVISOR_OK);
	assert_int_equal(
	    ask_start(family, sub("inner", RESTART_PERMANENT)), SUPERVISOR_OK);
	assert_int_equal(
	    ask_top(family, EVENT_GET_CHILDSPEC, "w"), SUPERVISOR_OK);
	assert_int_equal(family->client.spec.restart, RESTART_PERMANENT);
	assert_int_equal(family->client.spec.shutdown_ms, 5000);
	assert_int_equal(family->client.spec.type, CHILD_WORKER);
	assert_int_equal(family->client.spec.on_fault, ON_FAULT_EXIT);
	assert_false(family->client.spec.is_significant);
	assert_int_equal(
	    ask_top(family, EVENT_GET_CHILDSPEC, "inner"), SUPERVISOR_OK);
	assert_int_equal(family->client.spec.shutdown_ms, SHUTDOWN_INFINITY);
	assert_int_equal(
	    ask_top(family, EVENT_GET_CHILDSPEC, "no"), SUPERVISOR_NOT_FOUND);

	assert_int_equal(define(family, "pool", pool, 1, &template), 0);
	start_root(family);
	assert_int_equal(
	    ask_top(family, EVENT_GET_CHILDSPEC, ""), SUPERVISOR_OK);
	assert_string_equal(family->client.spec.id, "x");
	assert_int_equal(family->client.spec.shutdown_ms, 5000);
}

/* A sound specification with one field spoilt, and what is said of it. */
struct spoilt {
	struct child_spec spec;
	enum supervisor_error error;
};

static void
s9_every_malformed_child_specification_is_refused_by_name(void **state)
{
	struct family_world *family = *state;
	const struct child_spec good = kid("a", RESTART_TRANSIENT);
	struct spoilt cases[14];
	size_t i;

	for (i = 0; i < COUNT_OF(cases); i++)
		cases[i].spec = good;
	cases[0].spec.id[0] = '\0';
	cases[0].error = SUPERVISOR_INVALID_CHILD_ID;
	memset(cases[1].spec.id, 'x', sizeof cases[1].spec.id);
	cases[1].error = SUPERVISOR_INVALID_CHILD_ID;
	cases[2].spec.behaviour[0] = '\0';
	cases[2].error = SUPERVISOR_INVALID_BEHAVIOUR;
	cases[3].spec.restart = (enum restart_type)3;
	cases[3].error = SUPERVISOR_INVALID_RESTART_TYPE;
	cases[4].spec.type = (enum child_type)2;
	cases[4].error = SUPERVISOR_INVALID_CHILD_TYPE;
	cases[5].spec.shutdown_ms = -3;
	cases[5].error = SUPERVISOR_INVALID_SHUTDOWN;
	cases[6].spec.on_fault = (enum on_fault)2;
	cases[6].error = SUPERVISOR_INVALID_ON_FAULT;
	memset(&cases[7].spec.traps_exit, 7, 1);
	cases[7].error = SUPERVISOR_INVALID_FLAG;
	cases[8].spec.is_significant = true; /* auto_shutdown is never */
	cases[8].error = SUPERVISOR_BAD_COMBINATION;
	memset(cases[9].spec.behaviour, 'x', sizeof cases[9].spec.behaviour);
	cases[9].error = SUPERVISOR_INVALID_BEHAVIOUR;
	cases[10].spec.scheduler = SCHEDULERS_MAX;
	cases[10].error = SUPERVISOR_INVALID_SCHEDULER;
	memset(&cases[11].spec.is_registered, 2, 1);
	cases[11].error = SUPERVISOR_INVALID_FLAG;
	memset(&cases[12].spec.is_significant, 255, 1);
	cases[12].error = SUPERVISOR_INVALID_FLAG;
	cases[13].spec.restart = (enum restart_type) - 1;
	cases[13].error = SUPERVISOR_INVALID_RESTART_TYPE;
	start(family, one_for_one, 0, NULL);
	for (i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(child_spec_check(&cases[i].spec, &one_for_one),
		    cases[i].error);
		assert_int_equal(
		    ask_start(family, cases[i].spec), cases[i].error);
		assert_int_equal(
		    define(family, "bad", one_for_one, 1, &cases[i].spec),
		    -EINVAL);
	}
	assert_int_equal(count_of(family, family->root).specs, 0);
	assert_int_equal(child_spec_check(&good, &one_for_one), SUPERVISOR_OK);
}

static void
s9_a_doubled_id_is_refused(void **state)
{
	struct family_world *family = *state;
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT), kid("a", RESTART_PERMANENT) };
	const struct supervisor_spec spec = { .name = "top",
		.flags = one_for_one,
		.count = 3,
		.children = kids };

	assert_int_equal(define(family, "top", one_for_one, 3, kids), -EINVAL);
	assert_int_equal(
	    supervisor_spec_check(&spec), SUPERVISOR_DUPLICATE_CHILD_NAME);
	assert_string_equal(
	    supervisor_error_text(SUPERVISOR_DUPLICATE_CHILD_NAME),
	    "duplicate child name");
}

static void
s9_a_pool_has_no_child_with_a_name_or_a_scheduler_of_its_own(void **state)
{
	struct family_world *family = *state;
	struct child_spec template = member("a", RESTART_TEMPORARY);

	assert_int_equal(child_spec_check(&template, &pool), SUPERVISOR_OK);
	template.scheduler = 1;
	assert_int_equal(
	    child_spec_check(&template, &pool), SUPERVISOR_BAD_COMBINATION);
	assert_int_equal(define(family, "top", pool, 1, &template), -EINVAL);
	template = member("a", RESTART_TEMPORARY);
	template.is_registered = true;
	assert_int_equal(
	    child_spec_check(&template, &pool), SUPERVISOR_BAD_COMBINATION);
	assert_int_equal(define(family, "top", pool, 1, &template), -EINVAL);
}

/* Whether there is that scheduler is known where the child is to start. */
static void
s9_a_scheduler_that_is_not_there_is_a_start_error(void **state)
{
	struct family_world *family = *state;
	struct child_spec spec = kid("a", RESTART_PERMANENT);

	spec.scheduler = FAMILY_SCHEDULERS;
	start(family, one_for_one, 0, NULL);
	assert_int_equal(ask_start(family, spec), SUPERVISOR_START_FAILED);
	assert_int_equal(family->client.reply.reason.number, EINVAL);
	assert_int_equal(count_of(family, family->root).specs, 0);
	assert_false(is_up(family, "a"));
	assert_int_equal(
	    ask_start(family, kid("a", RESTART_PERMANENT)), SUPERVISOR_OK);
}

static void
s9_resume_is_refused_where_a_group_would_miss_the_fault(void **state)
{
	struct family_world *family = *state;
	struct supervisor_flags flags = one_for_one;
	struct child_spec spec = kid("a", RESTART_PERMANENT);

	spec.on_fault = ON_FAULT_RESUME;
	assert_int_equal(child_spec_check(&spec, &flags), SUPERVISOR_OK);
	flags.strategy = STRATEGY_ONE_FOR_ALL;
	assert_int_equal(
	    child_spec_check(&spec, &flags), SUPERVISOR_BAD_COMBINATION);
	flags.strategy = STRATEGY_REST_FOR_ONE;
	assert_int_equal(
	    child_spec_check(&spec, &flags), SUPERVISOR_BAD_COMBINATION);
	assert_int_equal(define(family, "top", flags, 1, &spec), -EINVAL);
}

static void
refuses(struct family_world *family, struct supervisor_flags flags,
    enum supervisor_error error)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	const struct supervisor_spec spec = {
		.name = "top", .flags = flags, .count = 1, .children = &template
	};

	assert_int_equal(supervisor_spec_check(&spec), error);
	assert_int_equal(define(family, "top", flags, 1, &template), -EINVAL);
}

static void
s10_bad_flags_are_refused_by_name(void **state)
{
	struct family_world *family = *state;
	struct supervisor_flags flags = one_for_one;

	flags.strategy = (enum strategy)4;
	refuses(family, flags, SUPERVISOR_INVALID_STRATEGY);
	flags = one_for_one;
	flags.intensity = INTENSITY_MAX + 1;
	refuses(family, flags, SUPERVISOR_INVALID_INTENSITY);
	flags = one_for_one;
	flags.period_s = 0;
	refuses(family, flags, SUPERVISOR_INVALID_PERIOD);
	flags = one_for_one;
	flags.auto_shutdown = (enum auto_shutdown)3;
	refuses(family, flags, SUPERVISOR_INVALID_AUTO_SHUTDOWN);
	flags = pool;
	flags.auto_shutdown = AUTO_SHUTDOWN_ANY_SIGNIFICANT;
	refuses(family, flags, SUPERVISOR_INVALID_AUTO_SHUTDOWN);
	flags = one_for_one;
	flags.orphans = ORPHANS_ADOPT;
	refuses(family, flags, SUPERVISOR_INVALID_ORPHANS);
	flags = one_for_one;
	flags.limit_is_per_child = true;
	refuses(family, flags, SUPERVISOR_INVALID_LIMIT);
	flags = one_for_one;
	flags.retry_ms = 10;
	refuses(family, flags, SUPERVISOR_INVALID_RETRY);
	assert_int_equal(
	    define(family, "top", pool, 0, NULL), -EINVAL); /* no template */
	assert_int_equal(define(family, "", one_for_one, 0, NULL), -EINVAL);
	assert_int_equal(define(family, "a name that is longer than 31 bytes",
			     one_for_one, 0, NULL),
	    -EINVAL);
}

static void
s11_an_infinite_shutdown_is_allowed_for_both_types(void **state)
{
	struct child_spec kids[] = { sub("inner", RESTART_PERMANENT),
		kid("a", RESTART_PERMANENT) };
	struct family_world *family = *state;

	kids[1].shutdown_ms = SHUTDOWN_INFINITY;
	assert_int_equal(define(family, "inner", one_for_one, 0, NULL), 0);
	start(family, one_for_one, 2, kids);
	tell(family, "a", BE_STUBBORN);
	shut_down(family);
	pass_s(family, 1000000);
	assert_true(is_up(family, "a"));
	tell(family, "a", END_NORMAL);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "aA");
}

static void
s24_a_start_failure_deep_down_reaches_the_top_with_its_cause(void **state)
{
	const struct child_spec low[] = { kid("a", RESTART_PERMANENT) };
	const struct child_spec middle[] = { kid("b", RESTART_PERMANENT),
		sub("low", RESTART_PERMANENT) };
	const struct child_spec high[] = { kid("c", RESTART_PERMANENT),
		sub("middle", RESTART_PERMANENT) };
	struct family_world *family = *state;

	plan(family, 'a', 1, ALWAYS, -ECONNREFUSED);
	assert_int_equal(define(family, "low", one_for_one, 1, low), 0);
	assert_int_equal(define(family, "middle", one_for_one, 2, middle), 0);
	assert_int_equal(define(family, "top", one_for_one, 2, high), 0);
	assert_int_equal(supervisor_start_root(
			     family->world.scheduler, "top", &family->root),
	    0);
	watch(family, family->root, WATCH);
	assert_false(lives(family, family->root));
	assert_string_equal(family->diary, "cbBC");
	assert_int_equal(last_end(family), REASON_ERROR);
	assert_int_equal(family->client.ended[0].number, ECONNREFUSED);
	assert_int_equal(restarts(family), 0);
}

static void
s38_the_id_of_a_temporary_child_is_free_as_soon_as_it_has_ended(void **state)
{
	struct family_world *family = *state;
	int i;

	start(family, one_for_one, 0, NULL);
	for (i = 0; i < 3; i++) {
		assert_int_equal(ask_start(family, kid("a", RESTART_TEMPORARY)),
		    SUPERVISOR_OK);
		tell(family, "a", END_ERROR);
		assert_int_equal(count_of(family, family->root).specs, 0);
	}
}

static void
s46_children_start_left_to_right_and_stop_right_to_left(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_TRANSIENT), kid("c", RESTART_TEMPORARY) };
	struct family_world *family = *state;

	start(family, one_for_one, 3, kids);
	assert_int_equal(
	    ask_start(family, kid("d", RESTART_PERMANENT)), SUPERVISOR_OK);
	assert_string_equal(family->diary, "abcd");
	shut_down(family);
	assert_string_equal(family->diary, "abcdDCBA");
}

static void
s47_a_name_that_is_taken_is_told_and_its_bearer_untouched(void **state)
{
	struct family_world *family = *state;
	const struct spawn spawn = {
		.behaviour = behaviour_current(
		    scheduler_behaviours(family->world.scheduler), "a"),
		.name = "a"
	};
	struct pid foreigner;

	assert_int_equal(
	    process_spawn(family->world.scheduler, &spawn, &foreigner), 0);
	start(family, one_for_one, 0, NULL);
	assert_int_equal(ask_start(family, kid("a", RESTART_PERMANENT)),
	    SUPERVISOR_START_FAILED);
	assert_int_equal(family->client.reply.reason.number, EEXIST);
	assert_true(pid_equal(whereis(family, "a"), foreigner));
	assert_int_equal(count_of(family, family->root).specs, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    s1_a_supervisor_starts_and_ends_with_the_reason_of_its_shutdown),
		TEST(
		    s3_a_permanent_child_that_ignores_is_listed_and_harms_nobody),
		TEST(s4_a_temporary_child_that_ignores_leaves_no_trace),
		TEST(s4_a_member_of_a_pool_that_ignores_leaves_no_trace),
		TEST(
		    s5_a_child_that_fails_to_start_takes_the_started_ones_down),
		TEST(s5_a_behaviour_that_nobody_knows_is_a_start_error),
		TEST(
		    s6_a_failed_start_child_is_told_and_keeps_no_specification),
		TEST(
		    s7_a_failed_restart_child_leaves_the_child_listed_as_stopped),
		TEST(s8_every_default_is_seen_on_reading_a_specification_back),
		TEST(s9_every_malformed_child_specification_is_refused_by_name),
		TEST(s9_a_doubled_id_is_refused),
		TEST(
		    s9_a_pool_has_no_child_with_a_name_or_a_scheduler_of_its_own),
		TEST(s9_a_scheduler_that_is_not_there_is_a_start_error),
		TEST(s9_resume_is_refused_where_a_group_would_miss_the_fault),
		TEST(s10_bad_flags_are_refused_by_name),
		TEST(s11_an_infinite_shutdown_is_allowed_for_both_types),
		TEST(
		    s24_a_start_failure_deep_down_reaches_the_top_with_its_cause),
		TEST(
		    s38_the_id_of_a_temporary_child_is_free_as_soon_as_it_has_ended),
		TEST(s46_children_start_left_to_right_and_stop_right_to_left),
		TEST(s47_a_name_that_is_taken_is_told_and_its_bearer_untouched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
