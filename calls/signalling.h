/*
 * signalling: the signals between lines, calls and the operator.
 *
 * Names are those of Q.931 where it has one.  Numbers are for ever: a signal
 * is only ever added at the end, since one that was queued before an upgrade
 * is read by the release that comes after it.
 */
#ifndef CALLS_SIGNALLING_H
#define CALLS_SIGNALLING_H

#include <stdint.h>

/* X(symbol, number, word): the word is that of scenarios and logs. */
/* clang-format off */
#define SIGNALS(X)                                                             \
	X(SETUP, 1, "setup")	     /* a call from `port`, number complete */ \
	X(OFFHOOK, 2, "offhook")     /* a call from `port`, number to come */  \
	X(ONHOOK, 3, "onhook")                                                 \
	X(DIGIT, 4, "digit")	     /* one or several, '#' ends a number */   \
	X(ALERTING, 5, "alerting")   /* `port` rings */                        \
	X(ANSWER, 6, "answer")                                                 \
	X(REJECT, 7, "reject")	     /* with `cause` */                        \
	X(HOLD, 8, "hold")                                                     \
	X(RETRIEVE, 9, "retrieve")                                             \
	X(FLASH, 10, "flash")                                                  \
	X(CLEAR, 11, "clear")	     /* the operator ends the call */          \
	X(STATUS, 12, "status")	     /* answer to what has no row, cause 101 */\
	X(DISCONNECT, 13, "disconnect")                                        \
	X(PROCEEDING, 14, "proceeding") /* `port` has SETUP and works on it */ \
	X(CONSULT, 15, "consult")    /* `digits`, as the call `other` */       \
	X(SWAP, 16, "swap")	     /* to the other call of the line */       \
	X(TRANSFER, 17, "transfer")  /* the two calls of a line become one */  \
	X(CONFERENCE, 18, "conference")                                        \
	X(RESYNC, 19, "resync")	     /* look at the facts again (T89) */       \
	X(RELEASE, 20, "release")    /* the circuit is to be free */           \
	X(RELEASE_COMPLETE, 21, "release-complete") /* it is */                \
	X(PROGRESS, 22, "progress")  /* in-band: hear what comes */            \
	X(TRUNK_DOWN, 23, "trunk-down") /* the circuit has failed */           \
	X(SETUP_ACK, 24, "setup-ack") /* to SETUP: send more digits */ \
	X(PICKUP, 25, "pickup")	     /* `port` answers in place of B */ \
	X(LEFT, 26, "left")	     /* `port` is on-hook in its other call */                     \
	X(BLIND, 27, "blind")	     /* the other side goes to `digits` */ \
	/* of what who pays, at `port`, has left (T38) */                      \
	X(CREDIT_LOW, 28, "credit-low")                                        \
	X(CREDIT_WARNED, 29, "credit-warned") /* he has heard it */            \
	X(CREDIT_GONE, 30, "credit-gone") \
	X(PREEMPT, 31, "preempt")    /* `port` is wanted for an emergency */   \
	X(CIRCUIT_FREE, 32, "circuit-free") /* `port`, kept for this call */   \
	X(SUSPEND, 33, "suspend")    /* to a trunk: who has hung up may come back */ \
	X(RESUME, 34, "resume")	     /* likewise: he has */
/* clang-format on */

#define SIGNAL_ENUM(symbol, number, word) SIGNAL_##symbol = (number),
enum signal_kind { SIGNALS(SIGNAL_ENUM) SIGNAL_KINDS };
#undef SIGNAL_ENUM

enum { DIGITS_MAX = 15 }; /* E.164 */

/* The body of every signal. */
struct signal {
	uint64_t call;	 /* its number; of SETUP and OFFHOOK the key */
	uint32_t port;	 /* the one it comes from (exchange.h) */
	uint16_t serial; /* of that port's part in the call; 0: any */
	uint8_t cause;
	uint8_t spare;
	char digits[DIGITS_MAX + 1];
	uint64_t other; /* of CONSULT: the number of the call that begins */
};

/* What a subscriber hears; values of `tone` and `hears_*`, in this order. */
/* clang-format off */
#define TONES(X)                                                               \
	X(none) X(dial) X(ringback) X(speech) X(busy) X(congestion) X(reorder) \
	X(no_answer) X(disconnect) X(announcement) X(hold) X(waiting) \
	X(confirmation) X(warning) X(credit) X(preemption)
/* clang-format on */

#define TONE_ENUM(symbol) TONE_##symbol,
enum tone { TONES(TONE_ENUM) TONES_COUNT };
#undef TONE_ENUM

/* ITU-T Q.850, table 1: the causes that calls end with here. */
enum cause {
	CAUSE_NONE = 0,
	CAUSE_UNALLOCATED = 1,
	CAUSE_NO_ROUTE = 3,
	CAUSE_PREEMPTION = 8,
	CAUSE_PREEMPTION_RESERVED = 9,
	CAUSE_NORMAL = 16,
	CAUSE_BUSY = 17,
	CAUSE_NO_RESPONSE = 18,
	CAUSE_NO_ANSWER = 19,
	CAUSE_SUBSCRIBER_ABSENT = 20,
	CAUSE_REJECTED = 21,
	CAUSE_NUMBER_CHANGED = 22,
	CAUSE_ROUTING_ERROR = 25,
	CAUSE_ANSWERED_ELSEWHERE = 26,
	CAUSE_OUT_OF_ORDER = 27,
	CAUSE_INVALID_FORMAT = 28,
	CAUSE_FACILITY_REJECTED = 29,
	CAUSE_UNSPECIFIED = 31,
	CAUSE_NO_CIRCUIT = 34,
	CAUSE_NETWORK_OUT_OF_ORDER = 38,
	CAUSE_TEMPORARY_FAILURE = 41,
	CAUSE_SWITCH_CONGESTION = 42,
	CAUSE_CIRCUIT_NOT_AVAILABLE = 44,
	CAUSE_RESOURCE_UNAVAILABLE = 47,
	CAUSE_NOT_SUBSCRIBED = 50,
	CAUSE_OUTGOING_BARRED = 52, /* as Asterisk has it, not Q.850 */
	CAUSE_INCOMING_BARRED = 54,
	CAUSE_INVALID_REFERENCE = 81,
	CAUSE_INCOMPATIBLE_DESTINATION = 88,
	CAUSE_INCOMPATIBLE_STATE = 101,
	CAUSE_TIMER_RECOVERY = 102
};

#endif
