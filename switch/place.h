/*
 * place: where in the program, or in which file beside it, an address is.
 *
 * As a debugger finds it, wherever both were loaded.  It reads a file of
 * proc(5), and so is nothing for a signal handler.
 */
#ifndef SWITCH_PLACE_H
#define SWITCH_PLACE_H

#include <stdint.h>

enum { PLACE_MAX = 96 };

/* "at 0x4f20", "in libc.so.6 at +0x9f1c0"; PLACE_MAX bytes. */
void place_name(uintptr_t pc, char *text);

#endif
