/*
 * call 3.0: what 2.0 is, for calls that may come to have a third party.
 *
 * Its state against that of 2.0:
 *
 *   - the two parties, each of which had fields of its own, are records of an
 *     array, with a count of those in use;
 *   - `active` is two states, `active` and `held`: which one a call of 2.0 is
 *     in, its bits say, and there both are active again;
 *   - `overdial` is gone: the exchange counts such digits.  On the way back
 *     the call has the number again with which it came.
 *
 * What older releases cannot say is listed in no_way_back.
 */
/* clang-format off */
#define CALL_PARTY_FIELDS(X)                                                   \
	X(LINE, uint32_t, port, PORT_NONE, "", "")                             \
	X(ENUM, uint8_t, tone, 0, "",                                          \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement hold")
#define CALL_FIELDS(X, TEXT, ARRAY)                                            \
	X(UINT, uint64_t, call, 0, "", "")                                     \
	X(UINT, uint64_t, t_seize, 0, "", "")                                  \
	X(UINT, uint64_t, t_dialled, 0, "", "")                                \
	X(UINT, uint64_t, t_alert, 0, "", "")                                  \
	X(UINT, uint64_t, t_answer, 0, "", "")                                 \
	X(UINT, uint64_t, t_release, 0, "", "")                                \
	X(UINT, uint64_t, t_suspend, 0, "", "") /* a stamp, likewise */        \
	X(INT, int64_t, hold_us, 0, "", "") /* held so long; see hold() */     \
	X(UINT, uint64_t, t_interval, 0, "", "") /* charged up to here */      \
	X(UINT, uint64_t, charge_micro, 0, "", "")                             \
	X(UINT, uint32_t, setup_micro, 0, "", "") /* prices of the answer */   \
	X(UINT, uint32_t, first_micro, 0, "", "")                              \
	X(UINT, uint32_t, first_ms, 0, "", "")                                 \
	X(UINT, uint32_t, next_micro, 0, "", "")                               \
	X(UINT, uint32_t, next_ms, 0, "", "")                                  \
	X(UINT, PULSES, pulses, 0, "", "") /* intervals charged */             \
	ARRAY(RECORD, struct party, party, 3, "parties_used", 0, "",           \
	    party_fields)                                                      \
	TEXT(called_dialled, DIGITS_MAX + 1, "called")                         \
	X(UINT, uint16_t, tariff, TARIFF_NONE, "", "")                         \
	X(UINT, uint16_t, serial, 0, "", "") /* key of the timer */            \
	X(ENUM, uint8_t, timer, 0, "",                                         \
	    "none Tdial T302 T303 T310 T301 T306 Ttreat Tsusp")                   \
	X(ENUM, uint8_t, state, 0, "",                                         \
	    "null collecting routing presented alerting active treated "       \
	    "clearing releasing ended suspended held consulting")                         \
	X(UINT, uint8_t, parties, 0, "", "") /* 1 A, 2 B, 4 C: who is there */ \
	X(UINT, uint8_t, held, 0, "", "") /* likewise: holds the others */     \
	X(UINT, uint8_t, parties_used, 1, "", "") /* or have been */           \
	X(ENUM, uint8_t, consultant, 0, "", "none A B") /* has two calls */    \
	X(ENUM, uint8_t, suspender, 0, "", "none A B") /* hung up */           \
	X(UINT, uint8_t, setups, 0, "", "") /* SETUP sent to B so often */     \
	X(UINT, uint8_t, rule, 0, "", "") /* enum charge_rule */               \
	X(UINT, uint8_t, cause, 0, "", "")                                     \
	X(ENUM, uint8_t, local_reason, 0, "",                                  \
	    "NONE ABANDON CANCEL ADMIN CRASH")                                 \
	X(ENUM, uint8_t, release_side, 0, "", "none A B net")
/* clang-format on */
#define CALL_TIMERS  BASIC_TIMERS " Tsusp"
#define CALL_PARTIES "calls/call/parties.h"
#define CALLED	     called_dialled
#define PULSES	     uint32_t

#include "calls/call/hold.h"

/*--------------------------------------------------------------------
 * Consultation: a second call of one who holds the other side
 *
 * It is a call as any, one unit with this one.  The exchange says what has
 * become of it; what is to happen there is told it by signals of its line.
 * Not yet: transfer and conference, which are refused (T73), and the recall of
 * T75; a consultant who hangs up ends both calls.
 */

static struct other_call
consultation_of(const struct step *step)
{
	const struct call *call = step->call;

	return line_other_call(
	    step->self, port_of(call, (enum side)call->consultant));
}

static void
consult(struct step *step)
{
	const struct signal *signal = step->signal;

	step->call->consultant = step->side;
	must(step,
	    exchange_consult(step->self, port_of(step->call, step->side),
		signal->digits, signal->other));
}

static bool
is_consultant(const struct step *step)
{
	return step->side == step->call->consultant;
}

static bool
may_exchange(const struct step *step)
{
	return is_consultant(step) && consultation_of(step).is_through;
}

static void
tell_consultation(const struct step *step, uint16_t kind)
{
	const struct call *call = step->call;
	const struct other_call other = consultation_of(step);
	const struct signal signal = { .call = other.number,
		.port = port_of(call, (enum side)call->consultant),
		.cause = CAUSE_NORMAL };

	if (!pid_is_none(other.pid))
		must(step,
		    process_send(
			step->self, other.pid, kind, &signal, sizeof signal));
}

/* The one is held and the other taken back, whichever that is. */
static void
exchange_calls(struct step *step)
{
	const bool takes_back = holds(step);

	tell_consultation(step, takes_back ? SIGNAL_HOLD : SIGNAL_RETRIEVE);
	must(step, line_exchange(step->self, port_of(step->call, step->side)));
	if (takes_back)
		retrieve(step);
	else
		hold(step);
}

static bool
other_holds_too(const struct step *step)
{
	return is_consultant(step) &&
	    (step->call->held & ~bit_of(step->side)) != 0;
}

/* The consultation ends as if its caller had hung up. */
static void
end_consultation(struct step *step)
{
	tell_consultation(step, SIGNAL_ONHOOK);
	step->call->consultant = SIDE_NONE;
	if (holds(step))
		retrieve(step);
}

static void
lose_consultation(struct step *step)
{
	step->call->consultant = SIDE_NONE;
}

static bool
holds_none(const struct step *step)
{
	return step->call->held == 0;
}

static void
leave_consultation(struct step *step)
{
	step->call->consultant = SIDE_NONE;
	conclude(step, LOCAL_NONE, step->side);
}

static void
part_from_both(struct step *step)
{
	tell_consultation(step, SIGNAL_ONHOOK);
	step->call->consultant = SIDE_NONE;
	part(step);
}

static void
clear_both(struct step *step)
{
	tell_consultation(step, SIGNAL_ONHOOK);
	step->call->consultant = SIDE_NONE;
	clear(step);
}

/*--------------------------------------------------------------------
 * The table
 */

static bool
is_suspender_of_held(const struct step *step)
{
	return is_suspender(step) && step->call->held != 0;
}

static bool
holds_alone(const struct step *step)
{
	return step->call->held == bit_of(step->side);
}

#include "calls/call/basic_rows.h"

/* clang-format off */
static const struct row active_rows[] = {
SUSPENDING_ROWS,
ACTIVE_ROWS,
ROW(T26, SIGNAL_HOLD, NONE, NULL, hold, held, NONE),
ROW(T27, SIGNAL_RETRIEVE, NONE, NULL, refuse, active, FACILITY_REJECTED),
};

static const struct row held_rows[] = {
SUSPENDING_ROWS,
ROW(T37, ON_GONE, NONE, NULL, part, clearing, NORMAL),
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, held, NONE),
ROW(T28, SIGNAL_CONSULT, NONE, holds, consult, consulting, NONE),
ROW(T26, SIGNAL_HOLD, NONE, holds_not, hold, held, NONE),
ROW(T26, SIGNAL_RETRIEVE, NONE, holds_alone, retrieve, active, NONE),
ROW(T26, SIGNAL_RETRIEVE, NONE, holds, retrieve, held, NONE),
ROW(T27, SIGNAL_HOLD, NONE, NULL, refuse, held, FACILITY_REJECTED),
ROW(T27, SIGNAL_RETRIEVE, NONE, NULL, refuse, held, FACILITY_REJECTED),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear, clearing, UNSPECIFIED),
};

