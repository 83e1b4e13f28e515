/*
 * Private to sim/: what generated traffic is made of.
 *
 * arrival.c is when calls begin, placing.c between whom, pool.c which lines are
 * free; subscriber.c is who sits at a port and what they do in a call, and
 * far_end.c those at circuits; traffic.c is what an operator may ask for.
 */
#ifndef SIM_TRAFFIC_INTERNAL_H
#define SIM_TRAFFIC_INTERNAL_H

#include "calls/exchange/office_trunk.h"
#include "sim/random.h"
#include "sim/traffic.h"
#include "switch/object.h"

enum { TRAFFICS_MAX = MARKS_MAX, TRAFFIC_NAME_SIZE = 32, POOLS_MAX = 255 };

enum role { ROLE_NONE, ROLE_CALLER, ROLE_CALLED };
enum action {
	ACTION_CALL, /* of a source: it has been idle for long enough */
	ACTION_DIAL,
	ACTION_ALERT,
	ACTION_ANSWER,
	ACTION_REJECT,
	ACTION_HOLD,
	ACTION_RETRIEVE,
	ACTION_TRANSFER,
	ACTION_HANGUP
};

/* At a line, or at the far end of a circuit: 32 bytes, by port. */
struct subscriber {
	uint64_t call;	 /* that a circuit has, or 0 */
	uint64_t seed;	 /* of its call */
	uint32_t peer;	 /* the other port of its call, or PORT_NONE */
	uint32_t serial; /* of its call */
	uint32_t number; /* of a caller: whom it calls (placing.c) */
	uint8_t traffic; /* its number, from 1; 0: it is in none */
	uint8_t pool;	 /* of a line, likewise */
	uint8_t role : 2;
	bool is_busy : 1; /* in a call of ours, or a source: not in the pool */
	bool is_holding : 1;
	bool can_hold : 1, can_transfer : 1; /* as its call began */
	bool is_in_vain : 1;		     /* nobody could be reached */
	bool is_dialling : 1;		     /* has had his dial tone */
	uint8_t dialled;		     /* digits, of one who is slow */
};
_Static_assert(sizeof(struct subscriber) == 32, "a million must be cheap");

/* Lines in the order of their numbers, of which the next free one is taken. */
struct pool {
	struct range range; /* "": all lines */
	bool is_of_sources;
	uint32_t *lines;
	uint32_t count, next;
	uint32_t free; /* how many */
};

/* One who tries again after a while. */
struct redial {
	struct redial *next, **link;
	struct traffic *traffic;
	uint64_t seed;
	uint32_t line; /* who, or LINE_NONE: at a far end */
	uint32_t number;
};

/* How the rate goes on: from `from`, at `since`, to `to`, at `until`. */
struct ramp {
	double from, to; /* per second */
	uint64_t since, until;
};

struct traffic {
	struct traffics *all;
	char name[TRAFFIC_NAME_SIZE];
	uint8_t number, mark;
	struct random random;
	struct traffic_options options;
	struct pool *callers, *called; /* or NULL: at far ends */
	struct ramp ramp;  /* of arrivals, or those of one idle source */
	uint64_t numbers;  /* beyond this office: how many there are, or 0 */
	uint64_t next_one; /* of them that is called next */
	uint64_t first;	   /* of them, as a number */
	/* arrival.c */
	double anchor; /* µs of the run, from which it counts on */
	double need;   /* arrivals from there to the next one */
	double next;   /* µs of the run: that one */
	uint64_t end;
	uint32_t serial; /* of what was planned */
	struct redial *redials;
	bool is_running;
	uint64_t unmade, unreached, begun, late_us;
};

/* What calls that begin now can do. */
struct ability {
	uint16_t behaviour; /* of which that is known; 0: of none */
	bool can_hold, can_transfer;
};

/* What they do at the far ends of a trunk group. */
struct far {
	const struct mix *mix; /* or NULL: it is not said */
	struct random random;
};

struct traffics {
	unsigned int magic;
#define TRAFFICS_MAGIC 0x7d18e3b2
	struct scheduler *scheduler;
	struct office *office;
	uint64_t seed;
	struct ability ability;
	struct subscriber *lines, *circuits; /* by id */
	uint32_t lines_count, circuits_count;
	uint64_t *free;	 /* a bit for each line */
	struct far *far; /* by trunk group */
	uint32_t far_count;
	unsigned int count, pools_count;
	struct traffic *traffics[TRAFFICS_MAX];
	struct pool *pools[POOLS_MAX];
	struct shelf_entry *kept; /* traffic_shelf.c */
};

