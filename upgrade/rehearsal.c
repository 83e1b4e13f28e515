/*
 * rehearsal: see rehearsal.h for what it is.
 *
 * With each process, in one slice and so between two of its events:
 *
 *   there     under the guards of a conversion, of a copy; the check of the
 *             new version
 *   back      with what was kept beside; the check of the version it is from
 *   compare   value by value with the state
 *
 * One of a unit goes the way with the other, or stays with it.  Each of the two
 * is counted in its own turn, for which both are tried.
 *
 * One that has not begun yet, or is about to end, is left out.  So is what is
 * born behind the walk: there is no second pass, since there is always one
 * more to be born.
 *
 * Code that does not end holds its scheduler up until the watchdog ends it.
 * The third such gives the rehearsal up (design 5), on all schedulers; but if
 * it is a hook that an upgrade would leave out from then on, so does this.
 *
 * Invariants: a part is written by the thread of its scheduler alone, until
 * `is_over`; no pointer of a part leads to a process; what an upgrade would do
 * is what process_try_change() says, and is decided nowhere else.
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
#include "upgrade/state_names.h"
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
	uint8_t there[BEHAVIOUR_STATE_MAX];
	uint8_t kept[BEHAVIOUR_STATE_MAX], unused[BEHAVIOUR_STATE_MAX];
};

/* A version that processes come from. */
struct origin {
	uint16_t id;
	atomic_uint stuck; /* hooks on the way from it, which may be left out */
	struct layout *layout;
};

struct rehearsal {
	unsigned int magic;
#define REHEARSAL_MAGIC 0x4e4ea45a
	struct behaviours *behaviours;
	struct scheduler *home;
	const struct behaviour *to;
	const struct state_names *names;
	uint64_t stride; /* of so many one is tried */
	atomic_uint endless;
	atomic_uint stuck_back; /* as of struct origin, on all ways back */
	unsigned int origins, parts;
	struct origin origin[RESIDENTS_MAX];
	struct part part[]; /* one on each scheduler */
};

/*--------------------------------------------------------------------
 * One process
 */

/* A process in hand. */
struct attempt {
	struct part *part;
	struct process_info info;
	struct origin *origin;
	const struct behaviour *from;
	bool is_partner; /* of the one whose turn it is */
};

/* There and back. */
struct trip {
	enum { ARRIVES, STAYS, FAILS } there;
	bool skips; /* its code_change, on the way there */
	bool is_back, is_lossy;
	struct rehearsal_failure failure; /* if it fails, or is not back */
};

/* What the converter said of it, other than 0. */
static struct rehearsal_failure
read_failure(const struct state_change *change, int error, struct reason reason)
{
	struct rehearsal_failure failure = {
		.in_check = change->checks, .other = PID_NONE, .reason = reason
	};

	if (error == -EDOM)
		failure.fault = REHEARSAL_LOST;
	else if (error == -EROFS)
		failure.fault = REHEARSAL_SPOILT;
	else if (error == -EFAULT || error == -ETIME)
		failure.fault = REHEARSAL_CRASH;
	else
		failure.fault =
		    change->checks ? REHEARSAL_CHECK : REHEARSAL_HOOK;
	return failure;
}

/* It was converted by the plan alone, as its hook has done wrong. */
static struct rehearsal_failure
read_skipped(struct reason reason)
{
	return (struct rehearsal_failure){ .other = PID_NONE,
		.fault = reason.kind == REASON_FAULT ? REHEARSAL_CRASH
						     : REHEARSAL_SPOILT,
		.reason = reason };
}

/* As a scheduler does it, which asks one that does not end three times. */
static int
convert(const struct attempt *attempt, struct state_change *change,
    atomic_uint *stuck, struct rehearsal_failure *ret_failure)
{
	struct part *part = attempt->part;
	struct reason reason;
	bool is_stuck = *stuck >= ENDLESS_MAX;
	int error;

	change->skips_hook = is_stuck;
	error = process_try_change(part->walk.scheduler, change, &reason);
	if (is_stuck)
		reason = (struct reason){ REASON_FAULT, .number = SIGXCPU };
	if (error != 0)
		*ret_failure = read_failure(change, error, reason);
	else if (change->skips_hook)
		*ret_failure = read_skipped(reason);
	if (error == -ETIME)
		part->rehearsal->endless++;
	else if (change->skips_hook && reason.number == SIGXCPU)
		(*stuck)++;
	return error;
}

static void
note_loss(const struct attempt *attempt, const void *is, uint16_t node)
{
	const struct layout *layout = attempt->origin->layout;
	const struct field field = layout_field(&layout->nodes[node]);
	struct rehearsal_loss *loss = &attempt->part->result.loss;
	char path[LAYOUT_PATH_MAX], text[SCHEMA_TEXT_MAX];

	loss->pid = attempt->info.pid;
	layout_path(layout, node, path);
	snprintf(loss->path, sizeof loss->path, "%.47s", path);
	schema_text(&field, attempt->info.state, text, sizeof text);
	snprintf(loss->was, sizeof loss->was, "%.31s", text);
	schema_text(&field, is, text, sizeof text);
	snprintf(loss->is, sizeof loss->is, "%.31s", text);
}

static void
note_timer(const struct attempt *attempt, unsigned int timer)
{
	struct rehearsal_loss *loss = &attempt->part->result.loss;
	char name[sizeof loss->path / 2];

	loss->pid = attempt->info.pid;
	(void)words_at(
	    attempt->from->module->schema.timers, timer, name, sizeof name);
	(void)snprintf(loss->path, sizeof loss->path, "timer %s", name);
	(void)snprintf(loss->was, sizeof loss->was, "running");
	(void)snprintf(loss->is, sizeof loss->is, "cancelled");
}

