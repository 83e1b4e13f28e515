/*
 * script_end: the last words of a scenario's process that cannot go on.
 *
 * Out of time, memory or stack it still says where it was: of a loop the line
 * in the middle of it, for Tcl can be asked between two commands; of a single
 * command that does not end, a second later, the line that began it, and then
 * nothing of Tcl is to be trusted any more.
 */
#include "sim/script_internal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <tcl.h>
#include <unistd.h>

#include "sim/frame.h"
#include "sim/part.h"
#include "sim/script.h"
#include "switch/text.h"

/* Deeper than words in brackets stand in a body of a body few do much. */
enum { STACK_BYTES = 64 * 1024, WORDS_SIZE = 144, LEVELS = 4 };

/* What a signal handler and a panic can know has no other place. */
static struct {
	struct script_words *words;
	Tcl_AsyncHandler between_commands; /* NULL: nothing runs yet */
	volatile sig_atomic_t is_writing, is_late;
	char place[PLACE_SIZE];
	char too_long[WORDS_SIZE], too_much[WORDS_SIZE];
	char stack[STACK_BYTES];
} end;

noreturn static void
say(const char *why)
{
	const char *words[] = { end.between_commands == NULL ? "mistake"
							     : "broken",
		end.place, why };

	/* In the middle of a frame nothing else can be said. */
	if (!end.is_writing)
		(void)frame_write(end.words->descriptor, 3, words);
	_exit(SCRIPT_EXIT_LIMIT);
}

int
script_write(
    struct script_words *words, unsigned int count, const char *const *frame)
{
	int result;

	end.is_writing = 1;
	result = frame_write(words->descriptor, count, frame);
	end.is_writing = 0;
	return result;
}

void
script_end_place(const char *place)
{
	(void)snprintf(end.place, sizeof end.place, "%s", place);
}

/* A loop in a procedure is met without its line: then its name says more. */
static void
name_procedure(void)
{
	Tcl_Obj *command, *name;

	if (Tcl_EvalEx(end.words->interp, "::info level 0", -1, 0) != TCL_OK)
		return;
	command = Tcl_GetObjResult(end.words->interp);
	if (Tcl_ListObjIndex(NULL, command, 0, &name) == TCL_OK && name != NULL)
		text_append(end.too_long, sizeof end.too_long, ", in '%.32s'",
		    Tcl_GetString(name));
}

static int
say_between_commands(ClientData data, Tcl_Interp *interp, int code)
{
	char line[16];

	(void)data;
	(void)interp;
	(void)snprintf(line, sizeof line, "%u", script_line(end.words));
	script_end_place(line);
	name_procedure();
	say(end.too_long);
	return code;
}

static void
on_time(int number)
{
	(void)number;
	if (end.between_commands == NULL || end.is_late)
		say(end.too_long);
	end.is_late = 1;
	Tcl_AsyncMark(end.between_commands);
}

/* Tcl parses and compiles what is nested on its stack. */
static void
on_stack(int number)
{
	(void)number;
	say("it is nested too deep");
}

__attribute__((format(printf, 1, 2))) noreturn static void
on_panic(const char *format, ...)
{
	say(strstr(format, "nest") != NULL ? "it is nested too deep"
					   : end.too_much);
}

void
script_end_install(struct script_words *words)
{
	const stack_t stack = { .ss_sp = end.stack,
		.ss_size = sizeof end.stack };
	struct sigaction late = { .sa_handler = on_time,
		.sa_flags = SA_RESTART };
	struct sigaction deep = { .sa_handler = on_stack,
		.sa_flags = SA_ONSTACK };

	end.words = words;
	(void)snprintf(end.too_long, sizeof end.too_long,
	    "the scenario used more than the %d s of processor time that it "
	    "may",
	    SCRIPT_CPU_SECONDS);
	(void)snprintf(end.too_much, sizeof end.too_much,
	    "the scenario wanted more than the %d MiB of memory that it may",
	    SCRIPT_MEMORY_MIB);
	(void)sigaltstack(&stack, NULL);
	(void)sigaction(SIGXCPU, &late, NULL);
	(void)sigaction(SIGSEGV, &deep, NULL);
	Tcl_SetPanicProc(on_panic);
}

/* Each command of the outer levels, before it is done. */
static int
note_command(ClientData data, Tcl_Interp *interp, int level,
    const char *command, Tcl_Command token, int count, Tcl_Obj *const words[])
{
	char line[16];

	(void)data;
	(void)interp;
	(void)level;
	(void)command;
	(void)token;
	(void)count;
	(void)words;
	(void)snprintf(line, sizeof line, "%u", script_line(end.words));
	script_end_place(line);
	return TCL_OK;
}

void
script_end_run(Tcl_Interp *interp)
{
	end.between_commands = Tcl_AsyncCreate(say_between_commands, NULL);
	(void)Tcl_CreateObjTrace(interp, LEVELS, TCL_ALLOW_INLINE_COMPILATION,
	    note_command, NULL, NULL);
}
