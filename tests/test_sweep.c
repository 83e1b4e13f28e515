/*
 * Upgrades under load on several schedulers: what test_release_handler.c shows
 * step by step holds while on every scheduler processes are born, end and tick
 * those of all others.
 *
 * On each lives a native that does so once a millisecond.  The driver, on
 * home, takes the switch up and down again and again, unloads what is no
 * longer used, and after each step has all others stand still and counts
 * (A4: the versions hold who lives).
 */
#include "upgrade/sweep.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "switch/process.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"
#include "switch/verb.h"
#include "tests/idle.h"
#include "tests/modules/counter.h"
#include "upgrade/code.h"
#include "upgrade/release_handler.h"
#include "upgrade/schema.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"

enum {
	MS = 1000,
	SCHEDULERS = 4,
	ELDERS = 3000, /* on each scheduler: they do not end */
	YOUNG = 64,    /* on each, at most: the oldest ends first */
	BIRTHS = 4,    /* in a millisecond */
	TICKS = 64,
	ROUNDS = 3,
	LOOKS_MAX = 100000
};

/* One load, changed by the thread of its scheduler alone. */
struct load {
	struct pid young[YOUNG];
	unsigned int next;
	uint64_t seed, sent, spawned;
	char apart[64];
};

struct office {
	struct scheduler *home;
	unsigned int schedulers;
	struct behaviours *behaviours;
	struct code *code;
	struct supervisor *supervisor;
	struct release_handler *handler;
	const struct upgrade_report *report;
	unsigned int step, round, looks;
	uint64_t born, died; /* while an upgrade was under way */
	bool failed;
	atomic_bool ends;
	struct pid odd;
	struct pid elders[SCHEDULERS * ELDERS];
	struct load loads[SCHEDULERS];
};

static const char *const roots[] = { RELEASES };

/* cmocka's asserts jump, and must not on a scheduler's thread. */
#define EXPECT(office, condition)                                              \
	do {                                                                   \
		if (!(condition)) {                                            \
			print_error("line %d, round %u, step %u: %s\n",        \
			    __LINE__, (office)->round, (office)->step,         \
			    #condition);                                       \
			(office)->failed = true;                               \
		}                                                              \
	} while (0)

/*--------------------------------------------------------------------
 * The load
 */

static uint32_t
draw(struct load *load)
{
	load->seed = load->seed * 6364136223846793005U + 1;
	return (uint32_t)(load->seed >> 33);
}

/* By `scheduler`, there or (not 0) on the scheduler of number `away`. */
static struct pid
spawn_counter_away(struct office *office, struct scheduler *scheduler,
    unsigned int away, const char *note)
{
	struct counter_start start = { .peer = PID_NONE };
	const struct spawn spawn = { .behaviour = behaviour_current(
					 office->behaviours, "counter"),
		.scheduler = (uint8_t)away,
		.start = &start,
		.length = sizeof start };
	struct pid pid = PID_NONE;

	strcpy(start.note, note);
	/* There is always one that is current, and room, but not far away. */
	if (process_spawn(scheduler, &spawn, &pid) != 0 && away == 0)
		abort();
	return pid;
}

static struct pid
spawn_counter(
    struct office *office, struct scheduler *scheduler, const char *note)
{
	return spawn_counter_away(office, scheduler, 0, note);
}

/* The oldest ends, and one is born in its place, perhaps elsewhere. */
static void
renew(struct office *office, struct scheduler *scheduler, struct self *self)
{
	struct load *load = &office->loads[scheduler_number(scheduler)];
	struct pid *place = &load->young[load->next++ % YOUNG];

	if (!pid_is_none(*place) &&
	    process_send(self, *place, COUNTER_STOP, NULL, 0) != 0)
		return;
	*place = spawn_counter_away(
	    office, scheduler, draw(load) % office->schedulers, "");
	load->spawned++;
}

static void
tick(struct office *office, struct load *load, struct self *self)
{
	uint32_t which = draw(load) % (office->schedulers * ELDERS);

	if (process_send(self, office->elders[which], COUNTER_COUNT, NULL, 0) ==
	    0)
		load->sent++;
}

static int
load_init(struct self *self, void *state, const struct message *start)
{
	(void)state;
	(void)start;
	return process_start_timer(self, 0, 0, MS);
}

static void
load_handle(struct self *self, void *state, const struct message *event)
{
	struct office *office = process_context(self);
	struct scheduler *scheduler = verb_enter(self);
	struct load *load = &office->loads[scheduler_number(scheduler)];
	unsigned int i;

	(void)state;
	verb_leave(self);
	if (event->kind != EVENT_TIMEOUT || office->ends)
		return;
	for (i = 0; i < BIRTHS; i++)
		renew(office, scheduler, self);
	for (i = 0; i < TICKS; i++)
		tick(office, load, self);
	(void)process_start_timer(self, 0, 0, MS);
}

static const struct module load_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "load",
	.version = "native",
	.schema = { .size = 8 },
	.init = load_init,
	.handle = load_handle,
	.terminate = idle_terminate,
};

