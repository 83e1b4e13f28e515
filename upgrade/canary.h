/*
 * canary: which calls run a new release while it is watched.
 *
 * A share of the live ones and of those that are born meanwhile, among those
 * that the operator wants (-only); never an emergency call.  The share is kept
 * by counting, not by chance: of every so many candidates one is taken, so
 * that a few calls give what the operator asked for, and the same run always
 * takes the same.
 *
 * Of a call whose number is not dialled yet nobody knows whether it will be
 * for the emergency service.  It waits on the old release until it is known,
 * and counts then as a birth; where very many wait, the last stay there.
 *
 * What it is not: the watch and its verdict (release_canary.c).
 */
#ifndef UPGRADE_CANARY_H
#define UPGRADE_CANARY_H

#include <stdint.h>

#include "switch/scheduler.h"
#include "upgrade/telephony.h"

enum { CANARY_LATE_MAX = 512 };

/* What is still owed to the share on one scheduler, in parts of 2^32. */
struct canary_lane {
	uint64_t live, births;
	uint64_t candidates; /* that it was asked about and might take */
	/* Who waits: a ring, the first and how many. */
	unsigned int first, late;
	struct pid waiting[CANARY_LATE_MAX];
	char apart[64]; /* no two schedulers write into one cache line */
};

struct canary {
	uint16_t from, to;
	uint64_t share; /* in parts of 2^32 */
	const struct upgrade_telephony *telephony;
	const struct upgrade_conditions *conditions;
	struct canary_lane lanes[SCHEDULERS_MAX];
};

/* `share` from 0 to 1; both tables must outlive it. */
void canary_begin(struct canary *canary, double share,
    const struct upgrade_telephony *telephony,
    const struct upgrade_conditions *conditions);

/*
 * Whether it takes this one, on the thread of the scheduler that has it; a
 * candidate is to be asked about once, and again if it comes out of those who
 * wait.
 */
bool canary_takes_live(struct canary *canary, const struct process_info *info);
bool canary_takes_birth(
    struct canary *canary, struct pid pid, const struct message *start);
bool canary_takes_late(struct canary *canary, const struct process_info *info);

/* Who has waited longest, who may have ended; how many there are. */
struct pid canary_next_late(struct canary *canary, unsigned int scheduler);
unsigned int canary_late(const struct canary *canary, unsigned int scheduler);

/* How many there were, on all schedulers; while the others are halted. */
uint64_t canary_candidates(const struct canary *canary);

#endif
