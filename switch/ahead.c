/* ahead: see ahead.h for what it is. */
#include "switch/ahead.h"

#include "switch/courier.h"
#include "switch/holding.h"
#include "switch/scheduler_internal.h"

enum {
	AHEAD_MAX = 512, /* timers; what they touch fits a cache of 1 MiB */
	CACHE_LINE = 64
};

void
ahead_set_fetch(
    struct scheduler *scheduler, scheduler_due_f *due, ahead_fetch_f *fetch)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	scheduler->fetched = due;
	scheduler->fetch = fetch;
}

void
ahead_fetch_state(const struct scheduler *scheduler,
    const struct process *process, uint32_t size)
{
	const uint8_t *state = store_at(scheduler->store, process->state);
	uint32_t i;

	for (i = 0; i < size; i += CACHE_LINE)
		ahead_fetch(state + i);
}

/* One link further along the holdings in each round. */
static void
fetch_holding(const struct scheduler *scheduler, const struct process *process,
    unsigned int links)
{
	uint32_t ref = process->holdings;

	while (links-- > 0 && ref != 0)
		ref = holding_at(scheduler, ref)->next;
	ahead_fetch(holding_at(scheduler, ref));
}

void
ahead_fetch_process(
    const struct scheduler *scheduler, struct pid pid, unsigned int round)
{
	const struct process *process;

	if (pid_is_none(pid) || pid_is_away(scheduler, pid))
		return;
	if (round == 0) {
		ahead_fetch(process_at(scheduler, pid.slot));
		return;
	}
	process = process_find(scheduler, pid);
	if (process == NULL)
		return;
	if (round == 1)
		ahead_fetch_state(scheduler, process,
		    process_behaviour(scheduler, process)->state_size);
	fetch_holding(scheduler, process, round - 1);
}

static void
fetch_one(const struct scheduler *scheduler, uint32_t ref, unsigned int round)
{
	const struct holding_timer *timer;
	const struct holding_due *due;

	if (holding_at(scheduler, ref)->kind == HOLDING_TIMER) {
		timer = store_at(scheduler->store, ref);
		ahead_fetch_process(scheduler, timer->owner, round);
	} else {
		due = store_at(scheduler->store, ref);
		if (due->due == scheduler->fetched)
			scheduler->fetch(due->arg, due->key, round);
	}
}

void
ahead_look(const struct scheduler *scheduler)
{
	uint32_t refs[AHEAD_MAX];
	unsigned int count, round, i;

	count = wheel_near(&scheduler->wheel, refs, AHEAD_MAX);
	for (round = 0; round < AHEAD_ROUNDS; round++)
		for (i = 0; i < count; i++)
			fetch_one(scheduler, refs[i], round);
}
