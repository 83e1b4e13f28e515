/*
 * rehearsal: see rehearsal.h for what it is.
 *
 * With each process, in one slice and so between two of its events:
 *
 *   copy      of the state, which alone is shown to the module
 *   up        under the guards of a conversion; the check of the new version
 *   down      with what was kept beside; the check of the version it is from
 *   compare   value by value with the copy
 *
 * One that has not begun yet, or is about to end, is left out.  So is what is
 * born behind the walk: there is no second pass, since there is always one
 * more to be born.
 *
 * Code that does not end holds its scheduler up until the watchdog ends it.
 * The third such gives the rehearsal up (design 5), on all schedulers.
 *
 * Invariants: a part is written by the thread of its scheduler alone, until
 * `is_over`; no pointer of a part leads to a process.
 */
#include "upgrade/rehearsal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/layout.h"
#include "upgrade/walk.h"
#include "upgrade/words.h"

enum { RESIDENTS_MAX = 256, ENDLESS_MAX = 3 };

/* On one scheduler. */
struct part {
	struct rehearsal *rehearsal;
	struct walk walk;
	uint64_t met;
	atomic_bool is_over;
	struct rehearsal_result result;
	uint8_t was[BEHAVIOUR_STATE_MAX], there[BEHAVIOUR_STATE_MAX];
	uint8_t kept[BEHAVIOUR_STATE_MAX], unused[BEHAVIOUR_STATE_MAX];
};

/* A version that processes come from. */
struct origin {
	uint16_t id;
	struct layout *layout;
};

struct rehearsal {
	unsigned int magic;
#define REHEARSAL_MAGIC 0x4e4ea45a
	struct behaviours *behaviours;
	struct scheduler *home;
	const struct behaviour *to;
	uint64_t stride; /* of so many one is tried */
	atomic_uint endless;
	unsigned int origins, parts;
	struct origin origin[RESIDENTS_MAX];
	struct part part[]; /* one on each scheduler */
};

/*--------------------------------------------------------------------
 * One process
 */

/* A conversion in hand. */
struct attempt {
	struct part *part;
	struct pid pid;
	const struct origin *origin;
	const struct behaviour *from;
	const void *live; /* its state, which stays as it is */
};

static void
note_failure(const struct attempt *attempt, struct rehearsal_failure failure)
{
	struct rehearsal_result *result = &attempt->part->result;

	failure.pid = attempt->pid;
	result->failed[failure.fault]++;
	if (result->failures < REHEARSAL_FAILURES)
		result->failure[result->failures++] = failure;
}

/* What the converter said of it, other than 0. */
static void
note_error(const struct attempt *attempt, const struct state_change *change,
    int error, struct reason reason)
{
	struct rehearsal_failure failure = { .fault = REHEARSAL_HOOK,
		.in_check = change->checks,
		.is_down = change->to == attempt->from,
		.reason = reason };

	if (error == -EDOM && !failure.is_down) {
		attempt->part->result.pinned++;
		return;
	}
	if (error == -EDOM)
		failure.fault = REHEARSAL_LOST;
	else if (error == -EFAULT)
		failure.fault = REHEARSAL_CRASH;
	else if (change->checks)
		failure.fault = REHEARSAL_CHECK;
	note_failure(attempt, failure);
	if (error == -EFAULT && reason.number == SIGXCPU)
		attempt->part->rehearsal->endless++;
}

static bool
convert(const struct attempt *attempt, struct state_change *change)
{
	struct reason reason = { .kind = REASON_NORMAL };
	int error =
	    process_try_change(attempt->part->walk.scheduler, change, &reason);

	if (error != 0)
		note_error(attempt, change, error, reason);
	return error == 0;
}

static void
note_loss(const struct attempt *attempt, const void *is, uint16_t node)
{
	const struct layout *layout = attempt->origin->layout;
	const struct field field = layout_field(&layout->nodes[node]);
	struct rehearsal_loss *loss = &attempt->part->result.loss;
	char path[LAYOUT_PATH_MAX], text[SCHEMA_TEXT_MAX];

	if (attempt->part->result.lossy++ > 0)
		return;
	loss->pid = attempt->pid;
	layout_path(layout, node, path);
	snprintf(loss->path, sizeof loss->path, "%.47s", path);
	schema_text(&field, attempt->live, text, sizeof text);
	snprintf(loss->was, sizeof loss->was, "%.31s", text);
	schema_text(&field, is, text, sizeof text);
	snprintf(loss->is, sizeof loss->is, "%.31s", text);
}

