/*
 * Private to calls/database/: what a writer is made of, for those that work on
 * it: writer.c writes records, writer_run.c what is said of the run, and
 * writer_file.c looks after the file; harm.c harms that.
 */
#ifndef CALLS_DATABASE_WRITER_INTERNAL_H
#define CALLS_DATABASE_WRITER_INTERNAL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "calls/database/harm.h"
#include "calls/database/row.h"
#include "calls/database/writer.h"
#include "switch/object.h"

struct type {
	const struct row_type *type;
	int columns; /* with run */
	sqlite3_stmt *insert, *find, *keep;
};

/* What scenarios have done to the file (harm.h). */
struct harmed {
	bool stands, is_gone; /* is_gone: what was harmed has been deleted */
	enum harm harm;
	sqlite3 *lock;		  /* of `busy`: who holds it */
	mode_t mode;		  /* of `readonly`: as it was */
	sqlite3_int64 offset;	  /* of `corrupt`: where */
	unsigned char bytes[512]; /* ... and what was there */
	/* Of `full`: how the journal was written to, and is not. */
	const sqlite3_io_methods *before;
	sqlite3_io_methods methods;
};

struct writer {
	unsigned int magic;
#define WRITER_MAGIC 0x77b31d5a
	unsigned int types_count;
	struct type types[WRITER_TYPES_MAX];
	sqlite3 *db; /* NULL: it could not be opened again */
	sqlite3_stmt *begin, *commit, *insert_run; /* bound for good */
	int64_t run;
	uint64_t conflicts;
	/* The file must be opened anew before anything is done with it. */
	bool is_ill, is_damaged;
	struct harmed harmed;
	struct run_row described; /* its texts are those behind */
	char started[32];	  /* civil, UTC */
	char clause[160];	  /* of the last failure */
	char error[512];	  /* ... as a sentence */
	const char *path;
	char texts[];
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

/* SQLite's last failure as -errno; that of something else, as it is given. */
int writer_fail(struct writer *writer);
int writer_refuse(struct writer *writer, int result, const char *clause);
int writer_prepare(
    struct writer *writer, const char *sql, sqlite3_stmt **ret_statement);
/* Steps a statement that gives no rows, and makes it ready for the next. */
int writer_step(struct writer *writer, sqlite3_stmt *statement);

/* For those who do not come again: mends the file at once, if it needs that. */
int writer_begin_once(struct writer *writer, struct transaction *transaction);
/* Ends it well if all went well so far; else as if it had not begun. */
int writer_commit_or_undo(
    struct writer *writer, const struct transaction *transaction, int result);

/*
 * writer_file.c: opens the file and prepares what is always needed, that of
 * the known types too; -errno with one clause in `why`.
 */
int writer_open(struct writer *writer, char *why, unsigned int size);
void writer_close(struct writer *writer);
/* Sees to it that the file is there and the right one.  -errno: it is not. */
int writer_make_ready(struct writer *writer);

/* writer.c */
int writer_prepare_insert(struct writer *writer, struct type *type);

/* writer_run.c: the statement that makes the run's row, bound for good. */
int writer_prepare_run(struct writer *writer);
/* ... and whether the file has that row.  -errno. */
int writer_find_run(struct writer *writer, bool *ret_is_there);

#endif
