/*
 * Private to switch/: a supervisor and those below it.
 *
 * The children of a supervisor are linked through their headers, so that a
 * member of a pool costs nothing but its process.  What the supervisor itself
 * remembers hangs on one holding of its process: it is freed with it, however
 * it ends.  Mail that it is too busy for waits there too.
 */
#ifndef SWITCH_FAMILY_H
#define SWITCH_FAMILY_H

#include "switch/child_table.h"
#include "switch/holding.h"

struct family {
	struct holding head; /* HOLDING_CHILDREN; count: of live children */
	uint32_t youngest;   /* slot */
	uint32_t postponed_first, postponed_last; /* refs of messages */
	uint32_t start; /* its start event, while it is not to be told yet */
	struct child_table table;
	struct restart_limit limit;
};

/* That of a supervisor; NULL of one who is none, or is no more. */
struct family *family_of(const struct scheduler *scheduler, struct pid pid);

/* Makes the running process a supervisor, or finds that it was.  NULL: full. */
struct family *family_found(
    struct scheduler *scheduler, struct process *process);

void family_enter(struct scheduler *scheduler, struct process *process);
void family_leave(struct scheduler *scheduler, struct process *process);

/* Ends them all: the youngest and its elders, whose parent is no more. */
void family_orphan(
    struct scheduler *scheduler, uint32_t youngest, struct reason reason);

/* `message` waits; the first that waits becomes the first of the mailbox. */
void family_postpone(
    struct scheduler *scheduler, struct family *family, uint32_t message);
void family_take_up(struct scheduler *scheduler, struct process *process,
    struct family *family);

/* What it has taken besides its own piece. */
void family_release(struct scheduler *scheduler, struct family *family);
size_t family_footprint(
    const struct scheduler *scheduler, const struct family *family);

#endif
