/*
 * trial: one module, opened and run in a process that nobody misses.
 *
 * The process is the prover's child and shares with it struct trial, where it
 * notes what it is about to do before it does it, and at the end that it is
 * done: of one that dies the prover knows what, in which code, and where.
 *
 * A module is tried by itself, or with another one, resident in the switch:
 * then the plans between the two are run over sample states, there and back.
 * Or it is only asked by which table of states it works.
 *
 * Private to upgrade/prover.c.
 */
#ifndef UPGRADE_TRIAL_H
#define UPGRADE_TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	TRIAL_NAME = 64,
	TRIAL_WHY = 384,
	/* The descriptors that a question brings. */
	TRIAL_MODULE = 0,
	TRIAL_OTHER, /* a module; or where the table of states is written */
	TRIAL_SAMPLES,
	TRIAL_FILES
};

struct trial_question {
	char module[TRIAL_NAME], version[TRIAL_NAME];
	char other[TRIAL_NAME];	  /* a resident version, or "" */
	uint32_t samples_size;	  /* the bytes of all of them */
	bool wants_states;	  /* only its table of states */
	int32_t fds[TRIAL_FILES]; /* those after the first only with another */
};

/* X(symbol, words): what it is doing.  %s is the other version. */
/* clang-format off */
#define TRIAL_STAGES(X)                                                        \
	X(CONFINE, "it is prepared")                                           \
	X(OPEN, "it is opened")                                                \
	X(SCHEMA, "its schema is read")                                        \
	X(STATES, "its table of states is read")                               \
	X(PLAN, "plans are made between it and %s")                            \
	X(SELF_TEST, "its self_test runs")                                     \
	X(SOUND, "a state of %s is checked")                                   \
	X(UP, "a state of %s is converted to it")                              \
	X(CHECK_UP, "it checks a state that came from %s")                     \
	X(DOWN, "a state is converted back to %s")                             \
	X(CHECK_DOWN, "%s checks a state that came back to it")                \
	X(CLOSE, "it is closed")
/* clang-format on */
#define TRIAL_ENUM(symbol, words) TRIAL_##symbol,
enum trial_stage { TRIAL_STAGES(TRIAL_ENUM) };
#undef TRIAL_ENUM

struct trial {
	volatile enum trial_stage stage;
	volatile bool is_done;
	volatile int signal;	  /* that ended it; 0 if it had no time */
	volatile int call;	  /* of SIGSYS: that it was about to make */
	volatile uint32_t offset; /* in the module's image, or 0 */
	int error;
	char sample[TRIAL_NAME]; /* which, or "" */
	char why[TRIAL_WHY];
};

/* The child's life.  `is_filtered`: whether it gets the filters. */
_Noreturn void trial_live(struct trial *trial,
    const struct trial_question *question, bool is_filtered, pid_t parent);

/* Of one that has not come to its end: error and why, from waitpid's status. */
void trial_tell_death(
    struct trial *trial, const struct trial_question *question, int status);

#endif
