/*
 * table: the rows of a statement, for people.
 */
#ifndef CALLS_DATABASE_TABLE_H
#define CALLS_DATABASE_TABLE_H

#include <stdio.h>

struct screen;
struct sqlite3_stmt;

/*
 * Prints an aligned table with its units in the headings, without the columns
 * `hidden`, words, and `run`.  Where the screen has a width a last column
 * `text` or `definition` that does not fit goes on lines of its own, and others
 * that do not are left out, from the right, and named below; with colours
 * headings are bold.  Returns what sqlite3_step() said last, the number of rows
 * in *ret_rows.
 */
int table_print(struct sqlite3_stmt *statement, FILE *out,
    const struct screen *screen, const char *hidden, unsigned long *ret_rows);

/* One value as a person reads it; `text` of TABLE_VALUE bytes may be used. */
enum { TABLE_VALUE = 32 };
const char *table_value(struct sqlite3_stmt *statement, int column, char *text);

#endif
