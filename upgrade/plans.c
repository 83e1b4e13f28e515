/* plans: see plans.h for what it is. */
#include "upgrade/plans.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/conversion.h"
#include "upgrade/route.h"

enum { CLAUSE_BYTES = 256 };

static int
compare(const void *one_arg, const void *other_arg)
{
	const struct plan *one = one_arg, *other = other_arg;

	if (one->from != other->from)
		return one->from < other->from ? -1 : 1;
	return (one->to > other->to) - (one->to < other->to);
}

static size_t
size_of(unsigned int capacity)
{
	return sizeof(struct plans) + capacity * sizeof(struct plan);
}

int
plans_alloc(
    struct plans **ret_plans, const struct plans *old, unsigned int more)
{
	unsigned int count = old == NULL ? 0 : old->count;
	struct plans *plans = object_alloc(size_of(count + more));

	if (plans == NULL)
		return -ENOMEM;
	plans->capacity = count + more;
	plans->count = count;
	if (count > 0)
		memcpy(plans->all, old->all, count * sizeof old->all[0]);
	*ret_plans = plans;
	return 0;
}

void
plans_free(struct plans **plansp)
{
	struct plans *plans = *plansp;

	*plansp = NULL;
	if (plans != NULL)
		object_free(plans, size_of(plans->capacity));
}

/* Strictly rising. */
static bool
are_in_order(const struct plans *plans)
{
	unsigned int i;

	for (i = 1; i < plans->count; i++)
		if (compare(&plans->all[i - 1], &plans->all[i]) >= 0)
			return false;
	return true;
}

void
plans_add(struct plans *plans, uint16_t from, uint16_t to,
    struct conversion **conversionp)
{
	const struct plan added = {
		.from = from, .to = to, .conversion = *conversionp
	};
	unsigned int place = plans->count;

	assert(plans->count < plans->capacity);
	*conversionp = NULL;
	for (; place > 0 && compare(&plans->all[place - 1], &added) > 0;
	     place--)
		plans->all[place] = plans->all[place - 1];
	plans->all[place] = added;
	plans->count++;
	assert(are_in_order(plans));
}

const struct conversion *
plans_find(const struct plans *plans, uint16_t from, uint16_t to)
{
	const struct plan wanted = { .from = from, .to = to };
	const struct plan *plan;

	plan =
	    bsearch(&wanted, plans->all, plans->count, sizeof wanted, compare);
	return plan == NULL ? NULL : plan->conversion;
}

void
plans_drop(struct plans *plans, uint16_t id)
{
	unsigned int i, kept = 0;

	for (i = 0; i < plans->count; i++) {
		if (plans->all[i].from == id || plans->all[i].to == id)
			conversion_free(&plans->all[i].conversion);
		else
			plans->all[kept++] = plans->all[i];
	}
	plans->count = kept;
}

int
plans_derive(struct conversion **ret_conversion, const struct module *from,
    const struct module *to, char *why, size_t size)
{
	bool down = strverscmp(from->version, to->version) > 0;
	const struct conversion_way way = { .from = &from->schema,
		.to = &to->schema,
		.hook = down ? from->code_change : to->code_change,
		.down = down };
	char clause[CLAUSE_BYTES], version[ROUTE_VERSION_BYTES];
	int error;

	if (!route_is_step(from, to)) {
		(void)route_follows(down ? from : to, version);
		(void)snprintf(why, size,
		    "no plan from %s to %s alone: it is by way of %s, whose "
		    "states alone the code_change of %s knows",
		    from->version, to->version, version,
		    (down ? from : to)->version);
		return -EINVAL;
	}
	error = conversion_alloc(ret_conversion, &way, clause, sizeof clause);
	if (error != 0)
		(void)snprintf(why, size, "no plan from %s to %s: %s",
		    from->version, to->version, clause);
	return error;
}
