/*
 * plans: the conversions that there are, by the behaviours that they join.
 *
 * Private to upgrade/code.c, in which the table is embedded.  It is asked for
 * every process that an upgrade converts and changed when a version comes or
 * goes: an array in the order of (from, to), searched by halves.
 */
#ifndef UPGRADE_PLANS_H
#define UPGRADE_PLANS_H

#include <stdbool.h>
#include <stdint.h>

struct conversion;

struct plan {
	uint16_t from, to;
	struct conversion *conversion;
};

struct plans {
	unsigned int count, capacity;
	struct plan *all;
};

/* Room for `count` more; -ENOMEM. */
int plans_reserve(struct plans *plans, unsigned int count);

/* Takes *conversionp; there is room, and no plan between the two. */
void plans_add(struct plans *plans, uint16_t from, uint16_t to,
    struct conversion **conversionp);

/* The plan between the two, or NULL. */
const struct conversion *plans_find(
    const struct plans *plans, uint16_t from, uint16_t to);

/* Frees those to and from `id`. */
void plans_drop(struct plans *plans, uint16_t id);

/* Frees all. */
void plans_clear(struct plans *plans);

/* Whether the order is strictly rising. */
bool plans_are_in_order(const struct plans *plans);

#endif
