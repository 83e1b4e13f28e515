/*
 * composition: one plan from two, without the format between them.
 *
 * first leads from A to B, second from B to C.  Each line of second is carried
 * back to A through the line of first that writes what it reads:
 *
 *   no line writes it     it is the blank's of B, so a constant, worked out now
 *   one does              the two become one (fuse): copies vanish, limits are
 *                         laid over each other, maps are looked up twice
 *
 * What first refuses is refused even where second has no use for the value:
 * such a line stays, and only checks.  Conditions on B become conditions on A
 * in the same way (carry_back): true, false, or about the value of A that the
 * count or tag comes from.
 *
 * Where a condition of B depends on a value that is itself conditional and
 * whose default would fulfil it, or on one word that several of A have become,
 * or where a hook has a say, there is no such plan (-ENOTSUP), and the two are
 * run one after the other (relay.c).
 */
#include <errno.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/number.h"

struct composition {
	struct conversion *plan;
	const struct conversion *first, *second;
	char *scratch; /* a state of C */
	char *blank;   /* of B, see make_blank() */
};

/* What has become of a condition. */
enum truth { ALWAYS, SOMETIMES, NOT_EVER, UNKNOWN };

/* The line of `first` that writes what is read; NULL if none does. */
static const struct line *
writer_of(const struct conversion *first, uint16_t node)
{
	const struct line *line = first->lines;

	for (; line < first->lines + first->line_count; line++)
		if (line->target.width > 0 && line->to == node &&
		    line->kind != LINE_CONSTANT)
			return line;
	return NULL;
}

/*
 * A state of B as `first` makes it where no line writes: the blank, and at
 * `node` what it has if its branch is the one in use.  -ENOTSUP.
 */
static int
make_blank(const struct composition *composition, uint16_t node)
{
	const struct conversion *first = composition->first;
	const struct line *line = first->lines;

	memcpy(composition->blank, first->blank, first->to.size);
	for (; line < first->lines + first->line_count; line++) {
		if (line->kind != LINE_CONSTANT || line->to != node)
			continue;
		if (!line->is_late)
			return -ENOTSUP;
		(void)conversion_run_line(
		    first, line, NULL, composition->blank);
	}
	return 0;
}

/* The node of B at `offset` that is not in another branch than `when` says. */
static uint16_t
node_at(const struct composition *composition, uint32_t offset, uint16_t also)
{
	const struct side *side = &composition->second->from;
	const struct leaf *leaf = side->leaves;

	for (; leaf < side->leaves + side->leaf_count; leaf++)
		if (leaf->offset == offset && leaf->when == also)
			return leaf->node;
	return LAYOUT_NOWHERE;
}

/*--------------------------------------------------------------------
 * Conditions
 */

static bool
is_equal(const struct condition *one, const struct condition *other)
{
	return one->is_tag == other->is_tag && one->width == other->width &&
	    one->offset == other->offset && one->number == other->number;
}

/* Whether all of `chain` is demanded by `when`. */
static bool
is_implied(const struct side *side, uint16_t chain, uint16_t when)
{
	uint16_t other;

	for (; chain != 0; chain = side->conditions[chain - 1].also) {
		for (other = when; other != 0;
		     other = side->conditions[other - 1].also)
			if (is_equal(&side->conditions[other - 1],
				&side->conditions[chain - 1]))
				break;
		if (other == 0)
			return false;
	}
	return true;
}

/* `when` and `added`, as a condition on A; 0: -ENOMEM. */
static uint16_t
add_condition(struct composition *composition, uint16_t when,
    const struct condition *added)
{
	struct side *side = &composition->plan->from;
	struct condition *grown;
	uint16_t other;
	uint32_t i;

	for (other = when; other != 0; other = side->conditions[other - 1].also)
		if (is_equal(&side->conditions[other - 1], added))
			return when;
	for (i = 0; i < side->condition_count; i++)
		if (side->conditions[i].also == when &&
		    is_equal(&side->conditions[i], added))
			return (uint16_t)(i + 1);
	grown = object_grow(side->conditions, side->condition_count,
	    &side->condition_room, sizeof *grown);
	if (grown == NULL)
		return 0;
	side->conditions = grown;
	side->conditions[side->condition_count] = *added;
	side->conditions[side->condition_count].also = when;
	return (uint16_t)++side->condition_count;
}

