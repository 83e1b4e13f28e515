/* What conversion_compose() promises (U9): going at once is the same as going
 * through all between, for any formats and any states. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format_world.h"
#include "switch/object.h"
#include "upgrade/conversion.h"

enum { ROUNDS = 400, STATES = 60 };

/* Three releases, and every plan between them. */
struct world {
	struct format formats[3];
	struct layout *layouts[3];
	struct conversion *up[2], *down[2], *whole_up, *whole_down;
};

struct tally {
	unsigned int same, pinned, returned;
};

static struct conversion *
plan_between(const struct format *from, const struct format *to, bool down)
{
	const struct conversion_way way = {
		.from = &from->schema, .to = &to->schema, .down = down
	};
	struct conversion *plan = NULL;
	char why[256] = "";

	(void)conversion_alloc(&plan, &way, why, sizeof why);
	assert_string_equal(why, "");
	return plan;
}

static struct conversion *
composed(const struct conversion *first, const struct conversion *second)
{
	struct conversion *plan = NULL;

	assert_int_equal(conversion_compose(&plan, first, second), 0);
	return plan;
}

static void
make_world(struct world *world, uint64_t *seed, bool clamps)
{
	unsigned int i, serial = 0;
	char why[256];

	memset(world, 0, sizeof *world);
	format_draw(seed, &world->formats[0]);
	for (i = 1; i < 3; i++)
		format_change(
		    seed, &world->formats[i - 1], &world->formats[i], &serial);
	for (i = 0; i < 3; i++) {
		format_render(&world->formats[i]);
		if (clamps)
			clamp_some(seed, &world->formats[i]);
		(void)schema_check(&world->formats[i].schema, why, sizeof why);
		if (strstr(why, "no_way_back") == NULL)
			assert_string_equal(why, "");
		assert_int_equal(
		    layout_alloc(&world->layouts[i], &world->formats[i].schema),
		    0);
	}
	for (i = 0; i < 2; i++) {
		world->up[i] = plan_between(
		    &world->formats[i], &world->formats[i + 1], false);
		world->down[i] = plan_between(
		    &world->formats[i + 1], &world->formats[i], true);
	}
	world->whole_up = composed(world->up[0], world->up[1]);
	world->whole_down = composed(world->down[1], world->down[0]);
}

static void
free_world(struct world *world)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		layout_free(&world->layouts[i]);
	for (i = 0; i < 2; i++) {
		conversion_free(&world->up[i]);
		conversion_free(&world->down[i]);
	}
	conversion_free(&world->whole_up);
	conversion_free(&world->whole_down);
}

/* One state through both, and at once. */
static void
expect_same(const struct conversion *first, const struct conversion *second,
    const struct conversion *whole, const struct layout *last,
    const uint8_t *state, struct tally *tally)
{
	uint8_t between[FORMAT_BYTES], stepped[FORMAT_BYTES],
	    at_once[FORMAT_BYTES];
	char path[LAYOUT_PATH_MAX] = "";
	uint16_t node;
	int error, whole_error;

	memset(stepped, 0x55, sizeof stepped);
	memset(at_once, 0xaa, sizeof at_once);
	memset(between, 0x33, sizeof between);
	error = conversion_run(first, state, between);
	if (error == 0)
		error = conversion_run(second, between, stepped);
	whole_error = conversion_run(whole, state, at_once);
	assert_int_equal(whole_error, error);
	if (error != 0) {
		tally->pinned++;
		return;
	}
	if (!layout_states_are_equal(last, stepped, at_once, &node))
		layout_path(last, node, path);
	assert_string_equal(path, "");
	tally->same++;
}

static void
try_states(struct world *world, uint64_t *seed, struct tally *tally)
{
	uint8_t state[FORMAT_BYTES];
	unsigned int i;

	for (i = 0; i < STATES; i++) {
		state_draw(seed, world->layouts[0], state);
		expect_same(world->up[0], world->up[1], world->whole_up,
		    world->layouts[2], state, tally);
		state_draw(seed, world->layouts[2], state);
		expect_same(world->down[1], world->down[0], world->whole_down,
		    world->layouts[0], state, tally);
	}
}

