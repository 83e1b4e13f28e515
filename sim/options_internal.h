/*
 * Private to sim/options*.c.
 */
#ifndef SIM_OPTIONS_INTERNAL_H
#define SIM_OPTIONS_INTERNAL_H

#include "sim/options.h"

/* -EINVAL, and why. */
__attribute__((format(printf, 3, 4))) int options_refuse(
    char *why, size_t size, const char *format, ...);
/* "unknown WHAT 'WORD', did you mean 'NEAREST'?" */
int options_refuse_word(char *why, size_t size, const char *what,
    const char *word, const char *words);

/* The option of that letter, its value in `optarg`, of getopt_long(3). */
int options_value(struct options *options, int letter, const char *formats,
    char *why, size_t size);

#endif
