/*
 * A rehearsal changes nothing, so it may be had while a release is on trial: of
 * another one, or of the way back.  The trial goes on beside it.
 */
#include "tests/release_world.h"

#include "switch/system.h"

static bool
is_rehearsed(const struct office *office, uint64_t converted)
{
	const struct upgrade_report *report = office->report;

	return report->is_rehearsal && report->stage == UPGRADE_rehearsed &&
	    report->converted == converted && report->failed == 0 &&
	    report->lossy == 0 && report->lost == 0;
}

static bool
is_on_trial(const struct office *office)
{
	return behaviours_trial(office->behaviours) != 0 &&
	    holders(office, "2.0") == office->count &&
	    behaviour_is_current(office->behaviours, id_of(office, "2.0"));
}

/* Unconfirmed; and the report of the trial has gone on beside it. */
static bool
went_back(struct office *office)
{
	const struct upgrade_report *report =
	    release_handler_report(office->handler);

	EXPECT(office, now(office) >= 10 * SECOND);
	EXPECT(office, now(office) < 11 * SECOND);
	EXPECT(office, report->reason == UPGRADE_REASON_trial_ended);
	EXPECT(office, report->converted == 300);
	EXPECT(office, holders(office, "1.0") == 300);
	report = release_handler_tried(office->handler);
	EXPECT(office, report->number == 1 && !report->is_rehearsal);
	EXPECT(office, report->converted == 300);
	EXPECT_TEXT(office, report->version_to, "2.0");
	return true;
}

/* Another, then the way back; then it ends unconfirmed, as it would have. */
static bool
rehearse_on_trial(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 300);
		order(office, (struct upgrade_order){ .trial = 10 * SECOND });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		rehearse(office, "steps/9");
		EXPECT(office, !office->report->is_done);
		break;
	case 2:
		if (!wait_done(office))
			return true;
		EXPECT(office, is_rehearsed(office, 300));
		EXPECT_TEXT(office, report->version_from, "2.0");
		EXPECT(office, id_of(office, "steps/9") == 0);
		EXPECT(office, is_on_trial(office));
		rehearse(office, "1.0");
		break;
	case 3:
		if (!wait_done(office))
			return true;
		EXPECT(office, is_rehearsed(office, 300));
		EXPECT(office, is_on_trial(office));
		rehearse(office, "2.0");
		EXPECT(office,
		    office->report->reason == UPGRADE_REASON_already_current);
		rehearse(office, "9.9");
		break;
	case 4:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->reason == UPGRADE_REASON_not_found);
		EXPECT(office, is_on_trial(office));
		order(office, (struct upgrade_order){ .version = "3.0" });
		EXPECT(office, office->report->stage == UPGRADE_refused);
		EXPECT(
		    office, office->report->reason == UPGRADE_REASON_running);
		break;
	case 5:
		if (!is_back(office))
			return true;
		EXPECT(office, went_back(office));
		return false;
	}
	office->step++;
	return true;
}

static void
u2_it_is_rehearsed_beside_a_trial(void **state)
{
	play(*state, rehearse_on_trial);
}

/* It is in hand when the trial ends: that waits, and comes all the same. */
static bool
end_meanwhile(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		order(office, (struct upgrade_order){ .trial = SECOND });
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		break;
	case 2: /* 47 slices of 50 µs */
		if (now(office) < office->report->ended + SECOND - 2000)
			return true;
		rehearse(office, "1.0");
		break;
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, is_rehearsed(office, COUNTERS));
		break;
	case 4:
		if (!is_back(office))
			return true;
		EXPECT(office,
		    office->report->reason == UPGRADE_REASON_trial_ended);
		EXPECT(office, holders(office, "1.0") == COUNTERS);
		return false;
	}
	office->step++;
	return true;
}

static void
u10_a_trial_that_ends_meanwhile_goes_back(void **state)
{
	play(*state, end_meanwhile);
}

/* The operator's rollback does not wait; what else he asks for is refused. */
static bool
roll_back_meanwhile(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!report->is_done)
			return true;
		rehearse(office, "1.0");
		report = release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		EXPECT(office, report->reason == UPGRADE_REASON_running);
		rehearse(office, "3.0");
		EXPECT(
		    office, office->report->reason == UPGRADE_REASON_running);
		EXPECT(office,
		    strstr(office->report->text, "rehearsal 2 of 'counter'"));
		go_back(office);
		EXPECT(office, office->report->is_rollback);
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->reason == UPGRADE_REASON_command);
		EXPECT(office, report->converted == COUNTERS);
		EXPECT(office, holders(office, "1.0") == COUNTERS);
		EXPECT(office, office->row_count == 5);
		EXPECT_TEXT(office, office->rows[3].text,
		    "given up: what is on trial is rolled back; nothing has "
		    "changed by it");
		return false;
	}
	office->step++;
	return true;
}

