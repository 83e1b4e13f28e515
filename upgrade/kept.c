/*
 * kept: see kept.h for what it is.
 *
 * A field leaves if no field of the target is related to it, and may come back
 * if none of the source is.  Being related is symmetrical, so what leaves on
 * one way is, in the same order, what may come back on the other.
 */
#include "upgrade/kept.h"

#include <errno.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/schema.h"

struct kept {
	unsigned int magic;
#define KEPT_MAGIC 0x4e97ca11
	unsigned int leaving, coming;
	struct field fields[]; /* those that leave, then those that may come */
};

/* Notes the fields of `of` that `other` has nothing for; how many. */
static unsigned int
find_alone(
    const struct schema *of, const struct schema *other, struct field *fields)
{
	unsigned int count = 0;
	uint32_t i, j;

	for (i = 0; i < of->count; i++) {
		for (j = 0; j < other->count; j++)
			if (schema_is_related(
				&of->fields[i], &other->fields[j]))
				break;
		if (j == other->count)
			fields[count++] = of->fields[i];
	}
	return count;
}

int
kept_alloc(
    struct kept **ret_kept, const struct schema *from, const struct schema *to)
{
	unsigned int i, capacity = from->count + to->count;
	struct kept *kept;

	if (ALLOC_OBJ_EXTRA(
		kept, KEPT_MAGIC, capacity * sizeof kept->fields[0]) == NULL)
		return -ENOMEM;
	for (i = 0; i < kept->leaving + kept->coming; i++) /* may be unmapped */
		kept->fields[i].name = kept->fields[i].former =
		    kept->fields[i].symbols = NULL;
	kept->leaving = find_alone(from, to, kept->fields);
	kept->coming = find_alone(to, from, kept->fields + kept->leaving);
	*ret_kept = kept;
	return 0;
}

void
kept_free(struct kept **keptp)
{
	FREE_OBJ(keptp, KEPT_MAGIC);
}

unsigned int
kept_leaving(const struct kept *kept)
{
	CHECK_OBJ(kept, KEPT_MAGIC);
	return kept->leaving;
}

static bool
has_default(const struct field *field, const uint8_t *state)
{
	if (field->kind == FIELD_TEXT)
		return state[field->offset] == '\0';
	return schema_number(field, state) == field->initial;
}

uint32_t
kept_save(const struct kept *kept, const void *old_state, uint8_t *bytes)
{
	const uint8_t *state = old_state;
	const struct field *field = kept->fields;
	uint32_t written = 0;
	bool is_plain = true;

	CHECK_OBJ(kept, KEPT_MAGIC);
	for (; field < kept->fields + kept->leaving; field++) {
		is_plain = is_plain && has_default(field, state);
		memcpy(bytes + written, state + field->offset, field->width);
		written += field->width;
	}
	return is_plain ? 0 : written;
}

void
kept_restore(const struct kept *kept, const uint8_t *bytes, void *new_state)
{
	uint8_t *state = new_state;
	const struct field *field = kept->fields + kept->leaving;
	const struct field *end = field + kept->coming;
	uint32_t read = 0;

	CHECK_OBJ(kept, KEPT_MAGIC);
	for (; field < end; field++) {
		memcpy(state + field->offset, bytes + read, field->width);
		read += field->width;
	}
}
