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

enum {
	SCHEMA_TEXT_MAX = 256,
	SCHEMA_FIELDS_MAX = 256, /* of one table */
	SCHEMA_DEPTH_MAX = 8,	 /* of records within records */
	/* Fields, elements and their fields, as layout.h counts them. */
	SCHEMA_NODES_MAX = 1024
};

/*
 * 0 if the table is sound; else -EINVAL and one clause in `why` that names
 * the field: doubled name, unknown kind or width, outside the state,
 * overlapping another, a former name that clashes, an enum without symbols, a
 * default outside the field, a count or tag that is none, a no_way_back line
 * or a rule that names nothing.
 */
int schema_check(const struct schema *schema, char *why, size_t size);

/*
 * The same of a table that is not trusted to lie where it should: whatever it
 * leads to must be within the `size` bytes from `begin`, the module's image.
 */
struct schema_extent {
	uintptr_t begin;
	size_t size;
};
int schema_check_within(const struct schema *schema,
    const struct schema_extent *extent, char *why, size_t size);

/*
 * The format's identity: 64 bits over the canonical table (names, kinds,
 * widths, offsets, symbols, arrays, records, messages, timers), equal on every
 * machine.
 */
uint64_t schema_fingerprint(const struct schema *schema);

/* Whether both describe the same bytes in the same words. */
bool schema_is_same(const struct schema *one, const struct schema *other);

/*
 * The fields of a table and of those within, each before what it contains; of
 * an array once.  To be begun with { .fields = ..., .count = ... } of it.
 */
struct schema_walk {
	struct {
		const struct field *fields;
		uint32_t count, next;
	} levels[SCHEMA_DEPTH_MAX];
	unsigned int depth; /* that of the field returned last, from 0 */
};
void schema_walk_begin(
    struct schema_walk *walk, const struct field *fields, uint32_t count);
const struct field *schema_walk_next(struct schema_walk *walk);

/* The field of that name, or NULL. */
const struct field *schema_find(const struct schema *schema, const char *name);

/* Of "parties.line" or "parties[1].line" the last one, or NULL. */
const struct field *schema_find_path(
    const struct schema *schema, const char *path);

/* Kinds, in groups. */
bool schema_is_composite(const struct field *field); /* record or union */
bool schema_is_integer(const struct field *field);   /* bool among them */
bool schema_is_reference(const struct field *field);

/* Its bytes in the state; of an array, all of them. */
uint32_t schema_bytes(const struct field *field);

/* "uint", "record" ... */
const char *schema_kind_word(const struct field *field);

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

/* Any single value as text: numbers in decimal, enums by symbol. */
void schema_text(
    const struct field *field, const void *state, char *text, size_t size);

#endif
