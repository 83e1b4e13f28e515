/* What code.h promises: which files become versions, which are refused with
 * which words, and that a purge leaves nothing.  The files are real ones:
 * tests/modules/counter.c, or made here. */
#include "upgrade/code.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "switch/object.h"
#include "tests/modules/counter.h"
#include "upgrade/conversion.h"
#include "upgrade/prover.h"
#include "upgrade/schema.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"
#define BARRED	 HOTSWITCH_RELEASES "/../../tests/releases-barred"
#define CHANGED	 HOTSWITCH_RELEASES "/../../tests/releases-changed"

struct office {
	struct behaviours *behaviours;
	struct code *code;
	char made[64]; /* a folder of releases that the test makes */
	const char *roots[2];
	char why[CODE_WHY_MAX];
};

static int
setup(void **state)
{
	static struct office office;

	office = (struct office){ .made = "/tmp/hotswitch-code-XXXXXX" };
	*state = &office;
	if (mkdtemp(office.made) == NULL)
		return -1;
	office.roots[0] = office.made;
	office.roots[1] = RELEASES;
	if (behaviours_alloc(&office.behaviours, 1) != 0)
		return -1;
	return code_alloc(&office.code, office.behaviours, office.roots, 2);
}

static int
teardown(void **state)
{
	struct office *office = *state;
	char command[128];

	code_free(&office->code);
	assert_null(office->code);
	behaviours_free(&office->behaviours);
	snprintf(command, sizeof command, "rm -r '%s'", office->made);
	return system(command);
}

/* Makes ROOT/VERSION/counter.so of these bytes; the path of it. */
static const char *
make_file(
    struct office *office, const char *version, const char *bytes, size_t size)
{
	static char path[256];
	int file;

	snprintf(path, sizeof path, "%s/%s", office->made, version);
	assert_int_equal(mkdir(path, 0755), 0);
	strcat(path, "/counter.so");
	file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	assert_true(file >= 0);
	assert_true(write(file, bytes, size) == (ssize_t)size);
	close(file);
	return path;
}

/* A copy of the true 1.0, of which a test may damage a byte. */
static const char *
make_copy(struct office *office, const char *version, size_t at, char byte)
{
	static char bytes[4 << 20];
	FILE *file = fopen(RELEASES "/1.0/counter.so", "rb");
	size_t size;

	assert_non_null(file);
	size = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	assert_in_range(size, 1000, sizeof bytes - 1);
	bytes[at] = byte;
	return make_file(office, version, bytes, size);
}

static uint16_t
load(struct office *office, const char *version)
{
	uint16_t id = 0;
	int error;

	strcpy(office->why, "");
	error = code_load(office->code, "counter", version, &id, office->why);
	assert_string_equal(office->why, "");
	assert_int_equal(error, 0);
	return id;
}

static void
expect_refused(
    struct office *office, const char *version, int error, const char *why)
{
	uint16_t id = 4711;
	char wanted[CODE_WHY_MAX];

	snprintf(wanted, sizeof wanted, "cannot load 'counter' %s: %s", version,
	    why);
	assert_int_equal(
	    code_load(office->code, "counter", version, &id, office->why),
	    error);
	assert_string_equal(office->why, wanted);
	assert_int_equal(id, 4711);
	assert_int_equal(
	    behaviour_find(office->behaviours, "counter", version), 0);
}

/* As expect_refused, where a path stands in the clause: "%s" for it. */
static void
expect_file_refused(struct office *office, const char *version,
    const char *path, const char *before, const char *after)
{
	char clause[CODE_WHY_MAX];

	snprintf(clause, sizeof clause, "%s'%s'%s", before, path, after);
	expect_refused(office, version, -ENOEXEC, clause);
}

static unsigned int
count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	unsigned int count = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL)
		count += strstr(line, "memfd:counter") != NULL;
	fclose(maps);
	return count;
}

