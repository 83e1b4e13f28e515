/*
 * compilation: from the lines of a plan to the steps that are run.
 *
 * derivation.c and composition.c make lines, each with all that is known of a
 * value; a step knows only offsets and widths, so that a call is converted in
 * a few dozen memory accesses and no text is compared while it waits.
 *
 *   line                        step
 *   copy, neighbours as well    one COPY
 *   number that always fits     EXTEND
 *   number with limits          LIMIT     -EDOM outside the guard, then clamp
 *   text                        TEXT      likewise, of its length
 *   map                         MAP       -EDOM where there is no image
 *   constant                    SET       a default of a format between
 *   never                       NEVER     -EDOM always
 *   hook                        none: the default, then the hook's word
 *   any under a condition       UNLESS    skips what follows; or UNLESS_NEW,
 *                               of the state that is being made
 *
 * Invariants, checked by assert_conversion() when a plan is made:
 *   1. no byte of a target value is written twice, but a constant's, which a
 *      line of the same value may write over;
 *   2. no line writes outside of a value, or outside of the target;
 *   3. no line reads beyond the source.
 */
#include <errno.h>
#include <stdlib.h>

#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/kept.h"

/* Whether some values of the source are outside of `limits`. */
static bool
is_limited(const struct line *line, struct limits limits)
{
	struct limits whole = { 0, line->source.width };

	if (line->kind != LINE_TEXT)
		whole = limits_of(line->source.kind, line->source.width);
	return limits.lo > whole.lo || limits.hi < whole.hi;
}

static bool
has_limits(const struct line *line)
{
	return is_limited(line, line->guard) || is_limited(line, line->clamp);
}

/* By target, since it is written in one pass; what checks comes before. */
static int
compare_lines(const void *one_arg, const void *other_arg)
{
	const struct line *one = one_arg, *other = other_arg;
	bool checks = one->target.width == 0;

	if (one->is_late != other->is_late)
		return one->is_late ? 1 : -1;
	if (checks != (other->target.width == 0))
		return checks ? -1 : 1;
	if (one->target.offset != other->target.offset)
		return one->target.offset < other->target.offset ? -1 : 1;
	/* Of one value the constant is what another line writes over. */
	if ((one->kind == LINE_CONSTANT) != (other->kind == LINE_CONSTANT))
		return one->kind == LINE_CONSTANT ? -1 : 1;
	if (one->when != other->when)
		return one->when < other->when ? -1 : 1;
	return (one->source.offset > other->source.offset) -
	    (one->source.offset < other->source.offset);
}

static enum step_kind
step_of(const struct line *line)
{
	switch ((enum line_kind)line->kind) {
	case LINE_COPY:
		return STEP_COPY;
	case LINE_NUMBER:
		return has_limits(line) || line->target.width == 0
		    ? STEP_LIMIT
		    : STEP_EXTEND;
	case LINE_TEXT:
		return STEP_TEXT;
	case LINE_MAP:
		return STEP_MAP;
	case LINE_CONSTANT:
		return STEP_SET;
	case LINE_NEVER:
	case LINE_HOOK:
	case LINE_VIA:
		break;
	}
	return STEP_NEVER;
}

/* Whether the step before is a copy that this one goes on. */
static bool
goes_on(const struct step *last, const struct step *step)
{
	return last->kind == STEP_COPY && step->kind == STEP_COPY &&
	    last->from + last->width == step->from &&
	    last->to + last->width == step->to &&
	    last->width + step->width <= UINT16_MAX;
}

/* The condition under which a line runs; 0 where it may as well always. */
static uint16_t
condition_of(const struct line *line)
{
	return line->kind == LINE_COPY && line->is_free ? 0 : line->when;
}

/* What is being compiled: the condition in force, and since which step. */
struct compiler {
	struct conversion *plan;
	struct step *unless;
	uint16_t when;
	bool is_late;
	uint32_t since;
};

static void
change_condition(struct compiler *compiler, uint16_t when, bool is_late)
{
	struct conversion *plan = compiler->plan;

	if (when == compiler->when && is_late == compiler->is_late)
		return;
	compiler->when = when;
	compiler->is_late = is_late;
	compiler->unless = NULL;
	if (when != 0) {
		compiler->unless = &plan->steps[plan->step_count++];
		compiler->unless->kind =
		    is_late ? STEP_UNLESS_NEW : STEP_UNLESS;
		compiler->unless->line = when;
	}
	compiler->since = plan->step_count;
}

