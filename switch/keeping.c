/*
 * keeping: what a process keeps of a state that its version has no place for.
 *
 * When it is converted, what the new version cannot hold is put aside, one
 * HOLDING_KEPT for each version that it has left so (code_change.c).  It comes
 * back with the process, goes with it, or is forgotten when no way back is
 * wanted any more.
 */
#include "switch/holding.h"
#include "switch/scheduler_internal.h"

uint32_t
keeping_find(const struct scheduler *scheduler, const struct process *process,
    uint16_t behaviour)
{
	const struct holding *kept;
	uint32_t ref;

	if ((process->flags & PROCESS_KEEPS) == 0)
		return 0;
	for (ref = process->holdings; ref != 0; ref = kept->next) {
		kept = holding_at(scheduler, ref);
		if (kept->kind == HOLDING_KEPT && kept->id == behaviour)
			return ref;
	}
	return 0;
}

const uint8_t *
keeping_bytes(const struct scheduler *scheduler, uint32_t ref)
{
	return ref == 0 ? NULL
			: (const uint8_t *)(holding_at(scheduler, ref) + 1);
}

const uint8_t *
process_kept(struct scheduler *scheduler, struct pid pid, uint16_t behaviour)
{
	const struct process *process = process_find(scheduler, pid);

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	return process == NULL
	    ? NULL
	    : keeping_bytes(
		  scheduler, keeping_find(scheduler, process, behaviour));
}

bool
process_let_go(struct scheduler *scheduler, struct pid pid)
{
	struct process *process = process_find(scheduler, pid);
	uint32_t ref, next;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (process == NULL || (process->flags & PROCESS_KEEPS) == 0)
		return false;
	for (ref = process->holdings; ref != 0; ref = next) {
		next = holding_at(scheduler, ref)->next;
		if (holding_at(scheduler, ref)->kind == HOLDING_KEPT)
			holding_drop(scheduler, process, ref);
	}
	process->flags &= (uint8_t)~PROCESS_KEEPS;
	return true;
}

uint64_t
process_pieces_kept(const struct scheduler *scheduler)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	return scheduler->kept;
}
