/*
 * message: see message.h for what it is.
 *
 * The ref of a parcel stands in the first four bytes of its message's body,
 * which is otherwise empty: a message has a body or a parcel, never both.
 */
#include "switch/message.h"

#include <string.h>

static uint32_t
parcel_ref(const struct message *message)
{
	uint32_t ref;

	memcpy(&ref, message->body.bytes, sizeof ref);
	return ref;
}

struct message
message_make(uint16_t kind, struct pid from, const void *body, size_t length)
{
	struct message message = {
		.kind = kind, .length = (uint8_t)length, .from = from
	};

	assert(length <= MESSAGE_BODY);
	if (length > 0)
		memcpy(message.body.bytes, body, length);
	return message;
}

void
message_become(
    struct scheduler *scheduler, uint32_t ref, const struct message *like)
{
	struct message *message = message_at(scheduler, ref);

	message_free_parcel(scheduler, message);
	*message = *like;
}

uint32_t
message_copy(struct scheduler *scheduler, const struct message *like)
{
	uint32_t ref = store_take(scheduler->store, sizeof *like);

	if (ref == 0)
		return 0;
	*message_at(scheduler, ref) = *like;
	message_at(scheduler, ref)->next = 0;
	return ref;
}

uint32_t
message_alloc(struct scheduler *scheduler, uint16_t kind, struct pid from,
    const void *body, size_t length)
{
	const struct message like = message_make(kind, from, body, length);

	return message_copy(scheduler, &like);
}

uint32_t
message_alloc_parcel(
    struct scheduler *scheduler, uint16_t kind, struct pid from, size_t size)
{
	struct parcel *parcel;
	uint32_t ref, message;

	if (size > PARCEL_MAX)
		return 0;
	ref = store_take(scheduler->store, sizeof *parcel + size);
	if (ref == 0)
		return 0;
	message = message_alloc(scheduler, kind, from, &ref, sizeof ref);
	if (message == 0) {
		store_give(scheduler->store, ref, sizeof *parcel + size);
		return 0;
	}
	parcel = store_at(scheduler->store, ref);
	parcel->size = (uint32_t)size;
	message_at(scheduler, message)->flags = MESSAGE_HAS_PARCEL;
	return message;
}

void
message_free_parcel(struct scheduler *scheduler, struct message *message)
{
	const struct parcel *parcel = message_parcel(scheduler, message);

	if (parcel == NULL)
		return;
	store_give(scheduler->store, parcel_ref(message),
	    sizeof *parcel + parcel->size);
	message->flags = 0;
	memset(message->body.bytes, 0, MESSAGE_BODY);
}

void
message_free(struct scheduler *scheduler, uint32_t ref)
{
	struct message *message = message_at(scheduler, ref);

	message_free_parcel(scheduler, message);
	store_give(scheduler->store, ref, sizeof *message);
}

struct parcel *
message_parcel(const struct scheduler *scheduler, const struct message *message)
{
	if ((message->flags & MESSAGE_HAS_PARCEL) == 0)
		return NULL;
	return store_at(scheduler->store, parcel_ref(message));
}

size_t
message_footprint(
    const struct scheduler *scheduler, const struct message *message)
{
	const struct parcel *parcel = message_parcel(scheduler, message);
	size_t size = store_piece(sizeof *message);

	if (parcel != NULL)
		size += store_piece(sizeof *parcel + parcel->size);
	return size;
}
