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
#include "sim/reload.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "calls/exchange/office_gate.h"
#include "calls/exchange/office_trunk.h"
#include "sim/action_internal.h"
#include "sim/json.h"
#include "sim/office_data.h"
#include "sim/reload_plan.h"
#include "sim/units.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum {
	/* A step that is no range weighs as much as so many lines. */
	STEP_WEIGHT = 16,
	/* A tenth of a millisecond or so: measured, lines that change. */
	WEIGHT_OF_A_TURN = 2048
};

struct reload {
	unsigned int magic;
#define RELOAD_MAGIC 0x3f6be8a2
	struct scenario *scenario;
	struct reload_plan plan;
	uint32_t at;
	uint64_t numbers;
	struct routing *draft;
	uint64_t waits; /* lines that go when their calls have ended */
	char why[WHY_SIZE];
};

/* One step, with what its command says. */
struct step {
	enum reload_verb verb;
	enum reload_kind kind;
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count;
	struct arguments arguments;
};

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

static int
read_step(struct reload *reload, uint32_t at, struct step *ret_step)
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

static int
refuse(struct reload *reload, const struct step *step, int result)
{
	return action_refuse(reload->scenario, &step->arguments, "%s: %s",
	    step->count > 1 ? step->words[1] : "", strerror(-result));
}

/* How many parts follow the step that is next. */
static unsigned int
count_parts(const struct reload *reload)
{
	const struct reload_step *steps = reload->plan.steps;
	uint32_t at = reload->at + 1;

	while (at < reload->plan.count && steps[at].verb == RELOAD_MORE)
		at++;
	return at - reload->at - 1;
}

/* It and its parts; leaves `at` at the last of them. */
static int
change_tariff(struct reload *reload, const struct step *first)
{
	const unsigned int count = 1 + count_parts(reload);
	struct tariff_part *parts = object_alloc(count * sizeof *parts);
	struct step step = *first;
	unsigned int i;
	int result = parts == NULL ? -ENOMEM : 0;

	for (i = 0; i < count && result == 0; i++) {
		if (i > 0)
			result = read_step(reload, ++reload->at, &step);
		if (result == 0)
			action_read_tariff(&step.arguments, &parts[i]);
	}
	if (result == 0)
		result = office_change_tariff(
		    reload->scenario->office, first->words[1], parts, count);
	object_free(parts, count * sizeof *parts);
	return result == 0 ? 0 : refuse(reload, first, result);
}

static int
have_tariff(struct reload *reload, const struct step *first)
{
	unsigned int parts = count_parts(reload);
	struct step step;
	int result;

	if (office_find_tariff(reload->scenario->office, first->words[1]) !=
	    TARIFF_NONE)
		return change_tariff(reload, first);
	result = action_do(reload->scenario, &first->arguments);
	for (; parts > 0 && result == 0; parts--) {
		result = read_step(reload, ++reload->at, &step);
		if (result == 0)
			result = action_do(reload->scenario, &step.arguments);
	}
	return result;
}

/*--------------------------------------------------------------------
 * Lines
 */

/* The numbers of a step that are next, at most as many as a turn may do. */
static uint64_t
next_numbers(const struct reload *reload, const struct step *step,
    struct range *ret_part)
{
	struct range whole;
	uint64_t count, last;

	(void)units_range(step->words[1], &whole);
	count = range_count(&whole);
	last = reload->numbers + WEIGHT_OF_A_TURN < count
	    ? reload->numbers + WEIGHT_OF_A_TURN
	    : count;
	range_number(&whole, reload->numbers, ret_part->first);
	range_number(&whole, last - 1, ret_part->last);
	return last == count ? 0 : last;
}

/* One that was withdrawn, or that there is, or one more. */
static int
have_line(
    struct office *office, const char *number, const struct line_plan *plan)
{
	int result = office_restore_lines(office, number, number);

	if (result == -ENOENT)
		result = office_find(office, number) != LINE_NONE
		    ? 0
		    : office_add_lines(office, number, number, plan->kind);
	return result;
}

static int
have_each(struct office *office, const struct range *part,
    const struct line_plan *plan)
{
	char number[DIGITS_MAX + 1];
	uint64_t i;
	int result = 0;

	for (i = 0; i < range_count(part) && result == 0; i++) {
		range_number(part, i, number);
		result = have_line(office, number, plan);
	}
	return result;
}

/* All new, or all withdrawn, as most are; else one by one. */
static int
have_lines(
    struct reload *reload, const struct step *step, const struct range *part)
{
	struct scenario *scenario = reload->scenario;
	struct office *office = scenario->office;
	char number[DIGITS_MAX + 1];
	struct line_plan plan;
	uint64_t i;
	int result = action_read_lines(scenario, &step->arguments, &plan);

