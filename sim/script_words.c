/*
 * script_words: what the commands of command.def do in a scenario's process.
 *
 * Most are one request to the switch, which does them and answers.  Here is
 * only what needs Tcl: variables, files, and the order of a race; what is
 * asked of a subject is script_look.c's, what waits for its time
 * script_agenda.c's.
 */
#include "sim/script_doing.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tcl.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/frame.h"
#include "sim/noun.h"
#include "sim/part.h"
#include "sim/script.h"
#include "switch/nearest.h"

enum { FRAME_LEVELS = 32 };

/*
 * `race` is Tcl, so that the lines of its bodies are counted; `::race::draw`
 * opens it, and `::race::close` ends it whatever a body did.
 */
static const char race[] =
    "namespace eval ::race {}\n"
    "proc race {args} {\n"
    "	set order [::race::draw {*}$args]\n"
    "	try {\n"
    "		foreach turn $order {uplevel 1 [lindex $args $turn]}\n"
    "	} finally {\n"
    "		::race::close\n"
    "	}\n"
    "}\n";

/* A value of the dict that `info frame` gives, or NULL. */
static const char *
value_of(Tcl_Obj *frame, const char *name)
{
	Tcl_Obj *key = Tcl_NewStringObj(name, -1), *value = NULL;

	Tcl_IncrRefCount(key);
	(void)Tcl_DictObjGet(NULL, frame, key, &value);
	Tcl_DecrRefCount(key);
	return value == NULL ? NULL : Tcl_GetString(value);
}

/*
 * Of a command whose name is made at run time Tcl does not know the line: it is
 * looked for from that of the last command on.
 */
static unsigned int
find_command(struct script_words *words, const char *command)
{
	const char *text = parts_text(words->parts, words->last_line);
	const char *at = NULL;

	if (text == NULL)
		text = parts_text(words->parts, 1);
	if (text != NULL && command != NULL)
		at = strstr(text, command);
	return at == NULL ? 0 : parts_line(words->parts, at);
}

/* A frame of a file: its line, counted on over all parts; else 0. */
static unsigned int
line_of_frame(struct script_words *words, Tcl_Obj *frame)
{
	const char *text = value_of(frame, "line");
	const char *file = value_of(frame, "file");
	unsigned int part = 0;
	long line, descriptor;

	if (text == NULL || file == NULL || strrchr(file, '/') == NULL)
		return 0;
	line = strtol(text, NULL, 10);
	if (line < 1)
		return find_command(words, value_of(frame, "cmd"));
	descriptor = strtol(strrchr(file, '/') + 1, NULL, 10);
	while (part < words->parts->count && words->files[part] != descriptor)
		part++;
	return part == words->parts->count
	    ? 0
	    : words->parts->part[part].before + (unsigned int)line;
}

/* Of the body of an `at`, which is a text of its own. */
static unsigned int
line_in_body(const struct script_words *words, Tcl_Obj *frame)
{
	const char *line = value_of(frame, "line");

	return line == NULL
	    ? 0
	    : words->body_line - 1 + (unsigned int)strtoul(line, NULL, 10);
}

unsigned int
script_line(struct script_words *words)
{
	Tcl_Interp *interp = words->interp;
	Tcl_InterpState state = Tcl_SaveInterpState(interp, TCL_OK);
	unsigned int line = 0, level;
	char command[32];
	Tcl_Obj *frame;

	for (level = 1; level < FRAME_LEVELS && line == 0; level++) {
		(void)snprintf(
		    command, sizeof command, "::info frame -%u", level);
		if (Tcl_EvalEx(interp, command, -1, 0) != TCL_OK)
			break;
		frame = Tcl_GetObjResult(interp);
		if (strncmp(Tcl_GetString(frame), "type source", 11) == 0)
			line = line_of_frame(words, frame);
		else if (words->body_line > 0 &&
		    strncmp(Tcl_GetString(frame), "type eval", 9) == 0)
			line = line_in_body(words, frame);
	}
	(void)Tcl_RestoreInterpState(interp, state);
	return line;
}

int
doing_fail(struct doing *doing, const char *text)
{
	Tcl_SetObjResult(doing->interp, Tcl_NewStringObj(text, -1));
	doing->words->error_line = (unsigned int)strtoul(doing->line, NULL, 10);
	(void)snprintf(doing->words->error_text,
	    sizeof doing->words->error_text, "%s", text);
	return TCL_ERROR;
}