/* A timer that runs, and that the new version would cancel. */
static void
note_timer(const struct attempt *attempt, const struct state_change *up)
{
	struct rehearsal_loss *loss = &attempt->part->result.loss;
	char name[sizeof loss->path / 2];
	int timer = process_timer(attempt->part->walk.scheduler, attempt->pid,
	    up->lost_timer, up->lost_end);

	if (timer < 0 || attempt->part->result.lossy++ > 0)
		return;
	loss->pid = attempt->pid;
	(void)words_at(attempt->from->module->schema.timers,
	    (unsigned int)timer, name, sizeof name);
	(void)snprintf(loss->path, sizeof loss->path, "timer %s", name);
	(void)snprintf(loss->was, sizeof loss->was, "running");
	(void)snprintf(loss->is, sizeof loss->is, "cancelled");
}

/* The copy that the module was to read only. */
static bool
is_spoilt(const struct attempt *attempt)
{
	const struct rehearsal_failure failure = { .fault = REHEARSAL_SPOILT };

	if (memcmp(attempt->part->was, attempt->live,
		attempt->from->module->schema.size) == 0)
		return false;
	note_failure(attempt, failure);
	return true;
}

/* Its state is in part->was. */
static void
there_and_back(const struct attempt *attempt)
{
	struct part *part = attempt->part;
	const struct behaviour *to = part->rehearsal->to;
	struct state_change up = { .from = attempt->from,
		.to = to,
		.old_state = part->was,
		.restore =
		    process_kept(part->walk.scheduler, attempt->pid, to->id),
		.keep = part->kept };
	struct state_change down = { .from = to,
		.to = attempt->from,
		.old_state = part->there,
		.keep = part->unused };
	uint16_t node;

	if (!convert(attempt, &up) || is_spoilt(attempt))
		return;
	memcpy(part->there, up.new_state, to->module->schema.size);
	if (up.kept > 0)
		down.restore = part->kept;
	if (!convert(attempt, &down))
		return;
	part->result.converted++;
	if (!layout_states_are_equal(
		attempt->origin->layout, attempt->live, down.new_state, &node))
		note_loss(attempt, down.new_state, node);
	else
		note_timer(attempt, &up);
}

static const struct origin *
find_origin(const struct rehearsal *rehearsal, uint16_t id)
{
	const struct origin *origin = rehearsal->origin;

	for (; origin < rehearsal->origin + rehearsal->origins; origin++)
		if (origin->id == id)
			return origin;
	return NULL;
}

/* A walk_visit_f. */
static enum walk_visit
visit(void *arg, const struct process_info *info)
{
	struct part *part = arg;
	struct attempt attempt = { .part = part,
		.pid = info->pid,
		.live = info->state,
		.origin = find_origin(part->rehearsal, info->behaviour) };

	if (attempt.origin == NULL || part->rehearsal->endless >= ENDLESS_MAX ||
	    (info->status != PROCESS_RUNNING &&
		info->status != PROCESS_SUSPENDED) ||
	    part->met++ % part->rehearsal->stride != 0)
		return WALK_UNWANTED;
	attempt.from =
	    behaviour_at(part->rehearsal->behaviours, info->behaviour);
	memcpy(part->was, info->state, info->state_size);
	there_and_back(&attempt);
	return WALK_DONE;
}

/*--------------------------------------------------------------------
 * All of them
 */

/* A scheduler_slice_f. */
static bool
slice(void *arg)
{
	struct part *part = arg;

	if (!walk_slice(&part->walk, visit, part) ||
	    part->rehearsal->endless >= ENDLESS_MAX)
		part->is_over = true;
	return !part->is_over;
}

bool
rehearsal_slice(struct rehearsal *rehearsal)
{
	CHECK_OBJ(rehearsal, REHEARSAL_MAGIC);
	return !rehearsal->part[0].is_over && slice(&rehearsal->part[0]);
}

