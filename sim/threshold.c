/* threshold: see threshold.h for what it is. */
#include "sim/threshold.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/action_internal.h"
#include "sim/noun.h"
#include "sim/window.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum { VALUES_TEXT = 400 };

struct threshold {
	struct threshold *next;
	struct question question;
	unsigned int at; /* the scenario's line */
	uint64_t over, due;
	struct window since, part; /* the warm-up; the last stretch */
	unsigned int parts, broken;
	uint64_t broken_at;	  /* µs of the run: the first that was */
	char values[VALUES_TEXT]; /* of that one */
};

/* Time stands still there, so that it can be looked at. */
static void
stand_still(void *arg, uint64_t key)
{
	(void)arg;
	(void)key;
}

static int
wait_until(struct scenario *scenario, struct threshold *threshold, uint64_t due)
{
	threshold->due = due;
	return scheduler_at(scenario->scheduler, due, stand_still, NULL, 0);
}

static uint64_t
duration_of(const struct arguments *arguments, const char *option)
{
	const char *text = arguments_option(arguments, option);

	return text == NULL ? 0 : action_duration(text);
}

static int
begin(struct scenario *scenario, struct threshold *threshold, uint64_t warmup)
{
	const uint64_t now = scheduler_now(scenario->scheduler);
	int result = 0;

	threshold->due = UINT64_MAX;
	if (warmup > 0)
		return wait_until(scenario, threshold, now + warmup);
	result = window_open(&threshold->since, scenario, &threshold->question);
	if (result == 0)
		result = window_open(
		    &threshold->part, scenario, &threshold->question);
	if (result == 0 && threshold->over > 0)
		result = wait_until(scenario, threshold, now + threshold->over);
	return result;
}

static void
drop(struct threshold *threshold)
{
	question_clear(&threshold->question);
	window_clear(&threshold->since);
	window_clear(&threshold->part);
	object_free(threshold, sizeof *threshold);
}

int
threshold_do(struct scenario *scenario, const struct arguments *arguments)
{
	const char *const keys[2] = { arguments->key, arguments->second_key };
	struct threshold *threshold = object_alloc(sizeof *threshold);
	char why[WHY_SIZE];

	if (threshold == NULL)
		return action_refuse(scenario, arguments, "no memory is left");
	if (question_read(&threshold->question, arguments->noun, keys,
		arguments->condition, why, sizeof why) != 0) {
		drop(threshold);
		return action_refuse(scenario, arguments, "%s", why);
	}
	threshold->at = scenario->at;
	threshold->over = duration_of(arguments, "-over");
	if (begin(scenario, threshold, duration_of(arguments, "-warmup")) !=
	    0) {
		drop(threshold);
		return action_refuse(scenario, arguments, "no memory is left");
	}
	threshold->next = scenario->thresholds;
	scenario->thresholds = threshold;
	return 0;
}

/*--------------------------------------------------------------------
 * While it runs
 */

uint64_t
threshold_due(const struct scenario *scenario)
{
	const struct threshold *threshold;
	uint64_t due = UINT64_MAX;

	for (threshold = scenario->thresholds; threshold != NULL;
	     threshold = threshold->next)
		if (threshold->due < due)
			due = threshold->due;
	return due;
}

static void
close_part(struct scenario *scenario, struct threshold *threshold)
{
	char values[VALUES_TEXT];

	threshold->parts++;
	if (window_holds(&threshold->part, scenario, &threshold->question,
		values, sizeof values))
		return;
	if (threshold->broken++ > 0)
		return;
	threshold->broken_at = scheduler_now(scenario->scheduler);
	memcpy(threshold->values, values, sizeof values);
}

static void
look(struct scenario *scenario, struct threshold *threshold, uint64_t now)
{
	const bool is_warm = threshold->since.since > 0 ||
	    threshold->since.is_open || threshold->parts > 0;

	if (!is_warm)
		(void)window_open(
		    &threshold->since, scenario, &threshold->question);
	else
		close_part(scenario, threshold);
	threshold->due = UINT64_MAX;
	if (threshold->over == 0)
		return;
	(void)window_open(&threshold->part, scenario, &threshold->question);
	(void)wait_until(scenario, threshold, now + threshold->over);
}

void
threshold_look(struct scenario *scenario)
{
	const uint64_t now = scheduler_now(scenario->scheduler);
	struct threshold *threshold;

	for (threshold = scenario->thresholds; threshold != NULL;
	     threshold = threshold->next)
		if (threshold->due <= now)
			look(scenario, threshold, now);
}

/*--------------------------------------------------------------------
 * At the end
 */

/* "traffic t {$asr > 0.6}: asr 0.61; 2 of 12 stretches of 5m were not ..." */
static void
judge(struct scenario *scenario, struct threshold *threshold)
{
	const struct question *question = &threshold->question;
	char values[VALUES_TEXT], parts[2 * VALUES_TEXT] = "";
	const bool holds = window_holds(
	    &threshold->since, scenario, question, values, sizeof values);
	const double seconds = (double)threshold->over / 1e6;

	if (threshold->over > 0 && threshold->broken == 0)
		(void)snprintf(parts, sizeof parts,
		    "; over each of %u times %g s too", threshold->parts,
		    seconds);
	else if (threshold->over > 0)
		(void)snprintf(parts, sizeof parts,
		    "; not over %u of %u times %g s, the first up to %g s: %s",
		    threshold->broken, threshold->parts, seconds,
		    (double)threshold->broken_at / 1e6, threshold->values);
	verdict_find(scenario->verdict, "threshold", threshold->at,
	    holds && threshold->broken == 0, "%s%s%s {%s}: %s%s",
	    question->noun->name, question->key[0] == '\0' ? "" : " ",
	    question->key, question->text, values, parts);
	if (!holds || threshold->broken > 0)
		verdict_fail(scenario->verdict, threshold->at,
		    "threshold %s%s%s {%s} does not hold: saw %s%s",
		    question->noun->name, question->key[0] == '\0' ? "" : " ",
		    question->key, question->text, values, parts);
}

/* In the order in which they were said. */
void
threshold_judge(struct scenario *scenario)
{
	struct threshold *threshold, *reversed = NULL, *next;

	for (threshold = scenario->thresholds; threshold != NULL;
	     threshold = next) {
		next = threshold->next;
		threshold->next = reversed;
		reversed = threshold;
	}
	scenario->thresholds = reversed;
	for (threshold = reversed; threshold != NULL;
	     threshold = threshold->next)
		judge(scenario, threshold);
}

void
threshold_forget(struct scenario *scenario)
{
	struct threshold *threshold;

	while ((threshold = scenario->thresholds) != NULL) {
		scenario->thresholds = threshold->next;
		drop(threshold);
	}
}
