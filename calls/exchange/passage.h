/*
 * passage: what is known of a call that comes or goes over a trunk.
 *
 * Its circuits are free, and perhaps another call's, before its record is
 * written; so what the record says of them is kept here till then.  A call
 * between two lines has none, and costs nothing.
 *
 * Private to calls/exchange/: attempt.c has them.
 */
#ifndef CALLS_EXCHANGE_PASSAGE_H
#define CALLS_EXCHANGE_PASSAGE_H

#include "calls/exchange.h"

#define PASSAGE_NONE UINT32_MAX

struct passage {
	char calling[DIGITS_MAX + 1];	 /* as it came, or "" */
	char number[DIGITS_MAX + 1];	 /* to be routed: after porting */
	char sent[DIGITS_MAX + 1];	 /* in the last SETUP to a trunk */
	uint16_t in_trunk, in_circuit;	 /* circuit 0: it came from a line */
	uint16_t out_trunk, out_circuit; /* of that SETUP; 0: there was none */
	uint32_t next;			 /* of those that are free */
};

struct passages {
	struct passage *places;
	uint32_t room, free; /* the first free one, or PASSAGE_NONE */
};

void passages_init(struct passages *passages);
void passages_clear(struct passages *passages);

/* An empty one; PASSAGE_NONE without memory. */
uint32_t passages_open(struct passages *passages);
struct passage *passages_at(const struct passages *passages, uint32_t place);
/* It is free; PASSAGE_NONE is welcome. */
void passages_close(struct passages *passages, uint32_t place);

#endif
