/*
 * A version is closed and opened again under those who run it: they go on, are
 * converted by its code_change where that is now, and what was its place is
 * nobody's.
 */
#include "tests/release_world.h"

#include <sys/mman.h>

#include "upgrade/conversion.h"

static bool
is_mapped(uintptr_t begin)
{
	unsigned char residency;

	return mincore((void *)begin, 1, &residency) == 0 || errno != ENOMEM;
}

static bool
reopens(struct office *office, const char *version)
{
	uint16_t id = id_of(office, version);
	const struct behaviour *behaviour =
	    behaviour_at(office->behaviours, id);
	const struct module *module = behaviour->module;
	uintptr_t image = behaviour->image;
	char why[CODE_WHY_MAX] = "";
	int error = code_reopen(office->code, id, why);

	EXPECT_TEXT(office, why, "");
	EXPECT(office, error == 0);
	EXPECT(office, behaviour->module != module);
	EXPECT(office, behaviour->image != image);
	EXPECT(office, !is_mapped(image));
	EXPECT(office, is_mapped(behaviour->image));
	EXPECT_TEXT(office, behaviour->module->version, version);
	return true;
}

static bool
up_and_back(struct office *office)
{
	switch (office->step) {
	case 0:
		spawn_counters(office, COUNTERS);
		spawn_counter(office, PID_NONE, "stuck");
		break;
	case 1:
		tick_some(office);
		EXPECT(office, reopens(office, "1.0"));
		EXPECT(office, upgrade(office, "3.0"));
		break;
	case 2:
		if (!wait_done(office))
			return true;
		EXPECT(office, office->report->stage == UPGRADE_installed);
		EXPECT(office, reopens(office, "1.0"));
		EXPECT(office, reopens(office, "3.0"));
		tick_some(office);
		break;
	case 3:
		EXPECT(office, sum(office) == office->expected);
		EXPECT(office, holders(office, "3.0") == COUNTERS + 1);
		office->report =
		    release_handler_rollback(office->handler, "counter", 0);
		break;
	case 4: /* the hook of 3.0 has refused the odd one */
		if (!wait_done(office))
			return true;
		EXPECT(office, office->report->converted == COUNTERS);
		EXPECT(office, holders(office, "3.0") == 1);
		EXPECT(office, reopens(office, "1.0"));
		EXPECT(office, reopens(office, "3.0"));
		tick_some(office);
		break;
	case 5:
		EXPECT(office, sum(office) == office->expected);
		return false;
	}
	office->step++;
	return true;
}

static void
those_who_run_it_go_on(void **state)
{
	play(*state, up_and_back);
}

/* The plan between two others has the code_change of the one between them. */
static void
a_plan_by_way_of_it_finds_its_hook_again(void **state)
{
	static const char *const versions[] = { "steps/1", "steps/2",
		"steps/3" };
	static const char *const root[] = { RELEASES };
	static struct office office;
	char why[CODE_WHY_MAX];
	uint16_t ids[3];
	unsigned int i;

	(void)state;
	assert_int_equal(behaviours_alloc(&office.behaviours, 1), 0);
	assert_int_equal(
	    code_alloc(&office.code, office.behaviours, root, 1), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(code_load(office.code, "counter", versions[i],
				     &ids[i], why),
		    0);
	assert_true(code_is_on_the_way(office.code, ids[1]));
	for (i = 0; i < 3; i++)
		assert_true(reopens(&office, versions[i]));
	assert_true(code_is_on_the_way(office.code, ids[1]));
	assert_true(
	    conversion_has_hook(code_plan(office.code, ids[0], ids[2])));
	code_free(&office.code);
	behaviours_free(&office.behaviours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ON(one, those_who_run_it_go_on),
		TEST_ON(four, those_who_run_it_go_on),
		cmocka_unit_test(a_plan_by_way_of_it_finds_its_hook_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
