/*
 * schema_measure: what follows from the records of calls, and how sure that is.
 *
 * Views only, over the view `seizure`.  telephony.md 1.7 has the definitions;
 * a measure that is one of many rows has its own beside it, in the column
 * `definition`.
 *
 * What two versions are compared by is an estimate from the calls that there
 * happened to be, so each measure has the interval in which the true value lies
 * with a confidence of 95 %:
 *
 *	shares (ASR, NER, a cause)     Wilson's score interval, which holds for
 *				       few calls and for shares near 0 and 1
 *	the mean of ACD                normal, from the variance of the sample
 *	percentiles of PDD             the order statistics beside the rank
 *	101s			       score, of a Poisson count
 *	charge per minute              normal, linearised (a ratio of two sums)
 *
 * Two versions differ where these do not meet, which is on the careful side.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

#include "calls/cause_list.h"

/* The quantile of the normal distribution for 95 %, and its square. */
#define Z  "1.959964"
#define ZZ "(" Z " * " Z ")"

/* clang-format off */
#define NAME_OF(number, name) "	WHEN " #number " THEN '" name "'\n"
static const char view_causes[] =
    "CREATE VIEW report_causes AS SELECT run, cause,\n"
    "	CASE cause\n" CAUSE_LIST(NAME_OF)
    "	ELSE 'not a cause of Q.850' END AS name,\n"
    "	local_reason, count(*) AS calls,\n"
    "	1.0 * count(*) / sum(count(*)) OVER (PARTITION BY run) AS share,\n"
    "	sum(is_answered) AS answered, sum(t_alert > 0) AS rang,\n"
    "	sum(is_effective) AS effective, sum(bill_ms) AS bill_ms\n"
    "FROM seizure GROUP BY run, cause, local_reason\n"
    "ORDER BY run, calls DESC, cause, local_reason";

static const char view_short[] =
    "CREATE VIEW report_short AS SELECT run, call, calling, called_dialled,\n"
    "	bill_ms, release_side, cause, local_reason, charge_micro,\n"
    "	version_start, version_end, t_answer / 1e6 AS answer_s\n"
    "FROM seizure WHERE is_answered AND bill_ms < 10000\n"
    "ORDER BY run, bill_ms, call";

/* Sums over the calls that ended in a version. */
static const char view_version_total[] =
    "CREATE VIEW version_total AS SELECT run, version_end AS version,\n"
    "	count(*) AS n, sum(is_answered) AS answered,\n"
    "	sum(is_effective) AS effective, sum(bill_ms) AS bill_ms,\n"
    "	sum(charge_micro) AS charge_micro,\n"
    "	1.0 * sum(bill_ms) / sum(is_answered) AS mean_ms,\n"
    "	1.0 * sum(charge_micro) / sum(bill_ms) AS micro_per_ms\n"
    "FROM seizure GROUP BY run, version_end";

/* k of n, with Wilson's interval around it. */
static const char view_version_share[] =
    "CREATE VIEW version_share AS\n"
    "WITH total AS MATERIALIZED (SELECT * FROM version_total),\n"
    "ended AS MATERIALIZED (SELECT run, version_end AS version, cause,\n"
    "	count(*) AS k FROM cdr GROUP BY run, version_end, cause),\n"
    "part AS (\n"
    "	SELECT run, version, 2 AS place, 'ASR' AS measure, answered AS k, n,\n"
    "	'answered / seizures; Wilson' AS definition FROM total\n"
    "	UNION ALL SELECT run, version, 3, 'NER', effective, n,\n"
    "	'(answered + 17 + rung 16 18 19 + not rung 18 20 21 88) / seizures;'\n"
    "	    || ' Wilson' FROM total\n"
    "	UNION ALL SELECT t.run, t.version, 100 + c.cause,\n"
    "	'cause ' || c.cause, ifnull(d.k, 0), n,\n"
    "	'ended with it / seizures; Wilson'\n"
    "	FROM total t JOIN (SELECT DISTINCT run, cause FROM ended) c USING(run)\n"
    "	LEFT JOIN ended d\n"
    "	    ON d.run = t.run AND d.version = t.version AND d.cause = c.cause)\n"
    "SELECT run, version, place, measure, 1.0 * k / n AS value,\n"
    "	max(0.0, (k + " ZZ " / 2 - " Z " * sqrt(1.0 * k * (n - k) / n\n"
    "	    + " ZZ " / 4)) / (n + " ZZ ")) AS low,\n"
    "	min(1.0, (k + " ZZ " / 2 + " Z " * sqrt(1.0 * k * (n - k) / n\n"
    "	    + " ZZ " / 4)) / (n + " ZZ ")) AS high, definition\n"
    "FROM part";

/* A mean and a ratio; without an interval where one call says nothing of it. */
static const char view_version_mean[] =
    "CREATE VIEW version_mean AS\n"
    "WITH spread AS (SELECT t.*,\n"
    "	sqrt(sum(is_answered * (s.bill_ms - mean_ms)\n"
    "	    * (s.bill_ms - mean_ms)) / (answered - 1) / answered) AS mean_se,\n"
    "	sqrt(sum(is_answered * (s.charge_micro - micro_per_ms * s.bill_ms)\n"
    "	    * (s.charge_micro - micro_per_ms * s.bill_ms))\n"
    "	    / (answered - 1) / answered) / mean_ms AS ratio_se\n"
    "	FROM version_total t JOIN seizure s\n"
    "	    ON s.run = t.run AND s.version_end = t.version\n"
    "	GROUP BY t.run, t.version),\n"
    "wide AS (\n"
    "	SELECT run, version, 4 AS place, 'ACD s' AS measure,\n"
    "	mean_ms / 1e3 AS value, mean_se / 1e3 AS se,\n"
    "	'mean of answer to release, of the answered; normal' AS definition\n"
    "	FROM spread\n"
    "	UNION ALL SELECT run, version, 7, 'charge per minute',\n"
    "	micro_per_ms * 60000 / 1e6, ratio_se * 60000 / 1e6,\n"
    "	'charges / minutes from answer to release; normal' FROM spread)\n"
    "SELECT run, version, place, measure, value, value - " Z " * se AS low,\n"
    "	value + " Z " * se AS high, definition FROM wide";

