/*
 * extremes: see extremes.h for what it is.
 *
 * The extremes of a field, numbered from 0:
 *
 *   integer   smallest, largest, and the one beside each
 *   enum      each of its symbols
 *   text      empty, full, without its NUL
 */
#include "upgrade/extremes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "upgrade/schema.h"

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
	const int64_t values[] = { smallest(field), smallest(field) + 1,
		largest(field), largest(field) - 1 };

	if (n >= sizeof values / sizeof values[0])
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
		return set_integer(field, n, state);
	case FIELD_ENUM:
		return set_symbol(field, n, state);
	case FIELD_TEXT:
		return set_text(field, n, state);
	}
	return false;
}

bool
extremes_state(const struct schema *schema, uint32_t n, void *state, char *name,
    size_t size)
{
	const struct field *field = schema->fields;
	const struct field *end = field + schema->count;
	char value[SCHEMA_TEXT_MAX];
	uint32_t which;

	memset(state, 0, schema->size);
	for (; field < end; field++)
		set_default(field, state);
	for (field = schema->fields; field < end; field++) {
		for (which = 0; set_extreme(field, which, state); which++) {
			if (n-- > 0)
				continue;
			schema_text(field, state, value, sizeof value);
			(void)snprintf(name, size, "field '%.24s' at %.24s",
			    field->name, value);
			return true;
		}
		set_default(field, state);
	}
	return false;
}
