/* counter: what the tests say to the processes of tests/modules/counter.c. */
#ifndef TESTS_MODULES_COUNTER_H
#define TESTS_MODULES_COUNTER_H

#include "switch/module.h"

enum {
	COUNTER_TICK = 1,   /* counts, and has the peer count */
	COUNTER_COUNT,	    /* counts */
	COUNTER_PHASE,	    /* the first byte is the new phase */
	COUNTER_STOP,	    /* ends normally */
	COUNTER_USE_CURRENT /* asks for the current version */
};

struct counter_start {
	uint64_t key;
	struct pid peer; /* or PID_NONE */
	char note[8];
};

#endif
