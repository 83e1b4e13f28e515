/*
 * Who is born on a release on trial that faults in its first event begins all
 * the same, in the version before (U21); and what becomes of a release that
 * does so often, or has its processes give up, and of those who begin nowhere.
 */
#include "tests/release_world.h"

enum { LIVE = 100 };

static const char *
version_of(const struct office *office, unsigned int which)
{
	return behaviour_version(
	    office->behaviours, version_id(office, office->counters[which]));
}

static bool
lives(const struct office *office, unsigned int which)
{
	return process_is_alive(
	    at(office, office->counters[which]), office->counters[which]);
}

/* The next to be born, whose first `count` starts fault. */
static unsigned int
bear(struct office *office, uint32_t count)
{
	unsigned int which = office->count;

	(void)spawn_counter(office, PID_NONE, "born");
	break_one(office, which, count);
	return which;
}

static bool
install(struct office *office)
{
	if (office->step == 0) {
		spawn_counters(office, LIVE);
		order(office, (struct upgrade_order){ .version = "2.0" });
		office->step = 1;
	}
	office->step += office->report->is_done;
	return true;
}

static struct behaviour_counts
counts(const struct office *office, const char *version)
{
	return behaviour_counts(office->behaviours, id_of(office, version));
}

/*--------------------------------------------------------------------
 * One that begins
 */

/* It is one of 1.0, as if it had been born there. */
static bool
has_begun(struct office *office)
{
	struct process_info info;

	EXPECT_TEXT(office, version_of(office, LIVE), "1.0");
	(void)process_info(
	    at(office, office->counters[LIVE]), office->counters[LIVE], &info);
	EXPECT(office, info.born == id_of(office, "1.0"));
	EXPECT(office, info.upgrades == 0 && info.faults == 0);
	EXPECT(office, info.has_failed);
	EXPECT(office,
	    info.state_size ==
		behaviour_at(office->behaviours, id_of(office, "1.0"))
		    ->state_size);
	EXPECT(office, counts(office, "2.0").retried == 1);
	EXPECT(office, counts(office, "2.0").faults == 1);
	EXPECT(office, counts(office, "2.0").unborn == 0);
	EXPECT(office, counts(office, "1.0").faults == 0);
	EXPECT(office, holders(office, "1.0") == 1);
	EXPECT(office, is_told(office, ", 1 call (1 failed), "));
	return true;
}

static bool
is_in_the_rows(struct office *office)
{
	const struct upgrade_report *row = &office->rows[0];

	EXPECT(office, row->failed == 1 && row->retried == 1);
	EXPECT(office, row->crashes_to == 1 && row->lost == 0);
	EXPECT(office, office->failure_count == 1);
	EXPECT(office, !office->failures[0].is_pinned);
	EXPECT(
	    office, pid_equal(office->failures[0].pid, office->counters[LIVE]));
	EXPECT_TEXT(office, office->failures[0].version, "1.0");
	EXPECT_TEXT(
	    office, office->failures[0].text, "an event of it faulted there");
	return true;
}

static bool
begin_on_the_old(struct office *office)
{
	switch (office->step) {
	case 0:
	case 1:
		return install(office);
	case 2:
		EXPECT(office, bear(office, 1) == LIVE);
		post(office, LIVE, COUNTER_COUNT, 0);
		break;
	case 3: /* with its start, and what came after it */
		EXPECT(office, has_begun(office));
		EXPECT(office, count_of(office, office->counters[LIVE]) == 1);
		post(office, LIVE, COUNTER_USE_CURRENT, 0);
		post(office, LIVE, COUNTER_COUNT, 0);
		break;
	case 4: /* barred for as long as that is on trial */
		EXPECT(office, has_begun(office));
		(void)release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		post(office, LIVE, COUNTER_COUNT, 0);
		break;
	case 5:
		EXPECT(office, is_in_the_rows(office));
		EXPECT_TEXT(office, version_of(office, LIVE), "2.0");
		EXPECT(office, count_of(office, office->counters[LIVE]) == 3);
		return false;
	}
	office->step++;
	return true;
}

static void
u21_a_faulting_start_is_handled_by_the_version_before(void **state)
{
	play(*state, begin_on_the_old);
}

/*--------------------------------------------------------------------
 * Those that do not
 */

