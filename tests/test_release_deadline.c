/*
 * U18: who is pinned, or still on the old code of a drain, is cut when the
 * deadline that the operator gave has passed, and not before.
 */
#include "tests/release_world.h"

#include <stdatomic.h>

#include "switch/behaviour.h"

static atomic_uint rejected; /* by several schedulers */

static bool
reject(void *arg, struct scheduler *scheduler, struct pid pid)
{
	(void)arg;
	rejected++;
	process_exit_signal(scheduler, PID_NONE, pid,
	    (struct reason){ .kind = REASON_SHUTDOWN });
	return true;
}

static bool
cut(struct office *office)
{
	const struct upgrade_telephony telephony = { .reject = reject };
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		atomic_store(&rejected, 0);
		release_handler_set_telephony(office->handler, &telephony);
		spawn_counters(office, 20);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		post(office, 3, COUNTER_PHASE, 1);
		post(office, 4, COUNTER_PHASE, 1);
		break;
	case 2:
		office->report = release_handler_rollback(
		    office->handler, "counter", 30 * SECOND);
		break;
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->pinned == 2);
		post(office, 4, COUNTER_PHASE, 0); /* it follows in time */
		break;
	case 4:
		if (now(office) < 29 * SECOND)
			return true;
		EXPECT(office, holders(office, "2.0") == 1 && rejected == 0);
		break;
	case 5:
		if (now(office) < 31 * SECOND)
			return true;
		EXPECT(office, rejected == 1 && report->rejected == 1);
		report = release_handler_dated(office->handler);
		EXPECT(office, report->number == office->report->number);
		EXPECT(office, report->rejected == 1);
		EXPECT(office, holders(office, "2.0") == 0);
		EXPECT(office, holders(office, "1.0") == 19);
		return false;
	}
	office->step++;
	return true;
}

static void
u18_a_deadline_rejects_who_is_still_pinned(void **state)
{
	play(*state, cut);
}

/*--------------------------------------------------------------------
 * While it is being done, something else is asked for
 */

/* A scheduler_due_f: a part of those who are pinned has been cut. */
static void
ask_for_the_next(void *arg, uint64_t key)
{
	struct office *office = arg;

	(void)key;
	order(office, (struct upgrade_order){ .version = "3.0" });
}

static bool
pin_all(struct office *office)
{
	const struct upgrade_telephony telephony = { .reject = reject };
	unsigned int i;

	switch (office->step) {
	case 0:
		atomic_store(&rejected, 0);
		release_handler_set_telephony(office->handler, &telephony);
		spawn_counters(office, COUNTERS);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		for (i = 0; i < COUNTERS; i++)
			post(office, i, COUNTER_PHASE, 1);
		break;
	case 2:
		office->report = release_handler_rollback(
		    office->handler, "counter", SECOND);
		break;
	}
	office->step++;
	return true;
}

static bool
interrupt(struct office *office)
{
	if (office->step < 3)
		return pin_all(office);
	switch (office->step) {
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->pinned == COUNTERS);
		(void)scheduler_at(office->scheduler,
		    now(office) + SECOND + 1000, ask_for_the_next, office, 0);
		break;
	case 4:
		if (office->report->is_rollback || !office->report->is_done)
			return true;
		EXPECT(office, office->report->stage == UPGRADE_installed);
		EXPECT(office, rejected > 0 && rejected < COUNTERS);
		EXPECT(office,
		    release_handler_dated(office->handler)->rejected ==
			rejected);
		return false;
	}
	office->step++;
	return true;
}

static void
u18_the_next_upgrade_forgets_nobody_who_was_cut(void **state)
{
	play(*state, interrupt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(one, u18_a_deadline_rejects_who_is_still_pinned),
		TEST_ON(two, u18_a_deadline_rejects_who_is_still_pinned),
		TEST_ON(one, u18_the_next_upgrade_forgets_nobody_who_was_cut),
		TEST_ON(two, u18_the_next_upgrade_forgets_nobody_who_was_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