struct step
line_step(const struct line *line, uint32_t number)
{
	return (struct step){ .kind = (uint8_t)step_of(line),
		.from_kind = line->source.kind,
		.from_width = (uint8_t)line->source.width,
		.to_width = (uint8_t)line->target.width,
		.from = line->source.offset,
		.to = line->target.offset,
		.width = line->target.width,
		.line = (uint16_t)number };
}

static void
compile_line(struct compiler *compiler, uint32_t number)
{
	struct conversion *plan = compiler->plan;
	const struct line *line = &plan->lines[number];
	const struct step step = line_step(line, number);
	struct step *last = plan->steps + plan->step_count - 1;

	change_condition(compiler, condition_of(line), line->is_late);
	if (plan->step_count > compiler->since && goes_on(last, &step)) {
		last->width = (uint16_t)(last->width + step.width);
		return;
	}
	plan->steps[plan->step_count++] = step;
	if (compiler->unless != NULL)
		compiler->unless->width++;
}

static bool
assert_line(const struct conversion *plan, const struct line *line)
{
	const struct line *other = plan->lines;

	assert((uint64_t)line->source.offset + line->source.width <=
	    plan->from.size);
	assert((uint64_t)line->target.offset + line->target.width <=
	    plan->to.size);
	assert(line->when <=
	    (line->is_late ? plan->to : plan->from).condition_count);
	for (; other < line; other++)
		assert(other->to != line->to || line->to == LAYOUT_NOWHERE ||
		    line->target.width == 0 || other->target.width == 0 ||
		    other->kind == LINE_CONSTANT);
	return true;
}

static bool
assert_conversion(const struct conversion *plan)
{
	const struct line *line = plan->lines;

	for (; line < plan->lines + plan->line_count; line++)
		assert(assert_line(plan, line));
	return true;
}

bool
line_is_guarded(const struct conversion *plan, const struct line *line)
{
	uint32_t i;

	switch ((enum line_kind)line->kind) {
	case LINE_NUMBER:
	case LINE_TEXT:
		return is_limited(line, line->guard);
	case LINE_MAP:
		for (i = 0; i < line->map_count; i++)
			if (plan->images[line->map + i] == NO_IMAGE)
				return true;
		return false;
	case LINE_NEVER:
		return true;
	case LINE_COPY:
	case LINE_CONSTANT:
	case LINE_HOOK:
	case LINE_VIA:
		break;
	}
	return false;
}

static void
summarize(struct conversion *plan)
{
	struct conversion_summary *summary = &plan->summary;
	const struct leaf *leaf = plan->to.leaves;
	const struct line *line = plan->lines;

	for (; line < plan->lines + plan->line_count; line++) {
		summary->guarded += line_is_guarded(plan, line);
		summary->copied += line->kind == LINE_COPY;
		if (line->target.width == 0)
			continue;
		summary->mapped += line->kind == LINE_MAP;
		summary->defaulted += line->kind == LINE_HOOK;
		if (line->kind != LINE_NUMBER && line->kind != LINE_TEXT)
			continue;
		summary->widened += !has_limits(line);
		summary->clamped += is_limited(line, line->clamp);
	}
	for (; leaf < plan->to.leaves + plan->to.leaf_count; leaf++)
		summary->defaulted += !leaf->is_settled;
	summary->dropped = kept_leaving(plan->kept);
	summary->steps = plan->step_count;
}

int
conversion_compile(struct conversion *plan)
{
	struct compiler compiler = { .plan = plan };
	uint32_t i;
	int error;

	error = kept_alloc(&plan->kept, &plan->from, &plan->to);
	if (error != 0)
		return error;
	/* Of each line one step, and perhaps its condition before. */
	plan->steps =
	    object_alloc((2 * plan->line_count + 1) * sizeof *plan->steps);
	if (plan->steps == NULL)
		return -ENOMEM;
	if (plan->line_count > 0)
		qsort(plan->lines, plan->line_count, sizeof *plan->lines,
		    compare_lines);
	for (i = 0; i < plan->line_count; i++)
		if (plan->lines[i].kind != LINE_HOOK)
			compile_line(&compiler, i);
	assert(assert_conversion(plan));
	summarize(plan);
	return 0;
}
