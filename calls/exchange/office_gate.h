/*
 * office_gate: overload control, as the operator sees it.
 *
 * The gate is closed while one of its limits is passed: then a new call is let
 * in only if it is for an emergency.  As in office.h, for home alone.
 */
#ifndef CALLS_EXCHANGE_OFFICE_GATE_H
#define CALLS_EXCHANGE_OFFICE_GATE_H

#include "calls/exchange/office.h"

/*
 * Why it is closed: calls begin faster than `rate`; `live` of them live; one
 * that begins waits longer than `delay` until a scheduler has it; more records
 * wait than leave room for those of the live calls; a critical alarm stands.
 */
#define GATE_REASONS(X) X(rate) X(live) X(delay) X(records) X(alarm)

#define GATE_REASON_ENUM(symbol) GATE_##symbol,
enum gate_reason { GATE_REASONS(GATE_REASON_ENUM) GATE_REASONS_COUNT };
#undef GATE_REASON_ENUM

const char *gate_reason_word(enum gate_reason reason);

struct gate_limits {
	double rate; /* calls per second; 0: no limit, as of the next two */
	uint64_t live, delay_us;
};
void office_set_gate(struct office *office, const struct gate_limits *limits);

/* How many records may still be waited for; else there is no end of room. */
typedef uint64_t office_room_f(void *arg);
void office_set_room(struct office *office, office_room_f *room, void *arg);

struct gate_view {
	bool is_open;
	enum gate_reason reason; /* the gravest, if it is not */
	uint64_t gapped[GATE_REASONS_COUNT];
};
void office_look_at_gate(struct office *office, struct gate_view *ret_view);

#endif
