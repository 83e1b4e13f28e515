/*
 * derivation_value: what is done to a value on its way.
 *
 *   source -> target           rule     line
 *   same kind and width        always   copy
 *   number to its reference    always   copy, if of one width
 *   number to number           always   if every value fits
 *                              "wide"   guarded by the value
 *                              "clamp"  the nearest that fits
 *   text to text               the same, of its length
 *   enum to enum               symbols  map; a symbol without an image must
 *                              "as"     have another word there, or be listed,
 *                                       and is guarded
 *   array to shorter array     "wide"   guarded by what counts it
 *                              "clamp"  so are the first ones left
 *   union without a branch     listed   guarded by the tag
 *   anything else              a hook   the default, then the hook's word
 *
 * "wide" and symbols are what the no_way_back of the source's schema says
 * ("overdial wide", "state HELD"), "clamp", "hook" and "as" the rules of the
 * newer.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "upgrade/derivation_internal.h"
#include "upgrade/words.h"

/*--------------------------------------------------------------------
 * What is done to a single value
 */

struct place
derivation_place(const struct node *node)
{
	return (struct place){ .offset = node->offset,
		.width = node->field->width,
		.kind = (uint8_t)node->field->kind };
}

bool
derivation_has_tag(const struct layout *layout, uint16_t when)
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
		    !derivation_has_tag(derivation->from, source->when) &&
		    !derivation_has_tag(derivation->to, target->when),
		.source = derivation_place(source),
		.target = derivation_place(target),
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
	if (derivation_has_rule(derivation, line->from, line->to, "clamp"))
		line->clamp = limits;
	else if (derivation_is_listed(derivation, line->from, "wide"))
		line->guard = limits;
	else
		return false;
	return true;
}

/* `what`: how it is too small, as "narrows from 32 to 16 bits". */
__attribute__((format(printf, 4, 5))) static int
refuse_unsaid(const struct derivation *derivation, uint16_t from, uint16_t to,
    const char *what, ...)
{
	const bool down = derivation->way->down;
	const struct node *source = &derivation->from->nodes[from];
	char path[LAYOUT_PATH_MAX], how[64], other[LAYOUT_PATH_MAX + 32] = "";
	va_list words;

	va_start(words, what);
	(void)vsnprintf(how, sizeof how, what, words);
	va_end(words);
	layout_plain_path(
	    down ? derivation->from : derivation->to, down ? from : to, path);
	if (down && (!source->is_array || derivation_is_counted(source)))
		(void)snprintf(other, sizeof other,
		    ", or '%.*s wide' in no_way_back", LAYOUT_PATH_MAX, path);
	return derivation_refuse(derivation,
	    "field '%s' %s and no rule says how: '%s clamp' in rules does%s",
	    derivation->to->nodes[to].field->name, how, path, other);
}

static int
derive_number(const struct derivation *derivation, struct line *line)
{
	const struct place *from = &line->source, *to = &line->target;
	struct limits limits = limits_of(to->kind, to->width);

	line->kind = LINE_NUMBER;
	if (always_fits(limits_of(from->kind, from->width), limits) ||
	    limit_line(derivation, line, limits))
		return 0;
	if (to->kind == FIELD_BOOL)
		return refuse_unsaid(derivation, line->from, line->to,
		    "narrows from a number to a bool");
	return to->width < from->width
	    ? refuse_unsaid(derivation, line->from, line->to,
		  "narrows from %d to %d bits", 8 * from->width, 8 * to->width)
	    : refuse_unsaid(
		  derivation, line->from, line->to, "changes its sign");
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
	return refuse_unsaid(derivation, line->from, line->to,
	    "shrinks from %d to %d bytes", line->source.width,
	    line->target.width);
}

