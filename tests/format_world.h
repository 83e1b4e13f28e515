/*
 * Formats made at random, and what a later release makes of them: fields
 * renamed, moved, widened and narrowed, added and dropped, symbols that come
 * and go, arrays that grow and shrink, branches that are not there any more.
 * All of it is allowed by the lists, so that a plan exists; states of them are
 * drawn with every value often at one of its ends, or all of them small, so
 * that they fit everywhere.
 */
#ifndef TESTS_FORMAT_WORLD_H
#define TESTS_FORMAT_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "upgrade/layout.h"

enum {
	ITEMS = 7,   /* of a table, at most */
	SYMBOLS = 6, /* "s0" to "s5" */
	LINES = 96,  /* of a list */
	LINE_BYTES = 48,
	FORMAT_BYTES = 1024
};

/* A field before it has a place. */
struct item {
	char name[12], former[12], symbols[32];
	unsigned int kind, width, length;
	int64_t initial;
};

struct table_of_items {
	unsigned int count;
	struct item items[ITEMS];
};

/* The root; a record, in an array that is counted; branches of a union. */
struct format {
	struct table_of_items root, record, branches;
	unsigned int parties;
	char mode_symbols[32], words[32];
	/* Made of these, by format_render(): */
	struct field fields[ITEMS + 4], record_fields[ITEMS],
	    branch_fields[ITEMS];
	char lines[LINES][LINE_BYTES], rule_lines[LINES][LINE_BYTES];
	const char *ways[LINES + 1], *rules[LINES + 1];
	struct schema schema;
};

/* xorshift64 (Marsaglia, 2003, shifts 13 7 17), unless there is one already. */
#ifndef FORMAT_WORLD_DRAW
static inline uint64_t
draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}
#endif

static inline bool
one_in(uint64_t *seed, unsigned int n)
{
	return draw(seed) >> 16 % 16 && (draw(seed) >> 11) % n == 0;
}

static inline unsigned int
pick(uint64_t *seed, unsigned int n)
{
	return (unsigned int)((draw(seed) >> 11) % n);
}

/* Some of s0 to s5, at least one, turned round by chance. */
static inline void
draw_symbols(uint64_t *seed, char *symbols)
{
	unsigned int i, from = pick(seed, SYMBOLS);
	unsigned int count = 1 + pick(seed, SYMBOLS);

	symbols[0] = '\0';
	for (i = 0; i < count; i++)
		(void)snprintf(
		    symbols + strlen(symbols), 5, "s%u ", (from + i) % SYMBOLS);
}

static inline void
draw_type(uint64_t *seed, struct item *item)
{
	static const unsigned int kinds[] = { FIELD_UINT, FIELD_UINT, FIELD_INT,
		FIELD_BOOL, FIELD_ENUM, FIELD_TEXT, FIELD_LINE, FIELD_PID };

	item->kind = kinds[pick(seed, sizeof kinds / sizeof kinds[0])];
	item->width = 1U << pick(seed, 4);
	item->initial = pick(seed, 2);
	item->length = one_in(seed, 6) ? 1 + pick(seed, 4) : 0;
	item->symbols[0] = '\0';
	if (item->kind == FIELD_BOOL)
		item->width = 1;
	if (item->kind == FIELD_LINE)
		item->width = 4;
	if (item->kind == FIELD_PID)
		item->width = sizeof(struct pid);
	if (item->kind == FIELD_TEXT)
		item->width = 2 + pick(seed, 9);
	if (item->kind == FIELD_TEXT || item->kind == FIELD_PID)
		item->initial = 0;
	if (item->kind == FIELD_ENUM) {
		draw_symbols(seed, item->symbols);
		item->initial = 0;
	}
}

static inline void
draw_table(uint64_t *seed, struct table_of_items *table, const char *prefix)
{
	unsigned int i;

	table->count = 2 + pick(seed, ITEMS - 2);
	for (i = 0; i < table->count; i++) {
		memset(&table->items[i], 0, sizeof table->items[i]);
		(void)snprintf(table->items[i].name,
		    sizeof table->items[i].name, "%s%u", prefix, i);
		draw_type(seed, &table->items[i]);
	}
}

