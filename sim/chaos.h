/*
 * chaos: a seeded mix of faults, for a while.
 *
 * They come as a Poisson stream of its own seed, so that chaos changes nothing
 * of what traffic or races draw, and the same seed breaks the same things at
 * the same instants.  Each is told in the event log.  What stays broken is
 * mended by itself, at the latest when chaos ends; kills keep so far apart that
 * they alone drive no supervisor to its limit.
 *
 * What this is not: a way of breaking anything.  Each kind is what `fault` does
 * to a subject of the same name.
 */
#ifndef SIM_CHAOS_H
#define SIM_CHAOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/random.h"

struct arguments;
struct scenario;

/* KIND(symbol, word): NOUN-KIND of a `fault` */
#define CHAOS_KINDS(X)                                                         \
	X(call_crash, "call-crash")                                            \
	X(call_abort, "call-abort")                                            \
	X(call_divide, "call-divide")                                          \
	X(call_loop, "call-loop")                                              \
	X(call_overrun, "call-overrun")                                        \
	X(process_kill, "process-kill")                                        \
	X(supervisor_kill, "supervisor-kill")                                  \
	X(line_down, "line-down")                                              \
	X(trunk_down, "trunk-down")                                            \
	X(circuit_down, "circuit-down")                                        \
	X(database_busy, "database-busy")                                      \
	X(database_full, "database-full")                                      \
	X(database_readonly, "database-readonly")                              \
	X(database_vanish, "database-vanish")                                  \
	X(database_corrupt, "database-corrupt")                                \
	X(database_slow, "database-slow")                                      \
	X(messages_drop, "messages-drop")                                      \
	X(messages_delay, "messages-delay")                                    \
	X(messages_duplicate, "messages-duplicate")                            \
	X(scheduler_stall, "scheduler-stall")

#define CHAOS_ENUM(symbol, word) CHAOS_##symbol,
enum chaos_kind { CHAOS_KINDS(CHAOS_ENUM) CHAOS_KINDS_COUNT };
#undef CHAOS_ENUM

struct chaos {
	struct random random;
	double rate;	/* of faults in a second */
	uint64_t until; /* µs of the run: when it ends, or has ended */
	uint64_t kills; /* µs of the run: not before */
	uint64_t whole; /* likewise: the file of the database is, by then */
	uint32_t kinds; /* a bit for each of which there can be one */
};

/*
 * Whether kinds and time are left for it, as far as they are known; false, with
 * why not in one clause.
 */
bool chaos_suits(const struct arguments *arguments, char *why, size_t size);

/* `chaos`, as action_do(). */
int chaos_begin(struct scenario *scenario, const struct arguments *arguments);

#endif
