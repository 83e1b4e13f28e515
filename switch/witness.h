/*
 * witness: one who is told of every event of the processes that run loaded
 * modules, as it happens.
 *
 * He is told on the thread of their scheduler, under HOST, and only looks: he
 * may send records, and nothing else.  What he is given lasts for the call.
 */
#ifndef SWITCH_WITNESS_H
#define SWITCH_WITNESS_H

#include <stdbool.h>

#include "switch/module.h"

struct behaviour;
struct scheduler;

enum witness_moment {
	WITNESS_BEFORE,	  /* an event is about to be handled */
	WITNESS_AFTER,	  /* it was, and what it asked for is done */
	WITNESS_UNDONE,	  /* it faulted, and nothing of it has happened */
	WITNESS_CONVERTED /* the process has gone to another version */
};

struct witnessed {
	enum witness_moment moment;
	struct pid pid;
	const struct behaviour *behaviour; /* as it is from here on */
	const void *state;
	const struct message *message; /* NULL of CONVERTED */
	bool is_start, is_end; /* it is the process's first, or its last */
	const char *word;      /* of the message, as in the log; or "" */
	struct reason reason;  /* of UNDONE */
};

typedef void witness_f(
    void *arg, struct scheduler *scheduler, const struct witnessed *seen);

/* Of all schedulers, while the others are halted; NULL ends it. */
void witness_set(struct scheduler *home, witness_f *witness, void *arg);

#endif
