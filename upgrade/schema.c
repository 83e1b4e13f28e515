/*
 * schema: see schema.h for what it is.
 *
 * A table is a module's word about its own memory, and all that the switch
 * will ever know of it: conversions, conditions of scenarios and reports read
 * states through it.  So it is checked once, to the byte, before anything
 * relies on it (schema_check.c); all that is here believes it.
 */
#include "upgrade/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "upgrade/number.h"
#include "upgrade/words.h"

/*--------------------------------------------------------------------
 * What a field is
 */

bool
schema_is_composite(const struct field *field)
{
	return field->kind == FIELD_RECORD || field->kind == FIELD_UNION;
}

bool
schema_is_integer(const struct field *field)
{
	return field->kind == FIELD_UINT || field->kind == FIELD_INT ||
	    field->kind == FIELD_BOOL;
}

bool
schema_is_reference(const struct field *field)
{
	return field->kind == FIELD_PID || field->kind == FIELD_LINE ||
	    field->kind == FIELD_CIRCUIT;
}

uint32_t
schema_bytes(const struct field *field)
{
	uint32_t elements = field->length == 0 ? 1 : field->length;

	return elements * field->width;
}

const char *
schema_kind_word(const struct field *field)
{
	static const char *const words[] = { "uint", "int", "enum", "text",
		"bool", "pid", "line", "circuit", "record", "union" };

	return field->kind < sizeof words / sizeof words[0] ? words[field->kind]
							    : NULL;
}

bool
schema_is_related(const struct field *one, const struct field *other)
{
	return strcmp(one->name, other->name) == 0 ||
	    words_find(one->former, other->name) >= 0 ||
	    words_find(other->former, one->name) >= 0;
}

/*--------------------------------------------------------------------
 * Finding
 */

void
schema_walk_begin(
    struct schema_walk *walk, const struct field *fields, uint32_t count)
{
	walk->depth = 0;
	walk->levels[0].fields = fields;
	walk->levels[0].count = count;
	walk->levels[0].next = 0;
}

const struct field *
schema_walk_next(struct schema_walk *walk)
{
	const struct field *last;
	unsigned int depth = walk->depth;

	if (walk->levels[depth].next > 0) {
		last =
		    &walk->levels[depth].fields[walk->levels[depth].next - 1];
		if (schema_is_composite(last) && depth + 1 < SCHEMA_DEPTH_MAX) {
			depth++;
			walk->levels[depth].fields = last->fields;
			walk->levels[depth].count = last->count;
			walk->levels[depth].next = 0;
		}
	}
	while (walk->levels[depth].next == walk->levels[depth].count) {
		if (depth == 0)
			return NULL;
		depth--;
	}
	walk->depth = depth;
	return &walk->levels[depth].fields[walk->levels[depth].next++];
}

static const struct field *
find_in(
    const struct field *fields, uint32_t count, const char *name, size_t length)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (strncmp(fields[i].name, name, length) == 0 &&
		    fields[i].name[length] == '\0')
			return &fields[i];
	return NULL;
}

const struct field *
schema_find(const struct schema *schema, const char *name)
{
	return find_in(schema->fields, schema->count, name, strlen(name));
}

/* Behind "[N]", where the field has so many elements; else NULL. */
static const char *
skip_element(const char *path, const struct field *field)
{
	unsigned long element;
	char *end;

	if (*path != '[')
		return path;
	element = strtoul(path + 1, &end, 10);
	return *end == ']' && end > path + 1 && element < field->length
	    ? end + 1
	    : NULL;
}

const struct field *
schema_find_path(const struct schema *schema, const char *path)
{
	const struct field *fields = schema->fields, *field = NULL;
	uint32_t count = schema->count;
	size_t length;

	for (;;) {
		length = strcspn(path, ".[");
		field = find_in(fields, count, path, length);
		if (field == NULL)
			return NULL;
		path = skip_element(path + length, field);
		if (path == NULL || *path == '\0')
			return path == NULL ? NULL : field;
		if (*path++ != '.')
			return NULL;
		fields = field->fields;
		count = field->count;
	}
}

