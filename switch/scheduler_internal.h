/*
 * Private to switch/: what a scheduler and its processes are made of.
 *
 * Every file that includes this one works on the same two structures; which
 * file may change which part is said at each.
 */
#ifndef SWITCH_SCHEDULER_INTERNAL_H
#define SWITCH_SCHEDULER_INTERNAL_H

#include "switch/ahead.h"
#include "switch/behaviour.h"
#include "switch/breaker.h"
#include "switch/capacity.h"
#include "switch/fault.h"
#include "switch/histogram.h"
#include "switch/log.h"
#include "switch/module.h"
#include "switch/noting.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "switch/store.h"
#include "switch/system.h"
#include "switch/verb.h"
#include "switch/wheel.h"
#include "switch/witness.h"

enum {
	OUTBOX_MAX = 256,      /* effects of one event */
	BATCH_EVENTS = 256,    /* between two looks at the clock */
	READY_AHEAD = 8,       /* measured: 16 is no better, 32 worse */
	MAILBOX_MAX = 1 << 20, /* messages; the sender then hears `full` */
	TYPES_MAX = 64,
	WORKERS_MAX = 4,
	NAMES_MAX = 1024
};

enum process_flags {
	PROCESS_TRAPS_EXIT = 1,
	PROCESS_QUEUED = 2,
	PROCESS_RESUMES = 4,
	PROCESS_BROKEN = 8,  /* a HOLDING_BREAK or breaker says how */
	PROCESS_FAILED = 16, /* at its start: the supervisor knows */
	PROCESS_BEQUEATHS = 32,
	PROCESS_KEEPS = 64, /* in a HOLDING_KEPT or several */
	PROCESS_NAMED = 128 /* the registry knows it */
};

/* System events that no one outside switch/ sees. */
enum { EVENT_START = 0xff30, EVENT_TERMINATE };

/* The header: 64 bytes, one cache line. */
struct process {
	uint32_t generation;
	uint16_t behaviour;
	uint8_t status, flags;
	struct pid supervisor;
	uint32_t mailbox_first;
	union {
		struct {
			uint32_t mailbox_last, mailbox_length;
		};
		struct reason reason; /* of one untold, process_end.c */
	};
	uint32_t holdings; /* ref of the first, holding.c */
	uint32_t state;	   /* ref */
	uint32_t next;	   /* slot: in the run queue, or of the free ones */
	uint32_t events;
	uint32_t pause_ns;
	uint16_t born : 10;    /* number of a behaviour */
	uint16_t tried : 5;    /* in vain, as it is, for that aim: retry.c */
	uint16_t by_other : 1; /* for the other of its unit, not itself */
	uint16_t upgrades;
	uint8_t faults, fault_limit;
	uint16_t is_untold : 1;	  /* stands in that list */
	uint16_t tells_asker : 1; /* of its start: struct spawn */
	uint16_t in_unit : 1;	  /* or has been, unit.c */
	uint16_t barred : 13;	  /* in the trial of that number, retry.c */
	uint32_t older, younger;  /* slots: siblings below one supervisor */
};
_Static_assert(sizeof(struct process) == STORE_HEADER, "one cache line");

/* What a verb has asked for, outbox.c. */
struct effect {
	uint8_t type;
	uint8_t which;
	uint16_t number;
	uint32_t a;
	uint64_t b;
};

/* Of a process, to another version: where its own leads, or by use_current. */
enum move { MOVE_NOT, MOVE_ON, MOVE_TO_CURRENT };

/* The event in hand, transaction.c; all zero between events. */
struct running {
	struct process *process;
	struct behaviour *behaviour;
	struct pid pid;
	uint32_t message; /* ref, taken out of the mailbox */
	void *state;	  /* what the handler works on */
	uint8_t move;	  /* enum move: what follows the event */
	bool exits, starts_later;
	bool keeps_message;   /* a native has taken it */
	uint8_t callback;     /* enum fault_callback */
	uint8_t waited;	      /* 1 and the state before it, retry.c; or 0 */
	struct reason reason; /* if it exits */
};

struct courier;
struct node;
struct worker;

struct slot_list {
	uint32_t first, last;
};

