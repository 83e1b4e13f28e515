/*
 * schema: see schema.h for what it is.
 *
 * A table is a module's word about its own memory, and all that the switch
 * will ever know of it: conversions, conditions of scenarios and reports read
 * states through it.  So it is checked once, to the byte, before anything
 * relies on it.  Words inside a table ("IDLE BUSY RINGING") are divided by
 * spaces; how many there are between two does not matter, since lists made by
 * a macro begin or end with one.
 *
 * What schema_check() has passed:
 *   1. every name is a word of at most WORD_MAX bytes, and none stands twice;
 *   2. no former name is the name, or the former name, of another field;
 *   3. every field lies inside the state and overlaps no other;
 *   4. every byte of the state belongs to a field or is padding;
 *   5. every default is a value of its field;
 *   6. every line of no_way_back names a field and what of it may be lost.
 */
#include "upgrade/schema.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 63 };

static const char *const kind_words[] = { "uint", "int", "enum", "text" };
enum { KINDS = sizeof kind_words / sizeof kind_words[0] };

struct complaint {
	char *why;
	size_t size;
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

/* The word at or after *cursor, which is moved behind it; NULL at the end. */
static const char *
next_word(const char **cursor, size_t *ret_length)
{
	const char *word = *cursor;

	if (word == NULL)
		return NULL;
	word += strspn(word, " ");
	*ret_length = strcspn(word, " ");
	*cursor = word + *ret_length;
	return *ret_length == 0 ? NULL : word;
}

static unsigned int
count_words(const char *words)
{
	unsigned int count = 0;
	size_t length;

	while (next_word(&words, &length) != NULL)
		count++;
	return count;
}

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

