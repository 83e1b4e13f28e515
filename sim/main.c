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
#include "sim/command.h"
#include "sim/options.h"
#include "sim/scenario.h"
#include "sim/script.h"
#include "sim/source.h"
#include "sim/verdict.h"
#include "switch/object.h"

#ifndef HOTSWITCH_VERSION
#define HOTSWITCH_VERSION "0.1"
#endif

enum { WHY_MAX = 1024, PATH_SIZE = 4096 };

/* Where releases are installed, seen from the program. */
static const char installed[] = "/../lib/hotswitch";

struct program {
	struct options options;
	struct scenario_roots roots;
	char own_root[PATH_SIZE];
	struct source *sources; /* one for each file */
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
	ssize_t length;
	char *slash;

	if (modules != NULL) {
		if (stat(modules, &stat_of) != 0)
			return complain(modules, strerror(errno), EXIT_USAGE);
		if (!S_ISDIR(stat_of.st_mode))
			return complain(modules,
			    "it is no folder, --modules "
			    "wants one of releases",
			    EXIT_USAGE);
		roots->folders[roots->count++] = modules;
	}
	length = readlink("/proc/self/exe", program->own_root,
	    sizeof program->own_root - sizeof installed);
	if (length <= 0)
		return 0;
	program->own_root[length] = '\0';
	slash = strrchr(program->own_root, '/');
	memcpy(slash, installed, sizeof installed);
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
	struct scenario_plan plan;
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

static bool
is_coloured(void)
{
	const char *no_colour = getenv("NO_COLOR"); /* no-color.org */

	return isatty(STDOUT_FILENO) == 1 &&
	    (no_colour == NULL || no_colour[0] == '\0');
}

static int
run_source(struct program *program, const struct source *source)
{
	struct scenario_plan plan;
	struct verdict verdict;
	int status = check_source(program, source, &plan);

	if (status != 0)
		return status;
	if (scenario_run(&plan, &verdict, program->why, sizeof program->why) !=
	    0)
		return complain("hotswitch", program->why, EXIT_IMPOSSIBLE);
	verdict_print(&verdict, stdout, program->options.format, is_coloured());
	(void)fflush(stdout);
	status = verdict_passed(&verdict) ? EXIT_PASSED : EXIT_FAILED;
	verdict_clear(&verdict);
	return status;
}

static int
run_sources(struct program *program)
{
	const struct options *options = &program->options;
	int status = 0, one;
	unsigned int i;

	verdict_begin(stdout, options->format, options->words_count);
	for (i = 0; i < options->words_count; i++) {
		one = run_source(program, &program->sources[i]);
		status = one > status ? one : status;
		if (one > EXIT_FAILED)
			break;
	}
	verdict_end(stdout, options->format);
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
	if (status == 0 && program->options.task == TASK_RUN)
		status = run_sources(program);
	forget_sources(program);
	return status;
}

static int
do_report(struct program *program)
{
	const struct options *options = &program->options;
	const struct report_options report = {
		.name = options->words_count > 0 ? options->words[0] : NULL,
		.path = options->database,
		.run = options->run,
		.format = options->format == FORMAT_CSV ? REPORT_CSV
		    : options->format == FORMAT_JSON	? REPORT_JSON
							: REPORT_TABLE,
		.is_terminal = is_coloured(),
	};
	int result =
	    report_print(&report, stdout, program->why, sizeof program->why);

	if (result == 0)
		return EXIT_PASSED;
	return complain("hotswitch", program->why,
	    result == -ENOENT ? EXIT_USAGE : EXIT_IMPOSSIBLE);
}

static int
do_help(enum task task)
{
	unsigned int i;

	(void)fputs(options_help(task), stdout);
	if (task == TASK_REPORT)
		(void)printf("%s\n", report_names());
	for (i = 0; task == TASK_RUN && i < command_count(); i++)
		(void)printf("  %s %s\n      %s\n", command_at(i)->name,
		    command_at(i)->usage, command_at(i)->help);
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
	case TASK_HELP:
		return do_help(program->options.help_of);
	case TASK_VERSION:
		(void)printf("hotswitch %s\n", HOTSWITCH_VERSION);
		break;
	}
	return EXIT_PASSED;
}

int
main(int argc, char **argv)
{
	struct program program = { .roots = { .count = 0 } };
	int status;

	if (options_read(&program.options, argc, argv, program.why,
		sizeof program.why) != 0)
		return complain("hotswitch", program.why, EXIT_USAGE);
	status = do_task(&program);
	if (fflush(stdout) != 0)
		return complain("hotswitch: cannot write the result",
		    strerror(errno), EXIT_IMPOSSIBLE);
	return status;
}
