/*
 * action_release: versions and plans, as a scenario asks for them.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/noun.h"
#include "sim/plan.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/holders.h"

static int
do_versions(struct scenario *scenario, const struct arguments *arguments)
{
	const char *module = action_word(arguments, 0);
	struct holders *holders = NULL;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int error = -ENOMEM;

	if (out != NULL)
		error = holders_alloc(&holders, scenario->handler,
		    module == NULL ? "call" : module);
	if (error == 0)
		holders_write(holders, out);
	holders_free(&holders);
	if (out != NULL && fclose(out) != 0)
		error = -ENOMEM;
	if (error == 0 && length == 0)
		error = action_refuse(scenario, arguments,
		    "no module '%s' is loaded",
		    module == NULL ? "call" : module);
	else if (error != 0)
		error = action_refuse(scenario, arguments, "no memory is left");
	else
		text[length - 1] = '\0'; /* action_say() ends the line */
	if (error == 0)
		action_say(scenario, text);
	free(text);
	return error;
}

static int
do_purge(struct scenario *scenario, const struct arguments *arguments)
{
	const struct release_purge purge = { .module =
						 action_word(arguments, 0),
		.version = action_word(arguments, 1),
		.is_forced = arguments_option(arguments, "-force") != NULL };
	char why[CODE_WHY_MAX];

	if (release_handler_purge(scenario->handler, &purge, why, sizeof why) !=
	    0)
		return action_refuse(scenario, arguments, "%s", why);
	return 0;
}

static int
do_plan(struct scenario *scenario, const struct arguments *arguments)
{
	const struct plan_switch in = { scenario->code,
		scheduler_behaviours(scenario->scheduler) };
	const struct plan_words words = { action_word(arguments, 0),
		action_word(arguments, 1), action_word(arguments, 2) };
	char why[CODE_WHY_MAX], *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int error;

	if (out == NULL)
		return action_refuse(scenario, arguments, "no memory is left");
	error = plan_write(out, &in, &words, why);
	(void)fclose(out);
	if (error == 0) {
		text[length - 1] = '\0'; /* action_say() ends the line */
		action_say(scenario, text);
	}
	free(text);
	return error == 0 ? 0 : action_refuse(scenario, arguments, "%s", why);
}

action_f *
action_of_release(const char *name)
{
	static const struct {
		const char *name;
		action_f *does;
	} actions[] = {
		{ "plan", do_plan },
		{ "versions", do_versions },
		{ "purge", do_purge },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].does;
	return NULL;
}
