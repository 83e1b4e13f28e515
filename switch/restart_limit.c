/*
 * restart_limit: see restart_limit.h for what it is.
 *
 * OTP keeps a list of stamps, drops those older than the period, adds now and
 * compares the length with the intensity.  Since nothing is restarted after
 * the comparison has failed, no more than `intensity` stamps ever need to be
 * remembered; they are taken from the store when the first one comes, so that
 * what never fails costs nothing.
 */
#include "switch/restart_limit.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static size_t
size_of(unsigned int capacity)
{
	return capacity * sizeof(uint32_t);
}

int
restart_limit_reserve(
    struct store *store, struct restart_limit *limit, unsigned int intensity)
{
	uint32_t stamps;

	assert(intensity <= INTENSITY_MAX);
	if (intensity <= limit->capacity)
		return 0;
	stamps = store_take(store, size_of(intensity));
	if (stamps == 0)
		return -ENOSPC;
	if (limit->count > 0)
		memcpy(store_at(store, stamps), store_at(store, limit->stamps),
		    size_of(limit->count));
	if (limit->capacity > 0)
		store_give(store, limit->stamps, size_of(limit->capacity));
	limit->stamps = stamps;
	limit->capacity = (uint16_t)intensity;
	return 0;
}

/* The period is inclusive: a stamp is old when it is more than that ago. */
static void
forget_old(struct store *store, struct restart_limit *limit,
    unsigned int period_s, uint32_t now_s)
{
	uint32_t *stamps = store_at(store, limit->stamps);
	uint16_t i, kept = 0;

	for (i = 0; i < limit->count; i++)
		if (now_s - stamps[i] <= period_s)
			stamps[kept++] = stamps[i];
	limit->count = kept;
}

bool
restart_limit_allows(struct store *store, struct restart_limit *limit,
    unsigned int intensity, unsigned int period_s, uint32_t now_s)
{
	if (intensity == 0 ||
	    restart_limit_reserve(store, limit, intensity) != 0)
		return false;
	forget_old(store, limit, period_s, now_s);
	if (limit->count >= intensity)
		return false;
	((uint32_t *)store_at(store, limit->stamps))[limit->count++] = now_s;
	return true;
}

void
restart_limit_release(struct store *store, struct restart_limit *limit)
{
	if (limit->capacity > 0)
		store_give(store, limit->stamps, size_of(limit->capacity));
	*limit = (struct restart_limit){ 0, 0, 0 };
}

size_t
restart_limit_footprint(const struct restart_limit *limit)
{
	return limit->capacity == 0 ? 0 : store_piece(size_of(limit->capacity));
}
