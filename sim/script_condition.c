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

/* Columns from 0 to 1. */
static const char shares[] = "asr abr ner blocking time_congestion";

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

/* Of `$tone` a text is no answer to a question. */
static void
check_truth(
    struct check *check, const struct noun *noun, const Tcl_Token *operand)
{
	char name[WORD_MAX];

	if (operand->numComponents == operand[1].numComponents + 1 &&
	    variable_name(operand + 1, name) && word_is_in(name, noun->texts))
		check_mistake(check, operand->start,
		    "'%s' of %s is a text, neither true nor false: ask which, "
		    "as in {$%s eq \"...\"}",
		    name, noun->name, name);
}

/* `$cause eq "busy"`: 17 is meant. */
static void
refuse_text(
    struct check *check, const char *where, const char *name, const char *text)
{
	const uint64_t cause =
	    strcmp(name, "cause") == 0 ? cause_find(text) : 0;

	if (cause != 0)
		check_mistake(check, where,
		    "'cause' is a number, '%.40s' is none: %s is {$cause == "
		    "%u}",
		    text, cause_name(cause), (unsigned int)cause);
	else
		check_mistake(check, where, "'%s' is a number, '%.40s' is none",
		    name, text);
}

/* What a column of numbers can never be, or is not meant to be. */
static void
check_number(
    struct check *check, const char *where, const char *name, const char *text)
{
	const char *micro = strstr(name, "_micro");
	char *end;
	double number = strtod(text, &end);

	if (*end != '\0' || end == text)
		refuse_text(check, where, name, text);
	else if (strcmp(name, "cause") == 0 && number > 0 &&
	    !cause_is((uint64_t)number))
		check_mistake(check, where,
		    "'%s' is not a cause of Q.850: 'cause' is never that",
		    text);
	else if (micro != NULL && strchr(text, '.') != NULL)
		check_mistake(check, where,
		    "'%s' counts millionths: %s is %.0f there", name, text,
		    number * 1e6);
	else if (number > 1 && word_is_in(name, shares))
		check_mistake(check, where,
		    "'%s' is a share from 0 to 1: %s%% is %g there", name, text,
		    number / 100);
}

/* A column of numbers beside what is written there. */
static void
check_numbers(
    struct check *check, const struct noun *noun, const Tcl_Token *operator)
{
	const Tcl_Token *one = operator+ 1;
	const Tcl_Token *other = one + one->numComponents + 1;
	char name[WORD_MAX], text[WORD_MAX];

	if (variable_name(other + 1, name))
		other = one;
	else if (!variable_name(one + 1, name))
		return;
	if (!word_is_in(name, noun->numbers) ||
	    other[1].type != TCL_TOKEN_TEXT || other->numComponents != 1 ||
	    other[1].size >= WORD_MAX)
		return;
	(void)snprintf(
	    text, sizeof text, "%.*s", other[1].size, other[1].start);
	check_number(check, other->start, name, text);
}

/* What must be true: the whole, and what && || ! join. */
static void
check_truths(struct check *check, const struct noun *noun,
    const Tcl_Token *first, const Tcl_Token *end)
{
	const Tcl_Token *token;

	check_truth(check, noun, first);
	for (token = first; token < end; token++) {
		if (!is_operator(token, "&& || !"))
			continue;
		check_truth(check, noun, token + 1);
		if (!is_operator(token, "!"))
			check_truth(
			    check, noun, token + 2 + token[1].numComponents);
	}
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
	if (is_column || check_is_set(check, name) || check_is_enough(check))
		return;
	if (strncmp(name, "::", 2) == 0) {
		check_mistake(check, token->start,
		    "nothing here sets a variable '%s'", name);
		return;
	}
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
	check_truths(check, noun, parse.tokenPtr, end);
	for (token = parse.tokenPtr; token < end; token++) {
		if (is_operator(token, "== != < > <= >="))
			check_operands(check, noun, token);
		if (is_operator(token, "== != < > <= >= eq ne"))
			check_numbers(check, noun, token);
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
