/*
 * scheduler: one thread that runs a share of the processes, event by event.
 *
 * It owns its store, its clock, the timing wheel, the run queue, the outbox
 * and one libevent base.  One turn: the mail of other schedulers; the run
 * queue, a bounded number of events each; due timers; one slice of a running
 * upgrade; answers of workers; then, when nothing is left to do at this
 * instant, the observer is asked, the clock moves (virtual: to the next thing
 * due; real: by itself) and the base is polled.
 *
 * A switch has one or several, that share nothing but the tables of behaviours
 * and of names and the event log (node.h).  The first is called home: the
 * observer, workers, and all that is no process, live there.  A process stays
 * where it was born; its pid says where.
 *
 * All functions but scheduler_stop() and scheduler_call_on() are for the
 * scheduler's own thread; for before it runs; or for home while the others
 * are halted.
 */
#ifndef SWITCH_SCHEDULER_H
#define SWITCH_SCHEDULER_H

#include "switch/behaviour.h"
#include "switch/log.h"
#include "switch/module.h"
#include "switch/verb.h"

struct event_base;
struct histogram;
struct registry;
struct scheduler;
struct store;
struct store_shortage;

enum pace { PACE_VIRTUAL, PACE_REAL };

/* In virtual time, fixed by decree (design 3). */
enum { SCHEDULER_SLICE_US = 50, SCHEDULER_JOB_US = 1000 };

struct scheduler_options {
	enum pace pace;
	unsigned int times; /* in real time: as fast as that; 0: once */
	size_t store_bytes; /* address space to reserve; 0: 64 GiB */
	/* A test's order to home's store, which outlives it; or NULL. */
	struct store_shortage *shortage;
	const char *log;	 /* path of the event log, or NULL */
	unsigned int schedulers; /* 0: one; at most SCHEDULERS_MAX */
	/* A name for a kind of message, for log and records; may be NULL. */
	const char *(*kind_name)(uint16_t kind);
	/*
	 * Hears, on a thread of its own, of what the machine has done to the
	 * run and so is not in the log: that the host held a scheduler up for
	 * longer than an event may.  May be NULL.
	 */
	void (*warn)(void *arg, const char *text);
	void *warn_arg;
};

/*
 * One, or several at once: *ret_scheduler is home.  -ENOMEM, or the -errno of
 * the log's path or of libevent.
 */
int scheduler_alloc(
    struct scheduler **ret_scheduler, const struct scheduler_options *options);
void scheduler_free(struct scheduler **schedulerp);

/*
 * In virtual time no time passes as long as there is something to do, so who
 * sends to himself without end would hold it for ever.  From now on a scheduler
 * that has handled more events than that in one instant, and a hundred for each
 * process that it has begun, is stalled.  0: none is.  For home, as is the
 * other: one that is stalled so, and which process is next there; or NULL.
 */
void scheduler_limit_instant(struct scheduler *home, uint64_t events);
struct scheduler *scheduler_endless(
    const struct scheduler *home, struct pid *ret_next);

/*
 * Runs it, and the others of its switch, each on a thread of its own until
 * scheduler_stop(); returns after those have ended.  -errno of
 * pthread_create(3).
 */
int scheduler_run(struct scheduler *scheduler);
void scheduler_stop(struct scheduler *scheduler);

/*
 * The observer hears, on the scheduler's thread, that nothing is left to do
 * at this instant.  Virtual time then goes on to the next thing due, but not
 * beyond the horizon; the horizon is what the observer has set last, and
 * starts at 0.  In real time the horizon is only when it wants to be asked
 * next.
 */
typedef void scheduler_settled_f(void *arg);
void scheduler_observe(
    struct scheduler *scheduler, scheduler_settled_f *settled, void *arg);
void scheduler_set_horizon(struct scheduler *scheduler, uint64_t at);
/*
 * For the observer, in virtual time: whether any has something due by then, µs
 * of the run.
 */
bool scheduler_is_due_by(const struct scheduler *home, uint64_t at);

/*
 * A slice of a running upgrade: called once a turn until it returns false.
 * NULL ends it.  In virtual time each takes SCHEDULER_SLICE_US.
 */
typedef bool scheduler_slice_f(void *arg);
void scheduler_set_slice(
    struct scheduler *scheduler, scheduler_slice_f *slice, void *arg);

/*--------------------------------------------------------------------
 * Several
 */

enum { SCHEDULERS_MAX = 64 };

unsigned int scheduler_number(const struct scheduler *scheduler); /* 0: home */
unsigned int scheduler_count(const struct scheduler *scheduler);
/* That of the same switch with the number `number`, below the count. */
struct scheduler *scheduler_peer(
    const struct scheduler *scheduler, unsigned int number);
