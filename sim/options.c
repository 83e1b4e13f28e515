/*
 * options: see options.h for what they are.
 *
 * getopt_long(3) cuts the line; the words are ours, since a message that only
 * says `unrecognized option` leaves its reader alone.
 */
#include "sim/options_internal.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "sim/command.h"
#include "switch/nearest.h"

/* The tasks and the options that each takes. */
static const struct {
	const char *word;
	enum task task;
	const char *options, *formats;
} tasks[] = {
#define TASK(word, number, options, formats)                                   \
	{ word, TASK_##number, options " help", formats },
#include "sim/task.def"
#undef TASK
};

enum { TASKS_COUNT = sizeof tasks / sizeof tasks[0] };

static const char task_words[] =
#define TASK(word, number, options, formats) word " "
#include "sim/task.def"
#undef TASK
    "help --help --version";

static const char usual_socket[] = "hotswitch.sock";
static const char usual_database[] = "calls.db", last_run[] = "last";

static const struct option long_options[] = {
	{ "call", required_argument, NULL, 'a' },
	{ "check", no_argument, NULL, 'C' },
	{ "config", required_argument, NULL, 'g' },
	{ "db", required_argument, NULL, 'b' },
	{ "drain", no_argument, NULL, 'd' },
	{ "format", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "http", required_argument, NULL, 'H' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "ladder", required_argument, NULL, 'i' },
	{ "limit", required_argument, NULL, 'n' },
	{ "log", required_argument, NULL, 'l' },
	{ "log-format", required_argument, NULL, 'F' },
	{ "log-level", required_argument, NULL, 'L' },
	{ "modules", required_argument, NULL, 'm' },
	{ "now", no_argument, NULL, 'N' },
	{ "only", required_argument, NULL, 'y' },
	{ "orders", required_argument, NULL, 'O' },
	{ "output", required_argument, NULL, 'o' },
	{ "real-time", no_argument, NULL, 'r' },
	{ "run", required_argument, NULL, 'u' },
	{ "schedulers", required_argument, NULL, 'c' },
	{ "seed", required_argument, NULL, 's' },
	{ "socket", required_argument, NULL, 'k' },
	{ "timeout", required_argument, NULL, 't' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "watch", no_argument, NULL, 'W' },
	{ "where", required_argument, NULL, 'w' },
	{ "yes", no_argument, NULL, 'Y' },
	{ NULL, 0, NULL, 0 },
};

/* The place of a task by its word; behind the last if there is none. */
static unsigned int
place_of(const char *word)
{
	unsigned int i;

	for (i = 0; i < TASKS_COUNT; i++)
		if (strcmp(word, tasks[i].word) == 0)
			break;
	return i;
}

static const char *
option_name(int letter)
{
	const struct option *option;

	for (option = long_options; option->name != NULL; option++)
		if (option->val == letter)
			return option->name;
	return "";
}

/* "db run" as "--db --run" */
static void
dash_words(const char *words, char *dashed, size_t size)
{
	size_t at = 0, length;
	int put;

	for (; *words != '\0'; words += length, words += *words == ' ') {
		length = strcspn(words, " ");
		put = snprintf(dashed + at, size - at, "%s--%.*s",
		    at == 0 ? "" : " ", (int)length, words);
		at += put > 0 ? (size_t)put : 0;
	}
}

/* An option that getopt_long(3) does not know, or without its value. */
static int
refuse_option(
    unsigned int task, int letter, char *const *argv, char *why, size_t size)
{
	char known[256];
	const char *word = argv[optind - 1];

	if (letter == ':')
		return options_refuse(
		    why, size, "option '%.60s' wants a value", word);
	dash_words(tasks[task].options, known, sizeof known);
	return options_refuse_word(why, size, "option", word, known);
}

/* Whether the task takes the option that getopt_long(3) has found. */
static bool
takes_option(unsigned int task, int letter)
{
	return letter == 'D'
	    ? tasks[task].task == TASK_RUN
	    : word_is_in(option_name(letter), tasks[task].options);
}

static int
refuse_foreign(unsigned int task, int letter, char *why, size_t size)
{
	char known[256];

	dash_words(tasks[task].options, known, sizeof known);
	return options_refuse(why, size,
	    "'%s%s' is no option of '%s', which has: %s",
	    letter == 'D' ? "-D" : "--", option_name(letter), tasks[task].word,
	    known);
}

/* --help of a task; `word`, what stands behind it, may be of the language. */
static void
read_help(struct options *options, const char *word)
{
	options->help_of = options->task;
	options->task = TASK_HELP;
	if (options->help_of != TASK_REPORT && word != NULL && word[0] != '-')
		options->help_word = word;
}

/* How many words an option of the program takes, `at` being none or one. */
static int
own_words(const char *at)
{
	const struct option *option;

	if (strncmp(at, "--", 2) != 0)
		return strcmp(at, "-h") == 0;
	for (option = long_options; option->name != NULL; option++)
		if (strcmp(option->name, at + 2) == 0)
			return option->has_arg == required_argument ? 2 : 1;
	return 1;
}

/*
 * Options of a command of the language have one dash, and are words here: those
 * of the program are brought before them, wherever they stand.
 */
static void
put_own_first(int argc, char **argv)
{
	int to = 1, at, count;
	char *moved[2];

	for (at = 1; at < argc; at += count == 0) {
		count = own_words(argv[at]);
		count = at + count > argc ? argc - at : count;
		if (count == 0)
			continue;
		memcpy(moved, argv + at, (size_t)count * sizeof *argv);
		memmove(argv + to + count, argv + to,
		    (size_t)(at - to) * sizeof *argv);
		memcpy(argv + to, moved, (size_t)count * sizeof *argv);
		to += count;
		at += count;
	}
}

/* What stands behind argv[0], the word of the task or the program's own. */
static int
read_options(struct options *options, unsigned int task, int argc, char **argv,
    char *why, size_t size)
{
	const bool is_ctl = tasks[task].task == TASK_CTL;
	int letter, result = 0;

	if (is_ctl)
		put_own_first(argc, argv);
	opterr = 0;
	optind = 0; /* a new line: initialise */
	while (result == 0 &&
	    (letter = getopt_long(argc, argv,
		 is_ctl ? "+:h" : ":D:hj:o:", long_options, NULL)) != -1) {
		if (letter == ':' || letter == '?')
			return refuse_option(task, letter, argv, why, size);
		if (letter == 'h') {
			read_help(options, argv[optind]);
			return 0;
		}
		result = takes_option(task, letter)
		    ? options_value(
			  options, letter, tasks[task].formats, why, size)
		    : refuse_foreign(task, letter, why, size);
	}
	options->words = (const char *const *)argv + optind;
	options->words_count = (unsigned int)(argc - optind);
	return result;
}

bool
options_are_of_file(const struct options *options)
{
	return options->has_database || options->output != NULL ||
	    options->format == FORMAT_HTML;
}

/* How many words a command wants, where that does not hang on the words. */
static const struct wanted {
	enum task task;
	unsigned int count;
	const char *name, *what, *usage;
} wanted[] = {
	{ TASK_PLAN, 3, "plan", "a module and two versions", "call 1.0 2.0" },
	{ TASK_STATES, 2, "states", "a module and a version", "call 2.0" },
	{ TASK_AUDIT, 0, "audit", "no words", "--db FILE" },
	{ TASK_TOP, 0, "top", "no words", "--socket PATH" },
	{ TASK_SERVE, 0, "serve", "no words", "--config FILE" },
};

static int
check_words(const struct options *options, char *why, size_t size)
{
	const struct wanted *one = wanted;

	if ((options->task == TASK_RUN || options->task == TASK_CHECK) &&
	    options->words_count == 0)
		return options_refuse(why, size,
		    "no scenario file is given; usage: "
		    "hotswitch %s FILE...",
		    options->task == TASK_RUN ? "run" : "check");
	while (one < wanted + sizeof wanted / sizeof wanted[0] &&
	    one->task != options->task)
		one++;
	if (one == wanted + sizeof wanted / sizeof wanted[0] ||
	    one->count == options->words_count)
		return 0;
	if (one->count == 0)
		return options_refuse(why, size,
		    "'%s' wants %s, '%.60s' is one; usage: hotswitch %s %s",
		    one->name, one->what, options->words[0], one->name,
		    one->usage);
	return options_refuse(why, size,
	    "'%s' wants %s, %u words are given; usage: hotswitch %s %s",
	    one->name, one->what, options->words_count, one->name, one->usage);
}

/* Options that are each right, and say nothing beside each other. */
static int
check_together(const struct options *options, char *why, size_t size)
{
	if (options->task == TASK_PLAN && options->has_socket &&
	    options->modules != NULL)
		return options_refuse(why, size,
		    "--modules is of a plan that is read from files: the "
		    "switch at --socket has its own");
	if (options->task == TASK_REPORT && options->has_socket &&
	    options_are_of_file(options))
		return options_refuse(why, size,
		    "--db, --run, -o and html are of a report that is read "
		    "from a file: the switch at --socket has its own");
	if (options->task == TASK_REPORT && options->format == FORMAT_HTML &&
	    options->output == NULL)
		return options_refuse(why, size,
		    "a page is for a file: give -o FILE beside --format html");
	if (options->ladder_call != NULL && options->ladder == NULL)
		return options_refuse(why, size,
		    "--call is for a ladder: give --ladder FILE too");
	return 0;
}

/* Commands of the language are meant, too, if one of them is near. */
static int
refuse_task(char *why, size_t size, const char *word)
{
	char nearest[NEAREST_WORD_MAX + 1];
	const struct command *command;
	unsigned int i;

	for (i = 0; (command = operator_word_at(i)) != NULL; i++)
		if (nearest_word(word, command->name, nearest, sizeof nearest))
			return options_refuse(why, size,
			    "unknown command '%.60s', did you mean '%s'?", word,
			    nearest);
	return options_refuse_word(why, size, "command", word, task_words);
}

/* `hotswitch --help`, `hotswitch help WORD`, `hotswitch --version`. */
static int
read_alone(struct options *options, char **argv, char *why, size_t size)
{
	const char *word = argv[1];
	unsigned int task;

	if (strcmp(word, "--version") == 0) {
		options->task = TASK_VERSION;
		return 0;
	}
	if (!word_is_in(word, "--help -h help"))
		return refuse_task(why, size, word);
	options->task = TASK_HELP;
	if (argv[2] == NULL)
		return 0;
	task = place_of(argv[2]);
	if (task < TASKS_COUNT)
		options->help_of = tasks[task].task;
	else
		options->help_word = argv[2];
	return 0;
}

/* A command that stands without `ctl`, and is no task of that name. */
static bool
is_operators(const char *word)
{
	return place_of(word) == TASKS_COUNT &&
	    operator_word_find(word) != NULL;
}

int
options_read(
    struct options *ret_options, int argc, char **argv, char *why, size_t size)
{
	struct options options = { .program = argc > 0 ? argv[0] : "hotswitch",
		.database = usual_database,
		.socket = usual_socket,
		.run = last_run,
		.seed = 1,
		.together = 1,
		.log_level = LEVEL_notice,
		.help_of = TASK_HELP };
	unsigned int task;
	bool is_command;
	int result;

	if (argc < 2)
		return options_refuse(why, size,
		    "no command is given; usage: "
		    "hotswitch run|check|report|audit|plan|states ... (see "
		    "hotswitch "
		    "--help)");
	is_command = is_operators(argv[1]);
	task = place_of(is_command ? "ctl" : argv[1]);
	if (task < TASKS_COUNT) {
		options.task = tasks[task].task;
		options.format =
		    options.task == TASK_REPORT || options.task == TASK_AUDIT
		    ? FORMAT_TABLE
		    : FORMAT_TEXT;
		result = read_options(&options, task, argc - !is_command,
		    argv + !is_command, why, size);
	} else {
		result = read_alone(&options, argv, why, size);
	}
	options.has_socket = options.socket != usual_socket;
	options.has_database =
	    options.database != usual_database || options.run != last_run;
	if (result == 0)
		result = check_words(&options, why, size);
	if (result == 0)
		result = check_together(&options, why, size);
	if (result == 0)
		*ret_options = options;
	return result;
}
