/*
 * What rehearsal.h promises, on one and two real schedulers: a rehearsal finds
 * what an upgrade would meet, and nobody notices.
 *
 * Some hundred counters stand on each scheduler.  A script is asked whenever
 * nothing is left to do; then all others stand still, and what is known of
 * every process, its state byte by byte, is compared with what was known
 * before.
 */
#include "upgrade/rehearsal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "switch/behaviour.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"
#include "tests/modules/counter.h"
#include "upgrade/code.h"
#include "upgrade/release_handler.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"
#define BARRED	 HOTSWITCH_RELEASES "/../../tests/releases-barred"

enum { COUNTERS = 300, STATE_MAX = 64, LOOKS_MAX = 100000 };

/* What is known of a process that a rehearsal might disturb. */
struct view {
	struct process_info info;
	uint8_t state[STATE_MAX];
};

struct office {
	struct scheduler *scheduler; /* home */
	unsigned int schedulers;
	struct behaviours *behaviours;
	struct code *code;
	struct supervisor *supervisor;
	struct release_handler *handler;
	const char *version; /* to rehearse */
	uint64_t sample;
	bool ticks; /* meanwhile */
	unsigned int looks;
	bool failed;
	const struct upgrade_report *report;
	struct pid counters[COUNTERS];
	struct view views[COUNTERS];
	struct scheduler_counts counts;
	uint64_t ticked, sent;
};

static const char *const roots[] = { RELEASES, BARRED };

static const struct child_spec children[] = {
	{ .id = "release_handler",
	    .behaviour = "release_handler",
	    .shutdown_ms = 5000,
	    .is_registered = true },
};
static const struct supervisor_spec spec = {
	.name = "upgrade",
	.flags = { .intensity = 3, .period_s = 5 },
	.count = 1,
	.children = children,
};

