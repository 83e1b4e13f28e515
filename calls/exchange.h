/*
 * exchange: what a call may ask of the office, as verbs for its handler.
 *
 * Like all verbs they happen when the handler has returned, and not at all if
 * it does not.  A line that a call has seized is the call's until it gives it
 * back or ends; the runtime sees to that.
 */
#ifndef CALLS_EXCHANGE_H
#define CALLS_EXCHANGE_H

#include "calls/signalling.h"
#include "switch/module.h"

/*
 * A port is what a side of a call is wired to: a line, by its id, or a circuit
 * of a trunk group, by its id and this bit.  Verbs that work on either are
 * called port_*; those that only a line can have, line_*.
 */
#define PORT_CIRCUIT 0x80000000U
#define PORT_NONE    UINT32_MAX
#define LINE_NONE    PORT_NONE

#define TARIFF_NONE UINT16_MAX

static inline bool
port_is_circuit(uint32_t port)
{
	return port != PORT_NONE && (port & PORT_CIRCUIT) != 0;
}

/* Why a call ended, where Q.850 has no word for it. */
#define LOCAL_REASONS(X)                                                       \
	X(NONE)                                                                \
	X(ABANDON)                                                             \
	X(CANCEL)                                                              \
	X(ADMIN)                                                               \
	X(CRASH)                                                               \
	X(UPGRADE_REJECT)                                                      \
	X(SHUTDOWN)                                                            \
	X(XFER_ATT) X(CONF) X(TRUNK) X(PICKUP) X(SERVICE) X(CREDIT) X(PREEMPTED)

#define LOCAL_REASON_ENUM(symbol) LOCAL_##symbol,
enum local_reason { LOCAL_REASONS(LOCAL_REASON_ENUM) LOCAL_REASONS_COUNT };
#undef LOCAL_REASON_ENUM

enum side { SIDE_NONE, SIDE_A, SIDE_B, SIDE_NET, SIDE_C };

/* Of what kind a line is: `lines -class`; and the calls that it makes. */
#define LINE_CLASSES(X) X(ordinary) X(priority) X(emergency) X(test)

#define LINE_CLASS_ENUM(symbol) CLASS_##symbol,
enum line_class { LINE_CLASSES(LINE_CLASS_ENUM) };
#undef LINE_CLASS_ENUM

/* What digits lead to. */
enum translation_verdict {
	TRANSLATION_NONE,     /* no number begins so */
	TRANSLATION_PARTIAL,  /* longer numbers begin so */
	TRANSLATION_COMPLETE, /* a number, none longer */
	TRANSLATION_EITHER,   /* a number, and longer ones begin so */
	TRANSLATION_LOOP      /* ported numbers that lead to each other */
};
#define ROUTE_NONE UINT32_MAX
struct translation {
	uint16_t verdict; /* enum translation_verdict */
	uint16_t class;	  /* enum line_class, of line or route */
	/* Of COMPLETE and EITHER one of these: */
	uint32_t line;
	uint32_t route; /* its id stays that of its prefix */
};
#define TRANSLATION_NOWHERE                                                    \
	((struct translation){ TRANSLATION_NONE, 0, LINE_NONE, ROUTE_NONE })
MODULE_VERB struct translation exchange_translate(
    struct self *self, const char *digits);

/*
 * The number of that call, the running one, is known, and of what class it is:
 * 0 it goes on; -EBUSY the gate is closed to it, so it is turned away, counted
 * as gapped, and needs no record (T48); -EINVAL; -ENOSPC.
 */
MODULE_VERB int exchange_admit(
    struct self *self, uint64_t call, enum line_class class);

/*
 * What a call costs, in micro-units: for being answered, for the first
 * interval, and for each one that follows.  No interval is of 0 ms.
 * TARIFF_NONE, and nothing else: it is free, as is each emergency call.
 */
struct tariff_view {
	uint16_t tariff; /* its number: not given anew while a call has it */
	uint16_t spare;
	uint32_t setup_micro, first_micro, first_ms, next_micro, next_ms;
};

/*
 * What a subscriber has asked for, or the office forbids him.  X(symbol, word,
 * what the word behind it says)
 */
