/*
 * supervisor: a process that starts, watches, restarts and ends others.
 *
 * OTP's supervisor with all its strategies; its simple_one_for_one is called a
 * pool.  A supervisor is a native behaviour whose name is that of its
 * specification; a child names the behaviour that it runs, so a supervisor
 * below another is a child like any.  What it does is in child_spec.h.
 *
 * Requests are messages, sent by anyone; the answer is EVENT_SUPERVISOR_REPLY
 * to the sender.  While a supervisor starts or ends children it lets other
 * requests wait, but for those that only ask.
 */
#ifndef SWITCH_SUPERVISOR_H
#define SWITCH_SUPERVISOR_H

#include "switch/child_spec.h"

struct scheduler;
struct supervisor;

enum {
	/* Of a pool the body is the child's start event, its first 8 bytes the
	 * key, and if it is full the last 8 its starter (struct spawn); else a
	 * parcel, struct child_request_start. */
	EVENT_START_CHILD = 0xff20,
	/* struct child_request */
	EVENT_TERMINATE_CHILD,
	EVENT_RESTART_CHILD,
	EVENT_DELETE_CHILD,
	EVENT_COUNT_CHILDREN,
	EVENT_GET_CHILDSPEC,  /* a parcel, struct supervisor_reply_spec */
	EVENT_WHICH_CHILDREN, /* a parcel, struct supervisor_reply_list */
	EVENT_SUPERVISOR_REPLY
};

struct child_request {
	uint64_t key;	  /* comes back in the answer */
	struct pid child; /* of a pool */
	char id[CHILD_ID_MAX + 1];
};
_Static_assert(sizeof(struct child_request) <= MESSAGE_BODY, "fits a message");

struct child_request_start {
	uint64_t key;
	struct child_spec spec;
};

struct supervisor_count {
	uint64_t specs, active, supervisors, workers, restarts;
};

struct supervisor_reply {
	uint64_t key;
	struct pid child;     /* started, or in the way */
	struct reason reason; /* of SUPERVISOR_START_FAILED */
	uint16_t request;
	uint16_t error; /* enum supervisor_error */
	uint32_t specs, active, supervisors, workers;
};
_Static_assert(sizeof(struct supervisor_reply) <= MESSAGE_BODY, "as above");

struct supervisor_reply_spec {
	struct supervisor_reply head;
	struct child_spec spec;
};

/* PID_NONE: it does not run. */
struct child_entry {
	struct pid pid;
	char id[CHILD_ID_MAX + 1]; /* of a pool empty */
	uint8_t type;		   /* enum child_type */
	bool is_restarting;
	uint32_t restarts; /* by this supervisor */
};

/*
 * Newest first.  One answer holds at most CHILD_ENTRIES; the request names the
 * last child that is known (id, of a pool pid; none at first), and the list
 * begins with the one after it.
 */
enum { CHILD_ENTRIES = 1024 };
struct supervisor_reply_list {
	struct supervisor_reply head;
	uint32_t count;
	struct child_entry entries[];
};

/*
 * Adds a supervisor's behaviour to those of `scheduler`.  `spec` must outlive
 * it, and it its processes.  -ENOMEM; those of behaviours_add(); -EINVAL when
 * supervisor_spec_check(spec) says what is wrong.
 */
int supervisor_alloc(struct supervisor **ret_supervisor,
    struct scheduler *scheduler, const struct supervisor_spec *spec);
void supervisor_free(struct supervisor **supervisorp);

/* Starts the root of a tree: a supervisor without one of its own. */
int supervisor_start_root(
    struct scheduler *scheduler, const char *name, struct pid *ret_pid);

/*
 * Gives the running supervisor `pid`, and those that will be started, a new
 * specification, as OTP's code_change does: new flags apply, known children
 * keep their process under their new specification, new ones are added and
 * not started, missing ones stay.  On failure nothing has changed:
 *
 * -ESRCH, -ENOSPC; -EINVAL `pid` does not run `supervisor`, `spec` is faulty,
 * or a pool would become none or the reverse; -EAGAIN it starts or ends
 * children just now.
 */
int supervisor_change(struct supervisor *supervisor,
    struct scheduler *scheduler, struct pid pid,
    const struct supervisor_spec *spec);

/* -ESRCH, or -EINVAL for what is no supervisor. */
int supervisor_count_children(struct scheduler *scheduler, struct pid pid,
    struct supervisor_count *ret_count);
/* As EVENT_WHICH_CHILDREN: the first `max` after `after`; also -ENOENT. */
struct child_listing {
	struct child_request after;
	struct child_entry *entries;
	uint32_t max, count; /* count: how many it has found */
};
int supervisor_which_children(
    struct scheduler *scheduler, struct pid pid, struct child_listing *listing);
/* That of the id, of what is no pool; as above. */
int supervisor_find_child(struct scheduler *scheduler, struct pid pid,
    const char *id, struct child_entry *ret_entry);

#endif
