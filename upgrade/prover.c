/*
 * prover: see prover.h for what it is.
 *
 *   switch          prover                      trial
 *   prover_try ───> name and file
 *                   fork ─────────────────────> confine
 *                                               open, check, self_test, close
 *                   wait <───────────────────── verdict in shared memory
 *   answer <─────── verdict, or how it died
 *
 * A trial writes what it is about to do before it does it, and `is_done` last:
 * of one that dies the prover knows where.  It is bounded against mistakes, by
 * limits of time, memory and files; it is not a jail for an enemy.
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switch/object.h"
#include "upgrade/image.h"
#include "upgrade/schema.h"

enum {
	SOCKET = 3, /* its place in the prover */
	/* A trial of ours takes 2 ms, under valgrind 0.3 s. */
	TRIAL_CPU_SECONDS = 2,
	TRIAL_SECONDS = 10,
	ANSWER_SECONDS = 2 * TRIAL_SECONDS,
	/* On top of what it has from us; four of the largest files. */
	TRIAL_MEMORY_MIB = 64,
	NAME_BYTES = 64,
	WHY_BYTES = 384
};

/* X(symbol, words): what a trial is doing. */
#define TRIAL_STAGES(X)                                                        \
	X(CONFINE, "it is prepared")                                           \
	X(OPEN, "it is opened")                                                \
	X(SCHEMA, "its schema is read")                                        \
	X(SELF_TEST, "its self_test runs")                                     \
	X(CLOSE, "it is closed")

#define TRIAL_ENUM(symbol, words) TRIAL_##symbol,
enum trial_stage { TRIAL_STAGES(TRIAL_ENUM) };
#undef TRIAL_ENUM

struct question {
	char module[NAME_BYTES], version[NAME_BYTES];
};

struct verdict {
	int error;
	char why[WHY_BYTES];
};

/* What a trial and the prover share. */
struct trial {
	volatile enum trial_stage stage;
	volatile bool is_done;
	struct verdict verdict;
};

struct prover {
	unsigned int magic;
#define PROVER_MAGIC 0x9e07c5b1
	pid_t process;
	int socket; /* or -1: it is gone */
};

/* Room for one descriptor beside a message, aligned as its header wants. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/*--------------------------------------------------------------------
 * The trial
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

/* A signal that ends it is an answer, and no handler's business. */
static void
forget_handlers(void)
{
	static const int signals[] = { SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL,
		SIGSEGV, SIGSYS, SIGTRAP, SIGXCPU };
	size_t i;

	for (i = 0; i < sizeof signals / sizeof signals[0]; i++)
		(void)signal(signals[i], SIG_DFL);
	/* What counts lines would write its counts: that fails, no more. */
	(void)signal(SIGXFSZ, SIG_IGN);
}

static bool
confine(pid_t parent)
{
	const rlim_t mapped = mapped_bytes();
	const rlim_t most = mapped + ((rlim_t)TRIAL_MEMORY_MIB << 20);
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (mapped == 0 || nowhere < 0 || dup2(nowhere, 0) < 0 ||
	    dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0 || close(SOCKET) != 0)
		return false;
	forget_handlers();
	(void)alarm(TRIAL_SECONDS);
	/* At the soft limit it dies of SIGXCPU, which says why. */
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    limit(RLIMIT_AS, most, most) && limit(RLIMIT_CORE, 0, 0) &&
	    limit(RLIMIT_CPU, TRIAL_CPU_SECONDS, TRIAL_CPU_SECONDS + 1) &&
	    limit(RLIMIT_FSIZE, 0, 0);
}

static int
try_schema(const struct module *module, char *why, size_t size)
{
	char clause[WHY_BYTES / 2];

	if (schema_check(&module->schema, clause, sizeof clause) == 0)
		return 0;
	(void)snprintf(why, size, "its schema: %s", clause);
	return -ENOEXEC;
}

static int
try_self_test(const struct module *module, char *why, size_t size)
{
	int result = module->self_test == NULL ? 0 : module->self_test();

	if (result == 0)
		return 0;
	(void)snprintf(why, size, "its self_test answers %d, not 0", result);
	return -EBADMSG;
}

/* From here it runs what may not return. */
static int
try_image(
    struct trial *trial, struct image *image, const struct question *question)
{
	const struct image_name name = { .module = question->module,
		.version = question->version };
	char *why = trial->verdict.why;
	int error;

	trial->stage = TRIAL_OPEN;
	error = image_map(image, &name, why, WHY_BYTES);
	/* It has what it needs; nothing is opened any more. */
	if (error != 0 || !limit(RLIMIT_NOFILE, 0, 0))
		return error;
	trial->stage = TRIAL_SCHEMA;
	error = try_schema(image_module(image), why, WHY_BYTES);
	if (error != 0)
		return error;
	trial->stage = TRIAL_SELF_TEST;
	return try_self_test(image_module(image), why, WHY_BYTES);
}

