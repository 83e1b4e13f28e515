/*
 * child_table: see child_table.h for what it is.
 *
 * Invariants:
 *   1. every record is in the list, one with a pid in by_pid, one with a
 *      specification in by_id;
 *   2. an id and a pid stand there once.
 */
#include "switch/child_table.h"

#include <string.h>

static size_t
size_of(bool is_member)
{
	return is_member
	    ? offsetof(struct child, as) + sizeof(struct child_start)
	    : sizeof(struct child);
}

static uint32_t
hash_id(const char *id)
{
	return index_hash(id, strnlen(id, CHILD_ID_MAX + 1));
}

static void
append(struct store *store, struct child_table *table, uint32_t ref)
{
	struct child *child = child_at(store, ref);

	child->before = table->last;
	if (table->last != 0)
		child_at(store, table->last)->after = ref;
	else
		table->first = ref;
	table->last = ref;
	table->count++;
}

/* With both indexes ready, so that nothing can fail later on. */
static uint32_t
add(struct store *store, struct child_table *table, bool is_member)
{
	uint32_t ref;

	if (index_reserve(
		store, &table->by_id, offsetof(struct child, by_id)) != 0 ||
	    index_reserve(
		store, &table->by_pid, offsetof(struct child, by_pid)) != 0)
		return 0;
	ref = store_take(store, size_of(is_member));
	if (ref == 0)
		return 0;
	memset(child_at(store, ref), 0, size_of(is_member));
	child_at(store, ref)->is_member = is_member;
	append(store, table, ref);
	return ref;
}

uint32_t
child_table_add(struct store *store, struct child_table *table,
    const struct child_spec *spec)
{
	uint32_t ref = add(store, table, false);

	if (ref == 0)
		return 0;
	child_at(store, ref)->as.spec = child_spec_complete(spec);
	index_add(store, &table->by_id, ref, hash_id(spec->id));
	return ref;
}

uint32_t
child_table_add_member(struct store *store, struct child_table *table,
    const void *start, uint8_t length)
{
	uint32_t ref = add(store, table, true);
	struct child_start *kept;

	if (ref == 0)
		return 0;
	kept = &child_at(store, ref)->as.start;
	kept->length = length;
	memcpy(kept->bytes, start, length);
	return ref;
}

static void
take_out_of_list(
    struct store *store, struct child_table *table, const struct child *child)
{
	if (child->before != 0)
		child_at(store, child->before)->after = child->after;
	else
		table->first = child->after;
	if (child->after != 0)
		child_at(store, child->after)->before = child->before;
	else
		table->last = child->before;
	table->count--;
}

static void
give(struct store *store, uint32_t ref)
{
	struct child *child = child_at(store, ref);

	restart_limit_release(store, &child->limit);
	store_give(store, ref, size_of(child->is_member));
}

void
child_table_remove(struct store *store, struct child_table *table, uint32_t ref)
{
	struct child *child = child_at(store, ref);

	child_table_set_pid(store, table, ref, PID_NONE);
	if (!child->is_member)
		index_remove(store, &table->by_id, ref);
	take_out_of_list(store, table, child);
	give(store, ref);
}

uint32_t
child_table_find(
    const struct store *store, const struct child_table *table, const char *id)
{
	uint32_t ref = index_first(store, &table->by_id, hash_id(id));

	while (ref != 0 &&
	    strncmp(child_at(store, ref)->as.spec.id, id, CHILD_ID_MAX + 1) !=
		0)
		ref = index_next(store, &table->by_id, ref);
	return ref;
}

uint32_t
child_table_find_pid(
    const struct store *store, const struct child_table *table, struct pid pid)
{
	uint32_t ref;

	if (table->by_pid.entries == 0)
		return 0; /* as of a pool of temporary ones, at every event */
	ref = index_first(store, &table->by_pid, index_hash(&pid, sizeof pid));
	while (ref != 0 && !pid_equal(child_at(store, ref)->pid, pid))
		ref = index_next(store, &table->by_pid, ref);
	return ref;
}

void
child_table_set_pid(struct store *store, struct child_table *table,
    uint32_t ref, struct pid pid)
{
	struct child *child = child_at(store, ref);

	if (!pid_is_none(child->pid))
		index_remove(store, &table->by_pid, ref);
	child->pid = pid;
	if (!pid_is_none(pid))
		index_add(
		    store, &table->by_pid, ref, index_hash(&pid, sizeof pid));
}

void
child_table_release(struct store *store, struct child_table *table)
{
	uint32_t ref, after;

	for (ref = table->first; ref != 0; ref = after) {
		after = child_at(store, ref)->after;
		give(store, ref);
	}
	index_release(store, &table->by_id);
	index_release(store, &table->by_pid);
	*table = (struct child_table){ .count = 0 };
}

size_t
child_table_footprint(
    const struct store *store, const struct child_table *table)
{
	size_t sum =
	    index_footprint(&table->by_id) + index_footprint(&table->by_pid);
	const struct child *child;
	uint32_t ref;

	for (ref = table->first; ref != 0; ref = child->after) {
		child = child_at(store, ref);
		sum += store_piece(size_of(child->is_member)) +
		    restart_limit_footprint(&child->limit);
	}
	return sum;
}
