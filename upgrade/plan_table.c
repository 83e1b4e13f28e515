/* plan_table: see plan_table.h for what it is. */
#include "upgrade/plan_table.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "switch/object.h"
#include "switch/text.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/plans.h"
#include "upgrade/words.h"

struct plan_table {
	const struct module *from, *to;
	struct conversion *there, *back;
	struct layout *from_layout, *to_layout;
	plan_row_f *each;
	void *arg;
	struct plan_row row, last;
};

/*--------------------------------------------------------------------
 * In words
 */

static void
say_lost_symbols(const struct conversion *plan, const struct line *line,
    const struct field *source, char *cell)
{
	const char *before = "; not from ";
	char symbol[PLAN_CELL];
	uint32_t i;

	for (i = 0; source != NULL && i < line->map_count; i++) {
		if (plan->images[line->map + i] != NO_IMAGE ||
		    !words_at(source->symbols, i, symbol, sizeof symbol))
			continue;
		text_append(cell, PLAN_CELL, "%s%s", before, symbol);
		before = " ";
	}
}

/* What the other format has another word for. */
static void
say_new_words(const struct conversion *plan, const struct line *line,
    const struct field *source, const struct field *target, char *cell)
{
	char symbol[PLAN_CELL / 2], image[PLAN_CELL / 2];
	uint32_t i;

	for (i = 0; source != NULL && i < line->map_count; i++)
		if (words_at(source->symbols, i, symbol, sizeof symbol) &&
		    words_at(target->symbols, plan->images[line->map + i],
			image, sizeof image) &&
		    strcmp(symbol, image) != 0)
			text_append(
			    cell, PLAN_CELL, "; %s as %s", symbol, image);
}

static void
say_number(const struct conversion *plan, const struct line *line, char *cell)
{
	const bool is_text = line->kind == LINE_TEXT;
	const unsigned int unit = is_text ? 1 : 8;
	const unsigned int from = unit * line->source.width;
	const unsigned int to = unit * line->target.width;

	text_append(cell, PLAN_CELL, "%s from %u to %u %s",
	    to > from	    ? "widen"
		: to < from ? "narrow"
			    : "change sign",
	    from, to, is_text ? "bytes" : "bits");
	if (line_is_guarded(plan, line))
		text_append(cell, PLAN_CELL, "; only what fits");
	else if (line->clamp.hi < UINT64_MAX)
		text_append(cell, PLAN_CELL, "; clamp");
}

static void
say_default(const struct field *field, char *cell)
{
	char value[PLAN_CELL];

	if (field->kind == FIELD_TEXT)
		text_append(cell, PLAN_CELL, "default \"\"");
	else if (field->kind == FIELD_ENUM &&
	    schema_symbol(field->symbols, field->initial, value, sizeof value))
		text_append(cell, PLAN_CELL, "default %s", value);
	else
		text_append(
		    cell, PLAN_CELL, "default %" PRId64, field->initial);
}

static void
say_line(const struct conversion *plan, const struct line *line,
    const struct field *source, const struct field *target, char *cell)
{
	switch ((enum line_kind)line->kind) {
	case LINE_COPY:
		text_append(cell, PLAN_CELL, "copy");
		return;
	case LINE_NUMBER:
	case LINE_TEXT:
		say_number(plan, line, cell);
		return;
	case LINE_MAP:
		text_append(cell, PLAN_CELL, "by symbol");
		say_new_words(plan, line, source, target, cell);
		say_lost_symbols(plan, line, source, cell);
		return;
	case LINE_HOOK:
		text_append(cell, PLAN_CELL, "code_change");
		return;
	case LINE_VIA:
		text_append(cell, PLAN_CELL, "by way of another");
		return;
	case LINE_CONSTANT:
	case LINE_NEVER:
		text_append(cell, PLAN_CELL, "default");
		return;
	}
}

/*--------------------------------------------------------------------
 * Rows
 */

static const struct line *
line_to(const struct conversion *plan, uint16_t node)
{
	const struct line *line = plan->lines;

	for (; line < plan->lines + plan->line_count; line++)
		if (line->to == node && line->kind != LINE_CONSTANT)
			return line;
	return NULL;
}

static const struct line *
line_from(const struct conversion *plan, uint16_t node)
{
	const struct line *line = plan->lines;

	for (; line < plan->lines + plan->line_count; line++)
		if (line->from == node && line->to != LAYOUT_NOWHERE)
			return line;
	return NULL;
}

static bool
is_in_element(const struct layout *layout, uint16_t node)
{
	for (; node != LAYOUT_NOWHERE; node = layout->nodes[node].parent)
		if (layout->nodes[node].element >= 0)
			return true;
	return false;
}

