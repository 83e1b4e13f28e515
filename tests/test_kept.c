/* What is kept of a state that another format has no place for (U10). */
#include "upgrade/conversion.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "upgrade/schema.h"

struct small {
	uint32_t count;
	char name[8];
};

struct large {
	int64_t clock;
	uint32_t number; /* was `count` */
	uint16_t limit;
	char note[6];
	char name[8];
};

static const struct field small_fields[] = {
	{ "count", "", "", 0, offsetof(struct small, count), FIELD_UINT,
	    .width = 4 },
	{ "name", "", "", 0, offsetof(struct small, name), FIELD_TEXT,
	    .width = 8 },
};
static const struct field large_fields[] = {
	{ "clock", "", "", 0, offsetof(struct large, clock), FIELD_INT,
	    .width = 8 },
	{ "number", "count", "", 0, offsetof(struct large, number), FIELD_UINT,
	    .width = 4 },
	{ "limit", "", "", 7, offsetof(struct large, limit), FIELD_UINT,
	    .width = 2 },
	{ "note", "", "", 0, offsetof(struct large, note), FIELD_TEXT,
	    .width = 6 },
	{ "name", "", "", 0, offsetof(struct large, name), FIELD_TEXT,
	    .width = 8 },
};
static const struct schema small_schema = {
	.fields = small_fields, .count = 2, .size = sizeof(struct small)
};
static const struct schema large_schema = {
	.fields = large_fields, .count = 5, .size = sizeof(struct large)
};

static const struct conversion_way way_up = { .from = &small_schema,
	.to = &large_schema };
static const struct conversion_way way_down = {
	.from = &large_schema, .to = &small_schema, .down = true
};

struct fixture {
	struct conversion *down, *up;
	uint8_t bytes[sizeof(struct large)];
};

static int
setup(void **state)
{
	static struct fixture fixture;
	char why[256];

	memset(&fixture, 0, sizeof fixture);
	*state = &fixture;
	return conversion_alloc(&fixture.down, &way_down, why, sizeof why) !=
	    0 ||
	    conversion_alloc(&fixture.up, &way_up, why, sizeof why) != 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	conversion_free(&fixture->down);
	conversion_free(&fixture->up);
	return 0;
}

static void
a_renamed_field_does_not_leave(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(conversion_summary(fixture->down)->dropped, 3);
	assert_int_equal(conversion_summary(fixture->up)->dropped, 0);
}

static void
u10_what_left_comes_back_to_the_byte(void **state)
{
	const struct large before = {
		.clock = -5, .number = 1, .limit = 9, .note = "hello"
	};
	struct large after = { .number = 2, .limit = 7, .name = "new" };
	struct fixture *fixture = *state;

	assert_int_equal(
	    conversion_keep(fixture->down, &before, fixture->bytes), 8 + 2 + 6);
	conversion_restore(fixture->up, fixture->bytes, &after);
	assert_true(after.clock == -5);
	assert_int_equal(after.limit, 9);
	assert_string_equal(after.note, "hello");
	assert_int_equal(after.number, 2); /* it had not left */
	assert_string_equal(after.name, "new");
}

static void
defaults_need_not_be_kept(void **state)
{
	struct large plain = { .number = 1, .limit = 7, .name = "x" };
	struct fixture *fixture = *state;

	assert_int_equal(
	    conversion_keep(fixture->down, &plain, fixture->bytes), 0);
	plain.limit = 0;
	assert_int_equal(
	    conversion_keep(fixture->down, &plain, fixture->bytes), 16);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* The branches of a union lie over each other; beside they would not. */
static void
u5_more_than_can_be_kept_is_refused(void **state)
{
	static const struct field branches[] = {
		{ "a", "", "", 0, 0, FIELD_TEXT, .width = 200, .length = 20,
		    .by = "" },
		{ "b", "", "", 0, 0, FIELD_TEXT, .width = 200, .length = 20,
		    .by = "" },
		{ "c", "", "", 0, 0, FIELD_TEXT, .width = 200, .length = 20,
		    .by = "" },
	};
	static const struct field fields[] = {
		{ "tag", "", "a b c", 0, 0, FIELD_ENUM, .width = 4, .by = "" },
		{ "detail", "", "", 0, 4, FIELD_UNION, .width = 4000,
		    .count = 3, .fields = branches, .by = "tag" },
	};
	struct schema with = { .fields = fields, .count = 2, .size = 4004 };
	struct schema without = { .fields = fields, .count = 1, .size = 4 };
	const struct conversion_way way = { .from = &with, .to = &without };
	struct conversion *plan = NULL;
	char why[256] = "";

	(void)state;
	(void)schema_check(&with, why, sizeof why);
	assert_string_equal(why, "");
	assert_int_equal(
	    conversion_alloc(&plan, &way, why, sizeof why), -EINVAL);
	assert_string_equal(why,
	    "what the one has and the other lacks is more than 8192 bytes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_renamed_field_does_not_leave),
		TEST(u10_what_left_comes_back_to_the_byte),
		TEST(defaults_need_not_be_kept),
		cmocka_unit_test(u5_more_than_can_be_kept_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
