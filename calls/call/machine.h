/*
 * machine: how a call lives, one event at a time, by a table of rows.
 *
 * Every release of `call` is one file that says what its state holds
 * (CALL_FIELDS), under which name it keeps the digits (CALLED), how wide its
 * counter of pulses is (PULSES), and, after including basic_rows.h, which rows
 * it has (`release`) and how it is converted.  What releases share stands here
 * and beside it; what makes one special stands in its own folder.  Everything
 * is static: a release is one object without a writable byte.
 *
 * A state has rows {input, side, guard, action, next, cause}, tried from the
 * top, those of any state behind its own.  The first whose input, side and
 * guard fit is the event's; without one a signal is answered with STATUS 101,
 * or counted as late (T43, T83).  Then, while the state is one that nobody
 * rests in, its row for ON_ENTRY follows.
 *
 * Invariants, checked by call_check():
 *   1. a call rests only in states that have rows for inputs from outside;
 *   2. in every such state but those in which people talk exactly one timer
 *      runs, of those that the state names, and `serial` is its key; in these
 *      none does, nor need one while a call is suspended;
 *   3. `parties` says whose port is the call's; the numbers of the ports stay
 *      for the record when the port itself has gone, which then hears nothing;
 *   4. cause, reason, side and t_release are set once, together.
 */
#ifndef CALLS_CALL_MACHINE_H
#define CALLS_CALL_MACHINE_H

#include <errno.h>
#include <string.h>

#include "calls/exchange.h"
#include "calls/call/delay.h"
#include "calls/signalling.h"
#include "switch/module.h"

/*
 * Each release's schema gives these the same words, in this order, as far as
 * it has them: a newer one adds its own at the end.
 */
enum call_state {
	STATE_null,
	STATE_collecting,
	STATE_routing,
	STATE_presented,
	STATE_alerting,
	STATE_active,
	STATE_treated,
	STATE_clearing,
	STATE_releasing,
	STATE_ended,
	STATE_suspended, /* from 2.0 on */
	STATE_held,	 /* from 3.0 on: active, and somebody holds */
	STATE_consulting,
	STATE_transferring,
	STATE_conference,
	STATES,
	STATE_any = STATES, /* in tables: rows that each state has */
	STATE_same	    /* likewise: none other comes */
};

/* As the schema's field `timer`; the number of a timer is one less. */
enum call_timer {
	TIMER_none,
	TIMER_Tdial,
	TIMER_T302,
	TIMER_T303,
	TIMER_T310,
	TIMER_T301,
	TIMER_T306,
	TIMER_Ttreat,
	TIMER_T308,
	TIMER_Tsusp, /* from 2.0 on */
	TIMER_Trecall,
	TIMER_Tcw,
	TIMER_Tcfnr, /* beside another one: see struct release */
	TIMER_Tpreempt,
	TIMERS
};
#define BASIC_TIMERS "Tdial T302 T303 T310 T301 T306 Ttreat T308"

enum { PARTY_A = 1, PARTY_B = 2, PARTY_C = 4 };

#ifdef CALL_PARTY_FIELDS
struct party {
	CALL_PARTY_FIELDS(SCHEMA_MEMBER)
};
#define SCHEMA_STATE struct party
static const struct field party_fields[] = { CALL_PARTY_FIELDS(SCHEMA_FIELD) };
#undef SCHEMA_STATE
#endif

struct call {
	CALL_FIELDS(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT, SCHEMA_MEMBER_ARRAY)
};

#define SCHEMA_STATE struct call
static const struct field call_fields[] = { CALL_FIELDS(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT, SCHEMA_FIELD_ARRAY) };
enum { CALL_FIELDS_COUNT = sizeof call_fields / sizeof call_fields[0] };

#include "calls/call/charge.h"

/* Inputs: signals by their own numbers, then timers, then our own. */
enum {
	ON_GONE = SIGNAL_ONHOOK, /* gone(p, c): DISCONNECT of ISDN as well */
	ON_TIMER = 0x40,
	ON_ENTRY = 0x80,
	ON_DOWN,  /* of the call that is one unit with this one */
	ON_RESYNC /* an event has faulted: how do things stand? */
};
#define ON(timer) (ON_TIMER + TIMER_##timer)

