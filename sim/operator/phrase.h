/*
 * phrase: a command on one line, as words.
 *
 * Words are those of a Tcl list: divided by blanks, in {braces} as they
 * stand, in "quotes" or bare with a backslash before what would divide or end
 * them.  Nothing is substituted: `$` and `[` are characters like others.
 */
#ifndef SIM_OPERATOR_PHRASE_H
#define SIM_OPERATOR_PHRASE_H

#include <stddef.h>

/*
 * Cuts `line` in place; its words point into it.  How many there are, or
 * -EINVAL with one clause in `why`; -E2BIG more than `room`, likewise.
 */
int phrase_split(
    char *line, const char **words, unsigned int room, char *why, size_t size);

/*
 * `word` as it must stand on a line, into `text`; its length, or -E2BIG.
 */
int phrase_quote(const char *word, char *text, size_t size);

#endif
