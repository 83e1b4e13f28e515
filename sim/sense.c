/*
 * sense: see sense.h for what it is.
 *
 * Of `service` and of `fault` the services and the ills have their own files.
 */
#include "sim/sense.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/befall.h"
#include "sim/chaos.h"
#include "sim/command.h"
#include "sim/mix.h"
#include "sim/noun.h"
#include "sim/permit.h"
#include "sim/units.h"
#include "switch/nearest.h"
#include "switch/scheduler.h"

/* What one command is held against. */
struct sense {
	struct arguments *arguments;
	const struct command_words *words;
	char *why;
	size_t size;
};

static bool
has(const struct sense *sense, const char *option)
{
	return arguments_option(sense->arguments, option) != NULL;
}

/* The refusal is about this word; where it does not stand, about the whole. */
static void
blame(const struct sense *sense, const char *word)
{
	unsigned int i;

	sense->arguments->wrong = 0;
	for (i = 0; i < sense->words->count; i++)
		if (sense->words->words[i] != NULL &&
		    strcmp(sense->words->words[i], word) == 0)
			sense->arguments->wrong = i + 1;
}

static bool
refuse(const struct sense *sense, const char *word, const char *text)
{
	blame(sense, word);
	(void)snprintf(sense->why, sense->size, "%s", text);
	return false;
}

/*--------------------------------------------------------------------
 * The run itself, prices, accounts
 */

/* Something must be paid. */
static bool
sense_of_tariff(const struct sense *sense)
{
	const char *name = sense->arguments->positional[0];

	if (sense->words->is_open || name == NULL || has(sense, "-setup") ||
	    has(sense, "-first") || has(sense, "-next"))
		return true;
	blame(sense, name);
	(void)snprintf(sense->why, sense->size,
	    "'%s' has no price: give -setup 0.10, -first 0.05/60s or -next "
	    "0.05/60s",
	    name);
	return false;
}

/* Of `records`, whether what is measured has a length. */
static bool
sense_of_records(const struct sense *sense)
{
	const char *interval = arguments_option(sense->arguments, "-interval");
	uint64_t us;

	if (interval == NULL || !units_duration(interval, &us) || us > 0)
		return true;
	blame(sense, interval);
	(void)snprintf(sense->why, sense->size,
	    "an interval of %s has no end: give at least 1ms, as 5m", interval);
	return false;
}

static bool
sense_of_schedulers(const struct sense *sense)
{
	const char *count = sense->arguments->positional[0];
	uint64_t number;

	if (count == NULL || !units_number(count, UINT64_MAX, &number) ||
	    (number > 0 && number <= SCHEDULERS_MAX))
		return true;
	blame(sense, count);
	(void)snprintf(
	    sense->why, sense->size, "there can be 1 to %d", SCHEDULERS_MAX);
	return false;
}

static bool
sense_of_account(const struct sense *sense)
{
	return sense->words->is_open || !has(sense, "-warn") ||
	    has(sense, "-prepaid") ||
	    refuse(sense, "-warn",
		"-warn is for what was paid in: say -prepaid MONEY too");
}

/*--------------------------------------------------------------------
 * Calls and traffic
 */

static bool
sense_of_call(const struct sense *sense)
{
	static const char *const of_trunks[] = { "-calling", "-circuit",
		"-hops" };
	const char *from = sense->arguments->positional[1];
	unsigned int i;

	if (from == NULL || command_is_name(from))
		return true;
	for (i = 0; i < sizeof of_trunks / sizeof of_trunks[0]; i++)
		if (has(sense, of_trunks[i]))
			return refuse(sense, of_trunks[i],
			    "-calling, -circuit and -hops are for calls from a "
			    "trunk group");
	return true;
}

static bool
sense_of_traffic(const struct sense *sense)
{
	if (sense->words->is_open)
		return true;
	if (has(sense, "-rate") == has(sense, "-erlangs"))
		return refuse(sense, "-erlangs",
		    "either -rate or -erlangs says how much, as in -rate 20/s "
		    "or -erlangs 25E");
	return !has(sense, "-sources") || has(sense, "-erlangs") ||
	    refuse(sense, "-sources",
		"-sources needs -erlangs, less than one for each");
}

static double
share(const struct sense *sense, const char *option)
{
	const char *text = arguments_option(sense->arguments, option);
	double share = 0;

	if (text != NULL)
		(void)units_share(text, &share);
	return share;
}

static bool
sense_of_behaviour(const struct sense *sense)
{
#define OPTION(symbol, option) option,
	static const char *const outcomes[] = { MIX_OUTCOMES(OPTION) };
#undef OPTION
	const char *name = sense->arguments->positional[0];
	struct mix mix = mix_plain;
	unsigned int i;

	if (name != NULL && word_is_in(name, FAR_WORDS)) {
		blame(sense, name);
		(void)snprintf(sense->why, sense->size,
		    "`-far %s` is said of far ends without a behaviour: give "
		    "another name",
		    name);
		return false;
	}
	for (i = 0; i < MIX_OUTCOMES_COUNT; i++)
		mix.shares[i] = share(sense, outcomes[i]);
	mix.hold = share(sense, "-hold");
	mix.transfer = share(sense, "-transfer");
	return mix_settle(&mix, sense->why, sense->size) == 0;
}

static bool
sense_of_route(const struct sense *sense)
{
	const char *min = arguments_option(sense->arguments, "-min");
	const char *max = arguments_option(sense->arguments, "-max");
	uint64_t least, most;

	if (min == NULL || max == NULL ||
	    !units_number(min, UINT64_MAX, &least) ||
	    !units_number(max, UINT64_MAX, &most) || most == 0 || least <= most)
		return true;
	blame(sense, "-min");
	(void)snprintf(
	    sense->why, sense->size, "-min %s is more than -max %s", min, max);
	return false;
}

