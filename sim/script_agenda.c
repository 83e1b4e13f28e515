/*
 * script_agenda: what a scenario's process does when its time has come.
 *
 * The switch keeps the times, this process the bodies of `at` and `every` and
 * the conditions of what is watched.  While a command waits for its answer the
 * switch may ask for one of them; it is done then and there, at global level,
 * and the command waits on.
 *
 *   script                      switch
 *                           <-  run NUMBER
 *   ran LINE                ->
 *                           <-  check NUMBER more|last STATE NOTE ...
 *   checked LINE NUMBER yes|no  ->              whether it is watched further
 */
#include "sim/script_doing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/script.h"
#include "switch/object.h"

struct script_body {
	unsigned int line; /* of its first character */
	Tcl_Obj *text;
};

/* A command as it was given, to be looked at once more. */
struct script_watch {
	struct script_watch *next;
	unsigned int number, count;
	Tcl_Obj *words; /* a list: its name, its words */
	char line[LINE_SIZE];
};

/* In the text, where its command has it; else the line of that command. */
static unsigned int
line_of_body(const struct doing *doing, const char *body)
{
	const unsigned int line = (unsigned int)strtoul(doing->line, NULL, 10);
	struct parts *parts = doing->words->parts;
	const char *command, *at;

	command = parts_text(parts, line);
	at = command == NULL ? NULL : strstr(command, body);
	return at == NULL ? line : parts_line(parts, at);
}

int
script_later(struct doing *doing)
{
	struct script_words *words = doing->words;
	const char *body = doing->arguments.positional[1];
	struct script_body *bodies;

	if (doing_request(doing) != TCL_OK)
		return TCL_ERROR;
	bodies = object_grow(words->bodies, words->bodies_count,
	    &words->bodies_room, sizeof *bodies);
	if (bodies == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	words->bodies = bodies;
	/* The switch counts likewise. */
	bodies = &words->bodies[words->bodies_count++];
	bodies->line = line_of_body(doing, body);
	bodies->text = Tcl_NewStringObj(body, -1);
	Tcl_IncrRefCount(bodies->text);
	Tcl_ResetResult(doing->interp);
	return TCL_OK;
}

int
script_keep_watch(struct doing *doing, unsigned int number)
{
	struct script_watch *watch = object_alloc(sizeof *watch);
	unsigned int i;

	if (watch == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	watch->number = number;
	watch->words = Tcl_NewListObj(0, NULL);
	Tcl_IncrRefCount(watch->words);
	for (i = 0; i < doing->count; i++)
		(void)Tcl_ListObjAppendElement(
		    NULL, watch->words, Tcl_NewStringObj(doing->argv[i], -1));
	memcpy(watch->line, doing->line, sizeof watch->line);
	watch->next = doing->words->watches;
	doing->words->watches = watch;
	return TCL_OK;
}

static void
say_ran(struct script_words *words)
{
	char line[LINE_SIZE];
	const char *ran[] = { "ran", line };

	(void)snprintf(line, sizeof line, "%u", script_line(words));
	if (script_write(words, 2, ran) != 0)
		_exit(EXIT_SUCCESS);
}

/* What it returns or raises is nothing to the command that waits. */
static void
run_body(struct script_words *words, unsigned int number)
{
	Tcl_InterpState state = Tcl_SaveInterpState(words->interp, TCL_OK);
	const unsigned int outer = words->body_line;
	int result;

	words->body_line = words->bodies[number].line;
	words->depth++;
	result = Tcl_EvalObjEx(
	    words->interp, words->bodies[number].text, TCL_EVAL_GLOBAL);
	if (result == TCL_ERROR)
		script_tell_broken(words);
	words->depth--;
	words->body_line = outer;
	(void)Tcl_RestoreInterpState(words->interp, state);
	say_ran(words);
}

static struct script_watch **
find_watch(struct script_words *words, unsigned int number)
{
	struct script_watch **at = &words->watches;

	while (*at != NULL && (*at)->number != number)
		at = &(*at)->next;
	return at;
}

static void
forget_watch(struct script_watch **at)
{
	struct script_watch *watch = *at;

	*at = watch->next;
	Tcl_DecrRefCount(watch->words);
	object_free(watch, sizeof *watch);
}

/* The command of a watch, as if it were given now. */
static void
remake(struct doing *doing, struct script_words *words,
    const struct script_watch *watch)
{
	Tcl_Obj **objects;
	int count, i;

	doing->interp = words->interp;
	doing->words = words;
	(void)Tcl_ListObjGetElements(NULL, watch->words, &count, &objects);
	for (i = 0; i < count; i++)
		doing->argv[i] = Tcl_GetString(objects[i]);
	doing->count = (unsigned int)count;
	memcpy(doing->line, watch->line, sizeof doing->line);
	(void)doing_match(doing);
}

/* `seen` begins with the number of the watch. */
static void
check_watch(struct script_words *words, const struct frame *asked)
{
	unsigned int number = (unsigned int)strtoul(asked->words[1], NULL, 10);
	struct script_watch **watch = find_watch(words, number);
	Tcl_InterpState state = Tcl_SaveInterpState(words->interp, TCL_OK);
	struct frame seen = { .count = asked->count - 1 };
	struct doing doing;
	bool goes_on = false;
	char text[16];
	const char *checked[] = { "checked", doing.line, text, "no" };

	memcpy(seen.words, asked->words + 1, seen.count * sizeof seen.words[0]);
	(void)snprintf(text, sizeof text, "%u", number);
	(void)snprintf(doing.line, sizeof doing.line, "0");
	if (*watch != NULL) {
		remake(&doing, words, *watch);
		if (script_look_again(&doing, &seen, &goes_on) != TCL_OK)
			script_tell_broken(words);
		if (goes_on)
			checked[3] = "yes";
		else
			forget_watch(find_watch(words, number));
	}
	(void)Tcl_RestoreInterpState(words->interp, state);
	if (script_write(words, 4, checked) != 0)
		_exit(EXIT_SUCCESS);
}

bool
script_agenda_take(struct script_words *words)
{
	const struct frame *frame = &words->answer;
	unsigned int number;

	if (frame->count < 2)
		return false;
	number = (unsigned int)strtoul(frame->words[1], NULL, 10);
	if (strcmp(frame->words[0], "run") == 0 && number < words->bodies_count)
		run_body(words, number);
	else if (strcmp(frame->words[0], "check") == 0 && frame->count > 4)
		check_watch(words, frame);
	else
		return false;
	return true;
}

/*
 * The text is at its end; what it has begun in the background goes on until it
 * is done, then what is still watched is looked at for the last time.
 */
int
script_agenda_finish(struct script_words *words)
{
	struct doing doing = { .interp = words->interp, .words = words };
	const char *finish[] = { "finish", doing.line };
	int result;

	(void)snprintf(doing.line, sizeof doing.line, "%u", words->last_line);
	result = doing_ask(&doing, 2, finish);
	while (result == TCL_OK && words->watches != NULL) {
		remake(&doing, words, words->watches);
		words->is_ending = true;
		result = strcmp(doing.argv[0], "never") == 0
		    ? script_never(&doing)
		    : script_expect(&doing);
		forget_watch(&words->watches);
	}
	return result;
}