/*--------------------------------------------------------------------
 * What must hold, while all others stand still
 */

static int64_t
count_of(const struct office *office, struct pid pid)
{
	struct scheduler *scheduler =
	    scheduler_peer(office->home, pid_scheduler(pid));
	const struct schema *schema;
	const struct field *field;
	struct process_info info;

	if (process_info(scheduler, pid, &info) != 0)
		return -1;
	schema =
	    &behaviour_at(office->behaviours, info.behaviour)->module->schema;
	field = schema_find(schema, "ticks");
	if (field == NULL)
		field = schema_find(schema, "count");
	return schema_number(field, info.state);
}

static bool
have_all_ticks_come(const struct office *office)
{
	uint64_t sent = 0, come = 0;
	unsigned int i;

	for (i = 0; i < office->schedulers; i++)
		sent += office->loads[i].sent;
	for (i = 0; i < office->schedulers * ELDERS; i++)
		come += (uint64_t)count_of(office, office->elders[i]);
	return sent == come;
}

/* Who is found, on all schedulers, in each version. */
static void
walk(const struct office *office, uint64_t *found)
{
	struct scheduler *scheduler;
	struct process_info info;
	struct pid pid;
	uint32_t cursor;
	unsigned int i;

	for (i = 0; i < office->schedulers; i++) {
		scheduler = scheduler_peer(office->home, i);
		cursor = 0;
		while (process_next(scheduler, &cursor, &pid))
			if (process_info(scheduler, pid, &info) == 0)
				found[info.behaviour]++;
	}
}

/* A4: who lives is held by one version, and who was born lives or has ended. */
static void
count_all(struct office *office)
{
	static uint64_t found[BEHAVIOURS_MAX];
	struct behaviour_counts counts;
	uint64_t births = 0, ends = 0, holders = 0;
	uint16_t ids[8];
	unsigned int i, count;

	memset(found, 0, sizeof found);
	walk(office, found);
	count = code_residents(office->code, "counter", ids, 8);
	for (i = 0; i < count; i++) {
		counts = behaviour_counts(office->behaviours, ids[i]);
		EXPECT(office, counts.holders == found[ids[i]]);
		holders += counts.holders;
	}
	for (i = 1; i <= 16; i++) { /* also of what is unloaded just now */
		if (strcmp(behaviour_version(office->behaviours, (uint16_t)i),
			"native") == 0)
			continue;
		counts = behaviour_counts(office->behaviours, (uint16_t)i);
		births += counts.births;
		ends += counts.ends;
	}
	EXPECT(office, births - ends == holders);
	EXPECT(office, births >= office->schedulers * (uint64_t)ELDERS);
}

/*--------------------------------------------------------------------
 * The driver: a table of steps, again and again
 */

enum act { UP, BACK, KEEP, UNLOAD, BEGIN_ODD, FAIL, END_ODD };

struct step {
	enum act act;
	const char *version;
};

