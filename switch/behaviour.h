/*
 * behaviour: the code that processes run, by number, and which is current.
 *
 * A behaviour is one version of a module (loaded, transactional, upgradable
 * live) or a native (linked in, run in place).  A process header holds the
 * number, never a pointer.  Number 0 is nobody's.  Of the behaviours with one
 * name exactly one is current: a process born by name, or that asks for
 * use_current, gets that one.
 *
 * One table serves all schedulers of a switch.  It is changed by the thread of
 * home alone; any thread reads it, without a lock.  What processes do to the
 * counts, each scheduler writes into a tally of its own; they are summed when
 * somebody asks.
 *
 * A release may be on trial.  Until it is permanent or taken back it has a
 * fallback: the version that is given an event that faults on it (retry.c).
 * The process stays there, barred from the release for the rest of the trial.
 * Trials have numbers, so that the bars of one mean nothing in the next.
 *
 * Not here: loading and closing of files (upgrade/code.c) and the making of
 * conversion plans (upgrade/conversion.c).
 */
#ifndef SWITCH_BEHAVIOUR_H
#define SWITCH_BEHAVIOUR_H

#include <stdatomic.h>

#include "switch/module.h"
#include "switch/state_copy.h"

enum {
	BEHAVIOURS_MAX = 1024,
	BEHAVIOUR_STATE_MAX = 8192,
	BEHAVIOUR_FOREIGN = 32
};

/*
 * What may change while others read: `module`, NULL unless it is loaded,
 * `target`, `fallback`, `canary` and what is foreign to it.  All else is
 * written before a process can run it.
 */
struct behaviour {
	const struct module *_Atomic module;
	/* What each event needs of the module, one look away and not two. */
	void (*handle)(struct self *, void *, const struct message *);
	uint32_t state_size;
	uint16_t id;
	_Atomic uint16_t target; /* its processes go there; or 0 */
	_Atomic uint16_t foreign_count;
	bool native;
	/*
	 * Its events depend on the world outside (a database that another
	 * program holds): left out of the event log, which must not.
	 */
	bool is_unlogged;
	uintptr_t image, image_size; /* where its code lies; 0: linked in */
	union {
		void *context;		  /* of a native: its host object */
		state_copy_f *copy_state; /* of a module, for that size */
	};
	/*
	 * While it is on trial: whose is an event that faults here; else 0.
	 * Set within a trial, behaviours_begin_trial().
	 */
	_Atomic uint16_t fallback;
	/*
	 * While another version is tried on a few: that version, which the
	 * converter may choose for a birth that would belong here; else 0.
	 */
	_Atomic uint16_t canary;
	/* How often its code_change has not come to its end on the way down. */
	_Atomic uint16_t stuck;
	/*
	 * Kinds of private messages that another version of it has and this
	 * one lacks.  Only added to, by home: first the kind, then the count.
	 */
	uint16_t foreign[BEHAVIOUR_FOREIGN];
#ifdef HOTSWITCH_HARD
	const void *hard; /* what the converter exercises its states with */
#endif
	char name[32], version[32]; /* kept when it is unloaded */
};

/* Over the whole run, also before it was last added. */
struct behaviour_counts {
	uint64_t holders; /* live processes that run it */
	/*
	 * Of processes, in this version; one whose init() has faulted on a
	 * release on trial is born there, and lives in the one before.
	 */
	uint64_t births, ends;
	uint64_t faults;
	uint64_t conversions; /* processes that came to it converted */
	uint64_t events;      /* that it was given, with those that faulted */
	uint64_t retried;  /* of those, the ones that its fallback then had */
	uint64_t unknown;  /* messages of kinds that only other versions have */
	uint64_t unborn;   /* of the births, those that `init` refused */
	uint64_t given_up; /* ended by themselves, for no normal reason */
};

/*
 * The counts of one behaviour on one scheduler, whose thread alone writes
 * them; whole cache lines, so that no two schedulers write into the same, and
 * in the first what events count.
 */
struct behaviour_tally {
	_Atomic uint64_t holders, births, ends, faults, conversions, events,
	    retried, unknown;
	_Alignas(64) _Atomic uint64_t unborn;
	_Atomic uint64_t given_up;
};
_Static_assert(sizeof(struct behaviour_tally) == 128, "two cache lines");

