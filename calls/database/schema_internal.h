/*
 * Private to calls/database/: the parts that the schema is put together from,
 * one for each thing that the database says something of.
 *
 * A column that is added to a table needs nothing but its line there and a
 * new SCHEMA_VERSION: migration.c does the rest.
 */
#ifndef CALLS_DATABASE_SCHEMA_INTERNAL_H
#define CALLS_DATABASE_SCHEMA_INTERNAL_H

#include "calls/database/schema.h"

struct schema_part {
	const char *const *tables; /* "CREATE TABLE name(...", then NULL */
	const char *const *views;  /* "CREATE VIEW name AS ...", then NULL */
};

extern const struct schema_part schema_run;
extern const struct schema_part schema_call;
extern const struct schema_part schema_audit;
extern const struct schema_part schema_measure;
extern const struct schema_part schema_account;
extern const struct schema_part schema_plot;
extern const struct schema_part schema_route;
extern const struct schema_part schema_story;
extern const struct schema_part schema_upgrade;
extern const struct schema_part schema_switch;
extern const struct schema_part schema_traffic;

/* The definition of table i, from 0; NULL behind the last. */
const char *schema_table(unsigned int i);

/* What a definition defines; at most SCHEMA_NAME_SIZE bytes. */
enum { SCHEMA_NAME_SIZE = 40 };
void schema_name(const char *definition, char *name);

/* The civil time so many seconds from the beginning of a run, beside `zero`. */
#define SCHEMA_CIVIL(seconds)                                                  \
	"datetime(zero, '+' || (" seconds ") || ' seconds')"

/* In place of those of an older schema.  Both as schema_make(). */
int schema_make_views(struct sqlite3 *db);
int schema_set_header(struct sqlite3 *db);

#endif
