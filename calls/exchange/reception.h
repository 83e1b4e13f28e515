/*
 * reception: the process at which attempts arrive, registered as `exchange`.
 *
 * It asks a pool of calls for a process for each attempt and hears whether
 * there is one.  With several schedulers there is a pool on each, and they are
 * asked in turn: so they have equal shares whatever lines call, and a line
 * that calls again is nowhere in particular, for nothing of it is kept there.
 * Where there is none the office gets its line back and the attempt its record,
 * so that no subscriber is left with a dead line.  Not here: what the call then
 * does (calls/call/), and what the office holds.
 *
 * Private to calls/exchange/: the office makes it and adds its behaviour, a
 * supervisor starts it under the name OFFICE_PROCESS.
 */
#ifndef CALLS_EXCHANGE_RECEPTION_H
#define CALLS_EXCHANGE_RECEPTION_H

#include "calls/exchange.h"

struct office;
struct reception;

/*
 * What it is told: a struct signal, the start of a call; or this, of one that
 * will be one unit with the call that begins it.
 */
enum { RECEPTION_ANNOUNCE = EVENT_PRIVATE };
struct reception_start {
	struct signal signal;
	struct pid starter;
};

/* Adds the behaviour `exchange`.  -ENOMEM; those of behaviours_add_native. */
int reception_alloc(struct reception **ret_reception, struct office *office);
void reception_free(struct reception **receptionp);

/*
 * An attempt has begun.  -ESRCH when there is no such process now, -ENOSPC
 * when it can take no more.
 */
int reception_announce(struct office *office, const struct signal *start);

#endif
