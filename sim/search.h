/*
 * search: the highest rate of a traffic at which a condition holds.
 *
 * The rate goes up from one end of a span, by a share of itself, until the
 * condition does not hold any more or the other end is reached.  Each step
 * lasts for a while, of which the first half is left out: the traffic has to
 * get used to it.  The traffic then goes on at the rate that was found.
 */
#ifndef SIM_SEARCH_H
#define SIM_SEARCH_H

#include <stdbool.h>

struct arguments;
struct scenario;

/* As an action_f. */
int search_do(struct scenario *scenario, const struct arguments *arguments);

/*
 * `scenario->until` has come: it goes on until then; false: it is done, its
 * answer in `scenario->value`.
 */
bool search_go_on(struct scenario *scenario);

void search_forget(struct scenario *scenario);

#endif
