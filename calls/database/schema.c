/*
 * schema: see schema.h for what it is.
 *
 * Tables first, then one view per report.  Moments are µs of the run in
 * integers, 0 where a call did not come so far; whatever was measured in a
 * unit has it in its name.  Rows of a run carry its number first, and that
 * and the record's own number are the key, so that a record that is written
 * twice is met and not doubled.  Tables with such a key have no rowid: one
 * tree to write, half the work.
 *
 * One table is about more than its run: `release` says which release is the
 * permanent one, which the next run begins with.  It has a rowid, for what
 * was committed last counts, whichever run did it.
 *
 * The measures of report_summary are defined in summary.c, where they are
 * printed beside the numbers.
 */
#include "calls/database/schema.h"

#include <stddef.h>

#define TEXT_OF(number) #number
#define TEXT(number)	TEXT_OF(number)

static const char set_application_id[] =
    "PRAGMA application_id = " TEXT(SCHEMA_APPLICATION_ID);
static const char set_user_version[] =
    "PRAGMA user_version = " TEXT(SCHEMA_VERSION);

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
    "	missing INTEGER) -- records that could not be kept";

static const char table_cdr[] =
    "CREATE TABLE cdr(\n"
    "	run INTEGER NOT NULL,\n"
    "	call INTEGER NOT NULL,\n"
    "	pid INTEGER NOT NULL, -- slot * 2^32 + generation\n"
    "	calling TEXT NOT NULL,\n"
    "	called_dialled TEXT NOT NULL,\n"
    "	called_translated TEXT NOT NULL,\n"
    "	connected TEXT NOT NULL,\n"
    "	cause INTEGER NOT NULL, -- Q.850\n"
    "	local_reason TEXT NOT NULL,\n"
    "	release_side TEXT NOT NULL,\n"
    "	disposition TEXT NOT NULL,\n"
    "	t_seize INTEGER NOT NULL,\n"
    "	t_dialled INTEGER NOT NULL,\n"
    "	t_alert INTEGER NOT NULL,\n"
    "	t_answer INTEGER NOT NULL,\n"
    "	t_release INTEGER NOT NULL,\n"
    "	setup_ms INTEGER NOT NULL,\n"
    "	ring_ms INTEGER NOT NULL,\n"
    "	bill_ms INTEGER NOT NULL,\n"
    "	hold_ms INTEGER NOT NULL,\n"
    "	pulses INTEGER NOT NULL, -- intervals charged\n"
    "	charge_micro INTEGER NOT NULL, -- millionths of the unit of money\n"
    "	overdial INTEGER NOT NULL,\n"
    "	route_attempts INTEGER NOT NULL,\n"
    "	version_start TEXT NOT NULL,\n"
    "	version_end TEXT NOT NULL,\n"
    "	upgrades INTEGER NOT NULL,\n"
    "	crashes INTEGER NOT NULL,\n"
    "	pause_us INTEGER NOT NULL,\n"
    "	PRIMARY KEY(run, call)) WITHOUT ROWID";

static const char table_upgrade[] =
    "CREATE TABLE upgrade(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	module TEXT NOT NULL,\n"
    "	version_from TEXT NOT NULL,\n"
    "	version_to TEXT NOT NULL,\n"
    "	mode TEXT NOT NULL,\n"
    "	stage TEXT NOT NULL,\n"
    "	reason TEXT NOT NULL,\n"
    "	is_rollback INTEGER NOT NULL,\n"
    "	live INTEGER NOT NULL,\n"
    "	converted INTEGER NOT NULL,\n"
    "	failed INTEGER NOT NULL,\n"
    "	pinned INTEGER NOT NULL,\n"
    "	lossy INTEGER NOT NULL, -- of a rehearsal, mode rehearse\n"
    "	born INTEGER NOT NULL,\n"
    "	ended INTEGER NOT NULL,\n"
    "	crashes INTEGER NOT NULL,\n"
    "	lost INTEGER NOT NULL,\n"
    "	load_us INTEGER NOT NULL,\n"
    "	total_us INTEGER NOT NULL,\n"
    "	-- from the start of the slice that converts a call to the moment\n"
    "	-- its scheduler can hand it an event: in CPU time\n"
    "	pause_p50_us REAL NOT NULL,\n"
    "	pause_p99_us REAL NOT NULL,\n"
    "	pause_p9999_us REAL NOT NULL,\n"
    "	pause_max_us REAL NOT NULL,\n"
    "	wall_p50_us REAL NOT NULL, -- the same on the wall\n"
    "	wall_p99_us REAL NOT NULL,\n"
    "	wall_p9999_us REAL NOT NULL,\n"
    "	wall_max_us REAL NOT NULL,\n"
    "	t_begin INTEGER NOT NULL,\n"
    "	t_end INTEGER NOT NULL,\n"
    "	text TEXT NOT NULL,\n"
    "	-- from begin to end, on the version before and on the new one\n"
    "	crashes_from INTEGER NOT NULL,\n"
    "	crashes_to INTEGER NOT NULL,\n"
    "	retried INTEGER NOT NULL, -- of these, events given back\n"
    "	rehearsed INTEGER NOT NULL, -- states, before anything changed\n"
    "	canaries INTEGER NOT NULL, -- live calls taken for a canary\n"
    "	prolonged INTEGER NOT NULL, -- how often its watch was\n"
    "	differences INTEGER NOT NULL, -- found by a shadow run\n"
    "	rejected INTEGER NOT NULL, -- cut after a deadline\n"
    "	-- how long each stage took: machine's clock, run's; 0: not met\n"
    "	loading_us INTEGER NOT NULL,\n"
    "	loading_run_us INTEGER NOT NULL,\n"
    "	rehearsing_us INTEGER NOT NULL,\n"
    "	rehearsing_run_us INTEGER NOT NULL,\n"
    "	watching_us INTEGER NOT NULL,\n"
    "	watching_run_us INTEGER NOT NULL,\n"
    "	converting_us INTEGER NOT NULL,\n"
    "	converting_run_us INTEGER NOT NULL,\n"
    "	-- [{state, converted, pinned, failed}]: by state of the call\n"
    "	states TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, number)) WITHOUT ROWID";

