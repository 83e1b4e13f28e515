/*
 * harm: see harm.h for what it is.
 *
 * The file is reached through SQLite's own descriptor: whoever opens and
 * closes it besides takes the locks away that this process has on it.
 */
#include "calls/database/harm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls/database/database.h"
#include "calls/database/writer_internal.h"

const char *
harm_word(enum harm harm)
{
	static const char *const words[] = {
#define HARM_WORD(symbol) #symbol,
		HARMS(HARM_WORD)
#undef HARM_WORD
	};

	return words[harm];
}

static int
execute(struct writer *writer, const char *sql)
{
	if (sqlite3_exec(writer->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return writer_fail(writer);
	return 0;
}

/* Full */

/* The file that each commit is appended to; there is one once it was read. */
static sqlite3_file *
journal_of(struct writer *writer)
{
	sqlite3_file *file = NULL;

	if (execute(writer, "SELECT count(*) FROM sqlite_schema") == 0)
		(void)sqlite3_file_control(
		    writer->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
	return file;
}

/* The device's answer, whatever it is asked to take. */
static int
take_nothing(
    sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
	(void)file, (void)bytes, (void)count, (void)offset;
	return SQLITE_FULL;
}

/* A limit to the pages of the file would let pass what finds room in them. */
static int
fill_device(struct writer *writer)
{
	struct harmed *harmed = &writer->harmed;
	sqlite3_file *file = journal_of(writer);

	if (file == NULL || file->pMethods == NULL)
		return writer_refuse(writer, -EIO, "it keeps no journal");
	if (file->pMethods == &harmed->methods)
		return 0;
	harmed->before = file->pMethods;
	harmed->methods = *file->pMethods;
	harmed->methods.xWrite = take_nothing;
	file->pMethods = &harmed->methods;
	return 0;
}

static void
empty_device(struct writer *writer)
{
	sqlite3_file *file = writer->db == NULL ? NULL : journal_of(writer);

	if (file != NULL && file->pMethods == &writer->harmed.methods)
		file->pMethods = writer->harmed.before;
}

/* Busy */

/* There is no use in waiting for oneself. */
static int
hold_lock(struct writer *writer)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(writer->path, &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) !=
		SQLITE_OK) {
		(void)sqlite3_close(db);
		return writer_refuse(
		    writer, -EBUSY, "another program holds it");
	}
	writer->harmed.lock = db;
	(void)sqlite3_busy_timeout(writer->db, 0);
	return 0;
}

static void
let_lock_go(struct writer *writer)
{
	database_close(&writer->harmed.lock);
	if (writer->db != NULL)
		(void)sqlite3_busy_timeout(writer->db, DATABASE_PATIENCE_MS);
}

/* Read only */

/*
 * The descriptor that is open keeps its right to write, and one who may do
 * everything gets it again: so SQLite is told as well.
 */
static int
forbid_writing(struct writer *writer)
{
	struct stat found;

	if (stat(writer->path, &found) != 0)
		return writer_refuse(writer, -errno, strerror(errno));
	writer->harmed.mode = found.st_mode;
	if (chmod(writer->path, found.st_mode & ~(mode_t)0222) != 0)
		return writer_refuse(writer, -errno, strerror(errno));
	return execute(writer, "PRAGMA query_only = on");
}

static void
allow_writing(struct writer *writer)
{
	(void)chmod(writer->path, writer->harmed.mode);
	if (writer->db != NULL)
		(void)execute(writer, "PRAGMA query_only = off");
}

/* Gone */

static int
take_away(struct writer *writer)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	unsigned int i;
	int result = 0;
	char *path;

	for (i = 0; result == 0 && i < sizeof ends / sizeof ends[0]; i++) {
		path = sqlite3_mprintf("%s%s", writer->path, ends[i]);
		if (path == NULL)
			result = writer_refuse(writer, -ENOMEM, "no memory");
		else if (unlink(path) != 0 && i == 0)
			result = writer_refuse(writer, -errno, strerror(errno));
		sqlite3_free(path);
	}
	return result;
}

/* Damaged */

