/*
 * derivation: from two tables to the lines of a plan.
 *
 * It goes target value by target value (layout.h): where does it come from,
 * and what has to be done to it on the way?
 *
 * Where a value comes from (origin_of):
 *
 *   a rule of the newer release says "HERE from THERE"      from there
 *   what contains it has an origin, and in that one value
 *     there has its name, a former name of it, or its own
 *     former name is this one's (the way down); or both are
 *     the same element of their arrays                      that value
 *   none does                                               its default
 *   several do, or the source has been used before          refused
 *
 * What is done to it (derive_leaf):
 *
 *   source -> target           rule     line
 *   same kind and width        always   copy
 *   number to its reference    always   copy, if of one width
 *   number to number           always   if every value fits
 *                              "wide"   guarded by the value
 *                              "clamp"  the nearest that fits
 *   text to text               the same, of its length
 *   enum to enum               symbols  map; a symbol without an image must
 *                                       be listed, and is guarded
 *   array to shorter array     "wide"   guarded by what counts it
 *                              "clamp"  so are the first ones left
 *   union without a branch     listed   guarded by the tag
 *   anything else              a hook   the default, then the hook's word
 *
 * "wide" and symbols are what the no_way_back of the source's schema says
 * ("overdial wide", "state HELD"), "clamp" and "hook" the rules of the newer.
 * A state that is guarded against is refused with -EDOM, before or after which
 * nothing has changed.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/words.h"

/* Of a node of either side. */
struct mark {
	uint16_t other; /* the node of the other side, or LAYOUT_NOWHERE */
	bool is_moved;	/* it, or what contains it, is where a rule says */
	bool is_hooked; /* likewise a matter for the hook */
	bool is_settled;
};

