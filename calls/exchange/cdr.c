/*
 * cdr: see cdr.h for what it is.
 *
 * A record has three sources: the call, which says what it went through; the
 * runtime, which knows versions, upgrades, pause and faults; and the office,
 * which knows numbers.  When a call ends without having said anything, the
 * office says in its place what it saw itself: when the line was seized, when
 * ringback and speech were connected, and whom it had called (design 3: "if
 * that faults, the exchange writes its record from what it knows").
 *
 * If there is no memory for that record either, the attempt keeps its place,
 * and its end with it, until there is (attempts_owe): none is lost.
 */
#include "calls/exchange/cdr.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "switch/behaviour.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

bool
cdr_is_wanted(const struct office *office)
{
	return behaviour_current(scheduler_behaviours(office->scheduler),
		   RECORD_RECIPIENT) != 0;
}

bool
cdr_is_made(const struct office *office, uint16_t kind)
{
	if (!office->leaves_records)
		return true;
	return kind == RECORD_CDR
	    ? office->trace != NULL
	    : kind != RECORD_LEG && kind != RECORD_LEG_AMENDMENT;
}

void
office_keep_records(struct office *office, bool is_on)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	office->leaves_records = !is_on;
	office_leave(office);
}

/* What the runtime knows of the call, as long as there is its process. */
static struct attempt_end
end_of(struct office *office, struct pid pid)
{
	struct attempt_end end = { .at = office_stamp(office) };
	struct process_info info;

	if (process_info(office->lines->at, pid, &info) != 0)
		return end; /* it was never started */
	end.born = info.born;
	end.behaviour = info.behaviour;
	end.upgrades = info.upgrades;
	end.crashes = info.faults;
	end.pause_us = info.pause_us;
	return end;
}

static void
fill_history(
    struct office *office, const struct attempt_end *end, struct cdr *cdr)
{
	struct behaviours *behaviours = scheduler_behaviours(office->lines->at);

	if (end->born == 0)
		return;
	snprintf(cdr->version_start, sizeof cdr->version_start, "%s",
	    behaviour_version(behaviours, end->born));
	snprintf(cdr->version_end, sizeof cdr->version_end, "%s",
	    behaviour_version(behaviours, end->behaviour));
	cdr->upgrades = end->upgrades;
	cdr->crashes = end->crashes;
	cdr->pause_us = end->pause_us;
}

/*
 * Recall and transfer let the sides of a call change places; a record speaks of
 * those that it began with.  A is who it names as calling, B who it names as
 * called or connected, or who stands where they stood; of a call that has
 * neither of them any more, as it stands then.
 */
static uint8_t
first_side(const struct attempt *attempt, const struct call_record *record)
{
	const bool is_a = record->release_side == SIDE_A;
	const uint32_t port = is_a ? record->port_a : record->port_b;
	const uint32_t other = is_a ? record->port_b : record->port_a;

	if (!is_a && record->release_side != SIDE_B)
		return record->release_side;
	if (port == attempt->port_a || other == attempt->port_b)
		return SIDE_A;
	if (port == attempt->port_b || other == attempt->port_a)
		return SIDE_B;
	return record->release_side;
}

/* Of one that goes to nobody only what is counted. */
static void
fill(struct office *office, const struct attempt *attempt,
    const struct attempt_end *end, const struct call_record *record,
    struct cdr *ret_cdr)
{
	*ret_cdr = (struct cdr){ .call = *record,
		.pid = attempt->pid,
		.charge_micro = attempts_annex(
		    office->attempts, attempts_place(office->attempts, attempt))
				    ->charge_micro,
		.class = attempt->class,
		.is_unkept = office->leaves_records };
	if (!cdr_is_made(office, RECORD_CDR))
		return;
	ret_cdr->call.release_side = first_side(attempt, record);
	cdr_fill_parties(office, attempt, ret_cdr);
	fill_history(office, end, ret_cdr);
}

bool
cdr_is_rejection(const struct office *office, const struct attempt *attempt,
    uint64_t t_release)
{
	return attempt->is_rejected && t_release == office_stamp(office);
}

