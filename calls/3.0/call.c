/*
 * call 3.0: what 2.0 is, for calls that may come to have a third party.
 *
 * Its state against that of 2.0:
 *
 *   - the two parties, each of which had fields of its own, are records of an
 *     array, with a count of those in use;
 *   - `active` is two states, `active` and `held`: which one a call of 2.0 is
 *     in, its bits say, and there both are active again;
 *   - `overdial` is gone: the exchange counts such digits, from now on.  On
 *     the way back the call has the number again with which it came.
 *
 * What older releases cannot say is listed in no_way_back.
 */
/* clang-format off */
#define CALL_PARTY_FIELDS(X)                                                   \
	X(LINE, uint32_t, port, PORT_NONE, "", "")                             \
	X(ENUM, uint8_t, tone, 0, "",                                          \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement hold waiting confirmation warning "\
	    "credit preemption")
#define CALL_FIELDS(X, TEXT, ARRAY)                                            \
	X(UINT, uint64_t, call, 0, "", "")                                     \
	X(UINT, uint64_t, t_dialled, 0, "", "")                                \
	X(UINT, uint64_t, t_alert, 0, "", "")                                  \
	X(UINT, uint64_t, t_answer, 0, "", "")                                 \
	X(UINT, uint64_t, t_release, 0, "", "")                                \
	X(UINT, uint64_t, t_suspend, 0, "", "") /* a stamp, likewise */        \
	X(INT, int64_t, hold_us, 0, "", "") /* held so long; see hold() */     \
	X(UINT, uint64_t, charge_micro, 0, "", "")                             \
	X(UINT, uint32_t, route, ROUTE_NONE, "", "") /* of the number */       \
	X(UINT, uint32_t, setup_micro, 0, "", "") /* prices of the answer */   \
	X(UINT, uint32_t, first_micro, 0, "", "")                              \
	X(UINT, uint32_t, first_ms, 0, "", "")                                 \
	X(UINT, uint32_t, next_micro, 0, "", "")                               \
	X(UINT, uint32_t, next_ms, 0, "", "")                                  \
	X(UINT, PULSES, pulses, 0, "", "") /* intervals charged */             \
	ARRAY(RECORD, struct party, party, 3, "parties_used", 0, "",           \
	    party_fields)                                                      \
	TEXT(called_dialled, DIGITS_MAX + 1, "called")                         \
	X(UINT, uint16_t, serial, 0, "", "") /* key of the timer */            \
	X(UINT, uint16_t, cfnr_serial, 0, "", "") /* of Tcfnr, if it runs */   \
	X(UINT, uint16_t, tried, 0, "", "") /* targets of it, a bit each */    \
	X(UINT, uint16_t, target, 0, "", "") /* that of the circuit */         \
	X(ENUM, uint8_t, timer, 0, "",                                         \
	    "none Tdial T302 T303 T310 T301 T306 Ttreat T308 Tsusp Trecall "       \
	    "Tcw Tcfnr Tpreempt")                                                             \
	X(ENUM, uint8_t, state, 0, "",                                         \
	    "null collecting routing presented alerting active treated "       \
	    "clearing releasing ended suspended held consulting "                  \
	    "transferring conference")                         \
	X(UINT, uint8_t, parties, 0, "", "") /* 1 A, 2 B, 4 C: who is there */ \
	X(UINT, uint8_t, held, 0, "", "") /* likewise: holds the others */     \
	X(UINT, uint8_t, parties_used, 1, "", "") /* or have been */           \
	X(ENUM, uint8_t, consultant, 0, "", "none A B") /* has two calls */    \
	X(ENUM, uint8_t, suspender, 0, "", "none A B") /* hung up */           \
	X(ENUM, uint8_t, waiting, 0, "", "none waits rings") /* at a busy line */ \
	X(UINT, uint8_t, redirects, 0, "", "") /* so often sent on */          \
	X(UINT, uint8_t, route_attempts, 0, "", "")                            \
	X(UINT, uint8_t, setups, 0, "", "") /* SETUP sent to B so often */     \
	X(UINT, uint8_t, releases, 0, "", "") /* RELEASE sent so often */      \
	X(UINT, uint8_t, rule, 0, "", "") /* enum charge_rule */               \
	X(UINT, uint8_t, leg, 0, "", "") /* that the pulses are of */          \
	X(UINT, uint8_t, cause, 0, "", "")                                     \
	X(ENUM, uint8_t, kind, 0, "", "plain served") /* forward.h */          \
	X(ENUM, uint8_t, local_reason, 0, "",                                  \
	    "NONE ABANDON CANCEL ADMIN CRASH UPGRADE_REJECT SHUTDOWN XFER_ATT "  \
	    "CONF TRUNK PICKUP SERVICE CREDIT PREEMPTED")                                 \
	X(ENUM, uint8_t, release_side, 0, "", "none A B net")
/* clang-format on */
#define CALL_TIMERS  BASIC_TIMERS " Tsusp Trecall Tcw Tcfnr Tpreempt"
#define CALL_PARTIES "calls/call/parties.h"
#define CALLED	     called_dialled
#define PULSES	     uint32_t

#include "calls/call/blind.h"
#include "calls/call/conference.h"
#include "calls/call/pickup.h"
#include "calls/call/prepaid.h"
#include "calls/call/service_code.h"
#include "calls/call/waiting.h"

/*--------------------------------------------------------------------
 * The table
 */

static bool
is_suspender_of_held(const struct step *step)
{
	return is_suspender(step) && step->call->held != 0;
}

static bool
may_retrieve_alone(const struct step *step)
{
	return step->call->held == bit_of(step->side) && may_retrieve(step);
}

#define ROUTING_WITHOUT_CIRCUIT PREEMPTION_IN_ROUTING
#define ROUTING_TIMERS		RUNS(Tpreempt)
#define ROUTING_SERVICES                                                       \
	CREDIT_ROWS, FORWARDING_IN_ROUTING WAITING_IN_ROUTING FORWARDING_ON_BUSY
#define PRESENTED_SERVICES  PREEMPTION_ROWS, FORWARDING_IN_PRESENTED
#define COLLECTING_SERVICES SERVICE_CODE_ROWS,
#define ALERTING_SERVICES                                                      \
	PREEMPTION_ROWS, PICKUP_ROWS,                                          \
	    FORWARDING_IN_ALERTING WAITING_IN_ALERTING RECALL_ROWS,
#define ALERTING_TIMERS	  (RUNS(Tcw) | RUNS(Trecall) | RUNS(Tcfnr))
#define ROUTING_TRANSFERS BLIND_IN_ROUTING
#include "calls/call/basic_rows.h"

/* clang-format off */
static const struct row active_rows[] = {
PREEMPTION_ROW(be_preempted),
PREPAID_ROWS(active, clear),
SUSPENDING_ROWS,
ACTIVE_ROWS,
SWAPPING_ROWS(held),
CONSULTING_BY_HOOK_ROWS,
BLIND_ROWS,
ROW(T26, SIGNAL_HOLD, NONE, NULL, hold, held, NONE),
ROW(T27, SIGNAL_RETRIEVE, NONE, NULL, refuse, active, FACILITY_REJECTED),
};

static const struct row held_rows[] = {
PREEMPTION_ROW(be_preempted),
PREPAID_ROWS(held, clear),
SUSPENDING_ROWS,
RECALLING_ROWS,
ROW(T37, ON_GONE, NONE, NULL, part, clearing, NORMAL),
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, held, NONE),
SWAPPING_ROWS(held),
CONSULTING_ROWS,
BLIND_ROWS,
ROW(T26, SIGNAL_HOLD, NONE, holds_not, hold, held, NONE),
ROW(T26, SIGNAL_RETRIEVE, NONE, may_retrieve_alone, retrieve, active, NONE),
ROW(T26, SIGNAL_RETRIEVE, NONE, may_retrieve, retrieve, held, NONE),
ROW(T27, SIGNAL_HOLD, NONE, NULL, refuse, held, FACILITY_REJECTED),
ROW(T27, SIGNAL_RETRIEVE, NONE, NULL, refuse, held, FACILITY_REJECTED),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

static const struct row consulting_rows[] = {
PREEMPTION_ROW(be_preempted_first),
PREPAID_ROWS(consulting, clear_first),
TRANSFER_ROWS,
CONFERENCE_ROWS,
CONSULTATION_ROWS,
};

static const struct row suspended_rows[] = {
PREEMPTION_OF_LAST_ROW(lose_circuit_suspended),
PREPAID_ROWS(suspended, clear_suspended),
ROW(T81, SIGNAL_OFFHOOK, NONE, is_suspender_of_held, resume, held, NONE),
ROW(T81, SIGNAL_OFFHOOK, NONE, is_suspender, resume, active, NONE),
SUSPENDED_ROWS,
};
/* clang-format on */

/* The parties in use, and no others, have a line. */
static bool
are_counted(const struct call *call)
{
	FOR_EACH_SIDE(side)
	if (*side != SIDE_A &&
	    (port_of(call, *side) != PORT_NONE) !=
		(place_of(*side) < call->parties_used))
		return false;
	return call->parties_used >= 1;
}

static bool
is_sound(const struct call *call)
{
	if ((call->state == STATE_consulting ||
		call->state == STATE_conference) !=
	    (call->consultant != SIDE_NONE))
		return false;
	if (call->state == STATE_held
		? call->held == 0
		: call->state == STATE_active && call->held != 0)
		return false;
	return services_are_sound(call) && waiting_is_sound(call) &&
	    forwarding_is_sound(call) && are_counted(call);
}

static void
leave_state(const struct step *step)
{
	leave_alerting(step);
	leave_transferring(step);
}

static const struct release release = {
	.states = { BASIC_STATES,
	    [STATE_active] = ROWS(active_rows, PARTY_A | PARTY_B, 0),
	    [STATE_held] = ROWS(held_rows, PARTY_A | PARTY_B, 0),
	    [STATE_suspended] =
		ROWS(suspended_rows, PARTY_A | PARTY_B, RUNS(Tsusp)),
	    [STATE_consulting] = ROWS(consulting_rows, PARTY_A | PARTY_B, 0),
	    [STATE_transferring] = ROWS(transferring_rows, PARTY_A | PARTY_B,
		RUNS(T301) | RUNS(T303) | RUNS(T310)),
	    [STATE_conference] =
		ROWS(conference_rows, PARTY_A | PARTY_B | PARTY_C, 0) },
	.charge_rule = CHARGE_RULE_CEIL,
	.money = money,
	.released = released,
	.record = record,
	.leave = leave_state,
	.has_expired = has_cfnr_expired,
	.forwards_all = forwards_all,
	.is_redirected = forward_is_redirected,
	.can_pay = can_pay,
	.is_away = is_away,
	.check = is_sound,
};

static const char *const no_way_back[] = { "kind served", "party.tone hold",
	"party.tone waiting", "party.tone warning", "party.tone credit",
	"local_reason CREDIT", "timer Tcw", "party.tone confirmation",
	"party.tone preemption", "timer Tcfnr", "timer Tpreempt",
	"local_reason UPGRADE_REJECT", "local_reason SHUTDOWN",
	"local_reason XFER_ATT", "local_reason CONF", "local_reason TRUNK",
	"local_reason PICKUP", "local_reason SERVICE", "local_reason PREEMPTED",
	"pulses wide", "state suspended", "timer Tsusp", "timer Trecall",
	"state consulting", "state transferring", "state conference", NULL };
static const char *const rules[] = { "party[0].port from port_a",
	"party[0].tone from tone_a", "party[1].port from port_b",
	"party[1].tone from tone_b", "parties_used hook",
	"charge_micro from charge_micro", "charge_micro hook",
	"state held as active", NULL };

/*
 * Up: what the plan has brought along says the rest, whichever format it is
 * from.  Down: the plan has done it all, but that it knows of two parties.
 */
static int
code_change(const void *from, void *to, bool down)
{
	const struct call *old = from;
	struct call *call = to;

	if (down)
		return old->parties_used > 2 ? -EDOM : 0;
	call->charge_micro = charge_worth(call); /* 2.0 has it as well */
	call->parties_used = port_of(call, SIDE_B) == PORT_NONE ? 1 : 2;
	if (call->held != 0 && call->state == STATE_active)
		call->state = STATE_held;
	return 0;
}
#define CODE_CHANGE code_change

const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "3.0", call_fields, call_handle);
