/*
 * audit: whether all that lies in the store belongs to someone, and somebody is
 * answerable for each process: A5 to A7.
 *
 * Looks at the stores of all schedulers and changes nothing; good between two
 * events of each.  Each row answers
 * whether it holds and leaves one clause in `text`.
 */
#ifndef SWITCH_AUDIT_H
#define SWITCH_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "switch/module.h"

struct scheduler;

/* A5: no timer and no message belongs to a dead process. */
bool audit_owners(struct scheduler *home, char *text, size_t size);

/* A6: every process but `root` has a live supervisor that lists it. */
bool audit_supervisors(
    struct scheduler *home, struct pid root, char *text, size_t size);

/* A7: the bytes in use are those of live states, holdings and messages. */
bool audit_bytes(struct scheduler *home, char *text, size_t size);

#endif
