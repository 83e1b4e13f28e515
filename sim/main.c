/*
 * main: the program `hotswitch`.
 *
 * Every file of a command line is read and checked before any of them is run,
 * so that a mistake in the last leaves nothing written by the first.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls/database/report.h"
#include "sim/manual.h"
#include "sim/options.h"
#include "sim/plan.h"
#include "sim/reporting.h"
#include "sim/scenario.h"
#include "sim/script.h"
#include "sim/source.h"
#include "sim/states.h"
#include "sim/verdict.h"
#include "switch/nearest.h"
#include "switch/object.h"

#ifndef HOTSWITCH_VERSION
#define HOTSWITCH_VERSION "0.1"
#endif

enum { WHY_MAX = 1024, PATH_SIZE = 4096 };

_Static_assert((int)WHY_MAX >= (int)REPORTING_WHY, "a report's why fits");

/* Where releases are installed, seen from the program. */
static const char installed[] = "/../lib/hotswitch";

struct program {
	struct options options;
	struct scenario_roots roots;
	char own_root[PATH_SIZE];
	struct source *sources; /* one for each file */
	struct params params;	/* of all files */
	int write_error;	/* of standard output, or 0 */
	char why[WHY_MAX];
};

static int
complain(const char *subject, const char *why, enum exit_status status)
{
	(void)fprintf(stderr, "%s: %s\n", subject, why);
	return (int)status;
}

static int
find_roots(struct program *program)
{
	struct scenario_roots *roots = &program->roots;
	const char *modules = program->options.modules;
	struct stat stat_of;
	char path[PATH_SIZE], *slash;
	ssize_t length;

	if (modules != NULL) {
		(void)snprintf(program->why, sizeof program->why,
		    "hotswitch: --modules '%s'", modules);
		if (stat(modules, &stat_of) != 0)
			return complain(
			    program->why, strerror(errno), EXIT_USAGE);
		if (!S_ISDIR(stat_of.st_mode))
			return complain(program->why,
			    "it is no folder of releases", EXIT_USAGE);
		roots->folders[roots->count++] = modules;
	}
	length =
	    readlink("/proc/self/exe", path, sizeof path - sizeof installed);
	if (length <= 0)
		return 0;
	path[length] = '\0';
	slash = strrchr(path, '/');
	memcpy(slash, installed, sizeof installed);
	/* Where there is none, the path as it would be says so best. */
	if (realpath(path, program->own_root) == NULL)
		(void)snprintf(
		    program->own_root, sizeof program->own_root, "%s", path);
	roots->folders[roots->count++] = program->own_root;
	return 0;
}

static void
forget_sources(struct program *program)
{
	unsigned int i;

	for (i = 0;
	     program->sources != NULL && i < program->options.words_count; i++)
		source_free(&program->sources[i]);
	object_free(program->sources,
	    program->options.words_count * sizeof program->sources[0]);
	program->sources = NULL;
}

static int
read_sources(struct program *program)
{
	const struct options *options = &program->options;
	unsigned int i;
	int status = 0;

	program->sources =
	    object_alloc(options->words_count * sizeof program->sources[0]);
	if (program->sources == NULL)
		return complain(
		    "hotswitch", "no memory is left", EXIT_IMPOSSIBLE);
	for (i = 0; i < options->words_count; i++)
		if (source_read(&program->sources[i], options->words[i],
			program->why, sizeof program->why) != 0)
			status = complain(
			    options->words[i], program->why, EXIT_USAGE);
	return status;
}

/* What scenario_check() says, as an exit status; a reason not yet told is. */
static int
status_of_check(
    struct program *program, const struct source *source, int result)
{
	if (result == 0)
		return EXIT_PASSED;
	if (result == -EINVAL)
		return EXIT_USAGE;
	if (result == -ENOENT)
		return EXIT_IMPOSSIBLE;
	return complain(source->path, program->why,
	    result == -EPIPE ? EXIT_FAILED : EXIT_IMPOSSIBLE);
}

