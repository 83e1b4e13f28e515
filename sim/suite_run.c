/*
 * suite_run: several scenarios, each in a process and a database of its own.
 *
 *   crew ── b001 ── b002 ── b003 ...        as many together as -j says
 *              └─ its page, and a portion of the database
 *   here: page after page in the order of the files, each run joined to the
 *   database as its page is printed, and at last the sums
 *
 * So the result is the same however many run together, but for the time it
 * takes; one that crashes or hangs is told of as one that could not be run; and
 * what befalls its database on purpose is seen by no other.
 */
#include "sim/suite_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls/database/portion.h"
#include "sim/crew.h"
#include "sim/options.h"
#include "sim/scenario_internal.h" /* wall_us() */
#include "sim/source.h"
#include "sim/terminal.h"
#include "sim/verdict.h"
#include "switch/object.h"

enum { PATH_SIZE = 4096, NAMES_SHOWN = 3 /* of those that run */ };

struct running {
	struct suite *suite;
	struct printing printing;
	struct crew_end *ends; /* of each; */
	bool *is_here;	       /* whether it has ended */
	unsigned int printed;
	char folder[PATH_SIZE]; /* of portions */
	int64_t last;		/* run of the database before these */
	uint64_t began;
	int status;
	bool is_on_terminal;
};

static void
portion_path(const struct running *running, unsigned int job, char *path)
{
	(void)snprintf(path, PATH_SIZE + 16, "%s/%u", running->folder, job + 1);
}

static int64_t
number_of(const struct running *running, unsigned int job)
{
	return running->last + 1 + job;
}

/*--------------------------------------------------------------------
 * In the process of a scenario
 */

static int
run_scenario(
    struct running *running, unsigned int job, const struct options *options)
{
	struct suite *suite = running->suite;
	struct scenario_plan plan = { .shortage = NULL };
	struct verdict verdict;
	int status;

	suite_order(suite, job, &plan);
	status = suite_check(suite, &suite->sources[job], options, &plan);

	if (status != 0)
		return status;
	if (scenario_run(&plan, &verdict, suite->why, sizeof suite->why) != 0)
		return suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
	verdict.program = options->program;
	verdict.database = suite->options->database;
	/* What one has said that has passed is nothing to stop at. */
	if (running->printing.is_brief && verdict_passed(&verdict) &&
	    (fflush(stdout) != 0 || ftruncate(STDOUT_FILENO, 0) != 0 ||
		lseek(STDOUT_FILENO, 0, SEEK_SET) != 0))
		return suite_complain("hotswitch: cannot write the result",
		    strerror(errno), EXIT_IMPOSSIBLE);
	verdict_piece(&verdict, &running->printing, job + 1, stdout);
	status = verdict_passed(&verdict) ? EXIT_PASSED : EXIT_FAILED;
	verdict_clear(&verdict);
	return status;
}

static int
work(void *arg, unsigned int job)
{
	struct running *running = arg;
	struct suite *suite = running->suite;
	struct options options = *suite->options;
	char path[PATH_SIZE + 16];

	portion_path(running, job, path);
	options.database = path;
	if (portion_make(path, suite->options->database,
		number_of(running, job), suite->why, sizeof suite->why) != 0)
		return suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
	return run_scenario(running, job, &options);
}

/*--------------------------------------------------------------------
 * As they end
 */

static enum exit_status
status_of(const struct crew_end *end)
{
	return end->exit_status < EXIT_PASSED ||
		end->exit_status > EXIT_IMPOSSIBLE
	    ? EXIT_IMPOSSIBLE
	    : (enum exit_status)end->exit_status;
}

