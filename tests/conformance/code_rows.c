/*
 * C1 to C19, N7 to N10: versions of a module, from load to purge.
 *
 * OTP's purge kills: here that is purge -force.  Its delete has no refusal
 * here, as any number of versions may be resident (U7); its on_load is
 * self_test, which the prover runs.
 */
#include "tests/conformance/version_world.h"

#include <dlfcn.h>

#include "upgrade/conversion.h"
#include "upgrade/prover.h"

enum { MANY = 1000 };

/*--------------------------------------------------------------------
 * Loading
 */

static void
c1_what_is_absent_wrong_or_open_to_all_is_not_loaded(void **state)
{
	struct versions *versions = *state;
	char path[128];

	assert_int_equal(load(versions, "9.9"), -ENOENT);
	assert_non_null(strstr(versions->why,
	    "there is no such release, there are: 1.0 2.0 3.0 checks"));
	assert_int_equal(load(versions, "broken/name"), -ENOEXEC);
	assert_int_equal(load(versions, "broken/version"), -ENOEXEC);
	make_release(versions, "4.0", RELEASES "/2.0/counter.so", 1000);
	assert_int_equal(load(versions, "4.0"), -ENOEXEC);
	make_release(versions, "5.0", RELEASES "/2.0/counter.so", 1 << 24);
	snprintf(path, sizeof path, "%s/5.0/counter.so", versions->made);
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(load(versions, "5.0"), -ENOEXEC);
	assert_int_equal(load(versions, "2.0"), 0);
	assert_int_not_equal(id_of(versions, "2.0"), 0);
}

static void
c3_what_is_loaded_is_not_loaded_again(void **state)
{
	struct versions *versions = *state;
	unsigned int before;
	uint16_t id;

	assert_int_equal(load(versions, "2.0"), 0);
	id = id_of(versions, "2.0");
	before = mappings();
	/* Another file of that name in the root that is searched first. */
	make_release(versions, "2.0", RELEASES "/1.0/counter.so", 1 << 24);
	assert_int_equal(load(versions, "2.0"), 0);
	assert_int_equal(id_of(versions, "2.0"), id);
	assert_int_equal(mappings(), before);
}

static void
c4_the_current_becomes_old_and_its_users_run_on(void **state)
{
	struct versions *versions = *state;
	struct pid pid = pin(versions);

	assert_false(is_current(versions, "2.0"));
	post(versions, pid, COUNTER_COUNT, 0);
	assert_true(is_alive(versions, pid));
	/* Where OTP refuses, or kills, since there is old code: U7. */
	install(versions, "3.0");
	assert_string_equal(version_of(versions, pid), "3.0");
	assert_true(is_alive(versions, pid));
}

static void
c8_the_inventory_is_exact(void **state)
{
	struct versions *versions = *state;
	struct pid pid = pin(versions);
	struct holders *holders;

	assert_int_equal(
	    holders_alloc(&holders, versions->handler, "counter"), 0);
	assert_int_equal(holders->count, 2);
	assert_string_equal(holders->versions[0].version, "1.0");
	assert_true(holders->versions[0].is_current);
	assert_int_equal(holders->versions[0].listed, 0);
	assert_true(holders->versions[0].resident > 0);
	assert_string_equal(holders->versions[1].version, "2.0");
	assert_false(holders->versions[1].is_current);
	assert_int_equal(holders->versions[1].counts.holders, 1);
	assert_int_equal(holders->versions[1].pinned, 1);
	assert_int_equal(holders->versions[1].listed, 1);
	assert_true(pid_equal(holders->versions[1].holders[0].pid, pid));
	assert_string_equal(holders->versions[1].holders[0].why,
	    "field 'phase' is 'HELD', which has no image in 1.0");
	assert_true(holders->versions[1].since > 0);
	assert_true(holders->versions[1].since <=
	    scheduler_now(versions->world.scheduler));
	holders_free(&holders);
}

static void
c9_callers_see_the_new_version(void **state)
{
	struct versions *versions = *state;

	install(versions, "2.0");
	assert_string_equal(version_of(versions, spawn(versions)), "2.0");
	/* One that lacks what is called of it never comes so far. */
	make_permanent(versions, "2.0");
	assert_int_equal(
	    upgrade(versions, "broken/callback")->stage, UPGRADE_refused);
	assert_true(is_current(versions, "2.0"));
}

