/* That a switch at work refuses every release that is wrong, each with its own
 * reason, and that nothing of it is felt: processes that tick each other go on
 * in the version that they have, no event faults, no tick is lost, nothing
 * stays mapped or open. */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/modules/counter.h"
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
	uint8_t bytes[4 << 20]; /* of a sound module */
	size_t size;
};

/*--------------------------------------------------------------------
 * What is wrong
 */

/* Makes PATH, which a sound module of `office` would be written to. */
typedef void make_f(const struct office *office, const char *path);

/* `why` is a glob(7) of what stands between "cannot load ...:" and ";". */
struct way {
	const char *release;
	enum upgrade_reason reason;
	const char *why;
	make_f *make;
	bool is_call; /* of the system: met by the filter, where there is one */
};

static void
write_file(const char *path, const void *bytes, size_t size)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(file >= 0);
	assert_true(write(file, bytes, size) == (ssize_t)size);
	close(file);
}

static void
make_empty(const struct office *office, const char *path)
{
	(void)office;
	write_file(path, "", 0);
}

static void
make_text(const struct office *office, const char *path)
{
	(void)office;
	write_file(path, "no module\n", 10);
}

static void
make_half(const struct office *office, const char *path)
{
	write_file(path, office->bytes, office->size / 2);
}

static void
make_shorter(const struct office *office, const char *path)
{
	write_file(path, office->bytes, office->size - 1);
}

static void
make_huge(const struct office *office, const char *path)
{
	write_file(path, office->bytes, office->size);
	assert_int_equal(truncate(path, 17 << 20), 0);
}

static void
make_renamed(const struct office *office, const char *path)
{
	write_file(path, office->bytes, office->size);
}

static void
make_writable(const struct office *office, const char *path)
{
	make_renamed(office, path);
	assert_int_equal(chmod(path, 0646), 0);
}

/* Only root can give a file to a group of others. */
static void
make_shared(const struct office *office, const char *path)
{
	make_renamed(office, path);
	if (chown(path, (uid_t)-1, 65534) == 0)
		assert_int_equal(chmod(path, 0664), 0);
	else
		assert_int_equal(chmod(path, 0646), 0);
}

static void
make_pipe(const struct office *office, const char *path)
{
	(void)office;
	assert_int_equal(mkfifo(path, 0644), 0);
}

static void
make_folder(const struct office *office, const char *path)
{
	(void)office;
	assert_int_equal(mkdir(path, 0755), 0);
}

static void
make_device(const struct office *office, const char *path)
{
	(void)office;
	assert_int_equal(symlink("/dev/zero", path), 0);
}

static void
make_nothing(const struct office *office, const char *path)
{
	(void)office;
	assert_int_equal(symlink("/nowhere/at/all", path), 0);
}

static void
make_absent(const struct office *office, const char *path)
{
	(void)office;
	(void)path;
}

static void
make_open_folder(const struct office *office, const char *path)
{
	char folder[256];

	make_renamed(office, path);
	snprintf(folder, sizeof folder, "%.*s",
	    (int)(strrchr(path, '/') - path), path);
	assert_int_equal(chmod(folder, 0777), 0);
}

/* `byte` at `offset` of a sound one. */
static void
write_changed(
    const struct office *office, const char *path, size_t offset, uint8_t byte)
{
	static uint8_t bytes[sizeof office->bytes];

	memcpy(bytes, office->bytes, office->size);
	bytes[offset] = byte;
	write_file(path, bytes, office->size);
}

static void
make_narrow(const struct office *office, const char *path)
{
	write_changed(office, path, EI_CLASS, ELFCLASS32);
}

static void
make_swapped(const struct office *office, const char *path)
{
	write_changed(office, path, EI_DATA, ELFDATA2MSB);
}

static void
make_foreign(const struct office *office, const char *path)
{
	write_changed(office, path, offsetof(Elf64_Ehdr, e_machine), EM_SPARC);
}

static void
make_object(const struct office *office, const char *path)
{
	write_changed(office, path, offsetof(Elf64_Ehdr, e_type), ET_REL);
}

