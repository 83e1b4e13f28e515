/*
 * What a rehearsal says is what the upgrade then does, if no event comes
 * between: of each release that is sound, and of each that is wrong in its own
 * way, with processes that are alone and such as are one unit with another.
 */
#define RELEASES_BESIDE HOTSWITCH_RELEASES "/../../tests/releases-barred"
#include "tests/release_world.h"

enum { PLAIN = 40, IDLE = 0, HELD = 1 };

/* By the notes that counter 3.0 does wrong at, and the phase of each. */
static const struct one {
	const char *note;
	uint8_t phase;
} alone[] = {
	{ "bad", IDLE },
	{ "boom", IDLE },
	{ "stuck", IDLE },
	{ "boomdn", IDLE },
	{ "spindn", IDLE },
	{ "", HELD },
	{ "bad", HELD },
	{ "boom", HELD },
	{ "stuck", HELD },
	{ "xbad", IDLE },
}, units[][2] = {
	{ { "", IDLE }, { "", IDLE } },
	{ { "bad", IDLE }, { "", IDLE } },
	{ { "", IDLE }, { "bad", IDLE } },
	{ { "boom", IDLE }, { "boom", IDLE } },
	{ { "spin", IDLE }, { "", IDLE } },
	{ { "", HELD }, { "", IDLE } },
	{ { "", IDLE }, { "", HELD } },
	{ { "bad", IDLE }, { "", HELD } },
	{ { "", HELD }, { "bad", IDLE } },
	{ { "stuck", IDLE }, { "", IDLE } },
	{ { "", IDLE }, { "stuck", HELD } },
	{ { "", IDLE }, { "boomdn", IDLE } },
	{ { "xboom", IDLE }, { "", IDLE } },
};

static const char *const froms[] = { "1.0", "2.0", "3.0", "checks",
	"faulty/crashes_down", "faulty/miscounts", "faulty/spoils" };
static const char *const tos[] = { "1.0", "2.0", "3.0", "steps/1", "steps/9",
	"checks", "faulty/calls", "faulty/crashes_up", "faulty/crashes_down",
	"faulty/loops_up", "faulty/miscounts", "faulty/overruns_state",
	"faulty/refuses", "faulty/spoils", "faulty/underruns",
	"faulty/unchecked", "broken/plan", "faulty/constructor", "9.0" };

static const char *from, *to; /* of the cell */
static struct upgrade_report said;

static void
spawn_one(struct office *office, const struct one *one, struct pid starter)
{
	struct counter_start start = { .peer = PID_NONE };
	const struct spawn spawn = { .behaviour = behaviour_current(
					 office->behaviours, "counter"),
		.starter = starter,
		.start = &start,
		.length = sizeof start };
	struct scheduler *scheduler = pid_is_none(starter)
	    ? scheduler_peer(
		  office->scheduler, office->count % office->schedulers)
	    : at(office, starter);

	memcpy(start.note, one->note, strlen(one->note));
	if (process_spawn(
		scheduler, &spawn, &office->counters[office->count]) != 0)
		office->failed = true;
	post(office, office->count++, COUNTER_PHASE, one->phase);
}

static void
populate(struct office *office)
{
	static const struct one plain = { "", IDLE };
	unsigned int i;

	for (i = 0; i < PLAIN; i++)
		spawn_one(office, &plain, PID_NONE);
	for (i = 0; i < sizeof alone / sizeof alone[0]; i++)
		spawn_one(office, &alone[i], PID_NONE);
	for (i = 0; i < sizeof units / sizeof units[0]; i++)
		spawn_one(office, &units[i][0], PID_NONE);
}

/* When the starters have begun. */
static void
populate_units(struct office *office)
{
	const unsigned int first = PLAIN + sizeof alone / sizeof alone[0];
	unsigned int i;

	for (i = 0; i < sizeof units / sizeof units[0]; i++)
		spawn_one(office, &units[i][1], office->counters[first + i]);
}

static bool
begin_in(struct office *office, const char *version)
{
	char why[CODE_WHY_MAX];
	uint16_t id;

	EXPECT(
	    office, code_load(office->code, "counter", version, &id, why) == 0);
	behaviour_make_current(office->behaviours, id);
	return true;
}

static bool
rehearsed_and_done(struct office *office)
{
	switch (office->step) {
	case 0:
		EXPECT(office, begin_in(office, from));
		populate(office);
		break;
	case 1:
		populate_units(office);
		break;
	case 2:
		rehearse(office, to);
		break;
	case 3:
		if (!office->report->is_done)
			return true;
		said = *office->report;
		order(office,
		    (struct upgrade_order){ .version = to, .keeps_old = true });
		break;
	case 4:
		return !office->report->is_done;
	}
	office->step++;
	return true;
}

/* What was given up is told as such; and it is taken back. */
static void
compare(const struct upgrade_report *did)
{
	bool is_cut = strstr(said.text, "given up") != NULL;

	print_message("%s to %s: %s\n", from, to, said.text);
	if (did->stage == UPGRADE_refused) {
		assert_int_equal(said.stage, UPGRADE_refused);
		assert_int_equal(said.reason, did->reason);
		assert_string_equal(said.text, did->text);
		return;
	}
	assert_int_equal(did->stage == UPGRADE_rolled_back, is_cut);
	if (is_cut) {
		assert_int_equal(said.stage, UPGRADE_refused);
		return;
	}
	assert_int_equal(did->stage, UPGRADE_installed);
	assert_int_equal(said.converted, did->converted);
	assert_int_equal(said.pinned, did->pinned);
	assert_int_equal(said.failed, did->failed);
	assert_int_equal(said.live, did->converted + did->pinned + did->failed);
}

static void
try_all(unsigned int schedulers)
{
	unsigned int i, j;
	void *state;

	for (i = 0; i < sizeof froms / sizeof froms[0]; i++)
		for (j = 0; j < sizeof tos / sizeof tos[0]; j++) {
			from = froms[i];
			to = tos[j];
			if (strcmp(from, to) == 0)
				continue;
			assert_int_equal(set_up(&state, schedulers), 0);
			play(state, rehearsed_and_done);
			compare(((struct office *)state)->report);
			teardown(&state);
		}
}

static void
an_upgrade_does_what_was_rehearsed(void **state)
{
	(void)state;
	try_all(1);
}

static void
so_it_is_on_several_schedulers(void **state)
{
	(void)state;
	try_all(2);
}

static bool
rehearse_stuck(struct office *office)
{
	static const struct one stuck = { "stuck", IDLE };

	switch (office->step) {
	case 0:
		spawn_one(office, &stuck, PID_NONE);
		break;
	case 1:
		rehearse(office, "3.0");
		break;
	case 2:
		return !office->report->is_done;
	}
	office->step++;
	return true;
}

/* It would be converted, and so is counted; but there it would stay. */
static void
who_would_not_come_back_is_told(void **state)
{
	struct office *office = *state;
	const struct upgrade_failure *failure = &office->failures[0];

	play(office, rehearse_stuck);
	assert_int_equal(office->report->stage, UPGRADE_refused);
	assert_int_equal(office->report->reason, UPGRADE_REASON_rehearsal);
	assert_int_equal(office->report->converted, 1);
	assert_int_equal(office->report->failed, 0);
	assert_int_equal(office->failure_count, 1);
	assert_true(failure->is_rehearsed);
	assert_string_equal(failure->version, "3.0");
	assert_string_equal(
	    failure->text, "its code_change refuses it on the way back");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_upgrade_does_what_was_rehearsed),
		cmocka_unit_test(so_it_is_on_several_schedulers),
		TEST_ON(one, who_would_not_come_back_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
