/*
 * cdr: the call detail record as it goes to the recorder.
 *
 * One per ended call, in a parcel of kind RECORD_CDR.  Made by the exchange
 * from what the call says (struct call_record) and what the runtime knows.
 */
#ifndef CALLS_EXCHANGE_CDR_H
#define CALLS_EXCHANGE_CDR_H

#include "calls/exchange.h"
#include "switch/record.h"

enum { RECORD_CDR = RECORD_OWED };

struct cdr {
	struct call_record call;
	struct pid pid;
	uint64_t charge_micro; /* this and the next two: of its legs */
	uint32_t pulses;
	uint16_t legs;
	char calling[DIGITS_MAX + 1], translated[DIGITS_MAX + 1],
	    connected[DIGITS_MAX + 1];
	char version_start[32], version_end[32];
	uint16_t upgrades, crashes;
	uint32_t pause_us;
};

#endif