/* Of the first copy of a module that is open. */
static int
seals_of_copy(void)
{
	char path[32], target[64];
	ssize_t length;
	int fd;

	for (fd = 0; fd < 256; fd++) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		length = readlink(path, target, sizeof target - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		if (strstr(target, "memfd:counter") != NULL)
			return fcntl(fd, F_GET_SEALS);
	}
	return -1;
}

static unsigned int
count_files(void)
{
	unsigned int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl((int)fd, F_GETFD) >= 0;
	return count;
}

/*--------------------------------------------------------------------
 * What is let in
 */

static void
a_version_becomes_a_behaviour(void **state)
{
	struct office *office = *state;
	uint16_t id = load(office, "1.0");
	const struct behaviour *behaviour =
	    behaviour_at(office->behaviours, id);

	assert_int_equal(
	    behaviour_find(office->behaviours, "counter", "1.0"), id);
	assert_string_equal(behaviour->module->version, "1.0");
	assert_false(behaviour_is_current(
	    office->behaviours, id)); /* loading changes nothing */
	assert_in_range((uintptr_t)behaviour->module, behaviour->image,
	    behaviour->image + behaviour->image_size - 1);
}

static void
u8_loading_again_is_harmless(void **state)
{
	struct office *office = *state;
	unsigned int mappings;
	uint16_t id = load(office, "1.0");

	mappings = count_mappings();
	assert_int_equal(load(office, "1.0"), id);
	assert_int_equal(count_mappings(), mappings);
}

static void
u7_any_number_of_versions_is_resident(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "1.0"), two = load(office, "2.0");
	uint16_t three = load(office, "3.0"), ids[2] = { 0, 0 };

	assert_true(one != two && two != three && one != three);
	assert_int_equal(code_residents(office->code, "counter", ids, 2), 3);
	assert_int_equal(ids[0], one);
	assert_int_equal(ids[1], two);
	assert_int_equal(code_residents(office->code, "adder", ids, 2), 0);
}

static void
u9_plans_lead_from_each_version_to_each(void **state)
{
	struct office *office = *state;
	const uint16_t ids[] = { load(office, "3.0"), load(office, "1.0"),
		load(office, "2.0") };
	unsigned int i, j;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++)
			assert_true((code_plan(office->code, ids[i], ids[j]) ==
					NULL) == (i == j));
	assert_int_equal(
	    conversion_summary(code_plan(office->code, ids[1], ids[2]))
		->renamed,
	    1);
}

static int
convert(struct office *office, uint16_t from_id, uint16_t to_id,
    const void *from, void *to)
{
	const struct converter *converter =
	    behaviours_converter(office->behaviours);

	static uint8_t keep[BEHAVIOUR_STATE_MAX];
	struct state_change change = {
		.from = behaviour_at(office->behaviours, from_id),
		.to = behaviour_at(office->behaviours, to_id),
		.old_state = from,
		.new_state = to,
		.keep = keep,
	};

	return converter->convert(converter->arg, &change);
}

static void
set(const struct office *office, uint16_t id, const char *name, void *state,
    int64_t number)
{
	schema_set_number(
	    schema_find(
		&behaviour_at(office->behaviours, id)->module->schema, name),
	    state, number);
}

static int64_t
get(const struct office *office, uint16_t id, const char *name,
    const void *state)
{
	return schema_number(
	    schema_find(
		&behaviour_at(office->behaviours, id)->module->schema, name),
	    state);
}

