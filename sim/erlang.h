/*
 * erlang: what theory says of a group of circuits, to hold a run against.
 *
 * Traffic is in erlangs: the calls that begin in a mean holding time.  Each
 * formula is for a group in statistical equilibrium whose blocked calls go
 * away, but where said otherwise; none of them asks how holding times are
 * spread, only for their mean.
 *
 * All are exact to about 1e-9 up to 10,000 circuits, take time in proportion
 * to the circuits, and keep nothing.  Traffic is not negative.
 */
#ifndef SIM_ERLANG_H
#define SIM_ERLANG_H

#include <stdint.h>

/* Erlang's first formula: the share of bids that find no circuit. */
double erlang_b(double erlangs, uint32_t circuits);

/* As that where the share `recall` of the blocked tries again at once. */
double erlang_b_extended(double erlangs, uint32_t circuits, double recall);

/* Erlang's second formula: the share of bids that wait, and none goes away. */
double erlang_c(double erlangs, uint32_t circuits);

/*
 * Engset: `sources` that make no call while they are in one.  `erlangs` is
 * what they would carry if none were ever blocked, below one for each.  The
 * share of bids that find no circuit; 0 where there are as many circuits.
 */
double erlang_engset(double erlangs, uint32_t sources, uint32_t circuits);

/* What overflows from a group of first choice (Wilkinson, Riordan). */
struct erlang_overflow {
	double mean, variance; /* of busy circuits in a group without end */
};
struct erlang_overflow erlang_overflow(double erlangs, uint32_t circuits);

/*
 * Wilkinson with Rapp's equivalent group: the share of such traffic, added up
 * from whatever groups, that finds no circuit of `circuits` either.
 */
double erlang_wilkinson(
    const struct erlang_overflow *offered, uint32_t circuits);

#endif
