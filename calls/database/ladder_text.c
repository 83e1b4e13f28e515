/*
 * ladder_text: a ladder for a terminal.
 *
 * Lines stand so far from each other that no label is cut, as long as there is
 * room:
 *
 *	    at s   exchange  1001          call c1       1002
 *	   0.000      |       |--setup 1002-->|            |
 *	                                  presented
 *	                      |               |--setup---->|
 *
 * With less the labels stand behind short arrows, and with lines for which even
 * that is too much it is a list of who said what to whom.
 */
#include "calls/database/ladder_internal.h"

#include <string.h>

enum {
	TIME = 10,
	LEFT = TIME + 6, /* of the first line */
	GAP_MIN = 6,
	GAP_NARROW = 8,
	LABEL_ROOM = 24, /* behind narrow lines */
	WORD_MAX = 24,	 /* what is longer stands behind all lines */
	ROW = 4096
};

struct page {
	struct ladder_part part;
	FILE *out;
	unsigned int width;
	unsigned int places[LADDER_LINES]; /* columns */
	unsigned int needed;		   /* by the widest row */
	bool is_narrow, is_list;
	uint64_t at; /* of the row before */
	bool has_row;
	char row[ROW];
};

static unsigned int
end_of(const struct page *page)
{
	return page->places[page->part.count - 1] + 2;
}

/*--------------------------------------------------------------------
 * Where the lines stand
 */

/* All lines behind `place` move right until there are so many columns. */
static void
widen(struct page *page, unsigned int from, unsigned int to, size_t wanted)
{
	const unsigned int is = page->places[to] - page->places[from];
	unsigned int i;

	for (i = to; wanted > is && i < page->part.count; i++)
		page->places[i] += (unsigned int)wanted - is;
}

/* What one rung needs; wide ones come last, when the near ones have theirs. */
static void
make_room(struct page *page, const struct ladder_rung *rung, unsigned int span)
{
	unsigned int from, to, swap;
	const size_t length = strlen(rung->label);

	ladder_ends(&page->part, rung, &from, &to);
	if (from > to) {
		swap = from;
		from = to;
		to = swap;
	}
	if (to - from != span || to == from || rung->kind > LADDER_OUT)
		return;
	widen(page, from, to, length + 5);
}

/* A word on a line has half of its length at either side. */
static void
make_room_beside(struct page *page, unsigned int place, size_t length)
{
	if (place > 0)
		widen(page, place - 1, place, length / 2 + 3);
	if (place + 1 < page->part.count)
		widen(page, place, place + 1, (length + 1) / 2 + 3);
}

/* A word of the call alone is on its line, or behind all. */
static bool
is_behind(const struct page *page, const struct ladder_rung *rung)
{
	return page->is_narrow || strlen(rung->label) > WORD_MAX;
}

static void
need(struct page *page, size_t columns)
{
	if (columns > page->needed)
		page->needed = (unsigned int)columns;
}

/* How far a row reaches, when all lines have their places. */
static void
measure(struct page *page, const struct ladder_rung *rung)
{
	const size_t length = strlen(rung->label);
	unsigned int from, to;

	ladder_ends(&page->part, rung, &from, &to);
	need(page, end_of(page));
	if (from == to && !is_behind(page, rung))
		need(page, page->places[from] + (length + 1) / 2);
	else if (from == to)
		need(page, end_of(page) + 1 + length);
}

static void
spread_for(struct page *page, const struct ladder_rung *rung, unsigned int span)
{
	unsigned int from, to;

	ladder_ends(&page->part, rung, &from, &to);
	if (from != to)
		make_room(page, rung, span);
	else if (span == 0 && !is_behind(page, rung))
		make_room_beside(page, from, strlen(rung->label));
}

