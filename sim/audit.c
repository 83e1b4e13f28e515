/*
 * audit: whether the books of the whole switch agree, rows A1 to A7.
 *
 * A1 to A3 are the exchange's to look at (calls/exchange/audit.h); the
 * database has a word in A2; A4 and A6 need several layers and stand here; A5
 * and A7 are the runtime's.  Each row is written to table `audit`, and one
 * that is broken fails the scenario.
 */
#include <inttypes.h>
#include <stdio.h>

#include "calls/database/recorder.h"
#include "calls/exchange/audit.h"
#include "calls/exchange/cdr.h"
#include "calls/exchange/office.h"
#include "sim/scenario_internal.h"
#include "switch/audit.h"
#include "switch/process.h"
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

/* The exchange's count of records is held against what the file has. */
static bool
a2(struct scenario *scenario, char *text, size_t size)
{
	uint64_t ended = office_counts(scenario->office)->ended;
	uint64_t kept = 0, conflicts, missing;

	(void)office_give_owed(scenario->office, take_owed, scenario->recorder);
	if (!audit_records(scenario->office, text, size))
		return false;
	if (recorder_count_cdrs(scenario->recorder, &kept) != 0) {
		(void)snprintf(text, size, "the records are not written: %s",
		    recorder_error(scenario->recorder));
		return false;
	}
	conflicts = recorder_conflicts(scenario->recorder);
	missing = recorder_missing(scenario->recorder);
	(void)snprintf(text, size,
	    "%" PRIu64 " %s ended, %" PRIu64 " %s, %" PRIu64
	    " in conflict, %" PRIu64 " missing",
	    ended, ended == 1 ? "call has" : "calls have", kept,
	    kept == 1 ? "CDR" : "CDRs", conflicts, missing);
	return kept == ended && conflicts == 0 && missing == 0;
}

static bool
a3(struct scenario *scenario, char *text, size_t size)
{
	return audit_lines(scenario->office, text, size);
}

static bool
a4(struct scenario *scenario, char *text, size_t size)
{
	const struct office_counts *office = office_counts(scenario->office);
	uint64_t live = office->live, gapped = office->turned_away, sum = 0;
	uint16_t ids[VERSIONS_MAX];
	unsigned int i, count;

	count = code_residents(scenario->code, "call", ids, VERSIONS_MAX);
	for (i = 0; i < count && i < VERSIONS_MAX; i++)
		sum += behaviour_counts(
		    scheduler_behaviours(scenario->scheduler), ids[i])
			   .holders;
	(void)snprintf(text, size,
	    "%" PRIu64 " live %s, the versions hold %" PRIu64, live,
	    live == 1 ? "call" : "calls", sum - gapped);
	return sum == live + gapped;
}

struct census {
	uint64_t count, orphans;
};

/* Whether somebody who lives is answerable for it. */
static bool
has_supervisor(const struct scenario *scenario, struct scheduler *scheduler,
    struct pid pid)
{
	struct process_info info;

	if (process_info(scheduler, pid, &info) != 0 ||
	    pid_equal(pid, scenario->root))
		return true;
	return process_is_alive(
	    scheduler_where(scheduler, info.supervisor), info.supervisor);
}

static void
count_processes(struct scenario *scenario, struct scheduler *scheduler,
    struct census *census)
{
	uint32_t cursor = 0;
	struct pid pid;

	while (process_next(scheduler, &cursor, &pid)) {
		census->count++;
		census->orphans += !has_supervisor(scenario, scheduler, pid);
	}
}

static bool
a6(struct scenario *scenario, char *text, size_t size)
{
	unsigned int count = scheduler_count(scenario->scheduler), i;
	struct census census = { 0, 0 };

	for (i = 0; i < count; i++)
		count_processes(
		    scenario, scheduler_peer(scenario->scheduler, i), &census);
	(void)snprintf(text, size,
	    "%" PRIu64 " processes, %" PRIu64 " without a live supervisor",
	    census.count, census.orphans);
	return census.orphans == 0;
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

void
audit_look(struct scenario *scenario)
{
	static audit_f *const rows[AUDIT_ROWS] = { a1, a2, a3, a4, a5, a6, a7 };
	char text[AUDIT_TEXT_MAX], row[8];
	unsigned int i;

	for (i = 0; i < AUDIT_ROWS; i++) {
		(void)snprintf(row, sizeof row, "A%u", i + 1);
		text[0] = '\0';
		scenario->verdict->audit[i] =
		    rows[i](scenario, text, sizeof text);
		if (!scenario->verdict->audit[i])
			verdict_fail(scenario->verdict, scenario->at,
			    "audit %s is broken: %s", row, text);
		(void)recorder_audit(
		    scenario->recorder, row, scenario->verdict->audit[i], text);
	}
}
