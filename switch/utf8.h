/*
 * utf8: where a character of UTF-8 ends, and whether it is one; and whether
 * bytes are a text of such.
 */
#ifndef SWITCH_UTF8_H
#define SWITCH_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How many of the `left` bytes at `at` are its first character, 1 to 4; 0 when
 * none begins there: a stray byte, one that is cut off, an overlong form, a
 * surrogate.
 */
size_t utf8_length(const char *at, size_t left);

/* All of it, and without a NUL. */
bool utf8_is_text(const char *bytes, size_t length);

#endif
