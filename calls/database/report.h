/*
 * report: what the call database says, for people and for programs.
 *
 * Every report is an SQL view named report_NAME in the file itself, so that
 * any SQLite tool shows the same figures; here they are only printed.
 */
#ifndef CALLS_DATABASE_REPORT_H
#define CALLS_DATABASE_REPORT_H

#include <stdio.h>

enum report_format { REPORT_TABLE, REPORT_CSV, REPORT_JSON };

struct report_options {
	const char *name; /* NULL: summary */
	const char *path; /* of the database */
	const char *run;  /* "last" or a number */
	enum report_format format;
	int is_terminal; /* colours and the terminal's width */
};

/*
 * Prints one report to `out`.  0; -ENOENT no such report or run; -EINVAL no
 * database of ours; -errno; with one line in `why`.
 */
int report_print(const struct report_options *options, FILE *out, char *why,
    unsigned int size);

/* "summary calls upgrades ...", for help and messages. */
const char *report_names(void);

#endif
