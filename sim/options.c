/*
 * options: see options.h for what they are.
 *
 * getopt_long(3) cuts the line; the words are ours, since a message that only
 * says `unrecognized option` leaves its reader alone.
 */
#include "sim/options.h"

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

/* The tasks and the options that each takes. */
static const struct {
	const char *word;
	enum task task;
	const char *options, *formats;
} tasks[] = {
	{ "run", TASK_RUN,
	    "db format jobs log modules only real-time schedulers seed timeout "
	    "verbose help",
	    "text json tap junit" },
	{ "check", TASK_CHECK, "modules only help", "" },
	{ "report", TASK_REPORT, "db run where limit format output help",
	    "table csv json html" },
	{ "audit", TASK_AUDIT, "db run format help", "table csv json" },
	{ "plan", TASK_PLAN, "format modules help", "text json" },
	{ "states", TASK_STATES, "format modules help", "text dot svg" },
};

enum { TASKS_COUNT = sizeof tasks / sizeof tasks[0] };

static const char task_words[] =
    "run check report audit plan states help --help --version";

static const struct option long_options[] = {
	{ "db", required_argument, NULL, 'b' },
	{ "format", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "limit", required_argument, NULL, 'n' },
	{ "log", required_argument, NULL, 'l' },
	{ "modules", required_argument, NULL, 'm' },
	{ "only", required_argument, NULL, 'y' },
	{ "output", required_argument, NULL, 'o' },
	{ "real-time", no_argument, NULL, 'r' },
	{ "run", required_argument, NULL, 'u' },
	{ "schedulers", required_argument, NULL, 'c' },
	{ "seed", required_argument, NULL, 's' },
	{ "timeout", required_argument, NULL, 't' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "where", required_argument, NULL, 'w' },
	{ NULL, 0, NULL, 0 },
};

static const char help_of_all[] =
    "hotswitch: a simulated telephone switch, upgraded while its calls talk\n"
    "\n"
    "  hotswitch run FILE...     run scenarios, each in a switch of its own;\n"
    "                            a folder is all that are in it\n"
    "  hotswitch check FILE...   find what is wrong with them, run nothing\n"
    "  hotswitch report [NAME]   print what the call database says\n"
    "  hotswitch audit           whether the books of a recorded run agree\n"
    "  hotswitch plan MODULE VERSION VERSION\n"
    "                            print what a conversion does to each value\n"
    "  hotswitch states MODULE VERSION\n"
    "                            print or draw the state table of a release\n"
    "  hotswitch --help          this; with a command before it, more of it\n"
    "  hotswitch help WORD       a word of the scenario language, as expect\n"
    "  hotswitch --version\n"
    "\n"
    "Exit status: 0 all passed; 1 a scenario failed; 2 wrong usage or an\n"
    "unreadable file; 3 the run could not be done (database, module, "
    "memory).\n";

static const char help_of_run[] =
    "hotswitch run FILE... [OPTION]...\n"
    "Runs each scenario in a switch of its own and says whether it passed.  A\n"
    "folder stands for all that are in it and below, by name: files *.tcl "
    "whose\n"
    "first line asks something.  Of several each has a process of its own, "
    "and\n"
    "those that pass have one line (--verbose: a page).\n"
    "\n"
    "  --db FILE         where calls are recorded (calls.db)\n"
    "  --format FORMAT   text, json (one object per scenario), tap or junit\n"
    "  --seed N          random numbers start from N, whatever the file says\n"
    "  --real-time       the machine's clock, not the virtual one\n"
    "  --schedulers N    how many the switch has, whatever the file says (1)\n"
    "  --modules DIR     releases are looked for here first\n"
    "  --log FILE        write the event log of the scenario there\n"
    "  --verbose         say on standard error how far it is, and, when a\n"
    "                    scenario fails, which processes were left\n"
    "  -D NAME=VALUE     the value of a `param` of the scenario\n"
    "  -j, --jobs N      of several scenarios, N at the same time (1)\n"
    "  --only PATTERN    of them those whose name fits, as 'b0*' or '*busy*'\n"
    "  --timeout DUR     of them each may take so long by the machine's clock\n"
    "                    (10m; with --real-time without an end)\n"
    "\n"
    "Commands of a scenario (--help expect explains one of them wholly):\n";

static const char help_of_check[] =
    "hotswitch check FILE... [--only PATTERN] [--modules DIR]\n"
    "Says what is wrong with scenarios, with file and line; runs nothing.\n"
    "A folder stands for all that are in it.\n";

static const char help_of_report[] =
    "hotswitch report [NAME [WORD...]] [OPTION]...\n"
    "Prints a report of the call database; without a name, the summary.\n"
    "A WORD says which object it is about, or is a filter: a column and its\n"
    "value, as in cause=17, or, of calls, number=1001 state=answered\n"
    "version=2.0 time=10s-90s.\n"
    "\n"
    "  --db FILE         the database (calls.db)\n"
    "  --run ID          a run by its number, or `last` (last)\n"
    "  --where COND      rows of which this holds, as '$bill_ms > 1000'\n"
    "  --limit N         that many rows at most\n"
    "  --format FORMAT   table, csv, json, or html: one page with plots\n"
    "  -o, --output FILE write it there; a page needs that\n"
    "\n"
    "Reports:\n";

