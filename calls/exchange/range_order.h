/*
 * range_order: ranges of numbers, in the order of their digits.
 *
 * A million lines may be a million ranges, added in any order: so what is
 * ordered are indexes of ranges, in blocks of a few hundred, and adding one
 * moves those of its block and no others.
 *
 * Private to calls/exchange/, for numbering.c.
 */
#ifndef CALLS_EXCHANGE_RANGE_ORDER_H
#define CALLS_EXCHANGE_RANGE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Numbers of one form have equal length, and `*` and `#` at the same places.
 * Their digits without these, as a number, are `first` to `last`.
 */
struct number_range {
	uint64_t form;
	uint64_t first, last;
	uint32_t base; /* id of the first */
	bool is_withdrawn;
};

#define RANGE_NONE UINT32_MAX

struct range_order {
	struct range_block **blocks, *spare;
	uint32_t count, room;
};

void range_order_done(struct range_order *order);

/* Room for one more.  -ENOMEM. */
int range_order_reserve(struct range_order *order);

/* There is room for it, and it meets none of the others. */
void range_order_insert(struct range_order *order,
    const struct number_range *ranges, uint32_t index);
void range_order_remove(struct range_order *order,
    const struct number_range *ranges, uint32_t index);

/* One has come in among the ranges there: those from it on are one higher. */
void range_order_shift(struct range_order *order, uint32_t index);

/* The first of that form which does not end below `value`; or RANGE_NONE. */
uint32_t range_order_find(const struct range_order *order,
    const struct number_range *ranges, uint64_t form, uint64_t value);

#endif
