/*
 * script_words: what the commands of command.def do in a scenario's process.
 *
 * Most are one request to the switch, which does them and answers.  Here is
 * only what needs Tcl: conditions, variables, and the order of a race.  A
 * condition is evaluated in a namespace of its own that holds the subject's
 * columns, so that they hide globals of the same name and outlive nothing.
 *
 * A failed expectation is no Tcl error: `catch` cannot hide it, and the run
 * goes on to its verdict.
 */
#include "sim/script_internal.h"

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

enum { WHY_MAX = 512, COLUMNS_MAX = 1024, FRAME_LEVELS = 32 };

#define SCOPE "::condition"

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

/* A frame of a file: its line, counted on over all parts; else 0. */
static unsigned int
line_of_frame(const struct script_words *words, Tcl_Obj *frame)
{
	const char *line = value_of(frame, "line");
	const char *file = value_of(frame, "file");
	unsigned int part = 0;
	int descriptor;

	if (line == NULL || file == NULL || strrchr(file, '/') == NULL)
		return 0;
	descriptor = (int)strtol(strrchr(file, '/') + 1, NULL, 10);
	while (part < words->parts->count && words->files[part] != descriptor)
		part++;
	if (part == words->parts->count)
		return 0;
	return words->parts->part[part].before +
	    (unsigned int)strtoul(line, NULL, 10);
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
	}
	(void)Tcl_RestoreInterpState(interp, state);
	return line;
}

/* One command that is being done. */
struct doing {
	Tcl_Interp *interp;
	struct script_words *words;
	unsigned int count;
	const char *argv[COMMAND_WORDS_MAX + 1]; /* its name, its words */
	struct arguments arguments;
	char line[16];
};

static int
fail(struct doing *doing, const char *text)
{
	Tcl_SetObjResult(doing->interp, Tcl_NewStringObj(text, -1));
	doing->words->error_line = (unsigned int)strtoul(doing->line, NULL, 10);
	(void)snprintf(doing->words->error_text,
	    sizeof doing->words->error_text, "%s", text);
	return TCL_ERROR;
}

/* Sends a frame and waits for its answer; without a switch there is no life. */
static int
ask(struct doing *doing, unsigned int count, const char *const *words)
{
	struct frame *answer = &doing->words->answer;
	int result = script_write(doing->words, count, words);

	if (result == -E2BIG)
		return fail(doing,
		    "more words, or longer ones, than a "
		    "command may have");
	if (result != 0 || frame_read(doing->words->reader, true, answer) != 0)
		_exit(EXIT_SUCCESS);
	if (strcmp(answer->words[0], "error") == 0)
		return fail(doing, answer->words[1]);
	return TCL_OK;
}

static int
request(struct doing *doing)
{
	const char *words[COMMAND_WORDS_MAX + 3] = { "do", doing->line };

	memcpy(words + 2, doing->argv, doing->count * sizeof words[0]);
	if (ask(doing, doing->count + 2, words) != TCL_OK)
		return TCL_ERROR;
	Tcl_SetObjResult(
	    doing->interp, Tcl_NewStringObj(doing->words->answer.words[1], -1));
	return TCL_OK;
}

static int
report_failure(struct doing *doing, const char *text)
{
	const char *words[] = { "failure", doing->line, text };

	return ask(doing, 3, words);
}