/* Whether a number of A, *ret_number, is what `first` turns into `image`. */
static enum truth
source_symbol(const struct conversion *first, const struct line *line,
    uint32_t image, uint32_t *ret_number)
{
	enum truth truth = NOT_EVER;
	uint32_t i;

	for (i = 0; i < line->map_count; i++) {
		if (first->images[line->map + i] != image)
			continue;
		if (truth == SOMETIMES)
			return UNKNOWN; /* several are, and one can be said */
		truth = SOMETIMES;
		*ret_number = i;
	}
	return truth;
}

/* One condition on B, without `also`; *ret is that on A if SOMETIMES. */
static enum truth
carry_back_one(const struct composition *composition,
    const struct condition *condition, struct condition *ret,
    uint16_t *ret_when)
{
	const struct conversion *first = composition->first;
	uint16_t node =
	    node_at(composition, condition->offset, condition->also);
	const struct line *line = writer_of(first, node);
	struct condition alone = *condition;
	bool in_blank;

	if (make_blank(composition, node) != 0)
		return UNKNOWN;
	alone.also = 0;
	in_blank = layout_holds(&alone, 1, composition->blank);
	if (line == NULL)
		return in_blank ? ALWAYS : NOT_EVER;
	if (line->when != 0 && in_blank)
		return UNKNOWN;
	*ret_when = line->when;
	*ret = *condition;
	ret->offset = line->source.offset;
	ret->width = (uint8_t)line->source.width;
	if (line->kind == LINE_MAP)
		return source_symbol(
		    first, line, condition->number, &ret->number);
	if (line->source.kind == FIELD_INT || line->kind == LINE_HOOK)
		return UNKNOWN;
	if (line->kind == LINE_NUMBER && !condition->is_tag &&
	    line->clamp.hi <= condition->number)
		return NOT_EVER;
	return SOMETIMES;
}

/* Adds all conditions of a chain on A to *when. */
static int
add_chain(struct composition *composition, uint16_t chain, uint16_t *when)
{
	struct condition condition;

	for (; chain != 0; chain = condition.also) {
		condition = composition->plan->from.conditions[chain - 1];
		*when = add_condition(composition, *when, &condition);
		if (*when == 0)
			return -ENOMEM;
	}
	return 0;
}

/* `chain` on B and *when on A; what both are on A is then *when. */
static int
carry_back(struct composition *composition, uint16_t chain, uint16_t *when,
    enum truth *ret_truth)
{
	const struct condition *condition;
	struct condition carried;
	uint16_t inner = 0;
	enum truth truth;

