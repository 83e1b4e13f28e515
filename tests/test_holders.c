/* Who holds which version, since when, and why: what `versions` prints. */
#include "upgrade/holders.h"

#include "tests/release_world.h"

static bool
tells(struct office *office, const char *wanted)
{
	char *text;

	if (is_told(office, wanted))
		return true;
	text = told(office);
	print_error("step %u: no '%s' in\n%s", office->step, wanted, text);
	free(text);
	return false;
}

static uint64_t
number_of(void *arg, const struct process_info *info)
{
	(void)arg;
	return info->pid.slot + 1000;
}

static bool
is_at(const struct office *office, uint64_t ms)
{
	return scheduler_now(office->scheduler) >= ms * 1000;
}

/*--------------------------------------------------------------------
 * Why
 */

static bool
stragglers(struct office *office)
{
	const struct upgrade_telephony telephony = { .call = number_of };
	char wanted[128];

	switch (office->step) {
	case 0:
		release_handler_set_telephony(office->handler, &telephony);
		spawn_counters(office, 3);
		spawn_counter(office, PID_NONE, "bad");
		break;
	case 1:
		if (!is_at(office, 10))
			return true;
		upgrade_keeping_old(office);
		break;
	case 2:
		if (!office->report->is_done)
			return true;
		snprintf(wanted, sizeof wanted,
		    "  <%u.1> call %u, since 0.011 s: 3.0 refused its state, "
		    "or faulted on an event of it\n",
		    office->counters[3].slot, office->counters[3].slot + 1000);
		EXPECT(office, tells(office, wanted));
		EXPECT(office,
		    tells(office,
			"counter 1.0: old since 0.011 s,"
			" the way back, 1 call (1 failed)"
			", 4 born, 0 converted to it"));
		EXPECT(office,
		    tells(office,
			"counter 3.0: current since 0.011"
			" s, on trial, 3 calls, 0 born, 3"
			" converted to it, 0 crashes"));
		return false;
	}
	office->step++;
	return true;
}

static void
u7_who_was_refused_is_named_with_the_reason(void **state)
{
	play(*state, stragglers);
}

static bool
stuck(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counter(office, PID_NONE, "stuck");
		order(office, (struct upgrade_order){ .version = "3.0" });
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		go_back(office);
		break;
	case 2:
		if (!office->report->is_done)
			return true;
		EXPECT(office,
		    tells(office, ": its conversion to 1.0 was refused\n"));
		return false;
	}
	office->step++;
	return true;
}

static void
u1_who_was_refused_on_the_way_back_is_named_too(void **state)
{
	play(*state, stuck);
}

/*--------------------------------------------------------------------
 * How many
 */

static bool
many(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, HOLDERS_LISTED + 3);
		order(office,
		    (struct upgrade_order){ .version = "2.0", .drains = true });
		break;
	case 1:
		if (office->report->stage != UPGRADE_converting)
			return true;
		EXPECT(office, tells(office, ": it stays until it ends\n"));
		EXPECT(office, tells(office, "\n  and 3 more\n"));
		EXPECT(office, tells(office, ", the way back, 11 calls, "));
		EXPECT(office,
		    tells(office, ", on trial (converting), 0 calls, "));
		post(office, 0, COUNTER_STOP, 0);
		post(office, 1, COUNTER_STOP, 0);
		break;
	case 2:
		EXPECT(office, tells(office, "\n  and 1 more\n"));
		post(office, 2, COUNTER_STOP, 0);
		break;
	case 3:
		EXPECT(office, !is_told(office, " more\n"));
		return false;
	}
	office->step++;
	return true;
}

static void
u7_a_few_are_named_and_the_others_counted(void **state)
{
	play(*state, many);
}

/*--------------------------------------------------------------------
 * Since when, till when
 */

static bool
on_trial(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		break;
	case 1:
		order(office, (struct upgrade_order){ .trial = 60 * SECOND });
		break;
	case 2:
		if (office->report->stage != UPGRADE_converting)
			return true;
		EXPECT(office, tells(office, ": it is on its way to 2.0\n"));
		EXPECT(office, tells(office, ", on trial (converting), "));
		break;
	case 3: /* when it was installed, and not when it was first run */
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->ended > 1000);
		EXPECT(office, office->report->ended < 9000);
		EXPECT(office, tells(office, ", on trial until 60.00"));
		release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		break;
	case 4:
		EXPECT(
		    office, tells(office, "counter 2.0: current since 0.00"));
		EXPECT(office, !is_told(office, "trial"));
		return false;
	}
	office->step++;
	return true;
}

static void
u10_a_trial_is_told_with_its_end(void **state)
{
	play(*state, on_trial);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(one, u7_who_was_refused_is_named_with_the_reason),
		TEST_ON(one, u1_who_was_refused_on_the_way_back_is_named_too),
		TEST_ON(one, u7_a_few_are_named_and_the_others_counted),
		TEST_ON(two, u7_a_few_are_named_and_the_others_counted),
		TEST_ON(one, u10_a_trial_is_told_with_its_end),
		TEST_ON(two, u10_a_trial_is_told_with_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