static void
spread(struct page *page)
{
	const struct ladder *ladder = page->part.ladder;
	char one[LADDER_TITLE], other[LADDER_TITLE];
	unsigned int i, span;

	page->needed = 0;
	for (i = 0; i < page->part.count; i++)
		page->places[i] = LEFT + i * GAP_MIN;
	for (i = 0; i + 1 < page->part.count; i++)
		widen(page, i, i + 1,
		    (strlen(ladder_name(&page->part, i, one)) +
			strlen(ladder_name(&page->part, i + 1, other))) /
			    2 +
			3);
	for (span = 0; span < page->part.count; span++)
		for (i = 0; i < ladder->rungs_count; i++)
			if (ladder_is_of(&page->part, i))
				spread_for(page, &ladder->rungs[i], span);
	for (i = 0; i < ladder->rungs_count; i++)
		if (ladder_is_of(&page->part, i))
			measure(page, &ladder->rungs[i]);
}

static void
set_narrow(struct page *page)
{
	unsigned int i, gap = GAP_NARROW;

	page->is_narrow = true;
	if (page->part.count > 1)
		gap =
		    (page->width - LEFT - LABEL_ROOM) / (page->part.count - 1);
	for (i = 0; i < page->part.count; i++)
		page->places[i] =
		    LEFT + i * (gap > GAP_NARROW ? GAP_NARROW : gap);
}

static bool
has_room_narrow(const struct page *page)
{
	return page->width >=
	    LEFT + LABEL_ROOM + (page->part.count - 1) * (GAP_MIN + 1);
}

/*--------------------------------------------------------------------
 * Rows
 */

/* The moment, where it is another than that of the row before. */
static void
print_time(struct page *page, uint64_t at)
{
	if (!page->has_row || page->at != at)
		(void)fprintf(page->out, "%*.3f", TIME, (double)at / 1e6);
	else
		(void)fprintf(page->out, "%*s", TIME, "");
	page->at = at;
	page->has_row = true;
}

static void
clear(struct page *page)
{
	unsigned int i;

	memset(page->row, ' ', ROW);
	for (i = 0; i < page->part.count; i++)
		page->row[page->places[i]] = '|';
}

/* As much of a text as there is room for, from a column on. */
static void
put(struct page *page, unsigned int column, const char *text)
{
	size_t length = strlen(text);

	if (column + length > ROW)
		length = ROW - column;
	memcpy(page->row + column, text, length);
}

/* In the middle of what lies between two columns. */
static void
put_between(
    struct page *page, unsigned int from, unsigned int to, const char *text)
{
	const unsigned int length = (unsigned int)strlen(text);

	put(page, from + (to - from - length + 1) / 2, text);
}

