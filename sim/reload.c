/*
 * reload: see reload.h for what it is.
 *
 * Each step is a command, which is done as if the operator had given it, or
 * says how something that is there has to be.  One about many lines is done a
 * few thousand of them at a time.
 *
 * Invariants:
 *   1. `at` is the step that is next, `numbers` how many of its numbers are
 *      done;
 *   2. there is a draft from the first route of the new tables on until they
 *      are in use.
 */
#include "sim/reload_internal.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/office_data.h"
#include "switch/object.h"

int
reload_alloc(struct reload **ret_reload, struct scenario *scenario,
    struct reload_plan *plan)
{
	struct reload *reload;

	if (ALLOC_OBJ(reload, RELOAD_MAGIC) == NULL)
		return -ENOMEM;
	reload->scenario = scenario;
	reload->plan = *plan;
	*plan = (struct reload_plan){ .count = 0 };
	*ret_reload = reload;
	return 0;
}

void
reload_free(struct reload **reloadp)
{
	if (*reloadp != NULL) {
		reload_plan_done(&(*reloadp)->plan);
		office_draft_free(&(*reloadp)->draft);
	}
	FREE_OBJ(reloadp, RELOAD_MAGIC);
}

const char *
reload_why(const struct reload *reload)
{
	CHECK_OBJ(reload, RELOAD_MAGIC);
	return reload->why;
}

/*--------------------------------------------------------------------
 * Steps
 */

int
reload_read_step(struct reload *reload, uint32_t at, struct step *ret_step)
{
	struct scenario *scenario = reload->scenario;
	struct step *step = ret_step;
	struct command_words words;

	step->verb = reload->plan.steps[at].verb;
	step->kind = reload->plan.steps[at].kind;
	step->count = office_data_words(reload->plan.words, at, step->words);
	words =
	    (struct command_words){ step->words + 1, step->count - 1, false };
	if (step->verb == RELOAD_SWAP)
		return 0;
	return command_match(command_find(step->words[0]), &words,
	    &step->arguments, scenario->why, sizeof scenario->why);
}

int
reload_refuse(struct reload *reload, const struct step *step, int result)
{
	return action_refuse_error(reload->scenario, &step->arguments,
	    step->count > 1 ? step->words[1] : "", result);
}

/*--------------------------------------------------------------------
 * All of them
 */

static bool
is_of_numbers(const struct step *step)
{
	return step->kind == RELOAD_lines || step->kind == RELOAD_service;
}

static int
do_step(struct reload *reload, const struct step *step)
{
	if (is_of_numbers(step))
		return reload_do_numbers(reload, step);
	switch (step->verb) {
	case RELOAD_DO:
	case RELOAD_MORE:
		return action_do(reload->scenario, &step->arguments);
	case RELOAD_HAVE:
		return reload_have(reload, step);
	case RELOAD_DRAFT:
		return reload_draft(reload, step);
	case RELOAD_SWAP:
		return reload_swap(reload);
	case RELOAD_RECORD:
		return 0;
	case RELOAD_WITHDRAW:
		return reload_withdraw(reload, step);
	}
	return 0;
}

/* The books say what the office is made of from now on. */
static void
record(const struct reload *reload)
{
	const struct reload_step *step = &reload->plan.steps[reload->at];
	const enum reload_verb verb = step->verb;
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count =
	    office_data_words(reload->plan.words, reload->at, words);

	if (verb == RELOAD_DRAFT || verb == RELOAD_SWAP)
		return; /* what is other of them has a step of its own */
	if (verb == RELOAD_WITHDRAW) {
		count = step->kind == RELOAD_gate ? 1 : 2; /* its name */
		words[count++] = "withdrawn";
	}
	command_record_office(reload->scenario->scheduler, count, words);
}

int
reload_go_on(struct reload *reload)
{
	uint64_t weight;
	struct step step;
	int result;

	CHECK_OBJ(reload, RELOAD_MAGIC);
	for (weight = 0; weight < WEIGHT_OF_A_TURN; weight += STEP_WEIGHT) {
		if (reload->at == reload->plan.count)
			return 0;
		result = reload_read_step(reload, reload->at, &step);
		if (result == 0)
			result = do_step(reload, &step);
		if (result != 0) {
			(void)snprintf(reload->why, sizeof reload->why, "%s",
			    reload->scenario->why);
			return result;
		}
		if (reload->numbers != 0)
			return 1;
		record(reload);
		reload->at++;
		if (is_of_numbers(&step))
			weight += WEIGHT_OF_A_TURN / 8;
	}
	return 1;
}

/* As it was, since it is not as it is said now. */
static bool
is_left(const struct office_data *left, const char *const *words)
{
	const char *other[COMMAND_WORDS_MAX];
	unsigned int count;
	uint32_t i;

	for (i = 0; i < office_data_count(left); i++) {
		count = office_data_words(left, i, other);
		if (strcmp(other[0], words[0]) == 0 &&
		    (count == 1 || strcmp(other[1], words[1]) == 0))
			return true;
	}
	return false;
}

static int
copy(struct office_data *to, const struct office_data *from,
    const struct office_data *left, bool is_of_those)
{
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count;
	uint32_t i;
	int result = 0;

	for (i = 0; i < office_data_count(from) && result == 0; i++) {
		count = office_data_words(from, i, words);
		if (is_left(left, words) == is_of_those)
			result = office_data_add(to, count, words);
	}
	return result;
}

int
reload_in_force(const struct reload *reload, const struct office_data *before,
    const struct office_data *now, struct office_data **ret_data)
{
	const struct office_data *left = reload->plan.left;
	struct office_data *data;
	int result = office_data_alloc(&data);

	CHECK_OBJ(reload, RELOAD_MAGIC);
	if (result == 0)
		result = copy(data, now, left, false);
	if (result == 0)
		result = copy(data, before, left, true);
	if (result == 0)
		*ret_data = data;
	else
		office_data_free(&data);
	return result;
}