/* Of its values; or of its timers, one that the new version would cancel. */
static bool
loses(const struct attempt *attempt, const struct state_change *up,
    const struct state_change *down)
{
	bool is_told = attempt->is_partner || attempt->part->result.lossy > 0;
	uint16_t node;
	int timer;

	if (!layout_states_are_equal(attempt->origin->layout,
		attempt->info.state, down->new_state, &node)) {
		if (!is_told)
			note_loss(attempt, down->new_state, node);
		return true;
	}
	timer = process_timer(attempt->part->walk.scheduler, attempt->info.pid,
	    up->lost_timer, up->lost_end);
	if (timer >= 0 && !is_told)
		note_timer(attempt, (unsigned int)timer);
	return timer >= 0;
}

/* What `up` has made is part->there, what it had no place for part->kept. */
static void
come_back(const struct attempt *attempt, const struct state_change *up,
    struct trip *trip)
{
	struct part *part = attempt->part;
	struct state_change down = { .from = up->to,
		.to = attempt->from,
		.old_state = part->there,
		.restore = up->kept > 0 ? part->kept : NULL,
		.keep = part->unused };
	int error = convert(
	    attempt, &down, &part->rehearsal->stuck_back, &trip->failure);

	trip->failure.is_down = true;
	trip->is_back = error == 0 && !down.skips_hook;
	trip->is_lossy = error == 0 && loses(attempt, up, &down);
}

static struct trip
there_and_back(const struct attempt *attempt)
{
	struct part *part = attempt->part;
	const struct behaviour *to = part->rehearsal->to;
	struct state_change up = { .from = attempt->from,
		.to = to,
		.old_state = attempt->info.state,
		.restore = process_kept(
		    part->walk.scheduler, attempt->info.pid, to->id),
		.keep = part->kept };
	struct trip trip = { .there = ARRIVES };
	int error =
	    convert(attempt, &up, &attempt->origin->stuck, &trip.failure);

	if (error != 0) {
		trip.there = error == -EDOM ? STAYS : FAILS;
		return trip;
	}
	trip.skips = up.skips_hook;
	memcpy(part->there, up.new_state, to->module->schema.size);
	come_back(attempt, &up, &trip);
	return trip;
}

/*--------------------------------------------------------------------
 * One, with the other of its unit
 */

/* As code_change.c has it: a refusal is one of both, then both wait. */
static void
go_with(struct trip *trip, const struct trip *other, struct pid pid)
{
	bool has_worse = other->there > trip->there ||
	    (other->there == ARRIVES && trip->is_back && !other->is_back);

	if (!has_worse)
		return;
	trip->there = other->there;
	trip->is_back = other->is_back;
	trip->failure = other->failure;
	trip->failure.other = pid;
}

static void
note_failure(struct rehearsal_result *result, struct pid pid,
    const struct rehearsal_failure *failure)
{
	struct rehearsal_failure *note;

	if (result->failures == REHEARSAL_FAILURES)
		return;
	note = &result->failure[result->failures++];
	*note = *failure;
	note->pid = pid;
}

static void
count(const struct attempt *attempt, const struct trip *trip)
{
	struct rehearsal_result *result = &attempt->part->result;
	const unsigned int state =
	    state_names_find(attempt->part->rehearsal->names,
		attempt->info.behaviour, attempt->info.state);

	switch (trip->there) {
	case STAYS:
		result->pinned++;
		result->pinned_in[state]++;
		return;
	case FAILS:
		result->failed++;
		result->failed_in[state]++;
		break;
	case ARRIVES:
		result->converted++;
		result->converted_in[state]++;
		result->skipped += trip->skips;
		result->lossy += trip->is_lossy;
		result->astray += !trip->is_back;
		break;
	}
	if (trip->there == FAILS || !trip->is_back)
		note_failure(result, attempt->info.pid, &trip->failure);
}

static struct origin *
find_origin(struct rehearsal *rehearsal, uint16_t id)
{
	struct origin *origin = rehearsal->origin;

	for (; origin < rehearsal->origin + rehearsal->origins; origin++)
		if (origin->id == id)
			return origin;
	return NULL;
}

/* Whether it would be tried: it is elsewhere, and between two events. */
static bool
take_up(struct attempt *attempt)
{
	struct rehearsal *rehearsal = attempt->part->rehearsal;

	attempt->origin = find_origin(rehearsal, attempt->info.behaviour);
	if (attempt->origin == NULL ||
	    (attempt->info.status != PROCESS_RUNNING &&
		attempt->info.status != PROCESS_SUSPENDED))
		return false;
	attempt->from =
	    behaviour_at(rehearsal->behaviours, attempt->info.behaviour);
	return true;
}

/* A walk_visit_f. */
static enum walk_visit
visit(void *arg, const struct process_info *info)
{
	struct part *part = arg;
	struct scheduler *scheduler = part->walk.scheduler;
	struct attempt one = { .part = part, .info = *info };
	struct attempt other = { .part = part, .is_partner = true };
	bool has_other;
	struct trip trip, its;

	if (!take_up(&one) || part->rehearsal->endless >= ENDLESS_MAX)
		return WALK_UNWANTED;
	has_other =
	    process_info(scheduler, process_partner(scheduler, info->pid),
		&other.info) == 0;
	if ((has_other && !take_up(&other)) ||
	    part->met++ % part->rehearsal->stride != 0)
		return WALK_UNWANTED;
	trip = there_and_back(&one);
	if (has_other && trip.there != FAILS) {
		its = there_and_back(&other);
		go_with(&trip, &its, other.info.pid);
	}
	count(&one, &trip);
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
	rehearsal->names = order->names;
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
