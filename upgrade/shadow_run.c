/*
 * shadow_run: see shadow_run.h for what it is.
 *
 * With each event of the sample, within it and on its scheduler's thread:
 *
 *   not tried   its state has no image there: counted, no more
 *   the same    counted
 *   not         counted; one of the first is kept, in words
 *
 * Invariants: a part is written by the thread of its scheduler alone until the
 * run has ended; what is kept of a difference is text, and no pointer of it
 * leads to a process or into a module.
 */
#include "upgrade/shadow_run.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/conversion.h"
#include "upgrade/layout.h"
#include "upgrade/shadow_run_internal.h"
#include "upgrade/telephony.h"

enum { RESIDENTS_MAX = 256, ENDLESS_MAX = 3 };

/* On one scheduler. */
struct part {
	struct shadow_run *run;
	struct scheduler *scheduler;
	struct shadow *shadow;
	struct shadow_run_result result;
	uint8_t down[BEHAVIOUR_STATE_MAX], up[BEHAVIOUR_STATE_MAX];
	uint8_t unused[BEHAVIOUR_STATE_MAX];
};

/* A version that the processes run. */
struct origin {
	uint16_t id;
	struct layout *layout;
	const char *const *differs; /* of the newer of it and `to` */
};

struct shadow_run {
	unsigned int magic;
#define SHADOW_RUN_MAGIC 0x5ad0e24a
	struct behaviours *behaviours;
	const struct upgrade_telephony *telephony;
	struct layout *layout; /* of `to` */
	atomic_uint endless;
	unsigned int origins, parts;
	struct origin origin[RESIDENTS_MAX];
	struct part part[]; /* one on each scheduler */
};

/*--------------------------------------------------------------------
 * One event
 */

static const struct origin *
find_origin(const struct shadow_run *run, uint16_t id)
{
	const struct origin *origin = run->origin;

	for (; origin < run->origin + run->origins; origin++)
		if (origin->id == id)
			return origin;
	return NULL;
}

/* By the words of its schema; "" if there is no such field. */
static void
state_word(const struct shadow_trial *trial, char *word, size_t size)
{
	const struct field *field =
	    schema_find(&trial->from->module->schema, "state");

	word[0] = '\0';
	if (field != NULL)
		schema_text(field, trial->before, word, size);
}

static uint64_t
call_number(const struct part *part, struct pid pid)
{
	const struct upgrade_telephony *telephony = part->run->telephony;
	struct process_info info;

	if (telephony == NULL || telephony->call == NULL ||
	    process_info(part->scheduler, pid, &info) != 0)
		return 0;
	return telephony->call(telephony->arg, &info);
}

/* The next place for one that is kept; NULL: there are enough. */
static struct shadow_difference *
keep(struct part *part, const struct shadow_trial *trial)
{
	struct shadow_difference *kept =
	    shadow_run_place(&part->result, trial->event);

	if (kept == NULL)
		return NULL;
	kept->at = scheduler_now(part->scheduler);
	kept->pid = trial->pid;
	kept->call = call_number(part, trial->pid);
	kept->is_crash = trial->outcome == SHADOW_CRASHED;
	(void)snprintf(
	    kept->module, sizeof kept->module, "%s", trial->from->name);
	(void)snprintf(kept->version_from, sizeof kept->version_from, "%s",
	    trial->from->version);
	(void)snprintf(kept->version_to, sizeof kept->version_to, "%s",
	    trial->to->version);
	(void)snprintf(kept->event, sizeof kept->event, "%s", trial->event);
	state_word(trial, kept->state, sizeof kept->state);
	return kept;
}

static void
compare(struct part *part, const struct shadow_trial *trial,
    const struct origin *origin)
{
	const struct comparison comparison = { .scheduler = part->scheduler,
		.trial = trial,
		.from = origin->layout,
		.to = part->run->layout,
		.differs = origin->differs,
		.down = part->down,
		.up = part->up,
		.unused = part->unused };
	struct shadow_event event = { .compared = 1 };
	struct shadow_difference *kept;

	(void)snprintf(event.word, sizeof event.word, "%s", trial->event);
	event.crashed = trial->outcome == SHADOW_CRASHED;
	event.differed = !comparison_run(&comparison, NULL);
	shadow_run_count(&part->result, &event);
	kept = event.differed == 0 ? NULL : keep(part, trial);
	if (kept != NULL)
		(void)comparison_run(&comparison, &kept->did);
}

