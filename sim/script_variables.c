/*
 * script_variables: the variables that a scenario's text sets, and those that
 * it uses though nothing sets them.
 *
 * A name that is set anywhere is known everywhere: which of the commands that
 * set it are done, and in which procedure, is not looked at.  Where one is made
 * at run time, any may be.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>

#include "sim/noun.h"
#include "switch/nearest.h"

/* A global one has them in front of its name, or not. */
static const char *
without_colons(const char *name)
{
	return name + (strncmp(name, "::", 2) == 0 ? 2 : 0);
}

/* Of an element of an array the name of the array. */
static void
learn(struct check *check, const char *text)
{
	char name[WORD_MAX];

	(void)snprintf(
	    name, sizeof name, "%.*s", (int)strcspn(text, "("), text);
	check_learn(check, TABLE_variables, without_colons(name));
}

/* The name of a parameter, which may have a value to begin with. */
static void
learn_parameter(struct check *check, const char *parameter)
{
	const char **words;
	int count;

	if (Tcl_SplitList(NULL, parameter, &count, &words) != TCL_OK)
		return;
	if (count > 0)
		learn(check, words[0]);
	Tcl_Free((char *)words);
}

static void
learn_each(struct check *check, const char *list,
    void (*learns)(struct check *check, const char *name))
{
	const char **names;
	int count, i;

	if (list == NULL) {
		check_learn(check, TABLE_variables, NULL);
		return;
	}
	if (Tcl_SplitList(NULL, list, &count, &names) != TCL_OK)
		return;
	for (i = 0; i < count; i++)
		learns(check, names[i]);
	Tcl_Free((char *)names);
}

/* "a b" of a foreach makes two variables. */
void
check_learn_variables(struct check *check, const char *names)
{
	learn_each(check, names, learn);
}

void
check_learn_parameters(struct check *check, const char *parameters)
{
	learn_each(check, parameters, learn_parameter);
}

/* Of `set who($n)` the name of the array; one that is not known may be any. */
void
check_learn_variable(struct check *check, const struct cut *cut, unsigned int i)
{
	const Tcl_Token *part = cut->words[i] + 1;
	char name[WORD_MAX];
	int length;

	if (cut->literals[i] != NULL) {
		learn(check, cut->literals[i]);
		return;
	}
	length = (int)strcspn(part->start, "(");
	if (part->type != TCL_TOKEN_TEXT || length >= part->size) {
		check_learn(check, TABLE_variables, NULL);
		return;
	}
	(void)snprintf(name, sizeof name, "%.*s", length, part->start);
	learn(check, name);
}

/* Commands whose words, from that place on, are names of variables. */
static const struct {
	const char *name, *second; /* "": any */
	unsigned int from, to;	   /* the last of them; 0: to the end */
} setters[] = {
	{ "array", "set", 2, 2 },
	{ "binary", "scan", 4, 0 },
	{ "dict", "append", 2, 2 },
	{ "dict", "incr", 2, 2 },
	{ "dict", "lappend", 2, 2 },
	{ "dict", "set", 2, 2 },
	{ "dict", "unset", 2, 2 },
	{ "global", "", 1, 0 },
	{ "info", "default", 4, 4 },
	{ "lassign", "", 2, 0 },
	{ "regexp", "", 1, 0 },
	{ "regsub", "", 4, 0 },
	{ "scan", "", 3, 0 },
	{ "upvar", "", 1, 0 },
	{ "variable", "", 1, 0 },
};

void
check_learn_set(struct check *check, const struct cut *cut)
{
	unsigned int i, n, to;

	/* What these set is not looked for. */
	if (word_is_in(cut->literals[0], "apply") ||
	    (cut_is_word(cut, 0, "namespace") &&
		cut_is_word(cut, 1, "upvar")) ||
	    (cut_is_word(cut, 0, "switch") &&
		(cut->count < 2 || cut->words[1]->start[0] == '-')))
		check_learn(check, TABLE_variables, NULL);
	for (n = 0; n < sizeof setters / sizeof setters[0]; n++) {
		if (!cut_is_word(cut, 0, setters[n].name) ||
		    (*setters[n].second != '\0' &&
			!cut_is_word(cut, 1, setters[n].second)))
			continue;
		to = setters[n].to == 0 ? cut->count - 1 : setters[n].to;
		for (i = setters[n].from; i <= to && i < cut->count; i++)
			check_learn_variable(check, cut, i);
	}
}

/* Those that Tcl itself has. */
static bool
is_own(const char *name)
{
	return strncmp(name, "tcl_", 4) == 0 ||
	    word_is_in(name, "errorInfo errorCode env");
}

bool
check_is_set(struct check *check, const char *name)
{
	name = without_colons(name);
	return check->is_open[TABLE_variables] || strstr(name, "::") != NULL ||
	    is_own(name) || check_is_learnt(check, TABLE_variables, name);
}

static void
check_variable(struct check *check, const Tcl_Token *token, bool may_be_columns)
{
	char name[WORD_MAX], words[KNOWN_MAX] = "";
	char nearest[NEAREST_WORD_MAX + 1];

	(void)snprintf(
	    name, sizeof name, "%.*s", token[1].size, token[1].start);
	if (check_is_set(check, name) || check_is_enough(check) ||
	    (may_be_columns && noun_has_column(name)))
		return;
	(void)check_append_names(check, TABLE_variables, words, 0);
	if (nearest_word(name, words, nearest, sizeof nearest))
		check_mistake(check, token->start,
		    "nothing here sets a variable '%.40s', did you mean '%s'?",
		    name, nearest);
	else
		check_mistake(check, token->start,
		    "nothing here sets a variable '%.40s'", name);
}

void
check_variables(
    struct check *check, const Tcl_Parse *parse, bool may_be_columns)
{
	const Tcl_Token *token = parse->tokenPtr;
	const Tcl_Token *end = token + parse->numTokens;

	for (; token < end; token++)
		if (token->type == TCL_TOKEN_VARIABLE)
			check_variable(
			    check, token, check->asks || may_be_columns);
}
