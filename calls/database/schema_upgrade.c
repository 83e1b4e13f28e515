/*
 * schema_upgrade: what the database says of upgrades and releases.
 *
 * One table is about more than its run: `release` says which release is the
 * permanent one, which the next run begins with.  It has a rowid, for what
 * was committed last counts, whichever run did it.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
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
    "	-- the release on trial cannot have them, until that is over\n"
    "	failed INTEGER NOT NULL,\n"
    "	-- the others that stayed; they are tried after each event\n"
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
    "	-- on version_from and version_to, and of these, events given back:\n"
    "	-- until it was permanent or taken back, as crashes and failed\n"
    "	crashes_from INTEGER NOT NULL,\n"
    "	crashes_to INTEGER NOT NULL,\n"
    "	retried INTEGER NOT NULL,\n"
    "	rehearsed INTEGER NOT NULL, -- states, before anything changed\n"
    "	canaries INTEGER NOT NULL, -- live calls taken for a canary\n"
    "	prolonged INTEGER NOT NULL, -- how often its watch was\n"
    "	differences INTEGER NOT NULL, -- found by a shadow run\n"
    "	rejected INTEGER NOT NULL, -- cut after a deadline\n"
    "	returned INTEGER NOT NULL, -- to version_from, when it turned round\n"
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

static const char view_upgrades[] =
    "CREATE VIEW report_upgrades AS SELECT run, number AS id, module,\n"
    "	version_from, version_to, stage, converted, failed, lost,\n"
    "	pause_p99_us, pause_max_us, pinned, live, born, ended, crashes,\n"
    "	pause_p50_us, pause_p9999_us, load_us / 1e3 AS load_ms,\n"
    "	total_us / 1e3 AS total_ms, wall_p50_us, wall_p99_us,\n"
    "	wall_p9999_us, wall_max_us, lossy, mode, is_rollback, reason,\n"
    "	t_begin / 1e6 AS begin_s, t_end / 1e6 AS end_s,\n"
    "	crashes_from, crashes_to, retried, rehearsed, canaries, prolonged,\n"
    "	differences, rejected, returned, text\n"
    "FROM upgrade ORDER BY run, number";

/* The stages that an upgrade met, in their order. */
#define STAGE(place, word, column, count) \
    "SELECT run, number, version_from, version_to, stage, " #place \
    " AS place, '" word "' AS met, " #column "_us AS us, " #column \
    "_run_us AS run_us, " #count " AS calls FROM upgrade\n"
static const char view_stage_met[] =
    "CREATE VIEW stage_met AS\n"
    STAGE(1, "load", loading, NULL) "UNION ALL "
    STAGE(2, "rehearse", rehearsing, rehearsed) "UNION ALL "
    STAGE(3, "canary", watching, canaries) "UNION ALL "
    STAGE(4, "convert", converting, converted);
static const char view_stages[] =
    "CREATE VIEW report_stages AS\n"
    "SELECT run, number AS id, version_from, version_to, met AS stage,\n"
    "	us / 1e3 AS took_ms, run_us / 1e6 AS run_s, calls, stage AS ended_as\n"
    "FROM stage_met WHERE us > 0 OR run_us > 0 ORDER BY run, number, place";

/*
 * One upgrade on a page: its stages and their times, whom it took along and
 * whom not, how long that held a call up, and what each figure means.
 */
#define ITEM(place, part, item, value, unit, definition) \
    "SELECT run, number, " #place " AS place, 0 AS row, '" part "' AS part,\n" \
    "	'" item "' AS item, " value " AS value, '" unit "' AS unit,\n" \
    "	'" definition "' AS definition FROM upgrade\n"
#define MORE "UNION ALL "
static const char view_upgrade_course[] =
    "CREATE VIEW upgrade_course AS\n"
    ITEM(10, "upgrade", "module", "module", "", "")
    MORE ITEM(11, "upgrade", "from", "version_from", "", "")
    MORE ITEM(12, "upgrade", "to", "version_to", "", "")
    MORE ITEM(13, "upgrade", "mode", "mode", "",
	"sweep: converted in slices; drain: the old end on the old code")
    MORE "SELECT run, number, 14, 0, 'upgrade', 'ended as', stage, '', text\n"
    "	FROM upgrade\n"
    MORE ITEM(15, "upgrade", "reason", "reason", "",
	"that it was taken back or refused for")
    MORE ITEM(16, "upgrade", "begun", "t_begin / 1e6", "s", "of the run")
    MORE ITEM(17, "upgrade", "ended", "t_end / 1e6", "s", "likewise")
    MORE "SELECT run, number, 20 + place, 0, 'stage', met, us / 1e3, 'ms',\n"
    "	CASE WHEN calls > 0 THEN calls || ' calls; ' ELSE '' END\n"
    "	    || 'by the clock of the machine' FROM stage_met\n"
    "	WHERE us > 0 OR run_us > 0\n";
