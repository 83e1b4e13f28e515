/*
 * filter: see filter.h for what it is.
 *
 * Two rules each: what is on the list is allowed, all else is a signal.  What
 * is on it is what strace(1) shows of a trial, and no more.
 *
 *   opening   the loader's: open to read, map, protect; and what sets limits
 *             and the next filter
 *   running   dlclose(3): unmap; abort(3), which a module may call; the end
 *
 * Memory is not on the second list, so that what takes it without end is met
 * at once; malloc(3) must not be needed there.  Numbers of descriptors are not
 * looked at: what a trial has open is its own copies, and closing them is not
 * on the list.
 *
 * Sanitizers and counters of lines make calls of their own, more than could be
 * listed: under them it is the other way round, and what would reach out of
 * the process is what is forbidden.
 */
#include "upgrade/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct rule {
	int call;
	enum filter_stage last; /* in which it has its effect */
};

#ifdef HOTSWITCH_INSTRUMENTED
#define OTHERWISE SCMP_ACT_ALLOW
#define LISTED	  SCMP_ACT_TRAP

static const struct rule rules[] = {
	{ SCMP_SYS(clone3), FILTER_RUNNING },
	{ SCMP_SYS(connect), FILTER_RUNNING },
	{ SCMP_SYS(execve), FILTER_RUNNING },
	{ SCMP_SYS(execveat), FILTER_RUNNING },
	{ SCMP_SYS(fork), FILTER_RUNNING },
	{ SCMP_SYS(kill), FILTER_RUNNING },
	{ SCMP_SYS(ptrace), FILTER_RUNNING },
	{ SCMP_SYS(socket), FILTER_RUNNING },
	{ SCMP_SYS(vfork), FILTER_RUNNING },
};
#else
#define OTHERWISE SCMP_ACT_TRAP
#define LISTED	  SCMP_ACT_ALLOW

static const struct rule rules[] = {
	{ SCMP_SYS(brk), FILTER_OPENING },
	{ SCMP_SYS(close), FILTER_OPENING },
	{ SCMP_SYS(fstat), FILTER_OPENING },
	{ SCMP_SYS(mmap), FILTER_OPENING },
	{ SCMP_SYS(mprotect), FILTER_OPENING },
	{ SCMP_SYS(newfstatat), FILTER_OPENING },
	{ SCMP_SYS(pread64), FILTER_OPENING },
	{ SCMP_SYS(prctl), FILTER_OPENING },
	{ SCMP_SYS(prlimit64), FILTER_OPENING },
	{ SCMP_SYS(read), FILTER_OPENING },
	{ SCMP_SYS(seccomp), FILTER_OPENING },
	{ SCMP_SYS(exit_group), FILTER_RUNNING },
	{ SCMP_SYS(getpid), FILTER_RUNNING },
	{ SCMP_SYS(gettid), FILTER_RUNNING },
	{ SCMP_SYS(munmap), FILTER_RUNNING },
	{ SCMP_SYS(rt_sigprocmask), FILTER_RUNNING },
};
#endif

bool
filter_exists(void)
{
	uint32_t action = SECCOMP_RET_TRAP;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

#ifndef HOTSWITCH_INSTRUMENTED
/* Calls of which only some are harmless: 0 or -errno. */
static int
add_narrow(scmp_filter_ctx context, enum filter_stage stage)
{
	/* abort(3) sends itself its signal, and nobody else any other. */
	const struct scmp_arg_cmp abort_only[] = {
		{ .arg = 0,
		    .op = SCMP_CMP_EQ,
		    .datum_a = (scmp_datum_t)getpid() },
		{ .arg = 2, .op = SCMP_CMP_EQ, .datum_a = SIGABRT },
	};
	const struct scmp_arg_cmp to_read = { .arg = 2,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = O_ACCMODE | O_CREAT | O_TRUNC,
		.datum_b = O_RDONLY };
	int error = seccomp_rule_add_array(
	    context, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 2, abort_only);

	return error != 0 || stage != FILTER_OPENING
	    ? error
	    : seccomp_rule_add_array(
		  context, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, &to_read);
}
#else
static int
add_narrow(scmp_filter_ctx context, enum filter_stage stage)
{
	(void)context;
	(void)stage;
	return 0;
}
#endif

int
filter_set(enum filter_stage stage)
{
	scmp_filter_ctx context = seccomp_init(OTHERWISE);
	const struct rule *rule = rules;
	int error;

	if (context == NULL)
		return -ENOMEM;
	error = add_narrow(context, stage);
	for (; rule < rules + sizeof rules / sizeof rules[0]; rule++)
		if (error == 0 && rule->last >= stage)
			error =
			    seccomp_rule_add(context, LISTED, rule->call, 0);
	if (error == 0)
		error = seccomp_load(context);
	seccomp_release(context);
	return error;
}

void
filter_name(int call, char *text, size_t size)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);

	if (name != NULL)
		(void)snprintf(text, size, "%s", name);
	else
		(void)snprintf(text, size, "%d", call);
	free(name);
}