/* A branch has the name of a symbol of the tag. */
static inline void
weed_branches(struct format *format)
{
	struct table_of_items *table = &format->branches;
	unsigned int i, kept = 0;

	for (i = 0; i < table->count; i++)
		if (strstr(format->mode_symbols, table->items[i].name) != NULL)
			table->items[kept++] = table->items[i];
	table->count = kept;
}

static inline void
format_draw(uint64_t *seed, struct format *format)
{
	memset(format, 0, sizeof *format);
	draw_table(seed, &format->root, "f");
	draw_table(seed, &format->record, "r");
	draw_symbols(seed, format->mode_symbols);
	draw_table(seed, &format->branches, "s");
	weed_branches(format);
	format->parties = 1 + pick(seed, 4);
}

/*--------------------------------------------------------------------
 * The next release
 */

static inline void
change_item(uint64_t *seed, struct item *item, unsigned int serial)
{
	item->former[0] = '\0';
	if (one_in(seed, 3)) {
		(void)snprintf(
		    item->former, sizeof item->former, "%s", item->name);
		(void)snprintf(item->name, sizeof item->name, "n%u", serial);
	}
	if ((item->kind == FIELD_UINT || item->kind == FIELD_INT) &&
	    one_in(seed, 2)) {
		item->kind = one_in(seed, 3) ? FIELD_INT : FIELD_UINT;
		item->width = 1U << pick(seed, 4);
	}
	if (item->kind == FIELD_TEXT && one_in(seed, 2))
		item->width = 2 + pick(seed, 9);
	if (item->kind == FIELD_ENUM && one_in(seed, 2))
		draw_symbols(seed, item->symbols);
}

static inline void
change_table(uint64_t *seed, struct table_of_items *table, unsigned int *serial)
{
	struct item added = { .former = "" };
	struct item *other;
	unsigned int i;

	for (i = 0; i < table->count; i++)
		change_item(seed, &table->items[i], ++*serial);
	if (table->count > 1 && one_in(seed, 2)) {
		table->items[pick(seed, table->count - 1)] =
		    table->items[table->count - 1];
		table->count--;
	}
	if (table->count < ITEMS && one_in(seed, 2)) {
		draw_type(seed, &added);
		(void)snprintf(added.name, sizeof added.name, "a%u", ++*serial);
		table->items[table->count++] = added;
	}
	other = &table->items[pick(seed, table->count)]; /* they move */
	added = *other;
	*other = table->items[0];
	table->items[0] = added;
}

/* Branches keep their names, which are the tag's; what they hold may widen. */
static inline void
change_branches(uint64_t *seed, struct format *format)
{
	struct table_of_items *table = &format->branches;
	char name[12];
	unsigned int i, serial = 0;

	if (one_in(seed, 2))
		draw_symbols(seed, format->mode_symbols);
	for (i = 0; i < table->count; i++) {
		memcpy(name, table->items[i].name, sizeof name);
		change_item(seed, &table->items[i], ++serial);
		memcpy(table->items[i].name, name, sizeof name);
		table->items[i].former[0] = '\0';
	}
	if (table->count > 1 && one_in(seed, 3))
		table->count--;
	weed_branches(format);
}

static inline void
format_change(uint64_t *seed, const struct format *old, struct format *format,
    unsigned int *serial)
{
	*format = *old;
	change_table(seed, &format->root, serial);
	change_table(seed, &format->record, serial);
	change_branches(seed, format);
	if (one_in(seed, 2))
		format->parties = 1 + pick(seed, 4);
}

/*--------------------------------------------------------------------
 * From items to a table
 */

static inline uint32_t
alignment_of(const struct item *item)
{
	return item->kind == FIELD_TEXT ? 1
	    : item->kind == FIELD_PID	? 4
					: item->width;
}

/* Bytes of the whole; *offset is moved behind what is placed. */
static inline void
place_item(
    const struct item *item, struct field *field, uint32_t *offset, bool packs)
{
	uint32_t mask = alignment_of(item) - 1;

	*field = (struct field){ .name = item->name,
		.former = item->former,
		.symbols = item->symbols,
		.initial = item->initial,
		.kind = (uint16_t)item->kind,
		.width = (uint16_t)item->width,
		.length = (uint16_t)item->length,
		.by = "" };
	if (packs)
		*offset = (*offset + mask) & ~mask;
	field->offset = packs ? *offset : 0;
	*offset = field->offset + schema_bytes(field);
}

