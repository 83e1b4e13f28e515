/*
 * orders: every order in which the bodies of a scenario's races can come.
 *
 * `run --orders all` runs the scenario once for each: the first time every race
 * has its bodies as they are written, and then one race after the other, from
 * the last, goes through its permutations.  Which races there are may depend
 * on what the ones before have done, so they are counted as they come.
 */
#ifndef SIM_ORDERS_H
#define SIM_ORDERS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ORDERS_RACES_MAX = 64,	/* of a scenario */
	ORDERS_BODIES_MAX = 6,	/* of a race: 720 orders */
	ORDERS_RUNS_MAX = 10000 /* beyond nobody waits for it */
};

struct orders {
	/* Of each race of this run its permutation, and how many it has. */
	unsigned int number[ORDERS_RACES_MAX], permutations[ORDERS_RACES_MAX];
	unsigned int line[ORDERS_RACES_MAX], bodies[ORDERS_RACES_MAX];
	unsigned int given; /* how many of them are fixed beforehand */
	unsigned int count; /* races of this run so far */
	bool is_too_many;   /* a race or a body more than can be gone through */
};

/* Before a run. */
void orders_begin(struct orders *orders);
/* The order of its next race, of so many bodies, at that line. */
void orders_take(struct orders *orders, unsigned int *order,
    unsigned int bodies, unsigned int line);
/* After it: whether there is a next one. */
bool orders_next(struct orders *orders);

/* "line 4: 2 1, line 9: 1 2 3", as they were in the last run. */
void orders_describe(const struct orders *orders, char *text, size_t size);

#endif
