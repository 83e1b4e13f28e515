/*
 * shuffle: see shuffle.h for what it is.
 *
 * Tables are copied from the outside in, each shuffled before those within it
 * are, and placed from the inside out, since a record is as wide as what it
 * holds.  A field that counts or tags stands before what it counts or tags, as
 * it always does.  The branches of a union keep their names, which are symbols
 * of the tag.
 */
#include "upgrade/shuffle.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */
#include "switch/object.h"
#include "upgrade/schema.h"
#include "upgrade/words.h"

enum {
	TABLES_MAX = 64,
	LINES_MAX = 256,
	TEXT_BYTES = 1 << 16,
	PATH_BYTES = 128,
	TEXT_MORE = 3 /* bytes */
};

/* Fields side by side, and the field that they are within. */
struct table {
	struct field *fields, *whole; /* of the state: no whole */
	uint32_t count, alignment;
	const char *path; /* "hard_1." */
};

struct shuffle {
	unsigned int magic;
#define SHUFFLE_MAGIC 0x54aff1e5
	uint64_t seed;
	unsigned int names, field_count, table_count, line_count;
	size_t text_used;
	bool is_full;
	struct schema schema;
	struct field fields[SCHEMA_NODES_MAX];
	struct table tables[TABLES_MAX];
	const char *lines[LINES_MAX + 1];
	char text[TEXT_BYTES];
};

/* xorshift64 (Marsaglia, 2003, shifts 13 7 17). */
static uint32_t
draw(struct shuffle *shuffle, uint32_t n)
{
	shuffle->seed ^= shuffle->seed << 13;
	shuffle->seed ^= shuffle->seed >> 7;
	shuffle->seed ^= shuffle->seed << 17;
	return (uint32_t)(shuffle->seed >> 32) % n;
}

/* Text that lasts as long as the shuffle. */
__attribute__((format(printf, 2, 3))) static const char *
say(struct shuffle *shuffle, const char *format, ...)
{
	char *text = shuffle->text + shuffle->text_used;
	size_t room = TEXT_BYTES - shuffle->text_used;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, room, format, args);
	va_end(args);
	if ((size_t)length >= room) {
		shuffle->is_full = true;
		return "";
	}
	shuffle->text_used += (size_t)length + 1;
	return text;
}

/*--------------------------------------------------------------------
 * What a field becomes
 */

/* The same symbols, the first `from` of them last. */
static const char *
turn_symbols(struct shuffle *shuffle, const char *symbols, unsigned int from)
{
	unsigned int i, count = words_count(symbols);
	const char *turned = "";
	char word[SCHEMA_TEXT_MAX];

	for (i = 0; i < count; i++) {
		(void)words_at(symbols, (from + i) % count, word, sizeof word);
		turned =
		    say(shuffle, "%s%s%s", turned, i == 0 ? "" : " ", word);
	}
	return turned;
}

static void
turn_enum(struct shuffle *shuffle, struct field *field)
{
	const char *symbols = field->symbols;
	char word[SCHEMA_TEXT_MAX];

	field->symbols =
	    turn_symbols(shuffle, symbols, draw(shuffle, words_count(symbols)));
	(void)schema_symbol(symbols, field->initial, word, sizeof word);
	field->initial = schema_symbol_number(field->symbols, word);
}

/* Whether it has become wider, so that not all of it would fit back. */
static bool
widen(struct shuffle *shuffle, struct field *field)
{
	const uint16_t width = field->width;

	if (draw(shuffle, 2) == 0)
		return false;
	if (field->kind == FIELD_UINT || field->kind == FIELD_INT)
		field->width = width < 8 ? 2 * width : width;
	else if (field->kind == FIELD_TEXT &&
	    width + TEXT_MORE < SCHEMA_TEXT_MAX)
		field->width = width + TEXT_MORE;
	return field->width > width;
}

static bool
lengthen(struct shuffle *shuffle, struct field *field)
{
	if (field->length == 0 || field->by == NULL || field->by[0] == '\0' ||
	    draw(shuffle, 2) == 0)
		return false;
	field->length++;
	return true;
}

static void
change_field(
    struct shuffle *shuffle, const struct table *table, struct field *field)
{
	bool is_wider;

	if (field->kind == FIELD_ENUM)
		turn_enum(shuffle, field);
	is_wider = widen(shuffle, field);
	is_wider = lengthen(shuffle, field) || is_wider;
	if (!is_wider)
		return;
	if (shuffle->line_count == LINES_MAX) {
		shuffle->is_full = true;
		return;
	}
	shuffle->lines[shuffle->line_count++] =
	    say(shuffle, "%s%s wide", table->path, field->name);
}

/*--------------------------------------------------------------------
 * Tables
 */

static void
swap(struct field *one, struct field *other)
{
	const struct field field = *one;

	*one = *other;
	*other = field;
}

static const char *
name_of(const struct table *table, const char *former)
{
	uint32_t i;

	for (i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].former, former) == 0)
			return table->fields[i].name;
	return "";
}

static void
rename_fields(struct shuffle *shuffle, const struct table *table)
{
	const bool is_union =
	    table->whole != NULL && table->whole->kind == FIELD_UNION;
	struct field *field = table->fields;

	for (; field < table->fields + table->count; field++) {
		field->former = is_union ? "" : field->name;
		if (!is_union)
			field->name = say(shuffle, "hard_%u", shuffle->names++);
	}
	for (field = table->fields; field < table->fields + table->count;
	     field++)
		if (field->by != NULL && field->by[0] != '\0')
			field->by = name_of(table, field->by);
}

