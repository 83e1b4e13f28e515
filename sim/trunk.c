/*
 * trunk: the commands about trunk groups, routes, and what is out of service.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/noun.h"
#include "sim/traffic.h"
#include "sim/units.h"
#include "switch/nearest.h"

/* Which of the words, with spaces between, an option says; else the first. */
static unsigned int
choice(const struct arguments *arguments, const char *option, const char *words)
{
	const char *word = arguments_option(arguments, option);
	unsigned int i;
	size_t length;

	for (i = 0; word != NULL && *words != '\0'; i++) {
		length = strcspn(words, " ");
		if (length == strlen(word) && strncmp(word, words, length) == 0)
			return i;
		words += length + (words[length] == ' ');
	}
	return 0;
}

static unsigned int
number_option(const struct arguments *arguments, const char *option)
{
	const char *word = arguments_option(arguments, option);

	return word == NULL ? 0 : (unsigned int)action_number(word);
}

/* NULL: they do nothing by themselves; `is_silent`: nor do they answer. */
static int
read_far(struct scenario *scenario, const struct arguments *arguments,
    const struct mix **ret_mix, bool *ret_is_silent)
{
	const char *far = arguments_option(arguments, "-far");

	*ret_mix = NULL;
	*ret_is_silent = far != NULL && strcmp(far, "silent") == 0;
	if (far == NULL || word_is_in(far, FAR_WORDS))
		return 0;
	return action_find_mix(scenario, arguments, far, ret_mix);
}

static int
make_trunk(struct scenario *scenario, const struct arguments *arguments,
    const struct trunk_plan *plan)
{
	int result = office_add_trunk(scenario->office, plan);

	if (result == -EEXIST)
		return action_refuse(scenario, arguments,
		    "there is a trunk group '%s' already", plan->name);
	return result == 0
	    ? 0
	    : action_refuse(scenario, arguments, "no memory is left");
}

int
action_read_trunk(struct scenario *scenario, const struct arguments *arguments,
    struct trunk_plan *ret_plan, const struct mix **ret_mix)
{
	*ret_plan = (struct trunk_plan){
		.name = action_word(arguments, 0),
		.circuits = (uint32_t)action_number(action_word(arguments, 1)),
		.kind = (enum trunk_kind)choice(arguments, "-kind", "ss7 isdn"),
		.direction = (enum trunk_direction)choice(
		    arguments, "-direction", "both in out"),
		.control = (enum trunk_control)choice(
		    arguments, "-control", "all even odd none"),
		.hunt = (enum trunk_hunt)choice(
		    arguments, "-hunt", "low high idle"),
	};
	return read_far(scenario, arguments, ret_mix, &ret_plan->is_silent);
}

static int
do_trunk(struct scenario *scenario, const struct arguments *arguments)
{
	struct trunk_plan plan;
	const struct mix *mix;
	int result = action_read_trunk(scenario, arguments, &plan, &mix);

	if (result == 0)
		result = make_trunk(scenario, arguments, &plan);
	if (result != 0 || mix == NULL)
		return result;
	return traffics_set_far(scenario->traffics,
		   office_find_trunk(scenario->office, plan.name), mix) == 0
	    ? 0
	    : action_refuse(scenario, arguments, "no memory is left");
}

/* "; did you mean 'T1'?", of the groups that there are. */
static int
refuse_trunk(struct scenario *scenario, const struct arguments *arguments,
    const char *name)
{
	char names[1024] = "", nearest[NEAREST_WORD_MAX + 1];
	const char *known;
	uint32_t i;
	size_t at = 0;

	for (i = 0; (known = office_trunk_name(scenario->office, i)) != NULL &&
	     at + strlen(known) + 2 < sizeof names;
	     i++)
		at += (size_t)snprintf(names + at, sizeof names - at, "%s%s",
		    at == 0 ? "" : " ", known);
	if (nearest_word(name, names, nearest, sizeof nearest))
		return action_refuse(scenario, arguments,
		    "there is no trunk group '%s', did you mean '%s'?", name,
		    nearest);
	return action_refuse(scenario, arguments,
	    "there is no trunk group '%s' (`trunk` makes one)", name);
}

int
action_find_trunk(struct scenario *scenario, const struct arguments *arguments,
    const char *name, uint32_t *ret_trunk)
{
	*ret_trunk = office_find_trunk(scenario->office, name);
	return *ret_trunk == TRUNK_NONE
	    ? refuse_trunk(scenario, arguments, name)
	    : 0;
}

static int
read_target(struct scenario *scenario, const struct arguments *arguments,
    const char *word, uint16_t *ret_target)
{
	uint32_t trunk;
	int result;

	if (strcmp(word, "announcement") == 0) {
		*ret_target = TARGET_ANNOUNCEMENT;
		return 0;
	}
	if (strcmp(word, "local") == 0) {
		*ret_target = TARGET_LOCAL;
		return 0;
	}
	result = action_find_trunk(scenario, arguments, word, &trunk);
	if (result == 0)
		*ret_target = (uint16_t)trunk;
	return result;
}

static int
read_targets(struct scenario *scenario, const struct arguments *arguments,
    struct route_plan *plan)
{
	const char *word = action_word(arguments, 1);
	unsigned int i;
	int result = 0;

