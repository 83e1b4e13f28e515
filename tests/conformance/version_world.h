/*
 * version_world: releases of tests/modules/counter.c, the release handler over
 * them, and counters that run them, in virtual time.
 *
 * As in world.h, a test says what it wants between two calls of world_run().
 * A counter in phase HELD (1) of 2.0 or 3.0 has no image in 1.0: so a test
 * pins it.
 */
#ifndef TESTS_CONFORMANCE_VERSION_WORLD_H
#define TESTS_CONFORMANCE_VERSION_WORLD_H

#include "tests/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "switch/alarm.h"
#include "switch/record.h"
#include "switch/supervisor.h"
#include "tests/modules/counter.h"
#include "upgrade/code.h"
#include "upgrade/holders.h"
#include "upgrade/release_handler.h"

#define TESTS_OF HOTSWITCH_RELEASES "/../../tests/"
#define RELEASES TESTS_OF "releases"

enum { MS = 1000, COUNTERS_MAX = 2100, HELD = 1 };

struct versions {
	struct world world;
	struct behaviours *behaviours;
	struct code *code;
	struct supervisor *supervisor, *another; /* another: a test's own */
	struct release_handler *handler;
	char made[64]; /* a root of releases that the test makes; found first */
	const char *roots[2];
	struct pid root, counters[COUNTERS_MAX];
	unsigned int count, schedulers;
	struct fault_record fault; /* the last that was recorded */
	unsigned int faults;
	unsigned int mapped; /* mappings of one version */
	char why[CODE_WHY_MAX];
};

static int
versions_recorder_init(
    struct self *self, void *state, const struct message *start)
{
	(void)self, (void)state, (void)start;
	return 0;
}

static void
versions_recorder_handle(
    struct self *self, void *state, const struct message *event)
{
	struct versions *versions = process_context(self);
	size_t size;
	const void *bytes = process_parcel(self, &size);

	(void)state;
	if (event->kind != RECORD_FAULT || size != sizeof versions->fault)
		return;
	memcpy(&versions->fault, bytes, size);
	versions->faults++;
}

static void
versions_recorder_terminate(
    struct self *self, void *state, const struct reason *reason)
{
	(void)self, (void)state, (void)reason;
}

static const struct module versions_recorder = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "recorder",
	.version = "native",
	.schema = { .size = 8 },
	.init = versions_recorder_init,
	.handle = versions_recorder_handle,
	.terminate = versions_recorder_terminate };

static const struct child_spec versions_children[] = {
	{ .id = RECORD_RECIPIENT,
	    .behaviour = "recorder",
	    .shutdown_ms = 5000,
	    .is_registered = true },
	{ .id = "release_handler",
	    .behaviour = "release_handler",
	    .shutdown_ms = 5000,
	    .is_registered = true },
};
static const struct supervisor_spec versions_spec = { .name = "upgrade",
	.flags = { .intensity = 3, .period_s = 5 },
	.count = 2,
	.children = versions_children };

/* Mappings of copies of counter's files. */
static inline unsigned int
mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4352];
	unsigned int count = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL)
		count += strstr(line, "memfd:counter") != NULL;
	fclose(maps);
	return count;
}

static int
versions_set_up(void **state, unsigned int schedulers)
{
	static struct versions versions;
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = schedulers };
	struct scheduler *home;
	uint16_t id;

	versions = (struct versions){ .made = "/tmp/hotswitch-rows-XXXXXX",
		.schedulers = schedulers };
	*state = &versions;
	assert_non_null(mkdtemp(versions.made));
	versions.roots[0] = versions.made;
	versions.roots[1] = RELEASES;
	world_set_up_with(&versions.world, &options);
	home = versions.world.scheduler;
	versions.behaviours = scheduler_behaviours(home);
	assert_int_equal(
	    code_alloc(&versions.code, versions.behaviours, versions.roots, 2),
	    0);
	assert_int_equal(
	    release_handler_alloc(&versions.handler, home, versions.code), 0);
	assert_int_equal(behaviours_add_native(versions.behaviours,
			     &versions_recorder, &versions, &id),
	    0);
	assert_int_equal(
	    supervisor_alloc(&versions.supervisor, home, &versions_spec), 0);
	assert_int_equal(
	    supervisor_start_root(home, "upgrade", &versions.root), 0);
	assert_int_equal(
	    code_load(versions.code, "counter", "1.0", &id, versions.why), 0);
	behaviour_make_current(versions.behaviours, id);
	world_run(&versions.world, MS);
	versions.mapped = mappings();
	return 0;
}

static int
on_one(void **state)
{
	return versions_set_up(state, 1);
}

__attribute__((unused)) static int
on_two(void **state)
{
	return versions_set_up(state, 2);
}

