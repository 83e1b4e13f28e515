/*
 * leg_timer: by which timer's expiry a leg, or its clearing, has ended.
 *
 * Q.850 has one cause for that, 102, with the timer's number as its diagnostic,
 * and so has the row of a leg.  A leg that a timer ends says so when it is
 * closed; when T308 expires at last it has its record long ago, and that is
 * amended with the record of the call.
 *
 * Of which leg a port is that is still to be cleared is kept in the annex: a
 * call has three ports at most, and each was last of the leg that led to it, or
 * that its subscriber paid; of one that led nowhere, of the first.
 */
#include <string.h>

#include "calls/exchange/leg_timer.h"
#include "calls/exchange/verbs_internal.h"

const char *
leg_timer_word(struct leg_timer timer)
{
	if (timer.number == 0)
		return "";
	if (timer.is_ss7 && timer.number == 1 + OFFICE_TIMER_T303)
		return "ISUP-T7";
	if (timer.is_ss7 && timer.number == 1 + OFFICE_TIMER_T301)
		return "ISUP-T9";
	if (timer.is_ss7 && timer.number == 1 + OFFICE_TIMER_T308)
		return "ISUP-T5";
	return office_timer_word((enum office_timer)(timer.number - 1));
}

struct leg_timer
leg_timer_at(const struct office *office, uint32_t port, uint8_t number)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);

	return (struct leg_timer){
		.number = number <= OFFICE_TIMERS_COUNT ? number : 0,
		.is_ss7 = circuit != NULL &&
		    trunks_at(office->trunks, circuit->trunk)->kind ==
			TRUNK_SS7,
	};
}

/*--------------------------------------------------------------------
 * The leg of a port
 */

/* Whether the call of that place has it, of those that are heard out (T40). */
static bool
is_to_clear(const struct office *office, uint32_t place, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	const struct line *line = lines_at(office->lines, port);
	const struct line_other *other;

	if (circuit != NULL)
		return circuit->attempt == place;
	if (line == NULL || line->kind != LINE_ISDN)
		return false;
	other = lines_other(office->lines, port);
	return line->attempt == place ||
	    (other != NULL && other->attempt == place);
}

/* The last is the first, and each port is there once. */
static void
put(struct annex *annex, uint32_t port, uint8_t leg)
{
	unsigned int i = 0;

	while (i < ANNEX_CLEARED - 1 && annex->cleared[i].port != port)
		i++;
	memmove(&annex->cleared[1], &annex->cleared[0],
	    i * sizeof annex->cleared[0]);
	annex->cleared[0].port = port;
	annex->cleared[0].leg = leg;
}

void
leg_note_ports(struct office *office, const struct leg *leg)
{
	const uint32_t ports[] = { leg->payer, leg->port };
	unsigned int i;

	for (i = 0; i < sizeof ports / sizeof ports[0]; i++)
		if (is_to_clear(office, leg->attempt, ports[i]))
			put(attempts_make_annex(office->attempts, leg->attempt),
			    ports[i],
			    leg->number); /* a closed one has made it */
}

static uint8_t
leg_of(const struct annex *annex, uint32_t port)
{
	unsigned int i;

	for (i = 0; i < ANNEX_CLEARED; i++)
		if (annex->cleared[i].port == port &&
		    annex->cleared[i].leg != 0)
			return annex->cleared[i].leg;
	return 1;
}

/*--------------------------------------------------------------------
 * T308
 */

/*
 * The legs of ports that are still to be cleared, each once; how many.  A call
 * clears all of them by one timer, which is that of SS7 if one of them is.
 */
static unsigned int
legs_to_amend(const struct office *office, uint32_t place,
    const struct call_record *record, struct leg_amendment *ret_amendment,
    uint8_t legs[ANNEX_CLEARED + 2])
{
	const struct annex *annex = attempts_annex(office->attempts, place);
	uint32_t ports[ANNEX_CLEARED + 2] = { record->port_a, record->port_b };
	unsigned int i, count = 0;
	uint8_t leg;

	for (i = 0; i < ANNEX_CLEARED; i++)
		ports[2 + i] = annex->cleared[i].port;
	for (i = 0; i < ANNEX_CLEARED + 2; i++) {
		if (!is_to_clear(office, place, ports[i]))
			continue;
		ret_amendment->timer.is_ss7 |=
		    leg_timer_at(office, ports[i], 0).is_ss7;
		leg = leg_of(annex, ports[i]);
		if (memchr(legs, leg, count) == NULL)
			legs[count++] = leg;
	}
	return count;
}

int
leg_amend_cleared(struct self *self, const struct call_record *record)
{
	struct leg_amendment amendment = { .call = record->call,
		.timer = { .number = 1 + OFFICE_TIMER_T308 } };
	uint8_t legs[ANNEX_CLEARED + 2];
	struct office *office;
	unsigned int i, count = 0;
	uint32_t place;
	int status = 0;

	if (record->diagnostic != CAUSE_TIMER_RECOVERY)
		return 0;
	office = enter(self);
	place = own_attempt(office, self, record->call);
	if (place != ATTEMPT_NONE)
		count = legs_to_amend(office, place, record, &amendment, legs);
	leave(office, self);
	for (i = 0; status == 0 && i < count; i++) {
		amendment.number = legs[i];
		status = send_record(self, office, RECORD_LEG_AMENDMENT,
		    &amendment, sizeof amendment);
	}
	return status;
}
