/*
 * schema_check: whether the table that a module gives of its state is sound.
 *
 * It is read before anything of the module is trusted, by the prover and again
 * by the loader.  So nothing is followed before it has been looked at: of an
 * untrusted table first where it lies, then each table within before it is
 * descended into; and depth and number of all are bounded.
 *
 * What has passed:
 *   1. every name is a word of at most WORD_MAX bytes, and none stands twice
 *      in one table;
 *   2. no former name is the name, or the former name, of another field of the
 *      same table;
 *   3. every field lies inside its state, record or branch and overlaps no
 *      other; branches of a union all begin with it;
 *   4. every byte of a state or record belongs to a field or is padding;
 *   5. every default is a value of its field;
 *   6. what counts an array is a plain uint beside it, what tags a union an
 *      enum beside it that has a symbol for each branch;
 *   7. every line of no_way_back and of the rules names a field, and what of
 *      it they are about;
 *   8. there are at most SCHEMA_NODES_MAX values, nested SCHEMA_DEPTH_MAX deep.
 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "upgrade/schema.h"
#include "upgrade/words.h"

enum { WORD_MAX = 63, PATH_MAX_BYTES = 256, LINES_MAX = 1024 };

struct complaint {
	char *why;
	size_t size;
	const struct schema_extent *extent; /* or NULL: all is trusted */
};

/* Fields side by side: a state, a record, a union or the private messages. */
struct table {
	const struct field *fields;
	uint32_t count, size;
	bool is_union;
};

/* Says what is wrong, and is -EINVAL, so that a check can return it. */
__attribute__((format(printf, 2, 3))) static int
complain(const struct complaint *complaint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(complaint->why, complaint->size, format, args);
	va_end(args);
	return -EINVAL;
}

/*--------------------------------------------------------------------
 * Where it lies
 */

static bool
is_within(const struct complaint *complaint, const void *at, size_t size)
{
	const struct schema_extent *extent = complaint->extent;
	uintptr_t begin = (uintptr_t)at;

	if (extent == NULL || size == 0)
		return true;
	return begin >= extent->begin && begin - extent->begin < extent->size &&
	    size <= extent->size - (begin - extent->begin);
}

/* Likewise of an array of what is aligned as pointers are. */
static bool
is_array_within(const struct complaint *complaint, const void *at, size_t size)
{
	return (uintptr_t)at % _Alignof(struct field) == 0 &&
	    is_within(complaint, at, size);
}

/* NULL is no text and lies nowhere, which is fine. */
static bool
is_text_within(const struct complaint *complaint, const char *text)
{
	const struct schema_extent *extent = complaint->extent;
	size_t room;

	if (extent == NULL || text == NULL)
		return true;
	if (!is_within(complaint, text, 1))
		return false;
	room = extent->size - ((uintptr_t)text - extent->begin);
	return strnlen(text, room) < room;
}

static int
check_place(const struct complaint *complaint, const struct table *table)
{
	const struct field *field;
	uint32_t i;

	if (!is_array_within(
		complaint, table->fields, table->count * sizeof *table->fields))
		return complain(
		    complaint, "a table of fields lies outside of its file");
	for (i = 0; i < table->count; i++) {
		field = &table->fields[i];
		if (!is_text_within(complaint, field->name) ||
		    !is_text_within(complaint, field->former) ||
		    !is_text_within(complaint, field->symbols) ||
		    !is_text_within(complaint, field->by))
			return complain(complaint,
			    "a text of field %u lies outside of its file", i);
	}
	return 0;
}

