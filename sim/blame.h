/*
 * blame: which line of a scenario something comes from.
 *
 * A fault, or a signal that a call has no row for, is met by the switch and
 * not by the script.  So what a command orders or sends is noted here with its
 * line, and at the end held against what came.
 */
#ifndef SIM_BLAME_H
#define SIM_BLAME_H

#include <stdbool.h>
#include <stdint.h>

struct named_call;
struct scenario;

/* Signals without a row that are told one by one, and faults. */
enum { BLAME_TOLD_MAX = 10, BLAME_TEXT_SIZE = 160 };

struct blame {
	struct blame_order *orders; /* of `fault`, the last one first */
	/* The last signal of a command, until the switch has met it. */
	bool is_sent;
	unsigned int sent_at;
	uint32_t sent_line;
	uint16_t sent;
	uint64_t unexpected; /* signals without a row so far */
	uint64_t told;	     /* of these, by a line */
	struct {
		unsigned int at;
		char text[BLAME_TEXT_SIZE];
	} strange[BLAME_TOLD_MAX];
};

/*
 * A command of the line that is being done has broken the next `count` events
 * of a call, of kind `event` or (NULL) of any; or sent a signal.  -ENOMEM.
 */
int blame_order(struct scenario *scenario, const struct named_call *call,
    const char *event, uint32_t count);
void blame_signal(struct scenario *scenario, uint32_t line, uint16_t signal);

/* Nothing is left to do at this instant: has the signal met no row? */
void blame_settle(struct scenario *scenario);

/*
 * At the end, into the verdict: faults, if nobody wanted them; orders that
 * never came; and signals without a row.  -errno without a database.
 */
int blame_faults(struct scenario *scenario, bool is_unwanted);
void blame_signals(struct scenario *scenario);

void blame_forget(struct scenario *scenario);

#endif
