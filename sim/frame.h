/*
 * frame: messages of words over a socket between script and switch.
 *
 * A frame is a count of bytes, then its words, each ended by a NUL; numbers
 * are in the machine's order, since both ends are one program.  A word can
 * hold no NUL.
 */
#ifndef SIM_FRAME_H
#define SIM_FRAME_H

#include <stdbool.h>
#include <stddef.h>

/* More than any command needs; a longer one is refused by name. */
enum { FRAME_BYTES_MAX = 256 * 1024, FRAME_WORDS_MAX = 512 };

/*
 * Writes all of it, waiting as long as it must.  -E2BIG; -EPIPE when the
 * other end is gone.
 */
int frame_write(int descriptor, unsigned int count, const char *const *words);

struct frame {
	unsigned int count;
	const char *words[FRAME_WORDS_MAX + 1]; /* NULL behind the last */
};

struct frame_reader;

int frame_reader_alloc(struct frame_reader **ret_reader, int descriptor);
void frame_reader_free(struct frame_reader **readerp);

/*
 * Reads the next frame, waiting for it if `is_waiting`; what it points at
 * stands until the next read.  0; -EAGAIN not all of it is there; -EPIPE the
 * other end is gone; -EBADMSG what came is no frame.
 */
int frame_read(
    struct frame_reader *reader, bool is_waiting, struct frame *ret_frame);

#endif
