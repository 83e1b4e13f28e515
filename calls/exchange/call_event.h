/*
 * call_event: what happens to a call, one by one, as it goes to the recorder.
 *
 * What a party says to its call is `in`, what the call has done to a party is
 * `out`; all else is of the call itself: a timer, another state, an upgrade, a
 * fault, what the exchange says of a party, such as its credit.  In their order
 * they tell a call's story, as a ladder between its parties does.  They are
 * told only while somebody wants them (office_set_trace): otherwise a call
 * costs nothing more.
 */
#ifndef CALLS_EXCHANGE_CALL_EVENT_H
#define CALLS_EXCHANGE_CALL_EVENT_H

#include <stdbool.h>

#include "calls/exchange.h"
#include "switch/record.h"

struct office;

/* May be left out, when there is no room. */
enum { RECORD_CALL_EVENT = 0xfe09 };

#define CALL_EVENT_WAYS(X)     X(in) X(out) X(of)
#define CALL_EVENT_WAY(symbol) CALL_EVENT_##symbol,
enum call_event_way { CALL_EVENT_WAYS(CALL_EVENT_WAY) CALL_EVENT_END };
#undef CALL_EVENT_WAY

enum { CALL_EVENT_TEXT = 32, CALL_EVENT_PORT = 40 };

/* Parties that are no subscribers: who has what all calls want, and who makes
 * and buries their processes. */
#define CALL_EVENT_EXCHANGE   "exchange"
#define CALL_EVENT_SUPERVISOR "supervisor"

struct call_event {
	uint64_t at;	/* µs of the run */
	uint64_t order; /* among those that are watched; 0: not known */
	uint64_t call;
	uint8_t way; /* enum call_event_way; END: the last of a call, no row */
	uint8_t cause;
	char port[CALL_EVENT_PORT]; /* the party: "1001", "T1 3"; or "" */
	char event[CALL_EVENT_TEXT];
	char text[CALL_EVENT_TEXT];  /* digits, tone, reason, new state ... */
	char state[CALL_EVENT_TEXT]; /* that the call was in */
	char version[32];
};

/* Tells the recorder of each event of each call from now on, or no more. */
int office_set_trace(struct office *office, bool is_on); /* -ENOMEM */

/*
 * Keeps the last events of this call in memory, from now on, and gives them:
 * watch.h.  On home's thread, while the others are halted; so is the rest,
 * which is cheap, and saves all calls what is done for none.  -ENOMEM.
 */
int office_watch(struct office *office, uint64_t call);
/* One of it that came before. */
void office_watch_keep(struct office *office, const struct call_event *event);
void office_watch_rest(struct office *office);
/* `order` of the last event that was kept, or 0. */
uint64_t office_watch_order(const struct office *office);
void office_watched(struct office *office, uint64_t call,
    void (*give)(void *arg, const struct call_event *event), void *arg);

#endif
