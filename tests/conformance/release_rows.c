/*
 * R1 to R18: releases, one after the other, there and back.
 *
 * What a new start of the switch begins with is asked of the program itself
 * (tests/permanent); here is which version is the permanent one meanwhile.
 */
#include "tests/conformance/version_world.h"

#include "switch/registry.h"
#include "switch/system.h"

enum { CHAIN = 4 };

/* Exactly this one, resident and mapped. */
static void
expect_only(struct versions *versions, const char *version)
{
	uint16_t ids[8];

	assert_int_equal(code_residents(versions->code, "counter", ids, 8), 1);
	assert_int_equal(ids[0], id_of(versions, version));
	assert_true(is_current(versions, version));
	assert_int_equal(mappings(), versions->mapped);
}

static void
r1_installs_permanents_and_downgrades_leave_the_permanent_one(void **state)
{
	static const char *const chain[CHAIN] = { "2.0", "3.0", "checks",
		"2.0" };
	struct versions *versions = *state;
	struct pid pid = spawn(versions);
	const char *permanent = "1.0";
	unsigned int i;

	for (i = 0; i < CHAIN; i++) {
		install(versions, chain[i]);
		roll_back(versions); /* what was not confirmed goes */
		expect_only(versions, permanent);
		install(versions, chain[i]);
		make_permanent(versions, chain[i]);
		expect_only(versions, chain[i]);
		permanent = chain[i];
	}
	install(versions, "1.0"); /* a downgrade is an upgrade like any */
	make_permanent(versions, "1.0");
	expect_only(versions, "1.0");
	assert_true(is_alive(versions, pid));
	assert_string_equal(version_of(versions, pid), "1.0");
}

static struct supervisor_spec counter_spec;
static struct child_spec counter_child;

/* Purged by force, its supervisor starts it anew in the current version. */
static void
r2_who_is_purged_is_restarted_in_the_current_version(void **state)
{
	struct versions *versions = *state;
	struct scheduler *home = versions->world.scheduler;
	struct pid root, pid, next;

	install(versions, "2.0");
	counter_child = (struct child_spec){ .id = "counter",
		.behaviour = "counter",
		.shutdown_ms = 5000,
		.is_registered = true };
	counter_spec = (struct supervisor_spec){ .name = "counters",
		.flags = { .intensity = 3, .period_s = 5 },
		.count = 1,
		.children = &counter_child };
	assert_int_equal(
	    supervisor_alloc(&versions->another, home, &counter_spec), 0);
	assert_int_equal(supervisor_start_root(home, "counters", &root), 0);
	run(versions);
	pid = registry_whereis(scheduler_registry(home), "counter");
	post(versions, pid, COUNTER_PHASE, HELD);
	roll_back(versions);
	assert_int_equal(purge(versions, "2.0", false), -EBUSY);
	assert_int_equal(purge(versions, "2.0", false), -EBUSY);
	assert_true(is_alive(versions, pid));
	assert_int_equal(purge(versions, "2.0", true), 0);
	next = registry_whereis(scheduler_registry(home), "counter");
	assert_false(is_alive(versions, pid));
	assert_true(is_alive(versions, next));
	assert_string_equal(version_of(versions, next), "1.0");
	expect_only(versions, "1.0");
}

static const struct upgrade_report *
rehearse(struct versions *versions, const char *version)
{
	const struct upgrade_report *report =
	    release_handler_rehearse(versions->handler, "counter", version, 0);
	unsigned int i;

	for (i = 0; i < 500 && !report->is_done; i++)
		run(versions);
	assert_true(report->is_done);
	return report;
}

static void
r3_what_cannot_be_converted_is_refused_by_the_check_already(void **state)
{
	struct versions *versions = *state;

	assert_int_equal(
	    rehearse(versions, "broken/plan")->reason, UPGRADE_REASON_plan);
	assert_int_equal(
	    upgrade(versions, "broken/plan")->reason, UPGRADE_REASON_plan);
	expect_only(versions, "1.0");
}

