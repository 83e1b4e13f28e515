/* unit: see unit.h for what it is. */
#include "switch/unit.h"

#include <errno.h>
#include <string.h>

#include "switch/holding.h"
#include "switch/process.h"

/* The bond of that kind which makes it one of a unit; 0: there is none. */
static uint32_t
find_bond(const struct scheduler *scheduler, const struct process *process,
    enum holding_kind kind)
{
	const struct holding like = { .kind = (uint8_t)kind,
		.id = MONITOR_UNIT };

	return holding_find(scheduler, process, &like);
}

struct process *
unit_partner(const struct scheduler *scheduler, const struct process *process)
{
	uint32_t bond;

	if (!process->in_unit)
		return NULL;
	bond = find_bond(scheduler, process, HOLDING_MONITOR);
	if (bond == 0)
		bond = find_bond(scheduler, process, HOLDING_MONITORED);
	return bond == 0
	    ? NULL
	    : process_find(scheduler, bond_at(scheduler, bond)->peer);
}

int
unit_starter(const struct scheduler *scheduler, const struct spawn *spawn,
    struct process **ret_starter)
{
	struct process *starter;

	*ret_starter = NULL;
	if (pid_is_none(spawn->starter))
		return 0;
	starter = process_find(scheduler, spawn->starter);
	if (starter == NULL || starter->status != PROCESS_RUNNING)
		return -ESRCH;
	if (unit_partner(scheduler, starter) != NULL)
		return -EBUSY;
	if (strcmp(
		behaviour_at(scheduler->behaviours, starter->behaviour)->name,
		behaviour_at(scheduler->behaviours, spawn->behaviour)->name) !=
	    0)
		return -EINVAL;
	*ret_starter = starter;
	return 0;
}

int
unit_reserve(struct scheduler *scheduler, uint32_t ret_bonds[2])
{
	ret_bonds[0] = holding_alloc(scheduler, HOLDING_MONITOR);
	if (ret_bonds[0] == 0)
		return -ENOSPC;
	ret_bonds[1] = holding_alloc(scheduler, HOLDING_MONITORED);
	if (ret_bonds[1] != 0)
		return 0;
	holding_free(scheduler, ret_bonds[0]);
	return -ENOSPC;
}

void
unit_give_back(struct scheduler *scheduler, const uint32_t bonds[2])
{
	holding_free(scheduler, bonds[0]);
	holding_free(scheduler, bonds[1]);
}

static void
tie(struct scheduler *scheduler, uint32_t ref, struct process *process,
    const struct process *peer)
{
	struct bond *bond = bond_at(scheduler, ref);

	bond->head.id = MONITOR_UNIT;
	bond->peer = process_pid(scheduler, peer);
	holding_attach(scheduler, process, ref);
	process->in_unit = 1;
}

void
unit_bind(struct scheduler *scheduler, const uint32_t bonds[2],
    struct process *starter, struct process *child)
{
	tie(scheduler, bonds[0], starter, child);
	tie(scheduler, bonds[1], child, starter);
	if (retry_is_barred(scheduler, starter)) {
		child->by_other = 1;
		retry_bar(scheduler, child, -EPERM);
	} else if (retry_waits(scheduler, starter)) {
		child->by_other = 1;
		retry_wait(scheduler, child);
	}
}
