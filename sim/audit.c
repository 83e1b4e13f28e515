/*
 * audit: whether the books of the whole switch agree, rows A1 to A7.
 *
 * A1 to A4 are the exchange's to look at (calls/exchange/audit.h); the
 * database has a word in A2; A5 to A7 are the runtime's.  Each row is written
 * to table `audit`, and one that is broken fails the scenario.
 */
#include <inttypes.h>
#include <stdio.h>

#include "calls/database/recorder.h"
#include "calls/exchange/audit.h"
#include "calls/exchange/cdr.h"
#include "calls/exchange/leg.h"
#include "calls/exchange/office.h"
#include "sim/scenario_internal.h"
#include "switch/audit.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"

enum { VERSIONS_MAX = 256 };

static bool
a1(struct scenario *scenario, char *text, size_t size)
{
	return audit_attempts(scenario->office, text, size);
}

static int
take_owed(void *recorder, uint16_t kind, const void *record, size_t size)
{
	return recorder_take(recorder, kind, record, size);
}

/* What the exchange has counted for accounts, beside what their legs say. */
struct accounts_audit {
	struct office *office;
	uint64_t total; /* of the legs */
	char text[128]; /* what is wrong first; "" nothing */
};

static void
audit_account(void *arg, const char *name, uint64_t micro)
{
	struct accounts_audit *audit = arg;
	struct account_info info = { .charged_micro = 0 };

	audit->total += micro;
	if ((office_account(audit->office,
		 office_find_account(audit->office, name), &info) &&
		info.charged_micro == micro) ||
	    audit->text[0] != '\0')
		return;
	(void)snprintf(audit->text, sizeof audit->text,
	    "account '%.32s' is charged %" PRIu64 ", its legs come to %" PRIu64,
	    name, info.charged_micro, micro);
}

static bool
accounts_agree(struct scenario *scenario, char *text, size_t size)
{
	struct accounts_audit audit = { .office = scenario->office };
	struct account_info info;
	uint64_t charged = 0;
	uint16_t number;

	if (office_counts(scenario->office)->unkept != 0)
		return true; /* of those calls nobody knows their legs */
	if (recorder_accounts(scenario->recorder, audit_account, &audit) != 0)
		return true;
	for (number = 0; office_account(scenario->office, number, &info);
	     number++)
		charged += info.charged_micro;
	if (audit.text[0] == '\0' && charged == audit.total)
		return true;
	(void)snprintf(text, size, "%s",
	    audit.text[0] != '\0' ? audit.text
				  : "an account is charged and has no leg");
	return false;
}

/*
 * Each call has a leg, and is charged what its legs are (A2).  Legs that are on
 * their way are in no account of the file yet.
 */
static bool
legs_agree(struct scenario *scenario, char *text, size_t size)
{
	uint64_t call = 0;

	if (recorder_find_amiss(scenario->recorder, &call) == 0 && call == 0)
		return recorder_to_come(scenario->recorder, RECORD_LEG) > 0 ||
		    accounts_agree(scenario, text, size);
	(void)snprintf(text, size,
	    "the legs of call %" PRIu64 " are not what its record says", call);
	return false;
}

/* The exchange's count of records is held against what the file has. */
static bool
a2(struct scenario *scenario, char *text, size_t size)
{
	struct recorder *recorder = scenario->recorder;
	uint64_t ended = office_counts(scenario->office)->ended;
	uint64_t kept = 0, to_come, conflicts, missing; /* or not to be kept */
	char coming[48] = "";

	(void)office_give_owed(scenario->office, take_owed, recorder);
	if (!audit_records(scenario->office, text, size))
		return false;
	if (recorder_count_cdrs(recorder, &kept) != 0) {
		(void)snprintf(text, size, "the records are not written: %s",
		    recorder_error(recorder));
		return false;
	}
	kept += office_counts(scenario->office)->unkept;
	to_come = recorder_to_come(recorder, RECORD_CDR);
	if (to_come > 0)
		(void)snprintf(coming, sizeof coming,
		    ", %" PRIu64 " on their way", to_come);
	conflicts = recorder_conflicts(recorder);
	missing = recorder_missing(recorder);
	(void)snprintf(text, size,
	    "%" PRIu64 " %s ended, %" PRIu64 " %s%s, %" PRIu64
	    " in conflict, %" PRIu64 " missing",
	    ended, ended == 1 ? "call has" : "calls have", kept,
	    kept == 1 ? "CDR" : "CDRs", coming, conflicts, missing);
	return kept + to_come == ended && conflicts == 0 && missing == 0 &&
	    legs_agree(scenario, text, size);
}

static bool
a3(struct scenario *scenario, char *text, size_t size)
{
	return audit_lines(scenario->office, text, size);
}

static bool
a4(struct scenario *scenario, char *text, size_t size)
{
	uint16_t ids[VERSIONS_MAX];
	unsigned int count =
	    code_residents(scenario->code, "call", ids, VERSIONS_MAX);

	return audit_versions(scenario->office, ids,
	    count < VERSIONS_MAX ? count : VERSIONS_MAX, text, size);
}

static bool
a6(struct scenario *scenario, char *text, size_t size)
{
	return audit_supervisors(
	    scenario->scheduler, scenario->root, text, size);
}

static bool
a5(struct scenario *scenario, char *text, size_t size)
{
	return audit_owners(scenario->scheduler, text, size);
}

static bool
a7(struct scenario *scenario, char *text, size_t size)
{
	return audit_bytes(scenario->scheduler, text, size);
}

typedef bool audit_f(struct scenario *scenario, char *text, size_t size);

bool
audit_look(struct scenario *scenario)
{
	static audit_f *const rows[AUDIT_ROWS] = { a1, a2, a3, a4, a5, a6, a7 };
	char text[AUDIT_TEXT_MAX], row[8];
	unsigned int i;
	bool holds = true;

	for (i = 0; i < AUDIT_ROWS; i++) {
		(void)snprintf(row, sizeof row, "A%u", i + 1);
		text[0] = '\0';
		scenario->verdict->audit[i] =
		    rows[i](scenario, text, sizeof text);
		if (!scenario->verdict->audit[i]) {
			(void)snprintf(scenario->why, sizeof scenario->why,
			    "audit %s is broken: %s", row, text);
			verdict_fail(scenario->verdict, scenario->at, "%s",
			    scenario->why);
			holds = false;
		}
		(void)recorder_audit(
		    scenario->recorder, row, scenario->verdict->audit[i], text);
	}
	return holds;
}