/* It is between two events, as any other. */
static void
r4_who_is_suspended_holds_nothing_up(void **state)
{
	struct versions *versions = *state;
	struct pid pid = spawn(versions), boss = versions->root;

	assert_int_equal(
	    system_suspend(world_at(&versions->world, pid), pid), 0);
	assert_int_equal(system_suspend(versions->world.scheduler, boss), 0);
	install(versions, "2.0");
	assert_string_equal(version_of(versions, pid), "2.0");
	assert_int_equal(
	    system_resume(world_at(&versions->world, pid), pid), 0);
	assert_int_equal(system_resume(versions->world.scheduler, boss), 0);
}

static void
r5_versions_are_listed_with_what_they_are(void **state)
{
	struct versions *versions = *state;
	struct holders *holders;

	install(versions, "2.0");
	assert_int_equal(
	    holders_alloc(&holders, versions->handler, "counter"), 0);
	assert_int_equal(holders->count, 2);
	assert_true(holders->versions[0].is_way_back);
	assert_false(holders->versions[0].is_current);
	assert_true(holders->versions[1].is_on_trial);
	assert_true(holders->versions[1].is_current);
	holders_free(&holders);
	make_permanent(versions, "2.0");
	assert_int_equal(
	    holders_alloc(&holders, versions->handler, "counter"), 0);
	assert_int_equal(holders->count, 1);
	assert_true(holders->versions[0].is_current);
	assert_false(holders->versions[0].is_on_trial);
	holders_free(&holders);
}

static void
r6_a_version_is_compared_exactly(void **state)
{
	struct versions *versions = *state;

	assert_int_equal(
	    upgrade(versions, "1.00")->reason, UPGRADE_REASON_not_found);
	assert_int_equal(
	    upgrade(versions, "CHECKS")->reason, UPGRADE_REASON_not_found);
	assert_int_equal(
	    upgrade(versions, "1.0")->reason, UPGRADE_REASON_already_current);
	install(versions, "checks");
}

static void
r7_what_is_removed_is_really_unloaded(void **state)
{
	struct versions *versions = *state;

	install(versions, "2.0");
	assert_int_equal(mappings(), 2 * versions->mapped);
	make_permanent(versions, "2.0");
	expect_only(versions, "2.0");
}