static inline uint32_t
rounded(uint32_t offset, uint32_t align)
{
	return (offset + align - 1) & ~(align - 1);
}

static inline uint32_t
place_table(const struct table_of_items *table, struct field *fields,
    uint32_t *ret_align)
{
	uint32_t offset = 0, align = 1;
	unsigned int i;

	for (i = 0; i < table->count; i++) {
		place_item(&table->items[i], &fields[i], &offset, true);
		if (alignment_of(&table->items[i]) > align)
			align = alignment_of(&table->items[i]);
	}
	*ret_align = align;
	return offset;
}

/* Its branches begin together; as long as the longest of them. */
static inline uint32_t
place_branches(struct format *format, uint32_t *ret_align)
{
	uint32_t size, most = 0, align = 1;
	const struct item *item;
	unsigned int i;

	for (i = 0; i < format->branches.count; i++) {
		item = &format->branches.items[i];
		place_item(item, &format->branch_fields[i], &size, false);
		most = size > most ? size : most;
		if (alignment_of(item) > align)
			align = alignment_of(item);
	}
	*ret_align = align;
	return rounded(most, align);
}

/* Every symbol, branch and narrowing may lack an image. */
static inline void
list_all(struct format *format)
{
	struct layout *layout;
	char path[LAYOUT_PATH_MAX];
	unsigned int count = 0, n;
	const struct node *node;
	uint32_t i;

	format->ways[0] = NULL;
	if (layout_alloc(&layout, &format->schema) != 0)
		abort();
	for (i = 0; i < layout->count; i++) {
		node = &layout->nodes[i];
		if (node->element > 0)
			continue;
		layout_plain_path(layout, i, path);
		if (node->field->kind == FIELD_ENUM ||
		    node->field->kind == FIELD_UNION)
			for (n = 0; n < SYMBOLS && count < LINES; n++)
				(void)snprintf(format->lines[count++],
				    LINE_BYTES, "%.30s s%u", path, n);
		if (count < LINES)
			(void)snprintf(format->lines[count++], LINE_BYTES,
			    "%.30s wide", path);
	}
	layout_free(&layout);
	for (i = 0; i < count; i++)
		format->ways[i] = format->lines[i];
	format->ways[count] = NULL;
}

/* Clamps some of what is listed, which is stronger. */
static inline void
clamp_some(uint64_t *seed, struct format *format)
{
	unsigned int i, count = 0;
	char *wide;

	for (i = 0; format->ways[i] != NULL; i++) {
		wide = strstr(format->lines[i], " wide");
		if (wide == NULL || !one_in(seed, 4))
			continue;
		(void)snprintf(format->rule_lines[count], LINE_BYTES,
		    "%.*s clamp", (int)(wide - format->lines[i]),
		    format->lines[i]);
		format->rules[count] = format->rule_lines[count];
		count++;
	}
	format->rules[count] = NULL;
}

static inline void
format_render(struct format *format)
{
	static const struct item used = {
		.name = "used", .kind = FIELD_UINT, .width = 2, .initial = 1
	};
	static const struct item mode = {
		.name = "mode", .kind = FIELD_ENUM, .width = 2
	};
	struct field *next = format->fields + format->root.count;
	uint32_t align, inner;
	uint32_t offset = place_table(&format->root, format->fields, &align);
	unsigned int i;

	place_item(&used, next++, &offset, true);
	place_item(&mode, next, &offset, true);
	next++->symbols = format->mode_symbols;
	align = align > mode.width ? align : mode.width;
	*next = (struct field){ .name = "parties",
		.kind = FIELD_RECORD,
		.fields = format->record_fields,
		.count = (uint16_t)format->record.count,
		.length = (uint16_t)format->parties,
		.by = "used" };
	next->width = (uint16_t)place_table(
	    &format->record, format->record_fields, &inner);
	next->width = (uint16_t)rounded(next->width, inner);
	next->offset = rounded(offset, inner);
	offset = next->offset + schema_bytes(next);
	align = align > inner ? align : inner;
	next++;
	if (format->branches.count > 0) {
		*next = (struct field){ .name = "detail",
			.kind = FIELD_UNION,
			.fields = format->branch_fields,
			.count = (uint16_t)format->branches.count,
			.by = "mode" };
		next->width = (uint16_t)place_branches(format, &inner);
		next->offset = rounded(offset, inner);
		offset = next->offset + schema_bytes(next);
		align = align > inner ? align : inner;
		next++;
	}
	for (i = 0; next - format->fields > i; i++)
		if (format->fields[i].former == NULL)
			format->fields[i].former = "";
	format->schema = (struct schema){ .fields = format->fields,
		.no_way_back = format->ways,
		.rules = format->rules,
		.count = (uint32_t)(next - format->fields),
		.size = rounded(offset, align) };
	list_all(format);
	format->rules[0] = NULL;
}

