/*
 * Private to switch/: two processes that are one unit.
 *
 * One was started by the other, on its scheduler and in its version, and they
 * work at one thing together: so they are of one version for as long as both
 * live, and are converted in one go or not at all (code_change.c).  What binds
 * them is a monitor under a number of its own: the starter hears of the end of
 * the other by EVENT_DOWN, and so there is nothing else to undo.
 */
#ifndef SWITCH_UNIT_H
#define SWITCH_UNIT_H

#include "switch/scheduler_internal.h"

struct spawn;

/*
 * The starter that a spawn names, in whose version the child is to be.  0 with
 * NULL: it names none; -ESRCH it is not, or no longer, on this scheduler;
 * -EBUSY it is in a unit; -EINVAL it has another module.
 */
int unit_starter(const struct scheduler *scheduler, const struct spawn *spawn,
    struct process **ret_starter);

/* Room for what will bind the two: before the child is there.  -ENOSPC. */
int unit_reserve(struct scheduler *scheduler, uint32_t ret_bonds[2]);
void unit_give_back(struct scheduler *scheduler, const uint32_t bonds[2]);
void unit_bind(struct scheduler *scheduler, const uint32_t bonds[2],
    struct process *starter, struct process *child);

/* The other of its unit; NULL: it is on its own. */
struct process *unit_partner(
    const struct scheduler *scheduler, const struct process *process);

#endif
