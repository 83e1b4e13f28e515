/*
 * script_condition: whether a condition can be asked of its subject.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/noun.h"
#include "sim/reporting.h"
#include "sim/script_internal.h"
#include "sim/upgrade_condition.h"
#include "switch/nearest.h"
#include "switch/object.h"

static bool
is_comparison(const Tcl_Token *token)
{
	static const char *const signs[] = { "==", "!=", "<", ">", "<=", ">=" };
	unsigned int i;

	if (token->type != TCL_TOKEN_OPERATOR)
		return false;
	for (i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if ((size_t)token->size == strlen(signs[i]) &&
		    strncmp(token->start, signs[i], (size_t)token->size) == 0)
			return true;
	return false;
}

/* The name of the variable that a token is, into `name`. */
static bool
variable_name(const Tcl_Token *token, char name[WORD_MAX])
{
	if (token->type != TCL_TOKEN_VARIABLE || token[1].size >= WORD_MAX)
		return false;
	memcpy(name, token[1].start, (size_t)token[1].size);
	name[token[1].size] = '\0';
	return true;
}

/* `$tone == "dial"` compares as numbers where it can: "1.10" is "1.1" then. */
static void
check_operands(
    struct check *check, const struct noun *noun, const Tcl_Token *operator)
{
	const Tcl_Token *operand = operator+ 1;
	char name[WORD_MAX];
	int i;

	for (i = 0; i < 2; i++) {
		if (variable_name(operand + 1, name) &&
		    word_is_in(name, noun->texts))
			check_mistake(check, operand->start,
			    "'%s' of %s is a text: "
			    "compare it with eq, ne or in, not with %.*s",
			    name, noun->name, operator->size, operator->start);
		operand += operand->numComponents + 1;
	}
}

static void
check_variable(struct check *check, const struct noun *noun,
    const Tcl_Token *token, const char *name)
{
	char columns[1024], nearest[NEAREST_WORD_MAX + 1];
	bool is_column =
	    word_is_in(name, noun->texts) || word_is_in(name, noun->numbers);

	if (is_column && check_is_learnt(&check->variables, name))
		check_mistake(check, token->start,
		    "'%s' is a column of %s and a "
		    "variable of this scenario: give the variable another "
		    "name",
		    name, noun->name);
	if (is_column || check_is_learnt(&check->variables, name) ||
	    strncmp(name, "::", 2) == 0)
		return;
	(void)snprintf(columns, sizeof columns, "%s%s%s", noun->texts,
	    *noun->texts != '\0' && *noun->numbers != '\0' ? " " : "",
	    noun->numbers);
	if (nearest_word(name, columns, nearest, sizeof nearest))
		check_mistake(check, token->start,
		    "'%s' has no column '%s', did "
		    "you mean '%s'?",
		    noun->name, name, nearest);
	else
		check_mistake(check, token->start,
		    "'%s' has no column '%s', it "
		    "has: %s",
		    noun->name, name, columns);
}

void
check_condition(
    struct check *check, const struct noun *noun, const Tcl_Token *word)
{
	const Tcl_Token *token, *end;
	char name[WORD_MAX];
	const char *start;
	size_t length;
	Tcl_Parse parse;

	if (noun == NULL || check->is_learning ||
	    !check_literal(word, &start, &length) ||
	    Tcl_ParseExpr(NULL, start, (int)length, &parse) != TCL_OK)
		return;
	end = parse.tokenPtr + parse.numTokens;
	for (token = parse.tokenPtr; token < end; token++) {
		if (is_comparison(token))
			check_operands(check, noun, token);
		if (variable_name(token, name))
			check_variable(check, noun, token, name);
	}
	Tcl_FreeParse(&parse);
}

/* A condition that the switch itself will ask: all of it must be what it can.
 */
typedef int asks_f(const char *asker, const char *text, char *why, size_t size);

static void
check_asked(struct check *check, const struct cut *cut, unsigned int i,
    asks_f *asks, const char *asker)
{
	const char *start;
	char *text, why[TEXT_MAX];
	size_t length;

	if (check->is_learning ||
	    !check_literal(cut->words[i], &start, &length))
		return;
	text = object_alloc(length + 1);
	if (text == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	memcpy(text, start, length);
	if (asks(asker, text, why, sizeof why) != 0)
		check_mistake(check, cut->words[i]->start, "%s: %s",
		    cut->literals[0], why);
	object_free(text, length + 1);
}

void
check_upgrade_condition(
    struct check *check, const struct cut *cut, unsigned int i)
{
	check_asked(
	    check, cut, i, upgrade_condition_check, cut->literals[i - 1]);
}

void
check_report_condition(struct check *check, const struct cut *cut,
    const char *report, unsigned int i)
{
	check_asked(check, cut, i, reporting_check, report);
}

void
script_mentions(
    const char *condition, const char *columns, char *mentioned, size_t size)
{
	const Tcl_Token *token, *end;
	char name[WORD_MAX];
	size_t length = 0;
	Tcl_Parse parse;

	mentioned[0] = '\0';
	if (Tcl_ParseExpr(NULL, condition, -1, &parse) != TCL_OK)
		return;
	end = parse.tokenPtr + parse.numTokens;
	for (token = parse.tokenPtr; token < end; token++) {
		if (!variable_name(token, name) || !word_is_in(name, columns) ||
		    length + strlen(name) + 2 > size)
			continue;
		length += (size_t)snprintf(mentioned + length, size - length,
		    "%s%s", length == 0 ? "" : " ", name);
	}
	Tcl_FreeParse(&parse);
}
