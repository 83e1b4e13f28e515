/*
 * schema_call: what the database says of calls.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
static const char table_cdr[] =
    "CREATE TABLE cdr(\n"
    "	run INTEGER NOT NULL,\n"
    "	call INTEGER NOT NULL,\n"
    "	pid INTEGER NOT NULL, -- slot * 2^32 + generation\n"
    "	calling TEXT NOT NULL,\n"
    "	called_dialled TEXT NOT NULL,\n"
    "	called_translated TEXT NOT NULL,\n"
    "	connected TEXT NOT NULL,\n"
    "	orig_called TEXT NOT NULL, -- this and three: of one redirected\n"
    "	redirecting TEXT NOT NULL, -- who did so last\n"
    "	redirect_reason TEXT NOT NULL,\n"
    "	redirect_count INTEGER NOT NULL,\n"
    "	record_type TEXT NOT NULL, -- orig, term, transit, fwd, xfer\n"
    "	seq INTEGER NOT NULL, -- among the records of the run\n"
    "	linked_id TEXT NOT NULL, -- the first of calls that were linked\n"
    "	in_trunk TEXT NOT NULL,\n"
    "	in_circuit INTEGER NOT NULL, -- from 1\n"
    "	out_trunk TEXT NOT NULL,\n"
    "	out_circuit INTEGER NOT NULL,\n"
    "	class TEXT NOT NULL, -- ordinary, priority, emergency, test\n"
    "	cause INTEGER NOT NULL, -- Q.850\n"
    "	diagnostic INTEGER NOT NULL, -- 102: a RELEASE was not answered\n"
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
    "	service_flags TEXT NOT NULL, -- words: hold, forward ...\n"
    "	account TEXT NOT NULL, -- the caller's\n"
    "	tariff TEXT NOT NULL, -- of the first that the caller pays; '' free\n"
    "	legs INTEGER NOT NULL, -- rows in table leg\n"
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

/* One for each path that a call tried, and at least one of each call. */
static const char table_leg[] =
    "CREATE TABLE leg(\n"
    "	run INTEGER NOT NULL,\n"
    "	call INTEGER NOT NULL,\n"
    "	leg INTEGER NOT NULL, -- from 1 in its call\n"
    "	kind TEXT NOT NULL, -- moved: it ended in another call\n"
    "	number TEXT NOT NULL, -- called\n"
    "	payer TEXT NOT NULL, -- a number or trunk group; '' nobody\n"
    "	account TEXT NOT NULL, -- the payer's\n"
    "	tariff TEXT NOT NULL, -- '' free\n"
    "	out_trunk TEXT NOT NULL,\n"
    "	reason TEXT NOT NULL, -- of a forward\n"
    "	cause INTEGER NOT NULL, -- Q.850\n"
    "	diagnostic INTEGER NOT NULL, -- 102: a timer has expired, and\n"
    "	timer TEXT NOT NULL, -- its name: T308 and ISUP-T5 of the clearing\n"
    "	t_begin INTEGER NOT NULL,\n"
    "	t_answer INTEGER NOT NULL,\n"
    "	t_end INTEGER NOT NULL,\n"
    "	bill_ms INTEGER NOT NULL,\n"
    "	pulses INTEGER NOT NULL, -- intervals charged\n"
    "	charge_micro INTEGER NOT NULL,\n"
    "	PRIMARY KEY(run, call, leg)) WITHOUT ROWID";

/* A signal without a row in the state that the call was in. */
static const char table_unexpected[] =
    "CREATE TABLE unexpected(\n"
    "	run INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL,\n"
    "	t_signal INTEGER NOT NULL,\n"
    "	pid INTEGER NOT NULL, -- of the call\n"
    "	version TEXT NOT NULL,\n"
    "	state TEXT NOT NULL,\n"
    "	signal TEXT NOT NULL,\n"
    "	from_number TEXT NOT NULL, -- '' no line\n"
    "	PRIMARY KEY(run, number)) WITHOUT ROWID";

static const char view_unexpected[] =
    "CREATE VIEW report_unexpected AS SELECT run, version, state, signal,\n"
    "	count(*) AS signals, count(DISTINCT pid) AS calls,\n"
    "	min(t_signal) / 1e6 AS first_s, max(t_signal) / 1e6 AS last_s,\n"
    "	min(call) AS first_call\n"
    "FROM unexpected LEFT JOIN cdr USING(run, pid)\n"
    "GROUP BY run, unexpected.version, state, signal\n"
    "ORDER BY run, version, state, signal";

/* One for each event of a call: `records -events failed` or `all`. */
static const char table_call_event[] =
    "CREATE TABLE call_event(\n"
    "	run INTEGER NOT NULL,\n"
    "	call INTEGER NOT NULL,\n"
    "	number INTEGER NOT NULL, -- in their order\n"
    "	t_event INTEGER NOT NULL,\n"
    "	way TEXT NOT NULL, -- in: from the party; out: to it; of: the call's\n"
    "	party TEXT NOT NULL,\n"
    "	event TEXT NOT NULL,\n"
    "	text TEXT NOT NULL, -- digits, tone, reason; of event state the new\n"
    "	cause INTEGER NOT NULL, -- Q.850; 0: none\n"
    "	state TEXT NOT NULL, -- that the call was in\n"
    "	version TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, call, number)) WITHOUT ROWID";