int
doing_ask(struct doing *doing, unsigned int count, const char *const *words)
{
	struct frame *answer = &doing->words->answer;
	int result = script_write(doing->words, count, words);

	if (result == -E2BIG)
		return doing_fail(doing,
		    "more words, or longer ones, than a "
		    "command may have");
	if (result != 0)
		_exit(EXIT_SUCCESS);
	do {
		if (frame_read(doing->words->reader, true, answer) != 0)
			_exit(EXIT_SUCCESS);
	} while (script_agenda_take(doing->words));
	if (strcmp(answer->words[0], "error") == 0)
		return doing_fail(doing, answer->words[1]);
	return TCL_OK;
}

int
doing_request(struct doing *doing)
{
	const char *words[COMMAND_WORDS_MAX + 3] = { "do", doing->line };

	memcpy(words + 2, doing->argv, doing->count * sizeof words[0]);
	if (doing_ask(doing, doing->count + 2, words) != TCL_OK)
		return TCL_ERROR;
	Tcl_SetObjResult(
	    doing->interp, Tcl_NewStringObj(doing->words->answer.words[1], -1));
	return TCL_OK;
}

/* What -D says of a parameter, or NULL. */
static const char *
definition_of(const struct script_options *options, const char *name)
{
	size_t length = strlen(name);
	unsigned int i;

	for (i = 0; i < options->definitions_count; i++)
		if (strncmp(options->definitions[i], name, length) == 0 &&
		    options->definitions[i][length] == '=')
			return options->definitions[i] + length + 1;
	return NULL;
}

static bool
is_number(const char *text)
{
	Tcl_Obj *word = Tcl_NewStringObj(text, -1);
	double number;
	bool is;

	Tcl_IncrRefCount(word);
	is = Tcl_GetDoubleFromObj(NULL, word, &number) == TCL_OK;
	Tcl_DecrRefCount(word);
	return is;
}

static int
do_param(struct doing *doing)
{
	const char *name = doing->arguments.positional[0];
	const char *otherwise = doing->arguments.positional[1];
	const char *value = definition_of(doing->words->options, name);

	if (value == NULL)
		value = otherwise;
	else if (is_number(otherwise) && !is_number(value))
		(void)snprintf(doing->words->suspect,
		    sizeof doing->words->suspect,
		    " (-D %.32s=%.32s is no number, param has %.32s)", name,
		    value, otherwise);
	return Tcl_SetVar2Ex(doing->interp, name, NULL,
		   Tcl_NewStringObj(value, -1),
		   TCL_GLOBAL_ONLY | TCL_LEAVE_ERR_MSG) == NULL
	    ? TCL_ERROR
	    : TCL_OK;
}

/* rand() follows the seed that the run has in the end. */
static int
seed_rand(Tcl_Interp *interp, uint64_t seed)
{
	char command[64];

	(void)snprintf(command, sizeof command, "::expr {srand(%llu)}",
	    (unsigned long long)(seed % INT32_MAX));
	return Tcl_EvalEx(interp, command, -1, TCL_EVAL_GLOBAL);
}

static int
do_seed(struct doing *doing)
{
	if (doing_request(doing) != TCL_OK ||
	    seed_rand(doing->interp,
		strtoull(Tcl_GetStringResult(doing->interp), NULL, 10)) !=
		TCL_OK)
		return TCL_ERROR;
	Tcl_ResetResult(doing->interp);
	return TCL_OK;
}

/* ::race::draw BODY...: opens a race and gives the order of its bodies. */
static int
do_draw(struct doing *doing)
{
	char count[16];
	const char *words[] = { "race", doing->line, count };

	(void)snprintf(count, sizeof count, "%u", doing->count - 1);
	if (doing_ask(doing, 3, words) != TCL_OK)
		return TCL_ERROR;
	Tcl_SetObjResult(
	    doing->interp, Tcl_NewStringObj(doing->words->answer.words[1], -1));
	return TCL_OK;
}

static int
do_close(struct doing *doing)
{
	const char *words[] = { "raced", doing->line };

	return doing_ask(doing, 2, words);
}

/* The part of that name: the check has read all that the text names. */
static int
find_part(struct doing *doing, const char *name, unsigned int *ret_number)
{
	char why[WHY_MAX], text[2 * WHY_MAX];
	int result =
	    script_part_ask(doing->words, name, ret_number, why, sizeof why);

	if (result == -EPIPE)
		_exit(EXIT_SUCCESS);
	if (result == 0)
		return TCL_OK;
	(void)snprintf(
	    text, sizeof text, "%s: '%s': %s", doing->argv[0], name, why);
	return doing_fail(doing, text);
}

