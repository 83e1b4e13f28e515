/*
 * ps: the processes of a switch, one line each, as they are now.
 *
 * What the operator sees of them; for home's thread, while nothing runs.
 */
#ifndef SIM_PS_H
#define SIM_PS_H

#include <stdio.h>

struct scheduler;

/* Of the first `max` processes, by scheduler and place; and how many more. */
void ps_text(struct scheduler *home, FILE *out, unsigned int max);

/* An array of objects, without a newline. */
void ps_json(struct scheduler *home, FILE *out, unsigned int max);

#endif
