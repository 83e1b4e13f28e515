/*
 * writer_file: the part of writer.h that is about the file: that it is there,
 * that it is ours, and what becomes of it when it is not.
 *
 *	as it is found                     what is done
 *     ---------------------------------------------------------------------
 *	another holds it, or it is full    nothing: it may pass
 *	an error of the medium             it is opened anew, which helps where
 *	                                   that may pass (a mount, a mode)
 *	it is gone from its path           all of it is copied there from what
 *	                                   is still open, page by page
 *	damaged                            opened anew, until somebody has it
 *	                                   mended, or has taken it away
 *	damaged, and taken away            a new one is begun
 *	another file stands at its path    nothing, until that is taken away
 *
 * Each of these is a failed attempt first, so that it is told; the next one
 * mends.
 */
#include "calls/database/writer_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls/database/database.h"

/* Opening */

static int
prepare_all(struct writer *writer)
{
	int result = writer_prepare(writer, "BEGIN IMMEDIATE", &writer->begin);
	unsigned int i;

	if (result == 0)
		result = writer_prepare(writer, "COMMIT", &writer->commit);
	if (result == 0)
		result = writer_prepare_run(writer);
	for (i = 0; result == 0 && i < writer->types_count; i++)
		result = writer_prepare_insert(writer, &writer->types[i]);
	return result;
}

int
writer_open(struct writer *writer, char *why, unsigned int size)
{
	int result =
	    database_open(&writer->db, writer->path, DATABASE_WRITE, why, size);

	if (result != 0)
		return result;
	result = prepare_all(writer);
	if (result != 0) {
		snprintf(why, size, "%s", writer->error);
		writer_close(writer);
	}
	return result;
}

static void
finalize(sqlite3_stmt **statementp)
{
	(void)sqlite3_finalize(*statementp);
	*statementp = NULL;
}

void
writer_close(struct writer *writer)
{
	unsigned int i;

	for (i = 0; i < WRITER_TYPES_MAX; i++) {
		finalize(&writer->types[i].insert);
		finalize(&writer->types[i].find);
		finalize(&writer->types[i].keep);
	}
	finalize(&writer->begin);
	finalize(&writer->commit);
	finalize(&writer->insert_run);
	if (writer->db != NULL)
		database_close(&writer->db);
}

/* Mending */

static bool
has_moved(const struct writer *writer)
{
	int moved = 0;

	if (sqlite3_file_control(writer->db, "main", SQLITE_FCNTL_HAS_MOVED,
		&moved) != SQLITE_OK)
		return false;
	return moved != 0;
}

static bool
has_other(const struct writer *writer)
{
	struct stat found;

	return stat(writer->path, &found) == 0;
}

/* All that is open goes to a file of that name. */
static int
copy_to(struct writer *writer, const char *path)
{
	sqlite3_backup *backup = NULL;
	sqlite3 *copy = NULL;
	int status = sqlite3_open_v2(path, &copy,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
	    NULL);

	if (status == SQLITE_OK) {
		backup = sqlite3_backup_init(copy, "main", writer->db, "main");
		status = backup == NULL ? sqlite3_errcode(copy)
					: sqlite3_backup_step(backup, -1);
	}
	if (backup != NULL && sqlite3_backup_finish(backup) != SQLITE_OK)
		status = SQLITE_ERROR;
	if (sqlite3_close(copy) != SQLITE_OK)
		status = SQLITE_ERROR;
	return status == SQLITE_DONE ? 0 : -EIO;
}

/*
 * The connection is closed before the copy has the name: as the last one it
 * deletes the log that goes by that name.
 */
static int
publish(struct writer *writer, const char *copy)
{
	char clause[sizeof writer->clause];
	int result;

	writer_close(writer);
	result = link(copy, writer->path) == 0 ? 0 : -errno;
	if (result == 0) {
		(void)unlink(copy);
		return 0;
	}
	snprintf(clause, sizeof clause, "%s; what it held is in '%s'",
	    strerror(-result), copy);
	return writer_refuse(writer, result, clause);
}

static int
rescue(struct writer *writer)
{
	char *copy = sqlite3_mprintf("%s.%d", writer->path, (int)getpid());
	int result;

	if (copy == NULL)
		return writer_refuse(writer, -ENOMEM, "no memory");
	if (copy_to(writer, copy) == 0) {
		result = publish(writer, copy);
	} else {
		(void)unlink(copy);
		result = writer_refuse(writer, -ENOENT,
		    "it has vanished and cannot be written anew");
	}
	sqlite3_free(copy);
	return result;
}

/* If it is not the one that the run began in, the run begins in it. */
static int
find_place(struct writer *writer)
{
	bool is_there = false;
	int result = 0;

	if (writer->run != 0)
		result = writer_find_run(writer, &is_there);
	if (result == 0 && !is_there)
		writer->run = 0;
	return result;
}

static int
open_anew(struct writer *writer)
{
	char why[sizeof writer->error];
	int result;

	writer_close(writer);
	result = writer_open(writer, why, sizeof why);
	if (result != 0) {
		memcpy(writer->error, why, sizeof why);
		return result;
	}
	harm_go_on(writer);
	return find_place(writer);
}

static int
mend(struct writer *writer)
{
	int result = 0;

	if (writer->db != NULL && has_moved(writer)) {
		if (has_other(writer))
			return writer_refuse(writer, -EEXIST,
			    "another file stands in its place");
		if (!writer->is_damaged)
			result = rescue(writer);
	}
	if (result == 0)
		result = open_anew(writer);
	if (result == 0)
		writer->is_ill = false;
	return result;
}

int
writer_make_ready(struct writer *writer)
{
	if (writer->is_ill)
		return mend(writer);
	assert(writer->db != NULL);
	if (!has_moved(writer))
		return 0;
	writer->is_ill = true;
	return writer_refuse(writer, -ENOENT,
	    has_other(writer) ? "another file stands in its place"
			      : "it has vanished");
}
