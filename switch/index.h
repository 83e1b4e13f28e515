/*
 * Private to switch/: finds pieces of the store by the hash of something.
 *
 * Linear hashing (Litwin, 1980): the table grows by one bucket at a time, so
 * that no entry ever waits for all to be moved, and finding costs the same at
 * a dozen entries and at a million.  An entry is a piece that embeds a struct
 * index_link; which of the entries with one hash is meant, the caller says.
 */
#ifndef SWITCH_INDEX_H
#define SWITCH_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "switch/store.h"

struct index_link {
	uint32_t next, hash;
};

/* All zero is an empty one. */
struct index {
	uint32_t directory; /* ref of the refs of segments */
	uint32_t capacity;  /* segments that the directory has room for */
	uint32_t buckets, entries;
	uint32_t offset; /* of the link in an entry */
};

/* From now on index_add() cannot fail.  -ENOSPC. */
int index_reserve(struct store *store, struct index *index, uint32_t offset);

void index_add(
    struct store *store, struct index *index, uint32_t ref, uint32_t hash);
void index_remove(struct store *store, struct index *index, uint32_t ref);

/* The entries with that hash, one after another; 0 at the end. */
uint32_t index_first(
    const struct store *store, const struct index *index, uint32_t hash);
uint32_t index_next(
    const struct store *store, const struct index *index, uint32_t ref);

/* Gives back what the index itself has taken; its entries are not its own. */
void index_release(struct store *store, struct index *index);
size_t index_footprint(const struct index *index);

uint32_t index_hash(const void *bytes, size_t size);

#endif
