/*
 * export: the rows of a statement, for programs.
 */
#ifndef CALLS_DATABASE_EXPORT_H
#define CALLS_DATABASE_EXPORT_H

#include <stdio.h>

struct sqlite3_stmt;

/*
 * RFC 4180: a line of names, then one per row, each ended by CR LF.  Returns
 * what sqlite3_step() said last.
 */
int export_csv(struct sqlite3_stmt *statement, FILE *out);

/* The same as an array of objects, one to a line: `statement` gives one
 * object per row as JSON text. */
int export_json(struct sqlite3_stmt *statement, FILE *out);

#endif
