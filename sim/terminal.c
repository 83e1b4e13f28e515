/*
 * terminal: see terminal.h for what it is.
 */
#include "sim/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
terminal_is(int descriptor)
{
	return isatty(descriptor) == 1;
}

bool
terminal_is_coloured(int descriptor)
{
	const char *no_colour = getenv("NO_COLOR"); /* no-color.org */
	const char *kind = getenv("TERM");

	return terminal_is(descriptor) &&
	    (no_colour == NULL || no_colour[0] == '\0') &&
	    (kind == NULL || strcmp(kind, "dumb") != 0);
}
