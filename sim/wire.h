/*
 * wire: what befalls the signals of far ends on their way to the switch.
 *
 * As `fault messages` and chaos ask for: a share of them, or the next so many,
 * is lost (drop), comes up to two seconds late and so perhaps behind another
 * (delay), or comes twice (duplicate).  What is drawn is of a stream of its
 * own.  A far end whose DISCONNECT or RELEASE is lost hears nothing of it and
 * says RELEASE after T308, again and again: so every call ends.
 */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/random.h"

struct arguments;
struct scenario;

/* X(word of `fault`, column of `messages`) */
#define WIRE_FAULTS(X)                                                         \
	X(drop, dropped)                                                       \
	X(delay, delayed)                                                      \
	X(duplicate, duplicated)
#define WIRE_ENUM(word, column) WIRE_##word,
enum wire_fault { WIRE_FAULTS(WIRE_ENUM) WIRE_FAULTS_COUNT };
#undef WIRE_ENUM

/* One kind of fault, for as long as `share` is above 0. */
struct wire_order {
	double share;
	uint64_t left;	    /* so many more, at most */
	uint64_t done;	    /* of all orders */
	uint16_t signal;    /* or 0: any */
	unsigned int times; /* begun and ended, so far */
};

struct wire {
	struct random random;
	bool is_laid; /* the office asks */
	struct wire_order orders[WIRE_FAULTS_COUNT];
	struct wire_late *late; /* on their way */
	unsigned int serial;
};

/* `fault messages ...` and `heal messages`, as action_do(). */
int wire_begin(struct scenario *scenario, const struct arguments *arguments);
void wire_heal(struct scenario *scenario);

/* Of all signals that share, till `until` µs of the run.  -ENOSPC. */
int wire_disturb(struct scenario *scenario, enum wire_fault fault, double share,
    uint64_t until);

/* Those on their way are nobody's any more. */
void wire_forget(struct scenario *scenario);

#endif
