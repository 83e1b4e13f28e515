/*
 * schema_check_field: the fields of one table, each and beside each other.
 *
 * A record, a union and a state are checked alike; what is within the fields
 * of one is a table of its own, and schema_check.c's business.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "upgrade/schema_check_internal.h"
#include "upgrade/words.h"

/*--------------------------------------------------------------------
 * One field
 */

static bool
is_number_width(unsigned int width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static bool
is_width(const struct field *field)
{
	switch ((enum field_kind)field->kind) {
	case FIELD_TEXT:
		return field->width > 0 && field->width <= SCHEMA_TEXT_MAX;
	case FIELD_BOOL:
		return field->width == sizeof(bool);
	case FIELD_PID:
		return field->width == sizeof(struct pid);
	case FIELD_UINT:
	case FIELD_INT:
	case FIELD_ENUM:
	case FIELD_LINE:
	case FIELD_CIRCUIT:
		return is_number_width(field->width);
	case FIELD_RECORD:
	case FIELD_UNION:
		return field->width > 0;
	}
	return false;
}

static int
check_shape(const struct complaint *complaint, const struct table *table,
    const struct field *field)
{
	uint64_t end;

	if (field->name == NULL ||
	    !schema_is_word(field->name, strnlen(field->name, WORD_MAX + 1)))
		return schema_complain(complaint,
		    "the name of field %u is no word of up to %d letters, "
		    "digits and _",
		    (unsigned int)(field - table->fields), WORD_MAX);
	if (schema_kind_word(field) == NULL)
		return schema_complain(complaint,
		    "field '%s' is of unknown kind %u", field->name,
		    field->kind);
	if (!is_width(field))
		return schema_complain(complaint,
		    "field '%s': no %s has %u bytes", field->name,
		    schema_kind_word(field), field->width);
	end = (uint64_t)field->offset + schema_bytes(field);
	if (end > table->size)
		return schema_complain(complaint,
		    "field '%s' ends at byte %" PRIu64
		    " of a state of %u bytes",
		    field->name, end, table->size);
	return 0;
}

int
schema_check_inner(const struct complaint *complaint, const struct field *field)
{
	bool has_fields = field->fields != NULL && field->count > 0;

	if (schema_is_composite(field)) {
		if (!has_fields || field->count > SCHEMA_FIELDS_MAX)
			return schema_complain(complaint,
			    "field '%s' is a %s of %u fields, want 1 to %d",
			    field->name, schema_kind_word(field),
			    has_fields ? field->count : 0, SCHEMA_FIELDS_MAX);
	} else if (field->fields != NULL || field->count > 0) {
		return schema_complain(complaint,
		    "field '%s' has fields and is no record", field->name);
	}
	if (field->kind == FIELD_UNION && field->length > 0)
		return schema_complain(complaint,
		    "field '%s' is an array of unions, want one of records "
		    "that have each a union",
		    field->name);
	return 0;
}

static int
check_symbols(const struct complaint *complaint, const struct field *field)
{
	char owner[WORD_MAX + 16];
	unsigned int count = words_count(field->symbols);

	snprintf(owner, sizeof owner, "field '%s'", field->name);
	if (field->kind != FIELD_ENUM)
		return count == 0 ? 0
				  : schema_complain(complaint,
					"%s has symbols and is no enum", owner);
	if (count == 0)
		return schema_complain(
		    complaint, "%s is an enum without symbols", owner);
	if (field->width == 1 && count > UINT8_MAX + 1)
		return schema_complain(complaint,
		    "%s has %u symbols and one byte for them", owner, count);
	/* A plan has an image of each in 16 bits, and a word for none. */
	if (count >= UINT16_MAX)
		return schema_complain(
		    complaint, "%s has %u symbols", owner, count);
	return schema_check_words(complaint, owner, "symbol", field->symbols);
}

static bool
is_value(const struct field *field, int64_t number)
{
	unsigned int bits = 8U * field->width;

	switch ((enum field_kind)field->kind) {
	case FIELD_UINT:
	case FIELD_LINE:
	case FIELD_CIRCUIT:
		return number >= 0 &&
		    (bits == 64 || (uint64_t)number >> bits == 0);
	case FIELD_INT:
		return bits == 64 ||
		    (number >= -(INT64_C(1) << (bits - 1)) &&
			number < INT64_C(1) << (bits - 1));
	case FIELD_ENUM:
		return number >= 0 && number < words_count(field->symbols);
	case FIELD_BOOL:
		return number == 0 || number == 1;
	case FIELD_PID:
	case FIELD_TEXT:
	case FIELD_RECORD:
	case FIELD_UNION:
		return number == 0;
	}
	return false;
}

/*--------------------------------------------------------------------
 * A field among its neighbours
 */

const struct field *
schema_find_beside(const struct table *table, const char *name)
{
	uint32_t i;

	for (i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].name, name) == 0)
			return &table->fields[i];
	return NULL;
}

static int
refuse_by(const struct complaint *complaint, const struct field *field)
{
	bool is_union = field->kind == FIELD_UNION;

	return schema_complain(complaint,
	    "field '%s' is %s by '%s', want %s beside it", field->name,
	    is_union ? "tagged" : "counted", field->by == NULL ? "" : field->by,
	    is_union ? "an enum" : "a uint");
}

