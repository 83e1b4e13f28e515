/*
 * report_list: the reports that there are, and what each is asked with.
 *
 * Private to calls/database/.  A report is the view report_NAME of the
 * database, `-` as `_`; here stands what a view cannot say of itself.
 */
#ifndef CALLS_DATABASE_REPORT_LIST_H
#define CALLS_DATABASE_REPORT_LIST_H

#include <stdbool.h>

/* A word NAME=VALUE: one of the columns has the value. */
struct report_filter {
	const char *name, *columns;
	const char *words; /* that the value may be; NULL: any */
	bool is_span;	   /* VALUE is FROM-TO, and of the one column */
	bool is_least;	   /* ... or what it is at least */
};

struct report_kind {
	const char *name;
	const char *about; /* one clause, for help */
	const char *keys;  /* columns that its words say, or NULL */
	const char *usage; /* these words, "MODULE OLD NEW" */
	const char *known; /* which there are, as SQL */
	const char *words; /* one for each word that they may be; or NULL */
	const char *texts; /* columns that are texts */
	const char *definition; /* printed beneath a table, or NULL */
	const char *empty;	/* why it has no row, or NULL */
	const char *otherwise;	/* the word that holds if none is given */
	bool is_live;		/* of a running switch: report_live.c */
	const struct report_filter *filters; /* beside the columns */
};

/* The report of that name, or NULL. */
const struct report_kind *report_find(const char *name);

/* The i-th, or NULL behind the last. */
const struct report_kind *report_at(unsigned int i);

/* Whether the column is one of the texts. */
bool report_is_text(const struct report_kind *kind, const char *column);

#endif
