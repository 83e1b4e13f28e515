/*
 * stray: signals that the call which gets them has no row for (T43, T83).
 *
 * One at the wrong time is answered with STATUS 101, counted, and recorded with
 * the state that had no row for it; one that comes late is only counted.  Of
 * either the first few are noted, for those who are to be told of them.
 */
#ifndef CALLS_EXCHANGE_STRAY_H
#define CALLS_EXCHANGE_STRAY_H

#include <stdbool.h>
#include <stdint.h>

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

enum stray_kind { STRAY_UNEXPECTED, STRAY_LATE, STRAY_KINDS };

struct stray_note {
	uint64_t at;	/* µs of the run */
	struct pid pid; /* of the call */
	uint32_t port;	/* whom it came from; PORT_NONE nobody */
	uint16_t kind;	/* of the signal */
};

enum { STRAYS_NOTED = 256 }; /* of each kind: who has more is not served so */

struct strays {
	struct stray_note note[STRAYS_NOTED];
	unsigned int count;
};

/* The i-th of a kind that the office has met; false: it is not noted. */
struct office;
bool office_stray(struct office *office, enum stray_kind kind, unsigned int i,
    struct stray_note *ret_note);

/*
 * Of the far end of a circuit whose call has no process yet (register.h), with
 * the office entered: answered as one would (T43), or late.
 */
void stray_answer(struct office *office, uint32_t port, uint16_t kind);

#endif