/* Why it has no page: how its process has ended, or what it has said last. */
static void
say_why(struct suite *suite, const struct crew_end *end)
{
	char *why = suite->why, *line = end->warned;
	size_t length = line == NULL ? 0 : strlen(line);

	if (end->is_late) {
		(void)snprintf(why, SUITE_WHY,
		    "it did not end in %" PRIu64
		    " s, and was ended: --timeout gives it more",
		    suite_limit_us(suite->options) / 1000000);
	} else if (end->exit_status < 0) {
		(void)snprintf(why, SUITE_WHY,
		    "its process died of signal %d (%s)", end->signal,
		    strsignal(end->signal));
	} else if (length > 0) {
		while (length > 0 && line[length - 1] == '\n')
			line[--length] = '\0';
		while (length > 0 && line[length - 1] != '\n')
			length--;
		(void)snprintf(why, SUITE_WHY, "%s", line + length);
	} else {
		(void)snprintf(why, SUITE_WHY,
		    "its process ended with status %d", end->exit_status);
	}
}

static void
print_undone(struct running *running, const struct crew_end *end)
{
	struct suite *suite = running->suite;
	const struct source *source = &suite->sources[end->job];
	struct verdict verdict = { .scenario = source->path,
		.question = source->question,
		.wall_us = end->wall_us,
		.is_undone = true };

	say_why(suite, end);
	verdict_fail(&verdict, 0, "%s", suite->why);
	verdict_print(&verdict, &running->printing);
	verdict_clear(&verdict);
}

static void
join(struct running *running, unsigned int job)
{
	struct suite *suite = running->suite;
	int64_t wanted = number_of(running, job), run = wanted;
	char path[PATH_SIZE + 16];

	portion_path(running, job, path);
	if (portion_join(path, suite->options->database, &run, suite->why,
		sizeof suite->why) != 0)
		running->status = suite_complain(
		    suite->sources[job].path, suite->why, EXIT_IMPOSSIBLE);
	else if (run != wanted)
		(void)fprintf(stderr,
		    "%s: it is run %" PRId64 " of the database by now, for "
		    "another has the number %" PRId64 "\n",
		    suite->sources[job].path, run, wanted);
	portion_remove(path);
}

/* false: nothing more can be written. */
static bool
print_end(struct running *running, const struct crew_end *end)
{
	enum exit_status status = status_of(end);
	struct printing *printing = &running->printing;

	if (running->is_on_terminal)
		progress_clear();
	join(running, end->job);
	if (end->warned_size > 0 && status <= EXIT_FAILED)
		(void)fwrite(end->warned, 1, end->warned_size, stderr);
	if (status <= EXIT_FAILED)
		verdict_put(
		    printing, status, end->wall_us, end->said, end->said_size);
	else
		print_undone(running, end);
	if ((int)status > running->status)
		running->status = (int)status;
	if (fflush(printing->out) != 0)
		running->suite->write_error = errno;
	return ferror(printing->out) == 0;
}

static bool
on_end(void *arg, struct crew_end *end, unsigned int *jobs)
{
	struct running *running = arg;
	bool goes_on = true;
	struct crew_end *next;

	running->ends[end->job] = *end;
	running->is_here[end->job] = true;
	end->said = end->warned = NULL;
	while (goes_on && running->printed < *jobs &&
	    running->is_here[running->printed]) {
		next = &running->ends[running->printed++];
		goes_on = print_end(running, next);
		crew_forget(next);
	}
	return goes_on;
}

/* "  12/130  1 failed  9.3 s  b013-numbering c001-call-waiting" */
static void
look(void *arg, unsigned int at_work)
{
	const struct running *running = arg;
	const struct suite *suite = running->suite;
	unsigned int i, ended = 0, shown = 0;
	char name[FOLDER_NAME_SIZE];

	if (!running->is_on_terminal)
		return;
	for (i = 0; i < suite->folder.count; i++)
		ended += running->is_here[i];
	(void)fprintf(stderr, "\r%6u/%u  %u failed  %.1f s ", ended,
	    suite->folder.count,
	    running->printing.failed + running->printing.undone,
	    (double)(wall_us() - running->began) / 1e6);
	for (i = running->printed;
	     i < suite->folder.count && shown < at_work && shown < NAMES_SHOWN;
	     i++) {
		if (running->is_here[i])
			continue;
		(void)fprintf(stderr, " %.14s",
		    folder_name(suite->folder.paths[i], name));
		shown++;
	}
	(void)fputs("\033[K", stderr);
	(void)fflush(stderr);
}

