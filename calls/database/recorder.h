/*
 * recorder: the native process that every record is sent to.
 *
 * It takes parcels of kind RECORD_*, puts them in a queue, and gives batches
 * to the writer's thread (writer.h); a record leaves the queue when its commit
 * is known.  The queue outlives the process, so that one that is killed loses
 * nothing.  Registered as `recorder` by its supervisor.
 */
#ifndef CALLS_DATABASE_RECORDER_H
#define CALLS_DATABASE_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls/database/harm.h"
#include "switch/module.h" /* struct pid */

struct recorder;
struct row_type;
struct scheduler;

struct run_row {	  /* what `run` says of a run, known at its start */
	const char *path; /* of the database */
	const char *scenario, *question;
	uint64_t seed;
	const char *pace; /* "virtual", "real" */
};

/*
 * Opens or makes the database at run->path and adds the behaviour `recorder`.
 * Fails without having made or changed anything:
 *
 * -EINVAL   it is no database, belongs to another program or is newer
 * -errno    it cannot be opened
 * with one clause in `why` (size bytes).
 */
int recorder_alloc(struct recorder **ret_recorder, struct scheduler *scheduler,
    const struct run_row *run, char *why, unsigned int size);

/* Waits for what is queued, closes; the run's row gets its end first. */
void recorder_free(struct recorder **recorderp);

/*
 * Makes a further kind of record known, before anything runs: its type must
 * outlive the recorder.  -EINVAL when its columns are not those of the file,
 * with the cause in recorder_error(); -EEXIST; -ENOSPC.
 */
int recorder_add_type(struct recorder *recorder, const struct row_type *type);

/*
 * The number of this run in table `run`: 0 before its first commit, known
 * after recorder_flush() if there was a record, after recorder_finish() always.
 */
int64_t recorder_run(const struct recorder *recorder);

struct call_event;
/*
 * The events of a call that lies on its shelf: it is not known yet whether they
 * will be kept.
 */
void recorder_look(const struct recorder *recorder, uint64_t call,
    void (*give)(void *arg, const struct call_event *event), void *arg);

/* Records taken so far, and those not yet known to be committed. */
uint64_t recorder_taken(const struct recorder *recorder);
uint64_t recorder_waiting(const struct recorder *recorder);
uint64_t recorder_cdrs(const struct recorder *recorder); /* CDRs taken */
/*
 * Records that have been sent and not taken: it is behind.  For home.  And of
 * those of one kind all, also on their way from another scheduler: while the
 * others are halted.
 */
uint64_t recorder_behind(const struct recorder *recorder);
uint64_t recorder_to_come(const struct recorder *recorder, uint16_t kind);

/*
 * How it stands with the file: `waiting` after a failure that may pass by
 * itself, `down` while the alarm stands.
 */
#define ALARM_DATABASE_DOWN	   "database-down"
#define RECORDER_CONDITIONS(X)	   X(ok) X(waiting) X(down)
#define RECORDER_CONDITION(symbol) RECORDER_##symbol,
enum recorder_condition { RECORDER_CONDITIONS(RECORDER_CONDITION) };
#undef RECORDER_CONDITION
enum recorder_condition recorder_condition(const struct recorder *recorder);
const char *recorder_condition_word(enum recorder_condition condition);

/*
 * How many records may wait, taken or not, and of how many calls there is still
 * room for them: for the gate, which closes when that is no more than the calls
 * that live, so that each can still write its own.  A call has a CDR and a leg,
 * or a few more.  recorder_room() is for home.
 */
enum { RECORDER_RESERVE = 1 << 24, RECORDS_OF_A_CALL = 2 };
void recorder_set_reserve(struct recorder *recorder, uint64_t records);
uint64_t recorder_room(const struct recorder *recorder);

/*
 * What is kept where that is a choice: the events of no call, of those that
 * have failed, or of all (call_event.h).  How many were left out, since there
 * was no room for them.
 */
#define RECORDER_EVENTS(X)     X(off) X(failed) X(all)
#define RECORDER_EVENT(symbol) RECORDER_##symbol,
enum recorder_events { RECORDER_EVENTS(RECORDER_EVENT) RECORDER_EVENTS_COUNT };
#undef RECORDER_EVENT
const char *recorder_events_word(enum recorder_events events);
void recorder_set_events(
    struct recorder *recorder, enum recorder_events events);

/* For scenarios: harm.h.  -EBUSY; -errno, the cause in recorder_error(). */
int recorder_harm(struct recorder *recorder, enum harm harm);
void recorder_heal(struct recorder *recorder);

