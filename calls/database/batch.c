/*
 * batch: see batch.h for what it is.
 *
 * Records of different sizes lie behind each other, each at the alignment of
 * any type, so that the writer reads them where they are.
 */
#include "calls/database/batch.h"

#include <errno.h>
#include <string.h>

#include "switch/object.h"

struct batch *
batch_alloc(void)
{
	struct batch *batch;

	return ALLOC_OBJ(batch, BATCH_MAGIC);
}

void
batch_free(struct batch **batchp)
{
	FREE_OBJ(batchp, BATCH_MAGIC);
}

void
batch_clear(struct batch *batch)
{
	CHECK_OBJ(batch, BATCH_MAGIC);
	batch->used = 0;
	batch->count = 0;
}

static size_t
room_of(size_t size)
{
	size_t whole = sizeof(struct batch_record) + size;

	return (whole + alignof(max_align_t) - 1) / alignof(max_align_t) *
	    alignof(max_align_t);
}

int
batch_add(struct batch *batch, uint64_t number, uint16_t type,
    const void *bytes, size_t size)
{
	struct batch_record *record;

	CHECK_OBJ(batch, BATCH_MAGIC);
	if (size > BATCH_BYTES || room_of(size) > BATCH_BYTES - batch->used)
		return -ENOSPC;
	record = (void *)(batch->bytes + batch->used);
	record->number = number;
	record->size = (uint32_t)size;
	record->type = type;
	memcpy(record->bytes, bytes, size);
	batch->used += (uint32_t)room_of(size);
	batch->count++;
	return 0;
}

const struct batch_record *
batch_next(const struct batch *batch, const struct batch_record *record)
{
	const unsigned char *place = batch->bytes;

	CHECK_OBJ(batch, BATCH_MAGIC);
	if (record != NULL)
		place = (const unsigned char *)record + room_of(record->size);
	if (place == batch->bytes + batch->used)
		return NULL;
	return (const void *)place;
}