/* Its hook knows steps/2 alone: from steps/1 it goes by way of that. */
static void
u9_a_hook_is_given_the_states_it_was_written_for(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "steps/1"), two = load(office, "steps/2"),
		 three = load(office, "steps/3");
	char old[256] = { 0 }, new[256] = { 0 }, back[256] = { 0 };

	set(office, one, "ticks", old, 7);
	assert_int_equal(convert(office, one, three, old, new), 0);
	assert_int_equal(get(office, three, "count", new), 1070);
	assert_int_equal(convert(office, three, one, new, back), 0);
	assert_int_equal(get(office, one, "ticks", back), 7);
	/* It is held, without a process, as long as both need its hook. */
	assert_true(code_is_on_the_way(office->code, two));
	assert_false(code_is_on_the_way(office->code, three));
	assert_int_equal(
	    code_purge(office->code, "counter", "steps/2"), -EBUSY);
	assert_int_equal(code_purge(office->code, "counter", "steps/1"), 0);
	assert_false(code_is_on_the_way(office->code, two));
	assert_int_equal(code_purge(office->code, "counter", "steps/2"), 0);
}

static void
u9_a_way_that_is_not_there_is_refused(void **state)
{
	struct office *office = *state;

	load(office, "steps/1");
	expect_refused(office, "steps/3", -EINVAL,
	    "no plan from steps/1 to steps/3: the code_change of steps/3 knows "
	    "the states of steps/2 alone, which is not loaded; load that "
	    "first");
	assert_int_equal(code_purge(office->code, "counter", "steps/1"), 0);
	load(office, "steps/3");
	expect_refused(office, "steps/1", -EINVAL,
	    "no plan from steps/3 to steps/1: the code_change of steps/3 knows "
	    "the states of steps/2 alone, which is not loaded; load that "
	    "first");
}

/* Who has no hook himself goes by way of what has one for the one before. */
static void
u9_a_step_between_two_is_not_left_out(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "steps/1"), two = load(office, "steps/2"),
		 nine = load(office, "steps/9");
	char old[256] = { 0 }, new[256] = { 0 }, back[256] = { 0 };

	set(office, one, "ticks", old, 7);
	assert_int_equal(convert(office, one, nine, old, new), 0);
	assert_int_equal(get(office, nine, "count", new), 107);
	assert_int_equal(convert(office, nine, one, new, back), 0);
	assert_int_equal(get(office, one, "ticks", back), 7);
	assert_true(code_is_on_the_way(office->code, two));
}

/* They have found their way: who comes between must not change it. */
static void
u9_a_way_does_not_change_while_it_is_used(void **state)
{
	struct office *office = *state;

	load(office, "steps/1");
	load(office, "steps/9");
	expect_refused(office, "steps/2", -EINVAL,
	    "steps/1 and steps/9 are here, and the way between them would be "
	    "by way of it; purge one of them first");
	assert_int_equal(code_purge(office->code, "counter", "steps/9"), 0);
	load(office, "steps/2");
}

static void
the_behaviours_converter_runs_the_plans(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "1.0"), two = load(office, "2.0");
	char old[256] = { 0 }, new[256] = { 0 }, back[256] = { 0 };

	set(office, one, "ticks", old, 77);
	set(office, one, "phase", old, 1);
	assert_int_equal(convert(office, one, two, old, new), 0);
	assert_int_equal(get(office, two, "count", new), 77);
	assert_int_equal(get(office, two, "phase", new), 2);
	assert_int_equal(get(office, two, "step", new), 1);
	assert_int_equal(convert(office, two, one, new, back), 0);
	assert_memory_equal(old, back, sizeof old);
	set(office, two, "count", new, INT64_C(1) << 32);
	assert_int_equal(convert(office, two, one, new, back), -EDOM);
	assert_int_equal(convert(office, one, one, old, new), -ENOENT);
}

static void
the_newer_versions_hook_serves_both_directions(void **state)
{
	struct office *office = *state;
	uint16_t three = load(office, "3.0"), one = load(office, "1.0");
	const struct schema *schema =
	    &behaviour_at(office->behaviours, one)->module->schema;
	char old[256] = { 0 }, new[256] = { 0 };

	strcpy(old + schema_find(schema, "note")->offset, "bad");
	assert_int_equal(convert(office, one, three, old, new), -EBADMSG);
	strcpy(old + schema_find(schema, "note")->offset, "stuck");
	assert_int_equal(convert(office, one, three, old, new), 0);
	assert_int_equal(convert(office, three, one, new, old), -EBADMSG);
	schema = &behaviour_at(office->behaviours, three)->module->schema;
	strcpy(new + schema_find(schema, "note")->offset, "bad");
	assert_int_equal(convert(office, three, one, new, old), 0);
}

