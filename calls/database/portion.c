/*
 * portion: see portion.h for what it is.
 *
 * Every table says first of which run a row is (schema.c), so that rows are
 * moved without a look at what they are.  A portion has a row before that of
 * its run, so that the run's has the number that it should have, and the rows
 * of `release` by which a new start knows what to begin with: neither is of
 * its run, and neither is joined.
 */
#include "calls/database/portion.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls/database/database.h"
#include "calls/database/schema_internal.h"

/* One statement, made by sqlite3_mprintf(). */
static int
execute(sqlite3 *db, const char *format, ...)
{
	va_list values;
	char *sql;
	int status = SQLITE_NOMEM;

	va_start(values, format);
	sql = sqlite3_vmprintf(format, values);
	va_end(values);
	if (sql != NULL)
		status = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return status;
}

/* The number that a statement gives, or 0. */
static int
ask(sqlite3 *db, const char *sql, int64_t run, int64_t *ret_number)
{
	sqlite3_stmt *statement;
	int status = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (status != SQLITE_OK)
		return status;
	(void)sqlite3_bind_int64(statement, 1, run);
	*ret_number = 0;
	if (sqlite3_step(statement) == SQLITE_ROW)
		*ret_number = sqlite3_column_int64(statement, 0);
	return sqlite3_finalize(statement);
}

static int
refuse(sqlite3 **dbp, const char *path, char *why, unsigned int size)
{
	int result = database_errno(*dbp);

	(void)snprintf(why, size, "cannot write database '%s': %s", path,
	    database_error(*dbp));
	database_close(dbp);
	return result == 0 ? -EIO : result;
}

int
portion_folder(const char *database, char *folder, size_t size, char *why,
    unsigned int why_size)
{
	(void)snprintf(folder, size, "%s.XXXXXX", database);
	if (mkdtemp(folder) != NULL)
		return 0;
	(void)snprintf(why, why_size,
	    "cannot make a folder beside database '%s': %s", database,
	    strerror(errno));
	return -errno;
}

void
portion_folder_remove(const char *folder)
{
	DIR *open = opendir(folder);
	const struct dirent *entry;

	while (open != NULL && (entry = readdir(open)) != NULL)
		(void)unlinkat(dirfd(open), entry->d_name, 0);
	if (open != NULL)
		(void)closedir(open);
	(void)rmdir(folder);
}

int
portion_last(
    const char *database, int64_t *ret_run, char *why, unsigned int size)
{
	sqlite3 *db;
	int result = database_open(&db, database, DATABASE_WRITE, why, size);

	if (result != 0)
		return result;
	if (ask(db, "SELECT max(run) FROM run", 0, ret_run) != SQLITE_OK)
		return refuse(&db, database, why, size);
	database_close(&db);
	return 0;
}

int
portion_make(const char *portion, const char *database, int64_t run, char *why,
    unsigned int size)
{
	sqlite3 *db;
	int status,
	    result = database_open(&db, portion, DATABASE_WRITE, why, size);

	if (result != 0)
		return result;
	status = execute(db, "ATTACH %Q AS whole", database);
	if (status == SQLITE_OK)
		status = execute(db,
		    "INSERT INTO main.release SELECT run, number, t_release,"
		    " module, version, status FROM whole.release"
		    " WHERE status = 'permanent' ORDER BY rowid");
	if (status == SQLITE_OK && run > 1)
		status = execute(db,
		    "INSERT INTO main.run(run, scenario, question, seed, pace,"
		    " started) VALUES(%lld, '', '', 0, '', '')",
		    (long long)run - 1);
	if (status == SQLITE_OK)
		status = execute(db, "DETACH whole");
	if (status != SQLITE_OK)
		return refuse(&db, portion, why, size);
	database_close(&db);
	return 0;
}

/* "a, b, c", the columns of a table but for its first, which is the run. */
static char *
columns_of(sqlite3 *db, const char *table)
{
	sqlite3_stmt *statement;
	sqlite3_str *text = sqlite3_str_new(db);

	if (sqlite3_prepare_v2(db,
		"SELECT name FROM pragma_table_info(?, 'main') WHERE cid > 0",
		-1, &statement, NULL) != SQLITE_OK)
		return sqlite3_str_finish(text);
	(void)sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
	while (sqlite3_step(statement) == SQLITE_ROW)
		sqlite3_str_appendf(
		    text, ", \"%w\"", sqlite3_column_text(statement, 0));
	(void)sqlite3_finalize(statement);
	return sqlite3_str_finish(text);
}

static int
move_table(sqlite3 *db, const char *table, int64_t from, int64_t to)
{
	char *columns = columns_of(db, table);
	int status = SQLITE_NOMEM;

	if (columns != NULL)
		status = execute(db,
		    "INSERT INTO main.%s(run%s) SELECT %lld%s"
		    " FROM part.%s WHERE run = %lld",
		    table, columns, (long long)to, columns, table,
		    (long long)from);
	sqlite3_free(columns);
	return status;
}

/* Where the run will stand: 0 if the portion has none of it. */
static int
find_place(sqlite3 *db, int64_t run, int64_t *ret_place)
{
	int64_t count = 0, taken = 0;
	int status =
	    ask(db, "SELECT count(*) FROM part.run WHERE run = ?", run, &count);

	if (status == SQLITE_OK)
		status = ask(db, "SELECT count(*) FROM main.run WHERE run = ?",
		    run, &taken);
	*ret_place = count == 0 ? 0 : run;
	if (status == SQLITE_OK && taken > 0 && count > 0)
		status =
		    ask(db, "SELECT max(run) + 1 FROM main.run", 0, ret_place);
	return status;
}

static int
move_all(sqlite3 *db, int64_t *run)
{
	char table[SCHEMA_NAME_SIZE];
	const char *definition;
	int64_t place = 0;
	unsigned int i;
	int status = execute(db, "BEGIN IMMEDIATE");

	if (status == SQLITE_OK)
		status = find_place(db, *run, &place);
	for (i = 0; status == SQLITE_OK && place != 0 &&
	     (definition = schema_table(i)) != NULL;
	     i++) {
		schema_name(definition, table);
		status = move_table(db, table, *run, place);
	}
	if (status == SQLITE_OK)
		status = execute(db, "COMMIT");
	if (status == SQLITE_OK && place != 0)
		*run = place;
	return status;
}

/* A portion that is gone, or was never begun, has nothing to be joined. */
int
portion_join(const char *portion, const char *database, int64_t *run, char *why,
    unsigned int size)
{
	sqlite3 *db;
	int status, result;

	if (access(portion, F_OK) != 0)
		return 0;
	result = database_open(&db, database, DATABASE_WRITE, why, size);
	if (result != 0)
		return result;
	status = execute(db, "ATTACH %Q AS part", portion);
	if (status == SQLITE_OK)
		status = move_all(db, run);
	if (status != SQLITE_OK)
		return refuse(&db, database, why, size);
	database_close(&db);
	return 0;
}

void
portion_remove(const char *portion)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	unsigned int i;
	char *path;

	for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		path = sqlite3_mprintf("%s%s", portion, ends[i]);
		if (path != NULL)
			(void)unlink(path);
		sqlite3_free(path);
	}
}
