/*
 * Private to switch/: the schedulers of one switch, and how they stand still.
 *
 * Each has a thread, a store and a base of its own.  They share what stands
 * here: the tables of behaviours and of names, the event log, the rings
 * between each two, and, in virtual time, the clock.
 *
 * A scheduler that finds nothing to do rests until it is roused: in real time
 * in its libevent base, in virtual time here.  Home may halt all others; then,
 * and in virtual time whenever all rest, it alone runs.  Virtual time moves
 * only so: it is a barrier.
 *
 * Not here: what travels through the rings (courier.h).
 */
#ifndef SWITCH_NODE_H
#define SWITCH_NODE_H

#include <pthread.h>
#include <stdatomic.h>

#include "switch/ring.h"
#include "switch/scheduler_internal.h"

/* How one scheduler stands to the others. */
struct station {
	/* Seen by those who give it something: then it must be roused. */
	atomic_bool rests;
	atomic_bool is_called;	/* its attendant is wanted */
	atomic_bool wants_room; /* in a ring that was full */
	atomic_uint_fast64_t turns;
	/* The mutex covers these. */
	bool stands; /* or has no thread */
	bool is_roused;
	uint64_t due; /* µs: when it wants to go on by itself */
};

struct retired;

struct node {
	unsigned int magic;
#define NODE_MAGIC 0x40de5a11
	unsigned int count;
	enum pace pace;
	unsigned int times; /* as fast as the clock; in virtual time 0 */
	struct behaviours *behaviours;
	struct registry *registry;
	struct log *log;
	struct alarms *alarms;
	struct record_queue *records;
	struct scheduler *scheduler[SCHEDULERS_MAX];
	struct ring **rings; /* [from * count + to] */
	uint64_t started;    /* ns of the machine's clock */
	atomic_bool stops, halts;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned int halted; /* how often, nested */
	uint64_t now;	     /* µs, in virtual time */
	struct retired *retired;
	struct station station[SCHEDULERS_MAX];
};

int node_alloc(struct node **ret_node, const struct scheduler_options *options);
void node_free(struct node **nodep);

static inline struct ring *
node_ring(const struct node *node, unsigned int from, unsigned int to)
{
	return node->rings[from * node->count + to];
}

/* It was given something: it goes on if it rests.  From any thread. */
void node_rouse(struct node *node, unsigned int number);

/* Whether somebody has given it something that it has not yet taken. */
bool node_has_mail(const struct scheduler *scheduler);

/*
 * Virtual time.  A peer: returns when there may be something to do again, the
 * clock read.  Home: true when all others rest and nothing is on its way;
 * false when home itself has something to do.
 */
void node_rest(struct scheduler *peer, uint64_t due);
bool node_is_quiet(struct scheduler *home);
/* Home, while it is quiet: the earliest, in µs, that another wants; it is then.
 */
uint64_t node_due(const struct node *node);
void node_move(struct node *node, uint64_t now);

/* Whether another has been roused since it rested. */
bool node_has_roused(struct node *node);

/* The threads begin; one ends; all shall end. */
void node_open(struct node *node);
void node_leave(struct scheduler *scheduler);
void node_stop(struct node *node);

/* At each turn: a peer stands still while it is told to. */
void node_begin_turn(struct scheduler *scheduler);

/* Home, at each turn: retires what can be; whether there was any. */
bool node_retire_due(struct node *node);

#endif
