/*
 * state_chart: see state_chart.h for what it is.
 *
 *	state <tab> NAME <tab> PARTIES <tab> TIMER TIMER ...
 *	row <tab> NUMBER <tab> EVENT ... <tab> CAUSE
 *
 * Rows stand behind their state.  A word longer than WORD_MAX is cut.
 */
#include "upgrade/state_chart.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/schema.h"
#include "upgrade/words.h"

enum { WORD_MAX = 63, CELLS = 8, TIMER_BITS = 32, TIMER_FIRST = 1 };

/*--------------------------------------------------------------------
 * From the module, in its trial
 */

struct writing {
	char *text;
	size_t size, at;
};

/* What would end the cell or the line becomes a question mark. */
static void
put_cell(struct writing *writing, const char *cell)
{
	size_t i;

	if (writing->at > 0 && writing->text[writing->at - 1] != '\n' &&
	    writing->at < writing->size)
		writing->text[writing->at++] = '\t';
	if (cell == NULL)
		cell = "";
	for (i = 0;
	     i < WORD_MAX && cell[i] != '\0' && writing->at < writing->size;
	     i++)
		writing->text[writing->at++] =
		    isprint((unsigned char)cell[i]) ? cell[i] : '?';
}

static void
end_line(struct writing *writing)
{
	if (writing->at < writing->size)
		writing->text[writing->at++] = '\n';
}

static void
put_row(struct writing *writing, const struct row_words *words)
{
	put_cell(writing, "row");
	put_cell(writing, words->number);
	put_cell(writing, words->event);
	put_cell(writing, words->side);
	put_cell(writing, words->guard);
	put_cell(writing, words->action);
	put_cell(writing, words->next);
	put_cell(writing, words->cause);
	end_line(writing);
}

static void
put_timers(struct writing *writing, const struct module *module, uint32_t bits)
{
	char timers[WORD_MAX + 1] = "", name[WORD_MAX + 1];
	unsigned int i;
	size_t at = 0;

	for (i = TIMER_FIRST; i < TIMER_BITS && at < sizeof timers; i++)
		if ((bits & 1U << i) != 0 &&
		    words_at(module->schema.timers, i - TIMER_FIRST, name,
			sizeof name))
			at += (size_t)snprintf(timers + at, sizeof timers - at,
			    "%s%s", at == 0 ? "" : " ", name);
	put_cell(writing, timers);
}

static void
put_state(struct writing *writing, const struct module *module, uint32_t i,
    const char *name)
{
	const struct state_table *state = &module->states[i];
	const char *row = state->rows;
	char parties[16];
	uint16_t left;

	(void)snprintf(parties, sizeof parties, "%u", state->parties);
	put_cell(writing, "state");
	put_cell(writing, name);
	put_cell(writing, parties);
	put_timers(writing, module, state->timers);
	end_line(writing);
	for (left = state->count; left > 0; left--, row += state->size)
		put_row(writing,
		    *(const struct row_words *const *)(const void *)row);
}

int
state_chart_write(const struct module *module, char *text, size_t size)
{
	const struct field *field = schema_find(&module->schema, "state");
	struct writing writing = { .text = text, .size = size };
	char name[WORD_MAX + 1];
	uint32_t i;

	if (module->states == NULL || module->states_count == 0 ||
	    module->states_count > STATE_CHART_STATES || field == NULL ||
	    field->kind != FIELD_ENUM)
		return -ENOENT;
	for (i = 0; i < module->states_count; i++) {
		if (i + 1 == module->states_count)
			(void)snprintf(name, sizeof name, "any");
		else if (!words_at(field->symbols, i, name, sizeof name))
			continue; /* of a later release */
		put_state(&writing, module, i, name);
	}
	if (writing.at == size)
		return -ENOSPC;
	text[writing.at] = '\0';
	return 0;
}

/*--------------------------------------------------------------------
 * From the text, in the switch
 */

/* Cuts the line at *line into cells, and moves it behind; how many. */
static unsigned int
cut_line(char **line, const char *cells[CELLS])
{
	char *end = strchr(*line, '\n'), *cell = *line;
	unsigned int count = 0;

	if (end == NULL)
		return 0;
	*end = '\0';
	*line = end + 1;
	while (cell != NULL && count < CELLS)
		cells[count++] = strsep(&cell, "\t");
	return cell == NULL ? count : 0;
}

static bool
add_state(struct state_chart *chart, const char *const *cells)
{
	struct state_chart_state *state = &chart->states[chart->count];
	char *end;

	if (chart->count == STATE_CHART_STATES)
		return false;
	*state = (struct state_chart_state){ .name = cells[1],
		.parties = (uint32_t)strtoul(cells[2], &end, 10),
		.timers = cells[3],
		.rows = chart->rows + chart->rows_count };
	chart->count++;
	return *end == '\0';
}

static bool
add_row(struct state_chart *chart, const char *const *cells)
{
	if (chart->count == 0)
		return false;
	chart->rows[chart->rows_count++] = (struct row_words){ cells[1],
		cells[2], cells[3], cells[4], cells[5], cells[6], cells[7] };
	chart->states[chart->count - 1].count++;
	return true;
}

static bool
add_lines(struct state_chart *chart)
{
	const char *cells[CELLS];
	char *line = chart->text;
	unsigned int count;
	bool is_good = true;

	while (is_good && *line != '\0') {
		count = cut_line(&line, cells);
		if (count == 4 && strcmp(cells[0], "state") == 0)
			is_good = add_state(chart, cells);
		else
			is_good = count == CELLS &&
			    strcmp(cells[0], "row") == 0 &&
			    add_row(chart, cells);
	}
	return is_good && chart->count > 0;
}

static unsigned int
count_lines(const char *text)
{
	unsigned int count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

int
state_chart_read(struct state_chart **ret_chart, const char *text)
{
	struct state_chart *chart;
	unsigned int lines = count_lines(text);
	int error = -ENOMEM;

	if (ALLOC_OBJ(chart, STATE_CHART_MAGIC) == NULL)
		return -ENOMEM;
	chart->text = object_alloc(STATE_CHART_TEXT);
	chart->rows = object_alloc((lines + 1) * sizeof *chart->rows);
	chart->rows_count = lines + 1;
	if (chart->text == NULL || chart->rows == NULL)
		goto fail;
	(void)snprintf(chart->text, STATE_CHART_TEXT, "%s", text);
	chart->rows_count = 0;
	error = add_lines(chart) ? 0 : -EBADMSG;
	chart->rows_count = lines + 1; /* as it was made */
	if (error != 0)
		goto fail;
	*ret_chart = chart;
	return 0;

fail:
	state_chart_free(&chart);
	return error;
}

void
state_chart_free(struct state_chart **chartp)
{
	struct state_chart *chart = *chartp;

	if (chart == NULL)
		return;
	CHECK_OBJ(chart, STATE_CHART_MAGIC);
	object_free(chart->rows, chart->rows_count * sizeof *chart->rows);
	object_free(chart->text, STATE_CHART_TEXT);
	FREE_OBJ(chartp, STATE_CHART_MAGIC);
}