/* A condition over the columns of `seen`: 0, 1, or -1 with a Tcl error. */
static int
evaluate(struct doing *doing, const struct frame *seen)
{
	Tcl_Interp *interp = doing->interp;
	Tcl_Obj *words[4], *expression[2];
	char name[96];
	unsigned int i;
	int result, holds = 0;

	if (Tcl_FindNamespace(interp, SCOPE, NULL, 0) != NULL)
		Tcl_DeleteNamespace(Tcl_FindNamespace(interp, SCOPE, NULL, 0));
	if (Tcl_CreateNamespace(interp, SCOPE, NULL, NULL) == NULL)
		return -1;
	for (i = 4; i + 1 < seen->count; i += 2) {
		(void)snprintf(name, sizeof name, SCOPE "::%s", seen->words[i]);
		(void)Tcl_SetVar2Ex(interp, name, NULL,
		    Tcl_NewStringObj(seen->words[i + 1], -1), 0);
	}
	words[0] = Tcl_NewStringObj("::namespace", -1);
	words[1] = Tcl_NewStringObj("eval", -1);
	words[2] = Tcl_NewStringObj(SCOPE, -1);
	expression[0] = Tcl_NewStringObj("::expr", -1);
	expression[1] = Tcl_NewStringObj(doing->arguments.condition, -1);
	words[3] = Tcl_NewListObj(2, expression);
	for (i = 0; i < 4; i++)
		Tcl_IncrRefCount(words[i]);
	result = Tcl_EvalObjv(interp, 4, words, 0);
	if (result == TCL_OK)
		result = Tcl_GetBooleanFromObj(
		    interp, Tcl_GetObjResult(interp), &holds);
	for (i = 0; i < 4; i++)
		Tcl_DecrRefCount(words[i]);
	return result == TCL_OK ? holds : -1;
}

/* seen more|last STATE NOTE ...: an absent subject fulfils nothing. */
static int
is_so(struct doing *doing, const struct frame *seen)
{
	const char *state = doing->arguments.state;
	char why[WHY_MAX];
	int holds;

	if (seen->words[3][0] != '\0')
		return 0;
	if (state != NULL && strcmp(state, seen->words[2]) != 0)
		return 0;
	if (doing->arguments.condition == NULL)
		return 1;
	holds = evaluate(doing, seen);
	if (holds < 0) {
		(void)snprintf(why, sizeof why,
		    "%s: the condition cannot be "
		    "told: %s",
		    doing->argv[0], Tcl_GetStringResult(doing->interp));
		(void)fail(doing, why);
	}
	return holds;
}

static size_t
append(char *text, size_t size, size_t at, const char *one, const char *other)
{
	int length;

	if (at >= size)
		return at;
	length = snprintf(text + at, size - at, "%s%s", one, other);
	return length < 0 ? at : at + (size_t)length;
}

/* "line 1001", or the name alone of a call */
static size_t
append_subject(const struct doing *doing, char *text, size_t size, size_t at)
{
	const struct arguments *arguments = &doing->arguments;

	if (arguments->noun->number != NOUN_call)
		at = append(text, size, at, arguments->noun->name, "");
	if (arguments->key != NULL)
		at = append(text, size, at,
		    arguments->noun->number == NOUN_call ? "" : " ",
		    arguments->key);
	if (arguments->second_key != NULL)
		at = append(text, size, at, " ", arguments->second_key);
	return at;
}

/* What was wanted and what was seen, in one line. */
static void
describe(const struct doing *doing, const struct frame *seen,
    const char *mentioned, char *text, size_t size)
{
	const struct arguments *arguments = &doing->arguments;
	bool is_never = strcmp(doing->argv[0], "never") == 0;
	const char *within =
	    arguments_option(arguments, is_never ? "-for" : "-within");
	const char *between = " ";
	size_t at = append(
	    text, size, 0, is_never ? "never expected " : "expected ", "");
	unsigned int i;

	at = append_subject(doing, text, size, at);
	if (arguments->state != NULL)
		at = append(text, size, at, " ", arguments->state);
	if (arguments->condition != NULL) {
		at = append(text, size, at, " {", arguments->condition);
		at = append(text, size, at, "}", "");
	}
	if (within != NULL)
		at = append(
		    text, size, at, is_never ? " for " : " within ", within);
	at = append(text, size, at, ", saw ", "");
	if (seen->words[3][0] != '\0') {
		(void)append(text, size, at, seen->words[3], "");
		return;
	}
	at = append_subject(doing, text, size, at);
	at = append(text, size, at, seen->words[2][0] == '\0' ? "" : " ",
	    seen->words[2]);
	for (i = 4; i + 1 < seen->count; i += 2) {
		if (!word_is_in(seen->words[i], mentioned))
			continue;
		at = append(text, size, at, between, seen->words[i]);
		at = append(text, size, at, " ", seen->words[i + 1]);
		between = ", ";
	}
}

