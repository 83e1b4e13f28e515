/*
 * canary: see canary.h for what it is.
 *
 * Each candidate adds the share to what is owed; when that has come to a whole
 * call, the candidate is taken.  It begins at half a call, so that the number
 * taken is the nearest there is to the share, on each scheduler.
 */
#include "upgrade/canary.h"

#include <assert.h>
#include <string.h>

#include "switch/process.h"

enum { WHOLE_BITS = 32 };

void
canary_begin(struct canary *canary, double share,
    const struct upgrade_telephony *telephony,
    const struct upgrade_conditions *conditions)
{
	const uint64_t half = (uint64_t)1 << (WHOLE_BITS - 1);
	unsigned int i;

	assert(share >= 0 && share <= 1);
	canary->share = (uint64_t)(share * (double)(2 * half));
	canary->telephony = telephony;
	canary->conditions = conditions;
	for (i = 0; i < SCHEDULERS_MAX; i++)
		canary->lanes[i] =
		    (struct canary_lane){ .live = half, .births = half };
}

/*--------------------------------------------------------------------
 * Who waits
 */

unsigned int
canary_late(const struct canary *canary, unsigned int scheduler)
{
	return canary->lanes[scheduler].late;
}

struct pid
canary_next_late(struct canary *canary, unsigned int scheduler)
{
	struct canary_lane *lane = &canary->lanes[scheduler];
	struct pid pid = lane->waiting[lane->first];

	assert(lane->late > 0);
	lane->first = (lane->first + 1) % CANARY_LATE_MAX;
	lane->late--;
	return pid;
}

static void
have_wait(struct canary *canary, struct pid pid)
{
	struct canary_lane *lane = &canary->lanes[pid_scheduler(pid)];

	if (lane->late < CANARY_LATE_MAX)
		lane->waiting[(lane->first + lane->late++) % CANARY_LATE_MAX] =
		    pid;
}

/*--------------------------------------------------------------------
 * Who is taken
 */

static bool
is_candidate(struct canary *canary, struct pid pid,
    const struct upgrade_candidate *candidate)
{
	const struct upgrade_telephony *telephony = canary->telephony;
	const struct upgrade_conditions *conditions = canary->conditions;

	if (telephony->is_settled != NULL &&
	    !telephony->is_settled(telephony->arg, candidate)) {
		have_wait(canary, pid);
		return false;
	}
	if (telephony->is_emergency != NULL &&
	    telephony->is_emergency(telephony->arg, candidate))
		return false;
	if (conditions->wants != NULL &&
	    !conditions->wants(conditions->arg, candidate))
		return false;
	canary->lanes[pid_scheduler(pid)].candidates++;
	return true;
}

static bool
takes(const struct canary *canary, uint64_t *owed)
{
	*owed += canary->share;
	if (*owed >> WHOLE_BITS == 0)
		return false;
	*owed -= (uint64_t)1 << WHOLE_BITS;
	return true;
}

bool
canary_takes_live(struct canary *canary, const struct process_info *info)
{
	const struct upgrade_candidate candidate = { .live = info };

	return is_candidate(canary, info->pid, &candidate) &&
	    takes(canary, &canary->lanes[pid_scheduler(info->pid)].live);
}

bool
canary_takes_birth(
    struct canary *canary, struct pid pid, const struct message *start)
{
	const struct upgrade_candidate candidate = { .start = start };

	return is_candidate(canary, pid, &candidate) &&
	    takes(canary, &canary->lanes[pid_scheduler(pid)].births);
}

bool
canary_takes_late(struct canary *canary, const struct process_info *info)
{
	const struct upgrade_candidate candidate = { .live = info };

	return is_candidate(canary, info->pid, &candidate) &&
	    takes(canary, &canary->lanes[pid_scheduler(info->pid)].births);
}

uint64_t
canary_candidates(const struct canary *canary)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < SCHEDULERS_MAX; i++)
		sum += canary->lanes[i].candidates;
	return sum;
}