static void
c10_what_is_linked_in_cannot_be_replaced(void **state)
{
	struct versions *versions = *state;
	const struct upgrade_order order = { .module = "release_handler",
		.version = "1.0" };
	const struct release_purge wanted = { .module = "release_handler",
		.version = "native" };

	assert_int_equal(
	    release_handler_upgrade(versions->handler, &order)->reason,
	    UPGRADE_REASON_not_found);
	assert_int_equal(release_handler_purge(versions->handler, &wanted,
			     versions->why, sizeof versions->why),
	    -ENOENT);
	assert_string_equal(
	    versions->why, "no module 'release_handler' is loaded");
}

static void
c11_a_folder_that_disappears_is_harmless(void **state)
{
	struct versions *versions = *state;
	char command[128];
	struct pid pid;

	make_release(versions, "2.0", RELEASES "/2.0/counter.so", 1 << 24);
	install(versions, "2.0");
	pid = spawn(versions);
	snprintf(command, sizeof command, "rm -rf '%s'", versions->made);
	assert_int_equal(system(command), 0);
	post(versions, pid, COUNTER_TICK, 0);
	assert_true(is_alive(versions, pid));
	roll_back(versions);
	assert_int_equal(id_of(versions, "2.0"), 0);
	install(versions, "2.0"); /* from the other root */
}

/*--------------------------------------------------------------------
 * self_test
 */

static void
c12_c13_a_failing_self_test_is_the_same_error_everywhere(void **state)
{
	static const char error[] = "cannot load 'counter' broken/self-test: "
				    "its self_test answers 7, not 0";
	struct versions *versions = *state;
	const struct upgrade_report *report;

	assert_int_equal(load(versions, "broken/self-test"), -EBADMSG);
	assert_string_equal(versions->why, error);
	report = upgrade(versions, "broken/self-test");
	assert_int_equal(report->reason, UPGRADE_REASON_self_test);
	assert_memory_equal(report->text, error, strlen(error));
	report = release_handler_rehearse(
	    versions->handler, "counter", "broken/self-test", 0);
	run(versions);
	assert_int_equal(report->reason, UPGRADE_REASON_self_test);
	assert_memory_equal(report->text, error, strlen(error));
	assert_int_equal(id_of(versions, "broken/self-test"), 0);
}

static void
c14_the_version_before_serves_all_the_time(void **state)
{
	struct versions *versions = *state;
	struct pid pid = spawn(versions);

	assert_int_equal(
	    upgrade(versions, "broken/self-test")->stage, UPGRADE_refused);
	assert_true(is_current(versions, "1.0"));
	assert_int_equal(id_of(versions, "broken/self-test"), 0);
	post(versions, pid, COUNTER_TICK, 0);
	install(versions, "3.0");
	assert_string_equal(version_of(versions, pid), "3.0");
	assert_int_equal(world_info(&versions->world, pid).upgrades, 1);
}

/* What it could reach of a switch is not there: it can harm nobody. */
static void
c15_c16_a_self_test_reaches_no_switch(void **state)
{
	static const char *const ways[] = { "faulty/forks", "faulty/kills",
		"faulty/executes", "faulty/listens", "faulty/opens" };
	struct versions *versions = *state;
	struct prover *prover;
	struct pid pid = spawn(versions);
	unsigned int i;

#ifdef HOTSWITCH_INSTRUMENTED
	skip(); /* the filter lets more through there */
#endif
	assert_int_equal(prover_start(&prover), 0);
	code_set_prover(versions->code, prover);
	versions->roots[0] = TESTS_OF "releases-barred";
	for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		assert_int_not_equal(load(versions, ways[i]), 0);
		assert_non_null(strstr(versions->why, "self_test"));
	}
	assert_true(is_alive(versions, pid));
	code_set_prover(versions->code, NULL);
	prover_free(&prover);
}

