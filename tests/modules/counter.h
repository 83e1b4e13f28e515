/* counter: what the tests say to the processes of tests/modules/counter.c. */
#ifndef TESTS_MODULES_COUNTER_H
#define TESTS_MODULES_COUNTER_H

#include "switch/module.h"

enum {
	COUNTER_TICK = 1,    /* counts, and has the peer count */
	COUNTER_COUNT,	     /* counts */
	COUNTER_PHASE,	     /* the first byte is the new phase */
	COUNTER_STOP,	     /* ends normally, in the phase of the first byte */
	COUNTER_USE_CURRENT, /* asks for the current version */
	COUNTER_ARM,	     /* timer by the first byte, ms in the second */
	COUNTER_NEXT,	     /* counts, if it is the number after the count */
	COUNTER_ASK,	     /* sends COUNTER_LATER to its peer */
	COUNTER_LONG,	     /* is busy for some milliseconds, then counts */
	COUNTER_GIVE_UP,     /* ends with an error */
	/* Only steps/2 and 3 declare it. */
	COUNTER_LATER = EVENT_PRIVATE + 1
};

/* Why the fixture broken/abi is refused. */
#define COUNTER_TEXT(number)  COUNTER_TEXT_(number)
#define COUNTER_TEXT_(number) #number
#define COUNTER_WRONG_ABI     "ABI 99, want " COUNTER_TEXT(MODULE_ABI)

/* What is added to the count, so that one sees what has come. */
enum {
	COUNTER_TIMEOUTS = 1000,
	COUNTER_LATERS = 10000,
	COUNTER_UNKNOWNS = 100000
};

struct counter_start {
	uint64_t key;
	struct pid peer; /* or PID_NONE */
	char note[8];
};

#endif
