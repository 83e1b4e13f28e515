/*
 * index: see index.h for what it is.
 *
 * The buckets lie in segments of 256, the refs of the segments in a directory
 * that doubles.  There is one bucket for each entry; when an entry comes and
 * there is none, bucket n is split off from the one that differs from it in
 * the highest bit of n.  Where a new segment is refused the table stays as
 * large as it is: chains grow longer, and nothing fails.
 *
 * Invariants:
 *   1. an entry stands in bucket bucket_of(hash), and in no other;
 *   2. the directory holds a segment for each bucket below `buckets`.
 */
#include "switch/index.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum {
	SEGMENT = 256, /* buckets: 1 KiB, small beside what it serves */
	DIRECTORY_MIN = 16,
	DIRECTORY_MAX = STORE_PIECE_MAX / (int)sizeof(uint32_t)
};

static struct index_link *
link_at(const struct store *store, const struct index *index, uint32_t ref)
{
	return (struct index_link *)(void *)((uint8_t *)store_at(store, ref) +
	    index->offset);
}

static uint32_t *
bucket_at(const struct store *store, const struct index *index, uint32_t bucket)
{
	const uint32_t *segments = store_at(store, index->directory);
	uint32_t *buckets = store_at(store, segments[bucket / SEGMENT]);

	return &buckets[bucket % SEGMENT];
}

/* One less than the least power of two that is not below `count`. */
static uint32_t
mask_for(uint32_t count)
{
	return count <= 1 ? 0 : UINT32_MAX >> __builtin_clz(count - 1);
}

static uint32_t
bucket_of(const struct index *index, uint32_t hash)
{
	uint32_t mask = mask_for(index->buckets), bucket = hash & mask;

	return bucket < index->buckets ? bucket : hash & mask >> 1;
}

static int
grow_directory(struct store *store, struct index *index)
{
	uint32_t capacity =
	    index->capacity == 0 ? DIRECTORY_MIN : index->capacity * 2;
	uint32_t directory;

	if (capacity > DIRECTORY_MAX)
		return -ENOSPC;
	directory = store_take(store, capacity * sizeof(uint32_t));
	if (directory == 0)
		return -ENOSPC;
	if (index->capacity > 0) {
		memcpy(store_at(store, directory),
		    store_at(store, index->directory),
		    index->capacity * sizeof(uint32_t));
		store_give(store, index->directory,
		    index->capacity * sizeof(uint32_t));
	}
	index->directory = directory;
	index->capacity = capacity;
	return 0;
}

/* Room for bucket `buckets`, the next. */
static int
grow(struct store *store, struct index *index)
{
	uint32_t place = index->buckets / SEGMENT, segment;
	int error;

	if (index->buckets % SEGMENT != 0)
		return 0;
	error = place < index->capacity ? 0 : grow_directory(store, index);
	if (error != 0)
		return error;
	segment = store_take(store, SEGMENT * sizeof(uint32_t));
	if (segment == 0)
		return -ENOSPC;
	memset(store_at(store, segment), 0, SEGMENT * sizeof(uint32_t));
	((uint32_t *)store_at(store, index->directory))[place] = segment;
	return 0;
}

static void
insert(struct store *store, const struct index *index, uint32_t ref)
{
	struct index_link *link = link_at(store, index, ref);
	uint32_t *first = bucket_at(store, index, bucket_of(index, link->hash));

	link->next = *first;
	*first = ref;
}

static void
split(struct store *store, struct index *index)
{
	uint32_t from = index->buckets & mask_for(index->buckets + 1) >> 1;
	uint32_t *first = bucket_at(store, index, from);
	uint32_t ref = *first, next;

	index->buckets++;
	*first = 0;
	for (; ref != 0; ref = next) {
		next = link_at(store, index, ref)->next;
		insert(store, index, ref);
	}
}

int
index_reserve(struct store *store, struct index *index, uint32_t offset)
{
	int error;

	if (index->buckets > 0)
		return 0;
	index->offset = offset;
	error = grow(store, index);
	if (error == 0)
		index->buckets = 1;
	return error;
}

void
index_add(struct store *store, struct index *index, uint32_t ref, uint32_t hash)
{
	assert(index->buckets > 0);
	if (index->entries == index->buckets && grow(store, index) == 0)
		split(store, index);
	link_at(store, index, ref)->hash = hash;
	insert(store, index, ref);
	index->entries++;
}

void
index_remove(struct store *store, struct index *index, uint32_t ref)
{
	struct index_link *link = link_at(store, index, ref);
	uint32_t *place = bucket_at(store, index, bucket_of(index, link->hash));

	while (*place != ref) {
		assert(*place != 0);
		place = &link_at(store, index, *place)->next;
	}
	*place = link->next;
	index->entries--;
}

static uint32_t
skip_to(const struct store *store, const struct index *index, uint32_t ref,
    uint32_t hash)
{
	while (ref != 0 && link_at(store, index, ref)->hash != hash)
		ref = link_at(store, index, ref)->next;
	return ref;
}

uint32_t
index_first(const struct store *store, const struct index *index, uint32_t hash)
{
	if (index->buckets == 0)
		return 0;
	return skip_to(store, index,
	    *bucket_at(store, index, bucket_of(index, hash)), hash);
}

uint32_t
index_next(const struct store *store, const struct index *index, uint32_t ref)
{
	const struct index_link *link = link_at(store, index, ref);

	return skip_to(store, index, link->next, link->hash);
}

static uint32_t
segments_of(const struct index *index)
{
	return (index->buckets + SEGMENT - 1) / SEGMENT;
}

void
index_release(struct store *store, struct index *index)
{
	const uint32_t *segments;
	uint32_t i;

	if (index->capacity == 0)
		return;
	segments = store_at(store, index->directory);
	for (i = 0; i < segments_of(index); i++)
		store_give(store, segments[i], SEGMENT * sizeof(uint32_t));
	store_give(store, index->directory, index->capacity * sizeof(uint32_t));
	memset(index, 0, sizeof *index);
}

size_t
index_footprint(const struct index *index)
{
	if (index->capacity == 0)
		return 0;
	return store_piece(index->capacity * sizeof(uint32_t)) +
	    segments_of(index) * store_piece(SEGMENT * sizeof(uint32_t));
}

/* FNV-1a, then murmur's finish: linear hashing looks at the low bits. */
uint32_t
index_hash(const void *bytes, size_t size)
{
	const uint8_t *byte = bytes, *end = byte + size;
	uint32_t hash = 0x811c9dc5;

	for (; byte < end; byte++)
		hash = (hash ^ *byte) * 0x01000193;
	hash = (hash ^ hash >> 16) * 0x85ebca6b;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35;
	return hash ^ hash >> 16;
}
