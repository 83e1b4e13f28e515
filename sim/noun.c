/*
 * noun: see noun.h for what it is.
 *
 * Only the words; what the columns hold at an instant is subject.c's.
 */
#include "sim/noun.h"

#include <string.h>

#include "switch/nearest.h"

const struct noun *
noun_at(enum noun_number number)
{
	static const struct noun nouns[] = {
#define NOUN(noun, keys, states, texts, numbers)                               \
	{ NOUN_##noun, #noun, keys, states, texts, numbers },
#include "sim/noun.def"
#undef NOUN
	};

	return &nouns[number];
}

const struct noun *
noun_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < NOUNS_COUNT; i++)
		if (strcmp(noun_at((enum noun_number)i)->name, name) == 0)
			return noun_at((enum noun_number)i);
	return NULL;
}

bool
noun_has_column(const char *name)
{
	const struct noun *noun;
	unsigned int i;

	for (i = 0; i < NOUNS_COUNT; i++) {
		noun = noun_at((enum noun_number)i);
		if (word_is_in(name, noun->texts) ||
		    word_is_in(name, noun->numbers))
			return true;
	}
	return false;
}

unsigned int
noun_keys(const struct noun *noun)
{
	if (noun->keys[0] == '\0')
		return 0;
	return strchr(noun->keys, ' ') == NULL ? 1 : 2;
}