/* Of shadow_order. */
static bool
tried(void *arg, const struct shadow_trial *trial)
{
	struct part *part = arg;
	const struct origin *origin = find_origin(part->run, trial->from->id);
	bool is_endless = trial->reason.kind == REASON_FAULT &&
	    trial->reason.number == SIGXCPU;

	if (origin == NULL || trial->outcome == SHADOW_PINNED ||
	    trial->outcome == SHADOW_UNCONVERTED)
		part->result.untried++;
	else
		compare(part, trial, origin);
	if (is_endless)
		part->run->endless++;
	return part->run->endless < ENDLESS_MAX;
}

/*--------------------------------------------------------------------
 * Begin and end
 */

static const char *const *
differs_of(const struct code *code, const struct behaviour *from,
    const struct behaviour *to)
{
	const struct conversion *plan = code_plan(code, from->id, to->id);
	bool is_down = plan != NULL && conversion_is_down(plan);

	return (is_down ? from : to)->module->schema.differs;
}

static int
add_origins(struct shadow_run *run, const struct shadow_run_order *order)
{
	const struct behaviour *to = behaviour_at(run->behaviours, order->to);
	const struct behaviour *from;
	uint16_t ids[RESIDENTS_MAX];
	struct origin *origin;
	unsigned int i, count;
	int error = layout_alloc(&run->layout, &to->module->schema);

	count = code_residents(order->code, order->module, ids, RESIDENTS_MAX);
	for (i = 0; i < count && error == 0; i++) {
		if (ids[i] == order->to)
			continue;
		from = behaviour_at(run->behaviours, ids[i]);
		origin = &run->origin[run->origins];
		*origin = (struct origin){ .id = ids[i],
			.differs = differs_of(order->code, from, to) };
		error = layout_alloc(&origin->layout, &from->module->schema);
		run->origins += error == 0;
	}
	return error;
}

/* As a share of 2^32. */
static uint32_t
share_of(double share)
{
	return share >= 1.0 ? UINT32_MAX : (uint32_t)(share * 4294967296.0);
}

static int
add_shadows(struct shadow_run *run, const struct shadow_run_order *order)
{
	struct shadow_order shadow = {
		.to = order->to, .share = share_of(order->share), .tried = tried
	};
	struct part *part = run->part;
	int error = 0;

	for (; part < run->part + run->parts && error == 0; part++) {
		shadow.arg = part;
		error = shadow_alloc(&part->shadow, part->scheduler, &shadow);
	}
	return error;
}

static bool
is_version_of(const struct shadow_run_order *order)
{
	uint16_t ids[RESIDENTS_MAX];
	unsigned int i, count;

	count = code_residents(order->code, order->module, ids, RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		if (ids[i] == order->to)
			return true;
	return false;
}

int
shadow_run_begin(
    struct shadow_run **ret_run, const struct shadow_run_order *order)
{
	unsigned int i, count = scheduler_count(order->home);
	struct shadow_run *run;
	int error;

	if (!(order->share >= 0.0 && order->share <= 1.0) ||
	    !is_version_of(order))
		return -EINVAL;
	if (ALLOC_OBJ_EXTRA(
		run, SHADOW_RUN_MAGIC, count * sizeof run->part[0]) == NULL)
		return -ENOMEM;
	run->behaviours = scheduler_behaviours(order->home);
	run->telephony = order->telephony;
	run->parts = count;
	for (i = 0; i < count; i++) {
		run->part[i].run = run;
		run->part[i].scheduler = scheduler_peer(order->home, i);
	}
	error = add_origins(run, order);
	if (error == 0)
		error = add_shadows(run, order);
	if (error != 0) {
		shadow_run_free(&run);
		return error;
	}
	*ret_run = run;
	return 0;
}

void
shadow_run_end(struct shadow_run *run)
{
	unsigned int i;

	CHECK_OBJ(run, SHADOW_RUN_MAGIC);
	for (i = 0; i < run->parts; i++)
		shadow_free(&run->part[i].shadow);
}

void
shadow_run_sum(
    const struct shadow_run *run, struct shadow_run_result *ret_result)
{
	unsigned int i;

	CHECK_OBJ(run, SHADOW_RUN_MAGIC);
	memset(ret_result, 0, sizeof *ret_result);
	for (i = 0; i < run->parts; i++)
		shadow_run_add(ret_result, &run->part[i].result);
	ret_result->is_cut = run->endless >= ENDLESS_MAX;
}

void
shadow_run_free(struct shadow_run **runp)
{
	struct shadow_run *run = *runp;
	unsigned int i;

	if (run == NULL)
		return;
	shadow_run_end(run);
	for (i = 0; i < run->origins; i++)
		layout_free(&run->origin[i].layout);
	layout_free(&run->layout);
	FREE_OBJ(runp, SHADOW_RUN_MAGIC);
}
