/*
 * call 2.0: what 1.1 is, hold and retrieve by either side, suspension, calls
 * that are sent on, and calls that wait at a busy line.
 *
 * Its state against that of 1.0: `called` is now `called_dialled`, `overdial`
 * is wider; `held`, `hold_us`, `suspender` and `t_suspend` are new, as is the
 * state `suspended`, and so are `redirects`, `cfnr_serial` and `waiting`, of
 * which `kind` says whether any is set.  A tone may be `hold` or `waiting`, and
 * four timers are new, one of which runs beside another.  What 1.0 cannot say
 * is listed in no_way_back: such a call stays here until it can.
 *
 * The charge is money here, `charge_micro`, to which each pulse adds its price:
 * code_change works out what the pulses of 1.0 are worth.  They stay beside it
 * for the record and for the way back, and their counter is wider, so that a
 * call may be charged by the second for longer than 18 hours.
 */
/* clang-format off */
#define CALL_FIELDS(X, TEXT, ARRAY)                                            \
	X(UINT, uint64_t, call, 0, "", "")                                     \
	X(UINT, uint64_t, t_dialled, 0, "", "")                                \
	X(UINT, uint64_t, t_alert, 0, "", "")                                  \
	X(UINT, uint64_t, t_answer, 0, "", "")                                 \
	X(UINT, uint64_t, t_release, 0, "", "")                                \
	X(UINT, uint64_t, t_suspend, 0, "", "") /* a stamp, likewise */        \
	X(INT, int64_t, hold_us, 0, "", "") /* held so long; see hold() */     \
	X(UINT, uint64_t, charge_micro, 0, "", "")                             \
	X(UINT, uint32_t, port_a, PORT_NONE, "", "")                           \
	X(UINT, uint32_t, port_b, PORT_NONE, "", "")                           \
	X(UINT, uint32_t, route, ROUTE_NONE, "", "") /* of the number */       \
	X(UINT, uint32_t, setup_micro, 0, "", "") /* prices of the answer */   \
	X(UINT, uint32_t, first_micro, 0, "", "")                              \
	X(UINT, uint32_t, first_ms, 0, "", "")                                 \
	X(UINT, uint32_t, next_micro, 0, "", "")                               \
	X(UINT, uint32_t, next_ms, 0, "", "")                                  \
	X(UINT, PULSES, pulses, 0, "", "") /* intervals charged */             \
	X(UINT, uint32_t, overdial, 0, "", "")                                 \
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
	    "clearing releasing ended suspended")                                   \
	X(ENUM, uint8_t, tone_a, 0, "",                                        \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement hold waiting confirmation "                  \
	    "warning credit preemption")                                    \
	X(ENUM, uint8_t, tone_b, 0, "",                                        \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement hold waiting confirmation "                  \
	    "warning credit preemption")                                    \
	X(UINT, uint8_t, parties, 0, "", "") /* 1 A, 2 B: the line is ours */  \
	X(UINT, uint8_t, held, 0, "", "") /* 1 A, 2 B: holds the other */      \
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
	    "NONE ABANDON CANCEL ADMIN CRASH UPGRADE_REJECT SHUTDOWN "          \
	    "XFER_ATT CONF TRUNK PICKUP SERVICE CREDIT PREEMPTED")                                 \
	X(ENUM, uint8_t, release_side, 0, "", "none A B net")
/* clang-format on */
#define CALL_TIMERS  BASIC_TIMERS " Tsusp Trecall Tcw Tcfnr Tpreempt"
#define CALL_PARTIES "calls/call/pair.h"
#define CALLED	     called_dialled
#define PULSES	     uint32_t

#include "calls/call/preemption.h"
#include "calls/call/waiting.h"

#define ROUTING_WITHOUT_CIRCUIT PREEMPTION_IN_ROUTING
#define ROUTING_TIMERS		RUNS(Tpreempt)
#define ROUTING_SERVICES                                                       \
	FORWARDING_IN_ROUTING WAITING_IN_ROUTING FORWARDING_ON_BUSY
#define PRESENTED_SERVICES PREEMPTION_ROWS, FORWARDING_IN_PRESENTED
#define ALERTING_SERVICES                                                      \
	PREEMPTION_ROWS, FORWARDING_IN_ALERTING WAITING_IN_ALERTING RECALL_ROWS,
#define ALERTING_TIMERS (RUNS(Tcw) | RUNS(Trecall) | RUNS(Tcfnr))

#include "calls/call/basic_rows.h"

/* clang-format off */
static const struct row active_rows[] = {
PREEMPTION_ROW(be_preempted),
SUSPENDING_ROWS,
RECALLING_ROWS,
ACTIVE_ROWS,
SWAPPING_ROWS(active),
ROW(T26, SIGNAL_HOLD, NONE, holds_not, hold, active, NONE),
ROW(T26, SIGNAL_RETRIEVE, NONE, may_retrieve, retrieve, active, NONE),
ROW(T27, SIGNAL_HOLD, NONE, NULL, refuse, active, FACILITY_REJECTED),
ROW(T27, SIGNAL_RETRIEVE, NONE, NULL, refuse, active, FACILITY_REJECTED),
};

static const struct row suspended_rows[] = {
PREEMPTION_OF_LAST_ROW(lose_circuit_suspended),
ROW(T81, SIGNAL_OFFHOOK, NONE, is_suspender, resume, active, NONE),
SUSPENDED_ROWS,
};
/* clang-format on */

static bool
is_sound(const struct call *call)
{
	return services_are_sound(call) && waiting_is_sound(call) &&
	    forwarding_is_sound(call);
}

static const struct release release = {
	.states = { BASIC_STATES,
	    [STATE_active] = ROWS(active_rows, PARTY_A | PARTY_B, 0),
	    [STATE_suspended] =
		ROWS(suspended_rows, PARTY_A | PARTY_B, RUNS(Tsusp)) },
	.charge_rule = CHARGE_RULE_CEIL,
	.money = money,
	.released = released,
	.record = record,
	.leave = leave_alerting,
	.has_expired = has_cfnr_expired,
	.forwards_all = forwards_all,
	.is_redirected = forward_is_redirected,
	.is_away = is_away,
	.check = is_sound,
};

static const char *const no_way_back[] = { "kind served", "tone_a hold",
	"tone_b hold", "tone_a waiting", "tone_b waiting",
	"tone_a confirmation", "tone_b confirmation", "tone_a warning",
	"tone_b warning", "tone_a credit", "tone_b credit", "tone_a preemption",
	"tone_b preemption", "timer Tcfnr", "timer Tpreempt",
	"local_reason CREDIT", "local_reason PREEMPTED", "local_reason PICKUP",
	"local_reason SERVICE", "timer Tcw", "timer Trecall", "overdial wide",
	"pulses wide", "state suspended", "timer Tsusp", NULL };
static const char *const rules[] = { "charge_micro hook", NULL };

/*
 * The plan has brought pulses and prices along, whichever format they come
 * from; on the way down they are all that is wanted.
 */
static int
code_change(const void *from, void *to, bool down)
{
	struct call *call = to;

	(void)from;
	if (down)
		return 0;
	call->charge_micro = charge_worth(call);
	return 0;
}
#define CODE_CHANGE code_change

const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "2.0", call_fields, call_handle);
