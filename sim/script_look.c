/*
 * script_look: `expect` and `never`: what is asked of a subject.
 *
 * The switch says how the subject is, this process whether that is what was
 * wanted.  A condition is evaluated in a namespace of its own that holds the
 * subject's columns, so that they hide globals of the same name and outlive
 * nothing.  Time passes between one look and the next; where none may, in the
 * body of an `at`, and for a `never` without an end, the subject is watched by
 * the agenda instead.
 *
 * A failed expectation is no Tcl error: `catch` cannot hide it, and the run
 * goes on to its verdict.
 */
#include "sim/script_doing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/noun.h"
#include "sim/script.h"
#include "switch/nearest.h"

enum { COLUMNS_MAX = 1024 };

#define SCOPE "::condition"

static int
report_failure(struct doing *doing, const char *text)
{
	const char *words[] = { "failure", doing->line, text };

	return doing_ask(doing, 3, words);
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
		(void)doing_fail(doing, why);
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

/* The columns that it is about, and its state as "=STATE". */
static void
find_mentions(const struct doing *doing, char *mentioned, size_t size)
{
	const struct arguments *arguments = &doing->arguments;
	char columns[COLUMNS_MAX];

	mentioned[0] = '\0';
	(void)snprintf(columns, sizeof columns, "%s %s", arguments->noun->texts,
	    arguments->noun->numbers);
	if (arguments->condition != NULL)
		script_mentions(arguments->condition, columns, mentioned, size);
	if (arguments->state != NULL)
		(void)append(
		    mentioned, size, strlen(mentioned), " =", arguments->state);
}

static int
report(struct doing *doing, const struct frame *seen)
{
	char mentioned[COLUMNS_MAX], text[2 * COLUMNS_MAX];

	find_mentions(doing, mentioned, sizeof mentioned);
	describe(doing, seen, mentioned, text, sizeof text);
	return report_failure(doing, text);
}

/* Whether `seen` says enough; what is wrong with it is told. */
static int
judge(struct doing *doing, const struct frame *seen, bool *ret_goes_on)
{
	const bool is_never = strcmp(doing->argv[0], "never") == 0;
	int holds = is_so(doing, seen);

	*ret_goes_on = false;
	if (holds < 0)
		return TCL_ERROR;
	if (holds == 0 && strcmp(seen->words[1], "more") == 0)
		*ret_goes_on = true;
	else if ((holds == 1) == is_never)
		return report(doing, seen);
	return TCL_OK;
}

int
script_look_again(
    struct doing *doing, const struct frame *seen, bool *ret_goes_on)
{
	return judge(doing, seen, ret_goes_on);
}

/* look|arm LINE MODE DUR COLUMNS SUBJECT KEY... */
static int
ask_for(struct doing *doing, const char *kind, const char *duration,
    const char *mentioned)
{
	const struct arguments *arguments = &doing->arguments;
	const char *words[8] = { kind, doing->line, doing->argv[0], duration,
		mentioned, arguments->noun->name, arguments->key,
		arguments->second_key };

	return doing_ask(doing, 6 + noun_keys(arguments->noun), words);
}

/* Left to the agenda, unless it is settled already. */
static int
watch_later(struct doing *doing, const char *duration, const char *mentioned)
{
	const struct frame *seen = &doing->words->answer;
	const bool is_never = strcmp(doing->argv[0], "never") == 0;
	const char *condition = doing->arguments.condition;
	int holds = is_so(doing, seen);

	if (holds < 0)
		return TCL_ERROR;
	if (holds == 1)
		return is_never ? report(doing, seen) : TCL_OK;
	/* In brackets it may be about anything. */
	if (condition != NULL && strchr(condition, '[') != NULL)
		mentioned = "";
	if (ask_for(doing, "arm", duration, mentioned) != TCL_OK)
		return TCL_ERROR;
	return script_keep_watch(
	    doing, (unsigned int)strtoul(seen->words[1], NULL, 10));
}

/* Asks how the subject is, and then at each change of it, till it is told. */
static int
observe(struct doing *doing, const char *duration, bool is_later)
{
	const struct frame *seen = &doing->words->answer;
	const char *watch[] = { "watch", doing->line };
	char mentioned[COLUMNS_MAX];
	bool goes_on = true;
	int result;

	find_mentions(doing, mentioned, sizeof mentioned);
	result = ask_for(doing, "look", is_later ? "" : duration, mentioned);
	if (result == TCL_OK && is_later)
		return watch_later(doing, duration, mentioned);
	while (result == TCL_OK) {
		result = judge(doing, seen, &goes_on);
		if (result != TCL_OK || !goes_on)
			break;
		result = doing_ask(doing, 2, watch);
	}
	return result;
}

int
script_expect(struct doing *doing)
{
	const char *within = arguments_option(&doing->arguments, "-within");

	if (within == NULL || doing->words->is_ending)
		return observe(doing, "", false);
	return observe(doing, within, doing->words->depth > 0);
}

int
script_never(struct doing *doing)
{
	const char *during = arguments_option(&doing->arguments, "-for");

	if (doing->words->is_ending)
		return observe(doing, "", false);
	if (during == NULL)
		return observe(doing, "", true);
	return observe(doing, during, doing->words->depth > 0);
}
