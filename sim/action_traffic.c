/*
 * action_traffic: the commands about generated traffic.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/search.h"
#include "sim/source.h"
#include "sim/threshold.h"
#include "sim/traffic.h"
#include "sim/units.h"
#include "switch/nearest.h"

/*--------------------------------------------------------------------
 * Words
 */

/* Of a distribution that is given; data:FILE is read now. */
static int
read_distribution(struct scenario *scenario, const struct arguments *arguments,
    const char *option, struct distribution *into)
{
	const char *text = arguments_option(arguments, option);
	const char *file;
	char why[WHY_SIZE];

	if (text == NULL)
		return 0;
	file = distribution_file(text);
	if (file == NULL) {
		(void)units_distribution(text, into);
		return 0;
	}
	return traffics_read_data(scenario->traffics, scenario->source->path,
		   file, into, why, sizeof why) == 0
	    ? 0
	    : action_refuse(scenario, arguments, "%s", why);
}

static double
read_share(const struct arguments *arguments, const char *option)
{
	const char *text = arguments_option(arguments, option);
	double share = 0;

	if (text != NULL)
		(void)units_share(text, &share);
	return share;
}

/* Lines, or else a trunk group; without the option all lines. */
static int
read_from(struct scenario *scenario, const struct arguments *arguments,
    struct traffic_options *options)
{
	const char *from = arguments_option(arguments, "-from");

	options->from_trunk = TRUNK_NONE;
	if (from == NULL || units_range(from, &options->from))
		return 0;
	return action_find_trunk(
	    scenario, arguments, from, &options->from_trunk);
}

/* Numbers; or all that begin as a route to that trunk group says. */
static int
read_to(struct scenario *scenario, const struct arguments *arguments,
    struct traffic_options *options)
{
	const char *to = arguments_option(arguments, "-to");
	uint32_t trunk;
	int result;

	if (to == NULL || units_range(to, &options->to))
		return 0;
	result = action_find_trunk(scenario, arguments, to, &trunk);
	if (result != 0)
		return result;
	if (office_numbers_to(
		scenario->office, trunk, options->to.first, options->to.last))
		return 0;
	return action_refuse(scenario, arguments,
	    "no route leads to trunk group '%s' first (`route` makes one)", to);
}

static void
read_amount(const struct arguments *arguments, struct traffic_options *options)
{
	const char *rate = arguments_option(arguments, "-rate");
	const char *erlangs = arguments_option(arguments, "-erlangs");
	const char *sources = arguments_option(arguments, "-sources");

	if (rate != NULL)
		(void)units_rate(rate, &options->rate);
	if (erlangs != NULL)
		(void)units_erlangs(erlangs, &options->erlangs);
	if (sources != NULL)
		options->sources = (uint32_t)action_number(sources);
}

int
action_find_mix(struct scenario *scenario, const struct arguments *arguments,
    const char *name, const struct mix **ret_mix)
{
	char names[WHY_SIZE / 2], nearest[NEAREST_WORD_MAX + 1];

	*ret_mix = traffics_mix(scenario->traffics, name);
	if (*ret_mix != NULL)
		return 0;
	traffics_mix_names(scenario->traffics, names, sizeof names);
	if (nearest_word(name, names, nearest, sizeof nearest))
		return action_refuse(scenario, arguments,
		    "there is no behaviour '%s', did you mean '%s'?", name,
		    nearest);
	return action_refuse(scenario, arguments,
	    "there is no behaviour '%s' (`behaviour` makes one)", name);
}

int
action_refuse_traffic(struct scenario *scenario,
    const struct arguments *arguments, const char *name)
{
	char names[WHY_SIZE / 2], nearest[NEAREST_WORD_MAX + 1];

	traffics_names(scenario->traffics, names, sizeof names);
	if (nearest_word(name, names, nearest, sizeof nearest))
		return action_refuse(scenario, arguments,
		    "no traffic '%s' was started, did you mean '%s'?", name,
		    nearest);
	return action_refuse(
	    scenario, arguments, "no traffic '%s' was started", name);
}

/*--------------------------------------------------------------------
 * Commands
 */

static int
read_mix(struct scenario *scenario, const struct arguments *arguments,
    struct traffic_options *options)
{
	const char *name = arguments_option(arguments, "-behaviour");
	const struct mix *mix = &mix_plain;
	int result = 0;

	if (name != NULL)
		result = action_find_mix(scenario, arguments, name, &mix);
	if (result == 0) {
		options->mix = *mix;
		result = read_distribution(scenario, arguments, "-answer-after",
		    &options->mix.answer_after);
	}
	return result;
}

static int
read_profile(struct scenario *scenario, const struct arguments *arguments,
    struct traffic_options *options)
{
	const char *file = arguments_option(arguments, "-profile");
	char why[WHY_SIZE];

	if (file == NULL ||
	    traffics_read_profile(scenario->traffics, scenario->source->path,
		file, &options->profile, why, sizeof why) == 0)
		return 0;
	return action_refuse(scenario, arguments, "%s", why);
}

