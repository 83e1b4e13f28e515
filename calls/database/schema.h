/*
 * schema: what a call database looks like inside.
 *
 * A file of ours says so in its header: application_id is ours and
 * user_version is the number of the schema, raised by whatever changes a
 * table.  Tables have no clause that older SQLite tools would not read.
 */
#ifndef CALLS_DATABASE_SCHEMA_H
#define CALLS_DATABASE_SCHEMA_H

struct sqlite3;

/* "hswd" in ASCII, not in the list of SQLite's magic.txt. */
#define SCHEMA_APPLICATION_ID 0x68737764
#define SCHEMA_VERSION	      29

/* A row of `fault` in words, as reason_text() has them. */
#define SCHEMA_FAULT_REASON                                                    \
	"CASE place WHEN 0 THEN kind"                                          \
	" ELSE printf('%s at +0x%x', kind, place) END"

/*
 * Makes an empty database a call database.  SQLITE_OK, or the first failure;
 * whoever calls it has begun a transaction.
 */
int schema_make(struct sqlite3 *db);

#endif