static void
a_state_that_fails_its_check_is_refused(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "1.0"), checks = load(office, "checks");
	const struct schema *schema =
	    &behaviour_at(office->behaviours, one)->module->schema;
	char old[256] = { 0 }, new[256] = { 0 };

	assert_int_equal(convert(office, one, checks, old, new), 0);
	old[schema_find(schema, "note")->offset] = 'x';
	assert_int_equal(convert(office, one, checks, old, new), -EBADMSG);
}

/*--------------------------------------------------------------------
 * What is refused
 */

static void
an_unknown_release_is_refused_with_the_known_ones(void **state)
{
	struct office *office = *state;

	expect_refused(office, "9.9", -ENOENT,
	    "there is no such release, there are: 1.0 2.0 3.0 checks "
	    "broken/abi broken/callback broken/magic broken/name broken/plan "
	    "broken/schema broken/self-test broken/symbol broken/undefined "
	    "broken/unprintable broken/version steps/1 steps/2 steps/3 "
	    "steps/9");
}

static void
an_unknown_module_is_refused(void **state)
{
	struct office *office = *state;
	uint16_t id;

	assert_int_equal(
	    code_load(office->code, "adder", "1.0", &id, office->why), -ENOENT);
	assert_string_equal(
	    office->why, "cannot load 'adder' 1.0: there is no release of it");
}

static void
a_name_that_leads_out_of_the_roots_is_not_found(void **state)
{
	static const char *const names[] = { "", ".", "..", "../releases/1.0",
		"/1.0", "1.0/", "broken//abi", "broken/../1.0", "1.0;x", ".x" };
	struct office *office = *state;
	uint16_t id;
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_int_equal(code_load(office->code, "counter", names[i],
				     &id, office->why),
		    -ENOENT);
	assert_int_equal(
	    code_load(office->code, "../1.0/counter", "1.0", &id, office->why),
	    -ENOENT);
}

static void
u17_a_text_is_no_module(void **state)
{
	struct office *office = *state;
	const char *path = make_file(office, "text", "#!/bin/sh\n", 10);

	expect_file_refused(office, "text", path, "", " is no ELF file");
}

static void
u17_an_empty_file_is_no_module(void **state)
{
	struct office *office = *state;
	const char *path = make_file(office, "empty", "", 0);

	expect_file_refused(
	    office, "empty", path, "", " has 0 bytes, want 1 to 16777216");
}

static void
u17_a_file_cut_short_is_refused(void **state)
{
	struct office *office = *state;
	const char *path = make_copy(office, "short", 0, 0x7f);

	assert_int_equal(truncate(path, 40), 0);
	expect_file_refused(
	    office, "short", path, "", " ends inside its header");
	assert_int_equal(truncate(path, 4096), 0);
	assert_int_equal(code_load(office->code, "counter", "short",
			     &(uint16_t){ 0 }, office->why),
	    -ENOEXEC);
}

static void
u17_a_file_for_another_machine_is_refused(void **state)
{
	struct office *office = *state;
	const char *path = make_copy(office, "sparc", 18, 2);
	char after[64];
	FILE *file = fopen(path, "rb");
	int machine;

	assert_int_equal(fseek(file, 19, SEEK_SET), 0);
	machine = 2 + 256 * fgetc(file);
	fclose(file);
	snprintf(after, sizeof after, " is for machine %d, want ", machine);
	assert_int_equal(code_load(office->code, "counter", "sparc",
			     &(uint16_t){ 0 }, office->why),
	    -ENOEXEC);
	assert_non_null(strstr(office->why, after));
}

