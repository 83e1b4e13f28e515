/*
 * That a switch at work refuses every release that is wrong, each with its own
 * reason, and that nothing of it is felt: processes that tick each other go on
 * in the version that they have, no event faults, no tick is lost, nothing
 * stays mapped or open.
 */
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/modules/counter.h"
#include "tests/refusal_rows.h"
#include "tests/world.h"
#include "upgrade/code.h"
#include "upgrade/prover.h"
#include "upgrade/release_handler.h"
#include "upgrade/schema.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"
#define BARRED	 HOTSWITCH_RELEASES "/../../tests/releases-barred"

enum { COUNTERS = 500 };

struct office {
	struct world world;
	struct prover *prover;
	struct code *code;
	struct release_handler *handler;
	char made[64]; /* a folder of releases that the test makes */
	const char *roots[3];
	struct pid counters[COUNTERS];
	uint16_t current;
	uint64_t ticks;
	struct sound_module sound;
};

/*--------------------------------------------------------------------
 * The office
 */

static void
read_sound_module(struct office *office)
{
	FILE *file = fopen(BARRED "/faulty/nothing/counter.so", "rb");

	assert_non_null(file);
	office->sound.size =
	    fread(office->sound.bytes, 1, sizeof office->sound.bytes, file);
	fclose(file);
}

static void
make_damaged(const struct office *office)
{
	const struct way *way = ways;
	char path[256];

	snprintf(path, sizeof path, "%s/damaged", office->made);
	assert_int_equal(mkdir(path, 0755), 0);
	for (; way < ways + sizeof ways / sizeof ways[0]; way++) {
		if (way->make == NULL)
			continue;
		snprintf(
		    path, sizeof path, "%s/%s", office->made, way->release);
		assert_int_equal(mkdir(path, 0755), 0);
		strcat(path, "/counter.so");
		way->make(&office->sound, path);
	}
}

/* Each has the one before as its peer; 'x' is what `unchecked` dislikes. */
static void
spawn_counters(struct office *office)
{
	struct counter_start start = { .note = "xy" };
	const struct spawn spawn = { .behaviour = office->current,
		.start = &start,
		.length = sizeof start };
	unsigned int i;

	for (i = 0; i < COUNTERS; i++) {
		start.peer = i == 0 ? PID_NONE : office->counters[i - 1];
		assert_int_equal(process_spawn(office->world.scheduler, &spawn,
				     &office->counters[i]),
		    0);
	}
}

static void
spawn_handler(struct office *office)
{
	struct scheduler *scheduler = office->world.scheduler;
	const struct spawn spawn = { .behaviour = behaviour_current(
					 scheduler_behaviours(scheduler),
					 "release_handler") };
	struct pid pid;

	assert_int_equal(process_spawn(scheduler, &spawn, &pid), 0);
}

static int
setup(void **state)
{
	static struct office office;
	char why[CODE_WHY_MAX] = "";

	office = (struct office){ .made = "/tmp/hotswitch-ref-XXXXXX" };
	*state = &office;
	/* Before there is a thread. */
	assert_int_equal(prover_start(&office.prover), 0);
	assert_non_null(mkdtemp(office.made));
	read_sound_module(&office);
	make_damaged(&office);
	office.roots[0] = office.made;
	office.roots[1] = RELEASES;
	office.roots[2] = BARRED;
	world_set_up(&office.world);
	assert_int_equal(
	    code_alloc(&office.code,
		scheduler_behaviours(office.world.scheduler), office.roots, 3),
	    0);
	code_set_prover(office.code, office.prover);
	assert_int_equal(release_handler_alloc(&office.handler,
			     office.world.scheduler, office.code),
	    0);
	assert_int_equal(
	    code_load(office.code, "counter", "1.0", &office.current, why), 0);
	behaviour_make_current(
	    scheduler_behaviours(office.world.scheduler), office.current);
	spawn_handler(&office);
	spawn_counters(&office);
	world_run(&office.world, 1000);
	return 0;
}

static int
teardown(void **state)
{
	struct office *office = *state;
	char command[128];

	release_handler_free(&office->handler);
	code_free(&office->code);
	world_tear_down(&office->world);
	prover_free(&office->prover);
	snprintf(command, sizeof command, "rm -r '%s'", office->made);
	return system(command);
}

/*--------------------------------------------------------------------
 * The test
 */

/* Each counts, and has its neighbour count. */
static void
tick_all(struct office *office)
{
	unsigned int i;

	for (i = 0; i < COUNTERS; i++)
		world_post(&office->world, office->counters[i], COUNTER_TICK);
	office->ticks += 2 * COUNTERS - 1;
}

static uint64_t
count_all(struct office *office)
{
	struct process_info info;
	const struct schema *schema;
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < COUNTERS; i++) {
		info = world_info(&office->world, office->counters[i]);
		assert_int_equal(info.behaviour, office->current);
		assert_int_equal(info.faults, 0);
		schema =
		    &behaviour_at(scheduler_behaviours(office->world.scheduler),
			info.behaviour)
			 ->module->schema;
		sum += (uint64_t)schema_number(
		    schema_find(schema, "ticks"), info.state);
	}
	return sum;
}

static unsigned int
count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned int count = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

/* Modules are mapped from copies without a name; of each all its segments. */
static unsigned int
count_mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned int count = 0;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL)
		count += strstr(line, "/memfd:counter") != NULL;
	fclose(maps);
	return count;
}

static void
expect_refusal(struct office *office, const struct way *way)
{
	const struct upgrade_report *report;
	char wanted[CODE_WHY_MAX];

	tick_all(office);
	report = release_handler_upgrade(office->handler,
	    &(struct upgrade_order){
		.module = "counter", .version = way->release });
	assert_false(report->is_done);
	tick_all(office);
	world_run(&office->world, 2000);
	assert_true(report->is_done);
	snprintf(wanted, sizeof wanted,
	    "cannot load 'counter' %s: %s; nothing has changed, 1.0 stays "
	    "current",
	    way->release, way->why);
	if (fnmatch(wanted, report->text, 0) != 0)
		assert_string_equal(report->text, wanted);
	assert_int_equal(report->stage, UPGRADE_refused);
	assert_int_equal(report->reason, way->reason);
	assert_true(count_all(office) == office->ticks);
}

static void
u17_each_way_of_being_wrong_is_refused_and_not_felt(void **state)
{
	struct office *office = *state;
	unsigned int descriptors = count_descriptors();
	unsigned int mapped = count_mapped();
	const struct way *way = ways;

	assert_int_not_equal(mapped, 0);
	for (; way < ways + sizeof ways / sizeof ways[0]; way++)
		if (!way->is_call || prover_is_filtered(office->prover))
			expect_refusal(office, way);
	assert_int_equal(count_descriptors(), descriptors);
	assert_int_equal(count_mapped(), mapped);
}

/* And the same switch still lets in what is sound. */
static void
what_is_sound_is_let_in_afterwards(void **state)
{
	struct office *office = *state;
	const struct upgrade_report *report;

	report = release_handler_upgrade(office->handler,
	    &(struct upgrade_order){ .module = "counter", .version = "2.0" });
	world_run(&office->world, 100000);
	assert_string_equal(report->text,
	    "'counter' 2.0 is current and runs 500 of 500; 1.0 stays for the "
	    "way back until make-permanent");
	assert_int_equal(report->stage, UPGRADE_installed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    u17_each_way_of_being_wrong_is_refused_and_not_felt),
		cmocka_unit_test(what_is_sound_is_let_in_afterwards),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
