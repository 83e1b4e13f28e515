/*
 * database: see database.h for what it is.
 *
 * SQLite opens nearly anything and complains late, so the order here is: what
 * is at the path, before SQLite touches it (a folder, a pipe); who made it; may
 * we write.  A new database is made whole under a name of its own beside the
 * path and only then put in its place, so that nobody meets a half-made one and
 * two programs may begin on one path at once.
 *
 * One of an older schema is brought forward when it is opened to be written,
 * in the transaction that finds out whether it can be.
 */
#include "calls/database/database.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls/database/migration.h"
#include "calls/database/schema.h"

/* One opening, as long as it lasts. */
struct opening {
	sqlite3 *db;
	const char *path;
	enum database_use use;
	char *why;
	unsigned int size;
	bool is_missing, is_empty; /* as found */
	int version;		   /* of its schema */
};

/* Errors */

int
database_errno(sqlite3 *db)
{
	int system = sqlite3_system_errno(db);

	switch (sqlite3_errcode(db) & 0xff) { /* the primary code */
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return -EINVAL;
	default:
		return system > 0 ? -system : -EIO;
	}
}

const char *
database_error(sqlite3 *db)
{
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "another program holds it";
	case SQLITE_NOTADB:
		return "it is no SQLite database";
	case SQLITE_CORRUPT:
		return "it is damaged";
	case SQLITE_FULL:
		return "the disk is full";
	case SQLITE_READONLY:
		return "it may only be read";
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		if (sqlite3_system_errno(db) > 0)
			return strerror(sqlite3_system_errno(db));
		return sqlite3_errmsg(db);
	default:
		return sqlite3_errmsg(db);
	}
}

static int
refuse(struct opening *opening, int result, const char *clause)
{
	snprintf(opening->why, opening->size, "cannot %s database '%s': %s",
	    opening->use == DATABASE_READ ? "read" : "write", opening->path,
	    clause);
	return result;
}

static int
refuse_by_sqlite(struct opening *opening)
{
	return refuse(
	    opening, database_errno(opening->db), database_error(opening->db));
}

/* Before SQLite */

static int
look_at_path(struct opening *opening)
{
	struct stat found;

	if (stat(opening->path, &found) != 0) {
		if (errno != ENOENT || opening->use == DATABASE_READ)
			return refuse(opening, -errno, strerror(errno));
		opening->is_missing = true;
		return 0;
	}
	if (S_ISDIR(found.st_mode))
		return refuse(opening, -EISDIR, "it is a folder");
	if (!S_ISREG(found.st_mode))
		return refuse(opening, -EINVAL, "it is no regular file");
	opening->is_empty = found.st_size == 0;
	if (opening->is_empty && opening->use == DATABASE_READ)
		return refuse(opening, -EINVAL, "it is empty");
	return 0;
}

/* Whose it is */

static int
read_number(struct opening *opening, const char *pragma, int *ret_number)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(opening->db, pragma, -1, &statement, NULL) !=
	    SQLITE_OK)
		return refuse_by_sqlite(opening);
	if (sqlite3_step(statement) == SQLITE_ROW)
		*ret_number = sqlite3_column_int(statement, 0);
	if (sqlite3_finalize(statement) != SQLITE_OK)
		return refuse_by_sqlite(opening);
	return 0;
}

static int
check_owner(struct opening *opening)
{
	int owner = 0, version = 0, result;
	char clause[160];

	result = read_number(opening, "PRAGMA application_id", &owner);
	if (result == 0)
		result = read_number(opening, "PRAGMA user_version", &version);
	if (result != 0)
		return result;
	if (owner != SCHEMA_APPLICATION_ID)
		return refuse(
		    opening, -EINVAL, "it belongs to another program");
	opening->version = version;
	if (version > 0 && version <= SCHEMA_VERSION)
		return 0;
	snprintf(clause, sizeof clause,
	    "its schema is number %d, this hotswitch knows 1 to %d: take the "
	    "hotswitch that made it, or another file",
	    version, SCHEMA_VERSION);
	return refuse(opening, -EINVAL, clause);
}

/* To write */

