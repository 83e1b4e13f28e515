/*
 * suite: the scenarios of one command line, read, checked, and run.
 *
 * All of them are read and checked before any is run, so that a mistake in the
 * last leaves nothing written by the first.  One is run in this process; of
 * several each has a process and a database of its own (suite_run.c).
 */
#ifndef SIM_SUITE_H
#define SIM_SUITE_H

struct options;
struct scenario_roots;

/*
 * Does what `run` or `check` asks for; the exit status.  What standard output
 * has refused to take, if so, is in *ret_write_error.
 */
int suite_do(const struct options *options, const struct scenario_roots *roots,
    int *ret_write_error);

#endif
