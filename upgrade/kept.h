/*
 * kept: the fields of a state that the other format has no place for.
 *
 * Going to a version that lacks a field must not lose its value: it is kept
 * beside the process, and is there again when the process comes back to the
 * version that it left.  What is kept is plain bytes, field after field, with
 * no description of its own: both sides derive the order from the same two
 * tables.
 *
 * Private to upgrade/conversion.c.
 */
#ifndef UPGRADE_KEPT_H
#define UPGRADE_KEPT_H

#include <stddef.h>
#include <stdint.h>

struct kept;
struct side;

/*
 * What leaves, and what may come back; the sides outlive it.  -ENOMEM; -E2BIG
 * more than BEHAVIOUR_STATE_MAX bytes, which branches of a union may have.
 */
int kept_alloc(
    struct kept **ret_kept, const struct side *from, const struct side *to);
void kept_free(struct kept **keptp);

/* How many values leave. */
unsigned int kept_leaving(const struct kept *kept);

/*
 * Writes the bytes of the fields that leave `old_state`; how many.  There is
 * room for BEHAVIOUR_STATE_MAX.  0 if each has its default, which it would
 * get again anyway, or is not there.
 */
uint32_t kept_save(
    const struct kept *kept, const void *old_state, uint8_t *bytes);

/*
 * Puts back, into the fields of `new_state` that have no origin, what
 * kept_save() of the opposite way has written.
 */
void kept_restore(
    const struct kept *kept, const uint8_t *bytes, void *new_state);

#endif
