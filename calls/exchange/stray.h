/*
 * stray: signals that the call which gets them has no row for (T43, T83).
 *
 * One at the wrong time is answered with STATUS 101, counted, and recorded with
 * the state that had no row for it; one that comes late is only counted.
 */
#ifndef CALLS_EXCHANGE_STRAY_H
#define CALLS_EXCHANGE_STRAY_H

#include "calls/signalling.h"
#include "switch/record.h"

enum { RECORD_STRAY = 0xfe08, STRAY_STATE_SIZE = 24 };

struct stray_record {
	uint64_t at; /* µs of the run */
	struct pid pid;
	uint16_t kind;		     /* of the signal */
	char number[DIGITS_MAX + 1]; /* whom it came from; "" nobody */
	char version[32], state[STRAY_STATE_SIZE]; /* of the call then */
};

#endif
