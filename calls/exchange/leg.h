/*
 * leg: the paths that live calls try, as the exchange knows them.
 *
 * A leg begins when its call opens it, is answered, and ends: closed by its
 * call, moved to another one, or closed by the exchange when the call ends and
 * has not done so.  Each leaves one record, with who pays what for it; a call
 * that never came so far as to try a path leaves one of the number it dialled.
 *
 * Private to calls/exchange/, but for struct leg_record.
 */
#ifndef CALLS_EXCHANGE_LEG_H
#define CALLS_EXCHANGE_LEG_H

#include "calls/exchange.h"
#include "calls/exchange/leg_timer.h"
#include "calls/exchange/office.h"
#include "calls/exchange/office_trunk.h"

#define LEG_NONE UINT32_MAX
enum { RECORD_LEG = 0xfe21 };

/* As it lives: one cache line, since every call has one. */
struct leg {
	uint64_t t_begin, t_answer; /* stamps */
	char called[DIGITS_MAX + 1];
	uint32_t attempt; /* its place */
	uint32_t next;	  /* of the same attempt, or of the free ones */
	uint32_t payer;	  /* a port, or PORT_NONE */
	uint32_t port;	  /* whose tariff it gets, or PORT_NONE */
	uint32_t pulses;  /* that it was closed with */
	uint16_t tariff;  /* of its answer, or if `port` does not say it */
	uint16_t account; /* of its payer when it began, or ACCOUNT_NONE */
	uint8_t number;	  /* in its call, from 1; 0: this place is free */
	uint8_t kind, reason, rule;
	bool is_moved; /* from another call, in which it: */
	bool was_emergency;
	bool is_closed; /* and gone, when the event has come to its end */
};

/* As it goes to the recorder. */
struct leg_record {
	uint64_t call, t_begin, t_answer, t_end, charge_micro;
	uint32_t pulses;
	uint8_t number, kind, reason, cause;
	struct leg_timer timer; /* by whose expiry it has ended */
	char called[DIGITS_MAX + 1];
	char payer[TRUNK_NAME_SIZE], out_trunk[TRUNK_NAME_SIZE];
	char account[ACCOUNT_NAME_SIZE], tariff[TARIFF_NAME_SIZE];
};

/* In the attempt: its open legs.  What closed ones came to is in its annex. */
struct leg_account {
	uint32_t first;	 /* place of the open one with the lowest number */
	uint16_t count;	 /* so many were opened; the last number given */
	uint16_t tariff; /* of the first that the caller pays for */
};
#define LEG_ACCOUNT_EMPTY                                                      \
	{                                                                      \
		.first = LEG_NONE, .tariff = TARIFF_NONE                       \
	}

struct legs;

/* -ENOMEM; the room of legs_reserve() is more than nothing, not all. */
int legs_alloc(struct legs **ret_legs);
void legs_free(struct legs **legsp);
int legs_reserve(struct legs *legs, uint32_t capacity);

/*
 * Opens one as the last of the account of `attempt`, with the next number.
 * LEG_NONE without memory, or when the call has had LEGS_MAX.
 */
uint32_t legs_open(
    struct legs *legs, struct leg_account *account, uint32_t attempt);
/* Asks for it, as it is touched soon; LEG_NONE is welcome. */
void legs_fetch(const struct legs *legs, uint32_t place);

struct leg *legs_at(const struct legs *legs, uint32_t place);
/* The open one of that number, or LEG_NONE. */
uint32_t legs_find(const struct legs *legs, const struct leg_account *account,
    unsigned int number);
uint32_t legs_first_open(
    const struct legs *legs, const struct leg_account *account);
/* The port at its end: that of the last one that it was forwarded by. */
uint32_t legs_far(const struct legs *legs, uint32_t place);
/* Takes it out of its account; its place is free. */
void legs_drop(struct legs *legs, struct leg_account *account, uint32_t place);
uint32_t legs_live(const struct legs *legs); /* places in use */

#endif
