/*
 * Private to calls/exchange/: what the office is made of.
 *
 * verbs.c changes it for calls, office_line.c for subscribers, office_trunk.c
 * for far ends, office_provision.c for the operator; cdr.c makes records of it,
 * audit.c looks whether it is in order.
 */
#ifndef CALLS_EXCHANGE_OFFICE_INTERNAL_H
#define CALLS_EXCHANGE_OFFICE_INTERNAL_H

#include <pthread.h>

#include "calls/exchange/account.h"
#include "calls/exchange/attempt.h"
#include "calls/exchange/cdr.h"
#include "calls/exchange/credit.h"
#include "calls/exchange/gate.h"
#include "calls/exchange/line.h"
#include "calls/exchange/mark.h"
#include "calls/exchange/office.h"
#include "calls/exchange/office_trunk.h"
#include "calls/exchange/routing.h"
#include "calls/exchange/service.h"
#include "calls/exchange/stray.h"
#include "calls/exchange/ringing.h"
#include "calls/exchange/tariff.h"
#include "calls/exchange/trunk.h"

enum { WHY_SIZE = 96 };

/* What calls do to the switch, as effects and as things held. */
enum office_effect {
	EFFECT_SEIZED_CALLER, /* a: line, b: attempt */
	EFFECT_SEIZED,	      /* a: line */
	EFFECT_SETUP,	      /* a: line, b: caller */
	EFFECT_TONE,	      /* a: line, b: tone */
	EFFECT_STATUS,	      /* a: line, b: cause */
	EFFECT_FREED,	      /* a: line */
	EFFECT_UNEXPECTED,    /* a: port or PORT_NONE, b: kind of the signal */
	EFFECT_LATE,	      /* a, b: likewise */
	EFFECT_OVERDIAL,      /* a: attempt */
	EFFECT_RECORDED,      /* a: attempt */
	EFFECT_CONSULTED,     /* a: line, b: attempt */
	EFFECT_SERVICE,	      /* a: line, b: what and which (verbs_service.c) */
	EFFECT_EXCHANGED,     /* a: line */
	EFFECT_UNLINKED,      /* a: line, b: number of its other call */
	EFFECT_JOINED,	      /* a: line, b: far side, or none, and why */
	EFFECT_CONNECTED,     /* a: port, b: port */
	EFFECT_ADMITTED,      /* a: attempt, b: its class before */
	EFFECT_GAPPED,	      /* a: attempt */
	EFFECT_LEG_OPENED,    /* a: leg */
	EFFECT_LEG_ANSWERED,  /* a: leg */
	EFFECT_LEG_CLOSED,    /* a: leg, b: charge */
	EFFECT_LEG_MOVED,     /* a: leg, b: leg */
	EFFECT_SECOND,	      /* a: line */
	EFFECT_TALKS,	      /* a: line */
	EFFECT_HELD,	      /* a: line, b: whether it is */
	EFFECT_ISDN_RELEASED, /* a: line, b: cause */
	EFFECT_ISDN_WITHDRAWN, /* a: line */
	/* a: circuit, in all of verbs_circuit.c and its like; b: */
	EFFECT_CIRCUIT_CALLER, /* attempt */
	EFFECT_CIRCUIT_SEIZED,
	EFFECT_CIRCUIT_OVERFLOW, /* a: trunk group */
	EFFECT_CIRCUIT_SETUP,	 /* the caller's port */
	EFFECT_CIRCUIT_TONE,	 /* tone */
	EFFECT_CIRCUIT_SENT,	 /* signal, cause */
	EFFECT_CIRCUIT_FREED,	 /* cause */
	EFFECT_CIRCUIT_YIELDED,	 /* attempt of the call that gets it */
	EFFECT_CIRCUIT_WITHDRAWN,
	EFFECT_CIRCUIT_KEPT,   /* attempt */
	EFFECT_CIRCUIT_UNKEPT, /* attempt */
	EFFECT_HANDED,	       /* a: line, b: attempt that gets it */
	EFFECT_CLAIMED,	       /* a: line, b: attempt that has got it */
	EFFECT_REFUSED,	       /* a: attempt */
	EFFECTS_COUNT
};

/*
 * One call at a time is followed, from its begin to when its process runs:
 * what it has waited is what the next one will wait, about.
 */
struct gate_probe {
	uint64_t call;	 /* its number; 0: none waits */
	uint64_t since;	 /* µs of the run */
	uint64_t waited; /* µs, of the last one */
};

struct trace;

