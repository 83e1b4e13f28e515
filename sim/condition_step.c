/*
 * condition_step: what the words of a condition become, and whether they fit.
 *
 * For each value that would stand on the stack of an evaluation its kind is
 * known: so a text in the place of a number is found here, and evaluating has
 * nothing left to refuse.  A literal is both until an operator takes it.
 */
#include "sim/condition_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/clause.h"

const struct condition_operator condition_operators[] = {
#define OPERATOR(symbol, text, precedence, operands)                           \
	{ text, precedence, operands },
	CONDITION_OPERATORS(OPERATOR)
#undef OPERATOR
};

int
condition_refuse(struct condition_draft *draft, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(draft->why, draft->size, format, arguments);
	va_end(arguments);
	clause_tidy(draft->why);
	return -EINVAL;
}

/*--------------------------------------------------------------------
 * Steps, and the kinds of what they find
 */

int
condition_add_step(struct condition_draft *draft,
    const struct condition_step *step, enum condition_kind kind)
{
	if (draft->count == CONDITION_STEPS_MAX ||
	    draft->depth == CONDITION_DEPTH_MAX)
		return condition_refuse(
		    draft, "it is too long for the switch: write it shorter");
	draft->operands[draft->depth++] =
	    (struct condition_operand){ kind, draft->count };
	draft->steps[draft->count++] = *step;
	draft->has_operand = true;
	return 0;
}

/* true yes on, false no off: where a condition is asked for. */
int
condition_truth_of(const char *text)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on" };
	unsigned int i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(text, words[i]) == 0)
			return (int)(i % 2);
	return -1;
}

static bool
read_whole(const char *text, struct condition_value *ret_value)
{
	static const struct {
		const char *prefix;
		int base;
	} bases[] = { { "0x", 16 }, { "0X", 16 }, { "0b", 2 }, { "0o", 8 },
		{ "0", 8 }, { "", 10 } };
	unsigned int i = 0;
	char *end;

	while (strncmp(text, bases[i].prefix, strlen(bases[i].prefix)) != 0)
		i++;
	if (strcmp(text, "0") != 0)
		text += strlen(bases[i].prefix);
	errno = 0;
	ret_value->type = CONDITION_INTEGER;
	ret_value->integer = strtoll(text, &end, bases[i].base);
	return errno == 0 && isxdigit((unsigned char)*text) && *end == '\0';
}

/* As Tcl reads it, but for blanks, signs, Inf and NaN. */
bool
condition_read_number(const char *text, struct condition_value *ret_value)
{
	char *end;

	if (!isdigit((unsigned char)text[0]) &&
	    (text[0] != '.' || !isdigit((unsigned char)text[1])))
		return false;
	if (read_whole(text, ret_value))
		return true;
	if (strpbrk(text, ".eE") == NULL || strpbrk(text, "xX_") != NULL)
		return false;
	ret_value->type = CONDITION_REAL;
	ret_value->real = strtod(text, &end);
	return *end == '\0';
}

static bool
is_about_truth(enum condition_do what)
{
	return what == DO_NOT || what == DO_AND || what == DO_OR ||
	    what == DO_CHOOSE;
}

/* `what` has a text where it takes a number. */
static int
refuse_text(struct condition_draft *draft, const struct condition_step *step,
    enum condition_do what)
{
	bool is_bare = is_about_truth(what);
	const char *name = step->text, *names = draft->columns->texts;
	int length = CONDITION_SHOWN;
	unsigned int i;

	if (step->what == DO_COLUMN) {
		for (i = 0; i < step->number; i++)
			names += strcspn(names, " ") + 1;
		name = names;
		length = (int)strcspn(names, " ");
	}
	return condition_refuse(draft,
	    "'%.*s' is a text: compare it with eq, ne or in%s%s", length,
	    name == NULL ? "?:" : name, is_bare ? "" : ", not with ",
	    is_bare ? "" : condition_operators[what].text);
}

