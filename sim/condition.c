/*
 * condition: see condition.h for what it is.
 *
 * Invariants
 *
 * 1. Evaluating takes no memory, no lock and a bounded number of steps: it is
 *    done on any scheduler, in the slice of an upgrade and on each birth.
 * 2. All operands of && || ?: are evaluated.  Nothing has an effect, and what
 *    has no answer, as a division by 0, is not known and no error: so that
 *    differs from Tcl's way in nothing that can be seen.
 * 3. Whole numbers are whole as in Tcl: / and % round down.  Where Tcl would go
 *    on with more than 64 bits, this goes on with a double.
 */
#include "sim/condition_internal.h"

#include <math.h>
#include <string.h>

#include "switch/object.h"

struct condition_value
condition_integer(uint64_t number)
{
	if (number > INT64_MAX)
		return condition_real((double)number);
	return (struct condition_value){ .type = CONDITION_INTEGER,
		.integer = (int64_t)number };
}

struct condition_value
condition_real(double number)
{
	return (
	    struct condition_value){ .type = CONDITION_REAL, .real = number };
}

struct condition_value
condition_text(const char *text)
{
	return (struct condition_value){ .type = CONDITION_TEXT, .text = text };
}

static struct condition_value
unknown(void)
{
	return condition_real((double)NAN);
}

static struct condition_value
truth(bool is_so)
{
	return (struct condition_value){ .type = CONDITION_INTEGER,
		.integer = is_so };
}

static double
real_of(const struct condition_value *value)
{
	return value->type == CONDITION_INTEGER ? (double)value->integer
						: value->real;
}

static bool
is_known(const struct condition_value *value)
{
	return value->type == CONDITION_INTEGER || !isnan(value->real);
}

static bool
is_true(const struct condition_value *value)
{
	return value->type == CONDITION_INTEGER
	    ? value->integer != 0
	    : !isnan(value->real) && fpclassify(value->real) != FP_ZERO;
}

/*--------------------------------------------------------------------
 * Operators
 */

/* Rounded down, and the rest has the divisor's sign. */
static struct condition_value
divide_whole(enum condition_do what, int64_t a, int64_t b)
{
	int64_t quotient, rest;

	if (b == 0)
		return unknown();
	if (b == -1) /* INT64_MIN / -1 traps */
		return what == DO_REMAINDER ? condition_integer(0)
		    : a == INT64_MIN
		    ? condition_real(-(double)a)
		    : (struct condition_value){ .type = CONDITION_INTEGER,
			      .integer = -a };
	quotient = a / b;
	rest = a % b;
	if (rest != 0 && (rest < 0) != (b < 0)) {
		quotient--;
		rest += b;
	}
	return (struct condition_value){ .type = CONDITION_INTEGER,
		.integer = what == DO_REMAINDER ? rest : quotient };
}

static struct condition_value
calculate_real(enum condition_do what, double a, double b)
{
	if (what == DO_ADD)
		return condition_real(a + b);
	if (what == DO_SUBTRACT)
		return condition_real(a - b);
	if (what == DO_MULTIPLY)
		return condition_real(a * b);
	/* Of what is not whole there is no remainder. */
	return what == DO_DIVIDE ? condition_real(a / b) : unknown();
}

static struct condition_value
calculate(enum condition_do what, const struct condition_value *one,
    const struct condition_value *other)
{
	int64_t a = one->integer, b = other->integer, result;
	bool is_over;

	if (one->type != CONDITION_INTEGER || other->type != CONDITION_INTEGER)
		return calculate_real(what, real_of(one), real_of(other));
	if (what == DO_DIVIDE || what == DO_REMAINDER)
		return divide_whole(what, a, b);
	if (what == DO_ADD)
		is_over = __builtin_add_overflow(a, b, &result);
	else if (what == DO_SUBTRACT)
		is_over = __builtin_sub_overflow(a, b, &result);
	else
		is_over = __builtin_mul_overflow(a, b, &result);
	if (is_over)
		return calculate_real(what, (double)a, (double)b);
	return (struct condition_value){ .type = CONDITION_INTEGER,
		.integer = result };
}

/* Exact: a long double holds every int64_t and every double. */
static long double
exact(const struct condition_value *value)
{
	return value->type == CONDITION_INTEGER ? (long double)value->integer
						: (long double)value->real;
}

static struct condition_value
compare(enum condition_do what, const struct condition_value *one,
    const struct condition_value *other)
{
	/* In the order of DO_LESS to DO_UNEQUAL: for less, equal, more. */
	static const bool answers[][3] = { { true, false, false },
		{ false, false, true }, { true, true, false },
		{ false, true, true }, { false, true, false },
		{ true, false, true } };
	long double a, b;

	if (!is_known(one) || !is_known(other))
		return truth(false);
	a = exact(one);
	b = exact(other);
	return truth(answers[what - DO_LESS][1 + (a > b) - (a < b)]);
}

