/*
 * courier_full: whose mailbox has no room, told to those who are elsewhere.
 *
 * Here a sender looks at the mailbox itself.  Elsewhere it cannot; so the first
 * message over the bound has all others told, and so has the mailbox that has
 * room again, or the end of its process.  What was on its way meanwhile is
 * taken: nothing that was accepted is lost.
 *
 * Invariant: who is in `full` of one scheduler is in `told_full` of his own, or
 * the cargo that says otherwise is on its way.
 */
#include "switch/courier_internal.h"

static unsigned int
find(const struct pid_set *set, struct pid pid)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (pid_equal(set->pids[i], pid))
			break;
	return i;
}

static bool
add(struct pid_set *set, struct pid pid)
{
	if (find(set, pid) < set->count || set->count == FULL_MAX)
		return false;
	set->pids[set->count++] = pid;
	return true;
}

static void
forget(struct pid_set *set, struct pid pid)
{
	unsigned int i = find(set, pid);

	if (i < set->count)
		set->pids[i] = set->pids[--set->count];
}

bool
courier_knows_full(const struct scheduler *scheduler, struct pid to)
{
	const struct pid_set *full = &scheduler->courier->full;

	return full->count > 0 && find(full, to) < full->count;
}

/* Tells all others, or (no room) none. */
static bool
tell_all(struct scheduler *scheduler, enum cargo_type type, struct pid about)
{
	struct cargo cargo = { .type = (uint8_t)type, .about = about };
	unsigned int i, reserved;
	bool has_room = true;

	for (reserved = 0; has_room && reserved < scheduler->schedulers;
	     reserved++)
		has_room = reserved == scheduler->number ||
		    courier_reserve(scheduler, anyone_of(reserved)) == 0;
	for (i = 0; i < reserved - !has_room; i++) {
		cargo.to = anyone_of(i);
		if (i == scheduler->number)
			continue;
		if (has_room)
			courier_send(scheduler, &cargo);
		else
			courier_give_back(scheduler, cargo.to);
	}
	return has_room;
}

/* After a delivery from elsewhere. */
void
courier_look_whether_full(struct scheduler *scheduler, struct pid pid)
{
	const struct process *process = process_find(scheduler, pid);
	struct pid_set *told = &scheduler->courier->told_full;

	if (process != NULL && process->mailbox_length >= MAILBOX_MAX &&
	    add(told, pid) && !tell_all(scheduler, CARGO_FULL, pid))
		forget(told, pid);
}

/* At each turn: those that have room again, or are no more. */
void
courier_look_whether_open(struct scheduler *scheduler)
{
	struct pid_set *told = &scheduler->courier->told_full;
	const struct process *process;
	unsigned int i = 0;

	while (i < told->count) {
		process = process_find(scheduler, told->pids[i]);
		if ((process != NULL &&
			process->mailbox_length >= MAILBOX_MAX) ||
		    !tell_all(scheduler, CARGO_OPEN, told->pids[i]))
			i++;
		else
			forget(told, told->pids[i]);
	}
}

void
courier_hear_of_full(struct scheduler *scheduler, struct pid pid)
{
	(void)add(&scheduler->courier->full, pid);
}

void
courier_hear_of_open(struct scheduler *scheduler, struct pid pid)
{
	forget(&scheduler->courier->full, pid);
}
