/*
 * schema_check_internal: what the parts of the check share.
 *
 * Private to upgrade/schema_check.c, which goes from table to table,
 * schema_check_field.c, which looks at each field of one, schema_check_line.c,
 * which reads no_way_back and the rules, and schema_check_place.c, which lets
 * nothing be followed that lies outside of the module's image.
 */
#ifndef UPGRADE_SCHEMA_CHECK_INTERNAL_H
#define UPGRADE_SCHEMA_CHECK_INTERNAL_H

#include "upgrade/schema.h"

enum { WORD_MAX = 63 };

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
__attribute__((format(printf, 2, 3))) int schema_complain(
    const struct complaint *complaint, const char *format, ...);

/* NULL is no text and lies nowhere, which is fine. */
bool schema_text_is_within(const struct complaint *complaint, const char *text);
int schema_check_place(
    const struct complaint *complaint, const struct table *table);
int schema_check_lines_place(const struct complaint *complaint,
    const char *what, const char *const *line);

/* Whether `words` are words, each once; `what` of which field, for `why`. */
bool schema_is_word(const char *word, size_t length);
int schema_check_words(const struct complaint *complaint, const char *owner,
    const char *what, const char *words);

/* All of a table but what is within its fields; what of those it may hold. */
int schema_check_table(
    const struct complaint *complaint, const struct table *table);
int schema_check_inner(
    const struct complaint *complaint, const struct field *field);

/* The field of that name, or NULL. */
const struct field *schema_find_beside(
    const struct table *table, const char *name);

/* no_way_back and the rules, of tables that have been checked. */
int schema_check_lines(
    const struct complaint *complaint, const struct schema *schema);

#endif