static void
r8_a_bad_path_is_refused(void **state)
{
	static const char *const paths[] = { "../releases/2.0", "/2.0", "2.0/",
		"./2.0", "2.0/../3.0", "" };
	struct versions *versions = *state;
	unsigned int i;

	for (i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_int_equal(upgrade(versions, paths[i])->reason,
		    UPGRADE_REASON_not_found);
	expect_only(versions, "1.0");
}

/* Only code has changed: each byte of a state is the same. */
static void
r9_a_release_of_the_same_format_changes_no_state(void **state)
{
	struct versions *versions = *state;
	struct process_info info;
	struct pid pid;
	uint8_t before[64];

	install(versions, "2.0");
	make_permanent(versions, "2.0");
	pid = spawn(versions);
	post(versions, pid, COUNTER_TICK, 0);
	info = world_info(&versions->world, pid);
	assert_in_range(info.state_size, 1, sizeof before);
	memcpy(before, info.state, info.state_size);
	install(versions, "3.0");
	info = world_info(&versions->world, pid);
	assert_string_equal(version_of(versions, pid), "3.0");
	assert_memory_equal(info.state, before, info.state_size);
}

static void
r10_to_purge_what_was_never_loaded_fails_nothing(void **state)
{
	struct versions *versions = *state;

	assert_int_equal(purge(versions, "3.0", false), -ENOENT);
	assert_int_equal(purge(versions, "3.0", true), -ENOENT);
	install(versions, "3.0");
}

static void
r12_a_rehearsal_changes_nothing_and_leaves_nothing(void **state)
{
	struct versions *versions = *state;
	struct pid pid = spawn(versions);

	assert_int_equal(rehearse(versions, "2.0")->stage, UPGRADE_rehearsed);
	assert_int_equal(world_info(&versions->world, pid).upgrades, 0);
	expect_only(versions, "1.0");
	install(versions, "2.0");
	make_permanent(versions, "2.0");
	expect_only(versions, "2.0");
}

/* Where OTP goes down to come up in the old release: this switch does not. */
static void
r15_a_failing_conversion_turns_round_without_going_down(void **state)
{
	struct versions *versions = *state;
	struct counter_start start = { .note = "boom" };
	struct spawn order = { .start = &start, .length = sizeof start };
	struct pid pid = spawn(versions), odd;
	const struct upgrade_report *report;

	order.behaviour = id_of(versions, "1.0");
	assert_int_equal(
	    process_spawn(versions->world.scheduler, &order, &odd), 0);
	run(versions);
	report = upgrade(versions, "3.0");
	assert_int_equal(report->stage, UPGRADE_rolled_back);
	assert_int_equal(report->reason, UPGRADE_REASON_failed_conversion);
	assert_non_null(strstr(report->text, "could not be converted to 3.0"));
	assert_true(is_alive(versions, pid) && is_alive(versions, odd));
	assert_string_equal(version_of(versions, odd), "1.0");
	run(versions);
	expect_only(versions, "1.0");
}

static void
r16_up_and_down_are_derived_and_done(void **state)
{
	struct versions *versions = *state;
	struct pid pid = spawn(versions);
	uint8_t before[64];
	struct process_info info;

	post(versions, pid, COUNTER_TICK, 0);
	info = world_info(&versions->world, pid);
	memcpy(before, info.state, info.state_size);
	install(versions, "2.0");
	assert_string_equal(version_of(versions, pid), "2.0");
	roll_back(versions);
	info = world_info(&versions->world, pid);
	assert_string_equal(version_of(versions, pid), "1.0");
	assert_memory_equal(info.state, before, info.state_size);
}

/* A hook that is written for one release is given no other's state. */
static void
r18_the_release_that_a_hook_is_for_is_matched_as_a_whole(void **state)
{
	struct versions *versions = *state;
	uint64_t count;
	struct pid pid;

	install(versions, "steps/1");
	make_permanent(versions, "steps/1");
	pid = spawn(versions);
	post(versions, pid, COUNTER_TICK, 0);
	install(versions, "steps/2"); /* its hook adds 100 */
	memcpy(&count, world_info(&versions->world, pid).state, sizeof count);
	assert_int_equal(count, 101);
	assert_string_equal(version_of(versions, pid), "steps/2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    r1_installs_permanents_and_downgrades_leave_the_permanent_one),
		TEST_ON_TWO(
		    r1_installs_permanents_and_downgrades_leave_the_permanent_one),
		TEST(r2_who_is_purged_is_restarted_in_the_current_version),
		TEST(
		    r3_what_cannot_be_converted_is_refused_by_the_check_already),
		TEST(r4_who_is_suspended_holds_nothing_up),
		TEST(r5_versions_are_listed_with_what_they_are),
		TEST(r6_a_version_is_compared_exactly),
		TEST(r7_what_is_removed_is_really_unloaded),
		TEST(r8_a_bad_path_is_refused),
		TEST(r9_a_release_of_the_same_format_changes_no_state),
		TEST(r10_to_purge_what_was_never_loaded_fails_nothing),
		TEST(r12_a_rehearsal_changes_nothing_and_leaves_nothing),
		TEST(r15_a_failing_conversion_turns_round_without_going_down),
		TEST_ON_TWO(
		    r15_a_failing_conversion_turns_round_without_going_down),
		TEST(r16_up_and_down_are_derived_and_done),
		TEST(r18_the_release_that_a_hook_is_for_is_matched_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
