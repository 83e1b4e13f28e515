/*
 * trunk: the trunk groups of the office and their circuits.
 *
 * A circuit leads to another exchange, and carries one call at a time, which
 * was begun at this end or at the other one.  Here are which call has it, what
 * has been heard from the far end of it, whether it can be used, and what its
 * group has counted.  What the two ends say to each other passes through
 * verbs_circuit.c and office_trunk.c.
 *
 * For whoever has the office's lock.  Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_TRUNK_H
#define CALLS_EXCHANGE_TRUNK_H

#include "calls/exchange/office_trunk.h"

#define CIRCUIT_NONE UINT32_MAX

/* What has been heard last from the far end of a circuit that has a call. */
enum far_end {
	FAR_NOTHING, /* it was seized at this end, or SETUP has no answer yet */
	FAR_PROCEEDING,
	FAR_ALERTING,
	FAR_ANSWERED,	  /* or: the call is the far end's, and still there */
	FAR_DISCONNECTED, /* from here on it has left the call */
	FAR_RELEASED,
	FAR_CLEARED /* RELEASE COMPLETE: it waits for nothing any more */
};

/* A call that the far end has sent SETUP of, and which has no process yet. */
struct circuit_setup {
	uint64_t number; /* of the call, or 0 */
	char calling[DIGITS_MAX + 1], called[DIGITS_MAX + 1];
	uint8_t hops; /* as struct annex has them */
};

struct circuit {
	struct pid owner;	 /* the call it belongs to, or PID_NONE */
	uint32_t attempt;	 /* its place, or ATTEMPT_NONE */
	uint32_t peer;		 /* the port of the other side, or PORT_NONE */
	uint32_t route;		 /* by which it was seized, or ROUTE_NONE */
	uint32_t next, previous; /* in the queue of those that are free */
	uint32_t keeper; /* the attempt that it is kept for, or ATTEMPT_NONE */
	uint16_t trunk, number;	     /* of the group; from 1 in it */
	uint16_t tariff;	     /* of calls that were sent there */
	uint8_t far, tone;	     /* enum far_end, enum tone */
	uint8_t cause;		     /* with which the far end has left */
	bool is_incoming, is_set_up; /* by the far end; SETUP was sent */
	bool is_released;	     /* RELEASE was sent */
	bool has_alerted;
	uint64_t t_answer; /* a stamp, or 0 */
	bool is_blocked, is_down, is_withdrawn;
	bool has_failed; /* it was down in its call, which has ended there */
	bool is_untold;	 /* its far end does not know what has changed */
	uint32_t untold; /* the next such one */
	struct circuit_setup glare;  /* SETUP that met one of ours */
	char digits[DIGITS_MAX + 1]; /* sent to, or come from the far end */
};

/* Since the run began. */
struct trunk_counts {
	uint64_t bids, first_bids, overflow, seizures, answers, effective,
	    bill_ms, glare;   /* first: not after another group */
	uint64_t incoming;    /* seizures by the far end */
	uint64_t busy_us;     /* busy circuits times time */
	uint64_t all_busy_us; /* time in which no circuit was to be had */
};

/*
 * Bids in batches of one size, and how many of each found no circuit: when all
 * places are taken, two become one.
 */
enum { TRUNK_BATCHES_MAX = 64, TRUNK_BATCH_BIDS = 16 };
struct trunk_batches {
	uint32_t size, count;	 /* bids of each; batches that are full */
	uint32_t bids, overflow; /* of the one that is not */
	struct {
		uint64_t end; /* µs of the run */
		uint32_t overflow;
	} batch[TRUNK_BATCHES_MAX];
};

/* By the first route that leads to a group first: of its numbers, or 0. */
struct trunk_numbers {
	char prefix[DIGITS_MAX + 1];
	uint8_t shortest, longest;
};

struct trunk {
	char name[TRUNK_NAME_SIZE];
	struct trunk_numbers numbers, drafted; /* and by routes to come */
	uint32_t count, made;	 /* circuits; and with those it had once */
	uint32_t *ids;		 /* of these, by number, from 1 on */
	uint32_t busy, usable;	 /* of them: blocked, down nor withdrawn */
	uint32_t oldest, newest; /* of those that are free, or CIRCUIT_NONE */
	uint64_t *free;		 /* a bit for each circuit that can be taken */
	uint64_t counted_at;	 /* µs: up to there is busy_us counted */
	uint64_t began_at;	 /* µs: it was made */
	uint8_t kind, direction, control, hunt;
	bool is_silent, is_blocked, is_down;
	struct trunk_counts counts;
	struct trunk_counts before; /* as they were until counted_at */
	uint32_t busy_before;
	struct trunk_batches batches;
	uint16_t sources[TRUNK_SOURCES_MAX]; /* whose overflow it takes */
	uint32_t sources_count;
};

struct scheduler;
struct trace;

