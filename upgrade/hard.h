/*
 * hard: every real state is converted to another format and back.
 *
 * Part of the program only in the build `hard` (HOTSWITCH_HARD): there, after
 * each event of a process of a loaded module, its state goes to one of several
 * shuffled copies of its own schema (shuffle.h) and comes back, by plans that
 * are derived, compiled and run as those between releases are.  It must be the
 * same state, value by value, and is what the process goes on with.
 *
 * And when an upgrade is over, its module is closed and opened again
 * (code_reopen.c).
 */
#ifndef UPGRADE_HARD_H
#define UPGRADE_HARD_H

#include <stddef.h>
#include <stdint.h>

struct conversion;
struct hard;
struct schema;

enum { HARD_COPIES = 4 };

/*
 * Of a schema that has been checked and outlives it.  -EINVAL: there is no plan
 * to one of its copies or back, and a clause in `why`; -E2BIG, -ENOMEM.
 */
int hard_alloc(struct hard **ret_hard, const struct schema *schema, char *why,
    size_t size);
void hard_free(struct hard **hardp);

/*
 * There and back, `state` with it, by the copy of number `turn`, or by that
 * modulo HARD_COPIES.  0; -EINVAL and a clause in `why` that names the value
 * which came back as another, or that has no image.  Of any thread that has
 * memory for it (fault_between()), else of one at a time.
 */
int hard_exercise(const struct hard *hard, void *state, uint32_t turn,
    char *why, size_t size);

/* The plan to the copy of number `n`, and that back from it. */
const struct conversion *hard_there(const struct hard *hard, uint32_t n);
const struct conversion *hard_back(const struct hard *hard, uint32_t n);

#endif