	if (result != 0)
		return result;
	result = office_add_lines(office, part->first, part->last, plan.kind);
	if (result == -EEXIST)
		result = office_restore_lines(office, part->first, part->last);
	if (result == -ENOENT)
		result = have_each(office, part, &plan);
	if (result != 0)
		return refuse(reload, step, result);
	for (i = 0; i < range_count(part); i++) {
		range_number(part, i, number);
		action_set_lines(
		    scenario, office_find(office, number), 1, &plan);
	}
	return 0;
}

/* One by one: there may be no line of a number any more. */
static int
withdraw_each(struct office *office, const struct range *part)
{
	char number[DIGITS_MAX + 1];
	uint64_t i;
	int result = 0;

	for (i = 0; i < range_count(part) && result == 0; i++) {
		range_number(part, i, number);
		result = office_withdraw_lines(office, number, number);
		if (result == -ENOENT)
			result = 0;
	}
	return result;
}

/* One that is withdrawn is still found while it has a call. */
static int
withdraw_lines(
    struct reload *reload, const struct step *step, const struct range *part)
{
	struct office *office = reload->scenario->office;
	char number[DIGITS_MAX + 1];
	uint64_t i;
	int result = office_withdraw_lines(office, part->first, part->last);

	if (result == -ENOENT)
		result = withdraw_each(office, part);
	if (result != 0)
		return refuse(reload, step, result);
	for (i = 0; i < range_count(part); i++) {
		range_number(part, i, number);
		reload->waits += office_find(office, number) != LINE_NONE;
	}
	return 0;
}

/* `service`, of some of its lines. */
static int
serve_lines(
    struct reload *reload, const struct step *step, const struct range *part)
{
	char text[2 * (DIGITS_MAX + 1) + 1];
	struct arguments arguments = step->arguments;

	(void)snprintf(text, sizeof text, "%s-%s", part->first, part->last);
	arguments.positional[0] = text;
	return action_do(reload->scenario, &arguments);
}

static int
do_numbers(struct reload *reload, const struct step *step)
{
	struct range part;
	const uint64_t next = next_numbers(reload, step, &part);
	int result = step->kind == RELOAD_service
	    ? serve_lines(reload, step, &part)
	    : step->verb == RELOAD_WITHDRAW
	    ? withdraw_lines(reload, step, &part)
	    : have_lines(reload, step, &part);

	if (result == 0)
		reload->numbers = next;
	return result;
}

/*--------------------------------------------------------------------
 * Routes and ported numbers
 */

static int
draft(struct reload *reload, const struct step *step)
{
	struct scenario *scenario = reload->scenario;
	struct route_plan plan;
	int result = 0;

	if (reload->draft == NULL)
		result = office_draft(scenario->office, &reload->draft);
	if (result == 0 && step->kind == RELOAD_port) {
		result = office_draft_port(
		    reload->draft, step->words[1], step->words[2]);
	} else if (result == 0) {
		result = action_read_route(scenario, &step->arguments, &plan);
		if (result != 0)
			return result;
		result = office_draft_route(reload->draft, &plan);
	}
	return result == 0 ? 0 : refuse(reload, step, result);
}

/* Without any there is no draft yet. */
static int
swap(struct reload *reload)
{
	struct office *office = reload->scenario->office;
	int result = 0;

	if (reload->draft == NULL)
		result = office_draft(office, &reload->draft);
	if (result == 0)
		result = office_reload(office, &reload->draft);
	if (result != 0)
		(void)snprintf(reload->scenario->why,
		    sizeof reload->scenario->why, "route: %s",
		    strerror(-result));
	return result;
}

/*--------------------------------------------------------------------
 * All of them
 */

static int
withdraw(struct reload *reload, const struct step *step)
{
	static const struct gate_limits none = { .live = 0 };
	unsigned int timer = 0;

	switch (step->kind) {
	case RELOAD_gate:
		office_set_gate(reload->scenario->office, &none);
		break;
	case RELOAD_timer:
		while (strcmp(office_timer_word((enum office_timer)timer),
			   step->words[1]) != 0)
			timer++;
		office_set_timer(
		    reload->scenario->office, (enum office_timer)timer, 0);
		break;
	case RELOAD_tariff:
	case RELOAD_account:
	case RELOAD_trunk:
	case RELOAD_lines:
	case RELOAD_service:
	case RELOAD_route:
	case RELOAD_port:
	case RELOAD_KINDS_COUNT:
		break;
	}
	return 0;
}

