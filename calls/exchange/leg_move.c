/*
 * leg_move: the legs of one call become another's.
 *
 * When two calls are joined, those that lead to the far side of the one that
 * ends go on in the other, with who pays for them, their answer, and the rule
 * that held at it: so each is charged once, in the record of the call in which
 * it ends.  What they leave behind is a record of kind `moved`, free of charge.
 */
#include "calls/exchange/verbs_internal.h"

/* What goes on, in the place of a new leg of the other call. */
static void
take_over(struct leg *leg, const struct leg *from)
{
	leg->t_begin = from->t_begin;
	leg->t_answer = from->t_answer;
	leg->payer = from->payer;
	leg->port = from->port;
	leg->tariff = from->tariff;
	leg->kind = from->kind == LEG_forward ? LEG_forward : LEG_transfer;
	leg->reason = from->reason;
	leg->rule = from->rule;
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
	take_over(legs_at(office->legs, taken), legs_at(office->legs, place));
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
	const unsigned int service =
	    reason == LOCAL_CONF ? SERVED_conference : SERVED_transfer;
	uint32_t from = attempts_find(office->attempts, other.number);

	if (from == ATTEMPT_NONE)
		return;
	attempts_at(office->attempts, from)->legs.services |= 1U << service;
	attempts_at(office->attempts, running_attempt(office, &other, line))
	    ->legs.services |= 1U << service;
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