/* Of each upgrade the first that could not be converted, or were pinned. */
static const char table_upgrade_failure[] =
    "CREATE TABLE upgrade_failure(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	upgrade INTEGER NOT NULL,\n"
    "	t_failure INTEGER NOT NULL,\n"
    "	kind TEXT NOT NULL, -- failed, pinned, rehearsed\n"
    "	call INTEGER NOT NULL, -- 0: not known\n"
    "	pid INTEGER NOT NULL,\n"
    "	module TEXT NOT NULL,\n"
    "	version TEXT NOT NULL, -- where it stays\n"
    "	state TEXT NOT NULL,\n"
    "	text TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, number))";

/* The first events that two versions handled differently in a shadow run. */
static const char table_upgrade_shadow[] =
    "CREATE TABLE upgrade_shadow(\n"
    "	run INTEGER NOT NULL,\n"
    "	upgrade INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL, -- in that upgrade\n"
    "	t_event INTEGER NOT NULL,\n"
    "	call INTEGER NOT NULL, -- 0: not known\n"
    "	pid INTEGER NOT NULL,\n"
    "	module TEXT NOT NULL,\n"
    "	version_from TEXT NOT NULL, -- handled the event\n"
    "	version_to TEXT NOT NULL, -- was given a copy\n"
    "	event TEXT NOT NULL,\n"
    "	state TEXT NOT NULL, -- before it\n"
    "	is_crash INTEGER NOT NULL,\n"
    "	did_old TEXT NOT NULL, -- a line for each effect\n"
    "	did_new TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, upgrade, number)) WITHOUT ROWID";

/* What became current, or permanent; report_releases says what that means. */
static const char table_release[] =
    "CREATE TABLE release(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	t_release INTEGER NOT NULL,\n"
    "	module TEXT NOT NULL,\n"
    "	version TEXT NOT NULL,\n"
    "	status TEXT NOT NULL, -- current, permanent\n"
    "	PRIMARY KEY(run, number))";

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

static const char table_audit[] =
    "CREATE TABLE audit(\n"
    "	run INTEGER NOT NULL,\n"
    "	row TEXT NOT NULL,\n"
    "	holds INTEGER NOT NULL,\n"
    "	text TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, row)) WITHOUT ROWID";

/* A record whose key stands already with other values: kept as JSON. */
static const char table_conflict[] =
    "CREATE TABLE conflict(\n"
    "	run INTEGER NOT NULL,\n"
    "	name TEXT NOT NULL, -- of the table\n"
    "	record TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, name, record)) WITHOUT ROWID";

static const char view_calls[] =
    "CREATE VIEW report_calls AS SELECT run, call, calling, called_dialled,\n"
    "	connected, disposition, cause, bill_ms, charge_micro,\n"
    "	version_start, version_end,\n"
    "	upgrades, crashes, local_reason, release_side,\n"
    "	t_seize / 1e6 AS seize_s, setup_ms, ring_ms, hold_ms, pause_us,\n"
    "	pulses, called_translated, overdial, route_attempts,\n"
    "	(pid >> 32) || '.' || (pid & 0xffffffff) AS pid\n"
    "FROM cdr ORDER BY run, call";