struct office {
	unsigned int magic;
#define OFFICE_MAGIC 0x3f7a90e4
	struct scheduler *scheduler; /* home */
	uint64_t week_us; /* civil time at the run's zero, since Monday 0:00 */
	bool is_shared;	  /* by several: then there is a mutex */
	pthread_mutex_t mutex; /* covers what follows */
	struct lines *lines;
	struct trunks *trunks;
	struct trace *trace;	  /* or NULL: nobody wants it */
	struct trace *trace_kept; /* that, or one that is wanted no more */
	struct routing *routing;  /* replaced by office_reload() */
	struct tariffs *tariffs;
	struct services *services;
	struct ringing ringing;
	struct attempts *attempts;
	struct legs *legs;
	struct accounts *accounts;
	struct credits *credits;
	struct measures *measures;
	struct marks *marks;
	struct office_counts counts;
	struct strays strays[STRAY_KINDS];
	struct office_counts before; /* as they were before this instant */
	uint64_t counted_at;	     /* µs: up to there is busy_us counted */
	struct office_counts seen;   /* the last that was asked for */
	uint64_t timers[OFFICE_TIMERS_COUNT]; /* µs; 0: nobody has set it */
	struct reception *reception;
	bool leaves_records; /* neither CDRs nor legs are to be kept */
	struct gate gate;
	struct gate_probe probe;
	bool is_shut;	     /* to the last ordinary call */
	office_room_f *room; /* for records; or NULL */
	void *room_arg;
	office_wire_f *wire; /* what befalls signals of far ends; or NULL */
	void *wire_arg;
	uint8_t effect[EFFECTS_COUNT]; /* numbers given by the scheduler */
	uint8_t holding_line, holding_circuit, holding_call, holding_kept;
	char why[WHY_SIZE];
};

/*
 * office.c: begins and ends work on the office, on the thread of `at`, whose
 * clock and log it uses.  In between nobody else is in it; and nobody touches
 * module memory, or asks for others to halt.
 */
struct office *office_enter(struct scheduler *at);
void office_leave(struct office *office);

/*
 * line_call.c: the call that a signal from a line is for; that which is of the
 * number, if the line is in it; that which is told when the line goes on-hook
 * in another, or none.
 */
struct line_call {
	struct pid owner;
	uint32_t attempt;
};
struct line_call line_call_for(
    const struct office *office, uint32_t id, enum signal_kind kind);
struct line_call line_call_in(
    const struct office *office, uint32_t id, uint64_t number);
struct line_call line_call_left(const struct office *office, uint32_t id);

/*
 * office_far.c: a signal of the far end to the circuit's call; the number of
 * that call, or 0.  office_trunk.c: "circuit T1 3: it has a call", -ENOTSUP.
 */
int office_post_circuit(struct office *office, const struct circuit *circuit,
    const struct signal *signal, enum signal_kind kind);
uint64_t office_call_at_circuit(
    const struct office *office, const struct circuit *circuit);
int office_refuse_circuit(struct office *office, uint32_t port,
    const char *clause, const char **ret_why);

/* office_trunk.c: at home, what calls on any scheduler have done to circuits.
 */
void office_tell_far_ends(struct office *office);

/* verbs.c: makes the effects and holdings known to the scheduler. */
void verbs_install(struct office *office);

/*
 * leg_verbs.c: closes all that a call has left open, and makes the one that
 * every call has; for the verb that writes its record, with the cause and the
 * end that stand there.
 */
int leg_close_all(struct self *self, const struct call_record *record);

/*
 * leg_verbs.c: the tariff of a leg since its answer; before that, what it would
 * have now.
 */
uint16_t leg_tariff(const struct office *office, const struct leg *leg);
/* leg_move.c: it is of an emergency call, and nobody pays for it. */
bool leg_is_emergency(const struct office *office, const struct leg *leg);
/* What holds at that stamp of the bands of a tariff. */
uint16_t leg_band(const struct office *office, uint16_t tariff, uint64_t stamp);
/*
 * Who pays for it, by the account that he has now: it stays so, whatever is
 * made of his line.  That account, or NULL.
 */
void leg_set_payer(
    const struct office *office, struct leg *leg, uint32_t payer);
struct account *leg_payer(const struct office *office, const struct leg *leg);

/*
 * leg_record.c: what the recorder is told of a leg that ends.  Of what kind one
 * is that its caller has dialled: in a consultation another.  The one that a
 * call has which never came to open any.  What a call without a process has
 * left open, given to `give` until that returns an error, and then again; its
 * record then says how many there were.
 */
struct leg_record leg_record_of(
    const struct office *office, const struct leg *leg);
uint8_t leg_first_kind(const struct office *office, const struct leg *leg);
void leg_fill_only_one(const struct office *office, struct leg *leg,
    const struct call_record *record);
int leg_give_open(struct office *office, struct attempt *attempt,
    struct cdr *cdr, office_owed_f *give, void *arg);

