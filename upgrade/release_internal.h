/*
 * Private to release_handler.c and release_*.c: what all of them work on.
 *
 * All of it is home's; others may be in the middle of a turn unless it says
 * that they are halted.
 */
#ifndef UPGRADE_RELEASE_INTERNAL_H
#define UPGRADE_RELEASE_INTERNAL_H

#include "upgrade/release_handler.h"
#include "upgrade/sweep.h"

struct behaviours;
struct code_load;
struct rehearsal;
struct worker;

enum { EVENT_LOADED = EVENT_PRIVATE, RELEASE_RESIDENTS_MAX = 256 };

/* What each may trust is said in release_stages.c. */
enum release_state {
	RELEASE_IDLE,
	RELEASE_LOADING,
	RELEASE_REHEARSING,
	RELEASE_CONVERTING,
	RELEASE_INSTALLED,
	RELEASE_RETURNING
};

/* Counts at the begin of a report, from which its own are differences. */
struct release_baseline {
	uint64_t live, births, ends, faults, conversions, ns;
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
	struct code_load *load;
	uint16_t from, to; /* of the upgrade that runs or is installed */
	struct rehearsal *rehearsal;
	uint64_t sample;  /* of it; 0: all */
	bool is_resident; /* `to` was before it */
	enum upgrade_reason why_back;
	struct release_baseline before;
	struct upgrade_telephony telephony;
	uint64_t deadline; /* µs after the sweep; 0: none */
	uint64_t numbers;  /* of reports given so far */
	const struct upgrade_report *last;
	struct upgrade_report report, refusal;
	unsigned int schedulers;
	struct sweep sweeps[]; /* one on each */
};

/* What is asked for, and on which report it will be answered. */
struct release_request {
	struct upgrade_report *report;
	const char *module, *from, *to;
	bool is_rollback, is_rehearsal;
};

/*--------------------------------------------------------------------
 * release_stages.c
 */

/* From IDLE or LOADING; from INSTALLED; from CONVERTING; from INSTALLED. */
void release_begin_converting(struct release_handler *handler);
void release_begin_returning(
    struct release_handler *handler, const struct release_request *request);
void release_return_at_once(struct release_handler *handler);
void release_make_permanent(
    struct release_handler *handler, const struct release_request *request);

/* A struct code_listener. */
void release_on_attempt(void *arg, struct pid pid, int result, uint64_t cpu_ns);

/* Always true. */
bool release_assert_state(const struct release_handler *handler);

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
 * release_rehearsal.c
 */

/* From IDLE or LOADING. */
void release_begin_rehearsing(struct release_handler *handler);

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

/* Of the report; while the others are halted. */
void release_take_baseline(struct release_handler *handler, uint16_t target);
void release_count_up(struct release_handler *handler, uint16_t current);
uint64_t release_conversions_to(
    const struct release_handler *handler, uint16_t id);
/* Its text: `prefix`, what is current and runs how many, `suffix`. */
void release_say_what_runs(struct release_handler *handler, uint16_t current,
    const char *prefix, const char *suffix);

uint64_t release_machine_ns(void);

#endif
