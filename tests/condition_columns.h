/*
 * condition_columns: columns of each type, for conditions to be held against
 * what Tcl itself says of them.
 */
#ifndef TESTS_CONDITION_COLUMNS_H
#define TESTS_CONDITION_COLUMNS_H

#include "sim/condition.h"

enum { CALLING, CLASS, CALLS, CRASHES, ASR, OLD_ASR, COLUMNS };

static const struct condition_columns columns = { "calling class",
	"calls crashes asr old_asr" };
/* The same, as a scenario would see them. */
static const char *const words[COLUMNS] = { "0010", "ordinary", "7", "-3",
	"0.25", "0.5" };

static inline void
fill(struct condition_value *values)
{
	values[CALLING] = condition_text(words[CALLING]);
	values[CLASS] = condition_text(words[CLASS]);
	values[CALLS] = condition_integer(7);
	values[CRASHES] = (struct condition_value){ .type = CONDITION_INTEGER,
		.integer = -3 };
	values[ASR] = condition_real(0.25);
	values[OLD_ASR] = condition_real(0.5);
}

#endif
