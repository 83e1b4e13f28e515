/*
 * ladder: what went between the parties of a call, as rungs between their
 * lines.
 */
#ifndef CALLS_DATABASE_LADDER_H
#define CALLS_DATABASE_LADDER_H

#include <stdint.h>
#include <stdio.h>

struct sqlite3;

/*
 * Of a call of a run, from table call_event; nothing if that has none of it.
 * What sqlite3_step() said last, and how many rungs there are.
 */
int ladder_print(struct sqlite3 *db, int64_t run, int64_t call, FILE *out,
    unsigned long *ret_rungs);

#endif
