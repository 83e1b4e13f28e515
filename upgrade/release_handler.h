/*
 * release_handler: takes the switch from one release to another, and back.
 *
 * A native process at home; the operator asks there, it answers with a report.
 * One upgrade at a time (U12), of the processes on all schedulers.  The stages
 * and what each failure leads to are drawn in release_stages.c.
 */
#ifndef UPGRADE_RELEASE_HANDLER_H
#define UPGRADE_RELEASE_HANDLER_H

#include "switch/histogram.h"
#include "switch/module.h"
#include "upgrade/telephony.h"

struct code;
struct release_handler;
struct scheduler;

enum { RECORD_UPGRADE = 0xfe10 };

/* X(symbol, word) */
/* clang-format off */
#define UPGRADE_STAGES(X)                                                      \
	X(unpacked, "unpacked") /* asked for, nothing done yet */              \
	X(loaded, "loaded")                                                    \
	X(rehearsed, "rehearsed")                                              \
	X(canary, "canary")                                                    \
	X(converting, "converting")                                            \
	X(trial, "trial")                                                      \
	X(installed, "installed")                                              \
	X(permanent, "permanent")                                              \
	X(rolled_back, "rolled-back")                                          \
	X(refused, "refused")
#define UPGRADE_STAGE_ENUM(symbol, word) UPGRADE_##symbol,
enum upgrade_stage { UPGRADE_STAGES(UPGRADE_STAGE_ENUM) UPGRADE_STAGE_COUNT };
#undef UPGRADE_STAGE_ENUM

#define UPGRADE_REASONS(X)                                                     \
	X(none, "none")                                                        \
	X(command, "command")                                                  \
	X(already_current, "already-current")                                  \
	X(running, "running")                                                  \
	X(not_found, "not-found")                                              \
	X(admission, "admission")                                              \
	X(plan, "plan")                                                        \
	X(self_test, "self-test")                                              \
	X(rehearsal, "rehearsal")                                              \
	X(failed_conversion, "failed-conversion")                              \
	X(fail_when, "fail-when")                                              \
	X(faults, "faults")                                                    \
	X(trial_ended, "trial-ended")                                          \
	X(shadow, "shadow")                                                    \
	X(stopped, "stopped")                                                  \
	X(no_verdict, "no-verdict")
#define UPGRADE_REASON_ENUM(symbol, word) UPGRADE_REASON_##symbol,
enum upgrade_reason { UPGRADE_REASONS(UPGRADE_REASON_ENUM) };
#undef UPGRADE_REASON_ENUM
/* clang-format on */

/* What is asked for. */
struct upgrade_order {
	const char *module, *version;
	/*
	 * How many of the live states are rehearsed first, about; 0: none;
	 * UINT64_MAX: all.
	 */
	uint64_t rehearse;
	/*
	 * Shares (0 to 1) of the live calls and births that run the new
	 * version while it is watched, and of the others, whose events it is
	 * given in a shadow run.  With both 0 there is no canary.
	 */
	double canary, shadow;
	uint64_t watch; /* µs of the run that the canary is watched */
	bool drains;	/* live calls end on the old code */
	bool keeps_old; /* what cannot be converted stays where it is */
	/*
	 * µs of the run, 0: none.  An unconfirmed trial goes back after it;
	 * who is pinned after the deadline is rejected.
	 */
	uint64_t trial, deadline;
	struct upgrade_conditions conditions;
};

/*
 * Where a stage has an end: how long it took, on the clock of the run and on
 * the machine's.
 */
struct upgrade_time {
	uint64_t run_us, machine_us;
};

/* Of the calls that were in one state when they were to be converted. */
enum { UPGRADE_STATES = 24, UPGRADE_STATE_BYTES = 16 };
struct upgrade_state {
	char word[UPGRADE_STATE_BYTES]; /* as its schema calls it */
	uint64_t converted, pinned, failed;
};

/*
 * The answer of an upgrade or a rollback, and its row.  That of an upgrade goes
 * on, and is written anew, for as long as its release is on trial.
 */
struct upgrade_report {
	uint64_t number;       /* 1, 2 ... in a run */
	uint64_t begun, ended; /* µs of the run */
	char module[32], version_from[32], version_to[32];
	char mode[16];	       /* sweep, drain, rehearse, make-permanent */
	uint8_t stage, reason; /* enum upgrade_stage, upgrade_reason */
	uint8_t is_rollback, is_rehearsal, is_confirmation, is_done;
	uint64_t live;	    /* processes of the module when it began */
	uint64_t converted; /* to version_to, by the sweep or before an event */
	uint64_t
	    returned; /* from version_to, when it turned round; births too */
	/*
	 * What the two words mean stands in switch/retry.c.  Who was given back
	 * had been converted, or born there; and in real time a conversion that
	 * took too long counts as failed, too.  Of a make-permanent: who had
	 * failed and still is not there.
	 */
	uint64_t failed;
	uint64_t pinned;     /* when it was done, and no more was on the way */
	uint64_t lossy;	     /* in a rehearsal: came back with another value */
	uint64_t born, died; /* from its begin to its end */
	/* Until it is permanent or taken back, as `failed`. */
	uint64_t crashes;
	uint64_t crashes_from, crashes_to; /* of those, on either version */
	uint64_t retried;     /* events that the version before then had */
	uint64_t lost;	      /* missing from the count without having ended */
	uint64_t rehearsed;   /* states that were rehearsed first */
	uint64_t canaries;    /* live calls that were taken for the canary */
	uint64_t prolonged;   /* how often the watch was, for too few calls */
	uint64_t differences; /* that the shadow run has found */
	uint64_t rejected;    /* calls that were cut after the deadline */
	uint64_t load_us, total_us; /* on the machine's clock */
	struct upgrade_time loading, rehearsing, watching, converting;
	struct histogram pauses_cpu, pauses_wall; /* ns, one entry per call */
	uint32_t state_count;
	struct upgrade_state states[UPGRADE_STATES];
	char text[512]; /* of a refusal the cause; else what runs now */
};

