/*
 * explore: runs a scenario in every order of its races (orders.h).
 *
 * Each order is a run of its own, in a process and a database that are thrown
 * away; the first tells which races there are, and every other one may meet
 * further ones, so that none is left out and none is tried twice.
 */
#ifndef SIM_EXPLORE_H
#define SIM_EXPLORE_H

struct orders;
struct suite;

/*
 * Of the scenario of that number.  0; the number of a signal that interrupted
 * it; -errno with one clause in the suite's `why`.
 */
int explore(
    struct suite *suite, unsigned int number, struct orders *ret_orders);

#endif
