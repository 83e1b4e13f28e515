/*
 * schema_traffic: what the database says of intervals: how much was offered,
 * and carried.  The measures are those of telephony.md 1.7.
 *
 * A seizure belongs to the interval in which it began, whenever it ends: so
 * ASR, NER and ACD of an interval are of the calls that began in it, those of a
 * trunk group of the legs that went out there, and it is open as long as one of
 * them has no record.  Carried traffic is what the exchange saw busy in it,
 * whoever began when.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
static const char table_measurement[] =
    "CREATE TABLE measurement(\n"
    "	run INTEGER NOT NULL,\n"
    "	object TEXT NOT NULL, -- office, trunk NAME\n"
    "	t_begin INTEGER NOT NULL,\n"
    "	t_end INTEGER NOT NULL,\n"
    "	bids INTEGER NOT NULL,\n"
    "	first_bids INTEGER NOT NULL, -- of a group: none was tried before\n"
    "	gapped INTEGER NOT NULL, -- of the bids\n"
    "	gapped_rate INTEGER NOT NULL, -- of these, and so on: why\n"
    "	gapped_live INTEGER NOT NULL,\n"
    "	gapped_delay INTEGER NOT NULL,\n"
    "	gapped_records INTEGER NOT NULL,\n"
    "	gapped_alarm INTEGER NOT NULL,\n"
    "	overflow INTEGER NOT NULL, -- of the bids: went another way\n"
    "	seizures INTEGER NOT NULL, -- of the bids\n"
    "	answers INTEGER NOT NULL, -- these and below: in the interval,\n"
    "	ended INTEGER NOT NULL, -- whenever the seizure was\n"
    "	live INTEGER NOT NULL, -- at its end\n"
    "	busy_us INTEGER NOT NULL, -- what was busy, times time\n"
    "	all_busy_us INTEGER NOT NULL, -- time without anything free\n"
    "	unexpected INTEGER NOT NULL,\n"
    "	late INTEGER NOT NULL,\n"
    "	glare INTEGER NOT NULL,\n"
    "	lost INTEGER NOT NULL,\n"
    "	is_suspect INTEGER NOT NULL, -- it was cut\n"
    "	PRIMARY KEY(run, object, t_begin)) WITHOUT ROWID";

/* The interval of an object in which a stamp lies, which is 1 more. */
#define INTERVAL(object, stamp) \
    "(SELECT max(m.t_begin) FROM measurement m WHERE m.run = s.run\n" \
    "	    AND m.object = " object " AND m.t_begin < " stamp ")"

/* The seizures that began in each interval and have a record. */
static const char view_interval_calls[] =
    "CREATE VIEW interval_calls AS SELECT s.run AS run, 'office' AS object,\n"
    "	" INTERVAL("'office'", "s.t_seize") " AS t_begin,\n"
    "	count(*) AS calls, sum(is_answered) AS answered,\n"
    "	sum(is_effective) AS effective, sum(bill_ms) AS bill_ms\n"
    "FROM seizure s GROUP BY 1, 3\n"
    "UNION ALL SELECT s.run, 'trunk ' || s.out_trunk,\n"
    "	" INTERVAL("'trunk ' || s.out_trunk", "s.t_begin") " AS began,\n"
    "	count(*), sum(t_answer > 0), NULL, sum(bill_ms)\n"
    "FROM leg s WHERE out_trunk <> '' AND kind <> 'moved'\n"
    "GROUP BY s.run, s.out_trunk, began";

/*
 * A line's call that the gate refuses is a seizure until its number is known,
 * perhaps in the next interval: so nothing is open once nobody lives.  Where
 * no record was kept nothing is known of the seizures.
 */