/* cmocka's asserts jump, and must not on a scheduler's thread. */
#define EXPECT(office, condition)                                              \
	do {                                                                   \
		if (!(condition)) {                                            \
			print_error("line %d: %s\n", __LINE__, #condition);    \
			(office)->failed = true;                               \
		}                                                              \
	} while (0)

/*--------------------------------------------------------------------
 * The counters
 */

static struct scheduler *
at(const struct office *office, struct pid pid)
{
	return scheduler_peer(office->scheduler, pid_scheduler(pid));
}

static void
spawn_counter(struct office *office, unsigned int which, const char *note)
{
	struct counter_start start = { .peer = PID_NONE };
	const struct spawn spawn = { .behaviour = behaviour_current(
					 office->behaviours, "counter"),
		.start = &start,
		.length = sizeof start };

	strcpy(start.note, note);
	EXPECT(office,
	    process_spawn(
		scheduler_peer(office->scheduler, which % office->schedulers),
		&spawn, &office->counters[which]) == 0);
}

static void
look(const struct office *office, unsigned int which, struct view *view)
{
	struct pid pid = office->counters[which];

	memset(view, 0, sizeof *view);
	if (process_info(at(office, pid), pid, &view->info) != 0 ||
	    view->info.state_size > STATE_MAX)
		abort();
	memcpy(view->state, view->info.state, view->info.state_size);
	view->info.state = NULL; /* the store may have moved */
}

static void
remember(struct office *office)
{
	unsigned int i;

	for (i = 0; i < COUNTERS; i++)
		look(office, i, &office->views[i]);
	office->counts = scheduler_sum(office->scheduler);
}

static void
tick_one(struct office *office)
{
	struct pid pid = office->counters[office->sent++ % COUNTERS];

	EXPECT(office,
	    process_post(at(office, pid), pid, COUNTER_COUNT, NULL, 0) == 0);
}

/* As they were, but for the events that they have had. */
static void
compare(struct office *office)
{
	const struct scheduler_counts now = scheduler_sum(office->scheduler);
	struct view view, *was;
	uint32_t events = 0, count;
	unsigned int i;

	for (i = 0; i < COUNTERS; i++) {
		was = &office->views[i];
		look(office, i, &view);
		/* 1.0 counts its ticks at offset 4, one for each event. */
		memcpy(&count, was->state + 4, sizeof count);
		count += view.info.events - was->info.events;
		memcpy(was->state + 4, &count, sizeof count);
		events += view.info.events - was->info.events;
		was->info.events = view.info.events;
		EXPECT(office, memcmp(&view, was, sizeof view) == 0);
	}
	EXPECT(office, events == office->sent);
	EXPECT(office, now.faults == office->counts.faults);
	EXPECT(office, now.restarts == office->counts.restarts);
}

/*--------------------------------------------------------------------
 * The script
 */

static void
settled(void *arg)
{
	struct office *office = arg;
	uint64_t now = scheduler_now(office->scheduler);

	if (office->report == NULL) {
		remember(office);
		office->report = release_handler_rehearse(office->handler,
		    "counter", office->version, office->sample);
	} else if (office->report->is_done && now > office->ticked) {
		scheduler_stop(office->scheduler);
	} else if (!office->report->is_done && office->ticks &&
	    now > office->ticked) {
		tick_one(office);
	}
	if (++office->looks > LOOKS_MAX) {
		office->failed = true;
		scheduler_stop(office->scheduler);
	}
	office->ticked = now;
	scheduler_set_horizon(office->scheduler, now + 20);
}

static int
build(struct office *office)
{
	const struct scheduler_options options = {
		.schedulers = office->schedulers, .store_bytes = (size_t)2 << 30
	};
	struct pid root;
	uint16_t id;
	char why[CODE_WHY_MAX];
	int error;

	error = scheduler_alloc(&office->scheduler, &options);
	if (error != 0)
		return error;
	office->behaviours = scheduler_behaviours(office->scheduler);
	scheduler_observe(office->scheduler, settled, office);
	if ((error = code_alloc(&office->code, office->behaviours, roots, 2)) ||
	    (error = release_handler_alloc(
		 &office->handler, office->scheduler, office->code)) ||
	    (error = supervisor_alloc(
		 &office->supervisor, office->scheduler, &spec)) ||
	    (error = supervisor_start_root(
		 office->scheduler, "upgrade", &root)) ||
	    (error = code_load(office->code, "counter", "1.0", &id, why)))
		return error;
	behaviour_make_current(office->behaviours, id);
	return 0;
}

static int
set_up(void **state, unsigned int schedulers)
{
	struct office *office = calloc(1, sizeof *office);
	unsigned int i;

	*state = office;
	if (office == NULL)
		return -1;
	office->schedulers = schedulers;
	if (build(office) != 0)
		return -1;
	for (i = 0; i < COUNTERS; i++)
		spawn_counter(office, i,
		    i == 100	   ? "bad"
			: i == 201 ? "boom"
			: i == 202 ? "stuck"
				   : "");
	return 0;
}

static int
on_one(void **state)
{
	return set_up(state, 1);
}

static int
on_two(void **state)
{
	return set_up(state, 2);
}

static int
teardown(void **state)
{
	struct office *office = *state;

	release_handler_free(&office->handler);
	code_free(&office->code);
	scheduler_free(&office->scheduler);
	supervisor_free(&office->supervisor);
	free(office);
	return 0;
}

/* Rehearses; what then stands in the report, and that nothing has changed. */
static const struct upgrade_report *
rehearse(struct office *office, const char *version)
{
	uint16_t ids[8];

	office->version = version;
	assert_int_equal(scheduler_run(office->scheduler), 0);
	compare(office);
	assert_false(office->failed);
	/* What was loaded for it is gone. */
	assert_int_equal(code_residents(office->code, "counter", ids, 8), 1);
	assert_string_equal(
	    behaviour_version(office->behaviours,
		behaviour_current(office->behaviours, "counter")),
	    "1.0");
	assert_int_equal(
	    behaviour_counts(office->behaviours, ids[0]).holders, COUNTERS);
	assert_int_equal(office->report->lost, 0);
	assert_int_equal(office->report->crashes, 0);
	return office->report;
}

/*--------------------------------------------------------------------
 * What is found
 */

static void
a_sound_release_is_rehearsed(void **state)
{
	const struct upgrade_report *report = rehearse(*state, "2.0");

	assert_int_equal(report->stage, UPGRADE_rehearsed);
	assert_int_equal(report->reason, UPGRADE_REASON_none);
	assert_int_equal(report->live, COUNTERS);
	assert_int_equal(report->converted, COUNTERS);
	assert_int_equal(report->failed, 0);
	assert_int_equal(report->pinned, 0);
	assert_int_equal(report->lossy, 0);
	assert_int_equal(report->pauses_cpu.count, COUNTERS);
	assert_int_equal(report->pauses_wall.count, COUNTERS);
	assert_string_equal(report->text,
	    "300 would be converted, 0 pinned; nothing has changed, 1.0 stays "
	    "current");
}

static void
so_it_is_while_events_are_handled(void **state)
{
	struct office *office = *state;
	const struct upgrade_report *report;

	office->ticks = true;
	report = rehearse(office, "2.0");
	assert_true(office->sent > 0);
	assert_int_equal(report->converted, COUNTERS);
}

static void
a_sample_is_a_part_of_all(void **state)
{
	struct office *office = *state;
	const struct upgrade_report *report;

	office->sample = 50;
	report = rehearse(office, "2.0");
	assert_int_equal(report->converted, 50);
}

/* What refuses, and what faults, on the way there and on the way back. */
static void
each_failure_is_one_call_s(void **state)
{
	struct office *office = *state;
	const struct upgrade_report *report = rehearse(office, "3.0");
	char wanted[64];

	assert_int_equal(report->stage, UPGRADE_refused);
	assert_int_equal(report->reason, UPGRADE_REASON_rehearsal);
	assert_int_equal(report->converted, COUNTERS - 2);
	assert_int_equal(report->failed, 2);
	assert_non_null(strstr(report->text,
	    "2 of 300 could not be converted, 1 would not come back as they "
	    "should: <"));
	snprintf(wanted, sizeof wanted, "<%u.%u> its code_change refuses it",
	    office->counters[100].slot, office->counters[100].generation);
	assert_non_null(strstr(report->text, wanted));
	snprintf(wanted, sizeof wanted, "<%u.%u> SIG",
	    office->counters[201].slot, office->counters[201].generation);
	assert_non_null(strstr(report->text, wanted));
	snprintf(wanted, sizeof wanted,
	    "<%u.%u> its code_change refuses it on the way back",
	    office->counters[202].slot, office->counters[202].generation);
	assert_non_null(strstr(report->text, wanted));
}

static void
code_that_does_not_end_is_given_up(void **state)
{
	const struct upgrade_report *report =
	    rehearse(*state, "faulty/loops_up");

	assert_int_equal(report->stage, UPGRADE_refused);
	assert_true(report->failed >= 3);
	/* Each scheduler may have had one in hand. */
	assert_true(report->failed <= 4);
	assert_int_equal(report->converted, 0);
	assert_non_null(strstr(report->text, "its code does not end"));
}

static void
what_writes_beside_the_state_is_found(void **state)
{
	const struct upgrade_report *report =
	    rehearse(*state, "faulty/underruns");

	assert_int_equal(report->failed, COUNTERS);
}

/* The live state must not even be seen by it. */
static void
what_writes_to_the_old_state_is_found(void **state)
{
	const struct upgrade_report *report = rehearse(*state, "faulty/spoils");

	assert_int_equal(report->failed, COUNTERS);
	assert_non_null(strstr(report->text, "writes to the old state"));
}

/* By a hook that gives the count another value: it comes back as that. */
static void
what_is_lost_is_told(void **state)
{
	const struct upgrade_report *report =
	    rehearse(*state, "faulty/miscounts");

	assert_int_equal(report->stage, UPGRADE_rehearsed);
	assert_int_equal(report->converted, COUNTERS);
	assert_int_equal(report->lossy, COUNTERS);
	assert_non_null(
	    strstr(report->text, "comes back with 'ticks' 85, not 0"));
}

/* Of steps/2, with a timer that steps/1 does not have. */
static void
u22_a_timer_that_would_be_cancelled_is_told(void **state)
{
	const uint8_t arms[2] = { 1, 200 };
	struct office *office = *state;
	const struct upgrade_report *report;
	char why[CODE_WHY_MAX];
	uint16_t id;

	assert_int_equal(
	    code_load(office->code, "counter", "steps/1", &id, why), 0);
	assert_int_equal(
	    code_load(office->code, "counter", "steps/2", &id, why), 0);
	behaviour_make_current(office->behaviours, id);
	spawn_counter(office, 7, "");
	assert_int_equal(process_post(at(office, office->counters[7]),
			     office->counters[7], COUNTER_ARM, arms, 2),
	    0);
	office->version = "steps/1";
	assert_int_equal(scheduler_run(office->scheduler), 0);
	report = office->report;
	assert_int_equal(report->stage, UPGRADE_rehearsed);
	assert_int_equal(report->lossy, 1);
	assert_non_null(strstr(report->text,
	    "comes back with 'timer late' cancelled, not running"));
}

static void
an_unknown_one_is_refused(void **state)
{
	const struct upgrade_report *report = rehearse(*state, "9.0");

	assert_int_equal(report->stage, UPGRADE_refused);
	assert_int_equal(report->reason, UPGRADE_REASON_not_found);
}

#define ON_BOTH(test)                                                          \
	cmocka_unit_test_setup_teardown(test, on_one, teardown),               \
	    cmocka_unit_test_setup_teardown(test, on_two, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_sound_release_is_rehearsed),
		ON_BOTH(so_it_is_while_events_are_handled),
		ON_BOTH(a_sample_is_a_part_of_all),
		ON_BOTH(each_failure_is_one_call_s),
		ON_BOTH(code_that_does_not_end_is_given_up),
		ON_BOTH(what_writes_beside_the_state_is_found),
		ON_BOTH(what_writes_to_the_old_state_is_found),
		ON_BOTH(what_is_lost_is_told),
		ON_BOTH(u22_a_timer_that_would_be_cancelled_is_told),
		ON_BOTH(an_unknown_one_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
