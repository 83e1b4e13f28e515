/*
 * action_release: versions and faults, as a scenario asks for them.
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
#include "switch/registry.h"
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

static bool
find_way(const char *word, enum fault_way *ret_way)
{
	static const struct {
		const char *word;
		enum fault_way way;
	} ways[] = {
		{ "crash", FAULT_CRASH },
		{ "abort", FAULT_ABORT },
		{ "divide", FAULT_DIVIDE },
		{ "loop", FAULT_LOOP },
		{ "overrun", FAULT_OVERRUN },
	};
	unsigned int i;

	for (i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (strcmp(ways[i].word, word) == 0) {
			*ret_way = ways[i].way;
			return true;
		}
	return false;
}

static int
break_call(struct scenario *scenario, const struct arguments *arguments,
    enum fault_way way)
{
	const char *message = arguments_option(arguments, "-on");
	const char *text = arguments_option(arguments, "-count");
	uint32_t count = text == NULL ? 1 : (uint32_t)action_number(text);
	struct pid pid;
	int result = party_call(scenario, arguments, arguments->key, &pid);

	if (result != 0)
		return result;
	result = process_break(scheduler_where(scenario->scheduler, pid), pid,
	    message == NULL ? 0 : action_signal(message), way, count);
	if (result == 0)
		result = blame_order(scenario,
		    scenario_call(scenario, arguments->key), message, count);
	return result == 0
	    ? 0
	    : action_refuse(scenario, arguments, "%s", strerror(-result));
}

static int
kill_process(struct scenario *scenario, const struct arguments *arguments)
{
	const struct reason reason = { .kind = REASON_KILL };
	struct pid pid = scenario_process(scenario, arguments->key);

	if (arguments->options_count > 0)
		return action_refuse(scenario, arguments,
		    "'%s' is for calls: a process is killed once, and now",
		    arguments->options[0].name);
	if (pid_is_none(pid))
		return action_refuse(scenario, arguments,
		    "no %s '%.40s' runs now", arguments->noun->name,
		    arguments->key);
	process_exit_signal(scenario->scheduler, PID_NONE, pid, reason);
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

static int
refuse_kind(struct scenario *scenario, const struct arguments *arguments)
{
	return action_refuse(scenario, arguments,
	    "'%s' is nothing that can befall a %s: calls and modules "
	    "crash, abort, divide, loop or overrun, a process or supervisor "
	    "has kill, a line, "
	    "trunk or circuit is down, an ISDN line silent, a database is "
	    "busy, full, readonly, corrupt, slow or will vanish",
	    action_word(arguments, 1), arguments->noun->name);
}

static int
do_fault(struct scenario *scenario, const struct arguments *arguments)
{
	enum noun_number noun = arguments->noun->number;
	bool is_kill = strcmp(action_word(arguments, 1), "kill") == 0;
	bool is_down = strcmp(action_word(arguments, 1), "down") == 0;
	enum fault_way way;
	bool is_way = find_way(action_word(arguments, 1), &way);

	if (noun == NOUN_module)
		return is_way ? module_fault_begin(scenario, arguments, way)
			      : refuse_kind(scenario, arguments);
	if (arguments_option(arguments, "-rate") != NULL)
		return action_refuse(scenario, arguments,
		    "'-rate' is for a module: what befalls a %s comes at once",
		    arguments->noun->name);
	if (noun == NOUN_database)
		return action_harm(scenario, arguments);
	if (arguments_option(arguments, "-for") != NULL)
		return action_refuse(scenario, arguments,
		    "'-for' is for a database: what befalls a %s is done and "
		    "over",
		    arguments->noun->name);
	if (is_down &&
	    (noun == NOUN_line || noun == NOUN_trunk || noun == NOUN_circuit))
		return action_set_down(scenario, arguments, true);
	if (noun == NOUN_line &&
	    strcmp(action_word(arguments, 1), "silent") == 0)
		return action_silence(scenario, arguments);
	if (noun == NOUN_call && is_way)
		return break_call(scenario, arguments, way);
	if ((noun == NOUN_process || noun == NOUN_supervisor) && is_kill)
		return kill_process(scenario, arguments);
	return refuse_kind(scenario, arguments);
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
		{ "fault", do_fault },
		{ "chaos", chaos_begin },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].does;
	return NULL;
}