/* What they come to stands in the legs. */
static const char table_account[] =
    "CREATE TABLE account(\n"
    "	run INTEGER NOT NULL,\n"
    "	name TEXT NOT NULL,\n"
    "	kind TEXT NOT NULL, -- billed, prepaid\n"
    "	deposit_micro INTEGER NOT NULL, -- paid in\n"
    "	warn_micro INTEGER NOT NULL, -- who has less left is warned\n"
    "	PRIMARY KEY(run, name)) WITHOUT ROWID";

static const char view_calls[] =
    "CREATE VIEW report_calls AS SELECT run, call, calling, called_dialled,\n"
    "	connected, disposition, cause, bill_ms, charge_micro,\n"
    "	version_start, version_end,\n"
    "	upgrades, crashes, local_reason, release_side,\n"
    "	t_seize / 1e6 AS seize_s, setup_ms, ring_ms, hold_ms, pause_us,\n"
    "	legs, pulses, called_translated, overdial, route_attempts,\n"
    "	(pid >> 32) || '.' || (pid & 0xffffffff) AS pid,\n"
    "	" SCHEMA_CIVIL("t_seize / 1e6") " AS civil_seize,\n"
    "	in_trunk, in_circuit, out_trunk, out_circuit, account, tariff,\n"
    "	orig_called, redirecting, redirect_reason, redirect_count,\n"
    "	record_type, class, service_flags, linked_id, diagnostic,\n"
    "	nullif(t_dialled, 0) / 1e6 AS dialled_s,\n"
    "	nullif(t_alert, 0) / 1e6 AS alert_s,\n"
    "	nullif(t_answer, 0) / 1e6 AS answer_s, t_release / 1e6 AS release_s,\n"
    "	seq, run.scenario AS scenario, run.seed AS seed\n"
    "FROM cdr JOIN run USING(run) LEFT JOIN civil USING(run)\n"
    "ORDER BY run, call";

/*
 * What telephony.md 1.7 counts: every ended call is a seizure, gapped ones have
 * no row.  A call without alert that was answered counts with its answer.
 */
static const char view_seizure[] =
    "CREATE VIEW seizure AS SELECT *, t_answer > 0 AS is_answered,\n"
    "	t_answer > 0 OR cause = 17\n"
    "	    OR (t_alert > 0 AND cause IN (16, 18, 19))\n"
    "	    OR (t_alert = 0 AND cause IN (18, 20, 21, 88)) AS is_effective,\n"
    "	CASE WHEN t_dialled > 0 AND (t_alert > 0 OR t_answer > 0) THEN\n"
    "	    (CASE t_alert WHEN 0 THEN t_answer ELSE t_alert END - t_dialled)\n"
    "	    / 1e3 END AS pdd_ms\n"
    "FROM cdr";

/*
 * Nearest rank: of n values in rising order the p-th percentile is number
 * ceil(p * n / 100).
 */
static const char view_delay[] =
    "CREATE VIEW post_dial_delay AS\n"
    "WITH ranked AS (SELECT run, pdd_ms AS ms,\n"
    "	row_number() OVER (PARTITION BY run ORDER BY pdd_ms) AS rank,\n"
    "	count(*) OVER (PARTITION BY run) AS n\n"
    "	FROM seizure WHERE pdd_ms IS NOT NULL)\n"
    "SELECT run,\n"
    "	max(CASE rank WHEN (50 * n + 99) / 100 THEN ms END) AS p50_ms,\n"
    "	max(CASE rank WHEN (95 * n + 99) / 100 THEN ms END) AS p95_ms\n"
    "FROM ranked GROUP BY run";

static const char view_counts[] =
    "CREATE VIEW call_counts AS SELECT run, count(*) AS calls,\n"
    "	sum(is_answered) AS answered, sum(is_effective) AS effective,\n"
    "	sum(bill_ms) AS bill_ms, sum(charge_micro) AS charge_micro,\n"
    "	sum(t_release - t_seize) AS occupied_us,\n"
    "	sum(t_alert = 0 AND t_answer = 0) AS without_alert,\n"
    "	sum(disposition = 'busy') AS busy,\n"
    "	sum(disposition = 'no-answer') AS no_answer,\n"
    "	sum(disposition = 'cancelled') AS cancelled,\n"
    "	sum(disposition = 'refused') AS refused,\n"
    "	sum(disposition = 'failed') AS failed,\n"
    "	sum(t_alert > 0 AND local_reason\n"
    "	    IN ('CRASH', 'UPGRADE_REJECT', 'SHUTDOWN')) AS lost,\n"
    "	sum(upgrades > 0) AS upgraded, sum(crashes > 0) AS faulted\n"
    "FROM seizure GROUP BY run";
/* clang-format on */

static const char *const tables[] = {
	table_cdr,
	table_leg,
	table_call_event,
	table_account,
	table_unexpected,
	NULL,
};

static const char *const views[] = {
	view_unexpected,
	view_calls,
	view_seizure,
	view_delay,
	view_counts,
	NULL,
};

const struct schema_part schema_call = {
	.tables = tables,
	.views = views,
};
