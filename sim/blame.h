/*
 * blame: which line of a scenario something comes from.
 *
 * A fault, or a signal that a call has no row for, is met by the switch and
 * not by the script.  So what a command orders is noted here with its line, and
 * at the end held against what came; of signals, the line at which they did.
 */
#ifndef SIM_BLAME_H
#define SIM_BLAME_H

#include <stdbool.h>
#include <stdint.h>

#include "calls/exchange/stray.h"

struct named_call;
struct scenario;

/* Signals without a row that are told one by one, late ones, and faults. */
enum { BLAME_TOLD_MAX = 10, BLAME_TEXT_SIZE = 160 }; /* who reads more? */

struct blame {
	struct blame_order *orders; /* of `fault`, the last one first */
	/* Signals that no row wanted, as they were met. */
	struct {
		unsigned int noted;
		struct blame_stray {
			unsigned int at;
			uint64_t when;		   /* µs of the run */
			uint64_t call;		   /* 0: it has no name */
			char line[DIGITS_MAX + 1]; /* of whom, or "" */
			char text[BLAME_TEXT_SIZE];
		} met[STRAYS_NOTED];
	} strays[STRAY_KINDS];
};

/*
 * A command of the line that is being done has broken the next `count` events
 * of a call, of kind `event` or (NULL) of any.  -ENOMEM.
 */
int blame_order(struct scenario *scenario, const struct named_call *call,
    const char *event, uint32_t count);

/*
 * Nothing is left to do at this instant: signals that have met no row since the
 * last time come from the line that is being done.
 */
void blame_settle(struct scenario *scenario);

/*
 * At the end, into the verdict: faults, if nobody wanted them; orders that
 * never came; and signals without a row.  What a permit covers was wanted.
 * -errno without a database.
 */
int blame_faults(struct scenario *scenario, bool is_unwanted);
void blame_strays(struct scenario *scenario, enum stray_kind kind,
    uint64_t count, bool is_unwanted);

void blame_forget(struct scenario *scenario);

#endif
