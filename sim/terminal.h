/*
 * terminal: whether somebody looks at what a stream of the program shows.
 */
#ifndef SIM_TERMINAL_H
#define SIM_TERMINAL_H

#include <stdbool.h>

/* Standard output or standard error, by descriptor. */
bool terminal_is(int descriptor);

/* ... and takes colours, and nobody has said that he wants none. */
bool terminal_is_coloured(int descriptor);

#endif
