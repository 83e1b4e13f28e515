/*
 * script: see script.h for what it is, and for the frames.
 *
 * This is the switch's end: it makes the process and buries it.  What the
 * process does is in script_child.c; it never returns from here.
 */
#include "sim/script.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/frame.h"
#include "sim/part.h"
#include "sim/script_internal.h"
#include "switch/object.h"

struct script {
	unsigned int magic;
#define SCRIPT_MAGIC 0x2b60c4e9
	pid_t process; /* 0 once it is reaped */
	int descriptor, status;
	struct frame_reader *reader;
	struct parts parts;
};

int
script_start(struct script **ret_script, const struct source *source,
    const struct script_options *options)
{
	struct script *script;
	int ends[2] = { -1, -1 }, result = -ENOMEM;

	if (ALLOC_OBJ(script, SCRIPT_MAGIC) == NULL)
		return -ENOMEM;
	script->descriptor = -1;
	parts_begin(&script->parts, source);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		result = -errno;
		goto fail;
	}
	script->descriptor = ends[0];
	result = frame_reader_alloc(&script->reader, ends[0]);
	if (result != 0)
		goto fail;
	/* Else the child would write it a second time. */
	(void)fflush(NULL);
	script->process = fork();
	if (script->process == 0)
		script_child(ends[1], &script->parts, options);
	if (script->process < 0) {
		result = -errno;
		script->process = 0;
		goto fail;
	}
	(void)close(ends[1]);
	*ret_script = script;
	return 0;
fail:
	if (ends[1] >= 0)
		(void)close(ends[1]);
	script_free(&script);
	return result;
}

int
script_socket(const struct script *script)
{
	CHECK_OBJ(script, SCRIPT_MAGIC);
	return script->descriptor;
}

int
script_read(struct script *script, int is_waiting, struct frame *ret_frame)
{
	int result;

	CHECK_OBJ(script, SCRIPT_MAGIC);
	for (;;) {
		result = frame_read(script->reader, is_waiting != 0, ret_frame);
		if (result != 0 || strcmp(ret_frame->words[0], "read") != 0 ||
		    ret_frame->count != 2)
			return result;
		result = script_part_serve(
		    script, &script->parts, ret_frame->words[1]);
		if (result != 0)
			return result;
	}
}

void
script_place(const struct script *script, unsigned int line, char *place)
{
	CHECK_OBJ(script, SCRIPT_MAGIC);
	parts_place(&script->parts, line, place);
}

const char *
script_file(const struct script *script, unsigned int i)
{
	CHECK_OBJ(script, SCRIPT_MAGIC);
	return i < script->parts.count ? script->parts.part[i].path : NULL;
}

bool
script_is_own_line(const struct script *script, unsigned int line)
{
	CHECK_OBJ(script, SCRIPT_MAGIC);
	return line <= script->parts.part[0].lines;
}

int
script_answer(
    struct script *script, unsigned int count, const char *const *words)
{
	CHECK_OBJ(script, SCRIPT_MAGIC);
	return frame_write(script->descriptor, count, words);
}

static void
reap(struct script *script)
{
	if (script->process == 0)
		return;
	while (
	    waitpid(script->process, &script->status, 0) < 0 && errno == EINTR)
		;
	script->process = 0;
}

void
script_obituary(struct script *script, char *why, size_t size)
{
	CHECK_OBJ(script, SCRIPT_MAGIC);
	reap(script);
	if (WIFSIGNALED(script->status) &&
	    (WTERMSIG(script->status) == SIGXCPU ||
		WTERMSIG(script->status) == SIGKILL))
		(void)snprintf(why, size,
		    "the scenario used more than the "
		    "%d s of processor time that it may",
		    SCRIPT_CPU_SECONDS);
	else if (WIFEXITED(script->status) &&
	    WEXITSTATUS(script->status) == SCRIPT_EXIT_MEMORY)
		(void)snprintf(why, size,
		    "the scenario wanted more than the "
		    "%d MiB of memory that it may",
		    SCRIPT_MEMORY_MIB);
	else if (WIFSIGNALED(script->status))
		(void)snprintf(why, size,
		    "the scenario's process died of "
		    "signal %d",
		    WTERMSIG(script->status));
	else
		(void)snprintf(why, size,
		    "the scenario's process ended with "
		    "status %d before its time",
		    WEXITSTATUS(script->status));
}

void
script_free(struct script **scriptp)
{
	struct script *script = *scriptp;

	if (script == NULL)
		return;
	CHECK_OBJ(script, SCRIPT_MAGIC);
	if (script->descriptor >= 0)
		(void)close(script->descriptor);
	/* Without its socket it ends by itself, unless it never looks. */
	if (script->process > 0)
		(void)kill(script->process, SIGKILL);
	reap(script);
	frame_reader_free(&script->reader);
	parts_free(&script->parts);
	FREE_OBJ(scriptp, SCRIPT_MAGIC);
}
