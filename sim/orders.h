/*
 * orders: in which order the bodies of each `race` come.
 *
 * An order of a run is a number for each of its races, as they come: 1 is the
 * bodies as they are written, and so on to the last permutation, in the order
 * of a dictionary.  Written it is "2.1.4", without the ones at its end.
 */
#ifndef SIM_ORDERS_H
#define SIM_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ORDERS_RACES = 32, /* of one run; those behind come as written */
	ORDERS_BODIES =
	    20,		   /* of one race: as many as have a count in 64 bits */
	ORDERS_MAX = 5040, /* that are tried of one scenario: 7 bodies */
	ORDERS_SHOWN = 5,
	ORDER_TEXT_SIZE = ORDERS_RACES * 21
};

struct order {
	unsigned int count;
	uint64_t numbers[ORDERS_RACES]; /* from 1 */
};

/* The races that a run has met. */
struct races {
	unsigned int count;
	unsigned int bodies[ORDERS_RACES], lines[ORDERS_RACES];
};

/* What came of all orders of a scenario. */
struct orders {
	uint64_t tried, failed;
	uint64_t all;			  /* as far as the first run tells */
	struct order shown[ORDERS_SHOWN]; /* the first that failed */
	struct races races;		  /* of the first run */
};

/* "2.1.4"; false: it is no order. */
bool order_read(const char *text, struct order *ret_order);
const char *order_text(const struct order *order, char text[ORDER_TEXT_SIZE]);

/* Which comes first: < 0, 0, > 0. */
int order_compare(const struct order *one, const struct order *other);

/* How many orders a race has: UINT64_MAX, more than can be told. */
uint64_t order_of_bodies(unsigned int bodies);

/*
 * The bodies of race `i` of a run, 0 to bodies - 1, as `order` has them; false:
 * it has no such order.
 */
bool order_bodies(const struct order *order, unsigned int i,
    unsigned int bodies, unsigned int *ret_bodies);

/* Of all races together. */
uint64_t orders_all(const struct races *races);

#endif
