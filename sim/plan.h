/*
 * plan: `hotswitch plan MODULE FROM TO`, and the same word in a scenario.
 *
 * Prints what a conversion between two releases does to each value of a call's
 * state, without converting anything.
 */
#ifndef SIM_PLAN_H
#define SIM_PLAN_H

#include <stdio.h>

struct behaviours;
struct code;
struct options;
struct scenario_roots;

/*
 * From one release to another of those in the roots, which are tried and
 * loaded for it, on standard output, in text or JSON as the options say.
 * -EINVAL, -ENOENT ... and one clause in `why` (CODE_WHY_MAX bytes).
 */
int plan_print(const struct options *options,
    const struct scenario_roots *roots, char *why);

/* Likewise in a switch, as text; what was not resident goes again. */
struct plan_words {
	const char *module, *from, *to;
};
struct plan_switch {
	struct code *code;
	struct behaviours *behaviours;
};
int plan_write(FILE *out, const struct plan_switch *in,
    const struct plan_words *words, char *why);

#endif