static void
c17_a_second_load_is_refused_till_the_first_is_over_and_then_wins(void **state)
{
	struct versions *versions = *state;
	struct upgrade_order order = { .module = "counter", .version = "2.0" };
	const struct upgrade_report *first, *second;

	first = release_handler_upgrade(versions->handler, &order);
	order.version = "3.0";
	second = release_handler_upgrade(versions->handler, &order);
	assert_int_equal(second->reason, UPGRADE_REASON_running);
	assert_non_null(strstr(second->text, "upgrade 1 of 'counter'"));
	while (!first->is_done)
		run(versions);
	make_permanent(versions, "2.0");
	install(versions, "3.0");
	assert_true(is_current(versions, "3.0"));
}

static void
c18_old_code_is_remembered_over_other_loads(void **state)
{
	struct versions *versions = *state;
	struct pid pid = pin(versions);

	assert_int_equal(
	    upgrade(versions, "broken/self-test")->stage, UPGRADE_refused);
	assert_int_equal(purge(versions, "2.0", false), -EBUSY);
	assert_int_equal(load(versions, "checks"), 0);
	assert_int_equal(purge(versions, "2.0", false), -EBUSY);
	post(versions, pid, COUNTER_STOP, 0);
	assert_int_equal(id_of(versions, "2.0"), 0);
	assert_int_equal(purge(versions, "2.0", false), -ENOENT);
}

/*--------------------------------------------------------------------
 * Purge
 */

static void
c5_a_purge_by_force_ends_the_user(void **state)
{
	struct versions *versions = *state;
	struct pid bystander = spawn(versions), pid;

	assert_int_equal(purge(versions, "2.0", true), -ENOENT);
	assert_string_equal(
	    versions->why, "'counter' 2.0 is not loaded, loaded are: 1.0");
	pid = pin(versions);
	assert_int_equal(purge(versions, "2.0", true), 0);
	assert_false(is_alive(versions, pid));
	assert_true(is_alive(versions, bystander));
	assert_int_equal(id_of(versions, "2.0"), 0);
	assert_int_equal(mappings(), versions->mapped);
}

static void
c6_all_users_end_and_no_bystander(void **state)
{
	struct versions *versions = *state;
	unsigned int i, alive = 0;

	install(versions, "2.0");
	for (i = 0; i < 2 * MANY; i++)
		(void)spawn(versions);
	for (i = 0; i < MANY; i++)
		post(versions, versions->counters[2 * i], COUNTER_PHASE, HELD);
	roll_back(versions);
	assert_int_equal(holders_of(versions, "2.0"), MANY);
	assert_int_equal(purge(versions, "2.0", true), 0);
	for (i = 0; i < 2 * MANY; i++) {
		assert_int_equal(
		    is_alive(versions, versions->counters[i]), i % 2);
		alive += is_alive(versions, versions->counters[i]);
	}
	assert_int_equal(alive, MANY);
	assert_int_equal(id_of(versions, "2.0"), 0);
}

static void
c7_a_purge_without_force_harms_nobody(void **state)
{
	struct versions *versions = *state;
	struct pid pid = pin(versions);
	char wanted[CODE_WHY_MAX];

	snprintf(wanted, sizeof wanted,
	    "'counter' 2.0 is in use by 1: <%u.%u> (field 'phase' is 'HELD', "
	    "which has no image in 1.0); nothing has changed, -force ends them",
	    pid.slot, pid.generation);
	assert_int_equal(purge(versions, "2.0", false), -EBUSY);
	assert_string_equal(versions->why, wanted);
	assert_int_equal(purge(versions, "2.0", false), -EBUSY);
	assert_string_equal(versions->why, wanted);
	assert_true(is_alive(versions, pid));
	post(versions, pid, COUNTER_STOP, 0);
	assert_int_equal(id_of(versions, "2.0"), 0);
	assert_int_equal(purge(versions, "2.0", false), -ENOENT);
}

static void
what_is_current_or_on_trial_is_not_purged_by_force(void **state)
{
	struct versions *versions = *state;

	assert_int_equal(purge(versions, "1.0", true), -EBUSY);
	assert_string_equal(versions->why,
	    "'counter' 1.0 is current; upgrade to another version first");
	install(versions, "2.0");
	assert_int_equal(purge(versions, "2.0", true), -EBUSY);
	assert_string_equal(versions->why,
	    "'counter' 2.0 is on trial; rollback or make-permanent comes "
	    "first");
	assert_int_equal(purge(versions, "1.0", true), -EBUSY);
	assert_string_equal(versions->why,
	    "'counter' 1.0 is the way back of the release on trial; rollback "
	    "or make-permanent comes first");
	assert_int_not_equal(id_of(versions, "1.0"), 0);
}

