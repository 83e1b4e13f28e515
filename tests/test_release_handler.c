/* What release_handler.h promises: up, down, turned round; who is converted
 * when. */
#include "tests/release_world.h"

/*--------------------------------------------------------------------
 * Up, down, up
 */

static bool
up_down_up(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		break;
	case 1:
		tick_some(office);
		EXPECT(office, upgrade(office, "2.0"));
		EXPECT(office, !office->report->is_done);
		break;
	case 2:
	case 5:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, report->live == COUNTERS);
		EXPECT(office, report->converted == COUNTERS);
		EXPECT(office, report->failed == 0 && report->pinned == 0);
		EXPECT(office, report->born == 0 && report->died == 0);
		EXPECT(office, report->crashes == 0 && report->lost == 0);
		EXPECT(office, report->pauses_cpu.count == COUNTERS);
		EXPECT(office, report->pauses_wall.count == COUNTERS);
		EXPECT(office, report->pauses_cpu.max > 0);
		EXPECT(office, holders(office, "2.0") == COUNTERS);
		EXPECT_TEXT(office, report->text,
		    "'counter' 2.0 is current and runs 3000 of 3000; 1.0 stays "
		    "for the way back until make-permanent");
		break;
	case 3:
	case 6:
		EXPECT(office, sum(office) == office->expected);
		if (office->step == 6)
			return false;
		go_back(office);
		break;
	case 4:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->reason == UPGRADE_REASON_command);
		EXPECT(office, report->is_rollback);
		EXPECT(office, report->converted == COUNTERS);
		EXPECT(office, holders(office, "1.0") == COUNTERS);
		EXPECT_TEXT(office, report->text,
		    "'counter' 1.0 is current and runs 3000 of 3000");
		EXPECT(office, upgrade(office, "2.0"));
		break;
	}
	office->step++;
	return true;
}

static void
n6_up_down_and_up_again_loses_no_tick(void **state)
{
	struct office *office = *state;
	unsigned int i;

	play(office, up_down_up);
	assert_true(office->expected > 200); /* they did flow meanwhile */
	assert_int_equal(office->row_count, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(office->rows[i].number, i + 1);
		assert_int_equal(office->rows[i].converted, COUNTERS);
		assert_true(office->rows[i].is_done);
	}
	assert_string_equal(office->rows[1].version_from, "2.0");
	assert_string_equal(office->rows[1].version_to, "1.0");
	assert_true(office->rows[0].load_us > 0);
	assert_true(office->rows[0].total_us >= office->rows[0].load_us);
	assert_true(office->rows[0].ended > office->rows[0].begun);
}

/*--------------------------------------------------------------------
 * The suspended
 */

/* Every seventh of them. */
static bool
tell_some(struct office *office, int (*what)(struct scheduler *, struct pid))
{
	unsigned int i;
	int result = 0;

	for (i = 0; i < office->count && result == 0; i += 7)
		result =
		    what(at(office, office->counters[i]), office->counters[i]);
	return result == 0;
}

static bool
suspended_go_along(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		break;
	case 1:
		EXPECT(office, tell_some(office, system_suspend));
		tick_some(office);
		EXPECT(office, upgrade(office, "2.0"));
		break;
	case 2:
		if (!wait_done(office))
			return true;
		EXPECT(office, office->report->stage == UPGRADE_installed);
		EXPECT(office, office->report->converted == COUNTERS);
		EXPECT(office, holders(office, "2.0") == COUNTERS);
		EXPECT(office, sum(office) < office->expected);
		EXPECT(office, tell_some(office, system_resume));
		break;
	case 3:
		EXPECT(office, sum(office) == office->expected);
		return false;
	}
	office->step++;
	return true;
}

/* Design 5: a suspended process is converted like any other. */
static void
an_upgrade_takes_the_suspended_along(void **state)
{
	play(*state, suspended_go_along);
}