struct scheduler {
	unsigned int magic;
#define SCHEDULER_MAGIC 0x5c4ed01e
	enum pace pace;
	unsigned int number, schedulers;
	bool is_stuck; /* it has no memory for mail of another, courier.c */
	uint64_t now;  /* µs of the run */
	struct node *node;
	struct courier *courier;
	uint32_t unlinkings; /* begun so far, courier.c */
	struct store *store;
	struct behaviour_tally *tallies; /* its own, by behaviour */
	struct behaviour *behaviour;	 /* all of them, by number */
	struct behaviours *behaviours;	 /* these five are the node's */
	struct registry *registry;
	struct log *log;
	struct alarms *alarms;
	struct record_queue *records;
	struct fault *fault;
	void *office;
	const char *(*kind_name)(uint16_t kind);
	void (*warn)(void *arg, const char *text);
	void *warn_arg;

	struct self self;      /* the verbs' first argument */
	bool is_watched;       /* its events, by one of these two */
	struct shadow *shadow; /* that looks at its events, or NULL */
	witness_f *witness;    /* who is told of them, or NULL */
	void *witness_arg;
	breaker_f *breaker; /* who may break them, or NULL */
	void *breaker_arg;
	struct running running;
	/* code_change.c, while it converts: what the new state cannot hold, and
	 * the old one as code_change is given it. */
	uint8_t keep[BEHAVIOUR_STATE_MAX], was[BEHAVIOUR_STATE_MAX];
	unsigned int effects;
	struct effect outbox[OUTBOX_MAX];
	unsigned int batch_left;

	struct slot_list run_queue, free_slots; /* slots.c */
	struct slot_list untold;		/* process_end.c */
	struct belated *belated;		/* belated.c */
	uint32_t answers;			/* of jobs, worker.c */
	struct slot_list late;			/* messages, courier.c */
	/* Taken from the run queue, on their way into the caches. */
	unsigned int ready_next, ready_count;
	uint32_t ready[READY_AHEAD];
	uint32_t slots; /* of the table, used so far and slot 0 */
	uint64_t kept;	/* pieces of HOLDING_KEPT */
	/* By behaviour, who lives and is barred: in the trial `barred_in`. */
	uint32_t barred[BEHAVIOURS_MAX];
	uint16_t barred_in;
	uint32_t full_mailboxes; /* MAILBOX_MAX messages or more in each */
	struct capacity capacity;
	struct wheel wheel;
	scheduler_due_f *fetched; /* callbacks that `fetch` is for, ahead.c */
	ahead_fetch_f *fetch;
	struct scheduler_counts counts;
	struct histogram service; /* ns, of one event of each turn, loop.c */

	unsigned int effect_types, holding_types;
	struct effect_type effect_type[TYPES_MAX];
	scheduler_release_f *release[TYPES_MAX];
	struct scheduler_loop *loop; /* scheduler.c */
};

static inline struct process *
process_at(const struct scheduler *scheduler, uint32_t slot)
{
	return store_slot(scheduler->store, slot);
}

static inline uint32_t
process_slot(const struct scheduler *scheduler, const struct process *process)
{
	return (uint32_t)(process - process_at(scheduler, 0)) +
	    scheduler->number * STORE_SLOTS;
}

/* What it runs, which is in use as long as a process runs it. */
static inline struct behaviour *
process_behaviour(
    const struct scheduler *scheduler, const struct process *process)
{
	return &scheduler->behaviour[process->behaviour];
}

static inline struct message *
message_at(const struct scheduler *scheduler, uint32_t ref)
{
	return store_at(scheduler->store, ref);
}

static inline bool
scheduler_has_queue(const struct scheduler *scheduler)
{
	return scheduler->run_queue.first != 0 ||
	    scheduler->ready_next < scheduler->ready_count;
}

/* To be told when one of those who look at its events has come or gone. */
static inline void
scheduler_note_watchers(struct scheduler *scheduler)
{
	scheduler->is_watched =
	    scheduler->shadow != NULL || scheduler->witness != NULL;
}

/* Whether a process is ready to run, and may at this instant. */
static inline bool
scheduler_has_work(const struct scheduler *scheduler)
{
	return scheduler_has_queue(scheduler) &&
	    scheduler->capacity.busy_until <= scheduler->now;
}

/* process.c: also one that is VACANT. */
struct process *process_place(
    const struct scheduler *scheduler, struct pid pid);
