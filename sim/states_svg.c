/*
 * states_svg: a table of states as a picture.
 *
 * Each state is a card with its rows, and from each row that leads elsewhere a
 * curve goes to the card of the next state.  A card stands in the column that
 * is as many steps from the first state as it takes to come there: what calls
 * do in order is read from left to right, and every row stays readable, which
 * labels along eighty arrows would not be.  No program but ours is needed; who
 * wants a graph has --format dot.
 */
#include "sim/states_internal.h"

#include <string.h>

#include "switch/xml.h"

enum {
	CARD = 470,
	GAP = 110,
	ROW = 17,
	HEAD = 26,
	MARGIN = 24,
	TITLE = 44,
	NOWHERE = 1000 /* no row leads there */
};

struct place {
	unsigned int column;
	int x, y, height;
};

struct drawing {
	FILE *out;
	const struct state_chart *chart;
	struct place places[STATE_CHART_STATES];
	int width, height;
};

static unsigned int
find(const struct state_chart *chart, const char *name)
{
	unsigned int i;

	for (i = 0; i + 1 < chart->count; i++)
		if (strcmp(chart->states[i].name, name) == 0)
			break;
	return i; /* `any`: nowhere */
}

/* Where the rows of a state lead is one step on; whether one is nearer now. */
static bool
step_on(struct drawing *drawing, unsigned int from)
{
	const struct state_chart *chart = drawing->chart;
	const struct state_chart_state *state = &chart->states[from];
	const unsigned int column = drawing->places[from].column + 1;
	unsigned int i, next;
	bool is_nearer = false;

	for (i = 0; column <= NOWHERE && i < state->count; i++) {
		next = find(chart, state->rows[i].next);
		if (next + 1 == chart->count ||
		    drawing->places[next].column <= column)
			continue;
		drawing->places[next].column = column;
		is_nearer = true;
	}
	return is_nearer;
}

/* How many rows it takes to come to each, by looking until none is nearer. */
static void
find_columns(struct drawing *drawing)
{
	const unsigned int count = drawing->chart->count;
	unsigned int i;
	bool is_nearer = true;

	for (i = 0; i < count; i++)
		drawing->places[i].column = i == 0 ? 0 : NOWHERE;
	while (is_nearer) {
		is_nearer = false;
		for (i = 0; i + 1 < count; i++)
			is_nearer = step_on(drawing, i) || is_nearer;
	}
}

static void
place_cards(struct drawing *drawing)
{
	const struct state_chart *chart = drawing->chart;
	int below[STATE_CHART_STATES] = { 0 };
	struct place *place;
	unsigned int i, column;

	for (i = 0; i < chart->count; i++) {
		place = &drawing->places[i];
		column = place->column == NOWHERE ? 0 : place->column;
		place->x = MARGIN + (int)column * (CARD + GAP);
		place->y = TITLE + below[column];
		place->height = HEAD + 6 + (int)chart->states[i].count * ROW;
		below[column] += place->height + MARGIN;
		if (place->x + CARD + GAP > drawing->width)
			drawing->width = place->x + CARD + GAP;
		if (TITLE + below[column] > drawing->height)
			drawing->height = TITLE + below[column];
	}
}

/* From the row to the side of the next card that is nearer. */
static void
draw_arrow(const struct drawing *drawing, const struct place *from, int y,
    const struct place *to)
{
	const bool is_back = to->x <= from->x;
	const int x1 = from->x + CARD, x2 = is_back ? to->x + CARD : to->x;
	const int y2 = to->y + HEAD / 2;
	const int bend = is_back ? 60 + (from->x - to->x) / 12 : GAP / 2;

	(void)fprintf(drawing->out,
	    "<path class=\"%s\" d=\"M%d %d C%d %d %d %d %d %d\"/>\n",
	    is_back ? "back" : "on", x1, y, x1 + bend, y,
	    is_back ? x2 + bend : x2 - bend, y2, x2, y2);
}

