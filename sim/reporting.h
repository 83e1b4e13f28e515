/*
 * reporting: a report, asked for at the command line or in a scenario.
 *
 * What the operator writes (a span of time with its units, a condition over the
 * columns) becomes what calls/database/report.h can be asked.
 */
#ifndef SIM_REPORTING_H
#define SIM_REPORTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/options.h"

struct live;

enum { REPORTING_WHY = 1024 };

struct reporting {
	const char *name;	  /* NULL: summary */
	const char *const *words; /* behind it */
	unsigned int words_count;
	const char *where;	/* a condition, or NULL */
	uint64_t limit;		/* 0: all rows */
	const char *path, *run; /* of the database; a number or "last" */
	enum format format;	/* table, csv, json */
	unsigned int width;	/* of who reads it; 0: as wide as it is */
	bool is_coloured;
	struct live *seen; /* of a running switch; NULL: there is none */
};

/*
 * As report_print(), with one line in `why` (REPORTING_WHY); -EDOM: a condition
 * that is none on these columns.
 */
int reporting_print(const struct reporting *asked, FILE *out, char *why);

/* Of what came of it: that it was asked wrongly, and not impossible. */
bool reporting_is_wrong(int result);

/*
 * Likewise, into a file, which is there whole or as it was before.
 */
int reporting_write(const struct reporting *asked, const char *path, char *why);

/* As reporting_print() of `audit`; whether each of its rows holds. */
int reporting_audit(
    const struct reporting *asked, FILE *out, bool *ret_holds, char *why);

/*
 * What is wrong with a report's name, or with a condition on its columns, as
 * far as that is known without a database; either may be NULL: not known yet.
 */
int reporting_check(
    const char *name, const char *where, char *why, size_t size);

#endif
