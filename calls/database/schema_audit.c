/*
 * schema_audit: whether the books of a run agree, rows A1 to A7.
 *
 * Twice: as the switch has found them when it looked last, in table `audit`;
 * and as the records in the file say now, which can be counted again by anybody
 * as often as he likes.  Of A1 and A2 the file knows enough; of A3 to A7 only
 * the switch did.  What nobody could look at is `unknown`: of a run that has
 * not ended, or that has kept no records.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
static const char table_audit[] =
    "CREATE TABLE audit(\n"
    "	run INTEGER NOT NULL,\n"
    "	row TEXT NOT NULL,\n"
    "	holds INTEGER NOT NULL,\n"
    "	text TEXT NOT NULL,\n"
    "	PRIMARY KEY(run, row)) WITHOUT ROWID";

static const char view_audit_row[] =
    "CREATE VIEW audit_row(row) AS VALUES ('A1'), ('A2'), ('A3'), ('A4'),\n"
    "	('A5'), ('A6'), ('A7')";

/* Sums of the office over its intervals, the last of which says who lives. */
static const char view_audit_count[] =
    "CREATE VIEW audit_count AS SELECT r.run AS run,\n"
    "	result IS NOT NULL AS has_ended, r.gapped AS all_gapped,\n"
    "	ifnull(conflicts, 0) AS conflicts, ifnull(missing, 0) AS missing,\n"
    "	ifnull((SELECT live FROM measurement l WHERE l.run = r.run\n"
    "	    AND object = 'office' ORDER BY t_begin DESC LIMIT 1), 0) AS live,\n"
    "	(SELECT count(*) FROM cdr c WHERE c.run = r.run) AS cdrs,\n"
    "	(SELECT count(*) FROM leg l WHERE l.run = r.run) AS legs,\n"
    "	EXISTS(SELECT 1 FROM office o WHERE o.run = r.run\n"
    "	    AND kind = 'records'\n"
    "	    AND name || ' ' || data LIKE '%-cdr off%') AS is_partial,\n"
    "	count(bids) AS intervals, total(bids) AS bids,\n"
    "	total(m.gapped) AS gapped, total(ended) AS ended,\n"
    "	total(gapped_rate + gapped_live + gapped_delay + gapped_records\n"
    "	    + gapped_alarm) AS gapped_for\n"
    "FROM run r LEFT JOIN measurement m\n"
    "	ON m.run = r.run AND object = 'office' GROUP BY r.run";

/*
 * Calls whose legs do not come to what they say; and calls of which there are
 * legs alone, as of one that lives still.
 */
static const char view_audit_leg[] =
    "CREATE VIEW audit_leg AS SELECT run,\n"
    "	(SELECT count(*) FROM cdr c WHERE c.run = r.run AND (legs = 0 OR\n"
    "	    (legs, charge_micro, pulses) IS NOT (SELECT count(*),\n"
    "	    sum(charge_micro), sum(pulses) FROM leg l\n"
    "	    WHERE l.run = c.run AND l.call = c.call))) AS amiss,\n"
    "	(SELECT count(DISTINCT call) FROM leg l WHERE l.run = r.run\n"
    "	    AND NOT EXISTS(\n"
    "	    SELECT 1 FROM cdr c WHERE c.run = l.run AND c.call = l.call))\n"
    "	    AS strays FROM run r";

static const char view_audit[] =
    "CREATE VIEW report_audit AS\n"
    "WITH found AS (\n"
    "	SELECT run, row, 'switch' AS looked, CASE WHEN holds IS NULL\n"
    "	    THEN 'unknown' WHEN holds THEN 'holds' ELSE 'broken' END\n"
    "	    AS verdict, ifnull(text, 'nobody has looked') AS text\n"
    "	FROM run JOIN audit_row LEFT JOIN audit USING(run, row)\n"
    "	UNION ALL SELECT run, 'A1', 'records',\n"
    "	CASE WHEN intervals = 0 AND cdrs > 0 THEN 'unknown'\n"
    "	    WHEN bids = gapped + live + ended AND gapped = gapped_for\n"
    "	    AND (NOT has_ended OR gapped = all_gapped) THEN 'holds'\n"
    "	    ELSE 'broken' END,\n"
    "	printf('%d attempts, %d gapped, %d live, %d ended, by %d intervals',\n"
    "	    bids, gapped, live, ended, intervals) FROM audit_count\n"
    "	UNION ALL SELECT run, 'A2', 'records',\n"
    "	CASE WHEN conflicts OR missing THEN 'broken'\n"
    "	    WHEN is_partial THEN 'unknown'\n"
    "	    WHEN amiss OR (has_ended AND (strays > live\n"
    "		OR (intervals AND cdrs <> ended))) THEN 'broken'\n"
    "	    WHEN has_ended THEN 'holds' ELSE 'unknown' END,\n"
    "	printf('%d CDRs of %d calls, %d legs: %d CDRs not as their legs are,' ||\n"
    "	    ' %d calls of legs alone, %d in conflict, %d missing', cdrs,\n"
    "	    ended, legs, amiss, strays, conflicts, missing)\n"
    "	FROM audit_count JOIN audit_leg USING(run))\n"
    "SELECT run, row, looked, verdict, text FROM found\n"
    "	ORDER BY run, row, looked DESC";
/* clang-format on */

static const char *const tables[] = {
	table_audit,
	NULL,
};

static const char *const views[] = {
	view_audit_row,
	view_audit_count,
	view_audit_leg,
	view_audit,
	NULL,
};

const struct schema_part schema_audit = {
	.tables = tables,
	.views = views,
};
