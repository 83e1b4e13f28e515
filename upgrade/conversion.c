/*
 * conversion: see conversion.h for what it is.
 *
 * derivation.c and composition.c make lines, here they are compiled and run.
 * A step knows only offsets and widths, so that a call is converted in a few
 * dozen memory accesses and no text is compared while it waits.
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
 * A run begins with the blank, so that no byte is what lay there before.
 *
 * Invariants, checked by assert_conversion() when a plan is made:
 *   1. no byte of a target value is written twice, but a constant's, which a
 *      line of the same value may write over;
 *   2. no line writes outside of a value, or outside of the target;
 *   3. no line reads beyond the source.
 */
#include "upgrade/conversion.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/fault.h"
#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/number.h"
#include "upgrade/kept.h"

enum step_kind {
	STEP_COPY,
	STEP_EXTEND,
	STEP_LIMIT,
	STEP_TEXT,
	STEP_MAP,
	STEP_SET,
	STEP_NEVER,
	STEP_UNLESS,
	STEP_UNLESS_NEW
};

struct step {
	uint8_t kind;
	uint8_t from_kind; /* of STEP_EXTEND; and both widths */
	uint8_t from_width, to_width;
	uint32_t from, to;
	uint16_t width; /* of STEP_COPY bytes, of STEP_UNLESS steps to skip */
	uint16_t line;	/* of STEP_UNLESS the condition */
};

/*--------------------------------------------------------------------
 * Limits
 */

struct limits
limits_of(uint8_t kind, uint16_t width)
{
	unsigned int bits = 8U * width;

	if (kind == FIELD_BOOL)
		return (struct limits){ 0, 1 };
	if (kind != FIELD_INT)
		return (struct limits){ 0, UINT64_MAX >> (64 - bits) };
	return (struct limits){ INT64_MIN >> (64 - bits),
		UINT64_MAX >> (65 - bits) };
}

struct limits
limits_both(struct limits one, struct limits other)
{
	return (struct limits){ one.lo > other.lo ? one.lo : other.lo,
		one.hi < other.hi ? one.hi : other.hi };
}

/* Of an unsigned number of 64 bits the sign bit is a value's. */
bool
limits_hold(struct limits limits, uint8_t kind, int64_t number)
{
	return kind == FIELD_INT && number < 0 ? number >= limits.lo
					       : (uint64_t)number <= limits.hi;
}

static int64_t
clamp(struct limits limits, uint8_t kind, int64_t number)
{
	if (limits_hold(limits, kind, number))
		return number;
	return kind == FIELD_INT && number < 0 ? limits.lo : (int64_t)limits.hi;
}

/*--------------------------------------------------------------------
 * Making
 */

struct conversion *
conversion_new(uint32_t to_size)
{
	struct conversion *plan;

	if (ALLOC_OBJ(plan, CONVERSION_MAGIC) == NULL)
		return NULL;
	plan->blank = object_alloc(to_size);
	plan->to.size = to_size;
	if (plan->blank == NULL)
		conversion_free(&plan);
	return plan;
}

/* Room for one more of `size` bytes behind `count`; -ENOMEM. */
static int
reserve(void **array, uint32_t count, uint32_t *room, size_t size)
{
	uint32_t more = *room * 2 + 16;
	void *grown;

	if (count < *room)
		return 0;
	grown = object_realloc(*array, more * size);
	if (grown == NULL)
		return -ENOMEM;
	*array = grown;
	*room = more;
	return 0;
}

int
conversion_add_line(struct conversion *plan, const struct line *line)
{
	void *lines = plan->lines;
	int error =
	    reserve(&lines, plan->line_count, &plan->line_room, sizeof *line);

	if (error != 0)
		return error;
	plan->lines = lines;
	plan->lines[plan->line_count++] = *line;
	return 0;
}

int
conversion_add_image(struct conversion *plan, uint16_t image)
{
	void *images = plan->images;
	int error = reserve(
	    &images, plan->image_count, &plan->image_room, sizeof image);

	if (error != 0)
		return error;
	plan->images = images;
	plan->images[plan->image_count++] = image;
	return 0;
}

int
side_read(
    struct side *side, const struct schema *schema, const struct layout *layout)
{
	const struct node *node = layout->nodes;
	struct leaf *leaf;

