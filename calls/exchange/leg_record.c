/*
 * leg_record: what is left of a leg when it has ended.
 *
 * A record for each, in the words of the database, made while the tables that
 * its numbers mean are at hand.  When a call has ended and its module could not
 * say what its legs cost, they are recorded here, free of charge: what is not
 * known to the micro-unit is not charged.
 */
#include <errno.h>
#include <string.h>

#include "calls/exchange/office_internal.h"

uint8_t
leg_first_kind(const struct office *office, const struct leg *leg)
{
	return attempts_annex(office->attempts, leg->attempt)->starter != 0
	    ? LEG_consult
	    : LEG_dialled;
}

void
leg_fill_only_one(const struct office *office, struct leg *leg,
    const struct call_record *record)
{
	leg->t_begin =
	    record->t_dialled != 0 ? record->t_dialled : record->t_seize;
	leg_set_payer(
	    office, leg, attempts_at(office->attempts, leg->attempt)->port_a);
	leg->kind = leg_first_kind(office, leg);
	memcpy(leg->called, record->dialled, sizeof leg->called);
}

/* A line by its number, a circuit by its trunk group. */
static void
name_port(const struct office *office, uint32_t port, char *text)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (circuit == NULL)
		numbering_text(office->lines->numbering, port, text);
	else
		memcpy(text, trunks_at(office->trunks, circuit->trunk)->name,
		    TRUNK_NAME_SIZE);
}

struct leg_record
leg_record_of(const struct office *office, const struct leg *leg)
{
	struct leg_record record = {
		.call = attempts_at(office->attempts, leg->attempt)->number,
		.t_begin = leg->t_begin,
		.t_answer = leg->t_answer,
		.number = leg->number,
		.kind = leg->kind,
		.reason = leg->reason,
	};
	const struct account *account = leg_payer(office, leg);

	if (!cdr_is_made(office, RECORD_LEG))
		return record; /* it goes to nobody */
	memcpy(record.called, leg->called, sizeof record.called);
	name_port(office, leg->payer, record.payer);
	if (port_is_circuit(leg->port))
		name_port(office, leg->port, record.out_trunk);
	tariffs_name(office->tariffs, leg->tariff, record.tariff);
	if (account != NULL)
		memcpy(record.account, account->name, sizeof record.account);
	return record;
}

static int
open_only_one(
    struct office *office, struct attempt *attempt, const struct cdr *cdr)
{
	uint32_t place = legs_open(office->legs, &attempt->legs,
	    attempts_place(office->attempts, attempt));

	if (place == LEG_NONE)
		return -ENOSPC;
	leg_fill_only_one(office, legs_at(office->legs, place), &cdr->call);
	return 0;
}

static int
give_first(struct office *office, struct attempt *attempt,
    const struct cdr *cdr, office_owed_f *give, void *arg)
{
	const uint32_t first = attempt->legs.first;
	struct leg_record record =
	    leg_record_of(office, legs_at(office->legs, first));
	int status = 0;

	record.t_end = cdr->call.t_release;
	record.cause = cdr->call.cause;
	if (cdr_is_made(office, RECORD_LEG))
		status = give(arg, RECORD_LEG, &record, sizeof record);
	if (status != 0)
		return status;
	credit_close(office, first);
	legs_drop(office->legs, &attempt->legs, first);
	return 0;
}

int
leg_give_open(struct office *office, struct attempt *attempt, struct cdr *cdr,
    office_owed_f *give, void *arg)
{
	int status = 0;

	if (attempt->legs.count == 0)
		status = open_only_one(office, attempt, cdr);
	cdr->legs = attempt->legs.count;
	while (status == 0 && attempt->legs.first != LEG_NONE)
		status = give_first(office, attempt, cdr, give, arg);
	return status;
}
