/*
 * shadow_run: the live calls' events, handled by another version as well.
 *
 * On each scheduler a shadow (switch/shadow.h) is with the processes of the
 * module, or a share of them; each event of theirs is compared
 * (comparison.h), counted by its kind, and the first differences are kept with
 * what either version did.  No process notices.
 *
 * The third event that the new version's code does not end gives the run up:
 * each holds a scheduler for as long as the watchdog lets it.
 *
 * What it is not: a stage of an upgrade (release_canary.c); nor a proof, for
 * only what happens while it lasts is compared.
 */
#ifndef UPGRADE_SHADOW_RUN_H
#define UPGRADE_SHADOW_RUN_H

#include <stdio.h>

#include "switch/module.h"
#include "upgrade/comparison.h"

struct code;
struct scheduler;
struct shadow_run;
struct upgrade_telephony;

struct shadow_run_order {
	struct scheduler *home;
	struct code *code;
	const char *module;
	uint16_t to;  /* a resident version of it */
	double share; /* of its processes in other versions: 0 to 1 */
	/* Outlives the run; or NULL: calls have no number. */
	const struct upgrade_telephony *telephony;
};

enum {
	RECORD_UPGRADE_SHADOW = 0xfe16,
	SHADOW_RUN_EVENTS = 32,	     /* kinds that are told apart */
	SHADOW_RUN_DIFFERENCES = 12, /* kept on each scheduler, and in all */
	SHADOW_RUN_ALIKE = 3,	     /* of these at most, of one kind */
	SHADOW_RUN_WORD = 32
};

/* One event, and what either version did: also the record of it. */
struct shadow_difference {
	uint64_t upgrade; /* number of its report; filled in by whom sends it */
	uint64_t which;	  /* among those of that, from 1; likewise */
	uint64_t at;	  /* µs of the run */
	uint64_t call;	  /* its number, or 0 */
	struct pid pid;
	uint8_t is_crash, spare[7];
	char module[32], version_from[32], version_to[32];
	char event[SHADOW_RUN_WORD], state[SHADOW_RUN_WORD]; /* before it */
	struct comparison_texts did;
};

struct shadow_event {
	char word[SHADOW_RUN_WORD];
	uint64_t compared, differed, crashed; /* each of those before it */
};

struct shadow_run_result {
	uint64_t compared, differed, crashed; /* likewise, of all kinds */
	uint64_t untried; /* their state had no image, or no conversion */
	bool is_cut;	  /* given up: its code does not end */
	unsigned int events;
	struct shadow_event event[SHADOW_RUN_EVENTS]; /* in order of words */
	unsigned int differences;
	struct shadow_difference difference[SHADOW_RUN_DIFFERENCES];
};

/*
 * Begins on all schedulers, while all but home are halted.  -EINVAL it is
 * no share, or `to` no version of the module; -ENOMEM.
 */
int shadow_run_begin(
    struct shadow_run **ret_run, const struct shadow_run_order *order);

/*
 * Ends it, while all but home are halted; it may then be summed, and freed.
 * Before the version is unloaded.
 */
void shadow_run_end(struct shadow_run *run);
void shadow_run_free(struct shadow_run **runp);

/* As far as it has come; while all but home are halted. */
void shadow_run_sum(
    const struct shadow_run *run, struct shadow_run_result *ret_result);

/* In one clause: "240 events compared, 12 differed (answer 12)". */
void shadow_run_text(
    const struct shadow_run_result *result, char *text, size_t size);
/*
 * For a terminal: that clause, a table of the kinds, then up to `most` of the
 * differences side by side.
 */
void shadow_run_print(
    FILE *out, const struct shadow_run_result *result, unsigned int most);

#endif