static int
check_source(struct program *program, const struct source *source,
    struct scenario_plan *plan)
{
	int result;

	plan->source = source;
	plan->options = &program->options;
	plan->roots = &program->roots;
	plan->params = &program->params;
	result = scenario_check(plan, program->why, sizeof program->why);
	return status_of_check(program, source, result);
}

/* The first status that is not 0 stays, but a mistake weighs more. */
static int
worse(int status, int other)
{
	if (status == EXIT_USAGE || other == 0)
		return status;
	return status == 0 || other == EXIT_USAGE ? other : status;
}

static int
check_sources(struct program *program)
{
	struct scenario_plan plan = { .shortage = NULL };
	int status = 0, one;
	unsigned int i;

	for (i = 0; i < program->options.words_count; i++) {
		one = check_source(program, &program->sources[i], &plan);
		status = worse(status, one);
		if (one != 0)
			continue;
		script_free(&plan.script);
		if (program->options.task == TASK_CHECK)
			(void)printf("%s: nothing wrong was found\n",
			    program->sources[i].path);
	}
	return status;
}

/* A mistyped -D would change nothing, and nobody would know. */
static int
check_definitions(struct program *program)
{
	const struct options *options = &program->options;
	char nearest[NEAREST_WORD_MAX + 1], name[PARAM_NAME_SIZE];
	const char *known = program->params.names;
	unsigned int i;
	size_t length;

	for (i = 0; i < options->definitions_count; i++) {
		length = strcspn(options->definitions[i], "=");
		(void)snprintf(name, sizeof name, "%.*s", (int)length,
		    options->definitions[i]);
		if (program->params.is_open || word_is_in(name, known))
			continue;
		if (known[0] == '\0')
			(void)snprintf(program->why, sizeof program->why,
			    "no scenario has a param '%s', nor any other",
			    name);
		else if (nearest_word(name, known, nearest, sizeof nearest))
			(void)snprintf(program->why, sizeof program->why,
			    "no scenario has a param '%s', did you mean '%s'?",
			    name, nearest);
		else
			(void)snprintf(program->why, sizeof program->why,
			    "no scenario has a param '%s', there are: %.800s",
			    name, known);
		return complain("hotswitch", program->why, EXIT_USAGE);
	}
	return 0;
}

static bool
is_coloured(void)
{
	const char *no_colour = getenv("NO_COLOR"); /* no-color.org */

	return isatty(STDOUT_FILENO) == 1 &&
	    (no_colour == NULL || no_colour[0] == '\0');
}

static int
run_source(struct program *program, const struct source *source,
    struct printing *printing)
{
	struct scenario_plan plan = { .shortage = NULL };
	struct verdict verdict;
	int status = check_source(program, source, &plan);

	if (status != 0)
		return status;
	if (scenario_run(&plan, &verdict, program->why, sizeof program->why) !=
	    0)
		return complain("hotswitch", program->why, EXIT_IMPOSSIBLE);
	verdict.program = program->options.program;
	verdict_print(&verdict, printing);
	if (fflush(stdout) != 0)
		program->write_error = errno;
	status = verdict_passed(&verdict) ? EXIT_PASSED : EXIT_FAILED;
	verdict_clear(&verdict);
	return status;
}

static int
run_sources(struct program *program)
{
	const struct options *options = &program->options;
	struct printing printing = { .out = stdout,
		.format = options->format,
		.is_coloured = is_coloured(),
		.count = options->words_count };
	int status = 0, one;
	unsigned int i;

	if (verdict_begin(&printing) != 0)
		return complain(
		    "hotswitch", "no memory is left", EXIT_IMPOSSIBLE);
	for (i = 0; i < options->words_count; i++) {
		one = run_source(program, &program->sources[i], &printing);
		status = one > status ? one : status;
		if (one > EXIT_FAILED || ferror(stdout))
			break;
	}
	verdict_end(&printing);
	return status;
}

