/*
 * page: a run as one page for a browser, which needs nothing else.
 *
 * The figures of the summary, plots, and tables of what went wrong or changed.
 * No script, no font and no picture is fetched, and the page itself says that
 * none may be.
 */
#ifndef CALLS_DATABASE_PAGE_H
#define CALLS_DATABASE_PAGE_H

#include <stdint.h>
#include <stdio.h>

struct sqlite3;
struct sqlite3_stmt;

/* Of a run: what sqlite3_step() said last. */
int page_write_run(struct sqlite3 *db, int64_t run, FILE *out);

/* Of one report: its rows as a table, with that title and definition. */
int page_write_report(struct sqlite3_stmt *statement, const char *title,
    const char *definition, FILE *out);

#endif
