/*
 * supervisor: a process that starts, watches, restarts and ends others.
 *
 * OTP's supervisor with strategy one_for_one, and its simple_one_for_one as
 * `pool`.  A supervisor is a native behaviour whose name is that of its
 * specification; a child names the behaviour that it runs, so a supervisor
 * below another is a child like any.  It waits for each child's `started`
 * before it starts the next.
 */
#ifndef SWITCH_SUPERVISOR_H
#define SWITCH_SUPERVISOR_H

#include "switch/module.h"
#include "switch/process.h"

struct scheduler;

enum restart_type { RESTART_PERMANENT, RESTART_TRANSIENT, RESTART_TEMPORARY };
enum {
	SUPERVISOR_CHILDREN_MAX = 16,
	SUPERVISOR_INTENSITY_MAX = 64,
	SHUTDOWN_INFINITY = -1
};

struct child_spec {
	const char *id;	       /* unique below its supervisor */
	const char *behaviour; /* name: each start takes the current version */
	enum restart_type restart;
	int shutdown_ms; /* 0: brutal kill; SHUTDOWN_INFINITY; OTP: 5000 */
	enum on_fault on_fault;
	uint8_t fault_limit;
	bool traps_exit;
	bool is_registered; /* under its id */
};

struct supervisor_spec {
	const char *name;
	unsigned int intensity; /* OTP: 1 */
	unsigned int period_s;	/* OTP: 5 */
	bool is_pool;		/* one template, children by request */
	unsigned int count;
	const struct child_spec *children;
};

/* To a pool, by anyone: the body is the child's start event. */
/* Answer: EVENT_CHILD_STARTED, event_started; or EVENT_CHILD_FAILED. */
enum { EVENT_START_CHILD = 0xff20, EVENT_CHILD_STARTED, EVENT_CHILD_FAILED };
struct event_child_failed {
	uint64_t key;
	struct reason reason;
};

struct supervisor;

/*
 * Adds a supervisor's behaviour to those of `scheduler`.  `spec` must outlive
 * it, and it its processes.  -ENOMEM; those of behaviours_add(); and
 *
 * -EINVAL   no or too many children, a pool without exactly one or whose
 *           children are not temporary, an empty or doubled id, no behaviour,
 *           a period of 0, an intensity over SUPERVISOR_INTENSITY_MAX
 */
int supervisor_alloc(struct supervisor **ret_supervisor,
    struct scheduler *scheduler, const struct supervisor_spec *spec);
void supervisor_free(struct supervisor **supervisorp);

/* Starts the root of a tree: a supervisor without one of its own. */
int supervisor_start_root(
    struct scheduler *scheduler, const char *name, struct pid *ret_pid);

struct supervisor_count {
	uint64_t active, restarts;
};
/* -ESRCH, or -EINVAL for what is no supervisor. */
int supervisor_count_children(struct scheduler *scheduler, struct pid pid,
    struct supervisor_count *ret_count);

#endif
