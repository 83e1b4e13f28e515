/* The other way to a release: the old code is left when its last call ends. */
#include "tests/release_world.h"

static bool
drain(struct office *office)
{
	const struct upgrade_report *report = office->report;
	unsigned int i;

	switch (office->step) {
	case 0:
		spawn_counters(office, 20);
		order(office, (struct upgrade_order){ .drains = true });
		break;
	case 1:
		if (office->report->stage != UPGRADE_converting)
			return true;
		spawn_counters(office, 5);
		for (i = 0; i < 20; i++)
			post(office, i, COUNTER_COUNT, 0);
		break;
	case 2:
		if (now(office) < 10 * SECOND)
			return true;
		EXPECT(office, holders(office, "1.0") == 20);
		EXPECT(office, holders(office, "2.0") == 5);
		EXPECT(office, report->stage == UPGRADE_converting);
		EXPECT_TEXT(office, report->mode, "drain");
		for (i = 0; i < 20; i++)
			post(office, i, COUNTER_STOP, 0);
		break;
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, report->converted == 0 && report->lost == 0);
		EXPECT(office, report->died == 20 && report->born == 5);
		EXPECT(office, holders(office, "2.0") == 5);
		return false;
	}
	office->step++;
	return true;
}

static void
u6_drain_waits_for_the_last_on_the_old_code(void **state)
{
	play(*state, drain);
}

static bool
drain_back(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, 20);
		order(office, (struct upgrade_order){ .drains = true });
		break;
	case 1:
		if (office->report->stage != UPGRADE_converting)
			return true;
		spawn_counters(office, 5);
		(void)release_handler_rollback(office->handler, "counter", 0);
		break;
	case 2:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->stage == UPGRADE_rolled_back);
		EXPECT(office, holders(office, "1.0") == 25);
		return false;
	}
	office->step++;
	return true;
}

static void
r15_a_drain_turns_round(void **state)
{
	play(*state, drain_back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(one, u6_drain_waits_for_the_last_on_the_old_code),
		TEST_ON(two, u6_drain_waits_for_the_last_on_the_old_code),
		TEST_ON(one, r15_a_drain_turns_round),
		TEST_ON(four, r15_a_drain_turns_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
