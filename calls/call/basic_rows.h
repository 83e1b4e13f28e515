/*
 * basic_rows: the states of a two-party call, and when what is done in them.
 *
 * Rows carry the number of their line in the table of behaviours, T1 to T89,
 * and so do the tests.  A release that has more of some state says so before
 * it includes this: COLLECTING_SERVICES stand before the other rows of a number
 * that is dialled, ROUTING_TRANSFERS before those of ROUTE, ROUTING_SERVICES
 * where a number is known and its line may be busy, ROUTING_WITHOUT_CIRCUIT
 * where no route has one (with the ROUTING_TIMERS that run there),
 * PRESENTED_SERVICES and ALERTING_SERVICES before the other rows.
 */
#ifndef CALLS_CALL_BASIC_ROWS_H
#define CALLS_CALL_BASIC_ROWS_H

#include "calls/call/basic.h"

#ifndef ROUTING_SERVICES
#define ROUTING_SERVICES
#define PRESENTED_SERVICES
#define ALERTING_SERVICES
#define ALERTING_TIMERS 0
#endif

#ifndef COLLECTING_SERVICES
#define COLLECTING_SERVICES
#define ROUTING_TRANSFERS
#endif

#ifndef ROUTING_WITHOUT_CIRCUIT
#define ROUTING_WITHOUT_CIRCUIT
#define ROUTING_TIMERS 0
#endif

/* clang-format off */
static const struct row null_rows[] = {
ROW(T46, SIGNAL_OFFHOOK, A, is_hot, dial_hot, routing, NONE),
ROW(T1, SIGNAL_OFFHOOK, A, NULL, give_dial_tone, collecting, NONE),
ROW(T47, SIGNAL_SETUP, A, is_incomplete, await_overlap, collecting, NONE),
ROW(T46, SIGNAL_SETUP, A, NULL, dialled, routing, NONE),
};

static const struct row collecting_rows[] = {
COLLECTING_SERVICES
ROW(T50, SIGNAL_DIGIT, A, begins_no_number, treat, treated, NO_ROUTE),
ROW(T5, SIGNAL_DIGIT, A, ends_a_number, dialled, routing, NONE),
ROW(T49, SIGNAL_DIGIT, A, may_end_here, await_pause, collecting, NONE),
ROW(T4, SIGNAL_DIGIT, A, NULL, await_digit, collecting, NONE),
ROW(T6, ON(Tdial), NONE, is_warm, dial_warm, routing, NONE),
ROW(T6, ON(Tdial), NONE, NULL, treat, treated, INVALID_FORMAT),
ROW(T51, ON(T302), NONE, is_a_number, dialled, routing, NONE),
ROW(T51, ON(T302), NONE, NULL, treat, treated, INVALID_FORMAT),
ROW(T7, ON_GONE, A, NULL, abandon, releasing, NORMAL),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

static const struct row routing_rows[] = {
ROUTING_TRANSFERS
ROW(T3, ON_ENTRY, NONE, caller_is_suspended, treat, treated, REJECTED),
ROW(T3, ON_ENTRY, NONE, is_barred, treat, treated, OUTGOING_BARRED),
ROW(T48, ON_ENTRY, NONE, is_turned_away, treat, treated, SWITCH_CONGESTION),
ROW(T8, ON_ENTRY, NONE, leads_nowhere, treat, treated, NO_ROUTE),
ROW(T9, ON_ENTRY, NONE, leads_in_a_circle, treat, treated, ROUTING_ERROR),
ROW(T8, ON_ENTRY, NONE, is_unassigned, treat, treated, UNALLOCATED),
ROW(T8, ON_ENTRY, NONE, is_announced, treat, treated, NUMBER_CHANGED),
ROW(T14, ON_ENTRY, NONE, is_full_and_goes_on, try_next, routing, NONE),
ROUTING_WITHOUT_CIRCUIT
ROW(T15, ON_ENTRY, NONE, is_full, treat, treated, NO_CIRCUIT),
ROUTING_SERVICES
ROW(T13, ON_ENTRY, NONE, is_barred_in, treat, treated, INCOMING_BARRED),
ROW(T13, ON_ENTRY, NONE, is_busy, treat, treated, BUSY),
ROW(T13, ON_ENTRY, NONE, is_out_of_service, treat, treated, OUT_OF_ORDER),
ROW(T13, ON_ENTRY, NONE, is_not_seized, treat, treated, TEMPORARY_FAILURE),
ROW(T16, ON_ENTRY, NONE, NULL, present, presented, NONE),
};

static const struct row presented_rows[] = {
PRESENTED_SERVICES
ROW(T17, SIGNAL_ALERTING, B, NULL, alert, alerting, NONE),
ROW(T18, SIGNAL_ANSWER, B, NULL, connect, active, NONE),
ROW(T59, SIGNAL_PROCEEDING, B, NULL, await_alerting, presented, NONE),
ROW(T58, ON_GONE, A, NULL, cancel, releasing, NORMAL),
ROW(T60, SIGNAL_PROGRESS, B, NULL, cut_through, presented, NONE),
ROW(T19, ON_GONE, B, may_crank_back, crank_back, routing, NONE),
ROW(T19, ON_GONE, B, NULL, treat, treated, REJECTED),
ROW(T19, SIGNAL_REJECT, B, NULL, treat, treated, REJECTED),
ROW(T20, ON(T303), NONE, was_set_up_once, set_up, presented, NONE),
ROW(T61, ON(T303), NONE, has_another_route, try_on, routing, NONE),
ROW(T61, ON(T303), NONE, NULL, treat_unanswered, treated, NO_RESPONSE),
ROW(T61, ON(T310), NONE, has_another_route, try_on, routing, NONE),
ROW(T61, ON(T310), NONE, NULL, treat_unanswered, treated, NO_RESPONSE),
ROW(T61, ON(T301), NONE, NULL, treat_unanswered, treated, NO_RESPONSE),
ROW(T62, SIGNAL_SETUP, B, far_end_controls, yield, routing, NONE),
ROW(T62, SIGNAL_SETUP, B, NULL, NULL, presented, NONE),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, presented, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

static const struct row alerting_rows[] = {
ALERTING_SERVICES
ROW(T21, SIGNAL_ANSWER, B, NULL, connect, active, NONE),
ROW(T23, ON(T301), NONE, NULL, treat_unanswered, treated, NO_ANSWER),
ROW(T24, ON_GONE, A, NULL, cancel, releasing, NORMAL),
ROW(T63, ON_GONE, B, NULL, treat, treated, REJECTED),
ROW(T63, SIGNAL_REJECT, B, NULL, treat, treated, REJECTED),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, alerting, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

/* A macro, since it is here that releases differ. */
#define ACTIVE_ROWS                                                            \
ROW(T37, ON_GONE, NONE, NULL, part, clearing, NORMAL),                         \
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, active, NONE),                        \
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED)

static const struct row treated_rows[] = {
ROW(T42, ON_GONE, A, NULL, NULL, releasing, NONE),
ROW(T42, ON(Ttreat), NONE, NULL, NULL, releasing, NONE),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, treated, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, NONE),
};