/* clang-format off */
#define SERVICES(X)                                                            \
	X(cfu, "cfu", NUMBER)		     /* forwarded: unconditional */    \
	X(cfb, "cfb", NUMBER)		     /* on busy */                     \
	X(cfnr, "cfnr", NUMBER)		     /* on no reply */                 \
	X(call_waiting, "call-waiting", ON)                                    \
	X(transfer, "transfer", ON)                                            \
	X(three_way, "three-way", ON)                                          \
	X(hot, "hot", NUMBER)		     /* called when it is lifted */    \
	X(warm, "warm", NUMBER)		     /* ... and nothing is dialled */  \
	X(bar_out, "bar-out", NUMBER)	     /* calls to what begins so */     \
	X(bar_in, "bar-in", ALL)                                               \
	X(suspended, "suspended", ON)                                          \
	X(group, "group", NAME)		     /* for pickup */
/* clang-format on */
#define SERVICE_ENUM(symbol, word, value) SERVICE_##symbol,
enum service_kind { SERVICES(SERVICE_ENUM) SERVICES_COUNT };
#undef SERVICE_ENUM

/* One service of one line; all zero: it does not have it. */
struct service {
	char number[DIGITS_MAX + 1]; /* where it is about one */
	uint32_t after_ms;	     /* of cfnr; 0: as Tcfnr is */
	uint16_t group;		     /* its number, from 1 on */
	uint8_t is_on;
	uint8_t spare;
};
MODULE_VERB struct service line_service(
    struct self *self, uint32_t line, enum service_kind kind);

/* Whether one of its bars (SERVICE_bar_out) is against these digits. */
MODULE_VERB bool line_bars(
    struct self *self, uint32_t line, const char *digits);

/*
 * Gives a line of this call a service about that number ("" where it is about
 * none), or takes it away (NULL): what a subscriber may do by a code (T52).
 * -EINVAL it is not this call's line, or `kind` or number is none; -ENOSPC.
 */
MODULE_VERB int line_set_service(struct self *self, uint32_t line,
    enum service_kind kind, const char *number);

/*
 * Takes the line for this call, at once for all who look from here on; as
 * its caller, the line whose off-hook or SETUP began the call.  -EBUSY it is
 * taken; -ENXIO it is parked or out of service; -ENOSPC; -EINVAL no such line.
 */
MODULE_VERB int port_seize(struct self *self, uint32_t port, bool is_caller);

/*
 * Likewise the second place of a line that talks in a call: it waits there from
 * port_setup() on, till the line talks in it or it is given back.  -EBUSY it
 * talks in none, or has two calls.
 */
MODULE_VERB int line_seize_second(struct self *self, uint32_t line);

/* The line talks in this one of its calls from now on. */
MODULE_VERB int line_talk(struct self *self, uint32_t line);

/* Whether the line holds the other side in this call, from now on. */
MODULE_VERB int line_hold(struct self *self, uint32_t line, bool is_held);

/* Gives it back: idle, or parked with disconnect tone while off-hook. */
MODULE_VERB int port_free(struct self *self, uint32_t port);

/*
 * SETUP to a seized line: an analog one rings and says ALERTING at once, an
 * ISDN one when its terminal does.
 */
MODULE_VERB int port_setup(struct self *self, uint32_t port, uint32_t caller);

/* What the subscriber hears from now on. */
MODULE_VERB int port_tone(struct self *self, uint32_t port, enum tone tone);

/* STATUS with `cause`: what the subscriber asked for is not done (T27). */
MODULE_VERB int port_status(struct self *self, uint32_t port, uint8_t cause);

/* Who ends a call to that line: `lines -control first|calling|called`. */
enum line_control { CONTROL_FIRST, CONTROL_CALLING, CONTROL_CALLED };

/* What is to be known of a port: the physical facts (T89), and its control. */
struct port_view {
	uint8_t is_offhook, is_ringing, is_mine, is_isdn;
	uint8_t control;   /* enum line_control */
	uint8_t is_called; /* it has SETUP, and has not said yes or no */
	uint8_t is_idle;
	uint8_t circuit; /* if it is one: CIRCUIT_ bits, never 0 */
	uint8_t cause;	 /* with which its far end has gone */
	uint8_t waits;	 /* it hears this call, and has not answered it yet */
	uint8_t spare[2];
};
enum {
	CIRCUIT_THERE = 1,
	CIRCUIT_SS7 = 2,
	CIRCUIT_OURS = 4, /* we have the say when both ends seize it (T62) */
	CIRCUIT_GONE = 8, /* its far end has left, or it has failed */
	CIRCUIT_DOWN = 16
};
MODULE_VERB struct port_view port_look(struct self *self, uint32_t port);

