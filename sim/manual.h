/*
 * manual: the language of scenarios, explained to a person.
 *
 * Everything here comes from command.def, operation.def,
 * noun.def and the types of words, so
 * that what is explained is what is held against.
 */
#ifndef SIM_MANUAL_H
#define SIM_MANUAL_H

#include <stddef.h>
#include <stdio.h>

/* Each command with its arguments. */
void manual_commands(FILE *out);
/* Those that only a running switch knows. */
void manual_operations(FILE *out);

/*
 * One command or noun, and each kind of word that its usage has.  -ENOENT with
 * one clause in `why`: there is none of that name.
 */
int manual_word(FILE *out, const char *word, char *why, size_t size);

/* All of it, as Markdown. */
void manual_language(FILE *out);

#endif
