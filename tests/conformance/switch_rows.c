/*
 * N1 to N5, N11 to N13, N15: what the switch was asked to do, of the runtime.
 * N12's other half, a version that is taken back, belongs to upgrades.
 */
#include "tests/conformance/family_world.h"

#include "calls/exchange/measurement.h"
#include "calls/exchange/office.h"
#include "sim/tree.h"
#include "switch/alarm.h"
#include "switch/record.h"

/*--------------------------------------------------------------------
 * A module, contained: it counts, and crashes when it is told to
 */

enum { PLEASE_COUNT = 1, PLEASE_CRASH, PLEASE_ANSWER };

struct call {
	uint64_t counted, resumed;
};

enum { CRASH_AT_START = 0xdead };

static int
call_init(struct self *self, void *state, const struct message *start)
{
	struct call *call = state;
	uint64_t key = 0;

	(void)self;
	memcpy(&key, start->body.bytes, sizeof key);
	if (key == CRASH_AT_START)
		*(volatile int *)(uintptr_t)call->counted = 1;
	return 0;
}

static void
call_handle(struct self *self, void *state, const struct message *event)
{
	struct call *call = state;

	switch (event->kind) {
	case PLEASE_COUNT:
		call->counted++;
		break;
	case PLEASE_CRASH:
		call->counted += 1000; /* to be seen undone */
		*(volatile int *)(uintptr_t)(call->counted >> 63) = 1;
		break;
	case PLEASE_ANSWER:
		(void)process_send(self, event->from, EVENT_SUPERVISOR_REPLY,
		    event->body.bytes, event->length);
		break;
	case EVENT_FAULTED:
		call->resumed++;
		break;
	default:
		break;
	}
}

static void
call_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	(void)reason;
}

static const struct module call_module = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "call",
	.version = "1",
	.schema = { .size = sizeof(struct call) },
	.init = call_init,
	.handle = call_handle,
	.terminate = call_terminate };

static struct call
call_of(struct family_world *family, struct pid pid)
{
	struct call call;

	memcpy(&call, world_info(&family->world, pid).state, sizeof call);
	return call;
}

/*--------------------------------------------------------------------
 * The tree
 */

static unsigned int
processes(struct family_world *family)
{
	unsigned int count = 0;
	uint32_t cursor = 0;
	struct pid pid;

	while (process_next(family->world.scheduler, &cursor, &pid))
		count++;
	return count;
}

static void
n1_five_supervisors_with_two_workers_each_are_fifteen_processes(void **state)
{
	static const char *const names[] = { "s1", "s2", "s3", "s4" };
	const struct child_spec pair[] = { member("a", RESTART_PERMANENT),
		member("b", RESTART_PERMANENT) };
	struct child_spec all[6] = { pair[0], pair[1] };
	struct family_world *family = *state;
	unsigned int before = processes(family), i;

	for (i = 0; i < 4; i++) {
		assert_int_equal(
		    define(family, names[i], one_for_one, 2, pair), 0);
		all[2 + i] = sub(names[i], RESTART_PERMANENT);
	}
	start(family, one_for_one, 6, all);
	assert_int_equal(processes(family) - before, 15);
	assert_int_equal(count_of(family, family->root).active, 6);
	for (i = 0; i < 4; i++)
		assert_int_equal(
		    count_of(family, whereis(family, names[i])).active, 2);
}

static void
n2_a_child_is_any_kind_of_process_or_a_tree_of_its_own(void **state)
{
	const struct child_spec template = member("call", RESTART_TEMPORARY);
	const struct child_spec readers[] = { kid("b", RESTART_PERMANENT),
		kid("c", RESTART_PERMANENT) };
	const struct child_spec high[] = { kid("a", RESTART_PERMANENT),
		sub("readers", RESTART_PERMANENT),
		sub("calls", RESTART_PERMANENT),
		kid("call", RESTART_PERMANENT) };
	struct family_world *family = *state;

	(void)world_add(&family->world, &call_module);
	assert_int_equal(define(family, "readers", one_for_one, 2, readers), 0);
	assert_int_equal(define(family, "calls", pool, 1, &template), 0);
	start(family, one_for_one, 4, high);
	(void)add_member(family, whereis(family, "calls"));
	assert_true(is_up(family, "a"));    /* a native */
	assert_true(is_up(family, "call")); /* a module */
	assert_int_equal(
	    count_of(family, whereis(family, "readers")).active, 2);
	assert_int_equal(count_of(family, whereis(family, "calls")).active, 1);
}