static void
log_of_a_run(char *text, size_t size)
{
	struct office *office = calloc(1, sizeof *office);
	FILE *file;
	size_t length;

	assert_non_null(office);
	strcpy(office->log, "/tmp/hotswitch-log-XXXXXX");
	close(mkstemp(office->log));
	assert_int_equal(build(office, 1, office->log), 0);
	play(office, up_down_up);
	pull_down(office);
	file = fopen(office->log, "r");
	assert_non_null(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	fclose(file);
	unlink(office->log);
	free(office);
}

static void
same_seed_same_log(void **state)
{
	static char one[4 << 20], other[4 << 20];

	(void)state;
	log_of_a_run(one, sizeof one);
	log_of_a_run(other, sizeof other);
	assert_true(strlen(one) < sizeof one - 1);
	assert_true(strcmp(one, other) == 0);
	assert_non_null(strstr(one, "upgrade 1 counter 1.0 -> 2.0 loading\n"));
	assert_non_null(
	    strstr(one, "upgrade 1 counter 1.0 -> 2.0 converting\n"));
	assert_non_null(strstr(one,
	    "upgrade 1 counter 1.0 -> 2.0 installed none converted 3000 "
	    "failed 0 pinned 0\n"));
	assert_non_null(strstr(one,
	    "upgrade 2 counter 2.0 -> 1.0 rolled-back command converted 3000 "
	    "failed 0 pinned 0\n"));
}

/*--------------------------------------------------------------------
 * While it runs
 */

/* The last one, whose turn is far, gets an event in the first slice. */
static bool
an_event_comes_first(struct office *office)
{
	struct pid last = office->counters[COUNTERS - 1];
	struct process_info info;

	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		break;
	case 1:
		EXPECT(office, upgrade(office, "2.0"));
		break;
	case 2:
		if (office->report->stage != UPGRADE_converting)
			return true;
		post(office, COUNTERS - 1, COUNTER_COUNT, 0);
		break;
	case 3:
		EXPECT(office, holders(office, "1.0") > COUNTERS / 2);
		EXPECT(office,
		    version_id(office, office->counters[COUNTERS - 1]) ==
			id_of(office, "2.0"));
		EXPECT(office,
		    version_id(office, office->counters[COUNTERS - 2]) ==
			id_of(office, "1.0"));
		EXPECT(office,
		    count_of(office, office->counters[COUNTERS - 1]) == 1);
		EXPECT(
		    office, process_info(at(office, last), last, &info) == 0);
		EXPECT(office, info.upgrades == 1 && info.pause_us > 0);
		break;
	case 4:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->converted == COUNTERS);
		EXPECT(office, office->report->pauses_cpu.count == COUNTERS);
		return false;
	}
	office->step++;
	return true;
}

static void
u6_who_gets_an_event_is_converted_first(void **state)
{
	play(*state, an_event_comes_first);
}

/* 40 are born and 30 end while it runs; 5 have not begun when it begins. */
static bool
come_and_go(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		break;
	case 1:
		EXPECT(office, upgrade(office, "2.0"));
		break;
	case 2:
		if (report->stage != UPGRADE_converting)
			return true;
		for (unsigned int i = 0; i < 30; i++)
			post(office, i * 100, COUNTER_STOP, 0);
		spawn_counters(office, 40);
		EXPECT(office, holders(office, "2.0") >= 40);
		break;
	case 3:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		EXPECT(office, report->live == COUNTERS);
		EXPECT(office, report->born == 40 && report->died == 30);
		EXPECT(office, report->lost == 0 && report->pinned == 0);
		EXPECT(office, holders(office, "2.0") == COUNTERS + 10);
		release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		spawn_counters(office, 5);
		EXPECT(office, upgrade(office, "1.0")); /* not yet begun */
		break;
	case 4:
		if (!report->is_done)
			return true;
		EXPECT(office, holders(office, "1.0") == COUNTERS + 15);
		return false;
	}
	office->step++;
	return true;
}

static void
u6_births_and_deaths_are_counted_and_harm_nothing(void **state)
{
	play(*state, come_and_go);
}

