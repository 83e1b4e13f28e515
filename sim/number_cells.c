/*
 * number_cells: see number_cells.h for what it is.
 *
 * Cells begin where a range begins or has ended.  Numbers are ordered by their
 * length, by where they have `*` and `#`, and then by their digits; a range
 * never leaves one such form.
 */
#include "sim/number_cells.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/object.h"

/* Where a cell may begin: at `value` in a form, its digits all 0. */
struct edge {
	char form[DIGITS_MAX + 1];
	uint64_t value;
};

static void
form_of(const char *number, char *form)
{
	for (; *number != '\0'; number++)
		*form++ = *number >= '0' && *number <= '9' ? '0' : *number;
	*form = '\0';
}

static int
compare(const void *one, const void *other)
{
	const struct edge *a = one, *b = other;
	const size_t length_a = strlen(a->form), length_b = strlen(b->form);
	const int order = strcmp(a->form, b->form);

	if (length_a != length_b)
		return length_a < length_b ? -1 : 1;
	if (order != 0)
		return order;
	return a->value < b->value ? -1 : a->value > b->value;
}

/* Both edges of each span, in order, each once; how many. */
static uint32_t
make_edges(struct edge *edges, const struct number_span *spans, uint32_t count)
{
	uint32_t i, kept = 0;

	for (i = 0; i < count; i++) {
		form_of(spans[i].range.first, edges[2 * i].form);
		edges[2 * i].value = range_value(spans[i].range.first);
		edges[2 * i + 1] = edges[2 * i];
		edges[2 * i + 1].value = range_value(spans[i].range.last) + 1;
	}
	qsort(edges, (size_t)2 * count, sizeof *edges, compare);
	for (i = 0; i < 2 * count; i++)
		if (kept == 0 || compare(&edges[kept - 1], &edges[i]) != 0)
			edges[kept++] = edges[i];
	return kept;
}

/* From one edge up to the next; the last of a form begins no cell. */
static void
make_cells(struct number_cells *cells, const struct edge *edges, uint32_t count)
{
	struct number_cell *cell;
	struct range form;
	uint32_t i;

	for (i = 0; i + 1 < count; i++) {
		if (strcmp(edges[i].form, edges[i + 1].form) != 0)
			continue;
		cell = &cells->cells[cells->count++];
		strcpy(form.first, edges[i].form);
		range_number(&form, edges[i].value, cell->range.first);
		range_number(&form, edges[i + 1].value - 1, cell->range.last);
	}
}

/* How the first number of a range lies to that of another. */
static int
compare_first(const char *one, const char *other)
{
	struct edge a = { .value = range_value(one) };
	struct edge b = { .value = range_value(other) };

	form_of(one, a.form);
	form_of(other, b.form);
	return compare(&a, &b);
}

/* The cell that begins with that number: there is one. */
static uint32_t
find(const struct number_cells *cells, const char *number)
{
	uint32_t low = 0, high = cells->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_first(cells->cells[middle].range.first, number) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
say(struct number_said *said, const struct number_span *span)
{
	said->meaning = !span->adds || span->meaning == 0 || said->meaning == 0
	    ? span->meaning
	    : said->meaning * 31 + span->meaning;
	said->said = span->said;
}

static void
fill(struct number_cells *cells, const struct number_span *span)
{
	uint32_t i = find(cells, span->range.first);
	struct number_cell *cell;

	do {
		cell = &cells->cells[i++];
		say(span->is_new ? &cell->now : &cell->before, span);
	} while (strcmp(cell->range.last, span->range.last) != 0);
}

static bool
is_alike(const struct number_said *one, const struct number_said *other)
{
	return one->meaning == other->meaning && one->said == other->said;
}

static bool
continues(const struct number_cell *left, const struct number_cell *right)
{
	char form[DIGITS_MAX + 1], other[DIGITS_MAX + 1];

	form_of(left->range.first, form);
	form_of(right->range.first, other);
	return strcmp(form, other) == 0 &&
	    range_value(left->range.last) + 1 ==
	    range_value(right->range.first) &&
	    is_alike(&left->before, &right->before) &&
	    is_alike(&left->now, &right->now);
}

/* Neighbours of whom the same is said become one. */
static void
join(struct number_cells *cells)
{
	struct number_cell *all = cells->cells;
	uint32_t i, kept = 0;

	for (i = 1; i < cells->count; i++)
		if (continues(&all[kept], &all[i]))
			strcpy(all[kept].range.last, all[i].range.last);
		else
			all[++kept] = all[i];
	cells->count = cells->count == 0 ? 0 : kept + 1;
}

int
number_cells_make(struct number_cells *ret_cells,
    const struct number_span *spans, uint32_t count)
{
	const size_t size = (size_t)2 * count * sizeof(struct edge);
	struct number_cells cells = { .room = 2 * count };
	struct edge *edges;
	uint32_t i;

	*ret_cells = cells;
	if (count == 0)
		return 0;
	edges = object_alloc(size);
	cells.cells = object_alloc(cells.room * sizeof *cells.cells);
	if (edges == NULL || cells.cells == NULL) {
		object_free(edges, size);
		number_cells_done(&cells);
		return -ENOMEM;
	}
	make_cells(&cells, edges, make_edges(edges, spans, count));
	object_free(edges, size);
	for (i = 0; i < count; i++)
		fill(&cells, &spans[i]);
	join(&cells);
	*ret_cells = cells;
	return 0;
}

void
number_cells_done(struct number_cells *cells)
{
	object_free(cells->cells, cells->room * sizeof *cells->cells);
	*cells = (struct number_cells){ .count = 0 };
}
