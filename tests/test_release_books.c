/* What the figures of an upgrade say, and that no two of them say otherwise. */
#include "tests/release_world.h"

#include <stdatomic.h>

#include "switch/behaviour.h"

/* Two that are one unit; the one has begun already. */
static void
spawn_other(struct office *office, struct pid starter, const char *note)
{
	struct counter_start start = { .peer = PID_NONE };
	struct spawn spawn = { .behaviour = behaviour_current(
				   office->behaviours, "counter"),
		.start = &start,
		.length = sizeof start,
		.starter = starter };

	(void)snprintf(start.note, sizeof start.note, "%s", note);
	if (process_spawn(at(office, starter), &spawn,
		&office->counters[office->count++]) != 0)
		office->failed = true;
}

/*--------------------------------------------------------------------
 * What a release does while it is on trial
 */

/* One has been given back; one has faulted there as well, and has ended. */
static bool
is_followed(struct office *office)
{
	const struct upgrade_report *report =
	    release_handler_report(office->handler);

	EXPECT(office, report->crashes == 3 && report->crashes_to == 2);
	EXPECT(office, report->crashes_from == 1 && report->retried == 2);
	EXPECT(office, report->failed == 2 && report->pinned == 0);
	EXPECT(office, report->converted == 1000 && report->lost == 0);
	EXPECT(office, report->died == 0); /* that was after it */
	EXPECT_TEXT(office, report->text,
	    "'counter' 2.0 is current and runs 998 of 999, 1 left on another "
	    "after a failure; 1.0 stays for the way back until make-permanent");
	EXPECT(office, is_told(office, ", 1 call (1 failed), "));
	return true;
}

/* After that: the row of the upgrade has it, whatever ends the trial. */
static bool
is_in_its_row(struct office *office, const char *text)
{
	const struct upgrade_report *row = &office->rows[0];
	const struct upgrade_report *tried =
	    release_handler_tried(office->handler);

	EXPECT(office, row->number == 1 && tried != NULL);
	EXPECT(office, row->stage == UPGRADE_installed);
	EXPECT(office, row->crashes_to == 2 && row->crashes_from == 1);
	EXPECT(office, row->retried == 2 && row->failed == 2);
	EXPECT_TEXT(office, row->text, text);
	EXPECT(office, memcmp(row, tried, sizeof *row) == 0);
	EXPECT(office, office->failure_count == 2);
	EXPECT(office, office->failures[0].number == 1);
	EXPECT(office, !office->failures[0].is_pinned);
	EXPECT_TEXT(
	    office, office->failures[0].text, "an event of it faulted there");
	return true;
}

static bool
fault_on_trial(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, 1000);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->failed == 0);
		break_one(office, 7, 1);
		break_one(office, 9, 2);
		post(office, 7, COUNTER_COUNT, 0);
		post(office, 9, COUNTER_COUNT, 0);
		break;
	case 2:
		return is_followed(office);
	}
	office->step++;
	return true;
}

static bool
confirm(struct office *office)
{
	const struct upgrade_report *report;

	switch (office->step) {
	case 2:
		if (!fault_on_trial(office))
			return false;
		report = release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		EXPECT(office, report->stage == UPGRADE_permanent);
		EXPECT(office, report->failed == 1 && report->pinned == 0);
		EXPECT_TEXT(office, report->text,
		    "'counter' 2.0 is current and runs 998 of 999, 1 left on "
		    "another after a failure, for good");
		EXPECT(office, is_told(office, ", 1 call (1 failed), "));
		office->step = 3;
		return true;
	case 3:
		(void)is_in_its_row(
		    office, "'counter' 2.0 was made permanent, see upgrade 2");
		return false;
	}
	return fault_on_trial(office);
}

static void
u21_what_faults_until_it_is_permanent_is_in_its_row(void **state)
{
	play(*state, confirm);
}

