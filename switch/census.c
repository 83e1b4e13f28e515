/*
 * census: who stands below a supervisor, for requests and for the operator.
 */
#include <errno.h>
#include <string.h>

#include "switch/supervisor_internal.h"

static bool
is_active(const struct child *child)
{
	return child->status == CHILD_RUNNING ||
	    child->status == CHILD_STARTING || child->status == CHILD_ENDING;
}

static bool
has_records(const struct hand *hand)
{
	return !is_pool(hand) ||
	    hand->state->template.restart != RESTART_TEMPORARY;
}

static struct supervisor_count
count_pool(const struct hand *hand)
{
	struct supervisor_count count = { .specs = 1,
		.active = hand->family->head.count };
	uint64_t all = has_records(hand) ? hand->table->count : count.active;

	if (hand->state->template.type == CHILD_SUPERVISOR)
		count.supervisors = all;
	else
		count.workers = all;
	return count;
}

/* otp.md 1.34. */
struct supervisor_count
census_count(const struct hand *hand)
{
	struct supervisor_count count = { .specs = hand->table->count };
	const struct child *child;
	uint32_t ref;

	if (is_pool(hand)) {
		count = count_pool(hand);
	} else {
		for (ref = hand->table->first; ref != 0; ref = child->after) {
			child = child_at(hand->store, ref);
			count.active += is_active(child);
			if (child->as.spec.type == CHILD_SUPERVISOR)
				count.supervisors++;
			else
				count.workers++;
		}
	}
	count.restarts = hand->state->restarts;
	return count;
}

static struct child_entry
entry_of(const struct hand *hand, const struct child *child)
{
	struct child_entry entry = { .pid = is_active(child) ? child->pid
							     : PID_NONE,
		.type = (uint8_t)spec_of(hand, child)->type,
		.is_restarting = child->status == CHILD_RESTARTING,
		.restarts = child->restarts };

	if (!child->is_member)
		memcpy(entry.id, child->as.spec.id, sizeof entry.id);
	return entry;
}

static int
list_records(const struct hand *hand, const struct child_request *after,
    struct child_entry *entries, uint32_t max, uint32_t *ret_count)
{
	uint32_t ref = hand->table->last, count = 0;

	if (after->id[0] != '\0' || !pid_is_none(after->child)) {
		ref = is_pool(hand)
		    ? child_table_find_pid(
			  hand->store, hand->table, after->child)
		    : child_table_find(hand->store, hand->table, after->id);
		if (ref == 0)
			return -ENOENT;
		ref = child_at(hand->store, ref)->before;
	}
	for (; ref != 0 && count < max; count++) {
		if (entries != NULL)
			entries[count] =
			    entry_of(hand, child_at(hand->store, ref));
		ref = child_at(hand->store, ref)->before;
	}
	*ret_count = count;
	return 0;
}

static int
list_members(const struct hand *hand, const struct child_request *after,
    struct child_entry *entries, uint32_t max, uint32_t *ret_count)
{
	uint32_t slot = hand->family->youngest, count = 0;
	const struct process *process;

	if (!pid_is_none(after->child)) {
		process = process_find(hand->scheduler, after->child);
		if (process == NULL ||
		    !pid_equal(process->supervisor, hand->pid))
			return -ENOENT;
		slot = process->older;
	}
	for (; slot != 0 && count < max; count++) {
		process = process_at(hand->scheduler, slot);
		if (entries != NULL)
			entries[count] = (struct child_entry){
				.pid = process_pid(hand->scheduler, process),
				.type = (uint8_t)hand->state->template.type
			};
		slot = process->older;
	}
	*ret_count = count;
	return 0;
}

int
census_list(const struct hand *hand, const struct child_request *after,
    struct child_entry *entries, uint32_t max, uint32_t *ret_count)
{
	if (has_records(hand))
		return list_records(hand, after, entries, max, ret_count);
	return list_members(hand, after, entries, max, ret_count);
}

int
supervisor_look(
    struct scheduler *scheduler, struct pid pid, struct hand *ret_hand)
{
	struct process *process = process_find(scheduler, pid);
	struct family *family = family_of(scheduler, pid);

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (process == NULL)
		return -ESRCH;
	if (!supervisor_is(scheduler, process) || family == NULL)
		return -EINVAL;
	*ret_hand = (struct hand){ .scheduler = scheduler,
		.store = scheduler->store,
		.family = family,
		.table = &family->table,
		.state = store_at(scheduler->store, process->state),
		.pid = pid };
	return 0;
}

int
supervisor_count_children(struct scheduler *scheduler, struct pid pid,
    struct supervisor_count *ret_count)
{
	struct hand hand;
	int error = supervisor_look(scheduler, pid, &hand);

	if (error == 0)
		*ret_count = census_count(&hand);
	return error;
}

int
supervisor_which_children(
    struct scheduler *scheduler, struct pid pid, struct child_listing *listing)
{
	struct hand hand;
	int error = supervisor_look(scheduler, pid, &hand);

	if (error == 0)
		error = census_list(&hand, &listing->after, listing->entries,
		    listing->max, &listing->count);
	return error;
}

int
supervisor_find_child(struct scheduler *scheduler, struct pid pid,
    const char *id, struct child_entry *ret_entry)
{
	struct hand hand;
	int error = supervisor_look(scheduler, pid, &hand);
	uint32_t ref;

	if (error != 0)
		return error;
	ref = is_pool(&hand) ? 0 : child_table_find(hand.store, hand.table, id);
	if (ref == 0)
		return -ENOENT;
	*ret_entry = entry_of(&hand, child_at(hand.store, ref));
	return 0;
}