static void
u17_a_program_is_no_shared_object(void **state)
{
	struct office *office = *state;
	const char *path = make_copy(office, "program", 16, 2);

	expect_file_refused(office, "program", path, "",
	    " is ELF of type 2, want a shared object");
}

static void
u17_a_folder_or_a_pipe_is_no_file(void **state)
{
	struct office *office = *state;
	char path[256];

	snprintf(path, sizeof path, "%s/odd", office->made);
	assert_int_equal(mkdir(path, 0755), 0);
	strcat(path, "/counter.so");
	assert_int_equal(mkdir(path, 0755), 0);
	expect_file_refused(office, "odd", path, "", " is no file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
	expect_file_refused(office, "odd", path, "", " is no file");
}

static void
u17_a_file_that_anyone_may_write_is_refused(void **state)
{
	struct office *office = *state;
	const char *path = make_copy(office, "open", 0, 0x7f);

	assert_int_equal(chmod(path, 0646), 0);
	expect_file_refused(office, "open", path, "the file ",
	    " may be written by anyone (mode 646)");
}

static void
u17_a_folder_that_anyone_may_write_is_refused(void **state)
{
	struct office *office = *state;
	char path[256];

	strcpy(path, make_copy(office, "open", 0, 0x7f));
	*strrchr(path, '/') = '\0';
	assert_int_equal(chmod(path, 0777), 0);
	expect_file_refused(office, "open", path, "the folder ",
	    " may be written by anyone (mode 777)");
}

/* Who may write there may put another folder in its place. */
static void
u17_every_folder_on_the_way_is_looked_at(void **state)
{
	struct office *office = *state;
	char path[256];

	make_copy(office, "sound", 0, 0x7f);
	snprintf(path, sizeof path, "%s/far", office->made);
	assert_int_equal(mkdir(path, 0755), 0);
	strcat(path, "/off");
	assert_int_equal(mkdir(path, 0755), 0);
	*strrchr(path, '/') = '\0';
	assert_int_equal(chmod(path, 0757), 0);
	expect_file_refused(office, "far/off", path, "the folder ",
	    " may be written by anyone (mode 757)");
	assert_int_equal(chmod(office->made, 0777), 0);
	expect_file_refused(office, "sound", office->made, "the folder ",
	    " may be written by anyone (mode 777)");
}

static void
u17_a_strangers_file_is_refused(void **state)
{
	struct office *office = *state;
	const char *path = make_copy(office, "strange", 0, 0x7f);
	char after[96];

	if (geteuid() != 0)
		skip(); /* only root can make one */
	assert_int_equal(chown(path, 1234, 0), 0);
	snprintf(after, sizeof after,
	    " belongs to user 1234, want root or user %u", geteuid());
	expect_file_refused(office, "strange", path, "the file ", after);
}

static void
u17_a_wrong_descriptor_is_refused(void **state)
{
	struct office *office = *state;

	expect_refused(office, "broken/abi", -ENOEXEC, COUNTER_WRONG_ABI);
	expect_refused(
	    office, "broken/magic", -ENOEXEC, "magic 0x1, want 0x5c0ff1ce");
	expect_refused(office, "broken/name", -ENOEXEC,
	    "it calls itself 'adder', want 'counter'");
	expect_refused(office, "broken/version", -ENOEXEC,
	    "it calls itself version 1.0, want broken/version as its folder");
	expect_refused(office, "broken/symbol", -ENOEXEC,
	    "it has no symbol 'hotswitch_module'");
	expect_refused(
	    office, "broken/callback", -ENOEXEC, "it has no callback 'init'");
	assert_int_equal(count_mappings(), 0);
}

static void
u17_an_undefined_symbol_is_refused(void **state)
{
	struct office *office = *state;
	char path[256];

	snprintf(path, sizeof path, "%s/broken/undefined/counter.so",
	    office->roots[1]);
	expect_file_refused(office, "broken/undefined", path, "",
	    " imports 'nobody_has_this', which is neither a verb nor a plain "
	    "function of bytes and strings");
}

static void
u5_a_faulty_schema_is_refused(void **state)
{
	struct office *office = *state;

	expect_refused(office, "broken/schema", -ENOEXEC,
	    "its schema: bytes 30 to 39 of the state belong to no field");
}

static void
u5_a_version_without_a_plan_is_refused(void **state)
{
	struct office *office = *state;

	load(office, "1.0");
	expect_refused(office, "broken/plan", -EINVAL,
	    "no plan from 1.0 to broken/plan: field 'ticks' narrows from 32 "
	    "to 16 bits and no rule says how");
	assert_int_equal(
	    code_residents(office->code, "counter", &(uint16_t){ 0 }, 1), 1);
}

static void
u11_a_failing_self_test_is_refused(void **state)
{
	struct office *office = *state;

	expect_refused(office, "broken/self-test", -EBADMSG,
	    "its self_test answers 7, not 0");
}

/* Here it would end the test: it is the prover that meets it. */
static void
u11_a_crashing_self_test_harms_nobody(void **state)
{
	struct office *office = *state;
	struct prover *prover;

	assert_int_equal(prover_start(&prover), 0);
	code_set_prover(office->code, prover);
	office->roots[0] = BARRED;
	expect_refused(office, "faulty/aborts", -EBADMSG,
	    "it crashes the trial: SIGABRT while its self_test runs");
	expect_refused(office, "broken/self-test", -EBADMSG,
	    "its self_test answers 7, not 0");
	load(office, "1.0");
	code_set_prover(office->code, NULL);
	prover_free(&prover);
}

static void
u5_a_changed_format_needs_a_new_version(void **state)
{
	struct office *office = *state;

	load(office, "1.0");
	assert_int_equal(code_purge(office->code, "counter", "1.0"), 0);
	office->roots[0] = CHANGED; /* its 1.0 is found first */
	expect_refused(office, "1.0", -ENOEXEC,
	    "it had another format when it was here before; a changed format "
	    "needs a version of its own");
}

/*--------------------------------------------------------------------
 * Coming and going
 */

static void
u14_nothing_stays_mapped_or_open(void **state)
{
	struct office *office = *state;
	unsigned int files = count_files(), i;
	uint16_t one = load(office, "1.0"), two;

	for (i = 0; i < 50; i++) {
		two = load(office, "2.0");
		assert_non_null(code_plan(office->code, one, two));
		assert_int_equal(code_purge(office->code, "counter", "2.0"), 0);
		assert_null(code_plan(office->code, one, two));
	}
	assert_int_equal(code_purge(office->code, "counter", "1.0"), 0);
	assert_int_equal(count_mappings(), 0);
	assert_int_equal(count_files(), files);
}

static void
c3_a_version_in_use_is_not_purged(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "1.0");
	struct behaviour_tally *tally =
	    &behaviours_tallies(office->behaviours, 0)[one];

	tally_add(&tally->holders, 1);
	assert_int_equal(code_purge(office->code, "counter", "1.0"), -EBUSY);
	tally_add(&tally->holders, (uint64_t)-1);
	behaviour_make_current(office->behaviours, one);
	assert_int_equal(code_purge(office->code, "counter", "1.0"), -EBUSY);
	assert_int_equal(code_purge(office->code, "counter", "2.0"), -ENOENT);
}

