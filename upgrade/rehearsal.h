/*
 * rehearsal: what an upgrade would do to the live processes, done to copies.
 *
 * On each scheduler one walk (walk.h), in which the state of every process of
 * the module, or of a sample, is copied, converted, checked, converted back
 * and compared.  A hook or check that faults or does not end costs that one
 * try.  No process notices: nothing is written but what is noted here.
 *
 * What it is not: the upgrade's stages (release_rehearsal.c); and a proof, for
 * a call may tomorrow be in a state that none is in now.
 */
#ifndef UPGRADE_REHEARSAL_H
#define UPGRADE_REHEARSAL_H

#include "switch/histogram.h"
#include "switch/module.h"

struct code;
struct rehearsal;
struct scheduler;

struct rehearsal_order {
	struct scheduler *home;
	struct code *code;
	const char *module;
	uint16_t to;	 /* a resident version of it */
	uint64_t sample; /* about so many; 0: all */
};

/* What failed. */
enum rehearsal_fault {
	REHEARSAL_HOOK,	  /* it refuses the state */
	REHEARSAL_CHECK,  /* it refuses what the plan has made */
	REHEARSAL_CRASH,  /* either faulted, see `reason` */
	REHEARSAL_LOST,	  /* the new state has no way back */
	REHEARSAL_SPOILT, /* the state that it was to read is written to */
	REHEARSAL_FAULTS
};

struct rehearsal_failure {
	struct pid pid;
	uint8_t fault; /* enum rehearsal_fault */
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
	uint64_t converted; /* up and back */
	uint64_t pinned;    /* have no image there */
	uint64_t lossy;	    /* of `converted`: come back as another */
	uint64_t failed[REHEARSAL_FAULTS];
	bool is_cut; /* given up: its code does not end */
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
uint64_t rehearsal_failed(const struct rehearsal_result *result);

/* The first failures and the first loss, in words: "<12.1> its check ...". */
void rehearsal_text(
    const struct rehearsal_result *result, char *text, size_t size);

/* Of one failure, without its pid: "its check refuses it". */
void rehearsal_failure_text(
    const struct rehearsal_failure *failure, char *text, size_t size);

#endif
