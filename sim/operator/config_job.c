/*
 * config_job: see config_job.h for what it is.
 *
 *   home              its thread               serve --check
 *   begin ──────────> posix_spawn ───────────> the config, done
 *                     its lines <───────────── each command
 *                     its end   <───────────── 0, or why not
 *                     compare
 *   end <──────────── the plan
 *
 * Invariant: `is_running` is home's; what the thread leaves is home's when it
 * has ended, which home looks for and does not wait for: the thread stands back
 * behind the calls.
 */
#include "sim/operator/config_job.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/office_data.h"
#include "sim/options.h"
#include "switch/object.h"
#include "switch/thread.h"

enum { ARGUMENTS_MAX = 16 };

struct config_job {
	unsigned int magic;
#define CONFIG_JOB_MAGIC 0x46d90b7e
	const struct options *options;
	bool is_running;
	pthread_t thread;
	pthread_mutex_t mutex; /* of these two */
	pid_t process;	       /* or 0 */
	bool is_cancelled;
	const struct office_data *before, *by_hand;
	/* What it leaves. */
	int result;
	struct reload_plan plan;
	struct office_data *now;
	char why[CONFIG_WHY];
};

int
config_job_alloc(struct config_job **ret_job, const struct options *options)
{
	struct config_job *job;

	if (ALLOC_OBJ(job, CONFIG_JOB_MAGIC) == NULL)
		return -ENOMEM;
	job->options = options;
	(void)pthread_mutex_init(&job->mutex, NULL);
	*ret_job = job;
	return 0;
}

/*--------------------------------------------------------------------
 * On its thread
 */

static int
fail(struct config_job *job, int result, const char *what)
{
	(void)snprintf(
	    job->why, sizeof job->why, "%s: %s", what, strerror(-result));
	return result;
}

/* The command line of a switch that only tries its config. */
static void
say_command(const struct options *options, const char **arguments)
{
	unsigned int count = 0;

	arguments[count++] = "hotswitch";
	arguments[count++] = "serve";
	arguments[count++] = "--check";
	arguments[count++] = "--schedulers";
	arguments[count++] = "1";
	arguments[count++] = "--config";
	arguments[count++] = options->config;
	if (options->modules != NULL) {
		arguments[count++] = "--modules";
		arguments[count++] = options->modules;
	}
	arguments[count] = NULL;
}

/* Signals as a program finds them; and only three descriptors. */
static int
prepare(posix_spawnattr_t *attributes, posix_spawn_file_actions_t *files,
    int out, int err)
{
	sigset_t none;

	(void)sigemptyset(&none);
	if (posix_spawnattr_setsigmask(attributes, &none) != 0 ||
	    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK) != 0 ||
	    posix_spawn_file_actions_addopen(
		files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) != 0 ||
	    posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO) != 0 ||
	    posix_spawn_file_actions_adddup2(files, err, STDERR_FILENO) != 0)
		return -ENOMEM;
	return 0;
}

static int
spawn(struct config_job *job, int out, int err)
{
	const char *arguments[ARGUMENTS_MAX];
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int result;

	say_command(job->options, arguments);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawn_file_actions_init(&files);
	result = prepare(&attributes, &files, out, err);
	(void)pthread_mutex_lock(&job->mutex);
	if (result == 0 && job->is_cancelled)
		result = -ECANCELED;
	if (result == 0)
		result = -posix_spawn(&job->process, "/proc/self/exe", &files,
		    &attributes, (char *const *)(uintptr_t)arguments, environ);
	if (result != 0)
		job->process = 0;
	(void)pthread_mutex_unlock(&job->mutex);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attributes);
	return result;
}

/* Each line is a command; takes the descriptor. */
static int
read_commands(struct config_job *job, int descriptor)
{
	FILE *in = fdopen(descriptor, "r");
	char *line = NULL;
	size_t room = 0;
	int result = 0;

	if (in == NULL) {
		(void)close(descriptor);
		return -ENOMEM;
	}
	while (result == 0 && getline(&line, &room, in) > 0)
		result = office_data_add_line(job->now, line);
	free(line);
	(void)fclose(in);
	return result;
}

/*
 * The process is waited for, whatever became of it; 0: it ended with 0.  Its id
 * is its own till nobody can end it by that any more.
 */
