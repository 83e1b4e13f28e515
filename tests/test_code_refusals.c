/* Which files are refused by code.h, and with which words. */
#include "tests/code_world.h"

/*--------------------------------------------------------------------
 * What is refused
 */

static void
an_unknown_release_is_refused_with_the_known_ones(void **state)
{
	struct office *office = *state;

	expect_refused(office, "9.9", -ENOENT,
	    "there is no such release, there are: 1.0 2.0 3.0 checks "
	    "broken/... steps/...");
}

/* The nearest is named; of a folder it is one word, and a long list is cut. */
static void
a_long_list_is_cut(void **state)
{
	char text[256];

	(void)state;
	code_suggest("2.O", "1.0 2.0 old/a old/b old/c", text, sizeof text);
	assert_string_equal(
	    text, "did you mean '2.0'? there are: 1.0 2.0 old/...");
	code_suggest("14.00",
	    "1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 9.0 10.0 11.0 12.0 13.0 14.0 "
	    "odd/a odd/b",
	    text, sizeof text);
	assert_string_equal(text,
	    "did you mean '14.0'? there are: 1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0 "
	    "9.0 10.0 11.0 12.0 and 3 more");
	code_suggest("x", "1.0 2.0", text, 16);
	assert_string_equal(text, "there are: 1.0 ");
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
	    " may be written by anyone (mode 646), `chmod o-w` forbids it");
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
	    " may be written by anyone (mode 777), `chmod o-w` forbids it");
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
	    " may be written by anyone (mode 757), `chmod o-w` forbids it");
	assert_int_equal(chmod(office->made, 0777), 0);
	expect_file_refused(office, "sound", office->made, "the folder ",
	    " may be written by anyone (mode 777), `chmod o-w` forbids it");
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
	    "to 16 bits and no rule says how: 'ticks clamp' in rules does");
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(an_unknown_release_is_refused_with_the_known_ones),
		cmocka_unit_test(a_long_list_is_cut),
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
