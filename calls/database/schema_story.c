/*
 * schema_story: one call on a page.
 *
 * Views only.  First the facts of its record, each with what it means; then its
 * legs; then its course, in order of time: its own moments, signals that it had
 * no row for, faults, and each event where these are kept.
 */
#include "calls/database/schema_internal.h"

#include <stddef.h>

#include "calls/cause_list.h"

/* clang-format off */
#define FACT(place, item, value, definition) \
    "SELECT run, call, 1 AS place, " #place " AS row, 'record' AS part,\n" \
    "	NULL AS at_s, '" item "' AS item, " value " AS value,\n" \
    "	'" definition "' AS definition FROM cdr\n"
#define MORE "UNION ALL "
#define NAME_OF(number, name) "	WHEN " #number " THEN '" name "'\n"

/* What is not known, or is as of most calls, has no line. */
static const char view_call_fact[] =
    "CREATE VIEW call_fact AS\n"
    FACT(1, "calling", "calling", "")
    MORE FACT(2, "called, dialled", "called_dialled", "")
    MORE FACT(3, "called, translated", "called_translated", "")
    MORE FACT(4, "connected", "connected", "who answered")
    MORE FACT(5, "called first", "orig_called", "of one sent on")
    MORE FACT(6, "redirecting", "redirecting", "who has sent it on last")
    MORE FACT(7, "redirected for", "redirect_reason", "")
    MORE FACT(8, "redirected", "nullif(redirect_count, 0)", "so often")
    MORE "SELECT run, call, 1, 16, 'record', NULL, 'cause', cause,\n"
    "	CASE cause\n" CAUSE_LIST(NAME_OF)
    "	ELSE 'not a cause of Q.850' END FROM cdr\n";

static const char view_call_way[] =
    "CREATE VIEW call_way AS\n"
    FACT(9, "came by", "nullif(in_trunk || ' ' || in_circuit, ' 0')",
	"trunk group and circuit")
    MORE FACT(10, "went by", "nullif(out_trunk || ' ' || out_circuit, ' 0')",
	"likewise, of the last way it was sent")
    MORE FACT(11, "record", "record_type", "orig, term, transit, fwd, xfer")
    MORE FACT(12, "class", "nullif(class, 'ordinary')", "")
    MORE FACT(13, "linked to", "nullif(linked_id, CAST(call AS TEXT))",
	"the first of the calls it has to do with")
    MORE FACT(14, "services", "service_flags", "that had a hand in it")
    MORE FACT(15, "disposition", "disposition", "");

static const char view_call_figure[] =
    "CREATE VIEW call_figure AS\n"
    FACT(17, "diagnostic", "nullif(diagnostic, 0)",
	"102: a RELEASE was not answered")
    MORE FACT(18, "local reason", "nullif(local_reason, 'NONE')",
	"beside the cause")
    MORE FACT(19, "released by", "release_side", "net: the exchange")
    MORE FACT(20, "setup ms", "setup_ms", "last digit to ringing")
    MORE FACT(21, "ring ms", "ring_ms", "ringing to answer")
    MORE FACT(22, "bill ms", "bill_ms", "answer to release")
    MORE FACT(23, "hold ms", "hold_ms", "in which somebody held")
    MORE FACT(24, "charge", "printf('%d.%06d', charge_micro / 1000000,\n"
	"	charge_micro % 1000000)", "sum of its legs")
    MORE FACT(25, "pulses", "pulses", "intervals charged")
    MORE FACT(26, "account", "account", "of who calls")
    MORE FACT(27, "tariff", "tariff", "of the first leg that he pays")
    MORE FACT(28, "overdial", "overdial", "digits that nobody waited for")
    MORE FACT(29, "route attempts", "route_attempts", "")
    MORE FACT(30, "begun on", "version_start", "the release")
    MORE FACT(31, "ended on", "version_end", "")
    MORE FACT(32, "upgrades", "upgrades", "conversions of its state")
    MORE FACT(33, "pause us", "pause_us", "in which it was converted, CPU time")
    MORE FACT(34, "faults", "crashes", "that it survived or ended with")
    MORE FACT(35, "process", "(pid >> 32) || '.' || (pid & 0xffffffff)", "")
    MORE FACT(36, "number", "seq", "among the records of the run");

