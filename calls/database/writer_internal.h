/*
 * Private to calls/database/: what a writer is made of, for the two files that
 * write with it: writer.c the records, writer_run.c what is said of the run.
 */
#ifndef CALLS_DATABASE_WRITER_INTERNAL_H
#define CALLS_DATABASE_WRITER_INTERNAL_H

#include <sqlite3.h>
#include <stdint.h>

#include "calls/database/row.h"
#include "calls/database/writer.h"
#include "switch/object.h"

struct type {
	const struct row_type *type;
	int columns; /* with run */
	sqlite3_stmt *insert, *find, *keep;
};

struct writer {
	unsigned int magic;
#define WRITER_MAGIC 0x77b31d5a
	unsigned int types_count;
	struct type types[WRITER_TYPES_MAX];
	sqlite3 *db;
	sqlite3_stmt *begin, *commit, *insert_run; /* bound for good */
	int64_t run;
	uint64_t conflicts;
	char error[256];
	char path[]; /* for messages */
};

struct row {
	sqlite3_stmt *statement;
	uint64_t number;
	int column; /* the last that was given */
	int status; /* SQLITE_OK, or the first that was not */
};

struct transaction {
	int64_t run;
	uint64_t conflicts;
};

/* SQLite's last failure as -errno, its clause in writer->error. */
int writer_fail(struct writer *writer);
int writer_prepare(
    struct writer *writer, const char *sql, sqlite3_stmt **ret_statement);
/* Steps a statement that gives no rows, and makes it ready for the next. */
int writer_step(struct writer *writer, sqlite3_stmt *statement);

/* Begins with the run's row, if it has none yet. */
int writer_begin(struct writer *writer, struct transaction *transaction);
/* Ends it well if all went well so far; else as if it had not begun. */
int writer_commit_or_undo(
    struct writer *writer, const struct transaction *transaction, int result);

/* writer_run.c: the statement that makes the run's row, bound for good. */
int writer_prepare_run(struct writer *writer, const struct run_row *run);

#endif
