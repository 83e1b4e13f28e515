/*
 * service: what lines may do and what is done for them, line by line.
 *
 * A service of a line is one fact: this line, this service, a number or none.
 * Only what somebody has set takes room, so that a million lines without
 * services cost nothing.  Whether a call obeys is its release's business; here
 * is only what has been set, now.
 *
 * Private to calls/exchange/, for whoever has the office's lock.
 */
#ifndef CALLS_EXCHANGE_SERVICE_H
#define CALLS_EXCHANGE_SERVICE_H

#include "calls/exchange.h"

struct services;

/* -ENOMEM. */
int services_alloc(struct services **ret_services);
void services_free(struct services **servicesp);

/*
 * Room for `count` facts more, until each of them is set or given back: for
 * who must know beforehand that he can set it.  -ENOMEM.
 */
int services_reserve(struct services *services, uint32_t count);
void services_give_back(struct services *services, uint32_t count);

/*
 * Sets it, in place of what was there; one that is not on is taken away.  It
 * uses up the room of one fact, reserved before.
 */
void services_set(struct services *services, uint32_t line,
    enum service_kind kind, const struct service *service);

/*
 * A line has several bars: SERVICE_bar_out is set for one prefix more, if it is
 * not among them, and ended for all.  Whether there is place for that one.
 */
bool services_may_set(const struct services *services, uint32_t line,
    enum service_kind kind, const struct service *service);
bool services_bar(
    const struct services *services, uint32_t line, const char *digits);

/* Of several the first. */
struct service services_at(
    const struct services *services, uint32_t line, enum service_kind kind);

/* How many facts there are. */
uint32_t services_count(const struct services *services);

/*
 * The number of a group of that name, from 1 on, given when it is first asked
 * for.  0: too many, a name that is too long, or no memory.
 */
enum { GROUP_NAME_SIZE = 32 };
uint16_t services_group(struct services *services, const char *name);

#endif
