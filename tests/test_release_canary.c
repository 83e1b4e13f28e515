/* U3: a release is watched on a few before all get it, and the watch decides.
 */
#include "tests/release_world.h"

#include "upgrade/version_measures.h"

/* A watch of ten seconds over a tenth. */
static void
order_canary(struct office *office, struct upgrade_order wanted)
{
	wanted.canary = 0.1;
	if (wanted.watch == 0)
		wanted.watch = 10 * SECOND;
	order(office, wanted);
}

static bool
is_watching(const struct office *office)
{
	return office->report->stage == UPGRADE_canary;
}

/* Enough to judge by, on one of the canary: it is the first ones' peer too. */
static void
give_events(struct office *office, unsigned int events)
{
	unsigned int i;

	for (i = 0; i < events; i++)
		post(office, i % office->count, COUNTER_COUNT, 0);
	office->expected += events;
}

static bool
on_to_all(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		break;
	case 1:
		order_canary(
		    office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 2:
		if (holders(office, "2.0") < COUNTERS / 10)
			return true;
		break;
	case 3:
		EXPECT(office, is_watching(office));
		EXPECT(office, holders(office, "2.0") == COUNTERS / 10);
		EXPECT(office,
		    behaviour_is_current(
			office->behaviours, id_of(office, "1.0")));
		spawn_counters(office, 100);
		/* 10, rounded on each scheduler. */
		EXPECT(office, holders(office, "2.0") >= COUNTERS / 10 + 8);
		EXPECT(office, holders(office, "2.0") <= COUNTERS / 10 + 12);
		give_events(office, 20000);
		break;
	case 4:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, report->prolonged == 0);
		EXPECT(office, report->canaries == COUNTERS / 10);
		EXPECT(office, report->converted >= COUNTERS + 88);
		EXPECT(office, report->born == 100 && report->lost == 0);
		EXPECT(office,
		    report->watching.run_us >= 10 * SECOND &&
			report->watching.run_us < 11 * SECOND);
		EXPECT(office, holders(office, "2.0") == office->count);
		EXPECT(office, sum(office) == office->expected);
		return false;
	}
	office->step++;
	return true;
}

static void
u3_a_share_of_the_live_and_of_the_born_then_all(void **state)
{
	play(*state, on_to_all);
}

/* Whether it asked while there was too little to judge by. */
struct asked {
	unsigned int times;
	uint64_t fewest_events;
	bool fails, is_released;
};

static bool
fails(void *arg, const struct version_measures *new_version,
    const struct version_measures *old_version)
{
	struct asked *asked = arg;

	(void)old_version;
	if (asked->times++ == 0 || new_version->events < asked->fewest_events)
		asked->fewest_events = new_version->events;
	return asked->fails;
}

static void
released(void *arg)
{
	((struct asked *)arg)->is_released = true;
}

static struct asked asked;

static bool
prolong(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		asked = (struct asked){ .fails = true };
		spawn_counters(office, 100);
		break;
	case 1:
		order_canary(office,
		    (struct upgrade_order){ .conditions = { .arg = &asked,
						.fails = fails,
						.release = released } });
		break;
	case 2:
		if (scheduler_now(office->scheduler) < 25 * SECOND)
			return true;
		EXPECT(office, is_watching(office) && !report->is_done);
		EXPECT(office, report->prolonged == 2 && asked.times == 0);
		give_events(office, 20000);
		break;
	case 3:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->reason == UPGRADE_REASON_fail_when);
		EXPECT(office, asked.fewest_events >= 1000);
		EXPECT(office, holders(office, "1.0") == 100);
		EXPECT(office, sum(office) == office->expected);
		EXPECT(office, !asked.is_released);
		EXPECT(office, upgrade(office, "2.0"));
		EXPECT(office, asked.is_released);
		return false;
	}
	office->step++;
	return true;
}

static void
u3_too_few_events_prolong_and_a_verdict_takes_back(void **state)
{
	play(*state, prolong);
}

static bool
without_hope(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 100);
		order_canary(office, (struct upgrade_order){ .watch = 10000 });
		break;
	case 1:
		if (!office->report->is_done) {
			office->calls = 0;
			return true;
		}
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->reason == UPGRADE_REASON_no_verdict);
		EXPECT(office, report->prolonged == 100);
		EXPECT(office, report->converted > 0);
		EXPECT(office, report->returned == report->converted);
		EXPECT(office, holders(office, "1.0") == 100);
		EXPECT(office,
		    strncmp(report->text,
			"no verdict on 2.0 after 101 watches: 0 events",
			45) == 0);
		return false;
	}
	office->step++;
	return true;
}

static void
u3_a_watch_that_never_sees_enough_ends(void **state)
{
	play(*state, without_hope);
}

static bool
fail_to_convert(struct office *office)
{
	const struct upgrade_report *report = office->report;
	unsigned int i;

	switch (office->step) {
	case 0:
		for (i = 0; i < 100; i++)
			spawn_counter(office, PID_NONE, "bad");
		order_canary(
		    office, (struct upgrade_order){ .version = "3.0" });
		break;
	case 1:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(
		    office, report->reason == UPGRADE_REASON_failed_conversion);
		EXPECT(office, report->failed >= 1 && report->failed <= 10);
		EXPECT(office, office->failure_count == report->failed);
		EXPECT_TEXT(office, office->failures[0].version, "1.0");
		EXPECT_TEXT(office, office->failures[0].text,
		    "its code_change or check refuses the state");
		EXPECT(office, holders(office, "1.0") == 100);
		return false;
	}
	office->step++;
	return true;
}

static void
u3_a_refused_conversion_of_a_canary_takes_back(void **state)
{
	play(*state, fail_to_convert);
}

/* The operator sees enough; and a qualified call does not leave the canary. */
static bool
command_back(struct office *office)
{
	const struct upgrade_report *report = office->report;
	unsigned int i;

	switch (office->step) {
	case 0:
		spawn_counters(office, 1000);
		order_canary(
		    office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (holders(office, "2.0") < 100)
			return true;
		for (i = 0; i < office->count; i++)
			post(office, i, COUNTER_USE_CURRENT, 0);
		break;
	case 2:
		EXPECT(office, holders(office, "2.0") == 100);
		EXPECT(office,
		    release_handler_rollback(office->handler, "counter", 0) ==
			report);
		break;
	case 3:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->reason == UPGRADE_REASON_command);
		EXPECT(office, report->converted == 100);
		EXPECT(office, holders(office, "1.0") == 1000);
		return false;
	}
	office->step++;
	return true;
}

static void
u3_a_canary_goes_back_on_command(void **state)
{
	play(*state, command_back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(one, u3_a_share_of_the_live_and_of_the_born_then_all),
		TEST_ON(two, u3_a_share_of_the_live_and_of_the_born_then_all),
		TEST_ON(four, u3_a_share_of_the_live_and_of_the_born_then_all),
		TEST_ON(
		    one, u3_too_few_events_prolong_and_a_verdict_takes_back),
		TEST_ON(
		    two, u3_too_few_events_prolong_and_a_verdict_takes_back),
		TEST_ON(one, u3_a_watch_that_never_sees_enough_ends),
		TEST_ON(one, u3_a_refused_conversion_of_a_canary_takes_back),
		TEST_ON(two, u3_a_refused_conversion_of_a_canary_takes_back),
		TEST_ON(one, u3_a_canary_goes_back_on_command),
		TEST_ON(four, u3_a_canary_goes_back_on_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
