/*
 * toy: what the benchmarks say to the calls of toy.c.
 *
 * tests/bench/beam/toy.erl is the same call in Erlang: the same states, the
 * same fields, the same events.  No event makes a call read a clock: each
 * brings its time along, so that neither side's clock is measured.
 */
#ifndef TESTS_BENCH_TOY_H
#define TESTS_BENCH_TOY_H

#include "switch/module.h"

enum {
	TOY_ALERTING = 1, /* presented -> alerting */
	TOY_ANSWER,	  /* alerting -> active */
	TOY_TICK,	  /* active: a charging pulse */
	TOY_HANGUP,	  /* any -> ends normally */
	TOY_CRASH,	  /* probe.c only: notes the time, then faults */
	TOY_PROBE,	  /* probe.c only: notes the time, answers TOY_DONE */
	TOY_ASK,	  /* any: answered at once, with the same body */
	TOY_ANSWERED
};

struct toy_start {
	uint64_t key;
	uint64_t at; /* µs */
	uint32_t line_a, line_b;
	char digits[16];
};

struct toy_event {
	uint64_t at; /* µs */
	uint32_t pulses;
};

/* Linked into the program; the loaded one is found by its name. */
extern const struct module toy_module;	 /* toy.c, as it is loaded */
extern const struct module floor_module; /* toy.c, with verbs that do nothing */
extern const struct module probe_module; /* probe.c */

#endif