static void
u9_composed_equals_stepping_through(void **state)
{
	static struct world world;
	struct tally tally = { 0 };
	uint64_t seed = 4711;
	unsigned int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		make_world(&world, &seed, round % 2 == 1);
		try_states(&world, &seed, &tally);
		free_world(&world);
	}
	print_message(
	    "%u the same, %u pinned on both\n", tally.same, tally.pinned);
	assert_in_range(tally.same, 1000, UINT32_MAX);
	assert_in_range(tally.pinned, 1000, UINT32_MAX);
}

/* There and back with what was kept beside: nothing is lost. */
static int
go_and_return(const struct conversion *there, const struct conversion *back,
    const struct layout *layout, const uint8_t *state)
{
	uint8_t other[FORMAT_BYTES], again[FORMAT_BYTES], keep[FORMAT_BYTES];
	char path[LAYOUT_PATH_MAX] = "";
	uint16_t node;
	int error = conversion_run(there, state, other);

	if (error != 0)
		return -EAGAIN;
	error = conversion_run(back, other, again);
	if (error != 0)
		return error;
	if (conversion_keep(there, state, keep) > 0)
		conversion_restore(back, keep, again);
	if (!layout_states_are_equal(layout, state, again, &node))
		layout_path(layout, node, path);
	assert_string_equal(path, "");
	return 0;
}

static void
try_returns(struct world *world, uint64_t *seed, struct tally *tally)
{
	uint8_t state[FORMAT_BYTES];
	int error;

	state_draw(seed, world->layouts[0], state);
	error = go_and_return(
	    world->up[0], world->down[0], world->layouts[0], state);
	assert_true(error == 0 || error == -EAGAIN);
	tally->returned += error == 0;
	/* The default of the format in between may have no image. */
	error = go_and_return(
	    world->whole_up, world->whole_down, world->layouts[0], state);
	tally->returned += error == 0;
}

static void
u10_what_left_returns_by_any_plan(void **state)
{
	static struct world world;
	struct tally tally = { 0 };
	uint64_t seed = 815;
	unsigned int round, i;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		make_world(&world, &seed, false);
		for (i = 0; i < STATES; i++)
			try_returns(&world, &seed, &tally);
		free_world(&world);
	}
	print_message("%u returned\n", tally.returned);
	assert_in_range(tally.returned, 1000, UINT32_MAX);
}

/* Two words of the newest are one of the older, whose branch one of them has.
 */
static void
u9_two_words_that_become_one_tag_both(void **state)
{
	static const struct field detail[] = {
		{ .name = "TALKING", .kind = FIELD_UINT, .width = 4 }
	};
	static const struct field older[] = {
		{ .name = "state",
		    .symbols = "IDLE TALKING",
		    .kind = FIELD_ENUM,
		    .width = 4 },
		{ .name = "detail",
		    .offset = 4,
		    .kind = FIELD_UNION,
		    .width = 4,
		    .count = 1,
		    .fields = detail,
		    .by = "state" },
	};
	struct field newest[] = { older[0], older[1] };
	const struct schema to = { .fields = older, .count = 2, .size = 8 };
	static struct format formats[2];
	struct conversion *first, *second, *whole;
	struct tally tally = { 0 };
	struct layout *layout;
	uint32_t call[2] = { 0, 42 };

	(void)state;
	formats[0].schema = formats[1].schema = to;
	newest[0].symbols = "IDLE HELD TALKING";
	formats[0].schema.fields = newest;
	formats[0].schema.rules =
	    (const char *const[]){ "state HELD as TALKING", NULL };
	first = plan_between(&formats[0], &formats[1], true);
	second = plan_between(&formats[1], &formats[1], true);
	whole = composed(first, second);
	assert_int_equal(layout_alloc(&layout, &to), 0);
	for (; call[0] < 3; call[0]++)
		expect_same(first, second, whole, layout, (const uint8_t *)call,
		    &tally);
	assert_int_equal(tally.same, 3);
	layout_free(&layout);
	conversion_free(&first);
	conversion_free(&second);
	conversion_free(&whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u9_composed_equals_stepping_through),
		cmocka_unit_test(u9_two_words_that_become_one_tag_both),
		cmocka_unit_test(u10_what_left_returns_by_any_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
