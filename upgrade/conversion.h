/*
 * conversion: the plan that turns states of one format into another.
 *
 * It is derived from the two schema tables, never written by hand: same name
 * copies, a former name renames, integers widen, enums map by symbol, arrays
 * grow, records recurse, an added field takes its default; narrowing needs a
 * declared rule, anything else the module's code_change.  It is compiled once
 * into a short list of steps and run per call.
 *
 * A symbol, count or branch without an image makes the plan guarded: the
 * source's schema must list it under no_way_back, and a state that holds it is
 * refused by conversion_run() with -EDOM (the call is pinned to its version).
 *
 * Invariants: every byte of the target has its default or is written by one
 * step; no step reads or writes outside its state; a plan holds no pointer
 * into a module, except its hooks, for each of which the module is held.
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
 * One plan that does what `first` and then `second` do: it refuses what either
 * would refuse, and gives what both would.  The state in between is not made,
 * but where a hook is in the way, or a condition that depends on more than one
 * value; then the two are run one after the other.  Neither is needed for it
 * afterwards, but the modules that their hooks are in are.
 *
 * -EINVAL   `second` does not begin where `first` ends
 * -E2BIG    more would have to be kept beside than there is room for
 * -ENOMEM
 */
int conversion_compose(struct conversion **ret_conversion,
    const struct conversion *first, const struct conversion *second);

/*
 * Runs it: `new_state` is of the target's size.  0; -EDOM the state has no
 * image; -EBADMSG the hook refused it.
 */
int conversion_run(const struct conversion *conversion, const void *old_state,
    void *new_state);
/* Likewise of what the plan says alone: its hooks are left out. */
int conversion_run_plan(const struct conversion *conversion,
    const void *old_state, void *new_state);

/*
 * The timers that the target does not declare: those numbers from `first` on
 * that are below `end`.  A process that is converted has none of them left.
 */
struct lost_timers {
	uint16_t first, end; /* equal: all are known there */
};
struct lost_timers conversion_lost_timers(const struct conversion *conversion);

/* Whether it leads from a newer version to an older, and needs a module. */
bool conversion_is_down(const struct conversion *conversion);
bool conversion_has_hook(const struct conversion *conversion);
/* Whether one of its hooks lies in those bytes, an image's: it is held. */
bool conversion_needs(
    const struct conversion *conversion, uintptr_t begin, size_t size);

/*
 * What the new format has no place for is kept beside the process, and given
 * back when it comes to the old one again: the bytes of the fields that are
 * dropped (0 of them if each has its default), and on the way back those of the
 * fields that would take their default.  There is room for BEHAVIOUR_STATE_MAX.
 */
uint32_t conversion_keep(
    const struct conversion *conversion, const void *old_state, uint8_t *bytes);
void conversion_restore(
    const struct conversion *conversion, const uint8_t *bytes, void *new_state);

/*
 * How many values are copied, renamed, widened, mapped, clamped, take their
 * default; how many have no place, timers and messages are not known there.
 */
struct conversion_summary {
	unsigned int copied, renamed, widened, mapped, clamped, defaulted,
	    dropped, guarded, timers, messages, steps;
};
const struct conversion_summary *conversion_summary(
    const struct conversion *conversion);

#endif