/* The number of the symbol there, or of the word that a rule has for it. */
static int
image_of(const struct derivation *derivation, uint16_t from,
    const struct field *to, const char *symbol)
{
	char other[LAYOUT_PATH_MAX];
	int image = words_find(to->symbols, symbol);

	if (image < 0 &&
	    derivation_other_word(
		derivation, from, symbol, other, sizeof other))
		image = words_find(to->symbols, other);
	return image;
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
		image = image_of(derivation, line->from, to, symbol);
		if (image < 0 &&
		    !derivation_is_listed(derivation, line->from, symbol))
			return derivation_refuse(derivation,
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
		.source = derivation_place(&derivation->from->nodes[from]),
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

bool
derivation_is_counted(const struct node *array)
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

void
derivation_clamp_counts(const struct derivation *derivation)
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
		if (derivation_is_counted(source) &&
		    target->field->length < source->field->length &&
		    derivation_has_rule(
			derivation, from, (uint16_t)to, "clamp"))
			clamp_count(derivation, by_of(derivation->from, from),
			    target->field->length);
	}
}

/* Of all `from` there are some, or those that its own count says. */
static int
check_counts_all(const struct derivation *derivation, uint16_t from,
    uint16_t to, uint16_t by)
{
	const struct field *target = derivation->to->nodes[to].field;
	const struct field *source = derivation->from->nodes[from].field;
	const struct field *count = derivation->to->nodes[by].field;

	if (derivation->to_marks[by].other != LAYOUT_NOWHERE ||
	    count->initial == source->length)
		return 0;
	return derivation_refuse(derivation,
	    "field '%s' is counted by '%s', which begins with %" PRId64
	    ", and %u are in use",
	    target->name, count->name, count->initial, source->length);
}

/* Of the array or union `to`, which comes from `from`. */
static int
check_by(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct field *target = derivation->to->nodes[to].field;
	uint16_t by = by_of(derivation->to, to), was;

	if (derivation->to_marks[by].is_hooked)
		return 0;
	if (words_count(derivation->from->nodes[from].field->by) == 0)
		return check_counts_all(derivation, from, to, by);
	was = by_of(derivation->from, from);
	if (derivation->to_marks[by].other == was)
		return 0;
	return derivation_refuse(derivation,
	    "field '%s' is %s by '%s', which does not come from '%s'",
	    target->name, target->kind == FIELD_UNION ? "tagged" : "counted",
	    target->by, derivation->from->nodes[was].field->name);
}

int
derivation_check_by(const struct derivation *derivation)
{
	const struct node *target;
	uint16_t from;
	uint32_t to;
	int error = 0;

	for (to = 0; error == 0 && to < derivation->to->count; to++) {
		target = &derivation->to->nodes[to];
		from = derivation->to_marks[to].other;
		if (from != LAYOUT_NOWHERE &&
		    (target->is_array ? derivation_is_counted(target)
				      : target->field->kind == FIELD_UNION))
			error = check_by(derivation, from, (uint16_t)to);
	}
	return error;
}

static int
derive_array(const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct node *source = &derivation->from->nodes[from];
	const struct node *target = &derivation->to->nodes[to];
	bool clamps = derivation_has_rule(derivation, from, to, "clamp");
	struct line line;

	if (target->field->length >= source->field->length)
		return 0;
	if (!clamps &&
	    !(derivation_is_counted(source) &&
		derivation_is_listed(derivation, from, "wide")))
		return refuse_unsaid(derivation, from, to,
		    "shrinks from %u to %u elements", source->field->length,
		    target->field->length);
	if (clamps)
		return 0; /* derivation_clamp_counts() */
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
		if (is_lost && !derivation_is_listed(derivation, from, symbol))
			return derivation_refuse(derivation,
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
 * Either
 */

bool
derivation_is_convertible(const struct node *from, const struct node *to)
{
	const struct field *source = from->field, *target = to->field;

	if (from->is_array || to->is_array)
		return from->is_array && to->is_array;
	return source->kind == target->kind || is_copy(source, target) ||
	    (schema_is_integer(source) && schema_is_integer(target));
}

int
derivation_convert(
    const struct derivation *derivation, uint16_t from, uint16_t to)
{
	const struct node *target = &derivation->to->nodes[to];

	if (target->is_array)
		return derive_array(derivation, from, to);
	if (target->field->kind == FIELD_UNION)
		return derive_union(derivation, from, to);
	return layout_is_leaf(target) ? derive_leaf(derivation, from, to) : 0;
}