static bool
take_back(struct office *office)
{
	switch (office->step) {
	case 2:
		if (!fault_on_trial(office))
			return false;
		go_back(office);
		office->step = 3;
		return true;
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->crashes == 0);
		EXPECT(office, office->report->failed == 0);
		EXPECT(office, office->report->converted == 998);
		EXPECT_TEXT(office, office->report->text,
		    "'counter' 1.0 is current and runs 999 of 999; on trial 2 "
		    "events had faulted on 2.0, see upgrade 1");
		EXPECT(office, is_told(office, "1.0: current"));
		EXPECT(office, !is_told(office, "failed"));
		office->step = 4;
		return true;
	case 4:
		(void)is_in_its_row(office,
		    "'counter' 2.0 was taken back (command), see upgrade 2");
		return false;
	}
	return fault_on_trial(office);
}

static void
u21_what_faults_until_it_is_taken_back_is_in_its_row(void **state)
{
	play(*state, take_back);
}

/* The switch stops while it is on trial: the row has what was till then. */
static bool
stop_on_trial(struct office *office)
{
	if (office->step != 2)
		return fault_on_trial(office);
	if (office->odd_note == NULL) {
		office->odd_note = "asked";
		release_handler_abandon(office->handler);
		return true;
	}
	EXPECT(office, office->rows[0].crashes_to == 2);
	EXPECT(office, office->rows[0].failed == 2);
	EXPECT(office, strstr(office->rows[0].text, "998 of 999"));
	return false;
}

static void
u21_what_faults_until_the_switch_stops_is_in_its_row(void **state)
{
	play(*state, stop_on_trial);
}

/*--------------------------------------------------------------------
 * Failed and pinned
 */

static unsigned int
told_so(const struct office *office, const char *text)
{
	unsigned int i, count = 0;

	for (i = 0; i < office->failure_count; i++)
		count += strcmp(office->failures[i].text, text) == 0;
	return count;
}

/* A release that some states are refused by keeps them out: they failed. */
static bool
keep_refused(struct office *office)
{
	const struct upgrade_report *report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 20);
		spawn_counter(office, PID_NONE, "bad");
		break;
	case 1: /* for the sake of that one, and the other way round */
		spawn_other(office, office->counters[20], "");
		spawn_other(office, office->counters[19], "bad");
		break;
	case 2:
		upgrade_keeping_old(office);
		break;
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->stage == UPGRADE_installed);
		EXPECT(office, office->report->failed == 4);
		EXPECT(office, office->report->pinned == 0);
		EXPECT(office, office->report->converted == 19);
		EXPECT_TEXT(office, office->report->text,
		    "'counter' 3.0 is current and runs 19 of 23, 4 left on "
		    "another after a failure; 1.0 stays for the way back until "
		    "make-permanent");
		EXPECT(office, is_told(office, ", 4 calls (4 failed), "));
		report = release_handler_make_permanent(
		    office->handler, "counter", "3.0");
		EXPECT(office, report->failed == 4 && report->pinned == 0);
		EXPECT(office, is_told(office, ", 4 calls (4 failed), "));
		break;
	case 4:
		EXPECT(office, office->failure_count == 4);
		EXPECT(office,
		    told_so(office,
			"its code_change or check refuses the "
			"state") == 2);
		EXPECT(office,
		    told_so(office,
			"its other call stays: its code_change or "
			"check refuses the state") == 2);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_who_is_refused_has_failed_wherever_it_is_told(void **state)
{
	play(*state, keep_refused);
}

