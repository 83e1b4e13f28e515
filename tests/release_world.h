/*
 * release_world: processes that are taken from one release to another.
 *
 * One, two or four real schedulers with some thousand counters
 * (tests/modules/counter.c) that tick each other, from one scheduler to the
 * next, a release handler, and a recorder that keeps what it is sent.  A test
 * is a script that home asks whenever nothing is left to do; then all others
 * stand still.
 */
#ifndef TESTS_RELEASE_WORLD_H
#define TESTS_RELEASE_WORLD_H

#include "upgrade/release_handler.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"
#include "switch/system.h"
#include "tests/idle.h"
#include "tests/modules/counter.h"
#include "upgrade/code.h"
#include "upgrade/holders.h"
#include "upgrade/schema.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"

enum {
	COUNTERS = 3000,
	ROWS_MAX = 16,
	STEPS_MAX = 100000,
	SECOND = 1000000 /* µs */
};

struct office;
/* Called when nothing is left to do; false ends the run. */
typedef bool script_f(struct office *office);

struct office {
	struct scheduler *scheduler; /* home */
	unsigned int schedulers;
	enum pace pace;
	struct behaviours *behaviours;
	struct code *code;
	struct supervisor *supervisor;
	struct release_handler *handler;
	script_f *script;
	unsigned int step, calls;
	bool failed;
	const char *odd_note; /* of the one that is hard to convert */
	const struct upgrade_report *report;
	struct pid counters[COUNTERS + 100];
	unsigned int count;
	uint64_t ticked;	 /* when */
	uint64_t seed, expected; /* sum of all counts when all has arrived */
	unsigned int row_count;
	struct upgrade_report rows[ROWS_MAX];
	unsigned int failure_count;
	struct upgrade_failure failures[ROWS_MAX];
	char log[64];
};

#ifdef RELEASES_BESIDE
static const char *const roots[] = { RELEASES, RELEASES_BESIDE };
#else
static const char *const roots[] = { RELEASES };
#endif

/* cmocka's asserts jump, and must not on the scheduler's thread. */
#define EXPECT(office, condition)                                              \
	do {                                                                   \
		if (!(condition)) {                                            \
			print_error("line %d, step %u: %s\n", __LINE__,        \
			    (office)->step, #condition);                       \
			(office)->failed = true;                               \
			return false;                                          \
		}                                                              \
	} while (0)
#define EXPECT_TEXT(office, text, wanted)                                      \
	do {                                                                   \
		if (strcmp((text), (wanted)) != 0) {                           \
			print_error("line %d, step %u: '%s'\n", __LINE__,      \
			    (office)->step, (text));                           \
			(office)->failed = true;                               \
			return false;                                          \
		}                                                              \
	} while (0)

/*--------------------------------------------------------------------
 * The office
 */

/* As the database has it: one that comes again is renewed. */
static inline void
keep_row(struct office *office, const struct upgrade_report *row)
{
	unsigned int i = 0;

	while (i < office->row_count && office->rows[i].number != row->number)
		i++;
	if (i == ROWS_MAX)
		return;
	office->rows[i] = *row;
	if (i == office->row_count)
		office->row_count++;
}

static inline void
recorder_handle(struct self *self, void *state, const struct message *event)
{
	struct scheduler *scheduler = verb_enter(self);
	struct office *office;
	size_t size;
	const void *bytes;

	(void)state;
	office = behaviour_at(scheduler_behaviours(scheduler),
	    behaviour_current(scheduler_behaviours(scheduler), "recorder"))
		     ->context;
	verb_leave(self);
	bytes = process_parcel(self, &size);
	if (event->kind == RECORD_UPGRADE_FAILURE &&
	    office->failure_count < ROWS_MAX)
		memcpy(&office->failures[office->failure_count++], bytes, size);
	if (event->kind == RECORD_UPGRADE)
		keep_row(office, bytes);
}

static const struct module recorder = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "recorder",
	.version = "native",
	.schema = { .size = 8 },
	.init = idle_init,
	.handle = recorder_handle,
	.terminate = idle_terminate,
};

static const struct child_spec children[] = {
	{ .id = RECORD_RECIPIENT,
	    .behaviour = "recorder",
	    .shutdown_ms = 5000,
	    .is_registered = true },
	{ .id = "release_handler",
	    .behaviour = "release_handler",
	    .shutdown_ms = 5000,
	    .is_registered = true },
};
static const struct supervisor_spec spec = {
	.name = "upgrade",
	.flags = { .intensity = 3, .period_s = 5 },
	.count = 2,
	.children = children,
};