static void
n3_only_the_process_that_fails_dies_and_its_supervisor_decides(void **state)
{
	const struct child_spec kids[] = { kid("call", RESTART_PERMANENT),
		kid("a", RESTART_PERMANENT), kid("b", RESTART_TEMPORARY) };
	struct family_world *family = *state;
	struct pid a, b, call;

	(void)world_add(&family->world, &call_module);
	start(family, one_for_one, 3, kids);
	a = whereis(family, "a");
	b = whereis(family, "b");
	call = whereis(family, "call");
	watch(family, call, WATCH);
	tell(family, "call", PLEASE_CRASH);
	assert_false(lives(family, call));
	assert_true(is_up(family, "call"));
	assert_true(lives(family, a));
	assert_true(lives(family, b));
	assert_int_equal(last_end(family), REASON_FAULT);
	assert_true(
	    log_has(family, "top child_terminated call")); /* told, with it */
	assert_true(log_has(family, "SIGSEGV"));
	tell(family, "b", END_ERROR);
	assert_false(is_up(family, "b")); /* as configured */
}

/* `count` crashes within the period of a worker under three levels. */
static void
crash(struct family_world *family, unsigned int count)
{
	while (count-- > 0)
		tell(family, "a", END_ERROR);
}

static void
n4_it_climbs_to_the_top_at_exactly_the_configured_count(void **state)
{
	const struct child_spec low[] = { kid("a", RESTART_PERMANENT) };
	const struct child_spec middle[] = { sub("low", RESTART_PERMANENT) };
	const struct child_spec high[] = { sub("middle", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	flags.intensity = 2;
	assert_int_equal(define(family, "low", flags, 1, low), 0);
	assert_int_equal(define(family, "middle", flags, 1, middle), 0);
	start(family, flags, 1, high);
	crash(family, 2);
	pass_s(family, 6); /* never before: two, and two again */
	crash(family, 2);
	assert_int_equal(starts(family, 'a'), 5);
	assert_int_equal(count_of(family, whereis(family, "low")).restarts, 4);
	pass_s(family, 6);
	crash(family, 3); /* the third: low fails, middle starts it anew */
	assert_int_equal(count_of(family, whereis(family, "low")).restarts, 0);
	assert_int_equal(
	    count_of(family, whereis(family, "middle")).restarts, 1);
	crash(family, 5); /* low twice more: middle fails */
	assert_int_equal(
	    count_of(family, whereis(family, "middle")).restarts, 2);
	crash(family, 1);
	assert_int_equal(
	    count_of(family, whereis(family, "middle")).restarts, 0);
	assert_int_equal(count_of(family, family->root).restarts, 1);
	crash(family, 3 * 3 + 3 * 3 - 1);
	assert_true(lives(family, family->root));
	crash(family, 1);
	assert_false(lives(family, family->root));
	assert_false(is_up(family, "a"));
}

/*--------------------------------------------------------------------
 * The tree of the program (sim/tree.c), with toys as its workers
 */

static void
add_as(struct family_world *family, unsigned int i, const char *name)
{
	static struct module modules[LETTERS];
	struct letter *letter = &family->letters[i];
	uint16_t id;

	modules[i] = letter->module;
	modules[i].name = name;
	assert_int_equal(
	    behaviours_add_native(scheduler_behaviours(family->world.scheduler),
		&modules[i], letter, &id),
	    0);
}

static unsigned int
without_supervisor(struct family_world *family)
{
	unsigned int count = 0;
	uint32_t cursor = 0;
	struct pid pid, above;

	while (process_next(family->world.scheduler, &cursor, &pid)) {
		above = world_info(&family->world, pid).supervisor;
		if (!pid_equal(pid, family->root) &&
		    !pid_equal(pid, family->client.pid))
			count += !lives(family, above);
	}
	return count;
}

static void
expect_whole_tree(struct family_world *family, struct pid call)
{
	static const char *const names[] = { "database", "recorder",
		MEASUREMENT_PROCESS, OFFICE_PROCESS, OFFICE_POOL, "upgrade",
		"release_handler" };
	size_t i;

	assert_true(lives(family, family->root));
	for (i = 0; i < COUNT_OF(names); i++)
		assert_true(is_up(family, names[i]));
	assert_int_equal(without_supervisor(family), 0);
	assert_true(lives(family, call));
}

static void
n5_any_supervisor_is_killed_and_the_rest_stays_supervised(void **state)
{
	static const char *const supervisors[] = { "database", OFFICE_POOL,
		"upgrade" };
	struct family_world *family = *state;
	struct tree *tree;
	struct pid call;
	size_t i;

	add_as(family, 0, "recorder");
	add_as(family, 1, "release_handler");
	add_as(family, 2, OFFICE_PROCESS);
	add_as(family, 3, MEASUREMENT_PROCESS);
	(void)world_add(&family->world, &call_module);
	assert_int_equal(tree_alloc(&tree, family->world.scheduler), 0);
	assert_int_equal(tree_start(family->world.scheduler, &family->root), 0);
	world_run(&family->world, 0);
	call = add_member(family, whereis(family, OFFICE_POOL));
	expect_whole_tree(family, call);
	for (i = 0; i < COUNT_OF(supervisors); i++) {
		kill_pid(family, whereis(family, supervisors[i]));
		expect_whole_tree(family, call);
		tell_pid(family, call, PLEASE_COUNT); /* and it serves */
		assert_int_equal(call_of(family, call).counted, i + 1);
		pass_s(family, 10);
	}
	kill_pid(family, family->root);		/* who has nobody above */
	assert_int_equal(processes(family), 1); /* no stray: the client */
	tree_free(&tree);
}

/*--------------------------------------------------------------------
 * Faults
 */

enum { CALLS = 1000 };

static void
start_calls(
    struct family_world *family, enum on_fault on_fault, struct pid *pids)
{
	struct child_spec template = member("call", RESTART_TEMPORARY);
	int i;

	template.on_fault = on_fault;
	template.fault_limit = 3;
	(void)world_add(&family->world, &call_module);
	start(family, pool, 1, &template);
	for (i = 0; i < CALLS; i++)
		pids[i] = add_member(family, family->root);
}

/* Every call gets 10 events; one in a hundred of all crashes. */
static void
send_events(struct family_world *family, const struct pid *pids)
{
	unsigned int i;

	for (i = 0; i < 10 * CALLS; i++)
		if (lives(family, pids[i % CALLS]))
			world_post(&family->world, pids[i % CALLS],
			    i % 100 == i / CALLS ? PLEASE_CRASH : PLEASE_COUNT);
	world_run(&family->world, 0);
}

static void
n11_one_event_in_a_hundred_crashes_and_the_others_are_unharmed(void **state)
{
	struct family_world *family = *state;
	struct pid pids[CALLS];
	struct call call;
	unsigned int i, resumed = 0;

	start_calls(family, ON_FAULT_RESUME, pids);
	send_events(family, pids);
	for (i = 0; i < CALLS; i++) {
		assert_true(lives(family, pids[i]));
		call = call_of(family, pids[i]);
		assert_int_equal(call.counted + call.resumed, 10);
		resumed += (unsigned int)call.resumed;
	}
	assert_int_equal(resumed, 10 * CALLS / 100);
	assert_true(lives(family, family->root));
	assert_int_equal(restarts(family), 0);
	assert_int_equal(count_of(family, family->root).active, CALLS);
}

static void
n11_with_exit_only_the_calls_that_crash_are_lost(void **state)
{
	struct family_world *family = *state;
	struct pid pids[CALLS];
	unsigned int i, alive = 0;

	start_calls(family, ON_FAULT_EXIT, pids);
	send_events(family, pids);
	for (i = 0; i < CALLS; i++) {
		if (!lives(family, pids[i]))
			continue;
		alive++;
		assert_int_equal(call_of(family, pids[i]).counted, 10);
	}
	assert_int_equal(alive, CALLS - 10 * CALLS / 100);
	assert_true(lives(family, family->root));
}

static void
n12_frequent_crashes_cascade_as_configured(void **state)
{
	const struct child_spec low[] = { kid("call", RESTART_PERMANENT) };
	const struct child_spec high[] = { sub("low", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;
	unsigned int i;

	flags.intensity = 3;
	(void)world_add(&family->world, &call_module);
	assert_int_equal(define(family, "low", flags, 1, low), 0);
	start(family, one_for_one, 1, high);
	for (i = 0; i < 3 + 1 + 3; i++)
		tell(family, "call", PLEASE_CRASH);
	assert_true(lives(family, family->root));
	assert_int_equal(count_of(family, family->root).restarts, 1);
	tell(family, "call", PLEASE_CRASH);
	assert_false(lives(family, family->root));
	assert_int_equal(scheduler_counts(family->world.scheduler)->faults, 8);
}

/* Where in the log; it must be there. */
static size_t
place_in_log(struct family_world *family, const char *text)
{
	static char whole[1 << 20];
	const char *found;
	FILE *file;
	size_t size;

	(void)fflush(NULL);
	file = fopen(family->log, "r");
	assert_non_null(file);
	size = fread(whole, 1, sizeof whole - 1, file);
	(void)fclose(file);
	whole[size] = '\0';
	found = strstr(whole, text);
	if (found == NULL)
		fail_msg("'%s' is not in the log", text);
	return (size_t)(found - whole);
}

/* Design 3: told before anything is stopped, and critical at the root. */
static void
n12_a_passed_limit_raises_an_alarm_before_anything_ends(void **state)
{
	const struct child_spec low[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	const struct child_spec high[] = { sub("low", RESTART_PERMANENT) };
	struct family_world *family = *state;
	struct scheduler *scheduler = family->world.scheduler;
	struct alarm alarm;

	assert_int_equal(define(family, "low", one_for_one, 2, low), 0);
	start(family, one_for_one, 1, high);
	tell(family, "a", END_ERROR);
	assert_int_equal(
	    alarm_look(scheduler, ALARM_RESTART_LIMIT, &alarm), -ENOENT);
	tell(family, "a", END_ERROR); /* low is given up, and comes back */
	assert_int_equal(alarm_look(scheduler, ALARM_RESTART_LIMIT, &alarm), 0);
	assert_int_equal(alarm.severity, ALARM_major);
	assert_string_equal(alarm.object, "supervisor low");
	assert_false(alarm.is_raised);
	tell(family, "a", END_ERROR);
	tell(family, "a", END_ERROR); /* and now the root */
	assert_false(lives(family, family->root));
	assert_int_equal(alarm_look(scheduler, ALARM_RESTART_LIMIT, &alarm), 0);
	assert_true(alarm.is_raised);
	assert_int_equal(alarm.severity, ALARM_critical);
	assert_int_equal(alarm.count, 3);
	assert_true(
	    place_in_log(family, "alarm restart-limit raised: supervisor top") <
	    place_in_log(family, "top native <2.1> ended shutdown"));
	assert_true(
	    place_in_log(family, "alarm restart-limit raised: supervisor low") <
	    place_in_log(family, "b native <5.1> ended shutdown"));
}

static void
n12_a_call_that_crashes_too_often_is_given_up(void **state)
{
	struct family_world *family = *state;
	struct pid pids[CALLS];
	int i;

	start_calls(family, ON_FAULT_RESUME, pids);
	for (i = 0; i < 3; i++)
		tell_pid(family, pids[0], PLEASE_CRASH);
	assert_true(lives(family, pids[0]));
	tell_pid(family, pids[0], PLEASE_CRASH); /* its limit is 3 */
	assert_false(lives(family, pids[0]));
	assert_int_equal(count_of(family, family->root).active, CALLS - 1);
}

static void
n13_retries_are_spaced_with_an_alarm_until_the_service_is_back(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;
	unsigned int tries;

	flags.retry_ms = 100;
	flags.retry_cap_ms = 10000;
	plan(family, 'a', 2, ALWAYS, -ECONNREFUSED);
	start(family, flags, 2, kids);
	tell(family, "a", END_ERROR);
	assert_int_equal(starts(family, 'a'), 2);
	assert_true(log_has(family, "alarm process-down raised: a below top"));
	world_run(&family->world, 100000);
	assert_int_equal(starts(family, 'a'), 3);
	world_run(&family->world, 199000);
	assert_int_equal(starts(family, 'a'), 3); /* twice as long */
	world_run(&family->world, 1000);
	assert_int_equal(starts(family, 'a'), 4);
	pass_s(family, 3600);
	tries = starts(family, 'a');
	assert_in_range(tries, 360, 370); /* an hour of every 10 s */
	assert_true(lives(family, family->root));
	assert_true(is_up(family, "b"));
	assert_int_equal(restarts(family), 1); /* one end, one restart */
	assert_false(log_has(family, "alarm process-down cleared"));

	plan(family, 'a', 0, 0, 0); /* the service is back */
	pass_s(family, 10);
	assert_true(is_up(family, "a"));
	assert_true(log_has(family, "alarm process-down cleared: a below top"));
	assert_int_equal(starts(family, 'a'), tries + 1);
	tell(family, "a", BE_STUBBORN); /* serves, from its first state */
	assert_true(is_up(family, "a"));
}

static void
n13_each_child_has_its_own_time_to_try_again(void **state)
{
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		kid("b", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;
	struct family_world *family = *state;

	flags.intensity = 2;
	flags.retry_ms = flags.retry_cap_ms = 1000;
	plan(family, 'a', 2, 1, -ECONNREFUSED);
	plan(family, 'b', 2, 1, -ECONNREFUSED);
	start(family, flags, 2, kids);
	tell(family, "a", END_ERROR);
	world_run(&family->world, 500000);
	tell(family, "b", END_ERROR);
	world_run(&family->world, 500000);
	assert_true(is_up(family, "a"));
	assert_false(is_up(family, "b"));
	world_run(&family->world, 500000);
	assert_true(is_up(family, "b"));
}

static void
n13_of_a_pool_each_member_waits_for_itself(void **state)
{
	const struct child_spec template = member("a", RESTART_PERMANENT);
	struct supervisor_flags flags = pool;
	struct family_world *family = *state;
	struct pid pids[20];
	int i;

	flags.intensity = 20;
	flags.retry_ms = flags.retry_cap_ms = 1000;
	start(family, flags, 1, &template);
	for (i = 0; i < 20; i++)
		pids[i] = add_member(family, family->root);
	plan(family, 'a', 21, 40, -ECONNREFUSED);
	for (i = 0; i < 20; i++)
		tell_pid(family, pids[i], END_ERROR);
	assert_int_equal(count_of(family, family->root).active, 0);
	assert_int_equal(count_of(family, family->root).workers, 20);
	pass_s(family, 1);
	assert_int_equal(count_of(family, family->root).active, 0);
	pass_s(family, 1);
	assert_int_equal(count_of(family, family->root).active, 20);
}

static void
n15_what_waits_in_the_mailbox_is_not_lost_on_resume(void **state)
{
	struct family_world *family = *state;
	struct pid pids[CALLS];
	int i;

	start_calls(family, ON_FAULT_RESUME, pids);
	world_post(&family->world, pids[0], PLEASE_CRASH);
	for (i = 0; i < 50; i++)
		world_post(&family->world, pids[0], PLEASE_COUNT);
	world_run(&family->world, 0);
	assert_int_equal(call_of(family, pids[0]).counted, 50);
	assert_int_equal(call_of(family, pids[0]).resumed, 1);
}

/* Three who wait for an answer that will not come. */
static void
n15_on_exit_the_senders_are_told_by_link_and_monitor(void **state)
{
	static const uint16_t ways[] = { WATCH, LINK_TO };
	struct family_world *family = *state;
	const struct supervisor_reply reply = { .key = 5 };
	struct pid pids[CALLS];
	unsigned int answers;
	size_t i;

	start_calls(family, ON_FAULT_EXIT, pids);
	answers = family->client.answers;
	send_request(family, pids[9], PLEASE_ANSWER, &reply, MESSAGE_BODY);
	world_run(&family->world, 0);
	assert_int_equal(family->client.answers, ++answers); /* it does */
	for (i = 0; i < COUNT_OF(ways); i++) {
		watch(family, pids[i], ways[i]);
		world_post(&family->world, pids[i], PLEASE_CRASH);
		send_request(
		    family, pids[i], PLEASE_ANSWER, &reply, MESSAGE_BODY);
		world_run(&family->world, 0);
		assert_int_equal(family->client.ends, i + 1);
		assert_int_equal(last_end(family), REASON_FAULT);
	}
	assert_int_equal(family->client.answers, answers);
}

static void
n15_who_asked_for_a_start_that_faults_is_told_by_reply(void **state)
{
	const struct child_spec template = member("call", RESTART_TEMPORARY);
	const uint64_t key = CRASH_AT_START;
	struct family_world *family = *state;

	(void)world_add(&family->world, &call_module);
	start(family, pool, 1, &template);
	send_request(family, family->root, EVENT_START_CHILD, &key, sizeof key);
	world_run(&family->world, 0);
	assert_int_equal(family->client.answers, 1);
	assert_int_equal(family->client.reply.key, CRASH_AT_START);
	assert_int_equal(family->client.reply.error, SUPERVISOR_START_FAILED);
	assert_int_equal(family->client.reply.reason.kind, REASON_FAULT);
	assert_int_equal(ask_member(family, family->root), SUPERVISOR_OK);
}

/* As the supervisor starts it; then it is killed before its first event. */
static void
n15_who_asked_for_a_start_that_is_killed_is_told_by_reply(void **state)
{
	const struct child_spec template = member("a", RESTART_TEMPORARY);
	struct family_world *family = *state;
	const uint64_t key = 9;
	struct spawn spawn = { .start = &key, .length = sizeof key };
	struct pid pid;

	start(family, pool, 1, &template);
	spawn.behaviour = behaviour_current(
	    scheduler_behaviours(family->world.scheduler), "a");
	spawn.supervisor = family->root;
	spawn.requester = family->client.pid;
	assert_int_equal(
	    process_spawn(family->world.scheduler, &spawn, &pid), 0);
	kill_pid(family, pid);
	assert_int_equal(family->client.answers, 1);
	assert_int_equal(family->client.reply.key, 9);
	assert_int_equal(family->client.reply.error, SUPERVISOR_START_FAILED);
	assert_int_equal(family->client.reply.reason.kind, REASON_KILLED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    n1_five_supervisors_with_two_workers_each_are_fifteen_processes),
		TEST(n2_a_child_is_any_kind_of_process_or_a_tree_of_its_own),
		TEST(
		    n3_only_the_process_that_fails_dies_and_its_supervisor_decides),
		TEST(n4_it_climbs_to_the_top_at_exactly_the_configured_count),
		TEST(n5_any_supervisor_is_killed_and_the_rest_stays_supervised),
		TEST(
		    n11_one_event_in_a_hundred_crashes_and_the_others_are_unharmed),
		TEST(n11_with_exit_only_the_calls_that_crash_are_lost),
		TEST(n12_frequent_crashes_cascade_as_configured),
		TEST(n12_a_passed_limit_raises_an_alarm_before_anything_ends),
		TEST(n12_a_call_that_crashes_too_often_is_given_up),
		TEST(
		    n13_retries_are_spaced_with_an_alarm_until_the_service_is_back),
		TEST(n13_each_child_has_its_own_time_to_try_again),
		TEST(n13_of_a_pool_each_member_waits_for_itself),
		TEST(n15_what_waits_in_the_mailbox_is_not_lost_on_resume),
		TEST(n15_on_exit_the_senders_are_told_by_link_and_monitor),
		TEST(n15_who_asked_for_a_start_that_faults_is_told_by_reply),
		TEST(n15_who_asked_for_a_start_that_is_killed_is_told_by_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