int
condition_want_number(struct condition_draft *draft,
    struct condition_operand *operand, enum condition_do what)
{
	struct condition_step *step = &draft->steps[operand->step];
	int truth;

	if (operand->kind == KIND_NUMBER)
		return 0;
	if (operand->kind == KIND_TEXT)
		return refuse_text(draft, step, what);
	truth = is_about_truth(what) ? condition_truth_of(step->text) : -1;
	if (truth >= 0)
		step->value = condition_integer((uint64_t)truth);
	else if (!condition_read_number(step->text, &step->value))
		return refuse_text(draft, step, what);
	step->what = DO_NUMBER;
	operand->kind = KIND_NUMBER;
	return 0;
}

static int
want_text(struct condition_draft *draft, struct condition_operand *operand,
    enum condition_do what)
{
	if (operand->kind == KIND_NUMBER)
		return condition_refuse(draft,
		    "'%s' compares texts: write == or != for numbers",
		    condition_operators[what].text);
	operand->kind = KIND_TEXT;
	return 0;
}

/* The words of a literal, each with a NUL behind it. */
static int
want_list(struct condition_draft *draft, struct condition_operand *operand)
{
	struct condition_step *step = &draft->steps[operand->step];
	char *from, *to;

	if (operand->kind != KIND_LITERAL ||
	    strpbrk(step->text, "{\"\\") != NULL)
		return condition_refuse(draft,
		    "behind 'in' and 'ni' stands a list of plain words in "
		    "braces, as in {1001 1002}");
	from = to = draft->texts + (step->text - draft->texts);
	step->what = DO_LIST;
	for (;;) {
		from += strspn(from, " \t\n");
		if (*from == '\0')
			return 0;
		while (*from != '\0' && !isspace((unsigned char)*from))
			*to++ = *from++;
		from += *from != '\0';
		*to++ = '\0';
		step->number++;
	}
}

/* Both branches of a choice become what one of them is. */
static int
want_alike(struct condition_draft *draft, struct condition_operand *one,
    struct condition_operand *other)
{
	bool is_text = one->kind == KIND_TEXT || other->kind == KIND_TEXT;
	int result;

	if (is_text && (one->kind == KIND_NUMBER || other->kind == KIND_NUMBER))
		return condition_refuse(draft,
		    "beside : stand a text and a number: write two of a kind");
	result = is_text ? want_text(draft, one, DO_CHOOSE)
			 : condition_want_number(draft, one, DO_CHOOSE);
	if (result != 0)
		return result;
	return is_text ? want_text(draft, other, DO_CHOOSE)
		       : condition_want_number(draft, other, DO_CHOOSE);
}

static int
check_kinds(struct condition_draft *draft, enum condition_do what,
    struct condition_operand *first)
{
	int result;

	if (what == DO_CHOOSE) {
		result = condition_want_number(draft, first, what);
		return result == 0 ? want_alike(draft, first + 1, first + 2)
				   : result;
	}
	if (what == DO_SAME || what == DO_DIFFERENT || what == DO_AMONG ||
	    what == DO_NOT_AMONG) {
		result = want_text(draft, first, what);
		if (result != 0)
			return result;
		return what == DO_SAME || what == DO_DIFFERENT
		    ? want_text(draft, first + 1, what)
		    : want_list(draft, first + 1);
	}
	result = condition_want_number(draft, first, what);
	return result == 0 && condition_operators[what].operands == 2
	    ? condition_want_number(draft, first + 1, what)
	    : result;
}

/* The operator that waits last takes its operands. */
int
condition_reduce(struct condition_draft *draft)
{
	enum condition_do what =
	    (enum condition_do)draft->waiting[--draft->waits];
	struct condition_step step = { .what = what };
	struct condition_operand *first;
	int result;

	draft->depth -= condition_operators[what].operands;
	first = &draft->operands[draft->depth];
	result = check_kinds(draft, what, first);
	if (result != 0)
		return result;
	return condition_add_step(
	    draft, &step, what == DO_CHOOSE ? first[1].kind : KIND_NUMBER);
}
