/* window: see window.h for what it is. */
#include "sim/window.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/condition.h"
#include "sim/noun.h"
#include "sim/traffic.h"
#include "sim/traffic_figures.h"
#include "sim/trunk_figures.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum { VALUES_MAX = 2 * COLUMNS_MAX };

/*--------------------------------------------------------------------
 * A question
 */

static struct condition_columns
columns_of(const struct noun *noun)
{
	return (struct condition_columns){ noun->texts, noun->numbers };
}

int
question_check(
    const struct noun *noun, const char *condition, char *why, size_t size)
{
	const struct condition_columns columns = columns_of(noun);
	struct condition *compiled = NULL;
	int result =
	    condition_compile(&compiled, condition, &columns, why, size);

	condition_free(&compiled);
	return result;
}

int
question_read(struct question *question, const struct noun *noun,
    const char *const keys[2], const char *condition, char *why, size_t size)
{
	const struct condition_columns columns = columns_of(noun);
	int result;

	*question = (struct question){ .noun = noun };
	(void)snprintf(question->key, sizeof question->key, "%s",
	    keys[0] == NULL ? "" : keys[0]);
	(void)snprintf(question->second_key, sizeof question->second_key, "%s",
	    keys[1] == NULL ? "" : keys[1]);
	result = condition_compile(
	    &question->condition, condition, &columns, why, size);
	if (result != 0)
		return result;
	question->text = object_alloc(strlen(condition) + 1);
	if (question->text == NULL) {
		condition_free(&question->condition);
		(void)snprintf(why, size, "no memory is left");
		return -ENOMEM;
	}
	strcpy(question->text, condition);
	return 0;
}

void
question_clear(struct question *question)
{
	condition_free(&question->condition);
	if (question->text != NULL)
		object_free(question->text, strlen(question->text) + 1);
	question->text = NULL;
}

/*--------------------------------------------------------------------
 * A window
 */

static void
open_traffic(struct window *window, struct scenario *scenario,
    const struct question *question)
{
	struct traffic_counts counts;

	if (traffics_count(scenario->traffics, question->key, &counts) != 0)
		return;
	traffic_mark_set(window->traffic, &counts, window->since);
	window->is_open = true;
}

int
window_open(struct window *window, struct scenario *scenario,
    const struct question *question)
{
	uint32_t trunk;

	window->since = scheduler_now(scenario->scheduler);
	window->is_open = false;
	if (question->noun->number == NOUN_traffic) {
		if (window->traffic == NULL)
			window->traffic = object_alloc(sizeof *window->traffic);
		if (window->traffic == NULL)
			return -ENOMEM;
		open_traffic(window, scenario, question);
	} else if (question->noun->number == NOUN_trunk) {
		trunk = office_find_trunk(scenario->office, question->key);
		if (trunk != TRUNK_NONE) {
			office_trunk_look(
			    scenario->office, trunk, &window->trunk);
			window->is_open = true;
		}
	}
	return 0;
}

void
window_clear(struct window *window)
{
	object_free(window->traffic, sizeof *window->traffic);
	window->traffic = NULL;
}

static void
set(struct columns *columns, const char *name,
    const struct condition_value value)
{
	unsigned int i;

	for (i = 0; i < columns->count; i++)
		if (strcmp(columns->column[i].name, name) == 0)
			break;
	if (i == columns->count)
		return;
	if (value.type == CONDITION_INTEGER)
		(void)snprintf(columns->column[i].value, COLUMN_VALUE_SIZE,
		    "%lld", (long long)value.integer);
	else
		(void)snprintf(columns->column[i].value, COLUMN_VALUE_SIZE,
		    isnan(value.real) ? "NaN" : "%.6g", value.real);
}

/* In place of what they were from the begin. */
static void
replace(const struct window *window, struct scenario *scenario,
    const struct question *question, struct columns *columns)
{
	struct traffic_figures traffic;
	struct traffic_counts counts;
	struct trunk_figures trunk;

#define SET_TRAFFIC(name) set(columns, #name, traffic.name);
#define SET_TRUNK(name)	  set(columns, #name, trunk.name);
	if (!window->is_open)
		return;
	if (question->noun->number == NOUN_traffic &&
	    traffics_count(scenario->traffics, question->key, &counts) == 0) {
		traffic_figures_look(&counts,
		    scheduler_now(scenario->scheduler), window->traffic,
		    &traffic);
		TRAFFIC_FIGURES(SET_TRAFFIC)
	} else if (question->noun->number == NOUN_trunk) {
		trunk_figures_look(scenario->office,
		    office_find_trunk(scenario->office, question->key),
		    &window->trunk, &trunk);
		TRUNK_FIGURES(SET_TRUNK)
	}
#undef SET_TRAFFIC
#undef SET_TRUNK
}

/*--------------------------------------------------------------------
 * Asking
 */

static struct condition_value
value_of(const char *text, bool is_text)
{
	char *end;
	long long whole;

	if (is_text)
		return condition_text(text);
	whole = strtoll(text == NULL ? "NaN" : text, &end, 10);
	if (text != NULL && *text != '\0' && *end == '\0' && whole >= 0)
		return condition_integer((uint64_t)whole);
	return condition_real(text == NULL ? (double)NAN : strtod(text, NULL));
}

struct asking {
	const struct condition *condition;
	const struct columns *columns;
	unsigned int count;
	struct condition_value values[VALUES_MAX];
	char *text;
	size_t size, at;
};

/* The values of these words, and what is said of those that are asked for. */
static void
take_values(struct asking *asking, const char *words, bool is_texts)
{
	char name[24];
	const char *found;
	size_t length;

	while (*(words += strspn(words, " ")) != '\0' &&
	    asking->count < VALUES_MAX) {
		length = strcspn(words, " ");
		(void)snprintf(name, sizeof name, "%.*s", (int)length, words);
		words += length;
		found = columns_find(asking->columns, name);
		if (condition_mentions(asking->condition, asking->count) &&
		    asking->at < asking->size)
			asking->at +=
			    (size_t)snprintf(asking->text + asking->at,
				asking->size - asking->at, "%s%s %s",
				asking->at == 0 ? "" : ", ", name,
				found == NULL ? "?" : found);
		asking->values[asking->count++] = value_of(found, is_texts);
	}
}

bool
window_holds(const struct window *window, struct scenario *scenario,
    const struct question *question, char *text, size_t size)
{
	struct columns *columns = &scenario->now;
	struct asking asking = { .condition = question->condition,
		.columns = columns,
		.text = text,
		.size = size };

	text[0] = '\0';
	if (subject_look(scenario, question->noun, question->key,
		question->second_key, columns) != 0) {
		(void)snprintf(text, size, "%s", scenario->why);
		return false;
	}
	if (columns->absent[0] != '\0') {
		(void)snprintf(text, size, "%.200s", columns->absent);
		return false;
	}
	replace(window, scenario, question, columns);
	take_values(&asking, question->noun->texts, true);
	take_values(&asking, question->noun->numbers, false);
	return condition_holds(question->condition, asking.values);
}
