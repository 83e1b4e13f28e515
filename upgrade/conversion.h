/*
 * conversion: the plan that turns states of one format into another.
 *
 * It is derived from the two schema tables, never written by hand: same name
 * copies, a former name renames, integers widen, enums map by symbol, an added
 * field takes its default; anything else needs the module's code_change.  It
 * is compiled once into a short list of steps and run per call.
 *
 * A symbol without an image makes the plan guarded: the source's schema must
 * list it under no_way_back, and a state that holds it is refused by
 * conversion_run() with -EDOM (the call is pinned to its version).
 *
 * Invariants: every byte of every target field is written by exactly one
 * step; no step reads or writes outside its state; a plan holds no pointer
 * into a module, except the hook, for which the module is held.
 */
#ifndef UPGRADE_CONVERSION_H
#define UPGRADE_CONVERSION_H

#include "switch/module.h"

struct conversion;

/* From one format to another; `hook` may be NULL and is told `down`. */
struct conversion_way {
	const struct schema *from, *to;
	int (*hook)(const void *from, void *to, bool down);
	bool down; /* from a newer version to an older */
};

/*
 * Derives the plan for `way`.
 *
 * -EINVAL   and one clause in `why` that names the field: "field 't_answer'
 *           narrows from 64 to 32 bits and no rule says how"
 * -ENOMEM
 */
int conversion_alloc(struct conversion **ret_conversion,
    const struct conversion_way *way, char *why, size_t size);
void conversion_free(struct conversion **conversionp);

/*
 * Runs it: `new_state` is zeroed and of the target's size.  0; -EDOM the state
 * has no image; -EBADMSG the hook refused it.
 */
int conversion_run(const struct conversion *conversion, const void *old_state,
    void *new_state);

/* Whether it leads from a newer version to an older. */
bool conversion_is_down(const struct conversion *conversion);

/*
 * What the new format has no place for is kept beside the process, and given
 * back when it comes to the old one again: the bytes of the fields that are
 * dropped (0 of them if each has its default), and on the way back those of the
 * fields that would take their default.  There is room for a state's bytes.
 */
uint32_t conversion_keep(
    const struct conversion *conversion, const void *old_state, uint8_t *bytes);
void conversion_restore(
    const struct conversion *conversion, const uint8_t *bytes, void *new_state);

/* How many fields copy, are renamed, widened, mapped, take their default. */
struct conversion_summary {
	unsigned int copied, renamed, widened, mapped, defaulted, dropped,
	    guarded, steps;
};
const struct conversion_summary *conversion_summary(
    const struct conversion *conversion);

#endif
