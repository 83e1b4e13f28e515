/* What code.h promises: which files become versions, and that a purge leaves
 * nothing. */
#include "tests/code_world.h"

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
		TEST(u14_nothing_stays_mapped_or_open),
		TEST(c3_a_version_in_use_is_not_purged),
		TEST(c14_one_load_at_a_time),
		TEST(a_file_is_swapped_after_the_load_without_harm),
		TEST(what_was_checked_cannot_change),
		TEST(each_failed_allocation_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
