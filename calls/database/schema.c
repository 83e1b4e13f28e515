/*
 * schema: see schema.h for what it is.
 *
 * Tables first, then one view per report; each thing that the database says
 * something of has both in a file of its own, schema_call.c and so on.
 * Moments are µs of the run in integers, 0 where a call did not come so far;
 * whatever was measured in a unit has it in its name.  Rows of a run carry its
 * number first, and that and the record's own number are the key, so that a
 * record that is written twice is met and not doubled.  Tables with such a key
 * have no rowid: one tree to write, half the work.
 */
#include "calls/database/schema_internal.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>

#define TEXT_OF(number) #number
#define TEXT(number)	TEXT_OF(number)

/* clang-format off */
static const char set_header[] =
    "PRAGMA application_id = " TEXT(SCHEMA_APPLICATION_ID) ";"
    "PRAGMA user_version = " TEXT(SCHEMA_VERSION);
/* clang-format on */

static const struct schema_part *const parts[] = {
	&schema_run,
	&schema_audit,
	&schema_call,
	&schema_measure,
	&schema_account,
	&schema_plot,
	&schema_story,
	&schema_upgrade,
	&schema_switch,
	&schema_traffic,
	&schema_route,
};

enum { PARTS = sizeof parts / sizeof parts[0] };

/* Reports that there are no more are among them. */
static const char find_views[] =
    "SELECT name FROM main.sqlite_schema WHERE type = 'view'"
    " AND name LIKE 'report\\_%' ESCAPE '\\'";

const char *
schema_table(unsigned int i)
{
	const char *const *table;
	unsigned int part;

	for (part = 0; part < PARTS; part++)
		for (table = parts[part]->tables; *table != NULL; table++)
			if (i-- == 0)
				return *table;
	return NULL;
}

void
schema_name(const char *definition, char *name)
{
	int found = sscanf(definition, "CREATE %*s %39[a-z_]", name);

	assert(found == 1);
	(void)found;
}

int
schema_set_header(sqlite3 *db)
{
	return sqlite3_exec(db, set_header, NULL, NULL, NULL);
}

static int
drop_view(sqlite3 *db, const char *name)
{
	char *sql = sqlite3_mprintf("DROP VIEW IF EXISTS main.%s", name);
	int status = SQLITE_NOMEM;

	if (sql != NULL)
		status = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return status;
}

/* One at a time: what lists them ends before one is dropped. */
static int
drop_reports(sqlite3 *db)
{
	char name[SCHEMA_NAME_SIZE];
	sqlite3_stmt *statement;
	bool is_found = true;
	int status = SQLITE_OK;

	while (status == SQLITE_OK && is_found) {
		status =
		    sqlite3_prepare_v2(db, find_views, -1, &statement, NULL);
		if (status != SQLITE_OK)
			break;
		is_found = sqlite3_step(statement) == SQLITE_ROW;
		if (is_found)
			(void)snprintf(name, sizeof name, "%s",
			    (const char *)sqlite3_column_text(statement, 0));
		status = sqlite3_finalize(statement);
		if (status == SQLITE_OK && is_found)
			status = drop_view(db, name);
	}
	return status;
}

static int
make_view(sqlite3 *db, const char *definition)
{
	char name[SCHEMA_NAME_SIZE];
	int status;

	schema_name(definition, name);
	status = drop_view(db, name);
	if (status == SQLITE_OK)
		status = sqlite3_exec(db, definition, NULL, NULL, NULL);
	return status;
}

int
schema_make_views(sqlite3 *db)
{
	const char *const *view;
	unsigned int i;
	int status = drop_reports(db);

	for (i = 0; i < PARTS; i++)
		for (view = parts[i]->views;
		     status == SQLITE_OK && *view != NULL; view++)
			status = make_view(db, *view);
	return status;
}

int
schema_make(sqlite3 *db)
{
	const char *definition;
	unsigned int i;
	int status = schema_set_header(db);

	for (i = 0;
	     status == SQLITE_OK && (definition = schema_table(i)) != NULL; i++)
		status = sqlite3_exec(db, definition, NULL, NULL, NULL);
	return status == SQLITE_OK ? schema_make_views(db) : status;
}