static struct condition_value
compare_texts(enum condition_do what, const struct condition_value *one,
    const struct condition_value *other)
{
	if (one->text == NULL || other->text == NULL)
		return truth(false);
	return truth(
	    (strcmp(one->text, other->text) == 0) == (what == DO_SAME));
}

/* `other` is a list: its words in `text`, how many in the step before. */
static struct condition_value
look_among(enum condition_do what, const struct condition_value *one,
    const struct condition_step *list)
{
	const char *word = list->text;
	bool is_among = false;
	unsigned int i;

	if (one->text == NULL)
		return truth(false);
	for (i = 0; i < list->number && !is_among; i++) {
		is_among = strcmp(one->text, word) == 0;
		word += strlen(word) + 1;
	}
	return truth(is_among == (what == DO_AMONG));
}

static struct condition_value
turn(enum condition_do what, const struct condition_value *value)
{
	if (!is_known(value))
		return unknown();
	if (what == DO_NOT)
		return truth(!is_true(value));
	if (what == DO_PLUS)
		return *value;
	if (value->type == CONDITION_INTEGER && value->integer != INT64_MIN)
		return (struct condition_value){ .type = CONDITION_INTEGER,
			.integer = -value->integer };
	return condition_real(-real_of(value));
}

/* `top` is the last operand; what comes of it takes the place of the first. */
static struct condition_value *
apply(const struct condition_step *step, struct condition_value *top)
{
	switch (step->what) {
	case DO_NOT:
	case DO_NEGATE:
	case DO_PLUS:
		*top = turn(step->what, top);
		return top;
	case DO_MULTIPLY:
	case DO_DIVIDE:
	case DO_REMAINDER:
	case DO_ADD:
	case DO_SUBTRACT:
		top[-1] = calculate(step->what, top - 1, top);
		return top - 1;
	case DO_LESS:
	case DO_GREATER:
	case DO_LESS_EQUAL:
	case DO_GREATER_EQUAL:
	case DO_EQUAL:
	case DO_UNEQUAL:
		top[-1] = compare(step->what, top - 1, top);
		return top - 1;
	case DO_SAME:
	case DO_DIFFERENT:
		top[-1] = compare_texts(step->what, top - 1, top);
		return top - 1;
	case DO_AMONG:
	case DO_NOT_AMONG: /* the list is the step before this one */
		top[-1] = look_among(step->what, top - 1, step - 1);
		return top - 1;
	case DO_AND:
		top[-1] = truth(is_true(top - 1) && is_true(top));
		return top - 1;
	case DO_OR:
		top[-1] = truth(is_true(top - 1) || is_true(top));
		return top - 1;
	case DO_CHOOSE:
		top[-2] = is_true(top - 2) ? top[-1] : top[0];
		return top - 2;
	case DO_NUMBER:
	case DO_TEXT:
	case DO_LIST:
	case DO_COLUMN:
		break;
	}
	return top;
}

/*--------------------------------------------------------------------
 * What others ask
 */

unsigned int
condition_columns_count(const struct condition *condition)
{
	CHECK_OBJ(condition, CONDITION_MAGIC);
	return condition->columns;
}

bool
condition_mentions(const struct condition *condition, unsigned int column)
{
	const struct condition_step *step, *end;

	CHECK_OBJ(condition, CONDITION_MAGIC);
	end = condition->steps + condition->count;
	for (step = condition->steps; step < end; step++)
		if (step->what == DO_COLUMN && step->number == column)
			return true;
	return false;
}

bool
condition_holds(
    const struct condition *condition, const struct condition_value *values)
{
	struct condition_value stack[CONDITION_DEPTH_MAX + 1] = { 0 },
							   *top = stack;
	const struct condition_step *step, *end;

	CHECK_OBJ(condition, CONDITION_MAGIC);
	end = condition->steps + condition->count;
	for (step = condition->steps; step < end; step++) {
		if (step->what == DO_COLUMN)
			*++top = values[step->number];
		else if (step->what == DO_NUMBER)
			*++top = step->value;
		else if (step->what == DO_TEXT || step->what == DO_LIST)
			*++top = condition_text(step->text);
		else
			top = apply(step, top);
	}
	return is_true(top);
}

void
condition_free(struct condition **conditionp)
{
	struct condition *condition = *conditionp;

	if (condition == NULL)
		return;
	CHECK_OBJ(condition, CONDITION_MAGIC);
	object_free(condition, condition->size);
	*conditionp = NULL;
}
