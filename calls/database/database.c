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

enum { HEADER_SIZE = 100, HEADER_OWNER = 68 };

/* One opening, as long as it lasts. */
struct opening {
	sqlite3 *db;
	const char *path;
	enum database_use use;
	char *why;
	unsigned int size;
	char *uri;		   /* of it as SQLite is to open it, or NULL */
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

/* The file, and another one beside it. */
static bool
may_write(const struct opening *opening)
{
	const char *slash = strrchr(opening->path, '/');
	char *folder = slash == NULL
	    ? sqlite3_mprintf(".")
	    : sqlite3_mprintf(
		  "%.*s", (int)(slash - opening->path + 1), opening->path);
	bool may = access(opening->path, W_OK) == 0 &&
	    (folder == NULL || access(folder, W_OK) == 0);

	sqlite3_free(folder);
	return may;
}

static bool
has_log(const struct opening *opening)
{
	char *log = sqlite3_mprintf("%s-wal", opening->path);
	bool has = log == NULL || access(log, F_OK) == 0;

	sqlite3_free(log);
	return has;
}

static int
refuse_by_sqlite(struct opening *opening)
{
	if (opening->use == DATABASE_READ &&
	    database_errno(opening->db) != -EINVAL && !may_write(opening) &&
	    has_log(opening))
		return refuse(opening, -EROFS,
		    "its log stands beside it, where you may not write: copy "
		    "both to a folder where you may");
	return refuse(
	    opening, database_errno(opening->db), database_error(opening->db));
}

/* Before SQLite */

static int
look_at_path(struct opening *opening)
{
	struct stat found;

	/* SQLite's own names (sqlite.org/inmemorydb.html): nothing is kept. */
	if (opening->path[0] == ':')
		return refuse(opening, -EINVAL,
		    "SQLite takes such a name for no file: put ./ before it");
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

/* Where nothing may be written */

/* "file:calls.db?immutable=1", with what would mean something there escaped. */
static char *
immutable_uri(const char *path)
{
	sqlite3_str *uri = sqlite3_str_new(NULL);

	sqlite3_str_appendall(uri, "file:");
	for (; *path != '\0'; path++)
		if (strchr("%?#", *path) != NULL)
			sqlite3_str_appendf(
			    uri, "%%%02X", (unsigned char)*path);
		else
			sqlite3_str_appendchar(uri, 1, *path);
	sqlite3_str_appendall(uri, "?immutable=1");
	return sqlite3_str_finish(uri);
}

/*
 * A reader wants a file beside it too, by which he and a writer know of each
 * other, and takes it away when he leaves as the last.  Who may not make it, or
 * not take it away, and finds no log, reads the file as one that does not
 * change: nobody writes it now.
 */
static int
choose_name(struct opening *opening)
{
	if (opening->use == DATABASE_WRITE || may_write(opening) ||
	    has_log(opening))
		return 0;
	opening->uri = immutable_uri(opening->path);
	return opening->uri == NULL ? refuse(opening, -ENOMEM, "no memory") : 0;
}

static const char *
name_of(const struct opening *opening)
{
	return opening->uri == NULL ? opening->path : opening->uri;
}

/*
 * A reader opens for writing too and then forbids itself: only such a one takes
 * away, as the last to leave, the log of a run that died.
 */
static int
flags_of(const struct opening *opening)
{
	return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    (opening->uri == NULL ? 0 : SQLITE_OPEN_URI);
}

/* Of which schema it is */

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
check_version(struct opening *opening)
{
	int version = 0, result;
	char clause[160];

	result = read_number(opening, "PRAGMA user_version", &version);
	if (result != 0)
		return result;
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
	int result = check_version(opening);

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
	result = check_version(opening);
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
	char *attach = sqlite3_mprintf("ATTACH %Q AS older", name_of(opening));
	int result = 0;

	database_close(&opening->db);
	if (attach == NULL)
		return refuse(opening, -ENOMEM, "no memory");
	if (sqlite3_open_v2("", &opening->db, flags_of(opening), NULL) !=
	    SQLITE_OK)
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
	int result = check_version(opening);

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

/* Whose it is */

static uint32_t
big_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	    (uint32_t)bytes[2] << 8 | bytes[3];
}

/*
 * With the first statement SQLite would bring a log that stands beside it into
 * the file, and whose that is stands in its first bytes (fileformat.html, 1.3).
 * They are read through SQLite's own descriptor: to close another of the file
 * would take the locks that this process has on it (fcntl(2)), and who reads it
 * from outside would take the log away of one who writes.
 */
static int
look_at_header(struct opening *opening)
{
	static const char magic[] = "SQLite format 3";
	unsigned char header[HEADER_SIZE] = { 0 };
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(opening->db, "main", SQLITE_FCNTL_FILE_POINTER,
		&file) != SQLITE_OK ||
	    file == NULL || file->pMethods == NULL)
		return refuse_by_sqlite(opening);
	if (file->pMethods->xRead(file, header, sizeof header, 0) !=
		SQLITE_OK ||
	    memcmp(header, magic, sizeof magic) != 0)
		return refuse(opening, -EINVAL, "it is no SQLite database");
	if (big_endian(header + HEADER_OWNER) != SCHEMA_APPLICATION_ID)
		return refuse(
		    opening, -EINVAL, "it belongs to another program");
	return 0;
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
	if (result == 0)
		result = choose_name(&opening);
	if (result != 0)
		return result;
	if (sqlite3_open_v2(name_of(&opening), &opening.db, flags_of(&opening),
		NULL) != SQLITE_OK)
		result = refuse_by_sqlite(&opening);
	if (result == 0) /* else there may be no connection at all */
		sqlite3_busy_timeout(opening.db, DATABASE_PATIENCE_MS);
	if (result == 0)
		result = look_at_header(&opening);
	if (result == 0)
		result = use == DATABASE_WRITE ? prepare_to_write(&opening)
					       : prepare_to_read(&opening);
	if (result == 0)
		*ret_db = opening.db;
	else
		database_close(&opening.db);
	sqlite3_free(opening.uri);
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
