/*
 * serve: the task `hotswitch serve`, from its options to its end.
 */
#ifndef SIM_OPERATOR_SERVE_H
#define SIM_OPERATOR_SERVE_H

#include <stddef.h>

struct options;
struct scenario_roots;

enum { SERVE_WHY = 1024 };

/*
 * Runs a switch until it is told to end.  An enum exit_status; what is wrong
 * stands in `why`, on one line, or has been told ("").
 */
int serve(const struct options *options, const struct scenario_roots *roots,
    char *why, size_t size);

#endif