/*--------------------------------------------------------------------
 * All of them
 */

static void
print_sums(const struct running *running)
{
	const struct suite *suite = running->suite;
	const struct printing *printing = &running->printing;
	unsigned int passed =
	    printing->printed - printing->failed - printing->undone;

	if (printing->format != FORMAT_TEXT || suite->folder.count == 1)
		return;
	(void)fprintf(printing->out, "\n%u of %u scenarios passed in %.1f s",
	    passed, suite->folder.count,
	    (double)(wall_us() - running->began) / 1e6);
	if (printing->failed > 0)
		(void)fprintf(printing->out, ", %u failed", printing->failed);
	if (printing->undone > 0)
		(void)fprintf(
		    printing->out, ", %u could not be run", printing->undone);
	if (printing->printed < suite->folder.count)
		(void)fprintf(printing->out, ", %u were not run",
		    suite->folder.count - printing->printed);
	(void)fputc('\n', printing->out);
	if (suite->folder.left_out > 0)
		(void)fprintf(printing->out,
		    "%u file%s left out that ask%s nothing in line 1\n",
		    suite->folder.left_out,
		    suite->folder.left_out == 1 ? " was" : "s were",
		    suite->folder.left_out == 1 ? "s" : "");
}

static int
run_crew(struct running *running)
{
	const struct options *options = running->suite->options;
	const struct crew_order order = { .jobs = running->suite->folder.count,
		.together = options->together,
		.limit_us = suite_limit_us(options),
		.arg = running,
		.work = work,
		.end = on_end,
		.look = look };

	return crew_run(&order);
}

/*
 * Whoever has not ended by himself has left what he was at; who opens the
 * database last takes its log away.
 */
static void
clean_up(struct running *running)
{
	struct suite *suite = running->suite;
	unsigned int i;

	portion_folder_remove(running->folder);
	(void)portion_last(suite->options->database, &running->last, suite->why,
	    sizeof suite->why);
	for (i = 0; i < suite->folder.count; i++)
		if (running->is_here[i])
			crew_forget(&running->ends[i]);
}

/* Its sums are printed first, and then it ends as one does that is told to. */
static int
end_of(struct running *running, int result)
{
	if (running->is_on_terminal)
		progress_clear();
	verdict_end(&running->printing);
	print_sums(running);
	clean_up(running);
	if (result < 0)
		return suite_complain("hotswitch: cannot make a process",
		    strerror(-result), EXIT_IMPOSSIBLE);
	if (result > 0)
		suite_die(result);
	return running->status;
}

static int
prepare(struct running *running)
{
	struct suite *suite = running->suite;
	const unsigned int count = suite->folder.count;

	if (portion_last(suite->options->database, &running->last, suite->why,
		sizeof suite->why) != 0)
		return -EIO;
	running->ends = object_alloc(count * sizeof running->ends[0]);
	running->is_here = object_alloc(count * sizeof running->is_here[0]);
	if (running->ends == NULL || running->is_here == NULL ||
	    verdict_begin(&running->printing) != 0) {
		(void)snprintf(
		    suite->why, sizeof suite->why, "no memory is left");
		return -ENOMEM;
	}
	return portion_folder(suite->options->database, running->folder,
	    sizeof running->folder, suite->why, sizeof suite->why);
}

int
suite_run(struct suite *suite)
{
	struct running running = { .suite = suite, .began = wall_us() };
	int status;

	running.is_on_terminal = terminal_is(STDERR_FILENO);
	suite_printing(suite, &running.printing);
	(void)signal(SIGPIPE, SIG_IGN); /* an error to be told, and no death */
	if (prepare(&running) == 0)
		status = end_of(&running, run_crew(&running));
	else
		status =
		    suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
	object_free(running.ends, suite->folder.count * sizeof running.ends[0]);
	object_free(
	    running.is_here, suite->folder.count * sizeof running.is_here[0]);
	return status;
}