struct row;

/* One input, on its way through the table. */
struct step {
	struct self *self;
	struct call *call;
	const struct row *row; /* the chosen one */
	uint8_t input;
	uint8_t side;  /* enum side: whom it comes from */
	uint8_t cause; /* that it brings, or 0 */
	uint64_t at;   /* when the call was over, or 0: now */
	char digit;
	const struct signal *signal;	     /* the whole of it, or NULL */
	const struct event_faulted *faulted; /* of ON_RESYNC */
	struct translation number;	     /* what the digits lead to */
	int seized; /* what port_seize() said of the called side, or why it was
		       not asked (obstacle.h) */
	uint32_t port;	 /* that was seized */
	bool goes_on;	 /* its route has other targets */
	bool has_failed; /* what it comes from: local reason TRUNK */
};

typedef bool guard_f(const struct step *step);
typedef void action_f(struct step *step);

struct row {
	const struct row_words *words;
	uint8_t input;
	uint8_t side; /* SIDE_NONE: whoever it comes from */
	uint8_t next;
	uint8_t cause;	  /* unless the input brings one */
	guard_f *guard;	  /* NULL: always */
	action_f *action; /* NULL: nothing to do */
};

/* Written as the table of behaviours has its columns, in its words. */
#define ROW(number, input, side, guard, action, next, cause)                   \
	{                                                                      \
		&(const struct row_words){ #number, #input, #side, #guard,     \
			#action, #next, #cause },                              \
		    input, SIDE_##side, STATE_##next, CAUSE_##cause, guard,    \
		    action                                                     \
	}

/* The rows of a state, PARTY_... of who is there, RUNS() of what can run. */
#define RUNS(timer) (1U << TIMER_##timer)
#define ROWS(table, its_parties, its_timers)                                   \
	{                                                                      \
		table, sizeof(table) / sizeof(table)[0], sizeof(struct row),   \
		    its_parties, its_timers                                    \
	}

/* What a release is; each of the functions may be NULL. */
struct release {
	struct state_table states[STATE_any + 1];
	uint8_t charge_rule; /* of the calls that are answered on it */
	/* Where money is kept for pulses that have been added; else they are
	 * enough. */
	uint64_t *(*money)(struct call *call);
	/* Its services end with the call, at the stamp `now`. */
	void (*released)(struct call *call, uint64_t now);
	/* Whether he has the money for what was dialled (T54). */
	bool (*can_pay)(const struct step *step, uint32_t payer);
	/* What it adds to the record. */
	void (*record)(const struct call *call, struct call_record *record);
	/*
	 * Before a state is left that is not the next one: what has run in it
	 * beside its timer is stopped.
	 */
	void (*leave)(const struct step *step);
	/* Whether that timer, beside the other one, has expired now (T88). */
	bool (*has_expired)(
	    struct call *call, enum call_timer timer, uint64_t key);
	/* Calls to that line are to go elsewhere, before it is asked (T10). */
	bool (*forwards_all)(const struct step *step, uint32_t line);
	/* A line has sent it on, and pays for what comes then. */
	bool (*is_redirected)(const struct call *call);
	/* That side is on-hook by right, and may come back. */
	bool (*is_away)(const struct call *call, enum side side);
	/* What else must hold of a sound state. */
	bool (*check)(const struct call *call);
};
static const struct release release;

static void must(const struct step *step, int status);

#include CALL_PARTIES

/*--------------------------------------------------------------------
 * What actions are made of
 */

static uint64_t
stamp(const struct step *step)
{
	return process_now(step->self) + 1;
}

/* Without room for what must be done the call is given up (T39). */
static void
must(const struct step *step, int status)
{
	if (status != 0)
		process_exit(step->self,
		    (struct reason){
			.kind = REASON_ERROR, .number = (uint16_t)-status });
}

static void
disarm(const struct step *step)
{
	struct call *call = step->call;

	if (call->timer != TIMER_none)
		must(step,
		    process_stop_timer(
			step->self, (uint16_t)(call->timer - 1), call->serial));
	call->timer = TIMER_none;
}

/*
 * As the operator has it, if he has said something; but what runs in its place
 * (ISUP-T7 in that of T303) is another timer, and after a number that may be
 * whole T302 is never longer.
 */
static uint64_t
delay_of(const struct step *step, enum call_timer timer, uint64_t delay)
{
	static const struct {
		uint64_t delay;
		uint8_t timer; /* 1 + enum office_timer, or 0 */
	} settable[TIMERS] = {
#define SETTABLE(ours, its) { DELAY_##ours, 1 + OFFICE_TIMER_##its }
		[TIMER_Tdial] = SETTABLE(Tdial, Tdial),
		[TIMER_T302] = SETTABLE(T302, T302),
		[TIMER_T303] = SETTABLE(T303, T303),
		[TIMER_T310] = SETTABLE(T310, T310),
		[TIMER_T301] = SETTABLE(T301, T301),
		[TIMER_T306] = SETTABLE(T306, T305),
		[TIMER_Ttreat] = SETTABLE(Ttreat, Ttreat),
		[TIMER_T308] = SETTABLE(T308, T308),
		[TIMER_Tsusp] = SETTABLE(Tsusp, Tsusp),
		[TIMER_Trecall] = SETTABLE(Trecall, Trecall),
		[TIMER_Tcw] = SETTABLE(Tcw, Tcw),
		[TIMER_Tcfnr] = SETTABLE(Tcfnr, Tcfnr),
		[TIMER_Tpreempt] = SETTABLE(Tpreempt, Tpreempt),
#undef SETTABLE
	};
	const bool is_short = timer == TIMER_T302 && delay == DELAY_T302_SHORT;
	uint64_t set;

	if (settable[timer].timer == 0 ||
	    (delay != settable[timer].delay && !is_short))
		return delay;
	set = exchange_timer(
	    step->self, (enum office_timer)(settable[timer].timer - 1));
	return set == 0 || (is_short && set > delay) ? delay : set;
}

/* Starts the one timer of a state, under a key that no older one has. */
static void
arm(const struct step *step, enum call_timer timer, uint64_t delay)
{
	struct call *call = step->call;

	disarm(step);
	call->timer = (uint8_t)timer;
	call->serial++;
	must(step,
	    process_start_timer(step->self, (uint16_t)(timer - 1), call->serial,
		delay_of(step, timer, delay)));
}

/* NOLINTNEXTLINE(bugprone-macro-parentheses): it names a variable */
#define FOR_EACH_SIDE(side)                                                    \
	for (const uint8_t *side = sides; side < sides + sizeof sides; side++)

/* Its bit in `parties`, and in other fields that speak of all of them. */
static uint8_t
bit_of(enum side side)
{
	static const uint8_t bits[] = {
		[SIDE_A] = PARTY_A, [SIDE_B] = PARTY_B, [SIDE_C] = PARTY_C
	};

	return bits[side];
}

static bool
is_there(const struct call *call, enum side side)
{
	return (call->parties & bit_of(side)) != 0;
}

/* Whose port that is; SIDE_NONE if it is (no longer) the call's. */
static enum side
side_of(const struct call *call, uint32_t port)
{
	FOR_EACH_SIDE(side)
	if (port == port_of(call, *side) && is_there(call, *side))
		return *side;
	return SIDE_NONE;
}

/* The first of the others that are there, or SIDE_NONE. */
static enum side
peer_of(const struct call *call, enum side own)
{
	FOR_EACH_SIDE(side)
	if (*side != own && is_there(call, *side))
		return *side;
	return SIDE_NONE;
}

/* Its port is the call's from now on. */
static void
join(struct call *call, enum side side, uint32_t port)
{
	set_port(call, side, port);
	call->parties |= bit_of(side);
}

/* What that side hears from now on, if it is there. */
static void
hear(const struct step *step, enum side side, enum tone tone)
{
	struct call *call = step->call;

	if (!is_there(call, side))
		return;
	set_tone(call, side, tone);
	must(step, port_tone(step->self, port_of(call, side), tone));
}

/* What all hear who are there. */
static void
hear_all(const struct step *step, enum tone tone)
{
	FOR_EACH_SIDE(side)
	hear(step, *side, tone);
}

/* That side is not the call's any more; its port has gone elsewhere. */
static void
lose(struct call *call, enum side side)
{
	set_tone(call, side, TONE_none);
	call->parties &= ~bit_of(side) & 0xffU;
}

/* Gives the port of that side back, if it is there. */
static void
let_go(const struct step *step, enum side side)
{
	struct call *call = step->call;

	if (!is_there(call, side))
		return;
	must(step,
	    port_release(step->self, port_of(call, side),
		call->cause != CAUSE_NONE ? call->cause : CAUSE_NORMAL));
	lose(call, side);
}

static void
let_all_go(const struct step *step)
{
	FOR_EACH_SIDE(side)
	let_go(step, *side);
}

/* Charges what has gone by `now`; the call ends then, or goes on. */
static void
charge(struct call *call, uint64_t now, bool is_over)
{
	const uint64_t before = charge_worth(call);

	charge_until(call, now, is_over);
	if (release.money != NULL)
		*release.money(call) += charge_worth(call) - before;
}

#include "calls/call/leg.h"

static uint8_t
cause_of(const struct step *step)
{
	return step->cause != CAUSE_NONE ? step->cause : step->row->cause;
}

/* Why and through whom the call ends: said once, never taken back. */
static void
conclude(const struct step *step, enum local_reason reason, enum side side)
{
	struct call *call = step->call;

	if (call->t_release != 0)
		return;
	call->t_release = step->at != 0 ? step->at : stamp(step);
	call->cause = cause_of(step);
	call->local_reason = (uint8_t)(step->has_failed ? LOCAL_TRUNK : reason);
	call->release_side = (uint8_t)side;
	charge(call, call->t_release, true);
	close_legs(step);
	if (release.released != NULL)
		release.released(call, call->t_release);
}

static void
write_record(const struct step *step)
{
	const struct call *call = step->call;
	struct call_record record = {
		.call = call->call,
		.t_seize = call->t_seize,
		.t_dialled = call->t_dialled,
		.t_alert = call->t_alert,
		.t_answer = call->t_answer,
		.t_release = call->t_release,
		.port_a = port_of(call, SIDE_A),
		.port_b = port_of(call, SIDE_B),
		.attempts = call->route_attempts,
		.cause = call->cause,
		.local_reason = call->local_reason,
		.release_side = call->release_side,
	};

	memcpy(record.dialled, call->CALLED, sizeof record.dialled);
	record_overdial(call, &record);
	if (release.record != NULL)
		release.record(call, &record);
	must(step, exchange_record(step->self, &record));
}

/*--------------------------------------------------------------------
 * The way of an input
 */

static bool
fits(const struct row *row, const struct step *step)
{
	return row->input == step->input &&
	    (row->side == SIDE_NONE || row->side == step->side) &&
	    (row->guard == NULL || row->guard(step));
}

/* Obeys the first row of these that fits; false if there is none. */
static bool
take_of(struct step *step, const struct state_table *table)
{
	const struct row *row = table->rows, *end = row + table->count;

	for (; row < end; row++) {
		if (!fits(row, step))
			continue;
		step->row = row;
		if (release.leave != NULL && row->next != STATE_same &&
		    row->next != step->call->state)
			release.leave(step);
		if (row->action != NULL)
			row->action(step);
		if (row->next != STATE_same)
			step->call->state = row->next;
		return true;
	}
	return false;
}

/* The rows of the state come before those of any. */
static bool
take(struct step *step)
{
	return take_of(step, &release.states[step->call->state]) ||
	    take_of(step, &release.states[STATE_any]);
}

/* Whether people talk in it, so that nothing is waited for. */
static bool
is_talk(enum call_state state)
{
	return state == STATE_active || state == STATE_held ||
	    state == STATE_consulting || state == STATE_conference;
}

/* Whether B has not answered yet, so that nobody there hears a tone. */
static bool
is_ringing(enum call_state state)
{
	return state == STATE_presented || state == STATE_alerting ||
	    state == STATE_transferring;
}

static bool
transits(enum call_state state)
{
	return state == STATE_routing || state == STATE_releasing;
}

/* In one that is only passed through, while a timer of its own runs. */
static bool
rests(const struct call *call)
{
	return !transits((enum call_state)call->state) ||
	    (call->timer != TIMER_none &&
		(release.states[call->state].timers & 1U << call->timer) != 0);
}

static bool
run(struct step *step)
{
	if (!take(step))
		return false;
	while (!rests(step->call)) {
		step->input = ON_ENTRY;
		step->side = SIDE_NONE;
		step->cause = CAUSE_NONE;
		step->has_failed = false;
		if (!take(step))
			break; /* call_self_test() sees that there is one */
	}
	return true;
}

/* One digit more of the number, or its end; what do they lead to? */
static void
collect(struct step *step)
{
	struct call *call = step->call;
	size_t length = strnlen(call->CALLED, DIGITS_MAX);

	step->number = TRANSLATION_NOWHERE;
	if (step->digit != '#' && length == DIGITS_MAX)
		return; /* E.164 has no longer numbers */
	if (step->digit != '#')
		call->CALLED[length] = step->digit;
	step->number = exchange_translate(step->self, call->CALLED);
}

/* Each digit is an input of its own: the first ones may end the number. */
static bool
run_digits(struct step *step, const struct signal *signal)
{
	const uint8_t side = step->side;
	size_t i, length = strnlen(signal->digits, sizeof signal->digits);

	for (i = 0; i < length; i++) {
		step->input = SIGNAL_DIGIT;
		step->side = side;
		step->digit = signal->digits[i];
		if (step->call->state == STATE_collecting)
			collect(step);
		if (!run(step))
			return false;
	}
	return length > 0;
}

/* What the exchange says of money, whoever has rows for it. */
static bool
is_of_credit(uint16_t kind)
{
	return kind == SIGNAL_CREDIT_LOW || kind == SIGNAL_CREDIT_WARNED ||
	    kind == SIGNAL_CREDIT_GONE;
}

/* T43 and T83: what is answered, and what is only counted. */
static void
answer_stray(const struct step *step, const struct message *event)
{
	const enum call_state state = step->call->state;
	bool is_over = state == STATE_clearing || state == STATE_releasing ||
	    state == STATE_ended;

	if (is_of_credit(event->kind))
		return; /* a release without prepaid calls lets them go on */
	if (event->kind == SIGNAL_PICKUP)
		(void)exchange_refuse_claimant(step->self, step->call->call);
	if (is_over || event->kind == SIGNAL_ANSWER ||
	    event->kind == SIGNAL_PICKUP || event->kind == SIGNAL_ONHOOK ||
	    event->kind == SIGNAL_DISCONNECT)
		exchange_late(step->self, event);
	else
		exchange_unexpected(step->self, event);
}

/* Not from a party. */
static bool
comes_from_outside(uint16_t kind)
{
	return kind == SIGNAL_CLEAR || kind == SIGNAL_PICKUP ||
	    kind == SIGNAL_CIRCUIT_FREE || is_of_credit(kind);
}

/* What a far end says is as a subscriber's going, or as what REL waits for. */
static uint8_t
input_of(const struct step *step, uint16_t kind)
{
	const bool is_awaited = step->call->state == STATE_releasing;

	if (kind == SIGNAL_RELEASE || kind == SIGNAL_RELEASE_COMPLETE ||
	    kind == SIGNAL_TRUNK_DOWN)
		return is_awaited ? SIGNAL_RELEASE_COMPLETE : ON_GONE;
	return kind == SIGNAL_DISCONNECT ? ON_GONE : (uint8_t)kind;
}

static void
take_signal(struct step *step, const struct message *event)
{
	struct signal signal;
	bool is_known;

	if (event->length < sizeof signal) {
		exchange_unexpected(step->self, event);
		return;
	}
	memcpy(&signal, event->body.bytes, sizeof signal);
	step->side = (uint8_t)side_of(step->call, signal.port);
	if (step->side == SIDE_NONE && event->kind == SIGNAL_RELEASE_COMPLETE)
		return; /* T86: it is free already */
	if (!comes_from_outside(event->kind) &&
	    (step->side == SIDE_NONE || signal.call != step->call->call ||
		event->kind == SIGNAL_STATUS)) {
		exchange_late(step->self, event); /* of a leg that is gone */
		return;
	}
	step->cause = signal.cause;
	step->signal = &signal;
	if (step->cause == CAUSE_NONE && event->kind == SIGNAL_RELEASE_COMPLETE)
		step->cause = CAUSE_UNSPECIFIED; /* T86 */
	step->has_failed = event->kind == SIGNAL_TRUNK_DOWN;
	step->input = input_of(step, event->kind);
	is_known = event->kind == SIGNAL_DIGIT ? run_digits(step, &signal)
	    : event->kind < SIGNAL_KINDS       ? run(step)
					       : false;
	if (!is_known && event->kind == SIGNAL_LEFT) {
		step->input = ON_GONE; /* what else, to who has no row for it */
		is_known = run(step);
	}
	if (!is_known)
		answer_stray(step, event);
}

/* T88: only the timer that runs now; false for any other. */
static bool
take_timeout(struct step *step, const struct event_timeout *timeout)
{
	struct call *call = step->call;
	const unsigned int timer = timeout->timer + 1U;

	if (timer == call->timer && timeout->key == call->serial)
		call->timer = TIMER_none;
	else if (release.has_expired == NULL ||
	    !release.has_expired(call, (enum call_timer)timer, timeout->key))
		return false;
	step->input = (uint8_t)(ON_TIMER + timer);
	return run(step);
}

/*--------------------------------------------------------------------
 * T89: an event has faulted and is gone; its fact may not be
 */

/* Likewise of a circuit, whose far end may have gone. */
static uint8_t
missed_of_circuit(
    const struct call *call, enum side side, const struct port_view *view)
{
	if ((view->circuit & CIRCUIT_GONE) != 0)
		return call->state == STATE_releasing ? SIGNAL_RELEASE_COMPLETE
						      : ON_GONE;
	if (side != SIDE_B || !is_ringing(call->state))
		return 0;
	if (view->is_offhook)
		return SIGNAL_ANSWER;
	return view->is_ringing && call->state == STATE_presented
	    ? SIGNAL_ALERTING
	    : 0;
}

/* The signal that the line's state stands for, where it is not the call's. */
static uint8_t
missed(const struct call *call, enum side side, struct port_view view)
{
	if (release.is_away != NULL && release.is_away(call, side))
		return view.is_offhook ? SIGNAL_OFFHOOK : 0;
	if (side != SIDE_B || !is_ringing(call->state))
		return view.is_offhook ? 0 : ON_GONE;
	if (view.waits)
		return view.is_offhook ? 0 : SIGNAL_LEFT;
	if (view.is_offhook)
		return SIGNAL_ANSWER;
	if (!view.is_called)
		return SIGNAL_REJECT;
	return view.is_ringing &&
		(call->timer == TIMER_T303 || call->timer == TIMER_T310)
	    ? SIGNAL_ALERTING
	    : 0;
}

static void
resynchronise_side(struct step *step, enum side side)
{
	const struct call *call = step->call;
	struct port_view view;

	if (!is_there(call, side))
		return;
	view = port_look(step->self, port_of(call, side));
	step->input = view.circuit != 0 ? missed_of_circuit(call, side, &view)
					: missed(call, side, view);
	step->side = (uint8_t)side;
	step->cause = view.cause;
	step->has_failed = (view.circuit & CIRCUIT_DOWN) != 0;
	if (step->input != 0)
		run(step);
}

/*
 * All facts: of each port, of the other call (T31), who has claimed this one
 * (T25), and that a timer has ended, if it was its event that faulted.
 */
static void
resynchronise(struct step *step)
{
	static const uint8_t others[] = { ON_DOWN, SIGNAL_PICKUP };
	const struct event_faulted *faulted = step->faulted;
	struct event_timeout timeout;
	unsigned int i;

	FOR_EACH_SIDE(side)
	resynchronise_side(step, *side);
	step->has_failed = false;
	for (i = 0; i < sizeof others; i++) {
		step->input = others[i];
		step->side = SIDE_NONE;
		step->cause = CAUSE_NONE;
		run(step);
	}
	if (faulted == NULL || faulted->kind != EVENT_TIMEOUT)
		return;
	memcpy(&timeout, faulted->first, sizeof timeout);
	step->side = SIDE_NONE;
	step->cause = CAUSE_NONE;
	take_timeout(step, &timeout);
}

/*--------------------------------------------------------------------
 * What the switch calls
 */

/* The number is whole; but a code is read as it is dialled (T52, T53). */
static bool
begin(struct step *step, const struct signal *signal)
{
	struct call *call = step->call;
	const char first = signal->digits[0];
	const bool is_line = !port_is_circuit(signal->port);

	step->input = is_line ? SIGNAL_OFFHOOK : SIGNAL_SETUP;
	if (first == '\0')
		return run(step);
	if (is_line && (first == '*' || first == '#'))
		return run(step) && (run_digits(step, signal), true);
	memcpy(call->CALLED, signal->digits, DIGITS_MAX);
	call->CALLED[strcspn(call->CALLED, "#")] = '\0';
	step->input = SIGNAL_SETUP;
	return run(step);
}

/* T1, T46: the calling line is seized, with the whole number or without. */
static int
call_init(struct self *self, void *state, const struct message *start)
{
	struct call *call = state;
	struct step step = { .self = self, .call = call, .side = SIDE_A };
	struct signal signal;

	memcpy(&signal, start->body.bytes, sizeof signal);
	call->call = signal.call;
	FOR_EACH_SIDE(side)
	set_port(call, *side, PORT_NONE);
	call->tariff = TARIFF_NONE;
	call->route = ROUTE_NONE;
	call->t_seize = stamp(&step);
	if (port_seize(self, signal.port, true) != 0)
		return -1;
	join(call, SIDE_A, signal.port);
	return begin(&step, &signal) ? 0 : -1;
}

static void
call_handle(struct self *self, void *state, const struct message *event)
{
	struct step step = { .self = self, .call = state };

	/* Not while it is suspended: it may turn out to be over since (T82). */
	if (is_talk(step.call->state))
		charge(step.call, stamp(&step), false);
	if (event->kind == EVENT_TIMEOUT) {
		if (!take_timeout(&step, &event->body.timeout))
			exchange_late(self, event);
	} else if (event->kind == EVENT_DOWN) {
		step.input = ON_DOWN;
		run(&step); /* in some states it means nothing any more */
	} else if (event->kind == EVENT_FAULTED) {
		step.input = ON_RESYNC;
		step.faulted = &event->body.faulted;
		run(&step);
	} else if (event->kind == SIGNAL_RESYNC) {
		step.input = ON_RESYNC;
		run(&step);
	} else if (event->kind < EVENT_PRIVATE) {
		take_signal(&step, event);
	}
}

/* Ports that another call has taken meanwhile are not this one's any more. */
static void
lose_ports(const struct step *step)
{
	struct call *call = step->call;

	FOR_EACH_SIDE(side)
	if (is_there(call, *side) &&
	    !port_look(step->self, port_of(call, *side)).is_mine)
		lose(call, *side);
}

/* Why a call ends that does not end itself. */
static void
conclude_with(struct step *step, const struct reason *reason)
{
	static const struct row shutdown = { .cause = CAUSE_UNSPECIFIED };
	static const struct row crash = { .cause = CAUSE_TEMPORARY_FAILURE };
	static const struct row by_another = { .cause = CAUSE_NORMAL };

	if (reason->kind != REASON_SHUTDOWN) {
		step->row = &crash;
		conclude(step, LOCAL_CRASH, SIDE_NET);
	} else if ((reason->number & ENDED_BY_ANOTHER) != 0) {
		step->row = &by_another;
		conclude(step,
		    (enum local_reason)(reason->number & ~ENDED_BY_ANOTHER),
		    SIDE_A);
	} else {
		step->row = &shutdown;
		conclude(step, LOCAL_ADMIN, SIDE_NET);
	}
}

/* T39: the call is given up; parked lines get their tone from the exchange. */
static void
call_terminate(struct self *self, void *state, const struct reason *reason)
{
	struct step step = { .self = self, .call = state };

	if (step.call->state == STATE_ended)
		return;
	conclude_with(&step, reason);
	disarm(&step);
	lose_ports(&step);
	let_all_go(&step);
	write_record(&step);
	step.call->state = STATE_ended;
}

static bool
has_its_parties(const struct call *call)
{
	FOR_EACH_SIDE(side)
	if (tone_of(call, *side) >= TONES_COUNT ||
	    (tone_of(call, *side) != TONE_none && !is_there(call, *side)))
		return false;
	if (call->state == STATE_ended)
		return call->parties == 0;
	if (call->state == STATE_clearing || call->state == STATE_releasing)
		return call->parties != 0 && call->t_release != 0;
	return call->parties == release.states[call->state].parties;
}

/* One that can run in the state, if it is one that waits for something. */
static bool
has_its_timer(const struct call *call)
{
	if (call->timer == TIMER_none)
		return is_talk(call->state) || call->state == STATE_suspended ||
		    call->state == STATE_ended;
	return call->timer < TIMERS &&
	    (release.states[call->state].timers & 1U << call->timer) != 0;
}

static bool
call_check(const void *state)
{
	const struct call *call = state;

	if (call->state >= STATES || !rests(call) ||
	    (release.states[call->state].count == 0 &&
		call->state != STATE_ended) ||
	    !has_its_timer(call) || !has_its_parties(call) ||
	    !charge_is_sound(call))
		return false;
	return release.check == NULL || release.check(call);
}

/* Whether the state has a row for it whatever the guards say. */
static bool
has_row(enum call_state state, uint8_t input, enum side side)
{
	const struct state_table *table = &release.states[state];
	const struct row *row = table->rows, *end = row + table->count;

	for (; row < end; row++)
		if (row->input == input && row->guard == NULL &&
		    (row->side == SIDE_NONE || row->side == side))
			return true;
	return false;
}

/* Whether whatever must come in a state that calls rest in has a row. */
static bool
has_ways_on(enum call_state state)
{
	const struct state_table *table = &release.states[state];
	unsigned int timer;

	FOR_EACH_SIDE(side)
	if ((table->parties & bit_of(*side)) != 0 &&
	    !has_row(state, ON_GONE, *side))
		return false;
	for (timer = TIMER_none + 1; timer < TIMERS; timer++)
		if ((table->timers & 1U << timer) != 0 &&
		    !has_row(state, (uint8_t)(ON_TIMER + timer), SIDE_NONE))
			return false;
	return state == STATE_clearing || transits(state) ||
	    has_row(state, SIGNAL_CLEAR, SIDE_NONE);
}

/* In one that is passed through, calls rest only if a timer can run in it. */
static bool
has_a_way_through(enum call_state state)
{
	if (!transits(state))
		return has_ways_on(state);
	return has_row(state, ON_ENTRY, SIDE_NONE) &&
	    (release.states[state].timers == 0 || has_ways_on(state));
}

/* The table has a way on for whatever must come in each state. */
static int
call_self_test(void)
{
	enum call_state state;
	bool is_whole = true;

	for (state = STATE_collecting; state < STATES; state++)
		if (release.states[state].count != 0)
			is_whole = is_whole && has_a_way_through(state);
	return is_whole ? 0 : -1;
}

#define CALL_MODULE(its_abi, its_version, its_fields, its_handle)              \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = (its_abi), .name = "call",       \
		.version = (its_version),                                      \
		.schema = { .fields = (its_fields),                            \
			.no_way_back = no_way_back,                            \
			.timers = CALL_TIMERS,                                 \
			.rules = rules,                                        \
			.count = CALL_FIELDS_COUNT,                            \
			.size = sizeof(struct call) },                         \
		.init = call_init, .handle = (its_handle),                     \
		.terminate = call_terminate, .code_change = CODE_CHANGE,       \
		.check = call_check, .self_test = call_self_test,              \
		.states = release.states, .states_count = STATE_any + 1,       \
	}

extern MODULE_VERB const struct module hotswitch_module;

#endif