static void
fill_rejection(const struct office *office, const struct attempt *attempt,
    struct call_record *record)
{
	if (!cdr_is_rejection(office, attempt, record->t_release))
		return;
	record->cause = CAUSE_TEMPORARY_FAILURE;
	record->local_reason = LOCAL_UPGRADE_REJECT;
	record->release_side = SIDE_NET;
}

struct measured_call
cdr_fill(struct office *office, const struct attempt *attempt,
    const struct call_record *record, struct cdr *ret_cdr)
{
	const struct attempt_end end = end_of(office, attempt->pid);

	fill(office, attempt, &end, record, ret_cdr);
	fill_rejection(office, attempt, &ret_cdr->call);
	return measure_call(end.behaviour, ret_cdr);
}

static struct attempt_end *
end_at(const struct office *office, const struct attempt *attempt)
{
	return attempts_end_of(
	    office->attempts, attempts_place(office->attempts, attempt));
}

void
cdr_note_end(struct office *office, const struct attempt *attempt)
{
	struct attempt_end *end = end_at(office, attempt);

	if (attempt->is_undone) /* it was noted then */
		end->at = office_stamp(office);
	else
		*end = end_of(office, attempt->pid);
}

void
cdr_of_crash(
    struct office *office, const struct attempt *attempt, struct cdr *ret_cdr)
{
	const struct attempt_end *end = end_at(office, attempt);
	struct call_record record = {
		.call = attempt->number,
		.t_seize = attempt->t_seize,
		.t_alert = attempt->t_alert,
		.t_answer = attempt->t_answer,
		.t_release = end->at,
		.port_a = attempt->port_a,
		.port_b = attempt->port_b,
		.attempts = attempt->port_b != PORT_NONE,
		.cause = CAUSE_TEMPORARY_FAILURE,
		.local_reason =
		    attempt->is_rejected ? LOCAL_UPGRADE_REJECT : LOCAL_CRASH,
		.release_side = SIDE_NET,
	};

	if (attempt->ended_by != 0) {
		record.cause = CAUSE_NORMAL;
		record.local_reason = (uint8_t)(attempt->ended_by - 1);
		record.release_side = SIDE_A;
	}
	office_port_text(office, attempt->port_b, record.dialled);
	fill(office, attempt, end, &record, ret_cdr);
}

/* -ENOSPC, or it is on its way, or waits for a recorder, or nobody wants it. */
static int
post(void *arg, uint16_t kind, const void *record, size_t size)
{
	struct office *office = arg;
	struct scheduler *scheduler = office->lines->at;
	int error = process_post_parcel(scheduler,
	    registry_whereis(scheduler_registry(scheduler), RECORD_RECIPIENT),
	    kind, record, size);

	if (error == -ENOSPC)
		return error;
	if (error != 0 && cdr_is_wanted(office))
		record_send(scheduler, kind, record, size);
	return 0;
}

int
cdr_write_crash(struct office *office, struct attempt *attempt)
{
	struct cdr cdr;
	int status;

	cdr_of_crash(office, attempt, &cdr);
	status = leg_give_open(office, attempt, &cdr, post, office);
	if (status == 0 && cdr_is_made(office, RECORD_CDR))
		status = post(office, RECORD_CDR, &cdr, sizeof cdr);
	if (status != 0)
		return status;
	cdr_taken_of_crash(office, attempt, &cdr);
	return 0;
}

void
cdr_taken(struct office *office, const struct attempt *attempt,
    const struct measured_call *measured)
{
	struct log *log = scheduler_log(office->lines->at);

	office->counts.records++;
	office->counts.unkept += office->leaves_records;
	office->counts.lost += measured->is_lost;
	office->counts.charge_micro += measured->charge_micro;
	measures_add_call(office->measures, measured);
	marks_recorded(office->marks, attempt->mark, measured);
	if (log_wants(log, LEVEL_debug))
		log_line(log, scheduler_entry(office->lines->at, LEVEL_debug),
		    "cdr %llu cause %u", (unsigned long long)attempt->number,
		    measured->cause);
}

void
cdr_taken_of_crash(
    struct office *office, const struct attempt *attempt, const struct cdr *cdr)
{
	const struct measured_call measured =
	    measure_call(end_at(office, attempt)->behaviour, cdr);

	cdr_taken(office, attempt, &measured);
}
