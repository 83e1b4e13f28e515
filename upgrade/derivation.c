/*
 * derivation: from two tables to the lines of a plan.
 *
 * It goes target value by target value (layout.h): where does it come from,
 * and what has to be done to it on the way?
 * derivation_origin.c answers the first, derivation_value.c the second; here
 * are the way along the values, what is left to a hook or to a default, and
 * the numbers that are on their way when a call is converted: timers and
 * messages.
 *
 * A state that is guarded against is refused with -EDOM, before or after which
 * nothing has changed.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/derivation_internal.h"
#include "upgrade/words.h"

__attribute__((format(printf, 2, 3))) int
derivation_refuse(const struct derivation *derivation, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(derivation->why, derivation->size, format, args);
	va_end(args);
	return -EINVAL;
}

/*--------------------------------------------------------------------
 * Node by node
 */

static const char *
shape_word(const struct node *node)
{
	if (node->is_array)
		return "array";
	return schema_is_integer(node->field) ? "integer"
					      : schema_kind_word(node->field);
}

static bool
is_same_reference(const struct node *from, const struct node *to)
{
	return !layout_is_leaf(from) || !schema_is_reference(from->field) ||
	    !schema_is_reference(to->field) ||
	    from->field->width == to->field->width;
}

static int
leave_to_hook(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct node *target = &derivation->to->nodes[to];
	struct mark *mark = &derivation->to_marks[to];
	struct line line = { .kind = LINE_HOOK,
		.from = from,
		.to = to,
		.target = derivation_place(target) };

	if (derivation->way->hook == NULL)
		return derivation_refuse(derivation,
		    "the rules leave field '%s' to a hook and there is no "
		    "code_change",
		    target->field->name);
	mark->is_hooked = mark->is_settled = true;
	mark->other = LAYOUT_NOWHERE;
	if (from != LAYOUT_NOWHERE)
		derivation->from_marks[from].is_hooked = true;
	return layout_is_leaf(target)
	    ? conversion_add_line(derivation->plan, &line)
	    : 0;
}

static int
derive_pair(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct node *source = &derivation->from->nodes[from];
	const struct node *target = &derivation->to->nodes[to];

	derivation->to_marks[to].other = from;
	derivation->to_marks[to].is_settled = true;
	if (source->element < 0 && target->element < 0 &&
	    strcmp(source->field->name, target->field->name) != 0)
		derivation->plan->summary.renamed++;
	/* A hook is for releases in which it is not where a rule says. */
	if (!derivation->to_marks[to].is_moved &&
	    derivation_has_rule(derivation, from, to, "hook"))
		return leave_to_hook(derivation, from, to);
	if (!derivation_is_convertible(source, target) ||
	    !is_same_reference(source, target)) {
		if (derivation->way->hook == NULL)
			return derivation_refuse(derivation,
			    "field '%s' turns from %s into %s and there is no "
			    "code_change",
			    target->field->name, shape_word(source),
			    shape_word(target));
		return leave_to_hook(derivation, from, to);
	}
	return derivation_convert(derivation, from, to);
}

/*
 * The blank has it, but in a branch: there it may hold what is another
 * branch's.  Which one it is the target's own tag says, when it is written.
 */
static int
derive_default(const struct derivation *derivation, uint16_t to)
{
	const struct node *target = &derivation->to->nodes[to];
	const struct line line = { .kind = LINE_CONSTANT,
		.is_late = true,
		.from = LAYOUT_NOWHERE,
		.to = to,
		.when = target->when,
		.target = derivation_place(target),
		.constant = target->field->initial };

	return layout_is_leaf(target) &&
		derivation_has_tag(derivation->to, target->when)
	    ? conversion_add_line(derivation->plan, &line)
	    : 0;
}

