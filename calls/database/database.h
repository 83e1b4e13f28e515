/*
 * database: the file, opened with every check that it is one of ours.
 */
#ifndef CALLS_DATABASE_DATABASE_H
#define CALLS_DATABASE_DATABASE_H

struct sqlite3;

enum database_use { DATABASE_READ, DATABASE_WRITE };

/*
 * Opens the call database at `path`; for writing, one that is missing or
 * empty is made.  For one thread at a time.
 *
 * -ENOENT   to be read, and not there
 * -EISDIR   a folder
 * -EINVAL   not a call database, or of a newer schema
 * -EBUSY    held by another program for longer than DATABASE_PATIENCE_MS
 * -errno    it cannot be opened, read, or made
 * with one clause in `why` (size bytes), and then nothing has been made or
 * changed.
 */
int database_open(struct sqlite3 **ret_db, const char *path,
    enum database_use use, char *why, unsigned int size);
void database_close(struct sqlite3 **dbp);

/* How long a lock of another program is waited for, as Asterisk's CDRs do. */
enum { DATABASE_PATIENCE_MS = 1000 };

/* 0, or the last failure of `db` as -errno. */
int database_errno(struct sqlite3 *db);

/* ... and as a clause that fits behind "cannot write 'calls.db': ". */
const char *database_error(struct sqlite3 *db);

#endif