static int
check_lines_place(const struct complaint *complaint, const char *what,
    const char *const *line)
{
	unsigned int i;

	for (i = 0; line != NULL; i++) {
		if (i == LINES_MAX ||
		    !is_array_within(complaint, &line[i], sizeof *line))
			return complain(
			    complaint, "%s does not end within its file", what);
		if (line[i] == NULL)
			break;
		if (!is_text_within(complaint, line[i]))
			return complain(complaint,
			    "a line of %s lies outside of its file", what);
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Words
 */

static bool
is_word(const char *word, size_t length)
{
	size_t i;

	if (length == 0 || length > WORD_MAX)
		return false;
	if (!isalpha((unsigned char)word[0]) && word[0] != '_')
		return false;
	for (i = 1; i < length; i++)
		if (!isalnum((unsigned char)word[i]) && word[i] != '_')
			return false;
	return true;
}

/* Whether `words` are words, each once; `what` of which field, for `why`. */
static int
check_words(const struct complaint *complaint, const char *owner,
    const char *what, const char *words)
{
	const char *cursor = words, *word, *other;
	size_t length, other_length;

	while ((word = words_next(&cursor, &length)) != NULL) {
		if (!is_word(word, length))
			return complain(complaint,
			    "%s has the %s '%.*s', "
			    "which is no word",
			    owner, what, (int)length, word);
		for (const char *rest = cursor;
		     (other = words_next(&rest, &other_length)) != NULL;)
			if (other_length == length &&
			    memcmp(other, word, length) == 0)
				return complain(complaint,
				    "%s has the %s '%.*s' twice", owner, what,
				    (int)length, word);
	}
	return 0;
}

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
	    !is_word(field->name, strnlen(field->name, WORD_MAX + 1)))
		return complain(complaint,
		    "the name of field %u is no word of up to %d letters, "
		    "digits and _",
		    (unsigned int)(field - table->fields), WORD_MAX);
	if (schema_kind_word(field) == NULL)
		return complain(complaint, "field '%s' is of unknown kind %u",
		    field->name, field->kind);
	if (!is_width(field))
		return complain(complaint, "field '%s': no %s has %u bytes",
		    field->name, schema_kind_word(field), field->width);
	end = (uint64_t)field->offset + schema_bytes(field);
	if (end > table->size)
		return complain(complaint,
		    "field '%s' ends at byte %" PRIu64
		    " of a state of %u bytes",
		    field->name, end, table->size);
	return 0;
}

static int
check_inner(const struct complaint *complaint, const struct field *field)
{
	bool has_fields = field->fields != NULL && field->count > 0;

	if (schema_is_composite(field)) {
		if (!has_fields || field->count > SCHEMA_FIELDS_MAX)
			return complain(complaint,
			    "field '%s' is a %s of %u fields, want 1 to %d",
			    field->name, schema_kind_word(field),
			    has_fields ? field->count : 0, SCHEMA_FIELDS_MAX);
	} else if (field->fields != NULL || field->count > 0) {
		return complain(complaint,
		    "field '%s' has fields and is no record", field->name);
	}
	if (field->kind == FIELD_UNION && field->length > 0)
		return complain(complaint,
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
				  : complain(complaint,
					"%s has symbols and is no enum", owner);
	if (count == 0)
		return complain(
		    complaint, "%s is an enum without symbols", owner);
	if (field->width == 1 && count > UINT8_MAX + 1)
		return complain(complaint,
		    "%s has %u symbols and one byte for them", owner, count);
	/* A plan has an image of each in 16 bits, and a word for none. */
	if (count >= UINT16_MAX)
		return complain(complaint, "%s has %u symbols", owner, count);
	return check_words(complaint, owner, "symbol", field->symbols);
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

static const struct field *
find_beside(const struct table *table, const char *name)
{
	uint32_t i;

	for (i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].name, name) == 0)
			return &table->fields[i];
	return NULL;
}

static int
check_branches(const struct complaint *complaint, const struct field *field,
    const struct field *tag)
{
	const struct field *branch = field->fields;

	for (; branch < field->fields + field->count; branch++)
		if (branch->name == NULL ||
		    words_find(tag->symbols, branch->name) < 0)
			return complain(complaint,
			    "field '%s' has the branch '%s', which is no "
			    "symbol of '%s'",
			    field->name,
			    branch->name == NULL ? "" : branch->name,
			    tag->name);
	return 0;
}

