/*
 * migration: brings the tables of an older schema to the present one.
 *
 * Forward only.  A table whose definition has changed is made anew, and its
 * rows are carried over by the names of their columns: what the older table
 * had no column for is NULL where that may be, else 0 or an empty text, or
 * what a rule of migration.c makes of an older column.
 */
#ifndef CALLS_DATABASE_MIGRATION_H
#define CALLS_DATABASE_MIGRATION_H

struct sqlite3;

/*
 * All of these: SQLITE_OK, or the first failure, and then whoever called takes
 * back the transaction that he has begun.
 */

/* Of the database itself. */
int migration_run(struct sqlite3 *db);

/*
 * Of the database that is attached as `older`, which stays as it is: an empty
 * one gets the present schema and a copy of its rows.
 */
int migration_copy(struct sqlite3 *db);

#endif
