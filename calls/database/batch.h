/*
 * batch: records that are written in one transaction.
 *
 * Filled by one thread, then closed and read by another: whoever hands it
 * over sees to the order.
 */
#ifndef CALLS_DATABASE_BATCH_H
#define CALLS_DATABASE_BATCH_H

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/*
 * About 2,000 CDRs: a commit costs what a few dozen rows do, so more gains
 * nothing, and it is what a failed commit has to do again.
 */
enum { BATCH_BYTES = 512 * 1024 };

struct batch_record {
	uint64_t number; /* among all records of the run, from 1 */
	uint32_t size;
	uint16_t type; /* of writer_add_type() */
	uint16_t spare;
	alignas(max_align_t) unsigned char bytes[];
};

struct batch {
	unsigned int magic;
#define BATCH_MAGIC 0x2b7c90e4
	TAILQ_ENTRY(batch) next;
	uint32_t count; /* of records */
	uint32_t used;	/* of bytes */
	alignas(max_align_t) unsigned char bytes[BATCH_BYTES];
};

/* An empty one, or NULL. */
struct batch *batch_alloc(void);
void batch_free(struct batch **batchp);
void batch_clear(struct batch *batch); /* it is as new */

/* Copies a record to the end.  -ENOSPC when it does not fit any more. */
int batch_add(struct batch *batch, uint64_t number, uint16_t type,
    const void *bytes, size_t size);

/* The record after `record`; the first after NULL; NULL after the last. */
const struct batch_record *batch_next(
    const struct batch *batch, const struct batch_record *record);

#endif
