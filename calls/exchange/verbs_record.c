/*
 * verbs_record: a call gives its record.
 *
 * The exchange closes the legs that are open, adds what the call cannot know
 * (cdr.c) and sends it to the recorder with the event.  A call that the gate
 * has turned away has none (T48); nor is here the record of one that crashed,
 * which the office writes itself.
 *
 * Invariant: a call has one record, and gives it only itself; if its event
 * comes to nothing it has none.
 */
#include <inttypes.h>

#include "calls/exchange/verbs_internal.h"
#include "switch/record.h"

static int
mark_recorded(struct self *self, uint64_t call)
{
	struct office *office = enter(self);
	uint32_t place = attempts_find(office->attempts, call);
	int status = ask(office, self, EFFECT_RECORDED, place, 0);

	if (status == 0)
		attempts_at(office->attempts, place)->is_recorded = true;
	leave(office, self);
	return status;
}

/* All that the call says of itself, in the order of the record. */
static bool
note_record(struct office *office, struct self *self, int *ret_status,
    const struct call_record *record)
{
	char from[NUMBER_ROOM], to[NUMBER_ROOM];

	return verb_note(self, ret_status, 0,
	    "record cause %u/%u side %u %s to %s '%.15s'"
	    " dialled %" PRIu64 " alert %" PRIu64 " answer %" PRIu64
	    " release %" PRIu64 " held %" PRIu64 " overdial %u attempts %u",
	    record->cause, record->local_reason, record->release_side,
	    number(office, record->port_a, from),
	    number(office, record->port_b, to), record->dialled,
	    record->t_dialled, record->t_alert, record->t_answer,
	    record->t_release, record->hold_us, record->overdial,
	    record->attempts);
}

/*
 * The call's own, in full, and what will be counted of it.  -EINVAL it has one,
 * or is not the running one; -ENOSPC.
 */
static int
complete_record(
    struct self *self, const struct call_record *record, struct cdr *ret_cdr)
{
	struct office *office = enter(self);
	uint32_t place = own_attempt(office, self, record->call);
	struct annex *annex = NULL;
	int status = -EINVAL;

	if (place != ATTEMPT_NONE) {
		annex = attempts_make_annex(office->attempts, place);
		status = annex == NULL ? -ENOSPC : 0;
	}
	if (status == 0)
		annex->measured = cdr_fill(office,
		    attempts_at(office->attempts, place), record, ret_cdr);
	leave(office, self);
	return status;
}

int
exchange_record(struct self *self, const struct call_record *record)
{
	struct call_record copy = *record;
	struct office *office = enter(self);
	struct cdr cdr;
	uint32_t place;
	int status = -EINVAL;

	if (verb_is_noted(self) && note_record(office, self, &status, &copy))
		return leave_with(office, self, status);
	place = own_attempt(office, self, copy.call);
	if (!verb_is_noted(self))
		tell_asked(office, "record", "", copy.cause);
	if (place != ATTEMPT_NONE &&
	    attempts_at(office->attempts, place)->is_gapped)
		return leave_with(office, self, 0); /* it is no call (T48) */
	if (place != ATTEMPT_NONE)
		copy.t_seize = attempts_at(office->attempts, place)->t_seize;
	leave(office, self);
	status = leg_close_all(self, &copy);
	if (status == 0)
		status = leg_amend_cleared(self, &copy);
	if (status == 0)
		status = complete_record(self, &copy, &cdr);
	if (status == 0)
		status =
		    send_record(self, office, RECORD_CDR, &cdr, sizeof cdr);
	if (status == 0)
		status = mark_recorded(self, copy.call);
	return answer_with(self, status);
}

static void
commit_recorded(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	cdr_taken(office, attempts_at(office->attempts, place),
	    &attempts_annex(office->attempts, place)->measured);
	office_leave(office);
}

static void
undo_recorded(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	attempts_at(office->attempts, place)->is_recorded = false;
	office_leave(office);
}

void
record_verbs_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_RECORDED] =
	    (struct effect_type){ commit_recorded, undo_recorded };
}