	side->fingerprint = schema_fingerprint(schema);
	side->size = schema->size;
	side->leaves = object_alloc(layout->count * sizeof *leaf);
	side->condition_room = layout->condition_count + 1;
	side->conditions =
	    object_alloc(side->condition_room * sizeof *side->conditions);
	if (side->leaves == NULL || side->conditions == NULL)
		return -ENOMEM;
	side->condition_count = layout->condition_count;
	memcpy(side->conditions, layout->conditions,
	    layout->condition_count * sizeof *side->conditions);
	leaf = side->leaves;
	for (; node < layout->nodes + layout->count; node++) {
		if (!layout_is_leaf(node))
			continue;
		leaf->initial = node->field->initial;
		leaf->offset = node->offset;
		leaf->width = node->field->width;
		leaf->node = (uint16_t)(node - layout->nodes);
		leaf->when = node->when;
		leaf->kind = (uint8_t)node->field->kind;
		leaf++;
	}
	side->leaf_count = (uint32_t)(leaf - side->leaves);
	return 0;
}

int
side_copy(struct side *side, const struct side *other)
{
	*side = *other;
	side->condition_room = side->condition_count + 1;
	side->leaves =
	    object_alloc((other->leaf_count + 1) * sizeof *side->leaves);
	side->conditions =
	    object_alloc(side->condition_room * sizeof *side->conditions);
	if (side->leaves == NULL || side->conditions == NULL)
		return -ENOMEM;
	memcpy(side->leaves, other->leaves,
	    other->leaf_count * sizeof *side->leaves);
	memcpy(side->conditions, other->conditions,
	    other->condition_count * sizeof *side->conditions);
	return 0;
}

/*--------------------------------------------------------------------
 * Compiling
 */

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

static struct step
step_for(const struct line *line, uint32_t number)
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
	const struct step step = step_for(line, number);
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

/*
 * Branches share their bytes: there are those of the branch that the default
 * of the tag names, which stands before it.
 */
static void
fill_blank(struct conversion *plan)
{
	const struct leaf *leaf = plan->to.leaves;

	for (; leaf < plan->to.leaves + plan->to.leaf_count; leaf++)
		if (leaf->kind != FIELD_TEXT && leaf->initial != 0 &&
		    (leaf->in_branch == 0 ||
			layout_holds(
			    plan->to.conditions, leaf->in_branch, plan->blank)))
			number_write(leaf->width, plan->blank + leaf->offset,
			    leaf->initial);
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

/*--------------------------------------------------------------------
 * Life
 */

int
conversion_alloc(struct conversion **ret_conversion,
    const struct conversion_way *way, char *why, size_t size)
{
	struct conversion *plan = conversion_new(way->to->size);
	int error = -ENOMEM;

	if (plan == NULL)
		goto fail;
	plan->hook = way->hook;
	plan->down = way->down;
	error = conversion_derive(plan, way, why, size);
	if (error != 0)
		goto fail;
	fill_blank(plan);
	error = conversion_compile(plan);
	if (error != 0)
		goto fail;
	*ret_conversion = plan;
	return 0;

fail:
	if (error == -ENOMEM)
		snprintf(why, size, "no memory for the plan");
	conversion_free(&plan);
	return error;
}

static void
free_side(struct side *side)
{
	object_free(side->leaves, side->leaf_count * sizeof *side->leaves);
	object_free(
	    side->conditions, side->condition_room * sizeof *side->conditions);
}

void
conversion_free(struct conversion **conversionp)
{
	struct conversion *plan = *conversionp;

	if (plan == NULL)
		return;
	kept_free(&plan->kept);
	object_free(plan->images, plan->image_room * sizeof *plan->images);
	object_free(plan->lines, plan->line_room * sizeof *plan->lines);
	object_free(plan->steps, plan->step_count * sizeof *plan->steps);
	object_free(plan->blank, plan->to.size);
	free_side(&plan->from);
	free_side(&plan->to);
	FREE_OBJ(conversionp, CONVERSION_MAGIC);
}

/*--------------------------------------------------------------------
 * Running
 */

static int
run_limit(const struct line *line, const char *old_state, char *new_state)
{
	const struct place *source = &line->source;
	int64_t number = number_read(source->kind == FIELD_INT, source->width,
	    old_state + source->offset);

	if (!limits_hold(line->guard, source->kind, number))
		return -EDOM;
	if (line->target.width > 0)
		number_write(line->target.width,
		    new_state + line->target.offset,
		    clamp(line->clamp, source->kind, number));
	return 0;
}

static int
run_text(const struct line *line, const char *old_state, char *new_state)
{
	const char *old_text = old_state + line->source.offset;
	char *new_text = new_state + line->target.offset;
	size_t length = strnlen(old_text, line->source.width);

	if (length > line->guard.hi)
		return -EDOM;
	if (line->target.width == 0)
		return 0;
	if (length > line->clamp.hi)
		length = (size_t)line->clamp.hi;
	memcpy(new_text, old_text, length);
	memset(new_text + length, 0, line->target.width - length);
	return 0;
}

static int
run_map(const struct conversion *plan, const struct line *line,
    const char *old_state, char *new_state)
{
	uint64_t symbol = (uint64_t)number_read(
	    false, line->source.width, old_state + line->source.offset);
	uint16_t image;

	if (symbol >= line->map_count)
		return -EDOM;
	image = plan->images[line->map + symbol];
	if (image == NO_IMAGE)
		return -EDOM;
	if (line->target.width > 0)
		number_write(
		    line->target.width, new_state + line->target.offset, image);
	return 0;
}

/* Most are of a few bytes, for which memcpy(3) thinks too long. */
static inline void
copy(char *to, const char *from, size_t size)
{
	for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t)) {
		memcpy(to, from, sizeof(uint64_t));
		to += sizeof(uint64_t);
		from += sizeof(uint64_t);
	}
	for (; size > 0; size--)
		*to++ = *from++;
}

