/* plans: see plans.h for what it is. */
#include "upgrade/plans.h"

#include <errno.h>
#include <stdlib.h>

#include "switch/object.h"
#include "upgrade/conversion.h"

static int
compare(const void *one_arg, const void *other_arg)
{
	const struct plan *one = one_arg, *other = other_arg;

	if (one->from != other->from)
		return one->from < other->from ? -1 : 1;
	return (one->to > other->to) - (one->to < other->to);
}

int
plans_reserve(struct plans *plans, unsigned int count)
{
	unsigned int capacity = plans->count + count;
	struct plan *all;

	if (capacity <= plans->capacity)
		return 0;
	all = object_realloc(plans->all, capacity * sizeof *all);
	if (all == NULL)
		return -ENOMEM;
	plans->all = all;
	plans->capacity = capacity;
	return 0;
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
	assert(plans_are_in_order(plans));
}

const struct conversion *
plans_find(const struct plans *plans, uint16_t from, uint16_t to)
{
	const struct plan wanted = { .from = from, .to = to };
	const struct plan *plan;

	if (plans->count == 0)
		return NULL;
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

void
plans_clear(struct plans *plans)
{
	unsigned int i;

	for (i = 0; i < plans->count; i++)
		conversion_free(&plans->all[i].conversion);
	object_free(plans->all, plans->capacity * sizeof *plans->all);
	*plans = (struct plans){ 0 };
}

bool
plans_are_in_order(const struct plans *plans)
{
	unsigned int i;

	for (i = 1; i < plans->count; i++)
		if (compare(&plans->all[i - 1], &plans->all[i]) >= 0)
			return false;
	return true;
}
