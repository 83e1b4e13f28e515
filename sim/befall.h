/*
 * befall: what can befall what, and what is said of it: `fault` and `heal`.
 */
#ifndef SIM_BEFALL_H
#define SIM_BEFALL_H

#include <stdbool.h>
#include <stddef.h>

struct arguments;

/*
 * Whether the kind and the options of a `fault`, as far as they are known, are
 * for its subject, and a `heal` for one that can be healed; false, with why not
 * in one clause.  Of other commands true.
 */
bool befall_suits(const struct arguments *arguments, char *why, size_t size);

#endif
