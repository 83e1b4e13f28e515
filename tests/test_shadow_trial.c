/*
 * What shadow.h promises of a copy that goes wrong, of whom it takes, and of
 * who must not notice (U13).
 */
#include "tests/shadow_world.h"

/*--------------------------------------------------------------------
 * What goes wrong
 */

static void
crashes(struct self *self, struct toy *toy, const struct message *event)
{
	(void)toy, (void)event;
	(void)process_send(self, here.peer, HEARD, NULL, 0);
	__builtin_trap();
}

static void
reads_nowhere(struct self *self, struct toy *toy, const struct message *event)
{
	(void)toy, (void)event;
	(void)process_send(
	    self, here.peer, HEARD, (const void *)(uintptr_t)16, 8);
}

static void
overruns(struct self *self, struct toy *toy, const struct message *event)
{
	volatile char *behind = (volatile char *)(toy + 1);

	(void)self, (void)event;
	*behind = 1;
}

static void
underruns(struct self *self, struct toy *toy, const struct message *event)
{
	volatile char *before = (volatile char *)toy;

	(void)self, (void)event;
	before[-1] = 1;
}

static void
loops(struct self *self, struct toy *toy, const struct message *event)
{
	(void)event;
	for (toy->count = 1; process_now(self) > 0;)
		toy->count++;
}

static void
expect_crash(does_f *does, int number)
{
	const struct scheduler_counts before =
	    *scheduler_counts(here.world.scheduler);
	const struct scheduler_counts *now =
	    scheduler_counts(here.world.scheduler);
	struct behaviours *behaviours =
	    scheduler_behaviours(here.world.scheduler);
	uint64_t count = here.seen.after.count;

	go(counts_one, does);
	assert_int_equal(here.seen.trial.outcome, SHADOW_CRASHED);
	assert_int_equal(here.seen.trial.reason.kind, REASON_FAULT);
	assert_int_equal(here.seen.trial.reason.number, number);
	assert_int_equal(
	    here.seen.after.count, count == 0 ? COUNTER_START + 1 : count + 1);
	assert_int_equal(now->faults, before.faults);
	assert_int_equal(now->events, before.events + 1);
	assert_int_equal(behaviour_counts(behaviours, here.new).faults, 0);
	assert_int_equal(behaviour_counts(behaviours, here.new).events, 0);
	assert_int_equal(behaviour_counts(behaviours, here.new).holders, 0);
	assert_int_equal(behaviour_counts(behaviours, here.new).conversions, 0);
	assert_int_equal(behaviour_counts(behaviours, here.old).faults, 0);
	assert_int_equal(world_info(&here.world, here.pid).faults, 0);
	assert_int_equal(world_info(&here.world, here.pid).upgrades, 0);
	assert_int_equal(here.heard, 0);
}

static void
u13_a_copy_that_crashes_harms_nobody(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	expect_crash(crashes, SIGILL);
	assert_int_equal(here.seen.copy.count, 1); /* what it did before */
	expect_crash(reads_nowhere, SIGSEGV);
	expect_crash(overruns, SIGSEGV);
	expect_crash(underruns, 0);
	expect_crash(loops, SIGXCPU);
	/* The process has its state, and goes on. */
	assert_int_equal(
	    ((const struct toy *)world_info(&here.world, here.pid).state)
		->count,
	    COUNTER_START + 5);
}

static void
u13_a_state_that_fails_its_check_is_told(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	here.is_sound = false;
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trial.outcome, SHADOW_UNSOUND);
	here.is_sound = true;
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trial.outcome, SHADOW_RAN);
}

static void
u13_what_cannot_be_converted_is_not_tried(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	here.converts = -EDOM;
	go(counts_one, crashes);
	assert_int_equal(here.seen.trial.outcome, SHADOW_PINNED);
	here.converts = -EBADMSG;
	go(counts_one, crashes);
	assert_int_equal(here.seen.trial.outcome, SHADOW_UNCONVERTED);
	here.converts = 0;
	assert_int_equal(
	    ((const struct toy *)world_info(&here.world, here.pid).state)
		->count,
	    COUNTER_START + 2);
}

