/*
 * crew: see crew.h for what it is.
 *
 * The parent has no thread and does nothing but wait: for the end of a child,
 * for a key that interrupts, and for the next moment at which somebody wants
 * to see how far it is.
 *
 * Invariants:
 *   1. while crew_run() is at work its signals are blocked, and only taken by
 *      sigtimedwait(2): none is met between two lines;
 *   2. a child dies with its parent, and a group is killed before it is left.
 */
#include "sim/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/scenario_internal.h" /* wall_us() */
#include "switch/object.h"

enum { LOOK_NS = 100000000 }; /* often enough to look alive */

struct member {
	pid_t process; /* 0: the place is free */
	unsigned int job;
	uint64_t began;
	bool is_late;
	int said, warned; /* descriptors */
};

struct crew {
	const struct crew_order *order;
	struct member members[CREW_MAX];
	unsigned int jobs, begun, running;
	sigset_t signals, before;
	int interrupted;
	bool is_over; /* nothing more is begun */
};

static void
listen_for(struct crew *crew)
{
	static const int numbers[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP,
		SIGQUIT };
	unsigned int i;

	(void)sigemptyset(&crew->signals);
	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		(void)sigaddset(&crew->signals, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &crew->signals, &crew->before);
}

/*--------------------------------------------------------------------
 * In the child
 */

/* Only what a job may have: no input, its own output, its parent's life. */
static bool
settle(const struct member *member, pid_t parent)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return nothing >= 0 && setpgid(0, 0) == 0 &&
	    prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    dup2(nothing, STDIN_FILENO) >= 0 &&
	    dup2(member->said, STDOUT_FILENO) >= 0 &&
	    dup2(member->warned, STDERR_FILENO) >= 0;
}

_Noreturn static void
be_child(struct crew *crew, const struct member *member, pid_t parent)
{
	int status;

	(void)sigprocmask(SIG_SETMASK, &crew->before, NULL);
	if (!settle(member, parent))
		_exit(EXIT_FAILURE);
	status = crew->order->work(crew->order->arg, member->job);
	exit(fflush(NULL) == 0 ? status : EXIT_FAILURE);
}

/*--------------------------------------------------------------------
 * In the parent
 */

static struct member *
find(struct crew *crew, pid_t process)
{
	unsigned int i;

	for (i = 0; i < CREW_MAX; i++)
		if (crew->members[i].process == process)
			return &crew->members[i];
	return NULL;
}

static void
leave(struct member *member)
{
	if (member->said >= 0)
		(void)close(member->said);
	if (member->warned >= 0)
		(void)close(member->warned);
	member->process = 0;
}

/* -errno when it cannot be begun. */
static int
begin(struct crew *crew)
{
	struct member *member = find(crew, 0);
	pid_t parent = getpid();
	int result;

	*member = (struct member){ .job = crew->begun,
		.began = wall_us(),
		.said = memfd_create("said", MFD_CLOEXEC),
		.warned = memfd_create("warned", MFD_CLOEXEC) };
	(void)fflush(NULL); /* else the child would write it a second time */
	if (member->said >= 0 && member->warned >= 0)
		member->process = fork();
	if (member->process == 0 && getpid() != parent)
		be_child(crew, member, parent);
	if (member->process <= 0) {
		result = -errno;
		leave(member);
		return result;
	}
	(void)setpgid(member->process, member->process); /* who is first */
	crew->begun++;
	crew->running++;
	return 0;
}

/* All that a child has written; NULL and 0 where there is no memory. */
static char *
read_back(int descriptor, size_t *ret_size)
{
	struct stat found;
	char *text = NULL;

	if (fstat(descriptor, &found) == 0)
		text = object_alloc((size_t)found.st_size + 1);
	*ret_size = text == NULL ? 0 : (size_t)found.st_size;
	if (text != NULL &&
	    pread(descriptor, text, *ret_size, 0) != (ssize_t)*ret_size)
		memset(text, ' ', *ret_size);
	return text;
}

void
crew_forget(struct crew_end *end)
{
	if (end->said != NULL)
		object_free(end->said, end->said_size + 1);
	if (end->warned != NULL)
		object_free(end->warned, end->warned_size + 1);
	end->said = end->warned = NULL;
}

static void
take_end(struct crew *crew, struct member *member, int status)
{
	struct crew_end end = { .job = member->job,
		.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		.is_late = member->is_late,
		.wall_us = wall_us() - member->began };

	(void)kill(-member->process, SIGKILL); /* what it may have left */
	end.said = read_back(member->said, &end.said_size);
	end.warned = read_back(member->warned, &end.warned_size);
	leave(member);
	crew->running--;
	if (crew->interrupted == 0 && !crew->is_over &&
	    !crew->order->end(crew->order->arg, &end, &crew->jobs))
		crew->is_over = true;
	crew_forget(&end);
}

/* Only of ours: somebody else may have children too. */
static void
reap(struct crew *crew)
{
	unsigned int i;
	int status;

	for (i = 0; i < CREW_MAX; i++)
		if (crew->members[i].process > 0 &&
		    waitpid(crew->members[i].process, &status, WNOHANG) > 0)
			take_end(crew, &crew->members[i], status);
}

static void
end_late(struct crew *crew)
{
	const uint64_t limit = crew->order->limit_us, now = wall_us();
	unsigned int i;

	for (i = 0; limit > 0 && i < CREW_MAX; i++) {
		struct member *member = &crew->members[i];

		if (member->process == 0 || now - member->began < limit)
			continue;
		member->is_late = true;
		(void)kill(-member->process, SIGKILL);
	}
}

static void
end_all(struct crew *crew)
{
	unsigned int i;
	int status;

	for (i = 0; i < CREW_MAX; i++)
		if (crew->members[i].process > 0)
			(void)kill(-crew->members[i].process, SIGKILL);
	for (i = 0; i < CREW_MAX; i++)
		if (crew->members[i].process > 0) {
			(void)waitpid(crew->members[i].process, &status, 0);
			take_end(crew, &crew->members[i], status);
		}
}

static void
wait_a_while(struct crew *crew)
{
	const struct timespec while_ = { 0, LOOK_NS };
	int number = sigtimedwait(&crew->signals, NULL, &while_);

	if (number > 0 && number != SIGCHLD)
		crew->interrupted = number;
}

/* As many as there may be; -errno of one that could not be begun. */
static int
begin_some(struct crew *crew)
{
	int result = 0;

	while (result == 0 && crew->begun < crew->jobs &&
	    crew->running < crew->order->together)
		result = begin(crew);
	/* With some at work there will be room for another. */
	return crew->running > 0 ? 0 : result;
}

int
crew_run(const struct crew_order *order)
{
	struct crew crew = { .order = order, .jobs = order->jobs };
	int result = 0;

	listen_for(&crew);
	while (result == 0 && crew.interrupted == 0 && !crew.is_over) {
		result = begin_some(&crew);
		if (crew.running == 0)
			break;
		if (order->look != NULL)
			order->look(order->arg, crew.running);
		wait_a_while(&crew);
		reap(&crew);
		end_late(&crew);
	}
	end_all(&crew);
	(void)sigprocmask(SIG_SETMASK, &crew.before, NULL);
	return crew.interrupted != 0 ? crew.interrupted : result;
}
