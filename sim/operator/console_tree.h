/*
 * console_tree: the tree of supervisors, as a member of a JSON object and as
 * a drawing.
 */
#ifndef SIM_OPERATOR_CONSOLE_TREE_H
#define SIM_OPERATOR_CONSOLE_TREE_H

#include <stdio.h>

#include "switch/module.h"

struct scheduler;

/* The member `tree`; and drawn, unless `text` is NULL. */
void console_tree(
    struct scheduler *home, struct pid root, FILE *out, FILE *text);

#endif
