/*
 * options_value: what stands behind an option of the command line, and the
 * words in which one that is wrong is refused.
 */
#include "sim/options_internal.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/command.h"
#include "sim/crew.h"
#include "sim/units.h"
#include "switch/nearest.h"
#include "switch/scheduler.h"

int
options_refuse(char *why, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why, size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/* "unknown WHAT 'WORD', did you mean 'NEAREST'?" */
int
options_refuse_word(char *why, size_t size, const char *what, const char *word,
    const char *words)
{
	char nearest[NEAREST_WORD_MAX + 1];

	if (nearest_word(word, words, nearest, sizeof nearest))
		return options_refuse(why, size,
		    "unknown %s '%.60s', did you mean "
		    "'%s'?",
		    what, word, nearest);
	return options_refuse(why, size,
	    "unknown %s '%.60s', expected one of: %s", what, word, words);
}

static int
read_format(
    struct options *options, const char *formats, char *why, size_t size)
{
	static const char *const words[] = { "text", "json", "tap", "junit",
		"table", "csv", "html", "dot", "svg" };
	unsigned int i;

	if (!word_is_in(optarg, formats))
		return options_refuse_word(
		    why, size, "format", optarg, formats);
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i], optarg) == 0)
			options->format = (enum format)i;
	return 0;
}

static int
read_log_format(struct options *options, char *why, size_t size)
{
	static const char words[] = "logfmt json";

	options->logs_json = strcmp(optarg, "json") == 0;
	return word_is_in(optarg, words)
	    ? 0
	    : options_refuse_word(why, size, "--log-format", optarg, words);
}

static int
read_log_level(struct options *options, char *why, size_t size)
{
	static const char words[] =
#define LOG_LEVEL_WORD(symbol) #symbol " "
	    LOG_LEVELS(LOG_LEVEL_WORD);
#undef LOG_LEVEL_WORD

	return log_level_find(optarg, &options->log_level)
	    ? 0
	    : options_refuse_word(why, size, "--log-level", optarg, words);
}

static int
read_schedulers(struct options *options, char *why, size_t size)
{
	uint64_t number;

	if (!units_number(optarg, SCHEDULERS_MAX, &number) || number == 0)
		return options_refuse(why, size,
		    "--schedulers '%.40s' is not a number from 1 to %d", optarg,
		    SCHEDULERS_MAX);
	options->schedulers = (unsigned int)number;
	return 0;
}

static int
read_together(struct options *options, char *why, size_t size)
{
	uint64_t number;

	if (!units_number(optarg, CREW_MAX, &number) || number == 0)
		return options_refuse(why, size,
		    "-j '%.40s' is not a number from 1 to %d", optarg,
		    CREW_MAX);
	options->together = (unsigned int)number;
	return 0;
}

/* What is drawn is told by the end of the file's name. */
static int
read_ladder(struct options *options, char *why, size_t size)
{
	const char *dot = strrchr(optarg, '.');

	if (dot == NULL || !word_is_in(dot, ".svg .txt .mmd"))
		return options_refuse(why, size,
		    "--ladder '%.200s' does not say what to draw: name it "
		    "*.svg (a picture), *.txt or *.mmd (Mermaid)",
		    optarg);
	options->ladder = optarg;
	return 0;
}

static int
read_orders(struct options *options, char *why, size_t size)
{
	options->explores = strcmp(optarg, "all") == 0;
	options->has_order = order_read(optarg, &options->order);
	if (options->explores || options->has_order)
		return 0;
	return options_refuse(why, size,
	    "--orders '%.60s' is neither all nor an order of races, as in 2 or "
	    "2.1.3",
	    optarg);
}

static int
read_timeout(struct options *options, char *why, size_t size)
{
	if (units_duration(optarg, &options->timeout_us) &&
	    options->timeout_us > 0)
		return 0;
	return options_refuse(why, size,
	    "--timeout '%.40s' is not a duration, as in 90s or 10m", optarg);
}

static int
read_limit(struct options *options, char *why, size_t size)
{
	if (units_number(optarg, INT64_MAX, &options->limit) &&
	    options->limit > 0)
		return 0;
	return options_refuse(
	    why, size, "--limit '%.40s' is not a number of rows", optarg);
}

static int
read_definition(struct options *options, char *why, size_t size)
{
	const char *equals = strchr(optarg, '=');
	char name[32];

	if (options->definitions_count == DEFINITIONS_MAX)
		return options_refuse(
		    why, size, "more than %d times -D", DEFINITIONS_MAX);
	if (equals == NULL || (size_t)(equals - optarg) >= sizeof name)
		return options_refuse(
		    why, size, "-D '%.60s' is not NAME=VALUE", optarg);
	memcpy(name, optarg, (size_t)(equals - optarg));
	name[equals - optarg] = '\0';
	if (!command_is_name(name))
		return options_refuse(why, size,
		    "-D '%.60s': '%s' cannot be the name "
		    "of a param",
		    optarg, name);
	options->definitions[options->definitions_count++] = optarg;
	return 0;
}

/* Where the value of an option goes as it is; NULL: it is read first. */
static const char **
place_of_text(struct options *options, int letter)
{
	switch (letter) {
	case 'a':
		return &options->ladder_call;
	case 'b':
		return &options->database;
	case 'g':
		return &options->config;
	case 'H':
		return &options->http;
	case 'k':
		return &options->socket;
	case 'l':
		return &options->log;
	case 'm':
		return &options->modules;
	case 'o':
		return &options->output;
	case 'u':
		return &options->run;
	case 'w':
		return &options->where;
	case 'y':
		return &options->only;
	default:
		return NULL;
	}
}

/* Those without a value. */
static void
set_flag(struct options *options, int letter)
{
	if (letter == 'd' || letter == 'N')
		options->drains = letter == 'd';
	else if (letter == 'C')
		options->is_check = true;
	else if (letter == 'r')
		options->is_real = true;
	else if (letter == 'W')
		options->is_watching = true;
	else if (letter == 'Y')
		options->is_sure = true;
	else
		options->is_verbose = true;
}

int
options_value(struct options *options, int letter, const char *formats,
    char *why, size_t size)
{
	const char **text = place_of_text(options, letter);

	if (text != NULL) {
		*text = optarg;
		return 0;
	}
	switch (letter) {
	case 'c':
		return read_schedulers(options, why, size);
	case 'i':
		return read_ladder(options, why, size);
	case 'D':
		return read_definition(options, why, size);
	case 'f':
		return read_format(options, formats, why, size);
	case 'F':
		return read_log_format(options, why, size);
	case 'L':
		return read_log_level(options, why, size);
	case 'j':
		return read_together(options, why, size);
	case 'n':
		return read_limit(options, why, size);
	case 's':
		options->has_seed = true;
		if (units_number(optarg, UINT64_MAX, &options->seed))
			return 0;
		return options_refuse(
		    why, size, "--seed '%.40s' is not a whole number", optarg);
	case 'O':
		return read_orders(options, why, size);
	case 't':
		return read_timeout(options, why, size);
	default:
		set_flag(options, letter);
		return 0;
	}
}
