/*
 * filter: what a trial may still ask of the kernel.
 *
 * A module has its verbs and plain functions of bytes; it needs nothing of the
 * kernel.  A trial needs a little: to open the file before any of its code may
 * run, and afterwards to close it and to end.  There is a filter for each of
 * the two, and the second comes on top of the first.  A call that is not
 * allowed is not made: it is a SIGSYS, whose siginfo_t has the call's number.
 *
 * Private to upgrade/prover.c and upgrade/trial.c.
 */
#ifndef UPGRADE_FILTER_H
#define UPGRADE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

enum filter_stage { FILTER_OPENING, FILTER_RUNNING };

/* Whether this kernel has filters, and lets us have one. */
bool filter_exists(void);

/* From here on, for good, for this process.  -errno. */
int filter_set(enum filter_stage stage);

/* The name of a call: "socket"; of one that has none, its number. */
void filter_name(int call, char *text, size_t size);

#endif
