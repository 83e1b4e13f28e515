/*
 * script_shape: where Tcl's own commands have bodies, and what variables
 * they make.
 *
 * Only as much of Tcl as is needed to look into every body of a scenario.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>

#include "sim/script_internal.h"
#include "switch/nearest.h"

/*
 * Where Tcl's own commands have bodies: B a body, E an expression, N the name
 * of a variable, V a list of them, L the last word a body, S likewise but only
 * where it is in braces (more words make one script when it runs), a dot
 * anything.
 */
static const struct {
	const char *name, *pattern;
} shapes[] = {
	{ "append", "N" },
	{ "catch", "BNN" },
	{ "eval", "S" },
	{ "expr", "E" },
	{ "for", "BEBB" },
	{ "foreach", "VL" },
	{ "incr", "N" },
	{ "lappend", "N" },
	{ "lmap", "VL" },
	{ "lset", "N" },
	{ "proc", "..B" },
	{ "set", "N" },
	{ "uplevel", "S" },
	{ "while", "EB" },
};

/* A script that is made when it runs may make commands. */
static bool
makes_procs(const struct cut *cut)
{
	const Tcl_Token *last = cut->words[cut->count - 1];
	const char *first = cut->words[1]->start;

	return last->start[0] != '{' &&
	    memmem(first, (size_t)(last->start + last->size - first), "proc",
		4) != NULL;
}

static void
follow_shape(struct check *check, const struct cut *cut, const char *pattern)
{
	unsigned int i;

	for (i = 1; i < cut->count && *pattern != '\0'; i++) {
		if (*pattern == 'N')
			check_learn_variable(check, cut, i);
		else if (*pattern == 'V')
			check_learn_variables(check, cut->literals[i]);
		else if (*pattern == 'B')
			check_add_body(check, cut->words[i], PIECE_SCRIPT);
		else if (*pattern == 'E' && cut->words[i]->start[0] == '{')
			check_add_body(check, cut->words[i], PIECE_EXPRESSION);
		else if (*pattern == 'L' || *pattern == 'S')
			break;
		pattern++;
	}
	if (cut->is_open || cut->count < 2)
		return;
	if (*pattern == 'S' && makes_procs(cut))
		check_learn(check, TABLE_procs, NULL);
	if (*pattern == 'S' && cut->words[cut->count - 1]->start[0] != '{')
		check_learn(check, TABLE_variables, NULL);
	for (; *pattern == 'L' && i + 2 < cut->count; i += 2)
		check_learn_variables(check, cut->literals[i + 1]);
	if (*pattern == 'L' ||
	    (*pattern == 'S' && cut->words[cut->count - 1]->start[0] == '{'))
		check_add_body(check, cut->words[cut->count - 1], PIECE_SCRIPT);
}

/* if COND ?then? BODY ?elseif COND ?then? BODY?... ??else? BODY? */
static void
follow_if(struct check *check, const struct cut *cut)
{
	unsigned int i = 1;

	while (i < cut->count) {
		if (cut->words[i]->start[0] == '{')
			check_add_body(check, cut->words[i], PIECE_EXPRESSION);
		i++;
		i += cut_is_word(cut, i, "then");
		if (i < cut->count)
			check_add_body(check, cut->words[i++], PIECE_SCRIPT);
		if (!cut_is_word(cut, i, "elseif"))
			break;
		i++;
	}
	i += cut_is_word(cut, i, "else");
	if (i < cut->count)
		check_add_body(check, cut->words[i], PIECE_SCRIPT);
}

/* try BODY ?on|trap CODE VARIABLES BODY?... ?finally BODY? */
static void
follow_try(struct check *check, const struct cut *cut)
{
	unsigned int i = 2;

	if (cut->count > 1)
		check_add_body(check, cut->words[1], PIECE_SCRIPT);
	while (i < cut->count) {
		if (cut_is_word(cut, i, "finally")) {
			i += 1;
		} else {
			if (i + 2 < cut->count)
				check_learn_variables(
				    check, cut->literals[i + 2]);
			i += 3;
		}
		if (i < cut->count)
			check_add_body(check, cut->words[i++], PIECE_SCRIPT);
	}
}