static const char view_upgrades[] =
    "CREATE VIEW report_upgrades AS SELECT run, number AS id, module,\n"
    "	version_from, version_to, stage, converted, failed, lost,\n"
    "	pause_p99_us, pause_max_us, pinned, live, born, ended, crashes,\n"
    "	pause_p50_us, pause_p9999_us, load_us / 1e3 AS load_ms,\n"
    "	total_us / 1e3 AS total_ms, wall_p50_us, wall_p99_us,\n"
    "	wall_p9999_us, wall_max_us, lossy, mode, is_rollback, reason,\n"
    "	t_begin / 1e6 AS begin_s, t_end / 1e6 AS end_s,\n"
    "	crashes_from, crashes_to, retried, rehearsed, canaries, prolonged,\n"
    "	differences, rejected, text\n"
    "FROM upgrade ORDER BY run, number";

/* The stages that an upgrade met, in their order. */
#define STAGE(place, word, column, count) \
    "SELECT run, number, version_from, version_to, stage, " #place \
    " AS place, '" word "' AS met, " #column "_us AS us, " #column \
    "_run_us AS run_us, " #count " AS calls FROM upgrade\n"
static const char view_stages[] =
    "CREATE VIEW report_stages AS\n"
    "WITH met AS ("
    STAGE(1, "load", loading, NULL) "UNION ALL "
    STAGE(2, "rehearse", rehearsing, rehearsed) "UNION ALL "
    STAGE(3, "canary", watching, canaries) "UNION ALL "
    STAGE(4, "convert", converting, converted) ")\n"
    "SELECT run, number AS id, version_from, version_to, met AS stage,\n"
    "	us / 1e3 AS took_ms, run_us / 1e6 AS run_s, calls, stage AS ended_as\n"
    "FROM met WHERE us > 0 OR run_us > 0 ORDER BY run, number, place";

/* In which state the calls were that came along, and that did not. */
static const char view_conversions[] =
    "CREATE VIEW report_conversions AS SELECT run, number AS id,\n"
    "	version_from, version_to, s.value ->> 'state' AS state,\n"
    "	s.value ->> 'converted' AS converted,\n"
    "	s.value ->> 'pinned' AS pinned, s.value ->> 'failed' AS failed\n"
    "FROM upgrade, json_each(states) s ORDER BY run, number, s.key";

/* `untold`: how many more there were in that upgrade than have a row. */
static const char view_failures[] =
    "CREATE VIEW report_failures AS SELECT f.run AS run, f.upgrade AS id,\n"
    "	f.t_failure / 1e6 AS at_s, f.kind AS kind, f.call AS call,\n"
    "	f.version AS version, f.state AS state,\n"
    "	(f.pid >> 32) || '.' || (f.pid & 0xffffffff) AS pid,\n"
    "	max(0, CASE f.kind WHEN 'pinned' THEN pinned ELSE failed END -\n"
    "	    (SELECT count(*) FROM upgrade_failure g WHERE g.run = f.run\n"
    "	    AND g.upgrade = f.upgrade AND g.kind = f.kind)) AS untold,\n"
    "	f.text AS text\n"
    "FROM upgrade_failure f LEFT JOIN upgrade u\n"
    "	ON u.run = f.run AND u.number = f.upgrade\n"
    "ORDER BY f.run, f.number";

/*
 * The releases that a run knew of, as they stood when it ended: status is as
 * in OTP.  One that was installed and never made permanent is not what a new
 * start begins with: it is `unpacked` again for the runs after its own.
 */
static const char view_releases[] =
    "CREATE VIEW report_releases AS\n"
    "WITH known AS (SELECT r.run AS run, module, version,\n"
    "	max(x.rowid) AS last,\n"
    "	max(CASE x.run WHEN r.run THEN x.rowid END) AS here,\n"
    "	max(CASE status WHEN 'permanent' THEN x.rowid END) AS permanent\n"
    "	FROM run r JOIN release x ON x.run <= r.run\n"
    "	GROUP BY r.run, module, version),\n"
    "ranked AS (SELECT *,\n"
    "	permanent = max(permanent) OVER module AS is_permanent,\n"
    "	here = max(here) OVER module AS is_current\n"
    "	FROM known WINDOW module AS (PARTITION BY run, module))\n"
    "SELECT k.run AS run, k.module AS module, k.version AS version,\n"
    "	CASE WHEN is_permanent THEN 'permanent'\n"
    "	WHEN is_current THEN 'current'\n"
    "	WHEN permanent IS NOT NULL OR EXISTS(SELECT 1\n"
    "		FROM release a JOIN release b ON b.run = a.run\n"
    "		AND b.module = a.module AND b.rowid > a.rowid\n"
    "		WHERE a.run <= k.run AND a.module = k.module\n"
    "		AND a.version = k.version AND b.version <> k.version)\n"
    "	    THEN 'old' ELSE 'unpacked' END AS status,\n"
    "	x.run AS since_run, x.t_release / 1e6 AS since_s\n"
    "FROM ranked k JOIN release x\n"
    "	ON x.rowid = CASE WHEN is_permanent THEN permanent ELSE last END\n"
    "ORDER BY run, module, version";