static const struct row consulting_rows[] = {
ROW(T31, ON_DOWN, NONE, holds_none, lose_consultation, active, NONE),
ROW(T31, ON_DOWN, NONE, NULL, lose_consultation, held, NONE),
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, consulting, NONE),
ROW(T71, SIGNAL_SWAP, NONE, may_exchange, exchange_calls, consulting, NONE),
ROW(T71, SIGNAL_FLASH, NONE, may_exchange, exchange_calls, consulting, NONE),
ROW(T72, SIGNAL_FLASH, NONE, other_holds_too, end_consultation, held, NONE),
ROW(T72, SIGNAL_FLASH, NONE, is_consultant, end_consultation, active, NONE),
ROW(T27, SIGNAL_RETRIEVE, NONE, may_exchange, refuse, consulting,
    FACILITY_REJECTED),
ROW(T72, SIGNAL_RETRIEVE, NONE, other_holds_too, end_consultation, held, NONE),
ROW(T72, SIGNAL_RETRIEVE, NONE, is_consultant, end_consultation, active, NONE),
ROW(T73, SIGNAL_TRANSFER, NONE, NULL, refuse, consulting, FACILITY_REJECTED),
ROW(T73, SIGNAL_CONFERENCE, NONE, NULL, refuse, consulting, FACILITY_REJECTED),
ROW(T37, ON_GONE, NONE, is_consultant, part_from_both, clearing, NORMAL),
ROW(T74, ON_GONE, NONE, NULL, leave_consultation, releasing, NORMAL),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear_both, clearing, UNSPECIFIED),
};

static const struct row suspended_rows[] = {
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
	if ((call->state == STATE_consulting) !=
	    (call->consultant != SIDE_NONE))
		return false;
	if (call->state == STATE_held
		? call->held == 0
		: call->state == STATE_active && call->held != 0)
		return false;
	return services_are_sound(call) && are_counted(call);
}

static const struct release release = {
	.states = { BASIC_STATES,
	    [STATE_active] = ROWS(active_rows, PARTY_A | PARTY_B, 0),
	    [STATE_held] = ROWS(held_rows, PARTY_A | PARTY_B, 0),
	    [STATE_suspended] =
		ROWS(suspended_rows, PARTY_A | PARTY_B, RUNS(Tsusp)),
	    [STATE_consulting] = ROWS(consulting_rows, PARTY_A | PARTY_B, 0) },
	.charge_rule = CHARGE_RULE_CEIL,
	.accrue = accrue,
	.released = released,
	.record = record,
	.is_away = is_away,
	.check = is_sound,
};

static const char *const no_way_back[] = { "party.tone hold", "pulses wide",
	"state suspended", "timer Tsusp", "state consulting", NULL };
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
