/*
 * json: writes JSON, as RFC 8259 has it, to a stream.
 *
 * Only strings need care; the rest is printf(3).
 */
#ifndef SIM_JSON_H
#define SIM_JSON_H

#include <stdio.h>

/* `text` in quotes; bytes that are no UTF-8 become U+FFFD. */
void json_string(FILE *out, const char *text);

#endif