static const struct step steps[] = {
	{ UP, "2.0" },
	{ BACK, NULL },
	{ UP, "2.0" },
	{ KEEP, "2.0" },
	{ UNLOAD, "1.0" },
	{ UP, "1.0" },
	{ KEEP, "1.0" },
	{ BEGIN_ODD, NULL },
	{ FAIL, "3.0" },
	{ END_ODD, NULL },
	{ UNLOAD, "3.0" },
	{ UNLOAD, "2.0" },
};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* Nobody is left in it, on no scheduler: it has been closed by itself. */
static void
unload(struct office *office, const char *version)
{
	EXPECT(office, code_purge(office->code, "counter", version) == -ENOENT);
	EXPECT(office,
	    behaviour_find(office->behaviours, "counter", version) == 0);
}

/* One that cannot be converted to 3.0, not on home if there is another. */
static void
begin_odd(struct office *office)
{
	struct scheduler *last =
	    scheduler_peer(office->home, office->schedulers - 1);

	scheduler_halt_others(office->home);
	office->odd = spawn_counter(office, last, "bad");
	scheduler_let_go(office->home);
}

static void
begin_step(struct office *office, const struct step *step)
{
	switch (step->act) {
	case UP:
	case FAIL:
		office->report = release_handler_upgrade(office->handler,
		    &(struct upgrade_order){
			.module = "counter", .version = step->version });
		break;
	case BACK:
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
		break;
	case KEEP:
		office->report = release_handler_make_permanent(
		    office->handler, "counter", step->version);
		break;
	case UNLOAD:
		unload(office, step->version);
		break;
	case BEGIN_ODD:
		begin_odd(office);
		break;
	case END_ODD:
		EXPECT(office,
		    process_post(
			office->home, office->odd, COUNTER_STOP, NULL, 0) == 0);
		break;
	}
}

static void
expect_all_came(struct office *office, enum upgrade_stage stage)
{
	const struct upgrade_report *report = office->report;

	EXPECT(office, report->stage == stage);
	EXPECT(office, report->failed == 0 && report->pinned == 0);
	EXPECT(
	    office, report->converted >= office->schedulers * (uint64_t)ELDERS);
	/* Each of them once, by a sweep or by an event. */
	EXPECT(office, report->pauses_cpu.count == report->converted);
	EXPECT(office, report->pauses_wall.count == report->converted);
}

static void
expect_done(struct office *office, const struct step *step)
{
	const struct upgrade_report *report = office->report;

	EXPECT(office, report->lost == 0);
	office->born += report->born;
	office->died += report->died;
	switch (step->act) {
	case UP:
		expect_all_came(office, UPGRADE_installed);
		break;
	case BACK:
		expect_all_came(office, UPGRADE_rolled_back);
		break;
	case KEEP:
		EXPECT(office, report->stage == UPGRADE_permanent);
		EXPECT(office, report->pinned == 0);
		break;
	case FAIL:
		EXPECT(office, report->stage == UPGRADE_rolled_back);
		EXPECT(office, report->failed == 1);
		EXPECT(office, report->pinned == 0);
		break;
	case UNLOAD:
	case BEGIN_ODD:
	case END_ODD:
		break;
	}
	scheduler_halt_others(office->home);
	count_all(office);
	scheduler_let_go(office->home);
}

static void drive(void *arg, uint64_t key);

static void
come_again(struct office *office)
{
	if (scheduler_at(office->home, scheduler_now(office->home) + MS, drive,
		office, 0) != 0)
		abort();
}

/* When the load has ended: every tick arrives. */
static void
drain(struct office *office)
{
	bool all;

	scheduler_halt_others(office->home);
	all = have_all_ticks_come(office);
	scheduler_let_go(office->home);
	if (all)
		scheduler_stop(office->home);
	else
		come_again(office);
}

/* On home, once a millisecond; scheduler_due_f. */
static void
drive(void *arg, uint64_t key)
{
	struct office *office = arg;

	(void)key;
	if (++office->looks > LOOKS_MAX)
		EXPECT(office, office->looks <= LOOKS_MAX);
	if (office->failed) {
		scheduler_stop(office->home);
		return;
	}
	if (office->ends) {
		drain(office);
		return;
	}
	come_again(office);
	if (office->report != NULL && !office->report->is_done)
		return;
	if (office->report != NULL)
		expect_done(office, &steps[office->step++ % STEPS]);
	office->round = office->step / STEPS;
	if (office->round == ROUNDS)
		office->ends = true;
	else
		begin_step(office, &steps[office->step % STEPS]);
}

