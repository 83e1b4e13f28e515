/*
 * scenario: see scenario.h for what it is.
 *
 * The script's process comes first and the prover's next, before there is any
 * thread; then the switch is built from below: scheduler, code, office,
 * database, release handler, traffic, tree; it runs on a thread of its own
 * until the conductor stops it; then it is taken apart from above.  The
 * database is opened last of what can be refused, so that a refusal leaves
 * nothing written.
 */
#include "sim/scenario.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls/database/recorder.h"
#include "calls/exchange/measurement.h"
#include "calls/exchange/office_gate.h"
#include "sim/frame.h"
#include "sim/operator/console.h"
#include "sim/options.h"
#include "sim/scenario_internal.h"
#include "sim/script.h"
#include "sim/source.h"
#include "sim/terminal.h"
#include "sim/traffic.h"
#include "sim/tree.h"
#include "sim/units.h"
#include "sim/upgrade_row.h"
#include "switch/log.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/prover.h"

enum { KNOWN_SIZE = 512, PACE_SIZE = 16 };

/*--------------------------------------------------------------------
 * Checking
 */

static bool
release_exists(
    const struct scenario_roots *roots, const char *module, const char *version)
{
	char path[4096];
	unsigned int i;

	for (i = 0; i < roots->count; i++) {
		(void)snprintf(path, sizeof path, "%s/%s/%s.so",
		    roots->folders[i], version, module);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

static void
tell_missing(const struct scenario_roots *roots, const struct frame *frame)
{
	char known[KNOWN_SIZE], shown[KNOWN_SIZE];
	unsigned int i;

	(void)fprintf(stderr, "%s: %s: no release '%s' %s in ", frame->words[1],
	    frame->words[4], frame->words[2], frame->words[3]);
	for (i = 0; i < roots->count; i++)
		(void)fprintf(
		    stderr, "%s%s", i == 0 ? "" : ", ", roots->folders[i]);
	code_list(
	    roots->folders, roots->count, frame->words[2], known, sizeof known);
	code_suggest(frame->words[3], known, shown, sizeof shown);
	if (known[0] == '\0')
		(void)fputs(", nor any other of it\n", stderr);
	else
		(void)fprintf(stderr, ", %s\n", shown);
}

/* An empty name stands for those that are made at run time. */
static void
add_param(struct params *params, const char *name)
{
	size_t length = strlen(params->names);

	if (name[0] == '\0' || length + strlen(name) + 2 > sizeof params->names)
		params->is_open = true;
	else if (!word_is_in(name, params->names))
		(void)snprintf(params->names + length,
		    sizeof params->names - length, "%s%s",
		    length == 0 ? "" : " ", name);
}

/* --schedulers says more than the text. */
static int
take_schedulers(struct scenario_plan *plan, const struct frame *frame)
{
	uint64_t number;

	if (plan->options->schedulers == 0 &&
	    units_number(frame->words[2], SCHEDULERS_MAX, &number) &&
	    number > 0)
		plan->schedulers = (unsigned int)number;
	return 0;
}

/*
 * Without the release of `module` there can be no run; that of an upgrade is
 * missed when it comes to it, and told beforehand by `check` alone.
 */
static bool
is_needed(const struct scenario_plan *plan, const char *command)
{
	return strcmp(command, "module") == 0 ||
	    plan->options->task == TASK_CHECK;
}

/* --real-time says more than the text. */
static int
take_pace(struct scenario_plan *plan, const struct frame *frame)
{
	if (!plan->options->is_real)
		(void)units_pace(frame->words[2], &plan->pace);
	return 0;
}

/* One finding of the script's check: 0, -EINVAL, -ENOENT. */
static int
take_finding(struct scenario_plan *plan, const struct frame *frame)
{
	const char *kind = frame->words[0];

	if (strcmp(kind, "mistake") == 0 && frame->count == 3) {
		(void)fprintf(
		    stderr, "%s: %s\n", frame->words[1], frame->words[2]);
		return -EINVAL;
	}
	if (strcmp(kind, "seed") == 0 && frame->count == 3 &&
	    !plan->options->has_seed)
		plan->seed = strtoull(frame->words[2], NULL, 10);
	if (strcmp(kind, "pace") == 0 && frame->count == 3)
		return take_pace(plan, frame);
	if (strcmp(kind, "schedulers") == 0 && frame->count == 3)
		return take_schedulers(plan, frame);
	if (strcmp(kind, "param") == 0 && frame->count == 3)
		add_param(plan->params, frame->words[2]);
	if (strcmp(kind, "needs") != 0 || frame->count != 5 ||
	    !is_needed(plan, frame->words[4]) ||
	    release_exists(plan->roots, frame->words[2], frame->words[3]))
		return 0;
	tell_missing(plan->roots, frame);
	return -ENOENT;
}

static int
take_findings(struct scenario_plan *plan, char *why, size_t size)
{
	struct frame frame;
	int result = 0, finding;

	for (;;) {
		finding = script_read(plan->script, 1, &frame);
		if (finding != 0 && result == -EINVAL)
			return result; /* its last words */
		if (finding != 0) {
			script_obituary(plan->script, why, size);
			return finding;
		}
		if (strcmp(frame.words[0], "checked") == 0)
			return result;
		finding = take_finding(plan, &frame);
		/* A mistake weighs more than what is missing. */
		if (finding == -EINVAL || result == 0)
			result = finding;
	}
}

static void
tell_files(const struct scenario_plan *plan)
{
	const char *path;
	unsigned int i;

	for (i = 0; plan->read != NULL &&
	     (path = script_file(plan->script, i)) != NULL;
	     i++)
		plan->read(plan->read_arg, path);
}

int
scenario_check(struct scenario_plan *plan, char *why, size_t size)
{
	const struct script_options options = {
		.definitions = plan->options->definitions,
		.definitions_count = plan->options->definitions_count,
		.seed = plan->options->seed,
	};
	int result = script_start(&plan->script, plan->source, &options);

	plan->seed = plan->options->seed;
	plan->pace = plan->options->is_real;
	if (plan->options->schedulers != 0)
		plan->schedulers = plan->options->schedulers;
	else if (plan->schedulers == 0)
		plan->schedulers = 1;
	if (result != 0) {
		plan->script = NULL;
		(void)snprintf(why, size, "cannot make a process for it: %s",
		    strerror(-result));
		return result;
	}
	result = take_findings(plan, why, size);
	tell_files(plan);
	if (result != 0)
		script_free(&plan->script);
	return result;
}

/*--------------------------------------------------------------------
 * Running
 */

static int
cannot(const char *what, int result, char *why, size_t size)
{
	(void)snprintf(
	    why, size, "cannot make %s: %s", what, strerror(-result));
	return result;
}

static bool
is_same_file(const struct stat *one, const char *path)
{
	struct stat other;

	return stat(path, &other) == 0 && one->st_dev == other.st_dev &&
	    one->st_ino == other.st_ino;
}

/* A log or a ladder is written over: nothing that matters must be there. */
static int
check_target(const struct scenario_plan *plan, const char *kind,
    const char *path, char *why, size_t size)
{
	const char *what = NULL;
	struct stat status;

	if (path == NULL || stat(path, &status) != 0)
		return 0;
	if (is_same_file(&status, plan->source->path))
		what = "it is the scenario itself";
	else if (is_same_file(&status, plan->options->database))
		what = "it is the database";
	else if (!S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode))
		what = "it is no regular file";
	if (what == NULL)
		return 0;
	(void)snprintf(
	    why, size, "%s '%s': %s, give another", kind, path, what);
	return -EINVAL;
}

static int
open_log(const struct scenario *scenario, char *why, size_t size, int result)
{
	if (scenario->options->log == NULL)
		return cannot("a switch", result, why, size);
	(void)snprintf(why, size, "log '%s': %s", scenario->options->log,
	    strerror(-result));
	return result;
}

static void
warn(void *arg, const char *text)
{
	const struct scenario *scenario = arg;

	if (scenario->console != NULL)
		console_warn(scenario->console, text);
	else
		(void)fprintf(stderr, "hotswitch: %s\n", text);
}

/* Everything below the database. */
static int
check_targets(const struct scenario_plan *plan, char *why, size_t size)
{
	int result = check_target(plan, "log", plan->options->log, why, size);

	return result != 0
	    ? result
	    : check_target(plan, "ladder", plan->options->ladder, why, size);
}

static int
build_switch(struct scenario *scenario, const struct scenario_plan *plan,
    char *why, size_t size)
{
	const struct scheduler_options options = {
		.pace = plan->pace > 0 ? PACE_REAL : PACE_VIRTUAL,
		.times = plan->pace,
		.log = plan->options->log,
		.schedulers = plan->schedulers,
		.kind_name = signal_word,
		.shortage = plan->shortage,
		.warn = warn,
		.warn_arg = scenario,
	};
	int result = check_targets(plan, why, size);

	if (result != 0)
		return result;
	result = scheduler_alloc(&scenario->scheduler, &options);
	if (result != 0)
		return open_log(scenario, why, size, result);
	result = code_alloc(&scenario->code,
	    scheduler_behaviours(scenario->scheduler), plan->roots->folders,
	    plan->roots->count);
	if (result != 0)
		return cannot("a loader", result, why, size);
	scheduler_limit_instant(scenario->scheduler, INSTANT_EVENTS);
	code_set_prover(scenario->code, scenario->prover);
	result = office_alloc(&scenario->office, scenario->scheduler);
	if (result != 0)
		return cannot("an exchange", result, why, size);
	result = measurement_alloc(&scenario->measurement, scenario->office);
	if (result != 0)
		return cannot("measurement", result, why, size);
	result = release_handler_alloc(
	    &scenario->handler, scenario->scheduler, scenario->code);
	if (result != 0)
		return cannot("a release handler", result, why, size);
	scenario->telephony = (struct telephony){ scenario->scheduler,
		scenario->office, scheduler_behaviours(scenario->scheduler) };
	telephony_join(&scenario->telephony, scenario->handler);
	result = traffics_alloc(&scenario->traffics, scenario->scheduler,
	    scenario->office, plan->seed);
	if (result != 0)
		return cannot("traffic", result, why, size);
	result = tree_alloc(&scenario->tree, scenario->scheduler);
	return result == 0 ? 0 : cannot("supervisors", result, why, size);
}

static uint64_t
room_for_records(void *recorder)
{
	return recorder_room(recorder);
}

/* "virtual", "real", or how many times as fast as that. */
static void
write_pace(const struct scenario_plan *plan, char pace[PACE_SIZE])
{
	if (plan->pace > 1)
		(void)snprintf(pace, PACE_SIZE, "%u", plan->pace);
	else
		(void)snprintf(pace, PACE_SIZE, "%s",
		    plan->pace == 1 ? "real" : "virtual");
}

static int
open_database(struct scenario *scenario, const struct scenario_plan *plan,
    char *why, size_t size)
{
	char pace[PACE_SIZE];
	const struct run_row row = {
		.path = plan->options->database,
		.scenario = plan->source->path,
		.question = plan->source->question,
		.seed = plan->seed,
		.pace = pace,
	};
	static const struct row_type *const types[] = { &upgrade_row,
		&upgrade_failure_row, &upgrade_shadow_row, &release_row,
		&command_row, &office_row };
	int result;
	unsigned int i;

	write_pace(plan, pace);
	result = recorder_alloc(&scenario->recorder, scenario->scheduler, &row,
	    why, (unsigned int)size);
	if (result != 0)
		return result;
	office_set_room(scenario->office, room_for_records, scenario->recorder);
	for (i = 0; result == 0 && i < sizeof types / sizeof types[0]; i++)
		result = recorder_add_type(scenario->recorder, types[i]);
	if (result != 0)
		(void)snprintf(
		    why, size, "%s", recorder_error(scenario->recorder));
	return result;
}

static void
take_apart(struct scenario *scenario)
{
	scenario->verdict->script = NULL;
	script_free(&scenario->script);
	if (scenario->scheduler == NULL)
		return;
	console_remove(scenario->console);
	conductor_remove(scenario);
	action_forget(scenario);
	traffics_free(&scenario->traffics);
	release_handler_free(&scenario->handler);
	recorder_free(&scenario->recorder);
	measurement_free(&scenario->measurement);
	office_free(&scenario->office);
	code_free(&scenario->code);
	tree_free(&scenario->tree);
	scheduler_free(&scenario->scheduler);
}

/* The rows of the run itself, after everything else is written. */
static void
close_run(struct scenario *scenario)
{
	struct verdict *verdict = scenario->verdict;

	verdict->wall_us = wall_us() - scenario->wall_began;
	recorder_set_gapped(
	    scenario->recorder, office_counts(scenario->office)->gapped);
	if (recorder_finish(scenario->recorder,
		verdict_passed(verdict) ? "pass" : "fail", verdict->virtual_us,
		verdict->wall_us,
		verdict->failures_count + verdict->failures_unkept) != 0)
		verdict_fail(verdict, 0, "the database cannot be written: %s",
		    recorder_error(scenario->recorder));
	verdict->run = recorder_run(scenario->recorder);
}

/* An order that fails when all are tried fails the scenario. */
static void
orders_judge(struct verdict *verdict, const struct scenario_plan *plan,
    const struct races *met)
{
	const struct orders *orders = plan->orders;
	char text[ORDER_TEXT_SIZE];

	verdict->races = *met;
	verdict->order = plan->order;
	verdict->orders = orders;
	if (plan->races != NULL)
		*plan->races = *met;
	if (orders != NULL && orders->failed > 0)
		verdict_fail(verdict, 0,
		    "%" PRIu64 " of %" PRIu64 " orders of its races fail%s, "
		    "this is the first: --orders %s runs it again",
		    orders->failed, orders->tried,
		    orders->failed == 1 ? "s" : "",
		    order_text(&orders->shown[0], text));
}

static int
run(struct scenario *scenario, const struct scenario_plan *plan, char *why,
    size_t size)
{
	int result = prover_start(&scenario->prover);

	if (result != 0)
		return cannot("a prover", result, why, size);
	if (!prover_is_filtered(scenario->prover))
		(void)fputs("hotswitch: this kernel has no seccomp: modules "
			    "are tried without a filter of system calls\n",
		    stderr);
	result = build_switch(scenario, plan, why, size);
	if (result == 0)
		result = open_database(scenario, plan, why, size);
	if (result != 0)
		return result;
	result = tree_start(scenario->scheduler, &scenario->root);
	if (result != 0)
		return cannot("the supervision tree", result, why, size);
	/* A script that is gone by now is met, and told, by the conductor. */
	result = conductor_install(scenario);
	if ((result == 0 || result == -EPIPE) && scenario->console != NULL)
		result = console_install(scenario->console, scenario);
	if (result != 0 && result != -EPIPE)
		return cannot("an event", result, why, size);
	result = scheduler_run(scenario->scheduler);
	if (result != 0)
		return cannot("a thread", result, why, size);
	if (scenario->impossible[0] != '\0') {
		(void)snprintf(why, size, "%s", scenario->impossible);
		recorder_discard(scenario->recorder);
		return -ENOEXEC;
	}
	orders_judge(scenario->verdict, plan, &scenario->met);
	close_run(scenario);
	result = log_flush(scheduler_log(scenario->scheduler));
	if (result != 0)
		(void)snprintf(why, size, "log '%s': not all of it was written",
		    scenario->options->log);
	return result == 0 ? story_write(scenario, why, size) : result;
}

int
scenario_run(const struct scenario_plan *plan, struct verdict *ret_verdict,
    char *why, size_t size)
{
	struct script *script = plan->script;
	struct scenario *scenario;
	int result;

	memset(ret_verdict, 0, sizeof *ret_verdict);
	ret_verdict->script = script;
	ret_verdict->scenario = plan->source->path;
	ret_verdict->question = plan->source->question;
	ret_verdict->database = plan->options->database;
	ret_verdict->seed = plan->seed;
	ret_verdict->schedulers = plan->schedulers;
	if (ALLOC_OBJ(scenario, SCENARIO_MAGIC) == NULL) {
		script_free(&script);
		return cannot("a scenario", -ENOMEM, why, size);
	}
	scenario->source = plan->source;
	scenario->options = plan->options;
	scenario->script = script;
	scenario->verdict = ret_verdict;
	scenario->console = plan->console;
	scenario->wall_began = scenario->wall_told = wall_us();
	scenario->is_on_terminal = terminal_is(STDERR_FILENO);
	random_seed(&scenario->races, plan->seed, "race");
	random_seed(&scenario->chaos.random, plan->seed, "chaos");
	scenario->order = plan->order;
	/* A file that may not grow is an error to be told, not a death. */
	(void)signal(SIGXFSZ, SIG_IGN);
	result = run(scenario, plan, why, size);
	take_apart(scenario);
	if (result != 0)
		verdict_clear(ret_verdict); /* nobody will print it */
	prover_free(&scenario->prover);
	FREE_OBJ(&scenario, SCENARIO_MAGIC);
	return result;
}