/*
 * For the audit, after a flush: keys met twice with different values, and
 * records that could not be taken (no memory, no such type, a wrong size).
 */
uint64_t recorder_conflicts(const struct recorder *recorder);
uint64_t recorder_missing(const struct recorder *recorder);

/*
 * Takes a record of that kind as if it had come as a parcel, from the host, on
 * the scheduler's thread and between two events.  -ENOMEM; -EINVAL.
 */
int recorder_take(
    struct recorder *recorder, uint16_t kind, const void *bytes, size_t size);

/* The same where nobody could do anything about it: one that cannot be taken
 * is missing. */
void recorder_keep(void *arg, uint16_t kind, const void *bytes, size_t size);

/*
 * Commits all that was taken before it returns: 0, or -EIO with the cause in
 * recorder_error().
 */
int recorder_flush(struct recorder *recorder);
const char *recorder_error(const struct recorder *recorder);

/* The run has come to nothing: what waits is not written. */
void recorder_discard(struct recorder *recorder);

/*
 * The row of a call of this run, as columns: calls `column` for each in the
 * order of the table.  -ESRCH if there is none.  Flushes first.
 */
typedef void recorder_column_f(
    void *arg, const char *name, const char *value, int is_number);
int recorder_cdr(struct recorder *recorder, uint64_t call,
    recorder_column_f *column, void *arg);
/* Likewise of its leg of that number, from 1. */
int recorder_leg(struct recorder *recorder, uint64_t call, unsigned int leg,
    recorder_column_f *column, void *arg);

/* How many CDRs of this run the file has. */
int recorder_count_cdrs(struct recorder *recorder, uint64_t *ret_count);
/*
 * The first call of this run whose legs are not as many as its record says, or
 * do not come to its pulses and its charge; 0: there is none.  And gives what
 * the legs of each account come to.  Each flushes first.
 */
int recorder_find_amiss(struct recorder *recorder, uint64_t *ret_call);
typedef void recorder_account_f(
    void *arg, const char *account, uint64_t charge_micro);
int recorder_accounts(
    struct recorder *recorder, recorder_account_f *give, void *arg);

/* A contained fault, as far as it is known to which call it came. */
struct recorded_fault {
	uint64_t at;   /* µs of the run */
	uint64_t call; /* its number; 0: it has no record, or was no call */
	struct pid pid;
	const char *module, *version, *event, *reason;
};

typedef void recorder_fault_f(void *arg, const struct recorded_fault *fault);
/* Gives every fault of this run, in their order.  Flushes first. */
int recorder_faults(
    struct recorder *recorder, recorder_fault_f *give, void *arg);

/* A restart (of `name` below `object`), or an alarm that was raised. */
struct recorded_event {
	uint64_t at; /* µs of the run */
	const char *name, *object, *text;
};

typedef void recorder_event_f(void *arg, const struct recorded_event *event);
/* Each gives every one of this run, in their order.  Flushes first. */
int recorder_restarts(
    struct recorder *recorder, recorder_event_f *give, void *arg);
int recorder_alarms(
    struct recorder *recorder, recorder_event_f *give, void *arg);

/* A call that an upgrade could not take along: a row of upgrade_failure. */
struct recorded_straggler {
	uint64_t upgrade; /* its number */
	uint64_t call;	  /* 0: not known */
	const char *kind, *version, *state, *text;
};

typedef void recorder_straggler_f(
    void *arg, const struct recorded_straggler *straggler);
/*
 * Gives the first `most` of each upgrade of this run, what was but rehearsed
 * behind the others.  Flushes first.
 */
int recorder_stragglers(struct recorder *recorder, unsigned int most,
    recorder_straggler_f *give, void *arg);

/*
 * The release of `module` that was made permanent last, by whichever run:
 * what a new start begins with.  -ENOENT none was.  Flushes first.
 */
int recorder_permanent(
    struct recorder *recorder, const char *module, char *version, size_t size);

/* Attempts that the gate refused before there was a call; for ABR. */
void recorder_set_gapped(struct recorder *recorder, uint64_t gapped);

/*
 * The verdict, and A-rows, of the run; one row in `audit` each, where one that
 * was broken once stays broken.  -EIO as recorder_flush().
 */
int recorder_finish(struct recorder *recorder, const char *result,
    uint64_t virtual_us, uint64_t wall_us, unsigned int failures);
int recorder_audit(
    struct recorder *recorder, const char *row, int holds, const char *text);

#endif
