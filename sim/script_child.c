/*
 * script_child: the life of the process that a scenario's Tcl runs in.
 *
 *   confine ── check ── mistakes: end
 *                 └──── wait for `go` ── evaluate ── end, or broken
 *
 * What a script can reach: the commands of script_allowed and command.def,
 * this process's own memory and time, both bounded, and one socket.  Tcl's
 * other commands are deleted, not hidden, before any of the text is run; the
 * process keeps no descriptor but the socket and the text.
 */
#include "sim/script_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <tcl.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/frame.h"
#include "sim/script.h"

/* The socket's place in the child. */
enum { SOCKET = 3 };

const char script_allowed[] =
    "append apply array binary break catch concat continue dict error eval "
    "expr for foreach format global if incr info join lappend lassign lindex "
    "linsert list llength lmap lrange lrepeat lreplace lreverse lsearch lset "
    "lsort namespace proc regexp regsub return scan set split string subst "
    "switch tailcall throw try unset uplevel upvar variable while";

/* Parts of Tcl's ensembles; what is no part of these is deleted. */
static const char kept_namespaces[] =
    "::tcl::array ::tcl::binary ::tcl::binary::decode ::tcl::binary::encode "
    "::tcl::dict ::tcl::info ::tcl::mathfunc ::tcl::mathop ::tcl::namespace "
    "::tcl::prefix ::tcl::string";

/* What a confined script has no business to ask the machine. */
static const char strip[] =
    "proc strip {space kept allowed} {\n"
    "	foreach inner [namespace children $space] {strip $inner $kept {}}\n"
    "	foreach name [info commands [string trimright $space :]::*] {\n"
    "		if {$space in $kept} continue\n"
    "		if {[namespace tail $name] in $allowed} continue\n"
    "		if {$name in {::strip ::rename}} continue\n"
    "		rename $name {}\n"
    "	}\n"
    "}\n"
    "namespace delete ::oo ::zlib ::tcl::clock ::tcl::chan ::tcl::file\n"
    "namespace delete ::tcl::encoding ::tcl::unsupported ::tcl::zlib\n"
    "set map [namespace ensemble configure info -map]\n"
    "dict unset map hostname\n"
    "dict unset map nameofexecutable\n"
    "namespace ensemble configure info -map $map\n"
    "rename ::tcl::info::hostname {}\n"
    "rename ::tcl::info::nameofexecutable {}\n"
    "strip :: [lindex $limits 0] [lindex $limits 1]\n"
    "unset -nocomplain map limits env ::tcl_platform ::tcl_pkgPath\n"
    "rename strip {}\n"
    "rename rename {}\n";

noreturn static void
die(const char *what)
{
	(void)fprintf(stderr, "hotswitch: cannot confine a scenario: %s: %s\n",
	    what, strerror(errno));
	_exit(EXIT_FAILURE);
}

static void
limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limits;

	/* It may have less already; to have more is not its right. */
	if (getrlimit((__rlimit_resource_t)resource, &limits) != 0)
		die("getrlimit");
	limits.rlim_max = hard < limits.rlim_max ? hard : limits.rlim_max;
	limits.rlim_cur = soft < limits.rlim_max ? soft : limits.rlim_max;
	if (setrlimit((__rlimit_resource_t)resource, &limits) != 0)
		die("setrlimit");
}

/*
 * On top of what it has: a sanitizer maps terabytes before main() begins, and
 * they would count.
 */
static void
limit_memory(void)
{
	FILE *statm = fopen("/proc/self/statm", "re");
	unsigned long pages;
	char line[64];

	if (statm == NULL || fgets(line, sizeof line, statm) == NULL)
		die("/proc/self/statm");
	(void)fclose(statm);
	pages = strtoul(line, NULL, 10) +
	    (unsigned long)SCRIPT_MEMORY_MIB * 1024 * 1024 /
		(unsigned long)sysconf(_SC_PAGESIZE);
	limit(RLIMIT_AS, pages * (rlim_t)sysconf(_SC_PAGESIZE),
	    pages * (rlim_t)sysconf(_SC_PAGESIZE));
}

static void
confine(int descriptor)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0)
		die("open");
	/* Away from the place that it is to take. */
	descriptor = fcntl(descriptor, F_DUPFD, 16);
	if (dup2(nothing, STDIN_FILENO) < 0 ||
	    dup2(nothing, STDOUT_FILENO) < 0 || dup2(descriptor, SOCKET) < 0 ||
	    close_range(SOCKET + 1, ~0U, 0) != 0)
		die("dup2");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		die("prctl");
	limit(RLIMIT_CORE, 0, 0);
	/* The first second beyond is for script_end.c. */
	limit(RLIMIT_CPU, SCRIPT_CPU_SECONDS, SCRIPT_CPU_SECONDS + 2);
	limit_memory();
}

/* Frames of the check. */
struct telling {
	struct script_words *words;
	bool has_mistake;
};

static void
tell(struct script_words *script, unsigned int count, const char *const *words)
{
	if (script_write(script, count, words) == -EPIPE)
		_exit(EXIT_SUCCESS);
}

static void
tell_mistake(void *arg, const char *place, const char *text)
{
	struct telling *telling = arg;
	const char *words[] = { "mistake", place, text };

	telling->has_mistake = true;
	tell(telling->words, 3, words);
}