static void
r15_a_rollback_has_the_rehearsal_given_up(void **state)
{
	play(*state, roll_back_meanwhile);
}

/* Also while what is to be rehearsed is loaded; that goes on, for nobody. */
static bool
roll_back_while_it_loads(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 300);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		rehearse(office, "3.0");
		EXPECT(office, !office->report->is_done);
		EXPECT(office, id_of(office, "3.0") == 0);
		report = release_handler_rollback(office->handler, "keeper", 0);
		EXPECT(office, report->reason == UPGRADE_REASON_running);
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
		EXPECT(office, office->report->is_rollback);
		break;
	case 2:
		if (!report->is_done || id_of(office, "2.0") != 0)
			return true;
		EXPECT(office, report->is_rollback);
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->reason == UPGRADE_REASON_command);
		EXPECT(office, holders(office, "1.0") == 300);
		EXPECT(office, id_of(office, "3.0") == 0);
		EXPECT_TEXT(office, office->rows[2].text,
		    "given up: what is on trial is rolled back; nothing has "
		    "changed by it");
		rehearse(office, "3.0");
		break;
	case 3:
		if (!wait_done(office))
			return true;
		EXPECT(office, is_rehearsed(office, 300));
		return false;
	}
	office->step++;
	return true;
}

static void
r15_a_rollback_does_not_wait_for_a_load(void **state)
{
	play(*state, roll_back_while_it_loads);
}

/* Until the loader has answered it has no other; then it is as ever. */
static bool
order_before_the_load_is_over(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 10);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		rehearse(office, "3.0");
		go_back(office);
		break;
	case 2:
		if (!report->is_done)
			return true;
		order(office, (struct upgrade_order){ .version = "3.0" });
		EXPECT(office, office->report->stage == UPGRADE_refused);
		EXPECT(
		    office, office->report->reason == UPGRADE_REASON_running);
		EXPECT_TEXT(office, office->report->text,
		    "a load that was given up is not over yet; nothing has "
		    "changed, 1.0 stays current");
		EXPECT(office, holders(office, "1.0") == 10);
		break;
	case 3:
		if (id_of(office, "2.0") != 0) /* it waits for the loader */
			return true;
		order(office, (struct upgrade_order){ .version = "3.0" });
		break;
	case 4:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, holders(office, "3.0") == 10);
		return false;
	}
	office->step++;
	return true;
}

static void
r15_an_upgrade_waits_for_a_load_that_was_given_up(void **state)
{
	play(*state, order_before_the_load_is_over);
}

/* It is watched as before, by what was counted from its begin on. */
static bool
fault_after_it(struct office *office)
{
	unsigned int i;

	switch (office->step) {
	case 0:
		spawn_counters(office, 100);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		rehearse(office, "3.0");
		break;
	case 2:
		if (!office->report->is_done)
			return true;
		for (i = 0; i < 20; i++) {
			break_one(office, i, 1);
			post(office, i, COUNTER_COUNT, 0);
		}
		break;
	case 3:
		if (!is_back(office))
			return true;
		EXPECT(office, office->report->reason == UPGRADE_REASON_faults);
		EXPECT(office, holders(office, "1.0") == 100);
		return false;
	}
	office->step++;
	return true;
}

static void
n12_a_release_that_faults_goes_back_after_it(void **state)
{
	play(*state, fault_after_it);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(one, u2_it_is_rehearsed_beside_a_trial),
		TEST_ON(two, u2_it_is_rehearsed_beside_a_trial),
		TEST_ON(one, u10_a_trial_that_ends_meanwhile_goes_back),
		TEST_ON(two, u10_a_trial_that_ends_meanwhile_goes_back),
		TEST_ON(one, r15_a_rollback_has_the_rehearsal_given_up),
		TEST_ON(four, r15_a_rollback_has_the_rehearsal_given_up),
		TEST_ON(one, r15_a_rollback_does_not_wait_for_a_load),
		TEST_ON(four, r15_a_rollback_does_not_wait_for_a_load),
		TEST_ON(one, r15_an_upgrade_waits_for_a_load_that_was_given_up),
		TEST_ON(
		    four, r15_an_upgrade_waits_for_a_load_that_was_given_up),
		TEST_ON(one, n12_a_release_that_faults_goes_back_after_it),
		TEST_ON(two, n12_a_release_that_faults_goes_back_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