/* What counts an array, or tags a union. */
static int
check_by(const struct complaint *complaint, const struct table *table,
    const struct field *field)
{
	bool is_union = field->kind == FIELD_UNION;
	const struct field *by;

	if (words_count(field->by) == 0 && !is_union)
		return 0;
	if (!is_union && field->length == 0)
		return schema_complain(complaint,
		    "field '%s' is counted by '%s' and is no array",
		    field->name, field->by);
	by = field->by == NULL ? NULL : schema_find_beside(table, field->by);
	if (by == NULL || by->length > 0 ||
	    by->kind != (is_union ? FIELD_ENUM : FIELD_UINT))
		return refuse_by(complaint, field);
	if (!is_union && by->initial > field->length)
		return schema_complain(complaint,
		    "field '%s' has %u elements, and '%s' begins with %" PRId64,
		    field->name, field->length, by->name, by->initial);
	return 0;
}

static int
check_former(const struct complaint *complaint, const struct table *table,
    const struct field *field)
{
	char owner[WORD_MAX + 16], former[WORD_MAX + 1];
	uint32_t i, n;
	int error;

	snprintf(owner, sizeof owner, "field '%s'", field->name);
	error =
	    schema_check_words(complaint, owner, "former name", field->former);
	if (error != 0)
		return error;
	for (n = 0; words_at(field->former, n, former, sizeof former); n++) {
		if (schema_find_beside(table, former) != NULL)
			return schema_complain(complaint,
			    "%s has the former name '%s', which is a field",
			    owner, former);
		for (i = 0; &table->fields[i] < field; i++)
			if (words_find(table->fields[i].former, former) >= 0)
				return schema_complain(complaint,
				    "%s and field '%s' have both the former "
				    "name '%s'",
				    owner, table->fields[i].name, former);
	}
	return 0;
}

/* Against those before it, so that each pair is looked at once. */
static int
check_neighbours(const struct complaint *complaint, const struct table *table,
    const struct field *field)
{
	const struct field *other;

	if (table->is_union && field->offset != 0)
		return schema_complain(complaint,
		    "branch '%s' does not begin where its union does",
		    field->name);
	for (other = table->fields; other < field; other++) {
		if (strcmp(other->name, field->name) == 0)
			return schema_complain(
			    complaint, "field '%s' stands twice", field->name);
		if (!table->is_union &&
		    field->offset < other->offset + schema_bytes(other) &&
		    other->offset < field->offset + schema_bytes(field))
			return schema_complain(complaint,
			    "field '%s' overlaps field '%s'", field->name,
			    other->name);
	}
	return 0;
}

static int
check_field(const struct complaint *complaint, const struct table *table,
    const struct field *field)
{
	int error;

	error = check_shape(complaint, table, field);
	if (error == 0)
		error = schema_check_inner(complaint, field);
	if (error == 0)
		error = check_neighbours(complaint, table, field);
	if (error == 0)
		error = check_symbols(complaint, field);
	if (error == 0 && !is_value(field, field->initial))
		error = schema_complain(complaint,
		    "field '%s' has the default %" PRId64
		    ", which it cannot hold",
		    field->name, field->initial);
	return error;
}

/* The field that begins at or after `offset`, the nearest; NULL if none. */
static const struct field *
field_from(const struct table *table, uint32_t offset)
{
	const struct field *nearest = NULL;
	uint32_t i;

	for (i = 0; i < table->count; i++)
		if (table->fields[i].offset >= offset &&
		    (nearest == NULL ||
			table->fields[i].offset < nearest->offset))
			nearest = &table->fields[i];
	return nearest;
}

/* Of a record no more than what its size is a multiple of. */
static unsigned int
alignment(const struct field *field)
{
	unsigned int most = field->width & -(unsigned int)field->width;

	if (field->kind == FIELD_TEXT)
		return 1;
	if (field->kind == FIELD_PID)
		return _Alignof(struct pid);
	return most > sizeof(uint64_t) ? sizeof(uint64_t) : most;
}

/*
 * A gap is padding if it is smaller than the alignment of what follows;
 * anything else is a member of the state that the table has forgotten, and
 * that every conversion would lose.
 */
static int
check_gaps(const struct complaint *complaint, const struct table *table)
{
	unsigned int widest = 1, limit;
	uint32_t at = 0, begin;
	const struct field *field;

	do {
		field = field_from(table, at);
		begin = field == NULL ? table->size : field->offset;
		limit = field == NULL ? widest : alignment(field);
		if (begin - at >= limit && begin != at)
			return schema_complain(complaint,
			    "bytes %u to %u of the state belong to no field",
			    at, begin - 1);
		if (limit > widest)
			widest = limit;
		at = field == NULL ? begin : begin + schema_bytes(field);
	} while (field != NULL);
	return 0;
}

/*--------------------------------------------------------------------
 * All of a table
 */

int
schema_check_table(const struct complaint *complaint, const struct table *table)
{
	int error = schema_check_place(complaint, table);
	uint32_t i;

	for (i = 0; error == 0 && i < table->count; i++)
		error = check_field(complaint, table, &table->fields[i]);
	for (i = 0; error == 0 && i < table->count; i++)
		error = check_former(complaint, table, &table->fields[i]);
	for (i = 0; error == 0 && i < table->count; i++)
		error = check_by(complaint, table, &table->fields[i]);
	return error == 0 && !table->is_union ? check_gaps(complaint, table)
					      : error;
}
