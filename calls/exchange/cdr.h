/*
 * cdr: the call detail record as it goes to the recorder.
 *
 * One per ended call, in a parcel of kind RECORD_CDR.  Made by the exchange
 * from what the call says (struct call_record) and what the runtime knows.
 */
#ifndef CALLS_EXCHANGE_CDR_H
#define CALLS_EXCHANGE_CDR_H

#include "calls/exchange.h"
#include "calls/exchange/office.h"
#include "calls/exchange/office_trunk.h"
#include "switch/record.h"

enum { RECORD_CDR = RECORD_OWED };

/* What a subscriber can have had besides a plain call; words of service_flags.
 */
#define CALL_SERVICES(X)                                                       \
	X(hold)                                                                \
	X(forward)                                                             \
	X(consultation)                                                        \
	X(transfer)                                                            \
	X(conference)                                                          \
	X(pickup)                                                              \
	X(waiting)

#define CALL_SERVICE_ENUM(symbol) SERVED_##symbol,
enum call_service { CALL_SERVICES(CALL_SERVICE_ENUM) SERVED_COUNT };
#undef CALL_SERVICE_ENUM

struct cdr {
	struct call_record call;
	struct pid pid;
	uint64_t linked;       /* the first call that it has to do with */
	uint64_t charge_micro; /* this and the next two: of its legs */
	uint32_t pulses;
	uint16_t legs;
	uint16_t services; /* bits of enum call_service */
	uint8_t redirect_reason, redirect_count, class;
	bool is_unkept; /* it is only for who judges calls by it */
	uint16_t in_circuit, out_circuit; /* 0: none */
	char calling[DIGITS_MAX + 1], translated[DIGITS_MAX + 1],
	    connected[DIGITS_MAX + 1], orig_called[DIGITS_MAX + 1],
	    redirecting[DIGITS_MAX + 1];
	char in_trunk[TRUNK_NAME_SIZE], out_trunk[TRUNK_NAME_SIZE];
	char account[ACCOUNT_NAME_SIZE], tariff[TARIFF_NAME_SIZE];
	char version_start[32], version_end[32];
	uint16_t upgrades, crashes;
	uint32_t pause_us;
};

#endif
