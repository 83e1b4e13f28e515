/*
 * main: the program `hotswitch`: what a command line asks for is done by the
 * file of that name.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls/database/report.h"
#include "calls/database/screen.h"
#include "sim/command.h"
#include "sim/manual.h"
#include "sim/operator/ctl.h"
#include "sim/operator/serve.h"
#include "sim/options.h"
#include "sim/plan.h"
#include "sim/reporting.h"
#include "sim/scenario.h"
#include "sim/states.h"
#include "sim/suite.h"
#include "sim/terminal.h"

#ifndef HOTSWITCH_VERSION
#define HOTSWITCH_VERSION "0.1"
#endif

enum { WHY_MAX = 1024, PATH_SIZE = 4096 };

_Static_assert((int)WHY_MAX >= (int)REPORTING_WHY, "a report's why fits");

/* Where releases are installed, seen from the program. */
static const char installed[] = "/" HOTSWITCH_WAY;

struct program {
	struct options options;
	struct scenario_roots roots;
	char own_root[PATH_SIZE];
	int write_error; /* of standard output, or 0 */
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

static int
do_scenarios(struct program *program)
{
	int status = find_roots(program);

	return status != 0 ? status
			   : suite_do(&program->options, &program->roots,
				 &program->write_error);
}

static int
complain_of_report(struct program *program, int result)
{
	return complain("hotswitch", program->why,
	    reporting_is_wrong(result) ? EXIT_USAGE : EXIT_IMPOSSIBLE);
}

/* The words, at `ctl`. */
static int
ask_switch(
    const struct options *options, const char *const *words, unsigned int count)
{
	struct options asked = *options;

	asked.words = words;
	asked.words_count = count;
	return ctl(&asked, terminal_is_coloured(STDOUT_FILENO));
}

/* 0: it is none. */
static unsigned int
width_of_terminal(void)
{
	return terminal_is(STDOUT_FILENO) ? screen_columns(stdout) : 0;
}

/* As the command of the language has it, which has its options behind it. */
static int
ask_report(const struct options *options)
{
	static const char *const formats[] = { [FORMAT_TABLE] = "table",
		[FORMAT_CSV] = "csv",
		[FORMAT_JSON] = "json" };
	const char *words[COMMAND_WORDS_MAX + 12] = { "report", "summary" };
	struct options asked = *options;
	unsigned int count = 1, i;
	char limit[24], width[24];

	for (i = 0; i < options->words_count && i < COMMAND_WORDS_MAX; i++)
		words[count++] = options->words[i];
	if (i == 0)
		count++; /* that of the summary */
	words[count++] = "-format";
	words[count++] = formats[options->format];
	if (options->where != NULL) {
		words[count++] = "-where";
		words[count++] = options->where;
	}
	if (options->limit > 0) {
		(void)snprintf(limit, sizeof limit, "%" PRIu64, options->limit);
		words[count++] = "-limit";
		words[count++] = limit;
	}
	if (width_of_terminal() > 0) {
		(void)snprintf(width, sizeof width, "%u", width_of_terminal());
		words[count++] = "-width";
		words[count++] = width;
	}
	if (terminal_is_coloured(STDOUT_FILENO))
		words[count++] = "-coloured";
	asked.format = FORMAT_TEXT; /* the report has its own */
	return ask_switch(&asked, words, count);
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
		.width = options->output == NULL ? width_of_terminal() : 0,
		.is_coloured = options->output == NULL &&
		    terminal_is_coloured(STDOUT_FILENO),
	};
	int result;

	if (options->has_socket ||
	    (!options_are_of_file(options) && ctl_finds(options)))
		return ask_report(options);
	result = options->output == NULL
	    ? reporting_print(&asked, stdout, program->why)
	    : reporting_write(&asked, options->output, program->why);

	return result == 0 ? EXIT_PASSED : complain_of_report(program, result);
}

static int
ask_audit(const struct options *options)
{
	static const char *const words[] = { "audit" };
	struct options asked = *options;

	asked.format =
	    options->format == FORMAT_JSON ? FORMAT_JSON : FORMAT_TEXT;
	return ask_switch(&asked, words, 1);
}

static int
do_audit(struct program *program)
{
	const struct options *options = &program->options;
	const struct reporting asked = {
		.name = "audit",
		.path = options->database,
		.run = options->run,
		.format = options->format,
		.width = width_of_terminal(),
		.is_coloured = terminal_is_coloured(STDOUT_FILENO),
	};
	bool holds = false;
	int result;

	if (!options_are_of_file(options) && ctl_finds(options))
		return ask_audit(options);
	result = reporting_audit(&asked, stdout, &holds, program->why);
	if (result != 0)
		return complain_of_report(program, result);
	return holds ? EXIT_PASSED : EXIT_FAILED;
}

/* What a running switch would do is for that one to say. */
static bool
is_for_switch(const struct options *options)
{
	return options->has_socket ||
	    (options->modules == NULL && options->format == FORMAT_TEXT &&
		ctl_finds(options));
}

static int
ask_plan(const struct options *options)
{
	const char *const words[] = { "plan", options->words[0],
		options->words[1], options->words[2] };

	return ask_switch(options, words, sizeof words / sizeof words[0]);
}

static int
do_plan(struct program *program)
{
	int status, result;

	if (is_for_switch(&program->options))
		return ask_plan(&program->options);
	status = find_roots(program);
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

static int
do_serve(struct program *program)
{
	int status = find_roots(program);

	if (status != 0)
		return status;
	status = serve(&program->options, &program->roots, program->why,
	    sizeof program->why);
	if (program->why[0] != '\0')
		(void)fprintf(stderr, "%s\n", program->why);
	return status;
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
	if (task == TASK_CTL)
		manual_operations(stdout);
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
	case TASK_AUDIT:
		return do_audit(program);
	case TASK_PLAN:
		return do_plan(program);
	case TASK_STATES:
		return do_states(program);
	case TASK_SERVE:
		return do_serve(program);
	case TASK_CTL:
		return ctl(
		    &program->options, terminal_is_coloured(STDOUT_FILENO));
	case TASK_TOP:
		return ctl_top(&program->options);
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
	if (!ferror(stdout) || status > EXIT_FAILED ||
	    program->write_error == EPIPE)
		return status;
	return complain("hotswitch: cannot write the result",
	    strerror(program->write_error == 0 ? EIO : program->write_error),
	    EXIT_IMPOSSIBLE);
}

int
main(int argc, char **argv)
{
	struct program program = { .roots = { .count = 0 } };

	/* Who reads no further ends what is written, but not in the middle. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (options_read(&program.options, argc, argv, program.why,
		sizeof program.why) != 0)
		return complain("hotswitch", program.why, EXIT_USAGE);
	return end_output(&program, do_task(&program));
}
