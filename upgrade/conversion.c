/*
 * conversion: see conversion.h for what it is.
 *
 * derivation.c and composition.c make its lines, compilation.c turns these
 * into steps, relay.c runs several in a row; here is what a plan holds, and its
 * run.  That begins with the blank, so that no byte is what lay there before.
 */
#include "upgrade/conversion.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */
#include "switch/fault.h"
#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/kept.h"
#include "upgrade/number.h"

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

int
conversion_add_line(struct conversion *plan, const struct line *line)
{
	struct line *lines = object_grow(
	    plan->lines, plan->line_count, &plan->line_room, sizeof *lines);

	if (lines == NULL)
		return -ENOMEM;
	plan->lines = lines;
	plan->lines[plan->line_count++] = *line;
	return 0;
}

int
conversion_add_image(struct conversion *plan, uint16_t image)
{
	uint16_t *images = object_grow(
	    plan->images, plan->image_count, &plan->image_room, sizeof *images);

	if (images == NULL)
		return -ENOMEM;
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
 * Life
 */

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
	if (error == -E2BIG) {
		snprintf(why, size,
		    "what the one has and the other lacks is more than %d "
		    "bytes",
		    BEHAVIOUR_STATE_MAX);
		error = -EINVAL;
	}
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
	if (*conversionp == NULL)
		return;
	relay_clear(*conversionp);
	conversion_free_plain(conversionp);
}

void
conversion_free_plain(struct conversion **conversionp)
{
	struct conversion *plan = *conversionp;

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
		    limits_clamp(line->clamp, source->kind, number));
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

/* In line: called, it would be handed the step in pieces, each on the stack. */
__attribute__((always_inline)) static inline int
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
	const struct step step =
	    line_step(line, (uint32_t)(line - plan->lines));

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
conversion_run_plain(const struct conversion *conversion, const void *old_state,
    void *new_state, bool with_hook)
{
	const struct step *step = conversion->steps;
	const struct step *end = step + conversion->step_count;
	int error;

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
	return conversion->hook == NULL || !with_hook
	    ? 0
	    : run_hook(conversion, old_state, new_state);
}

static int
run(const struct conversion *conversion, const void *old_state, void *new_state,
    bool with_hooks)
{
	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	return conversion->leg_count == 0
	    ? conversion_run_plain(conversion, old_state, new_state, with_hooks)
	    : relay_run(conversion, old_state, new_state, with_hooks);
}

int
conversion_run(
    const struct conversion *conversion, const void *old_state, void *new_state)
{
	return run(conversion, old_state, new_state, true);
}

int
conversion_run_plan(
    const struct conversion *conversion, const void *old_state, void *new_state)
{
	return run(conversion, old_state, new_state, false);
}

struct lost_timers
conversion_lost_timers(const struct conversion *conversion)
{
	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	return conversion->lost_timers;
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
	uint32_t i;

	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	for (i = 0; i < conversion->leg_count; i++)
		if (conversion->legs[i]->hook != NULL)
			return true;
	return conversion->hook != NULL;
}

static bool
is_hook_within(
    const struct conversion *conversion, uintptr_t begin, size_t size)
{
	/* A function's address as a number: memcpy, as dlsym(3) has it. */
	uintptr_t at;

	memcpy(&at, &conversion->hook, sizeof at);
	return at - begin < size;
}

bool
conversion_needs(
    const struct conversion *conversion, uintptr_t begin, size_t size)
{
	uint32_t i;

	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	for (i = 0; i < conversion->leg_count; i++)
		if (is_hook_within(conversion->legs[i], begin, size))
			return true;
	return is_hook_within(conversion, begin, size);
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