	for (i = 0; i <= arguments->repeated_count && result == 0; i++) {
		if (i > 0)
			word = arguments->repeated[i - 1];
		if (i == ROUTE_TARGETS_MAX)
			return action_refuse(scenario, arguments,
			    "'%s' would have more than %d targets",
			    plan->prefix, ROUTE_TARGETS_MAX);
		result = read_target(
		    scenario, arguments, word, &plan->targets[plan->count++]);
	}
	return result;
}

/* Why a route cannot be: what is asked first is told first. */
static int
refuse_route(struct scenario *scenario, const struct arguments *arguments,
    const struct route_plan *plan, int result)
{
	if (result == -ENOSPC)
		return action_refuse(scenario, arguments,
		    "'%s' would have more than %d targets", plan->prefix,
		    ROUTE_TARGETS_MAX);
	if (result == -ENOMEM)
		return action_refuse(scenario, arguments, "no memory is left");
	if (strlen(plan->prefix) > DIGITS_MAX ||
	    (plan->prepend != NULL && strlen(plan->prepend) > DIGITS_MAX))
		return action_refuse(scenario, arguments,
		    "'%s' is longer than a number, which has at most %d digits",
		    strlen(plan->prefix) > DIGITS_MAX ? plan->prefix
						      : plan->prepend,
		    DIGITS_MAX);
	return action_refuse(scenario, arguments,
	    "`local` stands alone: numbers with '%s' are lines here, or go "
	    "elsewhere",
	    plan->prefix);
}

int
action_read_route(struct scenario *scenario, const struct arguments *arguments,
    struct route_plan *ret_plan)
{
	struct route_plan plan = {
		.prefix = action_word(arguments, 0),
		.strip = number_option(arguments, "-strip"),
		.prepend = arguments_option(arguments, "-prepend"),
		.min = number_option(arguments, "-min"),
		.max = number_option(arguments, "-max"),
		.order = (enum route_order)choice(
		    arguments, "-order", "fixed weight cost"),
		.class = choice(arguments, "-class", "ordinary emergency") == 0
		    ? ROUTE_ORDINARY
		    : ROUTE_EMERGENCY,
	};
	int result = action_find_tariff(scenario, arguments, &plan.tariff);

	if (result == 0)
		result = read_targets(scenario, arguments, &plan);
	if (result == 0)
		*ret_plan = plan;
	return result;
}

static int
do_route(struct scenario *scenario, const struct arguments *arguments)
{
	struct route_plan plan;
	int result = action_read_route(scenario, arguments, &plan);

	if (result != 0)
		return result;
	result = office_add_route(scenario->office, &plan);
	return result == 0 ? 0
			   : refuse_route(scenario, arguments, &plan, result);
}

static int
do_port(struct scenario *scenario, const struct arguments *arguments)
{
	const char *number = action_word(arguments, 0);
	const char *digits = action_word(arguments, 1);
	int result = office_port(scenario->office, number, digits);

	if (result == -EINVAL)
		return action_refuse(scenario, arguments,
		    "'%s' is longer than a number, which has at most %d digits",
		    strlen(number) > DIGITS_MAX ? number : digits, DIGITS_MAX);
	return result == 0
	    ? 0
	    : action_refuse(scenario, arguments, "no memory is left");
}

/*--------------------------------------------------------------------
 * Service
 */

int
action_find_circuit(struct scenario *scenario,
    const struct arguments *arguments, uint32_t *ret_port)
{
	uint32_t trunk;
	uint64_t number = 0;
	int result =
	    action_find_trunk(scenario, arguments, arguments->key, &trunk);

	if (result != 0)
		return result;
	*ret_port = PORT_NONE;
	if (units_number(arguments->second_key, TRUNK_CIRCUITS_MAX, &number))
		*ret_port =
		    office_circuit(scenario->office, trunk, (uint32_t)number);
	return *ret_port != PORT_NONE
	    ? 0
	    : action_refuse(scenario, arguments,
		  "trunk group '%s' has no circuit %s", arguments->key,
		  arguments->second_key);
}

static int
set_blocked(struct scenario *scenario, const struct arguments *arguments,
    bool is_blocked)
{
	const enum noun_number noun = arguments->noun->number;
	uint32_t found;
	int result;

	if (noun == NOUN_circuit) {
		result = action_find_circuit(scenario, arguments, &found);
		if (result == 0)
			office_block_circuit(
			    scenario->office, found, is_blocked);
		return result;
	}
	if (noun == NOUN_line) {
		result =
		    party_line(scenario, arguments, arguments->key, &found);
		if (result == 0)
			office_block_line(scenario->office, found, is_blocked);
		return result;
	}
	if (noun != NOUN_trunk)
		return action_refuse(scenario, arguments,
		    "a %s is never out of service: lines, trunk groups and "
		    "circuits are",
		    arguments->noun->name);
	result = action_find_trunk(scenario, arguments, arguments->key, &found);
	if (result == 0)
		office_block_trunk(scenario->office, found, is_blocked);
	return result;
}

static int
do_block(struct scenario *scenario, const struct arguments *arguments)
{
	return set_blocked(scenario, arguments, true);
}

static int
do_unblock(struct scenario *scenario, const struct arguments *arguments)
{
	return set_blocked(scenario, arguments, false);
}

action_f *
action_of_trunk(const char *name)
{
	static const struct {
		const char *name;
		action_f *does;
	} actions[] = {
		{ "trunk", do_trunk },
		{ "route", do_route },
		{ "port", do_port },
		{ "block", do_block },
		{ "unblock", do_unblock },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].does;
	return NULL;
}
