/*
 * Private to release_handler.c and release_*.c: what all of them work on.
 *
 * All of it is home's; others may be in the middle of a turn unless it says
 * that they are halted.
 */
#ifndef UPGRADE_RELEASE_INTERNAL_H
#define UPGRADE_RELEASE_INTERNAL_H

#include <stdatomic.h>

#include "switch/behaviour.h"
#include "upgrade/book.h"
#include "upgrade/canary.h"
#include "upgrade/release_handler.h"
#include "upgrade/shadow_run.h"
#include "upgrade/state_names.h"
#include "upgrade/sweep.h"
#include "upgrade/version_measures.h"

struct code_closing;
struct code_load;
struct rehearsal;
struct worker;

enum {
	EVENT_LOADED = EVENT_PRIVATE,
	/* release_close.c: the loader is done; the last user of one has left */
	EVENT_CLOSED = EVENT_PRIVATE + 8,
	EVENT_LEFT,
	RELEASE_RESIDENTS_MAX = 256,
	RELEASE_CLOSINGS_MAX = 16
};

/* A version that is taken out, on its way to be unmapped. */
struct release_closing {
	struct code_closing *closing;
	uint64_t number; /* of the loader's job; 0: not given yet */
};

/* What each may trust is said in release_stages.c. */
enum release_state {
	RELEASE_IDLE,
	RELEASE_LOADING,
	RELEASE_REHEARSING,
	RELEASE_CANARY,
	RELEASE_CONVERTING,
	RELEASE_INSTALLED,
	RELEASE_CONFIRMING,
	RELEASE_RETURNING
};

/* Counts at the begin of a report, from which its own are differences. */
struct release_baseline {
	uint64_t live, births, ends, faults, ns;
	uint64_t faults_from, faults_to, retried, events_to;
	uint64_t births_to, unborn_to, given_up_to;
};

/*
 * An installed release whose trial goes on, while a rehearsal of another has
 * its place in the handler.
 */
struct release_aside {
	bool is_set;
	uint16_t from, to;
	struct upgrade_order order;
	struct release_baseline before;
	struct upgrade_report report; /* which goes on with the trial */
};

/* The watch over a release on trial, and what it was measured against. */
struct release_watch {
	uint64_t until; /* of a canary */
	uint64_t tick;	/* the key of the next look; older ones mean nothing */
	struct version_measures new_before, old_before;
	struct version_measures now, new_since, old_since; /* while it looks */
};

struct release_handler {
	unsigned int magic;
#define RELEASE_HANDLER_MAGIC 0x3e1ea5e0
	struct scheduler *scheduler;
	struct behaviours *behaviours;
	struct code *code;
	struct worker *loader;
	struct pid pid; /* of the process; stale while there is none */
	enum release_state state;
	struct code_load *load; /* in LOADING; given up: in any but that */
	uint16_t from, to;	/* of the upgrade that runs or is installed */
	struct upgrade_order order;
	struct rehearsal *rehearsal;
	struct state_names rehearsed; /* those of its report */
	bool is_resident;	      /* `to` was before it */
	enum upgrade_reason why_back;
	char why_text[160]; /* a clause, or "" */
	struct release_baseline before;
	struct release_aside aside;	 /* in LOADING and REHEARSING */
	struct upgrade_time stage_begun; /* run and machine */
	struct upgrade_telephony telephony;
	struct canary canary;
	struct state_names names;
	struct release_watch watch;
	struct shadow_run *shadow; /* in CANARY, or NULL */
	uint64_t shadow_of;	   /* number of the report that it is for */
	struct shadow_run_result shadow_found;
	uint64_t deadline_key, trial_key; /* as watch.tick */
	uint64_t deadline;		  /* of the rollback; 0: none */
	uint64_t deadline_of;		  /* number of the report it is of */
	/* Versions that it has left, and who stays there is to be cut. */
	unsigned int left_count;
	uint16_t left[RELEASE_RESIDENTS_MAX];
	uint64_t trial_until; /* in INSTALLED; 0: no end */
	uint64_t numbers;     /* of reports given so far */
	/* release_close.c */
	atomic_bool waits_for_leavers;
	bool purges[BEHAVIOURS_MAX]; /* to be closed at any time, not in IDLE */
	unsigned int closing_count;
	uint64_t closing_number; /* of the last job */
	struct release_closing closings[RELEASE_CLOSINGS_MAX];
	const struct upgrade_report *last;
	struct upgrade_report report, refusal;
	struct upgrade_report dated;  /* of deadline_of, once it is done */
	struct upgrade_report tried;  /* whose trial was over last */
	struct upgrade_report beside; /* of the last rehearsal on a trial */
	struct release_pauses pauses;
	unsigned int schedulers;
	struct book *books; /* one for each */
	struct sweep_order sweep_order;
	struct sweep sweeps[]; /* one on each */
};