static int
try_all(struct trial *trial, const struct question *question, int fd)
{
	struct image *image;
	int error = image_adopt(&image, fd);

	if (error != 0)
		return error;
	error = try_image(trial, image, question);
	trial->stage = TRIAL_CLOSE;
	if (image_close(&image) == 0 || error != 0)
		return error;
	(void)snprintf(trial->verdict.why, WHY_BYTES,
	    "it stays in memory when it is closed");
	return -ENOEXEC;
}

_Noreturn static void
live_trial(
    struct trial *trial, const struct question *question, int fd, pid_t parent)
{
	if (!confine(parent))
		_exit(EXIT_FAILURE);
	trial->verdict.error = try_all(trial, question, fd);
	trial->is_done = true;
	_exit(EXIT_SUCCESS);
}

/*--------------------------------------------------------------------
 * The prover
 */

static void
tell_death(struct trial *trial, int status)
{
#define TRIAL_WORDS(symbol, words) words,
	static const char *const stages[] = { TRIAL_STAGES(TRIAL_WORDS) };
#undef TRIAL_WORDS
	struct verdict *verdict = &trial->verdict;
	const char *stage = stages[trial->stage];
	int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	verdict->error = trial->stage == TRIAL_SELF_TEST ? -EBADMSG : -ENOEXEC;
	if (signal == SIGALRM || signal == SIGXCPU)
		(void)snprintf(verdict->why, sizeof verdict->why,
		    "it takes more than %d s of processor time or %d s in all "
		    "while %s",
		    TRIAL_CPU_SECONDS, TRIAL_SECONDS, stage);
	else if (signal != 0)
		(void)snprintf(verdict->why, sizeof verdict->why,
		    "it crashes the trial: SIG%s while %s",
		    sigabbrev_np(signal), stage);
	else
		(void)snprintf(verdict->why, sizeof verdict->why,
		    "it ends the trial with status %d while %s",
		    WEXITSTATUS(status), stage);
}

/* A trial's words have names in them, which may be anything. */
static void
make_printable(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text != '\0'; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

static void
hold_trial(struct trial *trial, const struct question *question, int fd)
{
	pid_t self = getpid(), process;
	int status;

	memset(trial, 0, sizeof *trial);
	process = fork();
	if (process == 0)
		live_trial(trial, question, fd, self);
	if (process < 0) {
		trial->verdict.error = -ENOEXEC;
		(void)snprintf(trial->verdict.why, WHY_BYTES,
		    "the prover cannot make a process: %s", strerror(errno));
		return;
	}
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	/* The status may be valgrind's, which counts what we still hold. */
	if (!trial->is_done || WIFSIGNALED(status))
		tell_death(trial, status);
	make_printable(trial->verdict.why, WHY_BYTES);
}

/* The file that a question has brought; -1 at the end of the switch. */
static int
receive(struct question *question)
{
	union control control;
	struct iovec part = { question, sizeof *question };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };
	ssize_t got;
	int fd;

	do
		got = recvmsg(SOCKET, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != sizeof *question || CMSG_FIRSTHDR(&message) == NULL)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return fd;
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
live_prover(int socket, pid_t parent)
{
	struct question question;
	struct trial *trial = MAP_FAILED;
	int fd;

	if (settle(socket, parent))
		trial = mmap(NULL, sizeof *trial, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	while (trial != MAP_FAILED && (fd = receive(&question)) >= 0) {
		hold_trial(trial, &question, fd);
		(void)close(fd);
		if (send(SOCKET, &trial->verdict, sizeof trial->verdict,
			MSG_NOSIGNAL) < 0)
			break;
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
	/* Else the child would write it a second time. */
	(void)fflush(NULL);
	prover->process = fork();
	if (prover->process == 0)
		live_prover(ends[1], self);
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

static int
ask(const struct prover *prover, int fd, const struct question *question)
{
	union control control = { .bytes = { 0 } };
	struct iovec part = { .iov_len = sizeof *question };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };
	struct cmsghdr *header = &control.header;
	struct question copy = *question;

	part.iov_base = &copy;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
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

int
prover_try(struct prover *prover, int fd, const struct image_name *name,
    char *why, size_t size)
{
	struct question question = { .module = "" };
	struct verdict verdict;
	int error = -EPIPE;

	CHECK_OBJ(prover, PROVER_MAGIC);
	(void)snprintf(
	    question.module, sizeof question.module, "%s", name->module);
	(void)snprintf(
	    question.version, sizeof question.version, "%s", name->version);
	if (prover->socket >= 0)
		error = ask(prover, fd, &question);
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