	*ret_truth = *when == 0 ? ALWAYS : SOMETIMES;
	for (; chain != 0; chain = condition->also) {
		condition = &composition->second->from.conditions[chain - 1];
		truth =
		    carry_back_one(composition, condition, &carried, &inner);
		if (truth == NOT_EVER) {
			*ret_truth = NOT_EVER;
			return 0;
		}
		if (truth == UNKNOWN)
			return -ENOTSUP;
		if (truth == ALWAYS)
			continue;
		*ret_truth = SOMETIMES;
		if (add_chain(composition, inner, when) != 0)
			return -ENOMEM;
		*when = add_condition(composition, *when, &carried);
		if (*when == 0)
			return -ENOMEM;
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Values
 */

/* Lays the guard of what comes second over what the first lets through. */
static struct limits
guard_before(struct limits clamp, struct limits guard)
{
	return (struct limits){ clamp.lo < guard.lo ? guard.lo : INT64_MIN,
		clamp.hi > guard.hi ? guard.hi : UINT64_MAX };
}

static int
fuse_maps(struct composition *composition, const struct line *one,
    const struct line *other, struct line *line)
{
	uint32_t i, symbol;
	uint16_t image;

	line->map = composition->plan->image_count;
	line->map_count = one->map_count;
	for (i = 0; i < one->map_count; i++) {
		symbol = composition->first->images[one->map + i];
		image = symbol >= other->map_count
		    ? NO_IMAGE
		    : composition->second->images[other->map + symbol];
		if (conversion_add_image(composition->plan, image) != 0)
			return -ENOMEM;
	}
	return 0;
}

/* The images of one plan, for the composed. */
static int
copy_images(
    struct conversion *plan, const struct conversion *part, struct line *line)
{
	uint32_t i, from = line->map;

	line->map = plan->image_count;
	for (i = 0; i < line->map_count; i++)
		if (conversion_add_image(plan, part->images[from + i]) != 0)
			return -ENOMEM;
	return 0;
}

/* What `one` and then `other` do to a value, their conditions aside. */
static int
fuse(struct composition *composition, const struct line *one,
    const struct line *other, struct line *ret_line)
{
	struct line line = *other;

	line.from = one->from;
	line.source.offset = one->source.offset;
	line.is_free = one->is_free && other->is_free;
	*ret_line = line;
	if (one->kind == LINE_COPY)
		return other->kind == LINE_MAP
		    ? copy_images(
			  composition->plan, composition->second, ret_line)
		    : 0;
	ret_line->source = one->source;
	if (other->kind == LINE_COPY) {
		ret_line->kind = one->kind;
		ret_line->guard = one->guard;
		ret_line->clamp = one->clamp;
		ret_line->map = one->map;
		ret_line->map_count = one->map_count;
		return one->kind == LINE_MAP ? copy_images(composition->plan,
						   composition->first, ret_line)
					     : 0;
	}
	if (other->kind == LINE_MAP)
		return one->kind == LINE_MAP
		    ? fuse_maps(composition, one, other, ret_line)
		    : -ENOTSUP;
	ret_line->guard =
	    limits_both(one->guard, guard_before(one->clamp, other->guard));
	ret_line->clamp = limits_both(one->clamp, other->clamp);
	return 0;
}

/*--------------------------------------------------------------------
 * Lines
 */

static int
add_never(struct composition *composition, uint16_t when)
{
	const struct line line = { .kind = LINE_NEVER,
		.from = LAYOUT_NOWHERE,
		.to = LAYOUT_NOWHERE,
		.when = when };

	return conversion_add_line(composition->plan, &line);
}

/* In a state made of blanks `line` has written; is it what C's blank has? */
static bool
is_blank(const struct composition *composition, const struct line *line)
{
	return memcmp(composition->scratch + line->target.offset,
		   composition->plan->blank + line->target.offset,
		   line->target.width) == 0;
}

/* A value that is the same for all states of A, under the condition `when`. */
static int
add_constant(struct composition *composition, const struct line *line,
    uint16_t when, enum truth truth)
{
	struct line constant = { .kind = LINE_CONSTANT,
		.from = LAYOUT_NOWHERE,
		.to = line->to,
		.when = when,
		.target = line->target };

	if (line->target.width == 0 || is_blank(composition, line))
		return 0;
	if (truth == ALWAYS) {
		memcpy(composition->plan->blank + line->target.offset,
		    composition->scratch + line->target.offset,
		    line->target.width);
		return 0;
	}
	if (line->target.kind != FIELD_TEXT)
		constant.constant = number_read(line->target.kind == FIELD_INT,
		    line->target.width,
		    composition->scratch + line->target.offset);
	return conversion_add_line(composition->plan, &constant);
}

/*
 * What `line` of second gives where first has written nothing.  Where it has
 * under some condition, the opposite cannot be said: then only a value that
 * needs no saying will do.
 */
static int
carry_default(struct composition *composition, const struct line *line,
    const struct line *writer)
{
	enum truth truth;
	uint16_t when = 0;
	int error = carry_back(composition, line->when, &when, &truth);

	if (error != 0 || truth == NOT_EVER)
		return error;
	if (writer != NULL &&
	    is_implied(&composition->plan->from, writer->when, when))
		return 0; /* then it has written */
	memcpy(composition->scratch, composition->second->blank,
	    composition->second->to.size);
	error = make_blank(composition, line->from);
	if (error != 0)
		return error;
	if (conversion_run_line(composition->second, line, composition->blank,
		composition->scratch) == 0)
		return add_constant(composition, line, when, truth);
	return writer == NULL ? add_never(composition, when) : -ENOTSUP;
}

static int
carry_line(struct composition *composition, const struct line *line,
    const struct line *writer)
{
	struct line fused;
	enum truth truth;
	uint16_t when = writer->when;
	int error = carry_back(composition, line->when, &when, &truth);

	if (error != 0 || truth == NOT_EVER)
		return error;
	error = fuse(composition, writer, line, &fused);
	fused.when = when;
	return error == 0 ? conversion_add_line(composition->plan, &fused)
			  : error;
}

static int
carry_second(struct composition *composition, const struct line *line)
{
	const struct line *writer;
	enum truth truth;
	uint16_t when = 0;
	int error = 0;

	if (line->is_late)
		return conversion_add_line(composition->plan, line);
	if (line->kind == LINE_CONSTANT || line->kind == LINE_NEVER) {
		struct line same = *line;

		error = carry_back(composition, line->when, &when, &truth);
		same.when = when;
		return error != 0 || truth == NOT_EVER
		    ? error
		    : conversion_add_line(composition->plan, &same);
	}
	writer = writer_of(composition->first, line->from);
	if (writer == NULL || writer->when != 0)
		error = carry_default(composition, line, writer);
	return error == 0 && writer != NULL
	    ? carry_line(composition, line, writer)
	    : error;
}

/* What the first refuses, whatever becomes of the value. */
static int
carry_check(struct composition *composition, const struct line *line)
{
	struct line check = *line;
	int error = 0;

	if (line->kind != LINE_NEVER && line->kind != LINE_MAP &&
	    !line_is_guarded(composition->first, line))
		return 0;
	check.to = LAYOUT_NOWHERE;
	check.target = (struct place){ 0 };
	check.clamp = LIMITS_NONE;
	if (line->kind == LINE_MAP)
		error =
		    copy_images(composition->plan, composition->first, &check);
	return error == 0 ? conversion_add_line(composition->plan, &check)
			  : error;
}

/*--------------------------------------------------------------------
 * All of it
 */

static int
compose(struct composition *composition)
{
	const struct conversion *first = composition->first;
	const struct conversion *second = composition->second;
	struct conversion *plan = composition->plan;
	uint32_t i;
	int error;

	error = side_copy(&plan->from, &first->from);
	if (error == 0)
		error = side_copy(&plan->to, &second->to);
	if (error != 0)
		return error;
	memcpy(plan->blank, second->blank, second->to.size);
	plan->down = first->down && second->down;
	for (i = 0; error == 0 && i < first->line_count; i++)
		error = carry_check(composition, &first->lines[i]);
	for (i = 0; error == 0 && i < second->line_count; i++)
		error = carry_second(composition, &second->lines[i]);
	if (error != 0)
		return error;
	composition_settle(plan, first, second);
	/* Numbers on their way meet the format between, even if briefly. */
	plan->lost_timers = composition_lost_timers(first, second);
	plan->summary.renamed =
	    first->summary.renamed + second->summary.renamed;
	plan->summary.timers = first->summary.timers + second->summary.timers;
	plan->summary.messages =
	    first->summary.messages + second->summary.messages;
	return conversion_compile(plan);
}

int
composition_fuse(struct conversion **ret_conversion,
    const struct conversion *first, const struct conversion *second)
{
	struct composition composition = { .first = first, .second = second };
	int error = -ENOMEM;

	if (conversion_has_hook(first) || conversion_has_hook(second) ||
	    first->leg_count > 0 || second->leg_count > 0)
		return -ENOTSUP;
	composition.scratch = object_alloc(second->to.size);
	composition.blank = object_alloc(first->to.size);
	composition.plan = conversion_new(second->to.size);
	if (composition.scratch != NULL && composition.blank != NULL &&
	    composition.plan != NULL)
		error = compose(&composition);
	object_free(composition.scratch, second->to.size);
	object_free(composition.blank, first->to.size);
	if (error != 0)
		conversion_free(&composition.plan);
	else
		*ret_conversion = composition.plan;
	return error;
}

int
conversion_compose(struct conversion **ret_conversion,
    const struct conversion *first, const struct conversion *second)
{
	int error;

	CHECK_OBJ(first, CONVERSION_MAGIC);
	CHECK_OBJ(second, CONVERSION_MAGIC);
	if (first->to.fingerprint != second->from.fingerprint)
		return -EINVAL;
	error = composition_fuse(ret_conversion, first, second);
	return error == -ENOTSUP ? relay_alloc(ret_conversion, first, second)
				 : error;
}
