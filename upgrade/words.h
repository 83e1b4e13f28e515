/*
 * words: texts in the tables of a module that are words divided by spaces.
 *
 * "IDLE BUSY RINGING": how many spaces there are between two does not matter,
 * since lists made by a macro begin or end with one.  NULL is no word.
 */
#ifndef UPGRADE_WORDS_H
#define UPGRADE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The word at or after *cursor, which is moved behind it; NULL at the end. */
const char *words_next(const char **cursor, size_t *ret_length);

unsigned int words_count(const char *words);

/* Word `n` into text: false if there are not so many. */
bool words_at(const char *words, unsigned int n, char *text, size_t size);

/* The number of `word`, or -1. */
int words_find(const char *words, const char *word);

/* Whether both are the same words in the same order. */
bool words_are_equal(const char *one, const char *other);

#endif