static const char help_of_audit[] =
    "hotswitch audit [OPTION]...\n"
    "Says whether the books of a recorded run agree, rows A1 to A7: as its\n"
    "switch has found them, and as its records are when they are counted\n"
    "again now.  It is what `report audit` prints, with a verdict.\n"
    "\n"
    "  --db FILE         the database (calls.db)\n"
    "  --run ID          a run by its number, or `last` (last)\n"
    "  --format FORMAT   table, csv or json\n"
    "\n"
    "Exit status: 0 all rows hold; 1 one is broken, or nobody could look;\n"
    "2 wrong usage; 3 the database cannot be read.\n";

static const char help_of_plan[] =
    "hotswitch plan MODULE VERSION VERSION [OPTION]...\n"
    "Prints the plan by which the state of a call goes from one release to\n"
    "another: where each value comes from, by which rule, whether something\n"
    "of it may be lost, and what the way back does.\n"
    "\n"
    "  --format FORMAT   text or json\n"
    "  --modules DIR     releases are looked for here first\n";

static const char help_of_states[] =
    "hotswitch states MODULE VERSION [OPTION]...\n"
    "Prints the table by which a release handles calls: state, event, guard,\n"
    "action, next state, cause, and the number of the row.  One in which a\n"
    "call could come to a stop is refused, with what is missing.\n"
    "\n"
    "  --format FORMAT   text, dot (for graphviz) or svg\n"
    "  --modules DIR     releases are looked for here first\n";

__attribute__((format(printf, 3, 4))) static int
refuse(char *why, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why, size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/* "unknown WHAT 'WORD', did you mean 'NEAREST'?" */
static int
refuse_word(char *why, size_t size, const char *what, const char *word,
    const char *words)
{
	char nearest[NEAREST_WORD_MAX + 1];

	if (nearest_word(word, words, nearest, sizeof nearest))
		return refuse(why, size,
		    "unknown %s '%.60s', did you mean "
		    "'%s'?",
		    what, word, nearest);
	return refuse(why, size, "unknown %s '%.60s', expected one of: %s",
	    what, word, words);
}

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

static int
read_format(struct options *options, unsigned int task, char *why, size_t size)
{
	static const char *const words[] = { "text", "json", "tap", "junit",
		"table", "csv", "html", "dot", "svg" };
	unsigned int i;

	if (!word_is_in(optarg, tasks[task].formats))
		return refuse_word(
		    why, size, "format", optarg, tasks[task].formats);
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i], optarg) == 0)
			options->format = (enum format)i;
	return 0;
}