/* Where the tree of table `cdr` begins in the file. */
static int
find_place(struct writer *writer, sqlite3_int64 *ret_offset)
{
	sqlite3_stmt *statement;
	int result = writer_prepare(writer,
	    "SELECT (rootpage - 1) * page_size FROM sqlite_schema,"
	    " pragma_page_size WHERE name = 'cdr'",
	    &statement);

	if (result != 0)
		return result;
	if (sqlite3_step(statement) == SQLITE_ROW)
		*ret_offset = sqlite3_column_int64(statement, 0);
	return sqlite3_finalize(statement) == SQLITE_OK ? 0
							: writer_fail(writer);
}

static sqlite3_file *
file_of(struct writer *writer)
{
	sqlite3_file *file = NULL;

	(void)sqlite3_file_control(
	    writer->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return file;
}

/* What is read from here on comes from the file. */
static int
forget_pages(struct writer *writer)
{
	int result = execute(writer, "PRAGMA wal_checkpoint(truncate)");

	(void)sqlite3_db_release_memory(writer->db);
	return result;
}

static int
overwrite(struct writer *writer)
{
	struct harmed *harmed = &writer->harmed;
	unsigned char noise[sizeof harmed->bytes];
	sqlite3_file *file = file_of(writer);
	int result = find_place(writer, &harmed->offset);

	memset(noise, 0xa5, sizeof noise);
	if (result == 0)
		result = forget_pages(writer);
	if (result != 0)
		return result;
	if (file->pMethods->xRead(file, harmed->bytes, sizeof harmed->bytes,
		harmed->offset) != SQLITE_OK ||
	    file->pMethods->xWrite(file, noise, sizeof noise, harmed->offset) !=
		SQLITE_OK)
		return writer_refuse(writer, -EIO, "it cannot be overwritten");
	return 0;
}

/* Unless the damaged file has been taken away meanwhile. */
static void
restore(struct writer *writer)
{
	struct harmed *harmed = &writer->harmed;
	sqlite3_file *file;

	if (writer->db == NULL || writer->harmed.is_gone)
		return;
	file = file_of(writer);
	(void)file->pMethods->xWrite(
	    file, harmed->bytes, sizeof harmed->bytes, harmed->offset);
	(void)sqlite3_db_release_memory(writer->db);
}

/* All of them */

static int
begin(struct writer *writer, enum harm harm)
{
	switch (harm) {
	case HARM_busy:
		return hold_lock(writer);
	case HARM_full:
		return fill_device(writer);
	case HARM_readonly:
		return forbid_writing(writer);
	case HARM_vanish:
		return take_away(writer);
	case HARM_corrupt:
		return overwrite(writer);
	case HARM_slow:
	case HARMS_COUNT:
		break;
	}
	return 0;
}

int
harm_do(struct writer *writer, enum harm harm)
{
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	if (writer->harmed.stands && harm != HARM_vanish)
		return writer_refuse(
		    writer, -EBUSY, "it is harmed already, heal it first");
	if (writer->db == NULL)
		return writer_refuse(writer, -ENODEV, "it is not open");
	result = begin(writer, harm);
	if (result != 0)
		return result;
	if (harm == HARM_vanish) {
		writer->harmed.is_gone = true;
		return 0;
	}
	writer->harmed.harm = harm;
	writer->harmed.stands = true;
	writer->harmed.is_gone = false;
	return 0;
}

void
harm_heal(struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	if (!writer->harmed.stands)
		return;
	writer->harmed.stands = false;
	switch (writer->harmed.harm) {
	case HARM_busy:
		let_lock_go(writer);
		break;
	case HARM_full:
		empty_device(writer);
		break;
	case HARM_readonly:
		allow_writing(writer);
		break;
	case HARM_corrupt:
		restore(writer);
		break;
	case HARM_vanish:
	case HARM_slow:
	case HARMS_COUNT:
		break;
	}
}

/* What holds for a connection holds for the new one too. */
void
harm_go_on(struct writer *writer)
{
	if (!writer->harmed.stands)
		return;
	if (writer->harmed.harm == HARM_busy)
		(void)sqlite3_busy_timeout(writer->db, 0);
	else if (writer->harmed.harm == HARM_full)
		(void)fill_device(writer);
	else if (writer->harmed.harm == HARM_readonly)
		(void)execute(writer, "PRAGMA query_only = on");
}

void
harm_delay(const struct writer *writer)
{
	if (writer->harmed.stands && writer->harmed.harm == HARM_slow)
		(void)usleep(HARM_SLOW_MS * 1000);
}
