/*
 * family: see family.h for what it is.
 *
 * Invariants:
 *   1. a process whose supervisor stands here, or has left its place to an
 *      heir, is in that one's list, and head.count is the length of the list;
 *   2. a postponed message is in no mailbox.
 */
#include "switch/family.h"

#include "switch/mailbox.h"
#include "switch/message.h"

static struct family *
family_in(const struct scheduler *scheduler, const struct process *process)
{
	uint32_t ref = holding_find_kind(scheduler, process, HOLDING_CHILDREN);

	return ref == 0 ? NULL : store_at(scheduler->store, ref);
}

struct family *
family_of(const struct scheduler *scheduler, struct pid pid)
{
	const struct process *process = process_place(scheduler, pid);

	return process == NULL ? NULL : family_in(scheduler, process);
}

struct family *
family_found(struct scheduler *scheduler, struct process *process)
{
	struct family *family = family_in(scheduler, process);
	uint32_t ref;

	if (family != NULL)
		return family;
	ref = holding_alloc(scheduler, HOLDING_CHILDREN);
	if (ref == 0)
		return NULL;
	holding_attach(scheduler, process, ref);
	return store_at(scheduler->store, ref);
}

void
family_enter(struct scheduler *scheduler, struct process *process)
{
	struct family *family = family_of(scheduler, process->supervisor);
	uint32_t slot = process_pid(scheduler, process).slot;

	if (family == NULL)
		return;
	process->older = family->youngest;
	if (family->youngest != 0)
		process_at(scheduler, family->youngest)->younger = slot;
	family->youngest = slot;
	family->head.count++;
}

void
family_leave(struct scheduler *scheduler, struct process *process)
{
	struct family *family = family_of(scheduler, process->supervisor);

	if (process->younger != 0)
		process_at(scheduler, process->younger)->older = process->older;
	else if (family != NULL)
		family->youngest = process->older;
	if (process->older != 0)
		process_at(scheduler, process->older)->younger =
		    process->younger;
	if (family != NULL)
		family->head.count--;
	process->older = process->younger = 0;
}

/*
 * As OTP's behaviours do, also one that traps exits ends when its parent is no
 * more (otp.md 2.9): or nobody would look after it.
 */
void
family_orphan(
    struct scheduler *scheduler, uint32_t youngest, struct reason reason)
{
	uint32_t slot, older;
	struct process *child;

	for (slot = youngest; slot != 0; slot = older) {
		child = process_at(scheduler, slot);
		older = child->older;
		if (child->status == PROCESS_VACANT)
			process_dissolve(
			    scheduler, process_pid(scheduler, child), reason);
		else
			process_end(scheduler, child, reason);
	}
}

void
family_postpone(
    struct scheduler *scheduler, struct family *family, uint32_t message)
{
	message_at(scheduler, message)->next = 0;
	if (family->postponed_last != 0)
		message_at(scheduler, family->postponed_last)->next = message;
	else
		family->postponed_first = message;
	family->postponed_last = message;
}

/* One at a time: so each waits once, however many there are. */
void
family_take_up(
    struct scheduler *scheduler, struct process *process, struct family *family)
{
	uint32_t ref = family->postponed_first;
	struct message *message = message_at(scheduler, ref);

	if (ref == 0)
		return;
	family->postponed_first = message->next;
	if (message->next == 0)
		family->postponed_last = 0;
	mailbox_prepend(scheduler, process, ref);
}

void
family_release(struct scheduler *scheduler, struct family *family)
{
	uint32_t ref, next;

	for (ref = family->postponed_first; ref != 0; ref = next) {
		next = message_at(scheduler, ref)->next;
		message_free(scheduler, ref);
		scheduler->counts.undelivered++;
	}
	family->postponed_first = family->postponed_last = 0;
	if (family->start != 0)
		message_free(scheduler, family->start);
	family->start = 0;
	child_table_release(scheduler->store, &family->table);
	restart_limit_release(scheduler->store, &family->limit);
}

size_t
family_footprint(const struct scheduler *scheduler, const struct family *family)
{
	size_t sum = child_table_footprint(scheduler->store, &family->table) +
	    restart_limit_footprint(&family->limit);
	uint32_t ref = family->postponed_first;

	if (family->start != 0)
		sum += message_footprint(
		    scheduler, message_at(scheduler, family->start));
	for (; ref != 0; ref = message_at(scheduler, ref)->next)
		sum += message_footprint(scheduler, message_at(scheduler, ref));
	return sum;
}