static inline struct pid
spawn_counter(struct office *office, struct pid peer, const char *note)
{
	struct counter_start start = { .peer = peer };
	struct spawn spawn = { .behaviour = behaviour_current(
				   office->behaviours, "counter"),
		.start = &start,
		.length = sizeof start };
	struct pid pid = PID_NONE;

	strcpy(start.note, note);
	if (process_spawn(scheduler_peer(office->scheduler,
			      office->count % office->schedulers),
		&spawn, &pid) != 0)
		office->failed = true;
	return office->counters[office->count++] = pid;
}

/* Each has the one before as its peer; the first has none. */
static inline void
spawn_counters(struct office *office, unsigned int count)
{
	struct pid peer =
	    office->count == 0 ? PID_NONE : office->counters[office->count - 1];

	while (count-- > 0)
		peer = spawn_counter(office, peer, "");
}

static inline void
settled(void *arg)
{
	struct office *office = arg;

	scheduler_halt_others(office->scheduler); /* in real time they go on */
	if (office->failed || ++office->calls > STEPS_MAX ||
	    !office->script(office)) {
		if (office->calls > STEPS_MAX) {
			print_error("step %u: too many\n", office->step);
			office->failed = true;
		}
		scheduler_stop(office->scheduler);
	}
	scheduler_set_horizon(
	    office->scheduler, scheduler_now(office->scheduler) + 1000);
	scheduler_let_go(office->scheduler);
}

static inline int
build(struct office *office, unsigned int schedulers, const char *log)
{
	const struct scheduler_options options = { .log = log,
		.schedulers = schedulers,
		.pace = office->pace,
		.store_bytes = (size_t)2 << 30 };
	struct pid root;
	uint16_t id;
	char why[CODE_WHY_MAX];
	int error;

	error = scheduler_alloc(&office->scheduler, &options);
	if (error != 0)
		return error;
	office->schedulers = schedulers;
	office->behaviours = scheduler_behaviours(office->scheduler);
	office->seed = 4711;
	scheduler_observe(office->scheduler, settled, office);
	if ((error = code_alloc(&office->code, office->behaviours, roots,
		 sizeof roots / sizeof roots[0])) ||
	    (error = release_handler_alloc(
		 &office->handler, office->scheduler, office->code)) ||
	    (error = behaviours_add_native(
		 office->behaviours, &recorder, office, &id)) ||
	    (error = supervisor_alloc(
		 &office->supervisor, office->scheduler, &spec)) ||
	    (error = supervisor_start_root(
		 office->scheduler, "upgrade", &root)) ||
	    (error = code_load(office->code, "counter", "1.0", &id, why)))
		return error;
	behaviour_make_current(office->behaviours, id);
	code_note_current(office->code, "counter");
	return 0;
}

static inline void
pull_down(struct office *office)
{
	release_handler_free(&office->handler);
	code_free(&office->code);
	scheduler_free(&office->scheduler);
	supervisor_free(&office->supervisor);
}

static inline int
set_up(void **state, unsigned int schedulers)
{
	struct office *office = calloc(1, sizeof *office);

	*state = office;
	return office == NULL ? -1 : build(office, schedulers, NULL);
}

static inline int
on_one(void **state)
{
	return set_up(state, 1);
}

static inline int
on_two(void **state)
{
	return set_up(state, 2);
}

static inline int
on_four(void **state)
{
	return set_up(state, 4);
}

static inline int
set_up_real(void **state, unsigned int schedulers)
{
	struct office *office = calloc(1, sizeof *office);

	*state = office;
	if (office == NULL)
		return -1;
	office->pace = PACE_REAL;
	return build(office, schedulers, NULL);
}

static inline int
on_real_time(void **state)
{
	return set_up_real(state, 1);
}

static inline int
on_two_in_real_time(void **state)
{
	return set_up_real(state, 2);
}

static inline int
teardown(void **state)
{
	pull_down(*state);
	free(*state);
	return 0;
}

/* A test with its world: of one, two or four schedulers, or in real time. */
#define TEST_ON(how_many, name)                                                \
	{                                                                      \
#name " on " #how_many, name, on_##how_many, teardown, NULL    \
	}

static inline void
play(struct office *office, script_f *script)
{
	office->script = script;
	assert_int_equal(scheduler_run(office->scheduler), 0);
	assert_false(office->failed);
}

/*--------------------------------------------------------------------
 * What scripts ask and do
 */

static inline uint16_t
id_of(const struct office *office, const char *version)
{
	return behaviour_find(office->behaviours, "counter", version);
}

