/*
 * line: the subscriber lines of the office, their physical state and owner.
 *
 * A line is wired to one telephone.  It knows whether the handset is lifted,
 * whether it rings, what the subscriber hears, which call it belongs to, and
 * the line at the other end.  What subscribers and calls do to it comes
 * through office_line.c and verbs.c; here each change is made whole, logged,
 * and told to the terminal.
 *
 * With several schedulers terminals are told at home alone, later, and in
 * order (notice.h); each line that a call has keeps room for the notice that
 * it is free again.  For whoever has the office's lock.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_LINE_H
#define CALLS_EXCHANGE_LINE_H

#include "calls/exchange/notice.h"
#include "calls/exchange/numbering.h"
#include "calls/exchange/office.h"

struct scheduler;
struct trace;

#define ATTEMPT_NONE UINT32_MAX

/* The call of a line that has two which it does not talk in. */
struct line_other {
	struct pid owner;
	uint32_t attempt, peer; /* of a place that is free the next, or NONE */
	uint8_t tone;		/* that it would hear */
	uint8_t is_held;	/* by the line: it talks to nobody there */
	uint8_t is_waiting;	/* it has not been answered yet */
};

/* 32 bytes, of which a million must be cheap. */
struct line {
	struct pid owner;    /* the call it belongs to, or PID_NONE */
	uint32_t attempt;    /* its place; of a called line from SETUP on */
	uint32_t peer;	     /* the other side's port, or PORT_NONE */
	uint8_t kind;	     /* enum line_kind */
	uint8_t state;	     /* enum line_state */
	uint8_t tone;	     /* enum tone */
	uint8_t status;	     /* cause of the last STATUS in this call */
	bool is_offhook : 1; /* of ISDN: its terminal is in a call */
	bool is_called : 1;  /* SETUP was given and not yet answered */
	bool is_held : 1;    /* as of the other call */
	bool is_waiting : 1; /* likewise: the other one has gone meanwhile */
	bool is_blocked : 1; /* out of service: no call begins or ends there */
	bool is_down : 1;    /* nor does anybody reach its terminal */
	bool is_withdrawn : 1; /* as its number is: with its calls it goes */
	bool is_grouped : 1;   /* it is in a pickup group */
	bool is_silent : 1;    /* its ISDN terminal confirms no RELEASE */
	bool is_released : 1;  /* which it has been told, in this call */
	bool changes_kind : 1; /* when it is idle */
	uint16_t tariff;       /* of calls to it, or TARIFF_NONE */
	uint8_t control;       /* enum line_control */
	uint8_t class;	       /* enum line_class */
	uint16_t account;      /* who pays, or ACCOUNT_NONE */
	uint32_t other; /* its second place, if it has two calls; or NONE */
};

struct lines {
	unsigned int magic;
#define LINES_MAGIC 0x71d3c80f
	struct scheduler *at; /* on whose thread somebody works on them */
	struct numbering *numbering;
	struct notices *notices; /* NULL: terminals are told at once */
	struct line *lines;	 /* by id */
	struct line_other *others;
	uint32_t others_room, others_free;
	uint32_t count, room;
	office_terminal_f *terminal; /* may be NULL */
	struct trace *trace; /* who is told what reaches a line, or NULL */
	void *terminal_arg;
};

int lines_alloc(struct lines **ret_lines, struct scheduler *scheduler);
void lines_free(struct lines **linesp);

/* As office_add_lines(). */
int lines_add(struct lines *lines, const char *first, const char *last,
    enum line_kind kind);

/* Takes the lines back that were added last. */
void lines_drop_last(struct lines *lines);

/* As office_withdraw_lines() and office_restore_lines(). */
int lines_set_withdrawn(struct lines *lines, const char *first,
    const char *last, bool is_withdrawn);

/* NULL if there is no such line. */
/* Of that kind, at once if it is idle; false: when it is. */
bool lines_set_kind(struct lines *lines, uint32_t id, enum line_kind kind);
struct line *lines_at(const struct lines *lines, uint32_t id);

/*
 * Room for what a terminal will be told: to be asked for before a line is
 * reserved or taken, or a change is promised, and given back when that will
 * not be; lines_give_back() does so for its line.  -ENOMEM.
 */
int lines_promise(struct lines *lines);
void lines_redeem(struct lines *lines);

