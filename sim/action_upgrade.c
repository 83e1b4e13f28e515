/*
 * action_upgrade: the way to another release and back, as a scenario asks for
 * it.
 *
 * The words become an order (upgrade/release_handler.h); what comes of it is a
 * report, which the scenario waits for, or looks at while it goes on
 * (-background).
 */
#include "sim/action_internal.h"

#include <stdio.h>
#include <string.h>

#include "sim/outage.h"
#include "sim/units.h"
#include "sim/upgrade_condition.h"
#include "upgrade/release_handler.h"

/* Where the words do not say: as the language has it. */
enum { REHEARSE_DEFAULT = 1000, WATCH_DEFAULT_US = 300000000 };

static int
await_upgrade(struct scenario *scenario, const struct arguments *arguments,
    const struct upgrade_report *report)
{
	scenario->asked = report;
	if (report->is_done) {
		judge_keep_answer(scenario, report);
	} else if (report->number != scenario->upgrade_number) {
		scenario->upgrade = report;
		scenario->upgrade_number = report->number;
		scenario->upgrade_at = scenario->at;
	}
	/* What is permanent must be in the file before anyone hears of it. */
	if ((report->is_done && report->stage != UPGRADE_permanent) ||
	    arguments_option(arguments, "-background") != NULL) {
		(void)snprintf(scenario->value, sizeof scenario->value, "%s",
		    upgrade_stage_word((enum upgrade_stage)report->stage));
		return 0;
	}
	scenario->waiting = WAITING_UPGRADE;
	scenario->until = UINT64_MAX;
	return TIME_PASSES;
}

/* Nobody would end what it waits for. */
static int
check_stall(struct scenario *scenario, const struct arguments *arguments)
{
	if (arguments_option(arguments, "-background") != NULL ||
	    agenda_next(scenario) != UINT64_MAX ||
	    !outage_stalls_for_ever(scenario))
		return 0;
	return action_refuse(scenario, arguments,
	    "a scheduler is stalled, and no call of it is converted till it is "
	    "healed: give -background, or its fault -for DUR");
}

static int
check_release(struct scenario *scenario, const struct arguments *arguments)
{
	if (scenario->is_racing &&
	    arguments_option(arguments, "-background") == NULL)
		return action_refuse(scenario, arguments,
		    "no time passes in a race, "
		    "give -background");
	if (strcmp(scenario->module, action_word(arguments, 0)) != 0)
		return action_refuse(scenario, arguments,
		    "no module '%s' is in use%s%s; nothing has changed",
		    action_word(arguments, 0),
		    scenario->module[0] == '\0' ? "" : ", there is ",
		    scenario->module);
	return check_stall(scenario, arguments);
}

static bool
is_option(
    const struct arguments *arguments, const char *option, const char *word)
{
	const char *text = arguments_option(arguments, option);

	return text != NULL && strcmp(text, word) == 0;
}

static uint64_t
read_duration(
    const struct arguments *arguments, const char *option, uint64_t otherwise)
{
	const char *text = arguments_option(arguments, option);

	return text == NULL ? otherwise : action_duration(text);
}

/* 0 in the words of a scenario is no rehearsal, as in those of the order. */
static struct upgrade_order
read_order(const struct arguments *arguments)
{
	const char *rehearse = arguments_option(arguments, "-rehearse");
	const char *canary = arguments_option(arguments, "-canary");
	const char *shadow = arguments_option(arguments, "-shadow");
	struct upgrade_order order = { .module = action_word(arguments, 0),
		.version = action_word(arguments, 1),
		.rehearse = rehearse == NULL
		    ? REHEARSE_DEFAULT
		    : (uint64_t)action_number(rehearse),
		.watch = read_duration(arguments, "-watch", WATCH_DEFAULT_US),
		.trial = read_duration(arguments, "-trial", 0),
		.deadline = read_duration(arguments, "-deadline", 0),
		.drains = is_option(arguments, "-mode", "drain"),
		.keeps_old = is_option(arguments, "-on-error", "keep-old") };

	if (canary != NULL)
		(void)units_share(canary, &order.canary);
	if (shadow != NULL)
		(void)units_share(shadow, &order.shadow);
	return order;
}

static int
do_upgrade(struct scenario *scenario, const struct arguments *arguments)
{
	struct upgrade_order order;
	char why[WHY_SIZE];
	int result = check_release(scenario, arguments);

	if (result != 0)
		return result;
	order = read_order(arguments);
	if ((order.canary > 0 ||
		arguments_option(arguments, "-fail-when") != NULL) &&
	    upgrade_condition_read(arguments, &scenario->telephony,
		&order.conditions, why, sizeof why) != 0)
		return action_refuse(scenario, arguments, "%s", why);
	judge_keep_report(scenario);
	return await_upgrade(scenario, arguments,
	    release_handler_upgrade(scenario->handler, &order));
}

static int
do_rehearse(struct scenario *scenario, const struct arguments *arguments)
{
	const char *sample = arguments_option(arguments, "-sample");
	int result = check_release(scenario, arguments);

	if (result != 0)
		return result;
	judge_keep_report(scenario);
	return await_upgrade(scenario, arguments,
	    release_handler_rehearse(scenario->handler,
		action_word(arguments, 0), action_word(arguments, 1),
		sample == NULL ? 0 : (uint64_t)action_number(sample)));
}

static int
do_rollback(struct scenario *scenario, const struct arguments *arguments)
{
	int result = check_release(scenario, arguments);

	if (result != 0)
		return result;
	judge_keep_report(scenario);
	return await_upgrade(scenario, arguments,
	    release_handler_rollback(scenario->handler,
		action_word(arguments, 0),
		read_duration(arguments, "-deadline", 0)));
}

static int
do_make_permanent(struct scenario *scenario, const struct arguments *arguments)
{
	int result = check_release(scenario, arguments);

	if (result != 0)
		return result;
	judge_keep_report(scenario);
	return await_upgrade(scenario, arguments,
	    release_handler_make_permanent(scenario->handler,
		action_word(arguments, 0), action_word(arguments, 1)));
}

action_f *
action_of_upgrade(const char *name)
{
	static const struct {
		const char *name;
		action_f *does;
	} actions[] = {
		{ "rehearse", do_rehearse },
		{ "upgrade", do_upgrade },
		{ "rollback", do_rollback },
		{ "make-permanent", do_make_permanent },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].does;
	return NULL;
}