static inline uint64_t
holders(const struct office *office, const char *version)
{
	uint16_t id = id_of(office, version);

	return id == 0 ? 0 : behaviour_counts(office->behaviours, id).holders;
}

/* The scheduler that a process is with. */
static inline struct scheduler *
at(const struct office *office, struct pid pid)
{
	return scheduler_peer(office->scheduler, pid_scheduler(pid));
}

static inline uint16_t
version_id(const struct office *office, struct pid pid)
{
	struct process_info info = { .behaviour = 0 };

	(void)process_info(at(office, pid), pid, &info);
	return info.behaviour;
}

static inline int64_t
count_of(const struct office *office, struct pid pid)
{
	const struct field *field;
	const struct schema *schema;
	struct process_info info;

	if (process_info(at(office, pid), pid, &info) != 0)
		return 0;
	schema =
	    &behaviour_at(office->behaviours, info.behaviour)->module->schema;
	field = schema_find(schema, "ticks");
	if (field == NULL)
		field = schema_find(schema, "count");
	return schema_number(field, info.state);
}

static inline uint64_t
sum(const struct office *office)
{
	uint64_t total = 0;
	unsigned int i;

	for (i = 0; i < office->count; i++)
		total += (uint64_t)count_of(office, office->counters[i]);
	return total;
}

static inline void
post(struct office *office, unsigned int which, uint16_t kind, uint8_t byte)
{
	struct pid pid = office->counters[which];

	if (process_post(at(office, pid), pid, kind, &byte, sizeof byte) != 0)
		office->failed = true;
}

static inline uint64_t
now(const struct office *office)
{
	return scheduler_now(office->scheduler);
}

/* An upgrade of the counters, to 2.0 where it does not say. */
static inline void
order(struct office *office, struct upgrade_order order)
{
	order.module = "counter";
	if (order.version == NULL)
		order.version = "2.0";
	office->report = release_handler_upgrade(office->handler, &order);
}

/* Who cannot be converted to 3.0 stays as he is. */
static inline void
upgrade_keeping_old(struct office *office)
{
	order(office,
	    (struct upgrade_order){ .version = "3.0", .keeps_old = true });
}

static inline void
go_back(struct office *office)
{
	office->report =
	    release_handler_rollback(office->handler, "counter", 0);
}

static inline void
rehearse(struct office *office, const char *version)
{
	office->report =
	    release_handler_rehearse(office->handler, "counter", version, 0);
}

/* The next event of the process crashes, whatever code it runs then. */
static inline void
break_one(struct office *office, unsigned int which, uint32_t count)
{
	struct pid pid = office->counters[which];

	if (process_break(at(office, pid), pid, 0, FAULT_CRASH, count) != 0)
		office->failed = true;
}

/* A few ticks to anyone; each is counted by its peer too, but of the first. */
static inline void
tick_some(struct office *office)
{
	unsigned int i, which;

	for (i = 0; i < 4; i++) {
		office->seed = office->seed * 6364136223846793005U + 1;
		which = (unsigned int)(office->seed >> 33) % office->count;
		post(office, which, COUNTER_TICK, 0);
		office->expected += which == 0 ? 1 : 2;
	}
}

/*
 * Ticks until the report is done: false while it is not.  Once at each
 * instant, as time stands still while there is something to do.
 */
static inline bool
wait_done(struct office *office)
{
	uint64_t now = scheduler_now(office->scheduler);

	if (office->report->is_done)
		return true;
	if (now > office->ticked)
		tick_some(office);
	office->ticked = now;
	return false;
}

/* Whether what was on trial has gone back by itself; then the report is that.
 */
static inline bool
is_back(struct office *office)
{
	const struct upgrade_report *report =
	    release_handler_report(office->handler);

	if (!report->is_rollback || !report->is_done)
		return false;
	office->report = report;
	return true;
}

static inline bool
upgrade(struct office *office, const char *version)
{
	office->report = release_handler_upgrade(office->handler,
	    &(struct upgrade_order){ .module = "counter", .version = version });
	return release_handler_report(office->handler) == office->report;
}

/* What `versions` prints; for the caller to free. */
static inline char *
told(struct office *office)
{
	struct holders *holders;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL ||
	    holders_alloc(&holders, office->handler, "counter") != 0)
		abort();
	holders_write(holders, out);
	holders_free(&holders);
	(void)fclose(out);
	return text;
}

static inline bool
is_told(struct office *office, const char *words)
{
	char *text = told(office);
	bool is_there = strstr(text, words) != NULL;

	free(text);
	return is_there;
}

#endif
