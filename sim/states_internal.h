/*
 * Private to sim/states*.c: one chart, as it is judged and drawn.
 */
#ifndef SIM_STATES_INTERNAL_H
#define SIM_STATES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "upgrade/state_chart.h"

enum { STATES_WORD = 80, STATES_LABEL = 320 };

struct states_title {
	const char *module, *version;
};

/*
 * states_check.c: 0; -EDOM: what is missing, one clause in `why`.
 */
int states_check(const struct state_chart *chart, char *why, size_t size);

/* Whether calls rest in it, or pass through it within one event. */
bool states_rests(const struct state_chart_state *state);

/* states_text.c: the event of a row as people say it, "GONE B", "T303". */
void states_event(const struct row_words *row, char *text, size_t size);
/* ... and "T20 T303 [was_set_up_once] / set_up". */
void states_label(const struct row_words *row, char *text, size_t size);
/* "A B", or "". */
void states_parties(
    const struct state_chart_state *state, char *text, size_t size);
/* A word that stands for none of its kind. */
bool states_is_none(const char *word);

void states_write_text(FILE *out, const struct state_chart *chart,
    const struct states_title *title);
void states_write_dot(FILE *out, const struct state_chart *chart,
    const struct states_title *title);

/* states_svg.c */
void states_write_svg(FILE *out, const struct state_chart *chart,
    const struct states_title *title);

#endif
