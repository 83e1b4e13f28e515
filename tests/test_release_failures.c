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
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
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
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