/*--------------------------------------------------------------------
 * The office
 */

static const struct child_spec child = {
	.id = "release_handler",
	.behaviour = "release_handler",
	.shutdown_ms = 5000,
	.is_registered = true,
};
static const struct supervisor_spec spec = {
	.name = "upgrade",
	.flags = { .intensity = 3, .period_s = 5 },
	.count = 1,
	.children = &child,
};

static void
build(struct office *office, const struct scheduler_options *options)
{
	char why[CODE_WHY_MAX];
	struct pid root;
	uint16_t id;

	office->schedulers = options->schedulers;
	assert_int_equal(scheduler_alloc(&office->home, options), 0);
	office->behaviours = scheduler_behaviours(office->home);
	assert_int_equal(
	    code_alloc(&office->code, office->behaviours, roots, 1), 0);
	assert_int_equal(
	    release_handler_alloc(&office->handler, office->home, office->code),
	    0);
	assert_int_equal(
	    supervisor_alloc(&office->supervisor, office->home, &spec), 0);
	assert_int_equal(
	    supervisor_start_root(office->home, "upgrade", &root), 0);
	assert_int_equal(
	    code_load(office->code, "counter", "1.0", &id, why), 0);
	behaviour_make_current(office->behaviours, id);
}

static void
people(struct office *office)
{
	struct scheduler *scheduler;
	struct spawn spawn = { 0 };
	struct pid pid;
	unsigned int i;

	assert_int_equal(behaviours_add_native(office->behaviours, &load_module,
			     office, &spawn.behaviour),
	    0);
	for (i = 0; i < office->schedulers * ELDERS; i++)
		office->elders[i] = spawn_counter(office,
		    scheduler_peer(office->home, i % office->schedulers), "");
	for (i = 0; i < office->schedulers; i++) {
		office->loads[i].seed = 4711 + i;
		scheduler = scheduler_peer(office->home, i);
		assert_int_equal(process_spawn(scheduler, &spawn, &pid), 0);
	}
}

static void
pull_down(struct office *office)
{
	release_handler_free(&office->handler);
	code_free(&office->code);
	scheduler_free(&office->home);
	supervisor_free(&office->supervisor);
	free(office);
}

static void
run(enum pace pace, unsigned int schedulers)
{
	const struct scheduler_options options = { .pace = pace,
		.schedulers = schedulers,
		.store_bytes = (size_t)2 << 30 };
	struct office *office = calloc(1, sizeof *office);
	unsigned int i;

	assert_non_null(office);
	build(office, &options);
	people(office);
	scheduler_set_horizon(office->home, UINT64_C(3600) * 1000000);
	come_again(office);
	assert_int_equal(scheduler_run(office->home), 0);
	assert_false(office->failed);
	assert_true(office->born > 0 && office->died > 0);
	for (i = 0; i < schedulers; i++)
		assert_true(office->loads[i].spawned > ROUNDS * STEPS);
	pull_down(office);
}

static void
a4_up_and_down_under_load_on_one(void **state)
{
	(void)state;
	run(PACE_VIRTUAL, 1);
	run(PACE_REAL, 1);
}

static void
a4_up_and_down_under_load_on_two(void **state)
{
	(void)state;
	run(PACE_VIRTUAL, 2);
	run(PACE_REAL, 2);
}

static void
a4_up_and_down_under_load_on_four(void **state)
{
	(void)state;
	run(PACE_VIRTUAL, SCHEDULERS);
	run(PACE_REAL, SCHEDULERS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a4_up_and_down_under_load_on_one),
		cmocka_unit_test(a4_up_and_down_under_load_on_two),
		cmocka_unit_test(a4_up_and_down_under_load_on_four),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
