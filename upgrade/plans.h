/*
 * plans: the conversions that there are, by the behaviours that they join.
 *
 * Private to upgrade/code*.c.  It is asked for every process that an upgrade
 * converts, on every scheduler, and changed when a version comes or goes: an
 * array in the order of (from, to), searched by halves.  A table that others
 * may be reading is not added to, but replaced by a larger one.
 */
#ifndef UPGRADE_PLANS_H
#define UPGRADE_PLANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conversion;
struct module;

struct plan {
	uint16_t from, to;
	struct conversion *conversion;
};

struct plans {
	unsigned int count, capacity;
	struct plan all[];
};

/* Those of `old` (or NULL), with room for `more`.  -ENOMEM. */
int plans_alloc(
    struct plans **ret_plans, const struct plans *old, unsigned int more);
/* The table, but no conversion. */
void plans_free(struct plans **plansp);

/* Takes *conversionp; there is room, and no plan between the two. */
void plans_add(struct plans *plans, uint16_t from, uint16_t to,
    struct conversion **conversionp);

/* The plan between the two, or NULL. */
const struct conversion *plans_find(
    const struct plans *plans, uint16_t from, uint16_t to);

/* Frees the conversions to and from `id`; nobody else reads the table. */
void plans_drop(struct plans *plans, uint16_t id);

/*
 * The plan from the one to the other, as neither of them says but their
 * versions: OTP has code_change of the newer one serve both directions.
 * -EINVAL and one clause in `why`; -ENOMEM.
 */
int plans_derive(struct conversion **ret_conversion, const struct module *from,
    const struct module *to, char *why, size_t size);

#endif
