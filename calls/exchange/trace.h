/*
 * trace: where the events of calls are seen, while somebody wants them: the
 * recorder those of all, a scenario those of the few that it has named.
 *
 * The office has one then, and its lines and trunk groups know it.  What a
 * call is given is seen by the switch's witness; what it does to its parties
 * is told here by whatever they are wired to.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_TRACE_H
#define CALLS_EXCHANGE_TRACE_H

#include <stdint.h>

struct office;
struct trace;

/*
 * Something has reached the party at `port`, of that attempt or ATTEMPT_NONE.
 * For whoever has the office's lock.
 */
struct trace_said {
	const char *event, *text;
	uint8_t cause;
};
void trace_out(struct trace *trace, uint32_t attempt, uint32_t port,
    const struct trace_said *said);

/* What is at a port has left one call and come into another; likewise. */
void trace_moved(
    struct trace *trace, uint32_t port, uint32_t from, uint32_t attempt);

/*
 * The call whose event is being handled has asked the exchange for something,
 * and got it, or another cause than 0.
 */
void trace_asked(
    struct trace *trace, const char *event, const char *text, uint8_t cause);

/* Nothing more will be told of this call. */
void trace_end(struct trace *trace, uint64_t call);

void trace_free(struct trace **tracep);

#endif