/* A call that could not be converted, or has no image where it should go. */
enum { RECORD_UPGRADE_FAILURE = 0xfe15, UPGRADE_FAILURES = 64 /* told */ };
struct upgrade_failure {
	uint64_t number; /* of the report */
	uint64_t at;	 /* µs of the run */
	uint64_t call;	 /* its number, or 0 */
	struct pid pid;
	uint8_t is_pinned, is_rehearsed, spare[6];
	char module[32], version[32], state[UPGRADE_STATE_BYTES];
	char text[128]; /* why, as a clause */
};

/*
 * Adds its behaviour `release_handler`, a child for the upgrade supervisor,
 * and starts the loader's thread.  Freed before code and scheduler are.  The
 * process holds nothing: killed and started again, it goes on.
 */
int release_handler_alloc(struct release_handler **ret_handler,
    struct scheduler *scheduler, struct code *code);
/* What it must know of calls (telephony.h); copied.  Before anything runs. */
void release_handler_set_telephony(
    struct release_handler *handler, const struct upgrade_telephony *telephony);
void release_handler_free(struct release_handler **handlerp);

/*
 * Begins to bring every process of the module to the version; the order is
 * copied.  A refusal is a report too, done at once or after the loading.  The
 * report stands until the next begins; that of a refusal until the next
 * refusal.
 */
const struct upgrade_report *release_handler_upgrade(
    struct release_handler *handler, const struct upgrade_order *order);

/*
 * What that upgrade would do, done to copies of the live states, or of about
 * `sample` of them (0: all): there, back and compared.  Nothing changes; the
 * report counts who would be converted or pinned.  Done as `rehearsed`, or as
 * refused if any failed.
 */
const struct upgrade_report *release_handler_rehearse(
    struct release_handler *handler, const char *module, const char *version,
    uint64_t sample);

/*
 * Back to the release before; refused where there is none.  While an upgrade
 * is watched or converts, it is that one that turns round, and its report goes
 * on.  Who is pinned `deadline` µs after it (0: none) is rejected.
 */
const struct upgrade_report *release_handler_rollback(
    struct release_handler *handler, const char *module, uint64_t deadline);

/*
 * Ends the trial: a rollback is no longer possible, the next upgrade is.  A
 * report of its own, done at once.
 */
const struct upgrade_report *release_handler_make_permanent(
    struct release_handler *handler, const char *module, const char *version);

/*
 * The switch has stopped, and no process is left: what is under way ends where
 * it is, and its report says so.
 */
void release_handler_abandon(struct release_handler *handler);

/*
 * Closes a version of the module that nobody uses; with is_forced its users
 * end first, calls rejected with their record, others killed, and it is closed
 * when the last has left.  0; -ENOENT it is not resident, -EBUSY it is current,
 * on trial, the way back, or in use by those named: one clause in `why`.
 */
struct release_purge {
	const char *module, *version;
	bool is_forced;
};
int release_handler_purge(struct release_handler *handler,
    const struct release_purge *purge, char *why, size_t size);

/* Raised when the code of a closed version stays mapped: "call 1.0". */
#define ALARM_VERSION_MAPPED "version-mapped"
/* Of a module whose upgrade came back, if not by command; till another stays */
#define ALARM_ROLLED_BACK "upgrade-rolled-back"

/*
 * The last one that began, was refused or was done, but that of what is under
 * way while something is; NULL before the first.
 */
const struct upgrade_report *release_handler_report(
    struct release_handler *handler);

/* The one whose trial was over last, as it stands since then; NULL: none. */
const struct upgrade_report *release_handler_tried(
    const struct release_handler *handler);

/*
 * Of all upgrades and rollbacks of the run whose stages have ended, ns, one
 * entry for each call and conversion.
 */
struct release_pauses {
	struct histogram cpu, wall;
};
const struct release_pauses *release_handler_pauses(
    const struct release_handler *handler);

/*
 * The one whose deadline has come last, or is still to come, as it stands now
 * that it is done; NULL: none.
 */
const struct upgrade_report *release_handler_dated(
    const struct release_handler *handler);

/*
 * What the shadow run has found that was ordered with the upgrade of report
 * `number`, so far; NULL: it had none, or another has begun since.
 */
struct shadow_run_result;
const struct shadow_run_result *release_handler_shadow(
    const struct release_handler *handler, uint64_t number);

const char *upgrade_stage_word(enum upgrade_stage stage);    /* rolled-back */
const char *upgrade_reason_word(enum upgrade_reason reason); /* self-test */
/* What was asked for: upgrade, rollback, rehearsal, make-permanent. */
const char *upgrade_kind_word(const struct upgrade_report *report);

#endif
