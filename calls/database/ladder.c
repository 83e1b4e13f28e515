/*
 * ladder: see ladder.h for what it is.
 *
 * A line for each party, and for the call itself one beside that of the first,
 * who began it: what a party says goes to the call, what it does goes from
 * there.  What is of the call alone stands behind all lines, as does what the
 * exchange has said of a party, and an upgrade goes across them.
 *
 *	    at s       1001            call            1002
 *	   0.000         |----setup------->|               |
 *	   0.000         |                 |----setup----->|
 *	   0.000         |                 |               |    presented
 */
#include "calls/database/ladder.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

enum {
	PARTIES_MAX = 6,
	NAME = 24,
	LEFT = 18, /* of the first line */
	SPACE = 20,
	ROW = LEFT + (PARTIES_MAX + 1) * SPACE,
	LABEL = 80
};

struct ladder {
	sqlite3_stmt *events;
	FILE *out;
	unsigned int count; /* of parties */
	char parties[PARTIES_MAX][NAME];
	char row[ROW + 1];
};

/* The columns of the statement. */
enum { AT, WAY, PARTY, EVENT, TEXT, CAUSE };

static const char *
cell(const struct ladder *ladder, int column)
{
	const unsigned char *text = sqlite3_column_text(ladder->events, column);

	return text == NULL ? "" : (const char *)text;
}

static bool
is_way(const struct ladder *ladder, const char *way)
{
	return strcmp(cell(ladder, WAY), way) == 0;
}

/* PARTIES_MAX: there is none of that name. */
static unsigned int
find(const struct ladder *ladder, const char *party)
{
	unsigned int i;

	for (i = 0; i < ladder->count; i++)
		if (strcmp(ladder->parties[i], party) == 0)
			return i;
	return PARTIES_MAX;
}

static int
find_parties(struct ladder *ladder)
{
	int status;

	while ((status = sqlite3_step(ladder->events)) == SQLITE_ROW) {
		if (cell(ladder, PARTY)[0] == '\0' ||
		    ladder->count == PARTIES_MAX ||
		    find(ladder, cell(ladder, PARTY)) != PARTIES_MAX)
			continue;
		snprintf(ladder->parties[ladder->count++], NAME, "%s",
		    cell(ladder, PARTY));
	}
	sqlite3_reset(ladder->events);
	return status;
}

/* The call's own line is the second. */
static unsigned int
place_of(unsigned int party)
{
	return LEFT + (party == 0 ? 0 : party + 1) * SPACE;
}

static unsigned int
place_of_call(void)
{
	return LEFT + SPACE;
}

static unsigned int
end_of(const struct ladder *ladder)
{
	const unsigned int last =
	    ladder->count < 2 ? place_of_call() : place_of(ladder->count - 1);

	return last + 2;
}

static void
clear(struct ladder *ladder)
{
	unsigned int i;

	memset(ladder->row, ' ', ROW);
	ladder->row[ROW] = '\0';
	for (i = 0; i < ladder->count; i++)
		ladder->row[place_of(i)] = '|';
	ladder->row[place_of_call()] = '|';
}

/* In the middle of what lies between two places. */
static void
write_label(struct ladder *ladder, unsigned int from, unsigned int to,
    const char *label)
{
	const unsigned int room = to - from - 5;
	size_t length = strlen(label);

	if (length > room)
		length = room;
	memcpy(ladder->row + from + 2 + (room + 1 - length) / 2, label, length);
}

