/* What conversion.h promises: that each field arrives, that what has no image
 * is told, and that going up and down again changes nothing. */
#include "upgrade/conversion.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "switch/object.h"
#include "upgrade/schema.h"

/* Release 2 renames digits and t_answer, widens them, moves and adds fields,
 * lets the text and the enum grow, and drops nothing. */
/* clang-format off */
#define STATE_1(F, T)                                                          \
	F(ENUM, uint8_t, phase, 0, "", "IDLE RINGING TALKING")                 \
	F(UINT, uint8_t, tone, 0, "", "")                                      \
	F(UINT, uint16_t, digits, 0, "", "")                                   \
	F(UINT, uint32_t, line_a, 0, "", "")                                   \
	F(UINT, uint32_t, line_b, 0, "", "")                                   \
	F(INT, int16_t, drift, 0, "", "")                                      \
	T(dialled, 8, "")                                                      \
	F(UINT, uint64_t, t_answer, 0, "", "")
#define STATE_2(F, T)                                                          \
	F(UINT, uint64_t, answered, 0, "t_answer", "")                         \
	F(UINT, uint32_t, line_a, 0, "", "")                                   \
	F(UINT, uint32_t, line_b, 0, "", "")                                   \
	F(ENUM, uint16_t, phase, 0, "", "IDLE HELD TALKING RINGING")           \
	F(UINT, uint8_t, tone, 0, "", "")                                      \
	F(UINT, uint8_t, is_held, 1, "", "")                                   \
	F(UINT, uint32_t, overdial, 0, "digits", "")                           \
	F(INT, int64_t, drift, 0, "", "")                                      \
	F(INT, int32_t, rule, -2, "", "")                                      \
	T(dialled, 12, "")                                                     \
	T(forwarded, 4, "")
/* clang-format on */