/*--------------------------------------------------------------------
 * Upgrades
 */

/* What is asked about a watch that there is none of. */
static bool
has_watch(const struct sense *sense)
{
	static const char *const of_a_watch[] = { "-watch", "-fail-when" };
	unsigned int i;

	if (has(sense, "-canary"))
		return true;
	if (has(sense, "-only"))
		return refuse(sense, "-only",
		    "'-only' is about calls that run the release first, give "
		    "-canary too");
	for (i = 0; i < sizeof of_a_watch / sizeof of_a_watch[0]; i++) {
		if (has(sense, "-shadow") || !has(sense, of_a_watch[i]))
			continue;
		blame(sense, of_a_watch[i]);
		(void)snprintf(sense->why, sense->size,
		    "'%s' is for a release that is watched on a few calls "
		    "first, give -canary or -shadow too",
		    of_a_watch[i]);
		return false;
	}
	return true;
}

/* None of them means anything at once. */
static bool
has_durations(const struct sense *sense)
{
	static const struct {
		const char *option, *otherwise;
	} durations[] = {
		{ "-watch", "leave it out for 5m" },
		{ "-trial", "leave it out for one without an end" },
		{ "-deadline", "leave it out to cut nobody" },
	};
	const char *text;
	unsigned int i;
	uint64_t us;

	for (i = 0; i < sizeof durations / sizeof durations[0]; i++) {
		text = arguments_option(sense->arguments, durations[i].option);
		if (text == NULL || !units_duration(text, &us) || us > 0)
			continue;
		blame(sense, durations[i].option);
		(void)snprintf(sense->why, sense->size,
		    "'%s' %s is no time, give 1ms or more, or %s",
		    durations[i].option, text, durations[i].otherwise);
		return false;
	}
	return true;
}

/* Calls end when their subscribers want: who waits for that may wait for ever.
 */
static bool
drain_ends(const struct sense *sense)
{
	const char *mode = arguments_option(sense->arguments, "-mode");

	if (mode == NULL || strcmp(mode, "drain") != 0 ||
	    has(sense, "-deadline") || has(sense, "-background"))
		return true;
	return refuse(sense, "drain",
	    "a drain is over when the last call has ended, which may be never: "
	    "give -deadline DUR, after which who is left is cut, or "
	    "-background");
}

static bool
sense_of_upgrade(const struct sense *sense)
{
	return sense->words->is_open ||
	    (has_watch(sense) && has_durations(sense) && drain_ends(sense));
}

/*--------------------------------------------------------------------
 * Questions
 */

/* What comes to be is asked for by its name alone, and what is there is not. */
static bool
sense_of_question(const struct sense *sense)
{
	const struct arguments *arguments = sense->arguments;
	const struct noun *noun = arguments->noun;
	unsigned int i;

	if (sense->words->is_open || noun == NULL || arguments->state != NULL ||
	    word_is_in(noun->name, "call cdr leg upgrade"))
		return true;
	for (i = 0; i < sense->words->count; i++)
		if (sense->words->words[i] == NULL ||
		    arguments->types[i] == ARGUMENT_COND)
			return true;
	blame(sense, noun->name);
	(void)snprintf(sense->why, sense->size,
	    "nothing is asked about the %s: give %sa condition in braces",
	    noun->name, noun->states[0] == '\0' ? "" : "a state or ");
	return false;
}

/*--------------------------------------------------------------------
 * All of them
 */

/* What the others refuse is the last of the words that say what is done. */
static bool
blame_last(const struct sense *sense, unsigned int last)
{
	if (sense->arguments->positional[last] != NULL)
		blame(sense, sense->arguments->positional[last]);
	return false;
}

static bool
sense_of_service(const struct sense *sense)
{
	return service_suits(sense->arguments, sense->why, sense->size) ||
	    blame_last(sense, 2);
}

static bool
sense_of_ill(const struct sense *sense)
{
	return befall_suits(sense->arguments, sense->why, sense->size) ||
	    blame_last(sense, 1);
}

/* Likewise: of two options, or one that may be made at run time. */
static bool
sense_of_chaos(const struct sense *sense)
{
	return sense->words->is_open ||
	    chaos_suits(sense->arguments, sense->why, sense->size);
}

/* It is about the command as a whole: behind -on stand several words. */
static bool
sense_of_allow(const struct sense *sense)
{
	return permit_suits(sense->arguments, sense->why, sense->size);
}

bool
sense_made(struct arguments *arguments, const struct command_words *words,
    char *why, size_t size)
{
	static const struct {
		const char *name;
		bool (*is_made)(const struct sense *sense);
	} senses[] = {
		{ "account", sense_of_account },
		{ "allow", sense_of_allow },
		{ "behaviour", sense_of_behaviour },
		{ "call", sense_of_call },
		{ "chaos", sense_of_chaos },
		{ "expect", sense_of_question },
		{ "fault", sense_of_ill },
		{ "heal", sense_of_ill },
		{ "never", sense_of_question },
		{ "records", sense_of_records },
		{ "rollback", sense_of_upgrade },
		{ "route", sense_of_route },
		{ "schedulers", sense_of_schedulers },
		{ "service", sense_of_service },
		{ "tariff", sense_of_tariff },
		{ "traffic", sense_of_traffic },
		{ "upgrade", sense_of_upgrade },
	};
	const struct sense sense = { arguments, words, why, size };
	unsigned int i;

	for (i = 0; i < sizeof senses / sizeof senses[0]; i++)
		if (strcmp(senses[i].name, arguments->command->name) == 0)
			return senses[i].is_made(&sense);
	return true;
}