static int
do_scenarios(struct program *program)
{
	int status = find_roots(program);

	if (status == 0)
		status = read_sources(program);
	if (status == 0)
		status = check_sources(program);
	if (status == 0)
		status = check_definitions(program);
	if (status == 0 && program->options.task == TASK_RUN)
		status = run_sources(program);
	else if (status != 0 && program->options.task == TASK_RUN &&
	    program->options.words_count > 1)
		(void)fputs("hotswitch: nothing was run\n", stderr);
	forget_sources(program);
	return status;
}

static int
do_report(struct program *program)
{
	const struct options *options = &program->options;
	const bool is_named = options->words_count > 0;
	const struct reporting asked = {
		.name = is_named ? options->words[0] : NULL,
		.words = options->words + is_named,
		.words_count = options->words_count - is_named,
		.where = options->where,
		.limit = options->limit,
		.path = options->database,
		.run = options->run,
		.format = options->format,
		.is_coloured = options->output == NULL && is_coloured(),
	};
	int result = options->output == NULL
	    ? reporting_print(&asked, stdout, program->why)
	    : reporting_write(&asked, options->output, program->why);

	if (result == 0)
		return EXIT_PASSED;
	return complain("hotswitch", program->why,
	    result == -ENOENT || result == -EDOM ? EXIT_USAGE
						 : EXIT_IMPOSSIBLE);
}

static int
do_plan(struct program *program)
{
	int status = find_roots(program);
	int result;

	if (status != 0)
		return status;
	result = plan_print(&program->options, &program->roots, program->why);
	if (result == 0)
		return EXIT_PASSED;
	return complain("hotswitch", program->why,
	    result == -ENOENT ? EXIT_USAGE : EXIT_IMPOSSIBLE);
}

static int
do_states(struct program *program)
{
	int status = find_roots(program);
	int result;

	if (status != 0)
		return status;
	result = states_print(&program->options, &program->roots, program->why);
	if (result == 0)
		return EXIT_PASSED;
	return complain("hotswitch", program->why,
	    result == -EDOM	    ? EXIT_FAILED
		: result == -ENOENT ? EXIT_USAGE
				    : EXIT_IMPOSSIBLE);
}

static void
print_reports(void)
{
	char about[128];
	unsigned int i;

	for (i = 0; report_about(i, about, sizeof about); i++)
		(void)printf("  %s\n", about);
}

static int
do_help(struct program *program)
{
	enum task task = program->options.help_of;
	const char *word = program->options.help_word;

	if (word != NULL)
		return manual_word(
			   stdout, word, program->why, sizeof program->why) == 0
		    ? EXIT_PASSED
		    : complain("hotswitch", program->why, EXIT_USAGE);
	(void)fputs(options_help(task), stdout);
	if (task == TASK_REPORT)
		print_reports();
	if (task == TASK_RUN)
		manual_commands(stdout);
	return EXIT_PASSED;
}

static int
do_task(struct program *program)
{
	switch (program->options.task) {
	case TASK_RUN:
	case TASK_CHECK:
		return do_scenarios(program);
	case TASK_REPORT:
		return do_report(program);
	case TASK_PLAN:
		return do_plan(program);
	case TASK_STATES:
		return do_states(program);
	case TASK_HELP:
		return do_help(program);
	case TASK_VERSION:
		(void)printf("hotswitch %s\n", HOTSWITCH_VERSION);
		break;
	}
	return EXIT_PASSED;
}

/* What stdio still holds, or has failed to write before. */
static int
end_output(struct program *program, int status)
{
	if (fflush(stdout) != 0)
		program->write_error = errno;
	/* What a report could not write it has said itself. */
	if (!ferror(stdout) || status > EXIT_FAILED)
		return status;
	return complain("hotswitch: cannot write the result",
	    strerror(program->write_error == 0 ? EIO : program->write_error),
	    EXIT_IMPOSSIBLE);
}

int
main(int argc, char **argv)
{
	struct program program = { .roots = { .count = 0 } };

	if (options_read(&program.options, argc, argv, program.why,
		sizeof program.why) != 0)
		return complain("hotswitch", program.why, EXIT_USAGE);
	return end_output(&program, do_task(&program));
}
