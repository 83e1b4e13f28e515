/*
 * fixed: the toy as code that nobody can replace, for a switch that is built so
 * (switch/event_code.h).
 */
#ifndef TESTS_BENCH_FIXED_H
#define TESTS_BENCH_FIXED_H

#include "switch/module.h"

enum { FIXED_STATE_SIZE = 72 }; /* toy.c asserts it */

void fixed_handle(struct self *self, void *state, const struct message *event);

#endif