struct derivation {
	struct conversion *plan;
	const struct conversion_way *way;
	struct layout *from, *to;
	struct mark *from_marks, *to_marks;
	char *why;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static int
refuse(const struct derivation *derivation, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(derivation->why, derivation->size, format, args);
	va_end(args);
	return -EINVAL;
}

/*--------------------------------------------------------------------
 * What the releases have said
 */

static const struct schema *
newer_of(const struct derivation *derivation)
{
	return derivation->way->down ? derivation->way->from
				     : derivation->way->to;
}

static bool
has_line(const char *const *line, const char *path, const char *word)
{
	char own[LAYOUT_PATH_MAX];

	for (; line != NULL && *line != NULL; line++)
		if (words_at(*line, 0, own, sizeof own) &&
		    strcmp(own, path) == 0 && words_find(*line, word) == 1)
			return true;
	return false;
}

/* Whether the source lists that this of a field may have no way back. */
static bool
is_listed(const struct derivation *derivation, uint16_t from, const char *what)
{
	char path[LAYOUT_PATH_MAX];

	layout_plain_path(derivation->from, from, path);
	return has_line(derivation->way->from->no_way_back, path, what);
}

/* Whether the newer one has such a rule for its field; NOWHERE has none. */
static bool
has_rule(const struct derivation *derivation, uint16_t from, uint16_t to,
    const char *what)
{
	bool down = derivation->way->down;
	uint16_t node = down ? from : to;
	char path[LAYOUT_PATH_MAX];

	if (node == LAYOUT_NOWHERE)
		return false;
	layout_plain_path(down ? derivation->from : derivation->to, node, path);
	return has_line(newer_of(derivation)->rules, path, what);
}

static bool
is_move(const char *line)
{
	return words_find(line, "from") == 1;
}

/* The first of its old places that `older` has. */
static uint16_t
old_place(const struct layout *older, const char *line)
{
	char path[LAYOUT_PATH_MAX];
	uint16_t place = LAYOUT_NOWHERE;
	unsigned int n;

	for (n = 2;
	     place == LAYOUT_NOWHERE && words_at(line, n, path, sizeof path);
	     n++)
		place = layout_find(older, path);
	return place;
}

/* Where `node` of the target was in the source, if this line says so. */
static uint16_t
moved_by(const struct derivation *derivation, const char *line, uint16_t node)
{
	bool down = derivation->way->down;
	const struct layout *newer = down ? derivation->from : derivation->to;
	const struct layout *older = down ? derivation->to : derivation->from;
	char path[LAYOUT_PATH_MAX];
	uint16_t now, then;

	if (!is_move(line))
		return LAYOUT_NOWHERE;
	(void)words_at(line, 0, path, sizeof path);
	now = layout_find(newer, path);
	then = old_place(older, line);
	if (now == LAYOUT_NOWHERE || node != (down ? then : now))
		return LAYOUT_NOWHERE;
	return down ? now : then;
}

/* Where a rule says that `to` was; LAYOUT_NOWHERE if none does. */
static uint16_t
moved_from(const struct derivation *derivation, uint16_t to)
{
	const char *const *line = newer_of(derivation)->rules;
	uint16_t from = LAYOUT_NOWHERE;

	for (; from == LAYOUT_NOWHERE && line != NULL && *line != NULL; line++)
		from = moved_by(derivation, *line, to);
	return from;
}

/*--------------------------------------------------------------------
 * Where a value comes from
 */

static const char *
path_of(const struct layout *layout, uint16_t node, char *path)
{
	layout_path(layout, node, path);
	return path;
}

static bool
is_counterpart(const struct node *from, const struct node *to)
{
	if (from->element >= 0 || to->element >= 0)
		return from->element == to->element;
	return schema_is_related(from->field, to->field);
}

/* Among what the origin of its container contains. */
static int
find_beside(
    const struct derivation *derivation, uint16_t to, uint16_t *ret_from)
{
	const struct layout *from = derivation->from;
	const struct node *node = &derivation->to->nodes[to];
	uint16_t parent = LAYOUT_NOWHERE, found = LAYOUT_NOWHERE, i;
	char one[LAYOUT_PATH_MAX], other[LAYOUT_PATH_MAX];

	if (node->parent != LAYOUT_NOWHERE) {
		parent = derivation->to_marks[node->parent].other;
		if (parent == LAYOUT_NOWHERE)
			return 0;
	}
	for (i = 0; i < from->count; i++) {
		if (from->nodes[i].parent != parent ||
		    !is_counterpart(&from->nodes[i], node))
			continue;
		if (found != LAYOUT_NOWHERE)
			return refuse(derivation,
			    "field '%s' may come from '%s' and from '%s'",
			    node->field->name, path_of(from, found, one),
			    path_of(from, i, other));
		found = i;
	}
	*ret_from = found;
	return 0;
}

static int
origin_of(const struct derivation *derivation, uint16_t to, uint16_t *ret_from)
{
	struct mark *mark = &derivation->to_marks[to];
	char one[LAYOUT_PATH_MAX], two[LAYOUT_PATH_MAX], from_path[160];
	uint16_t from = moved_from(derivation, to);
	int error = 0;

	if (from != LAYOUT_NOWHERE)
		mark->is_moved = true;
	else
		error = find_beside(derivation, to, &from);
	if (error != 0 || from == LAYOUT_NOWHERE)
		return error;
	if (derivation->from_marks[from].other != LAYOUT_NOWHERE)
		return refuse(derivation,
		    "fields '%s' and '%s' both come from '%s'",
		    path_of(derivation->to, derivation->from_marks[from].other,
			one),
		    path_of(derivation->to, to, two),
		    path_of(derivation->from, from, from_path));
	*ret_from = from;
	return 0;
}

/*--------------------------------------------------------------------
 * What is done to a single value
 */

static struct place
place_of(const struct node *node)
{
	return (struct place){ .offset = node->offset,
		.width = node->field->width,
		.kind = (uint8_t)node->field->kind };
}

static bool
has_tag(const struct layout *layout, uint16_t when)
{
	for (; when != 0; when = layout->conditions[when - 1].also)
		if (layout->conditions[when - 1].is_tag)
			return true;
	return false;
}

static struct line
begin_line(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct node *source = &derivation->from->nodes[from];
	const struct node *target = &derivation->to->nodes[to];

	return (struct line){ .from = from,
		.to = to,
		.when = source->when,
		/* Then it is one element, in use on both sides or on none. */
		.is_free = target->when != 0 &&
		    !derivation->to_marks[to].is_moved &&
		    !has_tag(derivation->from, source->when) &&
		    !has_tag(derivation->to, target->when),
		.source = place_of(source),
		.target = place_of(target),
		.guard = LIMITS_NONE,
		.clamp = LIMITS_NONE };
}

/* Whether the values of the one are values of the other. */
static bool
always_fits(struct limits from, struct limits to)
{
	return from.lo >= to.lo && from.hi <= to.hi;
}

/* "wide" or "clamp", whichever is said; false: neither is. */
static bool
limit_line(const struct derivation *derivation, struct line *line,
    struct limits limits)
{
	if (has_rule(derivation, line->from, line->to, "clamp"))
		line->clamp = limits;
	else if (is_listed(derivation, line->from, "wide"))
		line->guard = limits;
	else
		return false;
	return true;
}

static int
derive_number(const struct derivation *derivation, struct line *line)
{
	const struct place *from = &line->source, *to = &line->target;
	const char *name = derivation->to->nodes[line->to].field->name;
	struct limits limits = limits_of(to->kind, to->width);

	line->kind = LINE_NUMBER;
	if (always_fits(limits_of(from->kind, from->width), limits) ||
	    limit_line(derivation, line, limits))
		return 0;
	if (to->kind == FIELD_BOOL)
		return refuse(derivation,
		    "field '%s' narrows from a number to a bool and no rule "
		    "says how",
		    name);
	return to->width < from->width
	    ? refuse(derivation,
		  "field '%s' narrows from %d to %d bits and no rule says how",
		  name, 8 * from->width, 8 * to->width)
	    : refuse(derivation,
		  "field '%s' changes its sign and no rule says how", name);
}

/* A longer one gets a NUL; the shorter of two keeps room for one. */
static int
derive_text(const struct derivation *derivation, struct line *line)
{
	const struct limits limits = { 0, line->target.width - 1U };

	line->kind = LINE_TEXT;
	if (line->target.width >= line->source.width ||
	    limit_line(derivation, line, limits))
		return 0;
	return refuse(derivation,
	    "field '%s' shrinks from %d to %d bytes and no rule says how",
	    derivation->to->nodes[line->to].field->name, line->source.width,
	    line->target.width);
}

static int
derive_map(const struct derivation *derivation, struct line *line)
{
	struct conversion *plan = derivation->plan;
	const struct field *from = derivation->from->nodes[line->from].field;
	const struct field *to = derivation->to->nodes[line->to].field;
	char symbol[LAYOUT_PATH_MAX];
	int image;

	line->kind = LINE_MAP;
	line->map = plan->image_count;
	for (; words_at(from->symbols, line->map_count, symbol, sizeof symbol);
	     line->map_count++) {
		image = words_find(to->symbols, symbol);
		if (image < 0 && !is_listed(derivation, line->from, symbol))
			return refuse(derivation,
			    "field '%s': symbol '%s' has no image and "
			    "no_way_back does not list it",
			    from->name, symbol);
		if (conversion_add_image(
			plan, image < 0 ? NO_IMAGE : (uint16_t)image) != 0)
			return -ENOMEM;
	}
	return 0;
}

static bool
is_copy(const struct field *from, const struct field *to)
{
	if (from->width != to->width)
		return false;
	/* What was written as a number may turn out to be a reference. */
	if (from->kind != to->kind)
		return (from->kind == FIELD_UINT && schema_is_reference(to)) ||
		    (to->kind == FIELD_UINT && schema_is_reference(from));
	return from->kind != FIELD_ENUM ||
	    words_are_equal(from->symbols, to->symbols);
}

static int
derive_leaf(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct field *source = derivation->from->nodes[from].field;
	const struct field *target = derivation->to->nodes[to].field;
	struct line line = begin_line(derivation, from, to);
	int error = 0;

	if (is_copy(source, target))
		line.kind = LINE_COPY;
	else if (schema_is_integer(source) && schema_is_integer(target))
		error = derive_number(derivation, &line);
	else if (source->kind == FIELD_TEXT)
		error = derive_text(derivation, &line);
	else
		error = derive_map(derivation, &line);
	return error == 0 ? conversion_add_line(derivation->plan, &line)
			  : error;
}

/*--------------------------------------------------------------------
 * What contains others
 */

/* What only looks whether a number of the source is within its limits. */
static struct line
begin_check(const struct derivation *derivation, uint16_t from)
{
	struct line line = { .kind = LINE_NUMBER,
		.from = from,
		.to = LAYOUT_NOWHERE,
		.when = derivation->from->nodes[from].when,
		.source = place_of(&derivation->from->nodes[from]),
		.guard = LIMITS_NONE,
		.clamp = LIMITS_NONE };

	return line;
}

/* The field of the source beside `node` that counts or tags it. */
static uint16_t
by_of(const struct layout *layout, uint16_t node)
{
	uint16_t i;

	for (i = 0; i < layout->count; i++)
		if (layout->nodes[i].parent == layout->nodes[node].parent &&
		    layout->nodes[i].element < 0 &&
		    strcmp(layout->nodes[i].field->name,
			layout->nodes[node].field->by) == 0)
			return i;
	return LAYOUT_NOWHERE;
}

static bool
is_counted(const struct node *array)
{
	return words_count(array->field->by) > 0;
}

/* What counts it must not tell of more than there are now. */
static void
clamp_count(const struct derivation *derivation, uint16_t count, uint64_t most)
{
	struct conversion *plan = derivation->plan;
	const struct limits limits = { 0, most };
	struct line *line = plan->lines;

	for (; line < plan->lines + plan->line_count; line++) {
		if (line->from != count || line->target.width == 0)
			continue;
		line->kind = LINE_NUMBER;
		line->clamp = limits_both(line->clamp, limits);
	}
}

/* When all lines are there, since a count may stand behind its array. */
static void
clamp_counts(const struct derivation *derivation)
{
	const struct node *source, *target;
	uint16_t from;
	uint32_t to;

	for (to = 0; to < derivation->to->count; to++) {
		target = &derivation->to->nodes[to];
		from = derivation->to_marks[to].other;
		if (!target->is_array || from == LAYOUT_NOWHERE)
			continue;
		source = &derivation->from->nodes[from];
		if (is_counted(source) &&
		    target->field->length < source->field->length &&
		    has_rule(derivation, from, (uint16_t)to, "clamp"))
			clamp_count(derivation, by_of(derivation->from, from),
			    target->field->length);
	}
}

static int
derive_array(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct node *source = &derivation->from->nodes[from];
	const struct node *target = &derivation->to->nodes[to];
	bool clamps = has_rule(derivation, from, to, "clamp");
	struct line line;

	if (target->field->length >= source->field->length)
		return 0;
	if (!clamps &&
	    !(is_counted(source) && is_listed(derivation, from, "wide")))
		return refuse(derivation,
		    "field '%s' shrinks from %u to %u elements and no rule "
		    "says how",
		    target->field->name, source->field->length,
		    target->field->length);
	if (clamps)
		return 0; /* clamp_counts() */
	line = begin_check(derivation, by_of(derivation->from, from));
	line.guard.hi = target->field->length;
	return conversion_add_line(derivation->plan, &line);
}

static bool
has_branch(const struct field *whole, const char *name)
{
	const struct field *branch = whole->fields;

	for (; branch < whole->fields + whole->count; branch++)
		if (strcmp(branch->name, name) == 0)
			return true;
	return false;
}

/* A branch that is not there any more must not be in use. */
static int
derive_union(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct field *source = derivation->from->nodes[from].field;
	const struct field *target = derivation->to->nodes[to].field;
	struct line line =
	    begin_check(derivation, by_of(derivation->from, from));
	const char *symbols = derivation->from->nodes[line.from].field->symbols;
	char symbol[LAYOUT_PATH_MAX];
	bool is_lost, loses = false;

	line.kind = LINE_MAP;
	line.map = derivation->plan->image_count;
	for (; words_at(symbols, line.map_count, symbol, sizeof symbol);
	     line.map_count++) {
		is_lost =
		    has_branch(source, symbol) && !has_branch(target, symbol);
		loses = loses || is_lost;
		if (is_lost && !is_listed(derivation, from, symbol))
			return refuse(derivation,
			    "field '%s': branch '%s' has no image and "
			    "no_way_back does not list it",
			    source->name, symbol);
		if (conversion_add_image(derivation->plan,
			is_lost ? NO_IMAGE : (uint16_t)line.map_count) != 0)
			return -ENOMEM;
	}
	return loses ? conversion_add_line(derivation->plan, &line) : 0;
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

/* Whether there is a line for the two, or for what they contain. */
static bool
is_convertible(const struct node *from, const struct node *to)
{
	const struct field *source = from->field, *target = to->field;

	if (from->is_array || to->is_array)
		return from->is_array && to->is_array;
	return source->kind == target->kind || is_copy(source, target) ||
	    (schema_is_integer(source) && schema_is_integer(target));
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
		.target = place_of(target) };

	if (derivation->way->hook == NULL)
		return refuse(derivation,
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
	if (has_rule(derivation, from, to, "hook"))
		return leave_to_hook(derivation, from, to);
	if (!is_convertible(source, target) ||
	    !is_same_reference(source, target)) {
		if (derivation->way->hook == NULL)
			return refuse(derivation,
			    "field '%s' turns from %s into %s and there is no "
			    "code_change",
			    target->field->name, shape_word(source),
			    shape_word(target));
		return leave_to_hook(derivation, from, to);
	}
	if (target->is_array)
		return derive_array(derivation, from, to);
	if (target->field->kind == FIELD_UNION)
		return derive_union(derivation, from, to);
	return layout_is_leaf(target) ? derive_leaf(derivation, from, to) : 0;
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
		.target = place_of(target),
		.constant = target->field->initial };

	return layout_is_leaf(target) && has_tag(derivation->to, target->when)
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
	error = origin_of(derivation, to, &from);
	if (error != 0)
		return error;
	if (from != LAYOUT_NOWHERE) {
		derivation->from_marks[from].other = to;
		derivation->from_marks[from].is_settled = true;
		return derive_pair(derivation, from, to);
	}
	if (!derivation->way->down &&
	    has_rule(derivation, LAYOUT_NOWHERE, to, "hook"))
		return leave_to_hook(derivation, LAYOUT_NOWHERE, to);
	/* More elements than there were: none of them has ever been in use. */
	mark->is_settled =
	    (parent != NULL && parent->is_settled && node->element >= 0 &&
		is_counted(node) && parent->other != LAYOUT_NOWHERE) ||
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
	    has_rule(derivation, from, LAYOUT_NOWHERE, "hook"))
		mark->is_hooked = true;
	if (parent != NULL && parent->is_hooked)
		mark->is_hooked = true;
	if (mark->is_hooked)
		mark->is_settled = true;
	if (mark->is_settled || parent == NULL || !parent->is_settled)
		return;
	/* Beyond a shorter array, of which those in use all fit. */
	mark->is_settled = parent->other == LAYOUT_NOWHERE ||
	    (node->element >= 0 && is_counted(node));
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
	clamp_counts(derivation);
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
	unsigned int n;
	int number;

	for (n = 0; words_at(timers, n, name, sizeof name); n++) {
		number = words_find(to->timers, name);
		if (number == (int)n)
			continue;
		if (number >= 0)
			return refuse(derivation,
			    "timer '%s' has number %u and then %d", name, n,
			    number);
		if (words_at(to->timers, n, other, sizeof other))
			return refuse(derivation,
			    "timer '%s' takes number %u, which was that of "
			    "'%s'",
			    other, n, name);
		derivation->plan->summary.timers++;
	}
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
			return refuse(derivation,
			    "message '%s' has number 0x%x, and '%s' 0x%x",
			    message->name, message->offset, other->name,
			    other->offset);
		if (is_name && !is_same_message(message, other))
			return refuse(derivation,
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
	return has_tag(layout, when) ? when : 0;
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
		return refuse(derivation,
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
