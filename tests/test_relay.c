/* What conversion_compose() promises where hooks are in the way (U9): the
 * plan over several releases is the same as going through each of them, for
 * any formats, any states and any hooks; up and down. */
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
#include "upgrade/extremes.h"

enum { ROUNDS = 200, STATES = 40, RELEASES = 4, STEPS = RELEASES - 1 };

/* Releases, the plan of each step, and those over all of them. */
struct world {
	struct format formats[RELEASES];
	struct layout *layouts[RELEASES];
	bool is_hooked[RELEASES]; /* has a code_change */
	struct conversion *up[STEPS], *down[STEPS];
	/* Composed from the one end and from the other. */
	struct conversion *whole_up[2], *whole_down[2];
};

struct tally {
	unsigned int same, pinned, refused, hooked, kept;
};

/* A hook has no argument for it. */
static struct world world;

/*
 * Each number of the new state gets something of the old one's first byte, so
 * that it matters which state the hook is given; and some it refuses.
 */
static int
stir(const uint8_t *from, uint8_t *to, unsigned int release)
{
	const struct layout *layout = world.layouts[release];
	const struct node *node = layout->nodes;
	struct field field;

	if (from[0] % 32 == 3)
		return -1;
	if (from[0] % 32 == 5)
		return -EDOM;
	for (; node < layout->nodes + layout->count; node++) {
		field = layout_field(node);
		if (!layout_is_leaf(node) || field.kind != FIELD_UINT ||
		    strcmp(field.name, "used") == 0)
			continue;
		schema_set_number(&field, to,
		    schema_number(&field, to) ^ ((from[0] ^ release) & 1));
	}
	return 0;
}

/* One for each release: both ways, as OTP has it. */
#define HOOK(n)                                                                \
	static int hook_##n(const void *from, void *to, bool down)             \
	{                                                                      \
		return stir(from, to, down ? (n)-1 : (n));                     \
	}
HOOK(1)
HOOK(2)
HOOK(3)
static int (*const hooks[RELEASES])(
    const void *, void *, bool) = { NULL, hook_1, hook_2, hook_3 };

static struct conversion *
plan_of_step(unsigned int step, bool down)
{
	const struct format *older = &world.formats[step];
	const struct format *newer = &world.formats[step + 1];
	const struct conversion_way way = { .from = down ? &newer->schema
							 : &older->schema,
		.to = down ? &older->schema : &newer->schema,
		.hook = world.is_hooked[step + 1] ? hooks[step + 1] : NULL,
		.down = down };
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
	assert_int_equal(conversion_has_hook(plan),
	    conversion_has_hook(first) || conversion_has_hook(second));
	return plan;
}

/* (one two) three, and one (two three). */
static void
compose_all(struct conversion *const *steps[STEPS], struct conversion **whole)
{
	struct conversion *part = composed(*steps[0], *steps[1]);

	whole[0] = composed(part, *steps[2]);
	conversion_free(&part);
	part = composed(*steps[1], *steps[2]);
	whole[1] = composed(*steps[0], part);
	conversion_free(&part);
}

/* Some of its values are the hook's alone. */
static void
hook_some(uint64_t *seed, struct format *format)
{
	unsigned int i, count = 0;
	char *wide;

	for (i = 0; format->ways[i] != NULL; i++) {
		wide = strstr(format->lines[i], " wide");
		if (wide == NULL || !one_in(seed, 5) ||
		    strncmp(format->lines[i], "used ", 5) == 0)
			continue;
		(void)snprintf(format->rule_lines[count], LINE_BYTES,
		    "%.*s hook", (int)(wide - format->lines[i]),
		    format->lines[i]);
		format->rules[count] = format->rule_lines[count];
		count++;
	}
	format->rules[count] = NULL;
}

static void
make_world(uint64_t *seed)
{
	struct conversion *const *up[STEPS] = { &world.up[0], &world.up[1],
		&world.up[2] };
	struct conversion *const *down[STEPS] = { &world.down[2],
		&world.down[1], &world.down[0] };
	unsigned int i, serial = 0;

	memset(&world, 0, sizeof world);
	format_draw(seed, &world.formats[0]);
	for (i = 0; i < RELEASES; i++) {
		if (i > 0)
			format_change(seed, &world.formats[i - 1],
			    &world.formats[i], &serial);
		world.is_hooked[i] = i > 0 && one_in(seed, 2);
		format_render(&world.formats[i]);
		if (world.is_hooked[i])
			hook_some(seed, &world.formats[i]);
		else if (one_in(seed, 2))
			clamp_some(seed, &world.formats[i]);
		assert_int_equal(
		    layout_alloc(&world.layouts[i], &world.formats[i].schema),
		    0);
	}
	for (i = 0; i < STEPS; i++) {
		world.up[i] = plan_of_step(i, false);
		world.down[i] = plan_of_step(i, true);
	}
	compose_all(up, world.whole_up);
	compose_all(down, world.whole_down);
}

static void
free_world(void)
{
	unsigned int i;

	for (i = 0; i < RELEASES; i++)
		layout_free(&world.layouts[i]);
	for (i = 0; i < STEPS; i++) {
		conversion_free(&world.up[i]);
		conversion_free(&world.down[i]);
	}
	for (i = 0; i < 2; i++) {
		conversion_free(&world.whole_up[i]);
		conversion_free(&world.whole_down[i]);
	}
}