void
rehearsal_begin(struct rehearsal *rehearsal)
{
	unsigned int i;

	CHECK_OBJ(rehearsal, REHEARSAL_MAGIC);
	for (i = 1; i < rehearsal->parts; i++)
		scheduler_set_slice(scheduler_peer(rehearsal->home, i), slice,
		    &rehearsal->part[i]);
}

bool
rehearsal_is_over(const struct rehearsal *rehearsal)
{
	unsigned int i;

	CHECK_OBJ(rehearsal, REHEARSAL_MAGIC);
	for (i = 0; i < rehearsal->parts; i++)
		if (!rehearsal->part[i].is_over)
			return false;
	return true;
}

/*--------------------------------------------------------------------
 * What came of it
 */

void
rehearsal_sum(
    const struct rehearsal *rehearsal, struct rehearsal_result *ret_result)
{
	const struct part *part = rehearsal->part;

	CHECK_OBJ(rehearsal, REHEARSAL_MAGIC);
	memset(ret_result, 0, sizeof *ret_result);
	for (; part < rehearsal->part + rehearsal->parts; part++)
		rehearsal_add(ret_result, &part->result);
	ret_result->is_cut = rehearsal->endless >= ENDLESS_MAX;
}

void
rehearsal_pauses(const struct rehearsal *rehearsal, struct histogram *ret_cpu,
    struct histogram *ret_wall)
{
	const struct part *part = rehearsal->part;

	CHECK_OBJ(rehearsal, REHEARSAL_MAGIC);
	for (; part < rehearsal->part + rehearsal->parts; part++) {
		histogram_merge(ret_cpu, &part->walk.cpu);
		histogram_merge(ret_wall, &part->walk.wall);
	}
}

/*--------------------------------------------------------------------
 * Life
 */

static int
add_origins(struct rehearsal *rehearsal, const struct rehearsal_order *order)
{
	uint16_t ids[RESIDENTS_MAX];
	unsigned int i, count;
	uint64_t live = 0;
	struct origin *origin;
	int error;

	count = code_residents(order->code, order->module, ids, RESIDENTS_MAX);
	for (i = 0; i < count; i++) {
		if (ids[i] == order->to)
			continue;
		origin = &rehearsal->origin[rehearsal->origins];
		origin->id = ids[i];
		error = layout_alloc(&origin->layout,
		    &behaviour_at(rehearsal->behaviours, ids[i])
			 ->module->schema);
		if (error != 0)
			return error;
		rehearsal->origins++;
		live += behaviour_counts(rehearsal->behaviours, ids[i]).holders;
	}
	rehearsal->stride = order->sample == 0 || live <= order->sample
	    ? 1
	    : (live + order->sample - 1) / order->sample;
	return 0;
}

int
rehearsal_alloc(
    struct rehearsal **ret_rehearsal, const struct rehearsal_order *order)
{
	unsigned int i, count = scheduler_count(order->home);
	struct rehearsal *rehearsal;
	int error;

	if (ALLOC_OBJ_EXTRA(rehearsal, REHEARSAL_MAGIC,
		count * sizeof rehearsal->part[0]) == NULL)
		return -ENOMEM;
	rehearsal->home = order->home;
	rehearsal->behaviours = scheduler_behaviours(order->home);
	rehearsal->to = behaviour_at(rehearsal->behaviours, order->to);
	rehearsal->parts = count;
	for (i = 0; i < count; i++) {
		rehearsal->part[i].rehearsal = rehearsal;
		walk_begin(
		    &rehearsal->part[i].walk, scheduler_peer(order->home, i));
	}
	error = add_origins(rehearsal, order);
	if (error != 0) {
		rehearsal_free(&rehearsal);
		return error;
	}
	*ret_rehearsal = rehearsal;
	return 0;
}

void
rehearsal_free(struct rehearsal **rehearsalp)
{
	struct rehearsal *rehearsal = *rehearsalp;
	unsigned int i;

	if (rehearsal == NULL)
		return;
	CHECK_OBJ(rehearsal, REHEARSAL_MAGIC);
	for (i = 0; i < rehearsal->origins; i++)
		layout_free(&rehearsal->origin[i].layout);
	FREE_OBJ(rehearsalp, REHEARSAL_MAGIC);
}
