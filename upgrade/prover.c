/*
 * prover: see prover.h for what it is.
 *
 *   switch          prover                      trial (trial.h)
 *   prover_try ───> question and files
 *                   fork ─────────────────────> open, run, close
 *                   wait <───────────────────── what it did, in shared memory
 *   answer <─────── verdict, or how it died
 *
 * Invariants:
 *   1. the prover runs nothing of a module, and maps none;
 *   2. there is at most one trial, and it is waited for before the answer.
 */
#include "upgrade/prover.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switch/object.h"
#include "upgrade/filter.h"
#include "upgrade/image.h"
#include "upgrade/state_chart.h"
#include "upgrade/trial.h"

enum {
	SOCKET = 3, /* its place in the prover */
	/* Twice what a trial may take. */
	ANSWER_SECONDS = 20
};

struct verdict {
	int error;
	char why[TRIAL_WHY];
};

struct prover {
	unsigned int magic;
#define PROVER_MAGIC 0x9e07c5b1
	pid_t process;
	int socket; /* or -1: it is gone */
	bool is_filtered;
};

/* Room for descriptors beside a message, aligned as its header wants. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(TRIAL_FILES * sizeof(int))];
};

/*--------------------------------------------------------------------
 * The prover
 */

/* A trial's words have names in them, which may be anything. */
static void
make_printable(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text != '\0'; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

/* Standard streams lead nowhere; of ours it keeps the question's files. */
static bool
cut_off(void)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	return nowhere >= 0 && dup2(nowhere, 0) == 0 && dup2(nowhere, 1) == 1 &&
	    dup2(nowhere, 2) == 2 && close(nowhere) == 0 && close(SOCKET) == 0;
}

static void
hold_trial(struct trial *trial, const struct trial_question *question,
    bool is_filtered)
{
	pid_t self = getpid(), process;
	int status;

	memset(trial, 0, sizeof *trial);
	process = fork();
	if (process == 0 && cut_off())
		trial_live(trial, question, is_filtered, self);
	if (process == 0)
		_exit(EXIT_FAILURE);
	if (process < 0) {
		trial->error = -ENOEXEC;
		(void)snprintf(trial->why, sizeof trial->why,
		    "the prover cannot make a process: %s", strerror(errno));
		return;
	}
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	/* The status may be valgrind's, which counts what we still hold. */
	if (!trial->is_done || WIFSIGNALED(status))
		trial_tell_death(trial, question, status);
	make_printable(trial->why, sizeof trial->why);
}

