/*
 * routing: where the numbers go that no line of this office has.
 *
 * A route is for all numbers with its prefix: to trunk groups in an order, to
 * an announcement, or to lines of this office under another number.  A ported
 * number is one that is routed as another (number portability).  The longest
 * prefix wins (digit_tree.h); a line with the whole number wins over a route.
 *
 * A routing is made, then used; what it says may be replaced by another one
 * while calls run (office_reload).  Ids of routes are those of their prefixes:
 * a reload gives a prefix the id that it had, and none to another.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_ROUTING_H
#define CALLS_EXCHANGE_ROUTING_H

#include "calls/exchange/office_trunk.h"

struct numbering;
struct routing;
struct route_plan;

/* One way on for the numbers of a route. */
struct route_target {
	uint16_t trunk; /* or one of the above */
	uint16_t tariff;
	uint8_t strip; /* digits taken off in front */
	char prepend[DIGITS_MAX + 1];
};

struct route {
	uint32_t first; /* of its targets, which lie side by side */
	uint8_t count, order, min, max, class;
	bool is_there; /* it has not been withdrawn */
};

/* -ENOMEM. */
int routing_alloc(struct routing **ret_routing);
void routing_free(struct routing **routingp);

/*
 * It is to replace that one, whose ids it takes over; before anything is added
 * to it, and `before` must live until everything is.  -ENOMEM.
 */
int routing_succeed(struct routing *routing, const struct routing *before);

/*
 * As office_add_route(); what a prefix has already stays, the new targets come
 * behind.  -EINVAL no prefix, digits that are none, a target beside `local`;
 * -ENOSPC more targets than there can be; -ENOMEM.
 */
int routing_add(struct routing *routing, const struct route_plan *plan);

/* As office_port(), with the answers of it. */
int routing_port(
    struct routing *routing, const char *number, const char *digits);

/* All has been added: it needs the one before it no more. */
void routing_settle(struct routing *routing);

/* NULL if there is no such route any more. */
const struct route *routing_at(const struct routing *routing, uint32_t id);
const struct route_target *routing_target(
    const struct routing *routing, const struct route *route, unsigned int i);

/*
 * What digits lead to, in this office and beyond.  `sent`, if not NULL, is
 * what they are after porting (and with `local` what the line's number is):
 * what a target takes off or adds is not done yet.
 */
struct translation routing_translate(const struct routing *routing,
    const struct numbering *numbering, const char *digits,
    char sent[DIGITS_MAX + 1]);

/* The digits as that target wants them. */
void route_target_digits(const struct route_target *target, const char *digits,
    char sent[DIGITS_MAX + 1]);

#endif
