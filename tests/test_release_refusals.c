/* What the release handler refuses, with which words, and what is then as it
 * was. */
#include "tests/release_world.h"

/*--------------------------------------------------------------------
 * What is refused
 */

struct refusal {
	const char *version;
	enum upgrade_reason reason;
	const char *text;
};

static const struct refusal refusals[] = {
	{ "1.0", UPGRADE_REASON_already_current,
	    "'counter' 1.0 is current already; nothing has changed" },
	{ "9.9", UPGRADE_REASON_not_found,
	    "cannot load 'counter' 9.9: there is no such release, there are: "
	    "1.0 2.0 3.0 checks broken/... steps/...; nothing has "
	    "changed, 1.0 stays current" },
	{ "broken/abi", UPGRADE_REASON_admission,
	    "cannot load 'counter' broken/abi: " COUNTER_WRONG_ABI
	    "; nothing has "
	    "changed, 1.0 stays current" },
	{ "broken/self-test", UPGRADE_REASON_self_test,
	    "cannot load 'counter' broken/self-test: its self_test answers 7, "
	    "not 0; nothing has changed, 1.0 stays current" },
	{ "broken/plan", UPGRADE_REASON_plan,
	    "cannot load 'counter' broken/plan: no plan from 1.0 to "
	    "broken/plan: field 'ticks' narrows from 32 to 16 bits and no rule "
	    "says how: 'ticks clamp' in rules does; nothing has changed, 1.0 "
	    "stays current" },
};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

static bool
try_refusals(struct office *office)
{
	const struct upgrade_report *report = office->report;
	unsigned int n = office->step / 2;

	if (office->step % 2 == 0) {
		if (n == 0)
			spawn_counters(office, 100);
		if (n == REFUSALS)
			return false;
		EXPECT(office, upgrade(office, refusals[n].version));
	} else {
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_refused);
		EXPECT(office, report->reason == refusals[n].reason);
		EXPECT_TEXT(office, report->text, refusals[n].text);
		EXPECT(office, holders(office, "1.0") == 100);
		EXPECT(office,
		    behaviour_current(office->behaviours, "counter") ==
			id_of(office, "1.0"));
	}
	office->step++;
	return true;
}

static void
u8_each_refusal_says_why_and_changes_nothing(void **state)
{
	struct office *office = *state;
	unsigned int i;

	play(office, try_refusals);
	assert_int_equal(office->row_count, REFUSALS);
	for (i = 0; i < REFUSALS; i++) {
		assert_int_equal(office->rows[i].stage, UPGRADE_refused);
		assert_int_equal(office->rows[i].reason, refusals[i].reason);
		assert_int_equal(office->rows[i].number, i + 1);
	}
}

/* What there is nothing to do for. */
static bool
refuses_the_unknown(struct office *office)
{
	const struct upgrade_report *answer;

	answer = release_handler_rollback(office->handler, "counter", 0);
	EXPECT(office, answer->reason == UPGRADE_REASON_not_found);
	answer = release_handler_upgrade(office->handler,
	    &(struct upgrade_order){ .module = "adder", .version = "1" });
	EXPECT(office, answer->reason == UPGRADE_REASON_not_found);
	EXPECT_TEXT(office, answer->text,
	    "no module 'adder' is loaded; nothing has changed");
	answer = release_handler_upgrade(office->handler,
	    &(struct upgrade_order){
		.module = "recorder", .version = "2.0" }); /* a native */
	EXPECT(office, answer->reason == UPGRADE_REASON_not_found);
	return true;
}

static bool
refuses_a_second(struct office *office)
{
	const struct upgrade_report *second;

	second = release_handler_upgrade(office->handler,
	    &(struct upgrade_order){ .module = "counter", .version = "3.0" });
	EXPECT(office, second != office->report && second->is_done);
	EXPECT(office, second->stage == UPGRADE_refused);
	EXPECT(office, second->reason == UPGRADE_REASON_running);
	EXPECT_TEXT(office, second->text,
	    "upgrade 4 of 'counter' from 1.0 to 2.0 is running; nothing has "
	    "changed");
	second =
	    release_handler_make_permanent(office->handler, "counter", "2.0");
	EXPECT(office, second->reason == UPGRADE_REASON_running);
	return true;
}

/* Until it is permanent, no other; from then on, no way back. */
static bool
ends_the_trial(struct office *office)
{
	const struct upgrade_report *answer;

	EXPECT(
	    office, release_handler_report(office->handler) == office->report);
	EXPECT(office, office->report->stage == UPGRADE_installed);
	answer = release_handler_upgrade(office->handler,
	    &(struct upgrade_order){ .module = "counter", .version = "3.0" });
	EXPECT(office, answer->reason == UPGRADE_REASON_running);
	EXPECT_TEXT(office, answer->text,
	    "'counter' 2.0 is installed and on trial; make-permanent or "
	    "rollback comes first; nothing has changed");
	answer =
	    release_handler_make_permanent(office->handler, "counter", "3.0");
	EXPECT(office, answer->reason == UPGRADE_REASON_not_found);
	answer =
	    release_handler_make_permanent(office->handler, "counter", "2.0");
	EXPECT(office, answer->stage == UPGRADE_permanent);
	EXPECT_TEXT(office, answer->text,
	    "'counter' 2.0 is current and runs 3000 of 3000, for good");
	answer = release_handler_rollback(office->handler, "counter", 0);
	EXPECT(office, answer->reason == UPGRADE_REASON_not_found);
	/* Nobody runs it, so that it is closed already. */
	EXPECT(office, code_purge(office->code, "counter", "1.0") == -ENOENT);
	return true;
}

static bool
try_two(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		EXPECT(office, refuses_the_unknown(office));
		EXPECT(office, upgrade(office, "2.0"));
		break;
	case 1: /* loading */
	case 2: /* converting */
		if (office->step == 2 &&
		    office->report->stage != UPGRADE_converting)
			return true;
		EXPECT(office, refuses_a_second(office));
		break;
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, ends_the_trial(office));
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 4:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->stage == UPGRADE_installed);
		EXPECT(office, holders(office, "3.0") == COUNTERS);
		return false;
	}
	office->step++;
	return true;
}

static void
u12_one_upgrade_at_a_time(void **state)
{
	play(*state, try_two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) TEST_ON(one, name), TEST_ON(two, name), TEST_ON(four, name)
		TEST(u8_each_refusal_says_why_and_changes_nothing),
		TEST(u12_one_upgrade_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
