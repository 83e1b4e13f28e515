/*
 * store: the memory that live processes are made of.
 *
 * One reserved range of addresses; whatever lies in it is referred to by a
 * 32-bit `ref`, its distance from the base in units of 16 bytes, never by a
 * pointer: so it could be moved, and a ref is half the size.  At the front
 * stands the table of process headers, one of 64 bytes for each slot; behind
 * it slabs of equal pieces, one list of free pieces for each size class.
 *
 * The range grows in populated steps of 16 MiB; a refused step is the answer
 * `full` (ref 0), never a signal later on.  Slabs that have become empty are
 * used for other sizes, and beyond a few given back to the system.  Not
 * thread-safe: each scheduler has its own.
 */
#ifndef SWITCH_STORE_H
#define SWITCH_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STORE_UNIT = 16,	/* bytes of one ref */
	STORE_HEADER = 64,	/* bytes of one slot of the table */
	STORE_PIECE_MAX = 65536 /* bytes of the largest piece */
};
#define STORE_SLOTS UINT32_C(0x1000000) /* 2^24: a pid's lower bits */

/*
 * A test's order: after `pieces` more, the next piece or step is refused, as
 * if memory were short; all that follow too, if it `lasts`.
 */
struct store_shortage {
	uint64_t pieces;
	bool lasts;
	uint64_t refused; /* so far */
};

struct store {
	unsigned int magic;
#define STORE_MAGIC 0x57a7e5a1
	uint32_t slots; /* of the table, populated so far */
	uint8_t *base;
	uint64_t bytes_in_use; /* by pieces taken and not given back */
	struct store_heap *heap;
	struct store_shortage *shortage; /* NULL but in tests */
};

/*
 * Reserves `bytes` bytes of addresses, at least 2 GiB, at most 64 GiB; 0
 * means 64 GiB, or the half, the quarter ... that can be had.  -ENOMEM,
 * -EINVAL.
 */
int store_alloc(struct store **ret_store, size_t bytes);
void store_free(struct store **storep);

/* Populates the table up to and including `slot`.  -ENOSPC. */
int store_grow_table(struct store *store, uint32_t slot);

/* A piece of at least `size` bytes (1 to STORE_PIECE_MAX); 0 when full. */
uint32_t store_take(struct store *store, size_t size);

/* Gives a piece back; `size` as it was taken. */
void store_give(struct store *store, uint32_t ref, size_t size);

/*
 * Moves the whole to another address, as a proof that nobody keeps a pointer
 * into it: for debug builds and tests, between two events.  -ENOMEM, and then
 * nothing has changed.
 */
int store_move(struct store *store);

/* What a piece of `size` really occupies. */
size_t store_piece(size_t size);

/* Bytes populated so far: the resident part of the range. */
uint64_t store_resident(const struct store *store);

static inline void *
store_at(const struct store *store, uint32_t ref)
{
	return store->base + (size_t)ref * STORE_UNIT;
}

static inline void *
store_slot(const struct store *store, uint32_t slot)
{
	return store->base + (size_t)(slot % STORE_SLOTS) * STORE_HEADER;
}

#endif