/*
 * Trunks.  One target of a route, the next in its order of those that are not
 * in `tried` (a bit for each), is looked at, and if it is a group with a free
 * circuit, that is taken for the call of `caller`; `dialled` is what led to the
 * route, or "": as before.  What was tried is in ret.tried.
 */
struct seizure {
	int32_t status; /* 0; -EXFULL no circuit is free; -ENOLINK it is an
			   announcement; -ENOENT none is left; -ELOOP the
			   call has passed as many exchanges as it may;
			   -ENOSPC */
	uint32_t port;
	uint16_t tried;
	uint8_t goes_on; /* there are others */
	uint8_t spare;
};
MODULE_VERB struct seizure route_seize(struct self *self, uint32_t route,
    uint16_t tried, uint32_t caller, const char *dialled);

/* Whether a target of the route is not in `tried`. */
MODULE_VERB bool route_goes_on(
    struct self *self, uint32_t route, uint16_t tried);

/*
 * Pre-emption, where no target of the route of an emergency call has a free
 * circuit: whether another call has one that may be taken from it.  That call
 * gets PREEMPT, and its circuit is kept for the one of `caller`, which gets
 * CIRCUIT_FREE; -ENOENT there is none such.  Then, or when it gives up waiting:
 * whether one that is kept for it is free; it is taken, as by route_seize().
 * What is kept is so until the call ends, or lets go of it.
 */
MODULE_VERB bool route_may_preempt(
    struct self *self, uint32_t route, uint32_t caller);
MODULE_VERB int route_preempt(
    struct self *self, uint32_t route, uint32_t caller);
MODULE_VERB bool route_is_kept(struct self *self, uint32_t caller);
MODULE_VERB struct seizure route_take_kept(
    struct self *self, uint32_t route, uint32_t caller, const char *dialled);
MODULE_VERB int route_unkeep(struct self *self, uint32_t caller);

/*
 * A signal to the far end of a circuit; of lines an ISDN terminal alone is told
 * anything, and that is RELEASE: it is awaited until it has confirmed that.
 */
MODULE_VERB int port_send(
    struct self *self, uint32_t port, uint16_t kind, uint8_t cause);

/* As port_free(); the far end of a circuit gets RELEASE with this cause. */
MODULE_VERB int port_release(struct self *self, uint32_t port, uint8_t cause);

/* T62: it becomes the circuit of the call whose SETUP has come over it. */
MODULE_VERB int circuit_yield(struct self *self, uint32_t port);

/* T85: who is there says nothing any more; it is blocked, with an alarm. */
MODULE_VERB int port_withdraw(struct self *self, uint32_t port);

/*
 * Timers that an operator may set.  How long that one runs, in µs, or 0: nobody
 * has set it, it is as the call says.
 */
#define OFFICE_TIMERS(X)                                                       \
	X(T301)                                                                \
	X(T302)                                                                \
	X(T303)                                                                \
	X(T305)                                                                \
	X(T308)                                                                \
	X(T310)                                                                \
	X(Tdial) X(Tcfnr) X(Tcw) X(Tsusp) X(Trecall) X(Ttreat) X(Tpreempt)
#define OFFICE_TIMER_ENUM(symbol) OFFICE_TIMER_##symbol,
enum office_timer { OFFICE_TIMERS(OFFICE_TIMER_ENUM) OFFICE_TIMERS_COUNT };
#undef OFFICE_TIMER_ENUM
MODULE_VERB uint64_t exchange_timer(struct self *self, enum office_timer timer);

/*
 * µs: how long a digit is waited for if nobody has set that, the first one, the
 * next, and one that need not come, as there is a number without it; for who
 * collects digits, be it a call or the office.
 */
enum {
	PAUSE_TDIAL = 20 * 1000000,    /* ours */
	PAUSE_T302 = 15 * 1000000,     /* Q.931: 10 to 15 s */
	PAUSE_T302_SHORT = 4 * 1000000 /* ours; T302 is never longer then */
};

