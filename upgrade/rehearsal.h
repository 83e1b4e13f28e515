/*
 * rehearsal: what an upgrade would do to the live processes, done to copies.
 *
 * On each scheduler one walk (walk.h), in which the state of every process of
 * the module, or of a sample, is copied, converted, checked, converted back
 * and compared.  A hook or check that faults or does not end costs that one
 * try.  No process notices: nothing is written but what is noted here.
 *
 * Its promise: if no event comes between, an upgrade with -on-error keep-old
 * converts, pins and fails as many as are counted here, in each state; one
 * that has failures, or is given up, is one that would be taken back.
 *
 * What it is not: the upgrade's stages (release_rehearsal.c); and a proof, for
 * a call may tomorrow be in a state that none is in now.
 */
#ifndef UPGRADE_REHEARSAL_H
#define UPGRADE_REHEARSAL_H

#include "upgrade/release_handler.h"

struct code;
struct rehearsal;
struct scheduler;
struct state_names;

struct rehearsal_order {
	struct scheduler *home;
	struct code *code;
	const char *module;
	uint16_t to;			 /* a resident version of it */
	uint64_t sample;		 /* about so many; 0: all */
	const struct state_names *names; /* they outlive it */
};

/* What failed. */
enum rehearsal_fault {
	REHEARSAL_HOOK,	 /* it refuses the state */
	REHEARSAL_CHECK, /* it refuses what the plan has made */
	REHEARSAL_CRASH, /* either faulted, see `reason` */
	REHEARSAL_LOST,	 /* the new state has no way back */
	REHEARSAL_SPOILT /* the state that it was to read is written to */
};

struct rehearsal_failure {
	struct pid pid;
	struct pid other; /* of its unit, which has failed; or PID_NONE */
	uint8_t fault;	  /* enum rehearsal_fault */
	bool in_check, is_down;
	struct reason reason;
};

/* The first value that comes back as another. */
struct rehearsal_loss {
	struct pid pid;
	char path[48], was[32], is[32];
};

enum { REHEARSAL_FAILURES = 4 }; /* told; all are counted */

struct rehearsal_result {
	uint64_t converted, pinned, failed; /* as an upgrade would */
	/* By the number of the state's name, the last: without one. */
	uint64_t converted_in[UPGRADE_STATES + 1];
	uint64_t pinned_in[UPGRADE_STATES + 1];
	uint64_t failed_in[UPGRADE_STATES + 1];
	/* Of `converted`: */
	uint64_t skipped; /* without its code_change, which has faulted */
	uint64_t lossy;	  /* come back as another */
	uint64_t astray;  /* do not come back, or not as they should */
	bool is_cut;	  /* given up: its code does not end */
	unsigned int failures;
	struct rehearsal_failure failure[REHEARSAL_FAILURES];
	struct rehearsal_loss loss; /* if any is lossy */
};

/* Nothing goes yet.  -ENOMEM. */
int rehearsal_alloc(
    struct rehearsal **ret_rehearsal, const struct rehearsal_order *order);
void rehearsal_free(struct rehearsal **rehearsalp);

/*
 * Gives every scheduler but home its slices; home's are taken by the caller,
 * rehearsal_slice() until it returns false, and rehearsal_is_over() asked.
 */
void rehearsal_begin(struct rehearsal *rehearsal);
bool rehearsal_slice(struct rehearsal *rehearsal);
bool rehearsal_is_over(const struct rehearsal *rehearsal);

/* When it is over. */
void rehearsal_sum(
    const struct rehearsal *rehearsal, struct rehearsal_result *ret_result);
/* What each process has waited for its slice, ns. */
void rehearsal_pauses(const struct rehearsal *rehearsal,
    struct histogram *ret_cpu, struct histogram *ret_wall);
/* Adds one scheduler's to the sum. */
void rehearsal_add(
    struct rehearsal_result *sum, const struct rehearsal_result *one);

/* The first failures and the first loss, in words: "<12.1> its check ...". */
void rehearsal_text(
    const struct rehearsal_result *result, char *text, size_t size);

/* Of one failure, without its pid: "its check refuses it". */
void rehearsal_failure_text(
    const struct rehearsal_failure *failure, char *text, size_t size);

#endif
