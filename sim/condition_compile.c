/*
 * condition_compile: the text of a condition is read, from left to right.
 *
 * By hand and not by Tcl_ParseExpr(), which needs an interpreter's process
 * around it: the switch has none.  What it reads is a part of Tcl's
 * expressions; test_condition.c holds the two against each other.
 *
 * Operators wait on a stack of their own till one that binds less follows
 * (Dijkstra's shunting yard); what they then become is condition_step.c's.
 */
#include "sim/condition_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/nearest.h"
#include "switch/object.h"

enum { WORD_MAX = 64, OPERATORS_COUNT = DO_CHOOSE + 1 };

/* What waits beside operators: a parenthesis, and a ? without its colon. */
enum { OPENED = DO_COLUMN + 1, QUESTION };

static const char known[] = "! - + * / % < > <= >= == != eq ne in ni && || ?:";

/*--------------------------------------------------------------------
 * Operators
 */

static int
wait(struct condition_draft *draft, int what)
{
	if (draft->waits == CONDITION_DEPTH_MAX)
		return condition_refuse(draft,
		    "it is nested too deep for the switch: write it shorter");
	draft->waiting[draft->waits++] = what;
	draft->has_operand = false;
	return 0;
}

/* Those that bind more than `precedence`, or as much. */
static int
reduce_above(struct condition_draft *draft, int precedence)
{
	int result = 0, last;

	while (result == 0 && draft->waits > 0) {
		last = draft->waiting[draft->waits - 1];
		if (last >= OPENED ||
		    condition_operators[last].precedence < precedence)
			break;
		result = condition_reduce(draft);
	}
	return result;
}

/* Up to a parenthesis or a question mark, which is taken off. */
static int
reduce_to(struct condition_draft *draft, int mark, const char *what)
{
	int result = reduce_above(draft, 0);

	if (result != 0)
		return result;
	if (draft->waits == 0 || draft->waiting[draft->waits - 1] != mark)
		return condition_refuse(draft, "%s", what);
	draft->waits--;
	return 0;
}

/* ( ) ? and the colon; -ENOENT it is none of these. */
static int
read_mark(struct condition_draft *draft, char mark)
{
	int result = -ENOENT;

	if (mark == '(' && !draft->has_operand)
		result = wait(draft, OPENED);
	else if (mark == ')' && draft->has_operand)
		result = reduce_to(draft, OPENED, "a ) has no ( before it");
	else if (mark == '?' && draft->has_operand) {
		/* To the right: a ? b : (c ? d : e). */
		result = reduce_above(
		    draft, condition_operators[DO_CHOOSE].precedence + 1);
		result = result == 0 ? wait(draft, QUESTION) : result;
	} else if (mark == ':' && draft->has_operand) {
		result = reduce_to(draft, QUESTION, "a : has no ? before it");
		result = result == 0 ? wait(draft, DO_CHOOSE) : result;
	}
	if (result == 0)
		draft->at++;
	return result;
}

/* The operator that begins here, the longest there is; or -1. */
static int
find_operator(const struct condition_draft *draft)
{
	bool is_prefix = !draft->has_operand;
	const char *at = draft->at;
	size_t length, longest = 0;
	int i, found = -1;

	for (i = 0; i < OPERATORS_COUNT; i++) {
		length = strlen(condition_operators[i].text);
		if (i == DO_CHOOSE || length <= longest ||
		    is_prefix != (condition_operators[i].operands == 1) ||
		    strncmp(at, condition_operators[i].text, length) != 0 ||
		    (isalpha((unsigned char)*at) &&
			isalnum((unsigned char)at[length])))
			continue;
		found = i;
		longest = length;
	}
	return found;
}

static int
read_operator(struct condition_draft *draft)
{
	int what = find_operator(draft), result = 0;

	if (what < 0)
		return -ENOENT;
	if (draft->has_operand)
		result =
		    reduce_above(draft, condition_operators[what].precedence);
	if (result != 0)
		return result;
	draft->at += strlen(condition_operators[what].text);
	return wait(draft, what);
}

/*--------------------------------------------------------------------
 * Operands
 */

/* The next `length` bytes as a literal; leaves what is behind to others. */
static int
add_literal(struct condition_draft *draft, const char *start, size_t length)
{
	struct condition_step step = { .what = DO_TEXT };
	char *text = draft->texts + draft->used;

	memcpy(text, start, length);
	text[length] = '\0';
	draft->used += length + 1;
	step.text = text;
	return condition_add_step(draft, &step, KIND_LITERAL);
}

/* The place of a name among others; -1 it is not there. */
static int
place_of(const char *names, const char *name)
{
	size_t length = strlen(name), other;
	int place = 0;

	for (; *names != '\0'; names += other + (names[other] == ' ')) {
		other = strcspn(names, " ");
		if (other == length && memcmp(names, name, length) == 0)
			return place;
		place++;
	}
	return -1;
}

