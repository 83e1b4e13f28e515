/*
 * usage: a usage line of command.def, made sense of; and the types in it.
 *
 * Private to command.c, its reader.
 */
#ifndef SIM_USAGE_H
#define SIM_USAGE_H

#include <stdbool.h>

#include "sim/command.h"

enum { SLOT_TEXT_MAX = 32 };

struct slot {
	char option[SLOT_TEXT_MAX];    /* with its dash; "" if positional */
	char words[4 * SLOT_TEXT_MAX]; /* of WORDS, separated by | */
	enum argument_type type;
	bool is_optional, is_repeated, is_flag;
};

struct form {
	struct slot positional[COMMAND_SLOTS_MAX], options[COMMAND_SLOTS_MAX];
	unsigned int positional_count, options_count;
};

/* Reads a usage line, which is ours and right. */
void usage_read(struct form *form, const char *usage);

/* Whether a word is of a type, and what a person is told if it is not. */
bool argument_is(enum argument_type type, const char *word);
const char *argument_text(enum argument_type type);
const char *argument_name(enum argument_type type); /* as usages have it */

/*
 * What is wrong with a word that is not of its type, where that is known more
 * closely; `next` is the word behind it, or NULL.
 */
bool argument_hint(enum argument_type type, const char *word, const char *next,
    char *text, size_t size);

/* Of a list of kinds of faults, from the first that is none; or its end. */
const char *argument_stranger(const char *list);

/* The words of types that are lists, separated by spaces; else NULL. */
const char *argument_words(enum argument_type type);

#endif
