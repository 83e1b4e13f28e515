/* Who cannot come to a release, for want of an image or by a failure. */
#include "tests/release_world.h"

/*--------------------------------------------------------------------
 * What cannot come
 */

static bool
pin_some(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 1000);
		break;
	case 1:
		EXPECT(office, upgrade(office, "2.0"));
		break;
	case 2:
		if (!report->is_done)
			return true;
		for (unsigned int i = 0; i < 10; i++) /* phase HELD */
			post(office, i * 7, COUNTER_PHASE, 1);
		break;
	case 3:
		go_back(office);
		break;
	case 4:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->pinned == 10);
		EXPECT(office, report->converted == 990);
		EXPECT(office, report->failed == 0 && report->lost == 0);
		EXPECT_TEXT(office, report->text,
		    "'counter' 1.0 is current and runs 990 of 1000, 10 pinned "
		    "on another version");
		EXPECT(office, holders(office, "2.0") == 10);
		post(office, 0, COUNTER_COUNT, 0); /* still HELD: it stays */
		post(office, 7, COUNTER_PHASE, 2); /* no longer: it follows */
		break;
	case 5:
		EXPECT(office, holders(office, "2.0") == 9);
		EXPECT(office, count_of(office, office->counters[0]) == 1);
		EXPECT(office,
		    version_id(office, office->counters[7]) ==
			id_of(office, "1.0"));
		EXPECT(office, report->pinned == 10);	/* as it was then */
		EXPECT(office, upgrade(office, "2.0")); /* may begin */
		break;
	case 6:
		if (!report->is_done)
			return true;
		EXPECT(office, report->converted == 991);
		EXPECT(office, holders(office, "2.0") == 1000);
		return false;
	}
	office->step++;
	return true;
}

static void
u18_what_has_no_image_is_pinned_and_follows(void **state)
{
	play(*state, pin_some);
}

/* One of 2000 cannot be converted to 3.0: by its hook, or because it faults. */
static bool
fail_one(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 303);
		break;
	case 1: /* not on home, where there are several */
		spawn_counter(office, office->counters[302], office->odd_note);
		spawn_counters(office, 1696);
		break;
	case 2:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 3:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(
		    office, report->reason == UPGRADE_REASON_failed_conversion);
		EXPECT(office, report->failed == 1 && report->pinned == 0);
		EXPECT(office, report->converted >= 64);
		EXPECT(office, report->converted < 1999);
		EXPECT(office, report->lost == 0 && report->died == 0);
		EXPECT_TEXT(office, report->text,
		    "1 could not be converted to 3.0: 'counter' 1.0 is current "
		    "and runs 2000 of 2000");
		EXPECT(office, holders(office, "1.0") == 2000);
		break;
	case 4:
		EXPECT(office, sum(office) == office->expected);
		EXPECT(office, upgrade(office, "2.0")); /* that one can */
		break;
	case 5:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_refused_conversion_turns_all_round(void **state)
{
	struct office *office = *state;

	office->odd_note = "bad";
	play(office, fail_one);
	assert_int_equal(
	    office->rows[0].reason, UPGRADE_REASON_failed_conversion);
}

static void
r15_a_fault_in_a_hook_turns_all_round(void **state)
{
	struct office *office = *state;

	office->odd_note = "boom";
	play(office, fail_one);
	assert_int_equal(scheduler_sum(office->scheduler).faults, 1);
	/* What it has counted outlives it: it was closed when all were back. */
	assert_int_equal(id_of(office, "3.0"), 0);
	assert_int_equal(
	    behaviour_counts(office->behaviours,
		behaviour_find_past(office->behaviours, "counter", "3.0"))
		.faults,
	    1);
}

/* On the way back a failure pins: nowhere is left to turn to. */
static bool
fail_on_the_way_back(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 201);
		spawn_counter(office, PID_NONE, "stuck");
		break;
	case 1:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		go_back(office);
		break;
	case 3:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->converted == 201);
		EXPECT(office, report->pinned == 1);
		EXPECT(office, holders(office, "3.0") == 1);
		post(office, 201, COUNTER_COUNT, 0);
		break;
	case 4:
		EXPECT(office, count_of(office, office->counters[201]) == 1);
		EXPECT(office, holders(office, "3.0") == 1);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_failure_on_the_way_back_pins(void **state)
{
	play(*state, fail_on_the_way_back);
}

static void
spawn_odd(struct office *office, unsigned int count)
{
	while (count-- > 0)
		spawn_counter(office, PID_NONE, office->odd_note);
}

/* Design 4: a hook that faults on the way down is left out; the plan will do.
 */
static bool
fault_on_the_way_back(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 200);
		spawn_odd(office, 40);
		break;
	case 1:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		go_back(office);
		break;
	case 3:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->converted == 240);
		EXPECT(office, report->pinned == 0 && report->failed == 0);
		EXPECT(office, holders(office, "1.0") == 240);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_fault_in_a_hook_on_the_way_back_pins_nobody(void **state)
{
	struct office *office = *state;

	office->odd_note = "boomdn";
	play(office, fault_on_the_way_back);
	assert_int_equal(scheduler_sum(office->scheduler).faults, 40);
}

