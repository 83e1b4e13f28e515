/*
 * trunk_figures: what is measured of a trunk group, beside what theory says of
 * one with as many circuits that is offered as much (telephony.md 1.7).
 *
 * Blocking is of bids, congestion of time.  What was offered is reckoned from
 * what was carried and from the blocking.  Erlang B is for a group whose bids
 * are all first choice; one that takes what overflows from others is offered
 * peaked traffic, for which Wilkinson's theory is.  NaN is what nobody knows.
 */
#ifndef SIM_TRUNK_FIGURES_H
#define SIM_TRUNK_FIGURES_H

#include <stdint.h>

#include "sim/condition.h"

struct office;

#define TRUNK_FIGURES(X)                                                       \
	X(circuits)                                                            \
	X(busy)                                                                \
	X(bids)                                                                \
	X(overflow)                                                            \
	X(seizures)                                                            \
	X(answers)                                                             \
	X(glare)                                                               \
	X(asr)                                                                 \
	X(abr)                                                                 \
	X(ner)                                                                 \
	X(acd_s)                                                               \
	X(blocking)                                                            \
	X(blocking_se)                                                         \
	X(time_congestion)                                                     \
	X(carried_erlangs)                                                     \
	X(offered_erlangs) X(peakedness) X(erlang_b) X(wilkinson)

#define TRUNK_FIGURE(name) struct condition_value name;
struct trunk_figures {
	TRUNK_FIGURES(TRUNK_FIGURE)
};
#undef TRUNK_FIGURE

/* Of the group of that number; `since`: NULL: it was made. */
struct trunk_info;
void trunk_figures_look(struct office *office, uint32_t trunk,
    const struct trunk_info *since, struct trunk_figures *ret_figures);

#endif
