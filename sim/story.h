/*
 * story: what has gone on with the calls that a scenario has named, as a
 * ladder.
 *
 * Their events are kept in memory (calls/exchange/watch.h), so that the last of
 * them can be shown wherever an expectation fails, whatever the database keeps.
 */
#ifndef SIM_STORY_H
#define SIM_STORY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct named_call;
struct scenario;

enum { STORY_PHASES = 64, STORY_PHASE_SIZE = 96, STORY_LAST = 10 };

struct story {
	struct {
		uint64_t at, order;
		char text[STORY_PHASE_SIZE];
	} phases[STORY_PHASES]; /* the first ones */
	unsigned int phases_count;
};

/* A part of the run begins. */
void story_phase(struct scenario *scenario, const char *text);

/* All that is kept of a call.  -ENODATA nothing is; -ENOMEM. */
int story_print(
    struct scenario *scenario, const struct named_call *call, FILE *out);

/*
 * A call that nobody has named is watched from now on, as if it had been; what
 * the recorder still has of it stands before.  -ESRCH it does not live, and is
 * not watched; -ENOMEM.
 */
int story_follow(struct scenario *scenario, uint64_t call);

/* Beside the failure that was told last: the last events of the call. */
void story_show(struct scenario *scenario, const struct named_call *call);

/*
 * The named call that a subject of `expect` is about: its own, or the one that
 * its line is in; NULL: none.
 */
const struct named_call *story_call_of(
    struct scenario *scenario, const char *noun, const char *key);

/* Of --ladder: the named calls of the run, or that of --call, into its file. */
int story_write(struct scenario *scenario, char *why, size_t size);

#endif
