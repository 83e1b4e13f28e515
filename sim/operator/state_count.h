/*
 * state_count: how many calls are in which state, on which version.
 *
 * Nobody counts that as it happens, since no event is to pay for it; so it is
 * counted by a walk over the processes, a few thousand at each look, while
 * somebody looks.  What is told is what the last whole pass has met: of a small
 * switch all at one moment, of a large one over some seconds.
 *
 * At home alone, while the other schedulers stand still.
 */
#ifndef SIM_OPERATOR_STATE_COUNT_H
#define SIM_OPERATOR_STATE_COUNT_H

#include <stdio.h>

#include "upgrade/state_names.h"

struct scheduler;

enum { STATE_COUNT_LOOKS = 4096 /* processes, each time */ };

/* By the place of the version in `names`, and its state's; last: no state. */
struct state_pass {
	struct state_names names;
	uint64_t calls[STATE_NAMES_VERSIONS][UPGRADE_STATES + 1];
};

/* With all of it 0 no pass has begun. */
struct state_count {
	struct state_pass now, told;
	unsigned int scheduler; /* where the walk is */
	uint32_t cursor;
	bool is_begun;
};

/* Goes on with the walk over the processes that run `module`. */
void state_count_step(
    struct state_count *count, struct scheduler *home, const char *module);

/* [{"version":"2.0","state":"active","calls":3}, ...], of what there is any. */
void state_count_write(
    const struct state_count *count, struct scheduler *home, FILE *out);

#endif