/*
 * verbs_gate.c: whether a call of that class, with these digits or none, may
 * come in; else 1 + enum gate_reason.  It has begun, with that answer: if it
 * may not, it is marked (T1).  It is turned away, without a process (T2).
 */
enum { GATE_LETS_IN };
uint8_t gate_ask(
    struct office *office, enum line_class class, const char *digits);
void gate_mark(struct office *office, struct attempt *attempt, uint8_t answer);
void gate_turn_away(struct office *office, uint8_t answer);
/* Its process runs, or it will have none. */
void gate_started(struct office *office, uint64_t call);

/* office.c: now, as calls/exchange.h says of stamps. */
uint64_t office_stamp(const struct office *office);

/*
 * office_attempt.c, for the reception: this call's process has been asked of a
 * pool. The process could not be started: the call ends with a record of its
 * own (cause 41), and its line is free.  Nothing, if it has a process.  The
 * last: so of all that were asked of that pool and have none, or of POOL_ANY
 * and of nobody.
 */
void office_start_asked(struct office *office, uint64_t call, uint8_t pool);
void office_start_failed(struct office *office, uint64_t call);
void office_starts_failed(struct office *office, uint8_t pool);
/*
 * A new process hears of attempts.  What was announced to one before it has
 * failed; whether there are any that such a one has asked a pool for.  Those
 * of a pool, once it is known that there they have none coming.
 */
bool office_inherit_starts(struct office *office);
void office_starts_lost(struct office *office, uint8_t pool);
/* Whether there is an attempt of that number that has no process. */
bool office_awaits_start(struct office *office, uint64_t call);

/*
 * office_trunk.c: what is at the other end of a port, a line's number or what
 * a circuit was sent or brought; "" of none.  DIGITS_MAX + 1 bytes.
 */
void office_port_text(const struct office *office, uint32_t port, char *text);

/* verbs_circuit.c: it is let go, with the last word its far end is owed. */
void circuit_let_go(struct office *office, uint32_t id, uint8_t cause);

/* office_attempt.c: there can be so many attempts at once. */
uint32_t office_attempts_room(const struct office *office);

/*
 * office_attempt.c: an attempt is on its way to a pool, and counted;
 * CAUSE_TIMER_RECOVERY: no more digits come, and they are to be read as they
 * were dialled (register.h).  The records that are owed are sent, as long as
 * there is memory.
 */
int office_announce(struct office *office, uint32_t place, const char *digits,
    enum cause cause);
void office_settle(struct office *office);

/*
 * office_lift.c: an idle line is lifted, with the whole number or (digits "")
 * with none, and room for its notice.  NULL, or why no call can begin.
 */
const char *office_lift(struct office *office, uint32_t line,
    const char *digits, uint64_t *ret_call);

/* office_trunk.c: the attempt that a port belongs to, or ATTEMPT_NONE. */
uint32_t office_attempt_at(const struct office *office, uint32_t port);
/* pickup.c: a line that was handed to the call of that place is given back. */
void pickup_end(struct office *office, uint32_t place);

/* office_attempt.c: the attempt is over, for whatever reason. */
/*
 * It waits for its process; not one that has ended and owes its record, nor one
 * that is in the register.
 */
bool office_is_unborn(const struct office *office, uint32_t place);
void office_end_attempt(struct office *office, uint32_t place);

/*
 * cdr.c: adds to `record` what its call cannot know; what is to be counted of
 * it.
 */
struct measured_call cdr_fill(struct office *office,
    const struct attempt *attempt, const struct call_record *record,
    struct cdr *ret_cdr);

/*
 * cdr.c: whether what ends at that stamp does so because the call was told to
 * end, and had no other end before that.
 */
bool cdr_is_rejection(const struct office *office,
    const struct attempt *attempt, uint64_t t_release);

/* cdr_party.c: whom it has connected by which way, and who pays what. */
void cdr_fill_parties(const struct office *office,
    const struct attempt *attempt, struct cdr *cdr);

/*
 * cdr.c: how the call ends, now.  The record of one that left none, from that
 * and from what the office saw; sends it.  -ENOSPC: it is owed.
 */
void cdr_note_end(struct office *office, const struct attempt *attempt);
void cdr_of_crash(
    struct office *office, const struct attempt *attempt, struct cdr *ret_cdr);
int cdr_write_crash(struct office *office, struct attempt *attempt);
/* Whether records are kept in this run, now or by the next recorder; and those
 * of that kind at all. */
bool cdr_is_wanted(const struct office *office);
bool cdr_is_made(const struct office *office, uint16_t kind);

/* cdr.c: a record has been taken: counts and log. */
void cdr_taken(struct office *office, const struct attempt *attempt,
    const struct measured_call *measured);
void cdr_taken_of_crash(struct office *office, const struct attempt *attempt,
    const struct cdr *cdr);

#endif
