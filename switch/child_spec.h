/*
 * child_spec: what a supervisor is told of itself and of its children.
 *
 * OTP's child specification and supervisor flags, as plain bytes: a supervisor
 * keeps copies of them in the store, and they travel in parcels.  All zero is
 * OTP's default in every field but the names and the period.
 */
#ifndef SWITCH_CHILD_SPEC_H
#define SWITCH_CHILD_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "switch/process.h"

enum restart_type { RESTART_PERMANENT, RESTART_TRANSIENT, RESTART_TEMPORARY };
enum child_type { CHILD_WORKER, CHILD_SUPERVISOR };
enum {
	CHILD_ID_MAX = 31,    /* bytes, as a registered name */
	SHUTDOWN_DEFAULT = 0, /* OTP: 5000 ms, of a supervisor infinity */
	SHUTDOWN_INFINITY = -1,
	SHUTDOWN_BRUTAL_KILL = -2,
	SHUTDOWN_WORKER_MS = 5000
};

struct child_spec {
	char id[CHILD_ID_MAX + 1];	  /* unique below its supervisor */
	char behaviour[CHILD_ID_MAX + 1]; /* each start takes the current one */
	enum restart_type restart;
	enum child_type type;
	int shutdown_ms; /* or one of the above */
	enum on_fault on_fault;
	uint8_t fault_limit;
	bool traps_exit;
	bool is_registered; /* under its id */
	bool is_significant;
	uint8_t scheduler; /* where it is started; 0: where its supervisor is */
};

enum strategy {
	STRATEGY_ONE_FOR_ONE,
	STRATEGY_ONE_FOR_ALL,
	STRATEGY_REST_FOR_ONE,
	STRATEGY_POOL /* simple_one_for_one */
};
enum auto_shutdown {
	AUTO_SHUTDOWN_NEVER,
	AUTO_SHUTDOWN_ANY_SIGNIFICANT,
	AUTO_SHUTDOWN_ALL_SIGNIFICANT
};

/*
 * What becomes of the children of a supervisor that is killed: they end, as in
 * OTP; or the pool that its own supervisor starts in its place takes them over
 * under its old pid.
 */
enum orphans { ORPHANS_END, ORPHANS_ADOPT };

struct supervisor_flags {
	enum strategy strategy;
	unsigned int intensity; /* OTP: 1 */
	unsigned int period_s;	/* OTP: 5 */
	enum auto_shutdown auto_shutdown;
	enum orphans orphans;
	/*
	 * Of a pool: each child has the intensity to itself, and one that
	 * passes it is not started again; the pool goes on.
	 */
	bool limit_is_per_child;
	/*
	 * A restart that fails is tried again after retry_ms, then twice that,
	 * up to retry_cap_ms, without being counted; an alarm says so.  0 is
	 * OTP: at once, and each counts.
	 */
	unsigned int retry_ms, retry_cap_ms;
};

struct supervisor_spec {
	const char *name; /* of the behaviour */
	struct supervisor_flags flags;
	unsigned int count; /* of a pool 1: the template */
	const struct child_spec *children;
};

/* Why a request or a specification is refused, in OTP's words. */
#define SUPERVISOR_ERRORS(X)                                                   \
	X(OK, "ok")                                                            \
	X(INVALID_STRATEGY, "invalid strategy")                                \
	X(INVALID_INTENSITY, "invalid intensity")                              \
	X(INVALID_PERIOD, "invalid period")                                    \
	X(INVALID_AUTO_SHUTDOWN, "invalid auto_shutdown")                      \
	X(INVALID_ORPHANS, "invalid orphans")                                  \
	X(INVALID_LIMIT, "invalid limit per child")                            \
	X(INVALID_RETRY, "invalid retry")                                      \
	X(INVALID_NAME, "invalid supervisor name")                             \
	X(BAD_START_SPEC, "bad start spec")                                    \
	X(DUPLICATE_CHILD_NAME, "duplicate child name")                        \
	X(INVALID_CHILD_ID, "invalid child id")                                \
	X(INVALID_BEHAVIOUR, "invalid behaviour")                              \
	X(INVALID_RESTART_TYPE, "invalid restart type")                        \
	X(INVALID_CHILD_TYPE, "invalid child type")                            \
	X(INVALID_SHUTDOWN, "invalid shutdown")                                \
	X(INVALID_ON_FAULT, "invalid on_fault")                                \
	X(INVALID_SCHEDULER, "invalid scheduler")                              \
	X(INVALID_FLAG, "invalid flag")                                        \
	X(BAD_COMBINATION, "bad combination")                                  \
	X(BAD_REQUEST, "bad request")                                          \
	X(ALREADY_STARTED, "already started")                                  \
	X(ALREADY_PRESENT, "already present")                                  \
	X(NOT_FOUND, "not found")                                              \
	X(RUNNING, "running")                                                  \
	X(RESTARTING, "restarting")                                            \
	X(SIMPLE_ONE_FOR_ONE, "simple_one_for_one")                            \
	X(START_FAILED, "start failed")                                        \
	X(FULL, "full")

#define SUPERVISOR_ERROR_ENUM(name, word) SUPERVISOR_##name,
enum supervisor_error { SUPERVISOR_ERRORS(SUPERVISOR_ERROR_ENUM) };

const char *supervisor_error_text(enum supervisor_error error);

/* Below a supervisor with those flags. */
enum supervisor_error child_spec_check(
    const struct child_spec *spec, const struct supervisor_flags *flags);
enum supervisor_error supervisor_spec_check(const struct supervisor_spec *spec);

bool supervisor_spec_names(const struct supervisor_spec *spec, const char *id);

/* Whether one that was told to shut down may have ended so (otp.md 1.25). */
bool child_spec_expects(const struct child_spec *spec, struct reason reason);

/* A copy with every default spelt out. */
struct child_spec child_spec_complete(const struct child_spec *spec);

#endif
