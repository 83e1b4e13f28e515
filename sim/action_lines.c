/*
 * action_lines: the lines that the operator makes, and what they are.
 */
#include <errno.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "sim/action_internal.h"
#include "sim/units.h"

static enum line_control
control_of(const struct arguments *arguments)
{
	const char *control = arguments_option(arguments, "-control");

	if (control == NULL || strcmp(control, "first") == 0)
		return CONTROL_FIRST;
	return strcmp(control, "calling") == 0 ? CONTROL_CALLING
					       : CONTROL_CALLED;
}

static enum line_class
class_of(const struct arguments *arguments)
{
	const char *word = arguments_option(arguments, "-class");
	enum line_class class = CLASS_ordinary;

	if (word != NULL)
		while (strcmp(line_class_word(class), word) != 0)
			class ++;
	return class;
}

static enum line_kind
kind_of(const struct arguments *arguments)
{
	const char *kind = arguments_option(arguments, "-kind");

	return kind != NULL && strcmp(kind, "isdn") == 0 ? LINE_ISDN
							 : LINE_ANALOG;
}

int
action_find_tariff(struct scenario *scenario, const struct arguments *arguments,
    uint16_t *ret_tariff)
{
	const char *name = arguments_option(arguments, "-tariff");
	uint16_t tariff = TARIFF_NONE;

	if (name != NULL) {
		tariff = office_find_tariff(scenario->office, name);
		if (tariff == TARIFF_NONE)
			return action_refuse(scenario, arguments,
			    "there is no tariff '%s' (`tariff` makes one)",
			    name);
	}
	*ret_tariff = tariff;
	return 0;
}

/* ACCOUNT_NONE without the option; false if it names none that there is. */
static bool
find_account(struct scenario *scenario, const struct arguments *arguments,
    uint16_t *ret_account)
{
	const char *name = arguments_option(arguments, "-account");

	*ret_account = name == NULL
	    ? ACCOUNT_NONE
	    : office_find_account(scenario->office, name);
	return name == NULL || *ret_account != ACCOUNT_NONE;
}

int
action_read_lines(struct scenario *scenario, const struct arguments *arguments,
    struct line_plan *ret_plan)
{
	struct line_plan plan = { kind_of(arguments), control_of(arguments),
		class_of(arguments), TARIFF_NONE, ACCOUNT_NONE };
	int result = action_find_tariff(scenario, arguments, &plan.tariff);

	if (result == 0 && !find_account(scenario, arguments, &plan.account))
		result = action_refuse(scenario, arguments,
		    "there is no account '%s' (`account` makes one)",
		    arguments_option(arguments, "-account"));
	if (result == 0)
		*ret_plan = plan;
	return result;
}

void
action_set_lines(struct scenario *scenario, uint32_t first, uint32_t count,
    const struct line_plan *plan)
{
	struct office *office = scenario->office;

	office_set_control(office, first, count, plan->control);
	office_set_class(office, first, count, plan->class);
	office_set_tariff(office, first, count, plan->tariff);
	office_set_account(office, first, count, plan->account);
}

int
action_lines(struct scenario *scenario, const struct arguments *arguments)
{
	const uint32_t first = office_lines(scenario->office);
	struct line_plan plan;
	struct range range;
	int result = action_read_lines(scenario, arguments, &plan);

	if (result != 0)
		return result;
	(void)units_range(action_word(arguments, 0), &range);
	result = office_add_lines(
	    scenario->office, range.first, range.last, plan.kind);
	if (result == -EEXIST)
		return action_refuse(scenario, arguments,
		    "%s has a line that "
		    "exists already",
		    action_word(arguments, 0));
	if (result != 0)
		return action_refuse(scenario, arguments, "%s: %s",
		    action_word(arguments, 0),
		    result == -ENOMEM ? "no memory is left for so many lines"
				      : strerror(-result));
	action_set_lines(
	    scenario, first, office_lines(scenario->office) - first, &plan);
	return 0;
}