struct state_1 {
	STATE_1(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};
struct state_2 {
	STATE_2(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};

#define SCHEMA_STATE struct state_1
static const struct field fields_1[] = { STATE_1(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };
#undef SCHEMA_STATE
#define SCHEMA_STATE struct state_2
static const struct field fields_2[] = { STATE_2(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };
#undef SCHEMA_STATE

static const char *const ways_2[] = { "phase HELD", "overdial wide",
	"drift wide", "dialled wide", NULL };
static const struct schema schema_1 = { .fields = fields_1,
	.count = sizeof fields_1 / sizeof fields_1[0],
	.size = sizeof(struct state_1) };
static const struct schema schema_2 = { .fields = fields_2,
	.no_way_back = ways_2,
	.count = sizeof fields_2 / sizeof fields_2[0],
	.size = sizeof(struct state_2) };

static const struct conversion_way way_up = { .from = &schema_1,
	.to = &schema_2 };
static const struct conversion_way way_down = {
	.from = &schema_2, .to = &schema_1, .down = true
};

struct plans {
	struct conversion *up, *down;
	char why[256];
};

static int
setup(void **state)
{
	static struct plans plans;
	int error;

	plans = (struct plans){ 0 };
	*state = &plans;
	error = schema_check(&schema_1, plans.why, sizeof plans.why);
	if (error == 0)
		error = schema_check(&schema_2, plans.why, sizeof plans.why);
	if (error == 0)
		error = conversion_alloc(
		    &plans.up, &way_up, plans.why, sizeof plans.why);
	if (error == 0)
		error = conversion_alloc(
		    &plans.down, &way_down, plans.why, sizeof plans.why);
	if (error != 0)
		print_error("%s\n", plans.why);
	return error;
}

static int
teardown(void **state)
{
	struct plans *plans = *state;

	conversion_free(&plans->up);
	conversion_free(&plans->down);
	assert_null(plans->up);
	return 0;
}

static void
every_field_arrives(void **state)
{
	const struct plans *plans = *state;
	const struct state_1 old = { .phase = 1,
		.tone = 3,
		.digits = 65535,
		.line_a = 1001,
		.line_b = 1002,
		.drift = -7,
		.dialled = "1002",
		.t_answer = UINT64_MAX };
	struct state_2 new = { 0 };

	assert_int_equal(conversion_run(plans->up, &old, &new), 0);
	assert_int_equal(new.phase, 3); /* RINGING, by its symbol */
	assert_int_equal(new.tone, 3);
	assert_int_equal(new.overdial, 65535);
	assert_int_equal(new.line_a, 1001);
	assert_int_equal(new.line_b, 1002);
	assert_true(new.drift == -7);
	assert_string_equal(new.dialled, "1002");
	assert_true(new.answered == UINT64_MAX);
	assert_int_equal(new.is_held, 1); /* those added: their defaults */
	assert_int_equal(new.rule, -2);
	assert_string_equal(new.forwarded, "");
}

static void
the_summary_counts_what_was_done(void **state)
{
	const struct plans *plans = *state;
	const struct conversion_summary *up = conversion_summary(plans->up);
	const struct conversion_summary *down = conversion_summary(plans->down);

	assert_int_equal(up->copied, 4); /* line_a line_b tone t_answer */
	assert_int_equal(up->renamed, 2);
	assert_int_equal(up->widened, 3);
	assert_int_equal(up->mapped, 1);
	assert_int_equal(up->defaulted, 3);
	assert_int_equal(up->dropped, 0);
	assert_int_equal(up->guarded, 0);
	assert_int_equal(up->steps, 7); /* two lines, one copy; defaults none */
	assert_int_equal(down->guarded, 4);
	assert_int_equal(down->dropped, 3);
	assert_int_equal(down->defaulted, 0);
}

static int
run_down(const struct plans *plans, const struct state_2 *new)
{
	struct state_1 old = { 0 };

	return conversion_run(plans->down, new, &old);
}

static void
u18_a_value_outside_the_guard_has_no_image(void **state)
{
	struct state_2 new = { .overdial = 65535, .drift = INT16_MIN };

	assert_int_equal(run_down(*state, &new), 0);
	new.overdial = 65536;
	assert_int_equal(run_down(*state, &new), -EDOM);
	new.overdial = 0;
	new.drift = INT16_MIN - 1;
	assert_int_equal(run_down(*state, &new), -EDOM);
	new.drift = INT16_MAX;
	assert_int_equal(run_down(*state, &new), 0);
	new.drift = INT16_MAX + 1;
	assert_int_equal(run_down(*state, &new), -EDOM);
	new.drift = 0;
	strcpy(new.dialled, "1234567");
	assert_int_equal(run_down(*state, &new), 0);
	strcpy(new.dialled, "12345678"); /* 8 bytes hold 7 and a NUL */
	assert_int_equal(run_down(*state, &new), -EDOM);
}

static void
u18_a_listed_symbol_has_no_image(void **state)
{
	struct state_2 new = { .phase = 1 };

	assert_int_equal(run_down(*state, &new), -EDOM);
	new.phase = 2;
	assert_int_equal(run_down(*state, &new), 0);
	new.phase = 4; /* no symbol at all */
	assert_int_equal(run_down(*state, &new), -EDOM);
}

/* xorshift64 (Marsaglia, 2003, shifts 13 7 17). */
static uint64_t
draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A value from among the extremes of the field, or any. */
static void
draw_field(const struct field *field, void *state, uint64_t *seed)
{
	static const int64_t extremes[] = { 0, 1, -1, 127, -128, 255, 32767,
		-32768, 65535, INT32_MAX, INT32_MIN, UINT32_MAX, INT64_MAX,
		INT64_MIN };
	uint64_t choice = draw(seed);
	char *text = (char *)state + field->offset, symbol[64];
	size_t length, i;

	if (field->kind == FIELD_TEXT) {
		length = choice % field->width;
		for (i = 0; i < length; i++)
			text[i] = (char)('0' + draw(seed) % 10);
		memset(text + length, 0, field->width - length);
		return;
	}
	if (field->kind == FIELD_ENUM) {
		choice %= 16;
		if (!schema_symbol(
			field->symbols, (int64_t)choice, symbol, sizeof symbol))
			choice = 0;
		schema_set_number(field, state, (int64_t)choice);
		return;
	}
	schema_set_number(field, state,
	    choice % 4 == 0 ? (int64_t)draw(seed)
			    : extremes[choice / 4 %
				  (sizeof extremes / sizeof extremes[0])]);
}

static void
draw_state(const struct schema *schema, void *state, uint64_t *seed)
{
	uint32_t i;

	for (i = 0; i < schema->count; i++)
		draw_field(&schema->fields[i], state, seed);
}

static bool
fields_are_equal(
    const struct schema *schema, const char *one, const char *other)
{
	const struct field *field;
	uint32_t i;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if (memcmp(one + field->offset, other + field->offset,
			field->width) != 0)
			return false;
	}
	return true;
}

static void
u9_up_and_down_again_is_identity(void **state)
{
	const struct plans *plans = *state;
	struct state_1 old, back;
	struct state_2 new;
	uint64_t seed = 42;
	int i;

	for (i = 0; i < 20000; i++) {
		memset(&old, 0, sizeof old);
		draw_state(&schema_1, &old, &seed);
		memset(&new, 0, sizeof new);
		memset(&back, 0, sizeof back);
		assert_int_equal(conversion_run(plans->up, &old, &new), 0);
		assert_int_equal(conversion_run(plans->down, &new, &back), 0);
		assert_memory_equal(&old, &back, sizeof old);
	}
}

static void
what_comes_down_goes_up_to_the_same(void **state)
{
	const struct plans *plans = *state;
	struct state_2 new, again;
	struct state_1 old;
	uint64_t seed = 43;
	unsigned int i, pinned = 0;

	for (i = 0; i < 20000; i++) {
		memset(&new, 0, sizeof new);
		draw_state(&schema_2, &new, &seed);
		new.is_held = 1; /* what release 1 does not know */
		new.rule = -2;
		memset(new.forwarded, 0, sizeof new.forwarded);
		memset(&old, 0, sizeof old);
		memset(&again, 0, sizeof again);
		if (conversion_run(plans->down, &new, &old) != 0) {
			pinned++;
			continue;
		}
		assert_int_equal(conversion_run(plans->up, &old, &again), 0);
		assert_memory_equal(&new, &again, sizeof new);
	}
	assert_in_range(pinned, 5000, 19900); /* both happened, often */
}

static void
what_lay_there_before_shines_through_nowhere(void **state)
{
	const struct plans *plans = *state;
	struct state_1 old;
	struct state_2 one, other;
	uint64_t seed = 44;
	int i;

	for (i = 0; i < 1000; i++) {
		memset(&old, 0, sizeof old);
		draw_state(&schema_1, &old, &seed);
		memset(&one, 0x55, sizeof one);
		memset(&other, 0xaa, sizeof other);
		assert_int_equal(conversion_run(plans->up, &old, &one), 0);
		assert_int_equal(conversion_run(plans->up, &old, &other), 0);
		assert_true(fields_are_equal(
		    &schema_2, (const char *)&one, (const char *)&other));
	}
}

static void
each_failed_allocation_is_an_answer(void **state)
{
	struct conversion *plan = NULL;
	char why[256];
	long n;
	int error;

	(void)state;
	for (n = 0; n < 20; n++) {
		object_fail_after(n);
		error = conversion_alloc(&plan, &way_down, why, sizeof why);
		object_fail_after(-1);
		if (error == 0)
			break;
		assert_int_equal(error, -ENOMEM);
		assert_null(plan);
		assert_string_equal(why, "no memory for the plan");
	}
	assert_in_range(n, 2, 19);
	conversion_free(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(every_field_arrives),
		TEST(the_summary_counts_what_was_done),
		TEST(u18_a_value_outside_the_guard_has_no_image),
		TEST(u18_a_listed_symbol_has_no_image),
		TEST(u9_up_and_down_again_is_identity),
		TEST(what_comes_down_goes_up_to_the_same),
		TEST(what_lay_there_before_shines_through_nowhere),
		cmocka_unit_test(each_failed_allocation_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
