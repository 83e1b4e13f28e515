/*
 * annex: what the exchange knows of a call that most calls have not.
 *
 * Which trunks it came and went by, which call it is a consultation of, who
 * picks it up, what is kept for it, who has forwarded it, what its closed legs
 * came to; what its caller has dialled so far, before it is one; and, in its
 * last event, what is counted of it.  It is made when there is something to
 * say, by what can still fail; a call from one line to another has none while
 * people talk, and costs nothing.
 *
 * The circuits of a call are free, and perhaps another one's, before its record
 * is written; so what that says of them is kept here till then.
 *
 * Private to calls/exchange/: attempt.c has them.
 */
#ifndef CALLS_EXCHANGE_ANNEX_H
#define CALLS_EXCHANGE_ANNEX_H

#include "calls/exchange.h"
#include "calls/exchange/measure.h"

#define ANNEX_NONE UINT32_MAX
enum { ANNEX_CLEARED = 3 }; /* a call has no more ports */

struct annex {
	char calling[DIGITS_MAX + 1]; /* as it came, or "" */
	char number[DIGITS_MAX + 1];  /* to be routed: after porting */
	char sent[DIGITS_MAX + 1];    /* in the last SETUP to a trunk */
	char dialled[DIGITS_MAX + 1]; /* so far, in the register; and: */
	uint64_t until; /* µs of the run: so long for the next digit */
	uint16_t in_trunk, in_circuit;	 /* circuit 0: it came from a line */
	uint16_t out_trunk, out_circuit; /* of that SETUP; 0: there was none */
	uint64_t starter;  /* the call that it is a consultation of, or 0 */
	uint64_t linked;   /* the first of those that it has to do with */
	uint32_t claimant; /* a line that picks it up, or LINE_NONE */
	uint32_t rings_at; /* in a pickup group; and in its list (ringing.h): */
	uint32_t rings_before, rings_behind; /* calls there, or none */
	uint16_t group;			     /* of which it is, or 0 */
	uint8_t is_unlinked;  /* from its starter, whose consultation it was */
	uint32_t kept;	      /* circuit, for an emergency call; or none */
	uint32_t redirecting; /* the port that has forwarded it last */
	uint8_t redirect_reason, redirect_count;
	uint8_t hops; /* left of those that it came with, or 0: with none */
	uint16_t overdial; /* digits after the number, counted for it */
	uint16_t account;  /* of closed legs that the caller pays, or none */
	uint32_t pulses;   /* this and the charge: of legs that are closed */
	uint64_t charge_micro;
	struct {
		uint32_t port;
		uint8_t leg;	  /* or 0: none */
	} cleared[ANNEX_CLEARED]; /* of closed legs, the last (leg_timer.c) */
	struct measured_call measured; /* when it has given its record */
	uint32_t next;		       /* of those that are free */
};

/* Of a call that has none; `linked` is then its own number. */
extern const struct annex annex_empty;

struct annexes {
	struct annex *places;
	uint32_t room, free; /* the first free one, or ANNEX_NONE */
};

void annexes_init(struct annexes *annexes);
void annexes_clear(struct annexes *annexes);

/* An empty one; ANNEX_NONE without memory. */
uint32_t annexes_open(struct annexes *annexes);
struct annex *annexes_at(const struct annexes *annexes, uint32_t place);
/* It is free; ANNEX_NONE is welcome. */
void annexes_close(struct annexes *annexes, uint32_t place);

#endif
