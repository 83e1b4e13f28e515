/*
 * cdr_party: what a record says of whom a call has connected, which way it
 * went, and what its legs came to.
 *
 * A number is the called line's own, or what was sent to a trunk; the number
 * originally called is the dialled one, of a call that was redirected.
 */
#include <string.h>

#include "calls/exchange/office_internal.h"

static const struct annex *
annex_of(const struct office *office, const struct attempt *attempt)
{
	return attempts_annex(
	    office->attempts, attempts_place(office->attempts, attempt));
}

static void
fill_numbers(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct numbering *numbering = office->lines->numbering;
	const struct annex *annex = annex_of(office, attempt);

	if (!port_is_circuit(attempt->port_a))
		numbering_text(numbering, attempt->port_a, cdr->calling);
	else
		memcpy(cdr->calling, annex->calling, sizeof cdr->calling);
	if (!port_is_circuit(attempt->port_b))
		numbering_text(numbering, attempt->port_b, cdr->translated);
	else
		memcpy(cdr->translated, annex->sent, sizeof cdr->translated);
	if (cdr->call.t_answer != 0)
		memcpy(cdr->connected, cdr->translated, sizeof cdr->connected);
}

static void
fill_trunk(const struct office *office, uint16_t number, uint16_t circuit,
    char *text, uint16_t *ret_circuit)
{
	const struct trunk *trunk = trunks_at(office->trunks, number);

	if (circuit == 0 || trunk == NULL)
		return;
	memcpy(text, trunk->name, TRUNK_NAME_SIZE);
	*ret_circuit = circuit;
}

static void
fill_trunks(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct annex *annex = annex_of(office, attempt);

	fill_trunk(office, annex->in_trunk, annex->in_circuit, cdr->in_trunk,
	    &cdr->in_circuit);
	fill_trunk(office, annex->out_trunk, annex->out_circuit, cdr->out_trunk,
	    &cdr->out_circuit);
}

static void
fill_redirection(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct annex *annex = annex_of(office, attempt);

	if (annex->redirect_count == 0)
		return;
	cdr->redirect_count = annex->redirect_count;
	cdr->redirect_reason = annex->redirect_reason;
	memcpy(cdr->orig_called, cdr->call.dialled, sizeof cdr->orig_called);
	office_port_text(office, annex->redirecting, cdr->redirecting);
}

/* The caller's: of what he has paid for, or else that of his line. */
static void
fill_account(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct line *line = lines_at(office->lines, attempt->port_a);
	const uint16_t paid = annex_of(office, attempt)->account;
	const struct account *account = accounts_at(office->accounts,
	    paid != ACCOUNT_NONE ? paid
		: line == NULL	 ? ACCOUNT_NONE
				 : line->account);

	if (account != NULL)
		memcpy(cdr->account, account->name, sizeof cdr->account);
}

/* Those that were noted, and those that other facts of the record mean. */
static uint16_t
services_of(const struct office *office, const struct attempt *attempt,
    const struct call_record *call)
{
	const struct annex *annex = annex_of(office, attempt);

	return (uint16_t)(attempt->services |
	    (call->hold_us != 0) << SERVED_hold |
	    (annex->redirect_count != 0) << SERVED_forward |
	    (call->local_reason == LOCAL_PICKUP) << SERVED_pickup);
}

void
cdr_fill_parties(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct leg_account *legs = &attempt->legs;
	const struct annex *annex = annex_of(office, attempt);

	cdr->linked = attempts_linked(
	    office->attempts, attempts_place(office->attempts, attempt));
	cdr->pulses = annex->pulses;
	cdr->legs = legs->count;
	cdr->services = services_of(office, attempt, &cdr->call);
	cdr->call.overdial += annex->overdial;
	fill_account(office, attempt, cdr);
	tariffs_name(office->tariffs, legs->tariff, cdr->tariff);
	fill_numbers(office, attempt, cdr);
	fill_trunks(office, attempt, cdr);
	fill_redirection(office, attempt, cdr);
}
