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
	X(failed_conversion, "failed-conversion")
#define UPGRADE_REASON_ENUM(symbol, word) UPGRADE_REASON_##symbol,
enum upgrade_reason { UPGRADE_REASONS(UPGRADE_REASON_ENUM) };
#undef UPGRADE_REASON_ENUM
/* clang-format on */

/* The answer of an upgrade or a rollback, and its row. */
struct upgrade_report {
	uint64_t number;       /* 1, 2 ... in a run */
	uint64_t begun, ended; /* µs of the run */
	char module[32], version_from[32], version_to[32];
	char mode[16];	       /* sweep, rehearse */
	uint8_t stage, reason; /* enum upgrade_stage, upgrade_reason */
	uint8_t is_rollback, is_rehearsal, is_done;
	uint64_t live;	    /* processes of the module when it began */
	uint64_t converted; /* to version_to, by the sweep or before an event */
	uint64_t failed;    /* refused by a hook or a check, or faulted in it */
	uint64_t pinned;    /* have no image there: still on another version */
	uint64_t lossy;	    /* in a rehearsal: came back with another value */
	uint64_t born, died, crashes; /* from its begin to its end */
	uint64_t lost; /* missing from the count without having ended */
	uint64_t load_us, total_us;		  /* on the machine's clock */
	struct histogram pauses_cpu, pauses_wall; /* ns, one entry per call */
	char text[512]; /* of a refusal the cause; else what runs now */
};

/*
 * Adds its behaviour `release_handler`, a child for the upgrade supervisor,
 * and starts the loader's thread.  Freed before code and scheduler are.  The
 * process holds nothing: killed and started again, it goes on.
 */
int release_handler_alloc(struct release_handler **ret_handler,
    struct scheduler *scheduler, struct code *code);
void release_handler_free(struct release_handler **handlerp);

/*
 * Begins to bring every process of `module` to `version`; a refusal is a
 * report too, done at once or after the loading.  The report stands until the
 * next begins; that of a refusal until the next refusal.
 */
const struct upgrade_report *release_handler_upgrade(
    struct release_handler *handler, const char *module, const char *version);

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
 * converts, it is that one that turns round, and its report goes on.
 */
const struct upgrade_report *release_handler_rollback(
    struct release_handler *handler, const char *module);

/*
 * Ends the trial: a rollback is no longer possible, the next upgrade is.  A
 * report of its own, done at once.
 */
const struct upgrade_report *release_handler_make_permanent(
    struct release_handler *handler, const char *module, const char *version);

/* The last one that began, was refused or was done; NULL before the first. */
const struct upgrade_report *release_handler_report(
    const struct release_handler *handler);

const char *upgrade_stage_word(enum upgrade_stage stage);    /* rolled-back */
const char *upgrade_reason_word(enum upgrade_reason reason); /* self-test */

#endif
