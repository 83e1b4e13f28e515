/*
 * script_condition: whether a condition can be asked of its subject.
 */
#include "sim/script_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cause.h"
#include "sim/column_words.h"
#include "sim/noun.h"
#include "sim/reporting.h"
#include "sim/script_internal.h"
#include "sim/upgrade_condition.h"
#include "sim/window.h"
#include "switch/nearest.h"
#include "switch/object.h"

/* Whether a token is an operator, and one of these. */
static bool
is_operator(const Tcl_Token *token, const char *signs)
{
	char sign[WORD_MAX];

	if (token->type != TCL_TOKEN_OPERATOR)
		return false;
	(void)snprintf(sign, sizeof sign, "%.*s", token->size, token->start);
	return word_is_in(sign, signs);
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

/* Each word of a literal: one beside eq and ne, several beside in and ni. */
static void
check_words(struct check *check, const Tcl_Token *literal, const char *column,
    const char *known)
{
	const char *at = literal->start, *end = at + literal->size;
	char word[WORD_MAX], nearest[NEAREST_WORD_MAX + 1];
	size_t length;

	for (; at < end; at += length + 1) {
		length = 0;
		while (at + length < end && !isspace((unsigned char)at[length]))
			length++;
		(void)snprintf(word, sizeof word, "%.*s", (int)length, at);
		if (length == 0 || word_is_in(word, known))
			continue;
		if (nearest_word(word, known, nearest, sizeof nearest))
			check_mistake(check, at,
			    "'%s' is never '%.40s', did you mean '%s'?", column,
			    word, nearest);
		else
			check_mistake(check, at,
			    "'%s' is never '%.40s', it is one of: %s", column,
			    word, known);
	}
}

/* `$tone eq "dail"` would never be so. */
static void
check_texts(
    struct check *check, const struct noun *noun, const Tcl_Token *operator)
{
	const Tcl_Token *one = operator+ 1;
	const Tcl_Token *other = one + one->numComponents + 1;
	char name[WORD_MAX], words[COLUMN_WORDS_SIZE];

	if (variable_name(other + 1, name))
		other = one;
	else if (!variable_name(one + 1, name))
		return;
	if (other[1].type == TCL_TOKEN_TEXT && other->numComponents == 1 &&
	    column_words(noun, name, words))
		check_words(check, other + 1, name, words);
}

/* `$cause == 12` would never be so: Q.850 has none of that number. */
static void
check_cause(struct check *check, const Tcl_Token *operator)
{
	const Tcl_Token *one = operator+ 1;
	const Tcl_Token *other = one + one->numComponents + 1;
	char name[WORD_MAX], *end, number[WORD_MAX];
	unsigned long cause;

	if (variable_name(other + 1, name))
		other = one;
	else if (!variable_name(one + 1, name))
		return;
	if (strcmp(name, "cause") != 0 || other[1].type != TCL_TOKEN_TEXT ||
	    other->numComponents != 1 || other[1].size >= WORD_MAX)
		return;
	(void)snprintf(
	    number, sizeof number, "%.*s", other[1].size, other[1].start);
	cause = strtoul(number, &end, 10);
	if (*end == '\0' && end != number && cause != 0 && !cause_is(cause))
		check_mistake(check, other->start,
		    "'%s' is not a cause of Q.850: 'cause' is never that",
		    number);
}

static void
check_variable(struct check *check, const struct noun *noun,
    const Tcl_Token *token, const char *name)
{
	char columns[1024], nearest[NEAREST_WORD_MAX + 1];
	bool is_column =
	    word_is_in(name, noun->texts) || word_is_in(name, noun->numbers);

	if (is_column && check_is_learnt(check, TABLE_variables, name))
		check_mistake(check, token->start,
		    "'%s' is a column of %s and a "
		    "variable of this scenario: give the variable another "
		    "name",
		    name, noun->name);
	if (is_column || check->is_open[TABLE_variables] ||
	    check_is_learnt(check, TABLE_variables, name) ||
	    strncmp(name, "::", 2) == 0 || check_is_enough(check))
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
		if (is_operator(token, "== != < > <= >="))
			check_operands(check, noun, token);
		if (is_operator(token, "== !="))
			check_cause(check, token);
		if (is_operator(token, "eq ne in ni"))
			check_texts(check, noun, token);
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

/* `noun`: its name. */
static int
asks_of_noun(const char *noun, const char *text, char *why, size_t size)
{
	return question_check(noun_find(noun), text, why, size);
}

void
check_switch_condition(struct check *check, const struct cut *cut,
    const struct arguments *arguments, unsigned int i)
{
	const bool is_search = strcmp(arguments->command->name, "search") == 0;

	if (is_search || arguments->noun != NULL)
		check_asked(check, cut, i, asks_of_noun,
		    is_search ? "traffic" : arguments->noun->name);
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
