/*
 * schema_switch: what the database says of faults, restarts and alarms.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
static const char table_fault[] =
    "CREATE TABLE fault(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	t_fault INTEGER NOT NULL,\n"
    "	pid INTEGER NOT NULL,\n"
    "	module TEXT NOT NULL,\n"
    "	version TEXT NOT NULL,\n"
    "	event TEXT NOT NULL, -- that was undone\n"
    "	callback TEXT NOT NULL,\n"
    "	kind TEXT NOT NULL, -- the signal, or what was overrun\n"
    "	place INTEGER NOT NULL, -- offset in the module; 0: not known\n"
    "	resumed INTEGER NOT NULL,\n"
    "	PRIMARY KEY(run, number)) WITHOUT ROWID";

static const char table_restart[] =
    "CREATE TABLE restart(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	t_restart INTEGER NOT NULL,\n"
    "	supervisor TEXT NOT NULL,\n"
    "	child TEXT NOT NULL,\n"
    "	old_pid INTEGER NOT NULL,\n"
    "	new_pid INTEGER NOT NULL, -- 0: given up\n"
    "	reason TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, number)) WITHOUT ROWID";

/* One row for each change; report_alarms puts them together. */
static const char table_alarm[] =
    "CREATE TABLE alarm(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	t_alarm INTEGER NOT NULL,\n"
    "	name TEXT NOT NULL, -- of the condition\n"
    "	object TEXT NOT NULL, -- what is in it\n"
    "	severity TEXT NOT NULL, -- X.733\n"
    "	state TEXT NOT NULL, -- raised, cleared\n"
    "	text TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, number)) WITHOUT ROWID";

static const char view_faults[] =
    "CREATE VIEW report_faults AS SELECT run, number AS id,\n"
    "	t_fault / 1e6 AS at_s, call, module, version, event, callback,\n"
    "	" SCHEMA_FAULT_REASON " AS reason, resumed,\n"
    "	(pid >> 32) || '.' || (pid & 0xffffffff) AS pid\n"
    "FROM fault LEFT JOIN cdr USING(run, pid) ORDER BY run, number";

static const char view_restarts[] =
    "CREATE VIEW report_restarts AS SELECT run, number AS id,\n"
    "	t_restart / 1e6 AS at_s, supervisor, child, reason,\n"
    "	(old_pid >> 32) || '.' || (old_pid & 0xffffffff) AS old_pid,\n"
    "	CASE new_pid WHEN 0 THEN 'given up' ELSE\n"
    "	    (new_pid >> 32) || '.' || (new_pid & 0xffffffff) END AS new_pid\n"
    "FROM restart ORDER BY run, number";

static const char view_alarms[] =
    "CREATE VIEW report_alarms AS SELECT run, number AS id,\n"
    "	t_alarm / 1e6 AS raised_s, (SELECT t_alarm / 1e6 FROM alarm c\n"
    "	    WHERE c.run = a.run AND c.number > a.number\n"
    "	    AND c.name = a.name AND c.object = a.object\n"
    "	    ORDER BY c.number LIMIT 1) AS cleared_s,\n"
    "	name, severity, object, text\n"
    "FROM alarm a WHERE state = 'raised' ORDER BY run, number";
/* clang-format on */

static const char *const tables[] = {
	table_fault,
	table_restart,
	table_alarm,
	NULL,
};

static const char *const views[] = {
	view_faults,
	view_restarts,
	view_alarms,
	NULL,
};

const struct schema_part schema_switch = {
	.tables = tables,
	.views = views,
};
