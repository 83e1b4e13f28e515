/*
 * range_order: see range_order.h for what it is.
 *
 * Invariants:
 *   1. no block is empty; the ranges of a block, and the blocks, are in order;
 *   2. a block that is full is halved before one more comes in, for which the
 *      spare one is there once range_order_reserve() has said so.
 */
#include "calls/exchange/range_order.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "switch/object.h"

/* Measured: halving and moving cost the same, about, at some hundred. */
enum { BLOCK = 512 };

struct range_block {
	uint32_t count;
	uint32_t items[BLOCK];
};

/* Where a range stands, or would. */
struct place {
	uint32_t block, item;
};

void
range_order_done(struct range_order *order)
{
	uint32_t i;

	for (i = 0; i < order->count; i++)
		object_free(order->blocks[i], sizeof *order->blocks[i]);
	object_free(order->spare, sizeof *order->spare);
	object_free(order->blocks, order->room * sizeof(void *));
	memset(order, 0, sizeof *order);
}

int
range_order_reserve(struct range_order *order)
{
	struct range_block **blocks;

	if (order->spare == NULL)
		order->spare = object_alloc(sizeof *order->spare);
	if (order->spare == NULL)
		return -ENOMEM;
	blocks = object_grow(
	    order->blocks, order->count, &order->room, sizeof(void *));
	if (blocks == NULL)
		return -ENOMEM;
	order->blocks = blocks;
	return 0;
}

static bool
lies_below(const struct number_range *range, uint64_t form, uint64_t value)
{
	return range->form != form ? range->form < form : range->last < value;
}

/* The first block that does not end below it; order->count: each does. */
static uint32_t
block_of(const struct range_order *order, const struct number_range *ranges,
    uint64_t form, uint64_t value)
{
	uint32_t low = 0, high = order->count, middle;
	const struct range_block *block;

	while (low < high) {
		middle = low + (high - low) / 2;
		block = order->blocks[middle];
		if (lies_below(
			&ranges[block->items[block->count - 1]], form, value))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Likewise in the block. */
static uint32_t
item_of(const struct range_block *block, const struct number_range *ranges,
    uint64_t form, uint64_t value)
{
	uint32_t low = 0, high = block->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (lies_below(&ranges[block->items[middle]], form, value))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The upper half of a block that is full becomes one of its own. */
static void
halve(struct range_order *order, uint32_t at)
{
	struct range_block *full = order->blocks[at], *added = order->spare;

	added->count = BLOCK / 2;
	full->count -= added->count;
	memcpy(added->items, full->items + full->count,
	    added->count * sizeof *added->items);
	memmove(&order->blocks[at + 2], &order->blocks[at + 1],
	    (order->count - at - 1) * sizeof(void *));
	order->blocks[at + 1] = added;
	order->spare = NULL;
	order->count++;
}

/* The block that it belongs in, with room for it. */
static struct range_block *
block_for(struct range_order *order, const struct number_range *ranges,
    const struct number_range *range)
{
	uint32_t at = block_of(order, ranges, range->form, range->first);

	if (order->count == 0) {
		order->blocks[order->count++] = order->spare;
		order->spare = NULL;
	}
	if (at == order->count)
		at--; /* behind all others */
	if (order->blocks[at]->count < BLOCK)
		return order->blocks[at];
	halve(order, at);
	return lies_below(&ranges[order->blocks[at]->items[BLOCK / 2 - 1]],
		   range->form, range->first)
	    ? order->blocks[at + 1]
	    : order->blocks[at];
}

void
range_order_insert(struct range_order *order, const struct number_range *ranges,
    uint32_t index)
{
	const struct number_range *range = &ranges[index];
	struct range_block *block = block_for(order, ranges, range);
	uint32_t at = item_of(block, ranges, range->form, range->first);

	memmove(&block->items[at + 1], &block->items[at],
	    (block->count - at) * sizeof *block->items);
	block->items[at] = index;
	block->count++;
}

void
range_order_remove(struct range_order *order, const struct number_range *ranges,
    uint32_t index)
{
	const struct number_range *range = &ranges[index];
	uint32_t in = block_of(order, ranges, range->form, range->first), at;
	struct range_block *block = order->blocks[in];

	at = item_of(block, ranges, range->form, range->first);
	block->count--;
	memmove(&block->items[at], &block->items[at + 1],
	    (block->count - at) * sizeof *block->items);
	if (block->count > 0)
		return;
	object_free(block, sizeof *block);
	order->count--;
	memmove(&order->blocks[in], &order->blocks[in + 1],
	    (order->count - in) * sizeof(void *));
}

void
range_order_shift(struct range_order *order, uint32_t index)
{
	struct range_block *block;
	uint32_t i, at;

	for (i = 0; i < order->count; i++) {
		block = order->blocks[i];
		for (at = 0; at < block->count; at++)
			if (block->items[at] >= index)
				block->items[at]++;
	}
}

uint32_t
range_order_find(const struct range_order *order,
    const struct number_range *ranges, uint64_t form, uint64_t value)
{
	const uint32_t in = block_of(order, ranges, form, value);
	const struct range_block *block;
	uint32_t index;

	if (in == order->count)
		return RANGE_NONE;
	block = order->blocks[in];
	index = block->items[item_of(block, ranges, form, value)];
	return ranges[index].form == form ? index : RANGE_NONE;
}
