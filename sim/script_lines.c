/*
 * script_lines: the lines that a scenario's text makes and uses.
 *
 * Their ranges are kept in order, so that each use is looked up in a few steps,
 * however many `lines` there are.  Where a range is made at run time any line
 * may exist.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/script_internal.h"
#include "switch/object.h"

/* By the length of their numbers, then by those. */
static int
compare(const void *one, const void *other)
{
	const struct range *a = one, *b = other;
	size_t length_a = strlen(a->first), length_b = strlen(b->first);

	if (length_a != length_b)
		return length_a < length_b ? -1 : 1;
	return strcmp(a->first, b->first);
}

static void
add(struct ranges *ranges, const struct range *range)
{
	struct range *more = object_grow(
	    ranges->range, ranges->count, &ranges->room, sizeof *more);

	if (more == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	ranges->range = more;
	ranges->range[ranges->count++] = *range;
}

void
check_learn_lines(struct check *check, const struct cut *cut)
{
	const char *word = cut->count > 1 ? cut->literals[1] : NULL;
	struct range range;

	if (word == NULL)
		check->lines.is_open = true;
	else if (units_range(word, &range))
		add(&check->lines, &range);
}

/* Those that overlap become one. */
void
check_sort_lines(struct check *check)
{
	struct ranges *ranges = &check->lines;
	struct range *last = ranges->range;
	const struct range *next;
	unsigned int i, count = ranges->count;

	if (count == 0)
		return;
	qsort(ranges->range, count, sizeof *last, compare);
	for (i = 1; i < count; i++) {
		next = &ranges->range[i];
		if (strlen(last->first) != strlen(next->first) ||
		    strcmp(next->first, last->last) > 0)
			*++last = *next;
		else if (strcmp(next->last, last->last) > 0)
			memcpy(last->last, next->last, sizeof last->last);
	}
	ranges->count = (unsigned int)(last - ranges->range) + 1;
}

/* The last range that does not begin behind a number; NULL: none. */
static const struct range *
find(const struct ranges *ranges, const char *number)
{
	unsigned int low = 0, high = ranges->count, middle;
	struct range wanted;

	(void)snprintf(wanted.first, sizeof wanted.first, "%s", number);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&ranges->range[middle], &wanted) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &ranges->range[low - 1];
}

static bool
has_line(const struct ranges *ranges, const char *number)
{
	const struct range *range = find(ranges, number);

	return range != NULL && strlen(range->first) == strlen(number) &&
	    strcmp(number, range->last) <= 0;
}

void
check_line(struct check *check, const struct cut *cut, unsigned int i)
{
	const char *word = cut->literals[i];
	struct range range;

	if (check->lines.is_open || !units_range(word, &range))
		return;
	if (!has_line(&check->lines, range.first))
		check_mistake(check, cut->words[i]->start,
		    "%s: no line has the number %s (`lines` makes them)",
		    cut->literals[0], range.first);
	else if (!has_line(&check->lines, range.last))
		check_mistake(check, cut->words[i]->start,
		    "%s: no line has the number %s (`lines` makes them)",
		    cut->literals[0], range.last);
}

/* Lines that one command has made another cannot make. */
void
check_new_lines(struct check *check, const struct cut *cut)
{
	struct ranges *made = &check->made_lines;
	const struct range *before;
	struct range range;
	unsigned int i;

	if (!units_range(cut->literals[1], &range))
		return;
	for (i = 0; i < made->count && i < RANGES_HELD_MAX; i++) {
		before = &made->range[i];
		if (strlen(before->first) == strlen(range.first) &&
		    strcmp(before->first, range.last) <= 0 &&
		    strcmp(range.first, before->last) <= 0)
			check_mistake(check, cut->words[1]->start,
			    "lines: %s has a line that exists already, of "
			    "%s-%s",
			    cut->literals[1], before->first, before->last);
	}
	if (made->count < RANGES_HELD_MAX)
		add(made, &range);
}

void
check_forget_lines(struct check *check)
{
	object_free(check->lines.range,
	    check->lines.room * sizeof check->lines.range[0]);
	object_free(check->made_lines.range,
	    check->made_lines.room * sizeof check->made_lines.range[0]);
}
