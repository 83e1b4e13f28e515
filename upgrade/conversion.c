/*
 * conversion: see conversion.h for what it is.
 *
 * Deriving goes target field by target field: where does it come from, and
 * what has to be done to the value on the way?  The answers are compiled into
 * steps without names, which know only offsets and widths, so that a call is
 * converted in a few dozen memory accesses and no text is compared while it
 * waits.
 *
 * Where a target field comes from (origin_of):
 *
 *   one source field has its name, or one of its former names, or calls the
 *   target's name a former one of its own (the way down)      that field
 *   none does                                                 its default
 *   several do, or the source has been used before            refused
 *
 * What is done to it (derive_step):
 *
 *   source -> target           rule     step
 *   same kind and width        always   copy; neighbours become one copy
 *   text to longer text        always   copy and zeroes
 *   text to shorter text       "wide"   copy, guarded by its length
 *   number to number           always   extend, if every value fits
 *                              "wide"   narrow, guarded by the value
 *   enum to enum               symbols  map; a symbol without an image must
 *                                       be listed, and is guarded
 *   anything else              a hook   the default, then the hook's word
 *
 * "wide" and symbols are what the no_way_back of the source's schema says
 * ("overdial wide", "state HELD"): a state that is guarded against is refused
 * with -EDOM, before or after which nothing has changed.
 *
 * Invariants, checked by assert_conversion() when a plan is made:
 *   1. every byte of every target field is written by exactly one step;
 *   2. no other byte of the target is written;
 *   3. no step reads beyond the source.
 */
#include "upgrade/conversion.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "switch/fault.h"
#include "switch/object.h"
#include "upgrade/kept.h"
#include "upgrade/schema.h"

enum { NAME_MAX_BYTES = 64, NO_IMAGE = UINT16_MAX };

enum step_kind { STEP_COPY, STEP_TEXT, STEP_NUMBER, STEP_MAP, STEP_FILL };

struct step {
	uint8_t kind;
	bool guarded;
	/* Of the fields their names are not used: they may be unmapped. */
	struct field from, to;
	uint32_t map, map_count; /* of STEP_MAP: where its images begin */
};

struct conversion {
	unsigned int magic;
#define CONVERSION_MAGIC 0x6c0a5e3d
	bool down;
	int (*hook)(const void *from, void *to, bool down);
	uint32_t from_size, to_size;
	uint32_t count, image_count, image_capacity;
	struct conversion_summary summary;
	uint16_t *images; /* the target's number of each source symbol */
	struct kept *kept;
	struct step steps[];
};