/*
 * One writer: no need for a locked addition.  Relaxed: a count says nothing
 * about other memory, and who wants several to fit together halts the writers.
 */
static inline void
tally_add(_Atomic uint64_t *count, uint64_t difference)
{
	atomic_store_explicit(count,
	    atomic_load_explicit(count, memory_order_relaxed) + difference,
	    memory_order_relaxed);
}

/* One state on its way from one version to another. */
struct state_change {
	const struct behaviour *from, *to;
	const void *old_state;
	void *new_state;	/* zeroed, of the target's size */
	const uint8_t *restore; /* kept when it left `to`; NULL: nothing */
	uint8_t *keep; /* room for BEHAVIOUR_STATE_MAX: what `to` cannot hold */
	uint32_t kept; /* bytes of that */
	/* Timers from the one to below the other, which `to` does not know. */
	uint16_t lost_timer, lost_end;
	/* For the sake of a fault: who has the code_change, and if `to` checks.
	 */
	const struct behaviour *hook; /* or NULL */
	bool checks;
	/*
	 * On the way down a hook that faults is skipped (design 4): whether
	 * there is one that may be, and whether it is, for then.
	 */
	bool may_skip_hook, skips_hook;
};

/* A process that is about to be of another version; it has its old state. */
struct departure {
	unsigned int scheduler;
	uint16_t from, to;
	const void *state;
};

/*
 * What turns a state of one version into that of another.  Installed once by
 * upgrade/; called by the scheduler between two events of a process.
 */
struct converter {
	void *arg;
	/*
	 * Fills new_state, keep and kept.  0; -EDOM when the state has no
	 * image there (the process is pinned); -EBADMSG when the result is
	 * refused; -ENOENT when no plan leads there.
	 */
	int (*convert)(void *arg, struct state_change *change);
	/* Told of each attempt that an event or use_current caused. */
	void (*attempted)(
	    void *arg, struct pid pid, int result, uint64_t cpu_ns);
	/*
	 * Told of each process that goes to another version, of both of a
	 * unit.  On the thread of the scheduler that has it, as the next.
	 */
	void (*goes)(void *arg, const struct departure *departure);
	/*
	 * Told of each process that has just been barred from the release on
	 * trial, for `error`, as process_change_why() takes it.
	 */
	void (*barred)(void *arg, struct pid pid, int error);
	/*
	 * The number of the state that it is in; and that on this scheduler
	 * one more of that number waits (retry.c), or, -1, one less.  Either
	 * both or none.
	 */
	unsigned int (*state)(void *arg, uint16_t behaviour, const void *state);
	void (*waits)(
	    void *arg, unsigned int scheduler, unsigned int state, int change);
	/*
	 * Whether the process that is about to be born with this start event
	 * as `pid` belongs to the canary of the version that it was asked for
	 * in.  On the thread of the scheduler that it is born on.
	 */
	bool (*chooses)(void *arg, struct pid pid, const struct message *start);
	/*
	 * Told that the last process of `behaviour` on that scheduler has left
	 * it, converted or ended; on its thread.  May be NULL.
	 */
	void (*left)(void *arg, unsigned int scheduler, uint16_t behaviour);
#ifdef HOTSWITCH_HARD
	/*
	 * After each event of a behaviour that has `hard`: takes the state to
	 * another format and back.  0, or how it came back as another.
	 */
	int (*exercise)(const void *hard, void *state, uint32_t turn, char *why,
	    size_t size);
#endif
};

struct behaviours;

/* For that many schedulers.  -ENOMEM. */
int behaviours_alloc(
    struct behaviours **ret_behaviours, unsigned int schedulers);
void behaviours_free(struct behaviours **behavioursp);

/*
 * Adds `module`, which must outlive it, under a number of its own; it is not
 * yet current.  A native is given its `context`.
 *
 * -EINVAL   magic or ABI, a name or version that is empty or has over 31
 *           bytes, a missing callback, a state of 0 bytes or over
 *           BEHAVIOUR_STATE_MAX
 * -EEXIST   this name and version stand there
 * -ENOSPC   BEHAVIOURS_MAX
 */
int behaviours_add(struct behaviours *behaviours, const struct module *module,
    uint16_t *ret_id);
int behaviours_add_native(struct behaviours *behaviours,
    const struct module *module, void *context, uint16_t *ret_id);

/*
 * The code of an entry is that module, which is as the one it was added with
 * but may lie elsewhere.  No other scheduler may be in the middle of a turn.
 */
