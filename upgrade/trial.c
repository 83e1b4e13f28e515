/*
 * trial: see trial.h for what it is.
 *
 *   confine    limits, handlers
 *   open       under the first filter: map, look at the descriptor and schema
 *   run        under the second: self_test; or, with another version, plans
 *   close      must leave nothing mapped
 *
 * It is bounded against mistakes, by limits of time, memory, files and
 * processes and by the filters; it is not a jail for an enemy, who could write
 * a verdict of his own into what is shared.  Such a one would have passed the
 * list of imports, and would do in the switch what he did not do here.
 *
 * Invariants:
 *   1. no code of a module runs before the first filter is set, and none but
 *      that of its constructors before the second;
 *   2. `stage` and `sample` are written before what they speak of is done,
 *      `is_done` after everything.
 */
#include "upgrade/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */
#include "switch/fault.h"
#include "upgrade/filter.h"
#include "upgrade/image.h"
#include "upgrade/plan_trial.h"
#include "upgrade/route.h"
#include "upgrade/schema.h"
#include "upgrade/state_chart.h"

enum {
	/* A trial of ours takes 2 ms, under valgrind 0.3 s. */
	TRIAL_CPU_SECONDS = 2,
	TRIAL_SECONDS = 10,
	/* On top of what it has from us; four of the largest files. */
	TRIAL_MEMORY_MIB = 64,
	/* Of the handler's: a frame of the kernel's has up to 12 KiB. */
	SIGNAL_STACK = 64 << 10
};

/* What is opened: the one that is tried, and perhaps another. */
struct pair {
	struct image *tried, *other;
};

/*
 * A signal handler is told of no object; the one trial of this process is
 * found here.
 */
static struct {
	struct trial *trial;
	uintptr_t begin; /* of the tried one's code, once it is mapped */
	size_t size;
} here;

/*--------------------------------------------------------------------
 * Death
 */

static void
on_death(int signal, siginfo_t *info, void *context)
{
	uintptr_t at = fault_pc(context) - here.begin;

	here.trial->offset = at < here.size ? (uint32_t)at : 0;
	here.trial->call = signal == SIGSYS ? info->si_syscall : 0;
	here.trial->signal = signal;
	_exit(EXIT_FAILURE);
}

/* A signal that ends it is an answer; those of time are left to the kernel. */
static bool
listen_for_death(void)
{
	static const int deaths[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV,
		SIGSYS, SIGTRAP };
	struct sigaction action = { .sa_sigaction = on_death,
		.sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t stack = { .ss_size = SIGNAL_STACK };
	size_t i;

	(void)signal(SIGALRM, SIG_DFL);
	(void)signal(SIGXCPU, SIG_DFL);
	/* What counts lines would write its counts: that fails, no more. */
	(void)signal(SIGXFSZ, SIG_IGN);
	stack.ss_sp = mmap(NULL, SIGNAL_STACK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL) != 0)
		return false;
	for (i = 0; i < sizeof deaths / sizeof deaths[0]; i++)
		if (sigaction(deaths[i], &action, NULL) != 0)
			return false;
	return true;
}

/* "SIGSEGV at 0x1139", "it makes the system call 'socket' at 0x1150". */
static void
tell_signal(const struct trial *trial, int signal, char *text, size_t size)
{
	char place[32] = "", call[TRIAL_NAME];

	if (trial->offset != 0)
		(void)snprintf(place, sizeof place, " at %#x", trial->offset);
	filter_name(trial->call, call, sizeof call);
	if (signal == SIGALRM || signal == SIGXCPU)
		(void)snprintf(text, size,
		    "it takes more than %d s of processor time or %d s in all",
		    TRIAL_CPU_SECONDS, TRIAL_SECONDS);
	else if (signal == SIGSYS && trial->signal == SIGSYS)
		(void)snprintf(
		    text, size, "it makes the system call '%s'%s", call, place);
	else
		(void)snprintf(text, size, "it crashes the trial: SIG%s%s",
		    sigabbrev_np(signal), place);
}

void
trial_tell_death(
    struct trial *trial, const struct trial_question *question, int status)
{
#define TRIAL_WORDS(symbol, words) words,
	static const char *const stages[] = { TRIAL_STAGES(TRIAL_WORDS) };
#undef TRIAL_WORDS
	char how[TRIAL_WHY / 3], what[TRIAL_WHY / 3];
	int signal =
	    WIFSIGNALED(status) ? WTERMSIG(status) : (int)trial->signal;
	const char *words = stages[trial->stage], *name = strstr(words, "%s");