/* Its name, version and place are words and numbers of their own. */
static void
c19_a_crash_report_outlives_the_code(void **state)
{
	struct versions *versions = *state;
	struct pid pid = pin(versions);
	char text[64];

	assert_int_equal(process_break(world_at(&versions->world, pid), pid,
			     COUNTER_COUNT, FAULT_CRASH, 1),
	    0);
	post(versions, pid, COUNTER_COUNT, 0);
	assert_false(is_alive(versions, pid));
	assert_int_equal(id_of(versions, "2.0"), 0);
	assert_int_equal(mappings(), versions->mapped);
	assert_int_equal(versions->faults, 1);
	assert_string_equal(versions->fault.module, "counter");
	assert_string_equal(versions->fault.version, "2.0");
	assert_non_null(strstr(
	    reason_text(versions->fault.reason, text, sizeof text), "SIGSEGV"));
}

/*--------------------------------------------------------------------
 * What did not go
 */

/* One other user of the copy keeps it: dlclose(3) says nothing of it. */
static void
a_version_that_stays_mapped_is_an_alarm(void **state)
{
	struct versions *versions = *state;
	const struct module *module;
	struct alarm alarm;
	unsigned int stays;
	Dl_info info;
	void *handle;

	install(versions, "2.0");
	module =
	    behaviour_at(versions->behaviours, id_of(versions, "2.0"))->module;
	assert_int_not_equal(dladdr(module, &info), 0);
	handle = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
	assert_non_null(handle);
	assert_int_equal(dlclose(handle), 0);
	roll_back(versions);
	assert_int_equal(id_of(versions, "2.0"), 0);
	stays = mappings();
	assert_true(stays > versions->mapped);
	assert_int_equal(
	    alarm_look(versions->world.scheduler, ALARM_VERSION_MAPPED, &alarm),
	    0);
	assert_true(alarm.is_raised);
	assert_string_equal(alarm.object, "counter 2.0");
	/* Its name is not given again: what comes next is new. */
	install(versions, "2.0");
	assert_true(mappings() > stays);
	roll_back(versions);
	assert_int_equal(mappings(), stays);
}

/*--------------------------------------------------------------------
 * N7 to N10
 */

static void
n7_births_are_of_the_current_version_and_others_stay(void **state)
{
	struct versions *versions = *state;
	struct upgrade_order order = {
		.module = "counter", .version = "2.0", .drains = true
	};
	struct pid old = spawn(versions), young;

	(void)release_handler_upgrade(versions->handler, &order);
	run(versions);
	young = spawn(versions);
	post(versions, old, COUNTER_TICK, 0);
	assert_string_equal(version_of(versions, old), "1.0");
	assert_string_equal(version_of(versions, young), "2.0");
}

static void
n8_it_leaves_old_code_when_it_asks_or_is_told_to(void **state)
{
	struct versions *versions = *state;
	struct upgrade_order order = {
		.module = "counter", .version = "2.0", .drains = true
	};
	struct pid asks = spawn(versions), told = spawn(versions);
	struct pid stays = spawn(versions);

	(void)release_handler_upgrade(versions->handler, &order);
	run(versions);
	post(versions, asks, COUNTER_USE_CURRENT, 0);
	post(versions, told, EVENT_USE_CURRENT, 0);
	post(versions, stays, COUNTER_TICK, 0);
	assert_string_equal(version_of(versions, asks), "2.0");
	assert_string_equal(version_of(versions, told), "2.0");
	assert_string_equal(version_of(versions, stays), "1.0");
}

struct closer {
	struct versions *versions;
	uint16_t id;
	unsigned int refused;
	struct code_closing *closing;
};

/*
 * On home, again and again while the other scheduler is busy: as soon as it is
 * let, the code is gone, and an event that was still in it would crash.
 */
