/*
 * schema_check_line: the lines of no_way_back, of the rules and of differs.
 *
 * They are words about fields; each has to name one that there is, and what of
 * it there is to say.
 */
#include <errno.h>
#include <string.h>

#include "upgrade/schema_check_internal.h"
#include "upgrade/words.h"

enum { PATH_MAX_BYTES = 256 };

/*
 * The field that a line is about, of an array all elements; NULL after a
 * complaint.
 */
static const struct field *
field_of_line(const struct complaint *complaint, const struct schema *schema,
    const char *list, const char *line)
{
	char path[PATH_MAX_BYTES];
	const struct field *field;

	words_at(line, 0, path, sizeof path);
	field = schema_find_path(schema, path);
	if (field == NULL)
		schema_complain(complaint,
		    "%s the line '%s', and there is no field '%s'", list, line,
		    path);
	if (field == NULL || strchr(path, '[') == NULL ||
	    words_find(line, "from") == 1)
		return field;
	schema_complain(complaint,
	    "%s the line '%s', which holds for all elements: leave the index "
	    "out",
	    list, line);
	return NULL;
}

/*
 * Of a union a branch, of an enum a symbol; and that it is wide, of all but an
 * enum that is no array.
 */
static bool
may_have_no_image(const struct field *field, const char *what)
{
	const struct table branches = { .fields = field->fields,
		.count = field->count };

	if (field->kind == FIELD_UNION)
		return schema_find_beside(&branches, what) != NULL;
	if (field->kind == FIELD_ENUM && words_find(field->symbols, what) >= 0)
		return true;
	return (field->kind != FIELD_ENUM || field->length > 0) &&
	    strcmp(what, "wide") == 0;
}

static int
check_no_way_back(const struct complaint *complaint,
    const struct schema *schema, const char *line)
{
	const struct field *field;
	char what[WORD_MAX + 1];

	if (words_count(line) != 2)
		return schema_complain(complaint,
		    "no_way_back has the line '%s', want a field and a word",
		    line);
	field = field_of_line(complaint, schema, "no_way_back has", line);
	if (field == NULL)
		return -EINVAL;
	words_at(line, 1, what, sizeof what);
	if (may_have_no_image(field, what))
		return 0;
	return schema_complain(complaint,
	    "no_way_back has the line '%s', and '%s' is no %s", line, what,
	    field->kind == FIELD_UNION	    ? "branch of that field"
		: field->kind == FIELD_ENUM ? "symbol of that field"
					    : "word for it, want 'wide'");
}

/* "state held as active" */
static int
check_word(const struct complaint *complaint, const struct schema *schema,
    const char *line)
{
	const struct field *field =
	    field_of_line(complaint, schema, "the rules have", line);
	char symbol[WORD_MAX + 1];

	if (field == NULL)
		return -EINVAL;
	words_at(line, 1, symbol, sizeof symbol);
	if (words_count(line) == 4 && field->kind == FIELD_ENUM &&
	    words_find(field->symbols, symbol) >= 0)
		return 0;
	return schema_complain(complaint,
	    "a rule is '%s', want an enum, a symbol of it, 'as' and the older "
	    "release's word for that",
	    line);
}

static int
check_rule(const struct complaint *complaint, const struct schema *schema,
    const char *line)
{
	unsigned int count = words_count(line);
	const struct field *field;
	char what[WORD_MAX + 1] = "";

	if (words_find(line, "as") == 2)
		return check_word(complaint, schema, line);
	(void)words_at(line, 1, what, sizeof what);
	if (strcmp(what, "from") == 0 ? count < 3
		: strcmp(what, "hook") == 0
		? count != 2 && count != 3
		: count != 2 || strcmp(what, "clamp") != 0)
		return schema_complain(complaint,
		    "a rule is '%s', want a field and clamp, hook, hook and a "
		    "release, or from and former places, or a symbol as a "
		    "former one",
		    line);
	field = field_of_line(complaint, schema, "the rules have", line);
	if (field == NULL)
		return -EINVAL;
	if (strcmp(what, "clamp") == 0 && field->length == 0 &&
	    field->kind != FIELD_TEXT && !schema_is_integer(field))
		return schema_complain(complaint,
		    "a rule is '%s', and no %s can be clamped", line,
		    schema_kind_word(field));
	return 0;
}

/* The last word is a verb, "*" or "state." and a field; an event is before. */
static int
check_differs(const struct complaint *complaint, const struct schema *schema,
    const char *line)
{
	static const char state[] = "state.";
	unsigned int count = words_count(line);
	char what[PATH_MAX_BYTES];

	if (count < 2)
		return schema_complain(complaint,
		    "differs has the line '%s', want an event and a verb",
		    line);
	words_at(line, count - 1, what, sizeof what);
	if (strncmp(what, state, sizeof state - 1) == 0 &&
	    schema_find_path(schema, what + sizeof state - 1) == NULL)
		return schema_complain(complaint,
		    "differs has the line '%s', and there is no field '%s'",
		    line, what + sizeof state - 1);
	return 0;
}

/* There is one code_change, and it is written for one release, or for any. */
static int
check_followed(const struct complaint *complaint, const struct schema *schema)
{
	char first[WORD_MAX + 1] = "", other[WORD_MAX + 1];
	const char *const *line = schema->rules;

	for (; line != NULL && *line != NULL; line++) {
		if (words_find(*line, "hook") != 1 ||
		    !words_at(*line, 2, other, sizeof other))
			continue;
		if (first[0] != '\0' && strcmp(first, other) != 0)
			return schema_complain(complaint,
			    "the rules have hooks for '%s' and for '%s', want "
			    "one release",
			    first, other);
		memcpy(first, other, sizeof first);
	}
	return 0;
}

int
schema_check_lines(
    const struct complaint *complaint, const struct schema *schema)
{
	const char *const *line = schema->no_way_back;
	int error = schema_check_lines_place(complaint, "no_way_back", line);

	if (error == 0)
		error = schema_check_lines_place(
		    complaint, "the rules", schema->rules);
	if (error == 0)
		error = schema_check_lines_place(
		    complaint, "differs", schema->differs);
	for (; error == 0 && line != NULL && *line != NULL; line++)
		error = check_no_way_back(complaint, schema, *line);
	for (line = schema->rules; error == 0 && line != NULL && *line != NULL;
	     line++)
		error = check_rule(complaint, schema, *line);
	for (line = schema->differs;
	     error == 0 && line != NULL && *line != NULL; line++)
		error = check_differs(complaint, schema, *line);
	return error == 0 ? check_followed(complaint, schema) : error;
}
