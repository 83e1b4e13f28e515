/*
 * schema_account: what the database says of those who pay.
 *
 * A view only.  What an account is charged is the sum of the legs that its
 * lines have paid, whatever call they stand in; who has paid in has the rest.
 * Legs of lines without an account stand together in a row of no name.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

/* clang-format off */
static const char view_accounts[] =
    "CREATE VIEW report_accounts AS\n"
    "WITH payer AS (SELECT run, name, kind, deposit_micro FROM account\n"
    "	UNION SELECT run, '', '', NULL FROM leg WHERE account = '')\n"
    "SELECT p.run AS run, p.name AS account, p.kind AS kind,\n"
    "	count(DISTINCT l.call) AS calls, count(l.leg) AS legs,\n"
    "	ifnull(sum(l.bill_ms), 0) AS bill_ms,\n"
    "	ifnull(sum(l.pulses), 0) AS pulses,\n"
    "	ifnull(sum(l.charge_micro), 0) AS charged_micro,\n"
    "	CASE p.kind WHEN 'prepaid' THEN deposit_micro END AS paid_in_micro,\n"
    "	CASE p.kind WHEN 'prepaid' THEN deposit_micro\n"
    "	    - ifnull(sum(l.charge_micro), 0) END AS balance_micro\n"
    "FROM payer p LEFT JOIN leg l ON l.run = p.run AND l.account = p.name\n"
    "GROUP BY p.run, p.name ORDER BY p.run, p.name";
/* clang-format on */

static const char *const tables[] = { NULL };

static const char *const views[] = {
	view_accounts,
	NULL,
};

const struct schema_part schema_account = {
	.tables = tables,
	.views = views,
};
