/*
 * pinned: why a state has no image in another version, in words.
 *
 * A plan only says that it has none; which of its lines that was is asked
 * afterwards, of the few whom somebody looks at.
 */
#ifndef UPGRADE_PINNED_H
#define UPGRADE_PINNED_H

#include <stdbool.h>
#include <stddef.h>

struct conversion;
struct schema;

/*
 * "field 'state' is 'held'": the first value of `state`, which is of the
 * format `from` of the plan, that has no image.  false: each has one, so that
 * only a hook or a check can refuse it; or there is no memory to look.
 */
bool pinned_why(const struct conversion *plan, const struct schema *from,
    const void *state, char *text, size_t size);

#endif
