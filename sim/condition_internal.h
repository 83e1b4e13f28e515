/*
 * Private to sim/condition*.c: a compiled condition.
 *
 * Steps in postfix order, over a stack of values.  condition_compile.c reads
 * the text, condition_step.c makes the steps and has proved that each finds
 * operands of its kinds and that one number is left; condition.c does them.
 */
#ifndef SIM_CONDITION_INTERNAL_H
#define SIM_CONDITION_INTERNAL_H

#include "sim/condition.h"

enum { CONDITION_STEPS_MAX = 192, CONDITION_DEPTH_MAX = 32 };

/* X(symbol, text, precedence, operands): those of Tcl, and its precedence */
/* clang-format off */
#define CONDITION_OPERATORS(X)                                                 \
	X(NOT, "!", 10, 1)                                                     \
	X(NEGATE, "-", 10, 1)                                                  \
	X(PLUS, "+", 10, 1)                                                    \
	X(MULTIPLY, "*", 8, 2)                                                 \
	X(DIVIDE, "/", 8, 2)                                                   \
	X(REMAINDER, "%", 8, 2)                                                \
	X(ADD, "+", 7, 2)                                                      \
	X(SUBTRACT, "-", 7, 2)                                                 \
	X(LESS, "<", 6, 2)                                                     \
	X(GREATER, ">", 6, 2)                                                  \
	X(LESS_EQUAL, "<=", 6, 2)                                              \
	X(GREATER_EQUAL, ">=", 6, 2)                                           \
	X(EQUAL, "==", 5, 2)                                                   \
	X(UNEQUAL, "!=", 5, 2)                                                 \
	X(SAME, "eq", 5, 2)                                                    \
	X(DIFFERENT, "ne", 5, 2)                                               \
	X(AMONG, "in", 5, 2)                                                   \
	X(NOT_AMONG, "ni", 5, 2)                                               \
	X(AND, "&&", 4, 2)                                                     \
	X(OR, "||", 3, 2)                                                      \
	X(CHOOSE, ":", 2, 3)
/* clang-format on */
#define CONDITION_OPERATOR_ENUM(symbol, text, precedence, operands) DO_##symbol,
enum condition_do {
	CONDITION_OPERATORS(CONDITION_OPERATOR_ENUM) DO_NUMBER,
	DO_TEXT,
	DO_LIST,
	DO_COLUMN
};
#undef CONDITION_OPERATOR_ENUM

struct condition_step {
	enum condition_do what;
	unsigned int number;	      /* a column's; how many are in a list */
	struct condition_value value; /* of DO_NUMBER */
	const char *text; /* of DO_TEXT; of a list, each with a NUL behind */
};

struct condition {
	unsigned int magic;
#define CONDITION_MAGIC 0x7c0d1712
	unsigned int columns;
	unsigned int count;
	size_t size; /* of all of this */
	struct condition_step steps[];
	/* behind them the texts */
};

/*--------------------------------------------------------------------
 * While it is compiled
 */

/* Of what is wrong, how much is shown. */
enum { CONDITION_SHOWN = 40 };

/* A literal is what its place makes of it. */
enum condition_kind { KIND_NUMBER, KIND_TEXT, KIND_LITERAL };

struct condition_operand {
	enum condition_kind kind;
	unsigned int step; /* of a literal, or a column */
};

struct condition_draft {
	const char *at; /* in the text: what is to be read next */
	const struct condition_columns *columns;
	struct condition_step steps[CONDITION_STEPS_MAX];
	unsigned int count;
	struct condition_operand operands[CONDITION_DEPTH_MAX];
	unsigned int depth;
	int waiting[CONDITION_DEPTH_MAX]; /* operators */
	unsigned int waits;
	bool has_operand; /* just now: an operator may follow */
	char *texts;	  /* of literals */
	size_t used;
	char *why;
	size_t size;
};

extern const struct condition_operator {
	const char *text;
	int precedence;
	unsigned int operands;
} condition_operators[];

/* Always -EINVAL. */
__attribute__((format(printf, 2, 3))) int condition_refuse(
    struct condition_draft *draft, const char *format, ...);

/* 0, or -EINVAL by condition_refuse(). */
int condition_add_step(struct condition_draft *draft,
    const struct condition_step *step, enum condition_kind kind);
/* The operator that waits last takes its operands. */
int condition_reduce(struct condition_draft *draft);
/* What is left stands where the operator `what` would have a number. */
int condition_want_number(struct condition_draft *draft,
    struct condition_operand *operand, enum condition_do what);

/* 0 or 1 of true yes on false no off; -1 of others. */
int condition_truth_of(const char *text);
/* As Tcl reads it, but for blanks, signs, Inf and NaN. */
bool condition_read_number(const char *text, struct condition_value *ret_value);

#endif
