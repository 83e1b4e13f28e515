/*
 * sweep: see sweep.h for what it is.
 *
 * A process that has not begun yet, or that is about to end, cannot be
 * converted; it is skipped, and because of it there will be another pass.  The
 * first pass without any is the last: what is born from then on is born in
 * the target.
 */
#include "upgrade/sweep.h"

#include <errno.h>
#include <string.h>

#include "switch/process.h"
#include "switch/scheduler.h"

void
sweep_begin(struct sweep *sweep, struct scheduler *scheduler, uint16_t target,
    bool ends_at_failure)
{
	memset(sweep, 0, sizeof *sweep);
	walk_begin(&sweep->walk, scheduler);
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
is_wanted(const struct sweep *sweep, const struct process_info *info)
{
	const struct behaviour *behaviour = behaviour_at(
	    scheduler_behaviours(sweep->walk.scheduler), info->behaviour);

	/* One that is barred has been counted when its event was retried. */
	return behaviour->target == sweep->target && !info->is_barred;
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
	int error =
	    process_change_code(sweep->walk.scheduler, pid, sweep->target);

	if (error == 0)
		return true;
	if (error == -EAGAIN)
		sweep->skipped++;
	else if (error != -ESRCH && !is_pinned(error))
		count_failed(sweep, pid);
	return false;
}

static void
end_pass(struct sweep *sweep)
{
	if (sweep->skipped == 0)
		sweep->is_over = true;
	sweep->skipped = 0;
}

/* A walk_visit_f. */
static enum walk_visit
visit(void *arg, const struct process_info *info)
{
	struct sweep *sweep = arg;

	if (!is_wanted(sweep, info))
		return WALK_UNWANTED;
	return try(sweep, info->pid) ? WALK_DONE : WALK_TRIED;
}

bool
sweep_slice(void *arg)
{
	struct sweep *sweep = arg;
	const struct walk *walk = &sweep->walk;
	bool goes_on = walk_slice(&sweep->walk, visit, sweep);
	unsigned int i;

	for (i = 0; i < walk->count; i++)
		process_add_pause(walk->scheduler, walk->done[i], walk->cpu_ns);
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
		histogram_add(&sweep->walk.cpu, cpu_ns, 1);
		histogram_add(&sweep->walk.wall, cpu_ns, 1);
	} else if (!is_pinned(result)) {
		count_failed(sweep, pid);
	}
}
