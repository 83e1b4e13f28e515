/* What holds for as long as a release may be taken back, and how that ends. */
#include "tests/release_world.h"

#include "switch/behaviour.h"

static const char *
version_of(const struct office *office, unsigned int which)
{
	struct pid pid = office->counters[which];
	struct process_info info;

	if (process_info(at(office, pid), pid, &info) != 0)
		return "";
	return behaviour_version(office->behaviours, info.behaviour);
}

/*--------------------------------------------------------------------
 * U10: the end of a trial
 */

static bool
end_unconfirmed(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 100);
		order(office, (struct upgrade_order){ .trial = 60 * SECOND });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_trial);
		EXPECT(office, strstr(report->text, "on trial for 60 s"));
		break;
	case 2:
		if (!is_back(office))
			return true;
		EXPECT(office, now(office) >= 60 * SECOND);
		EXPECT(office, now(office) < 61 * SECOND);
		EXPECT(office,
		    office->report->reason == UPGRADE_REASON_trial_ended);
		EXPECT(office, office->report->converted == 100);
		EXPECT(office, holders(office, "1.0") == 100);
		EXPECT_TEXT(office, office->report->text,
		    "the trial of 2.0 has ended unconfirmed: 'counter' 1.0 is "
		    "current and runs 100 of 100");
		EXPECT(office, sum(office) == office->expected);
		return false;
	}
	office->step++;
	return true;
}

static void
u10_a_trial_that_nobody_confirms_goes_back(void **state)
{
	play(*state, end_unconfirmed);
}

static bool
confirm(struct office *office)
{
	const struct upgrade_report *report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 100);
		order(office, (struct upgrade_order){ .trial = SECOND });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		report = release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		EXPECT(office, report->stage == UPGRADE_permanent);
		EXPECT(office, behaviours_trial(office->behaviours) == 0);
		break;
	case 2:
		if (now(office) < 5 * SECOND)
			return true;
		EXPECT(office, holders(office, "2.0") == 100);
		return false;
	}
	office->step++;
	return true;
}

static void
u10_a_confirmed_one_stays(void **state)
{
	play(*state, confirm);
}

/*--------------------------------------------------------------------
 * U21: an event that faults goes to the version before
 */

/* It has been converted already: no sweep meets it again. */
static bool
give_back_one(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (report->stage != UPGRADE_converting)
			return true;
		EXPECT_TEXT(office, version_of(office, 0), "2.0");
		break_one(office, 0, 1);
		post(office, 0, COUNTER_COUNT, 0);
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT_TEXT(office, version_of(office, 0), "1.0");
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, report->retried == 1 && report->failed == 1);
		EXPECT(office, report->pinned == 0);
		EXPECT(office,
		    strstr(
			report->text, ", 1 left on another after a failure"));
		EXPECT(office,
		    process_failed(office->scheduler, id_of(office, "1.0")) ==
			1);
		post(office, 0, COUNTER_STOP, 0);
		break;
	case 3: /* who has ended is not there any more */
		EXPECT(office,
		    process_failed(office->scheduler, id_of(office, "1.0")) ==
			0);
		return false;
	}
	office->step++;
	return true;
}

static void
u21_who_is_given_back_counts_as_failed_and_not_as_pinned(void **state)
{
	play(*state, give_back_one);
}

static bool
retry(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 100);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		break_one(office, 7, 1);
		post(office, 7, COUNTER_COUNT, 0);
		office->expected++;
		break;
	case 2: /* counted, by the old code; and there it stays */
		EXPECT(office, sum(office) == office->expected);
		EXPECT_TEXT(office, version_of(office, 7), "1.0");
		post(office, 7, COUNTER_USE_CURRENT, 0);
		post(office, 7, COUNTER_COUNT, 0);
		office->expected++;
		break;
	case 3:
		EXPECT_TEXT(office, version_of(office, 7), "1.0");
		EXPECT(office, sum(office) == office->expected);
		EXPECT(office,
		    behaviour_counts(office->behaviours, id_of(office, "2.0"))
			    .retried == 1);
		report = release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		EXPECT(office, report->stage == UPGRADE_permanent);
		post(office, 7, COUNTER_COUNT, 0);
		office->expected++;
		break;
	case 4: /* it follows at its next event */
		EXPECT_TEXT(office, version_of(office, 7), "2.0");
		EXPECT(office, sum(office) == office->expected);
		return false;
	}
	office->step++;
	return true;
}

static void
u21_a_faulting_event_is_handled_by_the_version_before(void **state)
{
	play(*state, retry);
}

