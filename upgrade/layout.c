/*
 * layout: see layout.h for what it is.
 *
 * Invariants:
 *   1. a node stands behind its parent, and the children of one stand side by
 *      side in the order of their table;
 *   2. the condition of a node includes those of its parents;
 *   3. what counts or tags is itself a node beside, with the same condition.
 */
#include "upgrade/layout.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/number.h"
#include "upgrade/words.h"

bool
layout_is_leaf(const struct node *node)
{
	return !node->is_array && !schema_is_composite(node->field);
}

struct field
layout_field(const struct node *node)
{
	struct field field = *node->field;

	field.offset = node->offset;
	return field;
}

/*--------------------------------------------------------------------
 * Unfolding
 */

static void
add_node(struct layout *layout, const struct node *node)
{
	assert(layout->count < SCHEMA_NODES_MAX);
	layout->nodes[layout->count++] = *node;
}

/* One more than its place. */
static uint16_t
add_condition(struct layout *layout, const struct condition *condition)
{
	layout->conditions[layout->condition_count++] = *condition;
	return (uint16_t)layout->condition_count;
}

/* The field beside `node` that counts or tags it; NULL if none does. */
static const struct node *
by_of(const struct layout *layout, const struct node *node)
{
	const struct node *other;

	if (words_count(node->field->by) == 0)
		return NULL;
	for (other = layout->nodes; other < layout->nodes + layout->count;
	     other++)
		if (other->parent == node->parent && other->element < 0 &&
		    strcmp(other->field->name, node->field->by) == 0)
			return other;
	return NULL;
}

static void
unfold_table(struct layout *layout, uint16_t parent, const struct field *fields,
    uint32_t count)
{
	struct node node = { .parent = parent, .element = -1 };
	uint32_t i, base = 0;

	if (parent != LAYOUT_NOWHERE) {
		base = layout->nodes[parent].offset;
		node.when = layout->nodes[parent].when;
	}
	for (i = 0; i < count; i++) {
		node.field = &fields[i];
		node.offset = base + fields[i].offset;
		node.is_array = fields[i].length > 0;
		add_node(layout, &node);
	}
}

static void
unfold_array(struct layout *layout, uint16_t place)
{
	const struct node array = layout->nodes[place];
	const struct node *used = by_of(layout, &array);
	struct node node = {
		.field = array.field, .parent = place, .when = array.when
	};
	struct condition condition = { .also = array.when };

	if (used != NULL) {
		condition.offset = used->offset;
		condition.width = (uint8_t)used->field->width;
	}
	for (; node.element < array.field->length; node.element++) {
		node.offset =
		    array.offset + (uint32_t)node.element * array.field->width;
		condition.number = (uint32_t)node.element;
		if (used != NULL)
			node.when = add_condition(layout, &condition);
		add_node(layout, &node);
	}
}

static void
unfold_union(struct layout *layout, uint16_t place)
{
	const struct node whole = layout->nodes[place];
	const struct node *tag = by_of(layout, &whole);
	struct condition condition = { .also = whole.when, .is_tag = true };
	uint32_t branch = layout->count;

	condition.offset = tag->offset;
	condition.width = (uint8_t)tag->field->width;
	unfold_table(layout, place, whole.field->fields, whole.field->count);
	for (; branch < layout->count; branch++) {
		condition.number = (uint32_t)words_find(
		    tag->field->symbols, layout->nodes[branch].field->name);
		layout->nodes[branch].when = add_condition(layout, &condition);
	}
}

static uint32_t
count_nodes(const struct schema *schema)
{
	uint32_t times[SCHEMA_DEPTH_MAX + 1] = { 1 }, nodes = 0;
	const struct field *field;
	struct schema_walk walk;

	schema_walk_begin(&walk, schema->fields, schema->count);
	while ((field = schema_walk_next(&walk)) != NULL) {
		times[walk.depth + 1] = times[walk.depth] *
		    (field->length == 0 ? 1U : field->length);
		nodes += times[walk.depth] *
		    (field->length == 0 ? 1U : 1U + field->length);
	}
	return nodes;
}

