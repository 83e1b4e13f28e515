/*
 * extremes: states to try a plan on that no call has to be in.
 *
 * Generated from a schema: each field in turn at each of its extremes, while
 * all others have their defaults.  A generated state need not make sense, but
 * no plan may fall over it.
 *
 * Private to upgrade/plan_trial.c.
 */
#ifndef UPGRADE_EXTREMES_H
#define UPGRADE_EXTREMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct layout;

/*
 * Writes the n-th into `state`, which has the layout's size, and to `name`
 * what is special about it: "field 'held' at 255".  False: there is none.
 */
bool extremes_state(const struct layout *layout, uint32_t n, void *state,
    char *name, size_t size);

#endif
