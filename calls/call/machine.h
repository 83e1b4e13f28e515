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
 * Its parts: action.h, what actions are made of; leg.h; ending.h; way.h, from
 * an event to its row; resync.h, T89; soundness.h.  Here are what they all
 * know (states, timers, a step, a row, a release) and what the switch calls.
 *
 * Invariants, checked by call_check() in soundness.h:
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
	/* Whether he has the money for a call to that port (T54). */
	bool (*can_pay)(const struct step *step, uint32_t payer, uint32_t port);
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
#include "calls/call/action.h"
#include "calls/call/leg.h"
#include "calls/call/ending.h"
#include "calls/call/way.h"
#include "calls/call/resync.h"
#include "calls/call/soundness.h"

/*--------------------------------------------------------------------
 * What the switch calls
 */

/*
 * Whether '*' or '#' is among them.  NB: byte by byte, as they have just been
 * written: what reads 16 of them at once has to wait until they are stored.
 */
static bool
has_keys(const char *digits)
{
	while (*digits != '\0' && *digits != '*' && *digits != '#')
		digits++;
	return *digits != '\0';
}

/* Whether a number has these keys, and no others. */
static bool
is_number_of_keys(const struct step *step, const char *digits)
{
	const struct translation number =
	    exchange_translate(step->self, digits);

	return number.line != LINE_NONE || number.route != ROUTE_NONE;
}

/* A code is read as it is dialled (T52, T53). */
static bool
is_read_by_keys(const struct signal *signal)
{
	const char first = signal->digits[0];

	return first == '\0' || signal->cause == CAUSE_TIMER_RECOVERY ||
	    (!port_is_circuit(signal->port) && (first == '*' || first == '#'));
}

/* What there is of a number; that nothing more comes is known (T6, T51). */
static bool
begin_by_keys(struct step *step, const struct signal *signal)
{
	step->signal = signal;
	if (!run(step))
		return false;
	run_digits(step, signal);
	if (signal->cause == CAUSE_TIMER_RECOVERY &&
	    step->call->state == STATE_collecting) {
		step->input = (uint8_t)(ON_TIMER + step->call->timer);
		step->side = SIDE_NONE;
		return run(step);
	}
	return true;
}

/* The number is whole, or not. */
static bool
begin(struct step *step, const struct signal *signal)
{
	struct call *call = step->call;
	const bool is_line = !port_is_circuit(signal->port);
	const bool is_keyed = has_keys(signal->digits);
	const bool is_number =
	    is_keyed && is_number_of_keys(step, signal->digits);

	step->input = is_line ? SIGNAL_OFFHOOK : SIGNAL_SETUP;
	if (!is_number && is_read_by_keys(signal))
		return begin_by_keys(step, signal);
	memcpy(call->CALLED, signal->digits, DIGITS_MAX);
	if (is_keyed && !is_number)
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
	call->route = ROUTE_NONE;
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
		step->row = &shutdown; /* T45 */
		conclude(step, LOCAL_SHUTDOWN, SIDE_NET);
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
