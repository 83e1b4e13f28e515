/*
 * The hard build finds what is wrong with a conversion, and nothing that is
 * not: states of any format survive it, and one step of a plan that writes
 * elsewhere, reads elsewhere or knows another number does not.
 */
#include "upgrade/hard.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format_world.h"
#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/shuffle.h"

enum { ROUNDS = 300, STATES = 20 };

static struct format format;

static struct hard *
harden(uint64_t *seed)
{
	struct hard *hard = NULL;
	char why[256] = "";

	format_draw(seed, &format);
	format_render(&format);
	(void)hard_alloc(&hard, &format.schema, why, sizeof why);
	assert_string_equal(why, "");
	return hard;
}

static bool
has_all_symbols(const struct layout *layout, const uint8_t *state)
{
	const struct node *node = layout->nodes;
	struct field field;
	char symbol[16];

	for (; node < layout->nodes + layout->count; node++) {
		field = layout_field(node);
		if (layout_is_leaf(node) && field.kind == FIELD_ENUM &&
		    layout_holds(layout->conditions, node->when, state) &&
		    !schema_symbol(field.symbols, schema_number(&field, state),
			symbol, sizeof symbol))
			return false;
	}
	return true;
}

/* One in which no enum has a number that is no symbol's. */
static void
draw_state(uint64_t *seed, const struct layout *layout, uint8_t *state)
{
	do
		state_draw(seed, layout, state);
	while (!has_all_symbols(layout, state));
}

static void
any_state_survives(void **state)
{
	uint8_t was[FORMAT_BYTES], is[FORMAT_BYTES];
	struct layout *layout;
	struct hard *hard;
	uint64_t seed = 31;
	char why[256];
	uint32_t round, n;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		hard = harden(&seed);
		assert_int_equal(layout_alloc(&layout, &format.schema), 0);
		for (n = 0; n < STATES; n++) {
			draw_state(&seed, layout, was);
			memcpy(is, was, sizeof is);
			strcpy(why, "");
			(void)hard_exercise(hard, is, n, why, sizeof why);
			assert_string_equal(why, "");
			assert_true(
			    layout_states_are_equal(layout, was, is, NULL));
		}
		layout_free(&layout);
		hard_free(&hard);
	}
}

/* The copies differ from the schema, and from each other. */
static void
a_copy_is_another_format(void **state)
{
	struct shuffle *one, *same, *other;
	uint64_t seed = 7;
	const struct schema *schema;

	(void)state;
	format_draw(&seed, &format);
	format_render(&format);
	assert_int_equal(shuffle_alloc(&one, &format.schema, 1), 0);
	assert_int_equal(shuffle_alloc(&same, &format.schema, 1), 0);
	assert_int_equal(shuffle_alloc(&other, &format.schema, 2), 0);
	schema = shuffle_schema(one);
	assert_true(schema_is_same(schema, shuffle_schema(same)));
	assert_false(schema_is_same(schema, shuffle_schema(other)));
	assert_int_not_equal(
	    schema_fingerprint(schema), schema_fingerprint(&format.schema));
	assert_null(schema_find(schema, "used"));
	assert_int_equal(schema->count, format.schema.count);
	shuffle_free(&one);
	shuffle_free(&same);
	shuffle_free(&other);
}

/*--------------------------------------------------------------------
 * Broken plans
 */

enum { PARTS = 6 };
static const struct field parts[PARTS] = {
	{ "state", "", "null talking held ended", 0, 0, FIELD_ENUM, .width = 1,
	    .by = "" },
	{ "held", "", "", 0, 1, FIELD_BOOL, .width = 1, .by = "" },
	{ "serial", "", "", 0, 2, FIELD_UINT, .width = 2, .by = "" },
	{ "line", "", "", 0, 4, FIELD_UINT, .width = 4, .by = "" },
	{ "clock", "", "", 0, 8, FIELD_INT, .width = 8, .by = "" },
	{ "digits", "", "", 0, 16, FIELD_TEXT, .width = 8, .by = "" },
};
static const struct schema call = {
	.fields = parts, .count = PARTS, .size = 24
};
struct state {
	uint8_t state, held;
	uint16_t serial;
	uint32_t line;
	int64_t clock;
	char digits[8];
	char spare[8]; /* what is read elsewhere is read here */
};

