/*
 * condition: a COND of the language as the switch itself can ask it.
 *
 * An expression of Tcl over columns, compiled once and then evaluated without
 * Tcl: `upgrade -only` is asked for every live call and every birth.  It has
 * numbers, texts, columns, parentheses and the operators of CONDITION_
 * OPERATORS; they mean what they mean in Tcl.  Commands, functions and
 * variables of the scenario are refused: they live in another process.
 *
 * What is not known (a share of no call at all, the number dialled of a call
 * that begins) fulfils no comparison, neither == nor !=; alone it is false.
 */
#ifndef SIM_CONDITION_H
#define SIM_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct condition;

/* Names with single spaces between; a column's number is its place, the texts
 * first. */
struct condition_columns {
	const char *texts, *numbers;
};

enum condition_type { CONDITION_INTEGER, CONDITION_REAL, CONDITION_TEXT };

struct condition_value {
	enum condition_type type;
	union {
		int64_t integer;
		double real;	  /* NaN: not known */
		const char *text; /* NULL: not known */
	};
};

struct condition_value condition_integer(uint64_t number);
struct condition_value condition_real(double number);
struct condition_value condition_text(const char *text);

/*
 * 0; -EINVAL with one clause in `why` that says what is wrong and what to
 * write; -ENOMEM likewise.
 */
int condition_compile(struct condition **ret_condition, const char *text,
    const struct condition_columns *columns, char *why, size_t size);

/* How many columns there are, and whether it asks for that one. */
unsigned int condition_columns_count(const struct condition *condition);
bool condition_mentions(const struct condition *condition, unsigned int column);

/* `values` of all columns; those that it does not mention may be anything. */
bool condition_holds(
    const struct condition *condition, const struct condition_value *values);

void condition_free(struct condition **conditionp);

#endif