#define MOMENT(column, item) \
    "SELECT run, call, 3 AS place, 0 AS row, 'course' AS part,\n" \
    "	" #column " / 1e6 AS at_s, '" item "' AS item, NULL AS value,\n" \
    "	'' AS definition FROM cdr WHERE " #column " > 0\n"
static const char view_call_moment[] =
    "CREATE VIEW call_moment AS\n"
    MOMENT(t_seize, "seized")
    MORE MOMENT(t_dialled, "last digit")
    MORE MOMENT(t_alert, "ringing")
    MORE MOMENT(t_answer, "answered")
    MORE MOMENT(t_release, "released")
    MORE "SELECT run, call, 3, 1, 'course', t_signal / 1e6,\n"
    "	signal || ' without a row', from_number, 'in ' || state ||\n"
    "	', answered with STATUS 101' FROM unexpected JOIN cdr USING(run, pid)\n"
    MORE "SELECT run, call, 3, 2, 'course', t_fault / 1e6, 'fault',\n"
    "	" SCHEMA_FAULT_REASON ", 'in ' || event || ' of ' || version ||\n"
    "	CASE resumed WHEN 0 THEN '; it ended' ELSE '; it was undone' END\n"
    "	FROM fault JOIN cdr USING(run, pid)\n";

static const char view_call[] =
    "CREATE VIEW report_call AS WITH item AS (\n"
    "SELECT * FROM call_fact UNION ALL SELECT * FROM call_way\n"
    "UNION ALL SELECT * FROM call_figure\n"
    MORE "SELECT run, call, 2, leg, 'leg ' || leg,\n"
    "	nullif(t_begin, 0) / 1e6, kind, nullif(number, ''),\n"
    "	CASE payer WHEN '' THEN 'nobody pays' ELSE payer || ' pays' END ||\n"
    "	CASE tariff WHEN '' THEN ', free' ELSE ', tariff ' || tariff END ||\n"
    "	printf(': %d ms, %d pulses, %d.%06d, cause %d', bill_ms, pulses,\n"
    "	    charge_micro / 1000000, charge_micro % 1000000, cause) ||\n"
    "	CASE diagnostic WHEN 0 THEN '' ELSE ', diagnostic ' || diagnostic ||\n"
    "	    ': ' || timer || ' expired' END ||\n"
    "	CASE reason WHEN '' THEN '' ELSE ', forwarded: ' || reason END ||\n"
    "	CASE out_trunk WHEN '' THEN '' ELSE ', over ' || out_trunk END\n"
    "	FROM leg\n"
    MORE "SELECT run, call, 3, number, 'event', t_event / 1e6,\n"
    "	CASE way WHEN 'in' THEN party || ': ' WHEN 'out' THEN 'to ' || party\n"
    "	    || ': ' ELSE '' END || event ||\n"
    "	CASE WHEN way = 'of' AND party <> '' THEN ' at ' || party ELSE '' END,\n"
    "	nullif(text, ''),\n"
    "	CASE state WHEN '' THEN '' ELSE 'in ' || state || ' of ' || version\n"
    "	    END || CASE cause WHEN 0 THEN '' ELSE ', cause ' || cause END\n"
    "	FROM call_event\n"
    MORE "SELECT * FROM call_moment)\n"
    "SELECT run, call, part, at_s, item, value, definition\n"
    "FROM item WHERE part IN ('course', 'event') OR (value IS NOT NULL AND value <> '')\n"
    "ORDER BY run, call, place, at_s, row";
/* clang-format on */

static const char *const tables[] = { NULL };

static const char *const views[] = {
	view_call_fact,
	view_call_way,
	view_call_figure,
	view_call_moment,
	view_call,
	NULL,
};

const struct schema_part schema_story = {
	.tables = tables,
	.views = views,
};
