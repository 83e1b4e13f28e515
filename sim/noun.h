/*
 * noun: the kinds of thing that a scenario can ask about, from noun.def.
 */
#ifndef SIM_NOUN_H
#define SIM_NOUN_H

#include <stdbool.h>

enum { NOUN_KEYS_MAX = 2 };

enum noun_number {
#define NOUN(noun, keys, states, texts, numbers) NOUN_##noun,
#include "sim/noun.def"
#undef NOUN
	NOUNS_COUNT
};

struct noun {
	enum noun_number number;
	const char *name, *keys, *states, *texts, *numbers;
};

/* NULL if there is none of that name. */
const struct noun *noun_find(const char *name);
const struct noun *noun_at(enum noun_number number);

/* Whether any of them has a column of that name. */
bool noun_has_column(const char *name);

/* How many words follow it: 0 to NOUN_KEYS_MAX. */
unsigned int noun_keys(const struct noun *noun);

#endif