	while ((word = next_word(&cursor, &length)) != NULL) {
		if (!is_word(word, length))
			return complain(complaint,
			    "%s has the %s '%.*s', "
			    "which is no word",
			    owner, what, (int)length, word);
		for (const char *rest = cursor;
		     (other = next_word(&rest, &other_length)) != NULL;)
			if (other_length == length &&
			    memcmp(other, word, length) == 0)
				return complain(complaint,
				    "%s has the %s '%.*s' twice", owner, what,
				    (int)length, word);
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Reading and writing
 */

static uint64_t
read_bits(const void *at, unsigned int width)
{
	uint64_t bits = 0;
	uint8_t one;
	uint16_t two;
	uint32_t four;

	switch (width) {
	case 1:
		memcpy(&one, at, sizeof one);
		return one;
	case 2:
		memcpy(&two, at, sizeof two);
		return two;
	case 4:
		memcpy(&four, at, sizeof four);
		return four;
	default:
		assert(width == sizeof bits);
		memcpy(&bits, at, sizeof bits);
		return bits;
	}
}

bool
schema_is_related(const struct field *one, const struct field *other)
{
	return strcmp(one->name, other->name) == 0 ||
	    schema_symbol_number(one->former, other->name) >= 0 ||
	    schema_symbol_number(other->former, one->name) >= 0;
}

int64_t
schema_number(const struct field *field, const void *state)
{
	uint64_t bits;
	unsigned int unused;

	assert(field->kind != FIELD_TEXT);
	bits = read_bits((const char *)state + field->offset, field->width);
	if (field->kind != FIELD_INT)
		return (int64_t)bits;
	unused = 64 - 8U * field->width;
	return (int64_t)(bits << unused) >> unused;
}

void
schema_set_number(const struct field *field, void *state, int64_t number)
{
	char *at = (char *)state + field->offset;
	uint8_t one = (uint8_t)number;
	uint16_t two = (uint16_t)number;
	uint32_t four = (uint32_t)number;

	assert(field->kind != FIELD_TEXT);
	switch (field->width) {
	case 1:
		memcpy(at, &one, sizeof one);
		break;
	case 2:
		memcpy(at, &two, sizeof two);
		break;
	case 4:
		memcpy(at, &four, sizeof four);
		break;
	default:
		assert(field->width == sizeof number);
		memcpy(at, &number, sizeof number);
		break;
	}
}

bool
schema_symbol(const char *symbols, int64_t n, char *text, size_t size)
{
	const char *word;
	size_t length;

	assert(size > 0);
	if (n < 0)
		return false;
	do {
		word = next_word(&symbols, &length);
		if (word == NULL)
			return false;
	} while (n-- > 0);
	snprintf(text, size, "%.*s", (int)length, word);
	return true;
}

int
schema_symbol_number(const char *symbols, const char *symbol)
{
	size_t wanted = strlen(symbol), length;
	const char *word;
	int n;

	for (n = 0; (word = next_word(&symbols, &length)) != NULL; n++)
		if (length == wanted && memcmp(word, symbol, length) == 0)
			return n;
	return -1;
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

const struct field *
schema_find(const struct schema *schema, const char *name)
{
	uint32_t i;

	for (i = 0; i < schema->count; i++)
		if (strcmp(schema->fields[i].name, name) == 0)
			return &schema->fields[i];
	return NULL;
}

/*--------------------------------------------------------------------
 * Checking
 */

static bool
is_number_width(unsigned int width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

static int
check_shape(const struct complaint *complaint, const struct schema *schema,
    const struct field *field)
{
	if (field->name == NULL ||
	    !is_word(field->name, strnlen(field->name, WORD_MAX + 1)))
		return complain(complaint,
		    "the name of field %u is no word of up to %d letters, "
		    "digits and _",
		    (unsigned int)(field - schema->fields), WORD_MAX);
	if (field->kind >= KINDS)
		return complain(complaint, "field '%s' is of unknown kind %u",
		    field->name, field->kind);
	if (field->kind == FIELD_TEXT
		? field->width == 0 || field->width > SCHEMA_TEXT_MAX
		: !is_number_width(field->width))
		return complain(complaint, "field '%s': no %s has %u bytes",
		    field->name, kind_words[field->kind], field->width);
	if (field->offset > schema->size ||
	    field->width > schema->size - field->offset)
		return complain(complaint,
		    "field '%s' ends at byte %u of a state of %u bytes",
		    field->name, field->offset + field->width, schema->size);
	return 0;
}

static int
check_symbols(const struct complaint *complaint, const struct field *field)
{
	char owner[WORD_MAX + 16];
	unsigned int count = count_words(field->symbols);

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
	return check_words(complaint, owner, "symbol", field->symbols);
}

static bool
is_value(const struct field *field, int64_t number)
{
	unsigned int bits = 8U * field->width;

	switch ((enum field_kind)field->kind) {
	case FIELD_UINT:
		return number >= 0 &&
		    (bits == 64 || (uint64_t)number >> bits == 0);
	case FIELD_INT:
		return bits == 64 ||
		    (number >= -(INT64_C(1) << (bits - 1)) &&
			number < INT64_C(1) << (bits - 1));
	case FIELD_ENUM:
		return number >= 0 && number < count_words(field->symbols);
	case FIELD_TEXT:
		return number == 0;
	}
	return false;
}

static int
check_former(const struct complaint *complaint, const struct schema *schema,
    const struct field *field)
{
	char owner[WORD_MAX + 16], former[WORD_MAX + 1];
	uint32_t i, n;
	int error;

	snprintf(owner, sizeof owner, "field '%s'", field->name);
	error = check_words(complaint, owner, "former name", field->former);
	if (error != 0)
		return error;
	for (n = 0; schema_symbol(field->former, n, former, sizeof former);
	     n++) {
		if (schema_find(schema, former) != NULL)
			return complain(complaint,
			    "%s has the former name '%s', which is a field",
			    owner, former);
		for (i = 0; &schema->fields[i] < field; i++)
			if (schema_symbol_number(
				schema->fields[i].former, former) >= 0)
				return complain(complaint,
				    "%s and field '%s' have both the former "
				    "name '%s'",
				    owner, schema->fields[i].name, former);
	}
	return 0;
}

/* Against those before it, so that each pair is looked at once. */
static int
check_neighbours(const struct complaint *complaint, const struct schema *schema,
    const struct field *field)
{
	const struct field *other;

	for (other = schema->fields; other < field; other++) {
		if (strcmp(other->name, field->name) == 0)
			return complain(
			    complaint, "field '%s' stands twice", field->name);
		if (field->offset < other->offset + other->width &&
		    other->offset < field->offset + field->width)
			return complain(complaint,
			    "field '%s' overlaps field '%s'", field->name,
			    other->name);
	}
	return 0;
}

static int
check_field(const struct complaint *complaint, const struct schema *schema,
    const struct field *field)
{
	int error;

	error = check_shape(complaint, schema, field);
	if (error == 0)
		error = check_neighbours(complaint, schema, field);
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
field_from(const struct schema *schema, uint32_t offset)
{
	const struct field *nearest = NULL;
	uint32_t i;

	for (i = 0; i < schema->count; i++)
		if (schema->fields[i].offset >= offset &&
		    (nearest == NULL ||
			schema->fields[i].offset < nearest->offset))
			nearest = &schema->fields[i];
	return nearest;
}

static unsigned int
alignment(const struct field *field)
{
	return field->kind == FIELD_TEXT ? 1 : field->width;
}

/*
 * A gap is padding if it is smaller than the alignment of what follows;
 * anything else is a member of the state that the table has forgotten, and
 * that every conversion would lose.
 */
static int
check_gaps(const struct complaint *complaint, const struct schema *schema)
{
	unsigned int widest = 1, limit;
	uint32_t at = 0, begin;
	const struct field *field;

	do {
		field = field_from(schema, at);
		begin = field == NULL ? schema->size : field->offset;
		limit = field == NULL ? widest : alignment(field);
		if (begin - at >= limit && begin != at)
			return complain(complaint,
			    "bytes %u to %u of the state belong to no field",
			    at, begin - 1);
		if (limit > widest)
			widest = limit;
		at = field == NULL ? begin : begin + field->width;
	} while (field != NULL);
	return 0;
}

static int
check_no_way_back(const struct complaint *complaint,
    const struct schema *schema, const char *line)
{
	char name[WORD_MAX + 1], what[WORD_MAX + 1];
	const struct field *field;

	if (count_words(line) != 2)
		return complain(complaint,
		    "no_way_back has the line '%s', want a field and a word",
		    line);
	schema_symbol(line, 0, name, sizeof name);
	schema_symbol(line, 1, what, sizeof what);
	field = schema_find(schema, name);
	if (field == NULL)
		return complain(complaint,
		    "no_way_back has the line '%s', and there is no field '%s'",
		    line, name);
	if (field->kind == FIELD_ENUM
		? schema_symbol_number(field->symbols, what) < 0
		: strcmp(what, "wide") != 0)
		return complain(complaint,
		    "no_way_back has the line '%s', and '%s' is no %s", line,
		    what,
		    field->kind == FIELD_ENUM ? "symbol of that field"
					      : "word for it, want 'wide'");
	return 0;
}

int
schema_check(const struct schema *schema, char *why, size_t size)
{
	const struct complaint complaint = { why, size };
	const char *const *line = schema->no_way_back;
	uint32_t i;
	int error = 0;

	assert(size > 0);
	why[0] = '\0';
	if (schema->fields == NULL || schema->count == 0 ||
	    schema->count > SCHEMA_FIELDS_MAX)
		return complain(&complaint, "%u fields, want 1 to %d",
		    schema->fields == NULL ? 0 : schema->count,
		    SCHEMA_FIELDS_MAX);
	for (i = 0; error == 0 && i < schema->count; i++)
		error = check_field(&complaint, schema, &schema->fields[i]);
	for (i = 0; error == 0 && i < schema->count; i++)
		error = check_former(&complaint, schema, &schema->fields[i]);
	if (error == 0)
		error = check_gaps(&complaint, schema);
	if (error == 0)
		error = check_words(
		    &complaint, "the schema", "timer", schema->timers);
	for (; error == 0 && line != NULL && *line != NULL; line++)
		error = check_no_way_back(&complaint, schema, *line);
	return error;
}

/*--------------------------------------------------------------------
 * Fingerprint: FNV-1a, 64 bits (Fowler, Noll, Vo; offset and prime theirs)
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

	while ((word = next_word(&words, &length)) != NULL) {
		mix(hash, word, length);
		mix(hash, "", 1);
	}
	mix(hash, "", 1);
}

uint64_t
schema_fingerprint(const struct schema *schema)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	const struct field *field;
	uint32_t i;

	mix_number(&hash, schema->size);
	mix_number(&hash, schema->count);
	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		mix_words(&hash, field->name);
		mix_number(&hash, field->kind);
		mix_number(&hash, field->width);
		mix_number(&hash, field->offset);
		mix_words(&hash, field->symbols);
	}
	mix_words(&hash, schema->timers);
	return hash;
}
