/*
 * console_operation: does the words of operation.def, which only a running
 * switch knows.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "sim/action_internal.h"
#include "sim/json.h"
#include "sim/noun.h"
#include "sim/operator/console_internal.h"
#include "sim/operator/console_tree.h"
#include "sim/operator/logger.h"
#include "sim/ps.h"
#include "switch/behaviour.h"
#include "switch/process.h"
#include "switch/scheduler.h"

enum { PS_MAX = 1000 };

static int
do_status(struct console *console, const struct arguments *arguments, FILE *out)
{
	(void)arguments;
	(void)fputs(",\"status\":{", out);
	console_status(console, out);
	(void)fputc('}', out);
	return 0;
}

static int
do_ps(struct console *console, const struct arguments *arguments, FILE *out)
{
	(void)arguments;
	(void)fputs(",\"processes\":", out);
	ps_json(console->scenario->scheduler, out, PS_MAX);
	return 0;
}

static int
do_tree(struct console *console, const struct arguments *arguments, FILE *out)
{
	char *drawn = NULL;
	size_t length;
	FILE *text = open_memstream(&drawn, &length);

	(void)arguments;
	(void)fputc(',', out);
	console_tree(
	    console->scenario->scheduler, console->scenario->root, out, text);
	if (text == NULL || fclose(text) != 0 || length == 0) {
		free(drawn);
		return 0;
	}
	drawn[length - 1] = '\0'; /* the line's newline, not the text's */
	(void)fputs(",\"text\":", out);
	json_string(out, drawn);
	free(drawn);
	return 0;
}

/*--------------------------------------------------------------------
 * Levels of the log
 */

/* The call's process, or that of the name; in `rule`. */
static int
find_process(struct scenario *scenario, const struct arguments *arguments,
    struct log_rule *rule)
{
	const struct named_call *call = NULL;

	if (arguments->noun->number == NOUN_call) {
		call = scenario_call(scenario, arguments->key);
		if (call == NULL)
			return action_refuse(scenario, arguments,
			    "no call '%.40s' was made", arguments->key);
		rule->pid = office_call_pid(scenario->office, call->number);
	} else {
		rule->pid = scenario_process(scenario, arguments->key);
	}
	if (!pid_is_none(rule->pid))
		return 0;
	return action_refuse(scenario, arguments,
	    call == NULL ? "no %s '%.40s' runs now" : "%s '%.40s' has ended",
	    arguments->noun->name, arguments->key);
}

static int
find_rule(struct scenario *scenario, const struct arguments *arguments,
    struct log_rule *rule)
{
	const struct noun *noun = arguments->noun;

	if (noun == NULL)
		return 0;
	if (noun->number == NOUN_call || noun->number == NOUN_process ||
	    noun->number == NOUN_supervisor)
		return find_process(scenario, arguments, rule);
	if (noun->number != NOUN_module)
		return action_refuse(scenario, arguments,
		    "'%s' has no lines of its own, expected a call, process, "
		    "supervisor or module",
		    noun->name);
	if (behaviour_current(
		scheduler_behaviours(scenario->scheduler), arguments->key) == 0)
		return action_refuse(
		    scenario, arguments, "no module '%.40s'", arguments->key);
	(void)snprintf(rule->module, sizeof rule->module, "%s", arguments->key);
	return 0;
}

/* Those of processes that are no more make room. */
static void
drop_ended(struct scheduler *home)
{
	struct log *log = scheduler_log(home);
	const struct log_rule *rule;
	unsigned int cursor = 0;

	while ((rule = log_next_rule(log, &cursor)) != NULL)
		if (!pid_is_none(rule->pid) &&
		    !process_is_alive(
			scheduler_where(home, rule->pid), rule->pid)) {
			log_drop_rule(
			    log, &(struct log_rule){ .pid = rule->pid });
			cursor--; /* the last one has its place */
		}
}

static int
set_level(struct console *console, const struct arguments *arguments)
{
	struct scenario *scenario = console->scenario;
	struct log *log = scheduler_log(scenario->scheduler);
	struct log_rule rule = { .pid = PID_NONE };
	const char *word = action_word(arguments, 0);
	bool is_level = log_level_find(word, &rule.level);
	int result = find_rule(scenario, arguments, &rule);

	if (result != 0)
		return result;
	if (!is_level)
		log_drop_rule(log, &rule);
	else if (arguments->noun == NULL)
		logger_set_level(console->options.logger, rule.level);
	else if (log_add_rule(log, &rule) != 0)
		return action_refuse(scenario, arguments,
		    "%d have a level of their own already, `log-level "
		    "default` ends that",
		    LOG_RULES_MAX);
	return 0;
}

static void
say_levels(struct log *log, FILE *out)
{
	const struct log_rule *rule;
	unsigned int cursor = 0;
	char text[64];

	(void)fprintf(out, ",\"log_level\":{\"all\":\"%s\"",
	    log_level_word(log_level(log)));
	while ((rule = log_next_rule(log, &cursor)) != NULL) {
		(void)snprintf(text, sizeof text, "module %s", rule->module);
		if (!pid_is_none(rule->pid))
			(void)snprintf(text, sizeof text, "process <%u.%u>",
			    rule->pid.slot, rule->pid.generation);
		(void)fputc(',', out);
		json_string(out, text);
		(void)fprintf(out, ":\"%s\"", log_level_word(rule->level));
	}
	(void)fputc('}', out);
}

/* What is set is said, whatever was asked. */
static int
do_log_level(
    struct console *console, const struct arguments *arguments, FILE *out)
{
	struct scheduler *home = console->scenario->scheduler;
	int result = 0;

	drop_ended(home);
	if (arguments->positional[0] != NULL)
		result = set_level(console, arguments);
	say_levels(scheduler_log(home), out);
	return result;
}

static const struct {
	const char *word;
	int (*does)(struct console *console, const struct arguments *arguments,
	    FILE *out);
} operations[] = {
	{ "status", do_status },
	{ "ps", do_ps },
	{ "tree", do_tree },
	{ "log-level", do_log_level },
};

int
console_operate(
    struct console *console, const struct arguments *arguments, FILE *out)
{
	unsigned int i = 0;

	while (strcmp(operations[i].word, arguments->command->name) != 0)
		i++;
	return operations[i].does(console, arguments, out);
}
