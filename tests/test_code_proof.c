/* U9: how far a plan that leads past a release is the way through it. */
#include "upgrade/code.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"
#define RENAMED	 HOTSWITCH_RELEASES "/../../tests/releases-renamed"

struct office {
	struct behaviours *behaviours;
	struct code *code;
	const char *root[1];
	char why[CODE_WHY_MAX], text[256];
};

static int
open_office(void **state, const char *root)
{
	static struct office office;

	office = (struct office){ .root = { root } };
	*state = &office;
	if (behaviours_alloc(&office.behaviours, 1) != 0)
		return -1;
	return code_alloc(&office.code, office.behaviours, office.root, 1);
}

static int
setup(void **state)
{
	return open_office(state, RELEASES);
}

static int
setup_renamed(void **state)
{
	return open_office(state, RENAMED);
}

static int
teardown(void **state)
{
	struct office *office = *state;

	code_free(&office->code);
	behaviours_free(&office->behaviours);
	return 0;
}

static uint16_t
load(struct office *office, const char *version)
{
	uint16_t id = 0;

	strcpy(office->why, "");
	(void)code_load(office->code, "counter", version, &id, office->why);
	assert_string_equal(office->why, "");
	return id;
}

static const char *
said(struct office *office, uint16_t from, uint16_t to)
{
	code_say_proof(
	    office->code, from, to, office->text, sizeof office->text);
	return office->text;
}

static void
a_release_that_is_not_here_is_named(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "1.0"), three = load(office, "3.0"), two;

	assert_string_equal(said(office, one, three),
	    "not compared with the way through 2.0, not loaded");
	assert_string_equal(said(office, three, one), office->text);
	two = load(office, "2.0");
	assert_string_equal(said(office, one, two), "");
	assert_string_equal(said(office, one, three),
	    "not compared with the way through 2.0, where code_change runs");
	assert_int_equal(code_purge(office->code, "counter", "2.0"), 0);
	assert_string_equal(said(office, one, three),
	    "not compared with the way through 2.0, not loaded");
}

static void
what_stands_in_no_row_is_compared_with_nothing(void **state)
{
	struct office *office = *state;
	uint16_t one = load(office, "1.0"), nine = load(office, "steps/9");

	assert_string_equal(said(office, one, nine), "");
}

static void
expect_refused(struct office *office, const char *version, const char *why)
{
	char wanted[CODE_WHY_MAX];
	uint16_t id;

	assert_int_equal(
	    code_load(office->code, "counter", version, &id, office->why),
	    -EINVAL);
	snprintf(wanted, sizeof wanted, "cannot load 'counter' %s: %s", version,
	    why);
	assert_string_equal(office->why, wanted);
}

/* Whichever of the three comes last: then it is found. */
static void
u9_a_plan_that_is_not_the_way_through_is_refused(void **state)
{
	struct office *office = *state;

	(void)load(office, "1.0");
	(void)load(office, "2.0");
	expect_refused(office, "3.0",
	    "its plans from and to 1.0 are not those through 2.0: a state with "
	    "field 'ticks' at 1 has another 'strokes' at once than step by "
	    "step");
	assert_int_equal(code_purge(office->code, "counter", "2.0"), 0);
	(void)load(office, "3.0");
	expect_refused(office, "2.0",
	    "the plan from 1.0 to 3.0 is not that by way of it: a state with "
	    "field 'ticks' at 1 has another 'strokes' at once than step by "
	    "step");
}

int
main(void)
{
#define TEST(name, setup) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_release_that_is_not_here_is_named, setup),
		TEST(what_stands_in_no_row_is_compared_with_nothing, setup),
		TEST(u9_a_plan_that_is_not_the_way_through_is_refused,
		    setup_renamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
