/* What schema.h promises: sound tables pass, each way of being wrong has its
 * own clause, and values are read as they were written. */
#include "upgrade/schema.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define STATE(F, T)                                                            \
	F(ENUM, uint8_t, phase, 1, "", "IDLE BUSY HELD")                       \
	F(UINT, uint16_t, overdial, 0, "extra digits", "")                     \
	F(INT, int32_t, drift, -3, "", "")                                     \
	F(UINT, uint64_t, t_answer, 0, "answered", "")                         \
	T(dialled, 16, "")
/* clang-format on */

struct state {
	STATE(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};
#define SCHEMA_STATE struct state
static const struct field sound_fields[] = { STATE(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };
static const char *const sound_ways[] = { "phase HELD", "t_answer wide", NULL };
enum { FIELDS = sizeof sound_fields / sizeof sound_fields[0] };
enum { PHASE, OVERDIAL, DRIFT, T_ANSWER, DIALLED };

/* A copy of the sound table that a test may damage. */
struct table {
	struct field fields[FIELDS];
	const char *ways[4];
	struct schema schema;
	char why[256];
};

static int
setup(void **ret_table)
{
	static struct table table;

	memset(&table, 0, sizeof table);
	memcpy(table.fields, sound_fields, sizeof table.fields);
	memcpy(table.ways, sound_ways, sizeof sound_ways);
	table.schema = (struct schema){ .fields = table.fields,
		.no_way_back = table.ways,
		.timers = "T302 T303",
		.count = FIELDS,
		.size = sizeof(struct state) };
	*ret_table = &table;
	return 0;
}

static int
check(struct table *table)
{
	return schema_check(&table->schema, table->why, sizeof table->why);
}

static void
expect_refused(struct table *table, const char *why)
{
	assert_int_equal(check(table), -EINVAL);
	assert_string_equal(table->why, why);
}

static void
a_sound_table_passes(void **state)
{
	assert_int_equal(check(*state), 0);
}

static void
a_table_without_lists_passes(void **state)
{
	struct table *table = *state;

	table->schema.no_way_back = NULL;
	table->schema.timers = NULL;
	table->fields[T_ANSWER].former = NULL;
	table->fields[T_ANSWER].symbols = NULL;
	assert_int_equal(check(table), 0);
}

static void
a_table_without_fields_is_refused(void **state)
{
	struct table *table = *state;

	table->schema.count = 0;
	expect_refused(table, "0 fields, want 1 to 256");
}

static void
a_name_that_is_no_word_is_refused(void **state)
{
	struct table *table = *state;

	table->fields[DRIFT].name = "dri ft";
	expect_refused(table,
	    "the name of field 2 is no word of up to 63 "
	    "letters, digits and _");
	table->fields[DRIFT].name = NULL;
	assert_int_equal(check(table), -EINVAL);
	table->fields[DRIFT].name = "";
	assert_int_equal(check(table), -EINVAL);
}

static void
a_doubled_name_is_refused(void **state)
{
	struct table *table = *state;

	table->fields[DRIFT].name = "phase";
	expect_refused(table, "field 'phase' stands twice");
}

static void
an_unknown_kind_is_refused(void **state)
{
	struct table *table = *state;

	table->fields[DRIFT].kind = 10;
	expect_refused(table, "field 'drift' is of unknown kind 10");
}

static void
an_odd_width_is_refused(void **state)
{
	struct table *table = *state;

	table->fields[DRIFT].width = 3;
	expect_refused(table, "field 'drift': no int has 3 bytes");
	table->fields[DRIFT].width = 4;
	table->fields[DIALLED].width = 0;
	expect_refused(table, "field 'dialled': no text has 0 bytes");
}

static void
a_field_outside_the_state_is_refused(void **state)
{
	struct table *table = *state;

	table->schema.size -= 1;
	expect_refused(
	    table, "field 'dialled' ends at byte 32 of a state of 31 bytes");
	table->schema.size += 1;
	table->fields[DIALLED].offset = UINT32_MAX - 3;
	assert_int_equal(check(table), -EINVAL);
}

static void
overlapping_fields_are_refused(void **state)
{
	struct table *table = *state;

	table->fields[DRIFT].offset = table->fields[OVERDIAL].offset;
	expect_refused(table, "field 'drift' overlaps field 'overdial'");
}

static void
u5_a_member_that_no_field_covers_is_refused(void **state)
{
	struct table *table = *state;

	table->schema.count--; /* without the last one, dialled */
	expect_refused(table, "bytes 16 to 31 of the state belong to no field");
	setup(state);
	memmove(&table->fields[OVERDIAL], &table->fields[DRIFT],
	    3 * sizeof table->fields[0]); /* without overdial */
	table->schema.count--;
	assert_int_equal(check(table), 0); /* 3 bytes could be padding */
	memmove(&table->fields[1], &table->fields[2],
	    2 * sizeof table->fields[0]); /* nor drift */
	table->schema.count--;
	assert_int_equal(check(table), 0); /* so could 7 */
	memmove(&table->fields[0], &table->fields[1],
	    2 * sizeof table->fields[0]); /* nor phase */
	table->schema.count--;
	table->schema.no_way_back = NULL;
	expect_refused(table, "bytes 0 to 7 of the state belong to no field");
}

static void
a_former_name_that_clashes_is_refused(void **state)
{
	struct table *table = *state;

	table->fields[DRIFT].former = "phase";
	expect_refused(table,
	    "field 'drift' has the former name 'phase', which is a field");
	table->fields[DRIFT].former = "digits";
	expect_refused(table,
	    "field 'drift' and field 'overdial' have both "
	    "the former name 'digits'");
	table->fields[DRIFT].former = "slip slip";
	expect_refused(table, "field 'drift' has the former name 'slip' twice");
}

static void
symbols_and_enums_go_together(void **state)
{
	struct table *table = *state;

	table->fields[PHASE].symbols = "  ";
	expect_refused(table, "field 'phase' is an enum without symbols");
	table->fields[PHASE].symbols = "IDLE BUSY IDLE HELD";
	expect_refused(table, "field 'phase' has the symbol 'IDLE' twice");
	table->fields[PHASE].symbols = "IDLE BU-SY";
	expect_refused(
	    table, "field 'phase' has the symbol 'BU-SY', which is no word");
	table->fields[PHASE].symbols = "IDLE BUSY HELD";
	table->fields[DRIFT].symbols = "IDLE";
	expect_refused(table, "field 'drift' has symbols and is no enum");
}

static void
a_default_outside_its_field_is_refused(void **state)
{
	struct table *table = *state;

	table->fields[PHASE].initial = 3;
	expect_refused(
	    table, "field 'phase' has the default 3, which it cannot hold");
	table->fields[PHASE].initial = 2;
	table->fields[OVERDIAL].initial = 65536;
	assert_int_equal(check(table), -EINVAL);
	table->fields[OVERDIAL].initial = 65535;
	table->fields[DRIFT].initial = INT64_C(-2147483649);
	assert_int_equal(check(table), -EINVAL);
	table->fields[DRIFT].initial = INT64_C(-2147483648);
	table->fields[T_ANSWER].initial = -1;
	assert_int_equal(check(table), -EINVAL);
	table->fields[T_ANSWER].initial = INT64_MAX;
	assert_int_equal(check(table), 0);
}

static void
a_no_way_back_line_that_names_nothing_is_refused(void **state)
{
	struct table *table = *state;

	table->ways[0] = "phase";
	expect_refused(table,
	    "no_way_back has the line 'phase', want a field "
	    "and a word");
	table->ways[0] = "stage HELD";
	expect_refused(table,
	    "no_way_back has the line 'stage HELD', and "
	    "there is no field 'stage'");
	table->ways[0] = "phase GONE";
	expect_refused(table,
	    "no_way_back has the line 'phase GONE', and "
	    "'GONE' is no symbol of that field");
	table->ways[0] = "drift narrow";
	expect_refused(table,
	    "no_way_back has the line 'drift narrow', and "
	    "'narrow' is no word for it, want 'wide'");
}

static void
u5_a_rule_that_says_nothing_is_refused(void **state)
{
	static const char *rules[3];
	struct table *table = *state;

	table->schema.rules = rules;
	rules[0] = "drift hooks";
	expect_refused(table,
	    "a rule is 'drift hooks', want a field and clamp, hook, hook and a "
	    "release, or from and former places, or a symbol as a former one");
	rules[0] = "slope hook 2.0";
	expect_refused(table,
	    "the rules have the line 'slope hook 2.0', and there is no field "
	    "'slope'");
	rules[0] = "phase clamp";
	expect_refused(
	    table, "a rule is 'phase clamp', and no enum can be clamped");
	rules[0] = "drift hook 1.0";
	rules[1] = "phase hook 2.0";
	expect_refused(table,
	    "the rules have hooks for '1.0' and for '2.0', want one release");
}

/* Only where one element comes from is said of one. */
static void
u5_a_rule_for_one_element_is_refused(void **state)
{
	static const char *rules[2];
	struct table *table = *state;

	table->fields[DRIFT].length = 1;
	table->schema.rules = rules;
	rules[0] = "drift[0] from slope";
	assert_int_equal(check(table), 0);
	rules[0] = "drift clamp";
	assert_int_equal(check(table), 0);
	rules[0] = "drift[0] clamp";
	expect_refused(table,
	    "the rules have the line 'drift[0] clamp', which holds for all "
	    "elements: leave the index out");
	rules[0] = NULL;
	table->ways[0] = "drift[0] wide";
	expect_refused(table,
	    "no_way_back has the line 'drift[0] wide', which holds for all "
	    "elements: leave the index out");
}

static void
doubled_timers_are_refused(void **state)
{
	struct table *table = *state;

	table->schema.timers = "T302 T303 T302";
	expect_refused(table, "the schema has the timer 'T302' twice");
}

static void
the_fingerprint_tells_formats_apart(void **state)
{
	struct table *table = *state;
	uint64_t before = schema_fingerprint(&table->schema);

	assert_true(before == schema_fingerprint(&table->schema));
	table->fields[PHASE].symbols = " IDLE  BUSY HELD ";
	table->fields[PHASE].former = "stage";
	table->fields[PHASE].initial = 0;
	assert_true(before == schema_fingerprint(&table->schema));
	table->fields[PHASE].symbols = "IDLE BUSY HELD GONE";
	assert_true(before != schema_fingerprint(&table->schema));
	setup(state);
	table->fields[DRIFT].name = "drifts";
	assert_true(before != schema_fingerprint(&table->schema));
	setup(state);
	table->fields[DRIFT].kind = FIELD_UINT;
	assert_true(before != schema_fingerprint(&table->schema));
	setup(state);
	table->schema.timers = "T302 T303 T304";
	assert_true(before != schema_fingerprint(&table->schema));
	setup(state);
	table->schema.size += 8;
	assert_true(before != schema_fingerprint(&table->schema));
}

/* Worked out once by an independent FNV-1a over the canonical bytes. */
static void
the_fingerprint_is_the_same_on_every_machine(void **state)
{
	static const struct field field = { "a", "", "", 0, 0, FIELD_UINT,
		.width = 1 };
	const struct schema schema = {
		.fields = &field, .timers = "T1", .count = 1, .size = 1
	};

	(void)state;
	assert_int_equal(
	    schema_fingerprint(&schema), UINT64_C(0xc8f064171ed82e88));
}

static void
numbers_are_read_as_they_were_written(void **state)
{
	static const int64_t extremes[] = { 0, 1, -1, 127, -128, 255, INT16_MIN,
		UINT16_MAX, INT32_MIN, UINT32_MAX, INT64_MIN, INT64_MAX };
	static const uint16_t widths[] = { 1, 2, 4, 8 };
	unsigned char bytes[10];
	struct field field = { .name = "x", .offset = 1 };
	size_t i, w;
	int64_t want;

	(void)state;
	for (i = 0; i < sizeof extremes / sizeof extremes[0]; i++) {
		for (w = 0; w < 4; w++) {
			field.width = widths[w];
			memset(bytes, 0xaa, sizeof bytes);
			schema_set_number(&field, bytes, extremes[i]);
			assert_int_equal(bytes[0], 0xaa);
			assert_int_equal(bytes[1 + widths[w]], 0xaa);
			field.kind = FIELD_UINT;
			want = w == 3
			    ? extremes[i]
			    : extremes[i] & ((INT64_C(1) << 8 * widths[w]) - 1);
			assert_true(schema_number(&field, bytes) == want);
			field.kind = FIELD_INT;
			want = w == 0 ? (int8_t)extremes[i]
			    : w == 1  ? (int16_t)extremes[i]
			    : w == 2  ? (int32_t)extremes[i]
				      : extremes[i];
			assert_true(schema_number(&field, bytes) == want);
		}
	}
}

static void
symbols_are_counted_from_nought(void **state)
{
	char text[8];

	(void)state;
	assert_true(schema_symbol(" IDLE  BUSY ", 0, text, sizeof text));
	assert_string_equal(text, "IDLE");
	assert_true(schema_symbol(" IDLE  BUSY ", 1, text, sizeof text));
	assert_string_equal(text, "BUSY");
	assert_false(schema_symbol(" IDLE  BUSY ", 2, text, sizeof text));
	assert_false(schema_symbol("IDLE", -1, text, sizeof text));
	assert_false(schema_symbol(NULL, 0, text, sizeof text));
	assert_int_equal(schema_symbol_number(" IDLE  BUSY ", "BUSY"), 1);
	assert_int_equal(schema_symbol_number("IDLE BUSY", "BUS"), -1);
	assert_int_equal(schema_symbol_number("IDLE BUSY", "BUSYX"), -1);
}

static void
any_field_is_readable_as_text(void **state)
{
	struct state value = { .phase = 2,
		.overdial = 65535,
		.drift = -5,
		.t_answer = UINT64_MAX,
		.dialled = "1002" };
	char text[32];

	(void)state;
	schema_text(&sound_fields[PHASE], &value, text, sizeof text);
	assert_string_equal(text, "HELD");
	schema_text(&sound_fields[OVERDIAL], &value, text, sizeof text);
	assert_string_equal(text, "65535");
	schema_text(&sound_fields[DRIFT], &value, text, sizeof text);
	assert_string_equal(text, "-5");
	schema_text(&sound_fields[T_ANSWER], &value, text, sizeof text);
	assert_string_equal(text, "18446744073709551615");
	schema_text(&sound_fields[DIALLED], &value, text, sizeof text);
	assert_string_equal(text, "1002");
	memset(value.dialled, 'x', sizeof value.dialled);
	schema_text(&sound_fields[DIALLED], &value, text, sizeof text);
	assert_string_equal(text, "xxxxxxxxxxxxxxxx");
	value.phase = 7; /* no symbol of it */
	schema_text(&sound_fields[PHASE], &value, text, sizeof text);
	assert_string_equal(text, "7");
}

static void
fields_are_found_by_name(void **state)
{
	struct table *table = *state;

	assert_ptr_equal(
	    schema_find(&table->schema, "drift"), &table->fields[DRIFT]);
	assert_null(schema_find(&table->schema, "drif"));
	assert_null(schema_find(&table->schema, "digits"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, setup)
		TEST(a_sound_table_passes),
		TEST(a_table_without_lists_passes),
		TEST(a_table_without_fields_is_refused),
		TEST(a_name_that_is_no_word_is_refused),
		TEST(a_doubled_name_is_refused),
		TEST(an_unknown_kind_is_refused),
		TEST(an_odd_width_is_refused),
		TEST(a_field_outside_the_state_is_refused),
		TEST(overlapping_fields_are_refused),
		TEST(u5_a_member_that_no_field_covers_is_refused),
		TEST(a_former_name_that_clashes_is_refused),
		TEST(symbols_and_enums_go_together),
		TEST(a_default_outside_its_field_is_refused),
		TEST(a_no_way_back_line_that_names_nothing_is_refused),
		TEST(u5_a_rule_that_says_nothing_is_refused),
		TEST(u5_a_rule_for_one_element_is_refused),
		TEST(doubled_timers_are_refused),
		TEST(the_fingerprint_tells_formats_apart),
		TEST(the_fingerprint_is_the_same_on_every_machine),
		TEST(numbers_are_read_as_they_were_written),
		TEST(symbols_are_counted_from_nought),
		TEST(any_field_is_readable_as_text),
		TEST(fields_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