	trial->error = trial->stage == TRIAL_SELF_TEST ? -EBADMSG
	    : trial->stage > TRIAL_SELF_TEST && trial->stage < TRIAL_CLOSE
	    ? -EINVAL
	    : -ENOEXEC;
	(void)snprintf(what, sizeof what, "%.*s%s%s",
	    name == NULL ? TRIAL_WHY : (int)(name - words), words,
	    name == NULL ? "" : question->other, name == NULL ? "" : name + 2);
	if (signal != 0)
		tell_signal(trial, signal, how, sizeof how);
	else
		(void)snprintf(how, sizeof how,
		    "it ends the trial with status %d", WEXITSTATUS(status));
	(void)snprintf(trial->why, sizeof trial->why, "%s while %s%s%s%s", how,
	    what, trial->sample[0] == '\0' ? "" : " (", trial->sample,
	    trial->sample[0] == '\0' ? "" : ")");
}

/*--------------------------------------------------------------------
 * Confinement
 */

static bool
limit(int resource, rlim_t soft, rlim_t hard)
{
	const struct rlimit limits = { soft, hard };

	return setrlimit((__rlimit_resource_t)resource, &limits) == 0;
}

/* What is mapped now: a sanitizer has mapped terabytes, which would count. */
static rlim_t
mapped_bytes(void)
{
	FILE *statm = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;
	char line[64];

	if (statm == NULL)
		return 0;
	if (fgets(line, sizeof line, statm) != NULL)
		pages = strtoul(line, NULL, 10);
	(void)fclose(statm);
	return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static bool
confine(pid_t parent)
{
	const rlim_t mapped = mapped_bytes();
	const rlim_t most = mapped + ((rlim_t)TRIAL_MEMORY_MIB << 20);

	(void)alarm(TRIAL_SECONDS);
	/* What free(3) does must not ask the kernel for anything but munmap. */
	(void)mallopt(M_TRIM_THRESHOLD, -1);
	/* At the soft limit it dies of SIGXCPU, which says why. */
	return mapped != 0 && listen_for_death() &&
	    prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    limit(RLIMIT_AS, most, most) && limit(RLIMIT_CORE, 0, 0) &&
	    limit(RLIMIT_CPU, TRIAL_CPU_SECONDS, TRIAL_CPU_SECONDS + 1) &&
	    limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_NPROC, 0, 0);
}

/* The hard limit stays: valgrind(1) would not have it changed. */
static bool
open_no_more(void)
{
	struct rlimit limits;

	return getrlimit(RLIMIT_NOFILE, &limits) == 0 &&
	    limit(RLIMIT_NOFILE, 0, limits.rlim_max);
}

/*--------------------------------------------------------------------
 * What is tried
 */

static int
open_image(struct trial *trial, const struct image_name *name, int fd,
    struct image **ret_image)
{
	int error = image_adopt(ret_image, fd);

	if (error == 0)
		error =
		    image_map(*ret_image, name, trial->why, sizeof trial->why);
	/* The other copy, which may come, has a number of its own already. */
	if (error == 0)
		image_close_copy(*ret_image);
	return error;
}

static int
open_images(struct trial *trial, const struct trial_question *question,
    struct pair *pair)
{
	const struct image_name tried = { .module = question->module,
		.version = question->version };
	const struct image_name other = { .module = question->module,
		.version = question->other };
	int error;

	trial->stage = TRIAL_OPEN;
	error = open_image(
	    trial, &tried, question->fds[TRIAL_MODULE], &pair->tried);
	if (error != 0)
		return error;
	here.begin = image_begin(pair->tried);
	here.size = image_size(pair->tried);
	if (question->other[0] != '\0')
		error = open_image(
		    trial, &other, question->fds[TRIAL_OTHER], &pair->other);
	return error == 0 && !open_no_more() ? -errno : error;
}

static int
try_schema(struct trial *trial, const struct module *module)
{
	const struct schema_extent extent = { here.begin, here.size };
	char clause[TRIAL_WHY / 2];

	trial->stage = TRIAL_SCHEMA;
	if (schema_check_within(
		&module->schema, &extent, clause, sizeof clause) != 0)
		(void)snprintf(
		    trial->why, sizeof trial->why, "its schema: %s", clause);
	else if (module->schema.size > BEHAVIOUR_STATE_MAX)
		(void)snprintf(trial->why, sizeof trial->why,
		    "its state has %u bytes, at most %d are possible",
		    module->schema.size, BEHAVIOUR_STATE_MAX);
	else
		return 0;
	return -ENOEXEC;
}

