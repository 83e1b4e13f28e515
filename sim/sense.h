/*
 * sense: whether the words of a command, each of which is right by itself, make
 * sense together.
 */
#ifndef SIM_SENSE_H
#define SIM_SENSE_H

#include <stdbool.h>
#include <stddef.h>

struct arguments;
struct command_words;

/*
 * false, with one clause in `why` that says what to write, and in
 * arguments->wrong the word it is about.  What is not known yet fits.
 */
bool sense_made(struct arguments *arguments, const struct command_words *words,
    char *why, size_t size);

#endif
