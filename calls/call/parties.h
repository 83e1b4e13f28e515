/*
 * parties: the parties of a call that may have three, as records in an array.
 *
 * The first is A, the second B, the third C; `parties_used` counts those that
 * there are or have been, since a port stays for the record when the call
 * has it no more.  See pair.h.
 */
#ifndef CALLS_CALL_PARTIES_H
#define CALLS_CALL_PARTIES_H

static const uint8_t sides[] = { SIDE_A, SIDE_B, SIDE_C };

static unsigned int
place_of(enum side side)
{
	return side == SIDE_C ? 2 : side == SIDE_B;
}

static uint32_t
port_of(const struct call *call, enum side side)
{
	return call->party[place_of(side)].port;
}

static void
set_port(struct call *call, enum side side, uint32_t port)
{
	const unsigned int place = place_of(side);

	call->party[place].port = port;
	if (port != PORT_NONE && call->parties_used <= place)
		call->parties_used = (uint8_t)(place + 1);
}

static uint8_t
tone_of(const struct call *call, enum side side)
{
	return call->party[place_of(side)].tone;
}

static void
set_tone(struct call *call, enum side side, enum tone tone)
{
	call->party[place_of(side)].tone = (uint8_t)tone;
}

/* Who was at that side, the last in use, is not remembered any more. */
static void
forget(struct call *call, enum side side)
{
	set_port(call, side, PORT_NONE);
	call->parties_used = (uint8_t)place_of(side);
}

/* The exchange counts them, for the record. */
static void
overdialled(const struct step *step)
{
	must(step, exchange_overdial(step->self, step->call->call));
}

static void
record_overdial(const struct call *call, struct call_record *record)
{
	(void)call;
	(void)record;
}

#endif