/* Asks how the subject is, and then at each change of it, till it is told. */
static int
observe(struct doing *doing, const char *mode, const char *duration)
{
	const struct arguments *arguments = &doing->arguments;
	const struct noun *noun = arguments->noun;
	char columns[COLUMNS_MAX], mentioned[COLUMNS_MAX] = "",
				   text[2 * COLUMNS_MAX];
	const char *look[8] = { "look", doing->line, mode, duration, mentioned,
		noun->name, arguments->key, arguments->second_key };
	const char *watch[] = { "watch", doing->line };
	bool is_never = strcmp(mode, "never") == 0;
	const struct frame *seen = &doing->words->answer;
	int result, holds;

	(void)snprintf(
	    columns, sizeof columns, "%s %s", noun->texts, noun->numbers);
	if (arguments->condition != NULL)
		script_mentions(
		    arguments->condition, columns, mentioned, sizeof mentioned);
	if (arguments->state != NULL)
		(void)append(mentioned, sizeof mentioned, strlen(mentioned),
		    " =", arguments->state);
	result = ask(doing, 6 + noun_keys(noun), look);
	for (; result == TCL_OK; result = ask(doing, 2, watch)) {
		holds = is_so(doing, seen);
		if (holds < 0)
			return TCL_ERROR;
		if (holds == 0 && strcmp(seen->words[1], "more") == 0)
			continue;
		if ((holds == 1) != is_never)
			return TCL_OK;
		describe(doing, seen, mentioned, text, sizeof text);
		return report_failure(doing, text);
	}
	return result;
}

static int
do_expect(struct doing *doing)
{
	const char *within = arguments_option(&doing->arguments, "-within");

	return observe(doing, "expect", within == NULL ? "" : within);
}

static int
do_never(struct doing *doing)
{
	return observe(
	    doing, "never", arguments_option(&doing->arguments, "-for"));
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
	if (request(doing) != TCL_OK ||
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
	if (ask(doing, 3, words) != TCL_OK)
		return TCL_ERROR;
	Tcl_SetObjResult(
	    doing->interp, Tcl_NewStringObj(doing->words->answer.words[1], -1));
	return TCL_OK;
}

static int
do_close(struct doing *doing)
{
	const char *words[] = { "raced", doing->line };

	return ask(doing, 2, words);
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
	return fail(doing, text);
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
		return fail(doing, why);
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
		{ "expect", do_expect },
		{ "never", do_never },
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
	return request;
}

/* Every word in, as text; its place in the scenario beside it. */
static int
begin(struct doing *doing, const char *name, int objc, Tcl_Obj *const objv[])
{
	int i;

	(void)snprintf(
	    doing->line, sizeof doing->line, "%u", script_line(doing->words));
	script_end_place(doing->line);
	if (objc > COMMAND_WORDS_MAX)
		return fail(doing, "more words than a command may have");
	doing->argv[0] = name;
	for (i = 1; i < objc; i++)
		doing->argv[i] = Tcl_GetString(objv[i]);
	doing->count = (unsigned int)objc;
	return TCL_OK;
}

/* The words against their usage; ::race::close has none. */
static int
match(struct doing *doing)
{
	const struct command_words words = { doing->argv + 1, doing->count - 1,
		false };
	const char *name = doing->argv[0];
	const struct command *command =
	    command_find(strncmp(name, "::race", 6) == 0 ? "race" : name);
	char why[WHY_MAX];

	if (command == NULL)
		return fail(doing, "a command has no other name than its own");
	if (strcmp(name, "::race::close") == 0 ||
	    command_match(
		command, &words, &doing->arguments, why, sizeof why) == 0)
		return TCL_OK;
	return fail(doing, why);
}

static int
do_command(ClientData data, Tcl_Interp *interp, int objc, Tcl_Obj *const objv[])
{
	struct doing doing = { .interp = interp, .words = data };
	const char *name = Tcl_GetString(objv[0]);

	if (strncmp(name, "::", 2) == 0 && strncmp(name, "::race", 6) != 0)
		name += 2;
	if (begin(&doing, name, objc, objv) != TCL_OK ||
	    match(&doing) != TCL_OK)
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