/* What is asked for, and on which report it will be answered. */
struct release_request {
	struct upgrade_report *report;
	const char *module, *from, *to;
	bool is_rollback, is_rehearsal, is_confirmation, drains;
};

/*--------------------------------------------------------------------
 * release_stages.c
 */

/* From IDLE or LOADING, as the report is one of a rehearsal or an upgrade. */
void release_begin(struct release_handler *handler);
/* From INSTALLED: a rehearsal by itself begins, and the trial goes on. */
void release_set_aside(struct release_handler *handler);
/*
 * From LOADING or REHEARSING, to where that began, IDLE or INSTALLED: the
 * report of what is over is closed.
 */
void release_resume(struct release_handler *handler, enum upgrade_stage stage,
    enum upgrade_reason reason);
/* From IDLE, LOADING or REHEARSING: an upgrade whose rehearsal is behind it. */
void release_begin_trial(struct release_handler *handler);
/* From IDLE, LOADING, REHEARSING or CANARY, on trial; the others halted. */
void release_begin_converting(struct release_handler *handler);
/* From CONVERTING: nobody is left to be brought there; the others halted. */
void release_install(struct release_handler *handler);
/* In INSTALLED: the report's text. */
void release_say_installed(struct release_handler *handler);
/* From INSTALLED, on a report of its own. */
void release_begin_returning(struct release_handler *handler,
    const struct release_request *request, enum upgrade_reason why);
/* From CANARY or CONVERTING; the others halted. */
void release_turn_round(
    struct release_handler *handler, enum upgrade_reason why);
/* From RETURNING: all have come that can; the others halted. */
void release_end_return(struct release_handler *handler);
void release_make_permanent(
    struct release_handler *handler, const struct release_request *request);

/* From CONFIRMING, or INSTALLED: nothing is kept for a way back any more. */
void release_confirm(struct release_handler *handler);

/* Always true. */
bool release_assert_state(const struct release_handler *handler);

/*--------------------------------------------------------------------
 * release_sweeps.c
 */

/* Aims the sweeps of all schedulers, and what gets an event before them. */
void release_begin_sweeps(struct release_handler *handler, uint16_t target);
/* Only of those that the canary takes: of all, or of those who waited. */
void release_begin_canary_sweeps(
    struct release_handler *handler, enum sweep_work work);
/* Ends who is not at the current version, and not barred from it. */
void release_begin_reject_sweeps(struct release_handler *handler);
/* If they go on: whom they have ended is told, and they end; whether so. */
bool release_end_rejecting(struct release_handler *handler);
/* Has every process forget what it keeps for another version. */
void release_begin_letting_go(struct release_handler *handler);
/* None goes on; their counts and pauses are in the report. */
void release_end_sweeps(struct release_handler *handler);

/* Members of struct code_listener. */
void release_on_attempt(void *arg, struct pid pid, int result, uint64_t cpu_ns);
bool release_on_birth(void *arg, struct pid pid, const struct message *start);

/*--------------------------------------------------------------------
 * release_books.c
 */

/* The names of the states of all versions that there are. */
void release_name_states(
    const struct release_handler *handler, struct state_names *ret_names);
/* Empty ones, of who comes to `target`; the others halted. */
void release_open_books(struct release_handler *handler, uint16_t target);
/* Who comes there is counted no more; who fails is. */
void release_close_books(struct release_handler *handler);
/* All go somewhere else from now on: nobody has waited yet.  Others halted. */
void release_count_waiting_anew(struct release_handler *handler);
/* It turns round: from now on who leaves there is counted. */
void release_turn_books(struct release_handler *handler);
/*
 * What they say so far, into the report; and who failed since the last time has
 * his row.  The others halted.
 */
void release_read_books(struct release_handler *handler);
/*
 * Who is pinned now, by state, into the report, of which the sum is there; and
 * the first have their rows.  When nobody is on the way; the others halted.
 */
void release_count_pinned(struct release_handler *handler);
/* How many that run `behaviour` have failed; the others halted. */
uint64_t release_failed(
    const struct release_handler *handler, uint16_t behaviour);
/* Attempts to convert that a hook or a check has faulted in; at any time. */
uint64_t release_hooks_faulted(const struct release_handler *handler);

/* Members of struct code_listener. */
void release_on_departure(void *arg, const struct departure *departure);
void release_on_barred(void *arg, struct pid pid, int error);
unsigned int release_state_number(
    void *arg, uint16_t behaviour, const void *state);
void release_on_waiting(
    void *arg, unsigned int scheduler, unsigned int state, int change);

/*--------------------------------------------------------------------
 * release_why.c
 */

/* Why a process is on a version where it should not be, as a clause. */
void release_say_why(struct release_handler *handler,
    const struct process_info *info, char *text, size_t size);

/*--------------------------------------------------------------------
 * release_canary.c
 */

/* From release_begin_trial(); the others halted. */
void release_begin_canary(struct release_handler *handler);
/* In CANARY: has looked, and gone on or back if it could decide. */
void release_watch_canary(struct release_handler *handler);
/* In CANARY: when the watch ends, µs of the run, or `at` if that is before. */
uint64_t release_next_look(const struct release_handler *handler, uint64_t at);