static int
refuse_by(const struct complaint *complaint, const struct field *field)
{
	bool is_union = field->kind == FIELD_UNION;

	return complain(complaint,
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
		return complain(complaint,
		    "field '%s' is counted by '%s' and is no array",
		    field->name, field->by);
	by = field->by == NULL ? NULL : find_beside(table, field->by);
	if (by == NULL || by->length > 0 ||
	    by->kind != (is_union ? FIELD_ENUM : FIELD_UINT))
		return refuse_by(complaint, field);
	if (!is_union && by->initial > field->length)
		return complain(complaint,
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
	error = check_words(complaint, owner, "former name", field->former);
	if (error != 0)
		return error;
	for (n = 0; words_at(field->former, n, former, sizeof former); n++) {
		if (find_beside(table, former) != NULL)
			return complain(complaint,
			    "%s has the former name '%s', which is a field",
			    owner, former);
		for (i = 0; &table->fields[i] < field; i++)
			if (words_find(table->fields[i].former, former) >= 0)
				return complain(complaint,
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
		return complain(complaint,
		    "branch '%s' does not begin where its union does",
		    field->name);
	for (other = table->fields; other < field; other++) {
		if (strcmp(other->name, field->name) == 0)
			return complain(
			    complaint, "field '%s' stands twice", field->name);
		if (!table->is_union &&
		    field->offset < other->offset + schema_bytes(other) &&
		    other->offset < field->offset + schema_bytes(field))
			return complain(complaint,
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
		error = check_inner(complaint, field);
	if (error == 0)
		error = check_neighbours(complaint, table, field);
	if (error == 0)
		error = check_symbols(complaint, field);
	if (error == 0 && !is_value(field, field->initial))
		error = complain(complaint,
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
			return complain(complaint,
			    "bytes %u to %u of the state belong to no field",
			    at, begin - 1);
		if (limit > widest)
			widest = limit;
		at = field == NULL ? begin : begin + schema_bytes(field);
	} while (field != NULL);
	return 0;
}

/*--------------------------------------------------------------------
 * Tables
 */

static int
check_table(const struct complaint *complaint, const struct table *table)
{
	int error = check_place(complaint, table);
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

static const struct field *
tag_of(const struct schema_walk *walk, const struct field *field)
{
	const struct table beside = { .fields =
					  walk->levels[walk->depth].fields,
		.count = walk->levels[walk->depth].count };

	return field->kind == FIELD_UNION ? find_beside(&beside, field->by)
					  : NULL;
}

/* The table in `field`, which itself has been checked. */
static int
check_within(const struct complaint *complaint, const struct schema_walk *walk,
    const struct field *field)
{
	const struct table inner = { .fields = field->fields,
		.count = field->count,
		.size = field->width,
		.is_union = field->kind == FIELD_UNION };
	const struct field *tag = tag_of(walk, field);
	int error;

	if (walk->depth + 1 == SCHEMA_DEPTH_MAX)
		return complain(complaint,
		    "field '%s' is nested too deep, %d levels are possible",
		    field->name, SCHEMA_DEPTH_MAX);
	error = check_table(complaint, &inner);
	return error == 0 && tag != NULL ? check_branches(complaint, field, tag)
					 : error;
}

/* All that is within `table`; how many values there are. */
static int
check_all_within(const struct complaint *complaint, const struct table *table)
{
	uint32_t times[SCHEMA_DEPTH_MAX + 1] = { 1 };
	const struct field *field;
	struct schema_walk walk;
	uint32_t nodes = 0;
	int error;

	schema_walk_begin(&walk, table->fields, table->count);
	while ((field = schema_walk_next(&walk)) != NULL) {
		times[walk.depth + 1] = times[walk.depth] *
		    (field->length == 0 ? 1U : field->length);
		nodes += times[walk.depth] *
		    (field->length == 0 ? 1U : 1U + field->length);
		/* Each factor is below 2^16: this overflows nowhere. */
		if (nodes > SCHEMA_NODES_MAX)
			return complain(complaint,
			    "it has more than %d values, counted up to field "
			    "'%s'",
			    SCHEMA_NODES_MAX, field->name);
		if (!schema_is_composite(field))
			continue;
		error = check_within(complaint, &walk, field);
		if (error != 0)
			return error;
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Lines: no_way_back and rules
 */

/* The field that a line is about; NULL after a complaint. */
static const struct field *
field_of_line(const struct complaint *complaint, const struct schema *schema,
    const char *list, const char *line)
{
	char path[PATH_MAX_BYTES];
	const struct field *field;

	words_at(line, 0, path, sizeof path);
	field = schema_find_path(schema, path);
	if (field == NULL)
		complain(complaint,
		    "%s has the line '%s', and there is no field '%s'", list,
		    line, path);
	return field;
}

static int
check_no_way_back(const struct complaint *complaint,
    const struct schema *schema, const char *line)
{
	const struct field *field;
	char what[WORD_MAX + 1];
	bool is_named;

	if (words_count(line) != 2)
		return complain(complaint,
		    "no_way_back has the line '%s', want a field and a word",
		    line);
	field = field_of_line(complaint, schema, "no_way_back", line);
	if (field == NULL)
		return -EINVAL;
	words_at(line, 1, what, sizeof what);
	is_named = field->kind == FIELD_ENUM && field->length == 0;
	if (field->kind == FIELD_UNION) {
		const struct table branches = { .fields = field->fields,
			.count = field->count };

		if (find_beside(&branches, what) == NULL)
			return complain(complaint,
			    "no_way_back has the line '%s', and '%s' is no "
			    "branch of that field",
			    line, what);
		return 0;
	}
	if (is_named || field->kind == FIELD_ENUM) {
		if (words_find(field->symbols, what) >= 0 ||
		    (!is_named && strcmp(what, "wide") == 0))
			return 0;
		return complain(complaint,
		    "no_way_back has the line '%s', and '%s' is no symbol of "
		    "that field",
		    line, what);
	}
	if (strcmp(what, "wide") != 0)
		return complain(complaint,
		    "no_way_back has the line '%s', and '%s' is no word for "
		    "it, want 'wide'",
		    line, what);
	return 0;
}

static int
check_rule(const struct complaint *complaint, const struct schema *schema,
    const char *line)
{
	unsigned int count = words_count(line);
	const struct field *field;
	char what[WORD_MAX + 1] = "";

	(void)words_at(line, 1, what, sizeof what);
	if (strcmp(what, "from") == 0 ? count < 3
				      : count != 2 ||
		    (strcmp(what, "clamp") != 0 && strcmp(what, "hook") != 0))
		return complain(complaint,
		    "a rule is '%s', want a field and clamp, hook, or from "
		    "and former places",
		    line);
	field = field_of_line(complaint, schema, "the rules", line);
	if (field == NULL)
		return -EINVAL;
	if (strcmp(what, "clamp") == 0 && field->length == 0 &&
	    field->kind != FIELD_TEXT && !schema_is_integer(field))
		return complain(complaint,
		    "a rule is '%s', and no %s can be clamped", line,
		    schema_kind_word(field));
	return 0;
}

static int
check_lines(const struct complaint *complaint, const struct schema *schema)
{
	const char *const *line = schema->no_way_back;
	int error = check_lines_place(complaint, "no_way_back", line);

	if (error == 0)
		error =
		    check_lines_place(complaint, "the rules", schema->rules);
	for (; error == 0 && line != NULL && *line != NULL; line++)
		error = check_no_way_back(complaint, schema, *line);
	for (line = schema->rules; error == 0 && line != NULL && *line != NULL;
	     line++)
		error = check_rule(complaint, schema, *line);
	return error;
}

/*--------------------------------------------------------------------
 * Messages
 */

static int
check_message(const struct complaint *complaint, const struct table *table,
    const struct field *message)
{
	const struct field *other;

	if (message->name == NULL ||
	    !is_word(message->name, strnlen(message->name, WORD_MAX + 1)))
		return complain(complaint, "the name of message %u is no word",
		    (unsigned int)(message - table->fields));
	if (message->kind != FIELD_RECORD || message->length > 0 ||
	    message->width == 0)
		return complain(
		    complaint, "message '%s' is no record", message->name);
	if (message->offset < EVENT_PRIVATE || message->offset >= EVENT_TIMEOUT)
		return complain(complaint,
		    "message '%s' has the number 0x%x, want 0x%x to 0x%x",
		    message->name, message->offset, EVENT_PRIVATE,
		    EVENT_TIMEOUT - 1);
	for (other = table->fields; other < message; other++)
		if (strcmp(other->name, message->name) == 0 ||
		    other->offset == message->offset)
			return complain(complaint,
			    "messages '%s' and '%s' share a name or number",
			    other->name, message->name);
	return check_inner(complaint, message);
}

static int
check_messages(const struct complaint *complaint, const struct schema *schema)
{
	const struct table table = { .fields = schema->messages,
		.count = schema->message_count };
	int error;
	uint32_t i;

	if (table.count > SCHEMA_FIELDS_MAX ||
	    (table.count > 0 && table.fields == NULL))
		return complain(complaint, "%u messages, want up to %d",
		    table.count, SCHEMA_FIELDS_MAX);
	error = check_place(complaint, &table);
	for (i = 0; error == 0 && i < table.count; i++)
		error = check_message(complaint, &table, &table.fields[i]);
	return error == 0 && table.count > 0
	    ? check_all_within(complaint, &table)
	    : error;
}

/*--------------------------------------------------------------------
 * All of it
 */

static int
check_schema(const struct complaint *complaint, const struct schema *schema)
{
	const struct table table = { .fields = schema->fields,
		.count = schema->count,
		.size = schema->size };
	int error;

	if (schema->fields == NULL || schema->count == 0 ||
	    schema->count > SCHEMA_FIELDS_MAX)
		return complain(complaint, "%u fields, want 1 to %d",
		    schema->fields == NULL ? 0 : schema->count,
		    SCHEMA_FIELDS_MAX);
	error = check_table(complaint, &table);
	if (error == 0)
		error = check_all_within(complaint, &table);
	if (error == 0 && !is_text_within(complaint, schema->timers))
		error = complain(
		    complaint, "the names of timers lie outside of its file");
	if (error == 0)
		error = check_words(
		    complaint, "the schema", "timer", schema->timers);
	if (error == 0)
		error = check_messages(complaint, schema);
	return error == 0 ? check_lines(complaint, schema) : error;
}

int
schema_check_within(const struct schema *schema,
    const struct schema_extent *extent, char *why, size_t size)
{
	const struct complaint complaint = { why, size, extent };

	assert(size > 0);
	why[0] = '\0';
	return check_schema(&complaint, schema);
}

int
schema_check(const struct schema *schema, char *why, size_t size)
{
	return schema_check_within(schema, NULL, why, size);
}