static int
tear_down(void **state)
{
	struct versions *versions = *state;
	char command[96];

	release_handler_free(&versions->handler);
	code_free(&versions->code);
	world_tear_down(&versions->world);
	supervisor_free(&versions->supervisor);
	supervisor_free(&versions->another);
	snprintf(command, sizeof command, "rm -rf '%s'", versions->made);
	return system(command);
}

/*--------------------------------------------------------------------
 * What a test says
 */

static inline void
run(struct versions *versions)
{
	world_run(&versions->world, 20 * MS);
}

static inline uint16_t
id_of(struct versions *versions, const char *version)
{
	return behaviour_find(versions->behaviours, "counter", version);
}

static inline uint64_t
holders_of(struct versions *versions, const char *version)
{
	uint16_t id = id_of(versions, version);

	return id == 0 ? 0 : behaviour_counts(versions->behaviours, id).holders;
}

static inline bool
is_current(struct versions *versions, const char *version)
{
	uint16_t id = id_of(versions, version);

	return id != 0 && behaviour_is_current(versions->behaviours, id);
}

/* In the current version, on each scheduler in turn. */
static inline struct pid
spawn(struct versions *versions)
{
	struct counter_start start = { .key = versions->count };
	struct spawn order = { .behaviour = behaviour_current(
				   versions->behaviours, "counter"),
		.start = &start,
		.length = sizeof start };
	struct pid *pid = &versions->counters[versions->count];

	assert_in_range(versions->count, 0, COUNTERS_MAX - 1);
	assert_int_equal(
	    process_spawn(scheduler_peer(versions->world.scheduler,
			      versions->count++ % versions->schedulers),
		&order, pid),
	    0);
	run(versions);
	return *pid;
}

static inline void
post(struct versions *versions, struct pid pid, uint16_t kind, uint8_t byte)
{
	assert_int_equal(
	    process_post(world_at(&versions->world, pid), pid, kind, &byte, 1),
	    0);
	run(versions);
}

static inline bool
is_alive(struct versions *versions, struct pid pid)
{
	return process_is_alive(world_at(&versions->world, pid), pid);
}

static inline const char *
version_of(struct versions *versions, struct pid pid)
{
	return behaviour_version(
	    versions->behaviours, world_info(&versions->world, pid).behaviour);
}

static inline const struct upgrade_report *
upgrade(struct versions *versions, const char *version)
{
	const struct upgrade_order order = { .module = "counter",
		.version = version };
	const struct upgrade_report *report =
	    release_handler_upgrade(versions->handler, &order);
	unsigned int i;

	for (i = 0; i < 500 && !report->is_done; i++)
		run(versions);
	assert_true(report->is_done);
	return report;
}

static inline void
install(struct versions *versions, const char *version)
{
	const struct upgrade_report *report = upgrade(versions, version);

	assert_string_equal(
	    upgrade_stage_word((enum upgrade_stage)report->stage), "installed");
}

static inline void
make_permanent(struct versions *versions, const char *version)
{
	assert_int_equal(release_handler_make_permanent(
			     versions->handler, "counter", version)
			     ->stage,
	    UPGRADE_permanent);
	run(versions);
}

static inline const struct upgrade_report *
roll_back(struct versions *versions)
{
	const struct upgrade_report *report =
	    release_handler_rollback(versions->handler, "counter", 0);
	unsigned int i;

	for (i = 0; i < 500 && !report->is_done; i++)
		run(versions);
	assert_int_equal(report->stage, UPGRADE_rolled_back);
	run(versions);
	return report;
}

static inline int
purge(struct versions *versions, const char *version, bool is_forced)
{
	const struct release_purge purge = {
		.module = "counter", .version = version, .is_forced = is_forced
	};
	int error = release_handler_purge(
	    versions->handler, &purge, versions->why, sizeof versions->why);

	run(versions);
	return error;
}

/* One that 1.0 cannot take: it is left behind in 2.0, and 1.0 is current. */
static inline struct pid
pin(struct versions *versions)
{
	struct pid pid;

	install(versions, "2.0");
	pid = spawn(versions);
	post(versions, pid, COUNTER_PHASE, HELD);
	roll_back(versions);
	assert_string_equal(version_of(versions, pid), "2.0");
	return pid;
}

/* ROOT/VERSION/counter.so in the folder made here, like that of `like`. */
static inline void
make_release(
    struct versions *versions, const char *version, const char *like, long size)
{
	char command[512];

	snprintf(command, sizeof command,
	    "mkdir -p -m 755 '%s/%s' && head -c %ld '%s' >'%s/%s/counter.so'",
	    versions->made, version, size, like, versions->made, version);
	assert_int_equal(system(command), 0);
}

static inline int
load(struct versions *versions, const char *version)
{
	uint16_t id;

	strcpy(versions->why, "");
	return code_load(
	    versions->code, "counter", version, &id, versions->why);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, on_one, tear_down)
#define TEST_ON_TWO(name)                                                      \
	cmocka_unit_test_setup_teardown(name, on_two, tear_down)

#endif