static const struct row clearing_rows[] = {
ROW(T40, ON_GONE, NONE, leaves_another, let_go_of_it, clearing, NONE),
ROW(T40, ON_GONE, NONE, NULL, NULL, releasing, NONE),
ROW(T40, ON(T306), NONE, NULL, NULL, releasing, NONE),
ROW(T70, SIGNAL_DIGIT, A, NULL, count_overdial, clearing, NONE),
};

static const struct row any_rows[] = {
ROW(T89, ON_RESYNC, NONE, NULL, resynchronise, same, NONE),
};

static const struct row releasing_rows[] = {
ROW(T41, ON_ENTRY, NONE, awaits_none, end, ended, NONE),
ROW(T40, ON_ENTRY, NONE, NULL, release_sides, releasing, NONE),
ROW(T41, SIGNAL_RELEASE_COMPLETE, NONE, leaves_another, let_go_of_it, releasing, NONE),
ROW(T41, SIGNAL_RELEASE_COMPLETE, NONE, NULL, end, ended, NONE),
ROW(T84, ON(T308), NONE, may_release_again, send_release, releasing, NONE),
ROW(T85, ON(T308), NONE, NULL, withdraw, ended, NONE),
};

#define BASIC_STATES                                                           \
	[STATE_null] = ROWS(null_rows, 0, 0),                                  \
	[STATE_collecting] = ROWS(collecting_rows, PARTY_A,                    \
	    RUNS(Tdial) | RUNS(T302)),                                         \
	[STATE_routing] = ROWS(routing_rows, PARTY_A, ROUTING_TIMERS),         \
	[STATE_presented] = ROWS(presented_rows, PARTY_A | PARTY_B,            \
	    RUNS(T303) | RUNS(T310) | RUNS(T301)),                             \
	[STATE_alerting] = ROWS(alerting_rows, PARTY_A | PARTY_B,               \
	    RUNS(T301) | ALERTING_TIMERS),                                     \
	[STATE_treated] = ROWS(treated_rows, PARTY_A, RUNS(Ttreat)),           \
	[STATE_clearing] = ROWS(clearing_rows, PARTY_A | PARTY_B, RUNS(T306)), \
	[STATE_releasing] = ROWS(releasing_rows, 0, RUNS(T308)),	       \
	[STATE_any] = ROWS(any_rows, 0, 0)
/* clang-format on */

#endif