/* The first of an array before it. */
static bool
is_behind(const struct layout *layout, uint16_t node)
{
	for (; node != LAYOUT_NOWHERE; node = layout->nodes[node].parent)
		if (layout->nodes[node].element > 0)
			return true;
	return false;
}

/* A value that moves into an array or out of it is told by its number. */
static void
name_both(struct plan_table *table, uint16_t to, uint16_t from)
{
	bool into = is_in_element(table->to_layout, to);
	bool out_of =
	    from != LAYOUT_NOWHERE && is_in_element(table->from_layout, from);

	if (from == LAYOUT_NOWHERE || into == out_of) {
		layout_plain_path(table->to_layout, to, table->row.target);
		if (from != LAYOUT_NOWHERE)
			layout_plain_path(
			    table->from_layout, from, table->row.source);
		return;
	}
	layout_path(table->to_layout, to, table->row.target);
	layout_path(table->from_layout, from, table->row.source);
}

static void
begin_row(struct plan_table *table)
{
	memset(&table->row, 0, sizeof table->row);
}

/* Unless it says what the one before it did, of another element. */
static void
end_row(struct plan_table *table)
{
	if (memcmp(&table->row, &table->last, sizeof table->row) != 0)
		table->each(table->arg, &table->row);
	table->last = table->row;
}

static bool
is_kept(const struct side *side, uint16_t node)
{
	const struct leaf *leaf = side->leaves;

	for (; leaf < side->leaves + side->leaf_count; leaf++)
		if (leaf->node == node)
			return !leaf->is_settled;
	return false;
}

/* It has no place there: what is not kept the hook has its own ways with. */
static void
say_dropped(bool is_kept, char *cell)
{
	text_append(cell, PLAN_CELL,
	    is_kept ? "dropped; kept beside" : "dropped; by code_change");
}

/* What becomes of a value of the target when it goes back. */
static void
say_way_back(struct plan_table *table, uint16_t to)
{
	const struct line *line = line_from(table->back, to);
	char *cell = table->row.way_back;

	if (line == NULL)
		say_dropped(is_kept(&table->back->from, to), cell);
	else
		say_line(table->back, line, table->to_layout->nodes[to].field,
		    table->from_layout->nodes[line->to].field, cell);
}

/* The first of several elements speaks for all that are alike. */
static bool
is_repeated(const struct plan_table *table, uint16_t to, uint16_t from)
{
	const struct layout *layout = table->to_layout;

	if (from != LAYOUT_NOWHERE &&
	    is_in_element(layout, to) !=
		is_in_element(table->from_layout, from))
		return false;
	return is_behind(layout, to);
}

static void
add_target(struct plan_table *table, uint16_t to)
{
	const struct line *line = line_to(table->there, to);
	uint16_t from = line == NULL ? LAYOUT_NOWHERE : line->from;
	const struct field *source = from == LAYOUT_NOWHERE
	    ? NULL
	    : table->from_layout->nodes[from].field;

	if (!layout_is_leaf(&table->to_layout->nodes[to]) ||
	    is_repeated(table, to, from))
		return;
	begin_row(table);
	name_both(table, to, from);
	if (line == NULL)
		say_default(table->to_layout->nodes[to].field, table->row.rule);
	else
		say_line(table->there, line, source,
		    table->to_layout->nodes[to].field, table->row.rule);
	table->row.is_lossy = line != NULL && line->clamp.hi < UINT64_MAX &&
	    line->clamp.hi < line->guard.hi;
	say_way_back(table, to);
	end_row(table);
}

/* What only checks: how much of an array, which branches. */
static void
add_check(struct plan_table *table, const struct line *line)
{
	const struct field *source;

	if (line->to != LAYOUT_NOWHERE || line->from == LAYOUT_NOWHERE)
		return;
	source = table->from_layout->nodes[line->from].field;
	begin_row(table);
	layout_plain_path(table->from_layout, line->from, table->row.source);
	if (line->kind == LINE_NUMBER)
		text_append(table->row.rule, PLAN_CELL, "only up to %" PRIu64,
		    line->guard.hi);
	else
		text_append(
		    table->row.rule, PLAN_CELL, "only branches that are there");
	if (line->kind == LINE_MAP)
		say_lost_symbols(table->there, line, source, table->row.rule);
	end_row(table);
}

