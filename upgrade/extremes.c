/*
 * extremes: see extremes.h for what it is.
 *
 * The extremes of a field, numbered from 0:
 *
 *   integer   smallest, largest, and the one beside each
 *   enum      each of its symbols
 *   text      empty, full, without its NUL
 *   bool      both
 *   others    as an unsigned integer
 *
 * An element of an array is in use when it is its turn, and so are those
 * before it; a branch is the one that its tag names.  So the last element's
 * extremes come in full arrays.
 */
#include "upgrade/extremes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "upgrade/layout.h"

enum { NAME_BYTES = 64 };

static void
set_default(const struct field *field, void *state)
{
	if (field->kind == FIELD_TEXT)
		memset((char *)state + field->offset, 0, field->width);
	else
		schema_set_number(field, state, field->initial);
}

static int64_t
smallest(const struct field *field)
{
	return field->kind == FIELD_INT ? INT64_MIN >> (64 - 8 * field->width)
					: 0;
}

/* Of an unsigned field of 64 bits all of them: -1 as an int64_t. */
static int64_t
largest(const struct field *field)
{
	uint64_t all = UINT64_MAX >> (64 - 8 * field->width);

	return (int64_t)(field->kind == FIELD_INT ? all >> 1 : all);
}

static bool
set_integer(const struct field *field, uint32_t n, void *state)
{
	const int64_t values[] = { smallest(field),
		field->kind == FIELD_BOOL ? 1 : smallest(field) + 1,
		largest(field), largest(field) - 1 };

	if (n >= (field->kind == FIELD_BOOL ? 2 : 4))
		return false;
	schema_set_number(field, state, values[n]);
	return true;
}

static bool
set_symbol(const struct field *field, uint32_t n, void *state)
{
	char symbol[NAME_BYTES];

	if (!schema_symbol(field->symbols, n, symbol, sizeof symbol))
		return false;
	schema_set_number(field, state, n);
	return true;
}

static bool
set_text(const struct field *field, uint32_t n, void *state)
{
	char *text = (char *)state + field->offset;

	if (n > 2)
		return false;
	memset(text, n == 0 ? 0 : '9', field->width);
	if (n == 1)
		text[field->width - 1] = '\0';
	return true;
}

static bool
set_extreme(const struct field *field, uint32_t n, void *state)
{
	switch ((enum field_kind)field->kind) {
	case FIELD_UINT:
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_PID:
	case FIELD_LINE:
	case FIELD_CIRCUIT:
		return set_integer(field, n, state);
	case FIELD_ENUM:
		return set_symbol(field, n, state);
	case FIELD_TEXT:
		return set_text(field, n, state);
	case FIELD_RECORD:
	case FIELD_UNION:
		break;
	}
	return false;
}

/* What a count or tag at `offset` must be for `when` to hold. */
static bool
find_demand(const struct layout *layout, uint16_t when, uint32_t offset,
    int64_t *ret_number)
{
	const struct condition *condition;

	for (; when != 0; when = condition->also) {
		condition = &layout->conditions[when - 1];
		if (condition->offset != offset)
			continue;
		*ret_number = condition->is_tag
		    ? (int64_t)condition->number
		    : (int64_t)condition->number + 1;
		return true;
	}
	return false;
}

/* Defaults all over, but for what `when` demands, which stands before. */
static void
set_defaults(const struct layout *layout, uint16_t when, void *state)
{
	const struct node *node = layout->nodes;
	struct field field;
	int64_t demand;

	memset(state, 0, layout->size);
	for (; node < layout->nodes + layout->count; node++) {
		if (!layout_is_leaf(node) ||
		    !layout_holds(layout->conditions, node->when, state))
			continue;
		field = layout_field(node);
		if (find_demand(layout, when, node->offset, &demand) &&
		    (field.kind == FIELD_ENUM || demand > field.initial))
			field.initial = demand;
		set_default(&field, state);
	}
}

bool
extremes_state(const struct layout *layout, uint32_t n, void *state, char *name,
    size_t size)
{
	char value[SCHEMA_TEXT_MAX], path[LAYOUT_PATH_MAX];
	const struct node *node = layout->nodes;
	struct field field;
	uint32_t which;

	for (; node < layout->nodes + layout->count; node++) {
		if (!layout_is_leaf(node))
			continue;
		field = layout_field(node);
		set_defaults(layout, node->when, state);
		for (which = 0; set_extreme(&field, which, state); which++) {
			if (n-- > 0)
				continue;
			schema_text(&field, state, value, sizeof value);
			layout_path(
			    layout, (uint32_t)(node - layout->nodes), path);
			(void)snprintf(
			    name, size, "field '%.24s' at %.24s", path, value);
			return true;
		}
	}
	return false;
}