static void
draw_arrows(const struct drawing *drawing, unsigned int i)
{
	const struct state_chart *chart = drawing->chart;
	const struct state_chart_state *state = &chart->states[i];
	const struct place *place = &drawing->places[i];
	unsigned int j, next;

	for (j = 0; j < state->count; j++) {
		next = find(chart, state->rows[j].next);
		if (next == i || next + 1 == chart->count)
			continue;
		draw_arrow(drawing, place,
		    place->y + HEAD + (int)j * ROW + ROW / 2,
		    &drawing->places[next]);
	}
}

static void
draw_row(const struct drawing *drawing, const struct place *place, int y,
    const struct row_words *row)
{
	char label[STATES_LABEL];

	states_label(row, label, sizeof label);
	(void)fprintf(
	    drawing->out, "<text x=\"%d\" y=\"%d\">", place->x + 10, y + 13);
	xml_text(drawing->out, label);
	(void)fprintf(drawing->out,
	    "</text><text class=\"next\" x=\"%d\" y=\"%d\">",
	    place->x + CARD - 10, y + 13);
	xml_text(drawing->out, row->next);
	if (!states_is_none(row->cause)) {
		(void)fputs(" · ", drawing->out);
		xml_text(drawing->out, row->cause);
	}
	(void)fputs("</text>\n", drawing->out);
}

static void
draw_card(const struct drawing *drawing, unsigned int i)
{
	const struct state_chart_state *state = &drawing->chart->states[i];
	const struct place *place = &drawing->places[i];
	char parties[STATES_WORD];
	unsigned int j;

	states_parties(state, parties, sizeof parties);
	(void)fprintf(drawing->out,
	    "<g id=\"%s\"><rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
	    "height=\"%d\" rx=\"6\"/>\n<text class=\"name\" x=\"%d\" "
	    "y=\"%d\">%s</text>",
	    state->name, states_rests(state) ? "rests" : "passes", place->x,
	    place->y, CARD, place->height, place->x + 10, place->y + 17,
	    state->name);
	(void)fprintf(drawing->out,
	    "<text class=\"next\" x=\"%d\" y=\"%d\">%s%s%s</text>\n",
	    place->x + CARD - 10, place->y + 17, parties,
	    parties[0] == '\0' || state->timers[0] == '\0' ? "" : " · ",
	    state->timers);
	for (j = 0; j < state->count; j++)
		draw_row(drawing, place, place->y + HEAD + (int)j * ROW,
		    &state->rows[j]);
	(void)fputs("</g>\n", drawing->out);
}

static const char style[] =
    "<style>text{font:11px sans-serif;fill:#222}"
    ".title{font-size:18px}.name{font-weight:bold;font-size:14px}"
    ".next{text-anchor:end;fill:#666}"
    "rect{fill:#fff;stroke:#444}rect.passes{stroke-dasharray:5 3;fill:#f6f6f6}"
    "path{fill:none;stroke:#2a6fb0;stroke-opacity:.45;"
    "marker-end:url(#tip)}path.back{stroke:#b0662a}</style>\n"
    "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
    "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
    "<polygon points=\"0,0 8,4 0,8\" fill=\"#777\"/></marker></defs>\n";

void
states_write_svg(FILE *out, const struct state_chart *chart,
    const struct states_title *title)
{
	struct drawing drawing = { .out = out, .chart = chart };
	unsigned int i;

	find_columns(&drawing);
	place_cards(&drawing);
	(void)fprintf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	    "height=\"%d\" viewBox=\"0 0 %d %d\">\n"
	    "<title>%s %s</title>\n%s<rect x=\"0\" y=\"0\" width=\"%d\" "
	    "height=\"%d\" style=\"stroke:none\"/>\n"
	    "<text class=\"title\" x=\"%d\" y=\"28\">%s %s</text>\n",
	    drawing.width, drawing.height, drawing.width, drawing.height,
	    title->module, title->version, style, drawing.width, drawing.height,
	    MARGIN, title->module, title->version);
	for (i = 0; i + 1 < chart->count; i++)
		draw_arrows(&drawing, i);
	for (i = 0; i < chart->count; i++)
		if (i + 1 == chart->count ||
		    drawing.places[i].column != NOWHERE)
			draw_card(&drawing, i);
	(void)fputs("</svg>\n", out);
}