static int
run_step(const struct conversion *plan, const struct step *step,
    const char *old_state, char *new_state)
{
	const struct line *line = &plan->lines[step->line];

	switch ((enum step_kind)step->kind) {
	case STEP_COPY:
		copy(new_state + step->to, old_state + step->from, step->width);
		return 0;
	case STEP_EXTEND:
		number_write(step->to_width, new_state + step->to,
		    number_read(step->from_kind == FIELD_INT, step->from_width,
			old_state + step->from));
		return 0;
	case STEP_LIMIT:
		return run_limit(line, old_state, new_state);
	case STEP_TEXT:
		return run_text(line, old_state, new_state);
	case STEP_MAP:
		return run_map(plan, line, old_state, new_state);
	case STEP_SET:
		if (line->target.kind == FIELD_TEXT)
			memset(new_state + step->to, 0, step->width);
		else
			number_write(step->to_width, new_state + step->to,
			    line->constant);
		return 0;
	case STEP_NEVER:
		return -EDOM;
	case STEP_UNLESS:
	case STEP_UNLESS_NEW:
		break;
	}
	return -EBADMSG;
}

int
conversion_run_line(const struct conversion *plan, const struct line *line,
    const void *old_state, void *new_state)
{
	const struct step step = step_for(line, (uint32_t)(line - plan->lines));

	return run_step(plan, &step, old_state, new_state);
}

/* Code of a module: what it does wrong is its own fault, not ours. */
static int
run_hook(const struct conversion *plan, const void *old_state, void *new_state)
{
	enum fault_mark before = fault_set_mark(MARK_MODULE);
	int error = plan->hook(old_state, new_state, plan->down);

	fault_set_mark(before);
	return error == 0 || error == -EDOM ? error : -EBADMSG;
}

static bool
holds(const struct conversion *plan, const struct step *step,
    const void *old_state, const void *new_state)
{
	return step->kind == STEP_UNLESS
	    ? layout_holds(plan->from.conditions, step->line, old_state)
	    : layout_holds(plan->to.conditions, step->line, new_state);
}

int
conversion_run(
    const struct conversion *conversion, const void *old_state, void *new_state)
{
	const struct step *step = conversion->steps;
	const struct step *end = step + conversion->step_count;
	int error;

	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	memcpy(new_state, conversion->blank, conversion->to.size);
	for (; step < end; step++) {
		if (step->kind >= STEP_UNLESS) {
			if (!holds(conversion, step, old_state, new_state))
				step += step->width;
			continue;
		}
		error = run_step(conversion, step, old_state, new_state);
		if (error != 0)
			return error;
	}
	return conversion->hook == NULL
	    ? 0
	    : run_hook(conversion, old_state, new_state);
}

bool
conversion_is_down(const struct conversion *conversion)
{
	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	return conversion->down;
}

bool
conversion_has_hook(const struct conversion *conversion)
{
	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	return conversion->hook != NULL;
}

uint32_t
conversion_keep(
    const struct conversion *conversion, const void *old_state, uint8_t *bytes)
{
	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	return kept_save(conversion->kept, old_state, bytes);
}

void
conversion_restore(
    const struct conversion *conversion, const uint8_t *bytes, void *new_state)
{
	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	kept_restore(conversion->kept, bytes, new_state);
}

const struct conversion_summary *
conversion_summary(const struct conversion *conversion)
{
	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	return &conversion->summary;
}