static int
derive_node(const struct derivation *derivation, uint16_t to)
{
	const struct node *node = &derivation->to->nodes[to];
	struct mark *mark = &derivation->to_marks[to];
	const struct mark *parent = node->parent == LAYOUT_NOWHERE
	    ? NULL
	    : &derivation->to_marks[node->parent];
	uint16_t from = LAYOUT_NOWHERE;
	int error;

	mark->is_moved = parent != NULL && parent->is_moved;
	if (parent != NULL && parent->is_hooked)
		return leave_to_hook(derivation, LAYOUT_NOWHERE, to);
	error = derivation_find_origin(derivation, to, &from);
	if (error != 0)
		return error;
	if (from != LAYOUT_NOWHERE) {
		derivation->from_marks[from].other = to;
		derivation->from_marks[from].is_settled = true;
		return derive_pair(derivation, from, to);
	}
	if (!derivation->way->down &&
	    derivation_has_rule(derivation, LAYOUT_NOWHERE, to, "hook"))
		return leave_to_hook(derivation, LAYOUT_NOWHERE, to);
	/* More elements than there were: none of them has ever been in use. */
	mark->is_settled =
	    (parent != NULL && parent->is_settled && node->element >= 0 &&
		derivation_is_counted(node) &&
		parent->other != LAYOUT_NOWHERE) ||
	    (parent != NULL && parent->is_settled &&
		parent->other == LAYOUT_NOWHERE);
	return derive_default(derivation, to);
}

/* What of the source nothing has come from; the hook has its own ways. */
static void
settle_source(const struct derivation *derivation, uint16_t from)
{
	const struct node *node = &derivation->from->nodes[from];
	struct mark *mark = &derivation->from_marks[from];
	const struct mark *parent = node->parent == LAYOUT_NOWHERE
	    ? NULL
	    : &derivation->from_marks[node->parent];

	if (derivation->way->down && mark->other == LAYOUT_NOWHERE &&
	    derivation_has_rule(derivation, from, LAYOUT_NOWHERE, "hook"))
		mark->is_hooked = true;
	if (parent != NULL && parent->is_hooked)
		mark->is_hooked = true;
	if (mark->is_hooked)
		mark->is_settled = true;
	if (mark->is_settled || parent == NULL || !parent->is_settled)
		return;
	/* Beyond a shorter array, of which those in use all fit. */
	mark->is_settled = parent->other == LAYOUT_NOWHERE ||
	    (node->element >= 0 && derivation_is_counted(node));
}

static int
derive_values(struct derivation *derivation)
{
	uint32_t i;
	int error;

	for (i = 0; i < derivation->from->count; i++)
		derivation->from_marks[i].other = LAYOUT_NOWHERE;
	for (i = 0; i < derivation->to->count; i++)
		derivation->to_marks[i].other = LAYOUT_NOWHERE;
	for (i = 0; i < derivation->to->count; i++) {
		error = derive_node(derivation, (uint16_t)i);
		if (error != 0)
			return error;
	}
	error = derivation_check_by(derivation);
	if (error != 0)
		return error;
	derivation_clamp_counts(derivation);
	for (i = 0; i < derivation->from->count; i++)
		settle_source(derivation, (uint16_t)i);
	return 0;
}

/*--------------------------------------------------------------------
 * Timers and messages: numbers on their way when a call is converted
 */

static int
derive_timers(const struct derivation *derivation)
{
	const struct schema *to = derivation->way->to;
	char name[LAYOUT_PATH_MAX], other[LAYOUT_PATH_MAX];
	const char *timers = derivation->way->from->timers;
	struct lost_timers lost;
	unsigned int n;
	int number;

	for (n = 0; words_at(timers, n, name, sizeof name); n++) {
		number = words_find(to->timers, name);
		if (number == (int)n)
			continue;
		if (number >= 0)
			return derivation_refuse(derivation,
			    "timer '%s' has number %u and then %d", name, n,
			    number);
		if (words_at(to->timers, n, other, sizeof other))
			return derivation_refuse(derivation,
			    "timer '%s' takes number %u, which was that of "
			    "'%s'",
			    other, n, name);
		derivation->plan->summary.timers++;
	}
	/* Those that are known have their numbers, so these are the last. */
	lost.end = (uint16_t)n;
	lost.first = (uint16_t)(n - derivation->plan->summary.timers);
	derivation->plan->lost_timers = lost;
	return 0;
}

