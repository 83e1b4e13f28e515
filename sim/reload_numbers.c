/*
 * reload_numbers: what a config says of ranges of numbers: lines and services.
 *
 * Some thousand at a time, so that no call waits for a million of them.
 */
#include <errno.h>

#include "calls/exchange/office.h"
#include "sim/reload_internal.h"
#include "sim/units.h"

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
	uint32_t line;
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
		return reload_refuse(reload, step, result);
	for (i = 0; i < range_count(part); i++) {
		range_number(part, i, number);
		line = office_find(office, number);
		action_set_lines(scenario, line, 1, &plan);
		reload->waiting_lines +=
		    !office_set_kind(office, line, plan.kind);
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
		return reload_refuse(reload, step, result);
	for (i = 0; i < range_count(part); i++) {
		range_number(part, i, number);
		reload->waiting_lines +=
		    office_find(office, number) != LINE_NONE;
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

int
reload_do_numbers(struct reload *reload, const struct step *step)
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