/* What a value that was dropped becomes when the process comes back. */
static void
say_return(struct plan_table *table, const struct leaf *leaf)
{
	const struct line *line = line_to(table->back, leaf->node);
	const struct field *field = table->from_layout->nodes[leaf->node].field;
	char *cell = table->row.way_back;

	if (!leaf->is_settled)
		text_append(cell, PLAN_CELL, "its value; until permanent");
	else if (line == NULL)
		say_default(field, cell);
	else
		say_line(table->back, line,
		    line->from == LAYOUT_NOWHERE
			? NULL
			: table->to_layout->nodes[line->from].field,
		    field, cell);
}

/*
 * Of what is beyond the end of a shorter array nothing is in use, or the state
 * has no image: it is no loss.
 */
static bool
is_dropped(const struct plan_table *table, const struct leaf *leaf)
{
	return line_from(table->there, leaf->node) == NULL &&
	    !(leaf->is_settled && is_behind(table->from_layout, leaf->node));
}

/* Of an element of an array one before it has been told. */
static bool
is_told(const struct plan_table *table, const struct leaf *leaf)
{
	const struct leaf *before = table->there->from.leaves;
	char path[LAYOUT_PATH_MAX], other[LAYOUT_PATH_MAX];

	if (!is_in_element(table->from_layout, leaf->node))
		return false;
	layout_plain_path(table->from_layout, leaf->node, path);
	for (; before < leaf; before++) {
		layout_plain_path(table->from_layout, before->node, other);
		if (strcmp(path, other) == 0 && is_dropped(table, before))
			return true;
	}
	return false;
}

static void
add_dropped(struct plan_table *table, const struct leaf *leaf)
{
	if (!is_dropped(table, leaf) || is_told(table, leaf))
		return;
	begin_row(table);
	if (is_behind(table->from_layout, leaf->node))
		layout_path(table->from_layout, leaf->node, table->row.source);
	else
		layout_plain_path(
		    table->from_layout, leaf->node, table->row.source);
	say_dropped(!leaf->is_settled, table->row.rule);
	say_return(table, leaf);
	table->row.is_lossy = true;
	end_row(table);
}

static void
add_timers(struct plan_table *table)
{
	char name[PLAN_CELL / 2];
	unsigned int n;

	for (n = 0; words_at(table->from->schema.timers, n, name, sizeof name);
	     n++) {
		if (words_find(table->to->schema.timers, name) >= 0)
			continue;
		begin_row(table);
		text_append(table->row.source, PLAN_CELL, "timer %s", name);
		text_append(
		    table->row.rule, PLAN_CELL, "not known there; cancelled");
		table->row.is_lossy = true;
		end_row(table);
	}
}

static bool
has_message(const struct schema *schema, uint32_t number)
{
	uint32_t i;

	for (i = 0; i < schema->message_count; i++)
		if (schema->messages[i].offset == number)
			return true;
	return false;
}

static void
add_messages(struct plan_table *table)
{
	const struct schema *from = &table->from->schema;
	uint32_t i;

	for (i = 0; i < from->message_count; i++) {
		if (has_message(&table->to->schema, from->messages[i].offset))
			continue;
		begin_row(table);
		text_append(table->row.source, PLAN_CELL, "message %s",
		    from->messages[i].name);
		text_append(
		    table->row.rule, PLAN_CELL, "not known there; answered");
		table->row.is_lossy = true;
		end_row(table);
	}
}

static void
add_all(struct plan_table *table)
{
	uint32_t i;

	for (i = 0; i < table->to_layout->count; i++)
		add_target(table, (uint16_t)i);
	for (i = 0; i < table->there->line_count; i++)
		add_check(table, &table->there->lines[i]);
	for (i = 0; i < table->there->from.leaf_count; i++)
		add_dropped(table, &table->there->from.leaves[i]);
	add_timers(table);
	add_messages(table);
}

int
plan_table(const struct plan_ends *ends, plan_row_f *each, void *arg, char *why,
    size_t size)
{
	struct plan_table *table = object_alloc(sizeof *table);
	int error;

	if (table == NULL)
		return -ENOMEM;
	table->from = ends->from;
	table->to = ends->to;
	table->each = each;
	table->arg = arg;
	error = plans_derive(&table->there, ends->from, ends->to, why, size);
	if (error == 0)
		error =
		    plans_derive(&table->back, ends->to, ends->from, why, size);
	if (error == 0)
		error = layout_alloc(&table->from_layout, &ends->from->schema);
	if (error == 0)
		error = layout_alloc(&table->to_layout, &ends->to->schema);
	if (error == 0)
		add_all(table);
	conversion_free(&table->there);
	conversion_free(&table->back);
	layout_free(&table->from_layout);
	layout_free(&table->to_layout);
	object_free(table, sizeof *table);
	return error;
}
