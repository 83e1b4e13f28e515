/*
 * Private to calls/database/: the parts that the schema is put together from,
 * one for each thing that the database says something of.
 *
 * A column that is added to a table needs nothing but its line there and a
 * new SCHEMA_VERSION.
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
extern const struct schema_part schema_upgrade;
extern const struct schema_part schema_switch;

#endif