static void
c14_one_load_at_a_time(void **state)
{
	struct office *office = *state;
	struct code_load *first, *second;
	uint16_t id;
	uint64_t us;

	load(office, "1.0");
	assert_int_equal(
	    code_load_begin(office->code, "counter", "2.0", &first), 0);
	assert_int_equal(
	    code_load_begin(office->code, "counter", "3.0", &second), -EBUSY);
	assert_int_equal(code_purge(office->code, "counter", "1.0"), -EBUSY);
	expect_refused(office, "3.0", -EBUSY, "another load is under way");
	code_load_work(first);
	assert_int_equal(code_load_finish(&first, &id, office->why, &us), 0);
	assert_null(first);
	load(office, "3.0");
}

static void
a_file_is_swapped_after_the_load_without_harm(void **state)
{
	struct office *office = *state;
	const char *path;
	uint16_t one;

	/* A root of its own, whose 1.0 is a copy of the true one. */
	path = make_copy(office, "1.0", 0, 0x7f);
	one = load(office, "1.0");
	assert_int_equal(truncate(path, 1), 0);
	assert_string_equal(
	    behaviour_at(office->behaviours, one)->module->version, "1.0");
	assert_non_null(behaviour_at(office->behaviours, one)->module->init);
}

static void
what_was_checked_cannot_change(void **state)
{
	load(*state, "1.0");
	assert_int_equal(seals_of_copy(),
	    F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
}

static void
each_failed_allocation_is_an_answer(void **state)
{
	struct office *office = *state;
	unsigned int files;
	uint16_t id;
	long n;
	int error;

	load(office, "1.0");
	files = count_files();
	for (n = 0; n < 50; n++) {
		object_fail_after(n);
		error =
		    code_load(office->code, "counter", "2.0", &id, office->why);
		object_fail_after(-1);
		if (error == 0)
			break;
		assert_int_equal(error, -ENOMEM);
		assert_int_equal(count_files(), files);
		assert_int_equal(
		    behaviour_find(office->behaviours, "counter", "2.0"), 0);
	}
	assert_in_range(n, 4, 49);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_version_becomes_a_behaviour),
		TEST(u8_loading_again_is_harmless),
		TEST(u7_any_number_of_versions_is_resident),
		TEST(u9_plans_lead_from_each_version_to_each),
		TEST(u9_a_hook_is_given_the_states_it_was_written_for),
		TEST(u9_a_way_that_is_not_there_is_refused),
		TEST(u9_a_step_between_two_is_not_left_out),
		TEST(u9_a_way_does_not_change_while_it_is_used),
		TEST(the_behaviours_converter_runs_the_plans),
		TEST(the_newer_versions_hook_serves_both_directions),
		TEST(a_state_that_fails_its_check_is_refused),
		TEST(an_unknown_release_is_refused_with_the_known_ones),
		TEST(an_unknown_module_is_refused),
		TEST(a_name_that_leads_out_of_the_roots_is_not_found),
		TEST(u17_a_text_is_no_module),
		TEST(u17_an_empty_file_is_no_module),
		TEST(u17_a_file_cut_short_is_refused),
		TEST(u17_a_file_for_another_machine_is_refused),
		TEST(u17_a_program_is_no_shared_object),
		TEST(u17_a_folder_or_a_pipe_is_no_file),
		TEST(u17_a_file_that_anyone_may_write_is_refused),
		TEST(u17_a_folder_that_anyone_may_write_is_refused),
		TEST(u17_every_folder_on_the_way_is_looked_at),
		TEST(u17_a_strangers_file_is_refused),
		TEST(u17_a_wrong_descriptor_is_refused),
		TEST(u17_an_undefined_symbol_is_refused),
		TEST(u5_a_faulty_schema_is_refused),
		TEST(u5_a_version_without_a_plan_is_refused),
		TEST(u11_a_failing_self_test_is_refused),
		TEST(u11_a_crashing_self_test_harms_nobody),
		TEST(u5_a_changed_format_needs_a_new_version),
		TEST(u14_nothing_stays_mapped_or_open),
		TEST(c3_a_version_in_use_is_not_purged),
		TEST(c14_one_load_at_a_time),
		TEST(a_file_is_swapped_after_the_load_without_harm),
		TEST(what_was_checked_cannot_change),
		TEST(each_failed_allocation_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
