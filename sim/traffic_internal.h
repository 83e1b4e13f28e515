/*
 * Private to sim/: what generated traffic is made of.
 *
 * subscriber.c is who sits at a port and what they do in a call; traffic.c is
 * when calls begin, and between whom.
 */
#ifndef SIM_TRAFFIC_INTERNAL_H
#define SIM_TRAFFIC_INTERNAL_H

#include "calls/exchange/office_trunk.h"
#include "sim/random.h"
#include "sim/traffic.h"
#include "switch/object.h"

enum { TRAFFICS_MAX = 255, TRAFFIC_NAME_SIZE = 32 };

enum role { ROLE_NONE, ROLE_CALLER, ROLE_CALLED };
enum action { ACTION_CALL, ACTION_ALERT, ACTION_ANSWER, ACTION_HANGUP };

/* At a line, or at the far end of a circuit. */
struct subscriber {
	uint64_t call;	 /* that a circuit has, or 0 */
	uint32_t peer;	 /* the other port of its call, or PORT_NONE */
	uint32_t serial; /* of its call */
	uint8_t traffic; /* its number, from 1; 0: it is in none */
	uint8_t role;
	bool is_in_ring;
	bool is_gapped; /* its call was, so it does not end */
};

/* Free lines, first in, first out. */
struct ring {
	uint32_t *lines;
	uint32_t size, first, count;
};

struct traffic {
	struct traffics *all;
	char name[TRAFFIC_NAME_SIZE];
	struct random random;
	struct traffic_options options;
	struct ring free_callers, free_called;
	double rate;	   /* of arrivals per second, or of one idle source */
	uint64_t numbers;  /* beyond this office: how many there are, or 0 */
	uint64_t next_one; /* of them that is called next */
	double next;	   /* µs of the run: the next arrival */
	uint64_t begun, end, arrivals;
	struct traffic_counts counts;
};

struct traffics {
	unsigned int magic;
#define TRAFFICS_MAGIC 0x7d18e3b2
	struct scheduler *scheduler;
	struct office *office;
	uint64_t seed;
	struct subscriber *lines, *circuits; /* by id */
	uint32_t lines_count, circuits_count;
	unsigned int count;
	struct traffic *traffics[TRAFFICS_MAX];
};

/* traffic.c: a source has been idle for as long as it would be. */
void traffic_call_from(struct traffic *traffic, uint32_t line);

/*
 * subscriber.c.  Who sits at that port; NULL nobody that is ours.  One for each
 * line, for each circuit up to that one; -ENOMEM.
 */
struct subscriber *subscriber_at(
    const struct traffics *traffics, uint32_t port);
int subscribers_grow(struct traffics *traffics);
int subscribers_grow_to_circuit(struct traffics *traffics, uint32_t port);

static inline struct traffic *
subscriber_traffic(
    const struct traffics *traffics, const struct subscriber *subscriber)
{
	return traffics->traffics[subscriber->traffic - 1];
}

/* The next free line of the ring that nobody else has taken meanwhile. */
uint32_t subscriber_take_free(struct traffics *traffics, struct ring *ring);
/* It is in no call any more: for the ring, or idle till its next call. */
void subscriber_give_back(struct traffics *traffics, uint32_t line);
void subscriber_push(struct ring *ring, uint32_t line);

/* A call from the far end of a circuit has begun. */
void subscriber_begin_far(struct traffics *traffics, uint32_t port,
    struct traffic *traffic, uint64_t call);
void subscriber_hang_up(struct traffics *traffics, uint32_t port);

/* What the office tells: office_terminal_f, office_far_end_f. */
void subscriber_hear(
    void *arg, uint32_t line, enum line_state state, enum tone tone);
void subscriber_far_end(void *arg, uint32_t port);

#endif
