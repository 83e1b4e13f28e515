/*
 * office_attempt: how an attempt leaves for a pool, and how it ends.
 *
 * It is announced to a pool, which starts its process or says that it cannot
 * (reception.c); it ends in office_end_attempt(), wherever that is called from,
 * with its record or owing one.  Who begins one is not here: a subscriber
 * (office_line.c), a far end (office_trunk.c), a call (consultation.c).
 *
 * Invariants:
 *   1. each attempt that has begun ends once, and only then is its place free;
 *   2. records are owed in the order of the ends, and given in it.
 */
#include "calls/exchange/office.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "calls/exchange/reception.h"
#include "calls/exchange/trace.h"
#include "switch/behaviour.h"
#include "switch/process.h"
#include "switch/scheduler.h"

uint32_t
office_attempts_room(const struct office *office)
{
	/* Each of the two places of a line may begin one, and a circuit too. */
	return 2 * office->lines->count + office->trunks->circuits_count;
}

int
office_announce(
    struct office *office, uint32_t place, const char *digits, enum cause cause)
{
	const struct attempt *attempt = attempts_at(office->attempts, place);
	struct signal start = { .call = attempt->number,
		.port = attempt->port_a,
		.cause = (uint8_t)cause };
	int status;

	memcpy(start.digits, digits, strnlen(digits, DIGITS_MAX));
	status = reception_announce(office, &start);
	if (status == 0) {
		office->counts.attempts++;
		office->counts.live++;
	}
	return status;
}

/* Sends the records that are owed, as long as there is memory. */
void
office_settle(struct office *office)
{
	uint32_t place;

	while ((place = attempts_owed(office->attempts)) != ATTEMPT_NONE &&
	    cdr_write_crash(office, attempts_at(office->attempts, place)) == 0)
		attempts_settle(office->attempts);
}

/* In the order of the ends: while one is owed, so is the next. */
static bool
has_record(struct office *office, struct attempt *attempt)
{
	if (attempt->is_recorded)
		return true;
	cdr_note_end(office, attempt);
	return attempts_owed(office->attempts) == ATTEMPT_NONE &&
	    cdr_write_crash(office, attempt) == 0;
}

void
office_end_attempt(struct office *office, uint32_t place)
{
	gate_started(office, attempts_at(office->attempts, place)->number);
	office_settle(office);
	pickup_end(office, place);
	ringing_remove(office, place);
	if (office->trace != NULL)
		trace_end(office->trace,
		    attempts_at(office->attempts, place)->number);
	if (attempts_at(office->attempts, place)->is_gapped) {
		attempts_end(office->attempts, place);
		office->counts.turned_away--;
		return;
	}
	marks_ended(office->marks, attempts_at(office->attempts, place)->mark,
	    scheduler_now(office->lines->at));
	if (has_record(office, attempts_at(office->attempts, place)))
		attempts_end(office->attempts, place);
	else
		attempts_owe(office->attempts, place);
	office->counts.live--;
	office->counts.ended++;
}

int
office_give_owed(struct office *office, office_owed_f *give, void *arg)
{
	struct attempt *attempt;
	struct cdr cdr;
	uint32_t place;
	int result = 0;

	office_enter(office->scheduler);
	while (result == 0 &&
	    (place = attempts_owed(office->attempts)) != ATTEMPT_NONE) {
		attempt = attempts_at(office->attempts, place);
		cdr_of_crash(office, attempt, &cdr);
		result = leg_give_open(office, attempt, &cdr, give, arg);
		if (result == 0 && cdr_is_made(office, RECORD_CDR))
			result = give(arg, RECORD_CDR, &cdr, sizeof cdr);
		if (result == 0) {
			cdr_taken_of_crash(office, attempt, &cdr);
			attempts_settle(office->attempts);
		}
	}
	office_leave(office);
	return result;
}

