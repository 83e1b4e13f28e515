/*
 * Private to calls/exchange/: the gate, through which new calls come.
 *
 * It is closed while one of the reasons of office_gate.h holds: calls that
 * live go on; of new ones, only what is for an emergency is let in.  Each
 * reason lets go later than it has taken hold, so that the gate does not
 * flutter.
 *
 * It knows no office: what it decides by is handed to it.
 */
#ifndef CALLS_EXCHANGE_GATE_H
#define CALLS_EXCHANGE_GATE_H

#include <stdatomic.h>

#include "calls/exchange/office_gate.h"

struct scheduler;

/* How it stands with the switch. */
struct gate_load {
	uint64_t now; /* µs of the run */
	uint64_t live;
	uint64_t delay_us; /* of an event, before it is handled */
	uint64_t room;	   /* for records, besides those that wait */
};

struct gate {
	atomic_int alarms; /* critical ones that stand */
	struct gate_limits limits;
	double content;	     /* of the bucket, in calls */
	uint64_t leaked;     /* µs of the run: it is as of then */
	uint64_t late_until; /* likewise; see gate_was_late() */
	bool holds[GATE_REASONS_COUNT];
	uint64_t gapped[GATE_REASONS_COUNT];
};

/* From here on it heeds the alarms of that switch, as long as that runs. */
void gate_install(struct gate *gate, struct scheduler *scheduler);

void gate_set(struct gate *gate, const struct gate_limits *limits);

/* Whether it is open for all, at this load: nobody's class matters. */
bool gate_is_open(struct gate *gate, const struct gate_load *load);

/*
 * Whether a call of that class may come in, which it then does; else why not.
 * An emergency call always may.
 */
bool gate_admits(struct gate *gate, const struct gate_load *load,
    enum line_class class, enum gate_reason *ret_reason);

/*
 * Whether the machine's time is short, as of who asked last; or was, within the
 * last minute: what has begun by then has most of its work yet to come.
 */
bool gate_is_late(const struct gate *gate);
bool gate_was_late(const struct gate *gate, uint64_t now);

/* Nobody comes. */
void gate_look(struct gate *gate, const struct gate_load *load,
    struct gate_view *ret_view);

#endif
