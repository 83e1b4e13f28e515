/*
 * migration: see migration.h for what it is.
 *
 * No version has a step of its own, and so none can be left out: whatever the
 * file has is held against what schema_*.c says now.  A rule is needed only
 * where an older column lives on under another name or in another form; it is
 * obeyed where the table lacks the new column and has the old one.
 *
 *      as the file has it         the definition is
 *     ----------------------------------------------------------------
 *      not there                  made
 *      the same, word for word    left, with what others made of it (an index)
 *      another                    set aside, made, filled from it; it goes
 *
 * Views hold no rows: ours are all made anew, those of others are left.
 */
#include "calls/database/migration.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/schema_internal.h"

#define OLDER                                                                  \
	"older" /* the schema to copy from; a table that was set aside         \
		 */

/* clang-format off */
/* (table, column, the older column, what becomes of its value) */
#define RULES \
	"VALUES" \
	/* Up to 2 a fault's reason was one text, as SCHEMA_FAULT_REASON. */ \
	"('fault', 'kind', 'reason', 'CASE instr(reason, '' at +0x'')" \
	" WHEN 0 THEN reason" \
	" ELSE substr(reason, 1, instr(reason, '' at +0x'') - 1) END')," \
	"('fault', 'place', 'reason', '(WITH RECURSIVE digit(rest, value) AS" \
	" (VALUES(CASE instr(reason, '' at +0x'') WHEN 0 THEN '''' ELSE" \
	" substr(reason, instr(reason, '' at +0x'') + 7) END, 0)" \
	" UNION ALL SELECT substr(rest, 2), value * 16" \
	" + instr(''0123456789abcdef'', substr(rest, 1, 1)) - 1" \
	" FROM digit WHERE rest <> '''')" \
	" SELECT value FROM digit WHERE rest = '''')')," \
	/* Up to 8 nobody had counted by state. */ \
	"('upgrade', 'states', 'number', '''[]''')"

/* Makes the statement that fills table ?1 from table ?3 of schema ?2. */
static const char make_copy[] =
    "WITH rule(name, column, source, expression) AS (" RULES "),\n"
    "place AS (SELECT n.cid, n.name AS name, CASE\n"
    "	WHEN o.name IS NOT NULL THEN n.name\n"
    "	WHEN expression IS NOT NULL THEN expression\n"
    "	WHEN NOT n.\"notnull\" THEN 'NULL'\n"
    "	WHEN n.type = 'TEXT' THEN '''''' ELSE '0' END AS value\n"
    "	FROM pragma_table_info(?1, 'main') n\n"
    "	LEFT JOIN pragma_table_info(?3, ?2) o ON o.name = n.name\n"
    "	LEFT JOIN rule r ON r.name = ?1 AND r.column = n.name\n"
    "	    AND r.source IN (SELECT name FROM pragma_table_info(?3, ?2)))\n"
    "SELECT printf('INSERT INTO main.%s(%s) SELECT %s FROM %s.%s%s', ?1,\n"
    "	group_concat(name), group_concat(value), ?2, ?3,\n"
    "	CASE (SELECT wr FROM pragma_table_list\n"
    "	    WHERE schema = ?2 AND name = ?3)\n"
    "	WHEN 0 THEN ' ORDER BY rowid' ELSE '' END) FROM place";
/* clang-format on */

/* Executes what a format makes of the names of a table. */
static int
execute(sqlite3 *db, const char *format, const char *name)
{
	char *sql = sqlite3_mprintf(format, name, name);
	int status = SQLITE_NOMEM;

	if (sql != NULL)
		status = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return status;
}

static int
carry(sqlite3 *db, const char *name, const char *schema, const char *from)
{
	sqlite3_stmt *statement;
	int status = sqlite3_prepare_v2(db, make_copy, -1, &statement, NULL);

	if (status != SQLITE_OK)
		return status;
	(void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 2, schema, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 3, from, -1, SQLITE_STATIC);
	status = sqlite3_step(statement);
	if (status == SQLITE_ROW)
		status = execute(
		    db, "%s", (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return status;
}

enum standing { STANDS_NOT, STANDS_SO, STANDS_OTHERWISE };

/* How that table is defined in `schema`, beside how it is to be. */
static int
find(sqlite3 *db, const char *schema, const char *name, const char *definition,
    enum standing *ret_standing)
{
	sqlite3_stmt *statement;
	char *sql = sqlite3_mprintf("SELECT sql FROM %s.sqlite_schema"
				    " WHERE type = 'table' AND name = %Q",
	    schema, name);
	const char *text;
	int status = SQLITE_NOMEM;

	if (sql != NULL)
		status = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	sqlite3_free(sql);
	if (status != SQLITE_OK)
		return status;
	*ret_standing = STANDS_NOT;
	if (sqlite3_step(statement) == SQLITE_ROW) {
		text = (const char *)sqlite3_column_text(statement, 0);
		*ret_standing = text != NULL && strcmp(text, definition) == 0
		    ? STANDS_SO
		    : STANDS_OTHERWISE;
	}
	return sqlite3_finalize(statement);
}

static int
change(sqlite3 *db, const char *name, const char *definition)
{
	char aside[sizeof OLDER + SCHEMA_NAME_SIZE];
	int status = execute(db, "ALTER TABLE %s RENAME TO " OLDER "_%s", name);

	(void)snprintf(aside, sizeof aside, OLDER "_%s", name);
	if (status == SQLITE_OK)
		status = execute(db, "%s", definition);
	if (status == SQLITE_OK)
		status = carry(db, name, "main", aside);
	if (status == SQLITE_OK)
		status = execute(db, "DROP TABLE %s", aside);
	return status;
}

static int
bring(sqlite3 *db, const char *definition)
{
	char name[SCHEMA_NAME_SIZE];
	enum standing standing = STANDS_NOT;
	int status;

	schema_name(definition, name);
	status = find(db, "main", name, definition, &standing);
	if (status == SQLITE_OK && standing == STANDS_NOT)
		status = execute(db, "%s", definition);
	if (status == SQLITE_OK && standing == STANDS_OTHERWISE)
		status = change(db, name, definition);
	return status;
}

/* What reads a table that is renamed is not to be changed with it. */
int
migration_run(sqlite3 *db)
{
	const char *definition;
	unsigned int i;
	int status = execute(db, "PRAGMA legacy_alter_table = on", "");

	for (i = 0;
	     status == SQLITE_OK && (definition = schema_table(i)) != NULL; i++)
		status = bring(db, definition);
	if (status == SQLITE_OK)
		status = schema_make_views(db);
	if (status == SQLITE_OK)
		status = schema_set_header(db);
	return status;
}

int
migration_copy(sqlite3 *db)
{
	char name[SCHEMA_NAME_SIZE];
	enum standing standing;
	const char *definition;
	unsigned int i;
	int status = schema_make(db);

	for (i = 0;
	     status == SQLITE_OK && (definition = schema_table(i)) != NULL;
	     i++) {
		schema_name(definition, name);
		status = find(db, OLDER, name, definition, &standing);
		if (status == SQLITE_OK && standing != STANDS_NOT)
			status = carry(db, name, OLDER, name);
	}
	return status;
}
