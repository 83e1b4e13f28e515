/*
 * cdr: see cdr.h for what it is.
 *
 * A record has three sources: the call, which says what it went through; the
 * runtime, which knows versions, upgrades, pause and faults; and the office,
 * which knows numbers.  When a call ends without having said anything, the
 * office says in its place what it saw itself: when the line was seized, when
 * ringback and speech were connected, and whom it had called (design 3: "if
 * that faults, the exchange writes its record from what it knows").
 */
#include "calls/exchange/cdr.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "switch/behaviour.h"
#include "switch/log.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

static void
fill_history(struct office *office, struct cdr *cdr)
{
	struct scheduler *scheduler = office->lines->at;
	struct behaviours *behaviours = scheduler_behaviours(scheduler);
	struct process_info info;

	if (process_info(scheduler, cdr->pid, &info) != 0)
		return; /* it was never started */
	snprintf(cdr->version_start, sizeof cdr->version_start, "%s",
	    behaviour_version(behaviours, info.born));
	snprintf(cdr->version_end, sizeof cdr->version_end, "%s",
	    behaviour_version(behaviours, info.behaviour));
	cdr->upgrades = info.upgrades;
	cdr->crashes = info.faults;
	cdr->pause_us = info.pause_us;
}

void
cdr_fill(struct office *office, const struct attempt *attempt,
    const struct call_record *record, struct cdr *ret_cdr)
{
	const struct numbering *numbering = office->lines->numbering;

	*ret_cdr = (struct cdr){ .call = *record, .pid = attempt->pid };
	numbering_text(numbering, record->line_a, ret_cdr->calling);
	numbering_text(numbering, record->line_b, ret_cdr->translated);
	if (record->t_answer != 0)
		numbering_text(numbering, record->line_b, ret_cdr->connected);
	fill_history(office, ret_cdr);
}

void
cdr_write_crash(struct office *office, struct attempt *attempt)
{
	struct scheduler *scheduler = office->lines->at;
	struct call_record record = {
		.call = attempt->number,
		.t_seize = attempt->t_seize,
		.t_alert = attempt->t_alert,
		.t_answer = attempt->t_answer,
		.t_release = office_stamp(office),
		.line_a = attempt->line_a,
		.line_b = attempt->line_b,
		.attempts = attempt->line_b != LINE_NONE,
		.cause = CAUSE_TEMPORARY_FAILURE,
		.local_reason = LOCAL_CRASH,
		.release_side = SIDE_NET,
	};
	struct cdr cdr;

	numbering_text(
	    office->lines->numbering, attempt->line_b, record.dialled);
	cdr_fill(office, attempt, &record, &cdr);
	if (process_post_parcel(scheduler,
		registry_whereis(
		    scheduler_registry(scheduler), RECORD_RECIPIENT),
		RECORD_CDR, &cdr, sizeof cdr) == -ENOSPC)
		return; /* it stays missing, and audit A2 says so */
	attempt->is_recorded = true;
	cdr_taken(office, attempt->number, record.cause, record.t_alert != 0);
}

void
cdr_taken(struct office *office, uint64_t call, uint8_t cause, bool is_lost)
{
	struct log *log = scheduler_log(office->lines->at);

	office->counts.records++;
	office->counts.lost += is_lost;
	if (log_is_on(log))
		log_line(log, scheduler_now(office->lines->at),
		    "cdr %llu cause %u", (unsigned long long)call, cause);
}
