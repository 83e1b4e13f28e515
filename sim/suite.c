/*
 * suite: see suite.h for what it is.
 */
#include "sim/suite.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/explore.h"
#include "sim/options.h"
#include "sim/orders.h"
#include "sim/script.h"
#include "sim/source.h"
#include "sim/suite_internal.h"
#include "sim/terminal.h"
#include "sim/verdict.h"
#include "sim/lookout.h"
#include "switch/nearest.h"
#include "switch/object.h"

int
suite_complain(const char *subject, const char *why, int status)
{
	(void)fprintf(stderr, "%s: %s\n", subject, why);
	return status;
}

/*--------------------------------------------------------------------
 * Reading
 */

static void
forget_sources(struct suite *suite)
{
	unsigned int i;

	for (i = 0; suite->sources != NULL && i < suite->folder.count; i++)
		source_free(&suite->sources[i]);
	object_free(
	    suite->sources, suite->folder.count * sizeof suite->sources[0]);
	suite->sources = NULL;
	folder_forget(&suite->folder);
}

/* What there is no memory for is not watched, and all else is. */
static void
watch_files(struct suite *suite)
{
	unsigned int i;

	for (i = 0; i < suite->options->words_count; i++)
		(void)lookout_folder(suite->lookout, suite->options->words[i]);
	for (i = 0; i < suite->folder.count; i++)
		(void)lookout_file(suite->lookout, suite->folder.paths[i]);
}

static int
find_files(struct suite *suite)
{
	const struct options *options = suite->options;
	int result = folder_find(&suite->folder, options->words,
	    options->words_count, options->only, suite->why, sizeof suite->why);
	const char *alone = options->log != NULL ? "log"
	    : options->ladder != NULL		 ? "ladder"
						 : "orders N";

	if (result == 0 && suite->folder.count > 1 &&
	    (options->log != NULL || options->ladder != NULL ||
		options->has_order)) {
		(void)snprintf(suite->why, sizeof suite->why,
		    "hotswitch: --%s is for one scenario, %u are given", alone,
		    suite->folder.count);
		result = -EINVAL;
	}
	if (result != 0)
		(void)fprintf(stderr, "%s\n", suite->why);
	else if (suite->lookout != NULL)
		watch_files(suite);
	return result == 0 ? EXIT_PASSED : EXIT_USAGE;
}

static int
read_sources(struct suite *suite)
{
	const struct folder *folder = &suite->folder;
	unsigned int i;
	int status = 0;

	suite->sources = object_alloc(folder->count * sizeof suite->sources[0]);
	if (suite->sources == NULL)
		return suite_complain(
		    "hotswitch", "no memory is left", EXIT_IMPOSSIBLE);
	for (i = 0; i < folder->count; i++)
		if (source_read(&suite->sources[i], folder->paths[i],
			suite->why, sizeof suite->why) != 0)
			status = suite_complain(
			    folder->paths[i], suite->why, EXIT_USAGE);
	return status;
}

/*--------------------------------------------------------------------
 * Checking
 */

/* What scenario_check() says, as an exit status; a reason not yet told is. */
static int
status_of_check(struct suite *suite, const struct source *source, int result)
{
	if (result == 0)
		return EXIT_PASSED;
	if (result == -EINVAL)
		return EXIT_USAGE;
	if (result == -ENOENT)
		return EXIT_IMPOSSIBLE;
	return suite_complain(source->path, suite->why,
	    result == -EPIPE ? EXIT_FAILED : EXIT_IMPOSSIBLE);
}

static void
note_read(void *lookout, const char *path)
{
	(void)lookout_file(lookout, path);
}

