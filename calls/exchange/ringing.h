/*
 * ringing: which calls ring at the lines of a pickup group, the one that has
 * rung longest first.
 *
 * One list for each group, through the annexes of the calls: so a pickup costs
 * no more in a group of thousands than in one of three.  Which of them may be
 * picked up is not asked here (pickup.c).
 *
 * Invariants:
 *   1. a call stands in one list at most, and has an annex then;
 *   2. who rings in a group stands in its list; who has been answered since may
 *      stand there too, till he is met or his call ends.
 *
 * Private to calls/exchange/, for whoever has the office's lock.
 */
#ifndef CALLS_EXCHANGE_RINGING_H
#define CALLS_EXCHANGE_RINGING_H

#include <stdint.h>

struct office;
struct ringing_list {
	uint32_t first, last; /* places of calls, or ATTEMPT_NONE */
};
struct ringing {
	struct ringing_list *lists; /* of group 1 first */
	uint32_t count;
};

void ringing_clear(struct ringing *ringing);
/* Groups up to that number have a list.  -ENOMEM. */
int ringing_reserve(struct ringing *ringing, uint16_t group);

/*
 * The call rings at that line now, whether that is of a group or not; it does
 * so no more.  Without memory it stands in no list: who knows the number of the
 * line picks it up all the same.
 */
void ringing_add(struct office *office, uint32_t place, uint32_t line);
void ringing_remove(struct office *office, uint32_t place);

/* The first of that group, and the one behind that place; or ATTEMPT_NONE. */
uint32_t ringing_first(const struct office *office, uint16_t group);
uint32_t ringing_behind(const struct office *office, uint32_t place);

#endif
