/*
 * sweep: see sweep.h for what it is.
 *
 * A process that has not begun yet, or that is about to end, cannot be
 * converted; it is skipped, and because of it there will be another pass.  The
 * first pass without any is the last: what is born from then on is born in
 * the target.
 *
 * Pauses are measured by the slice.  One that has taken too long may have had
 * one slow conversion in it or many quick ones: the slices after it are of a
 * single process, so that a module whose conversions are slow is found out.
 */
#include "upgrade/sweep.h"

#include <errno.h>
#include <string.h>

#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/book.h"
#include "upgrade/canary.h"
#include "upgrade/state_names.h"

/* A walk_next_f. */
static bool
next_late(void *arg, struct pid *ret_pid)
{
	struct sweep *sweep = arg;

	if (sweep->late == 0)
		return false;
	sweep->late--;
	*ret_pid = canary_next_late(
	    sweep->order->canary, scheduler_number(sweep->walk.scheduler));
	return true;
}

void
sweep_begin(struct sweep *sweep, struct scheduler *scheduler,
    const struct sweep_order *order, struct book *book)
{
	memset(sweep, 0, sizeof *sweep);
	walk_begin(&sweep->walk, scheduler);
	sweep->order = order;
	sweep->book = book;
	if (order->work != SWEEP_LATE)
		return;
	sweep->late = canary_late(order->canary, scheduler_number(scheduler));
	sweep->walk.next = next_late;
	sweep->walk.next_arg = sweep;
}

/* It was tried and waits: no way back knows of failures, there is no other. */
static void
list_pinned(struct sweep *sweep, const struct process_info *info)
{
	if (sweep->pinned_count < UPGRADE_FAILURES)
		sweep->pinned[sweep->pinned_count++] = info->pid;
}

/* Design 5: at the first that has failed, or the third that took too long. */
static void
end_if_due(struct sweep *sweep)
{
	if ((sweep->has_failed && sweep->order->ends_at_failure) ||
	    sweep->slow >= SWEEP_SLOW_MAX)
		sweep->must_end = true;
}

/*
 * The policy for conversions that fail (U1).  Who is barred since the other of
 * its unit was given back by an event (U21) is no reason to turn round.
 */
static void
note_failure(struct sweep *sweep, int error)
{
	if (error == -EPERM)
		return;
	sweep->has_failed = true;
	sweep->slow += error == -ETIME;
	end_if_due(sweep);
}

/* It has been converted, but its call has waited too long for it. */
static void
count_slow(struct sweep *sweep, struct pid pid)
{
	struct scheduler *scheduler = sweep->walk.scheduler;
	struct process_info info;

	if (sweep->order->is_return || process_info(scheduler, pid, &info) != 0)
		return;
	book_fail(sweep->book, scheduler, &info, -ETIMEDOUT);
	sweep->slow++;
	end_if_due(sweep);
}

/*--------------------------------------------------------------------
 * One process
 */

static bool
is_wanted(struct sweep *sweep, const struct process_info *info)
{
	struct scheduler *scheduler = sweep->walk.scheduler;
	const struct behaviour *behaviour =
	    behaviour_at(scheduler_behaviours(scheduler), info->behaviour);
	struct canary *canary = sweep->order->canary;

	if (canary == NULL && behaviour->target != sweep->order->target)
		return false;
	if (info->is_barred)
		return false;
	if (canary == NULL)
		return true;
	if (info->behaviour != canary->from ||
	    !(sweep->order->work == SWEEP_LATE
		    ? canary_takes_late(canary, info)
		    : canary_takes_live(canary, info)))
		return false;
	sweep->taken++;
	return true;
}

static bool
was_left(const struct sweep_order *order, uint16_t version)
{
	unsigned int i;

	for (i = 0; i < order->left_count; i++)
		if (order->left[i] == version)
			return true;
	return false;
}

/* Design 4: cut, as the operator has given a deadline. */
static enum walk_visit
reject(struct sweep *sweep, const struct process_info *info)
{
	const struct upgrade_telephony *telephony = sweep->order->telephony;
	struct scheduler *scheduler = sweep->walk.scheduler;

	if (info->is_barred || !was_left(sweep->order, info->behaviour))
		return WALK_UNWANTED;
	sweep->rejected +=
	    telephony->reject(telephony->arg, scheduler, info->pid);
	return WALK_TRIED;
}

