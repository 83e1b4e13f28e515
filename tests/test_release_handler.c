/* What release_handler.h promises: up, down, turned round; who is converted
 * when; what is refused. */
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
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
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

static uint16_t
version_id(const struct office *office, struct pid pid)
{
	struct process_info info = { .behaviour = 0 };

	(void)process_info(at(office, pid), pid, &info);
	return info.behaviour;
}

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
 * What cannot come
 */

static bool
pin_some(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 1000);
		break;
	case 1:
		EXPECT(office, upgrade(office, "2.0"));
		break;
	case 2:
		if (!report->is_done)
			return true;
		for (unsigned int i = 0; i < 10; i++) /* phase HELD */
			post(office, i * 7, COUNTER_PHASE, 1);
		break;
	case 3:
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
		break;
	case 4:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->pinned == 10);
		EXPECT(office, report->converted == 990);
		EXPECT(office, report->failed == 0 && report->lost == 0);
		EXPECT_TEXT(office, report->text,
		    "'counter' 1.0 is current and runs 990 of 1000, 10 pinned "
		    "on another version");
		EXPECT(office, holders(office, "2.0") == 10);
		post(office, 0, COUNTER_COUNT, 0); /* still HELD: it stays */
		post(office, 7, COUNTER_PHASE, 2); /* no longer: it follows */
		break;
	case 5:
		EXPECT(office, holders(office, "2.0") == 9);
		EXPECT(office, count_of(office, office->counters[0]) == 1);
		EXPECT(office,
		    version_id(office, office->counters[7]) ==
			id_of(office, "1.0"));
		EXPECT(office, report->pinned == 10);	/* as it was then */
		EXPECT(office, upgrade(office, "2.0")); /* may begin */
		break;
	case 6:
		if (!report->is_done)
			return true;
		EXPECT(office, report->converted == 991);
		EXPECT(office, holders(office, "2.0") == 1000);
		return false;
	}
	office->step++;
	return true;
}

static void
u18_what_has_no_image_is_pinned_and_follows(void **state)
{
	play(*state, pin_some);
}

/* One of 2000 cannot be converted to 3.0: by its hook, or because it faults. */
static bool
fail_one(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 303);
		break;
	case 1: /* not on home, where there are several */
		spawn_counter(office, office->counters[302], office->odd_note);
		spawn_counters(office, 1696);
		break;
	case 2:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 3:
		if (!wait_done(office))
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(
		    office, report->reason == UPGRADE_REASON_failed_conversion);
		EXPECT(office, report->failed == 1 && report->pinned == 0);
		EXPECT(office, report->converted >= 64);
		EXPECT(office, report->converted < 1999);
		EXPECT(office, report->lost == 0 && report->died == 0);
		EXPECT_TEXT(office, report->text,
		    "1 could not be converted to 3.0: 'counter' 1.0 is current "
		    "and runs 2000 of 2000");
		EXPECT(office, holders(office, "1.0") == 2000);
		break;
	case 4:
		EXPECT(office, sum(office) == office->expected);
		EXPECT(office, upgrade(office, "2.0")); /* that one can */
		break;
	case 5:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_refused_conversion_turns_all_round(void **state)
{
	struct office *office = *state;

	office->odd_note = "bad";
	play(office, fail_one);
	assert_int_equal(
	    office->rows[0].reason, UPGRADE_REASON_failed_conversion);
}

static void
r15_a_fault_in_a_hook_turns_all_round(void **state)
{
	struct office *office = *state;

	office->odd_note = "boom";
	play(office, fail_one);
	assert_int_equal(scheduler_sum(office->scheduler).faults, 1);
	/* What it has counted outlives it: it was closed when all were back. */
	assert_int_equal(id_of(office, "3.0"), 0);
	assert_int_equal(
	    behaviour_counts(office->behaviours,
		behaviour_find_past(office->behaviours, "counter", "3.0"))
		.faults,
	    1);
}

/* On the way back a failure pins: nowhere is left to turn to. */
static bool
fail_on_the_way_back(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 201);
		spawn_counter(office, PID_NONE, "stuck");
		break;
	case 1:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 2:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_installed);
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
		break;
	case 3:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->converted == 201);
		EXPECT(office, report->pinned == 1);
		EXPECT(office, holders(office, "3.0") == 1);
		post(office, 201, COUNTER_COUNT, 0);
		break;
	case 4:
		EXPECT(office, count_of(office, office->counters[201]) == 1);
		EXPECT(office, holders(office, "3.0") == 1);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_failure_on_the_way_back_pins(void **state)
{
	play(*state, fail_on_the_way_back);
}

static bool
fail_before_an_event(struct office *office)
{
	const struct upgrade_report *report = office->report;

	switch (office->step) {
	case 0:
		spawn_counters(office, 2001);
		spawn_counter(office, PID_NONE, "bad");
		break;
	case 1:
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 2:
		if (report->stage != UPGRADE_converting)
			return true;
		post(office, 2001, COUNTER_COUNT, 0);
		break;
	case 3:
		if (!report->is_done)
			return true;
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->failed == 1);
		EXPECT(office, report->converted < 1000);
		EXPECT(office, count_of(office, office->counters[2001]) == 1);
		return false;
	}
	office->step++;
	return true;
}

static void
u1_a_conversion_that_an_event_caused_may_fail_too(void **state)
{
	play(*state, fail_before_an_event);
}

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
	    "1.0 2.0 3.0 checks broken/abi broken/callback broken/magic "
	    "broken/name broken/plan broken/schema broken/self-test "
	    "broken/symbol broken/undefined broken/unprintable "
	    "broken/version steps/1 steps/2 "
	    "steps/3 steps/9; nothing has "
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
	    "says how; nothing has changed, 1.0 stays current" },
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
#define TEST_ON(name, how_many)                                                \
	{ #name " " #how_many, name, how_many, teardown, NULL }
#define TEST(name)                                                             \
	TEST_ON(name, on_one), TEST_ON(name, on_two), TEST_ON(name, on_four)
		TEST(n6_up_down_and_up_again_loses_no_tick),
		TEST(an_upgrade_takes_the_suspended_along),
		cmocka_unit_test(same_seed_same_log),
		TEST(u6_who_gets_an_event_is_converted_first),
		TEST(u6_births_and_deaths_are_counted_and_harm_nothing),
		TEST(u6_who_has_not_begun_is_waited_for),
		TEST(r15_a_running_upgrade_turns_round),
		TEST(a_killed_handler_goes_on_where_it_was),
		TEST(u18_what_has_no_image_is_pinned_and_follows),
		TEST(u1_a_refused_conversion_turns_all_round),
		TEST(r15_a_fault_in_a_hook_turns_all_round),
		TEST(u1_a_conversion_that_an_event_caused_may_fail_too),
		TEST(u1_a_failure_on_the_way_back_pins),
		TEST(u8_each_refusal_says_why_and_changes_nothing),
		TEST(u12_one_upgrade_at_a_time),
		TEST(n8_a_process_stays_until_it_asks_for_the_current_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
