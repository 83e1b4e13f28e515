/*
 * sweep: see sweep.h for what it is.
 *
 * The pause of a process begins with the slice that converts it and ends with
 * that slice, since no event is handled in between: so all that one slice
 * converts have the same pause, and a slice is kept short.
 *
 * A process that has not begun yet, or that is about to end, cannot be
 * converted; it is skipped, and because of it there will be another pass.  The
 * first pass without any is the last: what is born from then on is born in
 * the target.
 */
#include "upgrade/sweep.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "switch/process.h"
#include "switch/scheduler.h"

enum {
	SLICE_CONVERSIONS = 64, /* design 3 */
	/* And no more than this many are looked at, most of them in vain. */
	SLICE_LOOKS = 1024
};

struct clocks {
	uint64_t cpu, wall;
};

static uint64_t
read_clock(clockid_t clock)
{
	struct timespec time;

	(void)clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static struct clocks
read_clocks(void)
{
	return (struct clocks){ .cpu = read_clock(CLOCK_THREAD_CPUTIME_ID),
		.wall = read_clock(CLOCK_MONOTONIC) };
}

void
sweep_begin(struct sweep *sweep, struct scheduler *scheduler, uint16_t target,
    bool ends_at_failure)
{
	memset(sweep, 0, sizeof *sweep);
	sweep->scheduler = scheduler;
	sweep->target = target;
	sweep->ends_at_failure = ends_at_failure;
}

/* What process_change_code() says of a process that has no image there. */
static bool
is_pinned(int error)
{
	/* Without memory for the new state it waits as if it had no image. */
	return error == -EDOM || error == -ENOSPC;
}

static bool
is_wanted(const struct sweep *sweep, struct pid pid)
{
	struct process_info info;

	if (process_info(sweep->scheduler, pid, &info) != 0)
		return false;
	return behaviour_at(
		   scheduler_behaviours(sweep->scheduler), info.behaviour)
		   ->target == sweep->target;
}

/* One that fails is tried before its event and again after it. */
static void
count_failed(struct sweep *sweep, struct pid pid)
{
	if (pid_equal(pid, sweep->last_failed))
		return;
	sweep->last_failed = pid;
	sweep->failed++;
	sweep->has_failed = true;
}

/* Whether it has been converted. */
static bool
try(struct sweep *sweep, struct pid pid)
{
	int error = process_change_code(sweep->scheduler, pid, sweep->target);

	if (error == 0)
		return true;
	if (error == -EAGAIN)
		sweep->skipped++;
	else if (error != -ESRCH && !is_pinned(error))
		count_failed(sweep, pid);
	return false;
}

static void
add_pauses(struct sweep *sweep, const struct pid *pids, unsigned int count,
    struct clocks begun)
{
	struct clocks now = read_clocks();
	unsigned int i;

	for (i = 0; i < count; i++)
		process_add_pause(
		    sweep->scheduler, pids[i], now.cpu - begun.cpu);
	histogram_add(&sweep->cpu, now.cpu - begun.cpu, count);
	histogram_add(&sweep->wall, now.wall - begun.wall, count);
}

static void
end_pass(struct sweep *sweep)
{
	if (sweep->skipped == 0)
		sweep->is_over = true;
	sweep->cursor = 0;
	sweep->skipped = 0;
}

bool
sweep_slice(void *arg)
{
	struct sweep *sweep = arg;
	struct clocks begun = read_clocks();
	struct pid pid, converted[SLICE_CONVERSIONS];
	unsigned int looks, tries = 0, count = 0;
	bool goes_on = true;

	for (looks = 0; looks < SLICE_LOOKS && tries < SLICE_CONVERSIONS;
	     looks++) {
		goes_on = process_next(sweep->scheduler, &sweep->cursor, &pid);
		if (!goes_on)
			break;
		if (!is_wanted(sweep, pid))
			continue;
		tries++;
		if (try(sweep, pid))
			converted[count++] = pid;
	}
	if (count > 0)
		add_pauses(sweep, converted, count, begun);
	if (!goes_on)
		end_pass(sweep);
	return !sweep->is_over &&
	    !(sweep->ends_at_failure && sweep->has_failed);
}

void
sweep_add_attempt(
    struct sweep *sweep, struct pid pid, int result, uint64_t cpu_ns)
{
	if (result == 0) {
		histogram_add(&sweep->cpu, cpu_ns, 1);
		histogram_add(&sweep->wall, cpu_ns, 1);
	} else if (!is_pinned(result)) {
		count_failed(sweep, pid);
	}
}
