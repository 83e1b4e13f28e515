/*
 * Private to calls/exchange/: the gate, before which a call has no process.
 *
 * It is closed while a critical alarm stands, as when the root supervisor has
 * passed its limit and the switch is about to stop (design 3): calls that
 * live go on; a new one is marked, and turned away (verbs_gate.c).
 */
#ifndef CALLS_EXCHANGE_GATE_H
#define CALLS_EXCHANGE_GATE_H

#include <stdatomic.h>
#include <stdbool.h>

struct scheduler;

struct gate {
	atomic_int reasons; /* critical alarms that stand */
};

/* From here on it heeds the alarms of that switch, as long as that runs. */
void gate_install(struct gate *gate, struct scheduler *scheduler);

bool gate_is_open(struct gate *gate);

#endif