static int
count_of(const char *names)
{
	int count = *names != '\0';

	for (; *names != '\0'; names++)
		count += *names == ' ' && names[1] != '\0';
	return count;
}

static int
add_column(struct condition_draft *draft, const char *name)
{
	const struct condition_columns *columns = draft->columns;
	int place = place_of(columns->texts, name);
	struct condition_step step = { .what = DO_COLUMN };
	char all[1024], nearest[NEAREST_WORD_MAX + 1];

	if (place >= 0) {
		step.number = (unsigned int)place;
		return condition_add_step(draft, &step, KIND_TEXT);
	}
	place = place_of(columns->numbers, name);
	if (place >= 0) {
		step.number = (unsigned int)(place + count_of(columns->texts));
		return condition_add_step(draft, &step, KIND_NUMBER);
	}
	(void)snprintf(all, sizeof all, "%s%s%s", columns->texts,
	    *columns->texts == '\0' || *columns->numbers == '\0' ? "" : " ",
	    columns->numbers);
	if (strchr(name, ':') == NULL &&
	    nearest_word(name, all, nearest, sizeof nearest))
		return condition_refuse(draft,
		    "there is no column '%s', did you mean '%s'?", name,
		    nearest);
	return condition_refuse(draft,
	    "there is no column '%s', there are: %s; of a variable write the "
	    "value, not the name",
	    name, all);
}

/* $name or ${name} */
static int
read_column(struct condition_draft *draft)
{
	const char *at = draft->at + 1;
	bool is_braced = *at == '{';
	char name[WORD_MAX];
	size_t length = 0;

	at += is_braced;
	while (isalnum((unsigned char)at[length]) || at[length] == '_' ||
	    at[length] == ':')
		length++;
	if (length == 0 || length >= sizeof name ||
	    (is_braced && at[length] != '}') ||
	    (!is_braced && at[length] == '('))
		return condition_refuse(draft,
		    "'%.*s' is no column: one is a $ and its name",
		    CONDITION_SHOWN, draft->at);
	memcpy(name, at, length);
	name[length] = '\0';
	draft->at = at + length + is_braced;
	return add_column(draft, name);
}

/* "text", in which Tcl would substitute */
static int
read_quoted(struct condition_draft *draft)
{
	const char *start = draft->at + 1;
	size_t length = strcspn(start, "\"$[\\");

	if (start[length] == '\0')
		return condition_refuse(draft, "a \" is missing at the end");
	if (start[length] != '"')
		return condition_refuse(draft,
		    "'%c' in a text asks for what the switch does not have: "
		    "write the text itself",
		    start[length]);
	draft->at = start + length + 1;
	return add_literal(draft, start, length);
}

/* {text}, with braces in pairs */
static int
read_braced(struct condition_draft *draft)
{
	const char *start = draft->at + 1, *at = start;
	unsigned int depth = 1;

	for (; *at != '\0'; at++) {
		depth += *at == '{';
		depth -= *at == '}';
		if (depth == 0 || *at == '\\')
			break;
	}
	if (*at == '\\')
		return condition_refuse(draft,
		    "a text in braces with a \\ in it: write it without");
	if (*at == '\0')
		return condition_refuse(draft, "a } is missing at the end");
	draft->at = at + 1;
	return add_literal(draft, start, (size_t)(at - start));
}

/* The - of 1e-3 is no operator. */
static bool
is_exponent_sign(const char *word, size_t at)
{
	return (word[at] == '+' || word[at] == '-') && at > 0 &&
	    (word[at - 1] == 'e' || word[at - 1] == 'E') &&
	    isdigit((unsigned char)word[0]) && word[1] != 'x';
}

/* Of a number, or of letters. */
static size_t
bare_length(const char *at)
{
	size_t length = 0;

	while (isalnum((unsigned char)at[length]) || at[length] == '.' ||
	    at[length] == '_' || is_exponent_sign(at, length))
		length++;
	return length;
}

static int
refuse_bare(struct condition_draft *draft, const char *word, bool is_called)
{
	if (is_called)
		return condition_refuse(draft,
		    "'%s' is a function: there are only the operators %s", word,
		    known);
	if (isdigit((unsigned char)word[0]))
		return condition_refuse(draft,
		    "'%s' is no number: columns are plain numbers, with the "
		    "unit in their name",
		    word);
	return condition_refuse(draft,
	    "'%s' is no word of a condition: a text wants quotes, as in "
	    "\"dial\"",
	    word);
}

