/* Tables that are damaged in any way are refused or sound, and never followed
 * out of their file: whatever a check lets pass can be laid out, drawn from
 * and converted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format_world.h"
#include "upgrade/conversion.h"
#include "upgrade/extremes.h"

enum { FORMATS = 30, DAMAGES = 400, BYTES = 65536 };

/* A pointer of a table: into it, beside it, or nowhere. */
static const void *
draw_pointer(uint64_t *seed, const struct format *format, const void *was)
{
	const char *here = (const char *)format;

	switch (pick(seed, 6)) {
	case 0:
		return NULL;
	case 1:
		return (const void *)(uintptr_t)draw(seed);
	case 2: /* where other things lie */
		return here + pick(seed, sizeof *format);
	case 3: /* at its very end */
		return here + sizeof *format - 1;
	case 4: /* a table that contains itself */
		return format->fields;
	default:
		return was;
	}
}

static struct field *
draw_field(uint64_t *seed, struct format *format)
{
	switch (pick(seed, 3)) {
	case 0:
		return &format->fields[pick(seed, ITEMS + 4)];
	case 1:
		return &format->record_fields[pick(seed, ITEMS)];
	default:
		return &format->branch_fields[pick(seed, ITEMS)];
	}
}

static void
damage_field(uint64_t *seed, struct format *format)
{
	struct field *field = draw_field(seed, format);

	switch (pick(seed, 11)) {
	case 0:
		field->kind = (uint16_t)pick(seed, 16);
		break;
	case 1:
		field->width = (uint16_t)(draw(seed) >> pick(seed, 64));
		break;
	case 2:
		field->offset = (uint32_t)(draw(seed) >> pick(seed, 64));
		break;
	case 3:
		field->length = (uint16_t)(draw(seed) >> pick(seed, 64));
		break;
	case 4:
		field->count = (uint16_t)(draw(seed) >> pick(seed, 64));
		break;
	case 5:
		field->initial = (int64_t)(draw(seed) >> pick(seed, 64));
		break;
	case 6:
		field->fields = draw_pointer(seed, format, field->fields);
		break;
	case 7:
		field->name = draw_pointer(seed, format, field->name);
		break;
	case 8:
		field->symbols = draw_pointer(seed, format, field->symbols);
		break;
	case 9:
		field->former = draw_pointer(seed, format, field->former);
		break;
	default:
		field->by = draw_pointer(seed, format, field->by);
		break;
	}
}

static void
damage_schema(uint64_t *seed, struct format *format)
{
	struct schema *schema = &format->schema;

	switch (pick(seed, 8)) {
	case 0:
		schema->count = (uint32_t)(draw(seed) >> pick(seed, 64));
		break;
	case 1:
		schema->size = (uint32_t)(draw(seed) >> pick(seed, 64));
		break;
	case 2:
		schema->fields = draw_pointer(seed, format, schema->fields);
		break;
	case 3:
		schema->no_way_back =
		    draw_pointer(seed, format, schema->no_way_back);
		break;
	case 4:
		schema->timers = draw_pointer(seed, format, schema->timers);
		break;
	case 5:
		schema->messages = draw_pointer(seed, format, format->fields);
		schema->message_count = pick(seed, ITEMS);
		break;
	default:
		damage_field(seed, format);
		break;
	}
}

/* What passes is used as a load would use it. */
static void
use(const struct schema *schema)
{
	static uint8_t state[BYTES], other[BYTES];
	const struct conversion_way way = { .from = schema, .to = schema };
	struct conversion *plan;
	struct layout *layout;
	char why[256], name[64];
	uint32_t n;

	assert_int_equal(layout_alloc(&layout, schema), 0);
	if (conversion_alloc(&plan, &way, why, sizeof why) == 0 &&
	    schema->size <= BYTES) {
		for (n = 0; extremes_state(layout, n, state, name, sizeof name);
		     n++) {
			memset(other, 0x5a, schema->size);
			if (conversion_run(plan, state, other) == 0)
				assert_true(layout_states_are_equal(
				    layout, state, other, NULL));
		}
		conversion_free(&plan);
	}
	layout_free(&layout);
}

static void
u5_a_damaged_table_is_refused_or_sound(void **state)
{
	static struct format damaged;
	unsigned int i, j, passed = 0, refused = 0;
	struct schema_extent extent = { (uintptr_t)&damaged, sizeof damaged };
	uint64_t seed = 99;
	char why[256];

	(void)state;
	/* All that a table leads to lies in `damaged`, as in an image. */
	for (i = 0; i < FORMATS; i++) {
		uint64_t same = draw(&seed);

		for (j = 0; j < DAMAGES; j++) {
			uint64_t again = same;

			format_draw(&again, &damaged);
			format_render(&damaged);
			format_own(&damaged);
			assert_int_equal(schema_check_within(&damaged.schema,
					     &extent, why, sizeof why),
			    0);
			damage_schema(&seed, &damaged);
			if (one_in(&seed, 2))
				damage_schema(&seed, &damaged);
			if (schema_check_within(&damaged.schema, &extent, why,
				sizeof why) != 0) {
				assert_true(why[0] != '\0');
				refused++;
				continue;
			}
			passed++;
			use(&damaged.schema);
		}
	}
	print_message("%u refused, %u sound all the same\n", refused, passed);
	assert_in_range(refused, 1000, UINT32_MAX);
	assert_in_range(passed, 1000, UINT32_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u5_a_damaged_table_is_refused_or_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
