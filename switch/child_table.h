/*
 * Private to switch/: what a supervisor remembers of its children.
 *
 * One record for each child in start order, found by id and by pid.  Of a pool
 * only members that may be restarted have one, with the start event they were
 * started by in place of a specification; the others are their process alone.
 */
#ifndef SWITCH_CHILD_TABLE_H
#define SWITCH_CHILD_TABLE_H

#include "switch/child_spec.h"
#include "switch/index.h"
#include "switch/restart_limit.h"

enum child_status {
	CHILD_STOPPED,
	CHILD_STARTING, /* its `started` is awaited */
	CHILD_RUNNING,
	CHILD_ENDING,	 /* asked to; its exit is awaited */
	CHILD_DEAD,	 /* has ended; its exit waits among the postponed */
	CHILD_RESTARTING /* to be started again; pid: the old one */
};

struct child_start {
	uint8_t length;
	uint8_t bytes[MESSAGE_BODY];
};

struct child {
	struct index_link by_id, by_pid;
	struct pid pid;
	uint32_t before, after; /* refs, in start order */
	struct reason reason;	/* of its end, or of the start that failed */
	uint64_t retry_at;
	struct restart_limit limit; /* limit_is_per_child */
	uint8_t status;
	bool is_member, was_started;
	uint8_t tries; /* starts that failed one after another */
	uint32_t restarts;
	union {
		struct child_spec spec;
		struct child_start start; /* is_member */
	} as;
};

/* All zero is an empty one. */
struct child_table {
	struct index by_id, by_pid;
	uint32_t first, last;
	uint32_t count;
};

static inline struct child *
child_at(const struct store *store, uint32_t ref)
{
	return store_at(store, ref);
}

/* A new record at the end; 0 when full. */
uint32_t child_table_add(struct store *store, struct child_table *table,
    const struct child_spec *spec);
uint32_t child_table_add_member(struct store *store, struct child_table *table,
    const void *start, uint8_t length);
void child_table_remove(
    struct store *store, struct child_table *table, uint32_t ref);

/* 0 if there is none. */
uint32_t child_table_find(
    const struct store *store, const struct child_table *table, const char *id);
uint32_t child_table_find_pid(
    const struct store *store, const struct child_table *table, struct pid pid);

/* PID_NONE: it has none, and is not found by one. */
void child_table_set_pid(struct store *store, struct child_table *table,
    uint32_t ref, struct pid pid);

/* Frees every record. */
void child_table_release(struct store *store, struct child_table *table);
size_t child_table_footprint(
    const struct store *store, const struct child_table *table);

#endif