/* Whether one of these states is seen to come back as another. */
static bool
is_met(const struct hard *hard, uint32_t turn)
{
	const struct state others[] = {
		{ 2, 1, 0xfffe, 1002, -7, "1002", "" },
		{ 1, 0, 3, 0x01020304, 9, "", "" },
		{ 3, 1, 0x1234, 7, INT64_MIN, "7654321", "" },
		{ 0, 0, 1, UINT32_MAX, 1, "555", "" },
	};
	struct state is;
	char why[256];
	unsigned int i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++) {
		is = others[i];
		if (hard_exercise(hard, &is, turn, why, sizeof why) == -EINVAL)
			return true;
	}
	return false;
}

/* Where a step reads, or (not all do) where it writes. */
static uint32_t *
place_of(const struct conversion *plan, struct step *step, bool writes)
{
	struct line *line = &plan->lines[step->line];

	if (step->kind == STEP_COPY || step->kind == STEP_EXTEND)
		return writes ? &step->to : &step->from;
	return writes ? &line->target.offset : &line->source.offset;
}

static void
expect_all_met(
    const struct hard *hard, const struct conversion *plan, uint32_t turn)
{
	uint32_t i, *place;

	assert_false(is_met(hard, turn));
	for (i = 0; i < 2 * plan->step_count; i++) {
		place = place_of(plan, &plan->steps[i / 2], i % 2 == 1);
		*place ^= 1;
		if (!is_met(hard, turn))
			fail_msg("step %u that %s elsewhere is not met", i / 2,
			    i % 2 == 1 ? "writes" : "reads");
		*place ^= 1;
	}
	assert_false(is_met(hard, turn));
}

static void
a_symbol_that_becomes_another_is_met(void **state)
{
	char why[256] = "";
	struct hard *hard;
	uint32_t n, swapped = 0;
	uint16_t *images, image;

	(void)state;
	assert_int_equal(hard_alloc(&hard, &call, why, sizeof why), 0);
	for (n = 0; n < HARD_COPIES; n++) {
		images = hard_there(hard, n)->images;
		if (hard_there(hard, n)->image_count < 2)
			continue;
		image = images[1];
		images[1] = images[2];
		assert_true(is_met(hard, n));
		images[1] = image;
		assert_false(is_met(hard, n));
		swapped++;
	}
	assert_true(swapped > 0);
	hard_free(&hard);
}

static void
a_wrong_step_is_met(void **state)
{
	char why[256] = "";
	struct hard *hard;
	uint32_t n, i;

	(void)state;
	assert_int_equal(hard_alloc(&hard, &call, why, sizeof why), 0);
	for (n = 0; n < HARD_COPIES; n++) {
		/* Those that run by their line alone have no place to break. */
		for (i = 0; i < hard_there(hard, n)->step_count; i++)
			assert_true(
			    hard_there(hard, n)->steps[i].kind <= STEP_MAP);
		expect_all_met(hard, hard_there(hard, n), n);
		expect_all_met(hard, hard_back(hard, n), n);
	}
	hard_free(&hard);
}

static void
it_says_which_value_and_how(void **state)
{
	struct state call_state = { .line = 0x01020304 };
	char why[256] = "";
	struct step *step;
	struct hard *hard;

	(void)state;
	assert_int_equal(hard_alloc(&hard, &call, why, sizeof why), 0);
	step = hard_there(hard, 0)->steps;
	while (step->from > 4 || step->from + step->from_width <= 4)
		step++;
	step->from ^= 2;
	(void)hard_exercise(hard, &call_state, 0, why, sizeof why);
	assert_non_null(strstr(why, "comes back as"));
	assert_non_null(strstr(why, ", not 16909060"));
	hard_free(&hard);
}

static void
without_memory_there_is_none(void **state)
{
	struct hard *hard = NULL;
	char why[256];
	int error = -ENOMEM;
	long n;

	(void)state;
	for (n = 0; error == -ENOMEM; n++) {
		object_fail_after(n);
		error = hard_alloc(&hard, &call, why, sizeof why);
		object_fail_after(-1);
	}
	assert_int_equal(error, 0);
	hard_free(&hard);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_state_survives),
		cmocka_unit_test(a_copy_is_another_format),
		cmocka_unit_test(a_wrong_step_is_met),
		cmocka_unit_test(a_symbol_that_becomes_another_is_met),
		cmocka_unit_test(it_says_which_value_and_how),
		cmocka_unit_test(without_memory_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