int
layout_alloc(struct layout **ret_layout, const struct schema *schema)
{
	uint32_t nodes = count_nodes(schema);
	/* Behind them, since each node has at most one condition of its own. */
	size_t size = nodes * (sizeof(struct node) + sizeof(struct condition));
	struct layout *layout;
	const struct node *node;
	uint32_t i;

	if (ALLOC_OBJ_EXTRA(layout, LAYOUT_MAGIC, size) == NULL)
		return -ENOMEM;
	layout->size = schema->size;
	layout->conditions = (void *)(layout->nodes + nodes);
	unfold_table(layout, LAYOUT_NOWHERE, schema->fields, schema->count);
	for (i = 0; i < layout->count; i++) {
		node = &layout->nodes[i];
		if (node->is_array)
			unfold_array(layout, (uint16_t)i);
		else if (node->field->kind == FIELD_UNION)
			unfold_union(layout, (uint16_t)i);
		else if (node->field->kind == FIELD_RECORD)
			unfold_table(layout, (uint16_t)i, node->field->fields,
			    node->field->count);
	}
	assert(layout->count == nodes);
	*ret_layout = layout;
	return 0;
}

void
layout_free(struct layout **layoutp)
{
	FREE_OBJ(layoutp, LAYOUT_MAGIC);
}

/*--------------------------------------------------------------------
 * Reading
 */

bool
layout_holds(
    const struct condition *conditions, uint16_t when, const void *state)
{
	const struct condition *condition;
	uint64_t number;

	for (; when != 0; when = condition->also) {
		condition = &conditions[when - 1];
		number = (uint64_t)number_read(false, condition->width,
		    (const char *)state + condition->offset);
		if (condition->is_tag ? number != condition->number
				      : number <= condition->number)
			return false;
	}
	return true;
}

static void
write_path(
    const struct layout *layout, uint32_t place, bool is_plain, char *path)
{
	uint16_t up[3 * SCHEMA_DEPTH_MAX];
	const struct node *node;
	unsigned int depth = 0;
	size_t length = 0;

	for (; place != LAYOUT_NOWHERE; place = layout->nodes[place].parent)
		up[depth++] = (uint16_t)place;
	path[0] = '\0';
	while (depth-- > 0 && length < LAYOUT_PATH_MAX) {
		node = &layout->nodes[up[depth]];
		if (node->element < 0)
			(void)snprintf(path + length, LAYOUT_PATH_MAX - length,
			    "%s%s", length == 0 ? "" : ".", node->field->name);
		else if (!is_plain)
			(void)snprintf(path + length, LAYOUT_PATH_MAX - length,
			    "[%d]", node->element);
		length += strlen(path + length);
	}
}

void
layout_path(const struct layout *layout, uint32_t node, char *path)
{
	write_path(layout, node, false, path);
}

void
layout_plain_path(const struct layout *layout, uint32_t node, char *path)
{
	write_path(layout, node, true, path);
}

uint16_t
layout_find(const struct layout *layout, const char *path)
{
	char own[LAYOUT_PATH_MAX];
	uint32_t i;

	for (i = 0; i < layout->count; i++) {
		layout_path(layout, i, own);
		if (strcmp(own, path) == 0)
			return (uint16_t)i;
	}
	return LAYOUT_NOWHERE;
}

static bool
is_equal(const struct node *node, const char *one, const char *other)
{
	one += node->offset;
	other += node->offset;
	return node->field->kind == FIELD_TEXT
	    ? strncmp(one, other, node->field->width) == 0
	    : memcmp(one, other, node->field->width) == 0;
}

uint16_t
layout_next_difference(const struct layout *layout, const void *one,
    const void *other, uint32_t node)
{
	const struct node *place;

	CHECK_OBJ(layout, LAYOUT_MAGIC);
	for (; node < layout->count; node++) {
		place = &layout->nodes[node];
		/* What decides is itself compared, and before. */
		if (layout_is_leaf(place) && !is_equal(place, one, other) &&
		    layout_holds(layout->conditions, place->when, one))
			return (uint16_t)node;
	}
	return LAYOUT_NOWHERE;
}

bool
layout_states_are_equal(const struct layout *layout, const void *one,
    const void *other, uint16_t *ret_node)
{
	uint16_t node = layout_next_difference(layout, one, other, 0);

	if (node != LAYOUT_NOWHERE && ret_node != NULL)
		*ret_node = node;
	return node == LAYOUT_NOWHERE;
}