static void
u13_an_event_that_faults_is_not_tried(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	here.does_old = crashes;
	here.does_new = counts_one;
	world_post(&here.world, here.pid, GO);
	world_run(&here.world, 10);
	/* Neither that one nor, as it crashes too, EVENT_FAULTED. */
	assert_int_equal(here.seen.trials, 0);
	assert_true(scheduler_counts(here.world.scheduler)->faults > 0);
}

/*--------------------------------------------------------------------
 * Whom it takes
 */

static void
u13_a_share_is_a_sample_by_pid(void **state)
{
	unsigned int i, taken = 0, again = 0;

	(void)state;
	for (i = 1; i <= 10000; i++) {
		assert_false(shadow_takes(0, (struct pid){ i, 1 }));
		assert_true(shadow_takes(UINT32_MAX, (struct pid){ i, 1 }));
		taken += shadow_takes(UINT32_MAX / 10, (struct pid){ i, 1 });
		again += shadow_takes(UINT32_MAX / 10, (struct pid){ 7, i });
	}
	assert_in_range(taken, 900, 1100);
	assert_in_range(again, 900, 1100);
	/* Who is not in it is not tried. */
	begin_shadow(0);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 0);
}

static void
u13_only_other_versions_of_that_module_are_tried(void **state)
{
	struct pid new = spawn(here.new);

	(void)state;
	begin_shadow(UINT32_MAX);
	world_run(&here.world, 10); /* its init() */
	world_post(&here.world, new, GO);
	world_post(&here.world, here.peer, GO);
	world_run(&here.world, 10);
	assert_int_equal(here.seen.trials, 0);
}

static void
u13_it_ends_when_enough_was_seen_or_when_it_is_freed(void **state)
{
	(void)state;
	here.wanted = 2;
	begin_shadow(UINT32_MAX);
	go(counts_one, counts_one);
	go(counts_one, counts_one);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 2);
	shadow_free(&here.shadow);
	begin_shadow(UINT32_MAX);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 1);
	shadow_free(&here.shadow);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 1);
}

/*--------------------------------------------------------------------
 * The event log
 */

static void
does_some(struct self *self, struct toy *toy, const struct message *event)
{
	(void)event;
	toy->count++;
	(void)process_send(self, here.peer, HEARD, NULL, 0);
	(void)process_start_timer(self, T_ONE, 1, 2000);
}

static void
run_logged(char *path, bool has_shadow)
{
	int file = mkstemp(path);

	assert_true(file >= 0);
	(void)close(file);
	(void)set_up_logged(path);
	if (has_shadow)
		begin_shadow(UINT32_MAX);
	go(does_some, does_all);
	go(does_some, crashes);
	world_run(&here.world, 5000);
	if (has_shadow) /* and the two that time out: one key, one timer */
		assert_int_equal(here.seen.trials, 3);
	(void)tear_down(NULL);
}

static size_t
slurp(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	(void)fclose(file);
	(void)unlink(path);
	return length;
}

static void
u13_the_event_log_is_the_same_without_it(void **state)
{
	char with[] = "/tmp/shadow-XXXXXX", without[] = "/tmp/shadow-XXXXXX";
	char one[3000], other[3000];

	(void)state;
	run_logged(with, true);
	run_logged(without, false);
	assert_true(slurp(with, one, sizeof one) > 200);
	(void)slurp(without, other, sizeof other);
	assert_string_equal(one, other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(u13_a_copy_that_crashes_harms_nobody),
		TEST(u13_a_state_that_fails_its_check_is_told),
		TEST(u13_what_cannot_be_converted_is_not_tried),
		TEST(u13_an_event_that_faults_is_not_tried),
		TEST(u13_a_share_is_a_sample_by_pid),
		TEST(u13_only_other_versions_of_that_module_are_tried),
		TEST(u13_it_ends_when_enough_was_seen_or_when_it_is_freed),
		cmocka_unit_test(u13_the_event_log_is_the_same_without_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