/* Nearest rank, and the ranks that lie so far beside it (binomial). */
#define RANK(percent, rank) "max(CASE rank WHEN " rank " THEN ms END)"
#define PLACE(percent) #percent " * n / 100.0"
#define BESIDE(percent) \
    Z " * sqrt(" #percent " * (100 - " #percent ") * n / 1e4)"
#define RANKS(percent) \
    RANK(percent, "(" #percent " * n + 99) / 100") " AS p" #percent ",\n	" \
    RANK(percent, "CAST(floor(" PLACE(percent) " - " BESIDE(percent) \
	") AS INTEGER)") " AS low" #percent ",\n	" \
    RANK(percent, "1 + CAST(ceil(" PLACE(percent) " + " BESIDE(percent) \
	") AS INTEGER)") " AS high" #percent
static const char view_version_percentile[] =
    "CREATE VIEW version_percentile AS\n"
    "WITH delay AS (SELECT run, version_end AS version, pdd_ms AS ms\n"
    "	FROM seizure WHERE pdd_ms IS NOT NULL),\n"
    "counted AS (SELECT run, version, count(*) AS n FROM delay\n"
    "	GROUP BY run, version),\n"
    "ranked AS (SELECT run, version, ms, row_number()\n"
    "	OVER (PARTITION BY run, version ORDER BY ms) AS rank FROM delay),\n"
    "wide AS MATERIALIZED (SELECT run, version,\n"
    "	" RANKS(50) ",\n"
    "	" RANKS(95) "\n"
    "	FROM ranked JOIN counted USING(run, version)\n"
    "	GROUP BY run, version)\n"
    "SELECT run, version, 5 AS place, 'PDD p50 ms' AS measure, p50 AS value,\n"
    "	low50 AS low, high50 AS high,\n"
    "	'last digit to ringing, or faster answer, nearest rank; '\n"
    "	    || 'order statistics' AS definition FROM wide\n"
    "UNION ALL SELECT run, version, 6, 'PDD p95 ms', p95, low95, high95,\n"
    "	'last digit to ringing, or faster answer, nearest rank; '\n"
    "	    || 'order statistics' FROM wide";

/* Signals that calls had no row for; how often is Poisson's, so score too. */
static const char view_version_stray[] =
    "CREATE VIEW version_stray AS\n"
    "WITH stray AS (SELECT t.run AS run, t.version AS version, n,\n"
    "	(SELECT count(*) FROM unexpected u WHERE u.run = t.run\n"
    "	    AND u.version = t.version) AS k FROM version_total t)\n"
    "SELECT run, version, 8 AS place, '101 per 1000 calls' AS measure,\n"
    "	1e3 * k / n AS value,\n"
    "	max(0.0, 1e3 * (k + " ZZ " / 2 - " Z " * sqrt(k + " ZZ " / 4)) / n)\n"
    "	    AS low,\n"
    "	1e3 * (k + " ZZ " / 2 + " Z " * sqrt(k + " ZZ " / 4)) / n AS high,\n"
    "	'signals without a row while in it / 1000 seizures; score (Poisson)'\n"
    "	    AS definition\n"
    "FROM stray";

static const char view_compare[] =
    "CREATE VIEW report_compare AS\n"
    "WITH known AS MATERIALIZED (\n"
    "	SELECT run, version, 1 AS place, 'seizures' AS measure, n AS value,\n"
    "	NULL AS low, NULL AS high,\n"
    "	'calls that ended in this version' AS definition FROM version_total\n"
    "	UNION ALL SELECT * FROM version_share\n"
    "	UNION ALL SELECT * FROM version_mean\n"
    "	UNION ALL SELECT * FROM version_percentile\n"
    "	UNION ALL SELECT * FROM version_stray)\n"
    "SELECT o.run AS run, 'call' AS module, o.version AS version_old,\n"
    "	w.version AS version_new, o.measure AS measure, o.value AS old,\n"
    "	o.low AS old_low, o.high AS old_high, w.value AS new,\n"
    "	w.low AS new_low, w.high AS new_high,\n"
    "	CASE WHEN w.low > o.high THEN 'higher' WHEN w.high < o.low THEN\n"
    "	    'lower' WHEN w.low <= o.high THEN 'not shown' END AS difference,\n"
    "	o.definition AS definition\n"
    "FROM known o JOIN known w ON w.run = o.run AND w.measure = o.measure\n"
    "	AND w.version <> o.version\n"
    "ORDER BY o.run, o.version, w.version, o.place";
/* clang-format on */

static const char *const tables[] = { NULL };

static const char *const views[] = {
	view_causes,
	view_short,
	view_version_total,
	view_version_share,
	view_version_mean,
	view_version_percentile,
	view_version_stray,
	view_compare,
	NULL,
};

const struct schema_part schema_measure = {
	.tables = tables,
	.views = views,
};