static void
close_if_you_can(void *arg, uint64_t key)
{
	struct closer *closer = arg;
	struct versions *versions = closer->versions;
	struct scheduler *home = versions->world.scheduler;

	if (code_close_begin(versions->code, closer->id, &closer->closing) ==
	    0) {
		code_close_work(closer->closing);
		return;
	}
	closer->refused++;
	if (scheduler_at(home, scheduler_now(home), close_if_you_can, closer,
		key + 1) != 0)
		abort();
}

static void
n9_code_is_not_unloaded_under_a_long_event(void **state)
{
	struct versions *versions = *state;
	struct closer closer = { .versions = versions };
	struct pid pid;
	unsigned int i;

	(void)spawn(versions);
	pid = spawn(versions); /* not on home */
	assert_int_not_equal(pid_scheduler(pid), 0);
	post(versions, versions->counters[0], COUNTER_STOP, 0);
	assert_int_equal(load(versions, "2.0"), 0);
	closer.id = id_of(versions, "1.0");
	behaviour_make_current(versions->behaviours, id_of(versions, "2.0"));
	for (i = 0; i < 20; i++)
		assert_int_equal(process_post(world_at(&versions->world, pid),
				     pid, COUNTER_LONG, NULL, 0),
		    0);
	assert_int_equal(process_post(world_at(&versions->world, pid), pid,
			     COUNTER_STOP, NULL, 0),
	    0);
	close_if_you_can(&closer, 0);
	run(versions);
	assert_false(is_alive(versions, pid));
	assert_int_equal(versions->faults, 0);
	assert_true(closer.refused > 0);
	assert_non_null(closer.closing);
	assert_int_equal(code_close_finish(&closer.closing), 0);
	assert_int_equal(id_of(versions, "1.0"), 0);
}

static void
n10_state_of_each_release_is_taken_on_in_one_step_or_several(void **state)
{
	struct versions *versions = *state;
	struct pid at_once, through;
	uint64_t counts[2];

	at_once = spawn(versions);
	through = spawn(versions);
	post(versions, at_once, COUNTER_COUNT, 0);
	post(versions, through, COUNTER_COUNT, 0);
	install(versions, "3.0");
	memcpy(&counts[0], world_info(&versions->world, at_once).state, 8);
	roll_back(versions);
	install(versions, "2.0");
	make_permanent(versions, "2.0");
	install(versions, "3.0");
	memcpy(&counts[1], world_info(&versions->world, through).state, 8);
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 1);
	assert_string_equal(version_of(versions, through), "3.0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(c1_what_is_absent_wrong_or_open_to_all_is_not_loaded),
		TEST(c3_what_is_loaded_is_not_loaded_again),
		TEST(c4_the_current_becomes_old_and_its_users_run_on),
		TEST(c5_a_purge_by_force_ends_the_user),
		TEST(c6_all_users_end_and_no_bystander),
		TEST_ON_TWO(c6_all_users_end_and_no_bystander),
		TEST(c7_a_purge_without_force_harms_nobody),
		TEST_ON_TWO(c7_a_purge_without_force_harms_nobody),
		TEST(c8_the_inventory_is_exact),
		TEST_ON_TWO(c8_the_inventory_is_exact),
		TEST(c9_callers_see_the_new_version),
		TEST(c10_what_is_linked_in_cannot_be_replaced),
		TEST(c11_a_folder_that_disappears_is_harmless),
		TEST(c12_c13_a_failing_self_test_is_the_same_error_everywhere),
		TEST(c14_the_version_before_serves_all_the_time),
		TEST(c15_c16_a_self_test_reaches_no_switch),
		TEST(
		    c17_a_second_load_is_refused_till_the_first_is_over_and_then_wins),
		TEST(c18_old_code_is_remembered_over_other_loads),
		TEST(c19_a_crash_report_outlives_the_code),
		TEST(what_is_current_or_on_trial_is_not_purged_by_force),
		TEST(a_version_that_stays_mapped_is_an_alarm),
		TEST(n7_births_are_of_the_current_version_and_others_stay),
		TEST(n8_it_leaves_old_code_when_it_asks_or_is_told_to),
		TEST_ON_TWO(n9_code_is_not_unloaded_under_a_long_event),
		TEST(
		    n10_state_of_each_release_is_taken_on_in_one_step_or_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
