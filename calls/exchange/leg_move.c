/*
 * leg_move: legs that become other ones: another call's, or to another line.
 *
 * When two calls are joined, those that lead to the far side of the one that
 * ends go on in the other, with who pays for them, their answer, and the rule
 * that held at it: so each is charged once, in the record of the call in which
 * it ends.  What they leave behind is a record of kind `moved`, free of charge.
 */
#include "calls/exchange/verbs_internal.h"

/* As it began: what it has moved to makes it neither dearer nor free. */
bool
leg_is_emergency(const struct office *office, const struct leg *leg)
{
	return leg->is_moved
	    ? leg->was_emergency
	    : attempts_at(office->attempts, leg->attempt)->class ==
		CLASS_emergency;
}

/* What goes on, in the place of a new leg of the other call. */
static void
take_over(const struct office *office, struct leg *leg, const struct leg *from)
{
	leg->t_begin = from->t_begin;
	leg->t_answer = from->t_answer;
	leg->payer = from->payer;
	leg->account = from->account;
	leg->port = from->port;
	leg->tariff = from->tariff;
	leg->kind = from->kind == LEG_forward ? LEG_forward : LEG_transfer;
	leg->reason = from->reason;
	leg->rule = from->rule;
	leg->is_moved = true;
	leg->was_emergency = leg_is_emergency(office, from);
	memcpy(leg->called, from->called, sizeof leg->called);
}

static struct leg_record
record_of(const struct office *office, const struct leg *leg)
{
	struct leg_record record = leg_record_of(office, leg);

	record.kind = LEG_moved;
	record.t_end = office_stamp(office);
	record.cause = CAUSE_NORMAL;
	return record;
}

/* The running call's, of the two that the line has. */
static uint32_t
running_attempt(
    struct office *office, const struct other_call *other, uint32_t line)
{
	return other->talks ? lines_other(office->lines, line)->attempt
			    : lines_at(office->lines, line)->attempt;
}

/* 1: the first that is open has moved; 0: there is none. */
static int
move_first(struct office *office, struct self *self, uint32_t line,
    struct leg_record *ret_record)
{
	const struct other_call other = consultation_look(office, self, line);
	uint32_t from = attempts_find(office->attempts, other.number);
	uint32_t place = LEG_NONE, taken;
	int status;

	if (from != ATTEMPT_NONE)
		place = legs_first_open(
		    office->legs, &attempts_at(office->attempts, from)->legs);
	if (place == LEG_NONE)
		return 0;
	status = leg_add(
	    office, self, running_attempt(office, &other, line), &taken);
	if (status < 0)
		return status;
	take_over(
	    office, legs_at(office->legs, taken), legs_at(office->legs, place));
	if (ask(office, self, EFFECT_LEG_MOVED, place, taken) != 0)
		return -ENOSPC;
	credit_move(office, place, taken);
	*ret_record = record_of(office, legs_at(office->legs, place));
	status = leg_mark_closed(office, self, place, 0, 0);
	return status == 0 ? 1 : status;
}

/* What both calls have come to: it stands in the record of each. */
static void
note_service(struct office *office, struct self *self, uint32_t line,
    enum local_reason reason)
{
	const struct other_call other = consultation_look(office, self, line);
	const uint16_t service = (uint16_t)(1U
	    << (reason == LOCAL_CONF ? SERVED_conference : SERVED_transfer));
	uint32_t from = attempts_find(office->attempts, other.number);

	if (from == ATTEMPT_NONE)
		return;
	attempts_at(office->attempts, from)->services |= service;
	attempts_at(office->attempts, running_attempt(office, &other, line))
	    ->services |= service;
}

int
leg_move_all(struct self *self, uint32_t line, enum local_reason reason)
{
	struct leg_record record;
	struct office *office;
	int status;

	do {
		office = enter(self);
		note_service(office, self, line, reason);
		status = move_first(office, self, line, &record);
		leave(office, self);
		if (status > 0 &&
		    send_record(
			self, office, RECORD_LEG, &record, sizeof record) != 0)
			status = -ENOSPC;
	} while (status > 0);
	return status;
}

/*--------------------------------------------------------------------
 * A line picks a call up: it is another leg then, of the same payer
 *
 * What it costs is reserved anew, for it may cost otherwise there.  If there is
 * not enough for that and for the leg that rang, which has its own till the
 * event has come to its end, it is reserved right after the answer.
 */

/* The last that is open, if it rings still; or LEG_NONE. */
static uint32_t
ringing_leg(const struct office *office, uint32_t attempt)
{
	uint32_t place = attempt == ATTEMPT_NONE
	    ? LEG_NONE
	    : attempts_at(office->attempts, attempt)->legs.first;
	uint32_t found = LEG_NONE;

	for (; place != LEG_NONE; place = legs_at(office->legs, place)->next)
		if (!legs_at(office->legs, place)->is_closed)
			found = place;
	return found != LEG_NONE && legs_at(office->legs, found)->t_answer == 0
	    ? found
	    : LEG_NONE;
}

static int
replace_leg(struct office *office, struct self *self, uint32_t place,
    uint32_t line, struct leg_record *ret_record)
{
	uint32_t taken;
	struct leg *leg;
	int status = leg_add(
	    office, self, legs_at(office->legs, place)->attempt, &taken);

	if (status < 0)
		return status;
	leg = legs_at(office->legs, taken);
	leg->t_begin = office_stamp(office);
	leg->payer = legs_at(office->legs, place)->payer;
	leg->account = legs_at(office->legs, place)->account;
	leg->port = line;
	leg->tariff = TARIFF_NONE;
	leg->kind = LEG_pickup;
	numbering_text(office->lines->numbering, line, leg->called);
	if (credit_open(office, taken) != 0)
		return -ENOSPC;
	*ret_record = leg_record_of(office, legs_at(office->legs, place));
	ret_record->t_end = office_stamp(office);
	ret_record->cause = CAUSE_ANSWERED_ELSEWHERE;
	return leg_mark_closed(office, self, place, 0, 0);
}

int
leg_pick_up(struct self *self, uint64_t call, uint32_t line)
{
	struct office *office = enter(self);
	uint32_t attempt = own_attempt(office, self, call);
	uint32_t place = ringing_leg(office, attempt);
	struct leg_record record;
	int status = 0;

	if (attempt != ATTEMPT_NONE)
		attempts_at(office->attempts, attempt)->services |= 1U
		    << SERVED_pickup;
	if (place != LEG_NONE)
		status = replace_leg(office, self, place, line, &record);
	leave(office, self);
	if (status == 0 && place != LEG_NONE)
		status = send_record(
		    self, office, RECORD_LEG, &record, sizeof record);
	return status;
}
