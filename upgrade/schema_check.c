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
#include <string.h>

#include "upgrade/schema_check_internal.h"
#include "upgrade/words.h"

/*--------------------------------------------------------------------
 * Tables
 */

static const struct field *
tag_of(const struct schema_walk *walk, const struct field *field)
{
	const struct table beside = { .fields =
					  walk->levels[walk->depth].fields,
		.count = walk->levels[walk->depth].count };

	return field->kind == FIELD_UNION
	    ? schema_find_beside(&beside, field->by)
	    : NULL;
}

static int
check_branches(const struct complaint *complaint, const struct field *field,
    const struct field *tag)
{
	const struct field *branch = field->fields;

	for (; branch < field->fields + field->count; branch++)
		if (branch->name == NULL ||
		    words_find(tag->symbols, branch->name) < 0)
			return schema_complain(complaint,
			    "field '%s' has the branch '%s', which is no "
			    "symbol of '%s'",
			    field->name,
			    branch->name == NULL ? "" : branch->name,
			    tag->name);
	return 0;
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
		return schema_complain(complaint,
		    "field '%s' is nested too deep, %d levels are possible",
		    field->name, SCHEMA_DEPTH_MAX);
	error = schema_check_table(complaint, &inner);
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
			return schema_complain(complaint,
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
 * Messages
 */

static int
check_message(const struct complaint *complaint, const struct table *table,
    const struct field *message)
{
	const struct field *other;

	if (message->name == NULL ||
	    !schema_is_word(
		message->name, strnlen(message->name, WORD_MAX + 1)))
		return schema_complain(complaint,
		    "the name of message %u is no word",
		    (unsigned int)(message - table->fields));
	if (message->kind != FIELD_RECORD || message->length > 0 ||
	    message->width == 0)
		return schema_complain(
		    complaint, "message '%s' is no record", message->name);
	if (message->offset < EVENT_PRIVATE || message->offset >= EVENT_TIMEOUT)
		return schema_complain(complaint,
		    "message '%s' has the number 0x%x, want 0x%x to 0x%x",
		    message->name, message->offset, EVENT_PRIVATE,
		    EVENT_TIMEOUT - 1);
	for (other = table->fields; other < message; other++)
		if (strcmp(other->name, message->name) == 0 ||
		    other->offset == message->offset)
			return schema_complain(complaint,
			    "messages '%s' and '%s' share a name or number",
			    other->name, message->name);
	return schema_check_inner(complaint, message);
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
		return schema_complain(complaint, "%u messages, want up to %d",
		    table.count, SCHEMA_FIELDS_MAX);
	error = schema_check_place(complaint, &table);
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
		return schema_complain(complaint, "%u fields, want 1 to %d",
		    schema->fields == NULL ? 0 : schema->count,
		    SCHEMA_FIELDS_MAX);
	error = schema_check_table(complaint, &table);
	if (error == 0)
		error = check_all_within(complaint, &table);
	if (error == 0 && !schema_text_is_within(complaint, schema->timers))
		error = schema_complain(
		    complaint, "the names of timers lie outside of its file");
	if (error == 0)
		error = schema_check_words(
		    complaint, "the schema", "timer", schema->timers);
	if (error == 0)
		error = check_messages(complaint, schema);
	return error == 0 ? schema_check_lines(complaint, schema) : error;
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
