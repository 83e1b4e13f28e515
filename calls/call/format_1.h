/*
 * format_1: what a call of 1.0 holds, and of 1.1 as well.
 *
 * It is frozen: what later releases know of the calls of these, they know from
 * here.
 */
#ifndef CALLS_CALL_FORMAT_1_H
#define CALLS_CALL_FORMAT_1_H

/* clang-format off */
#define CALL_FIELDS(X, TEXT, ARRAY)                                            \
	X(UINT, uint64_t, call, 0, "", "")                                     \
	X(UINT, uint64_t, t_dialled, 0, "", "")                                \
	X(UINT, uint64_t, t_alert, 0, "", "")                                  \
	X(UINT, uint64_t, t_answer, 0, "", "")                                 \
	X(UINT, uint64_t, t_release, 0, "", "")                                \
	X(UINT, uint32_t, port_a, PORT_NONE, "", "")                           \
	X(UINT, uint32_t, port_b, PORT_NONE, "", "")                           \
	X(UINT, uint32_t, route, ROUTE_NONE, "", "") /* of the number */       \
	X(UINT, uint32_t, setup_micro, 0, "", "") /* prices of the answer */   \
	X(UINT, uint32_t, first_micro, 0, "", "")                              \
	X(UINT, uint32_t, first_ms, 0, "", "")                                 \
	X(UINT, uint32_t, next_micro, 0, "", "")                               \
	X(UINT, uint32_t, next_ms, 0, "", "")                                  \
	TEXT(called, DIGITS_MAX + 1, "")                                       \
	X(UINT, uint16_t, overdial, 0, "", "")                                 \
	X(UINT, PULSES, pulses, 0, "", "") /* intervals charged */             \
	X(UINT, uint16_t, serial, 0, "", "") /* key of the timer */            \
	X(UINT, uint16_t, tried, 0, "", "") /* targets of it, a bit each */    \
	X(UINT, uint16_t, target, 0, "", "") /* that of the circuit */         \
	X(ENUM, uint8_t, timer, 0, "",                                         \
	    "none Tdial T302 T303 T310 T301 T306 Ttreat T308")                      \
	X(ENUM, uint8_t, state, 0, "",                                         \
	    "null collecting routing presented alerting active treated "       \
	    "clearing releasing ended")                                        \
	X(ENUM, uint8_t, tone_a, 0, "",                                        \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement")                                         \
	X(ENUM, uint8_t, tone_b, 0, "",                                        \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement")                                         \
	X(UINT, uint8_t, parties, 0, "", "") /* 1 A, 2 B: the line is ours */  \
	X(UINT, uint8_t, route_attempts, 0, "", "")                            \
	X(UINT, uint8_t, setups, 0, "", "") /* SETUP sent to B so often */     \
	X(UINT, uint8_t, releases, 0, "", "") /* RELEASE sent so often */      \
	X(UINT, uint8_t, rule, 0, "", "") /* enum charge_rule */               \
	X(UINT, uint8_t, leg, 0, "", "") /* that the pulses are of */          \
	X(UINT, uint8_t, cause, 0, "", "")                                     \
	X(ENUM, uint8_t, kind, 0, "", "plain") /* it has come to no more */    \
	X(ENUM, uint8_t, local_reason, 0, "",                                  \
	    "NONE ABANDON CANCEL ADMIN CRASH UPGRADE_REJECT SHUTDOWN "          \
	    "XFER_ATT CONF TRUNK")                                 \
	X(ENUM, uint8_t, release_side, 0, "", "none A B net")
/* clang-format on */
#define CALL_TIMERS  BASIC_TIMERS
#define CALL_PARTIES "calls/call/pair.h"
#define CALLED	     called
#define PULSES	     uint16_t

#endif