/* NULL when that process is no more. */
struct process *process_find(const struct scheduler *scheduler, struct pid pid);
struct pid process_pid(
    const struct scheduler *scheduler, const struct process *process);
/* A line of one that runs that behaviour, now. */
struct log_entry process_entry(const struct scheduler *scheduler,
    enum log_level level, const struct behaviour *behaviour, struct pid pid);
/* Frees the name that it has, if it has one. */
void process_forget_name(struct scheduler *scheduler, struct process *process);
/* Puts a message at the end of its mailbox; frees it if `to` is no more. */
void process_deliver(
    struct scheduler *scheduler, struct pid to, uint32_t message);

/* spawn.c: the start of a child that another scheduler has ordered. */
struct cargo;
bool process_spawn_ordered(
    struct scheduler *scheduler, const struct cargo *order);

/*
 * process_end.c: as an exit signal of exit/2, or of the link whose bond is the
 * piece `bond`, which it takes.
 */
void process_signal(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason, uint32_t bond);
/* Begins its end: terminate() is its last event.  Of the one that runs, later:
 * when its event is over. */
void process_end(
    struct scheduler *scheduler, struct process *process, struct reason reason);
/* The same, of any. */
void process_terminate(
    struct scheduler *scheduler, struct process *process, struct reason reason);
/* Tells what could not be told before; false: nothing could be now. */
bool process_tell_untold(struct scheduler *scheduler);
/* Ends it now: names, holdings, links, monitors, memory. */
void process_finish(
    struct scheduler *scheduler, struct process *process, struct reason reason);
/* Ends what a process has left that will have no heir. */
void process_dissolve(
    struct scheduler *scheduler, struct pid pid, struct reason reason);
/* The start event `start` becomes the word of how it went: no memory. */
void process_tell_start(struct scheduler *scheduler, struct process *process,
    uint32_t start, uint16_t kind, struct reason reason);

/* slots.c: lists that run through the headers' `next`; 0 when it is empty. */
void slot_append(
    struct scheduler *scheduler, struct slot_list *list, uint32_t slot);
uint32_t slot_take_first(struct scheduler *scheduler, struct slot_list *list);
/* Takes out one that stands in it, wherever. */
void slot_remove(
    struct scheduler *scheduler, struct slot_list *list, uint32_t slot);
/* A free slot, its generation set, or 0; one that is free again. */
uint32_t slot_take(struct scheduler *scheduler);
void slot_give(struct scheduler *scheduler, uint32_t slot);
/* Puts it at the end of the run queue, unless it is there; takes it out. */
void process_make_ready(struct scheduler *scheduler, struct process *process);
void process_leave_queue(struct scheduler *scheduler, struct process *process);
/* The next one with mail, out of the run queue; NULL when there is none. */
struct process *process_take_ready(struct scheduler *scheduler);

/* transaction.c: up to so many events; the end of one that faulted. */
void transaction_batch(struct scheduler *scheduler, unsigned int events);
void transaction_fault(
    struct scheduler *scheduler, const struct fault_caught *caught);

/*
 * retry.c: of the event in hand, which has faulted on a release on trial and
 * is undone: whether its fallback has it now, as the next one of the process.
 */
bool retry_event(struct scheduler *scheduler, struct reason reason);
/* Whether a trial that goes on has barred it; whether the last one has. */
bool retry_is_barred(
    const struct scheduler *scheduler, const struct process *process);
bool retry_has_failed(
    const struct scheduler *scheduler, const struct process *process);
/* In the trial that goes on, for that error. */
void retry_bar(struct scheduler *scheduler, struct process *process, int error);
/* It could not go, as it is, where all else goes: it waits, unless barred. */
void retry_wait(struct scheduler *scheduler, struct process *process);
/* It is converted, or ends: it waits no longer, and no trial has barred it. */
void retry_leave(struct scheduler *scheduler, struct process *process);
bool retry_waits(
    const struct scheduler *scheduler, const struct process *process);
/* Before the event in hand, of one that waits: it may change the state. */
void retry_note_state(struct scheduler *scheduler);
/* Whether it could not go where all else goes, and no event was since. */
bool retry_is_in_vain(
    const struct scheduler *scheduler, const struct process *process);

