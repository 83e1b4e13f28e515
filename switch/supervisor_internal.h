/*
 * Private to switch/: what the files of the supervisor share.
 *
 *   supervisor.c      the behaviour: start, mail, stop
 *   supervisor_child.c  one child's process
 *   supervisor_task.c starting and ending of children, step by step
 *   restart.c         the end of a child, and what follows from it
 *   pool.c            the same for a pool
 *   administration.c  requests and their answers
 *   census.c          who stands below it
 *   supervisor_change.c  a new specification in place
 */
#ifndef SWITCH_SUPERVISOR_INTERNAL_H
#define SWITCH_SUPERVISOR_INTERNAL_H

#include "switch/family.h"
#include "switch/supervisor.h"

enum phase {
	PHASE_IDLE,
	PHASE_STARTING, /* children, from `cursor` to `last` */
	PHASE_ENDING,	/* children, from `cursor` back to `last` */
	PHASE_OVER
};
enum task {
	TASK_INIT,
	TASK_RESTART,
	TASK_START_CHILD,
	TASK_RESTART_CHILD,
	TASK_TERMINATE_CHILD,
	TASK_STOP
};
enum { TIMER_SHUTDOWN, TIMER_RETRY };
enum { EVENT_TRY_AGAIN = EVENT_PRIVATE };

/* Whom the answer to a request goes to. */
struct asker {
	struct pid pid;
	uint64_t key;
	uint16_t request;
};

struct supervisor { /* the host object: one per specification */
	unsigned int magic;
#define SUPERVISOR_MAGIC 0x50be1e5a
	const struct supervisor_spec *spec;
	struct module module;
};

/* The state of its process; its children are in its family. */
struct supervisor_state {
	struct supervisor_flags flags;
	struct child_spec template; /* of a pool */
	struct asker asker;	    /* of the task in hand */
	uint64_t restarts;
	struct reason reason;  /* why it stops, or its child is restarted */
	uint32_t cursor, last; /* refs of children */
	uint32_t failed;       /* the child of TASK_RESTART */
	uint32_t strays[REASON_FAULT + 1]; /* pool: ends not asked for */
	struct pid ending; /* pool: the child of TASK_TERMINATE_CHILD */
	uint8_t phase, task;
	bool has_started;
};

/* One event of one supervisor: what every function below needs. */
struct hand {
	struct self *self;
	struct scheduler *scheduler;
	struct store *store;
	struct family *family;
	struct child_table *table;
	struct supervisor_state *state;
	struct pid pid;
	const char *name;
};

static inline const struct child_spec *
spec_of(const struct hand *hand, const struct child *child)
{
	return child->is_member ? &hand->state->template : &child->as.spec;
}

static inline bool
is_pool(const struct hand *hand)
{
	return hand->state->flags.strategy == STRATEGY_POOL;
}

/* supervisor.c: begins its end, unless it has begun. */
void supervisor_stop(struct hand *hand, struct reason reason);
/* Nobody is left below it: ends. */
void supervisor_over(struct hand *hand);
void supervisor_started(struct hand *hand);
void supervisor_postpone(struct hand *hand);
/*
 * As process_send(), but the event in hand becomes the message unless it is
 * kept: what was asked is answered also when no memory is left.
 */
int supervisor_send(struct hand *hand, struct pid to, uint16_t kind,
    const void *body, size_t length);
bool supervisor_is(
    const struct scheduler *scheduler, const struct process *process);
/* Whether it is one, and takes its children down to end itself. */
bool supervisor_is_stopping(
    const struct scheduler *scheduler, const struct process *process);

/* supervisor_child.c */
/* A line of the log, as OTP's reports: `child` may be "". */
struct log_entry supervisor_entry(
    const struct hand *hand, enum log_level level);
void supervisor_report(struct hand *hand, const char *what, const char *child,
    struct pid pid, struct reason reason);
void supervisor_exit_child(
    struct hand *hand, struct pid pid, enum reason_kind kind);
/* Under the pid `inherits` if that one has left an estate.  -errno. */
int supervisor_spawn(struct hand *hand, const struct child_spec *spec,
    const struct message *start, struct pid inherits, struct pid *ret_pid);
/* Tells a child to end as its specification says. */
void supervisor_shut_down(
    struct hand *hand, const struct child_spec *spec, struct pid pid);

/* supervisor_task.c */
void task_start(struct hand *hand, enum task task, uint32_t from, uint32_t to);
void task_end(struct hand *hand, enum task task, uint32_t from, uint32_t to);
/* Does what can be done now; called once after every event. */
void task_go_on(struct hand *hand);
/* The child at the cursor has started, will not, or has ended. */
void task_child_started(struct hand *hand, uint32_t ref);
void task_child_failed(struct hand *hand, uint32_t ref, struct reason reason);
void task_child_ignored(struct hand *hand, uint32_t ref);
void task_child_ended(struct hand *hand, uint32_t ref, struct reason reason);
void task_timed_out(struct hand *hand);

/* restart.c: of children with a specification, otp.md 1.6 to 1.20. */
void restart_child_ended(struct hand *hand, uint32_t ref, struct reason reason);
bool restart_is_wanted(enum restart_type type, struct reason reason);
/* Counts one restart; false: it has given up, and stops. */
bool restart_is_allowed(struct hand *hand, struct child *child);
/* For the database; new_pid PID_NONE: given up. */
void restart_record(
    struct hand *hand, const struct child *child, struct pid new_pid);
/* Its start has failed: again later. */
void restart_later(struct hand *hand, uint32_t ref, struct reason reason);
void restart_try_again(struct hand *hand, const struct message *event);
void restart_retry_due(struct hand *hand);
/* The retries of a start are over: it came, or nobody waits for it. */
void restart_settled(struct hand *hand, struct child *child);

/* pool.c */
void pool_start_child(struct hand *hand, const struct message *request);
void pool_started(struct hand *hand, const struct event_started *started);
void pool_failed(struct hand *hand, const struct event_started *started);
void pool_child_ended(struct hand *hand, struct pid pid, struct reason reason);
void pool_terminate_child(
    struct hand *hand, const struct asker *asker, struct pid pid);
void pool_restart(struct hand *hand, uint32_t ref);
void pool_timed_out(struct hand *hand);
void pool_stop(struct hand *hand);

/* administration.c */
bool administration_handle(struct hand *hand, const struct message *request);
void administration_reply(struct hand *hand, const struct asker *asker,
    enum supervisor_error error, struct pid child, struct reason reason);

/* census.c */
struct supervisor_count census_count(const struct hand *hand);
/* `entries` may be NULL: only counts.  -ENOENT `after` is none of them. */
int census_list(const struct hand *hand, const struct child_request *after,
    struct child_entry *entries, uint32_t max, uint32_t *ret_count);
/* From outside its events.  -ESRCH, -EINVAL it is no supervisor. */
int supervisor_look(
    struct scheduler *scheduler, struct pid pid, struct hand *ret_hand);

#endif
