/*
 * Private to sim/subject*.c: what looking at a subject is made of.
 */
#ifndef SIM_SUBJECT_INTERNAL_H
#define SIM_SUBJECT_INTERNAL_H

#include "sim/condition.h"
#include "sim/noun.h"
#include "sim/scenario_internal.h"

/* One subject that is being looked at. */
struct look {
	struct scenario *scenario;
	const char *key, *second_key;
	struct columns *into;
};

/* One for each noun: 0, or what subject_refuse() says. */
typedef int look_f(const struct look *look);
#define NOUN(noun, keys, states, texts, numbers) look_f look_at_##noun;
#include "sim/noun.def"
#undef NOUN

/* One column more; and the state. */
__attribute__((format(printf, 3, 4))) void subject_add(
    struct columns *columns, const char *name, const char *format, ...);
void subject_add_number(
    struct columns *columns, const char *name, uint64_t number);
void subject_add_value(struct columns *columns, const char *name,
    const struct condition_value value);
void subject_set_state(struct columns *columns, const char *state);

/* There can be no such subject: -EINVAL. */
__attribute__((format(printf, 2, 3))) int subject_refuse(
    const struct look *look, const char *format, ...);

#endif