struct scheduler *scheduler_home(const struct scheduler *scheduler);
/* That on which the process is, or would be. */
struct scheduler *scheduler_where(struct scheduler *scheduler, struct pid pid);

/*
 * Home only: returns when every other one stands still between two turns, and
 * then all that is theirs may be looked at and changed, until they are let go.
 * In virtual time the observer finds them so.  May be nested.  Whoever holds a
 * lock that a turn may want must not call it.
 */
void scheduler_halt_others(struct scheduler *home);
void scheduler_let_go(struct scheduler *home);
/* Meanwhile: whether nobody has anything left to do at this instant. */
bool scheduler_is_quiet(const struct scheduler *home);

/*
 * The attendant is called on the scheduler's thread, once in a turn, after any
 * thread has said that there is something for it: for what is no process.
 */
typedef void scheduler_attend_f(void *arg);
void scheduler_set_attendant(
    struct scheduler *scheduler, scheduler_attend_f *attend, void *arg);
void scheduler_call_on(struct scheduler *scheduler);

/*
 * Home only: calls retire(arg) there once no scheduler can still be in the
 * middle of a turn that began before: what nobody can find any more is then
 * used by nobody.  -ENOMEM.
 */
typedef void scheduler_retire_f(void *arg);
int scheduler_retire(
    struct scheduler *home, scheduler_retire_f *retire, void *arg);

/* Parts of it. */
uint64_t scheduler_now(const struct scheduler *scheduler); /* µs of the run */
enum pace scheduler_pace(const struct scheduler *scheduler);
/* How many times as fast as the machine's clock; 0: in virtual time. */
unsigned int scheduler_times(const struct scheduler *scheduler);
struct event_base *scheduler_base(struct scheduler *scheduler);
struct behaviours *scheduler_behaviours(struct scheduler *scheduler);
struct registry *scheduler_registry(struct scheduler *scheduler);
struct store *scheduler_store(struct scheduler *scheduler);
struct log *scheduler_log(struct scheduler *scheduler);
/* A line of no process, now. */
struct log_entry scheduler_entry(
    const struct scheduler *scheduler, enum log_level level);

/*
 * Home only, while the others are halted: how many events each scheduler can
 * handle in a second of virtual time.  0, as it is at first: they take none,
 * and one that is stalled goes on.
 */
void scheduler_set_capacity(struct scheduler *home, double per_second);

/*
 * Home only, while the others are halted: the scheduler handles no event and
 * converts nothing, until it is told that it shall again.  Timers and callbacks
 * come meanwhile, and what they send waits.
 */
void scheduler_stall(struct scheduler *scheduler, bool is_stalled);
bool scheduler_is_stalled(const struct scheduler *scheduler);
/*
 * The most that it was late, so far: a timer (in real time), or events that had
 * to wait while it was stalled or busy (scheduler_set_capacity()).
 */
uint64_t scheduler_late(const struct scheduler *scheduler);

/*
 * What verbs of the layers above work on (the exchange); one, set before
 * anything runs.
 */
void scheduler_set_office(struct scheduler *home, void *office);
void *scheduler_office(struct scheduler *scheduler);

/* A type of effect, or of thing held, for verb.h; at most 64 each. */
uint8_t scheduler_add_effect(
    struct scheduler *scheduler, const struct effect_type *type);
typedef void scheduler_release_f(
    struct scheduler *scheduler, struct pid holder, uint32_t id);
uint8_t scheduler_add_holding(
    struct scheduler *scheduler, scheduler_release_f *release);

/*
 * Calls `due(arg)` on the scheduler's thread once, at `at` µs of the run or
 * as soon after as it can: for terminals, traffic and the operator, which are
 * no processes.  Among equals, in the order of asking.  When the store is full
 * it waits in the host's memory; -ENOMEM when that is, too.
 */
typedef void scheduler_due_f(void *arg, uint64_t key);
int scheduler_at(struct scheduler *scheduler, uint64_t at, scheduler_due_f *due,
    void *arg, uint64_t key);

/* Counts over the whole run, of this scheduler. */
struct scheduler_counts {
	uint64_t events, sends, undelivered, timeouts, faults, spawned, exited,
	    restarts, refused; /* verbs and posts that were answered `full` */
};
const struct scheduler_counts *scheduler_counts(
    const struct scheduler *scheduler);
/* Steps of the host that have held it up; from any thread. */
uint64_t scheduler_hold_ups(const struct scheduler *scheduler);
/* The sum over all; as all that is theirs. */
struct scheduler_counts scheduler_sum(const struct scheduler *home);
/*
 * How long events took on the machine's clock, ns: in real time one of each
 * turn is measured, on all of them; adds to what is there.
 */
void scheduler_service(
    const struct scheduler *home, struct histogram *ret_service);

#endif
