/* Conversions that take too long: some are borne, then all turn round. */
#include "tests/release_world.h"

/* In the first slice they are found out together, and then one by one. */
static bool
slow(struct office *office, unsigned int alone, bool keeps_old)
{
	unsigned int i;

	switch (office->step) {
	case 0:
		for (i = 0; i < 100; i++)
			spawn_counter(office, PID_NONE,
			    i < 2 || i + alone >= 100 ? "slow" : "");
		break;
	case 1:
		order(office,
		    (struct upgrade_order){
			.version = "3.0", .keeps_old = keeps_old });
		break;
	case 2:
		return !office->report->is_done;
	}
	office->step++;
	return true;
}

static bool
two_slow(struct office *office)
{
	return slow(office, 2, false);
}

static bool
many_slow(struct office *office)
{
	return slow(office, 8, true);
}

static void
u4_a_slow_conversion_or_two_are_borne(void **state)
{
	const struct office *office = *state;

	play(*state, two_slow);
	assert_int_equal(office->report->stage, UPGRADE_installed);
	assert_int_equal(office->report->failed, 2);
	assert_int_equal(holders(office, "3.0"), 100);
}

static void
u4_the_third_slow_conversion_takes_back(void **state)
{
	const struct office *office = *state;

	play(*state, many_slow);
	assert_int_equal(office->report->stage, UPGRADE_rolled_back);
	assert_int_equal(
	    office->report->reason, UPGRADE_REASON_failed_conversion);
	assert_int_equal(office->report->failed, 3);
	assert_int_equal(holders(office, "1.0"), 100);
	assert_string_equal(office->failures[0].text,
	    "its conversion took over 1 ms of processor time");
}

/* Nowhere is left to turn to: however slow they are, all come back. */
static bool
slow_return(struct office *office)
{
	unsigned int i;

	switch (office->step) {
	case 0:
		for (i = 0; i < 200; i++)
			spawn_counter(office, PID_NONE,
			    i < 4 || i + 16 >= 200 ? "slowdn" : "");
		break;
	case 1:
		order(office, (struct upgrade_order){ .version = "3.0" });
		break;
	case 2:
		if (!office->report->is_done)
			return true;
		go_back(office);
		break;
	case 3:
		return !office->report->is_done;
	}
	office->step++;
	return true;
}

static void
u4_a_slow_way_back_comes_to_its_end(void **state)
{
	const struct office *office = *state;

	play(*state, slow_return);
	assert_int_equal(office->report->stage, UPGRADE_rolled_back);
	assert_int_equal(office->report->converted, 200);
	assert_int_equal(holders(office, "1.0"), 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(real_time, u4_a_slow_conversion_or_two_are_borne),
		TEST_ON(real_time, u4_the_third_slow_conversion_takes_back),
		TEST_ON(real_time, u4_a_slow_way_back_comes_to_its_end),
		TEST_ON(two_in_real_time, u4_a_slow_way_back_comes_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
