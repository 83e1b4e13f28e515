/*
 * states_check: whether a call can come to a stop in a table of states.
 *
 * behaviours.md, section 4: in a state that calls rest in there is, whatever
 * the guards of other rows say,
 *
 *	for each party that is there   a row for its being gone
 *	for each timer that can run    a row for its end
 *	RESYNC                         of the state or of any
 *	CLEAR, the operator's          but where the call is over already
 *
 * and in one that is passed through a row for coming to it.  A state in which
 * nobody is, and nothing runs, is the one before a call.
 */
#include "sim/states_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum { TOLD = 3, PARTIES = 3 };

static const char *const party_names[PARTIES] = { "A", "B", "C" };

/* In which the operator need not end a call: it has ended. */
static const char *const over[] = { "clearing", "releasing", "ended" };

struct judging {
	const struct state_chart *chart;
	char *why;
	size_t size, at;
	unsigned int missing;
};

__attribute__((format(printf, 2, 3))) static void
miss(struct judging *judging, const char *format, ...)
{
	va_list values;

	if (judging->missing++ >= TOLD || judging->at >= judging->size)
		return;
	if (judging->missing > 1)
		judging->at += (size_t)snprintf(judging->why + judging->at,
		    judging->size - judging->at, "; ");
	va_start(values, format);
	if (judging->at < judging->size)
		judging->at += (size_t)vsnprintf(judging->why + judging->at,
		    judging->size - judging->at, format, values);
	va_end(values);
}

/* Whether it has a row for that, without a guard. */
static bool
has(const struct state_chart_state *state, const char *event)
{
	char text[STATES_WORD];
	unsigned int i;

	for (i = 0; i < state->count; i++) {
		states_event(&state->rows[i], text, sizeof text);
		if (strcmp(text, event) == 0 &&
		    states_is_none(state->rows[i].guard))
			return true;
	}
	return false;
}

bool
states_rests(const struct state_chart_state *state)
{
	char text[STATES_WORD];
	unsigned int i;

	for (i = 0; i < state->count; i++) {
		states_event(&state->rows[i], text, sizeof text);
		if (strcmp(text, "ENTRY") != 0)
			return true;
	}
	return state->count == 0;
}

static bool
is_over(const struct state_chart_state *state)
{
	unsigned int i;

	for (i = 0; i < sizeof over / sizeof over[0]; i++)
		if (strcmp(state->name, over[i]) == 0)
			return true;
	return false;
}

static void
judge_parties(struct judging *judging, const struct state_chart_state *state)
{
	char gone[STATES_WORD];
	unsigned int i;

	for (i = 0; i < PARTIES; i++) {
		if ((state->parties & 1U << i) == 0)
			continue;
		(void)snprintf(gone, sizeof gone, "GONE %s", party_names[i]);
		if (!has(state, gone) && !has(state, "GONE"))
			miss(judging, "'%s' has no row for %s gone",
			    state->name, party_names[i]);
	}
}

static void
judge_timers(struct judging *judging, const struct state_chart_state *state)
{
	const char *timers = state->timers;
	char timer[STATES_WORD];
	size_t length;

	for (; *timers != '\0'; timers += strspn(timers, " ")) {
		length = strcspn(timers, " ");
		(void)snprintf(
		    timer, sizeof timer, "%.*s", (int)length, timers);
		timers += length;
		if (!has(state, timer))
			miss(judging, "'%s' has no row for the end of %s",
			    state->name, timer);
	}
}

static void
judge_state(struct judging *judging, const struct state_chart_state *state)
{
	const struct state_chart *chart = judging->chart;

	if (!states_rests(state)) {
		if (!has(state, "ENTRY"))
			miss(judging,
			    "'%s', which is passed through, has only rows "
			    "with a guard",
			    state->name);
		return;
	}
	judge_parties(judging, state);
	judge_timers(judging, state);
	if (state->parties == 0 && state->timers[0] == '\0')
		return;
	if (!has(state, "RESYNC") &&
	    !has(&chart->states[chart->count - 1], "RESYNC"))
		miss(judging, "'%s' has no row for RESYNC", state->name);
	if (!is_over(state) && !has(state, "CLEAR"))
		miss(judging, "'%s' has no row for the operator's CLEAR",
		    state->name);
}

/* Where a row leads is a state that there is, or the same. */
static void
judge_next(struct judging *judging, const struct row_words *row,
    const struct state_chart_state *from)
{
	const struct state_chart *chart = judging->chart;
	unsigned int i;

	if (strcmp(row->next, "same") == 0)
		return;
	for (i = 0; i + 1 < chart->count; i++)
		if (strcmp(chart->states[i].name, row->next) == 0)
			return;
	miss(judging, "%s of '%s' leads to '%s', which is no state of it",
	    row->number, from->name, row->next);
}

int
states_check(const struct state_chart *chart, char *why, size_t size)
{
	struct judging judging = { .chart = chart, .size = size };
	const struct state_chart_state *state = chart->states;
	unsigned int i;

	judging.why = why;
	for (; state < chart->states + chart->count; state++) {
		for (i = 0; i < state->count; i++)
			judge_next(&judging, &state->rows[i], state);
		if (state->count > 0 &&
		    state + 1 < chart->states + chart->count)
			judge_state(&judging, state);
	}
	if (judging.missing > TOLD && judging.at < size)
		(void)snprintf(why + judging.at, size - judging.at,
		    "; and %u more", judging.missing - TOLD);
	return judging.missing == 0 ? 0 : -EDOM;
}
