/*
 * attempt: the calls that live, as the exchange knows them.
 *
 * An attempt begins when a line goes off-hook for a call, gets its process a
 * moment later, and ends with it.  What stands here is what the exchange has
 * seen with its own eyes; it is enough to write a record of a call whose
 * process can say nothing any more.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_ATTEMPT_H
#define CALLS_EXCHANGE_ATTEMPT_H

#include "calls/exchange/annex.h"
#include "calls/exchange/leg.h"

/* POOL_BEFORE: besides its number; it was asked by one who is no more. */
enum { POOL_BEFORE = 0x80, POOL_ANY = UINT8_MAX - 1, POOL_NONE };

/* What nobody knows any more when its record is written later. */
struct attempt_end {
	uint64_t at; /* a stamp */
	uint32_t pause_us;
	uint16_t born, behaviour, upgrades, crashes;
};

struct attempt {
	uint64_t number; /* 1, 2, ... in a run; 0: this place is free */
	struct pid pid;	 /* PID_NONE: not yet started */
	uint64_t t_seize, t_alert, t_answer; /* stamps */
	uint32_t port_a, port_b; /* port_b: PORT_NONE until it is called */
	struct leg_account legs;
	uint32_t next;	   /* in its chain, or of the free ones */
	uint32_t annex;	   /* or ANNEX_NONE */
	uint16_t services; /* bits of enum call_service that it had */
	uint8_t mark;	   /* who counts it apart (mark.h), or MARK_NONE */
	uint8_t pool;	   /* that was asked for a process, or POOL_NONE */
	uint8_t ended_by;  /* its other call: 1 + enum local_reason; or 0 */
	uint8_t class;	   /* enum line_class */
	uint8_t gated;	   /* 1 + enum gate_reason: it is marked (T1); or 0 */
	bool is_recorded : 1;
	bool is_rejected : 1; /* it was told to end (office_reject_call) */
	bool is_dialled : 1;  /* its number is known, and it goes on */
	bool is_gapped : 1;   /* it was turned away (T48): no call any more */
	bool is_three : 1;    /* three talk in it: two calls have become one */
	bool is_undone : 1;   /* its start, whose process that was: not born */
	bool in_register : 1; /* its digits are collected there: no call yet */
};

struct attempts;

/* -ENOMEM; there is no room before attempts_reserve(). */
int attempts_alloc(struct attempts **ret_attempts);
void attempts_free(struct attempts **attemptsp);

/* Room for `capacity` of them at once. */
int attempts_reserve(struct attempts *attempts, uint32_t capacity);

/* A number that no other has, for one that may begin. */
uint64_t attempts_number(struct attempts *attempts);

/* A new one, with such a number; ATTEMPT_NONE (line.h) without room. */
uint32_t attempts_begin(
    struct attempts *attempts, uint64_t number, uint32_t line);
void attempts_end(struct attempts *attempts, uint32_t place);

/*
 * Ends it too, but as no memory was left for its record it keeps its place,
 * behind those that do.  The first of them, or ATTEMPT_NONE; its place is free.
 */
void attempts_owe(struct attempts *attempts, uint32_t place);
uint32_t attempts_owed(const struct attempts *attempts);
void attempts_settle(struct attempts *attempts);

/*
 * What only some have: made if there is none, or NULL without memory; as it is,
 * or annex_empty.
 */
struct annex *attempts_make_annex(struct attempts *attempts, uint32_t place);
const struct annex *attempts_annex(
    const struct attempts *attempts, uint32_t place);
void attempts_drop_annex(struct attempts *attempts, uint32_t place);
/* Whether the one was begun by the other, as its consultation. */
bool attempts_is_begun_by(
    const struct attempts *attempts, uint32_t place, uint32_t other);
/* The call that its record is found by. */
uint64_t attempts_linked(const struct attempts *attempts, uint32_t place);

/* How one ends, or has ended, that has left no record. */
struct attempt_end *attempts_end_of(
    const struct attempts *attempts, uint32_t place);

struct attempt *attempts_at(const struct attempts *attempts, uint32_t place);
uint32_t attempts_place(
    const struct attempts *attempts, const struct attempt *attempt);

/* It is touched soon: asks for it, or (what it must be there for) its chain. */
void attempts_fetch(const struct attempts *attempts, uint32_t place);
void attempts_fetch_chain(const struct attempts *attempts, uint32_t place);

/* The place of a live call by its number, or ATTEMPT_NONE. */
uint32_t attempts_find(const struct attempts *attempts, uint64_t number);

uint32_t attempts_live(const struct attempts *attempts);
/* Places in use, or owed, lie below this one; those free have number 0. */
uint32_t attempts_span(const struct attempts *attempts);

#endif