/* A number, true or false; anything else wants quotes. */
static int
read_bare(struct condition_draft *draft)
{
	const char *at = draft->at;
	size_t length = bare_length(at);
	struct condition_value value;
	char word[WORD_MAX];

	if (length == 0 || length >= sizeof word)
		return condition_refuse(draft,
		    "'%.*s' is no operator that the switch knows: there are %s",
		    CONDITION_SHOWN, at, known);
	memcpy(word, at, length);
	word[length] = '\0';
	if (at[length] == '(' ||
	    (!condition_read_number(word, &value) &&
		condition_truth_of(word) < 0))
		return refuse_bare(draft, word, at[length] == '(');
	draft->at += length;
	return add_literal(draft, at, length);
}

static int
read_operand(struct condition_draft *draft)
{
	switch (*draft->at) {
	case '$':
		return read_column(draft);
	case '"':
		return read_quoted(draft);
	case '{':
		return read_braced(draft);
	case '[':
		return condition_refuse(draft,
		    "a command in brackets cannot be asked while calls are "
		    "upgraded: write its result");
	default:
		return read_bare(draft);
	}
}

/*--------------------------------------------------------------------
 * The whole
 */

static int
read_next(struct condition_draft *draft)
{
	int result = read_mark(draft, *draft->at);

	if (result == -ENOENT)
		result = read_operator(draft);
	if (result != -ENOENT)
		return result;
	if (!draft->has_operand)
		return read_operand(draft);
	if (*draft->at == '=' && draft->at[1] != '=')
		return condition_refuse(draft,
		    "'=' is no operator: write == for numbers, eq for texts");
	return condition_refuse(draft,
	    "an operator is missing before '%.*s': there are %s",
	    CONDITION_SHOWN, draft->at, known);
}

static int
refuse_end(struct condition_draft *draft)
{
	if (draft->waits == 0)
		return condition_refuse(draft, "it is empty");
	if (draft->waiting[draft->waits - 1] == DO_REMAINDER)
		return condition_refuse(draft,
		    "a share is a plain number here, as in 0.05 for 5%%");
	return condition_refuse(draft, "it ends where a value is missing");
}

static int
compile(struct condition_draft *draft)
{
	int result = 0;

	while (result == 0) {
		draft->at += strspn(draft->at, " \t\n\r");
		if (*draft->at == '\0')
			break;
		result = read_next(draft);
	}
	if (result == 0 && !draft->has_operand)
		return refuse_end(draft);
	if (result == 0)
		result = reduce_above(draft, 0);
	if (result == 0 && draft->waits > 0)
		return condition_refuse(draft,
		    draft->waiting[draft->waits - 1] == OPENED
			? "a ) is missing at the end"
			: "a ? has no : behind it");
	return result == 0
	    ? condition_want_number(draft, &draft->operands[0], DO_NOT)
	    : result;
}

/* Steps and texts into one piece of memory. */
static int
keep(struct condition_draft *draft, struct condition **ret_condition)
{
	size_t steps = draft->count * sizeof draft->steps[0];
	struct condition *condition;
	unsigned int i;
	char *texts;

	if (ALLOC_OBJ_EXTRA(condition, CONDITION_MAGIC, steps + draft->used) ==
	    NULL) {
		(void)condition_refuse(draft, "no memory is left");
		return -ENOMEM;
	}
	condition->size = sizeof *condition + steps + draft->used;
	condition->count = draft->count;
	condition->columns = (unsigned int)(count_of(draft->columns->texts) +
	    count_of(draft->columns->numbers));
	memcpy(condition->steps, draft->steps, steps);
	texts = (char *)&condition->steps[condition->count];
	memcpy(texts, draft->texts, draft->used);
	for (i = 0; i < condition->count; i++)
		if (condition->steps[i].text != NULL)
			condition->steps[i].text =
			    texts + (condition->steps[i].text - draft->texts);
	*ret_condition = condition;
	return 0;
}

int
condition_compile(struct condition **ret_condition, const char *text,
    const struct condition_columns *columns, char *why, size_t size)
{
	struct condition_draft *draft = object_alloc(sizeof *draft);
	/* A literal is never longer than what it is read from, and its NUL. */
	size_t room = 2 * strlen(text) + 1;
	int result;

	if (draft != NULL)
		draft->texts = object_alloc(room);
	if (draft == NULL || draft->texts == NULL) {
		(void)snprintf(why, size, "no memory is left");
		object_free(draft, sizeof *draft);
		return -ENOMEM;
	}
	draft->at = text;
	draft->columns = columns;
	draft->why = why;
	draft->size = size;
	result = compile(draft);
	if (result == 0)
		result = keep(draft, ret_condition);
	object_free(draft->texts, room);
	object_free(draft, sizeof *draft);
	return result;
}
