/*
 * orders: see orders.h for what it is.
 */
#include "sim/orders.h"

#include <stdio.h>

static unsigned int
factorial(unsigned int n)
{
	unsigned int product = 1;

	for (; n > 1; n--)
		product *= n;
	return product;
}

/* The n-th permutation, in the order of the dictionary. */
static void
permute(unsigned int *order, unsigned int bodies, unsigned int number)
{
	unsigned int left[ORDERS_BODIES_MAX], i, j, which, rest;

	for (i = 0; i < bodies; i++)
		left[i] = i;
	for (i = 0; i < bodies; i++) {
		rest = factorial(bodies - 1 - i);
		which = number / rest;
		number %= rest;
		order[i] = left[which];
		for (j = which; j + 1 < bodies - i; j++)
			left[j] = left[j + 1];
	}
}

void
orders_begin(struct orders *orders)
{
	orders->count = 0;
}

void
orders_take(struct orders *orders, unsigned int *order, unsigned int bodies,
    unsigned int line)
{
	const unsigned int race = orders->count;
	unsigned int i;

	if (race == ORDERS_RACES_MAX || bodies > ORDERS_BODIES_MAX) {
		orders->is_too_many = true;
		for (i = 0; i < bodies; i++)
			order[i] = i;
		return;
	}
	if (race >= orders->given)
		orders->number[race] = 0;
	orders->permutations[race] = factorial(bodies);
	orders->bodies[race] = bodies;
	orders->line[race] = line;
	orders->count++;
	permute(
	    order, bodies, orders->number[race] % orders->permutations[race]);
}

bool
orders_next(struct orders *orders)
{
	unsigned int race = orders->count;

	while (race > 0) {
		race--;
		if (++orders->number[race] < orders->permutations[race]) {
			orders->given = race + 1;
			return true;
		}
	}
	return false;
}

void
orders_describe(const struct orders *orders, char *text, size_t size)
{
	unsigned int order[ORDERS_BODIES_MAX], race, i;
	size_t at = 0;

	text[0] = '\0';
	for (race = 0; race < orders->count && at < size; race++) {
		permute(order, orders->bodies[race],
		    orders->number[race] % orders->permutations[race]);
		at += (size_t)snprintf(text + at, size - at,
		    "%sline %u:", race == 0 ? "" : ", ", orders->line[race]);
		for (i = 0; i < orders->bodies[race] && at < size; i++)
			at += (size_t)snprintf(
			    text + at, size - at, " %u", order[i] + 1);
	}
}