void behaviour_set_module(
    struct behaviour *behaviour, const struct module *module);

/*
 * Takes it out; -EBUSY while a process runs it, it is current or the fallback
 * of another.  No other
 * scheduler may be in the middle of a turn.  Its number and words stay, and
 * are the same when it comes again: records of processes that were born there
 * still find their version.
 */
int behaviours_remove(struct behaviours *behaviours, uint16_t id);

/*
 * Another version of it has private messages of that kind, and it has none:
 * one that reaches it is answered and counted, and never given to its module.
 * For home.  -ENOSPC.
 */
int behaviour_add_foreign(struct behaviour *behaviour, uint16_t kind);
bool behaviour_is_foreign(const struct behaviour *behaviour, uint16_t kind);

/* The behaviour of number `id`, which must be in use. */
struct behaviour *behaviour_at(struct behaviours *behaviours, uint16_t id);

/* The version that `id` stands for, even when it is no longer loaded. */
const char *behaviour_version(const struct behaviours *behaviours, uint16_t id);

/* The number of (name, version), or of the current one of `name`; or 0. */
uint16_t behaviour_find(
    const struct behaviours *behaviours, const char *name, const char *version);
uint16_t behaviour_current(
    const struct behaviours *behaviours, const char *name);

/*
 * Where the qualified call of a process that runs `id` leads: the current
 * version, or 0 (nowhere) for one of a canary, which is where it is wanted
 * while the version that it was taken from is current.
 */
uint16_t behaviour_qualified(const struct behaviours *behaviours, uint16_t id);

/* As behaviour_find(), also of one that is no longer loaded. */
uint16_t behaviour_find_past(
    const struct behaviours *behaviours, const char *name, const char *version);

bool behaviour_is_loaded(const struct behaviours *behaviours, uint16_t id);

/*
 * The next version that `name` has had in this run, loaded or not; *cursor
 * from 0, moved on; 0 at the end.
 */
uint16_t behaviour_next(
    const struct behaviours *behaviours, const char *name, uint16_t *cursor);

/*
 * From now on `id` is the current one of its name; at no time is there none.
 */
void behaviour_make_current(struct behaviours *behaviours, uint16_t id);
bool behaviour_is_current(const struct behaviours *behaviours, uint16_t id);

/*
 * A trial of a release, from before its first process runs it until it is
 * permanent or taken back; one at a time.  Its number, or 0 when there is
 * none: below 2^13, so a process that nobody has converted since the trial of
 * the same number, 8,191 of them ago, is still barred.  For home, while the
 * others are halted.
 */
enum { BEHAVIOURS_TRIALS = (1 << 13) - 1 };
void behaviours_begin_trial(struct behaviours *behaviours);
void behaviours_end_trial(struct behaviours *behaviours);
uint16_t behaviours_trial(const struct behaviours *behaviours);
/*
 * That one, or the last that there was; 0 before the first.  Of one that was
 * taken back nothing more is said: as if another had been since.
 */
uint16_t behaviours_last_trial(const struct behaviours *behaviours);
void behaviours_forget_trial(struct behaviours *behaviours);

/*
 * Numbers the times that any version was made the current one, from 1 to
 * BEHAVIOURS_AIMS and again: what has been tried since the last need not be
 * tried again as long as it is the same.
 */
enum { BEHAVIOURS_AIMS = (1 << 5) - 1 };
uint16_t behaviours_aim(const struct behaviours *behaviours);

/*
 * The version that a birth asked for as `id` belongs to: what was looked up
 * in an earlier turn may have been replaced since, or unloaded.  Or 0.
 */
uint16_t behaviour_for_birth(const struct behaviours *behaviours, uint16_t id);

/* Summed over all schedulers; exact while the others are halted. */
struct behaviour_counts behaviour_counts(
    const struct behaviours *behaviours, uint16_t id);

/* All of them, by number, for a reader who knows that one is in use. */
struct behaviour *behaviours_all(struct behaviours *behaviours);

/* The tallies of one scheduler, by the number of the behaviour. */
struct behaviour_tally *behaviours_tallies(
    struct behaviours *behaviours, unsigned int scheduler);

void behaviours_set_converter(
    struct behaviours *behaviours, const struct converter *converter);
const struct converter *behaviours_converter(
    const struct behaviours *behaviours);

#endif
