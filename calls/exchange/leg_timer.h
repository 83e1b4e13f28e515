/*
 * leg_timer: by which timer's expiry a leg, or its clearing, has ended.
 *
 * Private to calls/exchange/, but for the record and its word.
 */
#ifndef CALLS_EXCHANGE_LEG_TIMER_H
#define CALLS_EXCHANGE_LEG_TIMER_H

#include "calls/exchange.h"

struct leg;
struct office;

/* Which one it was: where the far end is one of SS7 another runs (Q.764). */
struct leg_timer {
	uint8_t number; /* 1 + enum office_timer, or 0: none */
	bool is_ss7;
};
/* "T303", "ISUP-T7"; "" none. */
const char *leg_timer_word(struct leg_timer timer);
/* That of a leg to this port; one of no such number is none. */
struct leg_timer leg_timer_at(
    const struct office *office, uint32_t port, uint8_t number);

/* To a leg that has its record: T308 has expired at last (T85). */
enum { RECORD_LEG_AMENDMENT = 0xfe23 };
struct leg_amendment {
	uint64_t call;
	uint8_t number; /* of the leg */
	struct leg_timer timer;
};

/* It is closed, and its call has those of its ports that it has still. */
void leg_note_ports(struct office *office, const struct leg *leg);

/* For the verb that writes the record: all that this call has to amend. */
int leg_amend_cleared(struct self *self, const struct call_record *record);

#endif
