/*
 * pair: the parties of a call that never has more than two.
 *
 * A and B have fields of their own in its state: port_a, tone_a, and so on.
 * This, or parties.h, is what machine.h sees of a party; which of the two a
 * release has, it says with CALL_PARTIES.
 */
#ifndef CALLS_CALL_PAIR_H
#define CALLS_CALL_PAIR_H

static const uint8_t sides[] = { SIDE_A, SIDE_B };

/* The port of that side, be it the call's or no longer. */
static uint32_t
port_of(const struct call *call, enum side side)
{
	return side == SIDE_A ? call->port_a : call->port_b;
}

static void
set_port(struct call *call, enum side side, uint32_t port)
{
	*(side == SIDE_A ? &call->port_a : &call->port_b) = port;
}

/* What it hears. */
static uint8_t
tone_of(const struct call *call, enum side side)
{
	return side == SIDE_A ? call->tone_a : call->tone_b;
}

static void
set_tone(struct call *call, enum side side, enum tone tone)
{
	*(side == SIDE_A ? &call->tone_a : &call->tone_b) = (uint8_t)tone;
}

/* It has dialled more than the number: the call has the count. */
static void
overdialled(const struct step *step)
{
	struct call *call = step->call;

	call->overdial++;
	if (call->overdial == 0)
		call->overdial--; /* it stays full, however wide it is */
}

static void
record_overdial(const struct call *call, struct call_record *record)
{
	record->overdial = call->overdial;
}

#endif
