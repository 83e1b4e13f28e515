/*
 * tree: the supervision tree of a scenario's switch.
 *
 *   root (one_for_one)
 *   ├─ database (one_for_one)  recorder
 *   ├─ calls    (pool)         call, call, call ...
 *   └─ upgrade  (one_for_one)  release_handler
 */
#ifndef SIM_TREE_H
#define SIM_TREE_H

#include "switch/module.h"

struct scheduler;
struct tree;

/* Makes the supervisors known.  -errno of supervisor_alloc(). */
int tree_alloc(struct tree **ret_tree, struct scheduler *scheduler);
void tree_free(struct tree **treep);

/* Starts the root; the children's behaviours are known by then. */
int tree_start(struct scheduler *scheduler, struct pid *ret_root);

#endif