/* At home: takes notices that terminals have not had; tells one of them. */
uint32_t lines_take_notices(
    struct lines *lines, struct notice *ret_notices, uint32_t max);
void lines_tell(const struct lines *lines, struct notice notice);

/* Lifts or puts back the handset: a fact, whoever owns the line. */
void lines_hook(struct lines *lines, uint32_t id, bool is_offhook);

/*
 * It is lifted, or was and had no call yet, and hears that there is no room for
 * one: parked, and by that tone told from those that are after a call.
 */
void lines_turn_away(struct lines *lines, uint32_t id);
bool line_is_turned_away(const struct line *line);

/* It is kept for the call that it begins, or belongs to a call from now on. */
void lines_reserve(struct lines *lines, uint32_t id, uint32_t attempt);
void lines_take(struct lines *lines, uint32_t id, struct pid owner);

/* It is called by that port; the two are the sides of that call. */
void lines_setup(struct lines *lines, uint32_t id, uint32_t caller,
    uint32_t attempt, struct pid owner);

/* Its other side is that circuit, or is it no more. */
void lines_set_peer(struct lines *lines, uint32_t id, uint32_t port);
void lines_disconnect(struct lines *lines, uint32_t id, uint32_t port);

void lines_ring(struct lines *lines, uint32_t id);
void lines_answer(struct lines *lines, uint32_t id);
/* It no longer rings, though the call has not yet heard why. */
void lines_refuse(struct lines *lines, uint32_t id);
void lines_tone(struct lines *lines, uint32_t id, enum tone tone);
void lines_status(struct lines *lines, uint32_t id, uint8_t cause);

/*
 * A second call of a line that has one: what is said of the line from here on
 * is about the new one, till they are exchanged.  -ENOMEM.  The other call of a
 * line, or NULL; it is that call's no more.
 */
int lines_add_call(struct lines *lines, uint32_t id);
struct line_other *lines_other(const struct lines *lines, uint32_t id);
void lines_exchange(struct lines *lines, uint32_t id);
void lines_drop_other(struct lines *lines, uint32_t id);

/* It is no call's, and waits for that one to take it; or is to end with it. */
void lines_hand(struct lines *lines, uint32_t id, uint32_t attempt);

/*
 * A second call of a line that has one; from lines_wait() on it waits there.
 * -ENOMEM.  The line talks in the call of `owner`, of
 * its calls, from now on, and that waits no more.
 */
int lines_take_second(struct lines *lines, uint32_t id, struct pid owner);
void lines_wait(struct lines *lines, uint32_t id, uint32_t caller,
    uint32_t attempt, struct pid owner);
void lines_talk(struct lines *lines, uint32_t id, struct pid owner);
bool lines_waits(const struct lines *lines, uint32_t id);

/* The line holds the other side in the call of `owner`, or no more. */
void lines_hold(
    struct lines *lines, uint32_t id, struct pid owner, bool is_held);

/*
 * Out of service, for the next call, or failed; what its calls are told of
 * that, and it of them, is up to office.c.
 */
void lines_set_blocked(struct lines *lines, uint32_t id, bool is_blocked);
void lines_set_down(struct lines *lines, uint32_t id, bool is_down);
bool line_is_out(const struct line *line);
/* As it is for who asks: blocked, or withdrawn, as long as no call has it. */
enum line_state line_state_seen(const struct line *line);

/*
 * An ISDN terminal is told RELEASE: it clears, and would say so, unless it is
 * silent or has failed.
 */
void lines_release(struct lines *lines, uint32_t id, uint8_t cause);
bool line_confirms(const struct line *line);
void lines_set_silent(struct lines *lines, uint32_t id, bool is_silent);

/* Whether a call has it. */
bool line_is_taken(const struct line *line);
/* What the subscriber hears. */
enum tone lines_heard(const struct lines *lines, uint32_t id);

/*
 * Of the line's calls the one of `from` is that of `to` from now on, whose
 * place that is; nothing if it has none.  Two lines hear each other in the call
 * of `owner`, which both belong to.
 */
void lines_move(struct lines *lines, uint32_t id, struct pid from,
    struct pid to, uint32_t attempt);
void lines_connect(
    struct lines *lines, uint32_t one, uint32_t other, struct pid owner);

/* It is no call's any more: idle, or parked while off-hook. */
void lines_give_back(struct lines *lines, uint32_t id);

#endif