/* One state through all of the steps. */
static int
step_through(bool down, const uint8_t *state, uint8_t *last)
{
	static uint8_t between[2][FORMAT_BYTES];
	unsigned int i;
	int error = 0;

	memset(between, 0x33, sizeof between);
	for (i = 0; error == 0 && i < STEPS; i++) {
		error = conversion_run(
		    down ? world.down[STEPS - 1 - i] : world.up[i],
		    i == 0 ? state : between[i % 2],
		    i + 1 == STEPS ? last : between[(i + 1) % 2]);
	}
	return error;
}

static void
expect_same(bool down, const uint8_t *state, struct tally *tally)
{
	struct conversion *const *whole =
	    down ? world.whole_down : world.whole_up;
	const struct layout *layout = world.layouts[down ? 0 : STEPS];
	uint8_t stepped[FORMAT_BYTES], at_once[FORMAT_BYTES];
	char path[LAYOUT_PATH_MAX];
	unsigned int i;
	uint16_t node;
	int error;

	memset(stepped, 0x55, sizeof stepped);
	error = step_through(down, state, stepped);
	for (i = 0; i < 2; i++) {
		path[0] = '\0';
		memset(at_once, 0xaa, sizeof at_once);
		assert_int_equal(
		    conversion_run(whole[i], state, at_once), error);
		if (error == 0 &&
		    !layout_states_are_equal(layout, stepped, at_once, &node))
			layout_path(layout, node, path);
		assert_string_equal(path, "");
	}
	tally->same += error == 0;
	tally->pinned += error == -EDOM;
	tally->refused += error == -EBADMSG;
	tally->hooked += error == 0 && conversion_has_hook(whole[0]);
}

static void
try_states(bool down, uint64_t *seed, struct tally *tally)
{
	const struct layout *layout = world.layouts[down ? STEPS : 0];
	uint8_t state[FORMAT_BYTES];
	char name[64];
	uint32_t n;

	for (n = 0; n < STATES; n++) {
		state_draw(seed, layout, state);
		expect_same(down, state, tally);
	}
	for (n = 0; extremes_state(layout, n, state, name, sizeof name); n++)
		expect_same(down, state, tally);
}

static void
u9_over_hooks_it_is_the_same_as_through_each(void **state)
{
	struct tally tally = { 0 };
	uint64_t seed = 1903;
	unsigned int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		make_world(&seed);
		try_states(false, &seed, &tally);
		try_states(true, &seed, &tally);
		free_world();
	}
	print_message("%u the same, %u of them over hooks; %u pinned, %u "
		      "refused on both\n",
	    tally.same, tally.hooked, tally.pinned, tally.refused);
	assert_in_range(tally.same, 1000, UINT32_MAX);
	assert_in_range(tally.hooked, 1000, UINT32_MAX);
	assert_in_range(tally.pinned, 1000, UINT32_MAX);
	assert_in_range(tally.refused, 100, UINT32_MAX);
}

/* Whether the same elements and branches are there. */
static bool
counts_alike(const uint8_t *one, const uint8_t *other)
{
	const struct schema *schema = &world.formats[0].schema;
	const struct field *used = schema_find(schema, "used");
	const struct field *mode = schema_find(schema, "mode");

	return schema_number(used, one) == schema_number(used, other) &&
	    schema_number(mode, one) == schema_number(mode, other);
}

/* There and back; whether it came so far with something kept beside. */
static bool
returns(uint64_t *seed)
{
	uint8_t old[FORMAT_BYTES], new[FORMAT_BYTES], again[FORMAT_BYTES],
	    keep[FORMAT_BYTES], after[FORMAT_BYTES];
	uint32_t count;

	state_draw(seed, world.layouts[0], old);
	count = conversion_keep(world.whole_up[0], old, keep);
	if (count == 0 || conversion_run(world.whole_up[0], old, new) != 0 ||
	    conversion_run(world.whole_down[1], new, again) != 0)
		return false;
	if (!counts_alike(old, again))
		return false;
	conversion_restore(world.whole_down[1], keep, again);
	assert_int_equal(
	    conversion_keep(world.whole_up[1], again, after), count);
	return true;
}

/* What no way has carried is kept, and is there again after both. */
static void
u10_over_hooks_what_left_returns(void **state)
{
	unsigned int round, i, returned = 0;
	uint64_t seed = 77;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		make_world(&seed);
		for (i = 0; i < STATES; i++)
			returned += returns(&seed);
		free_world();
	}
	print_message("%u returned\n", returned);
	assert_in_range(returned, 200, UINT32_MAX);
}

/* Without memory at any place there is no plan, and nothing is left. */
static void
u8_without_memory_there_is_no_relay(void **state)
{
	struct conversion *plan = NULL;
	uint64_t seed = 5;
	long n;
	int error = -ENOMEM;

	(void)state;
	make_world(&seed);
	while (!world.is_hooked[1] || !world.is_hooked[2]) {
		free_world();
		make_world(&seed);
	}
	for (n = 0; error == -ENOMEM; n++) {
		object_fail_after(n);
		error = conversion_compose(&plan, world.up[0], world.up[1]);
		object_fail_after(-1);
	}
	assert_int_equal(error, 0);
	assert_in_range(n, 10, 1000);
	conversion_free(&plan);
	free_world();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u9_over_hooks_it_is_the_same_as_through_each),
		cmocka_unit_test(u10_over_hooks_what_left_returns),
		cmocka_unit_test(u8_without_memory_there_is_no_relay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
