/*
 * states_text: a table of states as words: for people, and for dot(1).
 */
#include "sim/states_internal.h"

#include <string.h>

enum { PARTIES = 3 };

bool
states_is_none(const char *word)
{
	return word[0] == '\0' || strcmp(word, "NONE") == 0 ||
	    strcmp(word, "NULL") == 0;
}

/* "SIGNAL_ANSWER" as "ANSWER", "ON_GONE" as "GONE", "ON(T303)" as "T303". */
void
states_event(const struct row_words *row, char *text, size_t size)
{
	const char *event = row->event;
	size_t length = strlen(event);

	if (strncmp(event, "SIGNAL_", 7) == 0) {
		event += 7;
	} else if (strncmp(event, "ON", 2) == 0 && length > 3) {
		length -= event[2] == '(' ? 4 : 3;
		event += 3;
	}
	(void)snprintf(text, size, "%.*s%s%s", (int)length, event,
	    states_is_none(row->side) ? "" : " ",
	    states_is_none(row->side) ? "" : row->side);
}

void
states_label(const struct row_words *row, char *text, size_t size)
{
	char event[STATES_WORD];

	states_event(row, event, sizeof event);
	(void)snprintf(text, size, "%s %s%s%s%s%s%s", row->number, event,
	    states_is_none(row->guard) ? "" : " [",
	    states_is_none(row->guard) ? "" : row->guard,
	    states_is_none(row->guard) ? "" : "]",
	    states_is_none(row->action) ? "" : " / ",
	    states_is_none(row->action) ? "" : row->action);
}

void
states_parties(const struct state_chart_state *state, char *text, size_t size)
{
	static const char *const names[PARTIES] = { "A", "B", "C" };
	size_t at = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < PARTIES; i++)
		if ((state->parties & 1U << i) != 0)
			at += (size_t)snprintf(text + at, size - at, "%s%s",
			    at == 0 ? "" : " ", names[i]);
}

static const char *
dash_if_none(const char *word)
{
	return states_is_none(word) ? "-" : word;
}

static void
write_state(FILE *out, const struct state_chart_state *state)
{
	char parties[STATES_WORD], event[STATES_WORD];
	const struct row_words *row = state->rows;

	states_parties(state, parties, sizeof parties);
	(void)fprintf(out, "\n%s", state->name);
	if (parties[0] != '\0')
		(void)fprintf(out, "   there: %s", parties);
	if (state->timers[0] != '\0')
		(void)fprintf(out, "   can run: %s", state->timers);
	if (!states_rests(state))
		(void)fputs("   passed through", out);
	(void)fputs("\n", out);
	for (; row < state->rows + state->count; row++) {
		states_event(row, event, sizeof event);
		(void)fprintf(out, "  %-4s %-13s %-22s %-22s %-11s %s\n",
		    row->number, event, dash_if_none(row->guard),
		    dash_if_none(row->action), row->next,
		    dash_if_none(row->cause));
	}
}

void
states_write_text(FILE *out, const struct state_chart *chart,
    const struct states_title *title)
{
	unsigned int i, states = 0, rows = 0;

	for (i = 0; i < chart->count; i++) {
		states += chart->states[i].count > 0;
		rows += chart->states[i].count;
	}
	(void)fprintf(out, "%s %s: %u rows in %u states, complete\n",
	    title->module, title->version, rows, states);
	(void)fprintf(out, "\n  %-4s %-13s %-22s %-22s %-11s %s\n", "row",
	    "event", "guard", "action", "next", "cause");
	for (i = 0; i < chart->count; i++)
		if (chart->states[i].count > 0)
			write_state(out, &chart->states[i]);
}

/*--------------------------------------------------------------------
 * dot(1)
 */

static bool
is_arrow(const struct row_words *row, const char *to)
{
	return strcmp(row->next, to) == 0;
}

/* All rows between two states are one arrow. */
static void
write_arrow(FILE *out, const struct state_chart_state *from, const char *to)
{
	char label[STATES_LABEL];
	const char *before = "";
	unsigned int i;

	for (i = 0; i < from->count; i++) {
		if (!is_arrow(&from->rows[i], to))
			continue;
		if (before[0] == '\0')
			(void)fprintf(out, "\t\"%s\" -> \"%s\" [label=\"",
			    from->name, to);
		states_label(&from->rows[i], label, sizeof label);
		(void)fprintf(out, "%s%s", before, label);
		before = "\\l";
	}
	if (before[0] != '\0')
		(void)fputs("\\l\"];\n", out);
}

void
states_write_dot(FILE *out, const struct state_chart *chart,
    const struct states_title *title)
{
	unsigned int i, j;

	(void)fprintf(
	    out, "digraph \"%s %s\" {\n", title->module, title->version);
	(void)fputs("\trankdir=LR;\n"
		    "\tnode [shape=box, style=rounded, fontname=Helvetica];\n"
		    "\tedge [fontname=Helvetica, fontsize=9];\n",
	    out);
	for (i = 0; i + 1 < chart->count; i++)
		(void)fprintf(out, "\t\"%s\"%s;\n", chart->states[i].name,
		    chart->states[i].count == 0		   ? " [peripheries=2]"
			: !states_rests(&chart->states[i]) ? " [style=dashed]"
							   : "");
	for (i = 0; i + 1 < chart->count; i++)
		for (j = 0; j + 1 < chart->count; j++)
			write_arrow(
			    out, &chart->states[i], chart->states[j].name);
	(void)fputs("}\n", out);
}
