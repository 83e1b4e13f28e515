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

#include <sqlite3.h>
#include <stddef.h>

#define TEXT_OF(number) #number
#define TEXT(number)	TEXT_OF(number)

/* clang-format off */
static const char set_header[] =
    "PRAGMA application_id = " TEXT(SCHEMA_APPLICATION_ID) ";"
    "PRAGMA user_version = " TEXT(SCHEMA_VERSION);
/* clang-format on */

static const struct schema_part *const parts[] = {
	&schema_run,
	&schema_call,
	&schema_upgrade,
	&schema_switch,
};

enum { PARTS = sizeof parts / sizeof parts[0] };

static int
execute_all(sqlite3 *db, const char *const *statement)
{
	int status = SQLITE_OK;

	for (; status == SQLITE_OK && *statement != NULL; statement++)
		status = sqlite3_exec(db, *statement, NULL, NULL, NULL);
	return status;
}

int
schema_make(sqlite3 *db)
{
	int status = sqlite3_exec(db, set_header, NULL, NULL, NULL);
	unsigned int i;

	for (i = 0; status == SQLITE_OK && i < PARTS; i++)
		status = execute_all(db, parts[i]->tables);
	for (i = 0; status == SQLITE_OK && i < PARTS; i++)
		status = execute_all(db, parts[i]->views);
	return status;
}
