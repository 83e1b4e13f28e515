/*
 * action_fault: what befalls a subject, and how it is healed, as a scenario
 * asks for it.
 *
 * What can befall what has been held against befall.c by then.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "sim/noun.h"
#include "sim/outage.h"
#include "sim/wire.h"
#include "switch/process.h"
#include "switch/scheduler.h"

/* Of a call and of a module. */
static enum fault_way
find_way(const char *word)
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
	unsigned int i = 0;

	while (strcmp(ways[i].word, word) != 0)
		i++;
	return ways[i].way;
}

static int
break_call(struct scenario *scenario, const struct arguments *arguments)
{
	const enum fault_way way = find_way(action_word(arguments, 1));
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

	if (pid_is_none(pid))
		return action_refuse(scenario, arguments,
		    "no %s '%.40s' runs now", arguments->noun->name,
		    arguments->key);
	process_exit_signal(scenario->scheduler, PID_NONE, pid, reason);
	return 0;
}

static int
do_fault(struct scenario *scenario, const struct arguments *arguments)
{
	switch ((unsigned int)arguments->noun->number) {
	case NOUN_module:
		return module_fault_begin(
		    scenario, arguments, find_way(action_word(arguments, 1)));
	case NOUN_database:
		return action_harm(scenario, arguments);
	case NOUN_messages:
		return wire_begin(scenario, arguments);
	case NOUN_call:
		return break_call(scenario, arguments);
	case NOUN_process:
	case NOUN_supervisor:
		return kill_process(scenario, arguments);
	default:
		return outage_begin(scenario, arguments);
	}
}

static int
do_heal(struct scenario *scenario, const struct arguments *arguments)
{
	switch ((unsigned int)arguments->noun->number) {
	case NOUN_module:
		return module_fault_heal(scenario, arguments);
	case NOUN_database:
		recorder_heal(scenario->recorder);
		scenario->harms++;
		return 0;
	case NOUN_messages:
		wire_heal(scenario);
		return 0;
	default:
		return outage_end(scenario, arguments);
	}
}

action_f *
action_of_fault(const char *name)
{
	if (strcmp(name, "fault") == 0)
		return do_fault;
	if (strcmp(name, "chaos") == 0)
		return chaos_begin;
	return strcmp(name, "heal") == 0 ? do_heal : NULL;
}
