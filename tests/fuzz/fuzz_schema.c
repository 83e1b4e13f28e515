/*
 * Tables of two releases and the plans between them, drawn by the input.
 *
 * Sound ones have plans both ways, and a state that comes back is the same;
 * then a field of the table is damaged, and whoever reads it must say no or
 * make a plan that stays within its states.
 */
#include "tests/fuzz/fuzz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

/* Each draw takes a character of the input, and mixes it well. */
static const uint8_t *next_byte, *last_byte;

static inline uint64_t
draw(uint64_t *seed)
{
	if (next_byte < last_byte)
		return (uint64_t)(*next_byte++ + 1) * 0x9e3779b97f4a7c15;
	*seed ^= *seed << 13; /* Marsaglia's, when there is no more */
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}
#define FORMAT_WORLD_DRAW
#include "tests/format_world.h"

#include "switch/behaviour.h"
#include "upgrade/conversion.h"

enum { STATES = 4, DAMAGES = 8 };

struct pair {
	struct format formats[2];
	struct conversion *up, *down;
};

static struct conversion *
plan_between(const struct schema *from, const struct schema *to, bool down)
{
	const struct conversion_way way = {
		.from = from, .to = to, .down = down
	};
	struct conversion *plan = NULL;
	char why[256] = "";

	if (conversion_alloc(&plan, &way, why, sizeof why) != 0)
		expect_clause(why);
	return plan;
}

static void
plan_both(struct pair *pair)
{
	const struct schema *one = &pair->formats[0].schema;
	const struct schema *other = &pair->formats[1].schema;

	pair->up = plan_between(one, other, false);
	pair->down = plan_between(other, one, true);
}

static void
free_both(struct pair *pair)
{
	conversion_free(&pair->up);
	conversion_free(&pair->down);
}

static bool
is_clamped(const struct pair *pair)
{
	return conversion_summary(pair->up)->clamped > 0 ||
	    conversion_summary(pair->down)->clamped > 0;
}

/* Up and down again, with what was kept: either it is pinned or the same. */
static void
go_and_return(uint64_t *seed, const struct pair *pair, const struct layout *old,
    bool is_sound)
{
	uint8_t state[BEHAVIOUR_STATE_MAX], there[BEHAVIOUR_STATE_MAX],
	    back[BEHAVIOUR_STATE_MAX], kept[BEHAVIOUR_STATE_MAX];
	char path[LAYOUT_PATH_MAX] = "";
	uint16_t node;
	uint32_t size;

	state_draw(seed, old, state);
	if (conversion_run(pair->up, state, there) != 0)
		return;
	if (conversion_run(pair->down, there, back) != 0) {
		must(!is_sound || is_clamped(pair), "there is no way back");
		return;
	}
	size = conversion_keep(pair->up, state, kept);
	must(size <= sizeof kept, "%u bytes kept", size);
	if (size > 0)
		conversion_restore(pair->down, kept, back);
	if (!is_sound || is_clamped(pair))
		return;
	if (!layout_states_are_equal(old, state, back, &node))
		layout_path(old, node, path);
	must(path[0] == '\0', "another value has come back in %s", path);
}

static void
try_plans(uint64_t *seed, struct pair *pair, bool is_sound)
{
	struct layout *layout = NULL;
	unsigned int i;

	plan_both(pair);
	must(!is_sound || (pair->up != NULL && pair->down != NULL),
	    "sound tables, and no plan");
	if (pair->up != NULL && pair->down != NULL &&
	    layout_alloc(&layout, &pair->formats[0].schema) == 0)
		for (i = 0; i < STATES; i++)
			go_and_return(seed, pair, layout, is_sound);
	layout_free(&layout);
	free_both(pair);
}

/*--------------------------------------------------------------------
 * Damage
 */

static void
damage_field(uint64_t *seed, struct field *field)
{
	static const char *const words[] = { "", "f0", "f1", "used", "mode",
		"s0 s1", "s0 s0", "a-b", " ", "parties", "no such" };
	const char *word = words[pick(seed, sizeof words / sizeof words[0])];
	uint16_t number =
	    (uint16_t)(pick(seed, 40) * (one_in(seed, 3) ? 1699 : 1));

	switch (pick(seed, 11)) {
	case 0:
		field->name = word;
		break;
	case 1:
		field->former = word;
		break;
	case 2:
		field->symbols = word;
		break;
	case 3:
		field->by = word;
		break;
	case 4:
		field->kind = number;
		break;
	case 5:
		field->width = number;
		break;
	case 6:
		field->length = number;
		break;
	case 7:
		field->offset = number;
		break;
	case 8:
		field->initial = (int64_t)number - 20;
		break;
	case 9:
		field->count = (uint16_t)pick(seed, field->count + 1U);
		break;
	default:
		field->name = NULL;
		break;
	}
}

static struct field *
any_field(uint64_t *seed, struct format *format)
{
	switch (pick(seed, 3)) {
	case 0:
		return &format->record_fields[pick(seed, format->record.count)];
	case 1:
		if (format->branches.count > 0)
			return &format->branch_fields[pick(
			    seed, format->branches.count)];
		return &format->fields[0];
	default:
		return &format->fields[pick(seed, format->schema.count)];
	}
}

static void
damage(uint64_t *seed, struct pair *pair)
{
	struct format *format = &pair->formats[pick(seed, 2)];
	struct field *field = any_field(seed, format);
	const struct field before = *field;
	char why[256] = "";

	damage_field(seed, field);
	if (schema_check(&format->schema, why, sizeof why) == 0)
		try_plans(seed, pair, false);
	else
		expect_clause(why);
	*field = before;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct pair pair;
	uint64_t seed = 4711;
	unsigned int i, serial = 0;
	char why[256];
	bool is_sound = true;

	next_byte = bytes;
	last_byte = bytes + size;
	format_draw(&seed, &pair.formats[0]);
	format_change(&seed, &pair.formats[0], &pair.formats[1], &serial);
	for (i = 0; i < 2; i++) {
		format_render(&pair.formats[i]);
		is_sound &=
		    schema_check(&pair.formats[i].schema, why, sizeof why) == 0;
	}
	try_plans(&seed, &pair, is_sound);
	for (i = 0; i < DAMAGES && next_byte < last_byte; i++)
		damage(&seed, &pair);
	return 0;
}
