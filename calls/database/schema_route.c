/*
 * schema_route: what the database says of the ways out, the trunk groups.
 *
 * Views only.  What was offered to a group, found a circuit and was carried is
 * what the exchange has counted, over all intervals; how the calls ended that
 * went out there is from their records.  The measures are those of
 * telephony.md 1.7.  Erlang's formula holds for groups whose bids are all of
 * first choice, in whatever order the routes have them; what stands there for
 * others would mean nothing, so nothing does.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
/* The groups, and how large each is. */
static const char view_group[] =
    "CREATE VIEW trunk_group AS SELECT run, name,\n"
    "	CAST(data AS INTEGER) AS circuits FROM office WHERE kind = 'trunk'";

/*
 * Over the run; blocking by batch means where there are at least 20 whole
 * intervals with bids.
 */
static const char view_total[] =
    "CREATE VIEW trunk_total AS\n"
    "WITH part AS (SELECT run, substr(object, 7) AS name, t_begin, t_end,\n"
    "	bids, first_bids, seizures, overflow, answers, busy_us, all_busy_us, glare,\n"
    "	1.0 * (bids - seizures) / bids AS blocking,\n"
    "	bids > 0 AND NOT is_suspect AS is_batch\n"
    "	FROM measurement WHERE object LIKE 'trunk %'),\n"
    "batch AS (SELECT run, name, count(*) AS n, avg(blocking) AS mean\n"
    "	FROM part WHERE is_batch GROUP BY run, name)\n"
    "SELECT p.run AS run, p.name AS name, sum(bids) AS bids,\n"
    "	sum(bids) = sum(first_bids) AS is_first, sum(seizures) AS seizures, sum(overflow) AS overflow,\n"
    "	sum(answers) AS answers, sum(glare) AS glare,\n"
    "	1.0 * sum(busy_us) / sum(t_end - t_begin) AS carried,\n"
    "	1.0 * sum(all_busy_us) / sum(t_end - t_begin) AS all_busy,\n"
    "	1.0 * (sum(bids) - sum(seizures)) / sum(bids) AS blocking,\n"
    "	CASE WHEN n >= 20 THEN sqrt(sum(CASE WHEN is_batch THEN\n"
    "	    (blocking - mean) * (blocking - mean) END) / (n - 1) / n) END\n"
    "	    AS blocking_se\n"
    "FROM part p LEFT JOIN batch b ON b.run = p.run AND b.name = p.name\n"
    "GROUP BY p.run, p.name";

/* Offered traffic is an estimate; from it 1/B(n) = 1 + n/A * 1/B(n-1). */
static const char view_theory[] =
    "CREATE VIEW trunk_theory AS\n"
    "WITH RECURSIVE offered AS (SELECT t.run AS run, t.name AS name,\n"
    "	circuits, carried / (1 - blocking) AS erlangs\n"
    "	FROM trunk_total t JOIN trunk_group g ON g.run = t.run\n"
    "	    AND g.name = t.name\n"
    "	WHERE blocking < 1 AND carried > 0 AND is_first),\n"
    "inverse(run, name, circuits, erlangs, n, x) AS (\n"
    "	SELECT run, name, circuits, erlangs, 0, 1.0 FROM offered UNION ALL\n"
    "	SELECT run, name, circuits, erlangs, n + 1,\n"
    "	    1 + (n + 1) / erlangs * x FROM inverse WHERE n < circuits)\n"
    "SELECT run, name, erlangs, 1 / x AS erlang_b\n"
    "FROM inverse WHERE n = circuits";

/* How the calls went whose last way was out there. */
static const char view_quality[] =
    "CREATE VIEW trunk_quality AS\n"
    "WITH ranked AS (SELECT run, out_trunk, pdd_ms,\n"
    "	row_number() OVER w AS rank, count(*) OVER (PARTITION BY run,\n"
    "	    out_trunk) AS n\n"
    "	FROM seizure WHERE out_trunk <> '' AND pdd_ms IS NOT NULL\n"
    "	WINDOW w AS (PARTITION BY run, out_trunk ORDER BY pdd_ms)),\n"
    "median AS (SELECT run, out_trunk,\n"
    "	max(CASE rank WHEN (50 * n + 99) / 100 THEN pdd_ms END) AS p50_ms\n"
    "	FROM ranked GROUP BY run, out_trunk)\n"
    "SELECT s.run AS run, s.out_trunk AS name, count(*) AS calls,\n"
    "	1.0 * sum(is_effective) / count(*) AS ner,\n"
    "	sum(bill_ms) / 1e3 / sum(is_answered) AS acd_s,\n"
    "	max(p50_ms) AS pdd_p50_ms,\n"
    "	avg(CASE WHEN is_answered THEN t_answer - t_dialled END) / 1e6 AS ast_s\n"
    "FROM seizure s LEFT JOIN median m ON m.run = s.run\n"
    "	AND m.out_trunk = s.out_trunk\n"
    "WHERE s.out_trunk <> '' GROUP BY s.run, s.out_trunk";

static const char view_routes[] =
    "CREATE VIEW report_routes AS SELECT t.run AS run, t.name AS trunk,\n"
    "	circuits, bids, seizures, answers, overflow,\n"
    "	1.0 * answers / seizures AS asr, ner, acd_s, pdd_p50_ms, ast_s,\n"
    "	carried AS carried_erlangs,\n"
    "	carried / (1 - blocking) AS offered_erlangs,\n"
    "	blocking, blocking_se, erlang_b, all_busy AS time_congestion,\n"
    "	glare, calls, (SELECT count(*) FROM cdr c WHERE c.run = t.run\n"
    "	    AND c.in_trunk = t.name) AS incoming\n"
    "FROM trunk_total t LEFT JOIN trunk_group g USING(run, name)\n"
    "	LEFT JOIN trunk_theory USING(run, name)\n"
    "	LEFT JOIN trunk_quality USING(run, name) ORDER BY run, trunk";
/* clang-format on */

static const char *const tables[] = { NULL };

static const char *const views[] = {
	view_group,
	view_total,
	view_theory,
	view_quality,
	view_routes,
	NULL,
};

const struct schema_part schema_route = {
	.tables = tables,
	.views = views,
};