static int
read_schedulers(struct options *options, char *why, size_t size)
{
	uint64_t number;

	if (!units_number(optarg, SCHEDULERS_MAX, &number) || number == 0)
		return refuse(why, size,
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
		return refuse(why, size,
		    "-j '%.40s' is not a number from 1 to %d", optarg,
		    CREW_MAX);
	options->together = (unsigned int)number;
	return 0;
}

static int
read_timeout(struct options *options, char *why, size_t size)
{
	if (units_duration(optarg, &options->timeout_us) &&
	    options->timeout_us > 0)
		return 0;
	return refuse(why, size,
	    "--timeout '%.40s' is not a duration, as in 90s or 10m", optarg);
}

static int
read_limit(struct options *options, char *why, size_t size)
{
	if (units_number(optarg, INT64_MAX, &options->limit) &&
	    options->limit > 0)
		return 0;
	return refuse(
	    why, size, "--limit '%.40s' is not a number of rows", optarg);
}

static int
read_definition(struct options *options, char *why, size_t size)
{
	const char *equals = strchr(optarg, '=');
	char name[32];

	if (options->definitions_count == DEFINITIONS_MAX)
		return refuse(
		    why, size, "more than %d times -D", DEFINITIONS_MAX);
	if (equals == NULL || (size_t)(equals - optarg) >= sizeof name)
		return refuse(
		    why, size, "-D '%.60s' is not NAME=VALUE", optarg);
	memcpy(name, optarg, (size_t)(equals - optarg));
	name[equals - optarg] = '\0';
	if (!command_is_name(name))
		return refuse(why, size,
		    "-D '%.60s': '%s' cannot be the name "
		    "of a param",
		    optarg, name);
	options->definitions[options->definitions_count++] = optarg;
	return 0;
}

static int
read_option(struct options *options, unsigned int task, int letter, char *why,
    size_t size)
{
	switch (letter) {
	case 'b':
		options->database = optarg;
		return 0;
	case 'c':
		return read_schedulers(options, why, size);
	case 'D':
		return read_definition(options, why, size);
	case 'f':
		return read_format(options, task, why, size);
	case 'j':
		return read_together(options, why, size);
	case 'l':
		options->log = optarg;
		return 0;
	case 'm':
		options->modules = optarg;
		return 0;
	case 'n':
		return read_limit(options, why, size);
	case 'o':
		options->output = optarg;
		return 0;
	case 'r':
		options->is_real = true;
		return 0;
	case 's':
		options->has_seed = true;
		if (units_number(optarg, UINT64_MAX, &options->seed))
			return 0;
		return refuse(
		    why, size, "--seed '%.40s' is not a whole number", optarg);
	case 't':
		return read_timeout(options, why, size);
	case 'u':
		options->run = optarg;
		return 0;
	case 'w':
		options->where = optarg;
		return 0;
	case 'y':
		options->only = optarg;
		return 0;
	default:
		options->is_verbose = true;
		return 0;
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
		return refuse(why, size, "option '%.60s' wants a value", word);
	dash_words(tasks[task].options, known, sizeof known);
	return refuse_word(why, size, "option", word, known);
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
	return refuse(why, size, "'%s%s' is no option of '%s', which has: %s",
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

/* What stands behind argv[1], the word of the task. */
static int
read_options(
    struct options *options, int argc, char **argv, char *why, size_t size)
{
	unsigned int task = place_of(argv[1]);
	int letter, result = 0;

	opterr = 0;
	optind = 0; /* a new line: initialise */
	while (result == 0 &&
	    (letter = getopt_long(
		 argc - 1, argv + 1, ":D:hj:o:", long_options, NULL)) != -1) {
		if (letter == ':' || letter == '?')
			return refuse_option(task, letter, argv + 1, why, size);
		if (letter == 'h') {
			read_help(options, argv[1 + optind]);
			return 0;
		}
		result = takes_option(task, letter)
		    ? read_option(options, task, letter, why, size)
		    : refuse_foreign(task, letter, why, size);
	}
	options->words = (const char *const *)argv + 1 + optind;
	options->words_count = (unsigned int)(argc - 1 - optind);
	return result;
}

static int
check_words(const struct options *options, char *why, size_t size)
{
	if ((options->task == TASK_RUN || options->task == TASK_CHECK) &&
	    options->words_count == 0)
		return refuse(why, size,
		    "no scenario file is given; usage: "
		    "hotswitch %s FILE...",
		    options->task == TASK_RUN ? "run" : "check");
	if (options->task == TASK_PLAN && options->words_count != 3)
		return refuse(why, size,
		    "'plan' wants a module and two versions, %u words are "
		    "given; usage: hotswitch plan call 1.0 2.0",
		    options->words_count);
	if (options->task == TASK_REPORT && options->format == FORMAT_HTML &&
	    options->output == NULL)
		return refuse(why, size,
		    "a page is for a file: give -o FILE beside --format html");
	if (options->task == TASK_AUDIT && options->words_count > 0)
		return refuse(why, size,
		    "'audit' wants no words, '%.60s' is one; usage: hotswitch "
		    "audit --db FILE",
		    options->words[0]);
	if (options->task == TASK_STATES && options->words_count != 2)
		return refuse(why, size,
		    "'states' wants a module and a version, %u words are "
		    "given; usage: hotswitch states call 2.0",
		    options->words_count);
	return 0;
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
		return refuse_word(why, size, "command", word, task_words);
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

int
options_read(
    struct options *ret_options, int argc, char **argv, char *why, size_t size)
{
	struct options options = { .program = argc > 0 ? argv[0] : "hotswitch",
		.database = "calls.db",
		.run = "last",
		.seed = 1,
		.together = 1,
		.help_of = TASK_HELP };
	unsigned int task;
	int result;

	if (argc < 2)
		return refuse(why, size,
		    "no command is given; usage: "
		    "hotswitch run|check|report|audit|plan|states ... (see "
		    "hotswitch "
		    "--help)");
	task = place_of(argv[1]);
	if (task < TASKS_COUNT) {
		options.task = tasks[task].task;
		options.format =
		    options.task == TASK_REPORT || options.task == TASK_AUDIT
		    ? FORMAT_TABLE
		    : FORMAT_TEXT;
		result = read_options(&options, argc, argv, why, size);
	} else {
		result = read_alone(&options, argv, why, size);
	}
	if (result == 0)
		result = check_words(&options, why, size);
	if (result == 0)
		*ret_options = options;
	return result;
}

const char *
options_help(enum task task)
{
	switch (task) {
	case TASK_RUN:
		return help_of_run;
	case TASK_CHECK:
		return help_of_check;
	case TASK_REPORT:
		return help_of_report;
	case TASK_AUDIT:
		return help_of_audit;
	case TASK_PLAN:
		return help_of_plan;
	case TASK_STATES:
		return help_of_states;
	case TASK_HELP:
	case TASK_VERSION:
		break;
	}
	return help_of_all;
}
