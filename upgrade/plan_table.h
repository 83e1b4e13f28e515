/*
 * plan_table: a conversion plan as a person reads it.
 *
 * One row for each value of the target, then those of the source that have no
 * place there, and timers and messages that are not known there.  What is the
 * same for all elements of an array is said once.
 */
#ifndef UPGRADE_PLAN_TABLE_H
#define UPGRADE_PLAN_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { PLAN_CELL = 192 };

struct module;

struct plan_row {
	char target[PLAN_CELL]; /* or "" */
	char source[PLAN_CELL]; /* or "" */
	char rule[PLAN_CELL];
	char way_back[PLAN_CELL];
	bool is_lossy; /* something of the value may not arrive */
};

typedef void plan_row_f(void *arg, const struct plan_row *row);

/*
 * Calls `each` with every row of the plan from the one to the other; both
 * schemas have been checked.  -EINVAL and one clause in `why`: there is no
 * plan; -ENOMEM.
 */
struct plan_ends {
	const struct module *from, *to;
};
int plan_table(const struct plan_ends *ends, plan_row_f *each, void *arg,
    char *why, size_t size);

#endif