static void
draw_arrow(struct ladder *ladder, unsigned int from, unsigned int to,
    const char *label)
{
	const unsigned int left = from < to ? from : to;
	const unsigned int right = from < to ? to : from;

	memset(ladder->row + left + 1, '-', right - left - 1);
	write_label(ladder, left, right, label);
	ladder->row[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
}

static void
draw_across(struct ladder *ladder, const char *label)
{
	const unsigned int end = end_of(ladder) - 1;

	memset(ladder->row + LEFT, '=', end - LEFT);
	write_label(ladder, LEFT, end, label);
}

/* "onhook, cause 16" */
static void
label_event(const struct ladder *ladder, char *label)
{
	const int cause = sqlite3_column_int(ladder->events, CAUSE);
	const char *text = cell(ladder, TEXT);
	size_t at = (size_t)snprintf(label, LABEL, "%.24s%s%.32s",
	    cell(ladder, EVENT), text[0] == '\0' ? "" : " ", text);

	if (cause != 0)
		snprintf(label + at, LABEL - at, " (%d)", cause);
}

static void
print_row(struct ladder *ladder, const char *behind)
{
	unsigned int length = ROW;

	if (behind[0] == '\0')
		while (length > 0 && ladder->row[length - 1] == ' ')
			length--;
	else
		length = end_of(ladder);
	fprintf(ladder->out, "%10.3f%.*s%s%s\n",
	    sqlite3_column_double(ladder->events, AT), (int)length - 10,
	    ladder->row + 10, behind[0] == '\0' ? "" : "   ", behind);
}

/* "credit-low at 1001"; of a party that no line is left for, "to" or "from" it.
 */
static void
name_place(const struct ladder *ladder, char *label)
{
	const size_t length = strlen(label);

	if (cell(ladder, PARTY)[0] != '\0')
		(void)snprintf(label + length, LABEL - length, " %s %.24s",
		    is_way(ladder, "of")       ? "at"
			: is_way(ladder, "in") ? "from"
					       : "to",
		    cell(ladder, PARTY));
}

static void
draw_event(struct ladder *ladder)
{
	const unsigned int party = find(ladder, cell(ladder, PARTY));
	char label[LABEL];

	clear(ladder);
	label_event(ladder, label);
	if (is_way(ladder, "of") && strcmp(cell(ladder, EVENT), "upgrade") == 0)
		draw_across(ladder, label);
	else if (is_way(ladder, "of") || party == PARTIES_MAX) {
		name_place(ladder, label);
		print_row(ladder,
		    strcmp(cell(ladder, EVENT), "state") == 0
			? cell(ladder, TEXT)
			: label);
		return;
	} else if (is_way(ladder, "in"))
		draw_arrow(ladder, place_of(party), place_of_call(), label);
	else
		draw_arrow(ladder, place_of_call(), place_of(party), label);
	print_row(ladder, "");
}

static void
print_name(struct ladder *ladder, unsigned int place, const char *name)
{
	const size_t length = strnlen(name, SPACE - 2);

	memcpy(ladder->row + place - length / 2, name, length);
}

static void
print_names(struct ladder *ladder)
{
	unsigned int i;

	memset(ladder->row, ' ', ROW);
	print_name(ladder, 8, "at s");
	print_name(ladder, place_of_call(), "call");
	for (i = 0; i < ladder->count; i++)
		print_name(ladder, place_of(i), ladder->parties[i]);
	for (i = ROW; ladder->row[i - 1] == ' ';)
		i--;
	fprintf(ladder->out, "\n%.*s\n", (int)i, ladder->row);
}

int
ladder_print(
    sqlite3 *db, int64_t run, int64_t call, FILE *out, unsigned long *ret_rungs)
{
	struct ladder ladder = { .out = out };
	int status = sqlite3_prepare_v2(db,
	    "SELECT t_event / 1e6, way, party, event, text, cause"
	    " FROM call_event WHERE run = ? AND call = ? ORDER BY number",
	    -1, &ladder.events, NULL);

	*ret_rungs = 0;
	if (status != SQLITE_OK)
		return status;
	sqlite3_bind_int64(ladder.events, 1, run);
	sqlite3_bind_int64(ladder.events, 2, call);
	status = find_parties(&ladder);
	while (status == SQLITE_DONE &&
	    sqlite3_step(ladder.events) == SQLITE_ROW) {
		if ((*ret_rungs)++ == 0)
			print_names(&ladder);
		draw_event(&ladder);
	}
	sqlite3_finalize(ladder.events);
	return status;
}