/* Words that stand nowhere else. */
static inline void
own_empty(struct format *format, struct field *fields, unsigned int count)
{
	const char **words[3];
	unsigned int i, j;

	for (i = 0; i < count; i++) {
		words[0] = &fields[i].former;
		words[1] = &fields[i].symbols;
		words[2] = &fields[i].by;
		for (j = 0; j < 3; j++)
			if (*words[j] == NULL || **words[j] == '\0')
				*words[j] =
				    format->words + sizeof format->words - 1;
	}
}

/* A format all of whose words lie in itself, and whose lines name symbols. */
static inline void
format_own(struct format *format)
{
	static const char words[] = "used\0mode\0parties\0detail\0";
	struct field *field = format->fields;
	char *here;
	size_t at;

	memcpy(format->words, words, sizeof words);
	for (; field < format->fields + format->schema.count; field++) {
		for (at = 0; words[at] != '\0'; at += strlen(words + at) + 1) {
			here = format->words + at;
			if (strcmp(field->name, here) == 0)
				field->name = here;
			if (field->by[0] != '\0' &&
			    strcmp(field->by, here) == 0)
				field->by = here;
		}
	}
	own_empty(format, format->fields, ITEMS + 4);
	own_empty(format, format->record_fields, ITEMS);
	own_empty(format, format->branch_fields, ITEMS);
	format->ways[0] = NULL;
}

/*--------------------------------------------------------------------
 * States
 */

static inline int64_t
draw_number(uint64_t *seed, bool is_small)
{
	static const int64_t ends[] = { 0, 1, -1, 2, 127, -128, 255, 256, 32767,
		-32768, 65535, 65536, INT32_MAX, INT32_MIN, UINT32_MAX,
		INT64_MAX, INT64_MIN };

	if (is_small)
		return pick(seed, 2);
	return one_in(seed, 4) ? (int64_t)draw(seed)
			       : ends[pick(seed, sizeof ends / sizeof ends[0])];
}

static inline void
draw_value(
    uint64_t *seed, const struct field *field, bool is_small, uint8_t *state)
{
	unsigned int i, length;
	char name[8];

	switch (field->kind) {
	case FIELD_TEXT:
		length = pick(seed, field->width); /* and a NUL */
		memset(state + field->offset, 0, field->width);
		for (i = 0; i < length; i++)
			state[field->offset + i] =
			    (uint8_t)('0' + pick(seed, 10));
		return;
	case FIELD_ENUM:
		for (length = 0;
		     schema_symbol(field->symbols, length, name, sizeof name);)
			length++;
		length += !is_small && one_in(seed, 32); /* none of them */
		schema_set_number(field, state, pick(seed, length));
		return;
	case FIELD_BOOL:
		schema_set_number(field, state, pick(seed, 2));
		return;
	default:
		schema_set_number(field, state, draw_number(seed, is_small));
	}
}

static inline unsigned int
parties_of(const struct layout *layout)
{
	const struct node *node = layout->nodes;

	while (strcmp(node->field->name, "parties") != 0)
		node++;
	return node->field->length;
}

/* What is not in use is garbage, as it may be in a live state. */
static inline void
state_draw(uint64_t *seed, const struct layout *layout, uint8_t *state)
{
	const struct node *node = layout->nodes;
	const bool is_small = one_in(seed, 2);
	struct field field;
	uint32_t i;

	for (i = 0; i < layout->size; i++)
		state[i] = (uint8_t)draw(seed);
	for (; node < layout->nodes + layout->count; node++) {
		field = layout_field(node);
		if (!layout_is_leaf(node) ||
		    !layout_holds(layout->conditions, node->when, state))
			continue;
		if (strcmp(field.name, "used") == 0)
			schema_set_number(
			    &field, state, pick(seed, parties_of(layout) + 1));
		else
			draw_value(seed, &field, is_small, state);
	}
}

#endif
