/*
 * process: an object with a pid, a mailbox, a behaviour and a state.
 *
 * Erlang's semantics of spawn, send, link, monitor and exit signals
 * (ref_man_processes); the module's own verbs are in module.h, here is what
 * the host may do to a process from outside any event.
 */
#ifndef SWITCH_PROCESS_H
#define SWITCH_PROCESS_H

#include "switch/module.h"

struct behaviour;
struct scheduler;

enum on_fault { ON_FAULT_EXIT, ON_FAULT_RESUME };
enum process_status {
	PROCESS_FREE,
	PROCESS_STARTING,
	PROCESS_RUNNING,
	PROCESS_ENDING,
	/* From here on mail alone does not make it run. */
	PROCESS_SUSPENDED, /* system.h */
	PROCESS_VACANT,	   /* no process: what one has left to its heir */
	PROCESS_UNTOLD	   /* no process: its supervisor does not know yet */
};

/*
 * To the supervisor, about the start of a child.  Its later end comes as
 * EVENT_EXIT.
 */
enum { EVENT_STARTED = 0xff10, EVENT_START_FAILED };
struct event_started {
	uint64_t key; /* the first 8 bytes of the start event */
	struct pid pid, requester;
	struct reason reason; /* of EVENT_START_FAILED; normal: ignored */
};

/* A native's init() says so when it will tell of its start itself. */
enum { INIT_STARTS_LATER = 1 };

struct spawn {
	uint16_t behaviour;
	uint8_t on_fault;    /* enum on_fault */
	uint8_t fault_limit; /* faults resumed before it must exit */
	bool traps_exit;
	/*
	 * Its supervisor, a pool, has nothing to note of its start: the answer
	 * goes to who asked, in the pool's name.
	 */
	bool tells_asker;
	uint8_t scheduler;     /* where; 0: here, and it must be without heir */
	struct pid inherits;   /* of the same supervisor, or PID_NONE */
	struct pid supervisor; /* linked to it; PID_NONE: the root */
	struct pid requester;  /* who asked the supervisor, or PID_NONE */
	/* In whose version it will be, and with whom it is one unit; or NONE.
	 */
	struct pid starter;
	const char *name;  /* to be registered, or NULL */
	const void *start; /* body of its start event */
	size_t length;	   /* at most MESSAGE_BODY */
};

/*
 * Makes a process whose first event is its start: init() runs in its own
 * turn, then its supervisor gets EVENT_STARTED, or EVENT_START_FAILED.
 * -ENOSPC no room; -EEXIST the name is taken; -EINVAL no such behaviour.
 *
 * With a starter the two are one unit from then on: of one version, converted
 * together or not at all.  When the child ends, the starter gets its DOWN under
 * the number MONITOR_UNIT.  -ESRCH the starter does not live here; -EBUSY it
 * has such a child; -EINVAL it is of another module.
 */
int process_spawn(struct scheduler *scheduler, const struct spawn *spawn,
    struct pid *ret_pid);

/* The host object of the native that runs, as it was added with it. */
void *process_context(struct self *self);

/* A message from outside any process.  -ESRCH no such process; -ENOSPC. */
int process_post(struct scheduler *scheduler, struct pid to, uint16_t kind,
    const void *body, size_t length);

/* As process_post, with a parcel. */
int process_post_parcel(struct scheduler *scheduler, struct pid to,
    uint16_t kind, const void *bytes, size_t size);

/* An exit signal as exit/2 sends it, from `from`. */
void process_exit_signal(struct scheduler *scheduler, struct pid from,
    struct pid to, struct reason reason);

bool process_is_alive(struct scheduler *scheduler, struct pid pid);

/* The number of the scheduler that it is, or was, with. */
static inline unsigned int
pid_scheduler(struct pid pid)
{
	return pid.slot >> 24;
}

struct process_info {
	struct pid pid, supervisor;
	uint16_t behaviour, born; /* now, and at its start */
	uint8_t status, on_fault;
	uint16_t faults, upgrades;
	uint32_t mailbox; /* messages waiting */
	uint32_t events;  /* handled so far */
	uint32_t state_size;
	uint32_t pause_us; /* sum over its conversions, CPU time */
	/*
	 * Why it is not where it should be (retry.c).  Barred: from a release
	 * that is on trial; failed: so it is, or was by the last trial, and has
	 * not been converted since; pinned: it was tried, and waits for its
	 * next event; by_other: for the sake of the other of its unit.
	 */
	bool is_barred, has_failed, is_pinned, by_other;
	const void *state; /* until the next event only */
};