static int
bury(struct config_job *job)
{
	siginfo_t info;
	int status = 0;

	while (
	    waitid(P_PID, (id_t)job->process, &info, WEXITED | WNOWAIT) != 0 &&
	    errno == EINTR)
		;
	(void)pthread_mutex_lock(&job->mutex);
	(void)waitpid(job->process, &status, 0);
	job->process = 0;
	(void)pthread_mutex_unlock(&job->mutex);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EINVAL;
}

/* Of what it has said on its standard error the first line. */
static void
take_complaint(struct config_job *job, int descriptor)
{
	static const char program[] = "hotswitch: "; /* so are we */
	char all[CONFIG_WHY] = "", *text = all;
	ssize_t length = pread(descriptor, all, sizeof all - 1, 0);
	size_t first;

	all[length < 0 ? 0 : length] = '\0';
	if (strncmp(text, program, sizeof program - 1) == 0)
		text += sizeof program - 1;
	first = strcspn(text, "\n");
	(void)snprintf(job->why, sizeof job->why, "%.*s%s", (int)first, text,
	    text[first] != '\0' && text[first + 1] != '\0'
		? " (and more: serve --check)"
		: "");
	if (first == 0)
		(void)snprintf(job->why, sizeof job->why,
		    "the process that reads it was ended");
}

static int
read_config(struct config_job *job)
{
	int ends[2], err = memfd_create("complaint", MFD_CLOEXEC), result;

	if (err < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		result = -errno;
		if (err >= 0)
			(void)close(err);
		return fail(job, result, "it cannot be read again");
	}
	result = spawn(job, ends[1], err);
	(void)close(ends[1]);
	thread_stand_back(); /* as the process does by itself */
	if (result != 0) {
		(void)close(ends[0]);
		(void)fail(job, result, "no process reads it");
	} else {
		result = read_commands(job, ends[0]);
		if (bury(job) != 0) {
			result = -EINVAL;
			take_complaint(job, err);
		} else if (result != 0) {
			(void)fail(job, result, "it cannot be read again");
		}
	}
	(void)close(err);
	return result;
}

static void *
work(void *arg)
{
	struct config_job *job = arg;
	const struct reload_words words = { job->before, job->now,
		job->by_hand };

	thread_name("reload");
	job->result = read_config(job);
	if (job->result == 0) {
		job->result = reload_plan_make(&job->plan, &words);
		if (job->result != 0)
			(void)fail(job, job->result, "it cannot be compared");
	}
	return NULL;
}

/*--------------------------------------------------------------------
 * On home's
 */

int
config_job_begin(struct config_job *job, const struct office_data *before,
    const struct office_data *by_hand)
{
	int result;

	CHECK_OBJ(job, CONFIG_JOB_MAGIC);
	job->before = before;
	job->by_hand = by_hand;
	job->why[0] = '\0';
	result = office_data_alloc(&job->now);
	if (result == 0)
		result = thread_start(&job->thread, NULL, work, job);
	if (result != 0)
		office_data_free(&job->now);
	job->is_running = result == 0;
	return result;
}

int
config_job_end(struct config_job *job, struct reload_plan *ret_plan,
    struct office_data **ret_now, char why[CONFIG_WHY])
{
	CHECK_OBJ(job, CONFIG_JOB_MAGIC);
	if (!job->is_running || pthread_tryjoin_np(job->thread, NULL) != 0)
		return -EBUSY;
	job->is_running = false;
	(void)snprintf(why, CONFIG_WHY, "%s", job->why);
	if (job->result != 0) {
		office_data_free(&job->now);
		return job->result;
	}
	*ret_plan = job->plan;
	*ret_now = job->now;
	job->now = NULL;
	return 0;
}

static void
cancel(struct config_job *job)
{
	(void)pthread_mutex_lock(&job->mutex);
	job->is_cancelled = true;
	if (job->process > 0)
		(void)kill(job->process, SIGTERM);
	(void)pthread_mutex_unlock(&job->mutex);
	(void)pthread_join(job->thread, NULL);
	if (job->result == 0)
		reload_plan_done(&job->plan);
	office_data_free(&job->now);
}

void
config_job_free(struct config_job **jobp)
{
	struct config_job *job = *jobp;

	if (job == NULL)
		return;
	CHECK_OBJ(job, CONFIG_JOB_MAGIC);
	if (job->is_running)
		cancel(job);
	(void)pthread_mutex_destroy(&job->mutex);
	FREE_OBJ(jobp, CONFIG_JOB_MAGIC);
}
