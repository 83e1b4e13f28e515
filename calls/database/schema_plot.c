/*
 * schema_plot: what the plots of a page show, as views.
 *
 * Calls that have ended are what there is to be seen: of those that live still
 * nothing stands in a file.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
/* A run in 60 slices of equal length: calls begun, ended, and live at its end. */
static const char view_calls[] =
    "CREATE VIEW plot_calls AS\n"
    "WITH RECURSIVE span AS (SELECT r.run AS run,\n"
    "	max(1, ifnull(virtual_us, 0), ifnull((SELECT max(t_release)\n"
    "	    FROM cdr c WHERE c.run = r.run), 0)) AS us FROM run r),\n"
    "slice(run, n, us) AS (SELECT run, 0, us FROM span\n"
    "	UNION ALL SELECT run, n + 1, us FROM slice WHERE n < 59),\n"
    "begun AS (SELECT run, min(59, t_seize * 60 / us) AS n, count(*) AS k\n"
    "	FROM cdr JOIN span USING(run) GROUP BY 1, 2),\n"
    "ended AS (SELECT run, min(59, t_release * 60 / us) AS n, count(*) AS k\n"
    "	FROM cdr JOIN span USING(run) GROUP BY 1, 2)\n"
    "SELECT s.run AS run, s.n AS slice, us * s.n / 60e6 AS from_s,\n"
    "	us * (s.n + 1) / 60e6 AS to_s, ifnull(b.k, 0) AS begun,\n"
    "	ifnull(e.k, 0) AS ended, sum(ifnull(b.k, 0) - ifnull(e.k, 0))\n"
    "	    OVER (PARTITION BY s.run ORDER BY s.n) AS live\n"
    "FROM slice s LEFT JOIN begun b USING(run, n)\n"
    "	LEFT JOIN ended e USING(run, n) ORDER BY s.run, s.n";

/* Powers of two: how many calls were held up so long, by all conversions. */
static const char view_pauses[] =
    "CREATE VIEW plot_pauses AS\n"
    "WITH RECURSIVE bin(n, least) AS (SELECT 0, 0 UNION ALL\n"
    "	SELECT n + 1, CASE n WHEN 0 THEN 1 ELSE 2 * least END\n"
    "	FROM bin WHERE n < 24)\n"
    "SELECT run, n AS bin, least AS from_us,\n"
    "	CASE n WHEN 0 THEN 1 ELSE 2 * least END AS to_us, count(*) AS calls\n"
    "FROM cdr JOIN bin ON pause_us >= least\n"
    "	AND pause_us < CASE n WHEN 0 THEN 1 ELSE 2 * least END\n"
    "WHERE upgrades > 0 GROUP BY run, n ORDER BY run, n";

/* What each group carried, by interval; the office's live calls if none. */
static const char view_load[] =
    "CREATE VIEW plot_load AS SELECT run,\n"
    "	CASE object WHEN 'office' THEN 'all calls' ELSE substr(object, 7) END\n"
    "	    AS name, t_begin / 1e6 AS from_s, t_end / 1e6 AS to_s,\n"
    "	1.0 * busy_us / (t_end - t_begin) AS erlangs\n"
    "FROM measurement m WHERE object <> 'office' OR NOT EXISTS(\n"
    "	SELECT 1 FROM measurement t WHERE t.run = m.run\n"
    "	AND t.object <> 'office') ORDER BY run, name, t_begin";
/* clang-format on */

static const char *const tables[] = { NULL };

static const char *const views[] = {
	view_calls,
	view_pauses,
	view_load,
	NULL,
};

const struct schema_part schema_plot = {
	.tables = tables,
	.views = views,
};