/* Answers a signal that has no row in the state: STATUS 101, counted (T43). */
MODULE_VERB int exchange_unexpected(
    struct self *self, const struct message *event);

/* A signal or timer that came too late is counted, no more (T83, T88). */
MODULE_VERB int exchange_late(struct self *self, const struct message *event);

/*
 * A second call from a line of this one, under a number that is to be its own
 * (0: the next one), with the digits of its number, or none yet:
 * it begins on this scheduler and in this version, one unit with this call, and
 * the line talks in it.  -EINVAL the line is not this call's; -EBUSY it has two
 * calls; -ENOSPC.
 */
MODULE_VERB int exchange_consult(
    struct self *self, uint32_t line, const char *digits, uint64_t number);

/* How far the other call of a line is, as the line can hear. */
enum other_stage { OTHER_BEGINS, OTHER_ALERTING, OTHER_ACTIVE, OTHER_ENDS };

/* The other call of a line that has two; number 0: it has none. */
struct other_call {
	struct pid pid; /* PID_NONE while it is not yet born */
	uint64_t number;
	uint64_t t_alert; /* stamp */
	uint32_t far;	  /* the port at its other side, or PORT_NONE */
	uint8_t stage;	  /* enum other_stage */
	uint8_t talks;	  /* the line talks in it, and not in this one */
	uint8_t is_bound; /* the one is a consultation of the other; without
			   * one: none may begin now, for this call is a
			   * consultation, or nobody would start it */
	uint8_t is_held;  /* the line holds the other side there */
};
MODULE_VERB struct other_call line_other_call(struct self *self, uint32_t line);

/* The line talks in its other call from now on. */
MODULE_VERB int line_exchange(struct self *self, uint32_t line);

/*
 * Its other call goes on as an ordinary one, and not as a consultation: signals
 * of the line are for the one that it talks in.
 */
MODULE_VERB int line_unlink(struct self *self, uint32_t line);

/*
 * The two calls of a line become one: the port at the far side of the other is
 * this call's from now on, the line has only this call, and the other ends with
 * a record of its own, cause 16 and `reason`.  Until the end of this event the
 * port may be spoken of as if it were this call's.  -EINVAL nobody is there.
 */
MODULE_VERB int exchange_join(
    struct self *self, uint32_t line, enum local_reason reason);

/* Likewise, but whoever is at its far side goes with it. */
MODULE_VERB int exchange_end_other(
    struct self *self, uint32_t line, enum local_reason reason);

/*
 * A call that is ended by another one, so or so, runs its terminate() with
 * REASON_SHUTDOWN and this number, plus the local reason.
 */
enum { ENDED_BY_ANOTHER = 0x100 };

/* These two ports of the call hear each other from now on. */
MODULE_VERB int port_connect(struct self *self, uint32_t one, uint32_t other);

/*
 * Looks for a call that rings at a line of the same group, of `number` if that
 * is not "", and which no other has claimed: the one that rings longest.  It is
 * claimed by `line` at once, gets PICKUP, and the line is handed to it with the
 * end of this event: this call has it no more.  -ENOENT nothing rings there;
 * -ENOSPC: then it must not go on.
 */
MODULE_VERB int exchange_pick_up(
    struct self *self, uint32_t line, const char *number);

/*
 * The line that was handed to this call, or LINE_NONE.  It is admitted, and one
 * of this call's ports from now on; or turned away, and given back.  -EINVAL
 * none was handed.
 */
MODULE_VERB uint32_t exchange_claimant(struct self *self, uint64_t call);
MODULE_VERB int exchange_join_claimant(struct self *self, uint64_t call);
MODULE_VERB int exchange_refuse_claimant(struct self *self, uint64_t call);

/* A digit after the number, which nobody waits for (T70): for its record. */
MODULE_VERB int exchange_overdial(struct self *self, uint64_t call);

/*
 * Legs: the paths that a call tries, each from the moment when it is opened to
 * its end, and who pays for it.  They have numbers from 1 in their call; the
 * exchange keeps their facts and writes a record of each that ends.  The
 * module knows how they are charged, and says so when it closes them; those
 * that are open when the call ends are closed by the exchange, free of charge.
 *
 * All verbs act at once, for what the call asks next, and are undone if the
 * event is.  -EINVAL there is no such leg, or the call is another's; -ENOSPC.
 */
