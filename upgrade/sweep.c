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
    const struct sweep_order *order)
{
	memset(sweep, 0, sizeof *sweep);
	walk_begin(&sweep->walk, scheduler);
	sweep->order = order;
	if (order->work != SWEEP_LATE)
		return;
	sweep->late = canary_late(order->canary, scheduler_number(scheduler));
	sweep->walk.next = next_late;
	sweep->walk.next_arg = sweep;
}

/* What process_change_code() says of a process that has no image there. */
static bool
is_pinned(int error)
{
	/* Without memory for the new state it waits as if it had no image. */
	return error == -EDOM || error == -ENOSPC;
}

static unsigned int
state_of(const struct sweep *sweep, const struct process_info *info)
{
	return state_names_find(
	    sweep->order->names, info->behaviour, info->state);
}

static void
note(const struct sweep *sweep, struct sweep_notes *notes,
    const struct process_info *info, int error)
{
	const struct upgrade_telephony *telephony = sweep->order->telephony;

	if (notes->count == UPGRADE_FAILURES)
		return;
	notes->notes[notes->count++] = (struct sweep_note){ .pid = info->pid,
		.call = telephony->call == NULL
		    ? 0
		    : telephony->call(telephony->arg, info),
		.behaviour = info->behaviour,
		.state = (uint8_t)state_of(sweep, info),
		.error = error };
}

static void
add_failed(struct sweep *sweep, const struct process_info *info, int error)
{
	sweep->failed++;
	sweep->failed_in[state_of(sweep, info)]++;
	note(sweep, &sweep->failures, info, error);
}

/* One that fails is tried before its event and again after it. */
static bool
note_failed(struct sweep *sweep, const struct process_info *info, int error)
{
	if (pid_equal(info->pid, sweep->last_failed))
		return false;
	sweep->last_failed = info->pid;
	add_failed(sweep, info, error);
	return true;
}

/* The other of its unit; false: it is on its own. */
static bool
find_partner(
    const struct sweep *sweep, struct pid pid, struct process_info *ret_partner)
{
	struct scheduler *scheduler = sweep->walk.scheduler;

	return process_info(scheduler, process_partner(scheduler, pid),
		   ret_partner) == 0;
}

/* Design 5: at the first, or at the third that was slow. */
static void
end_if_due(struct sweep *sweep)
{
	if (sweep->order->ends_at_failure || sweep->slow >= SWEEP_SLOW_MAX)
		sweep->must_end = !sweep->order->is_return;
}

static void
count_failed(struct sweep *sweep, const struct process_info *info, int error)
{
	struct process_info partner;

	sweep->faulted += error == -EFAULT || error == -ETIME;
	if (!note_failed(sweep, info, error))
		return;
	/* From a release on trial both are barred, and are not met again. */
	if (find_partner(sweep, info->pid, &partner) && partner.is_barred)
		add_failed(sweep, &partner, error);
	sweep->slow += error == -ETIME;
	end_if_due(sweep);
}

/* It has been converted, but its call has waited too long for it. */
static void
count_slow(struct sweep *sweep, struct pid pid)
{
	struct process_info info;

	if (process_info(sweep->walk.scheduler, pid, &info) != 0 ||
	    !note_failed(sweep, &info, -ETIME))
		return;
	sweep->slow++;
	if (sweep->slow >= SWEEP_SLOW_MAX)
		sweep->must_end = !sweep->order->is_return;
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

/* Design 4: cut, as the operator has given a deadline. */
static enum walk_visit
reject(struct sweep *sweep, const struct process_info *info)
{
	const struct upgrade_telephony *telephony = sweep->order->telephony;
	struct scheduler *scheduler = sweep->walk.scheduler;
	struct behaviours *behaviours = scheduler_behaviours(scheduler);

	if (info->behaviour == sweep->order->target || info->is_barred ||
	    strcmp(behaviour_at(behaviours, info->behaviour)->name,
		behaviour_at(behaviours, sweep->order->target)->name) != 0)
		return WALK_UNWANTED;
	sweep->rejected +=
	    telephony->reject(telephony->arg, scheduler, info->pid);
	return WALK_TRIED;
}

/* What has taken all of its time, or ends the sweep, ends the slice, too. */
static enum walk_visit
try(struct sweep *sweep, const struct process_info *info)
{
	unsigned int state = state_of(sweep, info), partners = 0;
	struct process_info partner;
	bool has_partner = find_partner(sweep, info->pid, &partner) &&
	    partner.behaviour != sweep->order->target;
	int error;

	if (has_partner)
		partners = state_of(sweep, &partner);
	error = process_change_code(
	    sweep->walk.scheduler, info->pid, sweep->order->target);
	if (error == 0) {
		sweep->converted_in[state]++;
		if (has_partner) {
			sweep->converted_in[partners]++;
			walk_done(&sweep->walk, partner.pid);
		}
		return WALK_DONE;
	}
	if (error == -EAGAIN) {
		sweep->skipped++;
	} else if (is_pinned(error)) {
		sweep->pinned_in[state]++;
		note(sweep, &sweep->pinned, info, error);
	} else if (error != -ESRCH) {
		count_failed(sweep, info, error);
	}
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
	return try(sweep, info);
}

/*--------------------------------------------------------------------
 * All of them
 */

static void
begin_pass(struct sweep *sweep)
{
	sweep->skipped = 0;
	sweep->pinned.count = 0;
	memset(sweep->pinned_in, 0, sizeof sweep->pinned_in);
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
	struct process_info info, partner;

	if (process_info(scheduler, pid, &info) != 0)
		return;
	if (result == 0) {
		histogram_add(&sweep->walk.cpu, cpu_ns, 1);
		histogram_add(&sweep->walk.wall, cpu_ns, 1);
		sweep->converted_in[state_of(sweep, &info)]++;
		if (find_partner(sweep, pid, &partner))
			sweep->converted_in[state_of(sweep, &partner)]++;
		if (scheduler_pace(scheduler) == PACE_REAL &&
		    cpu_ns > SWEEP_SLOW_NS)
			count_slow(sweep, pid);
	} else if (result != -EPERM && !is_pinned(result)) {
		count_failed(sweep, &info, result);
	}
}
