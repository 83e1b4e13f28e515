/*
 * script_error: the line at which an error arose that nothing caught.
 *
 * A command of ours knows its own line.  Of the others Tcl tells a trace, from
 * the inside out: lines within bodies, up to the procedure that they are in,
 * whose text is looked for, or up to the file.
 *
 *   can't read "x": no such variable
 *       while executing
 *   "set y $x"
 *       ("foreach" body line 2)
 *       invoked from within
 *   ...
 *       (procedure "f" line 7)
 */
#include "sim/script_internal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tcl.h>

#include "sim/part.h"

enum { NAME_SIZE = 128 };

/* Where a text makes a procedure of that name; 0: nowhere. */
static unsigned int
find_procedure(struct parts *parts, const char *name)
{
	char text[NAME_SIZE + 8];
	const char *at;
	unsigned int i;

	(void)snprintf(text, sizeof text, "proc %s ", name);
	for (i = 0; i < parts->count; i++) {
		at = strstr(parts->part[i].text, text);
		if (at != NULL)
			return parts_line(parts, at);
	}
	return 0;
}

/* A line of the trace as `(... line 7)`: 7, and what is in front of it. */
static bool
read_level(const char *at, size_t length, unsigned int *ret_line,
    char name[NAME_SIZE], bool *ret_is_procedure)
{
	const char *number = memmem(at, length, " line ", 6);
	const char *quote;

	if (length < 5 || strncmp(at, "    (", 5) != 0 || number == NULL)
		return false;
	*ret_line = (unsigned int)strtoul(number + 6, NULL, 10);
	*ret_is_procedure = strncmp(at + 5, "procedure \"", 11) == 0;
	quote = *ret_is_procedure ? at + 16 : at + 5;
	(void)snprintf(name, NAME_SIZE, "%.*s",
	    (int)strcspn(quote, *ret_is_procedure ? "\"" : " "), quote);
	return *ret_line > 0;
}

/* The innermost line that the trace can say; 0: none. */
static unsigned int
line_of_trace(struct script_words *words, const char *trace)
{
	unsigned int within = 0, line, base;
	bool is_procedure;
	char name[NAME_SIZE];
	size_t length;

	for (; *trace != '\0'; trace += length + (trace[length] == '\n')) {
		length = strcspn(trace, "\n");
		if (!read_level(trace, length, &line, name, &is_procedure))
			continue;
		if (is_procedure) {
			base = find_procedure(words->parts,
			    name + (strncmp(name, "::", 2) == 0 ? 2 : 0));
			return base == 0 ? 0 : base + line - 1 + within;
		}
		if (strcmp(name, "file") == 0)
			return within == 0 ? 0 : line + within;
		within += line - 1;
	}
	return 0;
}

unsigned int
script_error_line(struct script_words *words)
{
	Tcl_Interp *interp = words->interp;
	const char *text = Tcl_GetStringResult(interp);
	const char *trace = Tcl_GetVar(interp, "::errorInfo", 0);
	unsigned int line = 0;

	if (words->error_line > 0 &&
	    strncmp(text, words->error_text, sizeof words->error_text - 1) == 0)
		return words->error_line;
	if (trace != NULL)
		line = line_of_trace(words, trace);
	if (line > 0)
		return line;
	return (words->body_line == 0 ? 0 : words->body_line - 1) +
	    (unsigned int)Tcl_GetErrorLine(interp);
}