#define LEG_KINDS(X)                                                           \
	X(dialled) X(forward) X(consult) X(transfer) X(pickup) X(moved)
#define REDIRECT_REASONS(X) X(none) X(unconditional) X(busy) X(no_reply)

#define LEG_ENUM(symbol) LEG_##symbol,
enum leg_kind { LEG_KINDS(LEG_ENUM) LEG_KINDS_COUNT };
#undef LEG_ENUM
#define REDIRECT_ENUM(symbol) REDIRECT_##symbol,
enum redirect_reason { REDIRECT_REASONS(REDIRECT_ENUM) REDIRECT_REASONS_COUNT };
#undef REDIRECT_ENUM

enum { LEGS_MAX = 100 }; /* of a call: redirections and routes are bounded */

struct leg_opening {
	uint64_t call;
	uint32_t payer;	 /* a port; PORT_NONE: nobody, it is free */
	uint32_t port;	 /* a line: its tariff is the leg's; or PORT_NONE */
	uint16_t tariff; /* if no line says it */
	uint8_t kind;	 /* what a consultation has dialled is `consult` */
	uint8_t reason;	 /* enum redirect_reason, of a forward */
	char called[DIGITS_MAX + 1];
};
/* The number of the leg, or -errno. */
MODULE_VERB int leg_open(struct self *self, const struct leg_opening *opening);

/*
 * Whether whoever would pay has what it begins with: 0, or -EDQUOT his account
 * is prepaid, and what is left of it is less than set-up and first interval.
 */
MODULE_VERB int leg_afford(
    struct self *self, const struct leg_opening *opening);

/*
 * All open ones that have had no answer have it now: they are charged, each by
 * its own tariff as it is at this moment, by the rule of that number.
 */
MODULE_VERB int leg_answer(struct self *self, uint64_t call, uint8_t rule);

struct leg_view {
	struct tariff_view prices; /* of its answer; before that, of now */
	uint64_t t_answer;	   /* a stamp, or 0 */
	uint32_t payer;
	uint32_t far;	/* the port that it leads to, be it by forwarding */
	uint16_t count; /* legs that the call has opened, this among them */
	uint8_t is_open, kind, rule, reason;
	uint8_t changes; /* other prices hold at other times: leg_price() */
	uint8_t spare;
};
MODULE_VERB struct leg_view leg_look(
    struct self *self, uint64_t call, unsigned int number);

/* Of an answered leg: what holds at that stamp, and until when; 0: for ever. */
struct leg_price {
	struct tariff_view prices;
	uint64_t until; /* a stamp */
};
MODULE_VERB struct leg_price leg_price(
    struct self *self, uint64_t call, unsigned int number, uint64_t at);

struct leg_closing {
	uint64_t call, t_end, charge_micro;
	uint32_t pulses; /* intervals charged */
	uint8_t number, cause;
	uint8_t timer; /* by whose expiry: 1 + enum office_timer; or 0 */
	uint8_t spare;
};
MODULE_VERB int leg_close(struct self *self, const struct leg_closing *closing);

/*
 * The record of a call, in the words of calls/database/.  The exchange adds
 * what the call cannot know: versions, upgrades, pause, faults, numbers, and
 * what its legs came to.
 *
 * A stamp is the time of the run in µs and one more, so that 0 is `never` and
 * a call may be answered at the run's first instant.
 */
struct call_record {
	uint64_t call;
	uint64_t t_seize; /* a stamp, of the exchange's own */
	uint64_t t_dialled, t_alert, t_answer, t_release; /* likewise */
	uint64_t hold_us;
	uint32_t port_a, port_b; /* or PORT_NONE */
	uint32_t overdial;	 /* that the call has counted itself */
	uint16_t attempts;	 /* routes tried */
	uint8_t cause, local_reason, release_side;
	uint8_t diagnostic; /* a cause as well: how it came to its end; or 0 */
	char dialled[DIGITS_MAX + 1];
};

/*
 * Writes the record of this call, once: -EINVAL it is written, or that call is
 * another's.  A call that ends without one gets it from the exchange.
 */
MODULE_VERB int exchange_record(
    struct self *self, const struct call_record *record);

#endif
