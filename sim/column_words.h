/*
 * column_words: the texts that a column of a subject can have, and the keys of
 * one, where they are few and known.
 */
#ifndef SIM_COLUMN_WORDS_H
#define SIM_COLUMN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct noun;

enum { COLUMN_WORDS_SIZE = 320 };

/* Separated by spaces; false: any text is possible.  "" always is. */
bool column_words(
    const struct noun *noun, const char *column, char words[COLUMN_WORDS_SIZE]);

/* The keys that a noun can have, where they are few and known; or NULL. */
const char *key_words(const struct noun *noun);

#endif
