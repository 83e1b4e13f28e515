/*
 * screen: where a report is printed for people, and what fits there.
 */
#ifndef CALLS_DATABASE_SCREEN_H
#define CALLS_DATABASE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct screen {
	unsigned int
	    width; /* characters; 0: no terminal, as many as there are */
	bool is_coloured;
};

/*
 * How wide the terminal behind `out` is: what COLUMNS says, else what it says
 * itself, else 80.
 */
unsigned int screen_columns(FILE *out);

/* How many columns a text takes, in UTF-8, as screen_print() prints it. */
unsigned int screen_width(const char *text);

/* At most `length` bytes; a blank for each thing that would steer a terminal.
 */
void screen_print(FILE *out, const char *text, size_t length);

/*
 * In lines of `width` at most, 80 for 0, broken at blanks, behind `indent` of
 * them; a line that the text ends itself it ends too.
 */
void screen_wrap(
    FILE *out, const char *text, unsigned int width, unsigned int indent);

#endif