/* The first that stands behind what it counts or tags goes before it. */
static bool
mend_order(const struct table *table)
{
	struct field *field, *end = table->fields + table->count;
	struct field *by;

	for (field = table->fields; field < end; field++) {
		if (field->by == NULL || field->by[0] == '\0')
			continue;
		for (by = field + 1; by < end; by++)
			if (strcmp(by->name, field->by) == 0) {
				swap(field, by);
				return true;
			}
	}
	return false;
}

static void
mix(struct shuffle *shuffle, const struct table *table)
{
	uint32_t i;

	for (i = table->count; i > 1; i--)
		swap(&table->fields[i - 1], &table->fields[draw(shuffle, i)]);
	while (mend_order(table))
		continue;
}

/* A copy of those, to be changed; false: there is no room. */
static bool
add_table(struct shuffle *shuffle, const struct field *fields, uint32_t count,
    struct field *whole, const char *path)
{
	struct table *table = &shuffle->tables[shuffle->table_count];

	if (shuffle->table_count == TABLES_MAX ||
	    shuffle->field_count + count > SCHEMA_NODES_MAX)
		return false;
	shuffle->table_count++;
	table->fields = shuffle->fields + shuffle->field_count;
	table->whole = whole;
	table->count = count;
	table->path = path;
	shuffle->field_count += count;
	memcpy(table->fields, fields, count * sizeof *fields);
	if (whole != NULL)
		whole->fields = table->fields;
	return true;
}

static bool
change_table(struct shuffle *shuffle, const struct table *table)
{
	struct field *field = table->fields;

	rename_fields(shuffle, table);
	mix(shuffle, table);
	for (; field < table->fields + table->count; field++) {
		change_field(shuffle, table, field);
		if (schema_is_composite(field) &&
		    !add_table(shuffle, field->fields, field->count, field,
			say(shuffle, "%s%s.", table->path, field->name)))
			return false;
	}
	return true;
}

/*--------------------------------------------------------------------
 * Places
 */

/* That of what is within, which has been placed. */
static uint32_t
alignment_of(const struct shuffle *shuffle, const struct field *field)
{
	const struct table *table = shuffle->tables;

	if (field->kind == FIELD_TEXT)
		return 1;
	if (field->kind == FIELD_PID)
		return sizeof(uint32_t);
	if (!schema_is_composite(field))
		return field->width;
	while (table->whole != field)
		table++;
	return table->alignment;
}

static uint32_t
round_up(uint32_t offset, uint32_t alignment)
{
	return (offset + alignment - 1) / alignment * alignment;
}

/* Its size; branches lie over each other. */
static uint32_t
place(const struct shuffle *shuffle, struct table *table)
{
	const bool is_union =
	    table->whole != NULL && table->whole->kind == FIELD_UNION;
	struct field *field = table->fields;
	uint32_t alignment, end = 0, size = 0;

	table->alignment = 1;
	for (; field < table->fields + table->count; field++) {
		alignment = alignment_of(shuffle, field);
		if (alignment > table->alignment)
			table->alignment = alignment;
		field->offset = is_union ? 0 : round_up(end, alignment);
		end = field->offset + schema_bytes(field);
		size = end > size ? end : size;
	}
	return round_up(size, table->alignment);
}

static int
place_all(struct shuffle *shuffle)
{
	struct table *table = shuffle->tables + shuffle->table_count;
	uint32_t size = 0;

	while (table-- > shuffle->tables) {
		size = place(shuffle, table);
		if (size > BEHAVIOUR_STATE_MAX)
			return -E2BIG;
		if (table->whole != NULL)
			table->whole->width = (uint16_t)size;
	}
	shuffle->schema.size = size;
	return 0;
}

static int
fill(struct shuffle *shuffle, const struct schema *schema)
{
	unsigned int i;

	if (!add_table(shuffle, schema->fields, schema->count, NULL, ""))
		return -E2BIG;
	for (i = 0; i < shuffle->table_count; i++)
		if (!change_table(shuffle, &shuffle->tables[i]))
			return -E2BIG;
	if (shuffle->is_full)
		return -E2BIG;
	shuffle->schema = (struct schema){ .fields = shuffle->fields,
		.no_way_back = shuffle->lines,
		.timers = schema->timers,
		.count = schema->count,
		.messages = schema->messages,
		.message_count = schema->message_count };
	return place_all(shuffle);
}

int
shuffle_alloc(
    struct shuffle **ret_shuffle, const struct schema *schema, uint64_t seed)
{
	struct shuffle *shuffle;
	int error;

	if (ALLOC_OBJ(shuffle, SHUFFLE_MAGIC) == NULL)
		return -ENOMEM;
	shuffle->seed = seed * 0x9e3779b97f4a7c15 + 1; /* not 0, and mixed */
	error = fill(shuffle, schema);
	if (error != 0)
		shuffle_free(&shuffle);
	else
		*ret_shuffle = shuffle;
	return error;
}

void
shuffle_free(struct shuffle **shufflep)
{
	FREE_OBJ(shufflep, SHUFFLE_MAGIC);
}

const struct schema *
shuffle_schema(const struct shuffle *shuffle)
{
	CHECK_OBJ(shuffle, SHUFFLE_MAGIC);
	return &shuffle->schema;
}