static const char view_traffic[] =
    "CREATE VIEW report_traffic AS\n"
    "WITH told AS (SELECT m.*, calls, bill_ms,\n"
    "	iif(seizures = 0, 0, c.answered) AS answered,\n"
    "	1.0 * effective / seizures AS ner,\n"
    "	ifnull(calls, 0) < seizures AND (SELECT live\n"
    "	    FROM measurement l WHERE l.run = m.run AND l.object = 'office'\n"
    "	    ORDER BY l.t_begin DESC LIMIT 1) > 0 AS is_open\n"
    "	FROM measurement m LEFT JOIN interval_calls c\n"
    "	USING(run, object, t_begin))\n"
    "SELECT run, object, t_begin / 1e6 AS begin_s, t_end / 1e6 AS end_s,\n"
    "	bids, gapped, overflow, seizures, answered,\n"
    "	1.0 * answered / seizures AS asr, 1.0 * answered / bids AS abr, ner,\n"
    "	CASE WHEN NOT is_open THEN bill_ms / 1e3 / answered END AS acd_s,\n"
    "	1.0 * busy_us / (t_end - t_begin) AS carried_erlangs, live,\n"
    "	CASE WHEN is_open AND is_suspect THEN 'open suspect'\n"
    "	WHEN is_open THEN 'open'\n"
    "	WHEN is_suspect THEN 'suspect' ELSE '' END AS mark,\n"
    "	answers, ended, unexpected, late, glare, lost,\n"
    "	trim(iif(gapped_rate, 'rate ' || gapped_rate || ' ', '')\n"
    "	    || iif(gapped_live, 'live ' || gapped_live || ' ', '')\n"
    "	    || iif(gapped_delay, 'delay ' || gapped_delay || ' ', '')\n"
    "	    || iif(gapped_records, 'records ' || gapped_records || ' ', '')\n"
    "	    || iif(gapped_alarm, 'alarm ' || gapped_alarm, ''))\n"
    "	    AS gapped_for, " SCHEMA_CIVIL("t_begin / 1e6") " AS civil_begin\n"
    "FROM told LEFT JOIN civil USING(run) ORDER BY run, t_begin, object";

/*
 * The hour from the beginning of an interval that carried most; where there is
 * no whole one, all that was measured.
 */
static const char view_busy_hour[] =
    "CREATE VIEW report_busy_hour AS\n"
    "WITH span AS (SELECT run, object, t_begin, max(t_end) OVER w AS t_end,\n"
    "	sum(busy_us) OVER w AS busy_us, sum(bids) OVER w AS bids,\n"
    "	sum(gapped) OVER w AS gapped, sum(seizures) OVER w AS seizures,\n"
    "	sum(answers) OVER w AS answers, count(*) OVER w AS intervals\n"
    "	FROM measurement WINDOW w AS (PARTITION BY run, object\n"
    "	    ORDER BY t_begin RANGE BETWEEN CURRENT ROW\n"
    "	    AND 3599999999 FOLLOWING)),\n"
    "hour AS (SELECT *, t_end - t_begin >= 3600000000 AS is_whole,\n"
    "	1.0 * busy_us / (t_end - t_begin) AS erlangs FROM span),\n"
    "ranked AS (SELECT *, row_number() OVER (PARTITION BY run, object\n"
    "	ORDER BY is_whole DESC, iif(is_whole, erlangs, 0) DESC, t_begin)\n"
    "	AS rank FROM hour)\n"
    "SELECT run, object, t_begin / 1e6 AS begin_s, t_end / 1e6 AS end_s,\n"
    "	erlangs AS carried_erlangs, bids, gapped, seizures, answers,\n"
    "	intervals, iif(is_whole, '', 'less than an hour') AS mark,\n"
    "	" SCHEMA_CIVIL("t_begin / 1e6") " AS civil_begin\n"
    "FROM ranked LEFT JOIN civil USING(run)\n"
    "WHERE rank = 1 ORDER BY run, object";
/* clang-format on */

static const char *const tables[] = {
	table_measurement,
	NULL,
};

static const char *const views[] = {
	view_interval_calls,
	view_traffic,
	view_busy_hour,
	NULL,
};

const struct schema_part schema_traffic = {
	.tables = tables,
	.views = views,
};