struct trunks {
	unsigned int magic;
#define TRUNKS_MAGIC 0x43ab09e6
	struct scheduler *at; /* on whose thread somebody works on them */
	struct trace *trace;  /* who is told what reaches a circuit, or NULL */
	struct trunk *trunks;
	struct circuit *circuits;
	uint32_t trunks_count, circuits_count;
	uint32_t untold_first, untold_last;
	office_far_end_f *far_end; /* may be NULL */
	void *far_end_arg;
};

int trunks_alloc(struct trunks **ret_trunks, struct scheduler *scheduler);
void trunks_free(struct trunks **trunksp);

/* trunk_make.c: as office_add_trunk(), _change_trunk() and _withdraw_trunk().
 */
int trunks_add(struct trunks *trunks, const struct trunk_plan *plan);
int trunks_change(struct trunks *trunks, const struct trunk_plan *plan);
void trunks_withdraw(struct trunks *trunks, uint32_t trunk);

/* How many circuits would have to be made for it, if it is sound. */
uint32_t trunks_lack(
    const struct trunks *trunks, const struct trunk_plan *plan);

/* What a group has beside its circuits; words of its bits. */
void trunk_free_shelves(struct trunk *trunk);
size_t trunk_words(uint32_t circuits);

/* TRUNK_NONE, NULL: there is none, or none any more. */
uint32_t trunks_find(const struct trunks *trunks, const char *name);
struct trunk *trunks_at(const struct trunks *trunks, uint32_t trunk);
struct circuit *circuits_at(const struct trunks *trunks, uint32_t id);
struct trunk *trunk_of(const struct trunks *trunks, uint32_t id);

/* That of a port, or NULL; its port; the id of one that is a circuit's. */
struct circuit *circuit_of_port(const struct trunks *trunks, uint32_t port);
uint32_t circuit_port(uint32_t id);
uint32_t circuit_id(uint32_t port);

/* "T1 3": `text` of CIRCUIT_TEXT_SIZE bytes. */
enum { CIRCUIT_TEXT_SIZE = TRUNK_NAME_SIZE + 8 };
const char *circuit_text(const struct trunks *trunks, uint32_t id, char *text);

/* Whether the office has the say when both ends seize it at once. */
bool circuit_is_ours(const struct trunks *trunks, uint32_t id);

/*
 * A circuit that can be taken, at this end or by the far end, which hunts from
 * the other side; CIRCUIT_NONE there is none, or not in this direction.
 */
uint32_t trunk_hunt(
    const struct trunks *trunks, uint32_t number, bool is_incoming);
bool circuit_is_free(const struct circuit *circuit);
bool circuit_is_busy(const struct circuit *circuit); /* somebody has it */

/* It is kept for the attempt; a process has it; nobody has it any more. */
void circuits_reserve(
    struct trunks *trunks, uint32_t id, uint32_t attempt, bool is_incoming);
void circuits_take(struct trunks *trunks, uint32_t id, struct pid owner);
void circuits_give_back(struct trunks *trunks, uint32_t id);

/*
 * Nobody but that attempt gets it when it is free; or anybody (ATTEMPT_NONE).
 * It is free, but for that.
 */
void circuits_keep(struct trunks *trunks, uint32_t id, uint32_t attempt);
bool circuit_is_kept_free(const struct circuit *circuit);

/* Out of service, or not, with a call on it or without. */
void circuits_set_blocked(struct trunks *trunks, uint32_t id, bool is_blocked);
void circuits_set_down(struct trunks *trunks, uint32_t id, bool is_down);
/* Or no circuit of its group any more, but for the call that it has. */
void circuits_set_withdrawn(
    struct trunks *trunks, uint32_t id, bool is_withdrawn);

/*
 * Its far end has to be told; at home, one that has not been told so far, which
 * it then is: CIRCUIT_NONE there is none.
 */
void circuits_tell(struct trunks *trunks, uint32_t id);
uint32_t circuits_take_untold(struct trunks *trunks);

void circuits_tone(struct trunks *trunks, uint32_t id, enum tone tone);

/* A line of the log: what passes at it, "circuit T1 3 release cause 16". */
void circuits_log(const struct trunks *trunks, uint32_t id, const char *way,
    const char *word, uint8_t cause);

/* What is counted, to be changed now; a bid is. */
struct trunk_counts *trunk_counts(
    const struct trunks *trunks, struct trunk *trunk);
void trunk_count_bid(
    const struct trunks *trunks, struct trunk *trunk, bool is_seizure);

/* It takes overflow of the group at that place. */
/* The standard error of blocking, by batch means; below 0: not known yet. */
double trunk_blocking_error(const struct trunk *trunk);
void trunk_note_source(struct trunk *trunk, uint16_t source);

/* The call that was sent over the circuit is over, with that cause. */
void circuit_count_end(
    const struct trunks *trunks, uint32_t id, uint8_t cause, uint64_t stamp);

/* Counts what goes by the clock up to now. */
void trunk_count_time(const struct trunks *trunks, struct trunk *trunk);

#endif
