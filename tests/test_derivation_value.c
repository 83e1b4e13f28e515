/*
 * U5: which value of a field becomes which, of tables of one or two fields;
 * what needs a rule is refused without one, and in which words.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "upgrade/conversion.h"
#include "upgrade/schema.h"

#define FIELDS(array)                                                          \
	.fields = (array), .count = sizeof(array) / sizeof(array)[0], .size = 16

static void
expect_plan(const struct schema *from, const struct schema *to)
{
	const struct conversion_way way = { .from = from, .to = to };
	struct conversion *plan = NULL;
	char why[256] = "";
	int error = conversion_alloc(&plan, &way, why, sizeof why);

	assert_string_equal(why, "");
	assert_int_equal(error, 0);
	conversion_free(&plan);
}

static void
expect_refused(
    const struct schema *from, const struct schema *to, const char *why_not)
{
	const struct conversion_way way = { .from = from, .to = to };
	struct conversion *plan = NULL;
	char why[256] = "";

	assert_int_equal(
	    conversion_alloc(&plan, &way, why, sizeof why), -EINVAL);
	assert_null(plan);
	assert_string_equal(why, why_not);
}

static void
u5_narrowing_needs_a_rule(void **state)
{
	static const struct field wide[] = { { "t_answer", "", "", 0, 0,
	    FIELD_UINT, .width = 8 } };
	static const struct field narrow[] = { { "t_answer", "", "", 0, 0,
	    FIELD_UINT, .width = 4 } };
	static const char *const ways[] = { "t_answer wide", NULL };
	const struct schema to = { FIELDS(narrow) };
	struct schema from = { FIELDS(wide) };

	(void)state;
	expect_refused(&from, &to,
	    "field 't_answer' narrows from 64 to 32 bits and no rule says how: "
	    "'t_answer clamp' in rules does");
	from.no_way_back = ways;
	expect_plan(&from, &to);
	expect_plan(&to, &from);
}

static void
u5_a_changed_sign_needs_a_rule(void **state)
{
	static const struct field is_signed[] = { { "x", "", "", 0, 0,
	    FIELD_INT, .width = 4 } };
	static const struct field is_unsigned[] = { { "x", "", "", 0, 0,
	    FIELD_UINT, .width = 8 } };
	static const struct field is_unsigned_4[] = { { "x", "", "", 0, 0,
	    FIELD_UINT, .width = 4 } };
	static const struct field is_signed_8[] = { { "x", "", "", 0, 0,
	    FIELD_INT, .width = 8 } };
	const struct schema from = { FIELDS(is_signed) };
	const struct schema to = { FIELDS(is_unsigned) };
	const struct schema to_4 = { FIELDS(is_unsigned_4) };
	const struct schema to_8 = { FIELDS(is_signed_8) };

	(void)state;
	expect_refused(&from, &to,
	    "field 'x' changes its sign and no rule says how: "
	    "'x clamp' in rules does");
	expect_refused(&from, &to_4,
	    "field 'x' changes its sign and no rule says how: "
	    "'x clamp' in rules does");
	expect_refused(&to, &to_8,
	    "field 'x' changes its sign and no rule says how: "
	    "'x clamp' in rules does");
	expect_plan(&to_4, &to_8); /* all values of 32 bits fit into 63 */
}

static int
run_number(const struct schema *from, const struct schema *to, int64_t number,
    int64_t *ret_number)
{
	const struct conversion_way way = { .from = from, .to = to };
	struct conversion *plan = NULL;
	char why[256], old_state[16] = { 0 }, new_state[16] = { 0 };
	int error;

	assert_int_equal(conversion_alloc(&plan, &way, why, sizeof why), 0);
	schema_set_number(&from->fields[0], old_state, number);
	error = conversion_run(plan, old_state, new_state);
	*ret_number = schema_number(&to->fields[0], new_state);
	conversion_free(&plan);
	return error;
}

/* Each width and sign to each other: the value arrives, or -EDOM. */
static void
integers_arrive_or_are_refused(void **state)
{
	static const int64_t values[] = { 0, 1, 127, 128, 255, 256, 32767,
		32768, 65535, 65536, INT32_MAX, UINT32_MAX, INT64_MAX, -1, -128,
		-129, -32768, -32769, INT32_MIN, INT64_MIN };
	static const char *const ways[] = { "x wide", NULL };
	struct field one = { "x", "", "", 0, 0, FIELD_UINT, .width = 1 },
		     other = one;
	struct schema from = {
		.fields = &one, .no_way_back = ways, .count = 1, .size = 16
	};
	struct schema to = from;
	int64_t given, arrived;
	char given_text[32], text[32], bytes[16];
	unsigned int i, v, refused = 0;

	(void)state;
	to.fields = &other;
	for (i = 0; i < 64; i++) {
		one.width = (uint16_t)(1U << (i & 3));
		other.width = (uint16_t)(1U << (i >> 2 & 3));
		one.kind = (i & 16) != 0 ? FIELD_INT : FIELD_UINT;
		other.kind = (i & 32) != 0 ? FIELD_INT : FIELD_UINT;
		for (v = 0; v < sizeof values / sizeof values[0]; v++) {
			schema_set_number(&one, bytes, values[v]);
			schema_text(&one, bytes, given_text, sizeof text);
			given = schema_number(&one, bytes);
			schema_set_number(&other, bytes, given);
			schema_text(&other, bytes, text, sizeof text);
			if (strcmp(text, given_text) != 0) {
				assert_int_equal(
				    run_number(&from, &to, given, &arrived),
				    -EDOM);
				refused++;
				continue;
			}
			assert_int_equal(
			    run_number(&from, &to, given, &arrived), 0);
			assert_true(arrived == given);
		}
	}
	assert_in_range(refused, 100, 1200);
}

