/*
 * cause: what the numbers that calls end with mean, for people.
 */
#ifndef SIM_CAUSE_H
#define SIM_CAUSE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether ITU-T Q.850 has one of that number. */
bool cause_is(uint64_t cause);
/* As it names it; "not a cause of Q.850" if it does not. */
const char *cause_name(uint64_t cause);
/* The first whose name has that text in it; 0: none. */
uint64_t cause_find(const char *text);

#endif