/* On the way back nobody fails: who is refused waits, and is pinned. */
static bool
pin_refused(struct office *office)
{
	char wanted[128];

	switch (office->step) {
	case 0:
		spawn_counters(office, 20);
		spawn_counter(office, PID_NONE, "stuck");
		break;
	case 1:
		spawn_other(office, office->counters[20], "");
		break;
	case 2:
		order(office, (struct upgrade_order){ .version = "3.0" });
		break;
	case 3:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->converted == 22);
		go_back(office);
		break;
	case 4:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->stage == UPGRADE_rolled_back);
		EXPECT(office, office->report->pinned == 2);
		EXPECT(office, office->report->failed == 0);
		EXPECT(office, office->report->converted == 20);
		EXPECT(office, is_told(office, ", 2 calls (2 pinned), "));
		EXPECT(office,
		    is_told(office, ": its conversion to 1.0 was refused"));
		(void)snprintf(wanted, sizeof wanted,
		    ": its other, <%u.%u>, stays: its conversion to 1.0 was "
		    "refused",
		    office->counters[20].slot, office->counters[20].generation);
		EXPECT(office, is_told(office, wanted));
		break;
	case 5:
		EXPECT(office, office->failure_count == 2);
		EXPECT(office, office->failures[0].is_pinned);
		EXPECT(office, office->failures[1].is_pinned);
		EXPECT_TEXT(office, office->failures[0].text,
		    "its conversion to 1.0 was refused");
		EXPECT(office,
		    strstr(office->failures[1].text, "its other, <") != NULL);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_who_is_refused_on_the_way_back_is_pinned_wherever_it_is_told(void **state)
{
	play(*state, pin_refused);
}

/*
 * Left on 2.0 by one way back, it is refused by 3.0, and then left again: what
 * was taken back can fail nobody any more.
 */
static bool
leave_twice(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 5);
		spawn_counter(office, PID_NONE, "bad");
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
	case 3:
	case 5:
		if (!report->is_done)
			return true;
		EXPECT(office, office->step != 3 || report->pinned == 1);
		EXPECT(office, office->step != 5 || report->failed == 1);
		EXPECT(office, office->step != 5 || report->pinned == 0);
		if (office->step == 1)
			post(office, 5, COUNTER_PHASE, 1); /* HELD */
		break;
	case 2:
	case 6:
		go_back(office);
		break;
	case 4:
		upgrade_keeping_old(office);
		break;
	case 7:
		if (!report->is_done)
			return true;
		EXPECT(office, report->pinned == 1 && report->failed == 0);
		EXPECT_TEXT(office, report->text,
		    "'counter' 1.0 is current and runs 5 of 6, 1 pinned on "
		    "another version");
		EXPECT(office, is_told(office, ", 1 call (1 pinned), "));
		return false;
	}
	office->step++;
	return true;
}

static void
u18_who_failed_is_pinned_when_all_goes_back(void **state)
{
	play(*state, leave_twice);
}

/*
 * Left on 2.0 by one way back, it comes along on the next, from a release that
 * it has never been on: so it does not return from there.
 */
static bool
come_from_a_third(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 6);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (!report->is_done)
			return true;
		post(office, 5, COUNTER_PHASE, 1); /* HELD */
		break;
	case 2:
		go_back(office);
		break;
	case 3:
		if (!report->is_done)
			return true;
		EXPECT(office, report->pinned == 1);
		order(office,
		    (struct upgrade_order){ .version = "3.0", .drains = true });
		break;
	case 4:
		if (report->stage != UPGRADE_converting)
			return true;
		post(office, 5, COUNTER_PHASE, 0);
		spawn_counters(office, 3);
		break;
	case 5:
		EXPECT(office, holders(office, "2.0") == 1);
		EXPECT(office, holders(office, "3.0") == 3);
		go_back(office);
		break;
	case 6:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, holders(office, "1.0") == 9);
		EXPECT(office, report->returned == 3);
		return false;
	}
	office->step++;
	return true;
}

static void
u4_who_was_never_there_does_not_return(void **state)
{
	play(*state, come_from_a_third);
}

