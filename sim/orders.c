/*
 * orders: see orders.h for what they are.
 */
#include "sim/orders.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
order_read(const char *text, struct order *ret_order)
{
	struct order order = { .count = 0 };
	char *end;

	for (;; text = end + 1) {
		if (order.count == ORDERS_RACES || *text < '1' || *text > '9')
			return false;
		order.numbers[order.count++] = strtoull(text, &end, 10);
		if (*end != '.')
			break;
	}
	if (*end != '\0')
		return false;
	*ret_order = order;
	return true;
}

const char *
order_text(const struct order *order, char text[ORDER_TEXT_SIZE])
{
	unsigned int count = order->count, i;
	size_t at = 0;

	while (count > 0 && order->numbers[count - 1] == 1)
		count--;
	(void)snprintf(text, ORDER_TEXT_SIZE, "1");
	for (i = 0; i < count; i++)
		at += (size_t)snprintf(text + at, ORDER_TEXT_SIZE - at,
		    "%s%" PRIu64, i == 0 ? "" : ".", order->numbers[i]);
	return text;
}

/* Of races that it does not tell of, the bodies come as they are written. */
static uint64_t
number_at(const struct order *order, unsigned int i)
{
	return i < order->count ? order->numbers[i] : 1;
}

int
order_compare(const struct order *one, const struct order *other)
{
	unsigned int i;

	for (i = 0; i < ORDERS_RACES; i++)
		if (number_at(one, i) != number_at(other, i))
			return number_at(one, i) < number_at(other, i) ? -1 : 1;
	return 0;
}

uint64_t
order_of_bodies(unsigned int bodies)
{
	uint64_t all = 1;

	if (bodies > ORDERS_BODIES)
		return UINT64_MAX;
	for (; bodies > 1; bodies--)
		all *= bodies;
	return all;
}

/* Each place takes one of those that are left: the number says which. */
bool
order_bodies(const struct order *order, unsigned int i, unsigned int bodies,
    unsigned int *ret_bodies)
{
	uint64_t number = number_at(order, i) - 1, step;
	unsigned int place, at;

	if (number >= order_of_bodies(bodies))
		return false;
	for (place = 0; place < bodies; place++)
		ret_bodies[place] = place;
	for (place = 0; number > 0 && place < bodies; place++) {
		step = order_of_bodies(bodies - place - 1);
		at = place + (unsigned int)(number / step);
		number %= step;
		step = ret_bodies[at];
		memmove(&ret_bodies[place + 1], &ret_bodies[place],
		    (at - place) * sizeof ret_bodies[0]);
		ret_bodies[place] = (unsigned int)step;
	}
	return true;
}

uint64_t
orders_all(const struct races *races)
{
	uint64_t all = 1, one;
	unsigned int i;

	for (i = 0; i < races->count; i++) {
		one = order_of_bodies(races->bodies[i]);
		if (one > UINT64_MAX / all)
			return UINT64_MAX;
		all *= one;
	}
	return all;
}
