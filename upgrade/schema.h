/*
 * schema: the description that a module gives of its state, made sense of.
 *
 * The table is the module's (switch/module.h); here it is checked, searched,
 * read, and reduced to a fingerprint.  Values are read by field name, so that
 * those who look at states of several versions need no struct of any.
 */
#ifndef UPGRADE_SCHEMA_H
#define UPGRADE_SCHEMA_H

#include "switch/module.h"

enum { SCHEMA_TEXT_MAX = 256, SCHEMA_FIELDS_MAX = 256 };

/*
 * 0 if the table is sound; else -EINVAL and one clause in `why` that names
 * the field: doubled name, unknown kind or width, outside the state,
 * overlapping another, a former name that clashes, an enum without symbols, a
 * default outside the field, a no_way_back line that names nothing.
 */
int schema_check(const struct schema *schema, char *why, size_t size);

/*
 * The format's identity: 64 bits over the canonical table (names, kinds,
 * widths, offsets, symbols, timers), equal on every machine.
 */
uint64_t schema_fingerprint(const struct schema *schema);

/* The field of that name, or NULL. */
const struct field *schema_find(const struct schema *schema, const char *name);

/*
 * Whether a value of the one is a value of the other in another version: they
 * have one name, or it was the other's former name.
 */
bool schema_is_related(const struct field *one, const struct field *other);

/* A number as it stands in the state; of an enum its number. */
int64_t schema_number(const struct field *field, const void *state);
void schema_set_number(const struct field *field, void *state, int64_t number);

/* Word `n` of "a b c" into text: false if there are not so many. */
bool schema_symbol(const char *symbols, int64_t n, char *text, size_t size);
/* The number of `symbol` in "a b c", or -1. */
int schema_symbol_number(const char *symbols, const char *symbol);

/* Any field as text: numbers in decimal, enums by symbol. */
void schema_text(
    const struct field *field, const void *state, char *text, size_t size);

#endif