/* There, too: it has failed to start, as it always would. */
static bool
fault_twice(struct office *office)
{
	switch (office->step) {
	case 0:
	case 1:
		return install(office);
	case 2:
		(void)bear(office, 2);
		break;
	case 3:
		EXPECT(office, !lives(office, LIVE));
		EXPECT(office, counts(office, "2.0").faults == 1);
		EXPECT(office, counts(office, "1.0").faults == 1);
		EXPECT(office, counts(office, "1.0").ends == 1);
		EXPECT(office, holders(office, "2.0") == LIVE);
		EXPECT(office, holders(office, "1.0") == 0);
		(void)release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		(void)bear(office, 1);
		break;
	case 4: /* once it is permanent there is no version before */
		EXPECT(office, !lives(office, LIVE + 1));
		EXPECT(office, counts(office, "2.0").faults == 2);
		EXPECT(office, counts(office, "2.0").retried == 1);
		return false;
	}
	office->step++;
	return true;
}

static void
u21_a_start_that_faults_there_too_has_failed(void **state)
{
	play(*state, fault_twice);
}

/*--------------------------------------------------------------------
 * One that was started by another
 */

static unsigned int
bear_beside(struct office *office, unsigned int starter)
{
	const struct counter_start start = { .peer = PID_NONE };
	const struct spawn spawn = { .behaviour = behaviour_current(
					 office->behaviours, "counter"),
		.start = &start,
		.length = sizeof start,
		.starter = office->counters[starter] };
	unsigned int which = office->count++;

	if (process_spawn(at(office, spawn.starter), &spawn,
		&office->counters[which]) != 0)
		office->failed = true;
	break_one(office, which, 1);
	return which;
}

/* Both are of one version (U20); if one has to stay the other cannot begin. */
static bool
begin_together(struct office *office)
{
	switch (office->step) {
	case 0:
	case 1:
		return install(office);
	case 2:
		post(office, 4, COUNTER_COUNT, 0);
		post(office, 5, COUNTER_PHASE, 1); /* HELD */
		break;
	case 3:
		(void)bear_beside(office, 4);
		(void)bear_beside(office, 5);
		break;
	case 4:
		EXPECT_TEXT(office, version_of(office, LIVE), "1.0");
		EXPECT_TEXT(office, version_of(office, 4), "1.0");
		EXPECT(office, count_of(office, office->counters[4]) == 1);
		EXPECT_TEXT(office, version_of(office, 5), "2.0");
		EXPECT(office, !lives(office, LIVE + 1));
		EXPECT(office, counts(office, "2.0").retried == 1);
		EXPECT(office, is_told(office, ", 2 calls (2 failed), "));
		return false;
	}
	office->step++;
	return true;
}

static void
u20_who_begins_in_the_version_before_takes_its_starter_along(void **state)
{
	play(*state, begin_together);
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
	case 1:
		return install(office);
	case 2:
		for (i = 0; i < 6; i++)
			(void)bear(office, 1);
		break;
	case 3:
		if (!is_back(office))
			return true;
		EXPECT(office, office->report->reason == UPGRADE_REASON_faults);
		EXPECT(office, holders(office, "1.0") == LIVE + 6);
		return false;
	}
	office->step++;
	return true;
}

static void
n12_a_release_whose_starts_fault_too_often_goes_back(void **state)
{
	play(*state, fault_often);
}

/* Who exits by itself, for no normal reason, is as one that faults there. */
static bool
give_up_often(struct office *office)
{
	unsigned int i;

	switch (office->step) {
	case 0:
	case 1:
		return install(office);
	case 2: /* others end as they should, and five are to be borne */
		for (i = 0; i < 20; i++)
			post(office, i, i < 5 ? COUNTER_GIVE_UP : COUNTER_STOP,
			    0);
		office->ticked = now(office);
		break;
	case 3:
		if (now(office) < office->ticked + SECOND)
			return true;
		EXPECT(office, counts(office, "2.0").given_up == 5);
		EXPECT(office, holders(office, "2.0") == LIVE - 20);
		post(office, 20, COUNTER_GIVE_UP, 0);
		break;
	case 4:
		if (!is_back(office))
			return true;
		EXPECT(office, office->report->reason == UPGRADE_REASON_faults);
		EXPECT(office,
		    strstr(office->report->text, "6 processes gave up in ") !=
			NULL);
		EXPECT(office, holders(office, "1.0") == LIVE - 21);
		return false;
	}
	office->step++;
	return true;
}

static void
n12_a_release_whose_processes_give_up_too_often_goes_back(void **state)
{
	play(*state, give_up_often);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) TEST_ON(one, name), TEST_ON(two, name)
		TEST(u21_a_faulting_start_is_handled_by_the_version_before),
		TEST(u21_a_start_that_faults_there_too_has_failed),
		TEST(
		    u20_who_begins_in_the_version_before_takes_its_starter_along),
		TEST(n12_a_release_whose_starts_fault_too_often_goes_back),
		TEST(n12_a_release_whose_processes_give_up_too_often_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
