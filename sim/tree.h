/*
 * tree: the supervision tree of a scenario's switch.
 *
 *   root (one_for_one)
 *   ├─ database (one_for_one)  recorder, measurement
 *   ├─ exchange
 *   ├─ calls    (pool)         call, call, call ...
 *   └─ upgrade  (one_for_one)  release_handler
 *
 * With several schedulers each has a pool, under a supervisor of its own: who
 * takes the calls of a killed pool over must be started where they are.
 *
 *   └─ calls    (one_for_one)
 *      ├─ pool-0  (pool)         call, call ...
 *      ├─ calls-1 (one_for_one)  pool-1 (pool)  call, call ...  scheduler 1
 *      └─ ...
 */
#ifndef SIM_TREE_H
#define SIM_TREE_H

#include <stddef.h>

#include "switch/module.h"

struct scheduler;
struct tree;

/* Makes the supervisors known.  -errno of supervisor_alloc(). */
int tree_alloc(struct tree **ret_tree, struct scheduler *scheduler);
void tree_free(struct tree **treep);

/* Starts the root; the children's behaviours are known by then. */
int tree_start(struct scheduler *scheduler, struct pid *ret_root);

/* The names of all supervisors, with a space between two. */
void tree_names(const struct tree *tree, char *text, size_t size);
/* Likewise of the workers, but for those of a pool. */
void tree_workers(const struct tree *tree, char *text, size_t size);

/* Of the supervisor below which one of that name stands; NULL: none has it. */
const char *tree_above(const struct tree *tree, const char *name);

#endif
