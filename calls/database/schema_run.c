/*
 * schema_run: what the database says of a run as a whole.
 *
 * The measures of report_summary are defined in summary.c, where they are
 * printed beside the numbers.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
static const char table_run[] =
    "CREATE TABLE run(\n"
    "	run INTEGER PRIMARY KEY,\n"
    "	scenario TEXT NOT NULL,\n"
    "	question TEXT NOT NULL,\n"
    "	seed INTEGER NOT NULL,\n"
    "	pace TEXT NOT NULL,\n"
    "	started TEXT NOT NULL, -- civil, UTC\n"
    "	result TEXT, -- this and all below: NULL until the run has ended\n"
    "	failures INTEGER,\n"
    "	virtual_us INTEGER,\n"
    "	wall_us INTEGER,\n"
    "	gapped INTEGER, -- attempts refused before there was a call\n"
    "	conflicts INTEGER, -- rows in table conflict\n"
    "	missing INTEGER, -- records that could not be kept\n"
    "	left_out INTEGER) -- events of calls that there was no room for";

/* A record whose key stands already with other values: kept as JSON. */
static const char table_conflict[] =
    "CREATE TABLE conflict(\n"
    "	run INTEGER NOT NULL,\n"
    "	name TEXT NOT NULL, -- of the table\n"
    "	record TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, name, record)) WITHOUT ROWID";

/* What the operator has asked for, and what he was answered. */
static const char table_command[] =
    "CREATE TABLE command(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	t_command INTEGER NOT NULL, -- when it was given\n"
    "	who TEXT NOT NULL, -- scenario\n"
    "	line INTEGER NOT NULL, -- of the scenario\n"
    "	command TEXT NOT NULL,\n"
    "	text TEXT NOT NULL, -- the words behind it\n"
    "	is_refused INTEGER NOT NULL,\n"
    "	answer TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, number)) WITHOUT ROWID";

/* What the office is made of: in force is what was said of a name last. */
static const char table_office[] =
    "CREATE TABLE office(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	t_office INTEGER NOT NULL, -- from when\n"
    "	kind TEXT NOT NULL, -- lines, tariff, trunk, route ...\n"
    "	name TEXT NOT NULL,\n"
    "	data TEXT NOT NULL, -- the words behind the name\n"
    "	PRIMARY KEY(run, number)) WITHOUT ROWID";

static const char view_log[] =
    "CREATE VIEW report_log AS SELECT run, number AS id,\n"
    "	t_command / 1e6 AS at_s, who, line, command, is_refused,\n"
    "	text, answer FROM command ORDER BY run, number";

/*
 * The civil time at which a run began: that it was given, or by the clock of
 * the machine if it ran by that.
 */
static const char view_civil[] =
    "CREATE VIEW civil AS SELECT run, ifnull((SELECT replace(substr(name, 1,\n"
    "	iif(substr(name, 17, 1) = ':', 19, 16)), 'T', ' ') FROM office o\n"
    "	WHERE o.run = r.run AND kind = 'date' ORDER BY number DESC LIMIT 1),\n"
    "	iif(pace = 'real', replace(rtrim(started, 'Z'), 'T', ' '), NULL))\n"
    "	AS zero FROM run r";

static const char view_summary[] =
    "CREATE VIEW report_summary AS SELECT run, question, scenario,\n"
    "	ifnull(result, 'unfinished') AS result, failures, started, pace,\n"
    "	seed, virtual_us / 1e6 AS virtual_s, wall_us / 1e6 AS wall_s,\n"
    "	ifnull(calls, 0) AS calls, gapped,\n"
    "	ifnull(answered, 0) AS answered,\n"
    "	1.0 * answered / calls AS asr,\n"
    "	1.0 * answered / (calls + ifnull(gapped, 0)) AS abr,\n"
    "	1.0 * effective / calls AS ner, bill_ms / 1e3 / answered AS acd_s,\n"
    "	occupied_us / 1e6 / calls AS mht_s, p50_ms AS pdd_p50_ms,\n"
    "	p95_ms AS pdd_p95_ms,\n"
    "	ifnull(charge_micro, 0) AS charge_micro,\n"
    "	ifnull(without_alert, 0) AS without_alert,\n"
    "	ifnull(busy, 0) AS busy, ifnull(no_answer, 0) AS no_answer,\n"
    "	ifnull(cancelled, 0) AS cancelled,\n"
    "	ifnull(refused, 0) AS refused,\n"
    "	ifnull(failed, 0) AS failed,\n"
    "	ifnull(lost, 0) AS lost,\n"
    "	ifnull(upgraded, 0) AS upgraded,\n"
    "	ifnull(faulted, 0) AS faulted,\n"
    "	(SELECT count(*) FROM upgrade u WHERE u.run = r.run\n"
    "	    AND u.mode NOT IN ('rehearse', 'make-permanent')) AS upgrades,\n"
    "	(SELECT ifnull(sum(converted + returned), 0) FROM upgrade u\n"
    "	    WHERE u.run = r.run\n"
    "	    AND u.mode <> 'rehearse') AS conversions,\n"
    "	(SELECT max(pause_p99_us) FROM upgrade u WHERE u.run = r.run\n"
    "	    AND u.mode <> 'rehearse')\n"
    "	    AS pause_p99_us,\n"
    "	(SELECT max(pause_max_us) FROM upgrade u WHERE u.run = r.run\n"
    "	    AND u.mode <> 'rehearse')\n"
    "	    AS pause_max_us,\n"
    "	(SELECT max(wall_max_us) FROM upgrade u WHERE u.run = r.run\n"
    "	    AND u.mode <> 'rehearse')\n"
    "	    AS wall_max_us,\n"
    "	(SELECT count(*) FROM fault f WHERE f.run = r.run) AS faults,\n"
    "	(SELECT count(*) FROM restart t WHERE t.run = r.run) AS restarts,\n"
    "	(SELECT count(*) FROM alarm l WHERE l.run = r.run\n"
    "	    AND l.state = 'raised') AS alarms,\n"
    "	missing, conflicts,\n"
    "	(SELECT CASE WHEN min(holds) THEN 'holds'\n"
    "	    ELSE 'broken: ' || group_concat(row, ' ') FILTER (WHERE NOT holds)\n"
    "	    END FROM audit a WHERE a.run = r.run) AS audit\n"
    "FROM run r LEFT JOIN call_counts USING(run)\n"
    "	LEFT JOIN post_dial_delay USING(run) ORDER BY run";
/* clang-format on */

static const char *const tables[] = {
	table_run,
	table_conflict,
	table_command,
	table_office,
	NULL,
};

static const char *const views[] = {
	view_log,
	view_civil,
	view_summary,
	NULL,
};

const struct schema_part schema_run = {
	.tables = tables,
	.views = views,
};