static int
try_self_test(struct trial *trial, const struct module *module)
{
	int result;

	trial->stage = TRIAL_SELF_TEST;
	result = module->self_test == NULL ? 0 : module->self_test();
	if (result == 0)
		return 0;
	(void)snprintf(trial->why, sizeof trial->why,
	    "its self_test answers %d, not 0", result);
	return -EBADMSG;
}

/* The live states that came with the question; NULL: it cannot be read. */
static const uint8_t *
map_samples(const struct trial_question *question)
{
	void *samples = mmap(NULL, question->samples_size, PROT_READ,
	    MAP_PRIVATE, question->fds[TRIAL_SAMPLES], 0);

	return samples == MAP_FAILED ? NULL : samples;
}

static int
try_plans(struct trial *trial, const struct trial_question *question,
    const struct pair *pair, bool is_filtered)
{
	const uint8_t *samples = NULL;
	struct plan_trial *plan_trial;
	int error;

	trial->stage = TRIAL_PLAN;
	/* By way of another: each step of it is tried by itself. */
	if (!route_is_step(
		image_module(pair->other), image_module(pair->tried)))
		return 0;
	error = plan_trial_begin(&plan_trial, trial, image_module(pair->other),
	    image_module(pair->tried));
	if (error == 0 && question->samples_size > 0) {
		samples = map_samples(question);
		error = samples == NULL ? -errno : 0;
	}
	if (error == 0 && is_filtered)
		error = filter_set(FILTER_RUNNING);
	return error == 0
	    ? plan_trial_run(plan_trial, samples, question->samples_size)
	    : error;
}

static int
try_alone(struct trial *trial, const struct pair *pair, bool is_filtered)
{
	int error = try_schema(trial, image_module(pair->tried));

	if (error == 0 && is_filtered)
		error = filter_set(FILTER_RUNNING);
	return error == 0 ? try_self_test(trial, image_module(pair->tried))
			  : error;
}

/* Into the file that came with the question; nothing of the module runs. */
static int
read_states(struct trial *trial, const struct trial_question *question,
    const struct pair *pair, bool is_filtered)
{
	char *text = mmap(NULL, STATE_CHART_TEXT, PROT_READ | PROT_WRITE,
	    MAP_SHARED, question->fds[TRIAL_OTHER], 0);
	int error = try_schema(trial, image_module(pair->tried));

	if (error == 0 && text == MAP_FAILED)
		error = -errno;
	if (error == 0 && is_filtered)
		error = filter_set(FILTER_RUNNING);
	trial->stage = TRIAL_STATES;
	if (error == 0)
		error = state_chart_write(
		    image_module(pair->tried), text, STATE_CHART_TEXT);
	if (error == -ENOENT)
		(void)snprintf(trial->why, sizeof trial->why,
		    "it does not say by which table of states it works");
	return error == -ENOENT ? -ENODATA : error;
}

static int
try_close(struct trial *trial, struct pair *pair)
{
	trial->stage = TRIAL_CLOSE;
	if (image_close(&pair->tried) == 0)
		return 0;
	(void)snprintf(trial->why, sizeof trial->why,
	    "it stays in memory when it is closed");
	return -ENOEXEC;
}

static int
try_all(struct trial *trial, const struct trial_question *question,
    bool is_filtered)
{
	struct pair pair = { NULL, NULL };
	int error = is_filtered ? filter_set(FILTER_OPENING) : 0;

	if (error == 0)
		error = open_images(trial, question, &pair);
	if (error == 0 && question->wants_states)
		error = read_states(trial, question, &pair, is_filtered);
	else if (error == 0)
		error = pair.other == NULL
		    ? try_alone(trial, &pair, is_filtered)
		    : try_plans(trial, question, &pair, is_filtered);
	return error == 0 ? try_close(trial, &pair) : error;
}

void
trial_live(struct trial *trial, const struct trial_question *question,
    bool is_filtered, pid_t parent)
{
	here.trial = trial;
	if (!confine(parent))
		_exit(EXIT_FAILURE);
	trial->error = try_all(trial, question, is_filtered);
	if (trial->error != 0 && trial->why[0] == '\0')
		(void)snprintf(trial->why, sizeof trial->why,
		    "it cannot be tried: %s", strerror(-trial->error));
	trial->is_done = true;
	_exit(EXIT_SUCCESS);
}