static int
do_include(struct doing *doing)
{
	unsigned int number;

	if (find_part(doing, doing->arguments.positional[0], &number) != TCL_OK)
		return TCL_ERROR;
	return script_part_evaluate(doing->words, number);
}

static int
do_data(struct doing *doing)
{
	const char *const *words = doing->arguments.positional;
	char why[WHY_MAX];
	unsigned int number;
	Tcl_Obj *rows;

	if (find_part(doing, words[1], &number) != TCL_OK)
		return TCL_ERROR;
	rows = script_data_rows(
	    &doing->words->parts->part[number], why, sizeof why);
	if (rows == NULL)
		return doing_fail(doing, why);
	return Tcl_SetVar2Ex(doing->interp, words[0], NULL, rows,
		   TCL_GLOBAL_ONLY | TCL_LEAVE_ERR_MSG) == NULL
	    ? TCL_ERROR
	    : TCL_OK;
}

typedef int do_f(struct doing *doing);

/* Those that are more than a request. */
static do_f *
special(const char *name)
{
	static const struct {
		const char *name;
		do_f *does;
	} specials[] = {
		{ "expect", script_expect },
		{ "never", script_never },
		{ "at", script_later },
		{ "every", script_later },
		{ "param", do_param },
		{ "include", do_include },
		{ "data", do_data },
		{ "seed", do_seed },
		{ "::race::draw", do_draw },
		{ "::race::close", do_close },
	};
	unsigned int i;

	for (i = 0; i < sizeof specials / sizeof specials[0]; i++)
		if (strcmp(specials[i].name, name) == 0)
			return specials[i].does;
	return doing_request;
}

/* Every word in, as text; its place in the scenario beside it. */
static int
begin(struct doing *doing, const char *name, int objc, Tcl_Obj *const objv[])
{
	int i;

	(void)snprintf(
	    doing->line, sizeof doing->line, "%u", script_line(doing->words));
	doing->words->last_line = (unsigned int)strtoul(doing->line, NULL, 10);
	script_end_place(doing->line);
	if (objc > COMMAND_WORDS_MAX)
		return doing_fail(doing, "more words than a command may have");
	doing->argv[0] = name;
	for (i = 1; i < objc; i++)
		doing->argv[i] = Tcl_GetString(objv[i]);
	doing->count = (unsigned int)objc;
	return TCL_OK;
}

/* ::race::close has no usage. */
int
doing_match(struct doing *doing)
{
	const struct command_words words = { doing->argv + 1, doing->count - 1,
		false };
	const char *name = doing->argv[0];
	const struct command *command =
	    command_find(strncmp(name, "::race", 6) == 0 ? "race" : name);
	char why[WHY_MAX];

	if (command == NULL)
		return doing_fail(
		    doing, "a command has no other name than its own");
	if (strcmp(name, "::race::close") == 0 ||
	    command_match(
		command, &words, &doing->arguments, why, sizeof why) == 0)
		return TCL_OK;
	return doing_fail(doing, why);
}

static int
do_command(ClientData data, Tcl_Interp *interp, int objc, Tcl_Obj *const objv[])
{
	struct doing doing = { .interp = interp, .words = data };
	const char *name = Tcl_GetString(objv[0]);

	if (strncmp(name, "::", 2) == 0 && strncmp(name, "::race", 6) != 0)
		name += 2;
	if (begin(&doing, name, objc, objv) != TCL_OK ||
	    doing_match(&doing) != TCL_OK)
		return TCL_ERROR;
	return special(name)(&doing);
}

int
script_words_add(Tcl_Interp *interp, struct script_words *words)
{
	unsigned int i;

	if (Tcl_EvalEx(interp, race, -1, TCL_EVAL_GLOBAL) != TCL_OK)
		return TCL_ERROR;
	for (i = 0; i < command_count(); i++)
		if (strcmp(command_at(i)->name, "race") != 0)
			(void)Tcl_CreateObjCommand(interp, command_at(i)->name,
			    do_command, words, NULL);
	(void)Tcl_CreateObjCommand(
	    interp, "::race::draw", do_command, words, NULL);
	(void)Tcl_CreateObjCommand(
	    interp, "::race::close", do_command, words, NULL);
	return seed_rand(interp, words->options->seed);
}
