/*
 * route: by way of which releases a plan leads from one to another.
 *
 * A code_change may be written for the states of one release alone, and says
 * so where it is declared ("state hook 2.0", schema_list.h).  Then whoever
 * comes from another goes by way of that one; and where such a release lies
 * between two that have no hook themselves, they too go by way of it, since
 * what it does to a state has to be done once.  Only what is resident can be
 * on the way.
 *
 * Private to upgrade/code*.c, plans.c and trial.c.
 */
#ifndef UPGRADE_ROUTE_H
#define UPGRADE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

struct conversion;
struct module;

enum { ROUTE_VERSION_BYTES = 64 };

/* The release that its code_change is written for; false: for any, or none. */
bool route_follows(const struct module *module, char *version);

/* Whether nothing need lie between the two, as far as they say themselves. */
bool route_is_step(const struct module *one, const struct module *other);

/* Whether `middle` is newer than the one and older than the other. */
bool route_is_between(
    const char *one, const struct module *middle, const char *other);

struct route_ends {
	const struct module *from, *to;
	const struct module *const *residents; /* of that name */
	unsigned int count;
};

/*
 * The plan from the one to the other, by whatever way.  -EINVAL and one clause
 * in `why` that names what is missing; -ENOMEM.
 */
int route_plan(struct conversion **ret_conversion,
    const struct route_ends *ends, char *why, size_t size);

#endif