static int
read_options(struct scenario *scenario, const struct arguments *arguments,
    struct traffic_options *options)
{
	const char *arrivals = arguments_option(arguments, "-arrivals");
	const char *duration = arguments_option(arguments, "-for");
	int result = read_from(scenario, arguments, options);

	if (result == 0)
		result = read_to(scenario, arguments, options);
	if (result == 0)
		result = read_distribution(
		    scenario, arguments, "-hold", &options->hold);
	if (result == 0)
		result = read_mix(scenario, arguments, options);
	if (result == 0)
		result = read_profile(scenario, arguments, options);
	read_amount(arguments, options);
	options->is_constant =
	    arrivals != NULL && strcmp(arrivals, "constant") == 0;
	if (duration != NULL)
		options->duration = action_duration(duration);
	return result;
}

static int
do_traffic(struct scenario *scenario, const struct arguments *arguments)
{
	/* Mean holding 90 s: the usual planning value for local calls. */
	struct traffic_options options = {
		.name = action_word(arguments, 0),
		.hold = { DISTRIBUTION_EXPONENTIAL, 90000000, 0, NULL },
		.duration = UINT64_MAX,
	};
	char why[WHY_SIZE];
	int result;

	if (scenario->module[0] == '\0')
		return action_refuse(scenario, arguments,
		    "no release handles calls "
		    "yet (`module call 1.0` first)");
	if (strcmp(options.name, "all") == 0)
		return action_refuse(scenario, arguments,
		    "`stop all` stops all traffics: give another name");
	result = read_options(scenario, arguments, &options);
	if (result != 0)
		return result;
	return traffics_start(scenario->traffics, &options, why, sizeof why) ==
		0
	    ? 0
	    : action_refuse(scenario, arguments, "%s", why);
}

static int
read_mix_distributions(struct scenario *scenario,
    const struct arguments *arguments, struct mix *mix)
{
	const struct {
		const char *option;
		struct distribution *into;
	} options[] = {
		{ "-answer-after", &mix->answer_after },
		{ "-abandon-after", &mix->abandon_after },
		{ "-redial-after", &mix->redial_after },
		{ "-dial-every", &mix->dial_every },
	};
	unsigned int i;
	int result = 0;

	for (i = 0; i < sizeof options / sizeof options[0] && result == 0; i++)
		result = read_distribution(
		    scenario, arguments, options[i].option, options[i].into);
	mix->is_slow = arguments_option(arguments, "-dial-every") != NULL;
	return result;
}

static int
do_behaviour(struct scenario *scenario, const struct arguments *arguments)
{
#define OPTION(symbol, option) option,
	static const char *const options[] = { MIX_OUTCOMES(OPTION) };
#undef OPTION
	struct mix mix = mix_plain;
	char why[WHY_SIZE];
	unsigned int i;
	int result;

	(void)snprintf(
	    mix.name, sizeof mix.name, "%s", action_word(arguments, 0));
	for (i = 0; i < MIX_OUTCOMES_COUNT; i++)
		mix.shares[i] = read_share(arguments, options[i]);
	mix.is_answer_said = arguments_option(arguments, "-answer") != NULL;
	mix.hold = read_share(arguments, "-hold");
	mix.transfer = read_share(arguments, "-transfer");
	mix.redial = read_share(arguments, "-redial");
	result = read_mix_distributions(scenario, arguments, &mix);
	if (result != 0)
		return result;
	if (mix_settle(&mix, why, sizeof why) != 0 ||
	    traffics_add_mix(scenario->traffics, &mix, why, sizeof why) != 0)
		return action_refuse(scenario, arguments, "%s", why);
	return 0;
}

static int
do_stop(struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = action_word(arguments, 0);
	const bool is_all = strcmp(name, "all") == 0;

	return traffics_stop(scenario->traffics, is_all ? NULL : name,
		   arguments_option(arguments, "-now") != NULL) == 0
	    ? 0
	    : action_refuse_traffic(scenario, arguments, name);
}

static int
do_rate(struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = action_word(arguments, 0);
	const char *quantity = action_word(arguments, 1);
	const char *over = arguments_option(arguments, "-over");
	struct traffic_amount amount = {
		.over = over == NULL ? 0 : action_duration(over)
	};
	char why[WHY_SIZE];
	int result;

	if (!units_rate(quantity, &amount.rate))
		(void)units_erlangs(quantity, &amount.erlangs);
	result =
	    traffics_rate(scenario->traffics, name, &amount, why, sizeof why);
	if (result == -ESRCH)
		return action_refuse_traffic(scenario, arguments, name);
	return result == 0
	    ? 0
	    : action_refuse(scenario, arguments, "'%s': %s", name, why);
}

action_f *
action_of_traffic(const char *name)
{
	static const struct {
		const char *name;
		action_f *does;
	} actions[] = {
		{ "traffic", do_traffic },
		{ "behaviour", do_behaviour },
		{ "stop", do_stop },
		{ "rate", do_rate },
		{ "search", search_do },
		{ "threshold", threshold_do },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].does;
	return NULL;
}