/* That one fault is the process's own affair, as it always was. */
static bool
fault_twice(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, 10);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		break_one(office, 3, 2);
		post(office, 3, COUNTER_COUNT, 0);
		break;
	case 2: /* on_fault: exit */
		EXPECT(office,
		    !process_is_alive(
			at(office, office->counters[3]), office->counters[3]));
		EXPECT(office,
		    behaviour_counts(office->behaviours, id_of(office, "1.0"))
			    .faults == 1);
		EXPECT(office, holders(office, "2.0") == 9);
		return false;
	}
	office->step++;
	return true;
}

static void
u21_if_that_faults_too_on_fault_decides(void **state)
{
	play(*state, fault_twice);
}

/*--------------------------------------------------------------------
 * N12: too many faults
 */

static bool
fault_often(struct office *office)
{
	unsigned int i;

	switch (office->step) {
	case 0:
		spawn_counters(office, 1000);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1: /* one in a hundred is to be borne, N11 */
		if (!wait_done(office))
			return true;
		for (i = 0; i < 10; i++)
			break_one(office, i, 1);
		for (i = 0; i < 1000; i++)
			post(office, i, COUNTER_COUNT, 0);
		office->expected += 1000;
		office->ticked = now(office);
		break;
	case 2:
		if (now(office) < office->ticked + SECOND)
			return true;
		EXPECT(office, holders(office, "2.0") == 990);
		for (i = 20; i < 30; i++) {
			break_one(office, i, 1);
			post(office, i, COUNTER_COUNT, 0);
		}
		office->expected += 10;
		break;
	case 3:
		if (!is_back(office))
			return true;
		EXPECT(office, office->report->reason == UPGRADE_REASON_faults);
		EXPECT(office, holders(office, "1.0") == 1000);
		EXPECT(office, sum(office) == office->expected);
		return false;
	}
	office->step++;
	return true;
}

static void
n12_a_release_that_faults_too_often_goes_back(void **state)
{
	play(*state, fault_often);
}

/* Those that it refuses to begin count as well; that is no fault of theirs. */
static bool
refuse_often(struct office *office)
{
	unsigned int i;

	switch (office->step) {
	case 0:
		spawn_counters(office, 100);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1: /* five are to be borne, however few began */
		if (!wait_done(office))
			return true;
		for (i = 0; i < 5; i++)
			(void)spawn_counter(office, PID_NONE, "unborn");
		office->ticked = now(office);
		break;
	case 2: /* and as many as did begin */
		if (now(office) < office->ticked + SECOND)
			return true;
		EXPECT(office, holders(office, "2.0") == 100);
		spawn_counters(office, 6);
		(void)spawn_counter(office, PID_NONE, "unborn");
		office->ticked = now(office);
		break;
	case 3:
		if (now(office) < office->ticked + SECOND)
			return true;
		EXPECT(office, holders(office, "2.0") == 106);
		(void)spawn_counter(office, PID_NONE, "unborn");
		break;
	case 4:
		if (!is_back(office))
			return true;
		EXPECT(office, office->report->reason == UPGRADE_REASON_faults);
		EXPECT(office,
		    strstr(office->report->text,
			"7 of 13 processes could not begin") != NULL);
		EXPECT(office, holders(office, "1.0") == 106);
		return false;
	}
	office->step++;
	return true;
}

static void
n12_a_release_that_begins_too_little_goes_back(void **state)
{
	play(*state, refuse_often);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(one, u10_a_trial_that_nobody_confirms_goes_back),
		TEST_ON(two, u10_a_trial_that_nobody_confirms_goes_back),
		TEST_ON(one, u10_a_confirmed_one_stays),
		TEST_ON(
		    one, u21_a_faulting_event_is_handled_by_the_version_before),
		TEST_ON(
		    two, u21_a_faulting_event_is_handled_by_the_version_before),
		TEST_ON(one,
		    u21_who_is_given_back_counts_as_failed_and_not_as_pinned),
		TEST_ON(two,
		    u21_who_is_given_back_counts_as_failed_and_not_as_pinned),
		TEST_ON(one, u21_if_that_faults_too_on_fault_decides),
		TEST_ON(two, u21_if_that_faults_too_on_fault_decides),
		TEST_ON(one, n12_a_release_that_faults_too_often_goes_back),
		TEST_ON(four, n12_a_release_that_faults_too_often_goes_back),
		TEST_ON(one, n12_a_release_that_begins_too_little_goes_back),
		TEST_ON(four, n12_a_release_that_begins_too_little_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