/* The switch stops while it is on its way back: its row has how far it came. */
static bool
stop_on_the_way_back(struct office *office)
{
	const struct upgrade_report *row = &office->rows[0];

	switch (office->step) {
	case 0:
		spawn_counters(office, 1000);
		order(office, (struct upgrade_order){ .version = "2.0" });
		break;
	case 1:
		if (holders(office, "2.0") < 500)
			return true;
		EXPECT(office, !office->report->is_done);
		go_back(office);
		break;
	case 2:
		if (holders(office, "2.0") > 250)
			return true;
		EXPECT(office, !office->report->is_done);
		release_handler_abandon(office->handler);
		break;
	case 3:
		EXPECT(office, row->converted >= 500);
		EXPECT(office, row->returned >= 250);
		EXPECT(office,
		    row->converted - row->returned == holders(office, "2.0"));
		return false;
	}
	office->step++;
	return true;
}

static void
who_has_returned_until_the_switch_stops_is_in_its_row(void **state)
{
	play(*state, stop_on_the_way_back);
}

/*--------------------------------------------------------------------
 * From its begin to its end
 */

/* Before the first stage that changes anything, too: while it is loaded. */
static bool
be_born_while_it_loads(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, 10);
		break;
	case 1:
		order(office, (struct upgrade_order){ .version = "2.0" });
		EXPECT(office, office->report->stage == UPGRADE_unpacked);
		spawn_counters(office, 5);
		post(office, 3, COUNTER_STOP, 0);
		break;
	case 2:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->live == 10);
		EXPECT(office, office->report->born == 5);
		EXPECT(office, office->report->died == 1);
		EXPECT(office, office->report->lost == 0);
		EXPECT(office, office->report->converted == 14);
		return false;
	}
	office->step++;
	return true;
}

static void
u4_who_is_born_while_it_is_loaded_is_born_meanwhile(void **state)
{
	play(*state, be_born_while_it_loads);
}

/*--------------------------------------------------------------------
 * How often
 */

static atomic_uint attempts;
static struct converter true_converter;

static int
count_attempts(void *arg, struct state_change *change)
{
	attempts++;
	return true_converter.convert(arg, change);
}

/* U18: after each of its events, once. */
static bool
try_once_per_event(struct office *office)
{
	struct converter counting;
	unsigned int i;

	switch (office->step) {
	case 0:
		spawn_counter(office, PID_NONE, "stuck");
		order(office, (struct upgrade_order){ .version = "3.0" });
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		true_converter = *behaviours_converter(office->behaviours);
		counting = true_converter;
		counting.convert = count_attempts;
		behaviours_set_converter(office->behaviours, &counting);
		atomic_store(&attempts, 0);
		go_back(office);
		break;
	case 2:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->pinned == 1);
		EXPECT(office, attempts == 1);
		for (i = 0; i < 10; i++)
			post(office, 0, COUNTER_COUNT, 0);
		break;
	case 3:
		EXPECT(office, count_of(office, office->counters[0]) == 10);
		EXPECT(office, attempts == 11);
		return false;
	}
	office->step++;
	return true;
}

static void
u18_who_is_pinned_is_tried_once_after_each_event(void **state)
{
	play(*state, try_once_per_event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) TEST_ON(one, name), TEST_ON(two, name)
		TEST(u21_what_faults_until_it_is_permanent_is_in_its_row),
		TEST(u21_what_faults_until_it_is_taken_back_is_in_its_row),
		TEST(u21_what_faults_until_the_switch_stops_is_in_its_row),
		TEST(u1_who_is_refused_has_failed_wherever_it_is_told),
		TEST(
		    u1_who_is_refused_on_the_way_back_is_pinned_wherever_it_is_told),
		TEST(u18_who_failed_is_pinned_when_all_goes_back),
		TEST(u4_who_was_never_there_does_not_return),
		TEST(who_has_returned_until_the_switch_stops_is_in_its_row),
		TEST(u4_who_is_born_while_it_is_loaded_is_born_meanwhile),
		TEST(u18_who_is_pinned_is_tried_once_after_each_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