/* What a plan is derived from, and where it says why there is none. */
struct derivation {
	struct conversion *plan;
	const struct schema *from, *to;
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
 * Deriving
 */

/* The field that `to` comes from; NULL when it is new. */
static int
origin_of(const struct derivation *derivation, const struct field *to,
    const struct field **ret_from)
{
	const struct field *from = NULL, *other;
	uint32_t i;

	for (i = 0; i < derivation->from->count; i++) {
		other = &derivation->from->fields[i];
		if (!schema_is_related(other, to))
			continue;
		if (from != NULL)
			return refuse(derivation,
			    "field '%s' may come from '%s' and from '%s'",
			    to->name, from->name, other->name);
		from = other;
	}
	for (other = derivation->to->fields; from != NULL && other < to;
	     other++)
		if (schema_is_related(from, other))
			return refuse(derivation,
			    "fields '%s' and '%s' both come from '%s'",
			    other->name, to->name, from->name);
	*ret_from = from;
	return 0;
}

/* Whether the source says that this of a field may have no way back. */
static bool
is_listed(
    const struct schema *schema, const struct field *field, const char *what)
{
	const char *const *line = schema->no_way_back;
	char name[NAME_MAX_BYTES], word[NAME_MAX_BYTES];

	for (; line != NULL && *line != NULL; line++)
		if (schema_symbol(*line, 0, name, sizeof name) &&
		    schema_symbol(*line, 1, word, sizeof word) &&
		    strcmp(name, field->name) == 0 && strcmp(word, what) == 0)
			return true;
	return false;
}

static bool
is_integer(const struct field *field)
{
	return field->kind == FIELD_UINT || field->kind == FIELD_INT;
}

/* Whether every value of the one integer is a value of the other. */
static bool
always_fits(const struct field *from, const struct field *to)
{
	if (from->kind == to->kind)
		return to->width >= from->width;
	return from->kind == FIELD_UINT && to->width > from->width;
}

static bool
same_words(const char *one, const char *other)
{
	char word[NAME_MAX_BYTES];
	int n;

	for (n = 0; schema_symbol(one, n, word, sizeof word); n++)
		if (schema_symbol_number(other, word) != n)
			return false;
	return !schema_symbol(other, n, word, sizeof word);
}

static bool
is_same(const struct field *from, const struct field *to)
{
	return from->kind == to->kind && from->width == to->width &&
	    (from->kind != FIELD_ENUM ||
		same_words(from->symbols, to->symbols));
}

/* A step, or the last one if it is a copy that this one goes on. */
static void
add_step(struct conversion *plan, const struct step *step)
{
	struct step *last = plan->steps + plan->count - 1;

	if (step->guarded)
		plan->summary.guarded++;
	if (step->kind == STEP_COPY && plan->count > 0 &&
	    last->kind == STEP_COPY &&
	    last->from.offset + last->from.width == step->from.offset &&
	    last->to.offset + last->to.width == step->to.offset) {
		last->from.width =
		    (uint16_t)(last->from.width + step->from.width);
		last->to.width = last->from.width;
		return;
	}
	plan->steps[plan->count++] = *step;
}

static int
derive_number(const struct derivation *derivation, const struct field *from,
    const struct field *to)
{
	struct step step = { .kind = STEP_NUMBER, .from = *from, .to = *to };
	struct conversion_summary *summary = &derivation->plan->summary;

	step.guarded = !always_fits(from, to);
	if (step.guarded && !is_listed(derivation->from, from, "wide"))
		return to->width < from->width
		    ? refuse(derivation,
			  "field '%s' narrows from %d to %d bits and no rule "
			  "says how",
			  to->name, 8 * from->width, 8 * to->width)
		    : refuse(derivation,
			  "field '%s' changes its sign and no rule says how",
			  to->name);
	if (!step.guarded)
		summary->widened++;
	add_step(derivation->plan, &step);
	return 0;
}

static int
derive_text(const struct derivation *derivation, const struct field *from,
    const struct field *to)
{
	struct step step = { .kind = STEP_TEXT, .from = *from, .to = *to };

	step.guarded = to->width < from->width;
	if (step.guarded && !is_listed(derivation->from, from, "wide"))
		return refuse(derivation,
		    "field '%s' shrinks from %d to %d bytes and no rule says "
		    "how",
		    to->name, from->width, to->width);
	if (!step.guarded)
		derivation->plan->summary.widened++;
	add_step(derivation->plan, &step);
	return 0;
}

/* Room for one more image; -ENOMEM. */
static int
reserve_image(struct conversion *plan)
{
	uint32_t capacity = plan->image_capacity * 2 + 64;
	uint16_t *images;

	if (plan->image_count < plan->image_capacity)
		return 0;
	images = object_realloc(plan->images, capacity * sizeof *images);
	if (images == NULL)
		return -ENOMEM;
	plan->images = images;
	plan->image_capacity = capacity;
	return 0;
}

static int
derive_map(const struct derivation *derivation, const struct field *from,
    const struct field *to)
{
	struct conversion *plan = derivation->plan;
	struct step step = { .kind = STEP_MAP,
		.from = *from,
		.to = *to,
		.map = plan->image_count };
	char symbol[NAME_MAX_BYTES];
	int image;

	while (schema_symbol(
	    from->symbols, step.map_count, symbol, sizeof symbol)) {
		image = schema_symbol_number(to->symbols, symbol);
		if (image < 0 && !is_listed(derivation->from, from, symbol))
			return refuse(derivation,
			    "field '%s': symbol '%s' has no image and "
			    "no_way_back does not list it",
			    from->name, symbol);
		if (reserve_image(plan) != 0)
			return -ENOMEM;
		plan->images[plan->image_count++] =
		    image < 0 ? NO_IMAGE : (uint16_t)image;
		step.guarded |= image < 0;
		step.map_count++;
	}
	plan->summary.mapped++;
	add_step(plan, &step);
	return 0;
}

static void
derive_fill(const struct derivation *derivation, const struct field *to)
{
	const struct step step = { .kind = STEP_FILL, .to = *to };

	derivation->plan->summary.defaulted++;
	add_step(derivation->plan, &step);
}

static const char *
kind_word(const struct field *field)
{
	switch ((enum field_kind)field->kind) {
	case FIELD_UINT:
	case FIELD_INT:
		return "integer";
	case FIELD_ENUM:
		return "enum";
	case FIELD_TEXT:
		return "text";
	}
	return "unknown kind";
}

static int
derive_step(const struct derivation *derivation, const struct field *from,
    const struct field *to)
{
	const struct step copy = {
		.kind = STEP_COPY, .from = *from, .to = *to
	};

	if (strcmp(from->name, to->name) != 0)
		derivation->plan->summary.renamed++;
	if (is_same(from, to)) {
		derivation->plan->summary.copied++;
		add_step(derivation->plan, &copy);
		return 0;
	}
	if (is_integer(from) && is_integer(to))
		return derive_number(derivation, from, to);
	if (from->kind == FIELD_TEXT && to->kind == FIELD_TEXT)
		return derive_text(derivation, from, to);
	if (from->kind == FIELD_ENUM && to->kind == FIELD_ENUM)
		return derive_map(derivation, from, to);
	if (derivation->plan->hook == NULL)
		return refuse(derivation,
		    "field '%s' turns from %s into %s and there is no "
		    "code_change",
		    to->name, kind_word(from), kind_word(to));
	derive_fill(derivation, to);
	return 0;
}

static int
derive(const struct derivation *derivation)
{
	const struct field *from = NULL, *to;
	uint32_t i;
	int error;

	for (i = 0; i < derivation->to->count; i++) {
		to = &derivation->to->fields[i];
		error = origin_of(derivation, to, &from);
		if (error == 0 && from == NULL)
			derive_fill(derivation, to);
		else if (error == 0)
			error = derive_step(derivation, from, to);
		if (error != 0)
			return error;
	}
	return 0;
}

static unsigned int
times_written(const struct conversion *plan, uint32_t byte)
{
	const struct step *step;
	unsigned int times = 0;

	for (step = plan->steps; step < plan->steps + plan->count; step++)
		times += byte >= step->to.offset &&
		    byte < step->to.offset + step->to.width;
	return times;
}

static bool
assert_conversion(const struct conversion *plan, const struct schema *to)
{
	const struct step *step;
	const struct field *field;
	uint32_t byte, bytes = 0, written = 0;

	for (field = to->fields; field < to->fields + to->count; field++) {
		bytes += field->width;
		for (byte = 0; byte < field->width; byte++)
			assert(times_written(plan, field->offset + byte) == 1);
	}
	for (step = plan->steps; step < plan->steps + plan->count; step++) {
		assert(step->from.offset + step->from.width <= plan->from_size);
		assert(step->to.offset + step->to.width <= plan->to_size);
		written += step->to.width;
	}
	assert(written == bytes);
	return true;
}

/* The names lie in a module; a step must not lead there. */
static void
forget_names(struct conversion *plan)
{
	struct step *step;

	for (step = plan->steps; step < plan->steps + plan->count; step++) {
		step->from.name = step->from.former = step->from.symbols = NULL;
		step->to.name = step->to.former = step->to.symbols = NULL;
	}
}

int
conversion_alloc(struct conversion **ret_conversion,
    const struct conversion_way *way, char *why, size_t size)
{
	struct conversion *plan;
	struct derivation derivation = { NULL, way->from, way->to, why, size };
	int error = -ENOMEM;

	if (ALLOC_OBJ_EXTRA(plan, CONVERSION_MAGIC,
		way->to->count * sizeof plan->steps[0]) == NULL)
		goto fail;
	plan->hook = way->hook;
	plan->down = way->down;
	plan->from_size = way->from->size;
	plan->to_size = way->to->size;
	derivation.plan = plan;
	error = derive(&derivation);
	if (error == 0)
		error = kept_alloc(&plan->kept, way->from, way->to);
	if (error != 0)
		goto fail;
	forget_names(plan);
	plan->summary.dropped = kept_leaving(plan->kept);
	plan->summary.steps = plan->count;
	assert(assert_conversion(plan, way->to));
	*ret_conversion = plan;
	return 0;

fail:
	if (error == -ENOMEM)
		snprintf(why, size, "no memory for the plan");
	conversion_free(&plan);
	return error;
}

void
conversion_free(struct conversion **conversionp)
{
	struct conversion *plan = *conversionp;

	if (plan == NULL)
		return;
	kept_free(&plan->kept);
	object_free(
	    plan->images, plan->image_capacity * sizeof plan->images[0]);
	FREE_OBJ(conversionp, CONVERSION_MAGIC);
}

/*--------------------------------------------------------------------
 * Running
 */

static bool
fits(const struct field *to, const struct field *from, int64_t number)
{
	unsigned int bits = 8U * to->width;
	/* Of an unsigned source of 64 bits the sign bit is a value's. */
	bool negative = number < 0 && from->kind == FIELD_INT;

	if (to->kind == FIELD_UINT)
		return !negative &&
		    (bits == 64 || (uint64_t)number >> bits == 0);
	if (number < 0 && !negative)
		return false;
	return bits == 64 ||
	    (number >= -(INT64_C(1) << (bits - 1)) &&
		number < INT64_C(1) << (bits - 1));
}

static int
run_number(const struct step *step, const void *old_state, void *new_state)
{
	int64_t number = schema_number(&step->from, old_state);

	if (step->guarded && !fits(&step->to, &step->from, number))
		return -EDOM;
	schema_set_number(&step->to, new_state, number);
	return 0;
}

/* The shorter of two texts keeps room for its NUL. */
static int
run_text(const struct step *step, const char *old_text, char *new_text)
{
	size_t length = step->from.width;

	if (step->guarded) {
		if (strnlen(old_text, length) >= step->to.width)
			return -EDOM;
		length = step->to.width;
	}
	memcpy(new_text, old_text, length);
	memset(new_text + length, 0, step->to.width - length);
	return 0;
}

static int
run_map(const struct conversion *plan, const struct step *step,
    const void *old_state, void *new_state)
{
	uint64_t symbol = (uint64_t)schema_number(&step->from, old_state);
	uint16_t image;

	if (symbol >= step->map_count)
		return -EDOM;
	image = plan->images[step->map + symbol];
	if (image == NO_IMAGE)
		return -EDOM;
	schema_set_number(&step->to, new_state, image);
	return 0;
}

static int
run_step(const struct conversion *plan, const struct step *step,
    const char *old_state, char *new_state)
{
	switch ((enum step_kind)step->kind) {
	case STEP_COPY:
		memcpy(new_state + step->to.offset,
		    old_state + step->from.offset, step->to.width);
		return 0;
	case STEP_NUMBER:
		return run_number(step, old_state, new_state);
	case STEP_TEXT:
		return run_text(step, old_state + step->from.offset,
		    new_state + step->to.offset);
	case STEP_MAP:
		return run_map(plan, step, old_state, new_state);
	case STEP_FILL:
		if (step->to.kind == FIELD_TEXT)
			memset(new_state + step->to.offset, 0, step->to.width);
		else
			schema_set_number(
			    &step->to, new_state, step->to.initial);
		return 0;
	}
	return -EBADMSG;
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

int
conversion_run(
    const struct conversion *conversion, const void *old_state, void *new_state)
{
	const struct step *step;
	int error;

	CHECK_OBJ(conversion, CONVERSION_MAGIC);
	for (step = conversion->steps;
	     step < conversion->steps + conversion->count; step++) {
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