/* With the descriptors that it has brought; false at the end of the switch. */
static bool
receive(struct trial_question *question)
{
	union control control;
	struct iovec part = { question, sizeof *question };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };
	const struct cmsghdr *header;
	ssize_t got;

	do
		got = recvmsg(SOCKET, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	header = CMSG_FIRSTHDR(&message);
	if (got != sizeof *question || header == NULL)
		return false;
	memset(question->fds, -1, sizeof question->fds);
	memcpy(
	    question->fds, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
	return true;
}

static void
close_files(const struct trial_question *question)
{
	unsigned int i;

	for (i = 0; i < TRIAL_FILES; i++)
		if (question->fds[i] >= 0)
			(void)close(question->fds[i]);
}

static bool
answer(const struct trial *trial)
{
	struct verdict verdict = { .error = trial->error };

	memcpy(verdict.why, trial->why, sizeof verdict.why);
	return send(SOCKET, &verdict, sizeof verdict, MSG_NOSIGNAL) >= 0;
}

static bool
settle(int socket, pid_t parent)
{
	if (socket != SOCKET && dup2(socket, SOCKET) < 0)
		return false;
	return close_range(SOCKET + 1, ~0U, 0) == 0 &&
	    prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

_Noreturn static void
live_prover(int socket, bool is_filtered, pid_t parent)
{
	struct trial_question question;
	struct trial *trial = MAP_FAILED;
	bool goes_on = true;

	if (settle(socket, parent))
		trial = mmap(NULL, sizeof *trial, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	while (trial != MAP_FAILED && goes_on && receive(&question)) {
		hold_trial(trial, &question, is_filtered);
		close_files(&question);
		goes_on = answer(trial);
	}
	_exit(EXIT_SUCCESS);
}

/*--------------------------------------------------------------------
 * The switch's end
 */

int
prover_start(struct prover **ret_prover)
{
	const struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	struct prover *prover;
	int ends[2], error;
	pid_t self = getpid();

	if (ALLOC_OBJ(prover, PROVER_MAGIC) == NULL)
		return -ENOMEM;
	prover->socket = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		error = -errno;
		goto fail;
	}
	prover->socket = ends[0];
	prover->is_filtered = filter_exists();
	/* Else the child would write it a second time. */
	(void)fflush(NULL);
	prover->process = fork();
	if (prover->process == 0)
		live_prover(ends[1], prover->is_filtered, self);
	error = prover->process < 0 ? -errno : 0;
	(void)close(ends[1]);
	if (error == 0 &&
	    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof patience) != 0)
		error = -errno;
	if (error != 0)
		goto fail;
	*ret_prover = prover;
	return 0;

fail:
	prover_free(&prover);
	return error;
}

/* `question` with the first of its files. */
static int
ask(const struct prover *prover, struct trial_question *question,
    unsigned int files)
{
	union control control = { .bytes = { 0 } };
	struct iovec part = { question, sizeof *question };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(files * sizeof(int)) };
	struct cmsghdr *header = &control.header;

	if (prover->socket < 0)
		return -EPIPE;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(files * sizeof(int));
	memcpy(CMSG_DATA(header), question->fds, files * sizeof(int));
	return sendmsg(prover->socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int
hear(const struct prover *prover, struct verdict *ret_verdict)
{
	ssize_t got;

	do
		got = recv(prover->socket, ret_verdict, sizeof *ret_verdict, 0);
	while (got < 0 && errno == EINTR);
	return got == sizeof *ret_verdict ? 0 : -EPIPE;
}

/* Asks, and waits; `files` of the question's descriptors go with it. */
static int
have_tried(struct prover *prover, struct trial_question *question,
    unsigned int files, char *why, size_t size)
{
	struct verdict verdict;
	int error = ask(prover, question, files);

	if (error == 0)
		error = hear(prover, &verdict);
	if (error == 0) {
		(void)snprintf(why, size, "%s", verdict.why);
		return verdict.error;
	}
	/* A late answer must not be taken for that to another question. */
	if (prover->socket >= 0)
		(void)close(prover->socket);
	prover->socket = -1;
	(void)snprintf(why, size,
	    "the prover, which tries it first, is gone; start the switch anew "
	    "to load modules");
	return -ENOEXEC;
}

int
prover_try(struct prover *prover, int fd, const struct image_name *name,
    char *why, size_t size)
{
	struct trial_question question = { .fds = { fd, -1, -1 } };

	CHECK_OBJ(prover, PROVER_MAGIC);
	(void)snprintf(question.module, TRIAL_NAME, "%s", name->module);
	(void)snprintf(question.version, TRIAL_NAME, "%s", name->version);
	return have_tried(prover, &question, 1, why, size);
}

/* The samples as a file; -errno. */
static int
write_samples(const struct prover_plans *plans)
{
	int fd = memfd_create("samples", MFD_CLOEXEC);

	if (fd >= 0 &&
	    write(fd, plans->samples, plans->samples_size) ==
		(ssize_t)plans->samples_size)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -ENOMEM;
}

int
prover_try_plans(struct prover *prover, const struct prover_plans *plans,
    char *why, size_t size)
{
	struct trial_question question = { .fds = { plans->fd, plans->other_fd,
					       -1 },
		.samples_size = plans->samples_size };
	int error, samples;

	CHECK_OBJ(prover, PROVER_MAGIC);
	samples = write_samples(plans);
	if (samples < 0) {
		(void)snprintf(why, size, "no memory for live states");
		return samples;
	}
	question.fds[TRIAL_SAMPLES] = samples;
	(void)snprintf(question.module, TRIAL_NAME, "%s", plans->module);
	(void)snprintf(question.version, TRIAL_NAME, "%s", plans->version);
	(void)snprintf(question.other, TRIAL_NAME, "%s", plans->other);
	error = have_tried(prover, &question, TRIAL_FILES, why, size);
	(void)close(samples);
	return error;
}

/* What the trial has written there, as a chart; -EBADMSG: nothing sensible. */
static int
read_chart(int fd, struct state_chart **ret_chart)
{
	char *text = object_alloc(STATE_CHART_TEXT);
	int error = -ENOMEM;

	if (text == NULL)
		return -ENOMEM;
	if (pread(fd, text, STATE_CHART_TEXT - 1, 0) > 0)
		error = state_chart_read(ret_chart, text);
	object_free(text, STATE_CHART_TEXT);
	return error;
}

int
prover_read_states(struct prover *prover, const struct prover_copy *copy,
    struct state_chart **ret_chart, char *why, size_t size)
{
	const int written = memfd_create("states", MFD_CLOEXEC);
	struct trial_question question = { .fds = { copy->fd, written, -1 },
		.wants_states = true };
	int error;

	CHECK_OBJ(prover, PROVER_MAGIC);
	(void)snprintf(question.module, TRIAL_NAME, "%s", copy->module);
	(void)snprintf(question.version, TRIAL_NAME, "%s", copy->version);
	(void)snprintf(why, size, "no memory for its table of states");
	if (written < 0)
		return -ENOMEM;
	error = ftruncate(written, STATE_CHART_TEXT) == 0
	    ? have_tried(prover, &question, TRIAL_OTHER + 1, why, size)
	    : -ENOMEM;
	if (error == 0) {
		error = read_chart(written, ret_chart);
		if (error == -EBADMSG)
			(void)snprintf(
			    why, size, "its table of states makes no sense");
	}
	(void)close(written);
	return error;
}

bool
prover_is_filtered(const struct prover *prover)
{
	CHECK_OBJ(prover, PROVER_MAGIC);
	return prover->is_filtered;
}

void
prover_free(struct prover **proverp)
{
	struct prover *prover = *proverp;

	if (prover == NULL)
		return;
	CHECK_OBJ(prover, PROVER_MAGIC);
	if (prover->socket >= 0)
		(void)close(prover->socket);
	if (prover->process > 0) {
		(void)kill(prover->process, SIGKILL);
		while (waitpid(prover->process, NULL, 0) < 0 && errno == EINTR)
			;
	}
	FREE_OBJ(proverp, PROVER_MAGIC);
}