/* Each takes 50 ms: at the third it is not asked any more (on a scheduler). */
static void
u1_a_hook_that_hangs_on_the_way_back_is_asked_three_times(void **state)
{
	struct office *office = *state;
	uint64_t faults;

	office->odd_note = "spindn";
	play(office, fault_on_the_way_back);
	faults = scheduler_sum(office->scheduler).faults;
	assert_in_range(faults, 3, 2 + office->schedulers);
}

/* Told apart from one that was slow, which has come to its end. */
static void
assert_told_as_stopped(const struct office *office)
{
	assert_string_equal(office->failures[0].text,
	    "its code_change or check did not end and was stopped at the limit "
	    "of processor time");
}

/* Design 5: the third such turns all round, whatever -on-error says. */
static bool
hang_on_the_way_up(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 200);
		spawn_odd(office, 40);
		break;
	case 1:
		upgrade_keeping_old(office);
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(
		    office, report->reason == UPGRADE_REASON_failed_conversion);
		EXPECT(office, holders(office, "1.0") == 240);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_hook_that_hangs_turns_all_round_at_the_third(void **state)
{
	struct office *office = *state;

	office->odd_note = "spin";
	play(office, hang_on_the_way_up);
	assert_in_range(
	    scheduler_sum(office->scheduler).faults, 3, 3 * office->schedulers);
	assert_told_as_stopped(office);
}

/* Where one failure is enough, one that hangs is one. */
static bool
hang_once(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counter(office, PID_NONE, "spin");
		spawn_counters(office, 2000);
		break;
	case 1:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(
		    office, report->reason == UPGRADE_REASON_failed_conversion);
		EXPECT(office, report->failed == 1 && report->pinned == 0);
		EXPECT(office, holders(office, "1.0") == 2001);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_hook_that_hangs_once_turns_all_round(void **state)
{
	play(*state, hang_once);
	assert_told_as_stopped(*state);
}

static bool
keep_old(struct office *office)
{
	const struct upgrade_report *report = office->report;
	unsigned int i;

	switch (office->step) {
	case 0:
		for (i = 0; i < 50; i++)
			spawn_counter(
			    office, PID_NONE, i % 10 == 0 ? "bad" : "");
		upgrade_keeping_old(office);
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, report->failed == 5 && report->pinned == 0);
		EXPECT(office, report->converted == 45);
		EXPECT(office, office->failure_count == 5);
		for (i = 0; i < 50; i++)
			post(office, i, COUNTER_COUNT, 0);
		break;
	case 2: /* they run, and are not tried again at each event */
		EXPECT(office, sum(office) == 50);
		EXPECT(office, holders(office, "1.0") == 5);
		EXPECT(office,
		    release_handler_make_permanent(
			office->handler, "counter", "3.0")
			    ->stage == UPGRADE_permanent);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_keep_old_leaves_those_behind_that_failed(void **state)
{
	play(*state, keep_old);
}

/* Conversions that fault are no events: keep-old keeps (U1). */
static bool
keep_who_faults(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 200);
		spawn_odd(office, 40);
		break;
	case 1:
		upgrade_keeping_old(office);
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, report->failed == 40);
		office->ticked = now(office);
		break;
	case 3: /* a look at the faults is due every tenth of that */
		if (now(office) < office->ticked + SECOND)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, holders(office, "3.0") == 200);
		EXPECT(office, holders(office, "1.0") == 40);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_keep_old_keeps_who_faults_in_a_hook(void **state)
{
	struct office *office = *state;

	office->odd_note = "boom";
	play(office, keep_who_faults);
}

static bool
fail_before_an_event(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 2001);
		spawn_counter(office, PID_NONE, "bad");
		break;
	case 1:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 2:
		if (report->stage != UPGRADE_converting)
			return true;
		post(office, 2001, COUNTER_COUNT, 0);
		break;
	case 3:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->failed == 1);
		EXPECT(office, report->converted < 1000);
		EXPECT(office, count_of(office, office->counters[2001]) == 1);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_conversion_that_an_event_caused_may_fail_too(void **state)
{
	play(*state, fail_before_an_event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) TEST_ON(one, name), TEST_ON(two, name), TEST_ON(four, name)
		TEST(u18_what_has_no_image_is_pinned_and_follows),
		TEST(u1_a_refused_conversion_turns_all_round),
		TEST(r15_a_fault_in_a_hook_turns_all_round),
		TEST(u1_a_conversion_that_an_event_caused_may_fail_too),
		TEST(u1_a_failure_on_the_way_back_pins),
		TEST(u1_a_fault_in_a_hook_on_the_way_back_pins_nobody),
		TEST(u1_a_hook_that_hangs_on_the_way_back_is_asked_three_times),
		TEST(u1_a_hook_that_hangs_turns_all_round_at_the_third),
		TEST(u1_a_hook_that_hangs_once_turns_all_round),
		TEST(u1_keep_old_leaves_those_behind_that_failed),
		TEST(u1_keep_old_keeps_who_faults_in_a_hook),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