static void
tell_need(void *arg, const char *place, const char *module, const char *version,
    const char *command)
{
	struct telling *telling = arg;
	const char *words[] = { "needs", place, module, version, command };

	tell(telling->words, 5, words);
}

static void
tell_setting(void *arg, const char *place, const char *name, const char *value)
{
	struct telling *telling = arg;
	const char *words[] = { name, place, value };

	tell(telling->words, 3, words);
}

static void
tell_param(void *arg, const char *place, const char *name)
{
	struct telling *telling = arg;
	const char *words[] = { "param", place, name };

	tell(telling->words, 3, words);
}

static int
ask_part(void *arg, const char *name, unsigned int *ret_number, char *why,
    size_t size)
{
	struct telling *telling = arg;
	int result =
	    script_part_ask(telling->words, name, ret_number, why, size);

	if (result == -EPIPE)
		_exit(EXIT_SUCCESS);
	return result;
}

static void
check(struct script_words *script)
{
	struct telling telling = { script, false };
	struct script_findings findings = { &telling, tell_mistake, tell_need,
		tell_setting, tell_param, ask_part };
	const char *checked[] = { "checked" };

	script_check(script->parts, &findings);
	tell(script, 1, checked);
	if (telling.has_mistake)
		_exit(EXIT_SUCCESS);
}

static void
set_limits(Tcl_Interp *interp)
{
	Tcl_Obj *limits[2];

	limits[0] = Tcl_NewStringObj(kept_namespaces, -1);
	limits[1] = Tcl_NewStringObj(script_allowed, -1);
	(void)Tcl_SetVar2Ex(
	    interp, "limits", NULL, Tcl_NewListObj(2, limits), TCL_GLOBAL_ONLY);
}

/*
 * A word of the language that is replaced or deleted would make every promise
 * of the scenario empty, in silence.
 */
static void
on_word_gone(ClientData data, Tcl_Interp *interp, const char *old_name,
    const char *new_name, int flags)
{
	char text[96], line[16];
	const char *words[] = { "broken", line, text };

	(void)interp;
	(void)new_name;
	if ((flags & TCL_INTERP_DESTROYED) != 0)
		return;
	(void)snprintf(text, sizeof text,
	    "'%s' is a command of the language and cannot be made anew",
	    old_name + strspn(old_name, ":"));
	(void)snprintf(line, sizeof line, "%u", script_line(data));
	tell(data, 3, words);
	_exit(EXIT_SUCCESS);
}

static int
guard(Tcl_Interp *interp, const char *name, struct script_words *words)
{
	return Tcl_TraceCommand(interp, name,
	    TCL_TRACE_DELETE | TCL_TRACE_RENAME, on_word_gone, words);
}

static int
guard_words(Tcl_Interp *interp, struct script_words *words)
{
	unsigned int i;

	for (i = 0; i < command_count(); i++)
		if (guard(interp, command_at(i)->name, words) != TCL_OK)
			return TCL_ERROR;
	if (guard(interp, "::race::draw", words) != TCL_OK)
		return TCL_ERROR;
	return guard(interp, "::race::close", words);
}

static Tcl_Interp *
make_interpreter(struct script_words *words)
{
	Tcl_Interp *interp;

	Tcl_FindExecutable(NULL);
	interp = words->interp = Tcl_CreateInterp();
	set_limits(interp);
	if (Tcl_EvalEx(interp, strip, -1, TCL_EVAL_GLOBAL) != TCL_OK ||
	    script_words_add(interp, words) != TCL_OK ||
	    guard_words(interp, words) != TCL_OK) {
		(void)fprintf(
		    stderr, "hotswitch: %s\n", Tcl_GetStringResult(interp));
		_exit(EXIT_FAILURE);
	}
	Tcl_ResetResult(interp);
	return interp;
}

noreturn void
script_tell_broken(struct script_words *script_words)
{
	Tcl_Interp *interp = script_words->interp;
	Tcl_Obj *why = Tcl_ObjPrintf(
	    "%s%s", Tcl_GetStringResult(interp), script_words->suspect);
	char line[16];
	const char *words[] = { "broken", line, NULL };

	words[2] = Tcl_GetString(why);
	(void)snprintf(
	    line, sizeof line, "%u", script_error_line(script_words));
	tell(script_words, 3, words);
	_exit(EXIT_SUCCESS);
}

static void
evaluate(struct script_words *words)
{
	Tcl_Interp *interp = make_interpreter(words);
	const char *end[] = { "end" };

	script_end_run(interp);
	if (script_part_evaluate(words, 0) != TCL_OK ||
	    script_agenda_finish(words) != TCL_OK)
		script_tell_broken(words);
	tell(words, 1, end);
	Tcl_DeleteInterp(interp);
}

noreturn void
script_child(
    int descriptor, struct parts *parts, const struct script_options *options)
{
	struct script_words words = {
		.descriptor = SOCKET, .options = options, .parts = parts
	};

	confine(descriptor);
	script_end_install(&words);
	if (frame_reader_alloc(&words.reader, SOCKET) != 0)
		_exit(SCRIPT_EXIT_MEMORY);
	check(&words);
	if (frame_read(words.reader, true, &words.answer) == 0 &&
	    strcmp(words.answer.words[0], "go") == 0)
		evaluate(&words);
	frame_reader_free(&words.reader);
	Tcl_Finalize();
	_exit(EXIT_SUCCESS);
}