static int
have(struct reload *reload, const struct step *step)
{
	if (step->kind == RELOAD_tariff)
		return have_tariff(reload, step);
	return action_do(reload->scenario, &step->arguments);
}

static bool
is_of_numbers(const struct step *step)
{
	return step->kind == RELOAD_lines || step->kind == RELOAD_service;
}

static int
do_step(struct reload *reload, const struct step *step)
{
	if (is_of_numbers(step))
		return do_numbers(reload, step);
	switch (step->verb) {
	case RELOAD_DO:
	case RELOAD_MORE:
		return action_do(reload->scenario, &step->arguments);
	case RELOAD_HAVE:
		return have(reload, step);
	case RELOAD_DRAFT:
		return draft(reload, step);
	case RELOAD_SWAP:
		return swap(reload);
	case RELOAD_WITHDRAW:
		return withdraw(reload, step);
	}
	return 0;
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
		result = read_step(reload, reload->at, &step);
		if (result == 0)
			result = do_step(reload, &step);
		if (result != 0) {
			(void)snprintf(reload->why, sizeof reload->why, "%s",
			    reload->scenario->why);
			return result;
		}
		if (reload->numbers != 0)
			return 1;
		reload->at++;
		if (is_of_numbers(&step))
			weight += WEIGHT_OF_A_TURN / 8;
	}
	return 1;
}

/*--------------------------------------------------------------------
 * What it came to
 */

static const char *const several[] = {
#define RELOAD_SEVERAL(symbol, command, several) several,
	RELOAD_KINDS(RELOAD_SEVERAL)
#undef RELOAD_SEVERAL
};

static const char *const done[] = { "added", "changed", "withdrawn" };

/* "lines 10 added, 3 withdrawn" */
static size_t
tell_kind(const uint64_t *changes, const char *kind, char *text, size_t size)
{
	const char *between = "";
	unsigned int i;
	size_t at = (size_t)snprintf(text, size, "%s", kind);

	for (i = 0; i < RELOAD_CHANGES; i++) {
		if (changes[i] == 0)
			continue;
		at += (size_t)snprintf(text + at, size - at,
		    "%s %" PRIu64 " %s", between, changes[i], done[i]);
		between = ",";
	}
	return at;
}

static bool
has_changed(const uint64_t *changes)
{
	return changes[RELOAD_ADDED] + changes[RELOAD_CHANGED] +
	    changes[RELOAD_WITHDRAWN] !=
	    0;
}

void
reload_tell(const struct reload *reload, char *text, size_t size)
{
	const struct reload_plan *plan = &reload->plan;
	char each[128];
	unsigned int kind;
	size_t at = 0;

	CHECK_OBJ(reload, RELOAD_MAGIC);
	for (kind = 0; kind < RELOAD_KINDS_COUNT && at < size; kind++) {
		if (!has_changed(plan->changes[kind]))
			continue;
		(void)tell_kind(
		    plan->changes[kind], several[kind], each, sizeof each);
		at += (size_t)snprintf(
		    text + at, size - at, "%s%s", at == 0 ? "" : "; ", each);
	}
	if (at == 0)
		at = (size_t)snprintf(text, size, "nothing has changed");
	if (reload->waits > 0 && at < size)
		at += (size_t)snprintf(text + at, size - at,
		    "; lines that wait for their calls to end: %" PRIu64,
		    reload->waits);
	if (plan->left[0] != '\0' && at < size)
		(void)snprintf(text + at, size - at,
		    "; left until the switch is started anew: %s", plan->left);
}

static void
write_changes(const uint64_t *changes, FILE *out)
{
	unsigned int i;

	for (i = 0; i < RELOAD_CHANGES; i++)
		(void)fprintf(out, "%s\"%s\":%" PRIu64, i == 0 ? "{" : ",",
		    done[i], changes[i]);
	(void)fputc('}', out);
}

void
reload_json(const struct reload *reload, FILE *out)
{
	const struct reload_plan *plan = &reload->plan;
	const char *between = "";
	unsigned int kind;

	CHECK_OBJ(reload, RELOAD_MAGIC);
	(void)fputs(",\"reload\":{\"changes\":{", out);
	for (kind = 0; kind < RELOAD_KINDS_COUNT; kind++) {
		if (!has_changed(plan->changes[kind]))
			continue;
		(void)fputs(between, out);
		json_string(out, several[kind]);
		(void)fputc(':', out);
		write_changes(plan->changes[kind], out);
		between = ",";
	}
	(void)fprintf(
	    out, "},\"waiting_lines\":%" PRIu64 ",\"left\":", reload->waits);
	json_string(out, plan->left);
	(void)fputc('}', out);
}