static bool
is_same_message(const struct field *one, const struct field *other)
{
	const struct schema body = {
		.fields = one->fields, .count = one->count, .size = one->width
	};
	const struct schema other_body = { .fields = other->fields,
		.count = other->count,
		.size = other->width };

	return schema_is_same(&body, &other_body);
}

static int
derive_message(const struct derivation *derivation, const struct field *message)
{
	const struct schema *to = derivation->way->to;
	const struct field *other = to->messages;

	for (; other < to->messages + to->message_count; other++) {
		bool is_name = strcmp(other->name, message->name) == 0;
		bool is_number = other->offset == message->offset;

		if (is_name != is_number)
			return derivation_refuse(derivation,
			    "message '%s' has number 0x%x, and '%s' 0x%x",
			    message->name, message->offset, other->name,
			    other->offset);
		if (is_name && !is_same_message(message, other))
			return derivation_refuse(derivation,
			    "message '%s' has changed its layout",
			    message->name);
		if (is_name)
			return 0;
	}
	derivation->plan->summary.messages++;
	return 0;
}

static int
derive_messages(const struct derivation *derivation)
{
	const struct schema *from = derivation->way->from;
	uint32_t i;
	int error = 0;

	for (i = 0; error == 0 && i < from->message_count; i++)
		error = derive_message(derivation, &from->messages[i]);
	return error;
}

/*--------------------------------------------------------------------
 * All of it
 */

static uint16_t
branch_of(const struct layout *layout, uint16_t when)
{
	return derivation_has_tag(layout, when) ? when : 0;
}

static void
settle_side(
    struct side *side, const struct layout *layout, const struct mark *marks)
{
	struct leaf *leaf = side->leaves;

	for (; leaf < side->leaves + side->leaf_count; leaf++) {
		leaf->is_settled = marks[leaf->node].is_settled;
		leaf->in_branch = branch_of(layout, leaf->when);
	}
}

static int
derive_all(struct derivation *derivation)
{
	const struct conversion_way *way = derivation->way;
	struct conversion *plan = derivation->plan;
	int error;

	if (schema_fingerprint(way->from) == schema_fingerprint(way->to) &&
	    !schema_is_same(way->from, way->to))
		return derivation_refuse(derivation,
		    "the two formats differ and have one fingerprint");
	error = side_read(&plan->from, way->from, derivation->from);
	if (error == 0)
		error = side_read(&plan->to, way->to, derivation->to);
	if (error == 0)
		error = derive_values(derivation);
	if (error == 0)
		error = derive_timers(derivation);
	if (error == 0)
		error = derive_messages(derivation);
	if (error != 0)
		return error;
	settle_side(&plan->from, derivation->from, derivation->from_marks);
	settle_side(&plan->to, derivation->to, derivation->to_marks);
	return 0;
}

int
conversion_derive(struct conversion *plan, const struct conversion_way *way,
    char *why, size_t size)
{
	struct derivation derivation = { .plan = plan, .way = way };
	size_t from_size = SCHEMA_NODES_MAX * sizeof(struct mark);
	int error = -ENOMEM;

	derivation.why = why;
	derivation.size = size;
	derivation.from_marks = object_alloc(from_size);
	derivation.to_marks = object_alloc(from_size);
	if (derivation.from_marks != NULL && derivation.to_marks != NULL)
		error = layout_alloc(&derivation.from, way->from);
	if (error == 0)
		error = layout_alloc(&derivation.to, way->to);
	if (error == 0)
		error = derive_all(&derivation);
	layout_free(&derivation.from);
	layout_free(&derivation.to);
	object_free(derivation.from_marks, from_size);
	object_free(derivation.to_marks, from_size);
	return error;
}