/*--------------------------------------------------------------------
 * Reading and writing
 */

int64_t
schema_number(const struct field *field, const void *state)
{
	assert(field->kind != FIELD_TEXT && !schema_is_composite(field));
	return number_read(field->kind == FIELD_INT, field->width,
	    (const char *)state + field->offset);
}

void
schema_set_number(const struct field *field, void *state, int64_t number)
{
	assert(field->kind != FIELD_TEXT && !schema_is_composite(field));
	number_write(field->width, (char *)state + field->offset, number);
}

bool
schema_symbol(const char *symbols, int64_t n, char *text, size_t size)
{
	return n >= 0 && n <= UINT16_MAX &&
	    words_at(symbols, (unsigned int)n, text, size);
}

int
schema_symbol_number(const char *symbols, const char *symbol)
{
	return words_find(symbols, symbol);
}

void
schema_text(
    const struct field *field, const void *state, char *text, size_t size)
{
	int64_t number;

	if (field->kind == FIELD_TEXT) {
		snprintf(text, size, "%.*s", (int)field->width,
		    (const char *)state + field->offset);
		return;
	}
	number = schema_number(field, state);
	if (field->kind == FIELD_ENUM &&
	    schema_symbol(field->symbols, number, text, size))
		return;
	if (field->kind == FIELD_INT)
		snprintf(text, size, "%" PRId64, number);
	else
		snprintf(text, size, "%" PRIu64, (uint64_t)number);
}

/*--------------------------------------------------------------------
 * Fingerprint: FNV-1a, 64 bits (Fowler, Noll, Vo; offset and prime theirs)
 *
 * What only some fields have is mixed in only where they have it, so that the
 * fingerprint of a format without is what it always was.
 */

static void
mix(uint64_t *hash, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;

	while (length-- > 0)
		*hash = (*hash ^ *byte++) * UINT64_C(0x100000001b3);
}

static void
mix_number(uint64_t *hash, uint32_t number)
{
	const unsigned char bytes[4] = { (unsigned char)number,
		(unsigned char)(number >> 8), (unsigned char)(number >> 16),
		(unsigned char)(number >> 24) };

	mix(hash, bytes, sizeof bytes);
}

/* Each word and a NUL, then another NUL: no two lists give the same bytes. */
static void
mix_words(uint64_t *hash, const char *words)
{
	const char *word;
	size_t length;

	while ((word = words_next(&words, &length)) != NULL) {
		mix(hash, word, length);
		mix(hash, "", 1);
	}
	mix(hash, "", 1);
}

static void
mix_table(uint64_t *hash, const struct field *fields, uint32_t count)
{
	const struct field *field;
	struct schema_walk walk;

	mix_number(hash, count);
	schema_walk_begin(&walk, fields, count);
	while ((field = schema_walk_next(&walk)) != NULL) {
		mix_words(hash, field->name);
		mix_number(hash, field->kind);
		mix_number(hash, field->width);
		mix_number(hash, field->offset);
		mix_words(hash, field->symbols);
		if (field->length > 0) {
			mix_number(hash, field->length);
			mix_words(hash, field->by);
		}
		if (field->kind == FIELD_UNION)
			mix_words(hash, field->by);
		if (schema_is_composite(field))
			mix_number(hash, field->count);
	}
}

static uint64_t
hash_of(const struct schema *schema, uint64_t hash)
{
	mix_number(&hash, schema->size);
	mix_table(&hash, schema->fields, schema->count);
	mix_words(&hash, schema->timers);
	if (schema->message_count > 0)
		mix_table(&hash, schema->messages, schema->message_count);
	return hash;
}

uint64_t
schema_fingerprint(const struct schema *schema)
{
	return hash_of(schema, UINT64_C(0xcbf29ce484222325));
}

/* By two hashes: what deceives the one by accident does not the other too. */
bool
schema_is_same(const struct schema *one, const struct schema *other)
{
	const uint64_t basis = UINT64_C(0x9ae16a3b2f90404f); /* any other */

	return schema_fingerprint(one) == schema_fingerprint(other) &&
	    hash_of(one, basis) == hash_of(other, basis);
}
