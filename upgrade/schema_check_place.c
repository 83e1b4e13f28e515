/*
 * schema_check_place: where a table of a module lies, and of what words.
 *
 * A pointer of an untrusted table is followed only after this has seen that
 * what it leads to is within the module's image, up to its NUL.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "upgrade/schema_check_internal.h"
#include "upgrade/words.h"

enum { LINES_MAX = 1024 };

int
schema_complain(const struct complaint *complaint, const char *format, ...)
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
bool
schema_text_is_within(const struct complaint *complaint, const char *text)
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

int
schema_check_place(const struct complaint *complaint, const struct table *table)
{
	const struct field *field;
	uint32_t i;

	if (!is_array_within(
		complaint, table->fields, table->count * sizeof *table->fields))
		return schema_complain(
		    complaint, "a table of fields lies outside of its file");
	for (i = 0; i < table->count; i++) {
		field = &table->fields[i];
		if (!schema_text_is_within(complaint, field->name) ||
		    !schema_text_is_within(complaint, field->former) ||
		    !schema_text_is_within(complaint, field->symbols) ||
		    !schema_text_is_within(complaint, field->by))
			return schema_complain(complaint,
			    "a text of field %u lies outside of its file", i);
	}
	return 0;
}

int
schema_check_lines_place(const struct complaint *complaint, const char *what,
    const char *const *line)
{
	unsigned int i;

	for (i = 0; line != NULL; i++) {
		if (i == LINES_MAX ||
		    !is_array_within(complaint, &line[i], sizeof *line))
			return schema_complain(
			    complaint, "%s does not end within its file", what);
		if (line[i] == NULL)
			break;
		if (!schema_text_is_within(complaint, line[i]))
			return schema_complain(complaint,
			    "a line of %s lies outside of its file", what);
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Words
 */

bool
schema_is_word(const char *word, size_t length)
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
int
schema_check_words(const struct complaint *complaint, const char *owner,
    const char *what, const char *words)
{
	const char *cursor = words, *word, *other;
	size_t length, other_length;

	while ((word = words_next(&cursor, &length)) != NULL) {
		if (!schema_is_word(word, length))
			return schema_complain(complaint,
			    "%s has the %s '%.*s', "
			    "which is no word",
			    owner, what, (int)length, word);
		for (const char *rest = cursor;
		     (other = words_next(&rest, &other_length)) != NULL;)
			if (other_length == length &&
			    memcmp(other, word, length) == 0)
				return schema_complain(complaint,
				    "%s has the %s '%.*s' twice", owner, what,
				    (int)length, word);
	}
	return 0;
}
