/*
 * nearest: whether a word is known, and which known one a mistyped one was
 * most likely meant to be.
 */
#ifndef SWITCH_NEAREST_H
#define SWITCH_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

enum { NEAREST_WORD_MAX = 63 }; /* bytes; a longer word is near to none */

/*
 * Copies to `ret_nearest` (size bytes, NEAREST_WORD_MAX + 1 fit all) the word
 * of `words`, which spaces separate, that takes the fewest edits to become
 * `word`; among equals the first.  false, and nothing copied, when none is
 * near enough to be worth a suggestion.
 */
bool nearest_word(
    const char *word, const char *words, char *ret_nearest, size_t size);

/* Whether `word` is one of `words`, which single spaces separate. */
bool word_is_in(const char *word, const char *words);

#endif
