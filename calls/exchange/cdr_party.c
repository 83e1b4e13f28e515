/*
 * cdr_party: what a record says of whom a call has connected, which way it
 * went, and what its legs came to.
 *
 * A number is the called line's own, or what was sent to a trunk; the number
 * originally called is the dialled one, of a call that was redirected.
 */
#include <string.h>

#include "calls/exchange/office_internal.h"

static void
fill_numbers(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct numbering *numbering = office->lines->numbering;
	const struct passage *passage =
	    attempts_passage(office->attempts, attempt);

	if (!port_is_circuit(attempt->port_a))
		numbering_text(numbering, attempt->port_a, cdr->calling);
	else if (passage != NULL)
		memcpy(cdr->calling, passage->calling, sizeof cdr->calling);
	if (!port_is_circuit(attempt->port_b))
		numbering_text(numbering, attempt->port_b, cdr->translated);
	else if (passage != NULL)
		memcpy(cdr->translated, passage->sent, sizeof cdr->translated);
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
	const struct passage *passage =
	    attempts_passage(office->attempts, attempt);

	if (passage == NULL)
		return;
	fill_trunk(office, passage->in_trunk, passage->in_circuit,
	    cdr->in_trunk, &cdr->in_circuit);
	fill_trunk(office, passage->out_trunk, passage->out_circuit,
	    cdr->out_trunk, &cdr->out_circuit);
}

static void
fill_redirection(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct leg_account *legs = &attempt->legs;

	if (legs->redirect_count == 0)
		return;
	cdr->redirect_count = legs->redirect_count;
	cdr->redirect_reason = legs->redirect_reason;
	memcpy(cdr->orig_called, cdr->call.dialled, sizeof cdr->orig_called);
	office_port_text(office, legs->redirecting, cdr->redirecting);
}

/* The caller's. */
static void
fill_account(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct line *line = lines_at(office->lines, attempt->port_a);
	const struct account *account =
	    line == NULL ? NULL : accounts_at(office->accounts, line->account);

	if (account != NULL)
		memcpy(cdr->account, account->name, sizeof cdr->account);
}

/* Those that were noted, and those that other facts of the record mean. */
static uint16_t
services_of(const struct leg_account *legs, const struct call_record *call)
{
	return (uint16_t)(legs->services | (call->hold_us != 0) << SERVED_hold |
	    (legs->redirect_count != 0) << SERVED_forward |
	    (call->local_reason == LOCAL_PICKUP) << SERVED_pickup);
}

void
cdr_fill_parties(
    const struct office *office, const struct attempt *attempt, struct cdr *cdr)
{
	const struct leg_account *legs = &attempt->legs;

	cdr->linked = attempt->linked;
	cdr->charge_micro = legs->charge_micro;
	cdr->pulses = legs->pulses;
	cdr->legs = legs->count;
	cdr->services = services_of(legs, &cdr->call);
	cdr->call.overdial += legs->overdial;
	fill_account(office, attempt, cdr);
	tariffs_name(office->tariffs, legs->tariff, cdr->tariff);
	fill_numbers(office, attempt, cdr);
	fill_trunks(office, attempt, cdr);
	fill_redirection(office, attempt, cdr);
}
