/*
 * Private to switch/: messages and parcels as pieces of the store.
 *
 * A message is 64 bytes; a parcel is what does not fit, owned by its message
 * and freed with it.  While a message waits it belongs to one mailbox; while
 * its event runs, to the transaction.
 */
#ifndef SWITCH_MESSAGE_H
#define SWITCH_MESSAGE_H

#include "switch/scheduler_internal.h"

enum { MESSAGE_HAS_PARCEL = 1 };

struct parcel {
	uint32_t size;
	uint32_t spare[3];
	uint8_t bytes[];
};
enum { PARCEL_MAX = STORE_PIECE_MAX - (int)sizeof(struct parcel) };

/* 0 when full; `body` may be NULL with a length of 0. */
uint32_t message_alloc(struct scheduler *scheduler, uint16_t kind,
    struct pid from, const void *body, size_t length);

/* One like that, which has no parcel and stands in no mailbox; 0 when full. */
uint32_t message_copy(struct scheduler *scheduler, const struct message *like);

struct message message_make(
    uint16_t kind, struct pid from, const void *body, size_t length);
/*
 * A message that would be freed becomes `like` instead: so what must be told
 * needs no memory.  Its parcel is freed.
 */
void message_become(
    struct scheduler *scheduler, uint32_t ref, const struct message *like);

/* With a parcel of `size` bytes, not yet filled. */
uint32_t message_alloc_parcel(
    struct scheduler *scheduler, uint16_t kind, struct pid from, size_t size);

void message_free(struct scheduler *scheduler, uint32_t ref);
/* Only the parcel of `message`, which may be a copy; its body is empty then. */
void message_free_parcel(struct scheduler *scheduler, struct message *message);

/* NULL if it has none. */
struct parcel *message_parcel(
    const struct scheduler *scheduler, const struct message *message);

/* What the message and its parcel occupy in the store. */
size_t message_footprint(
    const struct scheduler *scheduler, const struct message *message);

#endif