static const char view_upgrade_figure[] =
    "CREATE VIEW upgrade_figure AS\n"
    ITEM(30, "calls", "live", "live", "", "when it began")
    MORE ITEM(31, "calls", "converted", "converted", "",
	"by sweep or by their next event, with those given back since")
    MORE ITEM(32, "calls", "failed", "failed", "",
	"the release cannot have them: refused, faulted, or given back; they "
	"stay while it is on trial")
    MORE ITEM(33, "calls", "pinned", "pinned", "",
	"stayed and did not fail: no image there; tried again after each event")
    MORE ITEM(34, "calls", "born", "born", "", "meanwhile")
    MORE ITEM(35, "calls", "ended", "ended", "", "meanwhile, with those rejected")
    MORE ITEM(36, "calls", "rejected", "rejected", "",
	"pinned ones cut after -deadline")
    MORE ITEM(37, "calls", "lost", "lost", "", "for any other reason: none is")
    MORE ITEM(40, "faults", "on where it was from", "crashes_from", "",
	"until the release was permanent or taken back")
    MORE ITEM(41, "faults", "on where it went to", "crashes_to", "", "likewise")
    MORE ITEM(42, "faults", "retried", "retried", "",
	"events that the version before then had")
    MORE ITEM(43, "faults", "differences", "differences", "",
	"between the versions, found by a shadow run")
    MORE ITEM(50, "pause", "CPU p50", "pause_p50_us", "us",
	"CPU time from the start of the slice that converts a call till it can "
	"be handed an event")
    MORE ITEM(51, "pause", "CPU p99", "pause_p99_us", "us", "")
    MORE ITEM(52, "pause", "CPU p99.99", "pause_p9999_us", "us", "")
    MORE ITEM(53, "pause", "CPU max", "pause_max_us", "us", "")
    MORE ITEM(54, "pause", "wall p50", "wall_p50_us", "us",
	"the same by the clock")
    MORE ITEM(55, "pause", "wall p99", "wall_p99_us", "us", "")
    MORE ITEM(56, "pause", "wall p99.99", "wall_p9999_us", "us", "")
    MORE ITEM(57, "pause", "wall max", "wall_max_us", "us", "");
static const char view_upgrade[] =
    "CREATE VIEW report_upgrade AS WITH item AS (\n"
    "SELECT * FROM upgrade_course UNION ALL SELECT * FROM upgrade_figure\n"
    MORE "SELECT run, number, 60, s.key, 'state', s.value ->> 'state',\n"
    "	s.value ->> 'converted', '', 'calls converted in this state; '\n"
    "	    || (s.value ->> 'pinned') || ' pinned, '\n"
    "	    || (s.value ->> 'failed') || ' failed'\n"
    "	FROM upgrade, json_each(states) s\n"
    MORE "SELECT run, upgrade, 70, number, kind, CASE call WHEN 0\n"
    "	THEN 'process ' || (pid >> 32) || '.' || (pid & 0xffffffff)\n"
    "	ELSE 'call ' || call END,\n"
    "	CASE state WHEN '' THEN 'no state' ELSE state END, '',\n"
    "	'the state it was in: '\n"
    "	    || CASE kind WHEN 'rehearsed' THEN 'would stay' ELSE 'stays' END\n"
    "	    || ' on ' || version || ', as ' || text FROM upgrade_failure)\n"
    "SELECT run, number AS id, part, item, value, unit, definition\n"
    "FROM item WHERE value IS NOT NULL AND value <> ''\n"
    "ORDER BY run, number, place, row";

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

static const char view_differences[] =
    "CREATE VIEW report_differences AS SELECT run, upgrade, number AS id,\n"
    "	t_event / 1e6 AS at_s, call, event, state, version_from, version_to,\n"
    "	replace(rtrim(did_old, char(10)), char(10), '; ') AS did_old,\n"
    "	replace(rtrim(did_new, char(10)), char(10), '; ') AS did_new,\n"
    "	is_crash, module,\n"
    "	(pid >> 32) || '.' || (pid & 0xffffffff) AS pid\n"
    "FROM upgrade_shadow ORDER BY run, upgrade, number";
/* clang-format on */

static const char *const tables[] = {
	table_upgrade,
	table_upgrade_failure,
	table_upgrade_shadow,
	table_release,
	NULL,
};

static const char *const views[] = {
	view_upgrades,
	view_stage_met,
	view_stages,
	view_upgrade_course,
	view_upgrade_figure,
	view_upgrade,
	view_conversions,
	view_failures,
	view_releases,
	view_differences,
	NULL,
};

const struct schema_part schema_upgrade = {
	.tables = tables,
	.views = views,
};