static bool
is_unborn(const struct attempt *attempt)
{
	return pid_is_none(attempt->pid) || attempt->is_undone;
}

/* The line that was kept for it, or that place of a line with two calls. */
static void
give_back_unborn(struct office *office, uint32_t line, uint32_t place)
{
	const struct line_other *other = lines_other(office->lines, line);

	if (port_is_circuit(line))
		circuits_give_back(office->trunks, circuit_id(line));
	else if (lines_at(office->lines, line)->attempt == place)
		lines_give_back(office->lines, line);
	else if (other != NULL && other->attempt == place)
		lines_drop_other(office->lines, line);
}

/* As it would hear of the end of one that was born (T31). */
static void
tell_starter(struct office *office, uint32_t unborn)
{
	const struct event_ended ended = { .reason = { .kind = REASON_NOPROC },
		.monitor = MONITOR_UNIT };
	uint32_t place = attempts_find(office->attempts,
	    attempts_annex(office->attempts, unborn)->starter);

	if (place != ATTEMPT_NONE)
		(void)process_post(office->scheduler,
		    attempts_at(office->attempts, place)->pid, EVENT_DOWN,
		    &ended, sizeof ended);
}

/* Nothing, if it has a process. */
static void
fail_start(struct office *office, uint32_t place)
{
	const struct attempt *attempt = attempts_at(office->attempts, place);

	if (!is_unborn(attempt))
		return;
	give_back_unborn(office, attempt->port_a, place);
	if (!attempt->is_undone) /* of that the starter has heard (unit.h) */
		tell_starter(office, place);
	office_end_attempt(office, place);
}

void
office_start_asked(struct office *office, uint64_t call, uint8_t pool)
{
	uint32_t place;

	office_enter(office->scheduler);
	place = attempts_find(office->attempts, call);
	if (place != ATTEMPT_NONE)
		attempts_at(office->attempts, place)->pool = pool;
	office_leave(office);
}

void
office_start_failed(struct office *office, uint64_t call)
{
	uint32_t place;

	office_enter(office->scheduler);
	place = attempts_find(office->attempts, call);
	if (place != ATTEMPT_NONE)
		fail_start(office, place);
	office_leave(office);
}

bool
office_is_unborn(const struct office *office, uint32_t place)
{
	const struct attempt *attempt = attempts_at(office->attempts, place);

	return attempt->number != 0 && is_unborn(attempt) &&
	    !attempt->in_register &&
	    attempts_find(office->attempts, attempt->number) == place;
}

void
office_starts_failed(struct office *office, uint8_t pool)
{
	uint32_t place;

	office_enter(office->scheduler);
	for (place = 0; place < attempts_span(office->attempts); place++)
		if ((pool == POOL_ANY ||
			attempts_at(office->attempts, place)->pool == pool) &&
		    office_is_unborn(office, place))
			fail_start(office, place);
	office_leave(office);
}

void
office_give_up_starts(struct office *office)
{
	office_starts_failed(office, POOL_ANY);
}

bool
office_inherit_starts(struct office *office)
{
	bool has_asked = false;
	uint32_t place;

	office_starts_failed(office, POOL_NONE);
	office_enter(office->scheduler);
	for (place = 0; place < attempts_span(office->attempts); place++) {
		if (!office_is_unborn(office, place))
			continue;
		attempts_at(office->attempts, place)->pool |= POOL_BEFORE;
		has_asked = true;
	}
	office_leave(office);
	return has_asked;
}

void
office_starts_lost(struct office *office, uint8_t pool)
{
	office_starts_failed(office, pool | POOL_BEFORE);
}

bool
office_awaits_start(struct office *office, uint64_t call)
{
	uint32_t place;
	bool awaits;

	office_enter(office->scheduler);
	place = attempts_find(office->attempts, call);
	awaits = place != ATTEMPT_NONE && office_is_unborn(office, place);
	office_leave(office);
	return awaits;
}