int
suite_check(struct suite *suite, const struct source *source,
    const struct options *options, struct scenario_plan *plan)
{
	int result;

	plan->source = source;
	plan->options = options;
	plan->roots = suite->roots;
	plan->params = &suite->params;
	plan->read = suite->lookout == NULL ? NULL : note_read;
	plan->read_arg = suite->lookout;
	plan->schedulers = 0;
	result = scenario_check(plan, suite->why, sizeof suite->why);
	return status_of_check(suite, source, result);
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
check_sources(struct suite *suite)
{
	struct scenario_plan plan = { .shortage = NULL };
	int status = 0, one;
	unsigned int i;

	for (i = 0; i < suite->folder.count; i++) {
		one = suite_check(
		    suite, &suite->sources[i], suite->options, &plan);
		status = worse(status, one);
		if (one != 0)
			continue;
		script_free(&plan.script);
		if (suite->options->task == TASK_CHECK)
			(void)printf("%s: nothing wrong was found\n",
			    suite->sources[i].path);
	}
	return status;
}

/* A mistyped -D would change nothing, and nobody would know. */
static int
check_definitions(struct suite *suite)
{
	const struct options *options = suite->options;
	char nearest[NEAREST_WORD_MAX + 1], name[PARAM_NAME_SIZE];
	const char *known = suite->params.names;
	unsigned int i;
	size_t length;

	for (i = 0; i < options->definitions_count; i++) {
		length = strcspn(options->definitions[i], "=");
		(void)snprintf(name, sizeof name, "%.*s", (int)length,
		    options->definitions[i]);
		if (suite->params.is_open || word_is_in(name, known))
			continue;
		if (known[0] == '\0')
			(void)snprintf(suite->why, sizeof suite->why,
			    "no scenario has a param '%s', nor any other",
			    name);
		else if (nearest_word(name, known, nearest, sizeof nearest))
			(void)snprintf(suite->why, sizeof suite->why,
			    "no scenario has a param '%s', did you mean '%s'?",
			    name, nearest);
		else
			(void)snprintf(suite->why, sizeof suite->why,
			    "no scenario has a param '%s', there are: %.800s",
			    name, known);
		return suite_complain("hotswitch", suite->why, EXIT_USAGE);
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Running
 */

void
suite_printing(const struct suite *suite, struct printing *ret_printing)
{
	*ret_printing = (struct printing){ .out = stdout,
		.format = suite->options->format,
		.is_coloured = terminal_is_coloured(STDOUT_FILENO),
		.is_brief =
		    suite->folder.count > 1 && !suite->options->is_verbose,
		.count = suite->folder.count };
}

/* In virtual time, where --timeout does not say it. */
uint64_t
suite_limit_us(const struct options *options)
{
	if (options->timeout_us > 0)
		return options->timeout_us;
	return options->is_real ? 0 : UINT64_C(600) * 1000000;
}

void
suite_die(int signal_number)
{
	(void)fflush(NULL);
	(void)signal(signal_number, SIG_DFL);
	(void)raise(signal_number);
}

void
suite_order(
    const struct suite *suite, unsigned int number, struct scenario_plan *plan)
{
	if (suite->options->has_order)
		plan->order = &suite->options->order;
	if (suite->orders == NULL)
		return;
	/* Of those that fail the first; else as it is written. */
	plan->orders = &suite->orders[number];
	plan->order = &plan->orders->shown[0];
}

static int
explore_all(struct suite *suite)
{
	const unsigned int count = suite->folder.count;
	unsigned int i;
	int result = 0;

	suite->orders = object_alloc(count * sizeof suite->orders[0]);
	if (suite->orders == NULL)
		return suite_complain(
		    "hotswitch", "no memory is left", EXIT_IMPOSSIBLE);
	for (i = 0; result == 0 && i < count; i++)
		result = explore(suite, i, &suite->orders[i]);
	if (result > 0)
		suite_die(result);
	return result == 0
	    ? 0
	    : suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
}

/* In this process: what it says is seen as it comes. */
static int
run_alone(struct suite *suite)
{
	struct scenario_plan plan = { .shortage = NULL };
	struct printing printing;
	struct verdict verdict;
	int status;

	suite_order(suite, 0, &plan);
	status = suite_check(suite, &suite->sources[0], suite->options, &plan);
	if (status != 0)
		return status;
	suite_printing(suite, &printing);
	if (verdict_begin(&printing) != 0)
		return suite_complain(
		    "hotswitch", "no memory is left", EXIT_IMPOSSIBLE);
	if (scenario_run(&plan, &verdict, suite->why, sizeof suite->why) != 0) {
		verdict_end(&printing);
		return suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
	}
	verdict.program = suite->options->program;
	verdict_print(&verdict, &printing);
	verdict_end(&printing);
	status = verdict_passed(&verdict) ? EXIT_PASSED : EXIT_FAILED;
	verdict_clear(&verdict);
	return status;
}

static int
check_all(struct suite *suite)
{
	int status = read_sources(suite);

	if (status == 0)
		status = check_sources(suite);
	if (status == 0)
		status = check_definitions(suite);
	if (status != 0 && suite->options->task == TASK_RUN &&
	    suite->folder.count > 1)
		(void)fputs("hotswitch: nothing was run\n", stderr);
	return status;
}

static int
do_once(struct suite *suite)
{
	const struct options *options = suite->options;
	int status = find_files(suite);

	if (status == 0)
		status = check_all(suite);
	if (status != 0 || options->task != TASK_RUN)
		return status;
	if (options->explores && (status = explore_all(suite)) != 0)
		return status;
	return suite->folder.count > 1 || options->explores ||
		suite->lookout != NULL
	    ? suite_run(suite)
	    : run_alone(suite);
}

static void
forget(struct suite *suite)
{
	object_free(
	    suite->orders, suite->folder.count * sizeof suite->orders[0]);
	suite->orders = NULL;
	forget_sources(suite);
}

/* Whether the folders have other scenarios now. */
static int
has_others(void *arg)
{
	const struct suite *suite = arg;
	const struct options *options = suite->options;
	char why[SUITE_WHY];
	struct folder now;
	unsigned int i;
	bool is_other;

	if (folder_find(&now, options->words, options->words_count,
		options->only, why, sizeof why) != 0)
		return suite->folder.count > 0;
	is_other = now.count != suite->folder.count;
	for (i = 0; !is_other && i < now.count; i++)
		is_other = strcmp(now.paths[i], suite->folder.paths[i]) != 0;
	folder_forget(&now);
	return is_other;
}

/* Till one of the files changes; false: that cannot be known. */
static bool
wait_for_change(struct suite *suite)
{
	const char *changed;

	(void)fflush(stdout);
	(void)fprintf(stderr,
	    "hotswitch: waiting for a change of %u file%s; Ctrl-C ends it\n",
	    lookout_count(suite->lookout),
	    lookout_count(suite->lookout) == 1 ? "" : "s");
	changed = lookout_wait(suite->lookout, has_others, suite);
	if (changed == NULL)
		return suite_complain("hotswitch: cannot wait for a change",
			   strerror(errno), 0) != 0;
	(void)fprintf(stderr, "hotswitch: %s has changed\n",
	    changed[0] == '\0' ? "what is in a folder" : changed);
	return true;
}

/* Again and again, whatever comes of it; a mistake at first is one for all. */
static int
do_again(struct suite *suite)
{
	bool goes_on;
	int status = lookout_alloc(&suite->lookout);

	if (status != 0)
		return suite_complain(
		    "hotswitch: --watch", strerror(-status), EXIT_IMPOSSIBLE);
	do {
		lookout_look(suite->lookout);
		status = do_once(suite);
		goes_on = lookout_count(suite->lookout) > 0 &&
		    suite->write_error == 0 && wait_for_change(suite);
		forget(suite);
	} while (goes_on);
	lookout_free(&suite->lookout);
	return status;
}

int
suite_do(const struct options *options, const struct scenario_roots *roots,
    int *ret_write_error)
{
	struct suite suite = { .options = options, .roots = roots };
	int status = options->is_watching ? do_again(&suite) : do_once(&suite);

	forget(&suite);
	*ret_write_error = suite.write_error;
	return status;
}