/*
 * arrival.c: begins and goes on with another rate; how many µs after `from` a
 * stream of that rate has brought `need` more, UINT64_MAX: never before it
 * ends.
 */
void arrival_begin(struct traffic *traffic);
void arrival_change(struct traffic *traffic, const struct ramp *ramp);
double arrival_after(const struct traffic *traffic, double from, double need);
/* The rate at that time, but for the hour. */
double arrival_ramp(const struct traffic *traffic, uint64_t at);

/* placing.c: begins a call, of a line, or anybody's; whether it came to be. */
bool placing_of_line(struct traffic *traffic, uint32_t line, uint64_t seed);
void placing_next(struct traffic *traffic);
/* The digits that a caller dials: 0 to DIGITS_MAX of them. */
void placing_digits(const struct traffic *traffic,
    const struct subscriber *caller, char *digits);
/* Whether calls that begin now can be held; be left to somebody else. */
bool placing_can_hold(struct traffics *traffics);
bool placing_can_transfer(struct traffics *traffics);
/* Somebody else who is free, of the called. */
uint32_t placing_other(struct traffic *traffic);
/* Who called in vain may try again; whether he will. */
bool placing_again(
    struct traffic *traffic, uint32_t line, const struct subscriber *caller);
void placing_forget(struct traffic *traffic);

/*
 * pool.c: one of that range, made if there is none.  -EINVAL, -ENOMEM with one
 * clause in `why`.  LINE_NONE: none is free.
 */
int pool_find(struct traffics *traffics, const struct range *range,
    uint32_t sources, struct pool **ret_pool, char *why, unsigned int size);
uint32_t pool_take(struct traffics *traffics, struct pool *pool);
bool pool_take_line(struct traffics *traffics, uint32_t line);
void pool_give(struct traffics *traffics, uint32_t line);
/* Those made last, but for the first `count`, are not wanted after all. */
void pools_drop(struct traffics *traffics, unsigned int count);
void pool_free(struct pool *pool);

/*
 * subscriber.c.  Who sits at that port; NULL nobody that is ours.  One for each
 * line, for each circuit up to that one; -ENOMEM.
 */
struct subscriber *subscriber_at(
    const struct traffics *traffics, uint32_t port);
int subscribers_grow(struct traffics *traffics);
int subscribers_grow_to_circuit(struct traffics *traffics, uint32_t port);
/* What they will touch is fetched ahead, from now on. */
void subscribers_fetch(struct traffics *traffics);

static inline struct traffic *
subscriber_traffic(
    const struct traffics *traffics, const struct subscriber *subscriber)
{
	return subscriber->traffic == 0
	    ? NULL
	    : traffics->traffics[subscriber->traffic - 1];
}

/* It is in a call of that traffic from now on; in none any more. */
void subscriber_begin(struct traffics *traffics, uint32_t port,
    const struct traffic *traffic, enum role role, uint64_t seed);
void subscriber_give_back(struct traffics *traffics, uint32_t line);
void subscriber_plan(struct traffics *traffics, uint32_t port,
    enum action action, uint64_t after);
/* What who is called will do, if he is: of that mix. */
void subscriber_be_called(
    struct traffics *traffics, uint32_t port, const struct mix *mix);
/* What a caller will do, whose call has begun. */
void subscriber_call(struct traffics *traffics, uint32_t port);
void subscriber_hang_up(struct traffics *traffics, uint32_t port);
/* The call of a caller is over; whom it called may never have heard of it. */
void subscriber_end(
    struct traffics *traffics, struct subscriber *caller, uint32_t port);
bool subscriber_hears_the_end(enum tone tone);
bool subscriber_hears_in_vain(enum tone tone);

/* far_end.c: a call from there; what they do who are called there. */
void far_end_begin(struct traffics *traffics, uint32_t port,
    const struct traffic *traffic, uint64_t call, uint64_t seed);
const struct mix *far_end_mix(const struct traffics *traffics, uint32_t port);
void far_end_hear(void *arg, uint32_t port); /* office_far_end_f */

/* traffic_shelf.c */
void traffic_shelf_clear(struct traffics *traffics);

/* subscriber.c: what the office tells, office_terminal_f. */
void subscriber_hear(
    void *arg, uint32_t line, enum line_state state, enum tone tone);

#endif