/* -ESRCH. */
int process_info(
    struct scheduler *scheduler, struct pid pid, struct process_info *ret_info);

/*
 * How many messages of that kind it has not been given yet: in its mailbox, or
 * on their way from another scheduler.  While the others are halted.
 */
uint64_t process_awaits(
    struct scheduler *scheduler, struct pid pid, uint16_t kind);

/* The other of its unit; PID_NONE: it is on its own. */
struct pid process_partner(struct scheduler *scheduler, struct pid pid);

/* What it is doing: starting, running, waiting (for mail) ... */
const char *process_status_word(const struct process_info *info);

/* Its registered name, of 32 bytes; false: it has none, or is no more. */
bool process_name(struct scheduler *scheduler, struct pid pid, char *ret_name);

/*
 * The next live process at or after *cursor, which is moved on; start at 0.
 * false at the end.  Births and deaths between two calls are allowed.
 */
bool process_next(
    struct scheduler *scheduler, uint32_t *cursor, struct pid *ret_pid);
/*
 * Likewise, but looks at no more than *looks places, of which most may be
 * empty after a busy hour, and takes from it how many it has looked at.  false
 * and none left: it goes on from *cursor.
 */
bool process_next_of(struct scheduler *scheduler, uint32_t *cursor,
    uint32_t *looks, struct pid *ret_pid);

/*
 * Converts the process, which must be between two events, to `behaviour`.
 * 0; -ESRCH; -EPERM it is barred from that release, which is on trial; or what
 * the converter says, and then nothing has changed.
 */
int process_change_code(
    struct scheduler *scheduler, struct pid pid, uint16_t behaviour);

/*
 * That error as a clause about the process; -ECANCELED is an event that has
 * faulted on a release on trial, -ETIMEDOUT a conversion that has come to its
 * end, but too slowly.  And whether it is one for which such a
 * release bars whoever it cannot have.
 */
const char *process_change_why(int error);
bool process_change_is_failure(int error);

/*
 * For a rehearsal: as process_change_code, but of one state, wherever it lies,
 * and nothing is counted, recorded or changed.  What comes of it lies in
 * change->new_state until the next event or conversion.  0; what the converter
 * says; -EROFS code_change writes to the old state; or -EFAULT, -ETIME (it has
 * taken all of its time), then change->checks tells whether it was the check.
 * *ret_fault is the last fault, also where 0 comes of the plan without its
 * code_change: change->skips_hook, which may be asked for at once.
 */
struct state_change;
int process_try_change(struct scheduler *scheduler, struct state_change *change,
    struct reason *ret_fault);
/* What it will get back when it returns to `behaviour`; or NULL. */
const uint8_t *process_kept(
    struct scheduler *scheduler, struct pid pid, uint16_t behaviour);

/* The number of a timer of its that runs, from `first` to below `end`; or -1.
 */
int process_timer(
    struct scheduler *scheduler, struct pid pid, uint16_t first, uint16_t end);

/* How many that run `behaviour` here are as has_failed of process_info says. */
uint64_t process_failed(const struct scheduler *scheduler, uint16_t behaviour);

/*
 * Forgets all of that: the way back is no longer wanted.  Whether there was
 * any.  And how many pieces there are on this scheduler.
 */
bool process_let_go(struct scheduler *scheduler, struct pid pid);
uint64_t process_pieces_kept(const struct scheduler *scheduler);

/* Adds to the pause of a process that process_info() tells. */
void process_add_pause(
    struct scheduler *scheduler, struct pid pid, uint64_t cpu_ns);

/*
 * Breaks, for tests and scenarios, the next `count` events of the process, of
 * kind `kind` or (0) of any: the handler runs, then the machine faults.
 */
enum fault_way {
	FAULT_CRASH,
	FAULT_ABORT,
	FAULT_DIVIDE,
	FAULT_OVERRUN,
	FAULT_LOOP
};
int process_break(struct scheduler *scheduler, struct pid pid, uint16_t kind,
    enum fault_way way, uint32_t count);

/* What a description of a reason needs: "normal", "SIGSEGV at +0x1a2" ... */
const char *reason_text(struct reason reason, char *text, size_t size);

#endif