/* namespace eval NAME BODY; dict for|map|with|update ... BODY */
static void
follow_ensemble(struct check *check, const struct cut *cut)
{
	if (cut_is_word(cut, 0, "namespace") &&
	    (cut_is_word(cut, 1, "ensemble") || cut_is_word(cut, 1, "import") ||
		cut_is_word(cut, 1, "path")))
		check_learn(check, TABLE_procs, NULL);
	if (cut->count < 4 || cut->literals[1] == NULL || cut->is_open)
		return;
	if (strcmp(cut->literals[0], "namespace") == 0
		? strcmp(cut->literals[1], "eval") != 0
		: !word_is_in(cut->literals[1], "for map with update"))
		return;
	if (cut->words[cut->count - 1]->start[0] != '{') {
		/* Its words make one script when it runs. */
		check_learn(check, TABLE_variables, NULL);
		return;
	}
	if (cut_is_word(cut, 0, "dict"))
		check_learn_variables(check, cut->literals[2]);
	if (word_is_in(cut->literals[1], "with update")) /* of the keys */
		check_learn(check, TABLE_variables, NULL);
	check_add_body(check, cut->words[cut->count - 1], PIECE_SCRIPT);
}

/* PATTERN BODY PATTERN BODY ... in one word: cut as if they were commands. */
static void
follow_patterns(struct check *check, const char *start, size_t length)
{
	const char *at = start, *end = start + length;
	const Tcl_Token *token;
	unsigned int count = 0;
	Tcl_Parse parse;
	int i;

	while (at < end &&
	    Tcl_ParseCommand(NULL, at, (int)(end - at), 0, &parse) == TCL_OK) {
		token = parse.tokenPtr;
		for (i = 0; i < parse.numWords; i++, count++) {
			if (count % 2 == 1 && token->start[0] == '{')
				check_add_body(check, token, PIECE_SCRIPT);
			token += token->numComponents + 1;
		}
		at = parse.commandStart + parse.commandSize;
		Tcl_FreeParse(&parse);
	}
}

/* switch ?OPTION...? STRING {PATTERN BODY ...}, or each a word of its own */
static void
follow_switch(struct check *check, const struct cut *cut)
{
	unsigned int i = 1;
	const char *start;
	size_t length;

	while (i < cut->count && cut->words[i]->start[0] == '-' &&
	    !cut_is_word(cut, i, "--"))
		i++;
	i += cut_is_word(cut, i, "--");
	i++; /* the string */
	if (i + 1 == cut->count &&
	    check_literal(cut->words[i], &start, &length))
		follow_patterns(check, start, length);
	for (i++; i < cut->count; i += 2)
		if (cut->words[i]->start[0] == '{')
			check_add_body(check, cut->words[i], PIECE_SCRIPT);
}

/* Those of its own namespace call it without the names in front. */
static void
learn_proc(struct check *check, const char *name)
{
	const char *inner = name, *next;

	while ((next = strstr(inner, "::")) != NULL)
		inner = next + 2;
	check_learn(check, TABLE_procs, name);
	check_learn(check, TABLE_procs, inner);
}

static void
follow_proc(struct check *check, const struct cut *cut)
{
	const char *name = cut->literals[1];

	check_learn_parameters(check, cut->literals[2]);
	if (name == NULL) {
		check_learn(check, TABLE_procs, NULL);
		return;
	}
	name += strncmp(name, "::", 2) == 0 ? 2 : 0;
	learn_proc(check, name);
	if (strchr(name, '(') != NULL)
		check_mistake(check, cut->words[1]->start,
		    "proc: its words stand in braces behind its name, as in "
		    "proc talk {from to} {...}");
	else if (command_find(name) != NULL)
		check_mistake(check, cut->words[1]->start,
		    "proc: '%s' is a command "
		    "of the language and cannot be made anew",
		    name);
	else if (word_is_in(name, script_allowed))
		check_mistake(check, cut->words[1]->start,
		    "proc: '%s' is a command "
		    "of Tcl and cannot be made anew",
		    name);
}

/* Bodies and variables of a command of Tcl's own. */
void
check_follow(struct check *check, const struct cut *cut)
{
	const char *name = cut->literals[0];
	unsigned int i;

	if (strcmp(name, "proc") == 0)
		follow_proc(check, cut);
	if (strcmp(name, "if") == 0)
		follow_if(check, cut);
	else if (strcmp(name, "try") == 0)
		follow_try(check, cut);
	else if (strcmp(name, "switch") == 0)
		follow_switch(check, cut);
	else if (word_is_in(name, "namespace dict"))
		follow_ensemble(check, cut);
	check_learn_set(check, cut);
	for (i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		if (strcmp(shapes[i].name, name) == 0)
			follow_shape(check, cut, shapes[i].pattern);
}
