/*
 * Private to sim/suite*.c.
 */
#ifndef SIM_SUITE_INTERNAL_H
#define SIM_SUITE_INTERNAL_H

#include "sim/folder.h"
#include "sim/scenario.h"

struct options;
struct orders;
struct printing;
struct source;
struct lookout;

enum { SUITE_WHY = 1024 };

struct suite {
	const struct options *options;
	const struct scenario_roots *roots;
	struct folder folder;
	struct source *sources;	 /* one for each path of the folder */
	struct params params;	 /* of all files */
	struct lookout *lookout; /* of its files, or NULL */
	struct orders *orders;	 /* likewise, by --orders all; or NULL */
	int write_error; /* of standard output, or 0: it is known there */
	char why[SUITE_WHY];
};

/* One line on standard error; the status. */
int suite_complain(const char *subject, const char *why, int status);

/*
 * Checks one, and then its script waits to be run; what is wrong is told.  An
 * exit status.
 */
int suite_check(struct suite *suite, const struct source *source,
    const struct options *options, struct scenario_plan *plan);

/* In which order its races come, where that is said. */
void suite_order(
    const struct suite *suite, unsigned int number, struct scenario_plan *plan);

/* How long one may take of the machine's time; 0: as long as it likes. */
uint64_t suite_limit_us(const struct options *options);

/* As one ends that is told to by a signal. */
void suite_die(int signal);

/* As `printing` wants its first members, for so many scenarios. */
void suite_printing(const struct suite *suite, struct printing *ret_printing);

/* suite_run.c: runs all beside each other; the worst exit status. */
int suite_run(struct suite *suite);

#endif