/* More than one batch of events can start, in the first turn of the sweep. */
static bool
begin_before_the_beginning(struct office *office)
{
	uint16_t id;
	char why[CODE_WHY_MAX];

	switch (office->step) {
	case 0:
		EXPECT(office,
		    code_load(office->code, "counter", "2.0", &id, why) == 0);
		spawn_counters(office, 300);
		EXPECT(office, upgrade(office, "2.0"));
		EXPECT(office, office->report->stage == UPGRADE_converting);
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		EXPECT(office, office->report->live == 300);
		EXPECT(office, office->report->converted == 300);
		EXPECT(office, office->report->pinned == 0);
		return false;
	}
	office->step++;
	return true;
}

static void
u6_who_has_not_begun_is_waited_for(void **state)
{
	play(*state, begin_before_the_beginning);
}

static bool
turn_round_on_command(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		break;
	case 1:
		EXPECT(office, upgrade(office, "2.0"));
		break;
	case 2:
		if (holders(office, "2.0") < 500)
			return true;
		EXPECT(office,
		    release_handler_rollback(office->handler, "counter", 0) ==
			report);
		EXPECT(office, !report->is_done);
		break;
	case 3:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->reason == UPGRADE_REASON_command);
		EXPECT(office, report->converted >= 500);
		EXPECT(office, report->converted < COUNTERS);
		EXPECT(office, holders(office, "1.0") == COUNTERS);
		break;
	case 4:
		EXPECT(office, sum(office) == office->expected);
		return false;
	}
	office->step++;
	return true;
}

static void
r15_a_running_upgrade_turns_round(void **state)
{
	play(*state, turn_round_on_command);
}

static bool
kill_the_handler(struct office *office)
{
	struct registry *registry = scheduler_registry(office->scheduler);
	struct pid pid = registry_whereis(registry, "release_handler");

	switch (office->step) {
	case 0:
		spawn_counters(office, 100);
		break;
	case 1:
	case 3:
		EXPECT(
		    office, upgrade(office, office->step == 1 ? "2.0" : "3.0"));
		EXPECT(office, office->report->stage == UPGRADE_unpacked);
		process_exit_signal(office->scheduler, PID_NONE, pid,
		    (struct reason){ .kind = REASON_KILL });
		EXPECT(office, !process_is_alive(office->scheduler, pid));
		break;
	case 2:
	case 4:
		if (!wait_done(office))
			return true;
		EXPECT(office, office->report->stage == UPGRADE_installed);
		EXPECT(office, process_is_alive(office->scheduler, pid));
		if (office->step == 4)
			return false;
		release_handler_make_permanent(
		    office->handler, "counter", "2.0");
		break;
	}
	office->step++;
	return true;
}

static void
a_killed_handler_goes_on_where_it_was(void **state)
{
	play(*state, kill_the_handler);
}

/*--------------------------------------------------------------------
 * The qualified call
 */

static bool
ask_for_current(struct office *office)
{
	uint16_t id;
	char why[CODE_WHY_MAX];

	switch (office->step) {
	case 0:
		spawn_counters(office, 3);
		break;
	case 1:
		EXPECT(office,
		    code_load(office->code, "counter", "2.0", &id, why) == 0);
		behaviour_make_current(office->behaviours, id);
		post(office, 0, COUNTER_USE_CURRENT, 0);
		post(office, 1, EVENT_USE_CURRENT, 0);
		post(office, 2, COUNTER_COUNT, 0);
		break;
	case 2:
		EXPECT(office, holders(office, "2.0") == 2);
		EXPECT(office,
		    version_id(office, office->counters[2]) ==
			id_of(office, "1.0"));
		return false;
	}
	office->step++;
	return true;
}

static void
n8_a_process_stays_until_it_asks_for_the_current_version(void **state)
{
	play(*state, ask_for_current);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) TEST_ON(one, name), TEST_ON(two, name), TEST_ON(four, name)
		TEST(n6_up_down_and_up_again_loses_no_tick),
		TEST(an_upgrade_takes_the_suspended_along),
		cmocka_unit_test(same_seed_same_log),
		TEST(u6_who_gets_an_event_is_converted_first),
		TEST(u6_births_and_deaths_are_counted_and_harm_nothing),
		TEST(u6_who_has_not_begun_is_waited_for),
		TEST(r15_a_running_upgrade_turns_round),
		TEST(a_killed_handler_goes_on_where_it_was),
		TEST(n8_a_process_stays_until_it_asks_for_the_current_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