static void
put_arrow(struct page *page, unsigned int from, unsigned int to)
{
	const unsigned int left = from < to ? from : to;
	const unsigned int right = from < to ? to : from;

	memset(page->row + left + 1, '-', right - left - 1);
	page->row[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
}

static void
put_across(struct page *page, const struct ladder_rung *rung)
{
	const unsigned int end = end_of(page) - 1;
	char label[LADDER_LABEL + 2];
	const unsigned int length =
	    (unsigned int)snprintf(label, sizeof label, " %s ", rung->label);

	memset(page->row + LEFT, rung->kind == LADDER_PHASE ? '.' : '=',
	    end - LEFT);
	put(page, length < end - LEFT ? LEFT + (end - LEFT - length) / 2 : LEFT,
	    label);
}

/* A word takes the place of its line, and blanks set it off. */
static void
put_on_line(struct page *page, unsigned int place, const char *label)
{
	const unsigned int half = (unsigned int)strlen(label) / 2;
	const unsigned int column = page->places[place];

	put(page, column > half ? column - half : 0, label);
}

/* What fits behind that many columns, and where there is more dots for it. */
static void
print_within(const struct page *page, unsigned int columns, const char *text)
{
	int room = (int)page->width - (int)columns;

	if (page->width == 0 || room < 8 || strlen(text) <= (size_t)room) {
		(void)fprintf(page->out, " %s\n", text);
		return;
	}
	room -= 3;
	while (((unsigned char)text[room] & 0xc0) == 0x80)
		room--; /* no half character */
	(void)fprintf(page->out, " %.*s...\n", room, text);
}

static void
print_row(struct page *page, const char *behind)
{
	unsigned int length = ROW;

	while (length > 0 && page->row[length - 1] == ' ')
		length--;
	if (behind[0] != '\0')
		length = end_of(page);
	(void)fprintf(page->out, "%.*s", (int)length - TIME, page->row + TIME);
	if (behind[0] == '\0')
		(void)fputc('\n', page->out);
	else
		print_within(page, length + 1, behind);
}

static void
draw_rung(struct page *page, const struct ladder_rung *rung)
{
	unsigned int from, to;
	const char *behind = "";
	bool is_across =
	    rung->kind == LADDER_UPGRADE || rung->kind == LADDER_PHASE;

	clear(page);
	print_time(page, rung->at);
	ladder_ends(&page->part, rung, &from, &to);
	if (is_across) {
		put_across(page, rung);
	} else if (from == to) {
		if (is_behind(page, rung))
			page->row[page->places[from]] = '*';
		else
			put_on_line(page, from, rung->label);
	} else {
		put_arrow(page, page->places[from], page->places[to]);
		if (!page->is_narrow && from < to)
			put_between(page, page->places[from] + 1,
			    page->places[to] - 1, rung->label);
		else if (!page->is_narrow)
			put_between(page, page->places[to] + 2,
			    page->places[from], rung->label);
	}
	if (!is_across && is_behind(page, rung) &&
	    (page->is_narrow || from == to))
		behind = rung->label;
	print_row(page, behind);
}

static void
print_names(struct page *page)
{
	char name[LADDER_TITLE];
	unsigned int i;

	memset(page->row, ' ', ROW);
	put(page, TIME - 4, "at s");
	for (i = 0; i < page->part.count; i++) {
		(void)ladder_name(&page->part, i, name);
		if (page->is_narrow && i + 1 < page->part.count)
			name[page->places[i + 1] - page->places[i] - 1] = '\0';
		put_on_line(page, i, name);
	}
	i = ROW;
	while (page->row[i - 1] == ' ')
		i--;
	(void)fprintf(page->out, "\n%.*s\n", (int)i, page->row);
}

static void
print_item(struct page *page, const struct ladder_rung *rung)
{
	char ends[2 * LADDER_TITLE + 8], text[sizeof ends + LADDER_LABEL + 4];

	ladder_say_ends(&page->part, rung, ends, sizeof ends);
	(void)snprintf(text, sizeof text, " %s%s%s", ends,
	    ends[0] == '\0' ? "" : ": ", rung->label);
	print_time(page, rung->at);
	print_within(page, TIME + 1, text);
}

static void
lay_out(struct page *page)
{
	page->is_narrow = page->has_row = false;
	spread(page);
	page->is_list = page->needed > ROW;
	if (page->width == 0 || page->needed <= page->width)
		return;
	page->is_list = !has_room_narrow(page);
	if (!page->is_list)
		set_narrow(page);
}

static void
print_part(struct page *page)
{
	const struct ladder *ladder = page->part.ladder;
	unsigned int i;

	lay_out(page);
	if (page->is_list)
		(void)fputc('\n', page->out);
	else
		print_names(page);
	for (i = 0; i < ladder->rungs_count; i++) {
		if (!ladder_is_of(&page->part, i))
			continue;
		if (page->is_list)
			print_item(page, &ladder->rungs[i]);
		else
			draw_rung(page, &ladder->rungs[i]);
	}
}

void
ladder_text(struct ladder *ladder, FILE *out, unsigned int width)
{
	struct page page = { .out = out, .width = width };
	struct ladder_part part;
	bool has_more;

	ladder_group(ladder);
	has_more = ladder_next(ladder, NULL, &page.part);
	for (; has_more; has_more = ladder_next(ladder, &part, &page.part)) {
		part = page.part;
		if (part.count > 0)
			print_part(&page);
	}
}
