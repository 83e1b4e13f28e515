/*
 * release_sweeps: the sweeps of all schedulers, begun and ended together.
 *
 * Each walks on the thread of its scheduler; home takes slices of its own and
 * looks in between whether all are over.  What they have counted comes into
 * the report once, when they end, while the others are halted.
 *
 * In drain mode nobody is swept up: births belong to the new version, all else
 * stays where it is until it ends, and home looks whether any is left
 * (release_trial.c).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

/*--------------------------------------------------------------------
 * What they have counted
 */

void
release_end_sweeps(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	struct sweep *sweep;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		sweep = &handler->sweeps[i];
		if (sweep->order == NULL)
			continue;
		scheduler_set_slice(
		    scheduler_peer(handler->scheduler, i), NULL, NULL);
		histogram_merge(&report->pauses_cpu, &sweep->walk.cpu);
		histogram_merge(&report->pauses_wall, &sweep->walk.wall);
		histogram_merge(&handler->pauses.cpu, &sweep->walk.cpu);
		histogram_merge(&handler->pauses.wall, &sweep->walk.wall);
		report->canaries += sweep->taken;
		sweep->order = NULL;
	}
}

static bool
have_failed(const struct release_handler *handler)
{
	bool has_failed = false;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		if (handler->sweeps[i].slow >= SWEEP_SLOW_MAX)
			return true;
		has_failed = has_failed || handler->sweeps[i].has_failed;
	}
	return has_failed && !handler->order.keeps_old;
}

/*--------------------------------------------------------------------
 * Their way
 */

static bool
are_over(const struct release_handler *handler)
{
	bool over = true, must_end = false;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		over = over && handler->sweeps[i].is_over;
		must_end = must_end || handler->sweeps[i].must_end;
	}
	return over || must_end;
}

static void
tell_rejected(struct release_handler *handler)
{
	uint64_t rejected = 0;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		rejected += handler->sweeps[i].rejected;
	release_report_rejected(handler, rejected);
}

bool
release_end_rejecting(struct release_handler *handler)
{
	if (handler->sweeps[0].order == NULL ||
	    handler->sweep_order.work != SWEEP_REJECT)
		return false;
	scheduler_halt_others(handler->scheduler);
	release_end_sweeps(handler);
	tell_rejected(handler);
	scheduler_let_go(handler->scheduler);
	return true;
}

/* All who can come have come, or one could not: the others are halted. */
static void
close_sweeps(struct release_handler *handler)
{
	if (release_end_rejecting(handler))
		return;
	release_end_sweeps(handler);
	if (handler->sweep_order.work == SWEEP_LET_GO)
		release_confirm(handler);
	else if (handler->state == RELEASE_RETURNING)
		release_end_return(handler);
	else if (have_failed(handler))
		release_turn_round(handler, UPGRADE_REASON_failed_conversion);
	else if (handler->state == RELEASE_CONVERTING)
		release_install(handler);
}

/*
 * One slice on home, a scheduler_slice_f: of its own sweep while that goes on,
 * and a look at the others'.
 */
static bool
slice(void *arg)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (!handler->sweeps[0].is_over)
		(void)sweep_slice(&handler->sweeps[0]);
	if (are_over(handler)) {
		scheduler_halt_others(handler->scheduler);
		close_sweeps(handler);
		scheduler_let_go(handler->scheduler);
	}
	assert(release_assert_state(handler));
	return handler->sweeps[0].order != NULL;
}

static void
begin(struct release_handler *handler)
{
	struct scheduler *home = handler->scheduler, *peer;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		peer = scheduler_peer(home, i);
		sweep_begin(&handler->sweeps[i], peer, &handler->sweep_order,
		    &handler->books[i]);
		if (peer != home)
			scheduler_set_slice(
			    peer, sweep_slice, &handler->sweeps[i]);
	}
	scheduler_set_slice(home, slice, handler);
}

void
release_begin_sweeps(struct release_handler *handler, uint16_t target)
{
	handler->sweep_order = (struct sweep_order){ .target = target,
		.ends_at_failure = handler->state == RELEASE_CONVERTING &&
		    !handler->order.keeps_old,
		.is_return = handler->state == RELEASE_RETURNING,
		.names = &handler->names,
		.telephony = &handler->telephony };
	begin(handler);
}

void
release_begin_canary_sweeps(
    struct release_handler *handler, enum sweep_work work)
{
	handler->sweep_order = (struct sweep_order){ .target = handler->to,
		.ends_at_failure = !handler->order.keeps_old,
		.work = work,
		.canary = &handler->canary,
		.names = &handler->names,
		.telephony = &handler->telephony };
	begin(handler);
}

void
release_begin_reject_sweeps(struct release_handler *handler)
{
	handler->sweep_order = (struct sweep_order){ .work = SWEEP_REJECT,
		.left = handler->left,
		.left_count = handler->left_count,
		.names = &handler->names,
		.telephony = &handler->telephony };
	begin(handler);
}

void
release_begin_letting_go(struct release_handler *handler)
{
	handler->sweep_order = (struct sweep_order){ .target = handler->to,
		.work = SWEEP_LET_GO,
		.names = &handler->names,
		.telephony = &handler->telephony };
	begin(handler);
}

/*--------------------------------------------------------------------
 * What the schedulers tell
 */

/*
 * An event, or use_current, has had a process converted, on the thread of the
 * scheduler that has it.
 */
void
release_on_attempt(void *arg, struct pid pid, int result, uint64_t cpu_ns)
{
	struct release_handler *handler = arg;
	unsigned int number = pid_scheduler(pid);
	struct sweep *sweep = &handler->sweeps[number];

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (result == 0)
		process_add_pause(
		    scheduler_peer(handler->scheduler, number), pid, cpu_ns);
	if (sweep->order != NULL)
		sweep_add_attempt(sweep, pid, result, cpu_ns);
}

bool
release_on_birth(void *arg, struct pid pid, const struct message *start)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return canary_takes_birth(&handler->canary, pid, start);
}
