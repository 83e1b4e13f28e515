/* search: see search.h for what it is. */
#include "sim/search.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/action_internal.h"
#include "sim/noun.h"
#include "sim/traffic.h"
#include "sim/units.h"
#include "sim/window.h"
#include "switch/object.h"
#include "switch/scheduler.h"

/* Own choice: steps that a person would make, long enough for a local call. */
#define STEP	0.1
#define EACH_US UINT64_C(300000000)

enum { SAID = 400, STEPS_MAX = 10000 };

struct search {
	struct question question;
	struct window window;
	struct units_span span;
	double step, amount, found; /* 0: of none yet */
	uint64_t each;
	unsigned int at, steps;
	bool is_measuring;
	char last[SAID]; /* what was seen where it did not hold */
};

void
search_forget(struct scenario *scenario)
{
	struct search *search = scenario->search;

	if (search == NULL)
		return;
	question_clear(&search->question);
	window_clear(&search->window);
	object_free(search, sizeof *search);
	scenario->search = NULL;
}

static int
set_rate(struct scenario *scenario, const struct search *search, double amount,
    char *why)
{
	const struct traffic_amount to = {
		.rate = search->span.is_erlangs ? 0 : amount,
		.erlangs = search->span.is_erlangs ? amount : 0,
	};

	return traffics_rate(
	    scenario->traffics, search->question.key, &to, why, WHY_SIZE);
}

/* "45/s" */
static const char *
amount_text(const struct search *search, double amount, char *text, size_t size)
{
	(void)snprintf(
	    text, size, "%.6g%s", amount, search->span.is_erlangs ? "E" : "/s");
	return text;
}

static void
begin_step(struct scenario *scenario, struct search *search)
{
	search->is_measuring = false;
	search->steps++;
	scenario->until = scheduler_now(scenario->scheduler) + search->each / 2;
}

static int
read(struct scenario *scenario, const struct arguments *arguments,
    struct search *search)
{
	const char *const keys[2] = { action_word(arguments, 0), NULL };
	const char *step = arguments_option(arguments, "-step");
	const char *each = arguments_option(arguments, "-each");
	char why[WHY_SIZE];

	(void)units_span(action_word(arguments, 1), &search->span);
	search->at = scenario->at;
	search->step = STEP;
	search->each = each == NULL ? EACH_US : action_duration(each);
	if (step != NULL)
		(void)units_share(step, &search->step);
	if (search->each < 2000)
		return action_refuse(
		    scenario, arguments, "-each of no time shows nothing");
	if (question_read(&search->question, noun_at(NOUN_traffic), keys,
		action_word(arguments, 2), why, sizeof why) != 0)
		return action_refuse(scenario, arguments, "%s", why);
	return 0;
}

int
search_do(struct scenario *scenario, const struct arguments *arguments)
{
	struct search *search;
	char why[WHY_SIZE] = "";
	int result;

	if (scenario->is_racing)
		return action_refuse(
		    scenario, arguments, "no time passes in a race");
	if (!traffics_has(scenario->traffics, action_word(arguments, 0)))
		return action_refuse_traffic(
		    scenario, arguments, action_word(arguments, 0));
	search = scenario->search = object_alloc(sizeof *search);
	if (search == NULL)
		return action_refuse(scenario, arguments, "no memory is left");
	result = read(scenario, arguments, search);
	search->amount = search->span.from;
	if (result == 0 && set_rate(scenario, search, search->amount, why) != 0)
		result = action_refuse(
		    scenario, arguments, "'%s': %s", search->question.key, why);
	if (result != 0) {
		search_forget(scenario);
		return result;
	}
	begin_step(scenario, search);
	scenario->waiting = WAITING_SEARCH;
	return TIME_PASSES;
}

/* What was found, for people, for the result, and for the script. */
static void
say(struct scenario *scenario, const struct search *search)
{
	char text[2 * SAID], found[32], to[32];

	amount_text(search, search->found, found, sizeof found);
	amount_text(search, search->span.to, to, sizeof to);
	if (search->found <= 0)
		(void)snprintf(text, sizeof text,
		    "%s {%s}: does not hold at the lowest rate: %s",
		    search->question.key, search->question.text, search->last);
	else if (search->last[0] == '\0')
		(void)snprintf(text, sizeof text,
		    "%s {%s}: holds up to %s, the end of the span",
		    search->question.key, search->question.text, to);
	else
		(void)snprintf(text, sizeof text,
		    "%s {%s}: %s is the highest rate in %u steps, beyond it: "
		    "%s",
		    search->question.key, search->question.text, found,
		    search->steps, search->last);
	action_say(scenario, text);
	verdict_find(scenario->verdict, "search", search->at, search->found > 0,
	    "%s", text);
	(void)snprintf(scenario->value, sizeof scenario->value, "%s", found);
}

/* Whether there is another one. */
static bool
close_step(struct scenario *scenario, struct search *search)
{
	char why[WHY_SIZE], seen[SAID];
	double next = search->amount * (1 + search->step);

	if (!window_holds(&search->window, scenario, &search->question, seen,
		sizeof seen)) {
		memcpy(search->last, seen, sizeof seen);
		return false;
	}
	search->found = search->amount;
	if (search->amount >= search->span.to || search->steps >= STEPS_MAX)
		return false;
	if (next > search->span.to)
		next = search->span.to;
	search->amount = next;
	if (set_rate(scenario, search, next, why) != 0) {
		(void)snprintf(
		    search->last, sizeof search->last, "%.300s", why);
		return false;
	}
	begin_step(scenario, search);
	return true;
}

bool
search_go_on(struct scenario *scenario)
{
	struct search *search = scenario->search;
	char why[WHY_SIZE];

	if (!search->is_measuring) {
		search->is_measuring = true;
		scenario->until = scheduler_now(scenario->scheduler) +
		    search->each - search->each / 2;
		if (window_open(&search->window, scenario, &search->question) ==
		    0)
			return true;
	} else if (close_step(scenario, search)) {
		return true;
	}
	if (search->found > 0)
		(void)set_rate(scenario, search, search->found, why);
	say(scenario, search);
	search_forget(scenario);
	return false;
}