static const char view_faults[] =
    "CREATE VIEW report_faults AS SELECT run, number AS id,\n"
    "	t_fault / 1e6 AS at_s, call, module, version, event, callback,\n"
    "	" SCHEMA_FAULT_REASON " AS reason, resumed,\n"
    "	(pid >> 32) || '.' || (pid & 0xffffffff) AS pid\n"
    "FROM fault LEFT JOIN cdr USING(run, pid) ORDER BY run, number";

static const char view_differences[] =
    "CREATE VIEW report_differences AS SELECT run, upgrade, number AS id,\n"
    "	t_event / 1e6 AS at_s, call, event, state, version_from, version_to,\n"
    "	replace(rtrim(did_old, char(10)), char(10), '; ') AS did_old,\n"
    "	replace(rtrim(did_new, char(10)), char(10), '; ') AS did_new,\n"
    "	is_crash, module,\n"
    "	(pid >> 32) || '.' || (pid & 0xffffffff) AS pid\n"
    "FROM upgrade_shadow ORDER BY run, upgrade, number";

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

static const char view_audit[] =
    "CREATE VIEW report_audit AS SELECT run, row,\n"
    "	CASE holds WHEN 0 THEN 'broken' ELSE 'holds' END AS verdict, text\n"
    "FROM audit ORDER BY run, row";

/*
 * Nearest rank: of n values in rising order the p-th percentile is number
 * ceil(p * n / 100).  A call without alert that was answered counts with its
 * answer.
 */
static const char view_delay[] =
    "CREATE VIEW post_dial_delay AS\n"
    "WITH delay AS (SELECT run,\n"
    "	(CASE t_alert WHEN 0 THEN t_answer ELSE t_alert END - t_dialled)\n"
    "	    / 1e3 AS ms\n"
    "	FROM cdr WHERE t_dialled > 0 AND (t_alert > 0 OR t_answer > 0)),\n"
    "ranked AS (SELECT run, ms,\n"
    "	row_number() OVER (PARTITION BY run ORDER BY ms) AS rank,\n"
    "	count(*) OVER (PARTITION BY run) AS n FROM delay)\n"
    "SELECT run,\n"
    "	max(CASE rank WHEN (50 * n + 99) / 100 THEN ms END) AS p50_ms,\n"
    "	max(CASE rank WHEN (95 * n + 99) / 100 THEN ms END) AS p95_ms\n"
    "FROM ranked GROUP BY run";

/* telephony.md 1.7; every ended call is a seizure, gapped ones have no row. */
static const char view_counts[] =
    "CREATE VIEW call_counts AS SELECT run, count(*) AS calls,\n"
    "	sum(t_answer > 0) AS answered,\n"
    "	sum(t_answer > 0 OR cause = 17\n"
    "	    OR (t_alert > 0 AND cause IN (16, 18, 19))\n"
    "	    OR (t_alert = 0 AND cause IN (18, 20, 21, 88))) AS effective,\n"
    "	sum(bill_ms) AS bill_ms, sum(charge_micro) AS charge_micro,\n"
    "	sum(t_release - t_seize) AS occupied_us,\n"
    "	sum(t_alert = 0 AND t_answer = 0) AS without_alert,\n"
    "	sum(disposition = 'busy') AS busy,\n"
    "	sum(disposition = 'no-answer') AS no_answer,\n"
    "	sum(disposition = 'cancelled') AS cancelled,\n"
    "	sum(disposition = 'refused') AS refused,\n"
    "	sum(disposition = 'failed') AS failed,\n"
    "	sum(t_alert > 0 AND local_reason IN ('CRASH', 'UPGRADE_REJECT'))\n"
    "	    AS lost,\n"
    "	sum(upgrades > 0) AS upgraded, sum(crashes > 0) AS faulted\n"
    "FROM cdr GROUP BY run";

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
    "	    AND u.mode <> 'rehearse') AS upgrades,\n"
    "	(SELECT ifnull(sum(converted), 0) FROM upgrade u\n"
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

const char *const schema_statements[] = {
	set_application_id,
	set_user_version,
	table_run,
	table_cdr,
	table_upgrade,
	table_upgrade_failure,
	table_upgrade_shadow,
	table_release,
	table_fault,
	table_restart,
	table_alarm,
	table_audit,
	table_conflict,
	view_calls,
	view_upgrades,
	view_stages,
	view_conversions,
	view_failures,
	view_releases,
	view_faults,
	view_differences,
	view_restarts,
	view_alarms,
	view_audit,
	view_delay,
	view_counts,
	view_summary,
	NULL,
};