/*
 * shadow.c, only while there is one: whether it looks at the event that is
 * about to be handled; that has been, and what its copy does; that was not.
 */
void shadow_open(struct scheduler *scheduler);
void shadow_try(struct scheduler *scheduler);
void shadow_close(struct scheduler *scheduler);

/* verb_words.c: verb_note() of what the verbs of module.h are asked. */
struct parcel_note {
	uint16_t kind;
	size_t size;
	uint64_t digest; /* of its bytes */
};
bool verb_note_send(struct self *self, int *ret_status, struct pid to,
    const struct message *message);
bool verb_note_parcel(struct self *self, int *ret_status, struct pid to,
    const struct parcel_note *parcel);
bool verb_note_peer(
    struct self *self, int *ret_status, const char *verb, struct pid peer);
bool verb_note_monitor(
    struct self *self, int *ret_status, struct pid peer, uint32_t monitor);
bool verb_note_exit(struct self *self, int *ret_status, struct reason reason);
/* It is started, or stopped where there is no delay. */
bool verb_note_timer(struct self *self, int *ret_status,
    struct event_timeout timer, const uint64_t *delay);

/* record.c: counts, logs and sends a fault; fills in module and time. */
struct fault_record;
struct reason record_reason(
    const struct behaviour *behaviour, const struct fault_caught *caught);
void record_send_fault(struct scheduler *scheduler,
    const struct behaviour *behaviour, struct fault_record *record);
/* That of the event in hand: what became of its process, and of itself. */
void record_event_fault(struct scheduler *scheduler, struct reason reason,
    bool resumes, bool is_retried);

/*
 * code_change.c: to `target`, as an event asked for it; 0 is nowhere.  To the
 * fallback of the release that it runs, whose event has faulted.
 */
int process_convert(
    struct scheduler *scheduler, struct process *process, uint16_t target);
int process_fall_back(struct scheduler *scheduler, struct process *process);
/* Without the other of its unit, which has not begun.  -EAGAIN. */
int process_change_alone(
    struct scheduler *scheduler, struct process *process, uint16_t target);
/*
 * keeping.c: what was kept when the process left the version `behaviour`, which
 * it comes back to: ref of the HOLDING_KEPT, or 0; and its bytes, or NULL.
 */
uint32_t keeping_find(const struct scheduler *scheduler,
    const struct process *process, uint16_t behaviour);
const uint8_t *keeping_bytes(const struct scheduler *scheduler, uint32_t ref);
/* One has left that behaviour, and is counted so: the last one here is told. */
void process_left(struct scheduler *scheduler, uint16_t behaviour);

/* system.c: whether the runtime obeys it, and not the module. */
static inline bool
system_is_request(uint16_t kind)
{
	return (uint16_t)(kind - EVENT_USE_CURRENT) <=
	    EVENT_CHANGE_CODE - EVENT_USE_CURRENT;
}
/* Obeys the message in hand; whether the process has more to do. */
bool system_handle(struct scheduler *scheduler);
/* As process_deliver, to one that is SUSPENDED. */
void system_deliver(
    struct scheduler *scheduler, struct process *process, uint32_t ref);

/* witness.c, only while there is one: of the event in hand; of another. */
void witness_tell(struct scheduler *scheduler, enum witness_moment moment,
    struct reason reason);
void witness_tell_conversion(
    struct scheduler *scheduler, const struct process *process);

/* event_word.c: what a message is called in the log: "timeout T301". */
const char *event_word(const struct scheduler *scheduler,
    const struct message *message, char *word, size_t size);
/* What the module that runs calls that timer: "T301". */
void timer_word(
    const struct scheduler *scheduler, uint16_t timer, char *word, size_t size);

/* outbox.c */
void outbox_commit(struct scheduler *scheduler);
void outbox_undo(struct scheduler *scheduler);

/* worker.c, for the loop: when the first answer is due; deliver those due. */
uint64_t worker_next(const struct worker *worker);
unsigned int worker_answer(struct worker *worker, uint64_t now);
/* scheduler.c: a worker enters and leaves the loop. */
int scheduler_add_worker(struct scheduler *scheduler, struct worker *worker);
void scheduler_remove_worker(
    struct scheduler *scheduler, struct worker *worker);
void scheduler_wake(struct scheduler *scheduler); /* from any thread */

#endif
