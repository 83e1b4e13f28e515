/*
 * summary: one run on a page, each figure beside what it means.
 */
#ifndef CALLS_DATABASE_SUMMARY_H
#define CALLS_DATABASE_SUMMARY_H

#include <stdio.h>

struct sqlite3_stmt;

/* `statement` stands on the row of report_summary. */
void summary_print(struct sqlite3_stmt *statement, FILE *out);
/* The same as a part of a page. */
void summary_write_page(struct sqlite3_stmt *statement, FILE *out);

#endif
