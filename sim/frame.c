/*
 * frame: see frame.h for what it is.
 *
 * The reader keeps one frame's room for its whole life.  It believes nothing:
 * a length that is too large, a last word without its NUL or too many words
 * are -EBADMSG, and whoever meets that gives up the other end.
 */
#include "sim/frame.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "sim/socket.h"
#include "switch/object.h"

struct frame_reader {
	unsigned int magic;
#define FRAME_READER_MAGIC 0x51f0a27d
	int descriptor;
	size_t filled; /* bytes that came of this frame, length included */
	uint32_t length;
	char bytes[FRAME_BYTES_MAX];
};

/* What waits to be sent, so that a small frame is one send(2). */
struct outgoing {
	int descriptor;
	size_t filled;
	char bytes[2048];
};

static int
flush(struct outgoing *outgoing)
{
	int result = socket_send_all(
	    outgoing->descriptor, outgoing->bytes, outgoing->filled);

	outgoing->filled = 0;
	return result;
}

static int
append(struct outgoing *outgoing, const void *bytes, size_t size)
{
	int result;

	if (size > sizeof outgoing->bytes - outgoing->filled) {
		result = flush(outgoing);
		if (result != 0)
			return result;
	}
	if (size > sizeof outgoing->bytes)
		return socket_send_all(outgoing->descriptor, bytes, size);
	memcpy(outgoing->bytes + outgoing->filled, bytes, size);
	outgoing->filled += size;
	return 0;
}

int
frame_write(int descriptor, unsigned int count, const char *const *words)
{
	struct outgoing outgoing = { .descriptor = descriptor };
	size_t size = 0;
	uint32_t announced;
	unsigned int i;
	int result;

	for (i = 0; i < count && size <= FRAME_BYTES_MAX; i++)
		size += strlen(words[i]) + 1;
	if (count > FRAME_WORDS_MAX || size > FRAME_BYTES_MAX)
		return -E2BIG;
	announced = (uint32_t)size;
	result = append(&outgoing, &announced, sizeof announced);
	for (i = 0; i < count && result == 0; i++)
		result = append(&outgoing, words[i], strlen(words[i]) + 1);
	return result == 0 ? flush(&outgoing) : result;
}

int
frame_reader_alloc(struct frame_reader **ret_reader, int descriptor)
{
	struct frame_reader *reader;

	if (ALLOC_OBJ(reader, FRAME_READER_MAGIC) == NULL)
		return -ENOMEM;
	reader->descriptor = descriptor;
	*ret_reader = reader;
	return 0;
}

void
frame_reader_free(struct frame_reader **readerp)
{
	FREE_OBJ(readerp, FRAME_READER_MAGIC);
}

/* Reads until `reader->filled` is `upto`. */
static int
fill(struct frame_reader *reader, size_t upto, bool is_waiting)
{
	char *into;
	ssize_t got;

	while (reader->filled < upto) {
		into = reader->filled < sizeof reader->length
		    ? (char *)&reader->length + reader->filled
		    : reader->bytes + reader->filled - sizeof reader->length;
		got = recv(reader->descriptor, into, upto - reader->filled,
		    is_waiting ? 0 : MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return -EAGAIN;
		if (got <= 0)
			return -EPIPE;
		reader->filled += (size_t)got;
	}
	return 0;
}

static int
cut_into_words(const struct frame_reader *reader, struct frame *ret_frame)
{
	const char *at = reader->bytes, *end = at + reader->length;

	if (reader->length == 0 || end[-1] != '\0')
		return -EBADMSG;
	ret_frame->count = 0;
	while (at < end) {
		if (ret_frame->count == FRAME_WORDS_MAX)
			return -EBADMSG;
		ret_frame->words[ret_frame->count++] = at;
		at += strlen(at) + 1;
	}
	ret_frame->words[ret_frame->count] = NULL;
	return 0;
}

int
frame_read(
    struct frame_reader *reader, bool is_waiting, struct frame *ret_frame)
{
	int result;

	CHECK_OBJ(reader, FRAME_READER_MAGIC);
	result = fill(reader, sizeof reader->length, is_waiting);
	if (result != 0)
		return result;
	if (reader->length > sizeof reader->bytes)
		return -EBADMSG;
	result =
	    fill(reader, sizeof reader->length + reader->length, is_waiting);
	if (result != 0)
		return result;
	reader->filled = 0;
	return cut_into_words(reader, ret_frame);
}