/* The other of its unit, if it will come along; or PID_NONE. */
static struct pid
other_on_its_way(const struct sweep *sweep, struct pid pid)
{
	struct scheduler *scheduler = sweep->walk.scheduler;
	struct pid partner = process_partner(scheduler, pid);
	struct process_info info;

	return !pid_is_none(partner) &&
		process_info(scheduler, partner, &info) == 0 &&
		info.behaviour != sweep->order->target
	    ? partner
	    : PID_NONE;
}

/* What has taken all of its time, or ends the sweep, ends the slice, too. */
static enum walk_visit
try(struct sweep *sweep, const struct process_info *info)
{
	struct scheduler *scheduler = sweep->walk.scheduler;
	struct pid partner = other_on_its_way(sweep, info->pid);
	int error =
	    process_change_code(scheduler, info->pid, sweep->order->target);

	if (error == 0) {
		if (!pid_is_none(partner))
			walk_done(&sweep->walk, partner);
		return WALK_DONE;
	}
	if (error == -EAGAIN)
		sweep->skipped++;
	else if (!sweep->order->is_return && process_change_is_failure(error))
		note_failure(sweep, error);
	else if (error != -ESRCH)
		list_pinned(sweep, info);
	return error == -ETIME || sweep->must_end ? WALK_ENOUGH : WALK_TRIED;
}

/* A walk_visit_f. */
static enum walk_visit
visit(void *arg, const struct process_info *info)
{
	struct sweep *sweep = arg;

	if (sweep->order->work == SWEEP_REJECT)
		return reject(sweep, info);
	if (sweep->order->work == SWEEP_LET_GO)
		return process_let_go(sweep->walk.scheduler, info->pid)
		    ? WALK_TRIED
		    : WALK_UNWANTED;
	if (!is_wanted(sweep, info))
		return WALK_UNWANTED;
	if (!info->is_pinned)
		return try(sweep, info);
	list_pinned(sweep, info);
	return WALK_TRIED;
}

/*--------------------------------------------------------------------
 * All of them
 */

static void
begin_pass(struct sweep *sweep)
{
	sweep->skipped = 0;
	sweep->pinned_count = 0;
}

static void
end_pass(struct sweep *sweep)
{
	if (sweep->skipped == 0 || sweep->order->canary != NULL ||
	    sweep->order->work != SWEEP_CONVERT)
		sweep->is_over = true;
	else
		begin_pass(sweep);
}

/* After a slice in real time. */
static void
look_for_slow(struct sweep *sweep)
{
	struct walk *walk = &sweep->walk;

	if (walk->count == 0 || walk->cpu_ns <= SWEEP_SLOW_NS) {
		sweep->careful -= sweep->careful > 0;
	} else if (walk->most == 1) {
		count_slow(sweep, walk->done[walk->count - 1]);
	} else {
		sweep->careful = WALK_SLICE;
	}
	walk->most = sweep->careful > 0 ? 1 : WALK_SLICE;
}

bool
sweep_slice(void *arg)
{
	struct sweep *sweep = arg;
	struct walk *walk = &sweep->walk;
	bool goes_on = walk_slice(walk, visit, sweep);
	unsigned int i;

	for (i = 0; i < walk->count; i++)
		process_add_pause(walk->scheduler, walk->done[i], walk->cpu_ns);
	if (scheduler_pace(walk->scheduler) == PACE_REAL)
		look_for_slow(sweep);
	if (!goes_on)
		end_pass(sweep);
	return !sweep->is_over && !sweep->must_end;
}

void
sweep_add_attempt(
    struct sweep *sweep, struct pid pid, int result, uint64_t cpu_ns)
{
	struct scheduler *scheduler = sweep->walk.scheduler;

	if (result == 0) {
		histogram_add(&sweep->walk.cpu, cpu_ns, 1);
		histogram_add(&sweep->walk.wall, cpu_ns, 1);
		if (scheduler_pace(scheduler) == PACE_REAL &&
		    cpu_ns > SWEEP_SLOW_NS)
			count_slow(sweep, pid);
	} else if (!sweep->order->is_return &&
	    process_change_is_failure(result)) {
		note_failure(sweep, result);
	}
}
