/*
 * kept: see kept.h for what it is.
 *
 * A value leaves if nothing of the target comes from it, and may come back if
 * it comes from nothing of the source.  Being related is symmetrical, so what
 * leaves on one way is, in the same order, what may come back on the other.
 * Branches of a union share their bytes: what comes back does so only where
 * the tag asks for it.
 */
#include "upgrade/kept.h"

#include <errno.h>
#include <string.h>

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */
#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/number.h"

struct kept {
	unsigned int magic;
#define KEPT_MAGIC 0x4e97ca11
	unsigned int leaving, coming;
	const struct side *from, *to;
	struct leaf leaves[]; /* those that leave, then those that may come */
};

/* Notes the values of `side` that the other has nothing for; how many. */
static unsigned int
find_alone(const struct side *side, struct leaf *leaves)
{
	unsigned int count = 0;
	uint32_t i;

	for (i = 0; i < side->leaf_count; i++)
		if (!side->leaves[i].is_settled)
			leaves[count++] = side->leaves[i];
	return count;
}

/* Branches share their bytes in a state, but not here. */
static uint32_t
bytes_of(const struct leaf *leaf, unsigned int count)
{
	uint32_t bytes = 0;

	for (; count > 0; count--, leaf++)
		bytes += leaf->width;
	return bytes;
}

int
kept_alloc(
    struct kept **ret_kept, const struct side *from, const struct side *to)
{
	uint32_t most = from->leaf_count + to->leaf_count;
	struct kept *kept;

	if (ALLOC_OBJ_EXTRA(kept, KEPT_MAGIC, most * sizeof kept->leaves[0]) ==
	    NULL)
		return -ENOMEM;
	kept->from = from;
	kept->to = to;
	kept->leaving = find_alone(from, kept->leaves);
	kept->coming = find_alone(to, kept->leaves + kept->leaving);
	if (bytes_of(kept->leaves, kept->leaving) > BEHAVIOUR_STATE_MAX ||
	    bytes_of(kept->leaves + kept->leaving, kept->coming) >
		BEHAVIOUR_STATE_MAX) {
		kept_free(&kept);
		return -E2BIG;
	}
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

/* What it comes back as when nothing is kept. */
static bool
has_default(const struct leaf *leaf, const uint8_t *state)
{
	if (leaf->is_halfway)
		return false;
	if (leaf->kind == FIELD_TEXT)
		return state[leaf->offset] == '\0';
	return number_read(leaf->kind == FIELD_INT, leaf->width,
		   state + leaf->offset) == leaf->initial;
}

uint32_t
kept_save(const struct kept *kept, const void *old_state, uint8_t *bytes)
{
	const struct leaf *leaf = kept->leaves;
	const uint8_t *state = old_state;
	uint32_t written = 0;
	bool is_plain = true;

	CHECK_OBJ(kept, KEPT_MAGIC);
	for (; leaf < kept->leaves + kept->leaving; leaf++) {
		is_plain = is_plain &&
		    (has_default(leaf, state) ||
			!layout_holds(
			    kept->from->conditions, leaf->when, state));
		memcpy(bytes + written, state + leaf->offset, leaf->width);
		written += leaf->width;
	}
	return is_plain ? 0 : written;
}

void
kept_restore(const struct kept *kept, const uint8_t *bytes, void *new_state)
{
	const struct leaf *leaf = kept->leaves + kept->leaving;
	const struct leaf *end = leaf + kept->coming;
	uint8_t *state = new_state;

	CHECK_OBJ(kept, KEPT_MAGIC);
	for (; leaf < end; leaf++) {
		if (layout_holds(kept->to->conditions, leaf->when, state))
			memcpy(state + leaf->offset, bytes, leaf->width);
		bytes += leaf->width;
	}
}