static void
make_bare(const struct office *office, const char *path)
{
	write_changed(office, path, offsetof(Elf64_Ehdr, e_phnum), 0);
}

#define FILE_WAY(name, why)                                                    \
	{                                                                      \
		"damaged/" #name, UPGRADE_REASON_admission, why, make_##name,  \
		    false                                                      \
	}
#define ELF_WAY(name, why)                                                     \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_admission,                     \
		    "'*/counter.so' " why, NULL, false                         \
	}
#define OTHER_WAY(release, why)                                                \
	{                                                                      \
		release, UPGRADE_REASON_admission, why, NULL, false            \
	}
#define TEST_WAY(name, how)                                                    \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_self_test,                     \
		    how " while its self_test runs", NULL, false               \
	}
#define CALL_WAY(name, call)                                                   \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_self_test,                     \
		    "it makes the system call '" call                          \
		    "' at 0x* while its self_test runs",                       \
		    NULL, true                                                 \
	}
#define PLAN_WAY(name, why)                                                    \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_plan, why, NULL, false         \
	}
#define LIVE	   "live state 1 of 8 "
#define LIVE_DEATH " (live state 1 of 8)"

static const struct way ways[] = {
	/* The file. */
	FILE_WAY(empty, "'*' has 0 bytes, want 1 to 16777216"),
	FILE_WAY(text, "'*' is no ELF file"),
	FILE_WAY(half, "'*' ends after * bytes, before its section headers"),
	FILE_WAY(shorter, "'*' ends after * bytes, before its section headers"),
	FILE_WAY(huge, "'*' has 17825792 bytes, want 1 to 16777216"),
	FILE_WAY(writable,
	    "the file '*' may be written by anyone (mode 646), `chmod o-w` "
	    "forbids it"),
	FILE_WAY(shared,
	    "the file '*' may be written by * (mode *), `chmod g-w` forbids "
	    "it"),
	FILE_WAY(open_folder,
	    "the folder '*/open_folder' may be written by anyone (mode 777), "
	    "`chmod o-w` forbids it"),
	FILE_WAY(pipe, "'*' is no file"),
	FILE_WAY(folder, "'*' is no file"),
	FILE_WAY(device, "'*' is no file"),
	FILE_WAY(renamed,
	    "it calls itself version faulty/nothing, want damaged/renamed as "
	    "its folder"),
	FILE_WAY(
	    narrow, "'*' is ELF of class 1 and byte order 1, want 2 and 1"),
	FILE_WAY(
	    swapped, "'*' is ELF of class 2 and byte order 2, want 2 and 1"),
	FILE_WAY(foreign, "'*' is for machine 2, want *"),
	FILE_WAY(object, "'*' is ELF of type 1, want a shared object"),
	FILE_WAY(bare, "'*' has no readable program headers"),
	{ "damaged/absent", UPGRADE_REASON_not_found,
	    "there is no such release, its folder '*/damaged/absent' has no "
	    "counter.so, there are: *",
	    make_absent, false },
	{ "damaged/nothing", UPGRADE_REASON_not_found,
	    "there is no such release, its folder '*/damaged/nothing' has no "
	    "counter.so, there are: *",
	    make_nothing, false },
	/* What its tables say, before any of its code runs. */
	ELF_WAY(chosen,
	    "chooses 'barred_chosen' by code that runs when it is opened"),
	ELF_WAY(constructor, "has a constructor"),
	ELF_WAY(destructor, "has a destructor"),
	ELF_WAY(executable, "has a segment that is writable and executable"),
	ELF_WAY(folder, "names folders of its own for libraries"),
	ELF_WAY(init, "has code that runs when it is opened"),
	ELF_WAY(
	    library, "needs the library 'libm.so.6', want none but libc.so.6"),
	ELF_WAY(nodelete, "forbids to be closed"),
	ELF_WAY(stack, "wants an executable stack"),
	ELF_WAY(system,
	    "imports 'system', which is neither a verb nor a plain function "
	    "of bytes and strings"),
	ELF_WAY(text, "has relocations in its text"),
	ELF_WAY(thread, "has variables of its own in each thread"),
	ELF_WAY(unique, "forbids to be closed by 'barred_unique'"),
	ELF_WAY(writable, "keeps 8 writable bytes, want none"),
	/* What it says of itself. */
	OTHER_WAY("broken/abi", "ABI 99, want *"),
	OTHER_WAY("broken/callback", "it has no callback 'init'"),
	OTHER_WAY("faulty/handle", "it has no callback 'handle'"),
	OTHER_WAY("faulty/terminate", "it has no callback 'terminate'"),
	OTHER_WAY("faulty/size",
	    "its schema: field 'phase' ends at byte 1 of a state of 0 bytes"),
	OTHER_WAY(
	    "faulty/large", "its state has * bytes, at most 8192 are possible"),
	OTHER_WAY("broken/magic", "magic 0x1, want 0x*"),
	OTHER_WAY("broken/name", "it calls itself 'adder', want 'counter'"),
	OTHER_WAY("broken/symbol", "it has no symbol 'hotswitch_module'"),
	OTHER_WAY("broken/schema",
	    "its schema: bytes 30 to 39 of the state belong to no field"),
	OTHER_WAY("faulty/wild", "*its schema*"),
	/* What it does when it is asked for its self_test. */
	{ "broken/self-test", UPGRADE_REASON_self_test,
	    "its self_test answers 7, not 0", NULL, false },
	TEST_WAY(aborts, "it crashes the trial: SIGABRT"),
	TEST_WAY(crashes, "it crashes the trial: SIGSEGV at 0x*"),
#ifdef __x86_64__
	TEST_WAY(divides, "it crashes the trial: SIGFPE at 0x*"),
#endif
	TEST_WAY(ends, "it ends the trial with status 0"),
	TEST_WAY(nowhere, "it crashes the trial: SIGSEGV"),
	TEST_WAY(overruns, "it crashes the trial: SIG*"),
	TEST_WAY(recurses, "it crashes the trial: SIGSEGV at 0x*"),
	TEST_WAY(loops, "it takes more than 2 s of processor time or 10 s *"),
	CALL_WAY(executes, "execve"),
	CALL_WAY(kills, "kill"),
	CALL_WAY(listens, "socket"),
#ifndef HOTSWITCH_INSTRUMENTED
	CALL_WAY(allocates, "mmap"),
	CALL_WAY(closes, "close"),
	CALL_WAY(forks, "clone"),
	CALL_WAY(limits, "prlimit64"),
	CALL_WAY(masks, "rt_sigaction"),
	CALL_WAY(opens, "openat"),
	CALL_WAY(sleeps, "pause"),
	CALL_WAY(writes, "write"),
#endif
	/* What it does to states of the version that runs. */
	PLAN_WAY(crashes_up,
	    "it crashes the trial: SIGSEGV at 0x* while a state of 1.0 is "
	    "converted to it" LIVE_DEATH),
	PLAN_WAY(crashes_down,
	    "it crashes the trial: SIGSEGV at 0x* while a state is converted "
	    "back to 1.0" LIVE_DEATH),
	PLAN_WAY(overruns_state,
	    "it crashes the trial: SIGSEGV at 0x* while a state of 1.0 is "
	    "converted to it" LIVE_DEATH),
	PLAN_WAY(underruns, LIVE "is overrun when it is converted from 1.0"),
	PLAN_WAY(spoils, LIVE "is written to when it is converted from 1.0"),
	PLAN_WAY(
	    miscounts, LIVE "comes back to 1.0 with another 'ticks': *, not *"),
	PLAN_WAY(unchecked,
	    LIVE "does not pass its check when it is converted from 1.0"),
	{ "broken/plan", UPGRADE_REASON_plan, "no plan from *: field *", NULL,
	    false },
};

/*--------------------------------------------------------------------
 * The office
 */

static void
read_sound_module(struct office *office)
{
	FILE *file = fopen(BARRED "/faulty/nothing/counter.so", "rb");

	assert_non_null(file);
	office->size = fread(office->bytes, 1, sizeof office->bytes, file);
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
		way->make(office, path);
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
