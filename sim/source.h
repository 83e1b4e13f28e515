/*
 * source: the text of one scenario file, read whole before anything is done.
 */
#ifndef SIM_SOURCE_H
#define SIM_SOURCE_H

#include <stddef.h>

struct source {
	const char *path;
	char *text;	/* `length` bytes and a NUL */
	char *question; /* of line 1, without its `#`; "" if it has none */
	size_t length;
};

/*
 * Reads the file.  -errno with one clause in `why`: it is no regular file,
 * cannot be read, is larger than a scenario can be, or is no text; -ENOMSG its
 * first line asks nothing.
 */
int source_read(
    struct source *ret_source, const char *path, char *why, size_t size);
/*
 * Reads what is open, and closes it; `descriptor` may be a -errno of opening.
 * object_free() with one byte more than the length is the caller's.
 */
int source_take(int descriptor, char **ret_text, size_t *ret_length, char *why,
    size_t size);
/* A text of our own, which is right.  -ENOMEM. */
int source_make(struct source *ret_source, const char *path, const char *text);
void source_free(struct source *source);

#endif