/*--------------------------------------------------------------------
 * release_shadow.c
 */

/* With the canary's stage, if one was ordered; the others halted.  -ENOMEM. */
int release_begin_shadow(struct release_handler *handler);
/* Its count so far, into the report; the others halted. */
void release_look_at_shadow(struct release_handler *handler);
/* When the stage is left, however; nothing if none goes on. */
void release_end_shadow(struct release_handler *handler);
/* Appends to the report's text what it has found. */
void release_say_shadow(struct release_handler *handler);

/*--------------------------------------------------------------------
 * release_trial.c
 */

/* From the first call that runs it to the last that may be given back. */
void release_enter_trial(struct release_handler *handler);
void release_leave_trial(struct release_handler *handler);
/* It is installed: from now on it may end unconfirmed. */
void release_time_trial(struct release_handler *handler);
/*
 * Whoever is still on a version that the report in hand has left is rejected
 * then, µs of the run; 0: nobody.
 */
void release_set_deadline(struct release_handler *handler, uint64_t deadline);
/* The report in hand is of what is taken back: its own has no use any more. */
void release_drop_deadline(struct release_handler *handler);
/* Before the sweeps are used for something else: who is left has his turn. */
void release_put_off_rejecting(struct release_handler *handler);

/*--------------------------------------------------------------------
 * release_load.c
 */

/* From IDLE; the report is open. */
void release_begin_loading(
    struct release_handler *handler, const struct release_request *request);
/* The loader has answered the job of the report of that number. */
void release_on_loaded(struct release_handler *handler, uint64_t number);
/* Has the process told when all that was given to the loader is done. */
int release_wait_for_loader(struct release_handler *handler);

/*--------------------------------------------------------------------
 * release_close.c
 */

/* What nobody uses: in IDLE all of it, else what was purged. */
void release_close_unused(struct release_handler *handler);
/* The loader has done all jobs of this kind up to that number. */
void release_on_closed(struct release_handler *handler, uint64_t number);
/* Has a process that is started again told of those that it may have missed. */
int release_wait_for_closings(struct release_handler *handler);
/* For code_listener.left. */
void release_on_left(void *arg, unsigned int scheduler, uint16_t behaviour);
/* At the end of the handler, after the loader's. */
void release_drop_closings(struct release_handler *handler);

/*--------------------------------------------------------------------
 * release_rehearsal.c
 */

/* From IDLE or LOADING; of an upgrade, which goes on when it is over. */
void release_begin_rehearsing(struct release_handler *handler);
/* One beside a trial, whose time is up for the reason that is said. */
void release_give_up_rehearsal(struct release_handler *handler,
    enum upgrade_reason reason, const char *why);

/*--------------------------------------------------------------------
 * release_hard.c, in the build hard alone: when an upgrade is over, each
 * version of the module is closed and opened again.
 */
#ifdef HOTSWITCH_HARD
void release_reopen(struct release_handler *handler);
#else
static inline void
release_reopen(struct release_handler *handler)
{
	(void)handler;
}
#endif

/*--------------------------------------------------------------------
 * release_report.c
 */

void release_report_open(
    struct release_handler *handler, const struct release_request *request);
void release_report_log(struct release_handler *handler,
    const struct upgrade_report *report, const char *what);
/* No more is known of it from here on; the recorder gets a copy. */
void release_report_close(struct release_handler *handler,
    struct upgrade_report *report, enum upgrade_stage stage,
    enum upgrade_reason reason);
/* Opened and closed at once, on the report that is kept for refusals. */
__attribute__((format(printf, 4, 5))) const struct upgrade_report *
release_refuse(struct release_handler *handler,
    const struct release_request *request, enum upgrade_reason reason,
    const char *format, ...);

/* So many were cut after the deadline that is of `dated`: its row anew. */
void release_report_rejected(struct release_handler *handler, uint64_t count);

/* How long the stage has taken that has begun last, into the report. */
void release_begin_stage(struct release_handler *handler);
void release_end_stage(
    struct release_handler *handler, struct upgrade_time *ret_time);

/* Of the report; while the others are halted. */
void release_take_baseline(struct release_handler *handler);
void release_count_up(struct release_handler *handler, uint16_t current);
/*
 * In INSTALLED, the others halted: what the release on trial has done since,
 * into its report, with the sentence on what runs now; its row anew; and when
 * the trial is over, both for the last time, with that as its last word.
 */
void release_follow_trial(struct release_handler *handler);
void release_report_renew(struct release_handler *handler);
__attribute__((format(printf, 2, 3))) void release_close_trial(
    struct release_handler *handler, const char *format, ...);
/* Its text: `prefix`, what is current and runs how many, `suffix`. */
void release_say_what_runs(struct release_handler *handler, uint16_t current,
    const char *prefix, const char *suffix);

#endif