static void
u5_a_shrinking_text_needs_a_rule(void **state)
{
	static const struct field longer[] = { { "dialled", "", "", 0, 0,
	    FIELD_TEXT, .width = 16 } };
	static const struct field shorter[] = { { "dialled", "", "", 0, 0,
	    FIELD_TEXT, .width = 8 } };
	const struct schema from = { FIELDS(longer) };
	const struct schema to = { FIELDS(shorter) };

	(void)state;
	expect_refused(&from, &to,
	    "field 'dialled' shrinks from 16 to 8 bytes and no rule says how: "
	    "'dialled clamp' in rules does");
}

static void
u5_a_symbol_without_image_must_be_listed(void **state)
{
	static const struct field more[] = { { "phase", "", "IDLE HELD", 0, 0,
	    FIELD_ENUM, .width = 1 } };
	static const struct field fewer[] = { { "phase", "", "IDLE", 0, 0,
	    FIELD_ENUM, .width = 1 } };
	static const char *const ways[] = { "phase HELD", NULL };
	const struct schema to = { FIELDS(fewer) };
	struct schema from = { FIELDS(more) };

	(void)state;
	expect_refused(&from, &to,
	    "field 'phase': symbol 'HELD' has no image and no_way_back does "
	    "not list it");
	from.no_way_back = ways;
	expect_plan(&from, &to);
}

static void
u5_a_field_with_two_origins_is_refused(void **state)
{
	static const struct field old[] = {
		{ "a", "", "", 0, 0, FIELD_UINT, .width = 4 },
		{ "b", "", "", 0, 4, FIELD_UINT, .width = 4 },
	};
	static const struct field new[] = { { "b", "a", "", 0, 0, FIELD_UINT,
	    .width = 4 } };
	const struct schema from = { FIELDS(old) };
	const struct schema to = { FIELDS(new) };

	(void)state;
	expect_refused(&from, &to, "field 'b' may come from 'a' and from 'b'");
	expect_refused(&to, &from, "fields 'a' and 'b' both come from 'b'");
}

/* 'text' turns from a number into a text: only a hook can tell how. */
static const struct field number_fields[] = {
	{ "count", "", "", 0, 0, FIELD_UINT, .width = 4 },
	{ "text", "", "", 0, 4, FIELD_UINT, .width = 4 },
};
static const struct field text_fields[] = {
	{ "count", "", "", 0, 0, FIELD_UINT, .width = 4 },
	{ "text", "", "", 0, 4, FIELD_TEXT, .width = 4 },
};
static const struct schema numbers = { FIELDS(number_fields) };
static const struct schema texts = { FIELDS(text_fields) };

static int
spell(const void *from, void *to, bool down)
{
	const unsigned char *number = (const unsigned char *)from + 4;
	char *text = (char *)to + 4;

	assert_false(down);
	if (*number == 13)
		return -EDOM;
	if (*number > 9)
		return -EIO;
	assert_int_equal(*text, 0); /* its default was there first */
	*text = (char)('0' + *number);
	return 0;
}

static void
u5_a_changed_kind_needs_a_hook(void **state)
{
	(void)state;
	expect_refused(&numbers, &texts,
	    "field 'text' turns from integer into text and there is no "
	    "code_change");
}

static void
a_hook_does_what_the_tables_cannot(void **state)
{
	const struct conversion_way way = {
		.from = &numbers, .to = &texts, .hook = spell
	};
	struct conversion *plan = NULL;
	unsigned char old[16] = { 200, 0, 0, 0, 7 }, new[16];
	char why[256];

	(void)state;
	assert_int_equal(conversion_alloc(&plan, &way, why, sizeof why), 0);
	memset(new, 0x55, sizeof new);
	assert_int_equal(conversion_run(plan, old, new), 0);
	assert_int_equal(new[0], 200);
	assert_string_equal((const char *)new + 4, "7");
	old[4] = 13;
	assert_int_equal(conversion_run(plan, old, new), -EDOM);
	old[4] = 77; /* whatever else a hook says is a refusal */
	assert_int_equal(conversion_run(plan, old, new), -EBADMSG);
	conversion_free(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u5_narrowing_needs_a_rule),
		cmocka_unit_test(u5_a_changed_sign_needs_a_rule),
		cmocka_unit_test(integers_arrive_or_are_refused),
		cmocka_unit_test(u5_a_shrinking_text_needs_a_rule),
		cmocka_unit_test(u5_a_symbol_without_image_must_be_listed),
		cmocka_unit_test(u5_a_field_with_two_origins_is_refused),
		cmocka_unit_test(u5_a_changed_kind_needs_a_hook),
		cmocka_unit_test(a_hook_does_what_the_tables_cannot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
