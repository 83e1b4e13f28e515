/*
 * text: words put behind others, in a room that may be too small for all.
 */
#ifndef SWITCH_TEXT_H
#define SWITCH_TEXT_H

#include <stddef.h>

/*
 * Puts behind what stands in `text`, of `size` bytes in all and ended by a NUL,
 * as much as there is room for.
 */
__attribute__((format(printf, 3, 4))) void text_append(
    char *text, size_t size, const char *format, ...);

#endif