static int
execute(struct opening *opening, const char *sql)
{
	if (sqlite3_exec(opening->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return refuse_by_sqlite(opening);
	return 0;
}

static int
set_journal(struct opening *opening)
{
	sqlite3_stmt *statement;
	bool is_wal = false;

	if (sqlite3_prepare_v2(opening->db, "PRAGMA journal_mode = wal", -1,
		&statement, NULL) != SQLITE_OK)
		return refuse_by_sqlite(opening);
	if (sqlite3_step(statement) == SQLITE_ROW)
		is_wal = strcmp((const char *)sqlite3_column_text(statement, 0),
			     "wal") == 0;
	if (sqlite3_finalize(statement) != SQLITE_OK)
		return refuse_by_sqlite(opening);
	if (!is_wal)
		return refuse(opening, -ENOTSUP,
		    "its file system cannot have a write-ahead log");
	return 0;
}

/* Another program may have done it since it was looked at. */
static int
bring_forward(struct opening *opening)
{
	int result = check_owner(opening);

	if (result == 0 && opening->version < SCHEMA_VERSION &&
	    migration_run(opening->db) != SQLITE_OK)
		result = refuse_by_sqlite(opening);
	return result;
}

/* Whether it can be written shows when a transaction begins. */
static int
prepare_to_write(struct opening *opening)
{
	int result;

	if (sqlite3_db_readonly(opening->db, "main") != 0)
		return refuse(opening, -EROFS, "it may only be read");
	result = check_owner(opening);
	if (result == 0)
		result = set_journal(opening);
	if (result == 0)
		result = execute(opening, "PRAGMA synchronous = normal");
	if (result == 0)
		result = execute(opening, "BEGIN IMMEDIATE");
	if (result == 0)
		result = bring_forward(opening);
	if (result == 0)
		result = execute(opening, "COMMIT");
	return result;
}

/*
 * Whoever only reads an older file leaves it so, for the program that made it
 * may be at work on it: he gets a copy of the present schema, which SQLite
 * keeps in memory and, when that is too much, in a file without a name.
 */
static int
read_copy(struct opening *opening)
{
	char *attach = sqlite3_mprintf("ATTACH %Q AS older", opening->path);
	int result = 0;

	database_close(&opening->db);
	if (attach == NULL)
		return refuse(opening, -ENOMEM, "no memory");
	if (sqlite3_open_v2("", &opening->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		result = refuse_by_sqlite(opening);
	if (result == 0)
		sqlite3_busy_timeout(opening->db, DATABASE_PATIENCE_MS);
	if (result == 0)
		result = execute(opening, attach);
	if (result == 0)
		result = execute(opening, "BEGIN");
	if (result == 0 && migration_copy(opening->db) != SQLITE_OK)
		result = refuse_by_sqlite(opening);
	if (result == 0)
		result = execute(opening, "COMMIT; DETACH older");
	sqlite3_free(attach);
	return result;
}

static int
prepare_to_read(struct opening *opening)
{
	int result = check_owner(opening);

	if (result == 0 && opening->version < SCHEMA_VERSION)
		result = read_copy(opening);
	if (result == 0)
		result = execute(opening, "PRAGMA query_only = on");
	return result;
}

/* To make */

/* The log comes last: what was made before is then in the file itself. */
static int
make_tables(struct opening *opening)
{
	int result = execute(opening, "BEGIN IMMEDIATE");

	if (result == 0 && schema_make(opening->db) != SQLITE_OK)
		result = refuse_by_sqlite(opening);
	if (result == 0)
		result = execute(opening, "COMMIT");
	return result == 0 ? set_journal(opening) : result;
}

/*
 * Gives the file its name, unless another program was faster: theirs is as
 * good as ours.  An empty file gives way.
 */
static int
publish(struct opening *opening, const char *made)
{
	int result = opening->is_empty ? rename(made, opening->path)
				       : link(made, opening->path);

	if (result == 0 || errno == EEXIST)
		return 0;
	return refuse(opening, -errno, strerror(errno));
}

static int
make(struct opening *opening)
{
	char *made = sqlite3_mprintf("%s.%d", opening->path, (int)getpid());
	int result = 0;

	if (made == NULL)
		return refuse(opening, -ENOMEM, "no memory");
	if (sqlite3_open_v2(made, &opening->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		result = refuse_by_sqlite(opening);
	if (result == 0)
		result = make_tables(opening);
	database_close(&opening->db);
	if (result == 0)
		result = publish(opening, made);
	(void)unlink(made);
	sqlite3_free(made);
	return result;
}

int
database_open(sqlite3 **ret_db, const char *path, enum database_use use,
    char *why, unsigned int size)
{
	struct opening opening = { .path = path, .use = use, .size = size };
	int result;

	opening.why = why;
	result = look_at_path(&opening);
	if (result == 0 && (opening.is_missing || opening.is_empty))
		result = make(&opening);
	if (result != 0)
		return result;
	/*
	 * A reader opens for writing too and then forbids itself: only such a
	 * one takes away, as the last to leave, the log of a run that died.
	 */
	if (sqlite3_open_v2(path, &opening.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		result = refuse_by_sqlite(&opening);
	if (result == 0) /* else there may be no connection at all */
		sqlite3_busy_timeout(opening.db, DATABASE_PATIENCE_MS);
	if (result == 0)
		result = use == DATABASE_WRITE ? prepare_to_write(&opening)
					       : prepare_to_read(&opening);
	if (result == 0)
		*ret_db = opening.db;
	else
		database_close(&opening.db);
	return result;
}

void
database_close(sqlite3 **dbp)
{
	int result = sqlite3_close(*dbp);

	assert(result == SQLITE_OK); /* no statement is left */
	(void)result;
	*dbp = NULL;
}
